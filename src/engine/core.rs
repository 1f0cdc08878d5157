//! What a running world has besides the states of its nodes, and what can be done with it.

use std::any::Any;
use std::sync::Arc;

use super::handovers::{Handovers, Load};
use super::link::Link;
use super::tally::Ledger;
use super::trace::Happening;
use super::world::{Limits, LinkIndex, NodeIndex, StopReason};
use super::{
    Agenda, Bodies, BodyId, CONFIRM, Cargo, Due, Entry, EventType, Handed, Key, Message, MessageId,
    Names, NodeMetrics, Origin, Place, Reason, Signal, Trace, Transit, What,
};
use crate::units::{Luck, NodeId, Purpose, Rate, SimTime};

/// Bytes of what goes with a body: ids, type, key and time, as in CloudEvents over HTTP.
const ENVELOPE_BYTES: usize = 250;
/// Bytes of an answer.
const ANSWER_BYTES: usize = 50;

/// What the engine knows of a node.
#[derive(Clone, Debug)]
pub(super) struct NodeCore {
    pub(super) id: NodeId,
    pub(super) gone: bool,
    pub(super) luck: Luck,
    pub(super) identity: Luck,
    pub(super) emitted: u32,
    pub(super) outgoing: Vec<LinkIndex>,
    pub(super) incoming: Vec<LinkIndex>,
    pub(super) metrics: NodeMetrics,
}

/// All of a world but the states of its nodes.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) seed: u64,
    pub(super) now: SimTime,
    pub(super) agenda: Agenda,
    /// What was sent while the current hand-overs went on.
    pub(super) coming: Handovers,
    pub(super) links: Vec<Link>,
    pub(super) transits: Vec<Option<Transit>>,
    pub(super) free_transits: Vec<u32>,
    pub(super) trace: Trace,
    pub(super) ledger: Ledger,
    pub(super) names: Names,
    pub(super) bodies: Bodies,
    pub(super) limits: Limits,
    pub(super) stopped: Option<StopReason>,
    pub(super) messages: u64,
    pub(super) by_hand: u64,
    /// The message whose sender wants to know what becomes of it, while it is received, and why it
    /// was given up.
    pub(super) confirming: Option<(MessageId, Option<Reason>)>,
    /// The ids of the nodes, by their places.
    pub(super) ids: Vec<NodeId>,
    /// What nodes have hung out for others to read, by the place of the node.
    pub(super) posted: Vec<Option<Arc<dyn Any + Send + Sync>>>,
    /// Dispatches since the start, and until the current instant.
    pub(super) steps: u64,
    pub(super) steps_before: u64,
}

impl NodeCore {
    pub(super) fn new(id: NodeId, luck: Luck) -> Self {
        Self {
            id,
            gone: false,
            luck,
            identity: luck.purpose(Purpose::Identity),
            emitted: 0,
            outgoing: Vec::new(),
            incoming: Vec::new(),
            metrics: NodeMetrics::default(),
        }
    }
}

impl Core {
    pub(super) fn new(seed: u64, limits: Limits) -> Self {
        Self {
            seed,
            now: SimTime::ZERO,
            agenda: Agenda::default(),
            coming: Handovers::default(),
            links: Vec::new(),
            transits: Vec::new(),
            free_transits: Vec::new(),
            trace: Trace::default(),
            ledger: Ledger::default(),
            names: Names::default(),
            bodies: Bodies::default(),
            limits,
            stopped: None,
            messages: 0,
            by_hand: 0,
            confirming: None,
            ids: Vec::new(),
            posted: Vec::new(),
            steps: 0,
            steps_before: 0,
        }
    }

    /// Dispatches at the current instant.
    pub(super) fn steps_now(&self) -> u32 {
        u32::try_from(self.steps - self.steps_before).unwrap_or(u32::MAX)
    }

