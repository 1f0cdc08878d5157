//! What the engine asks of a node.

use super::{
    Context, Handed, Holdings, LinkIndex, Loan, Message, MessageId, Operation, Signal, Stock,
};

/// A message that came to a node.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The link along which it came; `None` if it was put there by hand.
    pub link: Option<LinkIndex>,
    /// The message.
    pub message: &'a Message,
    /// Who answers for it.
    pub handed: Handed,
    /// A number that both ends of the link understand.
    pub word: u64,
}

/// What can be done to a node from outside, besides changing a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It stops at once and forgets what it had in memory.
    Crash,
    /// It starts again after a crash.
    Restart,
    /// It is taken off the canvas: it gives up all it has.
    Remove,
}

/// What a node does. It acts only through the [`Context`], which cannot reach another node's state.
/// State is plain data: a clone of it is a keyframe.
pub trait Behaviour: Clone {
    /// The settings of a node.
    type Settings;

    /// The world starts, or the node was added to it.
    fn start(&mut self, context: &mut Context<'_>);

    /// A message came.
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>);

    /// A message came whose sender wants to know what becomes of it. Most nodes have it then, or
    /// refuse it at once; who gives it on answers later.
    fn receive_asked(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        self.receive(context, arrival);
    }

    /// An answer came along `link`.
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal);

    /// A moment came that the node had asked for, with the two numbers it gave.
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64);

    /// The settings were changed.
    fn configure(&mut self, context: &mut Context<'_>, settings: Self::Settings);

    /// Something was done to the node.
    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault);

    /// A person did something by hand with what the node has. Most nodes have no use for it.
    fn operate(&mut self, _context: &mut Context<'_>, _operation: Operation) {}

    /// What the node has that a person can do something with, `most` messages of it.
    fn stock(&self, _most: usize) -> Option<Stock> {
        None
    }

    /// How a message stands that the node has lent; `None` if it has not, or not any more.
    fn loan(&self, _message: MessageId) -> Option<Loan> {
        None
    }

    /// A link of the node was added, removed, cut or mended.
    fn relink(&mut self, context: &mut Context<'_>);

    /// What the node answers for, counted anew.
    fn holdings(&self) -> Holdings;

    /// Bytes of state, roughly, for the budget of keyframes.
    fn bytes(&self) -> usize;
}
