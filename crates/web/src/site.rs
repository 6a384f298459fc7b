//! The site: one workspace, its sessions, and the server around them.

use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use intake::Readers;
use ledger::{Level, Timestamp, View};
use lists::{Lists, Unpacker};
use review::Desk;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use workspace::Workspace;

use crate::Error;
use crate::brought::Brought;
use crate::figure_cache::FigureCache;
use crate::finder::Finder;
use crate::list_cache::Kept;
use crate::matchers::Matchers;
use crate::page::estimate::Estimated;
use crate::session::Sessions;

/// When the whole workspace was last verified from the ledger's page, and what was found.
#[derive(Clone, Debug)]
pub struct Verified {
    pub at: Timestamp,
    pub said: Vec<String>,
    pub ok: bool,
}

/// One workspace, ready to be shown.
pub struct Site {
    pub workspace: Arc<Workspace>,
    sessions: Sessions,
    cookie: String,
    hosts: Vec<String>,
    verified: Mutex<Option<Verified>>,
    pub(crate) figures: FigureCache,
    pub(crate) finder: Finder,
    pub(crate) matchers: Matchers,
    /// Who is on which list, and what was estimated from it.
    pub(crate) lists: Arc<Kept<Lists>>,
    pub(crate) estimates: Kept<Estimated>,
    /// Lists that were brought and not taken in yet.
    pub(crate) brought: Brought,
    /// Who opens workbooks and archives of lists.
    pub(crate) unpacker: Unpacker,
    /// Where documents are read for review; made when the first is.
    desk: OnceLock<Result<Desk, String>>,
    /// Who reads files for their words.
    pub(crate) readers: Readers,
}

impl Site {
    /// It answers to the loopback names only; see [`Site::answering_to`].
    #[must_use]
    pub fn new(workspace: Arc<Workspace>) -> Self {
        // Cookies do not know ports: two workspaces served on one machine must not sign each other out.
        let folder = Sha256::digest(workspace.dir().to_string_lossy().as_bytes());
        let cookie = folder.iter().take(4).fold(String::from("rapporteur-"), |name, byte| format!("{name}{byte:02x}"));
        Site {
            finder: Finder::of(&workspace),
            workspace,
            sessions: Sessions::default(),
            cookie,
            hosts: ["localhost", "127.0.0.1", "::1"].map(String::from).to_vec(),
            verified: Mutex::new(None),
            figures: FigureCache::default(),
            matchers: Matchers::default(),
            lists: Arc::default(),
            estimates: Kept::default(),
            brought: Brought::default(),
            unpacker: Unpacker::here(),
            desk: OnceLock::new(),
            readers: Readers::in_this_process(),
        }
    }

    /// The same, and it answers to this host name as well.
    #[must_use]
    pub fn answering_to(mut self, host: &str) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// The same, with files read by these: by children of the program, under limits.
    #[must_use]
    pub fn reading_with(mut self, readers: Readers) -> Self {
        self.readers = readers;
        self
    }

    /// The same, with workbooks and archives of lists opened by this: by children of the program, under limits.
    #[must_use]
    pub fn unpacking_with(mut self, unpacker: Unpacker) -> Self {
        self.unpacker = unpacker;
        self
    }

    /// The same, with proposals made at this desk.
    #[must_use]
    pub fn proposing_with(mut self, desk: Desk) -> Self {
        self.desk = OnceLock::from(Ok(desk));
        self
    }

    /// Where documents are read for review.
    pub(crate) fn desk(&self) -> Result<&Desk, &str> {
        self.desk.get_or_init(|| Desk::with_rules().map_err(|error| error.to_string())).as_ref().map_err(String::as_str)
    }

    /// A link that signs the workspace's owner in, once. `base` is like `http://127.0.0.1:7070`.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn sign_in_link(&self, base: &str) -> Result<String, Error> {
        Ok(format!("{}/enter?key={}", base.trim_end_matches('/'), self.sessions.new_key()?))
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn cookie_name(&self) -> &str {
        &self.cookie
    }

    pub(crate) fn hosts(&self) -> &[String] {
        &self.hosts
    }

    pub(crate) fn verified(&self) -> Option<Verified> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_verified(&self, verified: Verified) {
        *self.verified.lock().unwrap_or_else(PoisonError::into_inner) = Some(verified);
    }

    /// Spends a key. `None`: the key is wrong or was used.
    pub(crate) fn enter(&self, key: &str) -> Result<Option<String>, Error> {
        let owner = self.workspace.owner().account;
        // The list of accounts is no testimony: who may see what is read from it, so it is read before anybody may see anything.
        let accounts = self.workspace.ledger.read(&View::new(ledger::Cleared::to(Level::Restricted)))?.accounts()?;
        let Some(account) = accounts.into_iter().find(|account| account.id == owner) else { return Ok(None) };
        let cleared =
            account.teams.iter().fold(ledger::Cleared::to(account.level), |cleared, team| cleared.with_team(team));
        Ok(self.sessions.enter(key, account.id, account.name, cleared)?)
    }
}

/// Serves the pages until `shutdown` is done; requests under way are answered first.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    site: Arc<Site>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    axum::serve(listener, crate::router(site)).with_graceful_shutdown(shutdown).await?;
    Ok(())
}
