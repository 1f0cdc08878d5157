//! What an event store does: one append after the other, and showing what it has.

use std::collections::{BTreeSet, VecDeque};

use super::history::{History, Verdict};
use super::{ANY_LENGTH, Settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Handed, Holdings, Key, LinkIndex, Message, MessageId,
    Names, Reason, Signal, Ticket, What,
};
use crate::nodes::shared::consumer::{Life, note_started};
use crate::nodes::{Capsule, Lane, Part, Picture, ROW_MOST, Role, Status, Tone};
use crate::units::{Luck, Purpose, SimTime};

/// The writer is done.
const WRITTEN: u32 = 0;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 1;

/// Most streams that the card shows.
const LANES_MOST: usize = 6;
/// How many of the latest events are looked at to find the streams that the card shows.
const LATEST_MOST: usize = 500;

/// A running event store.
#[derive(Clone)]
pub struct EventStore {
    settings: Settings,
    history: History,
    /// What the writer is at, and when it will be done.
    writing: Option<(Append, Ticket)>,
    pending: VecDeque<Append>,
    readers: Vec<Reader>,
    luck: Option<Luck>,
    /// How often something was read: each reading meets luck of its own on the way.
    readings: u16,
    life: Life,
}

#[derive(Clone, Copy)]
struct Append {
    event: Message,
    /// The length that the stream must have.
    expected: u64,
    /// Where the answer goes.
    link: Option<LinkIndex>,
}

/// Somebody who catches up.
#[derive(Clone, Copy)]
struct Reader {
    link: LinkIndex,
    /// The position that is shown next.
    next: u64,
    /// All before this position are applied.
    applied: u64,
    credit: u32,
    /// The length that the reader knows of.
    told: u64,
    reading: u16,
}

impl EventStore {
    /// An event store that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            history: History::default(),
            writing: None,
            pending: VecDeque::new(),
            readers: Vec::new(),
            luck: None,
            readings: 0,
            life: Life::default(),
        }
    }

    /// How many events it has.
    pub fn len(&self) -> u64 {
        self.history.len()
    }

    /// Whether it has no event.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its streams, each with how many events it has.
    pub fn streams(&self) -> impl Iterator<Item = (Key, u64)> {
        self.history.streams()
    }

    /// The events of a stream, in order.
    pub fn stream(&self, key: Key) -> impl Iterator<Item = &Message> {
        self.history.read(key, 0)
    }

    /// The event with this id, if it is stored or about to be.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let writing = self.writing.iter().map(|(append, _)| &append.event);
        let pending = self.pending.iter().map(|append| &append.event);
        let mut events = writing.chain(pending).chain(self.history.latest());
        events.find(|message| message.id == id)
    }

    /// What the card shows: the streams that were written last.
    pub fn picture(&self, _now: SimTime, names: &Names) -> Picture {
        let mut shown = BTreeSet::new();
        for event in self.history.latest().take(LATEST_MOST) {
            shown.insert(event.key);
            if shown.len() == LANES_MOST {
                break;
            }
        }
        let lanes = shown.into_iter().map(|key| {
            let total = self.history.length(key);
            let latest = total.saturating_sub(ROW_MOST as u64);
            let events = self.history.read(key, latest);
            Lane {
                label: names.key_text(key).to_owned(),
                capsules: events.map(Capsule::in_hand).collect(),
                total,
                text: String::new(),
            }
        });
        let text = |label: &str, number: u64| Part::Text {
            label: label.to_owned(),
            text: number.to_string(),
            tone: Tone::Calm,
        };
        let mut parts = vec![Part::Lanes(lanes.collect())];
        if self.history.stream_count() > LANES_MOST {
            parts.push(text("streams", self.history.stream_count() as u64));
        }
        parts.push(text("events", self.len()));
        if !self.pending.is_empty() {
            let waiting = self.pending.iter().take(ROW_MOST);
            parts.push(Part::Row {
                capsules: waiting.map(|a| Capsule::in_hand(&a.event)).collect(),
                total: self.pending.len() as u64,
                room: None,
            });
        }
        Picture {
            status: if self.life.down {
                Status::Down
            } else {
                Status::Up
            },
            parts,
        }
    }

    fn write(&mut self, context: &mut Context<'_>, append: Append, waited: bool) {
        let Some(luck) = self.luck else { return };
        let event = &append.event;
        note_started(context, event, waited);
        let luck = luck.attempt(event.root, event.attempt);
        let time = self.settings.append_time.sample(luck);
        let ticket = context.wake_after(time, WRITTEN, 0);
        self.writing = Some((append, ticket));
        context.set_busy(1);
    }

    fn written(&mut self, context: &mut Context<'_>) {
        let Some((append, _)) = self.writing.take() else {
            return;
        };
        context.set_busy(0);
        self.settle(context, append);
        if let Some(next) = self.pending.pop_front() {
            context.set_depth(self.pending.len());
            self.write(context, next, true);
        }
    }

    fn settle(&mut self, context: &mut Context<'_>, append: Append) {
        let event = append.event;
        let message = event.id;
        let answer = match self.history.judge(&event, append.expected) {
            Verdict::Append(revision) => {
                context.record(What::Stored, &event);
                let age = context.now().since(event.born);
                context.metrics().age.record(age);
                self.history.append(event);
                Signal::Appended { message, revision }
            }
            Verdict::Known(revision) => {
                context.record(What::Done, &event);
                Signal::Appended { message, revision }
            }
            Verdict::Conflict(length) => {
                context.record_because(What::Conflicted, &event, Reason::Revision);
                context.record_because(What::Dropped, &event, Reason::Revision);
                Signal::Conflict { message, length }
            }
        };
        if let Some(link) = append.link {
            context.answer(link, answer, &event);
        }
        self.feed_all(context);
    }

    fn show_stream(&mut self, context: &mut Context<'_>, link: LinkIndex, key: Key, from: u64) {
        self.readings = self.readings.wrapping_add(1);
        for (revision, event) in (from..).zip(self.history.read(key, from)) {
            let mut event = *event;
            event.attempt = self.readings;
            context.hand(link, &event, Handed::Shown, revision);
        }
        let length = self.history.length(key);
        context.signal(link, Signal::ReadEnd { key, length });
    }

    fn catch_up(&mut self, link: LinkIndex, from: u64, credit: u32) {
        self.readings = self.readings.wrapping_add(1);
        let reader = Reader {
            link,
            next: from,
            applied: from,
            credit,
            told: 0,
            reading: self.readings,
        };
        match self.readers.iter_mut().find(|known| known.link == link) {
            Some(known) => *known = reader,
            None => self.readers.push(reader),
        }
    }

    fn feed_all(&mut self, context: &mut Context<'_>) {
        for n in 0..self.readers.len() {
            self.feed(context, n);
        }
    }

    /// Shows a reader what its credit allows, and says how much there is if it allows no more.
    fn feed(&mut self, context: &mut Context<'_>, n: usize) {
        let reader = &mut self.readers[n];
        while reader.next < reader.applied.saturating_add(u64::from(reader.credit))
            && let Some(event) = self.history.at(reader.next)
        {
            let mut event = *event;
            event.attempt = reader.reading;
            context.hand(reader.link, &event, Handed::Shown, reader.next);
            reader.next += 1;
            reader.told = reader.told.max(reader.next);
        }
        let length = self.history.len();
        if reader.told < length {
            reader.told = length;
            context.signal(reader.link, Signal::Head { length });
        }
    }

    fn feed_link(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        if let Some(n) = self.readers.iter().position(|reader| reader.link == link) {
            self.feed(context, n);
        }
    }

    /// Loses what was not stored yet.
    fn lose_memory(&mut self, context: &mut Context<'_>, reason: Reason) {
        for append in std::mem::take(&mut self.pending) {
            context.record_waiting(What::Dropped, &append.event, reason);
        }
        if let Some((append, ticket)) = self.writing.take() {
            context.cancel(ticket);
            context.record_because(What::Dropped, &append.event, reason);
        }
        self.life.number += 1;
        context.set_busy(0);
        context.set_depth(0);
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.life.crash(context);
        self.lose_memory(context, Reason::Crash);
        let after = self.settings.restart_after;
        self.life.plan_restart(context, after, RESTART);
    }

    fn restart(&mut self, context: &mut Context<'_>) {
        self.life.restart(context);
        // What readers said meanwhile was not heard: they say it again.
        self.readers.clear();
        for n in 0..context.outgoing_count() {
            context.signal(context.outgoing(n), Signal::Closed);
        }
    }

    fn remove(&mut self, context: &mut Context<'_>) {
        self.lose_memory(context, Reason::Removal);
        for event in std::mem::take(&mut self.history).latest() {
            context.record_stored(What::Dropped, event, Reason::Removal);
        }
    }
}

