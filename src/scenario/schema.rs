//! The JSON Schema of documents, made from the descriptors of the kinds.

use serde_json::{Map, Value, json};

use crate::engine::What;
use crate::nodes::{Control, Kind};
use crate::simulation::{CHOSEN_MOST, Plan};
use crate::topology::{Drawing, FrameKind, Paper, TextLimit, Topology, Walk};

/// The JSON Schema (draft 2020-12) of a scenario document of version 1.
pub fn schema() -> Value {
    let kinds: Vec<Value> = Kind::ALL.iter().map(|kind| node_schema(*kind)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Eventyard scenario, version 1",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": {
            "version": { "const": 1 },
            "name": text(TextLimit::Name),
            "about": text(TextLimit::Note),
            "hint": text(TextLimit::Note),
            "starts": { "type": "string",
                "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" },
            "duration": { "$ref": "#/$defs/duration" },
            "seed": { "type": "integer", "minimum": 0, "maximum": u64::MAX },
            "next_id": { "type": "integer", "minimum": 1 },
            "nodes": { "type": "array", "maxItems": Topology::NODES_MAX,
                "items": { "$ref": "#/$defs/node" } },
            "links": { "type": "array", "maxItems": Topology::LINKS_MAX,
                "items": { "$ref": "#/$defs/link" } },
            "script": { "type": "array", "maxItems": Plan::SCRIPT_MAX,
                "items": { "$ref": "#/$defs/entry" } },
            "checks": { "type": "array", "maxItems": Plan::CHECKS_MAX,
                "items": { "$ref": "#/$defs/check" } },
            "captions": { "type": "array", "maxItems": Plan::CAPTIONS_MAX,
                "items": { "$ref": "#/$defs/caption" } },
            "notes": { "type": "array", "maxItems": Drawing::NOTES_MAX,
                "items": object(&["text"], json!({
                    "id": { "$ref": "#/$defs/id" },
                    "x": { "type": "integer" }, "y": { "type": "integer" },
                    "text": text(TextLimit::Note),
                })) },
            "frames": { "type": "array", "maxItems": Drawing::FRAMES_MAX,
                "items": object(&["id", "members"], json!({
                    "id": { "$ref": "#/$defs/id" }, "name": text(TextLimit::Name),
                    "kind": { "enum": FrameKind::ALL.map(FrameKind::name) },
                    "members": ids(), "collapsed": { "type": "boolean" },
                    "front": { "$ref": "#/$defs/id" }, "paper": { "$ref": "#/$defs/paper" },
                })) },
            "views": { "type": "array", "maxItems": Drawing::VIEWS_MAX,
                "items": object(&["id", "nodes"], json!({
                    "id": { "$ref": "#/$defs/id" }, "name": text(TextLimit::Name),
                    "nodes": ids(), "camera": camera(), "paper": { "$ref": "#/$defs/paper" },
                })) },
            "walks": { "type": "array", "maxItems": Drawing::WALKS_MAX, "items": walk() },
            "paper": { "$ref": "#/$defs/paper" },
        },
        "$defs": {
            "id": { "type": "integer", "minimum": 1, "maximum": 1_000_000_000 },
            "chance": { "type": "number", "minimum": 0, "maximum": 1 },
            "duration": { "type": "string",
                "pattern": "^\\s*(\\d+\\.?\\d*|\\.\\d+)\\s*(ns|us|µs|ms|s|sec|m|min|h)\\s*$" },
            "spread": spread_schema(),
            "node": { "oneOf": kinds },
            "link": object(&["id", "from", "to"], json!({
                "id": { "$ref": "#/$defs/id" }, "from": { "$ref": "#/$defs/id" },
                "to": { "$ref": "#/$defs/id" }, "luck": text(TextLimit::Name),
                "settings": link_settings(), "label": text(TextLimit::Name),
                "paper": { "$ref": "#/$defs/paper" },
            })),
            "paper": paper(),
            "entry": entry_schema(),
            "check": check_schema(),
            "caption": caption_schema(),
        },
    })
}

