//! The filter policies of Amazon SNS: which messages a subscription wants.
//!
//! A policy is read once and then asked for each message. It knows attributes and bodies as JSON,
//! and nothing of messages and links. Objects in arrays are matched as AWS's own event-ruler does:
//! all that is wanted of one object has to be in the same element.

mod cloud_events;
mod test;
mod trouble;

use std::borrow::Cow;

use serde_json::{Map, Value};

use test::Test;

use crate::engine::FilterScope;

/// A filter policy that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    scope: FilterScope,
    policy: Group,
}

/// What is wanted of one object.
#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    /// All of these.
    fields: Vec<(Box<str>, Wanted)>,
    /// Of each of these lists, one.
    choices: Vec<Vec<Group>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    /// A value that passes one of these.
    OneOf(Vec<Test>),
    /// An object.
    Object(Group),
}

impl Filter {
    /// Reads a policy. What [`problem`](Self::problem) complains of matches nothing, except a
    /// single value without a list around it.
    pub fn new(policy: &Value, scope: FilterScope) -> Self {
        let empty = Map::new();
        let policy = Group::read(policy.as_object().unwrap_or(&empty), scope);
        Self { scope, policy }
    }

    /// Why SNS would refuse a policy, in its words.
    pub fn problem(policy: &Value, scope: FilterScope) -> Option<String> {
        trouble::first(policy, scope).err()
    }

    /// The policy that says what the filters of a CloudEvents subscription say: a list of the
    /// dialects exact, prefix, suffix, all, any and not.
    ///
    /// # Errors
    /// What no policy can say.
    pub fn of_cloud_events(filters: &Value) -> Result<Value, String> {
        cloud_events::policy(filters)
    }

    /// What it looks at.
    pub fn scope(&self) -> FilterScope {
        self.scope
    }

    /// Whether it takes a message with these attributes, or this body. A list is an attribute of
    /// type String.Array.
    pub fn takes(&self, object: &Value) -> bool {
        object.is_object() && self.policy.takes(&[object])
    }
}

impl Group {
    fn read(policy: &Map<String, Value>, scope: FilterScope) -> Self {
        let mut group = Self::default();
        for (name, value) in policy {
            if let Some(choices) = choices_of(name, value) {
                let choices = choices.iter().filter_map(Value::as_object);
                let read = choices.map(|choice| Self::read(choice, scope));
                group.choices.push(read.collect());
                continue;
            }
            let wanted = match value {
                Value::Object(inner) => Wanted::Object(Self::read(inner, scope)),
                Value::Array(tests) => Wanted::OneOf(tests.iter().map(Test::read).collect()),
                single => Wanted::OneOf(vec![Test::read(single)]),
            };
            group.add(name, wanted, scope);
        }
        group
    }

    /// In bodies a dot in a name stands for an object in an object.
    fn add(&mut self, name: &str, wanted: Wanted, scope: FilterScope) {
        let split = name.split_once('.').filter(|_| scope == FilterScope::Body);
        match split {
            None => self.fields.push((name.into(), wanted)),
            Some((outer, rest)) => {
                let mut inner = Self::default();
                inner.add(rest, wanted, scope);
                self.fields.push((outer.into(), Wanted::Object(inner)));
            }
        }
    }

    /// Whether one of these objects has all that is wanted.
    fn takes(&self, objects: &[&Value]) -> bool {
        (objects.iter()).any(|object| self.takes_one(object, objects))
    }

    fn takes_one(&self, object: &Value, all: &[&Value]) -> bool {
        let has = |(name, wanted): &(Box<str>, Wanted)| match wanted {
            Wanted::OneOf(tests) => {
                let value = field(object, name);
                let values = value.as_deref().map(plain_values).unwrap_or_default();
                let passes = |test: &Test| match test {
                    // A name is absent if no element of the list has it.
                    Test::Exists(false) => !all.iter().any(|other| is_there(other, name)),
                    test => values.iter().any(|value| test.passes(value)),
                };
                tests.iter().any(passes)
            }
            Wanted::Object(group) => match field(object, name) {
                Some(value) => {
                    let inner = objects_in(&value);
                    // Where there is no object, something may still be absent.
                    group.takes(if inner.is_empty() {
                        &[&Value::Null]
                    } else {
                        &inner
                    })
                }
                None => group.takes(&[&Value::Null]),
            },
        };
        let chosen =
            |choices: &Vec<Self>| (choices.iter()).any(|choice| choice.takes_one(object, all));
        self.fields.iter().all(has) && self.choices.iter().all(chosen)
    }
}

