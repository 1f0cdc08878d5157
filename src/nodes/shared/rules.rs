//! What events do to a state, and which commands a state allows, as settings describe it.
//!
//! A [`Fold`] turns one event into changes of a few fields; a [`Rule`] says what a command needs
//! and what it leads to. Aggregates and projections are written with these. It is deliberately no
//! programming language: there is nothing in it that could take long.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::events::{NAME_MOST, name_problem};
use crate::engine::{Context, Message};
use crate::nodes::SettingsProblem;

/// The fields that folding made, by name.
pub type State = BTreeMap<String, Value>;

/// Most folds, and most rules, of one node.
pub const LIST_MOST: usize = 100;
/// Most fields that one fold changes, and most conditions of one rule.
const FIELDS_MOST: usize = 20;
/// Most characters of a text that is written into the settings.
const TEXT_MOST: usize = 200;

/// What an event does to the state. An operand that the event does not have changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// Name of the event type.
    pub on: String,
    /// Fields that get a value.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub set: IndexMap<String, Operand>,
    /// Fields to which a number is added; a missing one counts as 0.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub add: IndexMap<String, Operand>,
    /// Fields from which a number is taken away; a missing one counts as 0.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub subtract: IndexMap<String, Operand>,
    /// A field that counts these events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
}

/// Which command leads to which event, and what it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the command.
    pub command: String,
    /// What must hold; all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Condition>,
    /// Name of the event type that follows.
    pub emits: String,
    /// The fields of the event's body; without, it is the body of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<IndexMap<String, Operand>>,
}

/// Something that must hold of the state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A field of the state.
    pub field: String,
    /// How it is compared.
    pub is: Comparison,
    /// With what: a literal, or a field of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
}

/// How a field of the state is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The field is a number not below the value.
    AtLeast,
    /// The field is a number not above the value.
    AtMost,
    /// Field and value are equal.
    Equal,
    /// There is no such field.
    Absent,
    /// There is such a field.
    Present,
}

/// A value: a literal, `"{field}"` for a field of the body, `"{key}"` for the key of the message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum Operand {
    /// A number, a text, or yes or no.
    Literal(Value),
    /// A field of the body.
    Field(String),
    /// The key.
    Key,
}

impl TryFrom<Value> for Operand {
    type Error = String;

    fn try_from(json: Value) -> Result<Self, String> {
        let text = match json {
            Value::Number(_) | Value::Bool(_) => return Ok(Self::Literal(json)),
            Value::String(text) => text,
            _ => return Err("expected a number, a text or \"{field}\"".to_owned()),
        };
        if text.chars().count() > TEXT_MOST {
            return Err(format!("expected a text of at most {TEXT_MOST} characters"));
        }
        if !text.contains(['{', '}']) {
            return Ok(Self::Literal(Value::String(text)));
        }
        let inner = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match inner {
            Some("key") => Ok(Self::Key),
            Some(field) if !field.is_empty() && !field.contains(['{', '}']) => {
                Ok(Self::Field(field.to_owned()))
            }
            _ => Err(format!(
                "expected one \"{{field}}\" and nothing around it, found {text:?}"
            )),
        }
    }
}

impl From<Operand> for Value {
    fn from(operand: Operand) -> Self {
        match operand {
            Operand::Literal(value) => value,
            Operand::Field(field) => Value::String(format!("{{{field}}}")),
            Operand::Key => Value::String("{key}".to_owned()),
        }
    }
}

impl Operand {
    /// The value for a message with this body and key; `None` if the body does not have it.
    fn value<'a>(&'a self, body: &'a Value, key: &'a Value) -> Option<&'a Value> {
        match self {
            Self::Literal(value) => Some(value),
            Self::Field(field) => body.get(field),
            Self::Key => Some(key),
        }
    }
}

impl Fold {
    /// Changes the state as an event with this body and key does.
    pub fn apply(&self, state: &mut State, body: &Value, key: &str) {
        let key = Value::String(key.to_owned());
        for (field, operand) in &self.set {
            if let Some(value) = operand.value(body, &key) {
                state.insert(field.clone(), value.clone());
            }
        }
        for (fields, calculate) in [
            (&self.add, sum as fn(&Number, &Number) -> Option<Number>),
            (&self.subtract, difference),
        ] {
            for (field, operand) in fields {
                if let Some(Value::Number(change)) = operand.value(body, &key) {
                    change_number(state, field, change, calculate);
                }
            }
        }
        if let Some(field) = &self.count {
            change_number(state, field, &Number::from(1), sum);
        }
    }