    /// Makes an event. Without a cause it begins a conversation.
    #[inline]
    pub(super) fn create(
        &mut self,
        (node, source): (&mut NodeCore, NodeIndex),
        root: u64,
        cause: Option<&Message>,
        event_type: EventType,
        key: Key,
        body: BodyId,
    ) -> Message {
        self.messages += 1;
        node.emitted += 1;
        let (body_root, body_sequence) = match cause {
            Some(cause) if cause.body == body => (cause.body_root, cause.body_sequence),
            _ => (root, node.emitted),
        };
        let message = Message {
            id: MessageId(self.messages),
            root,
            correlation: cause.map_or(root, |cause| cause.correlation),
            causation: cause.map_or(root, |cause| cause.root),
            born: self.now,
            since: self.now,
            body,
            body_sequence,
            body_root,
            key,
            source,
            sequence: node.emitted,
            event_type,
            attempt: 0,
            duplicate: false,
            dead: false,
        };
        self.record_message(node, What::Created, &message, Reason::None, Origin::Flight);
        message
    }

    /// Makes a copy of an event, new in all but its identity.
    #[inline]
    pub(super) fn copy(&mut self, at: Place, what: What, original: &Message) -> Message {
        self.messages += 1;
        let copy = Message {
            id: MessageId(self.messages),
            since: self.now,
            ..*original
        };
        self.record(what, at, &copy, Reason::None, Origin::Flight);
        copy
    }

    /// Records what happened to a message at a node.
    #[inline(always)]
    pub(super) fn record_message(
        &mut self,
        node: &mut NodeCore,
        what: What,
        message: &Message,
        reason: Reason,
        origin: Origin,
    ) {
        node.metrics.add(what);
        let place = Place::Node(node.id);
        self.record(what, place, message, reason, origin);
    }

    #[inline(always)]
    fn record(
        &mut self,
        what: What,
        place: Place,
        message: &Message,
        reason: Reason,
        origin: Origin,
    ) {
        self.ledger.count(what, origin);
        let happening = Happening {
            what,
            place,
            reason,
            origin,
        };
        self.trace.push_message(self.now, happening, message);
    }

    /// Records that a link did not bring what it carried.
    pub(super) fn lose(&mut self, link: LinkIndex, cargo: &Cargo, reason: Reason) {
        let place = Place::Link(self.links[link.0 as usize].id);
        match cargo {
            Cargo::Message(message, Handed::Over, _) => {
                self.record(What::Lost, place, message, reason, Origin::Flight);
            }
            Cargo::Message(message, ..) => {
                self.record(What::HandoverLost, place, message, reason, Origin::Flight);
            }
            Cargo::Signal(_) => {
                let entry = Entry::of_place(self.now, What::HandoverLost, place, 0);
                self.trace.push(entry, None);
            }
        }
    }

    /// Remembers why a message was given up, if somebody wants to know.
    #[inline(never)]
    pub(super) fn note_fate(&mut self, message: MessageId, reason: Reason) {
        if let Some((asked, fate)) = &mut self.confirming
            && *asked == message
        {
            fate.get_or_insert(reason);
        }
    }

    /// Puts a message on its way along a link.
    #[inline(always)]
    pub(super) fn carry(
        &mut self,
        index: LinkIndex,
        sender: NodeIndex,
        message: &Message,
        handed: Handed,
        word: u64,
    ) {
        let link = &self.links[index.0 as usize];
        let backward = link.from != sender;
        if link.direct_from <= self.now {
            let slot = self.coming.room();
            slot.to = if backward { link.from } else { link.to };
            slot.link = index;
            slot.load = Load::Message(handed, word);
            message.copy_to(&mut slot.message);
        } else {
            self.carry_slowly(index, backward, message, handed, word);
        }
    }

    /// Gives a copy away along a link. It is made where it is handed over, if that is at once.
    #[inline(always)]
    pub(super) fn carry_copy(
        &mut self,
        index: LinkIndex,
        sender: NodeIndex,
        place: Place,
        original: &Message,
    ) {
        let what = What::Copied;
        let link = &self.links[index.0 as usize];
        if link.direct_from > self.now {
            let copy = self.copy(place, what, original);
            return self.carry(index, sender, &copy, Handed::Over, 0);
        }
        self.messages += 1;
        let slot = self.coming.room();
        slot.to = if link.from == sender {
            link.to
        } else {
            link.from
        };
        slot.link = index;
        slot.load = Load::Message(Handed::Over, 0);
        let copy = &mut slot.message;
        original.copy_to(copy);
        copy.id = MessageId(self.messages);
        copy.since = self.now;
        let happening = Happening {
            what,
            place,
            reason: Reason::None,
            origin: Origin::Flight,
        };
        self.ledger.count(what, happening.origin);
        self.trace.push_message(self.now, happening, copy);
    }

