//! Transactions: what a service emits for its messages, and that it is done with them, count
//! together or not at all.
//!
//! It follows clients of Apache Kafka 4.0 that consume, transform and produce with
//! `exactly_once_v2`: one transaction at a time, for one message or one batch. When the work is
//! over the events are emitted; once all logs have them the log that lent the messages is asked to
//! commit both. Until it answers the service asks again, as it cannot know. What was aborted is
//! worked on again. Whatever is no log has what it is sent at once, and keeps it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::behaviour::Service;
use super::job::{Job, Phase};
use super::{OnFailure, Settings};
use crate::engine::{
    Context, Handed, LinkIndex, Message, MessageId, Outcome, Reason, Signal, What,
};
use crate::nodes::shared::consumer::Task;
use crate::nodes::shared::transaction::{Coordinates, Transaction, Transacts};
use crate::nodes::{Role, SettingsProblem};
use crate::units::SimDuration;

/// How long it waits before it asks once more (`retry.backoff.ms` and what an answer takes).
const ASK_AGAIN: SimDuration = SimDuration::from_secs(1);
/// The shortest wait before what was aborted is worked on again (`retry.backoff.ms`).
const BEGIN_AGAIN: SimDuration = SimDuration::from_millis(100);

/// A transaction that a worker has open.
#[derive(Clone)]
pub(super) struct Open {
    transaction: Transaction,
    /// What was sent to logs that have not said that it is safe.
    awaited: VecDeque<MessageId>,
    /// Whether the log was asked to commit it.
    asked: bool,
    /// Whether the work failed for good, and only what follows from that is emitted.
    failed: bool,
}

impl Settings {
    /// What does not go together with transactions.
    pub(super) fn trouble_of_transactions(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        if !self.transactional {
            return problems;
        }
        let mut wrong = |field: &str, what: &str| {
            problems.push(SettingsProblem::new(field, what));
        };
        if self.workers > 1 {
            wrong(
                "workers",
                "expected 1 worker, as it has one transaction at a time; a batch or more services \
                 do more at once",
            );
        }
        if !self.priorities.is_empty() {
            wrong(
                "priorities",
                "expected none, as what is read is committed in order",
            );
        }
        if self.has_store() {
            wrong(
                "store",
                "expected none, as a store takes no part in a transaction",
            );
        }
        if let Some(n) = self.emits.iter().position(|emission| !emission.is_simple()) {
            wrong(
                &format!("emits[{n}]"),
                "expected no after, gather, window or late, which outlast a transaction",
            );
        }
        problems
    }
}

impl Service {
    /// Says whether it works in transactions, if it ever did.
    pub(super) fn post_transactions(&self, context: &mut Context<'_>) {
        let now = self.settings.transactional;
        if now || context.posted::<Transacts>(context.me()).is_some() {
            context.post(Arc::new(Transacts { now }));
        }
    }

    /// How many of the first messages that wait may be worked on together.
    pub(super) fn batch_of_one_link(&self, most: usize) -> usize {
        let Some(first) = self.inbox.front().filter(|_| self.settings.transactional) else {
            return most;
        };
        let link = first.link;
        let waiting = self.inbox.iter().take(most);
        waiting.take_while(|task| task.link == link).count()
    }

    /// What a link brought twice is worked on once in a transaction.
    pub(super) fn leave_out_repeated(&self, tasks: &mut Vec<Task>) {
        if self.settings.transactional && tasks.len() > 1 {
            let mut seen = BTreeSet::new();
            tasks.retain(|task| task.is_owned() || seen.insert(task.message.id));
        }
    }

    /// Ends the job of a worker in a transaction, if it works in one: `false` if not.
    pub(super) fn transact(
        &mut self,
        context: &mut Context<'_>,
        worker: usize,
        failed: bool,
    ) -> bool {
        if !self.settings.transactional {
            return false;
        }
        let Some((transaction, timeout)) = self.next_transaction(context, worker) else {
            return false;
        };
        if context.is_gone(transaction.link) {
            self.drop_job(context, worker);
            return true;
        }
        self.more.transactions = transaction.number;
        let mut open = Open {
            transaction,
            awaited: VecDeque::new(),
            asked: false,
            failed,
        };
        let causes: Vec<Message> = self.tasks_of(worker).map(|task| task.message).collect();
        for cause in &causes {
            let events = self.events_of(context, cause, failed);
            for event in events {
                // What is sent once more meets luck of its own.
                let tries = u64::from(cause.attempt.saturating_sub(1));
                send_in(context, &event, &mut open, tries);
            }
        }
        let job = &mut self.more.jobs[worker];
        job.phase = Phase::Transacting;
        job.transaction = Some(Box::new(open));
        self.occupy(context, worker, timeout);
        self.ask_if_confirmed(context, worker);
        true
    }

