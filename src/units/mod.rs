//! The measures everything else is stated in: time, ids, chances, rates, luck, distributions.
//!
//! This room knows no message, no node and no clock that moves.

mod chance;
mod date;
mod distribution;
mod exponential;
mod id;
mod luck;
mod rate;
mod time;

pub use chance::Chance;
pub use date::{Date, ParseDateError};
pub use distribution::Distribution;
pub use exponential::exponential;
pub use id::{FrameId, LinkId, NodeId, NoteId, ViewId, WalkId};
pub use luck::{Luck, Purpose};
pub use rate::Rate;
pub use time::{ParseDurationError, SimDuration, SimTime};
