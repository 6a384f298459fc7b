//! Who is here: one-time keys, and the sessions that they open.
//!
//! A key is printed where only the person who started the program can read it; it opens one session and is then spent.
//! Keys and sessions live in memory: whoever restarts the program signs in again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger::{AccountId, AsOf, Cleared, Level, View};
use sha2::{Digest, Sha256};

/// A session that nobody uses for this long is over.
const IDLE: Duration = Duration::from_secs(12 * 60 * 60);

/// What a reader chose to look through. Clearance can be lowered by choice, never raised.
#[derive(Clone, Debug)]
pub struct Choice {
    pub as_of: AsOf,
    pub level: Option<Level>,
    pub standard: String,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    pub account: AccountId,
    pub name: String,
    pub cleared: Cleared,
    pub choice: Choice,
    /// Every form carries it: another site's page cannot know it.
    pub token: String,
}

impl Session {
    /// What this session's reads go through.
    #[must_use]
    pub fn view(&self) -> View {
        let cleared = match self.choice.level {
            Some(level) => self.cleared.lowered_to(level),
            None => self.cleared.clone(),
        };
        View::new(cleared).at(self.choice.as_of).under(&self.choice.standard)
    }

    /// The token as one page carries it: masked anew each time, so that what a compressed page weighs says nothing of it
    /// (BREACH, CVE-2013-3587).
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn masked_token(&self) -> Result<String, getrandom::Error> {
        let mask = secret()?;
        Ok(format!("{mask}{}", crossed(&mask, &self.token)))
    }

    /// Whether a form carries this session's token.
    #[must_use]
    pub fn owns(&self, masked: &str) -> bool {
        let Some((mask, rest)) = masked.split_at_checked(masked.len() / 2) else { return false };
        let token = crossed(mask, rest);
        let differs = token.bytes().zip(self.token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        differs == 0 && token.len() == self.token.len()
    }

    #[must_use]
    pub fn looks_at_the_past(&self) -> bool {
        self.choice.as_of != AsOf::Now
    }
}

#[derive(Default)]
pub struct Sessions {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    keys: HashMap<[u8; 32], ()>,
    open: HashMap<[u8; 32], (Session, Instant)>,
}

impl Sessions {
    /// A new one-time key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new_key(&self) -> Result<String, getrandom::Error> {
        let key = secret()?;
        self.held().keys.insert(digest(&key), ());
        Ok(key)
    }

    /// Spends a key and opens a session: the secret for its cookie. `None`: the key is wrong or was used.
    pub fn enter(
        &self,
        key: &str,
        account: AccountId,
        name: String,
        cleared: Cleared,
    ) -> Result<Option<String>, getrandom::Error> {
        if self.held().keys.remove(&digest(key)).is_none() {
            return Ok(None);
        }
        let (cookie, token) = (secret()?, secret()?);
        let choice = Choice { as_of: AsOf::Now, level: None, standard: "all-allegations".into() };
        let session = Session { account, name, cleared, choice, token };
        let mut held = self.held();
        held.open.retain(|_, (_, used)| used.elapsed() < IDLE);
        held.open.insert(digest(&cookie), (session, Instant::now()));
        Ok(Some(cookie))
    }

    pub fn find(&self, cookie: &str) -> Option<Session> {
        let mut held = self.held();
        let (session, used) = held.open.get_mut(&digest(cookie))?;
        if used.elapsed() >= IDLE {
            return None;
        }
        *used = Instant::now();
        Some(session.clone())
    }

    pub fn choose(&self, cookie: &str, choice: Choice) {
        if let Some((session, _)) = self.held().open.get_mut(&digest(cookie)) {
            session.choice = choice;
        }
    }

    pub fn leave(&self, cookie: &str) {
        self.held().open.remove(&digest(cookie));
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 256 random bits, in hexadecimal.
pub(crate) fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One hexadecimal text upon another, digit by digit; empty when they are not of one length or not hexadecimal.
fn crossed(a: &str, b: &str) -> String {
    let digits = |text: &str| text.chars().map(|c| c.to_digit(16)).collect::<Option<Vec<u32>>>();
    match (digits(a), digits(b)) {
        (Some(a), Some(b)) if a.len() == b.len() => {
            a.iter().zip(&b).filter_map(|(a, b)| char::from_digit(a ^ b, 16)).collect()
        }
        _ => String::new(),
    }
}

/// Secrets are looked up by their hash: the time that a look-up takes says nothing of the secret.
fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_one_session() {
        let sessions = Sessions::default();
        let key = sessions.new_key().unwrap();
        let account = AccountId::named("x");
        let cleared = Cleared::to(Level::Internal);
        let cookie = sessions.enter(&key, account, "x".into(), cleared.clone()).unwrap().unwrap();
        assert!(sessions.find(&cookie).is_some());
        assert!(sessions.enter(&key, account, "x".into(), cleared.clone()).unwrap().is_none(), "spent");
        assert!(sessions.enter("wrong", account, "x".into(), cleared).unwrap().is_none());
        assert!(sessions.find("wrong").is_none());
        sessions.leave(&cookie);
        assert!(sessions.find(&cookie).is_none());
    }

    #[test]
    fn a_page_s_token_is_this_session_s_and_never_the_same_twice() {
        let sessions = Sessions::default();
        let open = || {
            let key = sessions.new_key().unwrap();
            let entered = sessions.enter(&key, AccountId::named("x"), "x".into(), Cleared::to(Level::Public));
            sessions.find(&entered.unwrap().unwrap()).unwrap()
        };
        let (ours, theirs) = (open(), open());
        let (one, two) = (ours.masked_token().unwrap(), ours.masked_token().unwrap());
        assert!(one != two && ours.owns(&one) && ours.owns(&two));
        for wrong in ["", "é", "00", &ours.token, &theirs.masked_token().unwrap()] {
            assert!(!ours.owns(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_choice_never_raises_the_clearance() {
        let sessions = Sessions::default();
        let key = sessions.new_key().unwrap();
        let cookie =
            sessions.enter(&key, AccountId::named("x"), "x".into(), Cleared::to(Level::Partners)).unwrap().unwrap();
        let choice = Choice { as_of: AsOf::Now, level: Some(Level::Restricted), standard: "corroborated".into() };
        sessions.choose(&cookie, choice);
        assert_eq!(sessions.find(&cookie).unwrap().view().cleared.level(), Level::Partners);
    }
}
