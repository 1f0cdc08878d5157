//! What the card of an aggregate shows: the command in hand, the next ones, and what it decided.

use super::behaviour::{Aggregate, Outcome, Phase};
use crate::engine::{Message, MessageId, Names, Reason};
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Slot, Status, Tone};
use crate::units::SimTime;

impl Aggregate {
    /// The command with this id, if it is being decided or waits for that.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let current = self.current.iter().map(|current| &current.task);
        let mut tasks = current.chain(&self.inbox).map(|task| &task.message);
        tasks.find(|message| message.id == id)
    }

    /// What the card shows.
    pub fn picture(&self, now: SimTime, names: &Names) -> Picture {
        let work = self.current.as_ref().map(|current| {
            let share = match current.phase {
                Phase::Loading => 0,
                Phase::Appending => 1_000,
                Phase::Deciding => {
                    let whole = current.until.since(current.since).nanos().max(1);
                    let gone = now.since(current.since).nanos().min(whole);
                    (u128::from(gone) * 1_000 / u128::from(whole)) as u16
                }
            };
            (Capsule::in_hand(&current.task.message), share)
        });
        let mut parts = vec![Part::Slots(vec![Slot {
            work,
            tone: Tone::Calm,
        }])];
        if !self.inbox.is_empty() {
            let waiting = self.inbox.iter().take(ROW_MOST);
            parts.push(Part::Row {
                capsules: waiting.map(|t| Capsule::in_hand(&t.message)).collect(),
                total: self.inbox.len() as u64,
                room: None,
            });
        }
        let text = |label: &str, text: String, tone| Part::Text {
            label: label.to_owned(),
            text,
            tone,
        };
        if let Some((command, outcome)) = self.last {
            let (said, tone) = match outcome {
                Outcome::Accepted => ("accepted", Tone::Calm),
                Outcome::Repeated => ("done before", Tone::Calm),
                Outcome::Refused(Reason::Rule) => ("refused", Tone::Warning),
                Outcome::Refused(Reason::Unknown) => ("has no rule", Tone::Warning),
                Outcome::Refused(_) => ("gave up", Tone::Warning),
            };
            let command = names.type_name(command);
            parts.push(text("last", format!("{command} {said}"), tone));
        }
        if self.store.is_none() {
            let what = "no event store is linked".to_owned();
            parts.push(text("store", what, Tone::Trouble));
        }
        parts.push(text("accepted", self.accepted.to_string(), Tone::Calm));
        parts.push(text("refused", self.refused.to_string(), Tone::Calm));
        Picture {
            status: if self.life.down {
                Status::Down
            } else {
                Status::Up
            },
            parts,
        }
    }
}
