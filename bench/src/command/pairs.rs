//! Alternating pairs in this process.
//!
//! Machines are noisy. Only what ran right after the other says something about both, so each
//! round runs base and subject once, in turns first, and only ratios within a round are kept.

// This is the one place where a clock is the point.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Instant;

use bench::{Case, Prepared};

use super::arguments::Effort;
use super::comparison::Comparison;

/// One run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// Wall time of the run alone.
    pub nanoseconds: f64,
    /// Arrivals and departures.
    pub events: f64,
    /// Mean time in the queue, in seconds.
    pub mean_wait: f64,
}

impl Sample {
    /// Nanoseconds for each event.
    pub fn cost(&self) -> f64 {
        self.nanoseconds / self.events
    }
}

/// One round: base, then subject.
pub type Pair = [Sample; 2];

/// Measures all rounds of a comparison, after one that does not count.
///
/// # Errors
/// A sentence, when a case cannot be run.
pub fn measure(comparison: &Comparison, effort: &Effort) -> Result<Vec<Pair>, String> {
    let cases = comparison.cases(effort.events);
    for case in cases {
        time(case, 1)?;
    }
    let mut pairs = Vec::new();
    for round in 0..effort.rounds {
        let seed = round as u64 + 1;
        let mut pair = Pair::default();
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            pair[side] = time(cases[side], seed)?;
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

fn time(case: Case, seed: u64) -> Result<Sample, String> {
    let mut prepared = Prepared::new(case, seed)?;
    let start = Instant::now();
    let outcome = prepared.go()?;
    let nanoseconds = start.elapsed().as_nanos() as f64;
    Ok(Sample {
        nanoseconds,
        events: outcome.events as f64,
        mean_wait: outcome.mean_wait,
    })
}
