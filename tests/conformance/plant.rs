//! A system that a script of operations builds and drives: everything it does is an intervention
//! in a run, and everything it sees comes from the trace and from the nodes of the run.

use eventyard::engine::{Advance, Delivery, Entry, Message, NodeIndex, Operation, Place, What};
use eventyard::nodes::queue::Queue;
use eventyard::nodes::{Kind, Node as Running};
use eventyard::simulation::{Intervention, Plan, Run};
use eventyard::topology::{Link, Node, Problem};
use eventyard::units::{LinkId, NodeId, SimDuration};
use serde_json::{Value, json};

/// A run that grows while it goes.
pub struct Plant {
    run: Run,
    next_id: u32,
    /// What happened since somebody looked.
    entries: Vec<Entry>,
}

/// A message in the hand of who operates a service.
#[derive(Clone, Debug)]
pub struct Held {
    pub node: NodeId,
    pub message: Message,
}

impl Held {
    /// Which delivery it is.
    pub fn delivery(&self) -> Delivery {
        Delivery {
            root: self.message.root,
            attempt: Some(self.message.attempt),
            nth: None,
        }
    }
}

impl Plant {
    pub fn new() -> Self {
        let mut run = Run::new(Plan::default()).expect("an empty plan can be run");
        run.keep_trace(true);
        Self {
            run,
            next_id: 1,
            entries: Vec::new(),
        }
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Lets something happen, and all that follows from it at once.
    pub fn act(&mut self, what: Intervention) -> Result<(), Vec<Problem>> {
        self.begin(what)?;
        self.wait(SimDuration::ZERO);
        Ok(())
    }

    /// Lets something happen; what follows from it is still to come.
    pub fn begin(&mut self, what: Intervention) -> Result<(), Vec<Problem>> {
        self.run.intervene(what)
    }

    /// Lets a person do something that can be done.
    pub fn operate(&mut self, node: NodeId, operation: Operation) {
        let what = Intervention::Operate { node, operation };
        self.act(what).expect("the node can be operated");
    }

    /// Lets time go by.
    pub fn wait(&mut self, time: SimDuration) {
        let until = self.run.now().after(time);
        assert_eq!(self.run.advance(until, u64::MAX), Advance::Reached);
        let entries = self.run.take_entries();
        self.entries.extend(entries);
    }

    /// What happened since the last call.
    pub fn happened(&mut self) -> Vec<Entry> {
        let entries = self.run.take_entries();
        self.entries.extend(entries);
        std::mem::take(&mut self.entries)
    }

    /// Adds a node.
    ///
    /// # Errors
    /// What is wrong with its settings.
    pub fn add_node(&mut self, kind: Kind, settings: &Value) -> Result<NodeId, Vec<Problem>> {
        let id = self.id();
        let json = json!({
            "id": id, "kind": kind.name(), "name": format!("n{id}"), "x": 0, "y": 0,
            "settings": settings,
        });
        let mut problems = Vec::new();
        match Node::from_json(&json, "node", &mut problems) {
            Some(node) if problems.is_empty() => self.act(Intervention::AddNode(Box::new(node)))?,
            _ => return Err(problems),
        }
        Ok(NodeId(id))
    }

    /// Adds a link.
    pub fn add_link(&mut self, from: NodeId, to: NodeId, settings: &Value) -> LinkId {
        let id = self.id();
        let json = json!({ "id": id, "from": from, "to": to, "settings": settings });
        let mut problems = Vec::new();
        let link = Link::from_json(&json, "link", &mut problems);
        let link = link.unwrap_or_else(|| panic!("{problems:?}"));
        (self.act(Intervention::AddLink(Box::new(link)))).expect("the kinds fit");
        LinkId(id)
    }

    pub fn remove_node(&mut self, node: NodeId) {
        (self.act(Intervention::RemoveNode { node })).expect("the node is there");
    }

    pub fn remove_link(&mut self, link: LinkId) {
        (self.act(Intervention::RemoveLink { link })).expect("the link is there");
    }

    /// Changes a setting of a node.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn set(&mut self, node: NodeId, field: &str, value: Value) -> Result<(), Vec<Problem>> {
        let field = field.to_owned();
        self.act(Intervention::SetNode { node, field, value })
    }

    fn index(&self, node: NodeId) -> NodeIndex {
        (self.run.world().node_index(node)).expect("the node is there")
    }

    /// The queue that a node is.
    pub fn queue(&self, node: NodeId) -> &Queue {
        match self.run.world().node(self.index(node)) {
            Running::Queue(queue) => queue,
            _ => panic!("{node} is no queue"),
        }
    }

    /// How many messages can be handed out by a queue.
    pub fn ready(&self, node: NodeId) -> usize {
        self.queue(node).waiting().count()
    }

    /// What came into the hand of a service by an entry of the trace.
    pub fn held_by(&self, entry: &Entry) -> Option<Held> {
        let (Place::Node(node), What::Started) = (entry.place(), entry.what) else {
            return None;
        };
        let Running::Service(service) = self.run.world().node(self.index(node)) else {
            return None;
        };
        let mut held = service.held().map(|(message, _)| message);
        let is_it = |it: &&Message| it.id == entry.message && it.attempt == entry.attempt;
        let message = *held.find(is_it)?;
        Some(Held { node, message })
    }

    /// The headers of a message.
    pub fn headers(&self, message: &Message) -> serde_json::Map<String, Value> {
        let world = self.run.world();
        world.bodies().headers_of(message, world.names())
    }

    /// The body of a message.
    pub fn body(&self, message: &Message) -> Value {
        let world = self.run.world();
        world.bodies().body_of(message, world.names())
    }
}
