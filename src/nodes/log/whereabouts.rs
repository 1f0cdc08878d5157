//! How a record came to its place in the log, and how far each group is with it: from its key to
//! the hash, the partition, the offset, and whoever reads it.

use super::behaviour::PartitionedLog;
use super::consumers::OWN_GROUP;
use super::group::{Group, Member};
use super::partitioner::KeyHash;
use super::readers::Progress;
use super::settings::Keyless;
use crate::engine::{Key, Message, Names};
use crate::nodes::{Step, Tone};

/// Most records that are looked through for one, in all partitions together.
const LOOK_MOST: usize = 60_000;

impl PartitionedLog {
    /// The way of a record: key, hash, partition, offset, and where each group is with it. Nothing
    /// if it is not here, or so long ago that nobody looks for it.
    pub fn whereabouts(&self, message: &Message, names: &Names) -> Vec<Step> {
        let Some((partition, place)) = self.place_of(message) else {
            return Vec::new();
        };
        let mut steps = self.choice(message.key, names.key_text(message.key), partition);
        let offset = match place {
            Ok(offset) => offset,
            Err(held) => {
                steps.push(held);
                return steps;
            }
        };
        steps.push(self.offset_step(partition, offset));
        steps.extend(self.transaction_step(partition, offset));
        let there = self.groups.iter().filter(|group| group.joined > 0);
        steps.extend(there.map(|group| self.group_step(group, partition, offset)));
        let shares = self.shares.iter().filter(|share| share.is_used);
        steps.extend(shares.map(|share| {
            let (text, means, tone, to) = share.standing(partition, offset);
            Step {
                to,
                ..step(label_of(&share.name), text.to_owned(), means, tone)
            }
        }));
        let readers = self.readers.iter();
        steps.extend(readers.map(|reader| {
            let (text, means) = match reader.progress(partition, offset) {
                Progress::Ahead => ("not shown yet", "What happened earlier comes first."),
                Progress::Shown => ("on its way", "Shown, and not applied yet."),
                Progress::Applied => ("applied", "It follows the log without a group."),
            };
            Step {
                to: Some(reader.link()),
                ..step("Read model", text.to_owned(), means.to_owned(), Tone::Calm)
            }
        }));
        steps
    }

    /// The partition of a record, and its offset, or what the client does with it. Of several
    /// records of one event it is the one with the message's id, or else the latest.
    fn place_of(&self, message: &Message) -> Option<(u32, Result<u64, Step>)> {
        let held = |text: &str, means: &str, tone| {
            let means = means.to_owned();
            Err(step("Client", text.to_owned(), means, tone))
        };
        let mut pending = self.pending.iter();
        if let Some(it) = pending.find(|it| it.message.root == message.root) {
            let means = "No broker takes it. The client tries again until it gives up.";
            return Some((it.partition, held("held back", means, Tone::Warning)));
        }
        if let Some((partition, is_sent, failures)) = self.clients.find(message.root) {
            let (text, means, tone) = match (is_sent, failures) {
                (true, 0) => ("on the way", "Its batch has left the client.", Tone::Calm),
                (true, _) => (
                    "on the way again",
                    "Its batch was sent before, and nobody said that it is safe.",
                    Tone::Warning,
                ),
                (false, 0) => (
                    "in a batch",
                    "It waits until the batch is full or has waited long enough, and until a \
                     request may go out.",
                    Tone::Calm,
                ),
                (false, _) => (
                    "to be sent again",
                    "Its batch failed. The client tries again until it gives up.",
                    Tone::Warning,
                ),
            };
            return Some((partition, held(text, means, tone)));
        }
        let lanes = &self.topic.partitions;
        let most = LOOK_MOST / lanes.len().max(1);
        let mut of_event = None;
        for (n, lane) in (0..).zip(lanes) {
            for (offset, record) in lane.store.iter().rev().take(most) {
                if record.is_of(message) {
                    if record.id() == message.id {
                        return Some((n, Ok(offset)));
                    }
                    of_event = of_event.or(Some((n, Ok(offset))));
                }
            }
        }
        of_event
    }

