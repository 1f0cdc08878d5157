//! What a RabbitMQ script declares, as nodes and links: queues, exchanges, bindings, policies.

use std::collections::BTreeMap;

use eventyard::engine::Operation;
use eventyard::nodes::Kind;
use eventyard::topology::Problem;
use eventyard::units::{LinkId, NodeId};
use serde_json::{Map, Value, json};

use crate::plant::Plant;
use crate::text;

/// Why an operation has no result.
#[derive(Debug)]
pub enum Trouble {
    /// The broker closes the channel, with this code.
    Closed(u64),
    /// It is not known here.
    Unknown(String),
}

pub const NOT_FOUND: u64 = 404;
pub const PRECONDITION_FAILED: u64 = 406;

/// Returns of a quorum queue for which nothing else is said.
const QUORUM_LIMIT: u64 = 20;

pub struct Queue {
    pub node: NodeId,
    pub is_quorum: bool,
    /// Who gets single messages from it.
    pub getter: NodeId,
    pub arguments: Map<String, Value>,
    auto_delete: bool,
    /// Whose only consumer is to stay the only one.
    pub exclusive_consumer: Option<NodeId>,
    settings: Value,
    /// The exchange of its dead letters, and the link there.
    dead_letters: Option<(String, Option<LinkId>)>,
}

struct Exchange {
    node: NodeId,
    kind: String,
    alternate: Option<(String, Option<LinkId>)>,
    auto_delete: bool,
}

struct Binding {
    exchange: String,
    target: Target,
    key: String,
    arguments: Value,
    link: LinkId,
}

#[derive(Clone, PartialEq)]
enum Target {
    Queue(String),
    Exchange(String),
}

pub struct Broker {
    pub plant: Plant,
    pub queues: BTreeMap<String, Queue>,
    exchanges: BTreeMap<String, Exchange>,
    bindings: Vec<Binding>,
    policies: BTreeMap<String, Value>,
}

fn refused(_: Vec<Problem>) -> Trouble {
    Trouble::Closed(PRECONDITION_FAILED)
}

impl Broker {
    pub fn new() -> Self {
        let mut broker = Self {
            plant: Plant::new(),
            queues: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            bindings: Vec::new(),
            policies: BTreeMap::new(),
        };
        let there = [
            ("", "default"),
            ("amq.direct", "direct"),
            ("amq.fanout", "fanout"),
            ("amq.topic", "topic"),
            ("amq.headers", "headers"),
            ("amq.match", "headers"),
        ];
        for (name, kind) in there {
            let declared = json!({ "name": name, "type": kind });
            broker.exchange(&declared).expect("it can be declared");
        }
        broker
    }

    pub fn queue_named(&self, name: &str) -> Result<&Queue, Trouble> {
        self.queues.get(name).ok_or(Trouble::Closed(NOT_FOUND))
    }

    pub fn exchange_named(&self, name: &str) -> Result<NodeId, Trouble> {
        let exchange = self.exchanges.get(name);
        (exchange.map(|it| it.node)).ok_or(Trouble::Closed(NOT_FOUND))
    }

    pub fn has_exchange(&self, name: &str) -> bool {
        self.exchanges.contains_key(name)
    }

    /// The name of the queue or exchange that a node is.
    pub fn name_of(&self, node: NodeId) -> String {
        let is_it = |id: NodeId| id == node;
        let queue = self.queues.iter().find(|(_, it)| is_it(it.node));
        let exchange = self.exchanges.iter().find(|(_, it)| is_it(it.node));
        let queue = queue.map(|(name, _)| name);
        let name = queue.or(exchange.map(|(name, _)| name));
        name.cloned().unwrap_or_default()
    }

    /// The name of the exchange to which a queue's dead letters go.
    pub fn dead_letters_of(&self, queue: &str) -> Option<&str> {
        let (exchange, _) = self.queues.get(queue)?.dead_letters.as_ref()?;
        Some(exchange)
    }

    pub fn queue(&mut self, step: &Value) -> Result<(), Trouble> {
        let name = text(&step["name"]);
        let arguments = step["args"].as_object().cloned().unwrap_or_default();
        if let Some(known) = self.queues.get(name) {
            let is_same = known.arguments == arguments;
            self.use_queue(name)?;
            return match is_same {
                true => Ok(()),
                false => Err(Trouble::Closed(PRECONDITION_FAILED)),
            };
        }
        let auto_delete = step["auto_delete"] == true;
        let (settings, dead_letters) = self.settings(name, &arguments, auto_delete)?;
        let node = (self.plant.add_node(Kind::Queue, &settings)).map_err(refused)?;
        let by_hand = json!({ "by_hand": true });
        let getter = (self.plant.add_node(Kind::Service, &by_hand)).map_err(refused)?;
        self.plant.add_link(node, getter, &json!({}));
        let default = self.exchange_named("")?;
        self.plant
            .add_link(default, node, &json!({ "binding": name }));
        let queue = Queue {
            node,
            is_quorum: settings["rules"] == "quorum",
            getter,
            arguments,
            auto_delete,
            exclusive_consumer: None,
            settings,
            dead_letters: dead_letters.map(|exchange| (exchange, None)),
        };
        self.queues.insert(name.to_owned(), queue);
        self.reconcile();
        Ok(())
    }

