//! Filters of CloudEvents subscriptions as filter policies of Amazon SNS.
//!
//! It follows the dialects exact, prefix, suffix, all, any and not of the CloudEvents
//! Subscriptions API. What a policy cannot say is refused: SQL, two conditions on one attribute
//! that must both hold, and the opposite of anything but one condition.

use serde_json::{Map, Value, json};

type Policy = Map<String, Value>;

/// The policy that takes what all of these filters take.
///
/// # Errors
/// What a policy cannot say.
pub(super) fn policy(filters: &Value) -> Result<Value, String> {
    let list = filters.as_array();
    let list =
        list.ok_or("expected a list of filters, such as [{ \"prefix\": { \"type\": \"a\" } }]")?;
    all(list).map(Value::Object)
}

fn all(filters: &[Value]) -> Result<Policy, String> {
    let mut whole = Policy::new();
    for filter in filters {
        for (name, wanted) in one(filter)? {
            if whole.insert(name.clone(), wanted).is_some() {
                return Err(match name.as_str() {
                    "$or" => "a filter policy cannot want one of several twice".to_owned(),
                    _ => format!("a filter policy cannot want two things of {name:?}"),
                });
            }
        }
    }
    Ok(whole)
}

fn one(filter: &Value) -> Result<Policy, String> {
    let mut entries = filter.as_object().into_iter().flatten();
    let (Some((dialect, value)), None) = (entries.next(), entries.next()) else {
        return Err(format!(
            "expected an object with one dialect, found {filter}"
        ));
    };
    let list = || value.as_array().filter(|list| !list.is_empty());
    let list = || list().ok_or_else(|| format!("expected a list of filters in {dialect:?}"));
    match dialect.as_str() {
        "all" => all(list()?),
        "any" => {
            let choices: Result<Vec<Policy>, String> = list()?.iter().map(one).collect();
            Ok(any(choices?))
        }
        "not" => not(value),
        "exact" | "prefix" | "suffix" => {
            let texts = texts(dialect, value)?;
            let test = |(name, text): (&String, &str)| (name.clone(), json!([test(dialect, text)]));
            Ok(texts.into_iter().map(test).collect())
        }
        other => Err(format!(
            "expected exact, prefix, suffix, all, any or not, found {other:?}"
        )),
    }
}

/// One of several: of the same attribute it is one list.
fn any(mut choices: Vec<Policy>) -> Policy {
    if choices.len() == 1 {
        return choices.remove(0);
    }
    let name = |choice: &Policy| match choice.len() {
        1 => choice.keys().next().cloned(),
        _ => None,
    };
    let first = choices.first().and_then(name).filter(|it| it != "$or");
    match first.filter(|first| choices.iter().all(|it| name(it).as_ref() == Some(first))) {
        Some(name) => {
            let tests = choices.iter().filter_map(|choice| choice[&name].as_array());
            let tests: Vec<Value> = tests.flatten().cloned().collect();
            Policy::from_iter([(name, Value::Array(tests))])
        }
        None => Policy::from_iter([("$or".to_owned(), json!(choices))]),
    }
}

/// The opposite of one condition holds also where the attribute is missing, which anything-but
/// alone would not take.
fn not(filter: &Value) -> Result<Policy, String> {
    let refused = || format!("a filter policy cannot want the opposite of {filter}");
    let mut entries = filter.as_object().into_iter().flatten();
    let (Some((dialect, value)), None) = (entries.next(), entries.next()) else {
        return Err(refused());
    };
    let texts = match dialect.as_str() {
        "exact" | "prefix" | "suffix" => texts(dialect, value)?,
        _ => return Err(refused()),
    };
    let [(name, text)] = texts[..] else {
        return Err(refused());
    };
    let other = json!({ "anything-but": test(dialect, text) });
    let missing = json!({ "exists": false });
    Ok(Policy::from_iter([(name.clone(), json!([other, missing]))]))
}

fn texts<'v>(dialect: &str, value: &'v Value) -> Result<Vec<(&'v String, &'v str)>, String> {
    let expected = || format!("expected texts by attribute in {dialect:?}, found {value}");
    let attributes = value.as_object().filter(|it| !it.is_empty());
    let attributes = attributes.ok_or_else(expected)?.iter();
    let text = |(name, text): (&'v String, &'v Value)| Some((name, text.as_str()?));
    attributes
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(expected)
}

fn test(dialect: &str, text: &str) -> Value {
    match dialect {
        "exact" => json!(text),
        other => json!({ other: text }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::*;
    use crate::engine::FilterScope::Attributes;

    fn takes(filters: &Value, attributes: &Value) -> bool {
        let policy = policy(filters).unwrap();
        assert_eq!(Filter::problem(&policy, Attributes), None, "{policy}");
        Filter::new(&policy, Attributes).takes(attributes)
    }

    #[test]
    fn each_dialect_takes_what_its_definition_says() {
        let order = json!({ "type": "com.shop.order", "subject": "ada" });
        let bill = json!({ "type": "com.shop.bill" });
        let is_ada = json!({ "exact": { "subject": "ada" } });
        let is_bill = json!({ "suffix": { "type": "bill" } });
        for (filters, takes_order, takes_bill) in [
            (json!([]), true, true),
            (
                json!([{ "exact": { "type": "com.shop.order" } }]),
                true,
                false,
            ),
            (json!([{ "prefix": { "type": "com.shop." } }]), true, true),
            (json!([is_bill]), false, true),
            (
                json!([{ "prefix": { "type": "com." } }, is_ada]),
                true,
                false,
            ),
            (
                json!([{ "prefix": { "type": "com.", "subject": "a" } }]),
                true,
                false,
            ),
            (
                json!([{ "any": [{ "exact": { "subject": "ada", "type": "x" } }] }]),
                false,
                false,
            ),
            (
                json!([{ "all": [{ "prefix": { "type": "com." } }] }]),
                true,
                true,
            ),
            (
                json!([{ "any": [{ "suffix": { "type": "x" } }, is_bill] }]),
                false,
                true,
            ),
            (json!([{ "any": [is_ada, is_bill] }]), true, true),
            (json!([{ "not": is_ada }]), false, true),
            (json!([{ "not": is_bill }]), true, false),
        ] {
            assert_eq!(takes(&filters, &order), takes_order, "{filters}");
            assert_eq!(takes(&filters, &bill), takes_bill, "{filters}");
        }
    }

    #[test]
    fn what_a_policy_cannot_say_is_refused() {
        for wrong in [
            json!({ "exact": { "type": "a" } }),
            json!([{ "prefix": { "type": "a" } }, { "suffix": { "type": "z" } }]),
            json!([{ "sql": "type = 'a'" }]),
            json!([{ "prefix": { "type": "a" }, "suffix": { "subject": "z" } }]),
            json!([{ "exact": { "type": 1 } }]),
            json!([{ "exact": {} }]),
            json!([{ "any": [] }]),
            json!([{ "not": { "all": [] } }]),
            json!([{ "not": { "exact": { "type": "a", "subject": "b" } } }]),
        ] {
            assert!(policy(&wrong).is_err(), "{wrong}");
        }
    }
}
