//! What a node has, message by message, as plain data for the inspector: what a person holds who
//! operates it, or what waits in it and why it is dead.

mod data;

use std::collections::BTreeMap;

use serde_json::Value;

use super::tempo::short;
use crate::engine::{Behaviour, Chosen, Delivery, Goal, Message, MessageId, NodeIndex, Stocked};
use crate::nodes::Role;
use crate::simulation::Run;
use crate::units::{NodeId, SimDuration, SimTime};

pub use data::{Death, MessageData};

/// Most messages that are listed.
const ROWS_MOST: usize = 60;
/// Below this time a deadline is near.
const SOON: SimDuration = SimDuration::from_secs(5);

/// What a node has.
#[derive(Clone, Debug, PartialEq)]
pub struct StockSheet {
    /// Whether a person has it in the hand; if not, it waits.
    pub in_hand: bool,
    /// How many messages there are; the first of them are listed.
    pub total: u64,
    /// How many wait where a hand takes from.
    pub offered: u64,
    /// The messages.
    pub rows: Vec<StockRow>,
    /// Where messages can be sent by hand, with the words for it.
    pub goals: Vec<(Goal, String)>,
    /// The message whose data is shown.
    pub open: Option<MessageData>,
}

/// A message that a node has.
#[derive(Clone, Debug, PartialEq)]
pub struct StockRow {
    /// Which copy.
    pub message: MessageId,
    /// The identity of its event.
    pub root: u64,
    /// Which of the copies of that event that are there, from 1.
    pub nth: u16,
    /// How often it was handed to a consumer.
    pub attempt: u16,
    /// Whether another one there is told from it by its place only.
    twin: bool,
    /// The number of its event type.
    pub event_type: u16,
    /// Its event type.
    pub name: String,
    /// Its key and its number: "ada · #12".
    pub what: String,
    /// How long it has been there.
    pub age: String,
    /// How long its lender still waits, or what else there is to say.
    pub left: String,
    /// Whether that time is nearly over.
    pub soon: bool,
    /// What became of it, if its lender has taken it back meanwhile.
    pub fate: Option<String>,
    /// Who lent it, and takes an acknowledgement however late it comes.
    pub forgiving: Option<NodeId>,
    /// How long its lender would wait anew, if it waits for a time.
    pub longer: Option<SimDuration>,
    /// Why it is dead.
    pub death: Option<Demise>,
}

/// Why a message is dead, in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Demise {
    /// The reason, as brokers say it.
    pub reason: String,
    /// How often it died for that reason where it died last.
    pub count: u64,
    /// Where it died first.
    pub first: String,
}

impl StockRow {
    /// Which delivery it is, for an answer.
    pub fn delivery(&self) -> Delivery {
        Delivery {
            root: self.root,
            attempt: Some(self.attempt),
            nth: self.twin.then_some(self.nth),
        }
    }

    /// Which message it is of those that wait.
    pub fn chosen(&self) -> Chosen {
        Chosen {
            root: self.root,
            nth: self.nth,
        }
    }

    /// Its name for those who do not see the list.
    pub fn words(&self) -> String {
        format!("{} {}", self.name, self.what)
    }
}

impl StockSheet {
    /// Why the listed messages are dead, each reason once, with how many there are.
    pub fn reasons(&self) -> Vec<(String, usize)> {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for death in self.rows.iter().filter_map(|row| row.death.as_ref()) {
            *reasons.entry(&death.reason).or_default() += 1;
        }
        let reasons = reasons.into_iter();
        reasons.map(|(it, count)| (it.to_owned(), count)).collect()
    }
}

/// What a node has, if a person can do something with it.
pub(super) fn stock_sheet(run: &Run, node: NodeIndex) -> Option<StockSheet> {
    let stock = run.world().node(node).stock(ROWS_MOST)?;
    let mut rows: Vec<StockRow> = Vec::with_capacity(stock.first.len());
    for stocked in &stock.first {
        let mut row = row(run, stocked, stock.in_hand);
        let is_like = |other: &&mut StockRow| {
            other.root == row.root && (!stock.in_hand || other.attempt == row.attempt)
        };
        let mut twins: Vec<&mut StockRow> = rows.iter_mut().filter(is_like).collect();
        row.nth = twins.len() as u16 + 1;
        row.twin = !twins.is_empty();
        twins.iter_mut().for_each(|twin| twin.twin = true);
        rows.push(row);
    }
    let id = run.world().node_id(node);
    Some(StockSheet {
        in_hand: stock.in_hand,
        total: stock.total,
        offered: if stock.in_hand { offered(run, id) } else { 0 },
        rows,
        goals: match stock.in_hand {
            true => Vec::new(),
            false => goals(run, id),
        },
        open: None,
    })
}

/// How many messages wait where a node takes from.
fn offered(run: &Run, node: NodeId) -> u64 {
    let topology = run.topology();
    let links = topology.links.iter().filter(|link| link.to == node);
    let lends = links.filter(|link| topology.role(link) == Some(Role::Delivers));
    let depth = |id| run.metrics(id).map_or(0, |metrics| metrics.depth.value());
    lends.map(|link| depth(link.from)).sum()
}

