//! Looking at a world without touching it.

use super::world::Site;
use super::{
    Behaviour, Bodies, Entry, Envelope, LinkIndex, Message, Names, NodeIndex, NodeMetrics, Place,
    StopReason, Tally, Trace, Transit, World,
};
use crate::units::{LinkId, NodeId, SimTime};

impl<B: Behaviour> World<B> {
    /// The time.
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.core.seed
    }

    /// Dispatches at the current instant so far.
    pub fn steps_now(&self) -> u32 {
        self.core.steps_now()
    }

    /// Dispatches since the start.
    pub fn steps(&self) -> u64 {
        self.core.steps
    }

    /// The record.
    pub fn trace(&self) -> &Trace {
        &self.core.trace
    }

    /// The record, to say how much of it is kept or to take it out.
    pub fn trace_mut(&mut self) -> &mut Trace {
        &mut self.core.trace
    }

    /// Adds an entry that is about no message.
    pub fn record(&mut self, entry: Entry) {
        self.core.trace.push(entry, None);
    }

    /// Where all messages are.
    pub fn tally(&self) -> Tally {
        self.core.ledger.tally()
    }

    /// The limit that stopped the run.
    pub fn stopped(&self) -> Option<StopReason> {
        self.core.stopped
    }

    /// All nodes that are there, with what they hold and what was measured.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeIndex, NodeId, &B, &NodeMetrics)> {
        let there = self.nodes.iter().enumerate();
        there
            .filter(|(_, site)| !site.core.gone)
            .map(|(index, Site { behaviour, core })| {
                (NodeIndex(index as u16), core.id, behaviour, &core.metrics)
            })
    }

    /// The place of the node with this id.
    pub fn node_index(&self, id: NodeId) -> Option<NodeIndex> {
        let found = self
            .nodes
            .iter()
            .position(|site| site.core.id == id && !site.core.gone);
        found.map(|index| NodeIndex(index as u16))
    }

    /// The id of a node.
    pub fn node_id(&self, index: NodeIndex) -> NodeId {
        self.nodes[usize::from(index.0)].core.id
    }

    /// A node's state.
    pub fn node(&self, index: NodeIndex) -> &B {
        &self.nodes[usize::from(index.0)].behaviour
    }

    /// What was measured at a node.
    pub fn metrics(&self, index: NodeIndex) -> &NodeMetrics {
        &self.nodes[usize::from(index.0)].core.metrics
    }

    /// The place of the link with this id.
    pub fn link_index(&self, id: LinkId) -> Option<LinkIndex> {
        let found = self
            .core
            .links
            .iter()
            .position(|link| link.id == id && !link.gone);
        found.map(|index| LinkIndex(index as u32))
    }

    /// The nodes at the ends of a link: where it comes from, and where it goes.
    pub fn ends(&self, link: LinkIndex) -> (NodeIndex, NodeIndex) {
        let link = &self.core.links[link.0 as usize];
        (link.from, link.to)
    }

    /// The id of a link.
    pub fn link_id(&self, link: LinkIndex) -> LinkId {
        self.core.links[link.0 as usize].id
    }

    /// All that is on its way along links that take time.
    pub fn transits(&self) -> impl Iterator<Item = &Transit> {
        self.core.transits.iter().flatten()
    }

    /// Event types and keys.
    pub fn names(&self) -> &Names {
        &self.core.names
    }

    /// Where bodies come from.
    pub fn bodies(&self) -> &Bodies {
        &self.core.bodies
    }

    /// What a person sees of a message. `source` and `time` come from those who know names and
    /// dates.
    pub fn envelope(&self, message: &Message, source: &str, time: String) -> Envelope {
        let id = |root: u64| format!("{root:016x}");
        Envelope {
            id: id(message.root),
            source: source.to_owned(),
            event_type: self.core.names.type_name(message.event_type).to_owned(),
            time,
            subject: self.core.names.key_text(message.key).to_owned(),
            schema_version: self.core.bodies.schema_version_of(message),
            class: self.core.bodies.class_of(message),
            correlation_id: id(message.correlation),
            causation_id: id(message.causation),
            headers: self.core.bodies.headers_of(message, &self.core.names),
            data: self.core.bodies.body_of(message, &self.core.names),
        }
    }

    /// The node at which an entry's thing happened.
    pub fn node_of(&self, entry: &Entry) -> Option<NodeIndex> {
        match entry.place() {
            Place::Node(id) => self.node_index(id),
            Place::Link(_) => None,
        }
    }

    /// Bytes that a clone of this world takes, roughly, without the kept trace.
    pub fn bytes(&self) -> usize {
        let core = &self.core;
        let of_site = |site: &Site<B>| {
            let metrics = &site.core.metrics;
            site.behaviour.bytes() + metrics.wait.bytes() + metrics.age.bytes()
        };
        let nodes: usize = self.nodes.iter().map(of_site).sum();
        let per_node = size_of::<B>() + size_of::<NodeMetrics>() + 200;
        nodes
            + self.nodes.len() * per_node
            + core.transits.len() * (size_of::<Transit>() + 48)
            + core.agenda.len() * 56
            + core.bodies.len() * 24
    }
}
