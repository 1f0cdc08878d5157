//! What a message says, for people: its body, its headers, and how it died.

use serde_json::{Map, Value};

use crate::engine::{Envelope, MessageId};

/// One entry of the history of a dead letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Death {
    /// The reason with its word in the header: "there was no room (maxlen)".
    pub reason: String,
    /// How often.
    pub count: u64,
    /// In which queue, and by which exchange it had come.
    pub place: String,
    /// When it died there first; empty if that is not known.
    pub time: String,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageData {
    /// Which copy.
    pub message: MessageId,
    /// Its body as JSON.
    pub body: String,
    /// Its headers but for those that tell how it died.
    pub headers: Vec<(String, String)>,
    /// How it died, the latest first.
    pub deaths: Vec<Death>,
}

impl MessageData {
    /// What an envelope says, in which names and dates stand already.
    pub fn of(message: MessageId, envelope: &Envelope) -> Self {
        let headers = &envelope.headers;
        let deaths = headers.get("x-death").and_then(Value::as_array);
        let deaths = deaths.into_iter().flatten();
        let tells = |name: &str| name.starts_with("x-") && name.contains("death");
        let plain = headers.iter().filter(|(name, _)| !tells(name));
        Self {
            message,
            body: serde_json::to_string_pretty(&envelope.data).unwrap_or_default(),
            headers: plain.map(|(name, it)| (name.clone(), text(it))).collect(),
            deaths: deaths
                .filter_map(|it| Some(death(it.as_object()?)))
                .collect(),
        }
    }
}

/// A value in one line, texts without their quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn death(entry: &Map<String, Value>) -> Death {
    let field = |name: &str| entry.get(name).map(text).unwrap_or_default();
    let word = field("reason");
    let meaning = match word.as_str() {
        "expired" => "it waited longer than it may",
        "maxlen" => "there was no room",
        "delivery_limit" => "it came back too often",
        "rejected" => "a consumer refused it",
        _ => "",
    };
    let by = match field("exchange") {
        exchange if exchange.is_empty() => exchange,
        exchange => format!(", by {exchange}"),
    };
    Death {
        reason: match meaning {
            "" => word,
            meaning => format!("{meaning} ({word})"),
        },
        count: entry.get("count").and_then(Value::as_u64).unwrap_or(0),
        place: format!("{}{by}", field("queue")),
        time: field("time"),
    }
}
