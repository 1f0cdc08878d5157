//! Sorting with one machine for items of every type: the standard library's is compiled anew for
//! each type and each order, which is a kilobyte of the download each time.
//!
//! For rows that are sorted once in a while. What the engine sorts it sorts with the library's.

use std::cmp::Ordering;

/// Sorts the items; equal ones keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts the items by what `key` says of them; equal ones keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts the items by how `order` compares two; equal ones keep their order.
pub fn sort_by<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let swaps = swaps(items.len(), &|a, b| order(&items[a], &items[b]));
    for (a, b) in swaps {
        items.swap(a, b);
    }
}

/// Which places to swap, one pair after the other, until all are in order.
#[inline(never)]
fn swaps(length: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    // At each place, where the item that belongs there stands.
    let mut from: Vec<usize> = (0..length).collect();
    from.sort_by(|a, b| order(*a, *b));
    let mut swaps = Vec::new();
    for start in 0..length {
        let mut at = start;
        // Around the circle of those that stand in each other's places.
        loop {
            let next = std::mem::replace(&mut from[at], at);
            if next == start {
                break;
            }
            swaps.push((at, next));
            at = next;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{sort, sort_by, sort_by_key};

    proptest! {
        #[test]
        fn it_sorts_as_the_library_does(items: Vec<u8>) {
            let mut ours = items.clone();
            let mut theirs = items;
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn equal_items_keep_their_order(items: Vec<u8>) {
            let numbered: Vec<(usize, u8)> = items.into_iter().enumerate().collect();
            let mut theirs = numbered.clone();
            theirs.sort_by_key(|(_, item)| *item / 16);
            let mut ours = numbered.clone();
            sort_by_key(&mut ours, |(_, item)| *item / 16);
            prop_assert_eq!(&ours, &theirs);
            let mut ours = numbered;
            sort_by(&mut ours, |(_, a), (_, b)| (a / 16).cmp(&(b / 16)));
            prop_assert_eq!(ours, theirs);
        }
    }
}
