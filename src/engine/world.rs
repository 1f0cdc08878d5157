//! The running world: nodes, links, what is on its way, and the loop that lets things happen.
//!
//! A *dispatch* is one call of a behaviour: a hand-over of the current instant, or else the next
//! entry of the agenda. Everything is plain data; a clone of the world is a keyframe.

use std::collections::VecDeque;

use super::context::Context;
use super::link::Link;
use super::tally::Ledger;
use super::{
    Agenda, Arrival, Behaviour, Bodies, BodyId, Cargo, Due, Entry, EventType, Fault, Handed,
    Holdings, Key, LinkSettings, Message, MessageId, Names, NodeMetrics, Origin, Place, Reason,
    Trace, Transit, What,
};
use crate::units::{LinkId, Luck, NodeId, Purpose, SimTime};

/// The place of a node in its world. It stays when other nodes are removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub u16);

impl NodeIndex {
    /// Agenda entries for this receiver are arrivals on links.
    pub const LINKS: Self = Self(u16::MAX);
}

/// The place of a link in its world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkIndex(pub u32);

/// What a run may use before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most messages waiting, in flight and stored together.
    pub messages_alive: u64,
    /// Most dispatches without the clock moving on.
    pub steps_in_instant: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_alive: 2_000_000,
            steps_in_instant: 1_000_000,
        }
    }
}

/// The limit that stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// Too many messages at once.
    #[error(
        "the run stopped: more than {0} messages are alive at once; \
         something sends faster than anything receives"
    )]
    MessagesAlive(u64),
    /// The clock does not move.
    #[error(
        "the run stopped: more than {0} steps within one instant; \
         messages go round in a cycle that takes no time"
    )]
    StepsInInstant(u32),
}

/// Dispatches between two looks at the limits.
const LIMITS_EVERY: u64 = 256;

/// How far [`World::advance`] got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// Everything that is due has happened.
    Reached,
    /// The allowed number of dispatches was used up first.
    Paused,
    /// A limit stopped the run for good.
    Stopped(StopReason),
}

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

#[derive(Clone, Copy, Debug)]
pub(super) struct Handover {
    pub(super) to: NodeIndex,
    pub(super) link: Option<LinkIndex>,
    pub(super) cargo: Cargo,
}

/// All of a world but the states of its nodes.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) seed: u64,
    pub(super) now: SimTime,
    pub(super) agenda: Agenda,
    pub(super) instant: VecDeque<Handover>,
    pub(super) nodes: Vec<NodeCore>,
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
    /// Dispatches since the start, and until the current instant.
    pub(super) steps: u64,
    pub(super) steps_before: u64,
}

/// A world in which nodes behave as `B` says.
#[derive(Clone)]
pub struct World<B> {
    pub(super) nodes: Vec<B>,
    pub(super) core: Core,
}

impl<B: Behaviour> World<B> {
    /// An empty world.
    pub fn new(seed: u64, limits: Limits) -> Self {
        let core = Core {
            seed,
            now: SimTime::ZERO,
            agenda: Agenda::default(),
            instant: VecDeque::new(),
            nodes: Vec::new(),
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
            steps: 0,
            steps_before: 0,
        };
        Self {
            nodes: Vec::new(),
            core,
        }
    }

    /// Adds a node. Its draws go by `luck_name`.
    pub fn add_node(&mut self, id: NodeId, luck_name: &str, behaviour: B) -> NodeIndex {
        let luck = Luck::of(self.core.seed, luck_name);
        self.core.nodes.push(NodeCore {
            id,
            gone: false,
            luck,
            identity: luck.purpose(Purpose::Identity),
            emitted: 0,
            outgoing: Vec::new(),
            incoming: Vec::new(),
            metrics: NodeMetrics::default(),
        });
        self.nodes.push(behaviour);
        NodeIndex(self.nodes.len() as u16 - 1)
    }

