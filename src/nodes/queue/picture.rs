//! What the card of a queue shows.

use super::Queue;
use super::admission::Death;
use crate::engine::Names;
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Status, Tone};
use crate::units::SimTime;

/// Deliveries and groups that are looked at for a picture: enough to see how it stands.
const LOOKED_AT: usize = 1_000;

impl Queue {
    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let mut parts = vec![
            Part::Row {
                capsules: (self.waiting().take(ROW_MOST))
                    .map(Capsule::waiting)
                    .collect(),
                total: self.ready.len() as u64,
                room: self.settings.max_length.map(u64::from),
            },
            self.tray(),
        ];
        let mut text = |label: &str, text: String, tone| {
            parts.push(Part::text(label, text, tone));
        };
        if let Some(oldest) = self.oldest() {
            let age = format!("{:.1} s", now.since(oldest).as_secs());
            text("oldest", age, Tone::Calm);
        }
        let lent = self.lent.iter().take(LOOKED_AT);
        let again = lent.filter(|it| it.waiting.message.attempt > 1).count();
        if again > 0 {
            text("redelivered", again.to_string(), Tone::Warning);
        }
        if !self.later.is_empty() {
            text("delayed", self.later.len().to_string(), Tone::Calm);
        }
        if let Some((locked, groups)) = self.ready.locked_groups(LOOKED_AT) {
            text("locked groups", format!("{locked} of {groups}"), Tone::Calm);
        }
        if self.blocked {
            text("sender", "waits".to_owned(), Tone::Warning);
        }
        if self.gone {
            text("queue", "gone".to_owned(), Tone::Warning);
        }
        for death in Death::ALL {
            let count = self.gate.deaths[death as usize];
            if count > 0 {
                text(death.label(), count.to_string(), Tone::Warning);
            }
        }
        if let Some(link) = self.consumers.only_one() {
            parts.push(Part::Peer {
                label: "active".to_owned(),
                link,
            });
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    /// What was delivered and is not settled, of what consumers may have at once.
    fn tray(&self) -> Part {
        let credit = self.consumers.credit();
        let waits = self.ready.len() > 0 && self.consumers() > 0 && !self.consumers.has_free();
        let (lent, waits) = (self.lent.len(), waits && !self.down);
        Part::Tray {
            label: "unacked".to_owned(),
            capsules: (self.lent.iter().take(ROW_MOST))
                .map(|lent| Capsule::in_hand(&lent.waiting.message))
                .collect(),
            text: match credit {
                0 => lent.to_string(),
                // With more than this nobody counts credit.
                10_000.. => lent.to_string(),
                credit => format!("{lent}/{credit}"),
            },
            tone: match waits {
                true => Tone::Warning,
                false => Tone::Calm,
            },
        }
    }
}
