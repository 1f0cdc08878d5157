//! Cargo as a child: how far it is, and what its common failures mean in one sentence.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::project;
use crate::say::Step;

/// `cargo` in the project's folder, the one that started this program.
pub fn command() -> Command {
    project::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs cargo with its own output in view; for what a developer wants to read in full.
pub fn run(args: &[&str]) -> Result<(), String> {
    let status = command()
        .args(args)
        .status()
        .map_err(|error| cannot_start("cargo", &error))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("cargo {} failed", args.join(" "))),
    }
}

/// Runs cargo silently but for the step's progress; what it said appears when it fails.
pub fn run_with_progress(step: &mut Step, command: &mut Command) -> Result<(), String> {
    let mut child = command
        // Cargo draws its progress only for terminals, unless it is told to.
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("CARGO_TERM_QUIET")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start("cargo", &error))?;
    let mut said = String::new();
    let mut line = Vec::new();
    let stderr = child.stderr.take().expect("standard error is piped");
    for byte in std::io::BufReader::new(stderr)
        .bytes()
        .map_while(Result::ok)
    {
        if byte != b'\r' && byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).replace("\x1b[K", "");
        line.clear();
        match building(&text) {
            Some((done, total)) => step.progress(done, total, "crates"),
            None if text.trim().is_empty() => {}
            None => said.push_str(&format!("{text}\n")),
        }
    }
    let status = child
        .wait()
        .map_err(|error| cannot_start("cargo", &error))?;
    match status.success() {
        true => Ok(()),
        false => Err(explain(&said)),
    }
}

/// The sentence for what cargo said, after the part of it that matters.
pub fn explain(said: &str) -> String {
    if has_any(said, NO_NETWORK) {
        return "There is no network: crates.io cannot be reached. Connect this machine (or set \
                HTTPS_PROXY, if it is behind a proxy) and run the command again; it goes on where \
                it stopped."
            .into();
    }
    if has_any(said, NO_LINKER) {
        return NO_LINKER_SENTENCE.into();
    }
    if said.contains("No space left on device") {
        return "The disk is full: a first build needs about 4 GB. Make room and run the command \
                again."
            .into();
    }
    match said.lines().position(|line| line.starts_with("error")) {
        Some(first) => said.lines().skip(first).collect::<Vec<_>>().join("\n"),
        None => said.trim_end().to_owned(),
    }
}

/// What to do on a machine that cannot link.
pub const NO_LINKER_SENTENCE: &str = "Rust needs a C linker (cc), and this machine has none: \
    install one (Debian, Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc; macOS: \
    xcode-select --install) and run the command again.";

const NO_NETWORK: &[&str] = &[
    "Could not resolve host",
    "Couldn't connect to server",
    "Could not connect to server",
    "Failed to connect to",
    "Connection refused",
    "Network is unreachable",
    "Timeout was reached",
    "network failure",
    "error sending request",
    "you may try the current command again with the `--offline`",
    "can try running without the offline flag",
    "but Cargo is offline",
    "attempting to make an HTTP request, but --offline",
];

const NO_LINKER: &[&str] = &[
    "linker `cc` not found",
    "needs a C linker (cc)",
    "linker `link.exe` not found",
];

fn has_any(text: &str, needles: &[&str]) -> bool {
    needles.iter().any(|needle| text.contains(needle))
}

/// Done and total from cargo's bar: `Building [===>  ] 12/345: serde, syn`.
fn building(line: &str) -> Option<(u32, u32)> {
    let line = line.trim_start();
    let bar = line.strip_prefix("Building [")?;
    let counts = bar.split_once(']')?.1.trim_start();
    let counts = counts.split([':', ' ']).next()?;
    let (done, total) = counts.split_once('/')?;
    Some((done.parse().ok()?, total.parse().ok()?))
}

/// The sentence for a program that could not be started at all.
pub fn cannot_start(program: &str, error: &std::io::Error) -> String {
    format!("{program} cannot be started ({error}). Is it installed, and on your PATH?")
}

#[cfg(test)]
mod tests {
    use super::{building, explain};

    #[test]
    fn progress_is_read_from_the_bar() {
        assert_eq!(
            building("    Building [=====>   ] 12/345: serde, syn"),
            Some((12, 345))
        );
        assert_eq!(building("   Compiling serde v1.0.0"), None);
    }

    #[test]
    fn common_failures_become_one_sentence() {
        let offline = "error: failed to get `x`\n  [6] Could not resolve hostname (Could not \
                       resolve host: index.crates.io)";
        assert!(explain(offline).starts_with("There is no network"));
        assert!(explain("error: linker `cc` not found").contains("apt-get install gcc"));
    }

    #[test]
    fn other_failures_show_what_cargo_said_from_the_error_on() {
        let said =
            "   Compiling thiserror v1\nwarning: w\nerror[E0432]: unresolved import\n  --> src\n";
        assert_eq!(explain(said), "error[E0432]: unresolved import\n  --> src");
    }
}
