//! What a projection does: it takes events in the order of the store, and applies each once.

use std::collections::{BTreeMap, VecDeque};

use super::Settings;
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Handed, Holdings, Key, LinkIndex, Message, MessageId,
    Names, Reason, Signal, Ticket, What,
};
use crate::nodes::shared::consumer::Life;
use crate::nodes::shared::rules::{self, State};
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Role, Status, Tone};
use crate::units::{Luck, Purpose, SimTime};

/// The first event of the inbox is applied.
const APPLIED: u32 = 0;
/// Nothing may have come for long.
const ASK: u32 = 1;
/// It restarts by itself; the word is the life.
const RESTART: u32 = 2;

/// Most rows that the card shows.
const ROWS_SHOWN: usize = 6;
/// From so many events behind the card warns.
const FAR_BEHIND: u64 = 10;

/// A running projection.
#[derive(Clone)]
pub struct Projection {
    settings: Settings,
    /// What is read: one row for each key.
    rows: BTreeMap<Key, State>,
    /// The checkpoint: all events before this position are in the rows.
    position: u64,
    /// How many events the store has, as far as the projection heard.
    head: u64,
    /// Events from the checkpoint on, each without a gap to the one before it.
    inbox: VecDeque<Message>,
    /// Events that came before ones that are still missing, by position.
    early: BTreeMap<u64, Message>,
    /// The store that it follows.
    store: Option<LinkIndex>,
    applying: Option<Ticket>,
    asking: Option<Ticket>,
    /// Whether nothing can be lost between the store and here.
    safe: bool,
    /// When something came last that was wanted, or was asked for.
    heard: SimTime,
    /// The gap that was asked about last.
    asked: Option<u64>,
    luck: Option<Luck>,
    life: Life,
}

impl Projection {
    /// A projection that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            rows: BTreeMap::new(),
            position: 0,
            head: 0,
            inbox: VecDeque::new(),
            early: BTreeMap::new(),
            store: None,
            applying: None,
            asking: None,
            safe: false,
            heard: SimTime::ZERO,
            asked: None,
            luck: None,
            life: Life::default(),
        }
    }

    /// What can be read, by key.
    pub fn rows(&self) -> &BTreeMap<Key, State> {
        &self.rows
    }

    /// The checkpoint: how many events are in the rows.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// How many events it knows of that are not in the rows yet.
    pub fn behind(&self) -> u64 {
        self.head.saturating_sub(self.position)
    }

    /// The event with this id, if it was read and not applied.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let mut known = self.inbox.iter().chain(self.early.values());
        known.find(|message| message.id == id)
    }

    /// What the card shows.
    pub fn picture(&self, _now: SimTime, names: &Names) -> Picture {
        let mut parts = Vec::new();
        for (key, row) in self.rows.iter().take(ROWS_SHOWN) {
            let fields: Vec<String> = row
                .iter()
                .map(|(field, value)| match value.as_str() {
                    Some(text) => format!("{field} {text}"),
                    None => format!("{field} {value}"),
                })
                .collect();
            parts.push(text(names.key_text(*key), fields.join(", "), Tone::Calm));
        }
        if self.rows.len() > ROWS_SHOWN {
            parts.push(text("rows", self.rows.len().to_string(), Tone::Calm));
        }
        if !self.inbox.is_empty() {
            parts.push(Part::Row {
                capsules: self
                    .inbox
                    .iter()
                    .take(ROW_MOST)
                    .map(Capsule::in_hand)
                    .collect(),
                total: self.behind(),
                room: None,
            });
        }
        parts.push(text("position", self.position.to_string(), Tone::Calm));
        parts.push(match self.behind() {
            0 => text("behind", "up to date".to_owned(), Tone::Calm),
            1 => text("behind", "1 event behind".to_owned(), Tone::Calm),
            many => {
                let tone = if many >= FAR_BEHIND {
                    Tone::Warning
                } else {
                    Tone::Calm
                };
                text("behind", format!("{many} events behind"), tone)
            }
        });
        Picture {
            status: if self.life.down {
                Status::Down
            } else {
                Status::Up
            },
            parts,
        }
    }

    /// The position of the first event that it does not have yet.
    fn wanted(&self) -> u64 {
        self.position + self.inbox.len() as u64
    }

    fn note_head(&mut self, context: &mut Context<'_>, length: u64) {
        self.head = self.head.max(length);
        context.set_depth(self.behind() as usize);
    }

    /// Asks the store for all that is still wanted.
    fn catch_up(&mut self, context: &mut Context<'_>) {
        self.heard = context.now();
        if let Some(link) = self.store {
            let signal = Signal::CatchUp {
                from: self.wanted(),
                credit: self.settings.read_ahead,
            };
            context.signal(link, signal);
        }
    }

    /// Follows the first store that is linked to it. Asks what it may have missed.
    fn follow(&mut self, context: &mut Context<'_>) {
        let store = context
            .incoming()
            .into_iter()
            .find(|link| context.role(*link) == Role::Feeds.number());
        let missed = store != self.store || !self.safe;
        self.store = store;
        self.safe = store.is_some_and(|link| !context.may_lose(link));
        if missed {
            self.catch_up(context);
        }
        self.plan_asking(context);
    }

    /// Only where something can be lost it has to ask: elsewhere silence means that nothing is new.
    fn plan_asking(&mut self, context: &mut Context<'_>) {
        if let Some(ticket) = self.asking.take() {
            context.cancel(ticket);
        }
        if self.store.is_some_and(|link| context.is_up(link)) && !self.safe {
            let at = self.heard.after(self.settings.ask_again);
            self.asking = Some(context.wake_at(at, ASK, 0));
        }
    }

    fn ask_if_quiet(&mut self, context: &mut Context<'_>) {
        self.asking = None;
        if !self.inbox.is_empty() {
            self.heard = context.now();
        } else if context.now().since(self.heard) >= self.settings.ask_again {
            context.record_node(What::Asked);
            self.catch_up(context);
        }
        self.plan_asking(context);
    }

    /// Takes what came into the inbox as far as there is no gap, and asks about the gap.
    fn take_in(&mut self, context: &mut Context<'_>) {
        while let Some(event) = self.early.remove(&self.wanted()) {
            self.heard = context.now();
            self.inbox.push_back(event);
        }
        let wanted = self.wanted();
        if !self.early.is_empty() && self.asked != Some(wanted) {
            self.catch_up(context);
            self.asked = Some(wanted);
        }
        self.begin(context);
    }

    fn begin(&mut self, context: &mut Context<'_>) {
        let (Some(luck), Some(event), None) = (self.luck, self.inbox.front(), self.applying) else {
            return;
        };
        let waited = context.now().since(event.since);
        context.metrics().wait.record(waited);
        let time = self.settings.apply_time.sample(luck.at(event.root));
        self.applying = Some(context.wake_after(time, APPLIED, 0));
        context.set_busy(1);
    }

    fn apply(&mut self, context: &mut Context<'_>) {
        self.applying = None;
        context.set_busy(0);
        let Some(event) = self.inbox.pop_front() else {
            return;
        };
        let position = self.position;
        self.position += 1;
        // What the link does not take, or no fold is for, is stepped over.
        let taken = self
            .store
            .is_none_or(|link| context.takes(link, event.event_type));
        let folds = &self.settings.folds;
        if taken && rules::concerns(folds, &event, context) {
            let row = self.rows.entry(event.key).or_default();
            rules::fold_into(row, folds, &event, context);
        }
        context.record(What::Applied, &event);
        let age = context.now().since(event.born);
        context.metrics().age.record(age);
        if let Some(link) = self.store {
            context.answer(link, Signal::Applied { position }, &event);
        }
        context.set_depth(self.behind() as usize);
        self.begin(context);
    }

    /// Forgets what is not in the rows yet.
    fn forget_inbox(&mut self, context: &mut Context<'_>) {
        self.inbox.clear();
        self.early.clear();
        self.asked = None;
        if let Some(ticket) = self.applying.take() {
            context.cancel(ticket);
        }
        context.set_busy(0);
        context.set_depth(self.behind() as usize);
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.life.crash(context);
        self.life.number += 1;
        self.forget_inbox(context);
        if let Some(ticket) = self.asking.take() {
            context.cancel(ticket);
        }
        let after = self.settings.restart_after;
        self.life.plan_restart(context, after, RESTART);
    }

    fn restart(&mut self, context: &mut Context<'_>) {
        self.life.restart(context);
        self.safe = false;
        self.follow(context);
    }
}

