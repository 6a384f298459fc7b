//! Asking the server: a part of the document at a time, and nothing but the document.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reading::{Error as ReadingError, Proposal, Proposer, Reading};
use schema::Registry;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::{Error, answer};

/// Characters of a document that are sent at once: a small model on a laptop reads so much with care.
const PART: usize = 6_000;
/// An answer longer than this is not read.
const LONGEST_ANSWER: u64 = 2 * 1024 * 1024;
/// A model on a laptop's processor may think for minutes.
const PATIENCE: Duration = Duration::from_secs(300);

const TASK: &str = "You code documents for a human rights monitor. Answer with one JSON object {\"proposals\": [...]} and nothing \
else. Kinds: act {kind, type, victim {name or null, group {min, max, description} or null, is}, date, place, agent, provisions, \
sentence {months, to_serve_months, fine} or null, asserter, quote, relevance}; count {kind, unit, min, max, population, window, \
asserter, quote}; saying {kind, asserter, role, quote}; request {kind, addressee, asserter, quote}; citation {kind, ref, quote}; \
signatory {kind, name, quote}. An act is what the text says did happen to somebody: not what is denied, feared, demanded, threatened \
as a penalty or yet to come. Every quote is copied from the text, word for word, and shows the victim and the event. Dates are EDTF \
(2023-05, 2020-07-31, 2020-07-31/2020-09-10); null where the text gives none. The asserter is who says so; null is the document \
itself. Never add what the text does not say.";

/// A model server on this machine.
#[derive(Clone, Debug)]
pub struct ModelServer {
    address: Url,
    model: String,
    registry: Arc<Registry>,
}

impl ModelServer {
    /// The server at this address (`http://127.0.0.1:8080/v1`), asked for this model.
    ///
    /// # Errors
    /// [`Error::Address`] when the address is not of this machine: a document is not to leave it by a slip in a file.
    pub fn new(address: &str, model: &str, registry: Arc<Registry>) -> Result<Self, Error> {
        let wrong = || Error::Address { address: address.into() };
        let address = Url::parse(address).map_err(|_| wrong())?;
        let here = match address.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        };
        if !here || address.scheme() != "http" {
            return Err(wrong());
        }
        Ok(ModelServer { address, model: model.into(), registry })
    }

    /// What it calls itself in the ledger, as the maker of proposals.
    #[must_use]
    pub fn name(&self) -> String {
        format!("model {}", self.model)
    }

    /// What the model proposes from this document, in the order of the text.
    ///
    /// # Errors
    /// [`Error::NoAnswer`] when the server cannot be reached or answers with an error. What it answers wrongly is dropped.
    pub fn read(&self, reading: &Reading) -> Result<Vec<Proposal>, Error> {
        let mut all = Vec::new();
        for part in parts(&reading.text) {
            let text = self.ask(reading, part.1)?;
            all.extend(answer::proposals(&text, reading, part, &self.registry));
        }
        all.sort_by_key(|proposal| (proposal.at().start, proposal.at().end));
        Ok(all)
    }

    fn ask(&self, reading: &Reading, words: &str) -> Result<String, Error> {
        let failed = |problem: String| Error::NoAnswer { address: self.address.to_string(), problem };
        let date = reading.published.map_or_else(|| "unknown".to_owned(), |date| date.canonical());
        let question = json!({
            "model": self.model,
            "temperature": 0,
            "seed": 1,
            "response_format": { "type": "json_object" },
            "messages": [
                { "role": "system", "content": TASK },
                { "role": "user", "content": format!("Date of the document: {date}\n\n{words}") },
            ],
        });
        let agent: ureq::Agent =
            ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).proxy(None).build().into();
        let address = format!("{}/chat/completions", self.address.as_str().trim_end_matches('/'));
        let mut response = agent.post(&address).send_json(&question).map_err(|error| failed(error.to_string()))?;
        let body = response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
        let body: Value = serde_json::from_str(&body.map_err(|error| failed(error.to_string()))?)
            .map_err(|error| failed(format!("its answer is no JSON: {error}")))?;
        let content = body.pointer("/choices/0/message/content").and_then(Value::as_str);
        content.map(str::to_owned).ok_or_else(|| failed("its answer has no message in it".into()))
    }
}

impl Proposer for ModelServer {
    fn propose(&self, reading: &Reading) -> Result<Vec<Proposal>, ReadingError> {
        self.read(reading).map_err(|error| ReadingError::Proposer { problem: error.to_string() })
    }
}

/// The text in parts that end at a paragraph where they can; each with its first code point.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut rest, mut first) = (text, 0);
    while !rest.trim().is_empty() {
        let most = rest.char_indices().nth(PART).map_or(rest.len(), |(byte, _)| byte);
        let head = rest.get(..most).unwrap_or(rest);
        let end = match head.rfind("\n\n").or_else(|| head.rfind('\n')) {
            Some(at) if most < rest.len() && at > 0 => at + 1,
            _ => head.len(),
        };
        let (part, after) = rest.split_at(end);
        if !part.trim().is_empty() {
            parts.push((first, part));
        }
        first += part.chars().count();
        rest = after;
    }
    parts
}

/// Several proposers as one: what the first proposes stands; what a later one proposes on the same words, of the same kind, is left out.
pub struct Together<'a>(pub Vec<&'a dyn Proposer>);

impl Proposer for Together<'_> {
    fn propose(&self, reading: &Reading) -> Result<Vec<Proposal>, ReadingError> {
        let mut all: Vec<Proposal> = Vec::new();
        for proposer in &self.0 {
            for new in proposer.propose(reading)? {
                let said = all.iter().any(|known| {
                    let (a, b) = (known.at(), new.at());
                    same_matter(known, &new) && a.start < b.end && b.start < a.end
                });
                if !said {
                    all.push(new);
                }
            }
        }
        all.sort_by_key(|proposal| (proposal.at().start, proposal.at().end));
        Ok(all)
    }
}

