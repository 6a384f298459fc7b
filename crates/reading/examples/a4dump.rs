//! Temporary.
use reading::{Proposal, Proposer, Rules, read_text};
fn main() {
    let rules = Rules::new().unwrap();
    for f in std::env::args().skip(1) {
        let r = read_text(&std::fs::read(&f).unwrap(), &f).unwrap();
        println!("#### {f}\nTITLE {:?} PUB {:?} KIND {:?}", r.title, r.published.map(|d| d.canonical().to_string()), r.kind);
        for p in &r.paragraphs {
            println!("{:?}: {}", p.role, r.slice(p.start, p.end).chars().take(50).collect::<String>().replace('\n', "⏎"));
        }
        for p in rules.propose(&r).unwrap() {
            match p {
                Proposal::Act(a) => println!(
                    "ACT {} | {} | {:?} | by {:?} | s {:?} | says {:?} | «{}»",
                    a.act_type,
                    a.victim.name.clone().unwrap_or_else(|| format!("{:?}", a.victim.group)),
                    a.date.unwrap_or_default(), a.agent, a.sentence.map(|s| (s.months, s.to_serve_months, s.fine)), a.asserter, a.at.quote
                ),
                Proposal::Saying(s) => println!("SAY {s:?}"),
                Proposal::Request(s) => println!("REQ {}", s.at.quote),
                Proposal::Count(c) => println!("COUNT {}", c.at.quote),
                _ => {}
            }
        }
    }
}
