//! How a list's columns become claims: a small TOML file that is kept beside the list, or proposed from its headings.

mod propose;
mod read;
mod words;
mod write;

pub use propose::{Proposal, ProposedColumn};
pub(crate) use words::{Words, plain};

/// The mapping of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// `[list] name`: what the list is called, unless somebody says otherwise.
    pub list: Option<String>,
    /// `[list] by`: the organisation whose list it is.
    pub by: Option<String>,
    /// `[list] clearance`: of all that comes from it; `internal` when nothing is said.
    pub clearance: Option<String>,
    pub file: FileRules,
    /// `[[table]]`: sheets and repeats whose keys are not found by themselves.
    pub tables: Vec<TableRules>,
    /// `[[entity]]`: what each row makes; the first is the main one.
    pub entities: Vec<EntityRule>,
}

/// `[file]`: how the file is to be read, where its bytes do not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRules {
    pub encoding: Option<String>,
    pub separator: Option<String>,
    pub quote: Option<String>,
    /// Row of the headings, from 1.
    pub header: Option<u64>,
    /// How dates in figures are written.
    pub dates: Option<DateOrder>,
    /// Columns that tell a row from all others, also in the list's next version.
    pub key: Vec<String>,
    /// Columns, and whole tables, that are kept with the file and not looked at.
    pub skip: Vec<String>,
    /// The column with the language of the row: rows of the same key in several languages speak of the same thing.
    pub language: Option<String>,
    /// Language of names and texts (BCP 47), where it is one.
    pub lang: Option<String>,
}

/// What stands first in a date of figures only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    Day,
    Month,
    Year,
    /// A spreadsheet's count of days.
    Serial,
}

impl DateOrder {
    pub(crate) const ALL: [DateOrder; 4] = [DateOrder::Day, DateOrder::Month, DateOrder::Year, DateOrder::Serial];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::Day => "day-first",
            DateOrder::Month => "month-first",
            DateOrder::Year => "year-first",
            DateOrder::Serial => "serial",
        }
    }
}

/// `[[table]]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRules {
    pub name: String,
    pub key: Vec<String>,
    /// The key is shared by several rows: they are told apart by their order.
    pub ordinal: bool,
    /// The column with the key of the row of the main table that this row belongs to.
    pub parent: Option<String>,
    /// The main table's column that `parent` speaks of, if it is not that table's key.
    pub parent_key: Option<String>,
}

/// `[[entity]]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityRule {
    /// What the mapping calls it: `person`, `arrest`, `agent`.
    pub name: String,
    pub schema: String,
    /// The sheet or repeat whose rows make it; the first table when nothing is said.
    pub table: Option<String>,
    /// Only rows make it that say one of these in this column; letter case aside.
    pub when: Option<(String, Vec<String>)>,
    /// Columns that tell it from others of its kind, where that is not the row's key: several rows may then speak of the same one.
    pub key: Vec<String>,
    /// Keys are shared with other entities of this space: FollowTheMoney's ids.
    pub space: Option<String>,
    /// Properties without which the row is not taken.
    pub required: Vec<String>,
    /// Property and rule; several rules may give the same property.
    pub properties: Vec<(String, Rule)>,
}

/// Where a property's value comes from, and how it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// One column, or several whose words are joined.
    pub columns: Vec<String>,
    /// Between the joined ones; a space when nothing is said. With ` | ` the first is the family name.
    pub join: Option<String>,
    /// Columns with the first and the last day of a time; where one is empty, that end is not known.
    pub from: Option<String>,
    pub to: Option<String>,
    /// The same value for every row.
    pub value: Option<String>,
    /// Another entity of the mapping: of the same row, of the parent row, or of the row whose key stands in the column.
    pub entity: Option<String>,
    /// An entity of this space, whose key stands in the column.
    pub space: Option<String>,
    /// What the list writes, and what it means; letter case aside.
    pub values: Vec<(String, String)>,
    pub dates: Option<DateOrder>,
    /// The cell holds several values, parted by this.
    pub split: Option<String>,
    pub lang: Option<String>,
}

impl Rule {
    pub(crate) fn column(name: &str) -> Rule {
        Rule { columns: vec![name.to_owned()], ..Rule::default() }
    }

    /// Every column that it names.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().chain(&self.from).chain(&self.to)
    }

    pub(crate) fn constant(value: &str) -> Rule {
        Rule { value: Some(value.to_owned()), ..Rule::default() }
    }

    pub(crate) fn of(entity: &str) -> Rule {
        Rule { entity: Some(entity.to_owned()), ..Rule::default() }
    }
}