    /// Adds a link. `role` is what the kinds at its ends agree that it is for.
    pub fn add_link(
        &mut self,
        id: LinkId,
        ends: (NodeIndex, NodeIndex),
        role: u8,
        luck_name: &str,
        settings: LinkSettings,
    ) -> LinkIndex {
        let (from, to) = ends;
        let luck = Luck::of(self.core.seed, luck_name);
        let index = LinkIndex(self.core.links.len() as u32);
        self.core.links.push(Link::new(id, from, to, role, luck));
        self.core.nodes[usize::from(from.0)].outgoing.push(index);
        self.core.nodes[usize::from(to.0)].incoming.push(index);
        self.set_link(index, settings);
        index
    }

    /// Changes the settings of a link.
    pub fn set_link(&mut self, link: LinkIndex, settings: LinkSettings) {
        let types = settings
            .types
            .iter()
            .map(|name| self.core.names.event_type(name))
            .collect();
        self.core.links[link.0 as usize].configure(settings, types);
    }

    /// Lets every node start, in the order in which they were added.
    pub fn start(&mut self) {
        for index in 0..self.nodes.len() as u16 {
            self.start_node(NodeIndex(index));
        }
    }

    /// Lets one node start that was added to a running world.
    pub fn start_node(&mut self, node: NodeIndex) {
        self.call(node, |behaviour, context| behaviour.start(context));
    }

    /// Changes the settings of a node.
    pub fn configure(&mut self, node: NodeIndex, settings: B::Settings) {
        self.call(node, |behaviour, context| {
            behaviour.configure(context, settings)
        });
    }

    /// Tells both ends of a link that it was added, cut, mended or removed.
    pub fn relink(&mut self, link: LinkIndex) {
        let Link { from, to, .. } = self.core.links[link.0 as usize];
        for end in [from, to] {
            self.call(end, |behaviour, context| behaviour.relink(context));
        }
    }

    /// Crashes, restarts or removes a node.
    pub fn suffer(&mut self, node: NodeIndex, fault: Fault) {
        self.call(node, |behaviour, context| behaviour.suffer(context, fault));
        if fault == Fault::Remove {
            let core = &self.core.nodes[usize::from(node.0)];
            let links: Vec<LinkIndex> = core
                .outgoing
                .iter()
                .chain(&core.incoming)
                .copied()
                .collect();
            for link in links {
                self.remove_link(link);
            }
            self.core.nodes[usize::from(node.0)].gone = true;
        }
    }

    /// Removes a link, with what is on its way along it.
    pub fn remove_link(&mut self, link: LinkIndex) {
        if self.core.links[link.0 as usize].gone {
            return;
        }
        self.core.links[link.0 as usize].remove();
        for slot in 0..self.core.transits.len() {
            if self.core.transits[slot].is_some_and(|transit| transit.link == link)
                && let Some(transit) = self.core.transits[slot].take()
            {
                // The slot stays taken until its entry comes, which then finds it empty.
                self.core.lose(link, transit.cargo, Reason::Removal);
            }
        }
        let Link { from, to, .. } = self.core.links[link.0 as usize];
        self.core.nodes[usize::from(from.0)]
            .outgoing
            .retain(|other| *other != link);
        self.core.nodes[usize::from(to.0)]
            .incoming
            .retain(|other| *other != link);
        self.relink(link);
    }

    /// Puts an event into a node by hand, as if it came from outside.
    pub fn inject(
        &mut self,
        node: NodeIndex,
        event_type: &str,
        key: &str,
        body: serde_json::Value,
    ) {
        let event_type = self.core.names.event_type(event_type);
        let key = self.core.names.key(key);
        let body = self.core.bodies.keep(body);
        let root = Luck::of(self.core.seed, "by hand").draw(self.core.by_hand);
        self.core.by_hand += 1;
        let message = self.core.create(node, root, None, event_type, key, body);
        let arrival = Arrival {
            link: None,
            message,
            handed: Handed::Over,
            word: 0,
        };
        self.call(node, |behaviour, context| {
            behaviour.receive(context, &arrival)
        });
    }

    /// Lets everything happen that is due until `until`, which included, in at most `most`
    /// dispatches. If all is done the clock stands at `until`.
    pub fn advance(&mut self, until: SimTime, most: u64) -> Advance {
        let last = self.core.steps.saturating_add(most);
        while self.core.stopped.is_none() {
            if self.core.steps == last {
                return Advance::Paused;
            }
            if !self.dispatch(until) {
                self.move_clock(until);
                return Advance::Reached;
            }
            self.core.steps += 1;
            if self.core.steps.is_multiple_of(LIMITS_EVERY) {
                self.check_limits();
            }
        }
        self.core.stopped.map_or(Advance::Paused, Advance::Stopped)
    }

