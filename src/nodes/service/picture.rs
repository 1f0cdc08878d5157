//! The live picture of a service: what its workers are at, what waits, and what is in trouble.

use super::behaviour::Service;
use super::circuit::Position;
use super::job::Phase;
use crate::engine::Names;
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Slot, Status, Tone};
use crate::units::SimTime;

impl Service {
    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let slots = self.workers.iter().take(ROW_MOST).map(|work| Slot {
            work: work.map(|work| {
                let whole = work.until.since(work.since).nanos().max(1);
                let gone = now.since(work.since).nanos().min(whole);
                let share = u128::from(gone) * 1000 / u128::from(whole);
                (Capsule::in_hand(&work.task.message), share as u16)
            }),
        });
        let mut parts = match self.settings.by_hand {
            true => vec![self.hand.part()],
            false => vec![Part::Slots(slots.collect())],
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
        let lines = [
            ("done", self.finished, Tone::Calm),
            ("wait for answers", self.at(is_calling), Tone::Calm),
            ("will try again", self.at(is_waiting), Tone::Warning),
            ("interrupted", self.more.paused.len() as u64, Tone::Calm),
            ("known ids", self.more.memory.len() as u64, Tone::Calm),
            ("open windows", self.more.windows.len() as u64, Tone::Calm),
            ("came too late", self.more.windows.late, Tone::Warning),
        ];
        for (label, count, tone) in lines {
            if count > 0 || label == "done" {
                parts.push(text(label, count.to_string(), tone));
            }
        }
        for circuit in &self.more.circuits {
            match circuit.position(now) {
                Position::Closed => {}
                Position::Open => parts.push(text("circuit", "open".to_owned(), Tone::Trouble)),
                Position::HalfOpen => {
                    parts.push(text("circuit", "half open".to_owned(), Tone::Warning));
                }
            }
        }
        Picture {
            status: match self.life.down {
                true => Status::Down,
                false => Status::Up,
            },
            parts,
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

fn is_waiting(phase: &Phase) -> bool {
    *phase == Phase::Waiting
}

fn text(label: &str, text: String, tone: Tone) -> Part {
    Part::Text {
        label: label.to_owned(),
        text,
        tone,
    }
}