    /// Puts a signal on its way along a link. `luck` tells this one's draws from others.
    #[inline(always)]
    pub(super) fn carry_signal(
        &mut self,
        index: LinkIndex,
        sender: NodeIndex,
        signal: Signal,
        luck: (u64, u16),
    ) {
        let link = &self.links[index.0 as usize];
        let backward = link.from != sender;
        if link.direct_from <= self.now {
            let slot = self.coming.room();
            slot.to = if backward { link.from } else { link.to };
            slot.link = index;
            slot.load = Load::Signal(signal);
        } else {
            self.carry_cargo(index, backward, &Cargo::Signal(signal), luck);
        }
    }

    #[inline(never)]
    fn carry_slowly(
        &mut self,
        index: LinkIndex,
        backward: bool,
        message: &Message,
        handed: Handed,
        word: u64,
    ) {
        let cargo = Cargo::Message(*message, handed, word);
        // What is sent once more meets luck of its own.
        let tries = if word & CONFIRM == 0 { 0 } else { word as u16 };
        let attempt = message.attempt.wrapping_add(tries.wrapping_mul(256));
        let luck = (message.root, attempt);
        self.carry_cargo(index, backward, &cargo, luck);
    }

    #[inline(never)]
    fn carry_cargo(
        &mut self,
        index: LinkIndex,
        backward: bool,
        cargo: &Cargo,
        (root, attempt): (u64, u16),
    ) {
        let link = &self.links[index.0 as usize];
        if !link.is_up() {
            return self.lose(index, cargo, Reason::Partition);
        }
        // Answers draw from the other half, so that they do not share the fate of the message.
        let (root, attempt) = if backward {
            (!root, attempt)
        } else {
            (root, attempt)
        };
        let repeated = matches!(cargo, Cargo::Signal(signal) if signal.is_connection());
        let loss_luck = link.loss_luck.attempt(root, attempt);
        if !repeated && link.settings.loss.happens(loss_luck.draw(0)) {
            return self.lose(index, cargo, Reason::Loss);
        }
        let latency_luck = link.latency_luck.attempt(root, attempt);
        let twice = link
            .settings
            .duplication
            .happens(link.duplication_luck.attempt(root, attempt).draw(0));
        let place = Place::Link(link.id);
        if let Cargo::Message(message, ..) = cargo {
            self.record(What::Sent, place, message, Reason::None, Origin::Flight);
        }
        self.plan_arrival(index, backward, *cargo, latency_luck.at(0));
        if let Cargo::Message(message, handed, word) = cargo
            && twice
        {
            let mut second = match handed {
                Handed::Over => self.copy(place, What::Duplicated, message),
                Handed::Lent | Handed::Shown => *message,
            };
            second.duplicate = true;
            let cargo = Cargo::Message(second, *handed, *word);
            self.plan_arrival(index, backward, cargo, latency_luck.at(1));
        }
    }

    /// How large something is on the way: its envelope, and the body as JSON.
    fn bytes_of(&self, cargo: &Cargo) -> usize {
        match cargo {
            Cargo::Message(message, ..) => {
                let body = self.bodies.body_of(message, &self.names);
                ENVELOPE_BYTES + body.to_string().len()
            }
            Cargo::Signal(_) => ANSWER_BYTES,
        }
    }

    fn plan_arrival(&mut self, index: LinkIndex, backward: bool, cargo: Cargo, luck: Luck) {
        let mut departs = self.now;
        if self.links[index.0 as usize].settings.bandwidth != Rate::ZERO {
            let bytes = self.bytes_of(&cargo);
            departs = self.links[index.0 as usize].departure(self.now, backward, bytes);
        }
        let arrives = self.links[index.0 as usize].arrival(departs, backward, luck);
        let transit = Transit {
            link: index,
            backward,
            cargo,
            departed: self.now,
            arrives,
        };
        let slot = self.free_transits.pop().unwrap_or_else(|| {
            self.transits.push(None);
            self.transits.len() as u32 - 1
        });
        self.transits[slot as usize] = Some(transit);
        let due = Due {
            node: NodeIndex::LINKS,
            tag: 0,
            word: u64::from(slot),
        };
        self.agenda.plan(arrives, due);
    }
}
