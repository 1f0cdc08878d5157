//! Which kind of node stands for an element, and what its settings are: read from what the element
//! is called, made with, and what its metadata say.

use serde_json::{Value, json};

use super::lexer::{Sign, Source};

use crate::nodes::{Group, Kind, Settings};
use crate::topology::Paper;
use crate::units::SimDuration;

const PEOPLE: &[&str] = &["person", "role", "actor", "user", "producer", "publisher"];
const TOPICS: &[&str] = &[
    "topic",
    "exchange",
    "stream",
    "eventbus",
    "event_bus",
    "bus",
];
const STORES: &[&str] = &[
    "database",
    "datastore",
    "storage",
    "cache",
    "registry",
    "db",
    "store",
    "bucket",
    "warehouse",
];
/// Products that give a copy to everybody.
const COPIES: &[&str] = &[
    "kafka",
    "redpanda",
    "pulsar",
    "kinesis",
    "sns",
    "pubsub",
    "pub",
    "eventbridge",
    "nats",
    "mqtt",
    "mosquitto",
    "hubs",
];
/// Products that give each message to one consumer.
const SHARES: &[&str] = &[
    "rabbitmq",
    "activemq",
    "sqs",
    "amqp",
    "servicebus",
    "bullmq",
    "beanstalkd",
    "celery",
    "sidekiq",
];
/// Products that keep streams of events.
const JOURNALS: &[&str] = &["eventstoredb", "kurrentdb", "eventstore", "axon", "marten"];

/// What stands for an element.
pub(super) struct Guess {
    /// The name of the kind.
    pub(super) kind: &'static str,
    /// What has to be said about it.
    pub(super) remark: Option<String>,
    /// Whether it keeps data.
    pub(super) keeps: bool,
}

/// What stands for an element that sends something, or not.
pub(super) fn guess(name: &str, paper: &Paper, sends: bool, receives: bool) -> Guess {
    let sort = paper.sort.to_lowercase();
    let made_with = [
        paper.technology.as_str(),
        paper.more("provider").unwrap_or_default(),
        paper.more("engine").unwrap_or_default(),
    ];
    let made_with = words(&made_with.join(" "));
    let has = |words: &[String], of: &[&str]| words.iter().any(|it| of.contains(&it.as_str()));
    let called = words(name);
    let keeps = STORES.contains(&sort.as_str());
    let is = |kind, remark| Guess {
        kind,
        remark,
        keeps: false,
    };
    if PEOPLE.contains(&sort.as_str()) {
        return if sends {
            is("producer", None)
        } else {
            is(
                "service",
                receives.then(|| "a service stands for who only receives".to_owned()),
            )
        };
    }
    let is_journal = has(&made_with, JOURNALS)
        || called
            .windows(2)
            .any(|two| two[0] == "event" && two[1] == "store");
    if is_journal && (keeps || sort == "queue" || sort == "container") {
        return is("event_store", None);
    }
    let first = made_with.first().cloned().into_iter().collect::<Vec<_>>();
    let is_broker = has(&first, COPIES) || has(&first, SHARES);
    let is_topic = TOPICS.contains(&sort.as_str()) || sort == "partition";
    if sort == "queue" || is_topic || (is_broker && !has(&called, &["service", "worker"])) {
        let copies = [
            "topic",
            "topics",
            "exchange",
            "bus",
            "stream",
            "broadcast",
            "fanout",
        ];
        let copies = match () {
            () if is_topic => true,
            () if has(&called, &["queue", "queues"]) => false,
            () if has(&called, &copies) => true,
            () => has(&made_with, COPIES),
        };
        return is(if copies { "topic" } else { "queue" }, None);
    }
    let stands = "a service that is quick stands for it: each request is work of some milliseconds";
    Guess {
        kind: "service",
        remark: keeps.then(|| stands.to_owned()),
        keeps,
    }
}

