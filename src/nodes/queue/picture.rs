//! What the card of a queue shows.

use super::Queue;
use crate::engine::Names;
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Status, Tone};
use crate::units::SimTime;

/// Deliveries that are looked at for a picture: enough to see that some come again.
const LOOKED_AT: usize = 1_000;

impl Queue {
    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let mut parts = vec![Part::Row {
            capsules: (self.waiting().take(ROW_MOST))
                .map(Capsule::waiting)
                .collect(),
            total: self.ready.len() as u64,
            room: self.settings.max_length.map(u64::from),
        }];
        let mut text = |label: &str, text: String, tone| {
            parts.push(Part::Text {
                label: label.to_owned(),
                text,
                tone,
            });
        };
        if let Some(oldest) = self.oldest() {
            let age = format!("{:.1} s", now.since(oldest).as_secs());
            text("oldest", age, Tone::Calm);
        }
        let waits = self.ready.len() > 0 && self.consumers() > 0 && !self.consumers.has_free();
        if !self.lent.is_empty() {
            let credit = if waits && !self.down {
                " · no credit"
            } else {
                ""
            };
            let lent = format!("{}{credit}", self.lent.len());
            text("unacknowledged", lent, Tone::Calm);
        }
        let lent = self.lent.iter().take(LOOKED_AT);
        let again = lent.filter(|it| it.waiting.message.attempt > 1).count();
        if again > 0 {
            text("redelivered", again.to_string(), Tone::Warning);
        }
        if !self.later.is_empty() {
            text("delayed", self.later.len().to_string(), Tone::Calm);
        }
        if self.blocked {
            text("sender", "waits".to_owned(), Tone::Warning);
        }
        if self.gone {
            text("queue", "gone".to_owned(), Tone::Warning);
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }
}
