//! The letter as HTML: one page that needs nothing else. No script, nothing fetched, its own styles inside.
//!
//! Everything that is not ours is escaped where it is written; there is no other way into the page than [`escape`].

use std::fmt::Write;

use crate::model::{Align, Annex, Block, Case, Composed, Inline, Line, Made, Mark, Run, Says, plain};

/// The styles of [`fragment`], for a page that carries it with a stylesheet of its own. All rules begin with `.letter`.
pub const STYLE: &str = include_str!("../templates/letter.css");
const PAGE_STYLE: &str = include_str!("../templates/page.css");

/// Text as it stands in HTML, also inside attributes in double quotes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Controls that HTML forbids; a reader would not see them either.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// The letter as one standalone page.
#[must_use]
pub fn html(letter: &Composed) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"generator\" content=\"Rapporteur\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        lang = escape(&letter.language),
        title = escape(&plain(&letter.title)),
        body = fragment(letter),
    )
}

/// The letter alone, `<article class="letter">…</article>`, for a page that has [`STYLE`].
#[must_use]
pub fn fragment(letter: &Composed) -> String {
    let mut out = format!("<article class=\"letter\" lang=\"{}\">\n", escape(&letter.language));
    head(&mut out, letter);
    blocks(&mut out, &letter.blocks);
    tail(&mut out, letter);
    if let Some(case_annex) = &letter.annex {
        annex(&mut out, case_annex);
    }
    notes(&mut out, letter);
    how(&mut out, letter);
    foot(&mut out, letter);
    out.push_str("</article>\n");
    out
}

fn head(out: &mut String, letter: &Composed) {
    if !letter.disclaimer.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"please\" role=\"note\"><strong>Please note.</strong> {}</p>",
            text(&letter.disclaimer)
        );
    }
    out.push_str("<header>\n");
    if !letter.from.is_empty() {
        let _ = writeln!(out, "<p class=\"from\">{}</p>", text(&letter.from));
    }
    let place = if letter.place.is_empty() { String::new() } else { format!("{}, ", text(&letter.place)) };
    let _ = writeln!(
        out,
        "<p class=\"dateline\">{place}<time datetime=\"{}\">{}</time></p>",
        escape(&letter.date),
        escape(&letter.date_words)
    );
    if !letter.to.is_empty() {
        out.push_str("<p class=\"label\" id=\"to\">To</p>\n<ul class=\"to\" aria-labelledby=\"to\">");
        for to in &letter.to {
            let _ = write!(out, "<li>{}</li>", text(to));
        }
        out.push_str("</ul>\n");
    }
    let _ = writeln!(out, "<h1>{}</h1>", text(&letter.title));
    if !letter.subject.is_empty() && letter.subject != letter.title {
        let _ = writeln!(out, "<p><strong>Subject:</strong> {}</p>", text(&letter.subject));
    }
    out.push_str("</header>\n");
    if !letter.salutation.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", text(&letter.salutation));
    }
}

fn tail(out: &mut String, letter: &Composed) {
    if !letter.closing.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", text(&letter.closing));
    }
    if !letter.signatories.is_empty() {
        out.push_str("<ul class=\"signed\" aria-label=\"Signatories\">\n");
        for name in &letter.signatories {
            let _ = writeln!(out, "<li>{}</li>", text(name));
        }
        out.push_str("</ul>\n");
    }
}

/// Runs, each in its language.
fn text(runs: &[Run]) -> String {
    runs.iter().fold(String::new(), |mut out, run| {
        let _ = match &run.lang {
            Some(lang) => write!(out, "<span lang=\"{}\">{}</span>", escape(lang), escape(&run.text)),
            None => write!(out, "{}", escape(&run.text)),
        };
        out
    })
}

fn line(inlines: &Line) -> String {
    inlines.iter().fold(String::new(), |mut out, inline| {
        let _ = match inline {
            Inline::Text { runs } => write!(out, "{}", text(runs)),
            Inline::Emphasis { children } => write!(out, "<em>{}</em>", line(children)),
            Inline::Strong { children } => write!(out, "<strong>{}</strong>", line(children)),
            Inline::Link { url, children } => write!(out, "<a href=\"{}\">{}</a>", escape(url), line(children)),
            Inline::Code { text } => write!(out, "<code>{}</code>", escape(text)),
            Inline::Break => write!(out, "<br>"),
            Inline::Notes { marks } => note_marks(&mut out, marks),
            Inline::Value { made, occurrence, runs, drafted } => {
                value(&mut out, made + 1, *occurrence, runs, drafted.as_deref())
            }
            Inline::Missing { reference } => {
                write!(out, "<span class=\"missing\">[not resolved: {}]</span>", escape(reference))
            }
        };
        out
    })
}