/// Whether a kind hands messages on to whoever asks: an arrow to it may be one of a consumer.
pub(super) fn hands_on(kind: &str) -> bool {
    let kind = Kind::from_name(kind).map(Kind::descriptor);
    kind.is_some_and(|it| it.group == Group::Channels || it.gives == [crate::nodes::Role::Feeds])
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let parts = parts.filter(|it| !it.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Names under which a setting is found in metadata, the setting, and how it is written.
const KNOWN: &[(&[&str], &str, Form)] = &[
    (&["rate", "throughput"], "rate", Form::Rate),
    (
        &["concurrency", "workers", "instances", "replicas"],
        "workers",
        Form::Count,
    ),
    (
        &["latency", "service_time", "processing_time"],
        "service_time",
        Form::Spread,
    ),
    (&["prefetch"], "prefetch", Form::Count),
    (&["capacity", "max_length"], "max_length", Form::Count),
    (
        &["ttl", "retention", "message_ttl"],
        "time_to_live",
        Form::Length,
    ),
    (
        &["visibility_timeout", "ack_timeout"],
        "ack_timeout",
        Form::Length,
    ),
    (
        &["max_retries", "retries", "delivery_limit"],
        "delivery_limit",
        Form::Count,
    ),
];

#[derive(Clone, Copy)]
enum Form {
    Count,
    Rate,
    Length,
    Spread,
}

/// What products do unless they are told otherwise: the product, the setting, its value. RabbitMQ
/// waits half an hour for an acknowledgement; SQS shows a message again after 30 s, and keeps it
/// for four days.
const PRODUCTS: &[(&str, &str, &str)] = &[
    ("rabbitmq", "ack_timeout", "30m"),
    ("sqs", "ack_timeout", "30s"),
    ("sqs", "time_to_live", "96h"),
];

/// The settings of a node of this kind, with what the paper says about them.
pub(super) fn settings(kind: Kind, base: Value, paper: &Paper) -> Settings {
    let mut json = base;
    let provider = paper.more("provider").unwrap_or_default();
    let made_with = words(&format!("{} {provider}", paper.technology));
    for (product, field, value) in PRODUCTS {
        let fields = kind.descriptor().fields;
        let has_it = fields.iter().any(|known| known.name == *field);
        if has_it && made_with.iter().any(|word| word == product) {
            json[*field] = json!(value);
        }
    }
    for (names, field, form) in KNOWN {
        let fields = kind.descriptor().fields;
        if !fields.iter().any(|known| known.name == *field) {
            continue;
        }
        let text = names.iter().find_map(|name| paper.more(name));
        let value = text.and_then(|text| read(text, *form));
        let Some(value) = value.or_else(|| promised(paper, field)) else {
            continue;
        };
        let mut with = json.clone();
        with[*field] = value;
        if Settings::from_json(kind, &with).is_ok() {
            json = with;
        }
    }
    Settings::from_json(kind, &json).unwrap_or_else(|_| kind.defaults())
}

/// What the blocks `scale` and `slo` say about a setting.
fn promised(paper: &Paper, field: &str) -> Option<Value> {
    let of = |block: &str, names: &[&str]| -> Option<String> {
        let text = paper.kept.iter().find(|kept| kept.starts_with(block))?;
        let source = Source::new(text);
        let mut signs = source.tokens.iter().map(|token| &token.sign);
        for name in names {
            signs.find(|sign| matches!(sign, Sign::Word(word) if word == name))?;
        }
        match signs.next()? {
            Sign::Text(text) | Sign::Number(text) => Some(text.clone()),
            _ => None,
        }
    };
    match field {
        "workers" => read(&of("scale", &["min"])?, Form::Count),
        "rate" => read(&of("slo", &["throughput", "target"])?, Form::Rate),
        "service_time" => {
            // Of work whose time has no memory, 95 of 100 take less than three times the mean.
            let promised = of("slo", &["latency", "p95"])?
                .parse::<SimDuration>()
                .ok()?;
            let mean = SimDuration::from_nanos(promised.nanos() / 3);
            Some(json!({ "shape": "exponential", "mean": mean }))
        }
        _ => None,
    }
}

fn read(text: &str, form: Form) -> Option<Value> {
    let text = text.trim();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let number = number.parse::<f64>().ok();
    match form {
        Form::Count => Some(json!(text.parse::<u32>().ok()?)),
        Form::Length => Some(json!(text.parse::<SimDuration>().ok()?)),
        Form::Spread => {
            let mean = text.parse::<SimDuration>().ok()?;
            Some(json!({ "shape": "exponential", "mean": mean }))
        }
        Form::Rate => {
            let per = unit.rsplit(['/', ' ']).next().unwrap_or_default();
            let seconds = match per {
                "" | "s" | "sec" | "second" => 1.0,
                "m" | "min" | "minute" => 60.0,
                "h" | "hour" => 3_600.0,
                _ => return None,
            };
            Some(json!(number? / seconds))
        }
    }
}
