//! How many were never recorded by anyone: estimated from how the lists overlap, with what must hold for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use estimates::{Estimate, MOST_LISTS, Method, Options, Pooled, Report, Stratified, Table, TableError};
use lists::Lists;
use serde_json::{Value, json};

use crate::Site;
use crate::ask::{Ask, Sent};
use crate::curve::{Curves, curves, whole};
use crate::draws::{self, DRAWS, drawn};
use crate::list_cache::{counting, lists_soon};
use crate::markup::{Words, thousands};
use crate::problem::Problem;
use crate::room::{Room, answer, data, html};
use crate::shell::{Nav, Shell};
use crate::strata::{self, By};

/// Methods that answer at once.
const QUICK: [Method; 5] = [Method::Dga, Method::Loglinear, Method::Stepwise, Method::Chao, Method::Independence];
/// Methods that are run on every draw of the linkage.
const POOLED: [Method; 3] = [Method::Dga, Method::Loglinear, Method::Chao];
/// With more lists than this the slow parts are run only when somebody asks.
const AT_ONCE: usize = 5;
/// With more persons than this, too: finding who may be one takes time.
const CHEAP: u64 = 5_000;
/// Patterns in the table.
const PATTERNS: usize = 64;

/// What is estimated from one table, and from draws of the linkage.
pub struct Estimated {
    table: Table,
    report: Report,
    pooled: Option<Pooled>,
    /// By what it is divided, and what was found in each stratum.
    divided: Option<(String, Stratified)>,
    open: usize,
    all: bool,
    too_many: bool,
}

#[derive(Template)]
#[template(path = "estimate.html")]
struct Page {
    shell: Shell,
    choices: Vec<(String, Words, String, bool)>,
    /// What can be divided by: value, words, chosen.
    by: Vec<(&'static str, &'static str, bool)>,
    divide: bool,
    own: bool,
    own_text: String,
    own_by: String,
    fault: Option<String>,
    told: Option<Told>,
    lists: usize,
    all_href: Option<String>,
    json: String,
}

struct Told {
    documented: String,
    sentence: String,
    /// With the linkage's uncertainty: what is estimated, and how many are documented where that is not the same in all draws.
    uncertain: Option<(String, Option<String>)>,
    open: usize,
    too_many: bool,
    names: Vec<Words>,
    patterns: Vec<(Vec<bool>, String)>,
    more: usize,
    methods: Vec<Row>,
    /// What every method warns of: it is about the lists.
    warnings: Vec<String>,
    curves: Option<Curves>,
    assumptions: Vec<String>,
    draws: u64,
    divided: Option<Divided>,
}

/// The strata, each in a row, and all together.
struct Divided {
    by: String,
    sentence: String,
    method: String,
    rows: Vec<(Words, String, Answer)>,
    all: (String, Answer),
    /// Documented persons of whom it is not known to which stratum they belong.
    unknown: Option<String>,
}

struct Row {
    title: String,
    bound: bool,
    answer: Answer,
    pooled: Option<Answer>,
    warnings: Vec<String>,
    models: Vec<(String, String)>,
    paper: &'static str,
}

enum Answer {
    Number { estimate: String, lower: String, upper: String, level: String },
    Refused(String),
}

pub async fn page(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |room| {
        let Some(lists) = lists_soon(room)? else { return counting(room) };
        let used = used(room, &lists);
        let all = room.ask.query.get("method") == "all";
        let by = By::named(room.ask.query.get("by"));
        let estimated = if used.len() < 2 { None } else { Some(of_lists(room, &lists, &used, all, by)?) };
        if room.ask.json {
            return Ok(data(
                &estimated.map_or(json!({"refused": "fewer than two lists"}), |told| as_data(room, &told)),
            ));
        }
        let with = room.ask.query.with(&[("method", "all")]);
        let all_href = estimated.as_ref().filter(|told| !told.all).map(|_| format!("/estimate?{with}"));
        let query = room.ask.query.with(&[]);
        html(&Page {
            shell: room.shell("How many were never recorded?", Nav::Figures)?,
            choices: choices(&lists, &used),
            by: By::ALL.map(|one| (one.name(), one.label(), Some(one) == by)).into(),
            divide: by.is_some(),
            own: false,
            own_text: String::new(),
            own_by: String::new(),
            fault: None,
            told: estimated.map(|told| tell(&told)),
            lists: used.len(),
            all_href,
            json: if query.is_empty() { "/estimate.json".into() } else { format!("/estimate.json?{query}") },
        })
    })
    .await
}

