//! A partitioned log.

pub mod assign;
mod partitioner;

pub use partitioner::{KeyHash, crc32, murmur2};
