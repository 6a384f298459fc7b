//! What the checks need on a machine: looked for first, so that nothing fails late for want of a tool.
//!
//! On Debian (and what derives from it), as root or where `sudo` asks for no password, what is missing is installed;
//! elsewhere it is named, with the way to get it, before any long work begins.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::steps::{cargo, finish};

/// A thing that the checks call.
struct Tool {
    name: &'static str,
    /// Debian's package for it.
    package: &'static str,
    /// What it is needed for, and how to get it where there is no apt-get.
    purpose: &'static str,
    elsewhere: &'static str,
    only_for_browser: bool,
    present: fn() -> bool,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "a C compiler",
        package: "build-essential",
        purpose: "SQLCipher and OpenSSL are compiled in",
        elsewhere: "gcc or clang; on macOS: xcode-select --install",
        only_for_browser: false,
        present: || on_path("cc"),
    },
    Tool {
        name: "perl",
        package: "perl",
        purpose: "OpenSSL's build asks for it",
        elsewhere: "your system's package perl",
        only_for_browser: false,
        present: || on_path("perl"),
    },
    Tool {
        name: "make",
        package: "make",
        purpose: "OpenSSL's build asks for it",
        elsewhere: "your system's package make",
        only_for_browser: false,
        present: || on_path("make"),
    },
    Tool {
        name: "pdfinfo and pdftotext",
        package: "poppler-utils",
        purpose: "the letter's PDF is read back",
        elsewhere: "poppler (Homebrew: brew install poppler)",
        only_for_browser: false,
        present: || on_path("pdfinfo") && on_path("pdftotext"),
    },
    Tool {
        name: "Node.js 18 or newer",
        package: "nodejs",
        purpose: "drives the browser",
        elsewhere: "https://nodejs.org",
        only_for_browser: true,
        present: node_is_new_enough,
    },
    Tool {
        name: "npm",
        package: "npm",
        purpose: "fetches playwright-core and axe-core",
        elsewhere: "comes with Node.js",
        only_for_browser: true,
        present: || on_path("npm"),
    },
    Tool {
        name: "Chromium",
        package: "chromium",
        purpose: "the pages are looked at in it",
        elsewhere: "install Chromium or Chrome and set CHROMIUM to its program file",
        only_for_browser: true,
        present: || chromium().is_some(),
    },
    Tool {
        name: "a Khmer font",
        package: "fonts-noto-core",
        purpose: "names in Khmer are looked at",
        elsewhere: "Noto Sans Khmer, from https://fonts.google.com/noto",
        only_for_browser: true,
        present: has_khmer_font,
    },
];

/// Finds every tool, installs what is missing where that is possible, and else names it.
///
/// # Errors
/// Names each tool that is missing, what it is for, and how to get it.
pub fn ensure(with_browser: bool) -> Result<(), String> {
    let cargo_parts: [(&[&str], &str); 2] = [(&["fmt", "--version"], "rustfmt"), (&["clippy", "--version"], "clippy")];
    for (arguments, name) in cargo_parts {
        if !answers(Command::new(cargo()).args(arguments)) {
            return Err(format!(
                "{name} is missing: `rustup component add rustfmt clippy`, or your system's packages (Debian: rustfmt \
                 and rust-clippy)."
            ));
        }
    }
    let mut missing = find_missing(with_browser);
    if !missing.is_empty()
        && let Some(apt) = apt()
    {
        install(&apt, &missing)?;
        missing = find_missing(with_browser);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let mut message = String::from("This machine lacks:\n");
    for tool in &missing {
        message +=
            &format!("  {}: {}. Get it: {} (Debian: {}).\n", tool.name, tool.purpose, tool.elsewhere, tool.package);
    }
    if missing.iter().all(|tool| tool.only_for_browser) {
        message += "Or leave the browser out: `cargo xtask test --no-browser`.";
    } else {
        message += "On Debian: `sudo apt-get update`, then `sudo apt-get install` with the packages named.";
    }
    Err(message)
}

/// `cargo deny` is there.
pub fn has_cargo_deny() -> bool {
    answers(Command::new(cargo()).args(["deny", "--version"]))
}

/// The browser: `CHROMIUM` if it is set, or the first that is found under an ordinary name.
pub fn chromium() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(chosen)).filter(|path| path.is_file());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mac = Path::new("/Applications/Chromium.app/Contents/MacOS/Chromium");
    names.iter().find_map(|name| find(name)).or_else(|| mac.is_file().then(|| mac.to_path_buf()))
}

fn find_missing(with_browser: bool) -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| (with_browser || !tool.only_for_browser) && !(tool.present)()).collect()
}

/// How apt-get can be called here without a question; `None` where it cannot.
fn apt() -> Option<Vec<&'static str>> {
    if !on_path("apt-get") {
        return None;
    }
    let user = Command::new("id").arg("-u").output().ok()?;
    if user.stdout.trim_ascii() == b"0" {
        return Some(vec!["apt-get"]);
    }
    answers(Command::new("sudo").args(["-n", "true"])).then(|| vec!["sudo", "-n", "apt-get"])
}

fn install(apt: &[&str], missing: &[&Tool]) -> Result<(), String> {
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    eprintln!("   installing {}", packages.join(" "));
    let call = |arguments: &[&str]| {
        let (program, prefix) = apt.split_first().ok_or("no apt-get")?;
        let mut command = Command::new(program);
        command.args(prefix).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        finish(&mut command)
    };
    // An old list would name packages that the mirror no longer has. A mirror that is away is told by the install.
    if let Err(why) = call(&["update", "-qq"]) {
        eprintln!("   {why}; going on with the list of packages that is there");
    }
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(&packages);
    call(&arguments).map_err(|why| format!("{why}. Install by hand: {}.", packages.join(" ")))
}

fn answers(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn on_path(name: &str) -> bool {
    find(name).is_some()
}

fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn node_is_new_enough() -> bool {
    let output = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| major(&String::from_utf8_lossy(&output.stdout)).is_some_and(|major| major >= 18))
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn has_khmer_font() -> bool {
    let output = Command::new("fc-list").args([":lang=km", "family"]).stdin(Stdio::null()).output();
    match output {
        Ok(output) => !output.stdout.trim_ascii().is_empty(),
        // No fontconfig, so no way to ask: where Chromium brings its own (macOS), so does the system with its fonts.
        Err(_) => !on_path("apt-get"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("18.0.0"), Some(18));
        assert_eq!(major(""), None);
    }

    #[test]
    fn without_a_browser_no_browser_is_asked_for() {
        assert!(find_missing(false).iter().all(|tool| !tool.only_for_browser));
    }
}
