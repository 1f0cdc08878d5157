//! One hash over a stream of 32-byte records: XXH64 (Collet 2012) with seed 0.
//!
//! A record is exactly one stripe of that hash, so that folding it in needs no buffer. The test
//! compares with a library; the library's own streaming form costs several times as much.

const PRIME_1: u64 = 0x9e37_79b1_85eb_ca87;
const PRIME_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const PRIME_3: u64 = 0x1656_67b1_9e37_79f9;
const PRIME_4: u64 = 0x85eb_ca77_c2b2_ae63;
const PRIME_5: u64 = 0x27d4_eb2f_1656_67c5;

/// The hash of the records so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digest {
    lanes: [u64; 4],
    records: u64,
}

impl Default for Digest {
    fn default() -> Self {
        let lanes = [
            PRIME_1.wrapping_add(PRIME_2),
            PRIME_2,
            0,
            0u64.wrapping_sub(PRIME_1),
        ];
        Self { lanes, records: 0 }
    }
}

impl Digest {
    /// Adds one record of four little-endian words.
    #[inline(always)]
    pub(super) fn fold(&mut self, record: [u64; 4]) {
        for (lane, word) in self.lanes.iter_mut().zip(record) {
            *lane = round(*lane, word);
        }
        self.records += 1;
    }

    /// How many records were added.
    #[inline]
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// The hash.
    pub(super) fn value(&self) -> u64 {
        let mut hash = PRIME_5;
        if self.records > 0 {
            hash = 0;
            for (lane, shift) in self.lanes.iter().zip([1, 7, 12, 18]) {
                hash = hash.wrapping_add(lane.rotate_left(shift));
            }
            for lane in self.lanes {
                hash = (hash ^ round(0, lane))
                    .wrapping_mul(PRIME_1)
                    .wrapping_add(PRIME_4);
            }
        }
        hash = hash.wrapping_add(self.records.wrapping_mul(32));
        hash = (hash ^ (hash >> 33)).wrapping_mul(PRIME_2);
        hash = (hash ^ (hash >> 29)).wrapping_mul(PRIME_3);
        hash ^ (hash >> 32)
    }
}

#[inline(always)]
fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(PRIME_2))
        .rotate_left(31)
        .wrapping_mul(PRIME_1)
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh64::xxh64;

    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut digest = Digest::default();
        let mut bytes = Vec::new();
        for n in 0..20u64 {
            assert_eq!(digest.value(), xxh64(&bytes, 0), "{n} records");
            let record = [n, n.wrapping_mul(PRIME_3), !n, n << 40];
            digest.fold(record);
            bytes.extend(record.iter().flat_map(|word| word.to_le_bytes()));
        }
    }
}
