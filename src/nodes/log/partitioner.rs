//! Which partition a record goes to: by the hash of its key, and without a key in some other way.
//!
//! It follows the default partitioners of the Java client (murmur2) and of librdkafka (CRC-32).
//! The same key lands elsewhere with the other one.

use serde::{Deserialize, Serialize};

/// The hash that a client makes of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHash {
    /// The Java client and those that follow it.
    #[default]
    Murmur2,
    /// librdkafka and the clients that are built on it, unless they are told otherwise.
    Crc32,
}

impl KeyHash {
    /// The hash of a key, of 31 bits for the one and 32 for the other.
    pub fn of(self, key: &[u8]) -> u32 {
        match self {
            Self::Murmur2 => murmur2(key) & 0x7fff_ffff,
            Self::Crc32 => crc32(key),
        }
    }

    /// The partition of a key.
    pub fn partition(self, key: &[u8], partitions: u32) -> u32 {
        self.of(key) % partitions.max(1)
    }
}

/// Murmur2 with Kafka's seed, 32 bits.
pub fn murmur2(bytes: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;
    let mut hash = SEED ^ bytes.len() as u32;
    let words = bytes.chunks_exact(4);
    let rest = words.remainder();
    for word in words {
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ (word ^ word >> 24).wrapping_mul(M);
    }
    if !rest.is_empty() {
        for (n, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * n);
        }
        hash = hash.wrapping_mul(M);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(M);
    hash ^ hash >> 15
}

/// CRC-32 as in zip files. Each key is hashed once, so it needs no table.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of Kafka's own UtilsTest.
    #[test]
    fn murmur2_is_kafkas() {
        for (key, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
        ] {
            assert_eq!(murmur2(key.as_bytes()) as i32, hash, "{key}");
        }
    }

    /// The check value of CRC-32/ISO-HDLC.
    #[test]
    fn crc32_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn clients_disagree_about_the_same_key() {
        let differs = |n: &u32| {
            let key = format!("order-{n}");
            let [java, librdkafka] = [KeyHash::Murmur2, KeyHash::Crc32].map(|hash| {
                let partition = hash.partition(key.as_bytes(), 4);
                assert!(partition < 4);
                partition
            });
            java != librdkafka
        };
        // Three of four keys land elsewhere, as two fair hashes have it.
        let elsewhere = (0..1000).filter(differs).count();
        assert!((700..800).contains(&elsewhere), "{elsewhere}");
    }
}