fn ids() -> Value {
    json!({ "type": "array", "maxItems": Topology::NODES_MAX,
        "items": { "$ref": "#/$defs/id" } })
}

fn walk() -> Value {
    let step = json!({
        "from": { "$ref": "#/$defs/id" }, "to": { "$ref": "#/$defs/id" },
        "text": text(TextLimit::Note),
    });
    object(
        &["id", "steps"],
        json!({
            "id": { "$ref": "#/$defs/id" }, "name": text(TextLimit::Name),
            "steps": { "type": "array", "maxItems": Walk::STEPS_MAX,
                "items": object(&["from", "to"], step) },
            "paper": { "$ref": "#/$defs/paper" },
        }),
    )
}

fn paper() -> Value {
    let texts =
        |most: usize, limit| json!({ "type": "array", "maxItems": most, "items": text(limit) });
    object(
        &[],
        json!({
            "word": text(TextLimit::Name), "sort": text(TextLimit::Name),
            "description": text(TextLimit::Note), "technology": text(TextLimit::Name),
            "tags": texts(Paper::TAGS_MAX, TextLimit::Name),
            "more": { "type": "object", "maxProperties": Paper::MORE_MAX,
                "additionalProperties": text(TextLimit::Note) },
            "kept": texts(Paper::KEPT_MAX, TextLimit::Page),
        }),
    )
}

fn camera() -> Value {
    object(
        &["percent"],
        json!({
            "x": { "type": "integer" }, "y": { "type": "integer" },
            "percent": { "type": "integer", "minimum": 1, "maximum": 1_000 },
        }),
    )
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "additionalProperties": false,
        "properties": properties })
}

fn text(limit: TextLimit) -> Value {
    json!({ "type": "string", "maxLength": limit.most() })
}

fn node_schema(kind: Kind) -> Value {
    let fields = kind.descriptor().fields.iter();
    let settings: Map<String, Value> = fields
        .map(|field| {
            let mut schema = control_schema(&field.control);
            schema["description"] = json!(field.help);
            (field.name.to_owned(), schema)
        })
        .collect();
    let presets = kind.descriptor().presets.iter();
    let presets: Vec<&str> = presets.map(|preset| preset.slug).collect();
    let mut node = object(
        &["id", "kind"],
        json!({
            "id": { "$ref": "#/$defs/id" }, "kind": { "const": kind.name() },
            "name": text(TextLimit::Name), "luck": text(TextLimit::Name),
            "x": { "type": "integer" }, "y": { "type": "integer" },
            "settings": object(&[], Value::Object(settings)),
            "paper": { "$ref": "#/$defs/paper" },
        }),
    );
    if !presets.is_empty() {
        node["properties"]["preset"] = json!({ "enum": presets });
    }
    node["description"] = json!(kind.descriptor().summary);
    node
}

fn control_schema(control: &Control) -> Value {
    let whole = |types: Value, min: &u64, max: &u64| {
        let (types, min, max) = (types, *min, *max);
        json!({ "type": types, "minimum": min, "maximum": max })
    };
    match control {
        Control::Count { min, max } => whole(json!("integer"), min, max),
        Control::OptionalCount { min, max } => whole(json!(["integer", "null"]), min, max),
        Control::Rate => json!({ "type": "number", "minimum": 0, "maximum": 1e9 }),
        Control::Chance => json!({ "$ref": "#/$defs/chance" }),
        Control::Duration => json!({ "$ref": "#/$defs/duration" }),
        Control::OptionalDuration => {
            json!({ "anyOf": [{ "$ref": "#/$defs/duration" }, { "type": "null" }] })
        }
        Control::Spread => json!({ "$ref": "#/$defs/spread" }),
        Control::Choice(choices) => {
            json!({ "enum": choices.iter().map(|(name, _)| *name).collect::<Vec<_>>() })
        }
        Control::Toggle => json!({ "type": "boolean" }),
        Control::Text(most) | Control::Page(most) => json!({ "type": "string", "maxLength": most }),
        Control::Numbers => {
            json!({ "type": "array", "items": { "type": "integer", "minimum": 0 } })
        }
        Control::Words | Control::Rows { .. } | Control::Json => json!({}),
    }
}

