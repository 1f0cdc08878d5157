//! What a person sees of a message: an envelope after CloudEvents 1.0, with its data.

use serde::Serialize;
use serde_json::{Map, Value};

/// The attributes of an event. `id` and `source` together name it: copies share them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Envelope {
    /// The event's identity: 16 hexadecimal digits.
    pub id: String,
    /// The name of the node that emitted it.
    pub source: String,
    /// The event type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened (RFC 3339).
    pub time: String,
    /// Its key.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Version of the event type's schema.
    #[serde(rename = "schemaversion")]
    pub schema_version: u32,
    /// What it is besides a domain event: an integration or system event, a command, a document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'static str,
    /// Id of the event that began the conversation.
    #[serde(rename = "correlationid")]
    pub correlation_id: String,
    /// Id of the event that directly caused this one; its own if nothing did.
    #[serde(rename = "causationid")]
    pub causation_id: String,
    /// What it says besides, for those who only pass it on.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
    /// The body.
    pub data: Value,
}
