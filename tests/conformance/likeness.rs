//! What was found, compared with what a script says of it: it may leave out some things.

use serde_json::Value;

/// What scripts may leave out.
const OPTIONAL: [&str; 13] = [
    "consumers",
    "remaining",
    "delivery_mode",
    "content_type",
    "content_encoding",
    "correlation_id",
    "reply_to",
    "message_id",
    "timestamp",
    "type",
    "user_id",
    "app_id",
    "cluster_id",
];

/// What was found, without what the script does not say.
pub fn like(expected: &Value, mut found: Value) -> Value {
    match (&mut found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            found.retain(|name, _| {
                expected.contains_key(name) || !OPTIONAL.contains(&name.as_str())
            });
            for (name, value) in found.iter_mut() {
                *value = like(expected.get(name).unwrap_or(&Value::Null), value.take());
            }
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            for (found, expected) in found.iter_mut().zip(expected) {
                *found = like(expected, found.take());
            }
        }
        _ => {}
    }
    found
}