    fn tasks_of(&self, worker: usize) -> impl Iterator<Item = &Task> {
        let first = self.workers[worker].as_ref().map(|work| &work.task);
        first.into_iter().chain(&self.more.jobs[worker].rest)
    }

    /// The transaction for a job whose messages a log has lent, and how long it may take.
    fn next_transaction(
        &self,
        context: &Context<'_>,
        worker: usize,
    ) -> Option<(Transaction, SimDuration)> {
        let link = self.workers[worker].as_ref()?.task.link?;
        let is_lent = |task: &Task| task.link == Some(link) && task.handed == Handed::Lent;
        let coordinates = context.posted::<Coordinates>(context.source(link))?;
        if !coordinates.is_for(&context.link_settings(link).group) {
            return None;
        }
        let number = self.more.transactions.wrapping_add(1);
        let transaction = Transaction::new(link, self.life.number, number)?;
        let all = self.tasks_of(worker).all(is_lent);
        all.then_some((transaction, coordinates.timeout))
    }

    /// A log has a record of a transaction, or will not have it.
    pub(super) fn heard_of(&mut self, context: &mut Context<'_>, id: MessageId, taken: bool) {
        let place = self.more.jobs.iter().enumerate().find_map(|(worker, job)| {
            let awaited = &job.transaction.as_ref()?.awaited;
            Some((worker, awaited.iter().position(|it| *it == id)?))
        });
        let Some((worker, place)) = place else {
            return;
        };
        if !taken {
            return self.abort(context, worker);
        }
        if let Some(open) = &mut self.more.jobs[worker].transaction {
            open.awaited.remove(place);
        }
        self.ask_if_confirmed(context, worker);
    }

    /// Asks the log to commit, once all is safe.
    fn ask_if_confirmed(&mut self, context: &mut Context<'_>, worker: usize) {
        let open = self.more.jobs[worker].transaction.as_mut();
        let Some(open) = open.filter(|open| open.awaited.is_empty()) else {
            return;
        };
        open.asked = true;
        let Transaction { link, number, .. } = open.transaction;
        let mut count = 0;
        for task in self.tasks_of(worker) {
            let message = task.message.id;
            context.signal(link, Signal::Transacted { message, number });
            count += 1;
        }
        let end = Signal::EndTransaction {
            number,
            count,
            commit: true,
        };
        context.signal(link, end);
        self.stop_timer(context, worker);
        self.occupy(context, worker, ASK_AGAIN);
    }

    /// Nothing was heard for too long.
    pub(super) fn transaction_overdue(&mut self, context: &mut Context<'_>, worker: usize) {
        let open = self.more.jobs[worker].transaction.as_ref();
        match open.is_some_and(|open| open.asked) {
            true => self.ask_if_confirmed(context, worker),
            false => self.abort(context, worker),
        }
    }

    /// Gives a transaction up that the log was not asked to commit, and begins again.
    fn abort(&mut self, context: &mut Context<'_>, worker: usize) {
        if let Some(open) = &self.more.jobs[worker].transaction {
            let Transaction { link, number, .. } = open.transaction;
            let end = Signal::EndTransaction {
                number,
                count: 0,
                commit: false,
            };
            context.signal(link, end);
        }
        self.begin_again(context, worker, Some(Reason::Aborted));
    }

    /// The log has decided.
    pub(super) fn concluded(&mut self, context: &mut Context<'_>, number: u32, outcome: Outcome) {
        let is_it = |job: &Job| {
            let open = job.transaction.as_ref();
            open.is_some_and(|open| open.asked && open.transaction.number == number)
        };
        let Some(worker) = self.more.jobs.iter().position(is_it) else {
            return;
        };
        match outcome {
            Outcome::Committed => self.committed(context, worker),
            Outcome::Aborted => self.begin_again(context, worker, Some(Reason::Aborted)),
            Outcome::Fenced => self.fenced(context, worker),
        }
    }

    fn committed(&mut self, context: &mut Context<'_>, worker: usize) {
        self.stop_timer(context, worker);
        let open = self.more.jobs[worker].transaction.take();
        let failed = open.is_some_and(|open| open.failed);
        let now = context.now();
        let tasks = self.release(worker);
        for task in tasks.iter().filter(|_| !failed) {
            if self.settings.own_window().is_some() {
                self.more.memory.learn(task.message.root, now);
            }
            let age = now.since(task.message.born);
            context.metrics().age.record(age);
            context.record(What::Finished, &task.message);
            self.finished += 1;
        }
        self.go_on(context);
    }

