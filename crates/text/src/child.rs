//! Reading in a child process, under limits.
//!
//! A file that makes its reader run wild costs one error: the child is stopped and the server goes on. A child
//! serves many files in turn, because starting one costs more than reading most files; a breach ends it.

use crate::document::{Document, Options};
use crate::error::Error;
use crate::frame::{self, Heard};
use std::ffi::{OsStr, OsString};
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a child may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space.
    pub memory: u64,
    /// Computing time for one file.
    pub cpu: Duration,
    /// Time on the clock for one file.
    pub wall: Duration,
    /// Bytes of the answer, attachments included.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, cpu: Duration::from_secs(20), wall: Duration::from_secs(60), output: 64 << 20 }
    }
}

/// Where the child finds its limits: it sets them before it reads anything, so they cannot come with a file.
const VARIABLE: &str = "RAPPORTEUR_CONVERT_LIMITS";
/// After so many files a child ends and another begins: leaks stay small.
const FILES_PER_CHILD: u32 = 500;
/// The hard limit on computing time, in files' worth; the soft one moves up with each file.
const FILES_OF_CPU: u64 = 30;

/// Reads one file in a child process: `program arguments…` must end in [`serve_child`].
///
/// # Errors
/// [`Error::Stopped`] when a limit was broken, [`Error::Converter`] when the program cannot be run; else what
/// [`crate::extract`] says.
pub fn convert(
    program: &Path,
    arguments: &[&OsStr],
    bytes: &[u8],
    file_name: &str,
    options: &Options,
    limits: &Limits,
) -> Result<Document, Error> {
    Converter::new(program, arguments, limits).convert(bytes, file_name, options)
}

/// Reads many files in a child process, one after the other. Use one for each thread.
pub struct Converter {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    worker: Option<Worker>,
}

struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Converter {
    /// Starts nothing yet.
    pub fn new(program: &Path, arguments: &[&OsStr], limits: &Limits) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            limits: limits.clone(),
            worker: None,
        }
    }

    /// Reads one file.
    ///
    /// # Errors
    /// As [`convert`]. After any error the next file is read all the same, by a new child if need be.
    pub fn convert(&mut self, bytes: &[u8], file_name: &str, options: &Options) -> Result<Document, Error> {
        if bytes.is_empty() {
            return Err(Error::Empty);
        }
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        let output = self.limits.output;
        let (tell, told) = mpsc::channel();
        let heard = std::thread::scope(|scope| {
            let (stdin, stdout) = (&mut worker.stdin, &mut worker.stdout);
            // A child that dies does not read to the end: that shows in its answer, not here.
            scope.spawn(move || frame::write_request(&mut BufWriter::new(stdin), file_name, options, bytes).is_ok());
            scope.spawn(move || tell.send(frame::read_answer(&mut BufReader::new(stdout), output)).is_ok());
            let heard = told.recv_timeout(self.limits.wall);
            if !matches!(heard, Ok(Heard::Answer(_))) {
                // Both threads end when the pipes close. A child that is ending by itself gets a moment to say why.
                if matches!(heard, Ok(Heard::Nothing)) {
                    linger(&mut worker.child);
                }
                let _ = worker.child.kill();
            }
            heard
        });
        match heard {
            Ok(Heard::Answer(answer)) => {
                if answer.last {
                    worker.dismiss();
                } else {
                    self.worker = Some(worker);
                }
                answer.outcome
            }
            Ok(Heard::TooLong) => {
                worker.dismiss();
                Err(stopped(format!(
                    "its words and attachments are more than the {} MB that one file may give",
                    output >> 20
                )))
            }
            Ok(Heard::Nothing) => Err(self.explain(worker)),
            Err(_) => {
                worker.dismiss();
                Err(stopped(format!("it took longer than {} seconds", self.limits.wall.as_secs_f32())))
            }
        }
    }

    fn start(&self) -> Result<Worker, Error> {
        let failed = |error: std::io::Error| Error::Converter { why: format!("{}: {error}", self.program.display()) };
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .env(VARIABLE, format!("{},{}", self.limits.memory, self.limits.cpu.as_secs().max(1)))
            // glibc sets 64 MB of address space aside for each thread otherwise.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for kept in ["PATH", "TESSDATA_PREFIX", "LANG", "LC_ALL", "SystemRoot"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        let mut child = command.spawn().map_err(failed)?;
        let (Some(stdin), Some(stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Error::Converter { why: "its pipes could not be opened".to_owned() });
        };
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        // Drained to the end, so that a talkative child does not block; only the beginning is kept.
        std::thread::spawn(move || {
            let mut piece = [0_u8; 1024];
            while let Ok(count @ 1..) = stderr.read(&mut piece) {
                if let Ok(mut said) = heard.lock()
                    && said.len() < 4096
                {
                    said.extend_from_slice(&piece[..count]);
                }
            }
        });
        Ok(Worker { child, stdin, stdout, said })
    }

    /// Why a child ended without an answer.
    fn explain(&self, mut worker: Worker) -> Error {
        let status = worker.child.wait();
        // What it said last may still be in the pipe.
        std::thread::sleep(Duration::from_millis(20));
        let said = worker.said.lock().map(|said| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
        if said.contains("memory allocation of") || said.contains("out of memory") {
            return stopped(format!(
                "it needs more than the {} MB of memory that one file may use",
                self.limits.memory >> 20
            ));
        }
        if said.contains("overflowed its stack") {
            return stopped("its parts are nested too deeply");
        }
        match status.ok().and_then(signal) {
            Some(24) => stopped(format!("it took more than {} seconds of computing", self.limits.cpu.as_secs())),
            Some(25) => stopped("it tried to write a file"),
            Some(9) => stopped("it was ended by the system (too much memory or computing)"),
            Some(number) => stopped(format!("its reader fell over (signal {number})")),
            None => Error::Converter {
                why: format!(
                    "{} ended without an answer{}",
                    self.program.display(),
                    crate::count::head(&format!(": {}", said.trim()), 300)
                ),
            },
        }
    }
}

