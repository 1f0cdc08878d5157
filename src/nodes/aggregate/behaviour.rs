//! What an aggregate does: one command at a time, loaded, decided, appended and settled.

use std::collections::VecDeque;

use super::Settings;
use super::cache::Cache;
use crate::engine::{
    Arrival, Behaviour, BodyId, Context, EventType, Fault, Handed, Holdings, Key, LinkIndex,
    Message, MessageId, Reason, Signal, Ticket, What,
};
use crate::nodes::Role;
use crate::nodes::shared::consumer::{Life, Task, note_started, subscribe, unsubscribe};
use crate::units::{Luck, Purpose, SimTime};

/// The decision is made.
const DECIDED: u32 = 0;
/// The store did not answer in time.
const TIMEOUT: u32 = 1;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 2;

/// A running aggregate.
#[derive(Clone)]
pub struct Aggregate {
    settings: Settings,
    pub(super) inbox: VecDeque<Task>,
    pub(super) current: Option<Current>,
    cache: Cache,
    /// The link to its store, as it was last seen.
    pub(super) store: Option<LinkIndex>,
    luck: Option<Luck>,
    pub(super) accepted: u64,
    pub(super) refused: u64,
    /// What became of the last command.
    pub(super) last: Option<(EventType, Outcome)>,
    pub(super) life: Life,
}

/// The command that is worked on.
#[derive(Clone, Copy)]
pub(super) struct Current {
    pub(super) task: Task,
    pub(super) phase: Phase,
    /// When the phase ends by itself.
    timer: Ticket,
    pub(super) since: SimTime,
    pub(super) until: SimTime,
    /// How often another writer was faster.
    conflicts: u32,
    /// How often an event was handed to the store.
    appends: u16,
    /// The event that was handed to the store last.
    event: Option<Message>,
    /// The body of the event, once it was made.
    body: Option<BodyId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Loading,
    Deciding,
    Appending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Refused(Reason),
    /// It had been accepted before.
    Repeated,
}

