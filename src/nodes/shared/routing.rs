//! The routing keys of a message: those with which it was published, and that of a dead letter.

use serde_json::Value;

use crate::engine::{CONFIRM, Context, Message};

/// The header that has the routing key, if the key is taken from a header.
pub const KEY_HEADER: &str = "routing-key";

/// By which exchange a message came: its place in the world, and one; 0 by none. It is the number
/// that both ends of the link understand, unless that says something else in its upper bits.
#[inline(always)]
pub fn origin(word: u64) -> u16 {
    match u16::try_from(word) {
        Ok(origin) => origin,
        Err(_) => origin_of_asked(word),
    }
}

/// The same of a message whose sender waits for a confirm: it stands above the number of tries.
#[cold]
#[inline(never)]
fn origin_of_asked(word: u64) -> u16 {
    match word & CONFIRM {
        0 => 0,
        _ => (word >> 16) as u16,
    }
}

/// The number with which an exchange gives on a message that came with the number `word`, if it
/// was published to the exchange at this place.
pub fn given_on(word: u64, exchange: u16) -> u64 {
    let origin = u64::from(exchange) + 1;
    match word & CONFIRM {
        0 => origin,
        _ => CONFIRM | origin << 16 | u64::from(word as u16),
    }
}

/// The routing key that a queue gave to a dead letter.
pub fn changed_key<'c>(context: &'c Context<'_>, message: &Message) -> Option<&'c str> {
    let changed = context.changed_headers(message);
    changed.filter(|_| message.dead)?.get(KEY_HEADER)?.as_str()
}

/// The routing keys in the headers CC and BCC. A key that a queue gave replaces them.
pub fn further_keys(context: &Context<'_>, message: &Message, with_hidden: bool) -> Vec<String> {
    if !message.body.has_headers() || changed_key(context, message).is_some() {
        return Vec::new();
    }
    let headers = context.headers_of(message);
    let lists = ["CC", "BCC"].into_iter().take(1 + usize::from(with_hidden));
    let lists = lists.filter_map(|name| headers.get(name)?.as_array());
    let keys = lists.flatten().filter_map(Value::as_str);
    keys.map(str::to_owned).collect()
}

/// The routing keys with which a message was published, without those in the header BCC.
pub fn routing_keys(context: &Context<'_>, message: &Message) -> Vec<String> {
    let key = match context.header(message, KEY_HEADER) {
        Some(Value::String(key)) => key,
        _ => context.type_name(message.event_type).to_owned(),
    };
    let mut keys = further_keys(context, message, false);
    keys.insert(0, key);
    keys
}
