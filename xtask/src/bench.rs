//! `cargo xtask bench`: the engine's table from the package `bench`, and the cost of a frame from
//! a real browser.

use crate::browsers::{self, Browsers};
use crate::cargo;
use crate::dist;
use crate::flags::Flags;
use crate::project;
use crate::tools;

pub fn run(args: &[String]) -> Result<(), String> {
    let format = Flags::new(args)
        .value("--format")?
        .unwrap_or_else(|| "text".into());
    if !matches!(format.as_str(), "text" | "json") {
        return Err(format!(
            "--format takes text or json, and \"{format}\" is neither."
        ));
    }
    tools::prepare(tools::STEPS)?;
    // The package knows more flags than this command needs to.
    let mut engine = vec![
        "run",
        "--release",
        "--quiet",
        "--locked",
        "--package",
        "bench",
        "--",
    ];
    engine.extend(args.iter().map(String::as_str));
    cargo::run(&engine)?;
    frame_cost(&format)
}

/// What one frame costs with 10,000 messages in flight, measured by the page itself.
fn frame_cost(format: &str) -> Result<(), String> {
    let browsers = Browsers::prepare()?;
    if browsers.found.contains(&"chromium") {
        dist::build(1, 1)?;
        return browsers::drive(&["frames", format]);
    }
    let sentence = format!(
        "The frame cost was not measured: {}.",
        browsers.missing.join("; ")
    );
    match project::in_ci() {
        true => Err(sentence),
        false => {
            eprintln!("{sentence}");
            Ok(())
        }
    }
}
