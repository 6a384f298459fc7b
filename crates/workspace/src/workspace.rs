//! A workspace: made once, opened with its passphrase, closed when it is dropped.

use std::fs::{self, File, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledger::{
    Account, AccountId, Author, Cleared, Genesis, Item, Ledger, Level, Locator, ObjectHash, Settings, SigningKey,
    Timestamp, View,
};
use vault::Vault;

use crate::config::{Config, SlotKind};
use crate::folder::{self, Draft, Layout};
use crate::keys::{self, Secrets};
use crate::{Error, Passphrase, RecoveryCode, extensions};

/// An interrupted addition's leftover is cleared when it was not touched for so long.
const LEFTOVER: Duration = Duration::from_secs(24 * 60 * 60);

/// How a workspace is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A demonstration: any passphrase will do, and deriving its key is cheap.
    pub demonstration: bool,
    /// Where `serve` listens unless told otherwise; without it, on this machine only (127.0.0.1:7070).
    pub listen: Option<SocketAddr>,
}

impl Options {
    /// A demonstration's.
    #[must_use]
    pub fn demonstration() -> Self {
        Options { demonstration: true, listen: None }
    }
}

/// One situation's data, open. May be shared between threads.
#[derive(Debug)]
pub struct Workspace {
    /// What was said.
    pub ledger: Arc<Ledger>,
    /// What it was said with.
    pub vault: Arc<Vault>,
    dir: PathBuf,
    config: Config,
    name: String,
    owner: AccountId,
    search: keys::Hidden,
}

impl Workspace {
    /// Makes a workspace in a folder that is empty or not there. The recovery code is shown now or never.
    ///
    /// `config.toml` is written last: until then, and if it never comes to that, there is no workspace.
    ///
    /// # Errors
    /// When there is something in the folder, the passphrase is too short, or the folder cannot be written.
    pub fn create(
        dir: &Path,
        name: &str,
        owner: &str,
        passphrase: &Passphrase,
        options: Options,
    ) -> Result<(Workspace, RecoveryCode), Error> {
        passphrase.check_new(options.demonstration)?;
        for (what, text) in [("workspace", name), ("owner", owner)] {
            if text.trim().is_empty() || text.len() > 1000 {
                return Err(Error::wrong(format!("the {what} needs a name"), "one short line, in any script"));
            }
        }
        let layout = Layout::new(dir);
        let not_empty = || {
            Error::wrong(
                format!("there is something in {} already", dir.display()),
                "choose an empty folder, or one that does not exist yet",
            )
        };
        if !folder::is_empty(dir)? {
            return Err(not_empty());
        }
        let mut unfinished = Unfinished::new(&layout);
        folder::make_private(dir)?;
        folder::close_to_others(dir)?;
        // From here on no other program can be making a workspace here.
        let draft = Draft::begin(&layout.config()).inspect_err(|_| unfinished.armed = false)?;

        let registry = extensions::registry(dir)?;
        let secrets = Secrets::generate(name, owner)?;
        let code = RecoveryCode::generate()?;
        let openers = [(SlotKind::Passphrase, passphrase.bytes()), (SlotKind::Recovery, code.bytes())];
        let config = Config::new(
            Timestamp::now().date().to_string(),
            options.demonstration,
            options.listen,
            &secrets,
            &openers,
        )?;
        folder::make_private(&layout.out())?;
        let vault = Vault::open(&layout.objects(), *secrets.vault)?;
        private_file(&layout.ledger())?;
        let mut workspace = [0; 16];
        keys::fill(&mut workspace)?;
        let genesis =
            Genesis { workspace, name: name.into(), program: concat!("rapporteur ", env!("CARGO_PKG_VERSION")).into() };
        let account =
            Account { id: AccountId::named(owner), name: owner.into(), level: Level::Restricted, teams: Vec::new() };
        let owner = account.id;
        let ledger = Ledger::create(settings(&layout, &secrets, registry), genesis, account)?;
        config.write(draft)?;
        unfinished.armed = false;
        let made = Workspace {
            ledger: Arc::new(ledger),
            vault: Arc::new(vault),
            dir: dir.into(),
            config,
            name: name.into(),
            owner,
            search: keys::Hidden(secrets.search()?),
        };
        made.close_files_to_others();
        Ok((made, code))
    }

