//! What a person does by hand with messages, as entries of the script: their JSON and their words.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::{Chosen, Delivery, Goal, GroupName, Operation, SeekTo, Verdict};
use crate::nodes::{Kind, Role, Split};
use crate::topology::{Fields, TextLimit, Topology};
use crate::units::{LinkId, NodeId, SimDuration, SimTime};

/// Most messages of one operation.
const MOST: u64 = 1_000_000;
/// Most messages that one operation names.
pub const CHOSEN_MOST: usize = 1_000;

/// The last partition that an operation can name, and the largest offset.
const PARTITION_LAST: u64 = 999;
const OFFSET_MOST: u64 = 1 << 53;

/// The verbs, with the words for a mark.
const VERBS: [(&str, &str); 9] = [
    ("take", "take a message"),
    ("ack", "acknowledge"),
    ("reject", "reject"),
    ("requeue", "requeue"),
    ("extend", "extend the time"),
    ("purge", "purge"),
    ("redrive", "redrive"),
    ("commit", "commit for a group"),
    ("seek", "send a group elsewhere"),
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
        Operation::Commit { .. } => 7,
        Operation::Seek { .. } => 8,
    }
}

/// What the operation is, for people.
pub(super) fn verb(operation: &Operation) -> &'static str {
    VERBS[number(operation)].1
}

/// What the operation does, for a mark.
pub(super) fn words(operation: &Operation, topology: &Topology) -> String {
    let name = |group: &GroupName| match group {
        GroupName::Named(name) => name.to_string(),
        GroupName::OfLink(id) => {
            let link = topology.link(*id);
            let consumer = link.and_then(|link| topology.node(link.to));
            consumer.map_or_else(|| id.to_string(), |consumer| consumer.name.clone())
        }
    };
    match operation {
        Operation::Commit { group } => format!("{} commits", name(group)),
        Operation::Seek { group, to } => {
            let to = match to {
                SeekTo::Earliest => "earliest".to_owned(),
                SeekTo::Latest => "latest".to_owned(),
                SeekTo::Time(time) => time.to_string(),
                SeekTo::Offset { partition, offset } => {
                    format!("offset {offset} of partition {partition}")
                }
            };
            format!("{} seeks {to}", name(group))
        }
        _ => verb(operation).to_owned(),
    }
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
        Operation::Commit { .. } | Operation::Seek { .. } => {
            let settings = kind.defaults();
            let ways = settings.conduct().ways;
            let mut ways = ways.iter();
            ways.any(|way| way.role == Role::Delivers && way.split == Split::Groups)
        }
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
        Operation::Commit { group } => json["group"] = group_json(group),
        Operation::Seek { group, to } => {
            json["group"] = group_json(group);
            json["to"] = match to {
                SeekTo::Earliest => json!("earliest"),
                SeekTo::Latest => json!("latest"),
                SeekTo::Time(time) => json!(time),
                SeekTo::Offset { partition, offset } => {
                    json!({ "partition": partition, "offset": offset })
                }
            };
        }
    }
    json
}

