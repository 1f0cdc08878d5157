//! Bodies of messages: made from a template when somebody looks, or kept as they were written.
//!
//! A template is JSON in which texts may have placeholders: `{seq}` the event's number at its
//! source, `{key}` its key, `{id}` its id, `{number 1 100}` a whole number in a range, `{choice
//! red|green}` one of several. A text that is nothing but one `{seq}` or `{number …}` becomes a
//! JSON number. Headers are made in the same way, with draws of their own.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Message, Names};
use crate::units::{Luck, Purpose};

/// Where the body of a message comes from, as a number in the run's [`Bodies`]. Zero is "empty".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyId(pub u32);

impl BodyId {
    /// The bit that says that there are headers, so that one look at a message tells.
    const HAS_HEADERS: u32 = 1 << 31;

    /// Whether messages with this body have headers.
    #[inline(always)]
    pub const fn has_headers(self) -> bool {
        self.0 & Self::HAS_HEADERS != 0
    }

    fn index(self) -> usize {
        ((self.0 & !Self::HAS_HEADERS) as usize).wrapping_sub(1)
    }
}

/// A body with placeholders. A changed template is a new one: older messages keep theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The luck of the node that sends it.
    pub luck: Luck,
    /// JSON with placeholders.
    pub json: Value,
    /// The headers: an object with placeholders, or nothing.
    pub headers: Value,
    /// Version of the event type's schema, from 1.
    pub schema_version: u32,
    /// What it is besides a fact: a command, a document; empty for what is usual.
    pub class: &'static str,
    /// Whether it only says that something happened, and its receiver asks back for the rest.
    pub is_notification: bool,
}

#[derive(Clone, Debug)]
enum Source {
    Template(Arc<Template>),
    Kept(Arc<Value>),
    /// What another one says, with some other headers.
    Changed(BodyId, Arc<Map<String, Value>>),
}

/// All bodies of a run.
#[derive(Clone, Debug, Default)]
pub struct Bodies {
    sources: Vec<Source>,
}

impl Bodies {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Adds a template.
    pub fn template(&mut self, template: Template) -> BodyId {
        let headed = (template.headers.as_object()).is_some_and(|headers| !headers.is_empty());
        self.add(Source::Template(Arc::new(template)), headed)
    }

    /// Keeps a body as it is.
    pub fn keep(&mut self, json: Value) -> BodyId {
        if json.is_null() {
            BodyId(0)
        } else {
            self.add(Source::Kept(Arc::new(json)), false)
        }
    }

    /// A body that says the same as another, with other headers; those of no value are taken off.
    pub fn with_headers(&mut self, body: BodyId, changes: Map<String, Value>) -> BodyId {
        if changes.is_empty() {
            return body;
        }
        let (base, mut headers) = match self.sources.get(body.index()) {
            Some(Source::Changed(base, earlier)) => (*base, Map::clone(earlier)),
            _ => (body, Map::new()),
        };
        headers.extend(changes);
        self.add(Source::Changed(base, Arc::new(headers)), true)
    }

    /// The headers that were changed on the way.
    pub fn changed_headers(&self, body: BodyId) -> Option<&Map<String, Value>> {
        match self.sources.get(body.index()) {
            Some(Source::Changed(_, headers)) => Some(headers),
            _ => None,
        }
    }

    fn add(&mut self, source: Source, has_headers: bool) -> BodyId {
        self.sources.push(source);
        let number = self.sources.len() as u32;
        BodyId(match has_headers {
            true => number | BodyId::HAS_HEADERS,
            false => number,
        })
    }

    /// Where the text of a body comes from.
    fn source(&self, body: BodyId) -> Option<&Source> {
        match self.sources.get(body.index()) {
            Some(Source::Changed(base, _)) => self.sources.get(base.index()),
            source => source,
        }
    }

    /// The version of the schema that a message's body follows.
    pub fn schema_version_of(&self, message: &Message) -> u32 {
        match self.source(message.body) {
            Some(Source::Template(template)) => template.schema_version,
            _ => 1,
        }
    }

    /// What a message is besides a fact; empty for what is usual.
    pub fn class_of(&self, message: &Message) -> &'static str {
        match self.source(message.body) {
            Some(Source::Template(template)) => template.class,
            _ => "",
        }
    }

    /// Whether a message only says that something happened.
    pub fn is_notification(&self, message: &Message) -> bool {
        let source = self.source(message.body);
        matches!(source, Some(Source::Template(template)) if template.is_notification)
    }

    /// The body of a message. The same message always gives the same body.
    pub fn body_of(&self, message: &Message, names: &Names) -> Value {
        match self.source(message.body) {
            Some(Source::Kept(json)) => Value::clone(json),
            Some(Source::Template(template)) => {
                Filler::of(template, message, names).fill(&template.json)
            }
            _ => Value::Object(Map::new()),
        }
    }

    /// The headers of a message. The same message always gives the same headers.
    pub fn headers_of(&self, message: &Message, names: &Names) -> Map<String, Value> {
        let mut headers = self.first_headers_of(message, names);
        for (name, value) in self.changed_headers(message.body).into_iter().flatten() {
            if value.is_null() {
                headers.shift_remove(name);
            } else {
                headers.insert(name.clone(), value.clone());
            }
        }
        headers
    }

    /// The headers of a message as they were when it came into being.
    fn first_headers_of(&self, message: &Message, names: &Names) -> Map<String, Value> {
        let Some(Source::Template(template)) = self.source(message.body) else {
            return Map::new();
        };
        let mut filler = Filler::of(template, message, names);
        filler.drawn = HEADERS_DRAWN_FROM;
        match filler.fill(&template.headers) {
            Value::Object(headers) => headers,
            _ => Map::new(),
        }
    }
}

