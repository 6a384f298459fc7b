//! `cargo xtask`: the chores of the project, in Rust, so that a clone needs no other tool to begin with.
//!
//! Must never decide what a test means: it runs the steps, times them, and names the first that failed.
#![forbid(unsafe_code)]

mod browser;
mod steps;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use steps::Steps;

const HELP: &str = "\
cargo xtask test [--no-browser]   every check, in the order in which a mistake is cheapest to find:
                                  format, clippy, tests, licences of dependencies, pages in a browser
cargo xtask browser               only the pages in a browser
cargo xtask tools                 only install, or name, what the checks need

Set CARGO_TARGET_DIR to keep build products elsewhere, CHROMIUM to use another browser,
SCREENSHOTS=DIR to keep pictures of the pages.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => report(test(true)),
        ["test", "--no-browser"] => report(test(false)),
        ["browser"] => report(pages()),
        ["tools"] => report(tools::ensure(true)),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{HELP}");
            ExitCode::from(2)
        }
    }
}

/// Every check, stopping at the first that fails.
fn test(with_browser: bool) -> Result<(), String> {
    let root = root()?;
    let mut steps = Steps::default();
    steps.run("tools", || tools::ensure(with_browser))?;
    steps.cargo("format", &root, &["fmt", "--all", "--check"], "run `cargo fmt --all`")?;
    // One profile, release, for all of it: the heavy dependencies are compiled once.
    let clippy = ["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.cargo("clippy", &root, &clippy, "each warning above says what would be better")?;
    let tests = ["test", "--release", "--workspace"];
    steps.cargo("tests", &root, &tests, "the lines marked FAILED above name the tests")?;
    if tools::has_cargo_deny() {
        // Advisories need the network, so they are a release's check: `cargo deny check`.
        let deny = ["deny", "check", "licenses", "bans", "sources"];
        steps.cargo("licences of dependencies", &root, &deny, "deny.toml says what may come in, and why")?;
    } else {
        steps.skip("licences of dependencies", "cargo-deny is not installed: cargo install --locked cargo-deny");
    }
    if with_browser {
        look_at_pages(&mut steps, &root)?;
    } else {
        steps.skip("pages in a browser", "--no-browser");
    }
    steps.close();
    Ok(())
}

/// Only the pages in a browser.
fn pages() -> Result<(), String> {
    tools::ensure(true)?;
    look_at_pages(&mut Steps::default(), &root()?)
}

fn look_at_pages(steps: &mut Steps, root: &Path) -> Result<(), String> {
    let build = ["build", "--release", "--package", "rapporteur"];
    steps.cargo("the program", root, &build, "the compiler's message is above")?;
    steps.run("pages in a browser", || browser::run(root))
}

/// The folder of the workspace: the one above this package, wherever the command was given.
fn root() -> Result<PathBuf, String> {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map(Path::to_path_buf).ok_or_else(|| "xtask is not inside the workspace".into())
}

fn report(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}");
            ExitCode::FAILURE
        }
    }
}
