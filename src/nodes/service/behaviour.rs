//! What a service does: take, work, emit, settle.
//!
//! This is the straight way of a service that does nothing else, which has to be fast. What takes
//! more care (calls, retries, batches, order) is in `job` and `batch`.

use std::collections::VecDeque;

use super::emission::KnownEmission;
use super::hand::Hand;
use super::job::Careful;
use super::{OnFailure, Settings};
use crate::engine::{
    Answer, Arrival, Behaviour, Context, Fault, Handed, Holdings, LinkIndex, Message, MessageId,
    Operation, Reason, Signal, Stock, What,
};
use crate::nodes::Role;
use crate::nodes::shared::consumer::{Life, Task, subscribe, unsubscribe};
use crate::units::{Chance, Luck, Purpose, SimDuration, SimTime};

/// What a worker does is over; the word is the life and the worker.
pub(super) const WORK_DONE: u32 = 0;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 1;
/// Something is emitted that was to be later; the word is the life and its place.
pub(super) const LATER: u32 = 2;
/// It may begin with something that had to wait; the word is the life.
pub(super) const BEGIN: u32 = 3;

/// A running service.
#[derive(Clone)]
pub struct Service {
    pub(super) settings: Settings,
    pub(super) workers: Vec<Option<Work>>,
    pub(super) busy: usize,
    /// What came and waits for a worker.
    pub(super) inbox: VecDeque<Task>,
    pub(super) emits: Vec<KnownEmission>,
    pub(super) luck: Option<Lucks>,
    pub(super) life: Life,
    /// Whether it goes the straight way: one message after the other, and nothing else.
    pub(super) straight: bool,
    pub(super) finished: u64,
    pub(super) more: Box<Careful>,
    pub(super) hand: Hand,
}

#[derive(Clone, Copy)]
pub(super) struct Work {
    pub(super) task: Task,
    pub(super) since: SimTime,
    pub(super) until: SimTime,
}

#[derive(Clone, Copy)]
pub(super) struct Lucks {
    pub(super) time: Luck,
    pub(super) failure: Luck,
    pub(super) emission: Luck,
    pub(super) backoff: Luck,
    pub(super) call: Luck,
}

impl Service {
    /// A service that has not started.
    pub fn new(settings: Settings) -> Self {
        let workers = vec![None; settings.workers as usize];
        Self {
            settings,
            workers,
            busy: 0,
            inbox: VecDeque::new(),
            emits: Vec::new(),
            luck: None,
            life: Life::default(),
            straight: true,
            finished: 0,
            more: Box::default(),
            hand: Hand::default(),
        }
    }