    #[cold]
    fn check_limits(&mut self) {
        let Limits {
            messages_alive,
            steps_in_instant,
        } = self.core.limits;
        if self.core.ledger.tally().alive() > messages_alive {
            self.core.stopped = Some(StopReason::MessagesAlive(messages_alive));
        } else if self.core.steps_now() > steps_in_instant {
            self.core.stopped = Some(StopReason::StepsInInstant(steps_in_instant));
        }
    }

    /// Moves the clock to a moment before which nothing is due.
    pub fn stand_at(&mut self, at: SimTime) {
        self.move_clock(at);
    }

    /// The clock's next moment at which something is due, if there is one.
    pub fn next_at(&mut self) -> Option<SimTime> {
        if self.core.instant.is_empty() {
            self.core.agenda.next_at()
        } else {
            Some(self.core.now)
        }
    }

    #[inline]
    fn dispatch(&mut self, until: SimTime) -> bool {
        if let Some(handover) = self.core.instant.pop_front() {
            self.hand(handover);
            return true;
        }
        let Some((at, due)) = self.core.agenda.pop_until(until) else {
            return false;
        };
        self.move_clock(at);
        if due.node == NodeIndex::LINKS {
            self.arrive(due.word as usize);
        } else if !self.core.nodes[usize::from(due.node.0)].gone {
            self.call(due.node, |behaviour, context| {
                behaviour.wake(context, due.tag, due.word)
            });
        }
        true
    }

    #[inline]
    fn move_clock(&mut self, at: SimTime) {
        if at > self.core.now {
            if cfg!(debug_assertions) {
                self.assert_conserved();
            }
            self.core.now = at;
            self.core.steps_before = self.core.steps;
        }
    }

    /// Something reaches the end of its link.
    fn arrive(&mut self, slot: usize) {
        let transit = self.core.transits[slot].take();
        self.core.free_transits.push(slot as u32);
        let Some(Transit {
            link,
            backward,
            cargo,
            ..
        }) = transit
        else {
            return;
        };
        let Link { from, to, .. } = self.core.links[link.0 as usize];
        if self.core.links[link.0 as usize].is_up() {
            let to = if backward { from } else { to };
            self.hand(Handover {
                to,
                link: Some(link),
                cargo,
            });
        } else {
            self.core.lose(link, cargo, Reason::Partition);
        }
    }

    #[inline]
    fn hand(&mut self, handover: Handover) {
        let Handover { to, link, cargo } = handover;
        if self.core.nodes[usize::from(to.0)].gone {
            if let Some(link) = link {
                self.core.lose(link, cargo, Reason::Removal);
            }
            return;
        }
        let mut context = Context {
            core: &mut self.core,
            me: to,
        };
        let behaviour = &mut self.nodes[usize::from(to.0)];
        match cargo {
            Cargo::Message(message, handed, word) => {
                let arrival = Arrival {
                    link,
                    message,
                    handed,
                    word,
                };
                behaviour.receive(&mut context, &arrival);
            }
            Cargo::Signal(signal) => {
                if let Some(link) = link {
                    behaviour.signal(&mut context, link, signal);
                }
            }
        }
    }

    #[inline]
    fn call(&mut self, node: NodeIndex, action: impl FnOnce(&mut B, &mut Context<'_>)) {
        if !self.core.nodes[usize::from(node.0)].gone {
            let mut context = Context {
                core: &mut self.core,
                me: node,
            };
            action(&mut self.nodes[usize::from(node.0)], &mut context);
        }
    }

    /// Panics unless every message is in exactly one place: a mistake of a kind of node or of the
    /// engine, never of a scenario.
    pub fn assert_conserved(&self) {
        let mut held = Holdings::default();
        for (behaviour, core) in self.nodes.iter().zip(&self.core.nodes) {
            if !core.gone {
                held += behaviour.holdings();
            }
        }
        let on_links = self
            .core
            .transits
            .iter()
            .flatten()
            .map(|transit| &transit.cargo);
        let in_hand = self.core.instant.iter().map(|handover| &handover.cargo);
        held.in_flight += on_links
            .chain(in_hand)
            .filter(|cargo| matches!(cargo, Cargo::Message(_, Handed::Over, _)))
            .count() as u64;
        let tally = self.core.ledger.tally();
        let counted = Holdings {
            waiting: tally.waiting,
            in_flight: tally.in_flight,
            stored: tally.stored,
        };
        assert!(
            held == counted,
            "messages are not conserved at {} (seed {}): held {held:?}, counted {tally:?}",
            self.core.now,
            self.core.seed,
        );
    }
}

impl Core {
    /// Dispatches at the current instant.
    pub(super) fn steps_now(&self) -> u32 {
        u32::try_from(self.steps - self.steps_before).unwrap_or(u32::MAX)
    }

