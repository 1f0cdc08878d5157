//! What dead letters say: why they died, where and how often, as RabbitMQ 4.0 writes it.
//!
//! `x-death` has an entry for each queue and reason, the latest first, with a count. What a
//! publisher wrote there does not count. Queues and exchanges stand there by their ids, and the
//! time is that of the first such death, in whole seconds since the start: AMQP has no finer ones.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Queue;
use super::leaving::EXPIRATION;
use super::shelf::Waiting;
use crate::engine::{BodyId, Context, Message, NodeIndex, Reason};
use crate::nodes::shared::routing::{KEY_HEADER, routing_keys};
use crate::units::{NodeId, SimDuration, SimTime};

const DEATHS: &str = "x-death";

/// The bodies of dead letters, by the body before, the reason, the exchange by which it came, and
/// the second.
pub(super) type Letters = BTreeMap<(u32, u8, u16, u64), BodyId>;

/// Most of them that are known at once: earlier seconds do not come again.
const LETTERS_MOST: usize = 1_000;

/// The reason as `x-death` has it.
fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Age => "expired",
        Reason::Full => "maxlen",
        Reason::Attempts => "delivery_limit",
        _ => "rejected",
    }
}

impl Queue {
    /// The body of the dead letter that a message becomes.
    pub(super) fn letter_body(
        &mut self,
        context: &mut Context<'_>,
        waiting: &Waiting,
        reason: Reason,
    ) -> BodyId {
        let message = &waiting.message;
        // What a header says can be another for each message of the same body.
        let is_known = !message.body.has_headers() || message.dead;
        let second = context.now().nanos() / 1_000_000_000;
        let case = (message.body.0, reason as u8, waiting.origin(), second);
        match self.letters.get(&case) {
            Some(body) if is_known => *body,
            _ => {
                let changes = self.obituary(context, waiting, reason);
                let body = context.with_headers(message.body, changes);
                if is_known {
                    if self.letters.len() >= LETTERS_MOST {
                        self.letters.retain(|case, _| case.3 == second);
                    }
                    self.letters.insert(case, body);
                }
                body
            }
        }
    }

    /// The headers that dying adds to a message.
    fn obituary(
        &self,
        context: &Context<'_>,
        waiting: &Waiting,
        reason: Reason,
    ) -> Map<String, Value> {
        let message = &waiting.message;
        let earlier = (context.changed_headers(message)).filter(|_| message.dead);
        let mut deaths = deaths(earlier).to_vec();
        let queue = id_of(context, Some(context.me()));
        let origin = waiting.origin().checked_sub(1).map(NodeIndex);
        let exchange = id_of(context, origin);
        let is_same = |death: &Value| death["queue"] == queue && death["reason"] == word(reason);
        let mut death = match deaths.iter().position(is_same) {
            Some(known) => deaths.remove(known),
            None => json!({
                "count": 0, "exchange": exchange, "queue": queue, "reason": word(reason),
                "routing-keys": routing_keys(context, message),
                "time": context.now().nanos() / 1_000_000_000,
            }),
        };
        death["count"] = json!(death["count"].as_u64().unwrap_or(0) + 1);
        let mut changes = Map::new();
        if let Some(expiration) = context.header(message, EXPIRATION) {
            death["original-expiration"] = expiration;
            changes.insert(EXPIRATION.to_owned(), Value::Null);
        }
        deaths.insert(0, death);
        let mut ends = vec!["last"];
        if earlier.is_none_or(|earlier| !earlier.contains_key("x-first-death-queue")) {
            ends.push("first");
        }
        for end in ends {
            changes.insert(format!("x-{end}-death-exchange"), exchange.clone());
            changes.insert(format!("x-{end}-death-queue"), queue.clone());
            changes.insert(format!("x-{end}-death-reason"), word(reason).into());
        }
        changes.insert(DEATHS.to_owned(), Value::Array(deaths));
        if !self.settings.dead_letter_key.is_empty() {
            let key = self.settings.dead_letter_key.as_str();
            changes.insert(KEY_HEADER.to_owned(), key.into());
        }
        changes
    }

    /// Whether a dead letter was here before and came round without anybody rejecting it.
    pub(super) fn goes_round(&self, context: &Context<'_>, message: &Message) -> bool {
        let me = id_of(context, Some(context.me()));
        let deaths = deaths(context.changed_headers(message));
        let here = deaths.iter().position(|death| death["queue"] == me);
        here.is_some_and(|here| {
            let mut round = deaths[..=here].iter();
            round.all(|death| death["reason"] != word(Reason::Rejected))
        })
    }
}

/// The queue in which a message died last.
pub(super) fn last_death(changed: Option<&Map<String, Value>>) -> Option<NodeId> {
    let id = deaths(changed).first()?.get("queue")?.as_u64()?;
    u32::try_from(id).ok().map(NodeId)
}

fn deaths(changed: Option<&Map<String, Value>>) -> &[Value] {
    let deaths = changed.and_then(|headers| headers.get(DEATHS)?.as_array());
    deaths.map(Vec::as_slice).unwrap_or_default()
}

/// The id of a node; an empty text for none, as of the default exchange.
fn id_of(context: &Context<'_>, node: Option<NodeIndex>) -> Value {
    let id = node.and_then(|node| context.id_of(node));
    id.map_or_else(|| json!(""), |id| json!(id.0))
}

/// Puts dates where the headers of a dead letter have seconds since the start.
pub fn date_deaths(headers: &mut Map<String, Value>, date: &dyn Fn(SimTime) -> String) {
    let deaths = headers.get_mut(DEATHS).and_then(Value::as_array_mut);
    for time in deaths
        .into_iter()
        .flatten()
        .filter_map(|it| it.get_mut("time"))
    {
        if let Some(secs) = time.as_u64() {
            *time = date(SimTime::ZERO.after(SimDuration::from_secs(secs))).into();
        }
    }
}

/// Puts names where the headers of a dead letter have the ids of queues and exchanges.
pub fn name_places(headers: &mut Map<String, Value>, name: &dyn Fn(NodeId) -> String) {
    let rename = |place: Option<&mut Value>| {
        if let Some(place) = place
            && let Some(id) = place.as_u64().and_then(|id| u32::try_from(id).ok())
        {
            *place = name(NodeId(id)).into();
        }
    };
    for place in ["queue", "exchange"] {
        for end in ["first", "last"] {
            rename(headers.get_mut(&format!("x-{end}-death-{place}")));
        }
        let deaths = headers.get_mut(DEATHS).and_then(Value::as_array_mut);
        for death in deaths.into_iter().flatten() {
            rename(death.get_mut(place));
        }
    }
}
