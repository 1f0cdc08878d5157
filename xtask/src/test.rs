//! `cargo xtask test`: everything that must hold, part by part, with its own set-up.
//!
//! A part that fails does not stop the others, and the last lines name every part with what became
//! of it and how long it took.

use std::time::{Duration, Instant};

use crate::browsers::{self, Browsers};
use crate::cargo;
use crate::dist::{self, Sizes};
use crate::flags::Flags;
use crate::project;
use crate::say;
use crate::tools::{self, WASM};

/// What became of a part.
enum Outcome {
    Passed,
    /// Passed, but for something that this machine does not have.
    Skipped(String),
}

type Part = (&'static str, fn() -> Result<Outcome, String>);

/// The cheap ones first, so that a slip shows soon.
const PARTS: &[Part] = &[
    ("format", format),
    ("lints", lints),
    ("native", native),
    ("theory", theory),
    ("page", page),
    ("size", size),
    ("journeys", journeys),
];

pub fn run(args: &[String]) -> Result<(), String> {
    let mut flags = Flags::new(args);
    let only = flags.value("--only")?;
    flags.finish()?;
    let parts = chosen(only.as_deref())?;
    if parts
        .iter()
        .any(|(name, _)| matches!(*name, "lints" | "page"))
    {
        tools::prepare(tools::STEPS)?;
    }
    let mut rows = Vec::new();
    for (name, part) in parts {
        eprintln!("\n== {name}");
        let started = Instant::now();
        let result = part();
        if let Err(sentence) = &result {
            eprintln!("{sentence}");
        }
        rows.push(Row {
            name,
            result,
            took: started.elapsed(),
        });
    }
    let in_ci = project::in_ci();
    eprintln!("\n{}", summary(&rows, in_ci));
    match rows.iter().all(|row| row.is_fine(in_ci)) {
        true => Ok(()),
        false => Err("cargo xtask test failed.".into()),
    }
}

fn chosen(only: Option<&str>) -> Result<Vec<Part>, String> {
    let parts: Vec<Part> = PARTS
        .iter()
        .copied()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
        .collect();
    if !parts.is_empty() {
        return Ok(parts);
    }
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    Err(format!(
        "There is no part \"{}\". Parts: {}.",
        only.unwrap_or(""),
        names.join(", ")
    ))
}

/// A part that was run.
struct Row {
    name: &'static str,
    result: Result<Outcome, String>,
    took: Duration,
}

impl Row {
    /// In CI what was skipped counts as failed.
    fn is_fine(&self, in_ci: bool) -> bool {
        match &self.result {
            Ok(Outcome::Passed) => true,
            Ok(Outcome::Skipped(_)) => !in_ci,
            Err(_) => false,
        }
    }
}

fn summary(rows: &[Row], in_ci: bool) -> String {
    let mut text = String::new();
    for row in rows {
        let outcome = match &row.result {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(what)) if in_ci => {
                format!("FAILED, nothing may be skipped: {what}")
            }
            Ok(Outcome::Skipped(what)) => format!("SKIPPED: {what}"),
            Err(_) => "FAILED".to_owned(),
        };
        text.push_str(&format!(
            "{:<10}{:>13}  {outcome}\n",
            row.name,
            say::time(row.took)
        ));
    }
    let took = rows.iter().map(|row| row.took).sum();
    text.push_str(&format!("{:<10}{:>13}", "together", say::time(took)));
    text
}

fn all(commands: &[&[&str]]) -> Result<Outcome, String> {
    commands
        .iter()
        .try_for_each(|args| cargo::run(args))
        .map(|()| Outcome::Passed)
}

fn format() -> Result<Outcome, String> {
    all(&[
        &["fmt", "--all", "--check"],
        &["fmt", "--check", "--manifest-path", XTASK],
        &["fmt", "--check", "--manifest-path", SPLIT],
    ])
}

/// Both targets, and natively both with the page's code and without it.
fn lints() -> Result<Outcome, String> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    let clippy = |args: &[&'static str]| {
        let mut all = vec!["clippy", "--quiet"];
        all.extend(args);
        all.extend(DENY);
        cargo::run(&all)
    };
    clippy(&["--manifest-path", XTASK, "--all-targets"])?;
    clippy(&["--locked", "--manifest-path", SPLIT, "--all-targets"])?;
    clippy(&[
        "--locked",
        "--workspace",
        "--all-targets",
        "--features",
        "eventyard/browser-tests",
    ])?;
    clippy(&["--locked", "--features", "app"])?;
    clippy(&["--locked", "--features", "app", "--target", WASM])?;
    Ok(Outcome::Passed)
}

fn native() -> Result<Outcome, String> {
    all(&[
        &["test", "--manifest-path", XTASK, "--quiet"],
        &["test", "--locked", "--manifest-path", SPLIT, "--quiet"],
        &["test", "--locked", "--workspace", "--quiet"],
    ])
}

/// Simulations long enough to be compared with formulas; too slow without optimisation.
fn theory() -> Result<Outcome, String> {
    all(&[&[
        "test",
        "--locked",
        "--release",
        "--quiet",
        "--test",
        "queueing_theory",
    ]])
}

fn page() -> Result<Outcome, String> {
    dist::build(1, 1).map(|()| Outcome::Passed)
}

fn size() -> Result<Outcome, String> {
    let sizes = Sizes::measure()?;
    eprint!("{}", sizes.table());
    sizes.check().map(|()| Outcome::Passed)
}

fn journeys() -> Result<Outcome, String> {
    let browsers = Browsers::prepare()?;
    let mut args = vec!["journeys"];
    args.extend(&browsers.found);
    if !browsers.found.is_empty() {
        browsers::drive(&args)?;
    }
    match browsers.missing.is_empty() {
        true => Ok(Outcome::Passed),
        false => Ok(Outcome::Skipped(browsers.missing.join("; "))),
    }
}

const XTASK: &str = "xtask/Cargo.toml";
const SPLIT: &str = "xtask/split/Cargo.toml";

#[cfg(test)]
mod tests {
    use super::{Outcome, Row, chosen, summary};
    use std::time::Duration;

    #[test]
    fn what_is_skipped_is_named_and_fails_in_ci() {
        let row = Row {
            name: "journeys",
            result: Ok(Outcome::Skipped(
                "Firefox is not on this machine's PATH".into(),
            )),
            took: Duration::from_secs(1),
        };
        assert!(row.is_fine(false));
        assert!(!row.is_fine(true));
        assert!(summary(&[row], false).contains("SKIPPED: Firefox"));
    }

    #[test]
    fn a_part_that_does_not_exist_is_an_error_with_the_names() {
        assert!(chosen(Some("jurneys")).unwrap_err().contains("journeys"));
        assert_eq!(chosen(Some("journeys")).unwrap().len(), 1);
    }
}
