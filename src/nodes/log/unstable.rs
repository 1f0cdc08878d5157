//! What a partition has of transactions: which of its records may still come to count or not, and
//! which were aborted.

use std::sync::Arc;

use crate::nodes::shared::transaction::Transaction;

/// What a partition has of transactions.
#[derive(Clone, Debug, Default)]
pub(super) struct Unstable {
    /// In the order in which they came to the partition.
    entries: Vec<Entry>,
    /// The offsets of records that were aborted, in order.
    aborted: Option<Arc<Vec<u64>>>,
}

/// A transaction that has records in a partition, and no marker that is safe.
#[derive(Clone, Debug)]
struct Entry {
    transaction: Transaction,
    offsets: Vec<u64>,
    /// Whether it was committed, once that is decided.
    decided: Option<bool>,
    /// The offset of its marker.
    marker: Option<u64>,
}

impl Unstable {
    /// Whether all that is there is stable.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many transactions are open.
    #[cfg(test)]
    pub(super) fn open(&self) -> usize {
        self.entries.len()
    }

    /// The first offset that may still come to count or not.
    pub(super) fn first(&self) -> Option<u64> {
        let firsts = self.entries.iter().filter_map(|it| it.offsets.first());
        firsts.min().copied()
    }

    /// Whether the record at an offset belongs to a transaction that was aborted.
    #[inline]
    pub(super) fn is_aborted(&self, offset: u64) -> bool {
        let aborted = self.aborted.as_ref();
        aborted.is_some_and(|aborted| aborted.binary_search(&offset).is_ok())
    }

    /// How many records from one offset on and before another were aborted.
    pub(super) fn aborted_between(&self, from: u64, to: u64) -> u64 {
        let Some(aborted) = &self.aborted else {
            return 0;
        };
        let before = |end: u64| aborted.partition_point(|offset| *offset < end);
        before(to).saturating_sub(before(from)) as u64
    }

    fn change_aborted(&mut self, change: impl FnOnce(&mut Vec<u64>)) {
        change(Arc::make_mut(self.aborted.get_or_insert_default()));
    }

    /// A record of a transaction was appended.
    pub(super) fn enter(&mut self, transaction: Transaction, offset: u64) {
        let known = |it: &&mut Entry| it.transaction == transaction && it.decided.is_none();
        match self.entries.iter_mut().find(known) {
            Some(entry) => entry.offsets.push(offset),
            None => self.entries.push(Entry {
                transaction,
                offsets: vec![offset],
                decided: None,
                marker: None,
            }),
        }
    }

    /// A transaction was committed or aborted. How many of its records are here.
    pub(super) fn decide(&mut self, transaction: Transaction, committed: bool) -> u64 {
        let open = |it: &&mut Entry| it.transaction == transaction && it.decided.is_none();
        let Some(entry) = self.entries.iter_mut().find(open) else {
            return 0;
        };
        entry.decided = Some(committed);
        let offsets = entry.offsets.clone();
        let count = offsets.len() as u64;
        if !committed {
            self.change_aborted(|aborted| {
                aborted.extend(offsets);
                crate::units::sort(aborted);
            });
        }
        count
    }

    /// Whether a marker is to be written.
    pub(super) fn lacks_marker(&self) -> bool {
        let lacks = |it: &Entry| it.decided.is_some() && it.marker.is_none();
        self.entries.iter().any(lacks)
    }

    /// A marker was written for the first that lacked one.
    pub(super) fn mark(&mut self, offset: u64) {
        let lacks = |it: &&mut Entry| it.decided.is_some() && it.marker.is_none();
        if let Some(entry) = self.entries.iter_mut().find(lacks) {
            entry.marker = Some(offset);
        }
    }

    /// All that is in sync have what lies before this offset.
    #[inline(never)]
    pub(super) fn settle(&mut self, high: u64) {
        let is_open = |it: &Entry| it.marker.is_none_or(|marker| marker >= high);
        self.entries.retain(is_open);
    }

    /// The undecided transaction to which the record at an offset belongs.
    pub(super) fn open_at(&self, offset: u64) -> Option<Transaction> {
        let mut open = self.entries.iter().filter(|it| it.decided.is_none());
        let entry = open.find(|it| it.offsets.binary_search(&offset).is_ok())?;
        Some(entry.transaction)
    }

    /// Whether the record at an offset belongs to a transaction that is not over here.
    pub(super) fn has(&self, offset: u64) -> bool {
        let has = |it: &Entry| it.offsets.binary_search(&offset).is_ok();
        self.entries.iter().any(has)
    }

    /// What lies at an offset and after it is not there any more.
    pub(super) fn cut(&mut self, end: u64) {
        for entry in &mut self.entries {
            entry.offsets.retain(|offset| *offset < end);
            entry.marker = entry.marker.filter(|marker| *marker < end);
        }
        self.entries.retain(|entry| !entry.offsets.is_empty());
        if self.aborted.is_some() {
            self.change_aborted(|aborted| aborted.retain(|offset| *offset < end));
        }
    }

    /// What lies before an offset is not there any more.
    pub(super) fn forget(&mut self, start: u64) {
        let oldest = self.aborted.as_ref().and_then(|aborted| aborted.first());
        if oldest.is_some_and(|oldest| *oldest < start) {
            self.change_aborted(|aborted| aborted.retain(|offset| *offset >= start));
        }
    }

    /// Of the aborted records only those that are there are kept in mind.
    pub(super) fn keep_aborted(&mut self, is_there: impl Fn(u64) -> bool) {
        if self.aborted.is_some() {
            self.change_aborted(|aborted| aborted.retain(|offset| is_there(*offset)));
        }
    }

    /// Bytes of what a copy does not share.
    pub(super) fn own_bytes(&self) -> usize {
        let of = |entry: &Entry| size_of::<Entry>() + entry.offsets.len() * 8;
        self.entries.iter().map(of).sum()
    }
}
