//! What filters look at: attributes and bodies of messages, made when they are wanted.

use serde_json::Value;

use crate::engine::{Context, FilterScope, Message};

/// What filters look at, made when the first one does.
#[derive(Default)]
pub struct Seen {
    attributes: Option<Value>,
    body: Option<Value>,
}

impl Seen {
    /// What a filter of this scope looks at.
    pub fn by(&mut self, scope: FilterScope, context: &Context<'_>, message: &Message) -> &Value {
        match scope {
            FilterScope::Attributes => {
                (self.attributes).get_or_insert_with(|| attributes_of(context, message))
            }
            FilterScope::Body => self.body.get_or_insert_with(|| context.body_of(message)),
        }
    }
}

/// The headers of a message, and what CloudEvents knows of it besides.
fn attributes_of(context: &Context<'_>, message: &Message) -> Value {
    let mut attributes = context.headers_of(message);
    let subject = context.key_text(message.key);
    for (name, text) in [
        ("type", context.type_name(message.event_type)),
        ("subject", subject),
    ] {
        if !text.is_empty() && !attributes.contains_key(name) {
            attributes.insert(name.to_owned(), text.into());
        }
    }
    Value::Object(attributes)
}