    /// How the partition was chosen.
    fn choice(&self, key: Key, text: &str, partition: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        if key == Key::default() {
            let (how, means) = match self.settings.keyless {
                Keyless::Sticky => (
                    "sticky",
                    "Without a key a client fills a batch for one partition, and goes on with \
                     another then.",
                ),
                Keyless::RoundRobin => (
                    "round robin",
                    "Without a key a client goes from one partition to the next.",
                ),
                Keyless::Random => ("random", "Without a key it goes to any partition."),
            };
            let text = format!("none, {how}");
            steps.push(step("Key", text, means.to_owned(), Tone::Calm));
        } else {
            let means =
                "All records with this key go to one partition, and keep their order there.";
            steps.push(step("Key", text.to_owned(), means.to_owned(), Tone::Calm));
            steps.extend(self.hashing(text, partition));
        }
        let lane = &self.topic.partitions[partition as usize];
        let copies = lane.replicas.len();
        let (means, tone) = match lane.leader_broker().filter(|_| lane.is_served()) {
            None => (
                "No broker leads it now: nobody can use it.".to_owned(),
                Tone::Trouble,
            ),
            Some(_) if self.topic.brokers.len() < 2 => (
                "One consumer of each group reads it, in order.".to_owned(),
                Tone::Calm,
            ),
            Some(leader) => {
                let in_sync = lane.in_sync();
                let means = format!(
                    "Broker {} leads it, {in_sync} of {copies} copies are in sync.",
                    leader + 1
                );
                let all = in_sync as usize == copies;
                (means, if all { Tone::Calm } else { Tone::Warning })
            }
        };
        steps.push(Step {
            part: Some(partition),
            ..step("Partition", partition.to_string(), means, tone)
        });
        steps
    }

    /// From the key to the number of a partition.
    fn hashing(&self, text: &str, partition: u32) -> [Step; 2] {
        let count = self.topic.partitions.len() as u32;
        let own = self.settings.key_hash;
        let (name, other, others) = match own {
            KeyHash::Murmur2 => ("murmur2", KeyHash::Crc32, "A client on librdkafka makes"),
            KeyHash::Crc32 => ("CRC-32", KeyHash::Murmur2, "A Java client makes"),
        };
        let (hash, foreign) = (own.of(text.as_bytes()), other.of(text.as_bytes()));
        let (here, there) = (hash % count, foreign % count);
        let also = if here == there { "as well" } else { "instead" };
        let means = format!("{others} {foreign:#010x} of the key: partition {there} {also}.");
        let hashed = step("Hash", format!("{name} {hash:#010x}"), means, Tone::Calm);
        let rest = format!("{hash:#010x} mod {count} = {here}");
        let (means, tone) = match here == partition {
            true => (
                "The rest of a division by the number of partitions. With more of them the key \
                 lands elsewhere."
                    .to_owned(),
                Tone::Calm,
            ),
            false => (
                format!(
                    "It was {partition} when there were fewer partitions. What comes now with \
                     this key is not in order with it."
                ),
                Tone::Warning,
            ),
        };
        [hashed, step("Modulo", rest, means, tone)]
    }

    fn offset_step(&self, partition: u32, offset: u64) -> Step {
        let lane = &self.topic.partitions[partition as usize];
        let (means, tone) = match lane.store.end().saturating_sub(offset + 1) {
            _ if offset >= lane.high() => (
                "Not all copies in sync have it yet: nobody reads it, and a leader that fails \
                 now takes it along."
                    .to_owned(),
                Tone::Warning,
            ),
            0 => ("The latest of its partition.".to_owned(), Tone::Calm),
            1 => ("One record came after it.".to_owned(), Tone::Calm),
            after => (format!("{after} records came after it."), Tone::Calm),
        };
        step("Offset", offset.to_string(), means, tone)
    }

