//! Random systems: drawn from a list of numbers, of which fewer and smaller ones draw simpler ones.

#[path = "channels.rs"]
mod channels;
#[path = "happens.rs"]
mod happens;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

/// A system, and what its settings promise.
pub struct Drawn {
    pub document: Value,
    /// Most deliveries that each queue may have out.
    pub prefetch: BTreeMap<u32, u32>,
    /// Services that know what they did and never forget it.
    pub idempotent: Vec<u32>,
    /// Queues that hand out a group's messages one by one.
    pub grouped: Vec<u32>,
    /// Queues that take what they know by its id only once.
    pub once: Vec<u32>,
    /// Services that somebody operates, and numbers by which that is drawn.
    pub by_hand: Vec<u32>,
    pub deeds: Vec<u16>,
    /// Whether things may go wrong.
    pub wild: bool,
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.document)
    }
}

/// Draws one thing after the other.
struct Hand<'c> {
    choices: std::slice::Iter<'c, u16>,
    /// Whether things may go wrong.
    wild: bool,
    nodes: Vec<Value>,
    links: Vec<Value>,
    checks: Vec<Value>,
    next_id: u32,
    prefetch: BTreeMap<u32, u32>,
    idempotent: Vec<u32>,
    grouped: Vec<u32>,
    once: Vec<u32>,
    by_hand: Vec<u32>,
}

impl Drawn {
    pub fn new(seed: u64, choices: &[u16], wild: bool) -> Self {
        let mut hand = Hand {
            choices: choices.iter(),
            wild,
            nodes: Vec::new(),
            links: Vec::new(),
            checks: Vec::new(),
            next_id: 1,
            prefetch: BTreeMap::new(),
            idempotent: Vec::new(),
            grouped: Vec::new(),
            once: Vec::new(),
            by_hand: Vec::new(),
        };
        for _ in 0..=hand.below(2) {
            hand.branch();
        }
        let script = if wild { hand.script() } else { Vec::new() };
        let document = json!({ "version": 1, "seed": seed, "nodes": hand.nodes,
            "links": hand.links, "script": script, "checks": hand.checks });
        Self {
            document,
            prefetch: hand.prefetch,
            idempotent: hand.idempotent,
            grouped: hand.grouped,
            once: hand.once,
            by_hand: hand.by_hand,
            deeds: choices.iter().rev().copied().collect(),
            wild,
        }
    }
}

