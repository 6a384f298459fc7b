//! Words in pictures, by tesseract, if it is installed. It is a program of its own, called with a picture on its
//! standard input; it gets the child's limits, and a time of its own.

use crate::document::Options;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// For one picture.
const WALL: Duration = Duration::from_secs(45);
const MAX_WORDS: u64 = 4 << 20;

pub struct Reader {
    program: PathBuf,
    languages: Vec<String>,
    missing: Vec<String>,
}

impl Reader {
    /// Finds tesseract and the languages it has; or says plainly, as the end of a sentence, that it has not.
    pub fn find(options: &Options) -> Result<Self, String> {
        const HINT: &str =
            "install it with the languages you need (Debian: tesseract-ocr, tesseract-ocr-khm) and add the file again";
        let program = std::env::var_os("PATH")
            .and_then(|path| {
                std::env::split_paths(&path).map(|folder| folder.join("tesseract")).find(|file| file.is_file())
            })
            .ok_or_else(|| format!("and their words were not read: tesseract is not installed; {HINT}"))?;
        let listed = Command::new(&program)
            .arg("--list-langs")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .map_err(|error| format!("and their words were not read: tesseract cannot be run ({error})"))?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let has = |language: &String| listed.lines().any(|line| line.trim() == language);
        let named = |language: &&String| {
            language.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !language.is_empty()
        };
        let (languages, missing): (Vec<String>, Vec<String>) =
            options.ocr_languages.iter().filter(named).cloned().partition(|language| has(language));
        if languages.is_empty() {
            return Err(format!(
                "and their words were not read: tesseract has none of the languages {}; {HINT}",
                missing.join(", ")
            ));
        }
        Ok(Self { program, languages, missing })
    }

    /// What a reader should know of the languages that are not there.
    pub fn warning(&self) -> Option<String> {
        (!self.missing.is_empty())
            .then(|| format!("tesseract has not the language {}; words in it were misread", self.missing.join(", ")))
    }

    /// The words of one picture; paragraphs are parted by empty lines.
    pub fn read(&self, picture: &[u8]) -> Result<String, String> {
        let mut child = Command::new(&self.program)
            .args(["-", "-", "-l", &self.languages.join("+")])
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("tesseract cannot be run ({error})"))?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("tesseract's pipes failed".to_owned());
        };
        let begun = Instant::now();
        let words = std::thread::scope(|scope| {
            scope.spawn(move || stdin.write_all(picture).is_ok());
            let reading = scope.spawn(move || {
                let mut words = Vec::new();
                let whole = stdout.take(MAX_WORDS).read_to_end(&mut words).is_ok();
                (whole, words)
            });
            while !reading.is_finished() {
                if begun.elapsed() > WALL {
                    let _ = child.kill();
                    break;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            reading.join().map_err(|_| "tesseract's answer could not be read".to_owned())
        });
        let status = child.wait().map_err(|error| error.to_string())?;
        match words? {
            (true, words) if status.success() => Ok(String::from_utf8_lossy(&words).replace('\u{c}', "\n\n")),
            _ if begun.elapsed() > WALL => Err(format!("tesseract took longer than {} seconds", WALL.as_secs())),
            _ => Err(format!("tesseract failed ({status})")),
        }
    }
}
