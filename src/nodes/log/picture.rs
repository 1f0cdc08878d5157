//! What the card of a partitioned log shows besides its survey: the latest records, and what
//! clients hold back.

use super::behaviour::PartitionedLog;
use crate::engine::Names;
use crate::nodes::{Capsule, Lane, Part, Picture, ROW_MOST, Status, Tone};
use crate::units::SimTime;

/// Most partitions of which it shows the latest records.
const LANES_MOST: usize = 6;

impl PartitionedLog {
    /// What the card shows.
    pub fn picture(&self, _now: SimTime, _names: &Names) -> Picture {
        let shown = self.topic.partitions.len().min(LANES_MOST);
        let lanes = (0..shown).map(|n| self.lane(n));
        let mut parts = vec![Part::Lanes(lanes.collect())];
        if self.by_batches {
            let (records, requests) = self.client_waiting();
            parts.push(Part::text("in batches", records.to_string(), Tone::Calm));
            parts.push(Part::text(
                "requests",
                format!("{requests} sent"),
                Tone::Calm,
            ));
        }
        if let Some((open, aborted)) = self.transactions.told() {
            let tone = match open {
                0 => Tone::Calm,
                _ => Tone::Warning,
            };
            parts.push(Part::text("transactions", format!("{open} open"), tone));
            parts.push(Part::text("aborted", aborted.to_string(), Tone::Calm));
        }
        let total = self.held_back_count();
        if total > 0 || self.topic.brokers.len() > 1 {
            parts.push(Part::Tray {
                label: "held back".to_owned(),
                capsules: self
                    .held_back()
                    .take(ROW_MOST)
                    .map(Capsule::waiting)
                    .collect(),
                text: total.to_string(),
                tone: match total {
                    0 => Tone::Calm,
                    _ => Tone::Warning,
                },
            });
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    fn lane(&self, n: usize) -> Lane {
        let lane = &self.topic.partitions[n];
        let mut latest: Vec<Capsule> = lane
            .store
            .iter()
            .rev()
            .take(ROW_MOST)
            .map(|(_, record)| Capsule::in_hand(&self.topic.labels.message(record)))
            .collect();
        latest.reverse();
        Lane {
            label: format!("p{n}"),
            capsules: latest,
            total: lane.store.count(),
            text: lane.store.end().to_string(),
        }
    }
}
