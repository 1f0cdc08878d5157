//! The latest entries of a trace: a ring in which the newest one takes the place of the oldest.

use super::Entry;

/// Entries that are kept, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    entries: Vec<Entry>,
    /// Where the next one goes: over the oldest, or to the end while there is room.
    next: usize,
}

impl Kept {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.all_but_latest(0)
    }

    /// The entries but for so many of the latest, oldest first.
    pub fn all_but_latest(&self, hidden: usize) -> impl DoubleEndedIterator<Item = &Entry> {
        let (newer, older) = self.entries.split_at(self.next);
        let shown_newer = newer.len().saturating_sub(hidden);
        let hidden_older = hidden - hidden.min(newer.len());
        let shown_older = older.len().saturating_sub(hidden_older);
        older[..shown_older].iter().chain(&newer[..shown_newer])
    }

    /// The entries, oldest first, in a buffer of their own.
    pub fn into_vec(mut self) -> Vec<Entry> {
        self.straighten();
        self.entries
    }

    /// Adds an entry; of more than `most` the oldest goes.
    #[inline(always)]
    pub(super) fn push(&mut self, entry: Entry, most: usize) {
        match self.entries.get_mut(self.next) {
            Some(oldest) => {
                *oldest = entry;
                self.next += 1;
            }
            None => self.push_at_end(entry, most),
        }
    }

    /// Adds an entry when the place for the next one is behind all of them.
    #[inline(never)]
    fn push_at_end(&mut self, entry: Entry, most: usize) {
        if self.entries.len() < most {
            self.entries.push(entry);
            self.next = self.entries.len();
        } else if let Some(oldest) = self.entries.first_mut() {
            *oldest = entry;
            self.next = 1;
        }
    }

    /// Lets go of all but the `most` latest, and makes room for as many.
    pub(super) fn limit(&mut self, most: usize) {
        self.straighten();
        let surplus = self.entries.len().saturating_sub(most);
        self.entries.drain(..surplus);
        self.next = self.entries.len();
    }

    /// Puts the oldest first in memory, too.
    fn straighten(&mut self) {
        if self.next < self.entries.len() {
            self.entries.rotate_left(self.next);
            self.next = self.entries.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Place, What};
    use super::*;
    use crate::units::{NodeId, SimTime};

    fn push(kept: &mut Kept, roots: std::ops::Range<u64>, most: usize) {
        for root in roots {
            let place = Place::Node(NodeId(1));
            let entry = Entry::of_place(SimTime::ZERO, What::Changed, place, root);
            kept.push(entry, most);
        }
    }

    fn roots(kept: &Kept) -> Vec<u64> {
        kept.iter().map(|entry| entry.root).collect()
    }

    #[test]
    fn the_latest_stay_in_order() {
        let mut kept = Kept::default();
        push(&mut kept, 0..3, 4);
        assert_eq!(roots(&kept), [0, 1, 2]);
        push(&mut kept, 3..10, 4);
        assert_eq!(roots(&kept), [6, 7, 8, 9]);
        for (hidden, shown) in [(1, 3), (2, 2), (3, 1), (9, 0)] {
            let left: Vec<u64> = kept
                .all_but_latest(hidden)
                .map(|entry| entry.root)
                .collect();
            assert_eq!(left, [6, 7, 8, 9][..shown], "{hidden} hidden");
        }
        assert_eq!(kept.iter().next_back().map(|entry| entry.root), Some(9));
        let all: Vec<u64> = kept.into_vec().iter().map(|entry| entry.root).collect();
        assert_eq!(all, [6, 7, 8, 9]);
    }

    #[test]
    fn another_limit_keeps_the_latest_of_them() {
        let mut kept = Kept::default();
        push(&mut kept, 0..7, 5);
        kept.limit(3);
        assert_eq!(roots(&kept), [4, 5, 6]);
        push(&mut kept, 7..9, 3);
        kept.limit(6);
        push(&mut kept, 9..11, 6);
        assert_eq!(roots(&kept), [6, 7, 8, 9, 10]);
        kept.limit(0);
        push(&mut kept, 11..12, 0);
        assert!(kept.is_empty());
    }
}
