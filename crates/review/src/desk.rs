//! Documents as they were read last: computed when asked for, kept in memory, never written.

use std::sync::{Arc, Mutex, PoisonError};

use ledger::{Level, ObjectHash, Reader};
use modelserver::{ModelServer, Together};
use reading::{Error as ReadingError, Proposal, Proposer, Rules};
use schema::EntityId;
use workspace::Workspace;

use crate::Error;

/// Documents that are remembered.
const MOST_DOCUMENTS: usize = 50;
/// Bytes of text that are remembered, of all documents together.
const MOST_BYTES: usize = 48 * 1024 * 1024;

/// A text and what is proposed from it.
#[derive(Debug)]
pub struct Reading {
    /// The object whose text it is: what offsets count in.
    pub object: ObjectHash,
    pub text: String,
    /// In the order of the text; each quotation stands in the text where it says.
    pub proposals: Vec<Proposal>,
    /// Which program proposed it, with its version.
    pub proposer: String,
    recorded: Recorded,
}

/// What the ledger says of a document, as far as proposals depend on it: when that changes, it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Recorded {
    published: Option<String>,
    title: Option<String>,
}

impl Recorded {
    fn of(reader: &Reader<'_>, source: EntityId) -> Result<Recorded, Error> {
        let said = |property| Ok::<_, Error>(reader.value(source, property)?.map(|value| value.canonical()));
        Ok(Recorded { published: said("published")?, title: said("title")? })
    }
}

/// Where documents are read: a proposer and what it said of the last ones.
pub struct Desk {
    proposer: Arc<dyn Proposer + Send + Sync>,
    name: String,
    model: Option<Model>,
    /// The last one used first.
    kept: Arc<Kept>,
}

type Kept = Mutex<Vec<Arc<Reading>>>;

/// A language model's server on this machine, and the most closed documents that it may be shown.
struct Model {
    server: ModelServer,
    most: Level,
}

impl Desk {
    /// With the rules that the program comes with.
    ///
    /// # Errors
    /// When the rules' own data are wrong; a released program's are not.
    pub fn with_rules() -> Result<Desk, Error> {
        Ok(Desk::of_rules(Rules::new()?))
    }

    /// With these rules: the program's own, and a workspace's words beside them.
    #[must_use]
    pub fn of_rules(rules: Rules) -> Desk {
        Desk::new(Box::new(rules), concat!("rules ", env!("CARGO_PKG_VERSION")))
    }

    /// With another proposer; `name` says which, with its version.
    #[must_use]
    pub fn new(proposer: Box<dyn Proposer + Send + Sync>, name: &str) -> Desk {
        Desk { proposer: Arc::from(proposer), name: name.into(), model: None, kept: Arc::default() }
    }

    /// The same, and a model on this machine is asked for more about documents of this level and below. It takes its time: what it
    /// proposes is there when the document is opened again.
    #[must_use]
    pub fn asking(mut self, server: ModelServer, most: Level) -> Desk {
        self.model = Some(Model { server, most });
        self
    }

    /// What is proposed from a source's text; `None` when it has none, or none that this reader may see.
    ///
    /// # Errors
    /// As workspace and proposer say.
    pub fn read(
        &self,
        workspace: &Workspace,
        reader: &Reader<'_>,
        source: EntityId,
    ) -> Result<Option<Arc<Reading>>, Error> {
        let Some(text) = workspace.text_of(reader, source)? else { return Ok(None) };
        let recorded = Recorded::of(reader, source)?;
        if let Some(known) = self.take_out(|known| known.object == text.object && known.recorded == recorded) {
            self.keep(Arc::clone(&known));
            return Ok(Some(known));
        }
        let Some((object, read)) = intake::reading_of(workspace, reader, source)? else { return Ok(None) };
        let text = text.text;
        let proposals = quoted_rightly(self.proposer.propose(&read)?, &text);
        let first = Arc::new(Reading { object, text, proposals, proposer: self.name.clone(), recorded });
        self.keep(Arc::clone(&first));
        if let Some(model) = &self.model
            && let Some(clearance) = reader.clearance_of(source)?
            && clearance.level <= model.most
            && clearance.team.is_none()
        {
            self.ask(&model.server, read, Arc::clone(&first));
        }
        Ok(Some(first))
    }

    /// Asks the model, on a thread of its own, and puts what it says beside what the rules said.
    fn ask(&self, server: &ModelServer, read: reading::Reading, first: Arc<Reading>) {
        let (server, kept) = (server.clone(), Arc::clone(&self.kept));
        std::thread::spawn(move || {
            let rules = Said(first.proposals.clone());
            let Ok(proposals) = Together(vec![&rules, &server]).propose(&read) else { return };
            let both = Arc::new(Reading {
                object: first.object,
                proposals: quoted_rightly(proposals, &first.text),
                text: first.text.clone(),
                proposer: format!("{}, {}", first.proposer, server.name()),
                recorded: first.recorded.clone(),
            });
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = kept.iter_mut().find(|known| Arc::ptr_eq(known, &first)) {
                *place = both;
            }
        });
    }

    /// Whether the source's text was read already, so that [`Desk::read`] costs nothing.
    #[must_use]
    pub fn knows(&self, object: ObjectHash) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|known| known.object == object)
    }

    fn take_out(&self, fits: impl Fn(&Reading) -> bool) -> Option<Arc<Reading>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|known| fits(known))?;
        Some(kept.remove(at))
    }

    fn keep(&self, read: Arc<Reading>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| known.object != read.object);
        kept.insert(0, read);
        kept.truncate(MOST_DOCUMENTS);
        let mut bytes = 0;
        kept.retain(|known| {
            bytes += known.text.len();
            bytes <= MOST_BYTES || bytes == known.text.len()
        });
    }
}

/// Only proposals whose quotation is what stands in the text.
fn quoted_rightly(mut proposals: Vec<Proposal>, text: &str) -> Vec<Proposal> {
    let chars: Vec<char> = text.chars().collect();
    proposals.retain(|proposal| {
        let at = proposal.at();
        chars.get(at.start..at.end).is_some_and(|words| !words.is_empty() && at.quote.chars().eq(words.iter().copied()))
    });
    proposals
}

/// What was proposed already, as a proposer.
struct Said(Vec<Proposal>);

impl Proposer for Said {
    fn propose(&self, _: &reading::Reading) -> Result<Vec<Proposal>, ReadingError> {
        Ok(self.0.clone())
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Desk of {}", self.name)
    }
}
