//! What a person does by hand with messages, as entries of the script: their JSON and their words.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::{Chosen, Delivery, Goal, Operation, Verdict};
use crate::nodes::{Kind, Role};
use crate::topology::{Fields, TextLimit};
use crate::units::{NodeId, SimDuration};

/// Most messages of one operation.
const MOST: u64 = 1_000_000;
/// Most messages that one operation names.
pub const CHOSEN_MOST: usize = 1_000;

/// The verbs, with the words for a mark.
const VERBS: [(&str, &str); 7] = [
    ("take", "take a message"),
    ("ack", "acknowledge"),
    ("reject", "reject"),
    ("requeue", "requeue"),
    ("extend", "extend the time"),
    ("purge", "purge"),
    ("redrive", "redrive"),
];

fn number(operation: &Operation) -> usize {
    match operation {
        Operation::Take { .. } => 0,
        Operation::Settle { verdict, .. } => match verdict {
            Verdict::Ack => 1,
            Verdict::Reject => 2,
            Verdict::Requeue => 3,
        },
        Operation::Extend { .. } => 4,
        Operation::Purge => 5,
        Operation::Redrive { .. } => 6,
    }
}

/// What the operation is, for people.
pub(super) fn verb(operation: &Operation) -> &'static str {
    VERBS[number(operation)].1
}

/// Whether a word is the verb of an operation.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.iter().any(|(verb, _)| *verb == word)
}

/// Whether messages can be sent to a node by hand.
pub(super) fn can_be_goal(kind: Kind) -> bool {
    kind.descriptor().takes.contains(&Role::DeadLetters)
}

/// The node to which an operation sends messages.
pub(super) fn goal_of(operation: &Operation) -> Option<NodeId> {
    match operation {
        Operation::Redrive {
            to: Goal::Node(node),
            ..
        } => Some(*node),
        _ => None,
    }
}

/// Whether something of the kind can be done with a node.
pub(super) fn fits(operation: &Operation, kind: Kind) -> bool {
    let descriptor = kind.descriptor();
    match operation {
        Operation::Purge | Operation::Redrive { .. } => descriptor.gives.contains(&Role::Delivers),
        _ => descriptor.takes.contains(&Role::Delivers),
    }
}

/// The operation as documents have it.
pub(super) fn to_json(node: NodeId, operation: &Operation) -> Value {
    let mut json = json!({ "do": VERBS[number(operation)].0, "node": node });
    match operation {
        Operation::Take { most, hide } => {
            json["most"] = json!(most);
            if let Some(hide) = hide {
                json["hide"] = json!(hide);
            }
        }
        Operation::Settle { which, .. } => put_delivery(&mut json, *which),
        Operation::Extend { which, time } => {
            put_delivery(&mut json, *which);
            json["time"] = json!(time);
        }
        Operation::Purge => {}
        Operation::Redrive {
            which,
            most,
            every,
            to,
        } => {
            match which {
                Some(which) => json["messages"] = which.iter().map(chosen_text).collect(),
                None => json["most"] = json!(most),
            }
            json["every"] = json!(every);
            match to {
                Goal::Link => {}
                Goal::Source => json["to"] = json!("source"),
                Goal::Node(node) => json["to"] = json!(node),
            }
        }
    }
    json
}

/// A message as a text: the identity of its event, and which of its copies if that is said.
fn id_text(root: u64, nth: Option<u16>) -> Value {
    json!(match nth {
        None => format!("{root:016x}"),
        Some(nth) => format!("{root:016x}/{nth}"),
    })
}

fn chosen_text(chosen: &Chosen) -> Value {
    id_text(chosen.root, Some(chosen.nth).filter(|nth| *nth > 1))
}

fn read_chosen(text: &str) -> Option<(u64, Option<u16>)> {
    let (root, nth) = match text.split_once('/') {
        Some((root, nth)) => (root, Some(nth.parse().ok().filter(|nth| *nth > 0)?)),
        None => (text, None),
    };
    Some((u64::from_str_radix(root, 16).ok()?, nth))
}

fn put_delivery(json: &mut Value, which: Delivery) {
    json["message"] = id_text(which.root, which.nth);
    if let Some(attempt) = which.attempt {
        json["attempt"] = json!(attempt);
    }
}

/// Reads the operation with this verb.
pub(super) fn read(verb: &str, fields: &mut Fields<'_, '_>) -> Option<Operation> {
    let settle = |fields: &mut Fields<'_, '_>, verdict| {
        let which = delivery(fields)?;
        Some(Operation::Settle { which, verdict })
    };
    match verb {
        "take" => Some(Operation::Take {
            most: most(fields, 1)?,
            hide: optional_time(fields, "hide")?,
        }),
        "ack" => settle(fields, Verdict::Ack),
        "reject" => settle(fields, Verdict::Reject),
        "requeue" => settle(fields, Verdict::Requeue),
        "extend" => Some(Operation::Extend {
            which: delivery(fields)?,
            time: fields.parsed::<SimDuration>("time")?,
        }),
        "purge" => Some(Operation::Purge),
        _ => Some(Operation::Redrive {
            which: chosen(fields)?,
            most: most(fields, MOST as u32)?,
            every: optional_time(fields, "every")?.unwrap_or(SimDuration::ZERO),
            to: goal(fields)?,
        }),
    }
}

