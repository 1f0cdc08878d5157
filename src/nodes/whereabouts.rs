//! Where a message is in a node, and how it came there: steps that the kind tells of itself.

use super::Tone;
use crate::engine::{Behaviour, LinkIndex, Message, Names};

/// A step of the way of a message through a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is about: "Partition", or the name of a group.
    pub label: String,
    /// What is so: "2".
    pub text: String,
    /// What that means, in a sentence.
    pub means: String,
    /// Whether it is trouble.
    pub tone: Tone,
    /// The link to whoever has it, or is to have it.
    pub to: Option<LinkIndex>,
    /// The part of the node that it is about, if the step leads there.
    pub part: Option<u32>,
}

/// What kinds say that do not tell: a method of that name of a kind's own comes before this one.
pub(super) trait TellsNoWay {
    fn whereabouts(&self, _message: &Message, _names: &Names) -> Vec<Step> {
        Vec::new()
    }
}

impl<T: Behaviour> TellsNoWay for T {}
