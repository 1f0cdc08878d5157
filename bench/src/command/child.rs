//! What is measured from outside a process of its own: instructions and peak memory.
//!
//! Instructions are counted by callgrind for two lengths of the same run, and divided by the
//! difference in events, so that start-up, reading the document and growing buffers cancel. They
//! repeat exactly where times do not.

use std::process::{Command, Stdio};

use bench::{Case, Prepared};

use super::comparison::Comparison;

const EVENTS: [u64; 2] = [40_000, 120_000];

/// Runs one case and prints its events, its mean wait and this process's peak memory in kB.
///
/// # Errors
/// A sentence, when it cannot be run.
pub fn run(case: Case) -> Result<(), String> {
    let outcome = Prepared::new(case, 1)?.go()?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line
        .and_then(|line| line.split_whitespace().next())
        .unwrap_or("-");
    println!("{} {} {peak}", outcome.events, outcome.mean_wait);
    Ok(())
}

/// Peak memory in MB (10^6 bytes) of a million messages, where there is a gate for it.
///
/// # Errors
/// A sentence, when the child cannot be run.
pub fn peak_megabytes(comparison: &Comparison) -> Result<Option<f64>, String> {
    if comparison.megabytes_max().is_none() {
        return Ok(None);
    }
    let case = Case {
        customers: 1_000_000,
        ..comparison.subject()
    };
    let printed = printed_by(Command::new(program()?), case)?;
    let kilobytes: Option<f64> = printed.split(' ').nth(2).and_then(|word| word.parse().ok());
    Ok(kilobytes.map(|kilobytes| kilobytes * 1024.0 / 1e6))
}

/// Instructions for each event, counted once for each case.
#[derive(Default)]
pub struct Instructions {
    counted: Vec<(Case, Option<f64>)>,
}

impl Instructions {
    /// Instructions for each event of this case, or none without valgrind.
    ///
    /// # Errors
    /// A sentence, when the child cannot be run.
    pub fn count(&mut self, case: Case) -> Result<Option<f64>, String> {
        if let Some((_, count)) = self.counted.iter().find(|(counted, _)| *counted == case) {
            return Ok(*count);
        }
        let count = if has_valgrind() {
            Some(count(case)?)
        } else {
            None
        };
        self.counted.push((case, count));
        Ok(count)
    }

    /// Whether something should have been counted and was not.
    pub fn missing(&self) -> bool {
        self.counted.iter().any(|(_, count)| count.is_none())
    }
}

fn count(case: Case) -> Result<f64, String> {
    let mut totals = [[0.0; 2]; 2];
    for (total, events) in totals.iter_mut().zip(EVENTS) {
        let mut valgrind = Command::new("valgrind");
        // Callgrind writes its totals to standard error, and nothing is kept of the rest.
        valgrind
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program()?);
        let case = case.of_about(events);
        let output = output_of(valgrind, case)?;
        let counted = output
            .1
            .lines()
            .find_map(|line| line.split_once("Collected : "));
        let instructions = counted.and_then(|(_, number)| number.trim().parse().ok());
        let run = output
            .0
            .split(' ')
            .next()
            .and_then(|word| word.parse().ok());
        let unread = || {
            format!(
                "callgrind's output for {} was not understood",
                case.model.name()
            )
        };
        *total = [instructions.ok_or_else(unread)?, run.ok_or_else(unread)?];
    }
    let [[short, fewer], [long, more]] = totals;
    Ok((long - short) / (more - fewer))
}

fn has_valgrind() -> bool {
    let version = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn program() -> Result<std::path::PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("this program was not found: {error}"))
}

fn printed_by(command: Command, case: Case) -> Result<String, String> {
    Ok(output_of(command, case)?.0)
}

/// Runs the case as a child of this command and gives what it wrote: output, then errors.
fn output_of(mut command: Command, case: Case) -> Result<(String, String), String> {
    let Case {
        model,
        runner,
        customers,
    } = case;
    let (runner, tracing) = match runner {
        bench::Runner::Reference => ("reference", "off"),
        bench::Runner::Traced => ("engine", "on"),
        bench::Runner::Untraced => ("engine", "off"),
    };
    command.args([
        "--child",
        model.name(),
        runner,
        tracing,
        &customers.to_string(),
    ]);
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (printed, problem) = (text(&output.stdout), text(&output.stderr));
    if !output.status.success() {
        return Err(format!("{command:?}: {problem}"));
    }
    Ok((printed, problem))
}
