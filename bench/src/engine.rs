//! The engine on the models' scenario documents: from the text to what came of it.

use eventyard::engine::{Advance, NodeMetrics, What};
use eventyard::simulation::Run;
use eventyard::units::SimTime;

use crate::documents::{BACKLOG_SECONDS, LOG_SECONDS, document};
use crate::models::SECOND;
use crate::{Case, Model, Outcome, Runner};

/// A run at the moment from which it is timed.
pub struct Ready {
    model: Model,
    run: Run,
    until: SimTime,
    before: Counts,
}

/// What has happened up to some moment.
#[derive(Clone, Copy, Default)]
struct Counts {
    events: u64,
    waits: u64,
    /// Sum of all waits, in nanoseconds.
    waited: f64,
}

impl Ready {
    /// Builds the run of a case.
    ///
    /// # Errors
    /// A sentence, when the document is refused.
    pub fn new(case: &Case, seed: u64) -> Result<Self, String> {
        let refused = |problems: Vec<_>| format!("{}: {problems:?}", case.model.name());
        let text = document(case.model, case.customers, seed);
        let scenario = eventyard::scenario::read(&text).map_err(refused)?;
        let mut run = Run::new(scenario.plan()).map_err(refused)?;
        run.keep_trace(case.runner == Runner::Traced);
        let mut ready = Self {
            model: case.model,
            run,
            until: end(case),
            before: Counts::default(),
        };
        let before = match case.model {
            Model::Mm1Backlog => BACKLOG_SECONDS,
            Model::Log | Model::LogKept => LOG_SECONDS,
            _ => 0.0,
        };
        if before > 0.0 {
            ready.advance(SimTime::from_nanos((before * SECOND) as u64))?;
            ready.before = ready.counts();
        }
        Ok(ready)
    }

    /// Runs until everybody has been served; with a backlog, as long as its producer sends.
    ///
    /// # Errors
    /// A sentence, when a limit stops the run.
    pub fn go(&mut self) -> Result<Outcome, String> {
        self.advance(self.until)?;
        let Counts {
            events,
            waits,
            waited,
        } = self.counts();
        let Counts {
            events: past,
            waits: past_waits,
            waited: past_waited,
        } = self.before;
        Ok(Outcome::new(
            events - past,
            waited - past_waited,
            waits - past_waits,
        ))
    }

    fn advance(&mut self, until: SimTime) -> Result<(), String> {
        match self.run.advance(until, u64::MAX) {
            Advance::Reached => Ok(()),
            Advance::Paused => Err("the run paused before its end".to_owned()),
            Advance::Stopped(reason) => Err(reason.to_string()),
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for node in &self.run.topology().nodes {
            let Some(metrics) = self.run.metrics(node.id) else {
                continue;
            };
            let name = node.settings.kind().name();
            match name {
                "queue" => {
                    counts.events += metrics.count(What::Queued);
                    counts.add_waits(metrics);
                }
                "log" => counts.events += metrics.count(What::Delivered),
                "service" => {
                    counts.events += metrics.count(What::Finished);
                    // What a log hands out waits with its consumers, not with itself.
                    if self.model.is_log() {
                        counts.add_waits(metrics);
                    }
                }
                _ => {}
            }
        }
        counts
    }
}

impl Counts {
    fn add_waits(&mut self, metrics: &NodeMetrics) {
        self.waits += metrics.wait.count();
        self.waited += metrics.wait.mean().nanos() as f64 * metrics.wait.count() as f64;
    }
}

/// When a run ends: long after the last event, but not with a backlog.
fn end(case: &Case) -> SimTime {
    let nanoseconds = case.customers as f64 * case.model.parameters().arrival_mean;
    let nanoseconds = match case.model {
        Model::Mm1Backlog => nanoseconds + BACKLOG_SECONDS * SECOND,
        _ => nanoseconds * 10.0 + 1_000.0 * SECOND,
    };
    SimTime::from_nanos(nanoseconds as u64)
}

#[cfg(test)]
mod tests {
    use crate::{Case, Model, Prepared, Runner};

    fn check(model: Model, runner: Runner, customers: u64, events: u64) {
        let case = Case {
            model,
            runner,
            customers,
        };
        let outcome = Prepared::new(case, 1).and_then(|mut ready| ready.go());
        let outcome = outcome.expect("the document is ours");
        assert_eq!(outcome.events, events, "{}", model.name());
        let off = outcome.mean_wait / model.mean_wait() - 1.0;
        assert!(
            off.abs() < 0.1,
            "{}: mean wait {} s",
            model.name(),
            outcome.mean_wait
        );
    }

    #[test]
    fn the_engine_serves_everybody_and_agrees_with_theory() {
        check(Model::Mm1, Runner::Untraced, 200_000, 400_000);
        check(Model::Mm4, Runner::Traced, 200_000, 400_000);
        check(Model::FanOut, Runner::Untraced, 100_000, 1_000_000);
        check(Model::Mm1Idle, Runner::Traced, 200_000, 400_000);
        check(Model::Log, Runner::Untraced, 100_000, 600_000);
        check(Model::LogKept, Runner::Untraced, 20_000, 120_000);
    }

    #[test]
    fn a_backlog_is_there_before_the_measured_time_and_keeps_the_service_busy() {
        let case = Case {
            model: Model::Mm1Backlog,
            runner: Runner::Untraced,
            customers: 20_000,
        };
        let outcome = Prepared::new(case, 1).and_then(|mut ready| ready.go());
        let events = outcome.expect("the document is ours").events as f64;
        // 80 arrivals and 100 departures a second, for 250 seconds.
        assert!((events / 45_000.0 - 1.0).abs() < 0.03, "{events}");
    }
}
