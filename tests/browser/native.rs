//! The command line as the reference: what the same run is without a browser.

use std::io::Write;
use std::process::{Command, Stdio};

use eventyard::scenario::{self, Scenario};
use serde_json::Value;

use crate::Fallible;

const PROGRAM: &str = env!("CARGO_BIN_EXE_eventyard");

/// The digest of a built-in scenario after so many simulated seconds.
pub fn digest(scenario: &str, seed: u64, seconds: u64) -> Fallible<String> {
    run(output(&["examples", scenario], None)?, seed, seconds)
}

/// The digest of a document after so many simulated seconds.
pub fn digest_of(document: &Scenario, seconds: u64) -> Fallible<String> {
    let text = scenario::write(document).into_bytes();
    run(text, document.seed, seconds)
}

fn run(document: Vec<u8>, seed: u64, seconds: u64) -> Fallible<String> {
    let seed = seed.to_string();
    let until = format!("{seconds}s");
    let args = [
        "run", "-", "--seed", &seed, "--until", &until, "--format", "json",
    ];
    let report: Value = serde_json::from_slice(&output(&args, Some(document))?)?;
    match report["digest"].as_str() {
        Some(digest) => Ok(digest.to_owned()),
        None => Err("the command line's report has no digest".into()),
    }
}

fn output(args: &[&str], input: Option<Vec<u8>>) -> Fallible<Vec<u8>> {
    let mut child = Command::new(PROGRAM)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    stdin.write_all(&input.unwrap_or_default())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    // 1 says that a check of the scenario failed, which the shop's slow queue may do.
    match output.status.code() {
        Some(0 | 1) => Ok(output.stdout),
        _ => Err(format!("eventyard {} ended with {}", args.join(" "), output.status).into()),
    }
}