    /// What a transaction means for a record, if it matters still.
    fn transaction_step(&self, partition: u32, offset: u64) -> Option<Step> {
        let unstable = &self.topic.partitions[partition as usize].unstable;
        let (text, means, tone) = if unstable.is_aborted(offset) {
            (
                "aborted",
                "Consumers that read what is committed pass over it. The others have seen it.",
                Tone::Trouble,
            )
        } else if unstable.has(offset) {
            (
                "open",
                "It counts once its transaction is committed. Consumers that read what is \
                 committed wait before it, also with what comes after it.",
                Tone::Warning,
            )
        } else {
            return None;
        };
        Some(step("Transaction", text.to_owned(), means.to_owned(), tone))
    }

    /// How far a group is with a record.
    fn group_step(&self, group: &Group, partition: u32, offset: u64) -> Step {
        let lane = &self.topic.partitions[partition as usize];
        let cursor = &group.cursors[partition as usize];
        let has = |member: &&Member| {
            let mut in_hand = member.in_hand.iter();
            in_hand.any(|it| (it.partition, it.offset) == (partition, offset))
        };
        let holder = group.members.iter().find(has);
        let owner = group.members.get(cursor.owner as usize);
        let (text, means, tone) = match holder {
            Some(_) if offset < cursor.committed => (
                "in hand, committed",
                "It was committed before the work: a crash now loses it.".to_owned(),
                Tone::Warning,
            ),
            Some(_) => (
                "in hand, not committed",
                "Somebody works on it. After a crash it is read again.".to_owned(),
                Tone::Calm,
            ),
            None if lane.hides(group.rules.isolation, offset) => (
                "passed over",
                "It was aborted with its transaction.".to_owned(),
                Tone::Calm,
            ),
            None if !cursor.has_begun => (
                "not begun",
                "Nobody of the group has had this partition yet.".to_owned(),
                Tone::Warning,
            ),
            None if offset >= cursor.position => self.unread(group, owner, partition, offset),
            None if offset >= cursor.committed => (
                "read, not committed",
                "The work is done. Whoever takes the partition over does it again.".to_owned(),
                Tone::Warning,
            ),
            None if offset < cursor.first => (
                "passed over",
                "The group began behind it, and never reads it unless it is sent back.".to_owned(),
                Tone::Warning,
            ),
            None => (
                "committed",
                "The group is done with it.".to_owned(),
                Tone::Calm,
            ),
        };
        let to = holder.or(owner).and_then(|member| member.link);
        Step {
            to,
            ..step(label_of(&group.name), text.to_owned(), means, tone)
        }
    }

    /// Why a group has not read a record yet.
    fn unread(
        &self,
        group: &Group,
        owner: Option<&Member>,
        partition: u32,
        offset: u64,
    ) -> (&'static str, String, Tone) {
        let (lane, cursor) = (
            &self.topic.partitions[partition as usize],
            &group.cursors[partition as usize],
        );
        let text = match offset < cursor.reached {
            true => "to be read again",
            false => "not read yet",
        };
        let (means, tone) = match (owner, offset - cursor.position) {
            _ if offset >= lane.readable() => (
                "It cannot be read at this moment.".to_owned(),
                Tone::Warning,
            ),
            _ if offset >= lane.readable_to(group.rules.isolation) => (
                "A transaction is open: it waits until that is over.".to_owned(),
                Tone::Warning,
            ),
            (None, _) => (
                "Nobody of the group has the partition now.".to_owned(),
                Tone::Warning,
            ),
            (Some(owner), _) if owner.is_paused(group.rules.assignor.is_cooperative()) => {
                ("Its consumer does not read now.".to_owned(), Tone::Warning)
            }
            (_, 0) => ("It is the next one.".to_owned(), Tone::Calm),
            (_, 1) => ("One record comes first.".to_owned(), Tone::Calm),
            (_, behind) => (format!("{behind} records come first."), Tone::Calm),
        };
        (text, means, tone)
    }
}

fn label_of(group: &str) -> &str {
    match group.starts_with(OWN_GROUP) {
        true => "A group of its own",
        false => group,
    }
}

fn step(label: &str, text: String, means: String, tone: Tone) -> Step {
    Step {
        label: label.to_owned(),
        text,
        means,
        tone,
        to: None,
        part: None,
    }
}
