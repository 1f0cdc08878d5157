//! A queue whose messages are put in and taken out by hand.

use serde_json::{Map, Value, json};

use crate::engine::{Delivery, LinkIndex, Message, NodeIndex, Operation, Verdict};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node, Part};
use crate::units::SimDuration;

/// A queue, and services that are operated by hand.
pub(super) struct Counter {
    pub(super) bench: Bench,
    pub(super) queue: NodeIndex,
    now: SimDuration,
}

impl Counter {
    pub(super) fn new(settings: Value) -> Self {
        let mut bench = Bench::new();
        let queue = bench.node(Kind::Queue, settings);
        let mut counter = Self {
            bench,
            queue,
            now: SimDuration::ZERO,
        };
        counter.run("0s");
        counter
    }

    /// A consumer to whom so many messages are pushed; nothing with 0.
    pub(super) fn consumer(&mut self, prefetch: u32) -> NodeIndex {
        self.consumer_on(prefetch, json!({})).0
    }

    /// The same, along a link with these settings.
    pub(super) fn consumer_on(&mut self, prefetch: u32, link: Value) -> (NodeIndex, LinkIndex) {
        let prefetch = (prefetch > 0).then_some(prefetch);
        let settings = json!({ "by_hand": true, "prefetch": prefetch });
        let node = self.bench.node(Kind::Service, settings);
        let link = self.bench.slow_link(self.queue, node, link);
        self.bench.world.start_node(node);
        self.bench.world.relink(link);
        self.run("0s");
        (node, link)
    }

    /// Lets time go by.
    pub(super) fn run(&mut self, time: &str) {
        self.now = self.now.plus(time.parse().unwrap());
        self.bench.until(&self.now.to_string());
    }

    /// Puts events in, all with these headers.
    pub(super) fn put(&mut self, events: &str, headers: Value) {
        for event in events.split(' ') {
            self.put_keyed(event, "", headers.clone());
        }
    }

    /// Puts an event in that has a key; its body is the name of the event.
    pub(super) fn put_keyed(&mut self, event: &str, key: &str, headers: Value) {
        let headers: Map<String, Value> = headers.as_object().cloned().unwrap();
        let world = &mut self.bench.world;
        world.inject(self.queue, event, key, json!(event), headers);
        self.run("0s");
    }

    fn held(&self, consumer: NodeIndex) -> Vec<Message> {
        match self.bench.world.node(consumer) {
            Node::Service(service) => service.held().map(|(message, _)| *message).collect(),
            _ => panic!("it is no service"),
        }
    }

    /// What a consumer holds: the events, with the number of the delivery if it is not the first.
    pub(super) fn hand(&self, consumer: NodeIndex) -> String {
        let word = |message: &Message| {
            let name = self.bench.world.names().type_name(message.event_type);
            match message.attempt {
                1 => name.to_owned(),
                again => format!("{name}{again}"),
            }
        };
        let words: Vec<String> = self.held(consumer).iter().map(word).collect();
        words.join(" ")
    }

    /// The latest message with this name in a consumer's hand.
    pub(super) fn find(&self, consumer: NodeIndex, event: &str) -> Message {
        let names = self.bench.world.names();
        let held = self.held(consumer);
        let mut held = held.into_iter().rev();
        let found = held.find(|it| names.type_name(it.event_type) == event);
        found.expect("it is in the hand")
    }

    fn which(&self, consumer: NodeIndex, event: &str) -> Delivery {
        let message = self.find(consumer, event);
        Delivery {
            root: message.root,
            attempt: Some(message.attempt),
            nth: None,
        }
    }

    pub(super) fn operate(&mut self, node: NodeIndex, operation: Operation) {
        self.bench.world.operate(node, operation);
        self.run("0s");
    }

    pub(super) fn settle(&mut self, consumer: NodeIndex, events: &str, verdict: Verdict) {
        for event in events.split(' ') {
            let which = self.which(consumer, event);
            self.operate(consumer, Operation::Settle { which, verdict });
        }
    }

    pub(super) fn extend(&mut self, consumer: NodeIndex, event: &str, time: &str) {
        let (which, time) = (self.which(consumer, event), time.parse().unwrap());
        self.operate(consumer, Operation::Extend { which, time });
    }

    /// Takes messages, and says which came.
    pub(super) fn take(&mut self, consumer: NodeIndex, most: u32) -> String {
        let before = self.hand(consumer);
        self.operate(consumer, Operation::Take { most, hide: None });
        self.hand(consumer)[before.len()..].trim().to_owned()
    }

    /// The names of what waits, the next one first.
    pub(super) fn waiting(&self) -> String {
        let Node::Queue(queue) = self.bench.world.node(self.queue) else {
            panic!("it is no queue");
        };
        let names = self.bench.world.names();
        let words: Vec<&str> = queue
            .waiting()
            .map(|message| names.type_name(message.event_type))
            .collect();
        words.join(" ")
    }

    /// Whether the card has a line with this label.
    pub(super) fn shows(&self, wanted: &str) -> bool {
        let world = &self.bench.world;
        let picture = world.node(self.queue).picture(world.now(), world.names());
        let mut parts = picture.parts.iter();
        parts.any(|part| matches!(part, Part::Text { label, .. } if label == wanted))
    }

    /// A queue for the dead letters, with a consumer that only asks.
    pub(super) fn dead_letters(&mut self, settings: Value) -> (NodeIndex, NodeIndex) {
        let dead = self.bench.node(Kind::Queue, settings);
        let reader = json!({ "by_hand": true });
        let reader = self.bench.node(Kind::Service, reader);
        let links = [
            self.bench.link(self.queue, dead),
            self.bench.link(dead, reader),
        ];
        self.bench.world.start_node(dead);
        self.bench.world.start_node(reader);
        for link in links {
            self.bench.world.relink(link);
        }
        self.run("0s");
        (dead, reader)
    }

    /// The headers of a message.
    pub(super) fn headers(&self, message: &Message) -> Value {
        let world = &self.bench.world;
        Value::Object(world.bodies().headers_of(message, world.names()))
    }
}
