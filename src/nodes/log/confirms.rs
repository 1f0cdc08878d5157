//! What a log tells publishers that want to know: that a record is as safe as its `acks` ask for,
//! or that no broker took it in time.
//!
//! With 0 nobody waits for an answer, so the answer is at once that all is well.

use super::PartitionedLog;
use super::settings::{Acks, Cleanup};
use crate::engine::{Arrival, Behaviour, Context, Key, LinkIndex, Message, MessageId};

/// Publishers that wait for an answer.
#[derive(Clone, Default)]
pub(super) struct Asks {
    open: Vec<Ask>,
}

#[derive(Clone, Copy)]
pub(super) struct Ask {
    link: LinkIndex,
    message: Message,
    word: u64,
    pub(super) partition: u32,
    /// Where it was appended; nowhere while it is held back.
    offset: Option<u64>,
}

/// Most questions that are open at once; then the oldest one is never answered.
const ASKS_MOST: usize = 10_000;

impl Asks {
    /// Bytes of it, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.open.len() * size_of::<Ask>()
    }

    /// What was appended to a partition from an offset on is not there any more.
    pub(super) fn cut_off(&mut self, partition: u32, end: u64) {
        for ask in self
            .open
            .iter_mut()
            .filter(|ask| ask.partition == partition)
        {
            ask.offset = ask.offset.filter(|offset| *offset < end);
        }
    }

    /// What was held back was appended.
    pub(super) fn appended(&mut self, message: MessageId, offset: u64) {
        let mut open = self.open.iter_mut();
        if let Some(ask) = open.find(|ask| ask.message.id == message) {
            ask.offset = Some(offset);
        }
    }

    /// What was held back was taken, or given up.
    pub(super) fn settle(&mut self, context: &mut Context<'_>, message: MessageId, taken: bool) {
        let found = self.open.iter().position(|ask| ask.message.id == message);
        if let Some(ask) = found.map(|found| self.open.remove(found)) {
            context.confirm(ask.link, &ask.message, ask.word, taken);
        }
    }

    /// Somebody waits for an answer.
    pub(super) fn add(&mut self, ask: Ask) {
        if self.open.len() >= ASKS_MOST {
            self.open.remove(0);
        }
        self.open.push(ask);
    }
}

impl PartitionedLog {
    /// Takes a record whose sender wants to know what becomes of it.
    #[inline(never)]
    pub(super) fn take_asked(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let message = arrival.message;
        let has_no_key = self.settings.cleanup != Cleanup::Delete && message.key == Key::default();
        let Some(link) = arrival.link.filter(|_| !has_no_key) else {
            return self.receive(context, arrival);
        };
        if self.settings.acks == Acks::None {
            return self.receive(context, arrival);
        }
        context.confirm_later();
        let now = context.now();
        context.metrics().arrivals.count(now);
        let mut ask = Ask {
            link,
            message: *message,
            word: arrival.word,
            partition: 0,
            offset: None,
        };
        if self.by_batches {
            return self.produce(context, arrival, Some(ask));
        }
        ask.partition = self.topic.choose(context, &self.settings, message);
        let held = self.pending.len();
        self.take(context, message, ask.partition);
        let end = self.topic.partitions[ask.partition as usize].store.end();
        ask.offset = (self.pending.len() == held).then(|| end.saturating_sub(1));
        self.asks.add(ask);
        self.answer_asks(context);
    }

    /// Answers publishers whose records are as safe as is wanted.
    pub(super) fn answer_asks(&mut self, context: &mut Context<'_>) {
        if self.asks.open.is_empty() {
            return;
        }
        let waits = |ask: &Ask| match (ask.offset, self.settings.acks) {
            (None, _) => true,
            (Some(offset), Acks::All) => {
                let lane = self.topic.partitions.get(ask.partition as usize);
                lane.is_some_and(|lane| offset >= lane.high())
            }
            (Some(_), _) => false,
        };
        let (open, answered) = self
            .asks
            .open
            .iter()
            .partition::<Vec<Ask>, _>(|it| waits(it));
        self.asks.open = open;
        for ask in answered {
            context.confirm(ask.link, &ask.message, ask.word, true);
        }
    }
}
