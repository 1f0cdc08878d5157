//! What the person sees: numbered steps, and how far the current one is.
//!
//! On a terminal the progress line is rewritten in place; in a file or a CI log a line appears at
//! each tenth.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// One step of several, with its own clock.
pub struct Step {
    label: String,
    started: Instant,
    /// The last tenth that was printed to a log.
    tenth: u32,
    in_place: bool,
}

impl Step {
    /// Announces the step, e.g. `[1/4] installing trunk`.
    pub fn start(number: u32, of: u32, what: &str) -> Self {
        let label = format!("[{number}/{of}] {what}");
        eprintln!("{label}");
        Self {
            label,
            started: Instant::now(),
            tenth: 0,
            in_place: stderr().is_terminal(),
        }
    }

    /// Shows that `done` of `total` units of work are over.
    pub fn progress(&mut self, done: u32, total: u32, unit: &str) {
        let seconds = self.started.elapsed().as_secs();
        if self.in_place {
            eprint!("\r\x1b[K      {done} of {total} {unit}, {}", clock(seconds));
            let _ = stderr().flush();
            return;
        }
        let tenth = (done * 10).checked_div(total).unwrap_or(0);
        if tenth > self.tenth {
            self.tenth = tenth;
            eprintln!("      {done} of {total} {unit}, {}", clock(seconds));
        }
    }

    /// Closes the step with the time that it took.
    pub fn done(self, result: &str) {
        if self.in_place {
            eprint!("\r\x1b[K");
        }
        eprintln!(
            "      {result} ({})",
            clock(self.started.elapsed().as_secs())
        );
    }

    /// Closes a step that failed, so that the error starts on a line of its own.
    pub fn failed(self) {
        if self.in_place {
            eprintln!();
        }
        eprintln!("{} failed", self.label);
    }
}

/// A span of seconds for people: `48 s`, `3 min 05 s`.
pub fn clock(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// A span of time for people, with tenths below ten seconds.
pub fn time(span: Duration) -> String {
    match span.as_secs() {
        0..10 => format!("{:.1} s", span.as_secs_f64()),
        seconds => clock(seconds),
    }
}
