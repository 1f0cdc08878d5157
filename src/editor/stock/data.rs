//! What a message says, for people: its body, its headers, and how it died.

use serde_json::{Map, Value};

use super::name_of;
use crate::engine::{Message, MessageId};
use crate::simulation::Run;
use crate::units::{NodeId, SimDuration};

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

/// What a message says: its body, its headers, and how it died.
pub fn data_of(run: &Run, message: &Message) -> MessageData {
    let world = run.world();
    let body = world.bodies().body_of(message, world.names());
    let headers = world.bodies().headers_of(message, world.names());
    let deaths = headers.get("x-death").and_then(Value::as_array);
    let deaths = deaths.into_iter().flatten();
    let tells = |name: &str| name.starts_with("x-") && name.contains("death");
    let plain = headers.iter().filter(|(name, _)| !tells(name));
    MessageData {
        message: message.id,
        body: serde_json::to_string_pretty(&body).unwrap_or_default(),
        headers: plain.map(|(name, it)| (name.clone(), text(it))).collect(),
        deaths: deaths
            .filter_map(|it| Some(death(run, it.as_object()?)))
            .collect(),
    }
}

/// A value in one line, texts without their quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn death(run: &Run, entry: &Map<String, Value>) -> Death {
    let word = entry.get("reason").map(text).unwrap_or_default();
    let meaning = match word.as_str() {
        "expired" => "it waited longer than it may",
        "maxlen" => "there was no room",
        "delivery_limit" => "it came back too often",
        "rejected" => "a consumer refused it",
        _ => "",
    };
    let place_in = place(run, entry.get("queue"));
    let exchange = place(run, entry.get("exchange"));
    let by = match exchange.as_str() {
        "" => String::new(),
        exchange => format!(", by {exchange}"),
    };
    Death {
        reason: match meaning {
            "" => word,
            meaning => format!("{meaning} ({word})"),
        },
        count: entry.get("count").and_then(Value::as_u64).unwrap_or(0),
        place: format!("{place_in}{by}"),
        time: match entry.get("time").and_then(Value::as_u64) {
            Some(secs) => format!("at {}", SimDuration::from_secs(secs)),
            None => String::new(),
        },
    }
}

/// The text of a header that names a queue or an exchange by its id.
pub(super) fn place(run: &Run, value: Option<&Value>) -> String {
    let id = value
        .and_then(Value::as_u64)
        .and_then(|id| u32::try_from(id).ok());
    match (id, value) {
        (Some(id), _) => name_of(run, NodeId(id)),
        (None, Some(Value::String(name))) => name.clone(),
        _ => String::new(),
    }
}
