//! The running world: nodes, links, what is on its way, and the loop that lets things happen.
//!
//! A *dispatch* is one call of a behaviour: a hand-over of the current instant, or else the next
//! entry of the agenda. Everything is plain data; a clone of the world is a keyframe.

use super::context::Context;
use super::core::{Core, NodeCore};
use super::handovers::{Handover, Handovers, Load};
use super::link::Link;
use super::{
    Arrival, Behaviour, CONFIRM, Cargo, Fault, Handed, Holdings, LinkSettings, Operation, Reason,
    Transit,
};
use crate::units::{LinkId, Luck, NodeId, SimTime};

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

/// A node: its state, and what the engine knows of it.
#[derive(Clone)]
pub(super) struct Site<B> {
    pub(super) behaviour: B,
    pub(super) core: NodeCore,
}

/// A world in which nodes behave as `B` says.
#[derive(Clone)]
pub struct World<B> {
    pub(super) nodes: Vec<Site<B>>,
    pub(super) instant: Handovers,
    pub(super) core: Core,
}

impl<B: Behaviour> World<B> {
    /// An empty world.
    pub fn new(seed: u64, limits: Limits) -> Self {
        Self {
            nodes: Vec::new(),
            instant: Handovers::default(),
            core: Core::new(seed, limits),
        }
    }

    /// Adds a node. Its draws go by `luck_name`.
    pub fn add_node(&mut self, id: NodeId, luck_name: &str, behaviour: B) -> NodeIndex {
        let luck = Luck::of(self.core.seed, luck_name);
        let core = NodeCore::new(id, luck);
        self.core.ids.push(id);
        self.nodes.push(Site { behaviour, core });
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
        self.nodes[usize::from(from.0)].core.outgoing.push(index);
        self.nodes[usize::from(to.0)].core.incoming.push(index);
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

    /// Changes what a link is for.
    pub fn set_role(&mut self, link: LinkIndex, role: u8) {
        self.core.links[link.0 as usize].role = role;
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
            let core = &mut self.nodes[usize::from(node.0)].core;
            let links: Vec<LinkIndex> = core
                .outgoing
                .iter()
                .chain(&core.incoming)
                .copied()
                .collect();
            for link in links {
                self.remove_link(link);
            }
            self.nodes[usize::from(node.0)].core.gone = true;
        }
    }