    /// Asks a queue how it is: that counts as using it.
    pub fn use_queue(&mut self, name: &str) -> Result<(), Trouble> {
        let getter = self.queue_named(name)?.getter;
        let (most, hide) = (0, None);
        self.plant.operate(getter, Operation::Take { most, hide });
        Ok(())
    }

    /// The settings that follow from arguments and policies, and where dead letters go.
    fn settings(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
        auto_delete: bool,
    ) -> Result<(Value, Option<String>), Trouble> {
        let is_quorum = arguments.get("x-queue-type") == Some(&json!("quorum"));
        let millis = |value: &Value| match value.as_i64() {
            Some(millis) => json!(format!("{millis}ms")),
            None => value.clone(),
        };
        let mut settings = json!({ "ack_timeout": null, "auto_delete": auto_delete });
        if is_quorum {
            settings["rules"] = json!("quorum");
            settings["requeue"] = json!("front");
            settings["delivery_limit"] = json!(QUORUM_LIMIT);
        }
        let mut dead_letters = None;
        for (argument, value) in self.merged(name, arguments) {
            let field = match argument.as_str() {
                "x-max-length" => "max_length",
                "x-max-length-bytes" => "max_bytes",
                "x-overflow" => "overflow",
                "x-message-ttl" => "time_to_live",
                "x-expires" => "expires_after",
                "x-max-priority" if !is_quorum && value == json!(0) => continue,
                "x-max-priority" if !is_quorum => "max_priority",
                "x-single-active-consumer" => "single_active",
                "x-delivery-limit" if is_quorum => "delivery_limit",
                "x-dead-letter-routing-key" => "dead_letter_key",
                "x-dead-letter-exchange" => {
                    dead_letters = value.as_str().map(str::to_owned);
                    continue;
                }
                "x-queue-type" if ["classic", "quorum"].contains(&text(&value)) => continue,
                "x-queue-mode" | "x-queue-version" | "x-queue-leader-locator" => continue,
                "x-max-priority" | "x-delivery-limit" => {
                    return Err(Trouble::Closed(PRECONDITION_FAILED));
                }
                _ => return Err(Trouble::Unknown(format!("the queue argument {argument}"))),
            };
            settings[field] = match (field, text(&value)) {
                ("overflow", "drop-head") => json!("drop_head"),
                ("overflow", "reject-publish") => json!("reject"),
                ("overflow", "reject-publish-dlx") => json!("reject_dead_letter"),
                ("time_to_live" | "expires_after", _) => millis(&value),
                ("delivery_limit", _) if value.as_i64().is_some_and(|it| it < 0) => Value::Null,
                _ => value,
            };
        }
        if dead_letters.is_none() && settings.get("dead_letter_key").is_some() {
            return Err(Trouble::Closed(PRECONDITION_FAILED));
        }
        Ok((settings, dead_letters))
    }

    /// Arguments with what the policy for the queue adds: of numbers the smaller one counts, else
    /// the argument.
    fn merged(&self, name: &str, arguments: &Map<String, Value>) -> Map<String, Value> {
        let mut merged = arguments.clone();
        let fitting = self
            .policies
            .values()
            .filter(|policy| fits(text(&policy["pattern"]), name));
        let policy = fitting.max_by_key(|policy| policy["priority"].as_i64().unwrap_or(0));
        let definition = policy.and_then(|policy| policy["definition"].as_object());
        for (field, value) in definition.into_iter().flatten() {
            // What a policy says of exchanges, or of queues of another type, does not count here.
            let is_quorum = arguments.get("x-queue-type") == Some(&json!("quorum"));
            let is_elsewhere = match field.as_str() {
                "alternate-exchange" => true,
                "delivery-limit" => !is_quorum,
                "queue-mode" | "queue-version" => is_quorum,
                _ => false,
            };
            if is_elsewhere {
                continue;
            }
            let field = format!("x-{field}");
            let kept = merged.get(&field);
            let smaller = |kept: &Value| match (kept.as_i64(), value.as_i64()) {
                (Some(kept), Some(new)) => json!(kept.min(new)),
                _ => kept.clone(),
            };
            let value = kept.map_or_else(|| value.clone(), smaller);
            merged.insert(field, value);
        }
        merged
    }

