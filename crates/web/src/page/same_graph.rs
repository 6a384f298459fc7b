//! A group of records as a picture: each a numbered dot on a circle, each link a line; what holds the group together alone is dashed.

use std::f64::consts::TAU;

use matching::{Set, Standing};
use schema::EntityId;

use crate::page::same_words::percent;

/// Of the picture, in its own units.
const WIDE: f64 = 320.0;
const TALL: f64 = 240.0;
const AROUND: (f64, f64) = (115.0, 85.0);
/// Links up to which each line carries its probability: more would stand upon each other.
const LABELLED: usize = 4;
/// Less likely links are in the table only.
const DRAWN: f64 = 0.2;

pub struct Graph {
    pub dots: Vec<Dot>,
    pub lines: Vec<Drawn>,
    pub desc: String,
}

pub struct Dot {
    pub number: usize,
    pub x: i32,
    pub y: i32,
}

pub struct Drawn {
    pub from: (i32, i32),
    pub to: (i32, i32),
    pub class: &'static str,
    /// Its probability, and where it stands.
    pub label: Option<(String, i32, i32)>,
}

/// The picture of a group; dots are numbered in the order of its members, clockwise from the top.
#[must_use]
pub fn graph(set: &Set) -> Graph {
    let many = set.members.len();
    let place = |at: usize| {
        let turn = TAU * at as f64 / many.max(1) as f64;
        let whole = |value: f64| value.round() as i32;
        (whole(WIDE / 2.0 + AROUND.0 * turn.sin()), whole(TALL / 2.0 - AROUND.1 * turn.cos()))
    };
    let number = |id: EntityId| set.members.iter().position(|known| *known == id).unwrap_or(0);
    let shown: Vec<_> =
        set.ties.iter().filter(|tie| tie.standing == Standing::Same || tie.probability >= DRAWN).collect();
    let labelled = shown.iter().filter(|tie| tie.standing != Standing::Same).count() <= LABELLED;
    let lines = shown.iter().map(|tie| {
        let (from, to) = (place(number(tie.a)), place(number(tie.b)));
        let judged = tie.standing == Standing::Same;
        let class = match tie.alone {
            _ if judged => "judged",
            Some(_) => "alone",
            None => "",
        };
        let label = (labelled && !judged).then(|| (percent(tie.probability), (from.0 + to.0) / 2, (from.1 + to.1) / 2));
        Drawn { from, to, class, label }
    });
    let alone = set.ties.iter().filter(|tie| tie.alone.is_some()).count();
    Graph {
        lines: lines.collect(),
        dots: (0..many).map(|at| Dot { number: at + 1, x: place(at).0, y: place(at).1 }).collect(),
        desc: format!(
            "{many} records and {} links between them; {alone} of the links hold a part of the group alone. The table has the same.",
            shown.len()
        ),
    }
}