/// Marks side by side are parted by a comma that is read and copied, not drawn.
fn note_marks(out: &mut String, marks: &[Mark]) -> std::fmt::Result {
    for (place, Mark { number, occurrence }) in marks.iter().enumerate() {
        if place > 0 {
            out.push_str("<sup>,</sup>");
        }
        write!(
            out,
            "<sup id=\"note-{number}-from-{occurrence}\"><a href=\"#note-{number}\" role=\"doc-noteref\" \
             aria-label=\"Note {number}\">{number}</a></sup>"
        )?;
    }
    Ok(())
}

fn value(out: &mut String, made: usize, occurrence: usize, runs: &[Run], drafted: Option<&str>) -> std::fmt::Result {
    let link =
        format!("<a class=\"made\" id=\"made-{made}-from-{occurrence}\" href=\"#made-{made}\">{}</a>", text(runs));
    match drafted {
        None => write!(out, "{link}"),
        Some(drafted) => write!(
            out,
            "<mark class=\"changed\">{link}</mark> <span class=\"was\">[changed since the draft, which said {}]</span>",
            escape(drafted)
        ),
    }
}

fn blocks(out: &mut String, blocks_: &[Block]) {
    for block in blocks_ {
        match block {
            Block::Heading { level, inlines } => {
                let _ = writeln!(out, "<h{level}>{}</h{level}>", line(inlines));
            }
            Block::Paragraph { inlines } => {
                let _ = writeln!(out, "<p>{}</p>", line(inlines));
            }
            Block::List { start, tight, items } => list(out, *start, *tight, items),
            Block::Quote { blocks: inner } => {
                out.push_str("<blockquote>\n");
                blocks(out, inner);
                out.push_str("</blockquote>\n");
            }
            Block::Table { align, head, rows } => table(out, align, head, rows),
            Block::Code { text } => {
                let _ = writeln!(out, "<pre>{}</pre>", escape(text));
            }
            Block::Rule => out.push_str("<hr>\n"),
        }
    }
}

fn list(out: &mut String, start: Option<usize>, tight: bool, items: &[Vec<Block>]) {
    let tag = if start.is_some() { "ol" } else { "ul" };
    let _ = match start {
        Some(start) if start != 1 => writeln!(out, "<ol start=\"{start}\">"),
        _ => writeln!(out, "<{tag}>"),
    };
    for item in items {
        out.push_str("<li>");
        match item.as_slice() {
            [Block::Paragraph { inlines }, rest @ ..] if tight => {
                out.push_str(&line(inlines));
                blocks(out, rest);
            }
            all => blocks(out, all),
        }
        out.push_str("</li>\n");
    }
    let _ = writeln!(out, "</{tag}>");
}

fn table(out: &mut String, align: &[Align], head: &[Line], rows: &[Vec<Line>]) {
    let class = |column: usize| match align.get(column) {
        Some(Align::Right) => " class=\"right\"",
        Some(Align::Center) => " class=\"center\"",
        _ => "",
    };
    // A wide table scrolls by itself, also with the keyboard; the page does not.
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>\n<thead><tr>");
    for (column, cell) in head.iter().enumerate() {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(column), line(cell));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(column), line(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

fn annex(out: &mut String, annex: &Annex) {
    let _ = writeln!(
        out,
        "<section class=\"annex\" aria-labelledby=\"annex\">\n<h2 id=\"annex\">Annex: {}</h2>",
        text(&annex.title)
    );
    for (index, case) in annex.cases.iter().enumerate() {
        a_case(out, index + 1, case);
    }
    out.push_str("</section>\n");
}

fn a_case(out: &mut String, number: usize, case: &Case) {
    let _ = writeln!(
        out,
        "<section class=\"case\" aria-labelledby=\"case-{number}\">\n<h3 id=\"case-{number}\">{}</h3>",
        text(&case.title)
    );
    if !case.lines.is_empty() {
        out.push_str("<dl>\n");
        for entry in &case.lines {
            let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(&entry.label), line(&entry.value));
        }
        out.push_str("</dl>\n");
    }
    if !case.steps.is_empty() {
        let _ = write!(
            out,
            "<table aria-labelledby=\"case-{number}\">\n<thead><tr><th scope=\"col\">Date</th>\
             <th scope=\"col\">Step and outcome</th></tr></thead>\n<tbody>\n"
        );
        for step in &case.steps {
            let outcome: Vec<String> = step.outcome.iter().map(line).collect();
            let colon = if outcome.is_empty() { "" } else { ": " };
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td><strong>{}</strong>{colon}{}{}</td></tr>",
                escape(&step.date),
                text(&step.what),
                outcome.join("; "),
                line(&step.notes)
            );
        }
        out.push_str("</tbody></table>\n");
    }
    for account in &case.disagreements {
        let _ = writeln!(out, "<p class=\"differs\"><b>Another account:</b> {}</p>", line(account));
    }
    out.push_str("</section>\n");
}