    pub fn policy(&mut self, step: &Value) -> Result<(), Trouble> {
        self.policies
            .insert(text(&step["name"]).to_owned(), step.clone());
        if let Some(alternate) = step["definition"]["alternate-exchange"].as_str() {
            let pattern = text(&step["pattern"]);
            let fitting = self.exchanges.iter_mut().filter(|it| fits(pattern, it.0));
            for (_, exchange) in fitting.filter(|(_, it)| it.alternate.is_none()) {
                exchange.alternate = Some((alternate.to_owned(), None));
            }
        }
        let names: Vec<String> = self.queues.keys().cloned().collect();
        for name in names {
            let queue = &self.queues[&name];
            let (new, dead_letters) = self.settings(&name, &queue.arguments, queue.auto_delete)?;
            let (node, old) = (queue.node, queue.settings.clone());
            let usual = Kind::Queue.defaults().to_json();
            let fields = usual.as_object().expect("settings are an object");
            for (field, usual) in fields {
                let new = new.get(field).unwrap_or(usual);
                if old.get(field).unwrap_or(usual) != new {
                    (self.plant.set(node, field, new.clone())).map_err(refused)?;
                }
            }
            let queue = self.queues.get_mut(&name).expect("it is there");
            queue.settings = new;
            let known = queue.dead_letters.as_ref().map(|(exchange, _)| exchange);
            if known != dead_letters.as_ref() {
                let link = queue.dead_letters.take().and_then(|(_, link)| link);
                queue.dead_letters = dead_letters.map(|exchange| (exchange, None));
                if let Some(link) = link {
                    self.plant.remove_link(link);
                }
            }
        }
        self.reconcile();
        Ok(())
    }

    pub fn exchange(&mut self, step: &Value) -> Result<(), Trouble> {
        let (name, kind) = (text(&step["name"]), text(&step["type"]));
        if let Some(known) = self.exchanges.get(name) {
            return match known.kind == kind {
                true => Ok(()),
                false => Err(Trouble::Closed(PRECONDITION_FAILED)),
            };
        }
        let mut alternate = None;
        for (argument, value) in step["args"].as_object().into_iter().flatten() {
            match argument.as_str() {
                "alternate-exchange" => alternate = value.as_str().map(str::to_owned),
                _ => return Err(Trouble::Unknown(format!("the argument {argument}"))),
            }
        }
        if step["internal"] == true {
            return Err(Trouble::Unknown("internal exchanges".to_owned()));
        }
        let settings = json!({ "type": kind, "routing_key": "header" });
        let node = (self.plant.add_node(Kind::Exchange, &settings)).map_err(refused)?;
        let exchange = Exchange {
            node,
            kind: kind.to_owned(),
            alternate: alternate.map(|exchange| (exchange, None)),
            auto_delete: step["auto_delete"] == true,
        };
        self.exchanges.insert(name.to_owned(), exchange);
        self.reconcile();
        Ok(())
    }

    /// Draws the links to exchanges that were named before they were there.
    fn reconcile(&mut self) {
        let nodes: BTreeMap<String, NodeId> = (self.exchanges.iter())
            .map(|(name, exchange)| (name.clone(), exchange.node))
            .collect();
        let plant = &mut self.plant;
        let mut draw = |from: NodeId, way: &mut Option<(String, Option<LinkId>)>, settings| {
            if let Some((name, link @ None)) = way
                && let Some(to) = nodes.get(name)
            {
                *link = Some(plant.add_link(from, *to, &settings));
            }
        };
        for queue in self.queues.values_mut() {
            draw(queue.node, &mut queue.dead_letters, json!({}));
        }
        for exchange in self.exchanges.values_mut() {
            let settings = json!({ "alternate": true });
            draw(exchange.node, &mut exchange.alternate, settings);
        }
    }