impl Drop for Converter {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.dismiss();
        }
    }
}

impl Worker {
    fn dismiss(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits a moment for a child that has closed its end.
fn linger(child: &mut Child) {
    for _ in 0..50 {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn stopped(why: impl Into<String>) -> Error {
    Error::Stopped { why: why.into() }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// What the child runs: it limits itself, then reads each file that comes on standard input and answers on
/// standard output, until there are no more.
pub fn serve_child() -> ExitCode {
    serve_child_with(crate::extract)
}

/// [`serve_child`] with another reader (tests run wild ones).
#[doc(hidden)]
pub fn serve_child_with(reader: fn(&[u8], &str, &Options) -> Result<Document, Error>) -> ExitCode {
    let given = std::env::var(VARIABLE).unwrap_or_default();
    let (memory, cpu) = given
        .split_once(',')
        .and_then(|(memory, cpu)| Some((memory.parse().ok()?, cpu.parse().ok()?)))
        .unwrap_or((Limits::default().memory, Limits::default().cpu.as_secs()));
    if let Err(error) = limit(memory, cpu) {
        eprintln!("the limits could not be set: {error}");
        return ExitCode::FAILURE;
    }
    // A reader that gives up is reported in the answer; its own words would only confuse.
    std::panic::set_hook(Box::new(|_| {}));
    // Parsers of nested things recurse: give them room, so that their own depth limits come first.
    let served = std::thread::Builder::new().stack_size(64 << 20).spawn(move || serve(reader, cpu));
    match served.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve(reader: fn(&[u8], &str, &Options) -> Result<Document, Error>, cpu: u64) -> std::io::Result<()> {
    let mut input = BufReader::new(std::io::stdin());
    let mut output = BufWriter::new(std::io::stdout());
    for number in 1.. {
        let used = seconds_used();
        allow_until(used + cpu + 1);
        let Some(request) = frame::read_request(&mut input)? else { break };
        let outcome = reader(&request.bytes, &request.file_name, &request.options);
        let last = number >= FILES_PER_CHILD || used > cpu * (FILES_OF_CPU - 2);
        frame::write_answer(&mut output, outcome, last)?;
        if last {
            break;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn limit(memory: u64, cpu: u64) -> std::io::Result<()> {
    use rlimit::Resource;
    let set = |resource: Resource, soft: u64, hard: u64| {
        // A limit that the system already keeps lower stays so.
        let (_, most) = resource.get()?;
        resource.set(soft.min(most), hard.min(most))
    };
    if cfg!(target_os = "linux") {
        set(Resource::AS, memory, memory)?;
    }
    set(Resource::CPU, cpu + 1, cpu.saturating_mul(FILES_OF_CPU))?;
    set(Resource::FSIZE, 0, 0)?;
    set(Resource::CORE, 0, 0)?;
    set(Resource::NOFILE, 32, 32)
}

#[cfg(not(unix))]
fn limit(_: u64, _: u64) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn allow_until(seconds: u64) {
    if let Ok((_, hard)) = rlimit::Resource::CPU.get() {
        let _ = rlimit::Resource::CPU.set(seconds.min(hard), hard);
    }
}

#[cfg(not(unix))]
fn allow_until(_: u64) {}

/// Seconds of computing this process has used (Linux; elsewhere the limit is one for all its files).
fn seconds_used() -> u64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0 };
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks =
        |index: usize| after.split_whitespace().nth(index).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or(0);
    // Fields 14 and 15 of proc(5): user and system time, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100
}