fn spread_schema() -> Value {
    let duration = json!({ "$ref": "#/$defs/duration" });
    let shape = |name: &str, parameters: &[&str]| {
        let mut properties = json!({ "shape": { "const": name } });
        for parameter in parameters {
            properties[*parameter] = match *parameter {
                "stages" => json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
                "values" => {
                    json!({ "type": "array", "items": duration, "minItems": 1, "maxItems": 1000 })
                }
                _ => duration.clone(),
            };
        }
        let required: Vec<&str> = ["shape"]
            .into_iter()
            .chain(parameters.iter().copied())
            .collect();
        object(&required, properties)
    };
    json!({ "oneOf": [
        shape("constant", &["value"]),
        shape("uniform", &["min", "max"]),
        shape("exponential", &["mean"]),
        shape("normal", &["mean", "deviation"]),
        shape("log_normal", &["mean", "deviation"]),
        shape("erlang", &["stages", "mean"]),
        shape("empirical", &["values"]),
    ] })
}

fn link_settings() -> Value {
    object(
        &[],
        json!({
            "latency": { "$ref": "#/$defs/spread" },
            "bandwidth": { "type": "number", "minimum": 0, "maximum": 1e9 },
            "loss": { "$ref": "#/$defs/chance" },
            "duplication": { "$ref": "#/$defs/chance" },
            "reordering": { "$ref": "#/$defs/chance" },
            "cut": { "type": "boolean" },
            "types": { "type": "array", "maxItems": 100, "items": text(TextLimit::Name) },
            "filter": { "type": ["object", "array", "null"] },
            "filter_scope": { "enum": ["attributes", "body"] },
            "binding": { "type": "string", "maxLength": 255 },
            "arguments": { "type": ["object", "null"], "maxProperties": 100 },
            "group": text(TextLimit::Name),
            "alternate": { "type": "boolean" },
            "calls": { "type": "boolean" },
            "auto_ack": { "type": "boolean" },
            "consumer_priority": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
        }),
    )
}

/// The fields of entries that may be left out.
const OPTIONAL: [&str; 11] = [
    "key", "body", "value", "headers", "most", "hide", "attempt", "every", "messages", "to", "for",
];

fn entry_schema() -> Value {
    let verb = |name: &str, more: Value| {
        let mut properties = json!({
            "at": { "$ref": "#/$defs/duration" },
            "after": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
            "do": { "const": name },
        });
        let mut required = vec!["at", "do"];
        for (field, schema) in more.as_object().into_iter().flatten() {
            properties[field] = schema.clone();
            // What a redrive may leave out, a seek may not.
            if !OPTIONAL.contains(&field.as_str()) || name == "seek" {
                required.push(field);
            }
        }
        object(&required, properties)
    };
    let id = json!({ "$ref": "#/$defs/id" });
    let name = text(TextLimit::Name);
    let duration = json!({ "$ref": "#/$defs/duration" });
    let count = json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000 });
    let root = json!({ "type": "string", "pattern": "^[0-9a-fA-F]{1,16}(/[1-9][0-9]{0,4})?$" });
    let delivery = json!({ "node": id, "message": root, "attempt": count });
    let group = json!({ "anyOf": [id,
        { "type": "string", "minLength": 1, "maxLength": TextLimit::Name.most() }] });
    json!({ "oneOf": [
        verb("set_node", json!({ "node": id, "field": name, "value": {}, "for": duration })),
        verb("set_link", json!({ "link": id, "field": name, "value": {}, "for": duration })),
        verb("crash", json!({ "node": id, "for": duration })),
        verb("restart", json!({ "node": id })),
        verb("send", json!({ "node": id, "event": name, "key": name, "body": {},
            "headers": { "type": "object" } })),
        verb("take", json!({ "node": id, "most": count, "hide": duration })),
        verb("ack", delivery.clone()),
        verb("reject", delivery.clone()),
        verb("requeue", delivery),
        verb("extend", json!({ "node": id, "message": root, "attempt": count,
            "time": duration })),
        verb("purge", json!({ "node": id })),
        verb("redrive", json!({ "node": id, "most": count, "every": duration,
            "messages": { "type": "array", "items": root, "maxItems": CHOSEN_MOST },
            "to": { "anyOf": [id, { "const": "source" }] } })),
        verb("commit", json!({ "node": id, "group": group })),
        verb("seek", json!({ "node": id, "group": group, "to": { "anyOf": [
            { "enum": ["earliest", "latest"] }, duration,
            object(&["partition", "offset"], json!({
                "partition": { "type": "integer", "minimum": 0, "maximum": 999 },
                "offset": { "type": "integer", "minimum": 0, "maximum": 1_u64 << 53 },
            })),
        ] } })),
        verb("add_node", json!({ "node": { "$ref": "#/$defs/node" } })),
        verb("remove_node", json!({ "node": id })),
        verb("add_link", json!({ "link": { "$ref": "#/$defs/link" } })),
        verb("remove_link", json!({ "link": id })),
    ] })
}