/// The messages that are named, if any are.
fn chosen(fields: &mut Fields<'_, '_>) -> Option<Option<Arc<[Chosen]>>> {
    let Some(list) = fields.optional("messages") else {
        return Some(None);
    };
    let chosen = |item: &Value| {
        let (root, nth) = read_chosen(item.as_str()?)?;
        let nth = nth.unwrap_or(1);
        Some(Chosen { root, nth })
    };
    let list = list.as_array().filter(|list| list.len() <= CHOSEN_MOST);
    let read = list.and_then(|list| list.iter().map(chosen).collect());
    if read.is_none() {
        let what = "it is no list of ids of messages";
        fields.wrong("messages", what, "write up to 1,000 of 16 digits each");
    }
    read.map(Some)
}

/// Where messages go.
fn goal(fields: &mut Fields<'_, '_>) -> Option<Goal> {
    match fields.optional("to") {
        None => Some(Goal::Link),
        Some(Value::String(word)) if word == "source" => Some(Goal::Source),
        Some(value) => {
            let id = fields.whole("to", value, 1, 1_000_000_000)?;
            Some(Goal::Node(NodeId(id as u32)))
        }
    }
}

fn most(fields: &mut Fields<'_, '_>, usual: u32) -> Option<u32> {
    match fields.optional("most") {
        None => Some(usual),
        Some(value) => fields.whole("most", value, 1, MOST).map(|most| most as u32),
    }
}

fn optional_time(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Option<SimDuration>> {
    match fields.optional(name) {
        None => Some(None),
        Some(_) => fields.parsed::<SimDuration>(name).map(Some),
    }
}

fn delivery(fields: &mut Fields<'_, '_>) -> Option<Delivery> {
    let text = fields.text("message", TextLimit::Name)?;
    let Some((root, nth)) = read_chosen(&text) else {
        let what = "it is no id of a message";
        fields.wrong("message", what, "write its 16 hexadecimal digits");
        return None;
    };
    let attempt = match fields.optional("attempt") {
        None => None,
        Some(value) => Some(fields.whole("attempt", value, 1, u64::from(u16::MAX))? as u16),
    };
    Some(Delivery { root, attempt, nth })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::ScriptEntry;

    fn read_back(json: &Value) -> Result<Value, String> {
        let mut problems = Vec::new();
        let entry = ScriptEntry::from_json(json, "entry", &mut problems);
        match (entry, problems.first()) {
            (Some(entry), None) => Ok(entry.to_json()),
            (_, problem) => Err(problem.map_or_else(String::new, |it| it.place.clone())),
        }
    }

    #[test]
    fn everything_that_is_done_by_hand_survives_the_round_trip() {
        let id = "00000000000000ff";
        for json in [
            json!({ "at": "1s", "do": "take", "node": 3, "most": 2, "hide": "5s" }),
            json!({ "at": "1s", "do": "ack", "node": 3, "message": id, "attempt": 2 }),
            json!({ "at": "1s", "do": "reject", "node": 3, "message": id }),
            json!({ "at": "1s", "do": "requeue", "node": 3, "message": id }),
            json!({ "at": "1s", "do": "extend", "node": 3, "message": id, "time": "9s" }),
            json!({ "at": "1s", "do": "purge", "node": 3 }),
            json!({ "at": "1s", "do": "redrive", "node": 3, "most": 2, "every": "1s" }),
            json!({ "at": "1s", "do": "redrive", "node": 3, "messages": [id, format!("{id}/2")],
                "every": "0s", "to": "source" }),
            json!({ "at": "1s", "do": "redrive", "node": 3, "most": 2, "every": "1s", "to": 4 }),
            json!({ "at": "1s", "do": "ack", "node": 3, "message": format!("{id}/2"),
                "attempt": 1 }),
            json!({ "at": "1s", "do": "send", "node": 3, "event": "A", "headers": { "a": 1 } }),
        ] {
            assert_eq!(read_back(&json), Ok(json));
        }
    }

    #[test]
    fn what_cannot_be_meant_is_named() {
        let cases = [
            (json!({ "do": "take", "most": 0 }), "most"),
            (json!({ "do": "ack", "message": "no id" }), "message"),
            (json!({ "do": "extend", "message": "ff" }), "time"),
            (json!({ "do": "reject", "message": "ff/0" }), "message"),
            (
                json!({ "do": "redrive", "messages": ["no id"] }),
                "messages",
            ),
            (json!({ "do": "redrive", "messages": "ff" }), "messages"),
            (json!({ "do": "redrive", "to": "nowhere" }), "to"),
            (
                json!({ "do": "send", "event": "A", "headers": [] }),
                "headers",
            ),
        ];
        for (mut json, field) in cases {
            json["at"] = json!("1s");
            json["node"] = json!(3);
            let place = read_back(&json).unwrap_err();
            assert!(place.ends_with(field), "{json}: {place}");
        }
    }
}