fn notes(out: &mut String, letter: &Composed) {
    if letter.notes.is_empty() {
        return;
    }
    out.push_str("<section role=\"doc-endnotes\" aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ol class=\"notes\">\n");
    for (index, note) in letter.notes.iter().enumerate() {
        let number = index + 1;
        let _ = write!(out, "<li id=\"note-{number}\">{}.", says(&note.says));
        back(out, note.marks, |occurrence| {
            (
                format!("note-{number}-from-{occurrence}"),
                format!("Back to mark {occurrence} of note {number}"),
                " role=\"doc-backlink\"",
            )
        });
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n</section>\n");
}

/// Links back to where something is mentioned: numbered in the order of the text.
fn back(out: &mut String, places: usize, place: impl Fn(usize) -> (String, String, &'static str)) {
    out.push_str(" <span class=\"back\">↩");
    for occurrence in 1..=places {
        let (id, label, role) = place(occurrence);
        let _ = write!(out, " <a href=\"#{id}\"{role} aria-label=\"{}\">{occurrence}</a>", escape(&label));
    }
    out.push_str("</span>");
}

fn says(says: &Says) -> String {
    let with_pinpoint = |mut out: String, pinpoint: &Option<Vec<Run>>| {
        if let Some(pinpoint) = pinpoint {
            let _ = write!(out, ", {}", text(pinpoint));
        }
        out
    };
    match says {
        Says::Full { title, details, url, pinpoint } => {
            let mut out = format!("<cite>{}</cite>", text(title));
            if !details.is_empty() {
                let _ = write!(out, ", {}", text(details));
            }
            let mut out = with_pinpoint(out, pinpoint);
            if let Some(url) = url {
                let _ = write!(out, ", <a href=\"{0}\">{0}</a>", escape(url));
            }
            out
        }
        Says::Again { number, short, pinpoint } => {
            with_pinpoint(format!("See <a href=\"#note-{number}\">note {number}</a> above, {}", text(short)), pinpoint)
        }
        Says::Withheld => "A source that is not named in this publication".into(),
    }
}

fn how(out: &mut String, letter: &Composed) {
    if letter.made.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"how\">\n<h2 id=\"how\">How these numbers were made</h2>\n");
    for (index, made) in letter.made.iter().enumerate() {
        one_made(out, index + 1, made);
    }
    out.push_str("</section>\n");
}

fn one_made(out: &mut String, number: usize, made: &Made) {
    let _ = writeln!(
        out,
        "<div class=\"how\" id=\"made-{number}\">\n<h3>{} — {}</h3>\n<dl>",
        text(&made.words),
        text(&made.title)
    );
    for (label, value) in &made.lines {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(label), text(value));
    }
    out.push_str("</dl>\n");
    if let Some(drafted) = &made.drafted {
        let _ = writeln!(
            out,
            "<p><span class=\"changed\">Changed</span> since the draft, which said {}.</p>",
            escape(drafted)
        );
    }
    let words = plain(&made.words);
    back(out, made.occurrences, |occurrence| {
        (format!("made-{number}-from-{occurrence}"), format!("Back to mention {occurrence} of {words}"), "")
    });
    out.push_str("</div>\n");
}

fn foot(out: &mut String, letter: &Composed) {
    let recorded = letter.recorded.as_ref().map(|date| format!(" (recorded {})", escape(date))).unwrap_or_default();
    let _ = writeln!(
        out,
        "<footer><p>{}{recorded}. Digest of this letter: <span class=\"digest\">{}</span></p></footer>",
        escape(&letter.foot()),
        escape(&letter.digest)
    );
}
