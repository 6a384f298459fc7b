//! The browser test: its two packages from npm, in a cache outside the clone, and `tests/browser/run.mjs`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::steps::finish;
use crate::tools::chromium;

/// Runs the browser test against the program that stands beside this one in the target folder.
///
/// # Errors
/// npm, the program, the browser or a check failed; the message says which.
pub fn run(root: &Path) -> Result<(), String> {
    let tests = root.join("tests/browser");
    let modules = packages(&tests.join("package.json"))?;
    let program = beside_this("rapporteur")?;
    let browser = chromium().ok_or("No Chromium was found: set CHROMIUM to its program file.")?;
    let mut node = Command::new("node");
    node.arg(tests.join("run.mjs"))
        .env("RAPPORTEUR", program)
        .env("CHROMIUM", browser)
        .env("BROWSER_PACKAGES", modules);
    finish(&mut node).map_err(|why| format!("{why}: the lines marked FAILED above name the page and the check."))
}

/// Installs what `package.json` names, once: the cache keeps a copy of the file it was filled from.
fn packages(manifest: &Path) -> Result<PathBuf, String> {
    let told = |what: &str, path: &Path, error: std::io::Error| format!("{what} {}: {error}.", path.display());
    let wanted = fs::read_to_string(manifest).map_err(|error| told("Cannot read", manifest, error))?;
    let folder = cache()?;
    let filled_from = folder.join("filled-from.json");
    if fs::read_to_string(&filled_from).is_ok_and(|filled| filled == wanted) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).map_err(|error| told("Cannot make", &folder, error))?;
    let copy = folder.join("package.json");
    fs::write(&copy, &wanted).map_err(|error| told("Cannot write", &copy, error))?;
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args([
        "install",
        "--no-package-lock",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--silent",
    ]);
    finish(&mut npm).map_err(|why| format!("{why}: the browser test's packages come from the npm registry."))?;
    fs::write(&filled_from, &wanted).map_err(|error| told("Cannot write", &filled_from, error))?;
    Ok(folder)
}

fn cache() -> Result<PathBuf, String> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    let base = base.ok_or("Neither XDG_CACHE_HOME nor HOME is set: where should the browser test's packages go?")?;
    Ok(base.join("rapporteur/browser-test"))
}

/// A program of this workspace, built with the same profile: it stands in the folder in which this one stands.
fn beside_this(name: &str) -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| format!("Cannot tell where this program stands: {error}."))?;
    let program = this.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX));
    if program.is_file() { Ok(program) } else { Err(format!("{} is not there after the build.", program.display())) }
}
