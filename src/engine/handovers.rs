//! What reaches nodes within the current instant, first-in first-out.
//!
//! There are two of it: one is handed out while what nodes send meanwhile goes to the other. So
//! nothing is moved between being sent and being received.

use super::{Cargo, Handed, LinkIndex, Message, NodeIndex, Signal};

/// Something that reaches a node within the current instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handover {
    pub(super) to: NodeIndex,
    pub(super) link: LinkIndex,
    pub(super) load: Load,
    /// Means nothing with a signal. It lies outside of [`Load`] so that it is copied at one go.
    pub(super) message: Message,
}

/// A [`Cargo`] without its message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Load {
    /// The message of the hand-over, and the number that both ends understand.
    Message(Handed, u64),
    /// An answer.
    Signal(Signal),
}

impl Handover {
    /// What a link is asked to carry.
    pub(super) fn cargo(&self) -> Cargo {
        match self.load {
            Load::Message(handed, word) => Cargo::Message(self.message, handed, word),
            Load::Signal(signal) => Cargo::Signal(signal),
        }
    }
}

/// What is to be handed over, in order. Its slots are kept and used again.
#[derive(Debug, Default)]
pub(super) struct Handovers {
    slots: Vec<Handover>,
    /// The first slots that hold something.
    filled: usize,
    /// The first of those that were handed over already.
    done: usize,
}

impl Clone for Handovers {
    fn clone(&self) -> Self {
        let slots = self.waiting().to_vec();
        Self {
            filled: slots.len(),
            slots,
            done: 0,
        }
    }
}

impl Handovers {
    /// The slot for what comes last, to be filled.
    #[inline(always)]
    pub(super) fn room(&mut self) -> &mut Handover {
        let next = self.filled;
        self.filled += 1;
        if next >= self.slots.len() {
            return self.grow();
        }
        &mut self.slots[next]
    }

    /// Fills the next slot with something for the node `to`.
    #[inline(always)]
    pub(super) fn put(&mut self, to: NodeIndex, link: LinkIndex, cargo: &Cargo) {
        let slot = self.room();
        slot.to = to;
        slot.link = link;
        slot.load = match cargo {
            Cargo::Signal(signal) => Load::Signal(*signal),
            Cargo::Message(message, handed, word) => {
                slot.message = *message;
                Load::Message(*handed, *word)
            }
        };
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> &mut Handover {
        self.slots.push_mut(Handover {
            to: NodeIndex::default(),
            link: LinkIndex::default(),
            load: Load::Signal(Signal::Closed),
            message: Message::default(),
        })
    }

    /// Whether something is left; if not, takes all that `coming` has.
    #[inline(always)]
    pub(super) fn refill(&mut self, coming: &mut Self) -> bool {
        if self.done < self.filled {
            return true;
        }
        if coming.filled > 0 {
            std::mem::swap(&mut self.slots, &mut coming.slots);
        }
        self.filled = std::mem::take(&mut coming.filled);
        self.done = 0;
        self.filled > 0
    }

    /// The next to be handed over, after [`refill`](Self::refill) said that there is one.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<&Handover> {
        let next = self.slots.get(self.done);
        self.done += 1;
        next
    }

    /// What is still to be handed over.
    pub(super) fn waiting(&self) -> &[Handover] {
        self.slots.get(self.done..self.filled).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(instant: &mut Handovers, to: u16) {
        instant.room().to = NodeIndex(to);
    }

    fn next(instant: &mut Handovers, coming: &mut Handovers) -> Option<u16> {
        let left = instant.refill(coming);
        left.then(|| instant.next().map(|handover| handover.to.0))?
    }

    #[test]
    fn what_is_sent_meanwhile_comes_after_all_that_was_there() {
        let (mut instant, mut coming) = (Handovers::default(), Handovers::default());
        put(&mut coming, 1);
        put(&mut coming, 2);
        assert_eq!(next(&mut instant, &mut coming), Some(1));
        put(&mut coming, 3);
        let copy = instant.clone();
        assert_eq!((copy.waiting().len(), coming.waiting().len()), (1, 1));
        assert_eq!(next(&mut instant, &mut coming), Some(2));
        assert_eq!(next(&mut instant, &mut coming), Some(3));
        assert_eq!(next(&mut instant, &mut coming), None);
        assert!(instant.waiting().is_empty() && coming.waiting().is_empty());
    }
}
