//! Requests of a client on their way to a broker and back.

use super::batches::Batch;
use crate::engine::Reason;
use crate::units::SimTime;

/// A request: a batch for each of some partitions that one broker leads.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) broker: u32,
    pub(super) stage: Stage,
    /// When it gets on; never while it waits for followers.
    pub(super) due: SimTime,
    /// What becomes of it on the way.
    pub(super) fate: Fate,
    /// Without it another one can be sent at once, and nothing of it is sent again.
    pub(super) wants_answer: bool,
    pub(super) parts: Vec<Part>,
}

/// A batch of a request.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) partition: u32,
    pub(super) batch: Batch,
    /// Why the broker did not take it, if it did not.
    pub(super) refused: Option<Reason>,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is on its way.
    Goes,
    /// The broker waits until its records are as safe as is wanted.
    Waits,
    /// The answer is on its way.
    Returns,
}

/// What becomes of a request on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is answered.
    Arrives,
    /// It never gets there.
    Lost,
    /// It gets there, but the answer does not come back.
    Unanswered,
}
