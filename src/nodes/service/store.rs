//! A store of ids that a service shares with others: it asks there before the work whether an event
//! was done, and says there after the work that it is.
//!
//! Between the question and the word somebody else may be faster with the same event: then the
//! word comes too late, as an insert that breaks a unique key, and the work counts as a repetition.
//! It is done twice, but has no further effect.

use super::behaviour::Service;
use super::job::{Phase, calls_of};
use crate::engine::{Context, LinkIndex, Reason, What};
use crate::nodes::shared::consumer::{KNOWS, LEARNS, WINDOW_FROM, WRITES};

/// How far a worker is with the store that it asks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Inquiry {
    /// It was not asked.
    #[default]
    Open,
    /// It is being asked.
    Asking,
    /// It did not know the event.
    New,
    /// It is being told.
    Telling,
}

impl Inquiry {
    /// Whether an answer is awaited.
    pub(super) fn is_under_way(self) -> bool {
        matches!(self, Self::Asking | Self::Telling)
    }
}

/// The requests to a store are numbered from here on, after those that settings list.
const STEPS_FROM: u64 = 1 << 20;

impl Service {
    /// The link to the store of ids: the first one that takes the request.
    pub(super) fn store_link(&self, context: &Context<'_>) -> Option<LinkIndex> {
        let store = self.more.store?;
        calls_of(context).find(|link| context.takes(*link, store))
    }

    /// Begins with a message: where another knows what was done, by asking it.
    pub(super) fn ask_store(&mut self, context: &mut Context<'_>, worker: usize) {
        let asks = matches!(
            self.more.jobs[worker].inquiry,
            Inquiry::Open | Inquiry::Asking
        );
        match self.more.store.is_some() && asks {
            true => self.inquire(context, worker, Inquiry::Asking),
            false => self.start_try(context, worker),
        }
    }

    /// Ends with a message whose work is done: where another knows what was done, by telling it.
    pub(super) fn tell_store(&mut self, context: &mut Context<'_>, worker: usize) {
        match self.more.store.is_some() {
            true => self.inquire(context, worker, Inquiry::Telling),
            false => self.succeed_all(context, worker),
        }
    }

    fn inquire(&mut self, context: &mut Context<'_>, worker: usize, inquiry: Inquiry) {
        let (Some(store), Some(work)) = (self.more.store, self.workers[worker]) else {
            return;
        };
        self.more.jobs[worker].inquiry = inquiry;
        let Some(link) = self.store_link(context) else {
            return self.failed(context, worker, Some(Reason::NoReceiver));
        };
        let (word, step) = match inquiry {
            Inquiry::Telling => (LEARNS | WRITES, STEPS_FROM + 1),
            _ => (KNOWS, STEPS_FROM),
        };
        let window = self.settings.remembers.unwrap_or_default().nanos() / 1_000_000;
        let word = word | window << WINDOW_FROM;
        let message = work.task.message;
        let what = (store, message.body, word, step);
        self.call(context, worker, link, &message, what);
    }

    /// The store did not know the event, or knows it now.
    pub(super) fn store_answered(&mut self, context: &mut Context<'_>, worker: usize) {
        let job = &mut self.more.jobs[worker];
        match std::mem::replace(&mut job.inquiry, Inquiry::New) {
            Inquiry::Telling => self.succeed_all(context, worker),
            _ => self.start_try(context, worker),
        }
    }

    /// The event was done before: it is settled without a further effect.
    pub(super) fn was_done(&mut self, context: &mut Context<'_>, link: LinkIndex, worker: usize) {
        self.stop_timer(context, worker);
        self.note_answer(context, link, true);
        self.more.jobs[worker].phase = Phase::Working;
        for task in self.release(worker) {
            context.record(What::Repeated, &task.message);
            self.settle(context, &task);
        }
        self.go_on(context);
    }
}
