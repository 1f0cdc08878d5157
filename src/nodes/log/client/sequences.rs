//! What brokers remember of an idempotent client in a partition: which number they expect next, and
//! its latest batches.
//!
//! A broker that does not know a client expects the number 0. Kafka takes any number from one that
//! it does not know, which reorders if the very first batch fails.

use std::collections::VecDeque;

/// Batches that are recognised when they come again: as many as can be in flight.
pub(in super::super) const REMEMBERED: usize = 5;

/// Offsets, the second one not included.
pub(super) type Place = (u64, u64);

/// What a broker makes of the number of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the next one.
    Next,
    /// It is there already.
    Known(Place),
    /// One before it is missing.
    Gap,
}

/// A batch that was appended.
#[derive(Clone, Copy, Debug)]
struct Taken {
    first: u64,
    place: Place,
}

/// A broker's memory of one client in one partition.
#[derive(Clone, Debug)]
pub(super) struct Sequences {
    /// The number that is next; any after a failure that nobody could tell the outcome of.
    next: Option<u64>,
    latest: VecDeque<Taken>,
}

impl Default for Sequences {
    fn default() -> Self {
        Self {
            next: Some(0),
            latest: VecDeque::new(),
        }
    }
}

impl Sequences {
    /// What becomes of a batch whose first record has this number.
    pub(super) fn judge(&self, first: u64) -> Verdict {
        match self.next {
            Some(next) if first > next => Verdict::Gap,
            Some(next) if first < next => {
                let known = self.latest.iter().find(|taken| taken.first == first);
                Verdict::Known(known.map_or((0, 0), |taken| taken.place))
            }
            _ => Verdict::Next,
        }
    }

    /// A batch of `count` records was appended.
    pub(super) fn take(&mut self, first: u64, count: u64, place: Place) {
        self.next = Some(first + count);
        self.latest.push_back(Taken { first, place });
        if self.latest.len() > REMEMBERED {
            self.latest.pop_front();
        }
    }

    /// Another broker leads, and has only what lies before `end`.
    pub(super) fn cut_off(&mut self, end: u64) {
        while let Some(taken) = self.latest.back().filter(|taken| taken.place.0 >= end) {
            self.next = Some(taken.first);
            self.latest.pop_back();
        }
    }

    /// The client begins anew.
    pub(super) fn forget(&mut self) {
        self.next = None;
        self.latest.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_next_known_or_too_early() {
        let mut known = Sequences::default();
        assert_eq!(known.judge(16), Verdict::Gap);
        assert_eq!(known.judge(0), Verdict::Next);
        known.take(0, 16, (100, 116));
        assert_eq!(known.judge(0), Verdict::Known((100, 116)));
        assert_eq!(known.judge(16), Verdict::Next);
        known.take(16, 4, (120, 124));
        known.cut_off(118);
        assert_eq!(known.judge(16), Verdict::Next);
        assert_eq!(known.judge(20), Verdict::Gap);
        known.forget();
        assert_eq!(known.judge(20), Verdict::Next);
    }

    #[test]
    fn the_latest_five_are_remembered() {
        let mut known = Sequences::default();
        for n in 0..8 {
            known.take(n * 10, 10, (n * 10, n * 10 + 10));
        }
        assert_eq!(known.judge(20), Verdict::Known((0, 0)));
        assert_eq!(known.judge(30), Verdict::Known((30, 40)));
        known.cut_off(0);
        assert_eq!(known.judge(30), Verdict::Next);
    }
}