    fn problems(&self, field: &str) -> Vec<SettingsProblem> {
        let mut problems = name_problem(&self.on, &format!("{field}.on"));
        for (name, fields) in [
            ("set", &self.set),
            ("add", &self.add),
            ("subtract", &self.subtract),
        ] {
            problems.extend(fields_problems(fields, &format!("{field}.{name}")));
        }
        if let Some(count) = &self.count {
            problems.extend(name_problem(count, &format!("{field}.count")));
        }
        problems
    }
}

/// Whether an event of this type changes anything.
pub fn concerns(folds: &[Fold], event: &Message, context: &Context<'_>) -> bool {
    let name = context.type_name(event.event_type);
    folds.iter().any(|fold| fold.on == name)
}

/// Folds one event into a state: all folds for its type, in order.
pub fn fold_into(state: &mut State, folds: &[Fold], event: &Message, context: &Context<'_>) {
    let name = context.type_name(event.event_type);
    let mut body = None;
    for fold in folds.iter().filter(|fold| fold.on == name) {
        let body = body.get_or_insert_with(|| context.body_of(event));
        fold.apply(state, body, context.key_text(event.key));
    }
}

fn change_number(
    state: &mut State,
    field: &str,
    change: &Number,
    calculate: fn(&Number, &Number) -> Option<Number>,
) {
    let zero = Number::from(0);
    let before = match state.get(field) {
        Some(Value::Number(number)) => number,
        _ => &zero,
    };
    // What no number can hold leaves the field as it was.
    if let Some(after) = calculate(before, change) {
        state.insert(field.to_owned(), Value::Number(after));
    }
}

fn sum(a: &Number, b: &Number) -> Option<Number> {
    let whole = a.as_i64().zip(b.as_i64());
    match whole.and_then(|(a, b)| a.checked_add(b)) {
        Some(sum) => Some(Number::from(sum)),
        None => Number::from_f64(a.as_f64()? + b.as_f64()?),
    }
}

fn difference(a: &Number, b: &Number) -> Option<Number> {
    let whole = a.as_i64().zip(b.as_i64());
    match whole.and_then(|(a, b)| a.checked_sub(b)) {
        Some(difference) => Some(Number::from(difference)),
        None => Number::from_f64(a.as_f64()? - b.as_f64()?),
    }
}

impl Rule {
    /// The first condition that does not hold for a command with this body and key.
    pub fn broken(&self, state: &State, body: &Value, key: &str) -> Option<&Condition> {
        let key = Value::String(key.to_owned());
        self.requires
            .iter()
            .find(|condition| !condition.holds(state, body, &key))
    }

    /// The body of the event, if it is not that of the command.
    pub fn event_body(&self, body: &Value, key: &str) -> Option<Value> {
        let key = Value::String(key.to_owned());
        let fields = self.body.as_ref()?.iter();
        let filled: Map<String, Value> = fields
            .filter_map(|(field, operand)| {
                Some((field.clone(), operand.value(body, &key)?.clone()))
            })
            .collect();
        Some(Value::Object(filled))
    }

    fn problems(&self, field: &str) -> Vec<SettingsProblem> {
        let mut problems = name_problem(&self.command, &format!("{field}.command"));
        problems.extend(name_problem(&self.emits, &format!("{field}.emits")));
        problems.extend(length_problem(
            self.requires.len(),
            FIELDS_MOST,
            &format!("{field}.requires"),
        ));
        for (n, condition) in self.requires.iter().enumerate() {
            problems.extend(condition.problems(&format!("{field}.requires[{n}]")));
        }
        if let Some(body) = &self.body {
            problems.extend(fields_problems(body, &format!("{field}.body")));
        }
        problems
    }
}

impl Condition {
    fn holds(&self, state: &State, body: &Value, key: &Value) -> bool {
        let found = state.get(&self.field);
        match self.is {
            Comparison::Absent => return found.is_none(),
            Comparison::Present => return found.is_some(),
            _ => {}
        }
        let wanted = self
            .value
            .as_ref()
            .and_then(|operand| operand.value(body, key));
        let (Some(found), Some(wanted)) = (found, wanted) else {
            return false;
        };
        let order = match (found, wanted) {
            (Value::Number(found), Value::Number(wanted)) => compare(found, wanted),
            _ => return self.is == Comparison::Equal && found == wanted,
        };
        match self.is {
            Comparison::AtLeast => order.is_some_and(|order| order.is_ge()),
            Comparison::AtMost => order.is_some_and(|order| order.is_le()),
            _ => order.is_some_and(|order| order.is_eq()),
        }
    }

