//! What a log tells of its groups that share records.

use super::{Consumer, Place, ShareGroup};
use crate::engine::LinkIndex;
use crate::nodes::Tone;
use crate::nodes::log::behaviour::PartitionedLog;
use crate::nodes::log::consumers::OWN_GROUP;
use crate::nodes::survey::{self, Group, Member, Phase, Stance};

/// How a group is with a record: in few words, what that means, and who has it.
pub(in crate::nodes::log) type Standing = (&'static str, String, Tone, Option<LinkIndex>);

impl PartitionedLog {
    /// Its groups that share records; `own` others have no name and came before them.
    pub(in crate::nodes::log) fn share_surveys(&self, own: u32) -> Vec<Group> {
        let mut own = own;
        let used = self.shares.iter().filter(|share| share.is_used);
        used.map(|share| {
            let is_own = share.name.starts_with(OWN_GROUP);
            own += u32::from(is_own);
            let lanes = share.places.iter().zip(&self.topic.partitions);
            let places = lanes.map(|(place, lane)| {
                let end = lane.store.end();
                survey::Place {
                    begun: place.has_begun,
                    position: place.next,
                    committed: place.floor(),
                    lag: match place.has_begun {
                        true => end.saturating_sub(place.next) + place.open.len() as u64,
                        false => 0,
                    },
                    owner: None,
                }
            });
            Group {
                shown: match is_own {
                    true => format!("consumer {own}"),
                    false => share.name.clone(),
                },
                name: match is_own {
                    true => String::new(),
                    false => share.name.clone(),
                },
                shares_records: true,
                phase: match share.consumers.is_empty() {
                    true => Phase::Empty,
                    false => Phase::Stable,
                },
                generation: 0,
                rebalances: 0,
                assignor: "",
                cooperative: false,
                lag: share.lag,
                members: (1..).zip(&share.consumers).map(member).collect(),
                places: places.collect(),
            }
        })
        .collect()
    }
}

fn member((number, consumer): (u16, &Consumer)) -> Member {
    Member {
        number,
        id: String::new(),
        link: Some(consumer.link),
        owned: Vec::new(),
        in_hand: consumer.lent.len() as u64,
        stance: Stance::Works,
        silent: !consumer.is_there,
        idle: false,
        paused: !consumer.is_there || !consumer.is_up,
    }
}

impl ShareGroup {
    /// How the group is with a record.
    pub(in crate::nodes::log) fn standing(&self, partition: u32, offset: u64) -> Standing {
        let place = &self.places[partition as usize];
        let holder = self.consumers.iter().find(|it| {
            let mut lent = it.lent.iter();
            lent.any(|lent| (lent.partition, lent.offset) == (partition, offset))
        });
        let link = holder.map(|holder| holder.link);
        let tries = place.find(offset).map_or(0, |at| place.open[at].tries);
        let (text, means, tone) = match holder {
            Some(_) if tries > 1 => (
                "lent",
                format!("It was lent {tries} times by now."),
                Tone::Warning,
            ),
            Some(_) => (
                "lent",
                "Nobody else of the group gets it meanwhile.".to_owned(),
                Tone::Calm,
            ),
            None if tries > 0 => (
                "came back",
                "It was lent and not acknowledged. Whoever is free gets it.".to_owned(),
                Tone::Warning,
            ),
            None => standing_unlent(place, offset),
        };
        (text, means, tone, link)
    }
}

fn standing_unlent(place: &Place, offset: u64) -> (&'static str, String, Tone) {
    let ahead = offset.saturating_sub(place.next);
    match place.is_done(offset) {
        _ if !place.has_begun => (
            "not begun",
            "Nobody of the group was there yet.".to_owned(),
            Tone::Warning,
        ),
        true if offset < place.first => (
            "passed over",
            "The group began behind it, and never reads it unless it is sent back.".to_owned(),
            Tone::Warning,
        ),
        true => (
            "done",
            "It was acknowledged, or given up.".to_owned(),
            Tone::Calm,
        ),
        false if ahead == 0 => ("not lent yet", "It is the next one.".to_owned(), Tone::Calm),
        false => (
            "not lent yet",
            format!("{ahead} of its partition come first."),
            Tone::Calm,
        ),
    }
}
