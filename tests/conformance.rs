//! Vectors: what real systems were seen to do, and what we do with the same input.
//!
//! It runs every file of tests/vectors, and of the folders that `EVENTYARD_VECTORS` names. Pure
//! rules are asked by the one function that the kind calls; scripts of operations are played as
//! interventions of a run, in which a person operates the consumers.

#[path = "conformance/broker.rs"]
mod broker;
#[path = "conformance/likeness.rs"]
mod likeness;
#[path = "conformance/plant.rs"]
mod plant;
#[path = "conformance/rabbitmq.rs"]
mod rabbitmq;
#[path = "conformance/sqs.rs"]
mod sqs;

#[path = "conformance/kafka.rs"]
mod kafka;
#[path = "queueing_theory/theory.rs"]
mod theory;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eventyard::engine::FilterScope;
use eventyard::nodes::exchange::{Binding, ExchangeType, members};
use eventyard::nodes::{Filter, SubjectPattern};
use eventyard::units::Luck;
use serde_json::{Map, Value, json};

/// What became of the cases of one file.
#[derive(Default)]
struct Verdict {
    passed: usize,
    failures: Vec<String>,
    /// How many cases are not supported, by the reason.
    unsupported: BTreeMap<String, usize>,
}

impl Verdict {
    fn judge(&mut self, case: &str, expected: &Value, found: &Value) {
        if expected == found {
            self.passed += 1;
        } else {
            self.failures
                .push(format!("{case}: expected {expected}, found {found}"));
        }
    }

    fn skip(&mut self, reason: impl Into<String>, count: usize) {
        *self.unsupported.entry(reason.into()).or_default() += count;
    }
}

#[test]
fn we_do_what_the_real_systems_do() {
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let named = std::env::var_os("EVENTYARD_VECTORS").unwrap_or_default();
    let folders = std::iter::once(given.clone()).chain(std::env::split_paths(&named));
    let mut failed = 0;
    for file in folders.flat_map(|folder| files(&folder)) {
        let verdict = verdict_on(&file, file.starts_with(&given));
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let (passed, failures) = (verdict.passed, verdict.failures.len());
        let skipped: usize = verdict.unsupported.values().sum();
        println!("{name}: {passed} passed, {failures} failed, {skipped} not supported");
        for failure in &verdict.failures {
            println!("  failed: {failure}");
        }
        for (reason, count) in &verdict.unsupported {
            println!("  not supported: {count} × {reason}");
        }
        failed += failures;
    }
    assert_eq!(failed, 0, "see above");
}

/// The JSON files of a folder and those below it, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    if folder.as_os_str().is_empty() {
        return Vec::new();
    }
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let is_json = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let open = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => Some(path).filter(is_json).into_iter().collect(),
    };
    paths.into_iter().flat_map(open).collect()
}

/// Judges a file: one that is given here, or another one.
fn verdict_on(file: &Path, is_given: bool) -> Verdict {
    let mut verdict = Verdict::default();
    let read = std::fs::read_to_string(file).map_err(|error| error.to_string());
    let json = read
        .and_then(|text| serde_json::from_str::<Value>(&text).map_err(|error| error.to_string()));
    let json = match json {
        Ok(json) => json,
        Err(error) => {
            verdict.failures.push(error);
            return verdict;
        }
    };
    match json["format"].as_str() {
        Some("sns-filter/1") => sns_filter(&json, &mut verdict),
        Some("topic-routing/1") => topic_routing(&json, &mut verdict),
        Some("queueing-theory/1") => queueing_theory(&json, is_given, &mut verdict),
        Some("rabbitmq-behaviour/1") => rabbitmq::run(&json, &mut verdict),
        Some("sqs-behaviour/1") => sqs::run(&json, &mut verdict),
        Some("kafka-murmur2/1") => kafka::keys(&json, &mut verdict),
        Some("kafka-assignors/1") => kafka::assignors(&json, &mut verdict),
        Some(format) => {
            let reason = format!("the format {format} is not run yet");
            verdict.skip(reason, cases_in(&json));
        }
        None => verdict.skip("a file without a format", 1),
    }
    verdict
}

/// How many cases a file has, roughly: the items of its lists of objects.
fn cases_in(json: &Value) -> usize {
    let lists = json
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, it)| it.as_array());
    let count: usize = lists
        .filter(|list| list.iter().all(Value::is_object))
        .map(Vec::len)
        .sum();
    count.max(1)
}

fn list(json: &Value) -> &[Value] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(json: &Value) -> &str {
    json.as_str().unwrap_or_default()
}

/// Formulas, and runs of the models: those of our own file are run by tests/queueing_theory.
fn queueing_theory(json: &Value, is_given: bool, verdict: &mut Verdict) {
    for vector in list(&json["vectors"]) {
        let judged = theory::judge::judge(vector, !is_given);
        verdict.passed += judged.passed;
        verdict.failures.extend(judged.failures);
        for unknown in judged.unknown {
            verdict.skip(unknown, 1);
        }
    }
}

fn sns_filter(json: &Value, verdict: &mut Verdict) {
    for case in list(&json["cases"]) {
        let (scope, object) = match text(&case["scope"]) {
            "MessageAttributes" => (FilterScope::Attributes, attributes(&case["attributes"])),
            "MessageBody" => (FilterScope::Body, body(&case["body"])),
            other => {
                verdict.skip(format!("the scope {other:?}"), 1);
                continue;
            }
        };
        let takes = Filter::new(&case["policy"], scope).takes(&object);
        let name = format!("{} {} on {object}", text(&case["id"]), case["policy"]);
        verdict.judge(&name, &case["expected"], &json!(takes));
    }
}