fn text(label: &str, text: String, tone: Tone) -> Part {
    Part::Text {
        label: label.to_owned(),
        text,
        tone,
    }
}

impl Behaviour for Projection {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.luck = Some(context.luck().purpose(Purpose::ServiceTime));
        self.follow(context);
    }

    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let Arrival {
            link,
            message: &(mut message),
            handed,
            word,
        } = *arrival;
        if handed != Handed::Shown {
            return context.record_because(What::Dropped, &message, Reason::Unknown);
        }
        if link != self.store {
            return;
        }
        // How far behind it is grows also while it is down.
        self.note_head(context, word.saturating_add(1));
        if self.life.down {
            return;
        }
        if word < self.wanted() || self.early.contains_key(&word) {
            return context.record(What::Ignored, &message);
        }
        let now = context.now();
        message.since = now;
        context.metrics().arrivals.count(now);
        if word == self.wanted() || self.early.len() < self.settings.read_ahead as usize {
            self.early.insert(word, message);
        }
        self.take_in(context);
    }

    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        if self.store != Some(link) {
            return;
        }
        match signal {
            Signal::Head { length } => self.note_head(context, length),
            Signal::Closed if !self.life.down => self.catch_up(context),
            _ => {}
        }
    }

    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            APPLIED => self.apply(context),
            ASK => self.ask_if_quiet(context),
            RESTART if self.life.wants_restart(word) => self.restart(context),
            _ => {}
        }
    }

    /// Other folds make other rows: they begin anew, from the first event.
    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        let rebuild = settings.folds != self.settings.folds;
        let resubscribe = rebuild || settings.read_ahead != self.settings.read_ahead;
        self.settings = settings;
        if rebuild {
            self.rows.clear();
            self.position = 0;
            self.forget_inbox(context);
        }
        if !self.life.down {
            if resubscribe {
                self.catch_up(context);
            }
            self.plan_asking(context);
        }
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.life.down => self.crash(context),
            Fault::Restart if self.life.down => self.restart(context),
            Fault::Remove => self.forget_inbox(context),
            _ => {}
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        if !self.life.down {
            self.follow(context);
        }
    }

    fn holdings(&self) -> Holdings {
        Holdings::default()
    }

    fn bytes(&self) -> usize {
        (self.inbox.len() + self.early.len()) * size_of::<Message>() + self.rows.len() * 200
    }
}
