//! Why SNS refuses a filter policy: its checks in their order, in its words.

use serde_json::{Map, Value};

use super::choices_of;
use super::test::{Comparison, network};
use crate::engine::FilterScope;

/// Most names at the top of a policy.
const NAMES_MOST: usize = 5;
/// Most combinations of values.
const COMBINATIONS_MOST: u64 = 150;
/// Most bytes of the policy as text.
const BYTES_MOST: usize = 256 * 1024;

type Checked = Result<(), String>;

fn refused<T>(what: impl std::fmt::Display) -> Result<T, String> {
    Err(format!("FilterPolicy: {what}"))
}

/// The first thing that is wrong with a policy.
pub(super) fn first(policy: &Value, scope: FilterScope) -> Checked {
    let Some(names) = policy.as_object() else {
        return refused("expected an object, such as { \"color\": [\"red\"] }");
    };
    if names.len() > NAMES_MOST {
        return refused("Filter policy can not have more than 5 keys");
    }
    if policy.to_string().len() > BYTES_MOST {
        return refused("Filter policy can not be larger than 256 KB");
    }
    let mut rules = Vec::new();
    if combinations(names, scope, (1, 1), &mut rules)? > COMBINATIONS_MOST {
        return refused("Filter policy is too complex");
    }
    rules.into_iter().try_for_each(rule)
}

/// How many combinations of values there are; each list counts as often as it lies deep.
fn combinations<'v>(
    names: &'v Map<String, Value>,
    scope: FilterScope,
    (depth, mut count): (u64, u64),
    rules: &mut Vec<&'v Value>,
) -> Result<u64, String> {
    if depth > 1 && scope == FilterScope::Attributes {
        return refused(
            "Filter policy scope MessageAttributes does not support nested filter policy",
        );
    }
    for (name, value) in names {
        match value {
            Value::Object(inner) => {
                count = combinations(inner, scope, (depth + 1, count), rules)?;
            }
            Value::Array(list) if list.is_empty() => {
                return refused("Empty arrays are not allowed");
            }
            Value::Array(list) => match choices_of(name, value) {
                Some(choices) => {
                    let mut sum = 0u64;
                    for choice in choices.iter().filter_map(Value::as_object) {
                        let each = combinations(choice, scope, (depth, count), rules)?;
                        sum = sum.saturating_add(each);
                    }
                    count = sum;
                }
                None => {
                    rules.extend(list);
                    count = count.saturating_mul(list.len() as u64 * depth);
                }
            },
            _ => return refused(format_args!("{name:?} must be an object or an array")),
        }
    }
    Ok(count)
}

fn rule(rule: &Value) -> Checked {
    let object = match rule {
        Value::Object(object) => object,
        Value::Array(_) => {
            return refused("Match value must be String, number, true, false, or null");
        }
        _ => return Ok(()),
    };
    let mut entries = object.iter();
    let (Some((operator, value)), None) = (entries.next(), entries.next()) else {
        return refused("Only one key allowed in match expression");
    };
    match operator.as_str() {
        "prefix" | "suffix" | "equals-ignore-case" | "wildcard" => text(operator, value),
        "anything-but" => anything_but(value),
        "exists" if value.is_boolean() => Ok(()),
        "exists" => refused("exists match pattern must be either true or false."),
        "numeric" => numeric(value),
        "cidr" => cidr(value),
        other => refused(format_args!("Unrecognized match type {other}")),
    }
}

fn text(operator: &str, value: &Value) -> Checked {
    match value {
        Value::String(_) => Ok(()),
        _ => refused(format_args!("{operator} match pattern must be a string")),
    }
}

fn anything_but(value: &Value) -> Checked {
    let plain = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => {
            refused("Inside anything-but there are only texts, numbers, true, false and null")
        }
        _ => Ok(()),
    };
    match value {
        Value::Array(list) if list.is_empty() => refused("Empty arrays are not allowed"),
        Value::Array(list) => list.iter().try_for_each(plain),
        Value::Object(object) => {
            let mut entries = object.iter();
            let (Some((operator, value)), None) = (entries.next(), entries.next()) else {
                return refused("Only one key allowed in match expression");
            };
            if !matches!(
                &**operator,
                "prefix" | "suffix" | "equals-ignore-case" | "wildcard"
            ) {
                return refused(format_args!("Unsupported anything-but pattern: {operator}"));
            }
            match value {
                Value::Array(list) if list.is_empty() => refused("Empty arrays are not allowed"),
                Value::Array(list) => list.iter().try_for_each(|value| text(operator, value)),
                value => text(operator, value),
            }
        }
        value => plain(value),
    }
}

