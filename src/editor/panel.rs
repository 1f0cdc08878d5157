//! What the panels around the canvas show, copied out of a run as plain data.

use std::collections::BTreeMap;

use super::brokers::{BrokerRow, broker_rows, most_brokers};
use super::consumers::{GroupSheet, group_sheets};
use super::form::{SharedField, link_fields, node_fields};
use super::scene::{Card, LinkLine, Scene};
use super::sheets::{frame_sheet, several_sheet};
use super::stock::{MessageData, StockRow, StockSheet, stock_sheet};
use super::table::latency_words;
use super::tempo::{count, exact, moment, rate, short};
use super::whereabouts::Way;
use super::{Item, Point, Rect};
use crate::engine::{Entry, Envelope, LinkSettings, NodeMetrics, Place, Reason, What};
use crate::nodes::{Kind, Preset, Status};
use crate::simulation::Run;
use crate::topology::{Drawing, Link, Severity};
use crate::units::{LinkId, NodeId, SimTime, map_of};

pub use super::sheets::{FrameSheet, NoteSheet, SeveralSheet};

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
    /// What a log or a consumer of one is at.
    pub told: String,
    /// Whether it crashed.
    pub down: bool,
    /// What is likely wrong with it.
    pub finding: Option<Severity>,
    /// How many links come to it, and how many leave it.
    pub links: (usize, usize),
}

impl NodeChip {
    /// What a screen reader says.
    pub fn words(&self) -> String {
        let links = |count: usize| match count {
            1 => "1 link".to_owned(),
            several => format!("{several} links"),
        };
        let (name, kind) = (&self.name, self.kind);
        let state = if self.down { ", crashed" } else { "" };
        let (into, out) = (links(self.links.0), self.links.1);
        let finding = finding_words(self.finding);
        let (told, between) = (&self.told, if self.told.is_empty() { "" } else { ". " });
        format!(
            "{name}, {kind}{state}, {} waiting, {into} in, {out} out{finding}{between}{told}",
            self.depth
        )
    }
}

/// A link as those know it who do not see the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkChip {
    /// Which.
    pub id: LinkId,
    /// The name where it comes from.
    pub from: String,
    /// What it does.
    pub verb: &'static str,
    /// The name where it goes.
    pub to: String,
    /// How it carries messages.
    pub settings: LinkSettings,
    /// The middle of its label in the world.
    pub at: Point,
    /// What is likely wrong with it.
    pub finding: Option<Severity>,
}

impl LinkChip {
    /// What a screen reader says: "Orders delivers to E-mail, 200 ms".
    pub fn words(&self) -> String {
        let (from, verb, to) = (&self.from, self.verb, &self.to);
        let how = match self.settings.cut {
            true => "cut".to_owned(),
            false => latency_words(&self.settings),
        };
        let finding = finding_words(self.finding);
        format!("{from} {verb} to {to}, {how}{finding}")
    }
}

/// That something is likely wrong, after other words.
fn finding_words(finding: Option<Severity>) -> &'static str {
    match finding {
        Some(Severity::Wrong) => ", with a problem",
        Some(Severity::Doubtful) => ", doubtful",
        Some(Severity::Note) | None => "",
    }
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
    links: (usize, usize),
}

/// What there is to say of a link now.
pub struct LinkNews<'a> {
    line: &'a LinkLine,
    from: &'a str,
    verb: &'static str,
    to: &'a str,
    settings: &'a LinkSettings,
}

/// The nodes of a scene.
pub fn node_news<'a>(scene: &'a Scene, run: &'a Run) -> Vec<NodeNews<'a>> {
    let world = run.world().nodes();
    let depths: BTreeMap<NodeId, u64> =
        map_of(world.map(|(_, id, _, metrics)| (id, metrics.depth.value())));
    let names = names(run);
    let mut links: BTreeMap<NodeId, (usize, usize)> = BTreeMap::new();
    for link in &run.topology().links {
        links.entry(link.to).or_default().0 += 1;
        links.entry(link.from).or_default().1 += 1;
    }
    let news = |card: &'a Card| NodeNews {
        card,
        name: names.get(&card.id).copied().unwrap_or_default(),
        depth: depths.get(&card.id).copied().unwrap_or(0),
        links: links.get(&card.id).copied().unwrap_or_default(),
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
            Some(LinkNews {
                line,
                from,
                verb: run.topology().role(link).map_or("", |role| role.verb()),
                to,
                settings: &link.settings,
            })
        })
        .collect()
}

