//! What a database does: it answers requests, as many at once as it has connections.

use std::collections::{BTreeMap, VecDeque};

use super::Settings;
use crate::engine::{
    Answer, Arrival, Behaviour, Context, EventType, Fault, Handed, Holdings, LinkIndex, Message,
    MessageId, Names, Reason, Signal, What,
};
use crate::nodes::shared::consumer::{
    KNOWS, LEARNS, Life, Task, WINDOW_FROM, WRITES, note_started,
};
use crate::nodes::shared::memory::Memory;
use crate::nodes::shared::period::Period;
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Slot, Status, Tone};
use crate::units::{Luck, Purpose, SimDuration, SimTime};

/// A request is answered; the word is the life and the connection.
const ANSWERED: u32 = 0;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 1;

/// A running database.
#[derive(Clone)]
pub struct Database {
    settings: Settings,
    connections: Vec<Option<Query>>,
    busy: usize,
    /// With the words of their callers.
    waiting: VecDeque<(Task, u64)>,
    luck: Option<(Luck, Luck)>,
    life: Life,
    reads: u64,
    writes: u64,
    refused: u64,
    /// The ids of what was done, by the kind of request that says so.
    known: BTreeMap<EventType, Memory>,
}

/// A request that is being answered.
#[derive(Clone, Copy)]
struct Query {
    task: Task,
    word: u64,
    since: SimTime,
    until: SimTime,
}

impl Database {
    /// A database that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            connections: vec![None; settings.connections as usize],
            settings,
            busy: 0,
            waiting: VecDeque::new(),
            luck: None,
            life: Life::default(),
            reads: 0,
            writes: 0,
            refused: 0,
            known: BTreeMap::new(),
        }
    }

    /// The request with this id, if it is answered or waits.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let answered = self.connections.iter().flatten().map(|query| &query.task);
        let waiting = self.waiting.iter().map(|(task, _)| task);
        let mut messages = answered.chain(waiting).map(|task| &task.message);
        messages.find(|message| message.id == id)
    }

    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let slots = self.connections.iter().take(ROW_MOST).map(|query| Slot {
            work: query.map(|query| {
                let whole = query.until.since(query.since).nanos().max(1);
                let gone = now.since(query.since).nanos().min(whole);
                let share = u128::from(gone) * 1000 / u128::from(whole);
                (Capsule::in_hand(&query.task.message), share as u16)
            }),
            tone: Tone::Calm,
        });
        let busy = (self.busy as u64, self.connections.len() as u64);
        let mut parts = vec![Part::slots(busy, slots)];
        Period::show(&self.settings.periods, now, &mut parts);
        if !self.waiting.is_empty() {
            let waiting = self.waiting.iter().take(ROW_MOST);
            parts.push(Part::Row {
                capsules: (waiting.map(|(task, _)| Capsule::in_hand(&task.message))).collect(),
                total: self.waiting.len() as u64,
                room: self.settings.max_waiting.map(u64::from),
            });
        }
        let known = self.known.values().map(|known| known.len() as u64);
        for (label, count, tone) in [
            ("known ids", known.sum(), Tone::Calm),
            ("reads", self.reads, Tone::Calm),
            ("writes", self.writes, Tone::Calm),
            ("refused", self.refused, Tone::Trouble),
        ] {
            if count > 0 {
                parts.push(Part::Text {
                    label: label.to_owned(),
                    text: count.to_string(),
                    tone,
                });
            }
        }
        Picture {
            status: match self.life.down {
                true => Status::Down,
                false => Status::Up,
            },
            parts,
        }
    }

    fn take(&mut self, context: &mut Context<'_>, task: Task, word: u64) {
        let is_free = self.busy < self.settings.connections as usize && self.waiting.is_empty();
        let most = self.settings.max_waiting;
        if is_free {
            return self.begin(context, (task, word), false);
        }
        if most.is_some_and(|most| self.waiting.len() >= most as usize) {
            self.refused += 1;
            context.record_because(What::Refused, &task.message, Reason::Full);
            return answer(context, &task, Answer::Refused);
        }
        context.record(What::Queued, &task.message);
        self.waiting.push_back((task, word));
        context.set_depth(self.waiting.len());
    }

    fn begin(&mut self, context: &mut Context<'_>, (task, word): (Task, u64), waited: bool) {
        let place = self.connections.iter().position(Option::is_none);
        let (Some((luck, _)), Some(connection)) = (self.luck, place) else {
            return;
        };
        let (now, message) = (context.now(), &task.message);
        note_started(context, message, waited);
        let time = match word & WRITES {
            0 => &self.settings.read_time,
            _ => &self.settings.write_time,
        };
        let time = time.sample(luck.attempt(message.root, message.attempt));
        let time = Period::stretched(&self.settings.periods, now, time);
        self.connections[connection] = Some(Query {
            task,
            word,
            since: now,
            until: now.after(time),
        });
        self.busy += 1;
        context.set_busy(self.busy);
        let word = u64::from(self.life.number) << 32 | connection as u64;
        context.wake_after(time, ANSWERED, word);
    }

    fn end(&mut self, context: &mut Context<'_>, connection: usize) {
        let query = self.connections.get_mut(connection).and_then(Option::take);
        let (Some((_, luck)), Some(Query { task, word, .. })) = (self.luck, query) else {
            return;
        };
        self.busy -= 1;
        let message = &task.message;
        let luck = luck.attempt(message.root, message.attempt);
        let in_period = Period::failing(&self.settings.periods, context.now());
        if self.settings.failure_rate.happens(luck.draw(0)) || in_period.happens(luck.draw(1)) {
            context.record(What::Failed, message);
            answer(context, &task, Answer::Failed);
        } else {
            *(if word & WRITES == 0 {
                &mut self.reads
            } else {
                &mut self.writes
            }) += 1;
            let age = context.now().since(message.born);
            context.metrics().age.record(age);
            context.record(What::Finished, message);
            let answers = match self.was_known(context, &task.message, word) {
                true => Answer::Known,
                false => Answer::Done,
            };
            answer(context, &task, answers);
        }
        while self.connections.len() > self.settings.connections as usize
            && self.connections.last().is_some_and(Option::is_none)
        {
            self.connections.pop();
        }
        self.fill(context);
    }

    /// Whether what caused a request was done before, if that is asked. From now on it was, if that
    /// is what the request says.
    fn was_known(&mut self, context: &Context<'_>, request: &Message, word: u64) -> bool {
        if word & (KNOWS | LEARNS) == 0 {
            return false;
        }
        let (id, now) = (request.causation, context.now());
        let window = SimDuration::from_millis(word >> WINDOW_FROM);
        let table = self.known.entry(request.event_type).or_default();
        let known = table.knows(id, now, window);
        if word & LEARNS != 0 {
            table.learn(id, now);
        }
        known
    }

    /// Gives free connections to those who wait.
    fn fill(&mut self, context: &mut Context<'_>) {
        while self.busy < self.settings.connections as usize
            && let Some(next) = self.waiting.pop_front()
        {
            self.begin(context, next, true);
        }
        context.set_depth(self.waiting.len());
        context.set_busy(self.busy);
    }

    fn lose_memory(&mut self, context: &mut Context<'_>, reason: Reason) {
        for (task, _) in std::mem::take(&mut self.waiting) {
            task.lose_waiting(context, reason);
        }
        for query in self.connections.iter_mut().filter_map(Option::take) {
            query.task.lose(context, reason);
        }
        self.busy = 0;
        self.life.number += 1;
        context.set_busy(0);
        context.set_depth(0);
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.life.crash(context);
        self.lose_memory(context, Reason::Crash);
        if !self.settings.durable {
            self.known.clear();
        }
        let after = self.settings.restart_after;
        self.life.plan_restart(context, after, RESTART);
    }
}

