//! Alternating pairs in WebAssembly: builds the library for it and lets Node time it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bench::{Case, Model, Runner};

use super::arguments::Effort;
use super::comparison::Comparison;
use super::pairs::{Pair, Sample};

/// The library as WebAssembly, if there is something that can run it.
pub enum Module {
    /// The file.
    Built(PathBuf),
    /// Why there is none.
    Missing(&'static str),
}

impl Module {
    /// Builds it next to this program.
    ///
    /// # Errors
    /// A sentence, when Node is there and the build fails.
    pub fn build() -> Result<Self, String> {
        let node = Command::new("node")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        if !node.is_ok_and(|status| status.success()) {
            return Ok(Self::Missing("node was not found"));
        }
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let folder = program
            .ancestors()
            .nth(2)
            .ok_or("this program is in no target folder")?;
        let target = "wasm32-unknown-unknown";
        eprintln!("building for {target}");
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([
                "build",
                "--quiet",
                "--release",
                "-p",
                "bench",
                "--lib",
                "--target",
                target,
            ])
            .arg("--target-dir")
            .arg(folder)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .map_err(|error| format!("cargo could not be started: {error}"))?;
        if !status.success() {
            return Err(format!("the build for {target} failed"));
        }
        Ok(Self::Built(folder.join(target).join("release/bench.wasm")))
    }
}

/// Measures all rounds of a comparison, in one Node process.
///
/// # Errors
/// A sentence, when a case cannot be run.
pub fn measure(
    module: &Path,
    comparison: &Comparison,
    effort: &Effort,
) -> Result<Vec<Pair>, String> {
    let mut node = Command::new("node");
    // Everything is compiled by the optimising compiler before it runs: a loop that is entered
    // once and never left would otherwise stay in the code of the first, quick one.
    node.arg("--no-liftoff")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/node.mjs"))
        .arg(module)
        .arg(effort.rounds.to_string())
        .args(
            comparison
                .cases(effort.events)
                .into_iter()
                .flat_map(numbers),
        );
    let output = node
        .output()
        .map_err(|error| format!("node could not be started: {error}"))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{comparison}: {}", problem.trim()));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    lines
        .lines()
        .map(|line| pair(line).ok_or_else(|| format!("{comparison}: node printed {line:?}")))
        .collect()
}

fn numbers(case: Case) -> [String; 3] {
    let place = |found: Option<usize>| found.expect("every one is in the list").to_string();
    [
        place(Model::ALL.iter().position(|model| *model == case.model)),
        place(Runner::ALL.iter().position(|runner| *runner == case.runner)),
        case.customers.to_string(),
    ]
}

fn pair(line: &str) -> Option<Pair> {
    let words = line.split(' ').map(|word| word.parse().ok());
    let numbers: Vec<f64> = words.collect::<Option<_>>()?;
    let sample = |side: &[f64]| Sample {
        nanoseconds: side[0],
        events: side[1],
        mean_wait: side[2],
    };
    (numbers.len() == 6).then(|| [sample(&numbers[..3]), sample(&numbers[3..])])
}