fn numeric(value: &Value) -> Checked {
    let parts = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_sign = |sign: &Value| {
        sign.as_str()
            .is_some_and(|it| Comparison::read(it).is_some())
    };
    let must_be_number = |sign: &Value| {
        let sign = sign
            .as_str()
            .map_or("", |it| if it == "=" { "equals" } else { it });
        refused(format_args!("Value of {sign} must be numeric"))
    };
    let Some(first) = parts.first() else {
        return refused("Invalid member in numeric match: ]");
    };
    if !first.is_string() {
        return refused(format_args!("Invalid member in numeric match: {first}"));
    }
    if !is_sign(first) {
        return refused(format_args!("Unrecognized numeric range operator: {first}"));
    }
    let Some(bottom) = parts.get(1).and_then(Value::as_f64) else {
        return must_be_number(first);
    };
    let Some(second) = parts.get(2) else {
        return Ok(());
    };
    if !matches!(first.as_str(), Some(">" | ">=")) {
        return refused("Too many elements in numeric expression");
    }
    if !second.is_string() {
        return refused(format_args!("Bad value in numeric range: {second}"));
    }
    if !matches!(second.as_str(), Some("<" | "<=")) {
        return refused(format_args!("Bad numeric range operator: {second}"));
    }
    match parts.get(3).and_then(Value::as_f64) {
        None => must_be_number(second),
        Some(top) if top <= bottom => refused("Bottom must be less than top"),
        Some(_) if parts.len() > 4 => refused("Too many terms in numeric range expression"),
        Some(_) => Ok(()),
    }
}

fn cidr(value: &Value) -> Checked {
    let Some(text) = value.as_str() else {
        // These are its words.
        return refused("prefix match pattern must be a string");
    };
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [_, bits] if bits.parse::<i64>().is_err() => {
            refused("Malformed CIDR, mask bits must be an integer")
        }
        [address, _] if network(text).is_none() => {
            refused(format_args!("Nonstandard IP address: {address}"))
        }
        [_, _] => Ok(()),
        _ => refused("Malformed CIDR, one '/' required"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(policy: Value) -> String {
        first(&policy, FilterScope::Body).err().unwrap_or_default()
    }

    #[test]
    fn what_is_allowed_is_not_refused() {
        for policy in [
            json!({}),
            json!({ "a": ["x", 1, true, null, { "exists": false }, { "prefix": "x" }] }),
            json!({ "a": [{ "numeric": [">", 0, "<=", 1.5] }, { "cidr": "10.0.0.0/8" }] }),
            json!({ "a": [{ "anything-but": ["x", 1] }, { "anything-but": { "prefix": "x" } }] }),
            json!({ "$or": [{ "a": [1] }, { "b": [2] }], "c": { "d": ["x"] } }),
        ] {
            assert_eq!(said(policy.clone()), "", "{policy}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_sns_says_it() {
        for (policy, words) in [
            (json!({ "a": "x" }), "\"a\" must be an object or an array"),
            (json!({ "a": [] }), "Empty arrays are not allowed"),
            (json!({ "a": [["x"]] }), "Match value must be String"),
            (
                json!({ "a": [{ "like": "x" }] }),
                "Unrecognized match type like",
            ),
            (
                json!({ "a": [{ "prefix": 1 }] }),
                "prefix match pattern must be a string",
            ),
            (
                json!({ "a": [{ "exists": 1 }] }),
                "must be either true or false",
            ),
            (
                json!({ "a": [{ "exists": true, "prefix": "x" }] }),
                "Only one key allowed",
            ),
            (
                json!({ "a": [{ "numeric": [] }] }),
                "Invalid member in numeric match: ]",
            ),
            (
                json!({ "a": [{ "numeric": ["!", 1] }] }),
                "Unrecognized numeric range operator",
            ),
            (
                json!({ "a": [{ "numeric": ["=", "1"] }] }),
                "Value of equals must be numeric",
            ),
            (
                json!({ "a": [{ "numeric": ["<", 1, ">", 0] }] }),
                "Too many elements",
            ),
            (
                json!({ "a": [{ "numeric": [">", 1, "<", 1] }] }),
                "Bottom must be less than top",
            ),
            (json!({ "a": [{ "cidr": "10.0.0.0" }] }), "one '/' required"),
            (
                json!({ "a": [{ "cidr": "10.0.0/8" }] }),
                "Nonstandard IP address: 10.0.0",
            ),
            (
                json!({ "a": [{ "anything-but": { "exists": true } }] }),
                "Unsupported anything-but",
            ),
            (
                json!({ "a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1] }),
                "5 keys",
            ),
        ] {
            let said = said(policy.clone());
            assert!(said.contains(words), "{policy}: {said}");
        }
    }

    #[test]
    fn combinations_are_counted_with_their_depth() {
        // The example of the documentation: 4 values three deep, 3 values two deep.
        let policy = |values: usize| {
            let list: Vec<usize> = (0..values).collect();
            json!({ "a": { "b": { "c": list } }, "d": { "e": [1, 2, 3] } })
        };
        assert_eq!(said(policy(4)), "");
        assert_eq!(said(policy(8)), "");
        assert!(said(policy(9)).contains("too complex"));
        let nested = json!({ "a": { "b": [1] } });
        assert!(first(&nested, FilterScope::Attributes).is_err());
    }
}
