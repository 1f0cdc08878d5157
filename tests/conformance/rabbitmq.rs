//! Scripts of operations on RabbitMQ 4.0.

use std::collections::BTreeMap;

use eventyard::engine::{Entry, Operation, Place, Reason, Verdict as Answer, What};
use eventyard::nodes::{Kind, name_places};
use eventyard::simulation::Intervention;
use eventyard::units::{NodeId, SimDuration};
use serde_json::{Map, Value, json};

use crate::broker::{Broker, NOT_FOUND, PRECONDITION_FAILED, Trouble};
use crate::likeness::like;
use crate::plant::Held;
use crate::{Verdict, list, text};

/// How long a script waits until it believes that nothing more comes, if it does not say.
const QUIET_MILLIS: u64 = 100;
/// As good as no limit of unsettled deliveries.
const UNLIMITED: u64 = 65_535;
/// The priority of consumers that say none; others are above or below.
const CONSUMER_PRIORITY: i64 = 1_000;
/// Properties of messages that are headers here.
const PROPERTIES: [&str; 4] = ["routing-key", "priority", "expiration", "BCC"];

pub fn run(json: &Value, verdict: &mut Verdict) {
    for script in list(&json["scenarios"]) {
        match Session::new().play(script) {
            Outcome::Same => verdict.passed += 1,
            Outcome::Differs(what) => {
                (verdict.failures).push(format!("{}: {what}", text(&script["id"])));
            }
            Outcome::Unknown(what) => verdict.skip(what, 1),
        }
    }
}

enum Outcome {
    Same,
    Differs(String),
    Unknown(String),
}

struct Consumer {
    queue: String,
    node: NodeId,
    channel: String,
    is_closed: bool,
    /// Whether it was not cancelled.
    takes: bool,
}

/// A delivery that can be answered.
#[derive(Clone)]
struct Open {
    /// Which delivery of its consumer it is.
    tag: u64,
    held: Held,
    body: Value,
}

struct Session {
    broker: Broker,
    consumers: BTreeMap<String, Consumer>,
    /// Most unsettled deliveries of consumers that start on a channel.
    prefetch: BTreeMap<String, Value>,
    /// What consumers got and has not been said yet.
    fresh: BTreeMap<String, Vec<Value>>,
    /// What consumers got and have not answered.
    open: BTreeMap<String, Vec<Open>>,
    /// How many deliveries each consumer got.
    tags: BTreeMap<String, u64>,
    /// What was got by single requests, by its handle, in order.
    handles: Vec<(String, Open)>,
    /// Of each message, by its root: the exchange it was published to, and its properties.
    published: BTreeMap<u64, (String, Value)>,
}

impl Session {
    fn new() -> Self {
        Self {
            broker: Broker::new(),
            consumers: BTreeMap::new(),
            prefetch: BTreeMap::new(),
            fresh: BTreeMap::new(),
            open: BTreeMap::new(),
            tags: BTreeMap::new(),
            handles: Vec::new(),
            published: BTreeMap::new(),
        }
    }

    fn play(&mut self, script: &Value) -> Outcome {
        for (n, step) in list(&script["steps"]).iter().enumerate() {
            let expected = &step["observed"];
            let closes = expected.get("channel_closed").and_then(Value::as_u64);
            let found = match self.step(step) {
                Ok(found) => found,
                Err(Trouble::Unknown(what)) => return Outcome::Unknown(what),
                Err(Trouble::Closed(code)) if closes == Some(code) => {
                    self.collect();
                    continue;
                }
                Err(Trouble::Closed(code)) => json!({ "channel_closed": code }),
            };
            if closes.is_some() {
                return Outcome::Unknown("arguments and names that AMQP refuses".to_owned());
            }
            self.collect();
            let found = like(expected, found);
            if *expected != found {
                return Outcome::Differs(format!("step {n} {step}: found {found}"));
            }
        }
        Outcome::Same
    }

