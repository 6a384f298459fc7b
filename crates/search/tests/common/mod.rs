//! A small ledger with its search.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ledger::{
    Account, AccountId, Author, Claim, Clearance, Cleared, EntityItem, Genesis, Item, Ledger, Level, Locator, Reader,
    Receipt, Settings, SigningKey, View,
};
use schema::{EntityId, Registry};
use search::{Answer, Facet, Query, Search, Updated};

pub fn registry() -> Arc<Registry> {
    static LOADED: LazyLock<Arc<Registry>> = LazyLock::new(|| Registry::builtin().expect("the schemata load"));
    LOADED.clone()
}

fn settings(folder: &Path) -> Settings {
    Settings {
        database: folder.join("ledger.db"),
        index: folder.join("index.db"),
        key: [5; 32],
        index_key: [6; 32],
        signing: SigningKey::from_seed(&[7; 32]),
        registry: registry(),
    }
}

pub struct Story {
    pub ledger: Ledger,
    pub author: Author,
    pub search: Search,
}

pub fn id(name: &str) -> EntityId {
    EntityId::derive("story", name)
}

/// The text of a source is what its note says, in these tests.
pub fn texts(reader: &Reader<'_>, id: EntityId) -> Option<String> {
    let value = reader.value(id, "note").ok()??;
    Some(value.display(reader.registry(), "en"))
}

impl Story {
    pub fn begin(folder: &Path) -> Story {
        let genesis = Genesis { workspace: [1; 16], name: "Story".into(), program: "test".into() };
        let owner =
            Account { id: AccountId::named("owner"), name: "owner".into(), level: Level::Restricted, teams: vec![] };
        let author = Author::new(owner.id);
        let ledger = Ledger::create(settings(folder), genesis, owner).expect("a new ledger");
        Story { ledger, author, search: Search::open(&folder.join("search"), [9; 32]) }
    }

    pub fn reopen(folder: &Path) -> Story {
        let ledger = Ledger::open(settings(folder)).expect("the ledger opens");
        let author = Author::new(AccountId::named("owner"));
        Story { ledger, author, search: Search::open(&folder.join("search"), [9; 32]) }
    }

    pub fn append(&self, items: Vec<Item>) -> Receipt {
        self.ledger.append(&self.author, items).expect("the items are taken")
    }

    pub fn entity(&self, name: &str, schema: &str) -> EntityId {
        self.append(vec![entity(name, schema, Clearance::public())]);
        id(name)
    }

    pub fn source(&self, name: &str) -> EntityId {
        self.append(vec![
            entity(name, "Document", Clearance::public()),
            self.said(id(name), "Document", "title", name, id(name)),
        ]);
        id(name)
    }

    pub fn said(&self, about: EntityId, schema: &str, property: &str, value: &str, source: EntityId) -> Item {
        self.said_to(about, schema, property, value, source, Clearance::public())
    }

    pub fn said_to(
        &self,
        about: EntityId,
        schema: &str,
        property: &str,
        value: &str,
        source: EntityId,
        clearance: Clearance,
    ) -> Item {
        let value = self.ledger.registry().parse(schema, property, value, None).expect("the value parses");
        Item::Claim(Claim {
            locator: Some(Locator { exact: format!("the words for {property}"), ..Locator::default() }),
            clearance,
            ..Claim::new(about, property, &value, source)
        })
    }

    pub fn claim(&self, about: EntityId, property: &str, value: &str, source: EntityId) -> ledger::ClaimId {
        let schema = self.read(Cleared::to(Level::Restricted)).schema_of(about).unwrap().expect("a schema");
        self.append(vec![self.said(about, &schema, property, value, source)]).claims[0]
    }

    pub fn read(&self, cleared: Cleared) -> Reader<'_> {
        self.ledger.read(&View::new(cleared)).expect("a reader")
    }

    pub fn update(&self, cleared: &Cleared) -> Updated {
        self.search.update(&self.ledger, cleared, &texts, &mut |_, _| true).expect("the index is brought up to date")
    }

    /// The answer, as new as the ledger.
    pub fn ask(&self, cleared: &Cleared, text: &str) -> Answer {
        self.update(cleared);
        self.ask_chosen(cleared, text, &[])
    }

    pub fn ask_chosen(&self, cleared: &Cleared, text: &str, chosen: &[(Facet, &str)]) -> Answer {
        let chosen = chosen.iter().map(|(facet, value)| (*facet, (*value).to_owned())).collect();
        let query = Query { chosen, limit: 50, ..Query::new(text, self.ledger.registry()) };
        self.search.ask(&self.ledger, &self.read(cleared.clone()), &query, &texts).expect("an answer")
    }

    /// Labels of what is found.
    pub fn found(&self, text: &str) -> Vec<String> {
        let answer = self.ask(&Cleared::to(Level::Restricted), text);
        assert_eq!(answer.total, answer.hits.len() as u64, "{text}");
        assert!(answer.exact, "{text}");
        answer.hits.into_iter().map(|hit| hit.label.text).collect()
    }
}

pub fn entity(name: &str, schema: &str, clearance: Clearance) -> Item {
    Item::Entity(EntityItem { id: id(name), schema: schema.into(), clearance, key: Some(name.into()) })
}

/// Everything of an answer that a reader can observe; the position aside, which every page shows.
pub fn told(answer: &Answer) -> String {
    format!(
        "{:?}",
        (
            &answer.total,
            answer.exact,
            &answer.hits,
            &answer.facets,
            &answer.instead,
            answer.next.is_some(),
            &answer.behind
        )
    )
}
