//! A small ledger to tell stories with.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod child;
pub mod raw;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ledger::{
    Account, AccountId, Author, Claim, ClaimId, Clearance, Cleared, EntityItem, Genesis, Item, Ledger, Level, Locator,
    Reader, Receipt, Settings, SigningKey, View,
};
use schema::{EntityId, Registry};

pub const KEY: [u8; 32] = [5; 32];

pub fn registry() -> Arc<Registry> {
    static LOADED: LazyLock<Arc<Registry>> = LazyLock::new(|| Registry::builtin().expect("the schemata load"));
    LOADED.clone()
}

pub fn settings(folder: &Path) -> Settings {
    Settings {
        database: folder.join("ledger.db"),
        index: folder.join("index.db"),
        key: KEY,
        index_key: [6; 32],
        signing: SigningKey::from_seed(&[7; 32]),
        registry: registry(),
    }
}

pub fn genesis() -> Genesis {
    Genesis { workspace: [1; 16], name: "Story".into(), program: "test".into() }
}

pub fn owner() -> Account {
    Account { id: AccountId::named("owner"), name: "owner".into(), level: Level::Restricted, teams: vec![] }
}

pub struct Story {
    pub ledger: Ledger,
    pub author: Author,
}

pub fn id(name: &str) -> EntityId {
    EntityId::derive("story", name)
}

impl Story {
    pub fn begin(folder: &Path) -> Story {
        let ledger = Ledger::create(settings(folder), genesis(), owner()).expect("a new ledger");
        Story { ledger, author: Author::new(owner().id) }
    }

    pub fn reopen(folder: &Path) -> Story {
        Story { ledger: Ledger::open(settings(folder)).expect("the ledger opens"), author: Author::new(owner().id) }
    }

    pub fn append(&self, items: Vec<Item>) -> Receipt {
        self.ledger.append(&self.author, items).expect("the items are taken")
    }

    pub fn entity(&self, name: &str, schema: &str) -> EntityId {
        self.append(vec![entity(name, schema, Clearance::public())]);
        id(name)
    }

    /// A source by its title.
    pub fn source(&self, name: &str) -> EntityId {
        self.append(vec![entity(name, "Document", Clearance::public()), self.said(id(name), "title", name, id(name))]);
        id(name)
    }

    pub fn said(&self, about: EntityId, property: &str, value: &str, source: EntityId) -> Item {
        self.said_to(about, property, value, source, Clearance::public())
    }

    pub fn said_to(
        &self,
        about: EntityId,
        property: &str,
        value: &str,
        source: EntityId,
        clearance: Clearance,
    ) -> Item {
        let schema = self.read().schema_of(about).unwrap().unwrap_or_else(|| "Document".into());
        let value = self.ledger.registry().parse(&schema, property, value, None).expect("the value parses");
        Item::Claim(Claim {
            locator: Some(Locator { exact: format!("the words for {property}"), ..Locator::default() }),
            clearance,
            ..Claim::new(about, property, &value, source)
        })
    }

    pub fn claim(&self, about: EntityId, property: &str, value: &str, source: EntityId) -> ClaimId {
        self.append(vec![self.said(about, property, value, source)]).claims[0]
    }

    pub fn read(&self) -> Reader<'_> {
        self.read_as(Cleared::to(Level::Restricted))
    }

    pub fn read_as(&self, cleared: Cleared) -> Reader<'_> {
        self.ledger.read(&View::new(cleared)).expect("a reader")
    }

    pub fn first(&self, about: EntityId, property: &str) -> String {
        let record = self.read().record(about).unwrap().expect("the record");
        record.first(property).map(|value| format!("{} — {}", value.display, value.why)).unwrap_or_default()
    }
}

pub fn entity(name: &str, schema: &str, clearance: Clearance) -> Item {
    Item::Entity(EntityItem { id: id(name), schema: schema.into(), clearance, key: Some(name.into()) })
}