    /// The message with this id, if it is worked on or waits for a worker.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let working = self.workers.iter().flatten().map(|work| &work.task);
        let mut tasks = working.chain(&self.inbox).chain(self.more.tasks());
        let found = tasks.find(|task| task.message.id == id);
        let found = found.map(|task| &task.message);
        found.or_else(|| self.hand.message(id))
    }

    /// What a person holds who operates it, the oldest first, with whether it is lent.
    pub fn held(&self) -> impl Iterator<Item = (&Message, bool)> {
        self.hand.messages()
    }

    fn learn(&mut self, context: &mut Context<'_>) {
        let luck = context.luck();
        self.luck = Some(Lucks {
            time: luck.purpose(Purpose::ServiceTime),
            failure: luck.purpose(Purpose::Failure),
            emission: luck.purpose(Purpose::Emission),
            backoff: luck.purpose(Purpose::Backoff),
            call: luck.purpose(Purpose::Call),
        });
        let emits = &self.settings.emits;
        self.emits = emits
            .iter()
            .map(|emission| KnownEmission {
                on: emission.on.as_ref().map(|name| context.event_type(name)),
                event_type: context.event_type(&emission.event),
                body: emission.own_body(context),
                chance: emission.chance,
                failed: emission.failed,
            })
            .collect();
        self.learn_more(context);
    }

    /// Tells every queue that lends to it how much it takes.
    fn subscribe(&self, context: &mut Context<'_>) {
        subscribe(context, self.settings.prefetch(), self.life.number);
    }

    /// Gives waiting work to free workers.
    #[inline(never)]
    pub(super) fn fill_workers(&mut self, context: &mut Context<'_>) {
        if !self.straight {
            return self.fill_carefully(context);
        }
        while self.busy < self.settings.workers as usize
            && let Some(task) = self.inbox.pop_front()
        {
            let now = context.now();
            context.metrics().wait.record(now.since(task.message.since));
            let Task {
                link,
                message,
                handed,
            } = &task;
            self.begin(context, (*link, message, *handed), *handed == Handed::Over);
        }
        context.set_depth(self.inbox.len());
    }

    /// Whether work can begin at once.
    #[inline(always)]
    fn has_free_worker(&self) -> bool {
        self.straight && self.busy < self.settings.workers as usize && self.inbox.is_empty()
    }

    /// Takes what came: to a worker, or into the inbox.
    #[inline(never)]
    fn accept(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let (link, handed) = (arrival.link, arrival.handed);
        let mut message = *arrival.message;
        let now = context.now();
        message.since = now;
        if handed == Handed::Over {
            context.metrics().arrivals.count(now);
            // A queue that lets go of what it delivers has counted that already.
            if link.is_none_or(|link| context.role(link) != Role::Delivers.number()) {
                message.attempt = message.attempt.saturating_add(1);
                context.record(What::Delivered, &message);
            }
        }
        if self.has_free_worker() {
            context.metrics().wait.record(SimDuration::ZERO);
            return self.begin(context, (link, &message, handed), false);
        }
        let task = Task {
            link,
            message,
            handed,
        };
        if handed == Handed::Over {
            if self.settings.max_waiting.is_some() && !self.make_room(context, &task) {
                return;
            }
            context.record(What::Queued, &task.message);
        }
        if self.straight {
            self.inbox.push_back(task);
            context.set_depth(self.inbox.len());
        } else {
            self.put_in_order(task);
            self.fill_carefully(context);
        }
    }

    /// Begins to work on a message that came along a link and was handed over in some way.
    #[inline(always)]
    fn begin(
        &mut self,
        context: &mut Context<'_>,
        (link, message, handed): (Option<LinkIndex>, &Message, Handed),
        waited: bool,
    ) {
        let (Some(luck), Some(worker)) = (self.luck, self.workers.iter().position(Option::is_none))
        else {
            return;
        };
        if waited {
            context.record_waiting(What::Started, message, Reason::None);
        } else {
            context.record(What::Started, message);
        }
        let time = self
            .settings
            .service_time
            .sample(luck.time.attempt(message.root, message.attempt));
        let now = context.now();
        self.workers[worker] = Some(Work {
            task: Task {
                link,
                message: Message {
                    since: now,
                    ..*message
                },
                handed,
            },
            since: now,
            until: now.after(time),
        });
        self.busy += 1;
        context.set_busy(self.busy);
        context.wake_after(
            time,
            WORK_DONE,
            u64::from(self.life.number) << 32 | worker as u64,
        );
    }

    #[inline(always)]
    fn end(&mut self, context: &mut Context<'_>, worker: usize) {
        if !self.straight {
            return self.phase_over(context, worker);
        }
        let (Some(luck), Some(work)) = (self.luck, &self.workers[worker]) else {
            return;
        };
        let task = &work.task;
        let message = &task.message;
        let chance = self.settings.failure_rate;
        let luck_of_it = || luck.failure.attempt(message.root, message.attempt).draw(0);
        if chance != Chance::NEVER && chance.happens(luck_of_it()) {
            self.fail(context, task, luck);
        } else {
            self.succeed(context, task, luck);
            self.finished += 1;
        }
        self.workers[worker] = None;
        self.busy -= 1;
        if self.workers.len() > self.settings.workers as usize {
            self.let_go();
        }
        if !self.inbox.is_empty() {
            self.fill_workers(context);
        }
        context.set_busy(self.busy);
    }

    /// A pool that was made smaller lets go of workers once they are free.
    #[inline(never)]
    pub(super) fn let_go(&mut self) {
        while self.workers.len() > self.settings.workers as usize
            && self.workers.last().is_some_and(Option::is_none)
        {
            self.workers.pop();
        }
    }

    #[inline(always)]
    fn succeed(&self, context: &mut Context<'_>, task: &Task, luck: Lucks) {
        let message = &task.message;
        let age = context.now().since(message.born);
        context.metrics().age.record(age);
        context.record(What::Finished, message);
        for n in 0..self.emits.len() {
            if !self.emits[n].failed {
                self.emit(context, message, n, luck);
            }
        }
        // What is lent, as most is, takes no further call.
        match (task.handed, task.link) {
            (Handed::Lent, Some(link)) => {
                context.answer(link, Signal::Ack(message.id), message);
            }
            _ => self.settle(context, task),
        }
    }

    /// The message was processed, and whoever handed it over hears of it.
    #[inline(never)]
    pub(super) fn settle(&self, context: &mut Context<'_>, task: &Task) {
        let message = &task.message;
        match (task.handed, task.link) {
            (Handed::Lent, Some(link)) => {
                context.answer(link, Signal::Ack(message.id), message);
            }
            (Handed::Over, link) => {
                context.record(What::Done, message);
                if let Some(link) = link {
                    answer(context, link, message, Answer::Done);
                }
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn fail(&self, context: &mut Context<'_>, task: &Task, luck: Lucks) {
        context.record(What::Failed, &task.message);
        for n in 0..self.emits.len() {
            if self.emits[n].failed {
                self.emit(context, &task.message, n, luck);
            }
        }
        self.settle_failed(context, task);
    }

    /// The work on the message failed for good, and whoever handed it over hears of it.
    pub(super) fn settle_failed(&self, context: &mut Context<'_>, task: &Task) {
        let message = &task.message;
        match (task.handed, task.link) {
            (Handed::Lent, Some(link)) => {
                let signal = Signal::Nack {
                    message: message.id,
                    requeue: self.settings.on_failure == OnFailure::Requeue,
                };
                context.answer(link, signal, message);
            }
            (Handed::Over, Some(link)) if is_call(context, link) => {
                context.record(What::Done, message);
                answer(context, link, message, Answer::Failed);
            }
            // Nobody has it but the service, and so nobody can try it again.
            (Handed::Over, _) => {
                context.record_because(What::Dropped, message, Reason::Attempts);
            }
            _ => {}
        }
    }

    /// Forgets all that is in memory. What was lent is safe with its queue.
    fn lose_memory(&mut self, context: &mut Context<'_>, reason: Reason) {
        self.hand.lose(context, reason);
        for task in std::mem::take(&mut self.inbox) {
            task.lose_waiting(context, reason);
        }
        for work in self.workers.iter_mut().filter_map(Option::take) {
            work.task.lose(context, reason);
        }
        self.lose_more(context, reason);
        self.busy = 0;
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

    #[inline(never)]
    fn wake_rarely(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        let of_this_life = |life: u64| life == u64::from(self.life.number);
        match tag {
            RESTART if self.life.wants_restart(word) => self.restart(context),
            LATER if of_this_life(word >> 32) => self.emit_later(context, word as u32 as usize),
            BEGIN if of_this_life(word) => {
                self.more.begins_at = None;
                self.fill_workers(context);
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn restart(&mut self, context: &mut Context<'_>) {
        self.life.restart(context);
        self.workers = vec![None; self.settings.workers as usize];
        self.subscribe(context);
    }
}

/// Whether whoever gives messages along a link waits for answers.
pub(super) fn is_call(context: &Context<'_>, link: LinkIndex) -> bool {
    context.role(link) == Role::Calls.number()
}

/// Answers a request, if the message is one.
pub(super) fn answer(
    context: &mut Context<'_>,
    link: LinkIndex,
    message: &Message,
    answer: Answer,
) {
    if is_call(context, link) {
        let message_id = message.id;
        let signal = Signal::Answered {
            message: message_id,
            answer,
        };
        context.answer(link, signal, message);
    }
}

impl Behaviour for Service {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.learn(context);
        self.post_transactions(context);
        self.subscribe(context);
    }

    #[inline(always)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let Arrival {
            link,
            message,
            handed,
            word,
        } = *arrival;
        if handed == Handed::Lent && word != u64::from(self.life.number) {
            // It was meant for a connection that is gone; the queue takes it back.
            return;
        }
        if self.life.down {
            // The queue hears of the crash by itself; what was given away is lost.
            if handed == Handed::Over {
                context.record_because(What::Dropped, message, Reason::Crash);
            }
            return;
        }
        if self.settings.by_hand {
            return self.hand.hold(context, arrival);
        }
        if handed == Handed::Lent && self.has_free_worker() {
            context.metrics().wait.record(SimDuration::ZERO);
            return self.begin(context, (link, message, handed), false);
        }
        self.accept(context, arrival);
    }

    #[inline(never)]
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Answered { message, answer } => self.answered(context, link, message, answer),
            Signal::Confirmed(message) => self.heard_of(context, message, true),
            Signal::Unconfirmed(message) => self.heard_of(context, message, false),
            Signal::Concluded { number, outcome } => self.concluded(context, number, outcome),
            Signal::Owns { partitions, .. } if !self.life.down => {
                self.more.idle.retain(|other| *other != link);
                if partitions == 0 {
                    self.more.idle.push(link);
                }
            }
            _ => {}
        }
    }

    #[inline]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            WORK_DONE if (word >> 32) as u32 == self.life.number => {
                self.end(context, word as u32 as usize);
            }
            WORK_DONE => {}
            _ => self.wake_rarely(context, tag, word),
        }
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        let wanted = self.settings.workers as usize;
        if self.workers.len() < wanted {
            self.workers.resize(wanted, None);
        }
        self.learn(context);
        self.post_transactions(context);
        if !self.life.down {
            self.subscribe(context);
            self.fill_workers(context);
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

    fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
        match self.life.down {
            true => context.record_node(What::Ignored),
            false => self.hand.operate(context, operation),
        }
    }

    fn stock(&self, most: usize) -> Option<Stock> {
        let stock = Some(self.hand.stock(most));
        stock.filter(|stock| self.settings.by_hand || stock.total > 0)
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        self.find_calls(context);
        self.forget_transactions(context);
        let links = context.incoming();
        self.more.idle.retain(|link| links.contains(link));
        if !self.life.down {
            self.subscribe(context);
        }
    }

    fn holdings(&self) -> Holdings {
        let working = self.workers.iter().flatten().map(|work| &work.task);
        let working = working.chain(self.more.tasks());
        let owned = |tasks: &mut dyn Iterator<Item = &Task>| {
            tasks.filter(|task| task.is_owned()).count() as u64
        };
        Holdings {
            waiting: owned(&mut self.inbox.iter()),
            in_flight: owned(&mut { working }) + self.hand.owned(),
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        self.inbox.len() * size_of::<Task>()
            + self.workers.len() * size_of::<Option<Work>>()
            + self.more.bytes()
    }
}
