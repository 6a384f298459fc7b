//! Steps with a name and a time; the first that fails ends the run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What has been run so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration)>,
    skipped: Vec<(String, String)>,
}

impl Steps {
    /// Runs one step.
    ///
    /// # Errors
    /// The step's own message, with its name before it.
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        eprintln!("── {name}");
        let start = Instant::now();
        work().map_err(|why| format!("FAILED: {name}, after {}. {why}", seconds(start.elapsed())))?;
        eprintln!("── {name}: done in {}", seconds(start.elapsed()));
        self.done.push((name.into(), start.elapsed()));
        Ok(())
    }

    /// Runs cargo as a step; `hint` says what to do when it fails.
    ///
    /// # Errors
    /// Cargo could not be started, or ended with a failure.
    pub fn cargo(&mut self, name: &str, root: &Path, arguments: &[&str], hint: &str) -> Result<(), String> {
        self.run(name, || {
            let mut command = Command::new(cargo());
            command.current_dir(root).args(arguments);
            finish(&mut command).map_err(|why| format!("{why}: {hint}."))
        })
    }

    /// Says that a step is left out, and why.
    pub fn skip(&mut self, name: &str, why: &str) {
        eprintln!("── {name}: left out ({why})");
        self.skipped.push((name.into(), why.into()));
    }

    /// The last lines: what was done, in which time, and what was left out.
    pub fn close(&self) {
        eprintln!("\nAll steps done:");
        for (name, time) in &self.done {
            eprintln!("  {:>9}  {name}", seconds(*time));
        }
        for (name, why) in &self.skipped {
            eprintln!("  {:>9}  {name}: {why}", "left out");
        }
    }
}

/// Runs a command to its end, with its output shown and nothing on its standard input.
///
/// # Errors
/// It could not be started, or ended with a failure.
pub fn finish(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    let status = command.stdin(Stdio::null()).status().map_err(|error| format!("`{shown}` did not start ({error})"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` ended with {status}")) }
}

/// The cargo that started this program, so that a chosen toolchain stays chosen.
pub fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_says_what_to_do() {
        let mut steps = Steps::default();
        assert!(steps.run("first", || Ok(())).is_ok());
        let message = steps.run("second", || Err("put it right".into())).unwrap_err();
        assert!(message.starts_with("FAILED: second, after "), "{message}");
        assert!(message.ends_with("put it right"), "{message}");
        assert_eq!(steps.done.len(), 1);
    }

    #[test]
    fn a_command_that_is_not_there_is_named() {
        let message = finish(&mut Command::new("/no/such/rapporteur-tool")).unwrap_err();
        assert!(message.contains("rapporteur-tool"), "{message}");
    }
}