fn check_schema() -> Value {
    let id = json!({ "$ref": "#/$defs/id" });
    let optional = json!({ "anyOf": [id, { "type": "null" }] });
    let count = json!({ "type": "integer", "minimum": 0 });
    let duration = json!({ "$ref": "#/$defs/duration" });
    let check = |name: &str, required: &[&str], more: Value| {
        let mut properties = json!({ "check": { "const": name } });
        for (field, schema) in more.as_object().into_iter().flatten() {
            properties[field] = schema.clone();
        }
        let required: Vec<&str> = ["check"]
            .into_iter()
            .chain(required.iter().copied())
            .collect();
        object(&required, properties)
    };
    json!({ "oneOf": [
        check("nothing_lost", &[], json!({ "node": optional })),
        check("happens_once", &["node"], json!({ "node": id })),
        check("order_by_key", &["node"], json!({ "node": id })),
        check("depth_below", &["node", "value"], json!({ "node": id, "value": count })),
        check("lag_below", &["node", "value"], json!({ "node": id, "value": count,
            "group": { "anyOf": [{ "type": "string" }, { "type": "null" }] } })),
        check("age_below", &["node", "value"], json!({ "node": id, "value": duration })),
        check("latency_below", &["node", "percentile", "value"], json!({
            "node": id, "value": duration,
            "percentile": { "type": "number", "minimum": 0, "exclusiveMaximum": 100 } })),
        check("counter", &["counter", "is", "value"], json!({
            "node": optional, "counter": { "type": "string" }, "value": count,
            "is": { "enum": ["at_least", "at_most", "equal"] } })),
    ] })
}

fn caption_schema() -> Value {
    let id = json!({ "$ref": "#/$defs/id" });
    let count = json!({ "type": "integer", "minimum": 1 });
    let caption = |required: &[&str], more: Value| {
        let mut properties = json!({
            "points": { "anyOf": [id, { "const": "message" }] },
            "text": text(TextLimit::Note),
        });
        for (field, schema) in more.as_object().into_iter().flatten() {
            properties[field] = schema.clone();
        }
        let required: Vec<&str> = ["text"]
            .into_iter()
            .chain(required.iter().copied())
            .collect();
        object(&required, properties)
    };
    let names: Vec<&str> = What::ALL.iter().map(|what| what.name()).collect();
    json!({ "oneOf": [
        caption(&["at"], json!({ "at": { "$ref": "#/$defs/duration" } })),
        caption(&["happens"], json!({ "happens": { "enum": names }, "where": id, "count": count })),
        caption(&["depth", "where"], json!({ "depth": count, "where": id })),
        caption(&["broken"], json!({ "broken": count })),
    ] })
}