    /// Makes an event. Without a cause it begins a conversation.
    pub(super) fn create(
        &mut self,
        source: NodeIndex,
        root: u64,
        cause: Option<&Message>,
        event_type: EventType,
        key: Key,
        body: BodyId,
    ) -> Message {
        self.messages += 1;
        let node = &mut self.nodes[usize::from(source.0)];
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
        self.record_message(
            source,
            What::Created,
            &message,
            Reason::None,
            Origin::Flight,
        );
        message
    }

    /// Makes a copy of an event, new in all but its identity.
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
    pub(super) fn record_message(
        &mut self,
        node: NodeIndex,
        what: What,
        message: &Message,
        reason: Reason,
        origin: Origin,
    ) {
        let node = &mut self.nodes[usize::from(node.0)];
        node.metrics.add(what);
        let place = Place::Node(node.id);
        self.record(what, place, message, reason, origin);
    }

    #[inline]
    fn record(
        &mut self,
        what: What,
        place: Place,
        message: &Message,
        reason: Reason,
        origin: Origin,
    ) {
        self.ledger.count(what, origin);
        let entry = Entry::of_message(self.now, what, place, message, reason, origin);
        self.trace.push(entry, Some(message));
    }

    /// Records that a link did not bring what it carried.
    pub(super) fn lose(&mut self, link: LinkIndex, cargo: Cargo, reason: Reason) {
        let place = Place::Link(self.links[link.0 as usize].id);
        match cargo {
            Cargo::Message(message, Handed::Over, _) => {
                self.record(What::Lost, place, &message, reason, Origin::Flight);
            }
            Cargo::Message(message, ..) => {
                self.record(What::HandoverLost, place, &message, reason, Origin::Flight);
            }
            Cargo::Signal(_) => {
                let entry = Entry::of_place(self.now, What::HandoverLost, place, 0);
                self.trace.push(entry, None);
            }
        }
    }

    /// Puts something on its way along a link. `luck` tells this hand-over's draws from others.
    #[inline]
    pub(super) fn carry(
        &mut self,
        index: LinkIndex,
        sender: NodeIndex,
        cargo: Cargo,
        luck: (u64, u16),
    ) {
        let link = &self.links[index.0 as usize];
        let backward = link.from != sender;
        if link.direct_from <= self.now {
            let to = if backward { link.from } else { link.to };
            self.instant.push_back(Handover {
                to,
                link: Some(index),
                cargo,
            });
        } else {
            self.carry_slowly(index, backward, cargo, luck);
        }
    }

    fn carry_slowly(
        &mut self,
        index: LinkIndex,
        backward: bool,
        cargo: Cargo,
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
            self.record(What::Sent, place, &message, Reason::None, Origin::Flight);
        }
        self.plan_arrival(index, backward, cargo, latency_luck.at(0));
        if let Cargo::Message(message, handed, word) = cargo
            && twice
        {
            let mut second = match handed {
                Handed::Over => self.copy(place, What::Duplicated, &message),
                Handed::Lent | Handed::Shown => message,
            };
            second.duplicate = true;
            let cargo = Cargo::Message(second, handed, word);
            self.plan_arrival(index, backward, cargo, latency_luck.at(1));
        }
    }

    fn plan_arrival(&mut self, index: LinkIndex, backward: bool, cargo: Cargo, luck: Luck) {
        let arrives = self.links[index.0 as usize].arrival(self.now, backward, luck);
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
