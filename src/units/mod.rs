//! The measures everything else is stated in: time, ids, chances, rates, luck, distributions.
//!
//! This room knows no message, no node and no clock that moves.

mod chance;
mod checksum;
mod date;
mod distribution;
mod exponential;
mod gather;
mod id;
mod luck;
mod rate;
mod sort;
mod time;

pub use chance::Chance;
pub use checksum::crc32;
pub use date::{Date, ParseDateError};
pub use distribution::Distribution;
pub use exponential::exponential;
pub use gather::{map_of, set_of};
pub use id::{FrameId, LinkId, NodeId, NoteId, ViewId, WalkId};
pub use luck::{Luck, Purpose};
pub use rate::Rate;
pub use sort::{sort, sort_by, sort_by_key};
pub use time::{ParseDurationError, SimDuration, SimTime};
