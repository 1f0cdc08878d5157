//! What a binding takes, by the type of its exchange. The rules are RabbitMQ's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::nodes::{HeaderMatch, TopicPattern};

/// How an exchange compares messages with its bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeType {
    /// The routing key is the binding's key.
    Direct,
    /// All bindings take all messages.
    Fanout,
    /// The routing key fits the pattern that the binding's key is.
    Topic,
    /// The headers fit the binding's arguments.
    Headers,
    /// The routing key is the name of the queue.
    Default,
}

/// What one binding takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding(Rule);

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    All,
    Key(Box<str>),
    Pattern(TopicPattern),
    Headers(HeaderMatch),
    Nothing,
}

impl Binding {
    /// A binding to an exchange of this type.
    pub fn new(exchange: ExchangeType, key: &str, arguments: &Map<String, Value>) -> Self {
        Self(match exchange {
            ExchangeType::Direct | ExchangeType::Default => Rule::Key(key.into()),
            ExchangeType::Fanout => Rule::All,
            ExchangeType::Topic => Rule::Pattern(TopicPattern::new(key)),
            ExchangeType::Headers => {
                HeaderMatch::new(arguments).map_or(Rule::Nothing, Rule::Headers)
            }
        })
    }

    /// Whether it takes a message with this routing key and these headers, which are made only if
    /// it asks for them.
    pub fn takes<'h>(
        &self,
        routing_key: &str,
        headers: impl FnOnce() -> &'h Map<String, Value>,
    ) -> bool {
        match &self.0 {
            Rule::All => true,
            Rule::Key(key) => **key == *routing_key,
            Rule::Pattern(pattern) => pattern.takes(routing_key),
            Rule::Headers(wanted) => wanted.takes(headers()),
            Rule::Nothing => false,
        }
    }
}