    /// What it worked on is another's now. All that it had of it goes back.
    fn fenced(&mut self, context: &mut Context<'_>, worker: usize) {
        self.stop_timer(context, worker);
        let mut tasks = self.release(worker);
        for task in &tasks {
            context.record_because(What::Failed, &task.message, Reason::Fenced);
        }
        let link = tasks.first().and_then(|task| task.link);
        let is_void = |task: &Task| task.link == link && task.handed == Handed::Lent;
        let inbox = std::mem::take(&mut self.inbox);
        let (void, left): (Vec<Task>, Vec<Task>) = inbox.into_iter().partition(is_void);
        self.inbox = left.into();
        tasks.extend(void);
        for Task { message, .. } in &tasks {
            let signal = Signal::Nack {
                message: message.id,
                requeue: true,
            };
            if let Some(link) = link {
                context.answer(link, signal, message);
            }
        }
        self.go_on(context);
    }

    /// The work failed for good. In a transaction nothing goes back: it is tried again, or what
    /// follows from the failure is emitted and committed. `false` if it works in none.
    pub(super) fn fail_in_transaction(&mut self, context: &mut Context<'_>, worker: usize) -> bool {
        if !self.settings.transactional {
            return false;
        }
        if self.settings.on_failure == OnFailure::Reject {
            return self.transact(context, worker, true);
        }
        let is_in_one = self.next_transaction(context, worker).is_some();
        if is_in_one {
            self.begin_again(context, worker, None);
        }
        is_in_one
    }

    /// A worker begins again with what it has, after a while.
    fn begin_again(&mut self, context: &mut Context<'_>, worker: usize, why: Option<Reason>) {
        self.stop_timer(context, worker);
        let Some(luck) = self.luck else { return };
        if let Some(reason) = why {
            for task in self.tasks_of(worker) {
                context.record_because(What::Failed, &task.message, reason);
            }
        }
        let job = &mut self.more.jobs[worker];
        let rest = std::mem::take(&mut job.rest);
        *job = Job::default();
        job.phase = Phase::Waiting;
        job.rest = rest;
        for task in &mut job.rest {
            task.message.attempt = task.message.attempt.saturating_add(1);
        }
        let Some(work) = &mut self.workers[worker] else {
            return;
        };
        let message = &mut work.task.message;
        message.attempt = message.attempt.saturating_add(1);
        let luck = luck.backoff.attempt(message.root, message.attempt);
        context.record(What::Retried, message);
        let wait = self.settings.retry_wait(1, luck).max(BEGIN_AGAIN);
        self.occupy(context, worker, wait);
    }

    /// Transactions along links that are gone can never end.
    pub(super) fn forget_transactions(&mut self, context: &mut Context<'_>) {
        if !self.settings.transactional {
            return;
        }
        let is_void = |task: &Task| {
            let is_gone = task.link.is_some_and(|link| context.is_gone(link));
            task.handed == Handed::Lent && is_gone
        };
        self.inbox.retain(|task| !is_void(task));
        for worker in 0..self.more.jobs.len() {
            let open = self.more.jobs[worker].transaction.as_ref();
            if open.is_some_and(|open| context.is_gone(open.transaction.link)) {
                self.drop_job(context, worker);
            }
        }
    }

    /// Nobody is there any more who could commit what a worker did.
    fn drop_job(&mut self, context: &mut Context<'_>, worker: usize) {
        self.stop_timer(context, worker);
        for task in self.release(worker) {
            context.record_because(What::Failed, &task.message, Reason::Removal);
        }
        self.go_on(context);
    }
}

/// Sends an event to all who take it: to logs as a part of the transaction, to others as it is.
fn send_in(context: &mut Context<'_>, event: &Message, open: &mut Open, tries: u64) {
    let links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
    let links: Vec<LinkIndex> = links
        .filter(|link| {
            context.role(*link) == Role::Sends.number() && context.takes(*link, event.event_type)
        })
        .collect();
    if links.is_empty() {
        return context.record_because(What::Dropped, event, Reason::NoReceiver);
    }
    for (n, link) in links.into_iter().enumerate() {
        let message = match n {
            0 => *event,
            _ => context.copy(event),
        };
        let is_log = context
            .posted::<Coordinates>(context.target(link))
            .is_some();
        if is_log {
            open.awaited.push_back(message.id);
            let word = open.transaction.word() | tries;
            context.hand(link, &message, Handed::Over, word);
        } else {
            context.send(link, &message);
        }
    }
}
