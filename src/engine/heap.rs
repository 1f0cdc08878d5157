//! A binary heap of keys of 16 bytes, the earliest on top.
//!
//! What the standard one lacks is a cheap way to put another key in the place of the top one: it
//! sinks from there, which mostly takes a step or two.

/// What the heap is ordered by: a time, and the order among equal times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) time: u64,
    pub(super) order: u64,
}

impl Key {
    /// Equal times are rare, and of others nobody can foresee which is earlier: a branch is only
    /// taken for the former.
    #[inline(always)]
    fn is_before(self, other: Self) -> bool {
        let earlier = self.time < other.time;
        if self.time == other.time {
            return self.order < other.order;
        }
        earlier
    }
}

/// The keys; those below a key are never before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Heap {
    keys: Vec<Key>,
}

impl Heap {
    /// How many keys there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The earliest key.
    #[inline(always)]
    pub(super) fn top(&self) -> Option<Key> {
        self.keys.first().copied()
    }

    /// Adds a key of a higher order than all that are there.
    pub(super) fn push(&mut self, key: Key) {
        let mut at = self.keys.len();
        self.keys.push(key);
        while at > 0 {
            let above = (at - 1) / 2;
            if self.keys[above].time <= key.time {
                break;
            }
            self.keys[at] = self.keys[above];
            at = above;
        }
        self.keys[at] = key;
    }

    /// Removes the earliest key.
    pub(super) fn pop(&mut self) {
        if let Some(last) = self.keys.pop()
            && !self.keys.is_empty()
        {
            self.sink(last, |other| other.is_before(last));
        }
    }

    /// Puts a key in the place of the earliest one, which is there. Its order is higher than all.
    #[inline(always)]
    pub(super) fn replace_top(&mut self, key: Key) {
        self.sink(key, |other| other.time <= key.time);
    }

    /// Lets a key sink from the top to below all others that come before it.
    #[inline(always)]
    fn sink(&mut self, key: Key, comes_before: impl Fn(Key) -> bool) {
        let keys = self.keys.as_mut_slice();
        let (mut at, mut below) = (0, 1);
        while let Some(left) = keys.get(below).copied() {
            let mut first = left;
            if let Some(right) = keys.get(below + 1)
                && right.is_before(left)
            {
                first = *right;
                below += 1;
            }
            if !comes_before(first) {
                break;
            }
            keys[at] = first;
            at = below;
            below = 2 * at + 1;
        }
        keys[at] = key;
    }

    /// Removes all keys for which `stays` does not hold.
    pub(super) fn retain(&mut self, stays: impl FnMut(&Key) -> bool) {
        self.keys.retain(stays);
        // What is in order is a heap.
        self.keys.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern, a few of them equal.
    fn key(n: u64) -> Key {
        let time = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
        Key { time, order: n }
    }

    fn emptied(mut heap: Heap) -> Vec<Key> {
        let mut keys = Vec::new();
        while let Some(key) = heap.top() {
            keys.push(key);
            heap.pop();
        }
        keys
    }

    #[test]
    fn keys_come_in_order_however_they_got_in() {
        let mut heap = Heap::default();
        let mut expected = Vec::new();
        for n in (0..1_000).step_by(2) {
            heap.push(key(n));
            expected.push(key(n));
            if n % 3 == 2 {
                expected.sort_unstable();
                assert_eq!(heap.top(), Some(expected[0]));
                expected[0] = key(n + 1);
                heap.replace_top(expected[0]);
            }
        }
        expected.sort_unstable();
        assert_eq!(emptied(heap), expected);
    }

    #[test]
    fn what_does_not_stay_never_comes() {
        let mut heap = Heap::default();
        (0..100).for_each(|n| heap.push(key(n)));
        heap.retain(|key| key.order % 2 == 0);
        let mut expected: Vec<Key> = (0..100).step_by(2).map(key).collect();
        expected.sort_unstable();
        assert_eq!((heap.len(), emptied(heap)), (50, expected));
    }
}
