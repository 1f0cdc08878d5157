//! What nodes that take messages share: what they were handed, their subscriptions, their lives.

use crate::engine::{Context, Fault, Handed, LinkIndex, Message, Reason, Signal, What};
use crate::nodes::Role;
use crate::units::SimDuration;

/// What a callee is told of a request besides: it changes something.
pub const WRITES: u64 = 1;

/// What a callee is told of a request besides: it asks whether what caused it was done before. The
/// bits from [`WINDOW_FROM`] on say in how many milliseconds.
pub const KNOWS: u64 = 2;

/// What a callee is told of a request besides: what caused it is done now, unless it was before.
pub const LEARNS: u64 = 4;

/// The first bit of a time in milliseconds.
pub const WINDOW_FROM: u32 = 8;

/// A message that was handed to a node.
#[derive(Clone, Copy)]
pub struct Task {
    /// The link along which it came; `None` if it was put there by hand.
    pub link: Option<LinkIndex>,
    /// The message.
    pub message: Message,
    /// Who answers for it.
    pub handed: Handed,
}

impl Task {
    /// Whether the node answers for it.
    pub fn is_owned(&self) -> bool {
        self.handed == Handed::Over
    }

    /// It is gone from memory while it waited. What was lent is safe with its queue.
    pub fn lose_waiting(&self, context: &mut Context<'_>, reason: Reason) {
        if self.is_owned() {
            context.record_waiting(What::Dropped, &self.message, reason);
        }
    }

    /// It is gone from memory while it was worked on.
    pub fn lose(&self, context: &mut Context<'_>, reason: Reason) {
        if self.is_owned() {
            context.record_because(What::Dropped, &self.message, reason);
        }
    }
}

/// Work on a message begins, after it waited here or at once.
pub fn note_started(context: &mut Context<'_>, message: &Message, waited: bool) {
    let now = context.now();
    context.metrics().wait.record(now.since(message.since));
    if waited {
        context.record_waiting(What::Started, message, Reason::None);
    } else {
        context.record(What::Started, message);
    }
}

/// A node that keeps no messages stops, or works again. Gives whether that is new.
pub fn stop_or_go(down: &mut bool, context: &mut Context<'_>, fault: Fault) -> bool {
    let is_down = fault != Fault::Restart;
    let changes = is_down != *down;
    if changes {
        *down = is_down;
        context.record_node(if is_down {
            What::Crashed
        } else {
            What::Restarted
        });
    }
    changes
}

/// The lives of a node: each crash ends one.
#[derive(Clone, Copy, Default)]
pub struct Life {
    /// Raised by each crash: what was planned in an earlier life is no longer wanted.
    pub number: u32,
    /// Whether it crashed and has not restarted.
    pub down: bool,
}

impl Life {
    /// It stops working.
    pub fn crash(&mut self, context: &mut Context<'_>) {
        self.down = true;
        context.record_node(What::Crashed);
    }

    /// Asks to be woken when it is to restart by itself, if it is.
    pub fn plan_restart(self, context: &mut Context<'_>, after: Option<SimDuration>, tag: u32) {
        if let Some(delay) = after {
            context.wake_after(delay, tag, u64::from(self.number));
        }
    }

    /// Whether what was planned to restart it is still wanted.
    pub fn wants_restart(self, word: u64) -> bool {
        self.down && word == u64::from(self.number)
    }

    /// It works again.
    pub fn restart(&mut self, context: &mut Context<'_>) {
        self.down = false;
        context.record_node(What::Restarted);
    }
}

/// Tells every queue that lends to the node how much it takes.
pub fn subscribe(context: &mut Context<'_>, prefetch: u32, session: u32) {
    tell_queues(context, Signal::Subscribe { prefetch, session });
}

/// Tells every queue that lends to the node that it is gone.
pub fn unsubscribe(context: &mut Context<'_>) {
    tell_queues(context, Signal::Closed);
}

fn tell_queues(context: &mut Context<'_>, signal: Signal) {
    for link in context.incoming() {
        if context.role(link) == Role::Delivers.number() {
            context.signal(link, signal);
        }
    }
}