impl Behaviour for EventStore {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.luck = Some(context.luck().purpose(Purpose::ServiceTime));
    }

    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let mut event = *arrival.message;
        if self.life.down {
            return context.record_because(What::Dropped, &event, Reason::Crash);
        }
        let now = context.now();
        event.since = now;
        context.metrics().arrivals.count(now);
        // Only who appends knows lengths and waits for an answer; others just send.
        let link = arrival
            .link
            .filter(|link| context.role(*link) == Role::Appends.number());
        let append = Append {
            event,
            expected: link.map_or(ANY_LENGTH, |_| arrival.word),
            link,
        };
        if self.writing.is_none() {
            self.write(context, append, false);
        } else {
            context.record(What::Queued, &event);
            self.pending.push_back(append);
            context.set_depth(self.pending.len());
        }
    }

    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        if self.life.down {
            return;
        }
        match signal {
            Signal::ReadStream { key, from } => self.show_stream(context, link, key, from),
            Signal::CatchUp { from, credit } => {
                self.catch_up(link, from, credit);
                self.feed_link(context, link);
            }
            Signal::Applied { position } => {
                // Answers never overtake each other: the latest is true, also after catching up.
                if let Some(reader) = self.readers.iter_mut().find(|r| r.link == link) {
                    reader.applied = position.saturating_add(1);
                }
                self.feed_link(context, link);
            }
            _ => context.record_node(What::Ignored),
        }
    }

    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            WRITTEN => self.written(context),
            RESTART if self.life.wants_restart(word) => self.restart(context),
            _ => {}
        }
    }

    fn configure(&mut self, _: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.life.down => self.crash(context),
            Fault::Restart if self.life.down => self.restart(context),
            Fault::Remove => self.remove(context),
            _ => {}
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        let there: Vec<LinkIndex> = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .collect();
        self.readers.retain(|reader| there.contains(&reader.link));
    }

    fn holdings(&self) -> Holdings {
        Holdings {
            waiting: self.pending.len() as u64,
            in_flight: u64::from(self.writing.is_some()),
            stored: self.history.len(),
        }
    }

    fn bytes(&self) -> usize {
        self.history.bytes() + self.pending.len() * size_of::<Append>()
    }
}