    fn step(&mut self, step: &Value) -> Result<Value, Trouble> {
        let queue = text(step.get("queue").unwrap_or(&step["name"]));
        let consumer = text(&step["consumer"]);
        match text(&step["op"]) {
            "queue" => self.broker.queue(step)?,
            "exchange" => self.broker.exchange(step)?,
            "bind" => self.broker.bind(step)?,
            "unbind" => self.broker.unbind(step)?,
            "policy" => self.broker.policy(step)?,
            "delete_exchange" => {
                let name = step.get("exchange").or_else(|| step.get("name"));
                self.broker.delete_exchange(name.map_or("", text));
            }
            "qos" => {
                if step["global"] == true {
                    return Err(Trouble::Unknown("qos for a whole channel".to_owned()));
                }
                let channel = text(&step["channel"]).to_owned();
                self.prefetch.insert(channel, step["prefetch"].clone());
            }
            "publish" => return self.publish(step),
            "consume" => self.consume(step)?,
            "cancel" => self.cancel(consumer),
            "close_channel" => self.close_channel(consumer, step)?,
            "close_connection" => self.close_connection(consumer, step)?,
            "settle" => {
                let quiet = step["quiet_ms"].as_u64().unwrap_or(QUIET_MILLIS);
                self.wait(quiet);
                return Ok(json!(std::mem::take(&mut self.fresh)));
            }
            "wait" => self.wait(step["ms"].as_u64().unwrap_or(0)),
            "get" => return self.get(step),
            "drain" => {
                let mut all = Vec::new();
                while let Some((_, said)) = self.take(queue, true, step["full"] == true)? {
                    all.push(said);
                }
                return Ok(json!(all));
            }
            "ack" => return self.settle(step, Answer::Ack),
            "nack" | "reject" => {
                // Without a word clients requeue.
                let answer = match step["requeue"] == false {
                    true => Answer::Reject,
                    false => Answer::Requeue,
                };
                return self.settle(step, answer);
            }
            "depth" => {
                self.broker.use_queue(queue)?;
                let node = self.broker.queue_named(queue)?.node;
                let ready = self.broker.plant.ready(node);
                let consumers = self.broker.plant.queue(node).consumers();
                return Ok(json!({ "ready": ready, "consumers": consumers }));
            }
            "exists" => {
                let exists = match step["exchange"].as_str() {
                    Some(exchange) => self.broker.has_exchange(exchange),
                    None => self.broker.use_queue(queue).is_ok(),
                };
                return Ok(json!(exists));
            }
            "purge" => {
                let node = self.broker.queue_named(queue)?.node;
                let ready = self.broker.plant.ready(node);
                self.broker.plant.operate(node, Operation::Purge);
                return Ok(json!({ "purged": ready }));
            }
            "delete_queue" => return self.delete_queue(step),
            "tx" | "tx_ack" | "tx_select" | "tx_commit" | "tx_rollback" => {
                return Err(Trouble::Unknown("transactions".to_owned()));
            }
            "recover" => self.recover(step)?,
            other => return Err(Trouble::Unknown(format!("the operation {other}"))),
        }
        Ok(json!("ok"))
    }

    fn wait(&mut self, millis: u64) {
        self.broker.plant.wait(SimDuration::from_millis(millis));
        self.collect();
    }

    fn publish(&mut self, step: &Value) -> Result<Value, Trouble> {
        let exchange = text(&step["exchange"]);
        let node = self.broker.exchange_named(exchange)?;
        let properties = &step["props"];
        let mut headers = properties["headers"].as_object().cloned();
        let headers = headers.get_or_insert_default();
        headers.insert("routing-key".to_owned(), step["routing_key"].clone());
        for name in ["priority", "expiration"] {
            if let Some(value) = properties.get(name) {
                headers.insert(name.to_owned(), value.clone());
            }
        }
        self.broker.plant.happened();
        let what = Intervention::Send {
            node,
            event: "message".to_owned(),
            key: String::new(),
            body: step["body"].clone(),
            headers: std::mem::take(headers),
        };
        (self.broker.plant.act(what)).map_err(|_| Trouble::Closed(NOT_FOUND))?;
        let happened = self.broker.plant.happened();
        let root = happened.iter().find(|entry| entry.what == What::Created);
        let root = root.map_or(0, |entry| entry.root);
        let published = (exchange.to_owned(), properties.clone());
        self.published.insert(root, published);
        let of_it = |entry: &&Entry| entry.root == root;
        let refused = |entry: &Entry| match entry.place() {
            Place::Node(node) => {
                let ends = [What::Dropped, What::DeadLettered].contains(&entry.what);
                let is_new = ends && entry.reason() == Reason::Full && !entry.was_waiting();
                is_new && self.broker.refuses(node)
            }
            Place::Link(_) => false,
        };
        let unroutable = |entry: &Entry| entry.reason() == Reason::Unroutable;
        let confirm = match happened.iter().filter(of_it).any(refused) {
            true => "nack",
            false => "ack",
        };
        let mut found = json!({ "confirm": confirm });
        if step["mandatory"] == true && happened.iter().filter(of_it).any(unroutable) {
            found["returned"] = json!({ "code": 312, "text": "NO_ROUTE" });
        }
        self.note(&happened);
        Ok(found)
    }

