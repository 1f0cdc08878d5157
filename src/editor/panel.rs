//! What the panels around the canvas show, copied out of a run as plain data.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::link_fields;
use super::scene::{Card, LinkLine, Scene};
use super::tempo::{count, exact, moment, rate, short};
use super::{Item, Point, Rect};
use crate::engine::{Entry, Envelope, NodeMetrics, Place, Reason, What};
use crate::nodes::{Kind, Status};
use crate::simulation::Run;
use crate::topology::Link;
use crate::units::{LinkId, NodeId, SimTime};

/// What the time bar shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readout {
    /// The time.
    pub now: SimTime,
    /// Where a seek goes; the time if there is none.
    pub aim: SimTime,
    /// The latest time that was reached.
    pub furthest: SimTime,
    /// Entries of the trace.
    pub entries: u64,
    /// The hash over them.
    pub digest: u64,
    /// The seed.
    pub seed: u64,
    /// Messages that wait, travel or are stored.
    pub alive: u64,
    /// The limit that stopped the run.
    pub stopped: Option<String>,
}

impl Readout {
    /// How a run stands that is to go to `aim`.
    pub fn of(run: &Run, aim: Option<SimTime>) -> Self {
        Self {
            now: run.now(),
            aim: aim.unwrap_or(run.now()),
            furthest: run.furthest(),
            entries: run.entries(),
            digest: run.digest(),
            seed: run.seed(),
            alive: run.world().tally().alive(),
            stopped: run.world().stopped().map(|reason| reason.to_string()),
        }
    }
}

/// A node as those know it who do not see the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeChip {
    /// Which.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Where its card is in the world.
    pub rect: Rect,
    /// Messages that wait in it.
    pub depth: u64,
    /// Whether it crashed.
    pub down: bool,
}

/// A link as those know it who do not see the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkChip {
    /// Which.
    pub id: LinkId,
    /// The names at its ends.
    pub name: String,
    /// The middle of its label in the world.
    pub at: Point,
}

/// Something that was done by hand, on the time bar.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkChip {
    /// Its place in the script.
    pub index: usize,
    /// When.
    pub at: SimTime,
    /// What.
    pub label: String,
}

/// What there is to say of a node now.
pub struct NodeNews<'a> {
    card: &'a Card,
    name: &'a str,
    depth: u64,
}

/// What there is to say of a link now.
pub struct LinkNews<'a> {
    line: &'a LinkLine,
    from: &'a str,
    to: &'a str,
}

/// The nodes of a scene.
pub fn node_news<'a>(scene: &'a Scene, run: &'a Run) -> Vec<NodeNews<'a>> {
    let world = run.world().nodes();
    let depths: BTreeMap<NodeId, u64> = world
        .map(|(_, id, _, metrics)| (id, metrics.depth.value()))
        .collect();
    let names = names(run);
    let news = |card: &'a Card| NodeNews {
        card,
        name: names.get(&card.id).copied().unwrap_or_default(),
        depth: depths.get(&card.id).copied().unwrap_or(0),
    };
    scene.cards.iter().map(news).collect()
}

/// The links of a scene.
pub fn link_news<'a>(scene: &'a Scene, run: &'a Run) -> Vec<LinkNews<'a>> {
    let names = names(run);
    let name = |id: &NodeId| names.get(id).copied().unwrap_or_default();
    // Both lists have the same order.
    let mut drawn = run.topology().links.iter();
    let lines = scene.links.iter();
    lines
        .filter_map(|line| {
            let link = drawn.find(|link| link.id == line.id)?;
            let (from, to) = (name(&link.from), name(&link.to));
            Some(LinkNews { line, from, to })
        })
        .collect()
}

fn names(run: &Run) -> BTreeMap<NodeId, &str> {
    let nodes = run.topology().nodes.iter();
    nodes.map(|node| (node.id, node.name.as_str())).collect()
}

