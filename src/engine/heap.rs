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
    /// Both halves are compared without a branch that nobody could foresee.
    #[inline(always)]
    fn is_before(self, other: Self) -> bool {
        let earlier = self.time < other.time;
        earlier | ((self.time == other.time) & (self.order < other.order))
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

    /// Adds a key.
    pub(super) fn push(&mut self, key: Key) {
        let mut at = self.keys.len();
        self.keys.push(key);
        while at > 0 {
            let above = (at - 1) / 2;
            if !key.is_before(self.keys[above]) {
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
            self.replace_top(last);
        }
    }

    /// Puts a key in the place of the earliest one, which is there.
    #[inline(always)]
    pub(super) fn replace_top(&mut self, key: Key) {
        let keys = self.keys.as_mut_slice();
        let (mut at, mut below) = (0, 1);
        while below < keys.len() {
            if below + 1 < keys.len() {
                below += usize::from(keys[below + 1].is_before(keys[below]));
            }
            if !keys[below].is_before(key) {
                break;
            }
            keys[at] = keys[below];
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
        for n in 0..500 {
            heap.push(key(n));
            expected.push(key(n));
            if n % 3 == 2 {
                expected.sort_unstable();
                assert_eq!(heap.top(), Some(expected[0]));
                expected[0] = key(1_000 + n);
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
