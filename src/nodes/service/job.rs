//! The careful way of a service: tries and retries, calls and their answers.
//!
//! A worker goes through phases with the message that it has: its own work, then one call after
//! the other, each time with waits before what failed is tried again. It is busy all the while.

use std::collections::BTreeMap;

use super::behaviour::{Service, WORK_DONE, Work};
use super::circuit::Circuit;
use super::store::Inquiry;
use super::transaction::Open;
use super::windows::Windows;
use super::{Call, MemoryKind};
use crate::engine::{
    Answer, BodyId, Context, EventType, Handed, Key, LinkIndex, Message, MessageId, Reason, Ticket,
    What,
};
use crate::nodes::shared::consumer::{Task, WRITES};
use crate::nodes::shared::memory::Memory;
use crate::nodes::shared::period::Period;
use crate::nodes::shared::seen::Seen;
use crate::nodes::{Filter, Role};
use crate::units::{Chance, SimDuration, SimTime};

/// What a service has that does more than work on one message after the other.
#[derive(Clone, Default)]
pub(super) struct Careful {
    /// What each worker is at.
    pub(super) jobs: Vec<Job>,
    calls: Vec<KnownCall>,
    pub(super) circuits: Vec<Circuit>,
    pub(super) memory: Memory,
    poison: Option<Filter>,
    /// By which request another is asked what was done before.
    pub(super) store: Option<EventType>,
    /// Event types, the most important first.
    pub(super) ranks: Vec<EventType>,
    /// How often work failed because a message was poison.
    pub(super) poisoned: u64,
    /// Work that was interrupted.
    pub(super) paused: Vec<Paused>,
    /// When the next message may be begun with, were there no burst.
    pub(super) next_at: SimTime,
    /// When it was asked to be woken to begin with something.
    pub(super) begins_at: Option<SimTime>,
    /// What is to be emitted later: which emission, and its cause.
    pub(super) later: Vec<Option<(usize, Message)>>,
    /// How many messages were gathered for an emission, by their key.
    pub(super) gathered: BTreeMap<(usize, Key), u32>,
    pub(super) windows: Windows,
    /// The number of its latest transaction, in all its lives.
    pub(super) transactions: u32,
    /// The links along which it gets nothing, because others of its group own all partitions.
    pub(super) idle: Vec<LinkIndex>,
}

/// What a worker is at.
#[derive(Clone, Default)]
pub(super) struct Job {
    /// The further messages of its batch.
    pub(super) rest: Vec<Task>,
    pub(super) phase: Phase,
    /// When the phase ends by itself.
    pub(super) timer: Option<Ticket>,
    /// Tries that failed.
    tries: u16,
    /// Whether its own work is done, and calls are next.
    is_worked: bool,
    /// How far it is with those who know what was done before.
    pub(super) inquiry: Inquiry,
    /// The next call.
    step: usize,
    /// Why this try will fail, if that is clear already.
    fails: Option<Reason>,
    /// The transaction in which it ends.
    pub(super) transaction: Option<Box<Open>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// It works by itself.
    #[default]
    Working,
    /// It waits for the answer to a call.
    Calling(LinkIndex, MessageId),
    /// It waits before it tries again.
    Waiting,
    /// It waits until its transaction is over.
    Transacting,
}

/// Work that was interrupted by something more important.
#[derive(Clone)]
pub(super) struct Paused {
    pub(super) message: MessageId,
    /// How much of it is left.
    pub(super) left: SimDuration,
    pub(super) job: Job,
}

/// A [`Call`] in the numbers of a run.
#[derive(Clone, Copy)]
struct KnownCall {
    on: Option<EventType>,
    event_type: EventType,
    writes: bool,
    details: bool,
    body: Option<BodyId>,
    chance: Chance,
}

/// What is next for a message whose own work is done.
enum Next {
    /// Nothing: it is done.
    End,
    /// This step is not for it.
    Skip,
    /// A call along a link, if there is one.
    Call(Option<LinkIndex>, EventType, BodyId, bool),
}

/// The identities of requests begin here, those of emitted events below.
const CALLS_FROM: u64 = 1 << 48;

