//! Maps and sets of what comes, put in one by one. The library's `collect` sorts first, with a sort
//! that is compiled anew for each type: more to download than small maps are worth.

use std::collections::{BTreeMap, BTreeSet};

/// The pairs as a map; of equal keys the last one counts.
pub fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// The items as a set.
pub fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::{map_of, set_of};

    #[test]
    fn the_last_of_equal_keys_counts_as_in_the_library() {
        let pairs = [(2, 'a'), (1, 'b'), (2, 'c')];
        assert_eq!(map_of(pairs), pairs.into_iter().collect());
        assert_eq!(set_of([3, 1, 3]), [1, 3].into_iter().collect());
    }
}
