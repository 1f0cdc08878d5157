//! The way of one message through exchanges that are bound to each other: to every queue that a
//! binding leads to, and to each of them once.
//!
//! It is found by the exchange that the message was published to, and found again by each exchange
//! on the way, which gives on only what belongs to it. Where a message is lost on the way, what
//! lay behind is lost with it.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::binding::{Binding, members};
use super::{ExchangeType, KeyFrom, Settings};
use crate::engine::{Context, LinkIndex, Message, NodeIndex};
use crate::nodes::shared::routing::{KEY_HEADER, changed_key, further_keys};
use crate::units::{Luck, Purpose};

/// What an exchange hangs out for the others to read.
#[derive(Debug)]
pub struct Table {
    settings: Settings,
    luck: Luck,
    /// The links that leave it, in the order in which they were drawn.
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    link: LinkIndex,
    to: NodeIndex,
    /// `None` for the way to the alternate exchange.
    binding: Option<Binding>,
    group: Box<str>,
}

/// One step on the way of a message.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: NodeIndex,
    to: NodeIndex,
    link: LinkIndex,
    to_queue: bool,
}

impl Table {
    /// The bindings of the exchange that is called.
    pub fn new(settings: &Settings, context: &Context<'_>) -> Self {
        let empty = Map::new();
        let line = |n| {
            let link = context.outgoing(n);
            let drawn = context.link_settings(link);
            let arguments = drawn.arguments.as_deref().and_then(Value::as_object);
            let binding = || {
                let arguments = arguments.unwrap_or(&empty);
                Binding::new(settings.exchange_type, &drawn.binding, arguments)
            };
            Line {
                link,
                to: context.target(link),
                binding: (!drawn.alternate).then(binding),
                group: drawn.group.as_str().into(),
            }
        };
        Self {
            settings: settings.clone(),
            luck: context.luck().purpose(Purpose::Member),
            lines: (0..context.outgoing_count()).map(line).collect(),
        }
    }

    /// How many bindings there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }
}

/// The links by which this exchange gives on a message that was published to `origin`.
pub fn links(context: &Context<'_>, origin: NodeIndex, message: &Message) -> Vec<LinkIndex> {
    let Some(first) = context.posted::<Table>(origin) else {
        return Vec::new();
    };
    let facts = Facts::new(context, message, &first.settings);
    let steps = steps(context, (origin, first), &facts);
    let me = context.me();
    let mine = steps.iter().filter(|step| step.from == me);
    mine.map(|step| step.link).collect()
}

/// The steps of a message that lead to queues, each exchange and each queue reached once.
fn steps(
    context: &Context<'_>,
    first: (NodeIndex, Arc<Table>),
    facts: &Facts<'_, '_>,
) -> Vec<Step> {
    let mut exchanges = vec![first];
    let mut steps: Vec<Step> = Vec::new();
    let mut n = 0;
    while let Some((from, table)) = exchanges.get(n).cloned() {
        n += 1;
        let takes = |line: &&Line| line.binding.as_ref().is_some_and(|it| facts.fit(it));
        let mut taken: Vec<&Line> = table.lines.iter().filter(takes).collect();
        let is_nats = table.settings.exchange_type == ExchangeType::Subjects;
        if is_nats {
            let luck = table.luck.at(facts.message.root);
            let below = |bound| luck.below(u64::from(bound), bound);
            taken = members(taken, |line| &line.group, below);
        }
        if taken.is_empty() && table.settings.exchange_type.has_alternate() {
            taken = table
                .lines
                .iter()
                .filter(|line| line.binding.is_none())
                .collect();
        }
        for line in taken {
            let Line { link, to, .. } = *line;
            let known = |step: &Step| step.to == to;
            let next = context.posted::<Table>(to);
            // Each subscription of NATS gets a message of its own.
            let may_repeat = is_nats && next.is_none();
            let is_known = steps.iter().any(known) || exchanges.iter().any(|it| it.0 == to);
            if is_known && !may_repeat {
                continue;
            }
            steps.push(Step {
                from,
                to,
                link,
                to_queue: next.is_none(),
            });
            exchanges.extend(next.map(|table| (to, table)));
        }
    }
    // A step to an exchange is taken only if another leads on from there.
    let mut useful: Vec<Step> = Vec::new();
    for step in steps.into_iter().rev() {
        if step.to_queue || useful.iter().any(|later| later.from == step.to) {
            useful.push(step);
        }
    }
    useful.reverse();
    useful
}

/// What bindings ask of a message.
struct Facts<'c, 'w> {
    context: &'c Context<'w>,
    message: &'c Message,
    keys: Vec<String>,
    headers: OnceCell<Map<String, Value>>,
}

impl<'c, 'w> Facts<'c, 'w> {
    fn new(context: &'c Context<'w>, message: &'c Message, settings: &Settings) -> Self {
        let mut facts = Self {
            context,
            message,
            keys: Vec::new(),
            headers: OnceCell::new(),
        };
        let key = match settings.routing_key {
            _ if changed_key(context, message).is_some() => {
                changed_key(context, message).unwrap_or_default().to_owned()
            }
            KeyFrom::Type => context.type_name(message.event_type).to_owned(),
            KeyFrom::Key => context.key_text(message.key).to_owned(),
            KeyFrom::Header => match facts.headers().get(KEY_HEADER) {
                Some(Value::String(key)) => key.clone(),
                _ => String::new(),
            },
        };
        facts.keys = further_keys(context, message, !message.dead);
        facts.keys.insert(0, key);
        facts
    }

    fn headers(&self) -> &Map<String, Value> {
        (self.headers).get_or_init(|| self.context.headers_of(self.message))
    }

    fn fit(&self, binding: &Binding) -> bool {
        let mut keys = self.keys.iter();
        keys.any(|key| binding.takes(key, || self.headers()))
    }
}
