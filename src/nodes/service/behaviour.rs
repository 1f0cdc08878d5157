//! What a service does: take, work, emit, settle.

use std::collections::VecDeque;

use super::hand::Hand;
use super::{OnFailure, Settings};
use crate::engine::{
    Arrival, Behaviour, BodyId, Context, EventType, Fault, Handed, Holdings, LinkIndex, Message,
    MessageId, Names, Operation, Reason, Signal, What,
};
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Role, Slot, Status, Tone};
use crate::units::{Chance, Luck, Purpose, SimDuration, SimTime};

/// The work of a worker is done; the word is the life and the worker.
const WORK_DONE: u32 = 0;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 1;

/// A running service.
#[derive(Clone)]
pub struct Service {
    settings: Settings,
    workers: Vec<Option<Work>>,
    busy: usize,
    /// What came and waits for a worker.
    inbox: VecDeque<Task>,
    emits: Vec<KnownEmission>,
    luck: Option<Lucks>,
    /// Raised by each crash: what an earlier life planned is no longer wanted.
    life: u32,
    down: bool,
    finished: u64,
    hand: Hand,
}

#[derive(Clone, Copy)]
struct Task {
    link: Option<LinkIndex>,
    message: Message,
    handed: Handed,
}

#[derive(Clone, Copy)]
struct Work {
    task: Task,
    since: SimTime,
    until: SimTime,
}

#[derive(Clone, Copy)]
struct KnownEmission {
    on: Option<EventType>,
    event_type: EventType,
    body: Option<BodyId>,
    chance: Chance,
}

