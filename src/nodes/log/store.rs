//! What a partition keeps: records in the order of their offsets, in chunks that copies share.
//!
//! A chunk that is full never changes; copies of the partition, which keyframes are, share it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::record::Record;
use crate::engine::Key;
use crate::units::SimTime;

/// Most records of one chunk.
const CHUNK: usize = 512;

/// Records that follow each other.
#[derive(Clone, Debug)]
struct Chunk {
    /// The offset of the first record, as it was when the chunk began.
    base: u64,
    /// The offset after the last one.
    end: u64,
    /// How far behind the base each record is, if some are missing or markers lie between them.
    gaps: Option<Vec<u32>>,
    records: Vec<Record>,
    /// When the latest of its records happened.
    newest: SimTime,
    /// Whether a segment begins with it.
    opens: bool,
}

impl Chunk {
    fn new(base: u64, opens: bool) -> Arc<Self> {
        Arc::new(Self {
            base,
            end: base,
            gaps: None,
            records: Vec::new(),
            newest: SimTime::ZERO,
            opens,
        })
    }

    /// Adds a record. Offsets between the last one and this have none.
    #[inline]
    fn push(&mut self, offset: u64, record: Record) {
        let next = self.base + self.records.len() as u64;
        if self.gaps.is_some() || next != offset {
            self.note_gap(offset);
        }
        self.newest = self.newest.max(record.born());
        self.records.push(record);
        self.end = offset + 1;
    }

    #[inline(never)]
    fn note_gap(&mut self, offset: u64) {
        let without = 0..self.records.len() as u32;
        let gaps = self.gaps.get_or_insert_with(|| without.collect());
        gaps.push((offset - self.base) as u32);
    }

    fn offset(&self, n: usize) -> u64 {
        self.base
            + self
                .gaps
                .as_ref()
                .map_or(n as u64, |gaps| u64::from(gaps[n]))
    }

    /// The first record with this offset or a later one.
    fn at(&self, offset: u64) -> usize {
        let behind = offset.saturating_sub(self.base);
        match &self.gaps {
            None => (behind as usize).min(self.records.len()),
            Some(gaps) => gaps.partition_point(|gap| u64::from(*gap) < behind),
        }
    }
}

/// All records of a partition.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    chunks: VecDeque<Arc<Chunk>>,
    /// The first offset that may still be there, and the one after the last.
    start: u64,
    end: u64,
    /// How many records there are.
    count: u64,
    /// Records of the active segment, and when its first was written.
    in_segment: u64,
    opened: SimTime,
}

impl Store {
    /// The first offset that may still be there.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// The offset of the next record.
    #[inline]
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// How many records there are: with gaps fewer than there are offsets.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds a record. A new segment begins after `most` records or once the active one is as old
    /// as `longest` nanoseconds. Its offset.
    #[inline]
    pub(super) fn append(
        &mut self,
        now: SimTime,
        record: Record,
        (most, longest): (u64, u64),
    ) -> u64 {
        self.make_room(now, (most, longest));
        let offset = self.end;
        if let Some(chunk) = self.chunks.back_mut() {
            Arc::make_mut(chunk).push(offset, record);
        }
        self.end += 1;
        self.count += 1;
        self.in_segment += 1;
        offset
    }

    /// Adds a control marker, which takes an offset and is no record. Its offset.
    pub(super) fn mark(&mut self, now: SimTime, segment: (u64, u64)) -> u64 {
        self.make_room(now, segment);
        let offset = self.end;
        if let Some(chunk) = self.chunks.back_mut() {
            let chunk = Arc::make_mut(chunk);
            chunk.end = offset + 1;
            chunk.newest = chunk.newest.max(now);
        }
        self.end += 1;
        self.in_segment += 1;
        offset
    }

    #[inline]
    fn make_room(&mut self, now: SimTime, (most, longest): (u64, u64)) {
        let opens = self.in_segment == 0
            || self.in_segment >= most
            || now.since(self.opened).nanos() >= longest;
        let fits = |chunk: &Arc<Chunk>| chunk.records.len() < CHUNK && !opens;
        if !self.chunks.back().is_some_and(fits) {
            self.open(now, opens);
        }
    }