    /// The two ends of a binding: the exchange, and the queue or exchange to which it leads.
    fn ends(&self, step: &Value) -> Result<(String, Target, NodeId), Trouble> {
        let of = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| step[*name].as_str());
            values.next().map(str::to_owned)
        };
        // With a source beside it, what is called the exchange is where the binding leads.
        let source = of(&["source", "exchange"]).unwrap_or_default();
        self.exchange_named(&source)?;
        let names_exchange =
            |name: &String| self.has_exchange(name) && !self.queues.contains_key(name);
        if let Some(queue) = of(&["queue"]).filter(|name| !names_exchange(name)) {
            let node = self.queue_named(&queue)?.node;
            return Ok((source, Target::Queue(queue), node));
        }
        let target = of(&[
            "destination",
            "to_exchange",
            "to",
            "dest",
            "target",
            "queue",
            "exchange",
        ]);
        let target = target.ok_or_else(|| Trouble::Unknown(format!("the binding {step}")))?;
        let node = self.exchange_named(&target)?;
        Ok((source, Target::Exchange(target), node))
    }

    pub fn bind(&mut self, step: &Value) -> Result<(), Trouble> {
        let (exchange, target, node) = self.ends(step)?;
        if exchange.is_empty() {
            return Err(Trouble::Closed(403));
        }
        let (key, arguments) = (text(&step["routing_key"]).to_owned(), arguments(step));
        let is_same = |it: &Binding| {
            (&it.exchange, &it.target, &it.key, &it.arguments)
                == (&exchange, &target, &key, &arguments)
        };
        if self.bindings.iter().any(is_same) {
            return Ok(());
        }
        let from = self.exchange_named(&exchange)?;
        let settings = json!({ "binding": key, "arguments": arguments });
        let link = self.plant.add_link(from, node, &settings);
        self.bindings.push(Binding {
            exchange,
            target,
            key,
            arguments,
            link,
        });
        Ok(())
    }

    pub fn unbind(&mut self, step: &Value) -> Result<(), Trouble> {
        let (exchange, target, _) = self.ends(step)?;
        let key = text(&step["routing_key"]);
        let is_it = |it: &Binding| it.exchange == exchange && it.target == target && it.key == key;
        if let Some(found) = self.bindings.iter().position(is_it) {
            let binding = self.bindings.remove(found);
            self.plant.remove_link(binding.link);
        }
        let is_used = self.bindings.iter().any(|it| it.exchange == exchange);
        if !is_used && self.exchanges[&exchange].auto_delete {
            self.delete_exchange(&exchange);
        }
        Ok(())
    }

    pub fn delete_exchange(&mut self, name: &str) {
        let Some(exchange) = self.exchanges.remove(name) else {
            return;
        };
        self.plant.remove_node(exchange.node);
        let to = Target::Exchange(name.to_owned());
        (self.bindings).retain(|it| it.exchange != name && it.target != to);
        let forget = |way: &mut Option<(String, Option<LinkId>)>| {
            if let Some((exchange, link)) = way
                && exchange == name
            {
                *link = None;
            }
        };
        (self.queues.values_mut()).for_each(|queue| forget(&mut queue.dead_letters));
        (self.exchanges.values_mut()).for_each(|it| forget(&mut it.alternate));
    }

    pub fn delete_queue(&mut self, name: &str) {
        let Some(queue) = self.queues.remove(name) else {
            return;
        };
        self.plant.remove_node(queue.node);
        self.plant.remove_node(queue.getter);
        let gone = Target::Queue(name.to_owned());
        let mut left: Vec<String> = Vec::new();
        self.bindings.retain(|it| {
            let stays = it.target != gone;
            if !stays {
                left.push(it.exchange.clone());
            }
            stays
        });
        for exchange in left {
            let is_used = self.bindings.iter().any(|it| it.exchange == exchange);
            let auto_delete = (self.exchanges.get(&exchange)).is_some_and(|it| it.auto_delete);
            if !is_used && auto_delete {
                self.delete_exchange(&exchange);
            }
        }
    }

    /// Takes away queues that went by themselves.
    pub fn tidy(&mut self) {
        let gone = (self.queues.iter()).filter(|(_, it)| self.plant.queue(it.node).is_gone());
        let gone: Vec<String> = gone.map(|(name, _)| name.clone()).collect();
        for name in gone {
            self.delete_queue(&name);
        }
    }

    /// Whether a queue answers the publisher that a message was refused.
    pub fn refuses(&self, node: NodeId) -> bool {
        let overflows = ["reject", "reject_dead_letter"];
        self.queues.values().any(|queue| {
            let overflow = text(&queue.settings["overflow"]);
            queue.node == node && overflows.contains(&overflow)
        })
    }
}

fn arguments(step: &Value) -> Value {
    let given = step.get("args").or_else(|| step.get("arguments"));
    match given {
        Some(Value::Object(map)) if !map.is_empty() => Value::Object(map.clone()),
        _ => Value::Null,
    }
}

/// Whether a pattern of a policy fits a name. Of regular expressions it knows `^`, `$`, `.*` and
/// letters.
fn fits(pattern: &str, name: &str) -> bool {
    let (start, rest) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (end, rest) = match rest.strip_suffix('$') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let parts: Vec<&str> = rest.split(".*").collect();
    let mut at = 0;
    for (n, part) in parts.iter().enumerate() {
        match name[at..].find(part) {
            Some(found) if n > 0 || !start || found == 0 => at += found + part.len(),
            _ => return false,
        }
    }
    let last = parts.last().copied().unwrap_or_default();
    !end || last.is_empty() || name.ends_with(last) && at == name.len()
}