    fn problems(&self, field: &str) -> Vec<SettingsProblem> {
        let mut problems = name_problem(&self.field, &format!("{field}.field"));
        let needs = !matches!(self.is, Comparison::Absent | Comparison::Present);
        let what = match (needs, &self.value) {
            (true, None) => "expected a value to compare with, found none",
            (false, Some(_)) => "expected no value: absent and present compare with nothing",
            _ => return problems,
        };
        problems.push(SettingsProblem::new(format!("{field}.value"), what));
        problems
    }
}

fn compare(a: &Number, b: &Number) -> Option<std::cmp::Ordering> {
    match a.as_i64().zip(b.as_i64()) {
        Some((a, b)) => Some(a.cmp(&b)),
        None => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// What is wrong with a list of folds, each told at its field below `field`.
pub fn fold_problems(folds: &[Fold], field: &str) -> Vec<SettingsProblem> {
    let mut problems = length_problem(folds.len(), LIST_MOST, field);
    for (n, fold) in folds.iter().take(LIST_MOST).enumerate() {
        problems.extend(fold.problems(&format!("{field}[{n}]")));
    }
    problems
}

/// What is wrong with a list of rules, each told at its field below `field`.
pub fn rule_problems(rules: &[Rule], field: &str) -> Vec<SettingsProblem> {
    let mut problems = length_problem(rules.len(), LIST_MOST, field);
    for (n, rule) in rules.iter().take(LIST_MOST).enumerate() {
        problems.extend(rule.problems(&format!("{field}[{n}]")));
        let earlier = rules[..n]
            .iter()
            .position(|other| other.command == rule.command);
        if let Some(earlier) = earlier {
            let what = format!("expected one rule for each command, {field}[{earlier}] has it too");
            problems.push(SettingsProblem::new(format!("{field}[{n}].command"), what));
        }
    }
    problems
}

fn fields_problems(fields: &IndexMap<String, Operand>, field: &str) -> Vec<SettingsProblem> {
    let mut problems = length_problem(fields.len(), FIELDS_MOST, field);
    for (name, _) in fields.iter().take(FIELDS_MOST) {
        let shown: String = name.chars().take(NAME_MOST).collect();
        problems.extend(name_problem(name, &format!("{field}.{shown}")));
    }
    problems
}

fn length_problem(length: usize, most: usize, field: &str) -> Vec<SettingsProblem> {
    if length <= most {
        return Vec::new();
    }
    let what = format!("expected at most {most}, found {length}");
    vec![SettingsProblem::new(field, what)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn folds(json: Value) -> Vec<Fold> {
        serde_json::from_value(json).unwrap()
    }

    /// The state after events with these types and bodies.
    fn folded(folds: &[Fold], events: &[(&str, Value)]) -> Value {
        let mut state = State::new();
        for (event, body) in events {
            for fold in folds.iter().filter(|fold| fold.on == *event) {
                fold.apply(&mut state, body, "acc-1");
            }
        }
        serde_json::to_value(state).unwrap()
    }

    fn account() -> Vec<Fold> {
        folds(json!([
            { "on": "AccountOpened", "set": { "owner": "{key}", "open": true } },
            { "on": "MoneyDeposited", "add": { "balance": "{amount}" }, "count": "deposits" },
            { "on": "MoneyWithdrawn", "subtract": { "balance": "{amount}" } },
        ]))
    }

    #[test]
    fn an_account_is_the_sum_of_its_events() {
        let state = folded(
            &account(),
            &[
                ("AccountOpened", json!({})),
                ("MoneyDeposited", json!({ "amount": 100 })),
                ("MoneyWithdrawn", json!({ "amount": 30 })),
                ("SomethingElse", json!({ "amount": 1 })),
            ],
        );
        let expected = json!({ "owner": "acc-1", "open": true, "balance": 70, "deposits": 1 });
        assert_eq!(state, expected);
    }

    #[test]
    fn the_last_write_wins() {
        let folds = folds(json!([{ "on": "PriceSet", "set": { "price": "{p}" } }]));
        let events = [
            ("PriceSet", json!({ "p": 10 })),
            ("PriceSet", json!({ "p": 20 })),
        ];
        assert_eq!(folded(&folds, &events), json!({ "price": 20 }));
    }

    #[test]
    fn whole_numbers_stay_whole_until_they_no_longer_fit() {
        let sum_of = |a: Value, b: Value| {
            let events = [
                ("MoneyDeposited", json!({ "amount": a })),
                ("MoneyDeposited", json!({ "amount": b })),
            ];
            folded(&account(), &events)["balance"].clone()
        };
        assert_eq!(sum_of(json!(1), json!(2)), json!(3));
        assert_eq!(sum_of(json!(1), json!(0.5)), json!(1.5));
        assert!(sum_of(json!(i64::MAX), json!(1)).is_f64());
        assert_eq!(
            sum_of(json!(1), json!("2")),
            json!(1),
            "a text is no number"
        );
        assert_eq!(sum_of(json!(f64::MAX), json!(f64::MAX)), json!(f64::MAX));
    }

    #[test]
    fn an_operand_that_the_body_does_not_have_changes_nothing() {
        let state = folded(&account(), &[("MoneyWithdrawn", json!({}))]);
        assert_eq!(state, json!({}));
    }

    /// Whether a condition holds for a balance of 70 and a command with the amount 30.
    fn holds(condition: Value) -> bool {
        let rule = json!({ "command": "A", "emits": "B", "requires": [condition] });
        let rule: Rule = serde_json::from_value(rule).unwrap();
        let state = State::from([("balance".to_owned(), json!(70))]);
        rule.broken(&state, &json!({ "amount": 30 }), "k").is_none()
    }

    #[test]
    fn conditions_compare_the_state_with_the_command() {
        for (is, value, expected) in [
            ("at_least", json!("{amount}"), true),
            ("at_least", json!(70), true),
            ("at_least", json!(70.5), false),
            ("at_most", json!(70), true),
            ("at_most", json!("{amount}"), false),
            ("equal", json!(70.0), true),
            ("equal", json!("70"), false),
            ("equal", json!("{nothing}"), false),
        ] {
            let condition = json!({ "field": "balance", "is": is, "value": value });
            assert_eq!(holds(condition.clone()), expected, "{condition}");
        }
        for (field, is, expected) in [
            ("balance", "present", true),
            ("balance", "absent", false),
            ("other", "absent", true),
            ("other", "present", false),
        ] {
            assert_eq!(holds(json!({ "field": field, "is": is })), expected);
        }
    }

    #[test]
    fn the_body_of_an_event_can_be_put_together() {
        let rule: Rule = serde_json::from_value(json!({
            "command": "A", "emits": "B",
            "body": { "sum": "{amount}", "to": "{key}", "by": "us", "gone": "{no}" },
        }))
        .unwrap();
        let body = rule.event_body(&json!({ "amount": 3, "secret": 1 }), "k");
        assert_eq!(body, Some(json!({ "sum": 3, "to": "k", "by": "us" })));
    }

    #[test]
    fn everything_survives_the_round_trip() {
        let folds = account();
        let json = serde_json::to_value(&folds).unwrap();
        assert_eq!(serde_json::from_value::<Vec<Fold>>(json).unwrap(), folds);
    }

    #[test]
    fn operands_that_cannot_be_meant_are_refused() {
        for bad in [
            json!("{a} and {b}"),
            json!("{}"),
            json!("{a"),
            json!("a}"),
            json!([1]),
            json!(null),
            json!("x".repeat(TEXT_MOST + 1)),
        ] {
            let error = Operand::try_from(bad.clone()).unwrap_err();
            assert!(error.starts_with("expected"), "{bad}: {error}");
        }
    }

    #[test]
    fn problems_are_told_at_their_field() {
        let rules: Vec<Rule> = serde_json::from_value(json!([
            { "command": "", "emits": "A" },
            { "command": "B", "emits": "C", "requires": [
                { "field": "x", "is": "at_least" }, { "field": "x", "is": "absent", "value": 1 },
            ] },
            { "command": "B", "emits": "C" },
        ]))
        .unwrap();
        let found: Vec<String> = rule_problems(&rules, "rules")
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        let expected = [
            "rules[0].command",
            "rules[1].requires[0].value",
            "rules[1].requires[1].value",
            "rules[2].command",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn long_lists_and_names_are_refused() {
        let many = vec![account()[0].clone(); LIST_MOST + 1];
        assert_eq!(fold_problems(&many, "folds").len(), 1);
        let long = folds(json!([{ "on": "A", "set": { "n".repeat(NAME_MOST + 1): 1 } }]));
        assert_eq!(fold_problems(&long, "folds").len(), 1);
    }
}