impl NodeNews<'_> {
    /// Which.
    pub fn id(&self) -> u32 {
        self.card.id.0
    }

    /// Whether a chip says it already.
    pub fn is_said_by(&self, chip: &NodeChip) -> bool {
        let card = self.card;
        chip.rect == card.rect
            && (chip.depth, chip.down) == (self.depth, card.down)
            && chip.kind == card.kind
            && chip.name == self.name
    }

    /// The chip that says it.
    pub fn chip(&self) -> NodeChip {
        NodeChip {
            id: self.card.id,
            name: self.name.to_owned(),
            kind: self.card.kind,
            rect: self.card.rect,
            depth: self.depth,
            down: self.card.down,
        }
    }
}

impl LinkNews<'_> {
    /// Which.
    pub fn id(&self) -> u32 {
        self.line.id.0
    }

    /// Whether a chip says it already.
    pub fn is_said_by(&self, chip: &LinkChip) -> bool {
        let between = chip.name.strip_prefix(self.from);
        let between = between.and_then(|rest| rest.strip_suffix(self.to));
        chip.at == self.at() && between == Some(ARROW)
    }

    /// The chip that says it.
    pub fn chip(&self) -> LinkChip {
        LinkChip {
            id: self.line.id,
            name: format!("{}{ARROW}{}", self.from, self.to),
            at: self.at(),
        }
    }

    fn at(&self) -> Point {
        self.line.label_at
    }
}

/// What stands between the names of a link's ends.
const ARROW: &str = " → ";

/// What was done by hand.
pub fn mark_chips(run: &Run) -> Vec<MarkChip> {
    let marks = run.script().iter().enumerate();
    marks
        .map(|(index, entry)| MarkChip {
            index,
            at: entry.at,
            label: entry.what.label(run.topology()),
        })
        .collect()
}

fn link_name(run: &Run, id: LinkId) -> String {
    let name = |node: NodeId| {
        run.topology()
            .node(node)
            .map_or_else(|| node.to_string(), |node| node.name.clone())
    };
    match run.topology().link(id) {
        Some(link) => format!("{}{ARROW}{}", name(link.from), name(link.to)),
        None => id.to_string(),
    }
}

/// What the inspector shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Sheet {
    /// A node.
    Node(NodeSheet),
    /// A link.
    Link(LinkSheet),
    /// A message.
    Message(Box<MessageSheet>),
}

/// A node in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSheet {
    /// Which.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// What kind of node it is.
    pub kind: Kind,
    /// Its settings.
    pub settings: Value,
    /// Whether it crashed.
    pub down: bool,
    /// Why its queue grows.
    pub why: Option<String>,
    /// What is measured: label and value.
    pub live: Vec<(&'static str, String)>,
}

/// A link in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkSheet {
    /// Which.
    pub id: LinkId,
    /// The names at its ends.
    pub name: String,
    /// What it is for.
    pub role: &'static str,
    /// The names of the settings that mean something for it.
    pub shown: Vec<&'static str>,
    /// Its settings.
    pub settings: Value,
}

/// A message in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageSheet {
    /// Its envelope.
    pub envelope: Envelope,
    /// The number of its event type.
    pub event_type: u16,
    /// What is special about this copy.
    pub remarks: Vec<&'static str>,
    /// Where it has been.
    pub story: Vec<StoryLine>,
    /// How many entries the trace had when that was told.
    pub told_at: u64,
}

/// One thing that happened to a message.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryLine {
    /// When.
    pub at: SimTime,
    /// When, in words.
    pub time: String,
    /// What and where.
    pub words: String,
    /// Whether one would rather not see it.
    pub trouble: bool,
}

/// The sheet of a node or link.
pub fn sheet_of(run: &Run, item: Item) -> Option<Sheet> {
    match item {
        Item::Node(id) => node_sheet(run, id).map(Sheet::Node),
        Item::Link(id) => {
            let link = run.topology().link(id)?;
            Some(Sheet::Link(LinkSheet {
                id,
                name: link_name(run, id),
                role: run.topology().role(link).map_or("", |role| role.verb()),
                shown: shown_fields(run, link),
                settings: serde_json::to_value(&link.settings).ok()?,
            }))
        }
        Item::Note(_) | Item::Frame(_) => None,
    }
}

