//! What a binding takes, by the type of its exchange. The rules are those of RabbitMQ and NATS.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::nodes::{HeaderMatch, SubjectPattern, TopicPattern};

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
    /// The routing key is a subject of NATS, and bindings are subscriptions.
    Subjects,
}

impl ExchangeType {
    /// Whether what no binding takes goes to an alternate exchange.
    pub fn has_alternate(self) -> bool {
        !matches!(self, Self::Default | Self::Subjects)
    }
}

/// What one binding takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding(Rule);

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    All,
    Key(Box<str>),
    Pattern(TopicPattern),
    Subject(SubjectPattern),
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
            ExchangeType::Subjects => SubjectPattern::new(key).map_or(Rule::Nothing, Rule::Subject),
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
            Rule::Subject(pattern) => pattern.takes(routing_key),
            Rule::Headers(wanted) => wanted.takes(headers()),
            Rule::Nothing => false,
        }
    }
}

/// Which of the subscriptions that take a message get it: those without a group, and one of each
/// group. `below` draws a number below the one it is given.
pub fn members<'g, T>(
    taken: impl IntoIterator<Item = T>,
    group: impl Fn(&T) -> &'g str,
    mut below: impl FnMut(u32) -> u32,
) -> Vec<T> {
    let mut chosen: Vec<T> = Vec::new();
    // The groups, with the place of the chosen one and how many there were to choose from.
    let mut groups: Vec<(&str, usize, u32)> = Vec::new();
    for subscription in taken {
        let name = group(&subscription);
        match groups.iter_mut().find(|known| known.0 == name) {
            Some((_, place, seen)) if !name.is_empty() => {
                *seen += 1;
                // Each of those seen so far is as likely.
                if below(*seen) == 0 {
                    chosen[*place] = subscription;
                }
            }
            _ => {
                groups.push((name, chosen.len(), 1));
                chosen.push(subscription);
            }
        }
    }
    chosen
}