/// A table of one's own, typed or pasted. Nothing of it is kept.
pub async fn own(State(site): State<Arc<Site>>, sent: Sent) -> Response {
    let typed = sent.typed;
    answer(site, sent.ask, move |room| {
        let (text, own_by) = (typed.raw("table"), typed.get("column").to_owned());
        let (told, fault) = match of_own(&text, &own_by) {
            Ok(estimated) => (Some(tell(&estimated)), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let mut shell = room.shell("How many were never recorded?", Nav::Figures)?;
        shell.bar.back = "/estimate".into();
        html(&Page {
            shell,
            choices: Vec::new(),
            by: Vec::new(),
            divide: false,
            own: true,
            own_text: text,
            own_by,
            lists: told.as_ref().map_or(0, |told| told.names.len()),
            told,
            fault,
            all_href: None,
            json: String::new(),
        })
    })
    .await
}

/// A table of one's own, and its strata where a column divides it.
fn of_own(text: &str, column: &str) -> Result<Estimated, TableError> {
    let options = Options::quick(&QUICK);
    let strata = match column {
        "" => vec![(String::new(), Table::read(text.as_bytes())?)],
        column => Table::read_strata(text.as_bytes(), column)?,
    };
    let lists = strata.first().map(|(_, table)| table.lists().to_vec()).unwrap_or_default();
    let table = Table::from_counts(&lists, strata.iter().flat_map(|(_, table)| table.patterns()));
    let report = estimates::estimate(&table, &options);
    let divided = (!column.is_empty()).then(|| (column.to_owned(), estimates::stratified(&strata, &options)));
    Ok(Estimated { table, report, pooled: None, divided, open: 0, all: true, too_many: false })
}

/// The lists that are asked for, by the addresses of their documents; all that know anybody when none is.
fn used(room: &Room<'_>, lists: &Lists) -> Vec<usize> {
    let asked = room.ask.query.all("list");
    let mut used: Vec<usize> = (0..lists.lists.len())
        .filter(|at| lists.lists[*at].entities > 0)
        .filter(|at| asked.is_empty() || asked.contains(&lists.lists[*at].document.as_str()))
        .collect();
    // The largest, where there are more than can be reckoned with.
    used.sort_by_key(|at| (std::cmp::Reverse(lists.lists[*at].entities), *at));
    used.truncate(MOST_LISTS);
    used.sort_unstable();
    used
}

fn choices(lists: &Lists, used: &[usize]) -> Vec<(String, Words, String, bool)> {
    let known = lists.lists.iter().enumerate().filter(|(_, list)| list.entities > 0);
    known
        .map(|(at, list)| (list.document.clone(), Words::of(&list.name), thousands(list.entities), used.contains(&at)))
        .collect()
}

fn of_lists(
    room: &Room<'_>,
    lists: &Lists,
    used: &[usize],
    all: bool,
    by: Option<By>,
) -> Result<Arc<Estimated>, Problem> {
    room.site.estimates.get(room, &format!("estimate of {used:?}, all {all}, by {by:?}"), || {
        let names: Vec<String> = used.iter().map(|at| lists.lists[*at].name.clone()).collect();
        let members = draws::members(lists, used);
        let table = Table::from_records(&names, members.values().copied());
        let too_many = lists.documented() > CHEAP;
        let quick = used.len() <= AT_ONCE && !too_many;
        let methods: Vec<Method> = match (all, quick) {
            (true, _) => Method::ALL.to_vec(),
            (false, true) => QUICK.to_vec(),
            (false, false) => vec![Method::Loglinear, Method::Chao, Method::Independence],
        };
        let options = if all { Options::of(&methods) } else { Options::quick(&methods) };
        let report = estimates::estimate(&table, &options);
        let (mut pooled, mut open) = (None, 0);
        if !room.ask.session.looks_at_the_past() && used.len() > 2 && (quick || all && !too_many) {
            let drawn = drawn(room, lists, used, &names)?;
            open = drawn.open;
            if open > 0 {
                pooled =
                    estimates::pooled(&drawn.tables, &Options::quick(&POOLED)).map(|pooled| pooled.beside(&report));
            }
        }
        let divided = match by.filter(|_| !too_many) {
            Some(by) => {
                let strata = strata::divided(room, &names, &members, by)?;
                Some((by.words().to_owned(), estimates::stratified(&strata, &Options::quick(&methods))))
            }
            None => None,
        };
        Ok(Estimated { table, report, pooled, divided, open, all, too_many })
    })
}

fn tell(told: &Estimated) -> Told {
    let names: Vec<Words> = told.table.lists().iter().map(|name| Words::of(name)).collect();
    let mut patterns: Vec<(u32, u64)> = told.table.patterns().collect();
    patterns.sort_by_key(|(pattern, count)| (std::cmp::Reverse(*count), *pattern));
    let on = |pattern: u32| (0..names.len()).map(|bit| pattern >> bit & 1 == 1).collect();
    let pooled = |method: Method| {
        let pooled = told.pooled.as_ref()?.methods.iter().find(|pooled| pooled.estimate.method == method)?;
        Some(&pooled.estimate)
    };
    let all: Vec<Vec<String>> = told.report.methods.iter().map(warnings).collect();
    let common: Vec<String> = all
        .first()
        .into_iter()
        .flatten()
        .filter(|warning| all.len() > 1 && all.iter().all(|of| of.contains(warning)))
        .cloned()
        .collect();
    let methods = told.report.methods.iter().map(|estimate| Row {
        title: sentence_case(estimate.method.title()),
        bound: matches!(estimate.method, Method::Chao),
        answer: answer_of(estimate),
        pooled: pooled(estimate.method).map(answer_of),
        warnings: warnings(estimate).into_iter().filter(|warning| !common.contains(warning)).collect(),
        models: models(estimate),
        paper: estimate.method.paper(),
    });
    let mut drawn = Vec::new();
    let lead = told.report.leading();
    if let Some((lead, numbers)) = lead.and_then(|lead| Some((lead, lead.numbers()?))) {
        drawn.push(("As judged so far", lead.spread.as_slice(), numbers));
    }
    let first = POOLED.into_iter().filter(|method| *method != Method::Chao).find(|method| {
        lead.map_or_else(
            || pooled(*method).is_some_and(|pooled| pooled.refused.is_none()),
            |lead| lead.method == *method,
        )
    });
    let mut from = told.report.documented;
    if let Some((numbers, same)) = first.and_then(pooled).and_then(|same| Some((same.numbers()?, same))) {
        drawn.push(("With what nobody has judged", same.spread.as_slice(), numbers));
        from = told.pooled.as_ref().map_or(from, |pooled| from.min(pooled.documented_range.0));
    }
    let sum = told.divided.as_ref().and_then(|(_, divided)| divided.leading());
    if let Some((sum, numbers)) = sum.and_then(|sum| Some((sum, sum.numbers()?))) {
        drawn.push(("Divided, and added up", sum.spread.as_slice(), numbers));
    }
    Told {
        documented: thousands(told.report.documented),
        sentence: told.report.sentence(),
        uncertain: told.pooled.as_ref().map(uncertain),
        open: told.open,
        too_many: told.too_many,
        more: patterns.len().saturating_sub(PATTERNS),
        patterns: patterns.iter().take(PATTERNS).map(|(pattern, count)| (on(*pattern), thousands(*count))).collect(),
        names,
        methods: methods.collect(),
        warnings: common.clone(),
        curves: curves(from, &drawn),
        // Of a table that is divided it must hold too that nobody is in two strata.
        assumptions: told
            .divided
            .as_ref()
            .map_or(&told.report.assumptions, |(_, divided)| &divided.assumptions)
            .clone(),
        draws: DRAWS,
        divided: told.divided.as_ref().map(|(by, divided)| in_strata(by, divided)),
    }
}

fn in_strata(by: &str, divided: &Stratified) -> Divided {
    // One method throughout, so that the rows belong to their sum: that of the sum, or else the first that any stratum answers.
    let method = divided
        .leading()
        .map(|lead| lead.method)
        .or_else(|| divided.strata.iter().filter_map(|stratum| stratum.report.leading().map(|lead| lead.method)).min());
    let method = method.unwrap_or(Method::Dga);
    let of = |methods: &[Estimate]| {
        let found = methods.iter().find(|estimate| estimate.method == method).or(methods.first());
        found.map_or_else(|| Answer::Refused("Nothing is estimated.".into()), answer_of)
    };
    let row = |stratum: &estimates::Stratum| {
        (Words::of(&stratum.stratum), thousands(stratum.report.documented), of(&stratum.report.methods))
    };
    let unknown = divided.strata.iter().find(|stratum| stratum.stratum == strata::NOT_KNOWN);
    Divided {
        by: by.to_owned(),
        sentence: divided.sentence(),
        method: sentence_case(method.title()),
        rows: divided.strata.iter().map(row).collect(),
        all: (thousands(divided.documented), of(&divided.methods)),
        unknown: unknown.map(|stratum| thousands(stratum.report.documented)),
    }
}

fn uncertain(pooled: &Pooled) -> (String, Option<String>) {
    let (low, high) = pooled.documented_range;
    let some = pooled.methods.iter().any(|method| method.estimate.refused.is_none());
    let sentence = if some { pooled.sentence() } else { "nothing is estimated, however they turn out.".into() };
    (sentence, (low < high).then(|| format!("{} to {}", thousands(low), thousands(high))))
}

fn answer_of(estimate: &Estimate) -> Answer {
    match estimate.numbers() {
        Some((middle, lower, upper)) => Answer::Number {
            estimate: whole(middle),
            lower: whole(lower),
            upper: whole(upper),
            level: format!("{:.0}%", estimate.level * 100.0),
        },
        None => Answer::Refused(estimate.refused.clone().unwrap_or_else(|| "Nothing is estimated.".into())),
    }
}

fn warnings(estimate: &Estimate) -> Vec<String> {
    let known = estimate.diagnostics.get("warnings").and_then(Value::as_array);
    known.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Models with their weights, where a method weighs several.
fn models(estimate: &Estimate) -> Vec<(String, String)> {
    let known = estimate.diagnostics.get("models").and_then(Value::as_array);
    let weighed = known.into_iter().flatten().filter_map(|model| {
        let weight = model.get("weight")?.as_f64()?;
        Some((model.get("model")?.as_str()?.to_owned(), format!("{:.0}%", weight * 100.0)))
    });
    weighed.take(5).collect()
}

fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn as_data(room: &Room<'_>, told: &Estimated) -> Value {
    json!({
        "position": room.reader.position(),
        "sentence": told.report.sentence(),
        "as_judged": told.report,
        "open_pairs": told.open,
        "with_open_pairs": told.pooled,
        "divided": told.divided.as_ref().map(|(by, divided)| json!({"by": by, "found": divided})),
    })
}