impl Aggregate {
    /// An aggregate that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            inbox: VecDeque::new(),
            current: None,
            cache: Cache::default(),
            store: None,
            luck: None,
            accepted: 0,
            refused: 0,
            last: None,
            life: Life::default(),
        }
    }

    /// Commands that it accepted and refused.
    pub fn decisions(&self) -> (u64, u64) {
        (self.accepted, self.refused)
    }

    /// Finds its store; what was folded from another one is void.
    fn find_store(&mut self, context: &Context<'_>) {
        let found = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .find(|link| context.role(*link) == Role::Appends.number());
        if found != self.store {
            self.store = found;
            self.cache.clear();
        }
    }

    /// Tells every queue that lends to it how much it takes: one command at a time.
    fn subscribe(&self, context: &mut Context<'_>) {
        subscribe(context, 1, self.life.number);
    }

    fn begin(&mut self, context: &mut Context<'_>, task: Task, waited: bool) {
        let (now, key) = (context.now(), task.message.key);
        note_started(context, &task.message, waited);
        context.set_busy(1);
        let timer = context.wake_after(self.settings.append_timeout, TIMEOUT, 0);
        self.current = Some(Current {
            task,
            phase: Phase::Loading,
            timer,
            since: now,
            until: now,
            conflicts: 0,
            appends: 0,
            event: None,
            body: None,
        });
        self.read(context, key);
    }

    /// Loads what is new of the stream.
    fn load(&mut self, context: &mut Context<'_>) {
        let Some(current) = &mut self.current else {
            return;
        };
        context.cancel(current.timer);
        current.phase = Phase::Loading;
        current.timer = context.wake_after(self.settings.append_timeout, TIMEOUT, 0);
        let key = current.task.message.key;
        self.read(context, key);
    }

    /// The store did not answer: whatever it did, its stream will tell.
    fn ask_again(&mut self, context: &mut Context<'_>) {
        if let Some(current) = &self.current {
            context.record(What::Asked, &current.task.message);
        }
        self.load(context);
    }

    fn read(&self, context: &mut Context<'_>, key: Key) {
        if let Some(store) = self.store {
            let from = self.cache.length(key);
            context.signal(store, Signal::ReadStream { key, from });
        }
    }

    /// The store has shown all that it has: it is time to decide, or the command was done before.
    fn loaded(&mut self, context: &mut Context<'_>, key: Key, length: u64) {
        let (Some(luck), Some(current)) = (self.luck, &mut self.current) else {
            return;
        };
        let command = current.task.message;
        if current.phase != Phase::Loading || command.key != key {
            return;
        }
        let folded = self.cache.stream(key);
        if folded.length != length {
            // Something was lost on the way, or this is not the store that was folded.
            if folded.length > length {
                self.cache.forget(key);
            }
            return self.load(context);
        }
        if let Some(outcome) = folded.outcome_of(command.root) {
            return match current.event.filter(|event| event.root == outcome) {
                Some(event) => self.accept(context, &event),
                None => self.settle(context, Outcome::Repeated),
            };
        }
        context.cancel(current.timer);
        let attempt = command.attempt.wrapping_add(current.appends);
        let time = self
            .settings
            .decide_time
            .sample(luck.attempt(command.root, attempt));
        current.phase = Phase::Deciding;
        current.since = context.now();
        current.until = current.since.after(time);
        current.timer = context.wake_after(time, DECIDED, 0);
    }

    /// Decides by the rules, and appends what follows.
    fn decide(&mut self, context: &mut Context<'_>) {
        let Some(current) = &mut self.current else {
            return;
        };
        let command = current.task.message;
        let name = context.type_name(command.event_type);
        let Some(rule) = self.settings.rules.iter().find(|rule| rule.command == name) else {
            return self.refuse(context, Reason::Unknown);
        };
        let folded = self.cache.stream(command.key);
        let body = context.body_of(&command);
        let key = context.key_text(command.key);
        if rule.broken(&folded.state, &body, key).is_some() {
            return self.refuse(context, Reason::Rule);
        }
        let Some(store) = self.store else {
            return self.load(context);
        };
        let body = match (current.body, rule.event_body(&body, key)) {
            (Some(made), _) => made,
            (None, Some(json)) => context.keep_body(json),
            (None, None) => command.body,
        };
        let event_type = context.event_type(&rule.emits);
        let mut event = context.create_from(&command, 0, event_type, command.key, body);
        // Each try meets luck of its own on the way.
        event.attempt = current.appends;
        context.hand(store, &event, Handed::Over, folded.length);
        current.body = Some(body);
        current.appends = current.appends.saturating_add(1);
        current.event = Some(event);
        current.phase = Phase::Appending;
        current.timer = context.wake_after(self.settings.append_timeout, TIMEOUT, 0);
    }

    /// Whether the event that the store answers about is the one that is waited for.
    fn awaits(&self, message: MessageId) -> Option<Message> {
        let current = self.current.as_ref()?;
        let awaited = current.event.filter(|event| event.id == message)?;
        (current.phase == Phase::Appending).then_some(awaited)
    }

    fn appended(&mut self, context: &mut Context<'_>, message: MessageId, revision: u64) {
        let Some(event) = self.awaits(message) else {
            return context.record_node(What::Ignored);
        };
        let folds = &self.settings.folds;
        self.cache.fold(context, folds, &event, revision);
        self.accept(context, &event);
    }

    fn conflicted(&mut self, context: &mut Context<'_>, message: MessageId) {
        if self.awaits(message).is_none() {
            return context.record_node(What::Ignored);
        }
        let Some(current) = &mut self.current else {
            return;
        };
        current.conflicts += 1;
        let command = current.task.message;
        let again = current.conflicts <= self.settings.conflict_retries;
        context.record_because(What::Conflicted, &command, Reason::Revision);
        if again {
            self.load(context);
        } else {
            self.refuse(context, Reason::Revision);
        }
    }

    /// The event is stored: everybody who listens gets a copy.
    fn accept(&mut self, context: &mut Context<'_>, event: &Message) {
        if let Some(current) = &self.current {
            context.record(What::Finished, &current.task.message);
        }
        self.accepted += 1;
        let published = Message {
            attempt: 0,
            ..*event
        };
        for n in 0..context.outgoing_count() {
            let link = context.outgoing(n);
            let sends = context.role(link) == Role::Sends.number();
            if sends && context.takes(link, event.event_type) {
                let copy = context.copy(&published);
                context.send(link, &copy);
            }
        }
        self.settle(context, Outcome::Accepted);
    }

    fn refuse(&mut self, context: &mut Context<'_>, reason: Reason) {
        if let Some(current) = &self.current {
            context.record_because(What::Refused, &current.task.message, reason);
        }
        self.refused += 1;
        self.settle(context, Outcome::Refused(reason));
    }

    /// The command was processed, whatever came of it.
    fn settle(&mut self, context: &mut Context<'_>, outcome: Outcome) {
        let Some(current) = self.current.take() else {
            return;
        };
        context.cancel(current.timer);
        let Task {
            link,
            message: command,
            handed,
        } = current.task;
        self.last = Some((command.event_type, outcome));
        let age = context.now().since(command.born);
        context.metrics().age.record(age);
        match (handed, link) {
            (Handed::Lent, Some(link)) => {
                context.answer(link, Signal::Ack(command.id), &command);
            }
            _ => context.record(What::Done, &command),
        }
        context.set_busy(0);
        if let Some(task) = self.inbox.pop_front() {
            context.set_depth(self.inbox.len());
            self.begin(context, task, task.handed == Handed::Over);
        }
    }

    /// Forgets all that is in memory. What was lent is safe with its queue.
    fn lose_memory(&mut self, context: &mut Context<'_>, reason: Reason) {
        for task in std::mem::take(&mut self.inbox) {
            task.lose_waiting(context, reason);
        }
        if let Some(current) = self.current.take() {
            context.cancel(current.timer);
            current.task.lose(context, reason);
        }
        self.cache.clear();
        self.life.number += 1;
        context.set_busy(0);
        context.set_depth(0);
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.life.crash(context);
        self.lose_memory(context, Reason::Crash);
        unsubscribe(context);
        let after = self.settings.restart_after;
        self.life.plan_restart(context, after, RESTART);
    }

    fn restart(&mut self, context: &mut Context<'_>) {
        self.life.restart(context);
        self.subscribe(context);
    }

    fn take(&mut self, context: &mut Context<'_>, mut task: Task) {
        let now = context.now();
        task.message.since = now;
        context.metrics().arrivals.count(now);
        if task.handed == Handed::Over {
            task.message.attempt = task.message.attempt.saturating_add(1);
            context.record(What::Delivered, &task.message);
        }
        if self.current.is_none() {
            self.begin(context, task, false);
        } else {
            if task.handed == Handed::Over {
                context.record(What::Queued, &task.message);
            }
            self.inbox.push_back(task);
            context.set_depth(self.inbox.len());
        }
    }
}