/// A body is JSON, or a text that may be JSON.
fn body(json: &Value) -> Value {
    let parsed = json
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok());
    parsed.unwrap_or_else(|| json.clone())
}

/// Message attributes as the values of their types.
fn attributes(json: &Value) -> Value {
    let value = |attribute: &Value| {
        let value = attribute
            .get("Value")
            .or_else(|| attribute.get("StringValue"))?;
        let kind = attribute
            .get("Type")
            .or_else(|| attribute.get("DataType"))?;
        match (kind.as_str()?, value) {
            ("Number" | "String.Array", Value::String(text)) => serde_json::from_str(text).ok(),
            ("Binary", _) => None,
            _ => Some(value.clone()),
        }
    };
    let values = json.as_object().into_iter().flatten();
    let known = values.filter_map(|(name, attribute)| Some((name.clone(), value(attribute)?)));
    Value::Object(known.collect())
}

fn topic_routing(json: &Value, verdict: &mut Verdict) {
    for group in list(&json["amqp"]["groups"]) {
        amqp_group(group, verdict);
    }
    for group in list(&json["nats"]["groups"]) {
        nats_group(group, verdict);
    }
    for case in list(&json["nats"]["queue_groups"]) {
        queue_groups(case, verdict);
    }
}

fn amqp_group(group: &Value, verdict: &mut Verdict) {
    let Ok(exchange) = serde_json::from_value::<ExchangeType>(group["exchange"].clone()) else {
        let reason = format!("exchanges of the type {}", group["exchange"]);
        return verdict.skip(reason, list(&group["messages"]).len());
    };
    let empty = Map::new();
    let bindings: Vec<(&str, Binding)> = list(&group["bindings"])
        .iter()
        .map(|it| {
            let arguments = it["arguments"].as_object().unwrap_or(&empty);
            let key = text(&it["binding_key"]);
            (text(&it["queue"]), Binding::new(exchange, key, arguments))
        })
        .collect();
    for message in list(&group["messages"]) {
        let headers = message["headers"].as_object().unwrap_or(&empty);
        let key = text(&message["routing_key"]);
        let taken = bindings
            .iter()
            .filter(|(_, binding)| binding.takes(key, || headers));
        let name = format!("{} {key:?} {}", text(&group["id"]), message["headers"]);
        let found = sorted(taken.map(|(queue, _)| *queue));
        verdict.judge(
            &name,
            &sorted(list(&message["matched"]).iter().map(text)),
            &found,
        );
    }
}

fn nats_group(group: &Value, verdict: &mut Verdict) {
    let name = text(&group["id"]);
    let patterns: Vec<(&str, Option<SubjectPattern>)> = list(&group["patterns"])
        .iter()
        .map(|it| (text(it), SubjectPattern::new(text(it))))
        .collect();
    let refused = patterns.iter().filter(|(_, pattern)| pattern.is_none());
    let expected = group["rejected_patterns"].as_object().into_iter().flatten();
    let expected = sorted(expected.map(|(pattern, _)| pattern.as_str()));
    let case = format!("{name} refused patterns");
    verdict.judge(&case, &expected, &sorted(refused.map(|(text, _)| *text)));
    for message in list(&group["messages"]) {
        let subject = text(&message["subject"]);
        let takes = |pattern: &Option<SubjectPattern>| {
            pattern
                .as_ref()
                .is_some_and(|pattern| pattern.takes(subject))
        };
        let taken = patterns.iter().filter(|(_, pattern)| takes(pattern));
        let case = format!("{name} {subject:?}");
        let expected = sorted(list(&message["matched"]).iter().map(text));
        verdict.judge(&case, &expected, &sorted(taken.map(|(text, _)| *text)));
        if group["client_pedantic"] == true {
            let is_refused = json!(!SubjectPattern::is_plain(subject));
            let expected = json!(message.get("error").is_some());
            verdict.judge(&format!("{case} refused"), &expected, &is_refused);
        }
    }
}

/// How many copies each group gets, and each subscription without one.
fn queue_groups(case: &Value, verdict: &mut Verdict) {
    let empty = Map::new();
    let subscriptions: Vec<(String, Binding, &str)> = (0..)
        .zip(list(&case["subscriptions"]))
        .map(|(n, it)| {
            let group = text(&it["queue"]);
            let name = if group.is_empty() {
                format!("plain#{n}")
            } else {
                group.to_owned()
            };
            let binding = Binding::new(ExchangeType::Subjects, text(&it["subject"]), &empty);
            (name, binding, group)
        })
        .collect();
    for observed in list(&case["observed"]) {
        let subject = text(&observed["subject"]);
        let mut copies: BTreeMap<&str, u64> = BTreeMap::new();
        for n in 0..observed["published"].as_u64().unwrap_or_default() {
            let luck = Luck::of(1, "queue groups").at(n);
            let taken = subscriptions
                .iter()
                .filter(|it| it.1.takes(subject, || &empty));
            let below = |bound| luck.below(u64::from(bound), bound);
            for (name, ..) in members(taken, |it| it.2, below) {
                *copies.entry(name).or_default() += 1;
            }
        }
        let given = observed["copies_per_group_or_plain"].as_object();
        let expected: BTreeMap<&str, u64> = given
            .into_iter()
            .flatten()
            .filter_map(|(name, count)| Some((name.as_str(), count.as_u64()?)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let case = format!("{} {subject:?}", text(&case["id"]));
        verdict.judge(&case, &json!(expected), &json!(copies));
    }
}

/// Each text once, in order.
fn sorted<'t>(texts: impl Iterator<Item = &'t str>) -> Value {
    let mut texts: Vec<&str> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    json!(texts)
}