    /// Opens a workspace.
    ///
    /// # Errors
    /// [`Error::NotAWorkspace`], [`Error::Newer`], [`Error::WrongPassphrase`]; [`Error::Damaged`] when the passphrase is
    /// right and `config.toml` or `ledger.db` is not as it was written.
    pub fn open(dir: &Path, passphrase: &Passphrase) -> Result<Workspace, Error> {
        let config = Config::read(dir)?;
        let secrets = config
            .open(SlotKind::Passphrase, passphrase.bytes())?
            .ok_or_else(|| Error::WrongPassphrase { dir: dir.into() })?;
        let layout = Layout::new(dir);
        let registry = extensions::registry(dir)?;
        let vault = Vault::open(&layout.objects(), *secrets.vault)?;
        // A courtesy: what it cannot remove does no harm.
        let _ = vault.clear_leftovers(LEFTOVER);
        let ledger = Ledger::open(settings(&layout, &secrets, registry)).map_err(of_the_right_key)?;
        let opened = Workspace {
            ledger: Arc::new(ledger),
            vault: Arc::new(vault),
            dir: dir.into(),
            config,
            name: secrets.name.clone(),
            owner: AccountId::named(&secrets.owner),
            search: keys::Hidden(secrets.search()?),
        };
        opened.close_files_to_others();
        Ok(opened)
    }

    /// Checks the pages of `ledger.db`, also when it does not open. Nothing, when the keys themselves are what is damaged.
    pub(crate) fn check_file(dir: &Path, passphrase: &Passphrase) -> Result<Vec<ledger::Finding>, Error> {
        let Ok(Some(secrets)) =
            Config::read(dir).and_then(|config| config.open(SlotKind::Passphrase, passphrase.bytes()))
        else {
            return Ok(Vec::new());
        };
        let layout = Layout::new(dir);
        if !layout.ledger().exists() {
            return Ok(Vec::new());
        }
        Ok(Ledger::check_file(&settings(&layout, &secrets, extensions::registry(dir)?))?)
    }

    /// Sets a new passphrase with the recovery code. The code stays valid.
    ///
    /// # Errors
    /// [`Error::WrongRecoveryCode`], and as [`Workspace::open`]; the ledger is not touched.
    pub fn recover(dir: &Path, code: &RecoveryCode, new: &Passphrase) -> Result<(), Error> {
        let wrong = || Error::WrongRecoveryCode { dir: dir.into() };
        replace_passphrase(dir, SlotKind::Recovery, code.bytes(), new, wrong)
    }

    /// Sets a new passphrase with the old one. Who has copies of the old `config.toml` and the old passphrase can still open those.
    ///
    /// # Errors
    /// As [`Workspace::open`]; the ledger is not touched.
    pub fn change_passphrase(dir: &Path, old: &Passphrase, new: &Passphrase) -> Result<(), Error> {
        let wrong = || Error::WrongPassphrase { dir: dir.into() };
        replace_passphrase(dir, SlotKind::Passphrase, old.bytes(), new, wrong)
    }

    /// The name that it was given when it was made.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder for what is published: `out/`.
    #[must_use]
    pub fn out(&self) -> PathBuf {
        Layout::new(&self.dir).out()
    }

    /// The folder of the search indexes, `search/`: a projection, made on the first question; it may be deleted at any time.
    #[must_use]
    pub fn search_folder(&self) -> PathBuf {
        Layout::new(&self.dir).search()
    }

    /// The key that the search indexes are sealed with.
    #[must_use]
    pub fn search_key(&self) -> [u8; 32] {
        *self.search.0
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The account of whoever made the workspace.
    #[must_use]
    pub fn owner(&self) -> Author {
        Author::new(self.owner)
    }

    /// The account of this name; it is made, with this level, if there is none. An account that is there keeps its level.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn account(&self, name: &str, level: Level) -> Result<Author, Error> {
        let id = AccountId::named(name);
        let known = self.ledger.read(&self.keepers_view()?)?.accounts()?.iter().any(|account| account.id == id);
        if !known {
            if name.trim().is_empty() {
                return Err(Error::wrong("an account needs a name", "the name of a person or a program"));
            }
            let account = Account { id, name: name.into(), level, teams: Vec::new() };
            self.ledger.append_new(&self.owner(), vec![Item::Account(account)])?;
        }
        Ok(Author::new(id))
    }