/// The name of a group, or the id of the link that is for it.
fn group_json(group: &GroupName) -> Value {
    match group {
        GroupName::Named(name) => json!(**name),
        GroupName::OfLink(link) => json!(link),
    }
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
        "commit" => Some(Operation::Commit {
            group: group(fields)?,
        }),
        "seek" => Some(Operation::Seek {
            group: group(fields)?,
            to: seek_to(fields)?,
        }),
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

/// The group that is meant: its name, or the id of a link that is for it.
fn group(fields: &mut Fields<'_, '_>) -> Option<GroupName> {
    let value = fields.required("group")?;
    if value.is_number() {
        let id = fields.whole("group", value, 1, 1_000_000_000)?;
        return Some(GroupName::OfLink(LinkId(id as u32)));
    }
    let name = fields.text("group", TextLimit::Name)?;
    if name.is_empty() {
        let hint = "write the name of a group, or the id of the link to its consumer";
        fields.wrong("group", "it is empty", hint);
        return None;
    }
    Some(GroupName::Named(name.into()))
}

/// Where a group goes.
fn seek_to(fields: &mut Fields<'_, '_>) -> Option<SeekTo> {
    let to = match fields.required("to")? {
        Value::String(word) => match word.as_str() {
            "earliest" => Some(SeekTo::Earliest),
            "latest" => Some(SeekTo::Latest),
            time => time
                .parse::<SimDuration>()
                .ok()
                .map(|time| SeekTo::Time(SimTime::ZERO.after(time))),
        },
        Value::Object(place) if place.len() == 2 => {
            let number = |name, most| {
                let number = place.get(name).and_then(Value::as_u64);
                number.filter(|number| *number <= most)
            };
            let partition = number("partition", PARTITION_LAST);
            let offset = number("offset", OFFSET_MOST);
            let at = |(partition, offset)| SeekTo::Offset {
                partition: partition as u32,
                offset,
            };
            partition.zip(offset).map(at)
        }
        _ => None,
    };
    if to.is_none() {
        let hint = "write \"earliest\", \"latest\", a time such as \"10s\", or \
                    { \"partition\": 0, \"offset\": 5 }";
        fields.wrong("to", "it is no place in a log", hint);
    }
    to
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
            json!({ "at": "1s", "do": "commit", "node": 3, "group": "billing" }),
            json!({ "at": "1s", "do": "commit", "node": 3, "group": 7 }),
            json!({ "at": "1s", "do": "seek", "node": 3, "group": "a", "to": "earliest" }),
            json!({ "at": "1s", "do": "seek", "node": 3, "group": "a", "to": "latest" }),
            json!({ "at": "1s", "do": "seek", "node": 3, "group": 7, "to": "10s" }),
            json!({ "at": "1s", "do": "seek", "node": 3, "group": "a",
                "to": { "partition": 0, "offset": 5 } }),
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
            (json!({ "do": "commit" }), "group"),
            (json!({ "do": "commit", "group": "" }), "group"),
            (json!({ "do": "commit", "group": "g".repeat(201) }), "group"),
            (json!({ "do": "commit", "group": -1 }), "group"),
            (json!({ "do": "commit", "group": ["g"] }), "group"),
            (json!({ "do": "seek", "group": "g" }), "to"),
            (json!({ "do": "seek", "group": "g", "to": "soon" }), "to"),
            (json!({ "do": "seek", "group": "g", "to": 5 }), "to"),
            (
                json!({ "do": "seek", "group": "g", "to": { "partition": 0 } }),
                "to",
            ),
            (
                json!({ "do": "seek", "group": "g",
                    "to": { "partition": 5000, "offset": 1 } }),
                "to",
            ),
            (
                json!({ "do": "seek", "group": "g",
                    "to": { "partition": 0, "offset": -1 } }),
                "to",
            ),
            (
                json!({ "do": "seek", "group": "g",
                    "to": { "partition": 0, "offset": 1, "more": 1 } }),
                "to",
            ),
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

    #[test]
    fn marks_say_where_a_group_goes() {
        let mut problems = Vec::new();
        let mut node = |json: Value| crate::topology::Node::from_json(&json, "it", &mut problems);
        let topology = Topology {
            nodes: [
                node(json!({ "id": 1, "kind": "log", "name": "Log" })),
                node(json!({ "id": 2, "kind": "service", "name": "Billing" })),
            ]
            .into_iter()
            .flatten()
            .collect(),
            links: vec![crate::topology::Link::new(LinkId(3), NodeId(1), NodeId(2))],
        };
        let place = json!({ "partition": 0, "offset": 5 });
        for (json, label) in [
            (json!({ "do": "commit", "group": "a" }), "Log: a commits"),
            (
                json!({ "do": "commit", "group": 3 }),
                "Log: Billing commits",
            ),
            (
                json!({ "do": "seek", "group": "a", "to": "earliest" }),
                "Log: a seeks earliest",
            ),
            (
                json!({ "do": "seek", "group": "a", "to": "10s" }),
                "Log: a seeks 10s",
            ),
            (
                json!({ "do": "seek", "group": "a", "to": place }),
                "Log: a seeks offset 5 of partition 0",
            ),
        ] {
            let mut json = json;
            json["at"] = json!("1s");
            json["node"] = json!(1);
            let entry = ScriptEntry::from_json(&json, "entry", &mut Vec::new());
            let what = entry.expect("it can be read").what;
            assert_eq!(what.label(&topology), label);
            assert_eq!(what.apply_to(&mut topology.clone()), Ok(()));
            json["node"] = json!(2);
            let entry = ScriptEntry::from_json(&json, "entry", &mut Vec::new());
            let what = entry.expect("it can be read").what;
            assert!(what.apply_to(&mut topology.clone()).is_err());
        }
    }
}