fn shown_fields(run: &Run, link: &Link) -> Vec<&'static str> {
    let topology = run.topology();
    let ends = topology.node(link.from).zip(topology.role(link));
    let fields = ends.map(|(from, role)| link_fields(&from.settings, role));
    fields
        .into_iter()
        .flatten()
        .map(|field| field.name)
        .collect()
}

fn node_sheet(run: &Run, id: NodeId) -> Option<NodeSheet> {
    let node = run.topology().node(id)?;
    let index = run.world().node_index(id)?;
    let world = run.world();
    let picture = world.node(index).picture(run.now(), world.names());
    Some(NodeSheet {
        id,
        name: node.name.clone(),
        kind: node.settings.kind(),
        settings: node.settings.to_json(),
        down: picture.status == Status::Down,
        why: run.explain(id),
        live: live_rows(node.settings.kind(), world.metrics(index), run.now()),
    })
}

/// What is measured at a node and worth a row for its kind.
fn live_rows(kind: Kind, metrics: &NodeMetrics, now: SimTime) -> Vec<(&'static str, String)> {
    const ROWS: [(What, &str); 15] = [
        (What::Created, "Emitted"),
        (What::Copied, "Copied to subscriptions"),
        (What::Queued, "Arrived"),
        (What::Delivered, "Delivered"),
        (What::Finished, "Worked on"),
        (What::Failed, "Failed"),
        (What::Requeued, "Put back"),
        (What::DeadLettered, "Dead-lettered"),
        (What::Dropped, "Dropped"),
        (What::Expired, "Expired"),
        (What::Acked, "Acknowledged"),
        (What::Stored, "Stored"),
        (What::Applied, "Applied"),
        (What::Refused, "Refused"),
        (What::Conflicted, "Conflicts"),
    ];
    let mut rows = Vec::new();
    if matches!(kind.name(), "queue" | "projection") || metrics.depth.highest() > 0 {
        rows.push(("Waiting", count(metrics.depth.value())));
        rows.push(("Most waiting", count(metrics.depth.highest())));
    }
    if metrics.busy.highest() > 0 {
        let busy = metrics.busy.average(now);
        rows.push(("Workers busy, on average", super::tempo::digits(busy)));
    }
    if metrics.wait.count() > 0 {
        rows.push(("Wait, median", short(metrics.wait.percentile(50.0))));
        rows.push(("Wait, 99 % below", short(metrics.wait.percentile(99.0))));
    }
    if metrics.age.count() > 0 {
        rows.push(("Age when done, median", short(metrics.age.percentile(50.0))));
    }
    for (what, label) in ROWS {
        let times = metrics.count(what);
        if times > 0 {
            let secs = now.as_secs();
            let pace = if secs > 0.0 {
                rate(times as f64 / secs)
            } else {
                String::new()
            };
            rows.push((label, format!("{} · {pace}", count(times))));
        }
    }
    rows
}

/// What happened to a message, in words.
pub fn story(run: &Run, entries: &[Entry]) -> Vec<StoryLine> {
    entries.iter().map(|entry| story_line(run, entry)).collect()
}

fn story_line(run: &Run, entry: &Entry) -> StoryLine {
    let place = match entry.place() {
        Place::Node(id) => run
            .topology()
            .node(id)
            .map_or_else(|| id.to_string(), |node| node.name.clone()),
        Place::Link(id) => link_name(run, id),
    };
    let verb = entry.what.name().replace('_', " ");
    let because = match entry.reason() {
        Reason::None => String::new(),
        reason => format!(", because {}", reason.words()),
    };
    let again = if entry.what == What::Delivered && entry.attempt > 1 {
        format!(" (delivery {})", entry.attempt)
    } else {
        String::new()
    };
    let trouble = matches!(
        entry.what,
        What::Lost
            | What::HandoverLost
            | What::Failed
            | What::Requeued
            | What::Dropped
            | What::Expired
            | What::DeadLettered
            | What::Conflicted
    );
    StoryLine {
        at: entry.time,
        time: moment(entry.time),
        words: format!("{verb} · {place}{again}{because}"),
        trouble,
    }
}

/// A trace entry in words, for those who step.
pub fn entry_words(run: &Run, entry: &Entry) -> String {
    format!("{}: {}", exact(entry.time), story_line(run, entry).words)
}