    /// Sets what an account may see, making it if there is none of that name: a level, and the teams beside it.
    ///
    /// # Errors
    /// When the name is empty, or as the ledger says.
    pub fn set_account(&self, name: &str, level: Level, teams: Vec<String>) -> Result<Author, Error> {
        if name.trim().is_empty() {
            return Err(Error::wrong("an account needs a name", "the name of a person or a program"));
        }
        let account = Account { id: AccountId::named(name), name: name.into(), level, teams };
        let author = Author::new(account.id);
        self.ledger.append_new(&self.owner(), vec![Item::Account(account)])?;
        Ok(author)
    }

    /// The place of these words in the text; see [`crate::locate`].
    ///
    /// # Errors
    /// When they are not there, or more than once.
    pub fn locate(
        &self,
        text: &str,
        object: ObjectHash,
        words: &str,
        prefix: Option<&str>,
        suffix: Option<&str>,
        occurrence: Option<usize>,
    ) -> Result<Locator, Error> {
        crate::locate::locate(text, object, words, prefix, suffix, occurrence)
    }

    /// The words between two positions of the text; see [`crate::span`].
    ///
    /// # Errors
    /// When the span is not in the text.
    pub fn span(&self, text: &str, object: ObjectHash, start: u64, end: u64) -> Result<Locator, Error> {
        crate::locate::span(text, object, start, end)
    }

    /// The view of whoever keeps the workspace, of all teams, for its own housekeeping: never for what is shown.
    pub(crate) fn keepers_view(&self) -> Result<View, Error> {
        Ok(View::new(Cleared::for_keeping()))
    }

    /// Files that the database makes are its owner's too. The folder is closed already; this is the second lock.
    fn close_files_to_others(&self) {
        #[cfg(unix)]
        for file in FILES {
            use std::os::unix::fs::PermissionsExt;
            let _ = fs::set_permissions(self.dir.join(file), fs::Permissions::from_mode(0o600));
        }
    }
}

/// Files that a workspace makes beside `config.toml`.
const FILES: [&str; 7] =
    ["ledger.db", "ledger.db-wal", "ledger.db-shm", "index.db", "index.db-wal", "index.db-shm", "checkpoint"];

fn settings(layout: &Layout, secrets: &Secrets, registry: Arc<schema::Registry>) -> Settings {
    Settings {
        database: layout.ledger(),
        index: layout.index(),
        key: *secrets.database,
        index_key: *secrets.index,
        signing: SigningKey::from_seed(&secrets.signing),
        registry,
    }
}

/// A ledger that does not open with the key from its own `config.toml` is damaged, or another workspace's.
fn of_the_right_key(error: ledger::Error) -> Error {
    match error {
        ledger::Error::Damaged { place, problem } => Error::Damaged {
            place,
            problem: format!("{problem} (the passphrase is right: it opened the keys)"),
            hint: "restore ledger.db from a copy of this workspace; nothing was changed".into(),
        },
        other => other.into(),
    }
}

fn replace_passphrase(
    dir: &Path,
    kind: SlotKind,
    secret: &[u8],
    new: &Passphrase,
    wrong: impl Fn() -> Error,
) -> Result<(), Error> {
    let mut config = Config::read(dir)?;
    new.check_new(config.is_demonstration())?;
    let draft = Draft::begin(&Layout::new(dir).config())?;
    config.open(kind, secret)?.ok_or_else(&wrong)?;
    let key = config.unwrap_key(kind, secret)?.ok_or_else(&wrong)?;
    config.put_slot(SlotKind::Passphrase, new.bytes(), &key)?;
    config.write(draft)
}

/// An empty file for its owner alone: the database takes over its permissions, also for its log.
fn private_file(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Error::io("creating", path, source))
}

/// A workspace that is being made. Unless it is finished, what was made of it is removed; the folder was empty before.
struct Unfinished {
    dir: PathBuf,
    made_dir: bool,
    armed: bool,
}

impl Unfinished {
    fn new(layout: &Layout) -> Self {
        Unfinished { dir: layout.dir.clone(), made_dir: !layout.dir.exists(), armed: true }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        for file in FILES {
            let _ = fs::remove_file(self.dir.join(file));
        }
        for folder in ["objects", "out"] {
            let _ = fs::remove_dir(self.dir.join(folder));
        }
        if self.made_dir {
            let _ = fs::remove_dir(&self.dir);
        }
    }
}
