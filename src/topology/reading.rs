//! Reading objects of a document field by field, so that everything wrong is said at its place.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Problem, shown};

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLimit {
    /// Names of nodes, kinds, keys, event types.
    Name,
    /// Sentences and notes.
    Note,
    /// Statements of another tool.
    Page,
}

impl TextLimit {
    /// Most characters.
    pub const fn most(self) -> usize {
        match self {
            Self::Name => 200,
            Self::Note => 4_000,
            Self::Page => 20_000,
        }
    }
}

/// The fields of one object that are being read.
pub struct Fields<'a, 'p> {
    map: &'a Map<String, Value>,
    place: &'p str,
    problems: &'p mut Vec<Problem>,
    asked: Vec<&'static str>,
}

impl<'a, 'p> Fields<'a, 'p> {
    /// Begins to read an object.
    pub fn of(json: &'a Value, place: &'p str, problems: &'p mut Vec<Problem>) -> Option<Self> {
        let Some(map) = json.as_object() else {
            let what = format!("expected an object, found {}", kind_of(json));
            problems.push(Problem::new(place, what, "write { … }"));
            return None;
        };
        Some(Self {
            map,
            place,
            problems,
            asked: Vec::new(),
        })
    }

    /// Says that a field is wrong.
    pub fn wrong(&mut self, name: &str, what: impl Into<String>, hint: impl Into<String>) {
        self.problems
            .push(Problem::new(format!("{}.{name}", self.place), what, hint));
    }

    /// The value of a field that may be missing.
    pub fn optional(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// The value of a field that must be there.
    pub fn required(&mut self, name: &'static str) -> Option<&'a Value> {
        let value = self.optional(name);
        if value.is_none() {
            self.wrong(name, "this field is missing", "add it");
        }
        value
    }

    /// An id: a whole number from 1 to 1,000,000,000.
    pub fn id(&mut self, name: &'static str) -> Option<u32> {
        let value = self.required(name)?;
        self.whole(name, value, 1, 1_000_000_000)
            .map(|id| id as u32)
    }

    /// A whole number in a range.
    pub fn whole(&mut self, name: &str, value: &Value, min: u64, max: u64) -> Option<u64> {
        let found = value.as_u64().filter(|number| (min..=max).contains(number));
        if found.is_none() {
            let what = format!(
                "expected a whole number from {min} to {max}, found {}",
                brief(value)
            );
            self.wrong(name, what, "correct the number");
        }
        found
    }

    /// A place on the canvas; zero if it is missing.
    pub fn coordinate(&mut self, name: &'static str) -> Option<i32> {
        let Some(value) = self.optional(name) else {
            return Some(0);
        };
        let found = value
            .as_i64()
            .filter(|number| (-1_000_000..=1_000_000).contains(number));
        if found.is_none() {
            let what = format!(
                "expected a whole number from -1000000 to 1000000, found {}",
                brief(value)
            );
            self.wrong(name, what, "correct the number");
        }
        found.map(|number| number as i32)
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str, limit: TextLimit) -> Option<String> {
        self.required(name)?;
        self.optional_text(name, limit)
    }

    /// A text that may be missing.
    pub fn optional_text(&mut self, name: &'static str, limit: TextLimit) -> Option<String> {
        let value = self.optional(name)?;
        let Some(text) = value.as_str() else {
            self.wrong(
                name,
                format!("expected a text, found {}", kind_of(value)),
                "write \"…\"",
            );
            return None;
        };
        self.fitting(name, text, limit)
    }

    fn fitting(&mut self, name: &str, text: &str, limit: TextLimit) -> Option<String> {
        let length = text.chars().count();
        if length > limit.most() {
            let what = format!(
                "expected at most {} characters, found {length}",
                limit.most()
            );
            self.wrong(name, what, "shorten the text");
            return None;
        }
        Some(text.to_owned())
    }

    /// A list of at most `most` texts that may be missing.
    pub fn texts(&mut self, name: &'static str, most: usize, limit: TextLimit) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(name, most) {
            let Some(text) = item.as_str() else {
                let what = format!("expected a text, found {}", kind_of(item));
                self.wrong(name, what, "write \"…\"");
                break;
            };
            texts.extend(self.fitting(name, text, limit));
        }
        texts
    }

    /// A list that may be missing, with at most `most` items.
    pub fn list(&mut self, name: &'static str, most: usize) -> &'a [Value] {
        let Some(value) = self.optional(name) else {
            return &[];
        };
        let Some(items) = value.as_array() else {
            self.wrong(
                name,
                format!("expected a list, found {}", kind_of(value)),
                "write [ … ]",
            );
            return &[];
        };
        if items.len() > most {
            let what = format!("expected at most {most}, found {}", items.len());
            self.wrong(name, what, "remove some");
            return &[];
        }
        items
    }

    /// A field of a type that reads itself.
    pub fn parsed<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.required(name)?;
        match serde_path_to_error::deserialize(value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.wrong(name, error.inner().to_string(), "correct the value");
                None
            }
        }
    }

    /// Ends reading: a field that nobody asked for is wrong.
    pub fn finish(self) {
        let known = self.asked.join(", ");
        for name in self
            .map
            .keys()
            .filter(|name| !self.asked.contains(&name.as_str()))
        {
            let place = format!("{}.{}", self.place, shown(name));
            let hint = format!("remove it, or use one of {known}");
            self.problems
                .push(Problem::new(place, "there is no such field", hint));
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn brief(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        other => kind_of(other).to_owned(),
    }
}