#[derive(Clone, Copy)]
struct Lucks {
    time: Luck,
    failure: Luck,
    emission: Luck,
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
            life: 0,
            down: false,
            finished: 0,
            hand: Hand::default(),
        }
    }

    /// The message with this id, if it is worked on or waits for a worker.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let working = self.workers.iter().flatten().map(|work| &work.task);
        let mut tasks = working.chain(&self.inbox).map(|task| &task.message);
        let found = tasks.find(|message| message.id == id);
        found.or_else(|| self.hand.message(id))
    }

    /// What a person holds who operates it, the oldest first, with whether it is lent.
    pub fn held(&self) -> impl Iterator<Item = (&Message, bool)> {
        self.hand.messages()
    }

    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let slots = self.workers.iter().take(ROW_MOST).map(|work| Slot {
            work: work.map(|work| {
                let whole = work.until.since(work.since).nanos().max(1);
                let gone = now.since(work.since).nanos().min(whole);
                let share = u128::from(gone) * 1000 / u128::from(whole);
                (Capsule::in_hand(&work.task.message), share as u16)
            }),
        });
        let mut parts = match self.settings.by_hand {
            true => vec![self.hand.part()],
            false => vec![Part::Slots(slots.collect())],
        };
        if !self.inbox.is_empty() {
            let capsules = self.inbox.iter().take(ROW_MOST);
            parts.push(Part::Row {
                capsules: capsules
                    .map(|task| Capsule::in_hand(&task.message))
                    .collect(),
                total: self.inbox.len() as u64,
                room: None,
            });
        }
        parts.push(Part::Text {
            label: "done".to_owned(),
            text: self.finished.to_string(),
            tone: Tone::Calm,
        });
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    fn learn(&mut self, context: &mut Context<'_>) {
        let luck = context.luck();
        self.luck = Some(Lucks {
            time: luck.purpose(Purpose::ServiceTime),
            failure: luck.purpose(Purpose::Failure),
            emission: luck.purpose(Purpose::Emission),
        });
        let emits = &self.settings.emits;
        self.emits = emits
            .iter()
            .map(|emission| KnownEmission {
                on: emission.on.as_ref().map(|name| context.event_type(name)),
                event_type: context.event_type(&emission.event),
                body: emission
                    .body
                    .as_ref()
                    .map(|b| context.template(b.clone(), emission.version)),
                chance: emission.chance,
            })
            .collect();
    }

    /// Tells every queue that lends to it how much it takes.
    fn subscribe(&self, context: &mut Context<'_>) {
        let usual = match self.settings.by_hand {
            true => 0,
            false => self.settings.workers,
        };
        let prefetch = self.settings.prefetch.unwrap_or(usual);
        for link in context.incoming() {
            if context.role(link) == Role::Delivers.number() {
                let session = self.life;
                context.signal(link, Signal::Subscribe { prefetch, session });
            }
        }
    }

    /// Gives waiting work to free workers.
    #[inline(never)]
    fn fill_workers(&mut self, context: &mut Context<'_>) {
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
        self.busy < self.settings.workers as usize && self.inbox.is_empty()
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
        if handed == Handed::Over {
            context.record(What::Queued, &message);
        }
        self.inbox.push_back(Task {
            link,
            message,
            handed,
        });
        context.set_depth(self.inbox.len());
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
        context.wake_after(time, WORK_DONE, u64::from(self.life) << 32 | worker as u64);
    }

    #[inline(always)]
    fn end(&mut self, context: &mut Context<'_>, worker: usize) {
        let (Some(luck), Some(work)) = (self.luck, &self.workers[worker]) else {
            return;
        };
        let task = &work.task;
        let message = &task.message;
        let chance = self.settings.failure_rate;
        let luck_of_it = || luck.failure.attempt(message.root, message.attempt).draw(0);
        if chance != Chance::NEVER && chance.happens(luck_of_it()) {
            self.fail(context, task);
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
    fn let_go(&mut self) {
        while self.workers.len() > self.settings.workers as usize
            && self.workers.last().is_some_and(Option::is_none)
        {
            self.workers.pop();
        }
    }

    #[inline]
    fn succeed(&self, context: &mut Context<'_>, task: &Task, luck: Lucks) {
        let message = &task.message;
        let age = context.now().since(message.born);
        context.metrics().age.record(age);
        context.record(What::Finished, message);
        for n in 0..self.emits.len() {
            self.emit(context, message, n, luck);
        }
        match (task.handed, task.link) {
            (Handed::Lent, Some(link)) => {
                context.answer(link, Signal::Ack(message.id), message);
            }
            (Handed::Over, _) => context.record(What::Done, message),
            _ => {}
        }
    }

    #[inline(never)]
    fn emit(&self, context: &mut Context<'_>, cause: &Message, nth: usize, luck: Lucks) {
        let emission = self.emits[nth];
        let draw = luck
            .emission
            .attempt(cause.root, cause.attempt)
            .draw(nth as u64);
        if emission.on.is_none_or(|on| on == cause.event_type) && emission.chance.happens(draw) {
            let body = emission.body.unwrap_or(cause.body);
            let event =
                context.create_from(cause, nth as u64, emission.event_type, cause.key, body);
            context.send_to_role(Role::Sends.number(), &event);
        }
    }

    #[inline(never)]
    fn fail(&self, context: &mut Context<'_>, task: &Task) {
        let message = &task.message;
        context.record(What::Failed, message);
        match (task.handed, task.link) {
            (Handed::Lent, Some(link)) => {
                let requeue = self.settings.on_failure == OnFailure::Requeue;
                context.answer(
                    link,
                    Signal::Nack {
                        message: message.id,
                        requeue,
                    },
                    message,
                );
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
            if task.handed == Handed::Over {
                context.record_waiting(What::Dropped, &task.message, reason);
            }
        }
        for work in self.workers.iter_mut().filter_map(Option::take) {
            if work.task.handed == Handed::Over {
                context.record_because(What::Dropped, &work.task.message, reason);
            }
        }
        self.busy = 0;
        self.life += 1;
        context.set_busy(0);
        context.set_depth(0);
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.down = true;
        context.record_node(What::Crashed);
        self.lose_memory(context, Reason::Crash);
        for link in context.incoming() {
            if context.role(link) == Role::Delivers.number() {
                context.signal(link, Signal::Closed);
            }
        }
        if let Some(delay) = self.settings.restart_after {
            context.wake_after(delay, RESTART, u64::from(self.life));
        }
    }

    #[inline(never)]
    fn restart(&mut self, context: &mut Context<'_>) {
        self.down = false;
        context.record_node(What::Restarted);
        self.workers = vec![None; self.settings.workers as usize];
        self.subscribe(context);
    }
}

impl Behaviour for Service {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.learn(context);
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
        if handed == Handed::Lent && word != u64::from(self.life) {
            // It was meant for a connection that is gone; the queue takes it back.
            return;
        }
        if self.down {
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

    fn signal(&mut self, _: &mut Context<'_>, _: LinkIndex, _: Signal) {}

    #[inline]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            WORK_DONE if (word >> 32) as u32 == self.life => {
                self.end(context, word as u32 as usize);
            }
            RESTART if word as u32 == self.life && self.down => self.restart(context),
            _ => {}
        }
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        self.learn(context);
        let wanted = self.settings.workers as usize;
        if self.workers.len() < wanted {
            self.workers.resize(wanted, None);
        }
        if !self.down {
            self.subscribe(context);
            self.fill_workers(context);
        }
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.down => self.crash(context),
            Fault::Restart if self.down => self.restart(context),
            Fault::Remove => self.lose_memory(context, Reason::Removal),
            _ => {}
        }
    }

    fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
        match self.down {
            true => context.record_node(What::Ignored),
            false => self.hand.operate(context, operation),
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        if !self.down {
            self.subscribe(context);
        }
    }

    fn holdings(&self) -> Holdings {
        let owned = |task: &Task| task.handed == Handed::Over;
        let working = self
            .workers
            .iter()
            .flatten()
            .filter(|work| owned(&work.task))
            .count();
        let waiting = self.inbox.iter().filter(|task| owned(task)).count();
        Holdings {
            waiting: waiting as u64,
            in_flight: working as u64 + self.hand.owned(),
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        self.inbox.len() * size_of::<Task>() + self.workers.len() * size_of::<Option<Work>>()
    }
}
