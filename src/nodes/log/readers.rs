//! Read models that follow a log from the beginning, without a group.
//!
//! Such a reader numbers what it is shown one by one, whatever partition it comes from: of what is
//! there the oldest first, and then as it comes. What it was shown under which number is remembered
//! for it, so that it goes on where it was also after it forgot.

use super::behaviour::PartitionedLog;
use super::topic::Topic;
use crate::engine::{Context, Handed, LinkIndex, Signal};

/// Somebody who follows.
#[derive(Clone)]
pub(super) struct Reader {
    link: LinkIndex,
    /// The next offset of each partition.
    next: Vec<u64>,
    /// Partition and offset of all that was shown, by their numbers.
    shown: Vec<(u32, u64)>,
    /// All before this number are applied.
    applied: u64,
    credit: u32,
    /// How many the reader knows of.
    told: u64,
    /// How often it began to read: each reading meets luck of its own on the way.
    reading: u16,
}

/// How far a reader is with a record.
pub(super) enum Progress {
    /// It was not shown it yet.
    Ahead,
    /// It was shown it.
    Shown,
    /// It has applied it.
    Applied,
}

impl Reader {
    /// How far it is with a record.
    pub(super) fn progress(&self, partition: u32, offset: u64) -> Progress {
        let next = self.next.get(partition as usize).copied().unwrap_or(0);
        let open = self.shown.iter().skip(self.applied as usize);
        match offset < next {
            false => Progress::Ahead,
            true if open.into_iter().any(|it| *it == (partition, offset)) => Progress::Shown,
            true => Progress::Applied,
        }
    }

    fn new(link: LinkIndex) -> Self {
        Self {
            link,
            next: Vec::new(),
            shown: Vec::new(),
            applied: 0,
            credit: 0,
            told: 0,
            reading: 0,
        }
    }

    /// Its link.
    pub(super) fn link(&self) -> LinkIndex {
        self.link
    }

    /// The next offset of each partition.
    pub(super) fn next(&self) -> &[u64] {
        &self.next
    }

    /// Begins again with a number; nothing is known of what lies beyond what was shown.
    fn go_to(&mut self, from: u64, credit: u32) {
        while self.shown.len() as u64 > from {
            if let Some((partition, offset)) = self.shown.pop() {
                self.next[partition as usize] = offset;
            }
        }
        self.applied = from;
        self.credit = credit;
        self.told = 0;
        self.reading = self.reading.wrapping_add(1);
    }

    /// The partition whose next record happened first, and the record's offset.
    fn oldest(&self, topic: &Topic) -> Option<(usize, u64)> {
        let lanes = topic.partitions.iter().zip(&self.next).enumerate();
        let next = lanes.filter_map(|(n, (lane, next))| {
            let (offset, record) = lane.store.from(*next)?;
            (offset < lane.readable()).then_some((record.born(), n, offset))
        });
        next.min().map(|(_, n, offset)| (n, offset))
    }

    /// Shows what the credit allows, and says how much there is if it allows no more.
    fn feed(&mut self, context: &mut Context<'_>, topic: &Topic) {
        self.next.resize(topic.partitions.len(), 0);
        for (next, lane) in self.next.iter_mut().zip(&topic.partitions) {
            *next = (*next).min(lane.store.end());
        }
        while (self.shown.len() as u64) < self.applied.saturating_add(u64::from(self.credit))
            && let Some((n, offset)) = self.oldest(topic)
            && let Some((_, record)) = topic.partitions[n].store.from(offset)
        {
            let mut message = topic.labels.message(record);
            message.attempt = self.reading;
            context.hand(self.link, &message, Handed::Shown, self.shown.len() as u64);
            self.shown.push((n as u32, offset));
            self.next[n] = offset + 1;
            self.told = self.told.max(self.shown.len() as u64);
        }
        let lanes = topic.partitions.iter().zip(&self.next);
        let left: u64 = lanes
            .map(|(lane, next)| lane.high().saturating_sub(*next))
            .sum();
        let length = self.shown.len() as u64 + left;
        if self.told < length {
            self.told = length;
            context.signal(self.link, Signal::Head { length });
        }
    }
}

impl PartitionedLog {
    /// A read model wants all from a number on, so many ahead of what it has applied.
    pub(super) fn catch_up(
        &mut self,
        context: &mut Context<'_>,
        (link, from, credit): (LinkIndex, u64, u32),
    ) {
        let known = self.readers.iter().position(|reader| reader.link == link);
        let n = known.unwrap_or_else(|| {
            self.readers.push(Reader::new(link));
            self.readers.len() - 1
        });
        self.readers[n].go_to(from, credit);
        self.readers[n].feed(context, &self.topic);
    }

    /// A read model has applied what has this number.
    pub(super) fn applied(&mut self, context: &mut Context<'_>, link: LinkIndex, number: u64) {
        if let Some(reader) = self.readers.iter_mut().find(|reader| reader.link == link) {
            reader.applied = number.saturating_add(1);
            reader.feed(context, &self.topic);
        }
    }

    /// Shows read models what came.
    #[inline(never)]
    pub(super) fn feed_all(&mut self, context: &mut Context<'_>) {
        for reader in &mut self.readers {
            reader.feed(context, &self.topic);
        }
    }

    /// Read models whose links are gone follow no more.
    pub(super) fn forget_readers(&mut self, context: &Context<'_>) {
        let there =
            |link: LinkIndex| (0..context.outgoing_count()).any(|n| context.outgoing(n) == link);
        self.readers.retain(|reader| there(reader.link));
    }

    /// Bytes of what is remembered for read models.
    pub(super) fn reader_bytes(&self) -> usize {
        let of = |reader: &Reader| reader.shown.len() * size_of::<(u32, u64)>();
        self.readers.iter().map(of).sum()
    }
}