fn names(run: &Run) -> BTreeMap<NodeId, &str> {
    let nodes = run.topology().nodes.iter();
    map_of(nodes.map(|node| (node.id, node.name.as_str())))
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
            && chip.finding == card.finding
            && chip.kind == card.kind
            && chip.links == self.links
            && chip.told == card.told
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
            told: self.card.told.clone(),
            down: self.card.down,
            finding: self.card.finding,
            links: self.links,
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
        chip.at == self.at()
            && (&*chip.from, chip.verb, &*chip.to) == (self.from, self.verb, self.to)
            && chip.settings == *self.settings
            && chip.finding == self.line.finding
    }

    /// The chip that says it.
    pub fn chip(&self) -> LinkChip {
        LinkChip {
            id: self.line.id,
            from: self.from.to_owned(),
            verb: self.verb,
            to: self.to.to_owned(),
            settings: self.settings.clone(),
            at: self.at(),
            finding: self.line.finding,
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
    Node(Box<NodeSheet>),
    /// A link.
    Link(LinkSheet),
    /// Several items.
    Several(SeveralSheet),
    /// A note.
    Note(NoteSheet),
    /// A frame.
    Frame(FrameSheet),
    /// A message.
    Message(Box<MessageSheet>),
}

impl Sheet {
    /// The settings in it: of nodes, and of links.
    pub fn forms(&self) -> (&[SharedField], &[SharedField]) {
        match self {
            Self::Node(sheet) => (&sheet.form, &[]),
            Self::Link(sheet) => (&[], &sheet.form),
            Self::Several(sheet) => (&sheet.node_form, &sheet.link_form),
            Self::Note(_) | Self::Frame(_) | Self::Message(_) => (&[], &[]),
        }
    }
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
    /// The product's node that it follows.
    pub preset: Option<&'static Preset>,
    /// Its settings.
    pub form: Vec<SharedField>,
    /// Whether it crashed.
    pub down: bool,
    /// Why its queue grows.
    pub why: Option<String>,
    /// What is measured: label and value.
    pub live: Vec<(&'static str, String)>,
    /// What it has that a person can do something with.
    pub stock: Option<StockSheet>,
    /// The brokers that it runs on, if there are several.
    pub brokers: Vec<BrokerRow>,
    /// The groups that read it.
    pub groups: Vec<GroupSheet>,
}

/// A link in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkSheet {
    /// Which.
    pub id: LinkId,
    /// What it is: "Orders delivers to E-mail".
    pub name: String,
    /// The nodes at its ends.
    pub ends: [NodeId; 2],
    /// Whether a link the other way round would fit as well.
    pub turns: bool,
    /// The product's node that it leaves.
    pub preset: Option<&'static Preset>,
    /// Its settings.
    pub form: Vec<SharedField>,
}

/// A message in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageSheet {
    /// Its envelope.
    pub envelope: Envelope,
    /// The number of its event type.
    pub event_type: u16,
    /// What it says.
    pub data: MessageData,
    /// In whose hand it is, if it is in one.
    pub hand: Option<(NodeId, StockRow)>,
    /// Its ways through nodes that tell of it.
    pub ways: Vec<Way>,
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

/// The sheet of what is selected.
pub fn sheet_of(run: &Run, drawing: &Drawing, items: &[Item]) -> Option<Sheet> {
    match *items {
        [] => None,
        [Item::Node(id)] => node_sheet(run, id).map(Box::new).map(Sheet::Node),
        [Item::Link(id)] => link_sheet(run, id).map(Sheet::Link),
        [Item::Note(id)] => {
            let text = drawing.note(id)?.text.clone();
            Some(Sheet::Note(NoteSheet { id, text }))
        }
        [Item::Frame(id)] => {
            let frame = drawing.frame(id)?;
            Some(Sheet::Frame(frame_sheet(run, frame)))
        }
        _ => Some(Sheet::Several(several_sheet(run.topology(), items))),
    }
}

fn link_sheet(run: &Run, id: LinkId) -> Option<LinkSheet> {
    let topology = run.topology();
    let link = topology.link(id)?;
    let turned = Link {
        id: LinkId(u32::MAX),
        from: link.to,
        to: link.from,
        ..link.clone()
    };
    let name = |id| topology.node(id).map_or("", |node| node.name.as_str());
    let verb = topology.role(link).map_or("", |role| role.verb());
    Some(LinkSheet {
        id,
        name: format!("{} {verb} to {}", name(link.from), name(link.to)),
        ends: [link.from, link.to],
        turns: topology.problem_with_link(&turned).is_none(),
        preset: topology.node(link.from).and_then(|node| node.preset),
        form: link_fields(topology, &[link]),
    })
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
        preset: node.preset,
        form: node_fields(node),
        down: picture.status == Status::Down,
        why: run.explain(id),
        live: live_rows(node.settings.kind(), world.metrics(index), run.now()),
        stock: stock_sheet(run, index),
        brokers: match most_brokers(run.topology(), &[id]) {
            0 | 1 => Vec::new(),
            _ => broker_rows(run, &[id]),
        },
        groups: match world.node(index).survey() {
            Some(survey) => group_sheets(run, &survey),
            None => Vec::new(),
        },
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
