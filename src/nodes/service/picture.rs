//! The live picture of a service: what its workers are at, what waits, and what is in trouble.

use super::behaviour::Service;
use super::circuit::Position;
use super::job::Phase;
use crate::engine::Names;
use crate::nodes::shared::period::Period;
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Slot, Status, Tone};
use crate::units::{SimDuration, SimTime};

/// Circuits that have a place on the card.
const CIRCUITS_MOST: usize = 3;

impl Service {
    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let mut parts = match self.settings.by_hand {
            true => vec![self.hand.part()],
            false => vec![self.slots(now)],
        };
        if !self.inbox.is_empty() {
            let capsules = self.inbox.iter().take(ROW_MOST);
            parts.push(Part::Row {
                capsules: capsules
                    .map(|task| Capsule::in_hand(&task.message))
                    .collect(),
                total: self.inbox.len() as u64,
                room: None,
            });
        }
        if !self.more.idle.is_empty() {
            parts.push(Part::text("idle", "no partition left", Tone::Warning));
        }
        self.show_limits(now, &mut parts);
        self.show_circuits(now, &mut parts);
        let lines = [
            ("done", self.finished, Tone::Calm),
            ("wait for answers", self.at(is_calling), Tone::Calm),
            ("in transactions", self.at(is_transacting), Tone::Calm),
            ("will try again", self.at(is_waiting), Tone::Warning),
            ("poison", self.more.poisoned, Tone::Trouble),
            ("interrupted", self.more.paused.len() as u64, Tone::Calm),
            ("known ids", self.more.memory.len() as u64, Tone::Calm),
            ("open windows", self.more.windows.len() as u64, Tone::Calm),
            ("came too late", self.more.windows.late, Tone::Warning),
        ];
        for (label, count, tone) in lines {
            if count > 0 || label == "done" {
                parts.push(Part::text(label, count.to_string(), tone));
            }
        }
        Period::show(&self.settings.periods, now, &mut parts);
        Picture {
            status: match self.life.down {
                true => Status::Down,
                false => Status::Up,
            },
            parts,
        }
    }

    /// The workers. One that waits before it tries again is marked.
    fn slots(&self, now: SimTime) -> Part {
        let workers = self.workers.iter().enumerate().take(ROW_MOST);
        let slots = workers.map(|(worker, work)| {
            let job = self.more.jobs.get(worker);
            let waits = work.is_some() && job.is_some_and(|job| is_waiting(&job.phase));
            Slot {
                work: work.map(|work| {
                    let whole = work.until.since(work.since).nanos().max(1);
                    let gone = now.since(work.since).nanos().min(whole);
                    let share = u128::from(gone) * 1000 / u128::from(whole);
                    (Capsule::in_hand(&work.task.message), share as u16)
                }),
                tone: match waits {
                    true => Tone::Warning,
                    false => Tone::Calm,
                },
            }
        });
        Part::slots((self.busy as u64, self.workers.len() as u64), slots)
    }

    /// What it waits for before it begins: a batch that is not full, or a token.
    fn show_limits(&self, now: SimTime, parts: &mut Vec<Part>) {
        let settings = &self.settings;
        let waiting = self.inbox.len() as u64;
        if settings.batch > 1 {
            let batch = u64::from(settings.batch);
            let there = waiting.min(batch);
            let oldest = self.inbox.iter().map(|task| task.message.since).min();
            let left = oldest.map(|since| since.after(settings.batch_wait).since(now));
            let words = match left.filter(|left| !left.is_zero() && there < batch) {
                Some(left) => format!("{there} of {batch} · {}", seconds(left)),
                None => format!("{there} of {batch}"),
            };
            parts.push(Part::measure("batch", words, (there, batch), Tone::Calm));
        }
        if let Some(interval) = settings.rate_limit.interval() {
            let burst = u64::from(settings.burst.max(1));
            let spent = self.more.next_at.since(now).nanos();
            let spent = spent.div_ceil(interval.nanos().max(1));
            let left = burst.saturating_sub(spent);
            let tone = match left {
                0 if waiting > 0 => Tone::Warning,
                _ => Tone::Calm,
            };
            parts.push(Part::gauge("tokens", left, burst, tone));
        }
    }

    /// The circuits and bulkheads of its calls.
    fn show_circuits(&self, now: SimTime, parts: &mut Vec<Part>) {
        let settings = &self.settings;
        for circuit in self.more.circuits.iter().take(CIRCUITS_MOST) {
            if let Some(opens_after) = settings.circuit_opens_after {
                let (words, share, tone) = match circuit.position(now) {
                    Position::Closed(failures) => {
                        let tone = match failures {
                            0 => Tone::Calm,
                            _ => Tone::Warning,
                        };
                        let words = format!("closed · {failures} of {opens_after}");
                        (words, (failures.into(), opens_after.into()), tone)
                    }
                    Position::Open(until) => {
                        let left = until.since(now);
                        let share = (left.nanos(), settings.circuit_open_for.nanos());
                        (format!("open · {}", seconds(left)), share, Tone::Trouble)
                    }
                    Position::HalfOpen => ("half open".to_owned(), (1, 2), Tone::Warning),
                };
                parts.push(Part::measure("circuit", words, share, tone));
            }
            if let Some(most) = settings.bulkhead {
                let tone = match circuit.under_way >= most {
                    true => Tone::Warning,
                    false => Tone::Calm,
                };
                let (calls, most) = (circuit.under_way.into(), most.into());
                parts.push(Part::gauge("calls at once", calls, most, tone));
            }
        }
    }

    /// How many workers are in a phase.
    fn at(&self, which: fn(&Phase) -> bool) -> u64 {
        let phases = self.more.jobs.iter().map(|job| &job.phase);
        phases.filter(|phase| which(phase)).count() as u64
    }
}

fn is_calling(phase: &Phase) -> bool {
    matches!(phase, Phase::Calling(..))
}

fn is_transacting(phase: &Phase) -> bool {
    *phase == Phase::Transacting
}

fn is_waiting(phase: &Phase) -> bool {
    *phase == Phase::Waiting
}

/// What is left of a time.
fn seconds(left: SimDuration) -> String {
    format!("{:.1} s", left.as_secs())
}
