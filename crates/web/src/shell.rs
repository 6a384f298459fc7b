//! The frame of every page: whose workspace, where to go, and the view, without which no number is seen.

use ledger::{AsOf, Level};

use crate::assets;
use crate::markup::{Words, thousands};
use crate::problem::Problem;
use crate::room::Room;

/// Which part of the site a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    Library,
    Search,
    People,
    Proceedings,
    Documents,
    Review,
    Lists,
    Same,
    Figures,
    Publications,
    Ledger,
    Add,
    Elsewhere,
}

/// One way to go.
pub struct Way {
    pub href: &'static str,
    pub label: &'static str,
    pub here: bool,
}

/// One of several to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

pub struct Shell {
    pub title: String,
    pub workspace: Words,
    pub workspace_plain: String,
    pub demonstration: bool,
    pub ways: Vec<Way>,
    pub style: &'static str,
    pub token: String,
    pub search: String,
    pub account: String,
    pub bar: Bar,
}

/// The view, in words, and the form that changes it.
pub struct Bar {
    pub open: bool,
    pub past: bool,
    pub as_of: String,
    pub entry: String,
    pub sees: String,
    pub standard: String,
    pub as_of_typed: String,
    pub levels: Vec<Choice>,
    pub standards: Vec<Choice>,
    pub back: String,
}

impl Shell {
    pub fn new(room: &Room<'_>, title: String, here: Nav) -> Result<Self, Problem> {
        let way = |nav: Nav, href, label| Way { href, label, here: nav == here };
        let workspace = room.site.workspace.name().to_owned();
        Ok(Shell {
            title,
            workspace: Words::of(&workspace),
            workspace_plain: workspace,
            demonstration: room.site.workspace.config().is_demonstration(),
            ways: vec![
                way(Nav::Library, "/", "Library"),
                way(Nav::People, "/people", "People"),
                way(Nav::Proceedings, "/proceedings", "Proceedings"),
                way(Nav::Documents, "/documents", "Documents"),
                way(Nav::Review, "/review", "Review"),
                way(Nav::Lists, "/lists", "Lists"),
                way(Nav::Same, "/same", "Matches"),
                way(Nav::Figures, "/figures", "Figures"),
                way(Nav::Publications, "/publications", "Publications"),
                way(Nav::Ledger, "/ledger", "Ledger"),
                way(Nav::Add, "/add", "Add"),
            ],
            style: assets::style(),
            token: room.ask.session.masked_token().map_err(no_random)?,
            search: if here == Nav::Search { room.ask.query.get("q").to_owned() } else { String::new() },
            account: room.ask.session.name.clone(),
            bar: Bar::new(room)?,
        })
    }
}

fn no_random(error: getrandom::Error) -> Problem {
    Problem::Inside { what: format!("The operating system gives no random numbers: {error}."), hint: String::new() }
}

impl Bar {
    fn new(room: &Room<'_>) -> Result<Self, Problem> {
        let session = &room.ask.session;
        let position = room.reader.position();
        let past = session.looks_at_the_past();
        let as_of = match (past, room.reader.recorded_at()) {
            (false, _) => "now".to_owned(),
            (true, Some(at)) => at.date(),
            (true, None) => "the beginning".into(),
        };
        let level = session.choice.level.unwrap_or(session.cleared.level()).min(session.cleared.level());
        let levels = Level::ALL.into_iter().filter(|choice| *choice <= session.cleared.level()).map(|choice| Choice {
            value: choice.to_string(),
            label: choice.to_string(),
            chosen: choice == level,
        });
        let standard = room.reader.standard();
        let standards = room.registry().standards().iter().map(|choice| Choice {
            value: choice.name.clone(),
            label: choice.label.get("en").to_owned(),
            chosen: choice.name == standard.name,
        });
        // A page that answers a form has no address of its own to come back to; the way back is then its form.
        Ok(Bar {
            open: false,
            past,
            as_of,
            entry: thousands(position),
            sees: room.reader.cleared().to_string(),
            standard: standard.label.get("en").to_lowercase(),
            as_of_typed: match session.choice.as_of {
                AsOf::Now => String::new(),
                AsOf::Position(position) => position.to_string(),
                AsOf::Time(time) => time.date(),
            },
            levels: levels.collect(),
            standards: standards.collect(),
            back: room.ask.address.clone(),
        })
    }
}
