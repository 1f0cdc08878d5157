//! Scripts of operations on queues of Amazon SQS.

use std::collections::BTreeMap;

use eventyard::engine::{Entry, Operation, Reason, Verdict as Answer, What};
use eventyard::nodes::Kind;
use eventyard::simulation::Intervention;
use eventyard::units::{NodeId, SimDuration};
use serde_json::{Map, Value, json};

use crate::plant::{Held, Plant};
use crate::{Verdict, list, text};

/// Most messages of one receive, as the API has it.
const RECEIVE_MOST: u64 = 10;
/// The longest visibility timeout in seconds, as the API has it.
const TIMEOUT_MOST: f64 = 43_200.0;
/// How often a receive that waits looks, in seconds.
const LOOKS_EVERY: f64 = 0.05;
/// Attributes that change nothing in what scripts do.
const WITHOUT_EFFECT: [&str; 9] = [
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "Policy",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
    "tags",
    "Tags",
];

pub fn run(json: &Value, verdict: &mut Verdict) {
    for script in list(&json["scenarios"]) {
        match Account::of(script).and_then(|mut account| account.play(script)) {
            Ok(()) => verdict.passed += 1,
            Err(Trouble::Differs(what)) => {
                (verdict.failures).push(format!("{}: {what}", text(&script["id"])));
            }
            Err(Trouble::Unknown(what)) => verdict.skip(what, 1),
        }
    }
}

enum Trouble {
    Differs(String),
    Unknown(String),
}

struct Queue {
    node: NodeId,
    /// Who receives.
    hand: NodeId,
    is_fifo: bool,
    /// Whether its visibility timeout is zero.
    shows_at_once: bool,
    /// How long a receive waits, in seconds, if it does not say.
    wait: f64,
}

struct Account {
    plant: Plant,
    queues: BTreeMap<String, Queue>,
    /// The latest receipt for each body, and those with a name.
    receipts: BTreeMap<String, Held>,
    saved: BTreeMap<String, Held>,
}

