//! One row of the result: the numbers of a comparison, and which gates they miss.

use bench::Model;

use super::comparison::{Comparison, Target};
use super::pairs::{Pair, Sample};

/// Median, least and most of some numbers.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Option<Self> {
        let mut numbers: Vec<f64> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        let (min, max) = (*numbers.first()?, *numbers.last()?);
        Some(Self {
            median: numbers[numbers.len() / 2],
            min,
            max,
        })
    }
}

/// What was measured of one comparison.
#[derive(Clone, Debug)]
pub struct Row {
    /// Of what.
    pub comparison: Comparison,
    /// Why nothing was measured, if so.
    pub skipped: Option<String>,
    /// The subject's time for an event, divided by the base's of the same round.
    pub ratio: Option<Spread>,
    /// Nanoseconds an event of the subject.
    pub cost: Option<Spread>,
    /// Nanoseconds an event of the base.
    pub base_cost: Option<Spread>,
    /// Instructions an event of the subject.
    pub instructions: Option<f64>,
    /// Instructions an event of the base.
    pub base_instructions: Option<f64>,
    /// Peak memory of a million messages.
    pub peak_megabytes: Option<f64>,
    /// Mean wait over all rounds of the subject, in seconds.
    pub mean_wait: Option<f64>,
}

impl Row {
    /// From the rounds.
    pub fn new(comparison: Comparison, pairs: &[Pair]) -> Self {
        let waits = pairs.iter().map(|[_, subject]| subject.mean_wait);
        Self {
            comparison,
            skipped: None,
            ratio: Spread::of(
                pairs
                    .iter()
                    .map(|[base, subject]| subject.cost() / base.cost()),
            ),
            cost: Spread::of(pairs.iter().map(|[_, subject]| Sample::cost(subject))),
            base_cost: Spread::of(pairs.iter().map(|[base, _]| Sample::cost(base))),
            instructions: None,
            base_instructions: None,
            peak_megabytes: None,
            mean_wait: has_steady_state(comparison.model)
                .then(|| waits.sum::<f64>() / pairs.len() as f64),
        }
    }

    /// A row without numbers.
    pub fn skipped(comparison: Comparison, reason: &str) -> Self {
        let mut row = Self::new(comparison, &[]);
        row.mean_wait = None;
        row.skipped = Some(reason.to_owned());
        row
    }

    /// The mean wait of theory in seconds, where there is a steady state.
    pub fn theory(&self) -> Option<f64> {
        let model = self.comparison.model;
        has_steady_state(model).then(|| model.mean_wait())
    }

    /// Whether the ratio is within its gate.
    pub fn met(&self) -> Option<bool> {
        self.ratio
            .map(|ratio| ratio.median <= self.comparison.gate())
    }

    /// A sentence for each gate that is missed.
    pub fn misses(&self) -> Vec<String> {
        let comparison = self.comparison;
        let mut misses = Vec::new();
        if let Some(ratio) = self.ratio
            && self.met() == Some(false)
        {
            let (median, gate) = (ratio.median, comparison.gate());
            misses.push(format!(
                "{comparison}: {median:.2} times the base, at most {gate}"
            ));
        }
        if let (Some(peak), Some(max)) = (self.peak_megabytes, comparison.megabytes_max())
            && peak > max
        {
            misses.push(format!(
                "{comparison}: {peak:.1} MB for a million messages, at most {max}"
            ));
        }
        if let (Some(wait), Some(theory)) = (self.mean_wait, self.theory())
            && (wait / theory - 1.0).abs() > 0.05
        {
            misses.push(format!(
                "{comparison}: mean wait {wait:.5} s, in theory {theory:.5} s"
            ));
        }
        if let (Some(count), Some(max)) = (self.base_instructions, self.honest_max())
            && count > max
        {
            misses.push(format!(
                "{comparison}: REF takes {count:.0} instructions, at most {max}"
            ));
        }
        misses
    }

    /// The most instructions an event that REF may take to be an honest measure.
    fn honest_max(&self) -> Option<f64> {
        match self.comparison.model {
            Model::Mm1 => Some(210.0),
            Model::FanOut => Some(180.0),
            // Twenty events are pending there, and not two as on M/M/1.
            Model::Log => Some(250.0),
            Model::Mm4 | Model::Mm1Idle | Model::Mm1Backlog | Model::LogKept => None,
        }
    }
}

/// With a backlog the queue only ever gets shorter.
fn has_steady_state(model: Model) -> bool {
    model != Model::Mm1Backlog
}

/// What was left out, and why, one sentence each.
pub fn left_out(rows: &[Row], instructions: bool) -> Vec<String> {
    let wasm = rows
        .iter()
        .filter(|row| row.comparison.target == Target::Wasm);
    let reason = wasm.filter_map(|row| row.skipped.clone()).next();
    let mut left_out: Vec<String> = reason
        .map(|why| format!("wasm, as {why}"))
        .into_iter()
        .collect();
    if instructions {
        left_out.push("instructions, as valgrind was not found".to_owned());
    }
    left_out
}
