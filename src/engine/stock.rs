//! What a node has that a person can do something with, message by message.

use super::{LinkIndex, Message};
use crate::units::SimTime;

/// What a node has that a person can do something with.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Whether a person has it in the hand and answers for it; if not, it waits.
    pub in_hand: bool,
    /// How many messages there are.
    pub total: u64,
    /// The first of them.
    pub first: Vec<Stocked>,
}

/// A message that a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stocked {
    /// The message.
    pub message: Message,
    /// The link by which it came to a hand.
    pub link: Option<LinkIndex>,
    /// Whether it is lent, and its lender waits for an answer.
    pub lent: bool,
}

/// How a message stands with the node that lent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The link along which it was handed out.
    pub link: LinkIndex,
    /// Which handing-over of it that is, from 1.
    pub attempt: u16,
    /// Until when it is to be settled.
    pub until: SimTime,
}