/// The choices, if a field is not a field but stands for one of several.
fn choices_of<'v>(name: &str, value: &'v Value) -> Option<&'v Vec<Value>> {
    let choices = value.as_array().filter(|_| name == "$or")?;
    (choices.len() > 1 && choices.iter().all(Value::is_object)).then_some(choices)
}

/// A field of an object. Fields whose names begin with the name and a dot are fields inside of it.
fn field<'v>(object: &'v Value, name: &str) -> Option<Cow<'v, Value>> {
    let object = object.as_object()?;
    if let Some(value) = object.get(name) {
        return Some(Cow::Borrowed(value));
    }
    let inner: Map<String, Value> = object
        .iter()
        .filter_map(|(long, value)| {
            let rest = long.strip_prefix(name)?.strip_prefix('.')?;
            Some((rest.to_owned(), value.clone()))
        })
        .collect();
    (!inner.is_empty()).then(|| Cow::Owned(Value::Object(inner)))
}

fn is_there(object: &Value, name: &str) -> bool {
    field(object, name).is_some_and(|value| !plain_values(&value).is_empty())
}

/// The values that are no lists and no objects, out of lists in lists.
fn plain_values(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(plain_values).collect(),
        Value::Object(_) => Vec::new(),
        plain => vec![plain],
    }
}

/// The objects, out of lists in lists.
fn objects_in(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(objects_in).collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn takes(policy: Value, body: Value) -> bool {
        Filter::new(&policy, FilterScope::Body).takes(&body)
    }

    #[test]
    fn what_is_wanted_of_an_object_is_in_one_element() {
        let policy = json!({ "d": { "a": [1], "b": [2] } });
        assert!(takes(
            policy.clone(),
            json!({ "d": [{ "a": 1, "b": 2 }, { "a": 1 }] })
        ));
        assert!(!takes(policy, json!({ "d": [{ "a": 1 }, { "b": 2 }] })));
    }

    #[test]
    fn absent_is_what_no_element_has() {
        let policy = json!({ "d": { "a": [{ "exists": false }] } });
        assert!(takes(policy.clone(), json!({})));
        assert!(takes(policy.clone(), json!({ "d": [{ "b": 1 }] })));
        assert!(!takes(policy, json!({ "d": [{ "a": 1 }, { "b": 2 }] })));
    }

    #[test]
    fn anything_but_wants_the_field_and_one_element_outside() {
        let policy = json!({ "k": [{ "anything-but": ["red"] }] });
        assert!(!takes(policy.clone(), json!({})));
        assert!(takes(policy.clone(), json!({ "k": ["red", "blue"] })));
        assert!(!takes(policy, json!({ "k": ["red"] })));
    }

    #[test]
    fn a_dot_in_a_name_is_an_object_in_an_object() {
        for policy in [json!({ "a.b": ["x"] }), json!({ "a": { "b": ["x"] } })] {
            assert!(takes(policy.clone(), json!({ "a.b": "x" })));
            assert!(takes(policy, json!({ "a": { "b": "x" } })));
        }
    }

    #[test]
    fn or_is_one_of_several_beside_the_rest() {
        let policy = json!({ "$or": [{ "a": [1] }, { "b": [2] }], "c": [3] });
        assert!(takes(policy.clone(), json!({ "b": 2, "c": 3 })));
        assert!(!takes(policy.clone(), json!({ "b": 2 })));
        assert!(!takes(policy, json!({ "c": 3 })));
    }
}