impl Careful {
    /// The messages that are worked on besides the first one of each worker.
    pub(super) fn tasks(&self) -> impl Iterator<Item = &Task> {
        let paused = self.paused.iter().map(|paused| &paused.job);
        self.jobs.iter().chain(paused).flat_map(|job| &job.rest)
    }

    pub(super) fn bytes(&self) -> usize {
        self.jobs.len() * size_of::<Job>()
            + self.tasks().count() * size_of::<Task>()
            + self.memory.len() * 40
            + self.later.len() * size_of::<Message>()
            + self.gathered.len() * 24
            + self.windows.bytes()
    }

    fn circuit(&mut self, link: LinkIndex) -> &mut Circuit {
        let found = self.circuits.iter().position(|it| it.link == link);
        let place = found.unwrap_or(self.circuits.len());
        if found.is_none() {
            self.circuits.push(Circuit::new(link));
        }
        &mut self.circuits[place]
    }
}

impl Service {
    /// Looks up the numbers of what the careful way needs.
    pub(super) fn learn_more(&mut self, context: &mut Context<'_>) {
        let known = |call: &Call, context: &mut Context<'_>| KnownCall {
            on: call.on.as_ref().map(|name| context.event_type(name)),
            event_type: context.event_type(&call.event),
            writes: call.writes,
            details: call.details,
            body: (call.body.as_ref()).map(|body| context.template(body.clone(), 1)),
            chance: call.chance,
        };
        let calls = &self.settings.calls;
        self.more.calls = calls.iter().map(|call| known(call, context)).collect();
        let scope = self.settings.poison_scope;
        let poison = self.settings.poison.as_ref();
        self.more.poison = poison.map(|policy| Filter::new(policy, scope));
        let ranks = self.settings.priorities.iter();
        self.more.ranks = ranks.map(|name| context.event_type(name)).collect();
        self.more.store = match self.settings.has_store() {
            true => Some(context.event_type(&self.settings.store)),
            false => None,
        };
        self.more.windows.keep_below(self.settings.emits.len());
        if self.settings.own_window().is_none() {
            self.more.memory = Memory::default();
        }
        self.find_calls(context);
    }

    /// Sees whether there is anybody to call, and what became of calls along links that are gone.
    pub(super) fn find_calls(&mut self, context: &mut Context<'_>) {
        let is_asking = calls_of(context).next().is_some();
        if is_asking || !self.settings.is_simple() {
            self.straight = false;
            let jobs = self.workers.len().max(self.more.jobs.len());
            self.more.jobs.resize(jobs, Job::default());
        } else if self.busy == 0 && self.inbox.is_empty() {
            self.straight = true;
        }
        let there: Vec<LinkIndex> = calls_of(context).collect();
        self.more.circuits.retain(|it| there.contains(&it.link));
        for worker in 0..self.more.jobs.len() {
            if let Phase::Calling(link, _) = self.more.jobs[worker].phase
                && !there.contains(&link)
            {
                self.failed(context, worker, Some(Reason::NoAnswer));
            }
        }
    }

    /// Begins with the work, or begins it again.
    pub(super) fn start_try(&mut self, context: &mut Context<'_>, worker: usize) {
        let (Some(luck), Some(work)) = (self.luck, &self.workers[worker]) else {
            return;
        };
        let message = &work.task.message;
        let job = &mut self.more.jobs[worker];
        let luck = luck.time.attempt(message.root, message.attempt);
        let luck = match job.tries {
            0 => luck,
            again => luck.at(u64::from(again)),
        };
        let time = self.settings.service_time.sample(luck);
        let mut time = Period::stretched(&self.settings.periods, context.now(), time);
        job.fails = None;
        if let Some(most) = self.settings.timeout.filter(|most| time > *most) {
            (time, job.fails) = (most, Some(Reason::TooSlow));
        }
        job.phase = Phase::Working;
        self.occupy(context, worker, time);
    }

    /// The phase of a worker ends by itself after `time`.
    pub(super) fn occupy(&mut self, context: &mut Context<'_>, worker: usize, time: SimDuration) {
        if let Some(work) = &mut self.workers[worker] {
            work.since = context.now();
            work.until = work.since.after(time);
            let word = u64::from(self.life.number) << 32 | worker as u64;
            self.more.jobs[worker].timer = Some(context.wake_after(time, WORK_DONE, word));
        }
    }

    /// The time of a worker's phase is over.
    #[inline(never)]
    pub(super) fn phase_over(&mut self, context: &mut Context<'_>, worker: usize) {
        let Some(Some(Work { until, .. })) = self.workers.get(worker) else {
            return;
        };
        if *until > context.now() {
            // It was planned for something that the worker is no longer at.
            return;
        }
        let job = &mut self.more.jobs[worker];
        job.timer = None;
        match job.phase {
            Phase::Working => self.work_over(context, worker),
            Phase::Calling(..) => self.call_over(context, worker, Some(Reason::NoAnswer)),
            Phase::Transacting => self.transaction_overdue(context, worker),
            Phase::Waiting if job.is_worked => self.next_call(context, worker),
            Phase::Waiting => self.ask_store(context, worker),
        }
    }

    /// Its own work is over: it failed, or calls are next.
    fn work_over(&mut self, context: &mut Context<'_>, worker: usize) {
        match self.reason_to_fail(context, worker) {
            Some(reason) => {
                self.more.poisoned += u64::from(reason == Some(Reason::Poison));
                self.failed(context, worker, reason);
            }
            None => {
                self.more.jobs[worker].is_worked = true;
                self.next_call(context, worker);
            }
        }
    }

    /// Whether the work of a worker fails at its end, and why if there is something to say.
    fn reason_to_fail(&self, context: &Context<'_>, worker: usize) -> Option<Option<Reason>> {
        let (luck, work) = (self.luck?, self.workers[worker].as_ref()?);
        let job = &self.more.jobs[worker];
        if job.fails.is_some() {
            return Some(job.fails);
        }
        let message = &work.task.message;
        let rest = job.rest.iter().map(|task| &task.message);
        if (std::iter::once(message).chain(rest)).any(|it| self.is_too_new(context, it)) {
            return Some(Some(Reason::Unknown));
        }
        if let Some(filter) = &self.more.poison {
            let rest = job.rest.iter().map(|task| &task.message);
            let mut all = std::iter::once(message).chain(rest);
            if all.any(|it| filter.takes(Seen::default().by(filter.scope(), context, it))) {
                return Some(Some(Reason::Poison));
            }
        }
        let luck = luck.failure.attempt(message.root, message.attempt);
        let tries = u64::from(job.tries);
        let in_period = Period::failing(&self.settings.periods, context.now());
        let fails = self.settings.failure_rate.happens(luck.draw(tries))
            || in_period.happens(luck.at(1).draw(tries));
        fails.then_some(None)
    }

    /// Makes the next call for the message of a worker, or ends the work on it.
    fn next_call(&mut self, context: &mut Context<'_>, worker: usize) {
        let Some(work) = &self.workers[worker] else {
            return;
        };
        let message = work.task.message;
        loop {
            let step = self.more.jobs[worker].step;
            match self.next(context, &message, step) {
                Next::End => return self.tell_store(context, worker),
                Next::Skip => self.more.jobs[worker].step += 1,
                Next::Call(None, ..) => {
                    return self.failed(context, worker, Some(Reason::NoReceiver));
                }
                Next::Call(Some(link), event_type, body, writes) => {
                    let word = if writes { WRITES } else { 0 };
                    let what = (event_type, body, word, step as u64);
                    return self.call(context, worker, link, &message, what);
                }
            }
        }
    }

    /// What the step is for a message. Without calls that say what to ask, everybody is asked.
    fn next(&self, context: &Context<'_>, message: &Message, step: usize) -> Next {
        let luck = self.luck.map(|luck| luck.call);
        let mut there = calls_of(context);
        if self.more.calls.is_empty() {
            return match there.nth(step) {
                None => Next::End,
                Some(link) if Some(link) == self.store_link(context) => Next::Skip,
                Some(link) if context.takes(link, message.event_type) => {
                    Next::Call(Some(link), message.event_type, message.body, false)
                }
                Some(_) => Next::Skip,
            };
        }
        let (Some(call), Some(luck)) = (self.more.calls.get(step), luck) else {
            return Next::End;
        };
        let draw = luck
            .attempt(message.root, message.attempt)
            .draw(step as u64);
        let wanted = call.on.is_none_or(|on| on == message.event_type)
            && (!call.details || context.is_notification(message))
            && call.chance.happens(draw);
        if !wanted {
            return Next::Skip;
        }
        let link = there.find(|link| context.takes(*link, call.event_type));
        let body = call.body.unwrap_or(message.body);
        Next::Call(link, call.event_type, body, call.writes)
    }

    /// Calls, if the circuit and the bulkhead let it.
    pub(super) fn call(
        &mut self,
        context: &mut Context<'_>,
        worker: usize,
        link: LinkIndex,
        cause: &Message,
        (event_type, body, word, step): (EventType, BodyId, u64, u64),
    ) {
        let now = context.now();
        let settings = &self.settings;
        let circuit = self.more.circuit(link);
        if settings
            .bulkhead
            .is_some_and(|most| circuit.under_way >= most)
        {
            return self.failed(context, worker, Some(Reason::Bulkhead));
        }
        if settings.circuit_opens_after.is_some() && !circuit.lets_through(now) {
            return self.failed(context, worker, Some(Reason::CircuitOpen));
        }
        circuit.under_way += 1;
        let time = settings.call_timeout;
        let job = &mut self.more.jobs[worker];
        let step = CALLS_FROM + step;
        // The same request each time, so that the callee can tell: with luck of its own on the way.
        let request = Message {
            attempt: job.tries,
            ..context.create_from(cause, step, event_type, cause.key, body)
        };
        job.phase = Phase::Calling(link, request.id);
        context.hand(link, &request, Handed::Over, word);
        match time {
            Some(time) => self.occupy(context, worker, time),
            None => {
                if let Some(work) = &mut self.workers[worker] {
                    (work.since, work.until) = (now, now);
                }
            }
        }
    }

    /// An answer came.
    pub(super) fn answered(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: MessageId,
        answer: Answer,
    ) {
        let awaited = Phase::Calling(link, message);
        let Some(worker) = self.more.jobs.iter().position(|job| job.phase == awaited) else {
            return context.record_node(What::Ignored);
        };
        let reason = match answer {
            Answer::Done => None,
            Answer::Failed => Some(Reason::CallFailed),
            Answer::Refused => Some(Reason::Full),
            Answer::Known => return self.was_done(context, link, worker),
        };
        self.call_over(context, worker, reason);
    }

    /// A call is over: with an answer, or without.
    fn call_over(&mut self, context: &mut Context<'_>, worker: usize, reason: Option<Reason>) {
        self.stop_timer(context, worker);
        if let Phase::Calling(link, _) = self.more.jobs[worker].phase {
            self.note_answer(context, link, reason.is_none());
        }
        match reason {
            Some(_) => self.failed(context, worker, reason),
            None if self.more.jobs[worker].inquiry.is_under_way() => {
                self.store_answered(context, worker);
            }
            None => {
                self.more.jobs[worker].step += 1;
                self.next_call(context, worker);
            }
        }
    }

    /// The circuit to a callee hears how a call went.
    pub(super) fn note_answer(&mut self, context: &mut Context<'_>, link: LinkIndex, good: bool) {
        let (opens_after, open_for) = (
            self.settings.circuit_opens_after,
            self.settings.circuit_open_for,
        );
        let now = context.now();
        let circuit = self.more.circuit(link);
        circuit.under_way = circuit.under_way.saturating_sub(1);
        let changed = match (good, opens_after) {
            (_, None) => None,
            (true, Some(_)) => circuit.succeed().then_some(What::Closed),
            (false, Some(most)) => circuit.fail(most, now, open_for).then_some(What::Opened),
        };
        if let Some(what) = changed {
            context.record_node(what);
        }
    }

    /// What the worker was at failed: it tries again, or gives up.
    pub(super) fn failed(
        &mut self,
        context: &mut Context<'_>,
        worker: usize,
        reason: Option<Reason>,
    ) {
        self.stop_timer(context, worker);
        let (Some(luck), Some(work)) = (self.luck, self.workers[worker]) else {
            return;
        };
        let message = work.task.message;
        let reason = reason.unwrap_or(Reason::None);
        context.record_because(What::Failed, &message, reason);
        for task in &self.more.jobs[worker].rest {
            context.record_because(What::Failed, &task.message, reason);
        }
        let job = &mut self.more.jobs[worker];
        job.tries = job.tries.saturating_add(1);
        if u32::from(job.tries) > self.settings.retries {
            return self.give_up(context, worker);
        }
        job.phase = Phase::Waiting;
        let luck = luck.backoff.attempt(message.root, message.attempt);
        let wait = self.settings.retry_wait(job.tries, luck);
        context.record(What::Retried, &message);
        self.occupy(context, worker, wait);
    }

    pub(super) fn stop_timer(&mut self, context: &mut Context<'_>, worker: usize) {
        if let Some(ticket) = self.more.jobs[worker].timer.take() {
            context.cancel(ticket);
        }
    }

    fn give_up(&mut self, context: &mut Context<'_>, worker: usize) {
        if self.fail_in_transaction(context, worker) {
            return;
        }
        for task in self.release(worker) {
            self.give_up_one(context, &task);
        }
        self.go_on(context);
    }

    pub(super) fn succeed_all(&mut self, context: &mut Context<'_>, worker: usize) {
        if self.transact(context, worker, false) {
            return;
        }
        let now = context.now();
        for task in self.release(worker) {
            if let Some(window) = self.settings.own_window() {
                // Somebody else was faster with the same event: it must not have its effect twice.
                if self.more.memory.knows(task.message.root, now, window) {
                    context.record(What::Repeated, &task.message);
                    self.settle(context, &task);
                    continue;
                }
                self.more.memory.learn(task.message.root, now);
            }
            let age = now.since(task.message.born);
            context.metrics().age.record(age);
            context.record(What::Finished, &task.message);
            self.emit_all(context, &task.message, false);
            self.settle(context, &task);
            self.finished += 1;
        }
        self.go_on(context);
    }

    /// Frees a worker, and gives back what it had.
    pub(super) fn release(&mut self, worker: usize) -> Vec<Task> {
        let Some(work) = self.workers[worker].take() else {
            return Vec::new();
        };
        self.busy -= 1;
        let job = std::mem::take(&mut self.more.jobs[worker]);
        let mut tasks = job.rest;
        tasks.insert(0, work.task);
        if self.workers.len() > self.settings.workers as usize {
            self.let_go();
        }
        tasks
    }

    /// A worker is free again.
    pub(super) fn go_on(&mut self, context: &mut Context<'_>) {
        self.fill_carefully(context);
        context.set_busy(self.busy);
        if self.busy == 0 && self.inbox.is_empty() && self.settings.is_simple() {
            self.straight = calls_of(context).next().is_none();
        }
    }

    /// Forgets what only the careful way has in memory.
    pub(super) fn lose_more(&mut self, context: &mut Context<'_>, reason: Reason) {
        self.more.idle.clear();
        let paused = std::mem::take(&mut self.more.paused);
        let paused = paused.into_iter().map(|paused| paused.job);
        let jobs: Vec<Job> = (self.more.jobs.iter_mut().map(std::mem::take))
            .chain(paused)
            .collect();
        for job in jobs {
            if let Some(ticket) = job.timer {
                context.cancel(ticket);
            }
            for task in job.rest {
                task.lose(context, reason);
            }
        }
        if self.settings.memory == MemoryKind::Lost {
            self.more.memory = Memory::default();
        }
        self.more.circuits.clear();
        self.more.later.clear();
        self.more.gathered.clear();
        self.more.windows = Windows::default();
        (self.more.next_at, self.more.begins_at) = (SimTime::ZERO, None);
    }
}

/// The links along which a node calls, in the order in which they were drawn.
pub(super) fn calls_of<'c>(context: &'c Context<'_>) -> impl Iterator<Item = LinkIndex> + 'c {
    let all = (0..context.outgoing_count()).map(|n| context.outgoing(n));
    all.filter(|link| context.role(*link) == Role::Calls.number())
}