impl Behaviour for Aggregate {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.luck = Some(context.luck().purpose(Purpose::ServiceTime));
        self.find_store(context);
        self.subscribe(context);
    }

    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let Arrival {
            link,
            message: &message,
            handed,
            word,
        } = *arrival;
        match handed {
            Handed::Shown if link == self.store && !self.life.down => {
                let folds = &self.settings.folds;
                self.cache.fold(context, folds, &message, word);
            }
            Handed::Shown => {}
            // It was meant for a connection that is gone; the queue takes it back.
            Handed::Lent if word != u64::from(self.life.number) || self.life.down => {}
            Handed::Over if self.life.down => {
                context.record_because(What::Dropped, &message, Reason::Crash);
            }
            Handed::Lent | Handed::Over => self.take(
                context,
                Task {
                    link,
                    message,
                    handed,
                },
            ),
        }
    }

    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        if self.life.down || self.store != Some(link) {
            return;
        }
        match signal {
            Signal::ReadEnd { key, length } => self.loaded(context, key, length),
            Signal::Appended { message, revision } => self.appended(context, message, revision),
            Signal::Conflict { message, .. } => self.conflicted(context, message),
            _ => context.record_node(What::Ignored),
        }
    }

    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            DECIDED => self.decide(context),
            TIMEOUT => self.ask_again(context),
            RESTART if self.life.wants_restart(word) => self.restart(context),
            _ => {}
        }
    }

    /// Other folds make other states: they are folded anew.
    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        if settings.folds != self.settings.folds {
            self.cache.clear();
        }
        self.settings = settings;
        // A decision would be made from a state that is no more.
        if self.current.is_some_and(|c| c.phase == Phase::Deciding) {
            self.load(context);
        }
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.life.down => self.crash(context),
            Fault::Restart if self.life.down => self.restart(context),
            Fault::Remove => self.lose_memory(context, Reason::Removal),
            _ => {}
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        let before = self.store;
        self.find_store(context);
        if !self.life.down {
            self.subscribe(context);
            if self.store != before {
                self.load(context);
            }
        }
    }

    fn holdings(&self) -> Holdings {
        let current = self.current.as_ref().map(|current| &current.task);
        Holdings {
            waiting: self.inbox.iter().filter(|task| task.is_owned()).count() as u64,
            in_flight: u64::from(current.is_some_and(Task::is_owned)),
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        self.inbox.len() * size_of::<Task>() + self.cache.bytes()
    }
}
