//! Tests of the tables and of what a change of preset means.

use serde_json::{Value, json};

use super::*;

fn preset(slug: &str) -> &'static Preset {
    Preset::find(slug).expect("there is such a preset").1
}

fn queue(settings: &Value) -> Settings {
    let kind = Kind::from_name("queue").expect("there are queues");
    Settings::from_json(kind, settings).expect("they are allowed")
}

fn after(settings: &Settings, steps: &[Change]) -> Settings {
    let mut json = settings.to_json();
    for step in steps {
        json[step.field.name] = step.to.clone();
        // Each step alone is allowed.
        Settings::from_json(settings.kind(), &json).expect("it is allowed");
    }
    Settings::from_json(settings.kind(), &json).expect("they are allowed")
}

#[test]
fn every_table_fits_its_kind() {
    let mut slugs: Vec<&str> = Vec::new();
    for (kind, preset) in Preset::all() {
        let slug = preset.slug;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(slug.chars().all(plain) && !slugs.contains(&slug), "{slug}");
        slugs.push(slug);
        let sets: serde_json::Map<String, Value> = (preset.sets.iter())
            .map(|(name, worth)| ((*name).to_owned(), worth.to_json()))
            .collect();
        let read = Settings::from_json(kind, &Value::Object(sets));
        assert_eq!(read.as_ref(), Ok(&preset.settings(kind)), "{slug}");
        assert_eq!(preset.breaches(&preset.settings(kind)), [], "{slug}");
        let known: Vec<&str> = kind.descriptor().fields.iter().map(|it| it.name).collect();
        let rules = preset.rules.iter().flat_map(|rules| rules.iter());
        let rules: Vec<&str> = rules.map(|rule| rule.field).collect();
        let words = preset.words.iter().map(|(name, _)| *name);
        for name in words.chain(rules.iter().copied()) {
            assert!(known.contains(&name), "{slug}: {name}");
        }
        for name in preset.link_words.iter().map(|(name, _)| *name) {
            let link = json!(crate::engine::LinkSettings::default());
            assert!(link.get(name).is_some(), "{slug}: {name}");
        }
        for (n, name) in rules.iter().enumerate() {
            // A rule of the product's own stands for a general one only if it says the opposite.
            assert!(!rules[..n].contains(name), "{slug}: {name} has two rules");
        }
        assert!(preset.tag.len() <= 16, "{slug}: it stands beside a number");
        assert!(preset.source.starts_with("https://"), "{slug}");
        assert!(!preset.version.is_empty() && !preset.leaves_out.is_empty());
        for text in preset.leaves_out {
            assert!(text.ends_with('.'), "{slug}: {text}");
        }
    }
    assert!(slugs.len() >= 15);
}

#[test]
fn slugs_are_for_ever() {
    for slug in [
        "rabbitmq-classic-queue",
        "rabbitmq-quorum-queue",
        "sqs-standard",
        "sqs-fifo",
        "pubsub-subscription",
        "service-bus-queue",
        "service-bus-subscription",
        "sns-topic",
        "pubsub-topic",
        "eventbridge-bus",
        "service-bus-topic",
        "redis-pubsub",
        "rabbitmq-direct-exchange",
        "rabbitmq-fanout-exchange",
        "rabbitmq-topic-exchange",
        "rabbitmq-headers-exchange",
        "rabbitmq-default-exchange",
        "nats-core",
        "kafka-topic",
        "redpanda-topic",
        "rabbitmq-stream",
        "kinesis-stream",
        "event-hub",
        "jetstream-stream",
        "redis-stream",
    ] {
        assert!(Preset::find(slug).is_some(), "{slug}");
    }
}

#[test]
fn what_nobody_set_changes_from_any_preset_to_any_other() {
    for (kind, from) in Preset::all() {
        for to in kind.descriptor().presets {
            for old in [None, Some(from)] {
                let settings = match old {
                    Some(old) => old.settings(kind),
                    None => kind.defaults(),
                };
                let plan = plan(&settings, old, Some(to));
                assert_eq!(plan.own, []);
                let steps = plan.steps(&settings, &[]);
                assert_eq!(after(&settings, &steps), to.settings(kind), "{}", to.slug);
            }
        }
        assert_eq!(
            plan(&from.settings(kind), Some(from), None),
            Plan::default()
        );
    }
}

#[test]
fn what_the_user_set_stays_unless_he_gives_it_up() {
    let settings = queue(&json!({ "ack_timeout": "45s", "max_length": 100 }));
    let plan = plan(&settings, None, Some(preset("sqs-standard")));
    let own: Vec<&str> = plan.own.iter().map(|own| own.change.field.name).collect();
    assert_eq!(own, ["max_length", "ack_timeout"]);
    assert!(plan.own[0].breach.is_some(), "SQS has no length limit");
    assert_eq!(plan.own[1].breach, None);
    assert_eq!(plan.own[1].change.to, json!("30s"));
    let kept = after(&settings, &plan.clone().steps(&settings, &[])).to_json();
    assert_eq!(kept["ack_timeout"], json!("45s"));
    assert_eq!(kept["max_length"], json!(100));
    assert_eq!(kept["time_to_live"], json!("345600s"));
    let taken = after(
        &settings,
        &plan.steps(&settings, &["max_length", "ack_timeout"]),
    );
    assert_eq!(taken, preset("sqs-standard").settings(settings.kind()));
}