/// Where the draws of headers begin: after those of any body.
const HEADERS_DRAWN_FROM: u64 = 1 << 40;

/// Fills one template for one message; each placeholder takes the next draw.
struct Filler<'a> {
    luck: Luck,
    drawn: u64,
    message: &'a Message,
    names: &'a Names,
}

impl<'a> Filler<'a> {
    fn of(template: &Template, message: &'a Message, names: &'a Names) -> Self {
        Self {
            luck: template.luck.purpose(Purpose::Body).at(message.body_root),
            drawn: 0,
            message,
            names,
        }
    }

    fn fill(&mut self, json: &Value) -> Value {
        match json {
            Value::String(text) => self.fill_text(text),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.fill(value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn fill_text(&mut self, text: &str) -> Value {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, inner, after)) = next_placeholder(rest) {
            let Some(value) = self.placeholder(inner) else {
                filled.push_str(&rest[..rest.len() - after.len()]);
                rest = after;
                continue;
            };
            if filled.is_empty() && before.is_empty() && after.is_empty() {
                return value;
            }
            filled.push_str(before);
            match value {
                Value::String(text) => filled.push_str(&text),
                other => filled.push_str(&other.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        Value::String(filled)
    }

    fn placeholder(&mut self, inner: &str) -> Option<Value> {
        let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
        match name {
            "seq" => Some(self.message.body_sequence.into()),
            "key" => Some(self.names.key_text(self.message.key).into()),
            "id" => Some(format!("{:016x}", self.message.body_root).into()),
            "number" => {
                let (low, high) = argument.trim().split_once(' ')?;
                let (low, high) = (low.parse::<i32>().ok()?, high.trim().parse::<i32>().ok()?);
                let span = u32::try_from(i64::from(high) - i64::from(low) + 1).ok()?;
                Some((i64::from(low) + i64::from(self.next_below(span.max(1)))).into())
            }
            "choice" => {
                let choices: Vec<&str> = argument.split('|').collect();
                Some(
                    choices[self.next_below(choices.len() as u32) as usize]
                        .trim()
                        .into(),
                )
            }
            _ => None,
        }
    }

    fn next_below(&mut self, bound: u32) -> u32 {
        self.drawn += 1;
        self.luck.below(self.drawn, bound)
    }
}

/// Splits off the first `{…}`: what stands before, inside and after.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::{EventType, Key, MessageId, NodeIndex};
    use crate::units::SimTime;

    fn message(body: BodyId, key: Key) -> Message {
        Message {
            id: MessageId(1),
            root: 77,
            correlation: 77,
            causation: 77,
            born: SimTime::ZERO,
            since: SimTime::ZERO,
            body,
            body_sequence: 3,
            body_root: 77,
            key,
            source: NodeIndex(0),
            sequence: 3,
            event_type: EventType(0),
            attempt: 0,
            duplicate: false,
            dead: false,
        }
    }

    fn check(template: Value) -> Value {
        let (mut bodies, mut names) = (Bodies::default(), Names::default());
        let body = bodies.template(Template {
            luck: Luck::of(1, "x"),
            json: template,
            headers: json!({ "n": "{seq}", "to": "{key}" }),
            schema_version: 1,
            class: "",
            is_notification: false,
        });
        let key = names.key("ada");
        let headers = bodies.headers_of(&message(body, key), &names);
        assert_eq!(Value::Object(headers), json!({ "n": 3, "to": "ada" }));
        let made = bodies.body_of(&message(body, key), &names);
        assert_eq!(
            made,
            bodies.body_of(&message(body, key), &names),
            "bodies repeat"
        );
        made
    }

    #[test]
    fn placeholders_are_filled() {
        let body = check(json!({
            "n": "{seq}", "text": "order {seq} of {key}", "id": "{id}",
            "cups": "{number 5 7}", "colour": "{choice red|green}", "list": ["{key}"], "flag": true,
        }));
        assert_eq!(body["n"], 3);
        assert_eq!(body["text"], "order 3 of ada");
        assert_eq!(body["id"], "000000000000004d");
        assert!((5..=7).contains(&body["cups"].as_i64().unwrap()));
        assert!(["red", "green"].contains(&body["colour"].as_str().unwrap()));
        assert_eq!(body["list"][0], "ada");
        assert_eq!(body["flag"], true);
    }

    #[test]
    fn what_is_no_placeholder_stays_as_it_is() {
        for text in [
            "{",
            "}",
            "{unknown}",
            "a {number x y} b",
            "{number 1}",
            "{{",
            "{number 9 1}",
        ] {
            let made = check(json!(text));
            assert!(
                made == json!(text) || made.is_number(),
                "{text} became {made}"
            );
        }
    }

    #[test]
    fn an_empty_body_is_an_empty_object() {
        let mut bodies = Bodies::default();
        assert_eq!(bodies.keep(Value::Null), BodyId(0));
        assert_eq!(
            bodies.body_of(&message(BodyId(0), Key(0)), &Names::default()),
            json!({})
        );
    }
}
