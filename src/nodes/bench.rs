//! A bench for tests of kinds: a small world that is put together by hand, and read as text.

use serde_json::{Value, json};

use super::{Kind, Node, Part, Role, Settings};
use crate::engine::{
    Advance, Entry, Fault, Limits, LinkIndex, LinkSettings, Message, NodeIndex, NodeMetrics, Tally,
    What, World,
};
use crate::units::{LinkId, NodeId, SimDuration, SimTime};

/// A world of a few nodes. It starts when it is run for the first time.
pub struct Bench {
    pub world: World<Node>,
    seen: Vec<(Entry, Message)>,
    next_id: u32,
    started: bool,
}

impl Bench {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let mut world = World::new(seed, Limits::default());
        world.trace_mut().observe();
        Self {
            world,
            seen: Vec::new(),
            next_id: 1,
            started: false,
        }
    }

    /// Adds a node; `settings` are those that differ from the defaults.
    pub fn node(&mut self, kind: Kind, settings: Value) -> NodeIndex {
        let settings = Settings::from_json(kind, &settings)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", kind.name()));
        let id = self.next_id;
        self.next_id += 1;
        let node = Node::new(settings);
        self.world.add_node(NodeId(id), &format!("node {id}"), node)
    }

    /// Adds a producer of what is listed: time, event type.
    pub fn events(&mut self, events: &[(&str, &str)]) -> NodeIndex {
        let keyed: Vec<_> = events
            .iter()
            .map(|(at, event)| (*at, *event, "", json!({})))
            .collect();
        self.keyed(&keyed)
    }

    /// Adds a producer of what is listed: time, event type, key, body.
    pub fn keyed(&mut self, events: &[(&str, &str, &str, Value)]) -> NodeIndex {
        let schedule: Vec<Value> = events
            .iter()
            .map(|(at, event, key, body)| {
                json!({ "at": at, "event": event, "key": key, "body": body })
            })
            .collect();
        let settings = json!({ "pace": "by_hand", "schedule": schedule });
        self.node(Kind::Producer, settings)
    }

    /// Links two nodes without delay or fault.
    pub fn link(&mut self, from: NodeIndex, to: NodeIndex) -> LinkIndex {
        self.slow_link(from, to, json!({}))
    }

    /// Links two nodes.
    pub fn slow_link(&mut self, from: NodeIndex, to: NodeIndex, settings: Value) -> LinkIndex {
        let settings: LinkSettings = serde_json::from_value(settings).unwrap();
        let role = Role::of(self.kind(from), self.kind(to), settings.calls);
        let role = role.expect("the kinds fit");
        let id = self.next_id;
        self.next_id += 1;
        let name = format!("link {id}");
        self.world
            .add_link(LinkId(id), (from, to), role.number(), &name, settings)
    }

    /// Links several nodes in a row.
    pub fn chain(&mut self, nodes: &[NodeIndex]) {
        for pair in nodes.windows(2) {
            self.link(pair[0], pair[1]);
        }
    }

    fn kind(&self, node: NodeIndex) -> Kind {
        match self.world.node(node) {
            Node::Producer(_) => Kind::Producer,
            Node::Topic(_) => Kind::Topic,
            Node::Exchange(_) => Kind::Exchange,
            Node::Queue(_) => Kind::Queue,
            Node::PartitionedLog(_) => Kind::PartitionedLog,
            Node::Service(_) => Kind::Service,
            Node::Database(_) => Kind::Database,
            Node::Aggregate(_) => Kind::Aggregate,
            Node::EventStore(_) => Kind::EventStore,
            Node::Projection(_) => Kind::Projection,
        }
    }

    /// Runs until a moment, which included.
    pub fn until(&mut self, moment: &str) {
        if !std::mem::replace(&mut self.started, true) {
            self.world.start();
        }
        let until = SimTime::ZERO.after(moment.parse::<SimDuration>().unwrap());
        assert_eq!(self.world.advance(until, u64::MAX), Advance::Reached);
        self.world.assert_conserved();
        let mut seen = Vec::new();
        self.world.trace_mut().take_observed(&mut seen);
        self.seen.append(&mut seen);
    }

    pub fn crash(&mut self, node: NodeIndex) {
        self.world.suffer(node, Fault::Crash);
    }

    pub fn restart(&mut self, node: NodeIndex) {
        self.world.suffer(node, Fault::Restart);
    }

    /// Changes some settings of a node, which gets the defaults for the others.
    pub fn configure(&mut self, node: NodeIndex, settings: Value) {
        let settings = Settings::from_json(self.kind(node), &settings).unwrap();
        self.world.configure(node, settings);
    }

    pub fn tally(&self) -> Tally {
        self.world.tally()
    }

    pub fn metrics(&self, node: NodeIndex) -> &NodeMetrics {
        self.world.metrics(node)
    }

    pub fn count(&self, node: NodeIndex, what: What) -> u64 {
        self.metrics(node).count(what)
    }

    /// The messages to which something happened at a node, in order.
    pub fn messages(&self, node: NodeIndex, what: What) -> Vec<Message> {
        let happened = self.happened(node, what).into_iter();
        happened.map(|(_, message)| message).collect()
    }

    /// The same with the times.
    pub fn happened(&self, node: NodeIndex, what: What) -> Vec<(SimTime, Message)> {
        let id = crate::engine::Place::Node(self.world.node_id(node));
        self.seen
            .iter()
            .filter(|(entry, _)| entry.what == what && entry.place() == id)
            .map(|(entry, message)| (entry.time, *message))
            .collect()
    }

    /// The same as text: `1.5s OrderPlaced`, with the reason if there is one.
    pub fn lines(&self, node: NodeIndex, what: What) -> Vec<String> {
        let id = crate::engine::Place::Node(self.world.node_id(node));
        self.seen
            .iter()
            .filter(|(entry, _)| entry.what == what && entry.place() == id)
            .map(|(entry, message)| {
                let name = self.world.names().type_name(message.event_type);
                match entry.reason().words() {
                    "" => format!("{} {name}", entry.time),
                    why => format!("{} {name}: {why}", entry.time),
                }
            })
            .collect()
    }

    /// The body of a message.
    pub fn body(&self, message: &Message) -> Value {
        self.world.bodies().body_of(message, self.world.names())
    }

    /// The lines of a node's card: each with `!` if it is to be looked at, `!!` if it is wrong.
    pub fn shown(&self, node: NodeIndex) -> Vec<String> {
        let picture = self
            .world
            .node(node)
            .picture(self.world.now(), self.world.names());
        let line = |part: &Part| match part {
            Part::Text { label, text, tone }
            | Part::Tray {
                label, text, tone, ..
            }
            | Part::Gauge {
                label, text, tone, ..
            } => {
                let loud = ["", "!", "!!"][*tone as usize];
                Some(format!("{label}: {text}{loud}"))
            }
            Part::Peer { label, link } => Some(format!("{label}: link {}", link.0)),
            Part::Row { .. } | Part::Slots(_) | Part::Lanes(_) => None,
        };
        picture.parts.iter().filter_map(line).collect()
    }
}