    fn consume(&mut self, step: &Value) -> Result<(), Trouble> {
        let (name, queue) = (text(&step["consumer"]), text(&step["queue"]));
        let channel = step["channel"].as_str().unwrap_or(name);
        let mut priority = CONSUMER_PRIORITY;
        for (argument, value) in step["args"].as_object().into_iter().flatten() {
            match (argument.as_str(), value.as_i64()) {
                ("x-priority", Some(more)) => priority += more,
                ("x-cancel-on-ha-failover", _) => {}
                _ => return Err(Trouble::Unknown(format!("the argument {argument}"))),
            }
        }
        let from = self.broker.queue_named(queue)?;
        let is_single = from.arguments.get("x-single-active-consumer") == Some(&json!(true));
        let used = self.broker.plant.queue(from.node).consumers();
        let exclusive = step["exclusive"] == true;
        let taken = |node| (self.consumers.values()).any(|it| it.node == node && it.takes);
        if from.exclusive_consumer.is_some_and(taken) || (exclusive && (used > 0 || is_single)) {
            return Err(Trouble::Closed(403));
        }
        let from = from.node;
        let usual = self.prefetch.get(channel).and_then(Value::as_u64);
        let prefetch = step["prefetch"].as_u64().or(usual).unwrap_or(0);
        let prefetch = if prefetch == 0 { UNLIMITED } else { prefetch };
        let settings = json!({ "by_hand": true, "prefetch": prefetch });
        let node = self.broker.plant.add_node(Kind::Service, &settings);
        let node = node.map_err(|_| Trouble::Closed(PRECONDITION_FAILED))?;
        let consumer = Consumer {
            queue: queue.to_owned(),
            node,
            channel: channel.to_owned(),
            is_closed: false,
            takes: true,
        };
        if exclusive && let Some(queue) = self.broker.queues.get_mut(queue) {
            queue.exclusive_consumer = Some(node);
        }
        self.consumers.insert(name.to_owned(), consumer);
        let auto_ack = step["auto_ack"] == true || step["no_ack"] == true;
        let terms = json!({ "auto_ack": auto_ack, "consumer_priority": priority });
        self.broker.plant.add_link(from, node, &terms);
        Ok(())
    }

    /// The consumer gets no more, and keeps what it has.
    fn cancel(&mut self, consumer: &str) {
        if let Some(consumer) = self.consumers.get_mut(consumer) {
            consumer.takes = false;
            let set = (self.broker.plant).set(consumer.node, "prefetch", Value::Null);
            set.expect("it can be cancelled");
        }
    }

    fn close_channel(&mut self, consumer: &str, step: &Value) -> Result<(), Trouble> {
        let channel = match (self.consumers.get(consumer), step["channel"].as_str()) {
            (Some(consumer), _) => consumer.channel.clone(),
            (None, Some(channel)) if self.consumers.values().any(|it| it.channel == channel) => {
                channel.to_owned()
            }
            (None, _) => return self.close_getters(),
        };
        let closes = |it: &&mut Consumer| it.channel == channel && !it.is_closed;
        let closing = self.consumers.values_mut().filter(closes);
        let nodes: Vec<NodeId> = closing
            .map(|consumer| {
                consumer.is_closed = true;
                consumer.takes = false;
                consumer.node
            })
            .collect();
        if nodes.len() > 1 {
            // All of them leave at once: none gets what another one had.
            for node in &nodes {
                let (node, field) = (*node, "prefetch".to_owned());
                let value = Value::Null;
                let what = Intervention::SetNode { node, field, value };
                (self.broker.plant.begin(what)).expect("it can be cancelled");
            }
        }
        for node in nodes {
            let crash = Intervention::Crash { node };
            (self.broker.plant.act(crash)).expect("it can be closed");
        }
        Ok(())
    }