/// Where messages that wait at a node can be sent by hand.
fn goals(run: &Run, node: NodeId) -> Vec<(Goal, String)> {
    let topology = run.topology();
    let mut goals = vec![(Goal::Source, "where each died last".to_owned())];
    let mut links = topology.links.iter().filter(|link| link.from == node);
    let first = links.find(|link| topology.role(link) == Some(Role::DeadLetters));
    if let Some(link) = first {
        let words = format!("{}, along the link", name_of(run, link.to));
        goals.push((Goal::Link, words));
    }
    let others = topology.nodes.iter().filter(|other| {
        let takes = other.settings.kind().descriptor().takes;
        other.id != node && takes.contains(&Role::DeadLetters)
    });
    goals.extend(others.map(|other| (Goal::Node(other.id), other.name.clone())));
    goals
}

/// The message in somebody's hand, with where that is.
pub fn held(run: &Run, message: MessageId) -> Option<(NodeId, StockRow)> {
    let world = run.world();
    let mut nodes = world.nodes().filter(|(_, _, node, _)| {
        let in_hand = node.stock(0).is_some_and(|stock| stock.in_hand);
        in_hand && node.message(message).is_some()
    });
    let (index, id, ..) = nodes.next()?;
    let mut rows = stock_sheet(run, index)?.rows.into_iter().rev();
    Some((id, rows.find(|row| row.message == message)?))
}

fn name_of(run: &Run, id: NodeId) -> String {
    let node = run.topology().node(id);
    node.map_or_else(|| id.to_string(), |node| node.name.clone())
}

fn row(run: &Run, stocked: &Stocked, in_hand: bool) -> StockRow {
    let (world, message) = (run.world(), &stocked.message);
    let names = world.names();
    let key = names.key_text(message.key);
    let number = message.sequence;
    let what = match key {
        "" => format!("#{number}"),
        key => format!("{key} · #{number}"),
    };
    let mut row = StockRow {
        message: message.id,
        root: message.root,
        nth: 1,
        attempt: message.attempt,
        twin: false,
        event_type: message.event_type.0,
        name: names.type_name(message.event_type).to_owned(),
        what,
        age: seconds(run.now().since(message.since)),
        left: String::new(),
        soon: false,
        fate: None,
        forgiving: None,
        longer: None,
        death: demise(run, message),
    };
    if in_hand {
        put_standing(run, stocked, &mut row);
    }
    row
}

/// How a message in the hand stands with who lent it.
fn put_standing(run: &Run, stocked: &Stocked, row: &mut StockRow) {
    let (world, message) = (run.world(), &stocked.message);
    let Some(link) = stocked.link.filter(|_| stocked.lent) else {
        row.left = "nobody waits for an answer".to_owned();
        return;
    };
    let lender = world.ends(link).0;
    let id = world.node_id(lender);
    let loan = world.node(lender).loan(message.id);
    let is_this = |it: &crate::engine::Loan| it.link == link && it.attempt == message.attempt;
    match loan.filter(is_this) {
        Some(loan) if loan.until == SimTime::MAX => row.left = "no time limit".to_owned(),
        Some(loan) => {
            let left = loan.until.since(run.now());
            row.left = format!("{} left", seconds(left));
            row.soon = left < SOON;
            let lender = run.topology().node(id);
            row.longer = lender.and_then(|lender| lender.settings.conduct().lending?.ack_within.0);
        }
        None => {
            let again = match loan {
                Some(_) => ", and has handed it out again",
                None => "",
            };
            row.left = "too late".to_owned();
            row.fate = Some(format!("{} has taken it back{again}", name_of(run, id)));
            let lender = run.topology().node(id);
            let lends = lender.and_then(|lender| lender.settings.conduct().lending);
            row.forgiving = lends.is_some_and(|it| it.late_counts).then_some(id);
        }
    }
}

/// A time as it goes by: with one digit, so that it does not flicker.
fn seconds(length: SimDuration) -> String {
    match length.as_secs() {
        secs if secs < 100.0 => format!("{secs:.1} s"),
        _ => short(length),
    }
}

/// The name in a header that names a queue or an exchange by its id.
fn place(run: &Run, value: Option<&Value>) -> String {
    let id = value
        .and_then(Value::as_u64)
        .and_then(|id| u32::try_from(id).ok());
    match (id, value) {
        (Some(id), _) => name_of(run, NodeId(id)),
        (None, Some(Value::String(name))) => name.clone(),
        _ => String::new(),
    }
}

fn demise(run: &Run, message: &Message) -> Option<Demise> {
    let changed = run.world().bodies().changed_headers(message.body)?;
    let latest = changed.get("x-death")?.get(0).filter(|_| message.dead)?;
    Some(Demise {
        reason: latest.get("reason")?.as_str()?.to_owned(),
        count: latest.get("count")?.as_u64()?,
        first: place(run, changed.get("x-first-death-queue")),
    })
}

#[cfg(test)]
mod tests;