impl Hand<'_> {
    /// A number below `bound`; zero when there are no more.
    fn below(&mut self, bound: u16) -> u16 {
        self.choices.next().map_or(0, |choice| choice % bound)
    }

    /// One of several values.
    fn pick(&mut self, values: &[Value]) -> Value {
        values[usize::from(self.below(values.len() as u16))].clone()
    }

    /// One of the nodes, or of the links.
    fn one_of(&mut self, list: fn(&Self) -> &Vec<Value>) -> Value {
        let count = list(self).len() as u16;
        let place = usize::from(self.below(count));
        list(self)[place].clone()
    }

    fn chance(&mut self) -> Value {
        self.pick(&[json!(0.0), json!(0.1), json!(0.5), json!(1.0)])
    }

    fn spread(&mut self) -> Value {
        self.pick(&[
            json!({ "shape": "constant", "value": "50ms" }),
            json!({ "shape": "exponential", "mean": "80ms" }),
            json!({ "shape": "uniform", "min": "1ms", "max": "300ms" }),
            // What fails in no time and comes back in no time would stop the run.
            match self.wild {
                true => json!({ "shape": "constant", "value": "5ms" }),
                false => json!({ "shape": "constant", "value": "0s" }),
            },
        ])
    }

    fn node(&mut self, kind: &str, settings: Value) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        let node = json!({ "id": id, "kind": kind, "settings": settings });
        self.nodes.push(node);
        id
    }

    fn link(&mut self, from: u32, to: u32, calls: bool) {
        self.link_with(from, to, json!({ "calls": calls }));
    }

    /// A link with these settings, and those of any link.
    fn link_with(&mut self, from: u32, to: u32, settings: Value) {
        let id = self.next_id;
        self.next_id += 1;
        let mut settings = settings.as_object().cloned().unwrap_or_default();
        if self.below(2) == 1 {
            let latency = json!({ "shape": "constant", "value": "30ms" });
            settings.insert("latency".to_owned(), latency);
        }
        if self.wild && self.below(4) == 1 {
            settings.insert("latency".to_owned(), self.spread());
            for fault in ["loss", "duplication", "reordering"] {
                let chance = self.pick(&[json!(0.0), json!(0.2), json!(0.5)]);
                settings.insert(fault.to_owned(), chance);
            }
        }
        if self.wild && self.below(8) == 1 {
            settings.insert("bandwidth".to_owned(), json!(4000.0));
        }
        let link = json!({ "id": id, "from": from, "to": to, "settings": settings });
        self.links.push(link);
    }

    /// Settings of which each is there or not, and has one of its values.
    fn some(&mut self, settings: &mut Value, fields: &[(&str, &[Value])]) {
        for (name, values) in fields {
            if self.below(3) == 1 {
                settings[*name] = self.pick(values);
            }
        }
    }

    fn producer(&mut self) -> u32 {
        let rate = self.pick(&[json!(5.0), json!(1.0), json!(20.0)]);
        let mut settings = json!({ "rate": rate, "keys": 3,
            "events": [{ "event": "A", "weight": 2 }, { "event": "B" }] });
        if self.wild && self.below(2) == 1 {
            settings["events"] = json!([
                { "event": "A", "weight": 2, "headers": { "deduplication-id": "{id}", "a": 1 } },
                { "event": "B", "priority": 7, "body": { "text": "twenty letters and more" },
                    "headers": { "deduplication-id": "{id}", "expiration": "700" } },
                { "event": "C.D", "delay": "300ms", "headers": { "deduplication-id": "{id}" } },
            ]);
        }
        self.some(
            &mut settings,
            &[
                ("pace", &[json!("constant"), json!("bursty")]),
                ("key_choice", &[json!("in_turn"), json!("zipf")]),
                ("limit", &[json!(7), json!(0)]),
                ("batch", &[json!(3)]),
                ("linger", &[json!("200ms")]),
            ],
        );
        if self.wild && self.below(3) == 1 {
            settings["confirms"] = json!(true);
            settings["confirm_timeout"] = self.pick(&[json!("100ms"), json!("2s")]);
            let fields: [(&str, &[Value]); 2] = [
                ("max_unconfirmed", &[json!(1), json!(5)]),
                ("when_blocked", &[json!("drop"), json!("buffer")]),
            ];
            self.some(&mut settings, &fields);
        } else if self.wild {
            let fields: [(&str, &[Value]); 2] = [
                ("when_blocked", &[json!("drop"), json!("buffer")]),
                ("buffer", &[json!(2), json!(0)]),
            ];
            self.some(&mut settings, &fields);
        }
        self.node("producer", settings)
    }

    /// A producer, what takes its events on, and who works on them.
    fn branch(&mut self) {
        let producer = self.producer();
        match self.below(6) {
            0 => {
                let queue = self.queue_with_consumers();
                self.link(producer, queue, false);
            }
            1 => {
                let topic = self.node("topic", json!({}));
                self.link(producer, topic, false);
                for _ in 0..=self.below(2) {
                    let queue = self.queue_with_consumers();
                    self.link(topic, queue, false);
                }
            }
            2 => {
                let exchange = self.node("exchange", json!({ "type": "fanout" }));
                self.link(producer, exchange, false);
                for _ in 0..=self.below(2) {
                    let queue = self.queue_with_consumers();
                    self.link(exchange, queue, false);
                }
            }
            3 if self.wild => self.exchanges(producer),
            4 => self.log(producer),
            _ => {
                let (service, _) = self.service();
                self.link(producer, service, false);
            }
        }
    }

    /// A service, and how many deliveries it asks for.
    fn service(&mut self) -> (u32, u32) {
        let (mut workers, mut batch, mut prefetch) = (1, 1, 0);
        let mut settings = json!({ "service_time": self.spread(), "call_timeout": null });
        if self.below(3) == 1 {
            batch = 1 + u32::from(self.below(4));
            settings["batch"] = json!(batch);
            settings["batch_wait"] = self.pick(&[json!("0s"), json!("300ms")]);
        }
        let limits: [(&str, &[Value]); 1] = [("rate_limit", &[json!(3.0), json!(50.0)])];
        self.some(&mut settings, &limits);
        let remembers = self.below(3) == 1;
        if remembers {
            settings["remembers"] = json!("1h");
        }
        if self.wild {
            workers = 1 + u32::from(self.below(3));
            prefetch = u32::from(self.below(3) * 4);
            self.make_wild(&mut settings, batch);
        }
        settings["workers"] = json!(workers);
        if prefetch > 0 {
            settings["prefetch"] = json!(prefetch);
        } else {
            prefetch = workers * batch;
        }
        let is_kept = settings["memory"] != "lost";
        let service = self.node("service", settings);
        if remembers && is_kept {
            self.idempotent.push(service);
        }
        self.callee(service);
        self.sink(service);
        (service, prefetch)
    }

    fn make_wild(&mut self, settings: &mut Value, batch: u32) {
        settings["failure_rate"] = self.chance();
        self.some(
            settings,
            &[
                ("retries", &[json!(1), json!(4)]),
                ("backoff", &[json!("immediate"), json!("fixed")]),
                ("jitter", &[json!("none"), json!("equal")]),
                ("on_failure", &[json!("reject")]),
                ("timeout", &[json!("60ms"), json!("200ms")]),
                ("call_timeout", &[json!("20ms"), json!("1s")]),
                ("circuit_opens_after", &[json!(1), json!(3)]),
                ("bulkhead", &[json!(1)]),
                ("memory", &[json!("lost")]),
                ("restart_after", &[json!("1s")]),
                ("poison", &[json!({ "type": ["B"] })]),
                ("priorities", &[json!(["B"]), json!(["B", "A"])]),
                (
                    "periods",
                    &[json!([{ "from": "3s", "to": "9s", "fails": 0.7, "slow": 5.0 }])],
                ),
            ],
        );
        if batch == 1 {
            settings["preempts"] = json!(self.below(2) == 1);
        }
    }

    /// Perhaps somebody whom a service asks.
    fn callee(&mut self, service: u32) {
        let time = self.spread();
        match self.below(5) {
            1 => {
                let mut settings = json!({ "read_time": time, "connections": 2 });
                if self.wild {
                    settings["failure_rate"] = self.chance();
                    let most: [(&str, &[Value]); 1] = [("max_waiting", &[json!(0), json!(2)])];
                    self.some(&mut settings, &most);
                }
                let database = self.node("database", settings);
                self.link(service, database, true);
            }
            2 => {
                let settings = json!({ "service_time": time, "workers": 2 });
                let callee = self.node("service", settings);
                self.link(service, callee, true);
            }
            _ => {}
        }
    }

    /// Perhaps somewhere for what a service emits.
    fn sink(&mut self, service: u32) {
        if self.below(3) != 1 {
            return;
        }
        let emits = self.pick(&[
            json!([{ "event": "Next" }]),
            json!([{ "event": "Next", "count": 2 }, { "event": "Bad", "failed": true }]),
            json!([{ "event": "Next", "after": "500ms" }, { "event": "All", "gather": 3 }]),
        ]);
        let place = self.nodes.iter().position(|node| node["id"] == service);
        if let Some(place) = place {
            self.nodes[place]["settings"]["emits"] = emits;
        }
        let queue = self.node("queue", json!({}));
        self.link(service, queue, false);
    }
}