    #[inline(never)]
    fn open(&mut self, now: SimTime, opens: bool) {
        if let Some(last) = self.chunks.back_mut()
            && last.records.capacity() > last.records.len()
        {
            Arc::make_mut(last).records.shrink_to_fit();
        }
        self.chunks.push_back(Chunk::new(self.end, opens));
        if opens {
            self.in_segment = 0;
            self.opened = now;
        }
    }

    /// The first record with this offset or a later one, and its offset.
    #[inline]
    pub(super) fn from(&self, offset: u64) -> Option<(u64, &Record)> {
        let last = self.chunks.back()?;
        if offset >= last.base && last.gaps.is_none() {
            let record = last.records.get((offset - last.base) as usize)?;
            return Some((offset, record));
        }
        self.find(offset)
    }

    #[inline(never)]
    fn find(&self, offset: u64) -> Option<(u64, &Record)> {
        let first = self.chunks.partition_point(|chunk| chunk.end <= offset);
        self.chunks.range(first..).find_map(|chunk| {
            let n = chunk.at(offset);
            let record = chunk.records.get(n)?;
            Some((chunk.offset(n), record))
        })
    }

    /// All records, the oldest first, with their offsets.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Record)> {
        self.chunks.iter().flat_map(|chunk| {
            let of = move |(n, record)| (chunk.offset(n), record);
            chunk.records.iter().enumerate().map(of)
        })
    }

    /// How many chunks the first segment has, if another follows it.
    fn first_segment(&self) -> Option<usize> {
        let next = self.chunks.iter().skip(1).position(|chunk| chunk.opens);
        next.map(|n| n + 1)
    }

    /// When the latest record of the first segment happened, if another segment follows.
    pub(super) fn oldest_segment(&self) -> Option<SimTime> {
        let chunks = self.chunks.iter().take(self.first_segment()?);
        chunks.map(|chunk| chunk.newest).max()
    }

    /// How many records the first segment has, if another follows.
    pub(super) fn first_segment_count(&self) -> Option<u64> {
        let chunks = self.chunks.iter().take(self.first_segment()?);
        Some(chunks.map(|chunk| chunk.records.len() as u64).sum())
    }

    /// Takes the first segment away, and shows each of its records.
    pub(super) fn drop_segment(&mut self, mut each: impl FnMut(u64, &Record)) {
        for _ in 0..self.first_segment().unwrap_or(0) {
            let Some(chunk) = self.chunks.pop_front() else {
                return;
            };
            for (n, record) in chunk.records.iter().enumerate() {
                each(chunk.offset(n), record);
            }
            self.count -= chunk.records.len() as u64;
            self.start = chunk.end;
        }
    }

    /// Takes away what is at this offset and after it, and shows each of the records. Where nothing
    /// is left of a chunk but markers it goes whole.
    pub(super) fn truncate(&mut self, end: u64, mut each: impl FnMut(u64, &Record)) {
        while let Some(last) = self.chunks.back_mut()
            && last.end > end
        {
            let from = last.at(end);
            for (n, record) in last.records.iter().enumerate().skip(from) {
                each(last.offset(n), record);
            }
            let gone = (last.records.len() - from) as u64;
            self.count -= gone;
            self.in_segment = self.in_segment.saturating_sub(gone);
            if from == 0 {
                self.chunks.pop_back();
            } else {
                let last = Arc::make_mut(last);
                last.records.truncate(from);
                if let Some(gaps) = &mut last.gaps {
                    gaps.truncate(from);
                }
                last.end = end;
                break;
            }
        }
        self.end = end;
        self.start = self.start.min(end);
    }

    /// Keeps of the closed segments only what `keep` wants, and shows what goes. What stays has its
    /// offset. How many records the closed segments have then.
    pub(super) fn compact(
        &mut self,
        mut keep: impl FnMut(u64, &Record) -> bool,
        mut each: impl FnMut(&Record),
    ) -> u64 {
        let closed = self.closed();
        let mut left = 0;
        for chunk in self.chunks.iter_mut().take(closed) {
            let wanted: Vec<bool> = (0..chunk.records.len())
                .map(|n| keep(chunk.offset(n), &chunk.records[n]))
                .collect();
            if wanted.contains(&false) {
                let mut gaps = Vec::new();
                let mut records = Vec::new();
                for (n, wanted) in wanted.into_iter().enumerate() {
                    if wanted {
                        gaps.push((chunk.offset(n) - chunk.base) as u32);
                        records.push(chunk.records[n]);
                    } else {
                        each(&chunk.records[n]);
                        self.count -= 1;
                    }
                }
                *chunk = Arc::new(Chunk {
                    gaps: Some(gaps),
                    records,
                    ..**chunk
                });
            }
            left += chunk.records.len() as u64;
        }
        left
    }

    /// How many chunks lie before the active segment.
    fn closed(&self) -> usize {
        let active = self.chunks.iter().rposition(|chunk| chunk.opens);
        active.unwrap_or(0)
    }

    /// The records of the closed segments with their offsets.
    pub(super) fn closed_records(&self) -> impl Iterator<Item = (u64, &Record)> {
        let chunks = self.chunks.iter().take(self.closed());
        chunks.flat_map(|chunk| {
            let of = move |(n, record)| (chunk.offset(n), record);
            chunk.records.iter().enumerate().map(of)
        })
    }

    /// The last offset of each key in the closed segments, of the offsets that count.
    pub(super) fn last_of_keys(&self, counts: impl Fn(u64) -> bool) -> BTreeMap<Key, u64> {
        let counted = self.closed_records().filter(|(offset, _)| counts(*offset));
        counted
            .map(|(offset, record)| (record.key, offset))
            .collect()
    }

    /// How many records lie from one offset on and before another.
    pub(super) fn count_between(&self, from: u64, to: u64) -> u64 {
        if self.count == self.end - self.start {
            return to.saturating_sub(from.max(self.start));
        }
        let of = |chunk: &Arc<Chunk>| match from <= chunk.base && chunk.end <= to {
            true => chunk.records.len(),
            false => chunk.at(to).saturating_sub(chunk.at(from)),
        };
        let first = self.chunks.partition_point(|chunk| chunk.end <= from);
        let chunks = self
            .chunks
            .range(first..)
            .take_while(|chunk| chunk.base < to);
        chunks.map(of).sum::<usize>() as u64
    }

    /// Bytes of what a copy does not share, roughly.
    pub(super) fn own_bytes(&self) -> usize {
        let active = self.chunks.back().map_or(0, |chunk| chunk.records.len());
        self.chunks.len() * size_of::<usize>() + active * size_of::<Record>()
    }

    /// Bytes of all that it keeps.
    #[cfg(test)]
    pub(super) fn all_bytes(&self) -> usize {
        let of = |chunk: &Arc<Chunk>| {
            let gaps = chunk.gaps.as_ref().map_or(0, |gaps| gaps.len() * 4);
            size_of::<Chunk>()
                + size_of::<usize>()
                + gaps
                + chunk.records.capacity() * size_of::<Record>()
        };
        self.chunks.iter().map(of).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Labels;
    use super::*;
    use crate::engine::{EventType, Message, MessageId, NodeIndex};

    const ONE_SEGMENT: (u64, u64) = (u64::MAX, u64::MAX);

    fn message(n: u64) -> Message {
        Message {
            id: MessageId(n),
            root: n * 3,
            key: Key(n as u32 % 5),
            sequence: n as u32,
            event_type: EventType(n as u16 % 3),
            source: NodeIndex(7),
            duplicate: n % 2 == 1,
            born: SimTime::from_nanos(n),
            since: SimTime::from_nanos(n),
            ..Message::default()
        }
    }

    fn filled(count: u64, most: u64) -> (Store, Labels) {
        let (mut store, mut labels) = (Store::default(), Labels::default());
        for n in 0..count {
            let record = labels.record(&message(n));
            assert_eq!(store.append(SimTime::ZERO, record, (most, u64::MAX)), n);
        }
        (store, labels)
    }

    #[test]
    fn a_record_is_the_message_again() {
        assert_eq!(size_of::<Record>(), 64);
        let (store, labels) = filled(2000, u64::MAX);
        for (offset, record) in store.iter() {
            assert_eq!(labels.message(record), message(offset));
            assert_eq!(store.from(offset).map(|found| found.0), Some(offset));
        }
        assert_eq!(store.iter().count() as u64, store.count());
        assert!(store.from(2000).is_none());
    }

    /// A chunk costs 72 bytes besides its records, which is under a sixth of a byte for each.
    #[test]
    fn many_records_take_hardly_more_than_64_bytes_each() {
        let (store, _) = filled(1_000_000, u64::MAX);
        assert!(store.all_bytes() <= 1_000_000 * 64 + 1_000_000 / 5);
        // A copy shares all but the last chunk.
        assert!(store.own_bytes() < 100_000);
    }

    #[test]
    fn segments_go_whole_and_the_active_one_stays() {
        let (mut store, _) = filled(25, 10);
        let mut gone = Vec::new();
        assert_eq!(store.oldest_segment(), Some(SimTime::from_nanos(9)));
        store.drop_segment(|offset, _| gone.push(offset));
        assert_eq!(gone, (0..10).collect::<Vec<u64>>());
        assert_eq!((store.start(), store.count()), (10, 15));
        store.drop_segment(|_, _| {});
        assert_eq!(store.oldest_segment(), None);
        store.drop_segment(|_, _| panic!("the active segment went"));
        assert_eq!((store.start(), store.end(), store.count()), (20, 25, 5));
    }

    #[test]
    fn what_is_cut_off_is_shown_and_its_offsets_are_used_again() {
        let (mut store, mut labels) = filled(1500, u64::MAX);
        let mut gone = Vec::new();
        store.truncate(500, |offset, _| gone.push(offset));
        gone.sort_unstable();
        assert_eq!(gone, (500..1500).collect::<Vec<u64>>());
        let record = labels.record(&message(9));
        assert_eq!(store.append(SimTime::ZERO, record, ONE_SEGMENT), 500);
        assert_eq!(store.iter().count(), 501);
    }

    #[test]
    fn compaction_leaves_gaps_and_keeps_offsets() {
        let (mut store, labels) = filled(1000, 300);
        let last = store.last_of_keys(|_| true);
        let mut gone = 0;
        let left = store.compact(
            |offset, record| last.get(&record.key) == Some(&offset),
            |_| gone += 1,
        );
        assert_eq!((left, gone), (5, 895));
        assert_eq!(store.count(), 105);
        assert_eq!(store.from(0).map(|found| found.0), Some(895));
        assert_eq!(store.from(899).map(|found| found.0), Some(899));
        for (offset, record) in store.iter() {
            assert_eq!(labels.message(record).id.0, offset);
            assert_eq!(store.from(offset).map(|found| found.0), Some(offset));
        }
        store.truncate(897, |_, _| {});
        assert_eq!((store.count(), store.end()), (2, 897));
        assert!(store.from(897).is_none());
    }
    #[test]
    fn a_marker_takes_an_offset_and_is_no_record() {
        let (mut store, mut labels) = (Store::default(), Labels::default());
        let mut offsets = Vec::new();
        for n in 0..2000 {
            if n % 3 == 0 {
                store.mark(SimTime::ZERO, (700, u64::MAX));
            }
            let record = labels.record(&message(n));
            offsets.push(store.append(SimTime::ZERO, record, (700, u64::MAX)));
        }
        assert_eq!((store.end(), store.count()), (2667, 2000));
        let found: Vec<u64> = store.iter().map(|(offset, _)| offset).collect();
        assert_eq!(found, offsets);
        for (n, offset) in offsets.iter().enumerate() {
            assert_eq!(store.from(*offset).map(|it| it.1.id().0), Some(n as u64));
        }
        assert_eq!(store.from(0).map(|found| found.0), Some(1));
        for (from, to) in [(0, 2667), (1, 2), (0, 1), (500, 1301), (2666, 2667), (9, 9)] {
            let there = offsets.iter().filter(|it| (from..to).contains(*it)).count();
            assert_eq!(
                store.count_between(from, to),
                there as u64,
                "{from} to {to}"
            );
        }
        // Cut off in the middle, and right behind a marker.
        for end in [1500, 1005, 5, 1] {
            store.truncate(end, |_, _| {});
            assert_eq!(store.end(), end);
            let record = labels.record(&message(end));
            assert_eq!(store.append(SimTime::ZERO, record, ONE_SEGMENT), end);
            assert_eq!(store.from(end).map(|it| it.1.id().0), Some(end));
            let left = offsets.iter().filter(|it| **it < end).count();
            assert_eq!(store.count(), left as u64 + 1);
        }
    }
}