    /// Lets a person do something by hand with what a node has.
    pub fn operate(&mut self, node: NodeIndex, operation: Operation) {
        self.call(node, |behaviour, context| {
            behaviour.operate(context, operation)
        });
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
                self.core.lose(link, &transit.cargo, Reason::Removal);
            }
        }
        let Link { from, to, .. } = self.core.links[link.0 as usize];
        self.nodes[usize::from(from.0)]
            .core
            .outgoing
            .retain(|other| *other != link);
        self.nodes[usize::from(to.0)]
            .core
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
        headers: serde_json::Map<String, serde_json::Value>,
    ) {
        let event_type = self.core.names.event_type(event_type);
        let key = self.core.names.key(key);
        let body = self.core.bodies.keep(body);
        let body = self.core.bodies.with_headers(body, headers);
        let root = Luck::of(self.core.seed, "by hand").draw(self.core.by_hand);
        self.core.by_hand += 1;
        let source = &mut self.nodes[usize::from(node.0)].core;
        let message = self
            .core
            .create((source, node), root, None, event_type, key, body);
        let arrival = Arrival {
            link: None,
            message: &message,
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
        loop {
            if let Some(reason) = self.core.stopped {
                return Advance::Stopped(reason);
            }
            if self.core.steps == last {
                return Advance::Paused;
            }
            let look = (self.core.steps / LIMITS_EVERY + 1).saturating_mul(LIMITS_EVERY);
            if !self.dispatch_all(until, look.min(last)) {
                self.move_clock(until);
                return Advance::Reached;
            }
            if self.core.steps == look {
                self.check_limits();
            }
        }
    }

    /// Dispatches until the number of dispatches is `last`; `false` if there are not so many.
    fn dispatch_all(&mut self, until: SimTime, last: u64) -> bool {
        while self.core.steps < last {
            if !self.dispatch(until) {
                return false;
            }
            self.core.steps += 1;
        }
        true
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
        if self.in_hand().next().is_none() {
            self.core.agenda.next_at()
        } else {
            Some(self.core.now)
        }
    }

    #[inline(always)]
    fn dispatch(&mut self, until: SimTime) -> bool {
        if !self.instant.refill(&mut self.core.coming) {
            let Some((at, due)) = self.core.agenda.pop_until(until) else {
                return false;
            };
            self.move_clock(at);
            if due.node != NodeIndex::LINKS {
                self.call(due.node, |behaviour, context| {
                    behaviour.wake(context, due.tag, due.word)
                });
                return true;
            }
            match self.arrive(due.word as usize) {
                Some((to, link, cargo)) => self.instant.put(to, link, &cargo),
                None => return true,
            }
        }
        self.hand_next();
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

    /// Something reaches the end of its link, if it gets through.
    fn arrive(&mut self, slot: usize) -> Option<(NodeIndex, LinkIndex, Cargo)> {
        let transit = self.core.transits[slot].take();
        self.core.free_transits.push(slot as u32);
        let Transit {
            link,
            backward,
            cargo,
            ..
        } = transit?;
        let there = &self.core.links[link.0 as usize];
        if !there.is_up() {
            self.core.lose(link, &cargo, Reason::Partition);
            return None;
        }
        let to = if backward { there.from } else { there.to };
        Some((to, link, cargo))
    }

    /// Hands over what is next in the current instant.
    #[inline(always)]
    fn hand_next(&mut self) {
        let Some(handover) = self.instant.next() else {
            return;
        };
        let Handover { to, link, load, .. } = handover;
        let site = &mut self.nodes[usize::from(to.0)];
        if site.core.gone {
            return self.core.lose(*link, &handover.cargo(), Reason::Removal);
        }
        let mut context = Context {
            core: &mut self.core,
            node: &mut site.core,
            me: *to,
        };
        match load {
            Load::Message(handed, word) => {
                let arrival = Arrival {
                    link: Some(*link),
                    message: &handover.message,
                    handed: *handed,
                    word: *word,
                };
                if *word & CONFIRM == 0 {
                    site.behaviour.receive(&mut context, &arrival);
                } else {
                    receive_confirming(&mut site.behaviour, &mut context, &arrival);
                }
            }
            Load::Signal(signal) => site.behaviour.signal(&mut context, *link, *signal),
        }
    }

    #[inline(always)]
    fn call(&mut self, node: NodeIndex, action: impl FnOnce(&mut B, &mut Context<'_>)) {
        let site = &mut self.nodes[usize::from(node.0)];
        if !site.core.gone {
            let mut context = Context {
                core: &mut self.core,
                node: &mut site.core,
                me: node,
            };
            action(&mut site.behaviour, &mut context);
        }
    }

    /// Lets a test act for a node.
    #[cfg(test)]
    pub fn act_for(&mut self, node: NodeIndex, action: impl FnOnce(&mut Context<'_>)) {
        self.call(node, |_, context| action(context));
    }

    /// What is still to be handed over in the current instant.
    fn in_hand(&self) -> impl Iterator<Item = &Handover> {
        let coming = self.core.coming.waiting();
        self.instant.waiting().iter().chain(coming)
    }

    /// Panics unless every message is in exactly one place: a mistake of a kind of node or of the
    /// engine, never of a scenario.
    pub fn assert_conserved(&self) {
        let mut held = Holdings::default();
        for site in &self.nodes {
            if !site.core.gone {
                held += site.behaviour.holdings();
            }
        }
        let transits = self.core.transits.iter().flatten();
        let on_links = transits.map(|transit| transit.cargo);
        let in_hand = self.in_hand().map(Handover::cargo);
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

/// Lets a node receive a message, and tells its sender whether it was taken, unless the node does
/// so later. As RabbitMQ: what leads nowhere counts as taken, what finds no room does not, and a
/// node that is down says nothing.
#[inline(never)]
fn receive_confirming<B: Behaviour>(
    behaviour: &mut B,
    context: &mut Context<'_>,
    arrival: &Arrival<'_>,
) {
    context.core.confirming = Some((arrival.message.id, None));
    behaviour.receive_asked(context, arrival);
    let Some((_, fate)) = context.core.confirming.take() else {
        return;
    };
    let taken = match fate {
        Some(Reason::Crash | Reason::Removal) => return,
        Some(
            Reason::Full
            | Reason::Rule
            | Reason::Rejected
            | Reason::TooFast
            | Reason::NoKey
            | Reason::Fenced,
        ) => false,
        _ => true,
    };
    if let Some(link) = arrival.link {
        context.confirm(link, arrival.message, arrival.word, taken);
    }
}