fn same_matter(a: &Proposal, b: &Proposal) -> bool {
    match (a, b) {
        (Proposal::Act(a), Proposal::Act(b)) => a.act_type == b.act_type && a.victim.name == b.victim.name,
        (Proposal::Count(a), Proposal::Count(b)) => (a.min, a.max) == (b.min, b.max),
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    const TEXT: &str = "PHNOM PENH, 3 May 2023 - Police arrested Prum Sovathy at his home on Tuesday, her lawyer said.\n\n\
                        At least 21 defenders were held, the group says.";

    /// A server that gives this answer to whoever asks, and tells what was asked.
    fn server(content: &str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let body = json!({"choices": [{"message": {"content": content}}]}).to_string();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let count = stream.read(&mut buffer).unwrap();
                asked.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&asked).into_owned();
                let Some((head, sent)) = text.split_once("\r\n\r\n") else { continue };
                let length = head
                    .lines()
                    .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
                if sent.len() >= length.unwrap().parse::<usize>().unwrap() {
                    break;
                }
            }
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked).into_owned()
        });
        (address, thread)
    }

    fn read(content: &str) -> Vec<Proposal> {
        let (address, thread) = server(content);
        let server = ModelServer::new(&address, "small", Registry::builtin().unwrap()).unwrap();
        let reading = reading::read_text(TEXT.as_bytes(), "a.txt").unwrap();
        let proposals = server.propose(&reading).unwrap();
        let asked = thread.join().unwrap();
        assert!(asked.starts_with("POST /v1/chat/completions"));
        assert!(asked.contains("Prum Sovathy"));
        for proposal in &proposals {
            let at = proposal.at();
            assert_eq!(reading.slice(at.start, at.end), at.quote);
        }
        proposals
    }

    #[test]
    fn what_is_in_the_text_is_proposed_at_its_place() {
        let found = read(
            r#"Sure! {"proposals": [
              {"kind":"act","type":"arrest","victim":{"name":"Prum Sovathy","is":"person"},"date":"2023-05-02","agent":"Police","provisions":[495],"quote":"Police arrested Prum Sovathy","start":1,"end":2},
              {"kind":"count","unit":"persons","min":21,"max":null,"population":"defenders","quote":"At least 21 defenders were held"}]}"#,
        );
        let [Proposal::Act(act), Proposal::Count(count)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((act.victim.name.as_deref(), act.date.as_deref()), (Some("Prum Sovathy"), Some("2023-05-02")));
        assert!(act.provisions.is_empty(), "the text has no article 495");
        assert_eq!(act.at.start, TEXT.chars().take_while(|c| *c != 'P').count() + TEXT[..].find("Police").unwrap());
        assert_eq!((count.min, count.max), (Some(21), None));
    }

    #[test]
    fn what_is_not_in_the_text_is_dropped() {
        for answer in [
            r#"{"proposals":[{"kind":"act","type":"arrest","victim":{"name":"Prum Sovathy"},"quote":"Police arrested Sovathy"}]}"#,
            r#"{"proposals":[{"kind":"act","type":"arrest","victim":{"name":"Kem Sokha"},"quote":"Police arrested Prum Sovathy"}]}"#,
            r#"{"proposals":[{"kind":"act","type":"coup","victim":{"name":"Prum Sovathy"},"quote":"Police arrested Prum Sovathy"}]}"#,
            r#"{"proposals":[{"kind":"count","unit":"dragons","min":21,"quote":"At least 21 defenders"}]}"#,
            r#"{"proposals":[{"kind":"count","unit":"persons","min":22,"max":21,"quote":"At least 21 defenders"}]}"#,
            r#"{"proposals":[{"kind":"saying","asserter":"Nobody Here","quote":"her lawyer said"}]}"#,
            r#"{"proposals":[{"kind":"act","type":"sentence","victim":{"name":"Prum Sovathy"},"sentence":{"months":12,"to_serve_months":40},"quote":"Police arrested Prum Sovathy"}]}"#,
            "I cannot help with that.",
            "{\"proposals\": 12}",
            "]{",
        ] {
            assert!(read(answer).is_empty(), "{answer}");
        }
    }

    #[test]
    fn only_this_machine_is_asked() {
        let registry = Registry::builtin().unwrap();
        for address in [
            "http://models.example.org/v1",
            "https://127.0.0.1/v1",
            "http://10.0.0.7:8080/v1",
            "ftp://localhost",
            "nonsense",
            "http://localhost.example.org/",
        ] {
            assert!(ModelServer::new(address, "m", registry.clone()).is_err(), "{address}");
        }
        for address in ["http://127.0.0.1:8080/v1", "http://localhost:11434/v1", "http://[::1]:1/v1"] {
            assert!(ModelServer::new(address, "m", registry.clone()).is_ok(), "{address}");
        }
    }

    #[test]
    fn a_server_that_is_not_there_is_said() {
        let server = ModelServer::new("http://127.0.0.1:9/v1", "m", Registry::builtin().unwrap()).unwrap();
        let reading = reading::read_text(TEXT.as_bytes(), "a.txt").unwrap();
        assert!(server.propose(&reading).unwrap_err().to_string().contains("did not answer"));
    }

    #[test]
    fn parts_cover_the_text_in_order() {
        let text = "ក្រុម words here.\n".repeat(2000);
        let mut next = 0;
        for (first, part) in parts(&text) {
            assert_eq!(first, next);
            assert!(part.chars().count() <= PART);
            next = first + part.chars().count();
        }
        assert_eq!(next, text.chars().count());
    }
}
