//! The discrete-event engine: agenda, messages, links, world, trace, metrics.
//!
//! It knows no kind of node: what a node does is a [`Behaviour`], and the world is generic over it.
//! It reads no clock, no random source and no setting of a kind.

/// Which runs the engine makes of scenarios. It goes up when a scenario gives another digest than
/// it did in a version that people have links of; links carry it, and say so then.
pub const SEMANTICS: u32 = 3;

mod agenda;
mod behaviour;
mod body;
mod context;
mod core;
mod digest;
mod envelope;
mod handovers;
mod heap;
mod histogram;
mod kept;
mod link;
mod message;
mod metrics;
mod names;
mod operation;
mod reading;
mod reason;
mod stock;
mod tally;
mod trace;
mod world;

pub use agenda::{Agenda, Due, Ticket};
pub use behaviour::{Arrival, Behaviour, Fault};
pub use body::{Bodies, BodyId, Template};
pub use context::Context;
pub use envelope::Envelope;
pub use kept::Kept;
pub use link::{FilterScope, LinkSettings, Transit};
pub use message::{Answer, CONFIRM, Cargo, Handed, Message, MessageId, Outcome, Signal};
pub use metrics::{Gauge, Latency, Meter, NodeMetrics};
pub use names::{EventType, Key, Names};
pub use operation::{Chosen, Delivery, Goal, GroupName, Operation, SeekTo, Verdict};
pub use reason::Reason;
pub use stock::{Loan, Stock, Stocked};
pub use tally::{Holdings, Tally};
pub use trace::{Entry, Origin, Place, Trace, TraceMark, What};
pub use world::{Advance, Limits, LinkIndex, NodeIndex, StopReason, World};