#[test]
fn what_came_with_a_preset_is_not_the_users_own() {
    let classic = preset("rabbitmq-classic-queue");
    let mut json = classic
        .settings(Kind::from_name("queue").unwrap())
        .to_json();
    json["time_to_live"] = json!("10s");
    let settings = queue(&json);
    let plan = plan(&settings, Some(classic), Some(preset("service-bus-queue")));
    let own: Vec<&str> = plan.own.iter().map(|own| own.change.field.name).collect();
    assert_eq!(own, ["time_to_live"]);
    let changed: Vec<&str> = plan.changes.iter().map(|it| it.field.name).collect();
    assert!(changed.contains(&"ack_timeout") && changed.contains(&"max_receives"));
}

#[test]
fn what_cannot_stay_is_among_the_changes() {
    let settings = queue(&json!({ "max_priority": 5 }));
    let plan = plan(&settings, None, Some(preset("sqs-fifo")));
    assert_eq!(plan.own, [], "groups and priorities do not go together");
    let steps = plan.steps(&settings, &[]);
    assert!(steps.iter().any(|step| step.field.name == "max_priority"));
    assert_eq!(
        after(&settings, &steps),
        preset("sqs-fifo").settings(settings.kind())
    );
}

#[test]
fn rules_know_what_breaks_them() {
    let breaches = |slug: &str, field: &str, value: Value| {
        let mut json = preset(slug)
            .settings(Kind::from_name("queue").unwrap())
            .to_json();
        json[field] = value;
        let breaches = preset(slug).breaches(&queue(&json));
        breaches.iter().any(|(it, _)| it.name == field)
    };
    assert!(breaches("sqs-standard", "max_priority", json!(5)));
    assert!(breaches(
        "rabbitmq-classic-queue",
        "delivery_limit",
        json!(3)
    ));
    assert!(!breaches(
        "rabbitmq-quorum-queue",
        "delivery_limit",
        json!(3)
    ));
    assert!(breaches("rabbitmq-quorum-queue", "durable", json!(false)));
    assert!(breaches(
        "rabbitmq-quorum-queue",
        "overflow",
        json!("reject_dead_letter")
    ));
    assert!(!breaches(
        "rabbitmq-classic-queue",
        "overflow",
        json!("reject_dead_letter")
    ));
    assert!(breaches("sqs-fifo", "groups", json!(false)));
    assert!(breaches("sqs-fifo", "deduplication", json!("off")));
    assert!(!breaches("sqs-fifo", "deduplication", json!("content")));
    assert!(breaches("sqs-fifo", "ack_timeout", json!("13h")));
    assert!(breaches("sqs-fifo", "ack_timeout", Value::Null));
    assert!(!breaches("sqs-fifo", "ack_timeout", json!("90s")));
    assert!(breaches("pubsub-subscription", "max_receives", json!(3)));
    assert!(!breaches("pubsub-subscription", "max_receives", json!(7)));
    assert!(!breaches("sqs-standard", "delay", Value::Null));
    assert!(breaches("sqs-standard", "delay", json!("16m")));
}

#[test]
fn logs_have_rules_too() {
    let breaches = |slug: &str, field: &str, value: Value| {
        let kind = Kind::from_name("log").expect("there are logs");
        let mut json = preset(slug).settings(kind).to_json();
        json[field] = value;
        let settings = Settings::from_json(kind, &json).expect("they are allowed");
        let breaches = preset(slug).breaches(&settings);
        breaches.iter().any(|(it, _)| it.name == field)
    };
    for (slug, field, value, breaks) in [
        ("kafka-topic", "session_timeout", json!("5s"), true),
        ("kafka-topic", "session_timeout", json!("6s"), false),
        ("kafka-topic", "segment_bytes", json!(1500), true),
        ("kafka-topic", "unclean_election", json!(true), false),
        ("redpanda-topic", "unclean_election", json!(true), true),
        ("redpanda-topic", "session_timeout", json!("6m"), true),
        ("rabbitmq-stream", "acks", json!("1"), true),
        ("rabbitmq-stream", "acks", json!("0"), false),
        ("rabbitmq-stream", "cleanup", json!("compact"), true),
        ("rabbitmq-stream", "partitions", json!(3), false),
        ("kinesis-stream", "retention", json!("23h"), true),
        ("kinesis-stream", "retention", json!("8760h"), false),
        ("kinesis-stream", "retention", Value::Null, true),
        ("kinesis-stream", "acks", json!("1"), true),
        ("kinesis-stream", "brokers", json!(3), true),
        ("kinesis-stream", "idempotent", json!(true), true),
        ("event-hub", "partitions", json!(33), true),
        ("event-hub", "partitions", json!(32), false),
        ("event-hub", "retention", json!("30m"), true),
        ("event-hub", "static_members", json!(true), true),
        ("event-hub", "sharing", json!("records"), true),
        ("jetstream-stream", "sharing", json!("partitions"), true),
        ("jetstream-stream", "partitions", json!(3), true),
        ("jetstream-stream", "ack_wait", json!("5s"), false),
        ("jetstream-stream", "acks", json!("1"), true),
        ("redis-stream", "max_deliveries", json!(3), true),
        ("redis-stream", "ack_wait", json!("1m"), false),
        ("redis-stream", "acks", json!("all"), true),
    ] {
        assert_eq!(
            breaches(slug, field, value.clone()),
            breaks,
            "{slug} {field} {value}"
        );
    }
}

#[test]
fn words_are_those_of_the_product() {
    let fifo = preset("sqs-fifo");
    assert_eq!(fifo.word("time_to_live"), Some("MessageRetentionPeriod"));
    assert_eq!(fifo.word("max_priority"), None);
    assert!(fifo.lacks("max_priority").is_some());
    let quorum = preset("rabbitmq-quorum-queue");
    assert_eq!(quorum.word("delivery_limit"), Some("x-delivery-limit"));
    assert_eq!(quorum.word("max_priority"), None, "it is refused there");
    assert_eq!(
        preset("sns-topic").link_word("filter"),
        Some("FilterPolicy")
    );
}
