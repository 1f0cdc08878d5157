//! One hash over a stream of 32-byte records: FxHash (Firefox; rustc-hash 1) in two lanes of 64
//! bits, each of which takes two of the four words, and the mixer of SplitMix64 at the end.
//!
//! Taking a word in is a rotation, an exclusive or and a multiplication by an odd number. For any
//! word that is one-to-one in the lane, and for any lane one-to-one in the word: every bit of each
//! word counts, and so does the order. Changes in several words can cancel out if they are chosen
//! for it; runs that differ by accident do not. It costs half as much as XXH64.

const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

/// The hash of the records so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Digest {
    lanes: [u64; 2],
    records: u64,
}

impl Digest {
    /// Adds one record of four words.
    #[inline(always)]
    pub(super) fn fold(&mut self, record: [u64; 4]) {
        let [first, second, third, fourth] = record;
        let [one, other] = self.lanes;
        self.lanes = [
            taken_in(taken_in(one, first), second),
            taken_in(taken_in(other, third), fourth),
        ];
        self.records += 1;
    }

    /// How many records were added.
    #[inline]
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// The hash.
    pub(super) fn value(&self) -> u64 {
        let [one, other] = self.lanes;
        mixed(one ^ mixed(other ^ mixed(self.records)))
    }
}

#[inline(always)]
fn taken_in(lane: u64, word: u64) -> u64 {
    (lane.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER)
}

/// The output function of SplitMix64 (variant 13 of Stafford's mixers).
fn mixed(number: u64) -> u64 {
    let z = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(n: u64) -> [u64; 4] {
        [n, n.wrapping_mul(MULTIPLIER), !n, n << 40]
    }

    fn digest_of(records: impl IntoIterator<Item = [u64; 4]>) -> u64 {
        let mut digest = Digest::default();
        records.into_iter().for_each(|record| digest.fold(record));
        digest.value()
    }

    /// Computed by a program of its own, in another language.
    #[test]
    fn the_hash_is_the_described_one() {
        assert_eq!(digest_of([]), 0);
        assert_eq!(digest_of([record(1)]), 0x0050_24eb_718d_c390);
        assert_eq!(digest_of((0..20).map(record)), 0xc920_0f52_8b70_1828);
    }

    #[test]
    fn every_bit_of_a_record_counts_wherever_it_stands() {
        let records: Vec<[u64; 4]> = (0..4).map(record).collect();
        let original = digest_of(records.clone());
        for bit in 0..4 * 256 {
            let mut changed = records.clone();
            changed[bit / 256][bit / 64 % 4] ^= 1 << (bit % 64);
            assert_ne!(digest_of(changed), original, "bit {bit}");
        }
    }

    #[test]
    fn order_and_number_count() {
        let in_order = digest_of([record(1), record(2)]);
        assert_ne!(in_order, digest_of([record(2), record(1)]));
        assert_ne!(digest_of([[0; 4]]), digest_of([[0; 4], [0; 4]]));
        assert_ne!(digest_of([[1, 2, 3, 4]]), digest_of([[2, 1, 3, 4]]));
        assert_ne!(digest_of([[1, 2, 3, 4]]), digest_of([[3, 4, 1, 2]]));
    }
}