fn seconds(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn duration(seconds: f64) -> SimDuration {
    SimDuration::from_nanos_f64(seconds * 1e9)
}

impl Account {
    fn of(script: &Value) -> Result<Self, Trouble> {
        let mut account = Self {
            plant: Plant::new(),
            queues: BTreeMap::new(),
            receipts: BTreeMap::new(),
            saved: BTreeMap::new(),
        };
        let queues = script["queues"].as_object();
        for (name, attributes) in queues.into_iter().flatten() {
            account.create(name, attributes)?;
        }
        for (name, attributes) in queues.into_iter().flatten() {
            if let Some(to) = attributes["redrive"]["to"].as_str() {
                let (from, to) = (account.queue(name)?.node, account.queue(to)?.node);
                account.plant.add_link(from, to, &json!({}));
            }
        }
        Ok(account)
    }

    fn queue(&self, name: &str) -> Result<&Queue, Trouble> {
        let unknown = || Trouble::Unknown(format!("no queue {name}"));
        self.queues.get(name).ok_or_else(unknown)
    }

    fn create(&mut self, name: &str, attributes: &Value) -> Result<(), Trouble> {
        let mut settings = json!({ "late_ack": true, "letters_keep_age": true });
        let (mut is_fifo, mut by_content, mut shows_at_once) = (false, false, false);
        let mut wait = 0.0;
        for (attribute, value) in attributes.as_object().into_iter().flatten() {
            let is_true = text(value) == "true" || *value == true;
            let time = seconds(value).map(duration);
            match attribute.as_str() {
                "VisibilityTimeout" if time == Some(SimDuration::ZERO) => shows_at_once = true,
                "VisibilityTimeout" => settings["ack_timeout"] = json!(time),
                "DelaySeconds" => settings["delay"] = json!(time),
                "MessageRetentionPeriod" => settings["time_to_live"] = json!(time),
                "FifoQueue" => is_fifo = is_true,
                "ContentBasedDeduplication" => by_content = is_true,
                "ReceiveMessageWaitTimeSeconds" => wait = seconds(value).unwrap_or_default(),
                "DeduplicationScope" => {
                    settings["dedup_by_group"] = json!(text(value) == "messageGroup");
                }
                name if WITHOUT_EFFECT.contains(&name) => {}
                "redrive" => settings["max_receives"] = value["max"].clone(),
                _ => return Err(Trouble::Unknown(format!("the attribute {attribute}"))),
            }
        }
        if is_fifo {
            let by = if by_content { "content" } else { "id" };
            settings["groups"] = json!(true);
            settings["letters_keep_age"] = json!(false);
            settings["late_ack"] = json!(false);
            settings["deduplication"] = json!(by);
        }
        let refused = |problems| Trouble::Unknown(format!("settings: {problems:?}"));
        let node = (self.plant.add_node(Kind::Queue, &settings)).map_err(refused)?;
        let hand = self
            .plant
            .add_node(Kind::Service, &json!({ "by_hand": true }));
        let hand = hand.map_err(refused)?;
        self.plant.add_link(node, hand, &json!({}));
        let queue = Queue {
            node,
            hand,
            is_fifo,
            shows_at_once,
            wait,
        };
        self.queues.insert(name.to_owned(), queue);
        Ok(())
    }

    fn play(&mut self, script: &Value) -> Result<(), Trouble> {
        for (n, step) in list(&script["steps"]).iter().enumerate() {
            self.plant.happened();
            let found = match text(&step["op"]) {
                "send" => self.send(step)?,
                "receive" => self.receive(step)?,
                "delete" => self.settle(step)?,
                "change_visibility" => self.extend(step)?,
                "purge" => {
                    let node = self.queue(text(&step["queue"]))?.node;
                    self.plant.operate(node, Operation::Purge);
                    json!("ok")
                }
                "wait" => {
                    let time = seconds(&step["seconds"]).unwrap_or_default();
                    self.plant.wait(duration(time));
                    json!("ok")
                }
                other => return Err(Trouble::Unknown(format!("the operation {other}"))),
            };
            let expected = step.get("expect").cloned().unwrap_or_else(|| json!("ok"));
            if !agrees(&expected, &found) {
                let what = format!("step {n} {step}: found {found}");
                return Err(Trouble::Differs(what));
            }
        }
        Ok(())
    }

    fn send(&mut self, step: &Value) -> Result<Value, Trouble> {
        let node = self.queue(text(&step["queue"]))?.node;
        let mut headers = Map::new();
        if let Some(id) = step.get("dedup") {
            headers.insert("deduplication-id".to_owned(), id.clone());
        }
        if let Some(delay) = seconds(&step["delay"]) {
            headers.insert("delay".to_owned(), json!((delay * 1e3) as u64));
        }
        let what = Intervention::Send {
            node,
            event: "message".to_owned(),
            key: text(&step["group"]).to_owned(),
            body: step["body"].clone(),
            headers,
        };
        let refused = |problems| Trouble::Unknown(format!("{problems:?}"));
        self.plant.act(what).map_err(refused)?;
        let happened = self.plant.happened();
        let dropped = |reason| {
            let is_so = |it: &Entry| it.what == What::Dropped && it.reason() == reason;
            happened.iter().any(is_so)
        };
        if dropped(Reason::Rule) {
            let error = match text(&step["group"]) {
                "" => "MissingParameter",
                _ => "InvalidParameterValue",
            };
            return Ok(json!({ "error": error }));
        }
        let is_same = step["expect_same_id"] == true;
        if is_same && !dropped(Reason::Duplicate) {
            return Ok(json!("another id"));
        }
        Ok(json!("ok"))
    }

    fn receive(&mut self, step: &Value) -> Result<Value, Trouble> {
        let most = step["max"].as_u64().unwrap_or(1);
        if !(1..=RECEIVE_MOST).contains(&most) {
            return Ok(json!({ "error": "InvalidParameterValue" }));
        }
        let queue = self.queue(text(&step["queue"]))?;
        let own = queue.shows_at_once.then_some(SimDuration::ZERO);
        let hide = seconds(&step["vt"]).map(duration).or(own);
        let (hand, usual_wait) = (queue.hand, queue.wait);
        let most = most as u32;
        self.plant.operate(hand, Operation::Take { most, hide });
        let wait = ["wait", "wait_seconds", "wait_time"]
            .iter()
            .find_map(|name| seconds(&step[*name]));
        let mut left = wait.unwrap_or(usual_wait);
        let mut received = self.received();
        while received.is_empty() && left > 0.0 {
            self.plant.wait(duration(left.min(LOOKS_EVERY)));
            left -= LOOKS_EVERY;
            self.plant.operate(hand, Operation::Take { most, hide });
            received = self.received();
        }
        let counts: Vec<u16> = received.iter().map(|it| it.message.attempt).collect();
        if let Some(expected) = step.get("counts")
            && *expected != json!(counts)
        {
            return Ok(json!({ "counts": counts }));
        }
        let bodies: Vec<Value> = (received.iter())
            .map(|it| self.plant.body(&it.message))
            .collect();
        if let (Some(name), Some(first)) = (step["save"].as_str(), received.first()) {
            self.saved.insert(name.to_owned(), first.clone());
        }
        for (body, held) in bodies.iter().zip(received) {
            let before = self.receipts.get(text(body));
            let is_new = before.is_none_or(|it| it.delivery() != held.delivery());
            if step["new_receipt"] == true && !is_new {
                return Ok(json!("the old receipt"));
            }
            let same = step["same_id_as"].as_str();
            let known = same.and_then(|body| self.receipts.get(body));
            if known.is_some_and(|it| it.message.root != held.message.root) {
                return Ok(json!("another id"));
            }
            self.receipts.insert(text(body).to_owned(), held);
        }
        Ok(json!(bodies))
    }

    fn received(&mut self) -> Vec<Held> {
        let happened = self.plant.happened();
        let held = happened
            .iter()
            .filter_map(|entry| self.plant.held_by(entry));
        held.collect()
    }

    fn receipt(&self, step: &Value) -> Result<Held, Trouble> {
        let found = match step["receipt"].as_str() {
            Some(name) => self.saved.get(name),
            None => self.receipts.get(text(&step["receipt_of"])),
        };
        (found.cloned()).ok_or_else(|| Trouble::Unknown("a receipt that is not there".to_owned()))
    }

    fn was_ignored(&mut self) -> bool {
        let happened = self.plant.happened();
        happened.iter().any(|entry| entry.what == What::Ignored)
    }

    fn settle(&mut self, step: &Value) -> Result<Value, Trouble> {
        let (which, verdict) = (self.receipt(step)?.delivery(), Answer::Ack);
        let queue = self.queue(text(&step["queue"]))?;
        let (hand, is_fifo) = (queue.hand, queue.is_fifo);
        let operation = Operation::Settle { which, verdict };
        self.plant.operate(hand, operation);
        // Standard queues answer success whatever became of the message.
        let fails = self.was_ignored() && is_fifo;
        Ok(match fails {
            true => json!({ "error": "InvalidParameterValue" }),
            false => json!("ok"),
        })
    }

    fn extend(&mut self, step: &Value) -> Result<Value, Trouble> {
        let time = seconds(&step["seconds"]).unwrap_or_default();
        if !(0.0..=TIMEOUT_MOST).contains(&time) {
            return Ok(json!({ "error": "InvalidParameterValue" }));
        }
        let held = self.receipt(step)?;
        let which = held.delivery();
        let time = duration(time);
        let queue = self.queue(text(&step["queue"]))?;
        let (hand, node) = (queue.hand, queue.node);
        self.plant.operate(hand, Operation::Extend { which, time });
        if !self.was_ignored() {
            return Ok(json!("ok"));
        }
        let mut waiting = self.plant.queue(node).waiting();
        let waits = waiting.any(|message| message.root == held.message.root);
        Ok(match waits {
            true => json!({ "error": "MessageNotInflight" }),
            false => json!({ "error": "InvalidParameterValue" }),
        })
    }
}

/// Whether what was found is what was expected, in one of the forms in which that is written.
fn agrees(expected: &Value, found: &Value) -> bool {
    let sorted = |value: &Value| {
        let mut texts: Vec<String> = list(value).iter().map(Value::to_string).collect();
        texts.sort_unstable();
        texts
    };
    if let Some(any) = expected.get("any_of") {
        list(any).iter().any(|one| agrees(one, found))
    } else if let Some(set) = expected.get("set") {
        sorted(set) == sorted(found)
    } else if let Some(count) = expected.get("count") {
        found.is_array() && *count == json!(list(found).len())
    } else {
        expected == found
    }
}