    /// Closes the channel of single requests.
    fn close_getters(&mut self) -> Result<(), Trouble> {
        self.handles.clear();
        let getters: Vec<NodeId> = self.broker.queues.values().map(|it| it.getter).collect();
        for node in getters {
            let both = [Intervention::Crash { node }, Intervention::Restart { node }];
            for what in both {
                (self.broker.plant.act(what)).expect("it can be closed");
            }
        }
        Ok(())
    }

    fn close_connection(&mut self, consumer: &str, step: &Value) -> Result<(), Trouble> {
        if !consumer.is_empty() {
            return self.close_channel(consumer, step);
        }
        let names: Vec<String> = self.consumers.keys().cloned().collect();
        for name in names {
            self.close_channel(&name, &Value::Null)?;
        }
        self.close_getters()
    }

    /// Gives back all that the consumers of a channel have, or all that was got.
    fn recover(&mut self, step: &Value) -> Result<(), Trouble> {
        if step["requeue"] == false {
            return Err(Trouble::Unknown("basic.recover without requeue".to_owned()));
        }
        let consumer = self.consumers.get(text(&step["consumer"]));
        let channel = consumer.map(|it| it.channel.as_str());
        let Some(channel) = channel.or(step["channel"].as_str()) else {
            return self.close_getters();
        };
        let of_it = self.consumers.iter().filter(|it| it.1.channel == channel);
        let names: Vec<String> = of_it.map(|(name, _)| name.clone()).collect();
        for name in names {
            let open = self.open.remove(&name).unwrap_or_default();
            for Open { held, .. } in open {
                let (which, verdict) = (held.delivery(), Answer::Requeue);
                let operation = Operation::Settle { which, verdict };
                let node = held.node;
                let what = Intervention::Operate { node, operation };
                (self.broker.plant.begin(what)).expect("what is held can be settled");
            }
        }
        self.wait(0);
        Ok(())
    }

    fn delete_queue(&mut self, step: &Value) -> Result<Value, Trouble> {
        let name = text(step.get("queue").unwrap_or(&step["name"]));
        let Ok(queue) = self.broker.queue_named(name) else {
            return Ok(json!({ "deleted": 0 }));
        };
        let ready = self.broker.plant.ready(queue.node);
        let is_used = self.broker.plant.queue(queue.node).consumers() > 0;
        if (step["if_empty"] == true && ready > 0) || (step["if_unused"] == true && is_used) {
            return Err(Trouble::Closed(PRECONDITION_FAILED));
        }
        self.broker.delete_queue(name);
        Ok(json!({ "deleted": ready }))
    }

    fn get(&mut self, step: &Value) -> Result<Value, Trouble> {
        let queue = text(&step["queue"]);
        let taken = self.take(queue, step["auto_ack"] == true, step["full"] == true)?;
        let Some((open, mut said)) = taken else {
            return Ok(json!("empty"));
        };
        let queue = self.broker.queue_named(queue)?;
        if !queue.is_quorum {
            said["remaining"] = json!(self.broker.plant.ready(queue.node));
        }
        if let Some(name) = step["as"].as_str() {
            self.handles.push((name.to_owned(), open));
        }
        Ok(said)
    }

    /// Takes one message.
    fn take(
        &mut self,
        queue: &str,
        auto_ack: bool,
        full: bool,
    ) -> Result<Option<(Open, Value)>, Trouble> {
        let node = self.broker.queue_named(queue)?.getter;
        self.collect();
        let (most, hide) = (1, None);
        self.broker
            .plant
            .operate(node, Operation::Take { most, hide });
        let happened = self.broker.plant.happened();
        let mut held = happened
            .iter()
            .filter_map(|it| self.broker.plant.held_by(it));
        let Some(held) = held.find(|held| held.node == node) else {
            self.note(&happened);
            return Ok(None);
        };
        let said = self.said(queue, &held, full);
        let body = self.broker.plant.body(&held.message);
        self.note(&happened);
        if auto_ack {
            let (which, verdict) = (held.delivery(), Answer::Ack);
            (self.broker.plant).operate(node, Operation::Settle { which, verdict });
        }
        let tag = 0;
        Ok(Some((Open { tag, held, body }, said)))
    }