/// The request is over, and its caller hears of it.
fn answer(context: &mut Context<'_>, task: &Task, answer: Answer) {
    context.record(What::Done, &task.message);
    if let Some(link) = task.link {
        let message = task.message.id;
        context.answer(link, Signal::Answered { message, answer }, &task.message);
    }
}

impl Behaviour for Database {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        let luck = context.luck();
        let of = |purpose| luck.purpose(purpose);
        self.luck = Some((of(Purpose::ServiceTime), of(Purpose::Failure)));
    }

    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        if arrival.handed != Handed::Over {
            return;
        }
        let mut message = *arrival.message;
        if self.life.down {
            return context.record_because(What::Dropped, &message, Reason::Crash);
        }
        let now = context.now();
        message.since = now;
        message.attempt = message.attempt.saturating_add(1);
        context.metrics().arrivals.count(now);
        context.record(What::Delivered, &message);
        let task = Task {
            link: arrival.link,
            message,
            handed: Handed::Over,
        };
        self.take(context, task, arrival.word);
    }

    fn signal(&mut self, _: &mut Context<'_>, _: LinkIndex, _: Signal) {}

    #[inline(never)]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            ANSWERED if (word >> 32) as u32 == self.life.number => {
                self.end(context, word as u32 as usize);
            }
            RESTART if self.life.wants_restart(word) => self.life.restart(context),
            _ => {}
        }
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        let wanted = self.settings.connections as usize;
        if self.connections.len() < wanted {
            self.connections.resize(wanted, None);
        }
        if !self.life.down {
            self.fill(context);
        }
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.life.down => self.crash(context),
            Fault::Restart if self.life.down => self.life.restart(context),
            Fault::Remove => self.lose_memory(context, Reason::Removal),
            _ => {}
        }
    }

    fn relink(&mut self, _: &mut Context<'_>) {}

    fn holdings(&self) -> Holdings {
        Holdings {
            waiting: self.waiting.len() as u64,
            in_flight: self.busy as u64,
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        let known = self.known.values().map(|known| known.len() * 40);
        known.sum::<usize>()
            + self.waiting.len() * size_of::<Task>()
            + self.connections.len() * size_of::<Query>()
    }
}