    fn settle(&mut self, step: &Value, verdict: Answer) -> Result<Value, Trouble> {
        let multiple = step["multiple"] == true;
        let mut chosen: Vec<Open> = Vec::new();
        if let Some(handle) = step["handle"].as_str() {
            let Some(at) = self.handles.iter().rposition(|(name, _)| name == handle) else {
                return Ok(json!("skipped"));
            };
            let from = if multiple { 0 } else { at };
            chosen.extend(self.handles.drain(from..=at).map(|(_, open)| open));
        } else {
            let name = text(&step["consumer"]);
            let open = self.open.entry(name.to_owned()).or_default();
            let found = match step.get("tag") {
                None => open.iter().rposition(|it| it.body == step["body"]),
                Some(tag) => open.iter().position(|it| json!(it.tag) == *tag),
            };
            let Some(at) = found else {
                if step.get("tag").is_none() {
                    return Ok(json!("skipped"));
                }
                self.close_channel(name, step)?;
                return Err(Trouble::Closed(PRECONDITION_FAILED));
            };
            let from = if multiple { 0 } else { at };
            chosen.extend(open.drain(from..=at));
        }
        for Open { held, .. } in chosen {
            let (node, which) = (held.node, held.delivery());
            let operation = Operation::Settle { which, verdict };
            let what = Intervention::Operate { node, operation };
            if self.broker.plant.begin(what).is_err() {
                return Ok(json!("skipped"));
            }
        }
        self.wait(0);
        Ok(json!("ok"))
    }

    /// Notes what consumers got.
    fn collect(&mut self) {
        let happened = self.broker.plant.happened();
        self.note(&happened);
        self.broker.tidy();
    }

    fn note(&mut self, happened: &[Entry]) {
        for entry in happened {
            let Place::Node(node) = entry.place() else {
                continue;
            };
            let consumer = self.consumers.iter().find(|(_, it)| it.node == node);
            let Some((name, consumer)) = consumer else {
                continue;
            };
            let Some(held) = self.broker.plant.held_by(entry) else {
                continue;
            };
            let (name, queue) = (name.clone(), consumer.queue.clone());
            let said = self.said(&queue, &held, false);
            let body = self.broker.plant.body(&held.message);
            self.fresh.entry(name.clone()).or_default().push(said);
            let tag = self.tags.entry(name.clone()).or_default();
            *tag += 1;
            let tag = *tag;
            let open = self.open.entry(name).or_default();
            open.push(Open { tag, held, body });
        }
    }

    /// What is said of a delivery.
    fn said(&self, queue: &str, held: &Held, full: bool) -> Value {
        let message = &held.message;
        let mut headers = self.broker.plant.headers(message);
        let mut said = json!({
            "body": self.broker.plant.body(message), "redelivered": message.attempt > 1,
        });
        let key = headers.get("routing-key").cloned();
        for (name, shown) in [("expiration", true), ("priority", full)] {
            if let Some(value) = headers.get(name).filter(|_| shown) {
                said[name] = value.clone();
            }
        }
        for name in PROPERTIES {
            headers.shift_remove(name);
        }
        self.name_places(&mut headers);
        let published = self.published.get(&message.root);
        if full {
            let died_in = headers.get("x-last-death-queue").map(text);
            let died_in = died_in.filter(|_| message.dead);
            let by_death = died_in.and_then(|queue| self.broker.dead_letters_of(queue));
            let first = published.map_or("", |(exchange, _)| exchange);
            said["exchange"] = json!(by_death.unwrap_or(first));
            said["routing_key"] = json!(key);
        }
        for (name, value) in published
            .into_iter()
            .flat_map(|it| it.1.as_object())
            .flatten()
        {
            if !["headers", "priority", "expiration"].contains(&name.as_str()) {
                said[name.as_str()] = value.clone();
            }
        }
        let is_quorum = self.broker.queues.get(queue).is_some_and(|it| it.is_quorum);
        if is_quorum && message.attempt > 1 {
            let returns = message.attempt - 1;
            headers.insert("x-delivery-count".to_owned(), json!(returns));
        }
        if !headers.is_empty() {
            said["headers"] = Value::Object(headers);
        }
        said
    }

    /// Puts names where the headers of dead letters have ids.
    fn name_places(&self, headers: &mut Map<String, Value>) {
        if headers.contains_key("x-last-death-queue") {
            name_places(headers, &|id| self.broker.name_of(id));
            let deaths = headers.get_mut("x-death").and_then(Value::as_array_mut);
            for death in deaths.into_iter().flatten() {
                death["time"] = json!("<time>");
            }
        }
    }
}
