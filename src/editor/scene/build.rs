//! From a run and what the user looks at to the scene of one frame.

use std::collections::BTreeMap;

use super::card::{Beside, CARD_WIDTH, lay_out, shortened, wrapped};
use super::draft::Draft;
use super::frames::{Folds, lay_frames};
use super::lanes::Told;
use super::notes::lay_notes;
use super::steady::Shape;
use super::survey::Logs;
use super::told::{consumer_words, log_words};
use super::traffic::Traffic;
use super::{Card, LinkLine, Scene};
use crate::editor::routing::{LinkEnds, Router};
use crate::editor::tempo::{count, rate, short};
use crate::editor::{Camera, Curve, Item, Point, Rect, Selection};
use crate::engine::{NodeMetrics, World};
use crate::nodes::{Kind, Node, Part, Picture, Role, Status, Tone};
use crate::topology::{self, Drawing, Finding, FrameKind, Severity, Subject, Topology};
use crate::units::{LinkId, NodeId, SimDuration, map_of, sort};

/// What the user looks at.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// What part of the world is on the screen.
    pub camera: Camera,
    /// Width of the screen.
    pub width: f64,
    /// Height of the screen.
    pub height: f64,
    /// Whether what is drawn from left to right is shown from top to bottom.
    pub upright: bool,
    /// What is selected.
    pub selection: Selection,
    /// What the pointer is over.
    pub hovered: Option<Item>,
    /// The only nodes that are shown, in the order of their ids; all without.
    pub only: Option<Vec<NodeId>>,
    /// Whether nothing glides: links tell how many messages they carry instead of showing them.
    pub still: bool,
    /// Whether nothing can be drawn or moved.
    pub fixed: bool,
    /// The two ends of the step that is told.
    pub told: Option<(NodeId, NodeId)>,
    /// What a gesture is about to do.
    pub draft: Draft,
}

/// How far apart things are shown on upright screens, compared with how they are drawn.
const UPRIGHT_ACROSS: f64 = 1.38;
const UPRIGHT_DOWN: f64 = 0.66;

impl View {
    /// Where something is shown that is drawn at this place.
    pub fn shown_at(&self, x: i32, y: i32) -> Point {
        let (x, y) = (f64::from(x), f64::from(y));
        if self.upright {
            Point::new(y * UPRIGHT_ACROSS, x * UPRIGHT_DOWN)
        } else {
            Point::new(x, y)
        }
    }

    /// Where something is drawn that is shown at this place.
    pub fn drawn_at(&self, shown: Point) -> (i32, i32) {
        let place = |length: f64| length.round().clamp(-1e6, 1e6) as i32;
        if self.upright {
            (
                place(shown.y / UPRIGHT_DOWN),
                place(shown.x / UPRIGHT_ACROSS),
            )
        } else {
            (place(shown.x), place(shown.y))
        }
    }

    /// Whether a step is told that begins or ends at a node.
    fn tells(&self, id: NodeId) -> bool {
        self.told.is_some_and(|(from, to)| id == from || id == to)
    }

    /// Whether a node is shown.
    pub fn shows(&self, id: NodeId) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.binary_search(&id).is_ok())
    }
}

/// Makes scenes, and keeps what one frame can use of the last.
#[derive(Debug, Default)]
pub struct SceneBuilder {
    traffic: Traffic,
    /// How high cards have been: they never shrink, so that nothing jumps.
    heights: BTreeMap<NodeId, f64>,
    /// Whether that was on an upright screen, where there is less room below.
    upright: bool,
    /// What cards have shown, so that parts keep their places.
    shapes: BTreeMap<NodeId, Shape>,
    /// Why queues grow, in lines.
    whys: BTreeMap<NodeId, Vec<String>>,
    /// What is likely wrong: the worst of each node and link, with its words in lines.
    remarks: BTreeMap<Subject, (Severity, Vec<String>)>,
    router: Router,
    /// Logs, and who owned what in them.
    logs: Logs,
    /// How wide the labels of links were that showed a flow.
    flow_widths: BTreeMap<LinkId, f64>,
}

const WHY_LINE_MOST: usize = 31;
const NAME_MOST: usize = 21;

impl SceneBuilder {
    /// Forgets what belonged to another document.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Remembers why queues grow, for the frames to come.
    pub fn set_whys(&mut self, whys: impl Iterator<Item = (NodeId, String)>) {
        self.whys = map_of(whys.map(|(node, why)| (node, wrapped(&why, WHY_LINE_MOST))));
    }

    /// Remembers what is likely wrong, the worst first, for the frames to come. What is only good
    /// to know is not shown on the canvas.
    pub fn set_findings(&mut self, findings: &[Finding]) {
        self.remarks.clear();
        for finding in findings {
            if finding.severity != Severity::Note {
                let remark = || (finding.severity, wrapped(&finding.what, WHY_LINE_MOST));
                self.remarks.entry(finding.subject).or_insert_with(remark);
            }
        }
    }

    /// Makes the scene of a world as it is now.
    pub fn build(
        &mut self,
        topology: &Topology,
        drawing: &Drawing,
        world: &World<Node>,
        view: &View,
        scene: &mut Scene,
    ) {
        scene.cards.clear();
        scene.links.clear();
        scene.tokens.clear();
        let folds = Folds::of(drawing);
        if std::mem::replace(&mut self.upright, view.upright) != view.upright {
            self.heights.clear();
        }
        self.logs.look(topology, world, view.still);
        let framed = framed(drawing);
        self.cards((topology, &framed), &folds, world, view, scene);
        lay_frames(drawing, &folds, (topology, &self.logs), world, view, scene);
        lay_notes(drawing, view, scene);
        self.links(topology, &folds, world, view, scene);
        scene.in_flight = self.traffic.count(world.transits());
        let flows = self.traffic.make_flows(&mut scene.links, view.still);
        scene.sampled = flows && !view.still;
        for line in &mut scene.links {
            if let Some(flow) = line.flow {
                let on_the_way = format!("{} on the way", count(flow.in_flight));
                line.label = match view.still {
                    true => on_the_way,
                    false => format!("{on_the_way} · {}", rate(flow.per_second)),
                };
                let widest = self.flow_widths.entry(line.id).or_default();
                *widest = widest.max(line.label_box().w);
            }
            // After the routing: nothing goes out of the way of what is only looked at.
            if line.selected || line.hovered {
                line.say_role();
            }
        }
        if view.still {
            return;
        }
        self.traffic.tokens(
            world.transits(),
            &scene.links,
            world.now(),
            view.selection.followed().map(|followed| followed.root),
            &mut scene.tokens,
        );
    }

    fn cards(
        &mut self,
        (topology, framed): (&Topology, &[NodeId]),
        folds: &Folds,
        world: &World<Node>,
        view: &View,
        scene: &mut Scene,
    ) {
        let followed = view.selection.followed().map(|followed| followed.message);
        let visible = view.camera.visible(view.width, view.height).grown(80.0);
        let shown = |id| view.shows(id) && folds.frame_of(id).is_none();
        for node in topology.nodes.iter().filter(|node| shown(node.id)) {
            let corner = view.shown_at(node.x, node.y);
            let index = world.node_index(node.id);
            let known = self.heights.get(&node.id).copied();
            let in_view =
                Rect::new(corner.x, corner.y, CARD_WIDTH, known.unwrap_or(0.0)).touches(visible);
            let mut picture = match index {
                Some(index) if in_view || known.is_none() => {
                    world.node(index).picture(world.now(), world.names())
                }
                _ => Picture::default(),
            };
            name_peers(&mut picture, (topology, node.id), world);
            self.shapes.entry(node.id).or_default().fill(&mut picture);
            let beside = Beside {
                told: told(&self.logs, topology, node.id, (framed, view.upright)),
                reads: self.logs.reads((topology, world), node.id),
            };
            let (pieces, height) = lay_out(&picture, corner, followed, &beside);
            let height = height.max(known.unwrap_or(0.0));
            self.heights.insert(node.id, height);
            let kind = node.settings.kind();
            let figure = index.and_then(|index| figure(kind, world.metrics(index)));
            let item = Item::Node(node.id);
            let why = self.whys.get(&node.id).cloned().unwrap_or_default();
            let remark = self.remarks.get(&Subject::Node(node.id));
            let (selected, hovered) = (view.selection.has(item), view.hovered == Some(item));
            let is_read = (selected || hovered) && why.is_empty();
            let selected = selected || view.tells(node.id);
            let words = match &beside.told {
                Some(told) => log_words(told.survey),
                None => consumer_words(&beside.reads),
            };
            scene.cards.push(Card {
                id: node.id,
                rect: Rect::new(corner.x, corner.y, CARD_WIDTH, height),
                name: shortened(node.name.clone(), NAME_MOST),
                kind: node
                    .preset
                    .map_or(kind.descriptor().label, |preset| preset.tag),
                glyph: kind.descriptor().glyph,
                figure,
                figure_tone: if why.is_empty() {
                    Tone::Calm
                } else {
                    Tone::Trouble
                },
                down: picture.status == Status::Down,
                selected,
                hovered,
                fits: view.draft.fits(node.id),
                pieces,
                told: words,
                why,
                finding: remark.map(|(severity, _)| *severity),
                remark: remark
                    .filter(|_| is_read)
                    .map_or_else(Vec::new, |(_, words)| words.clone()),
            });
        }
    }

    fn links(
        &mut self,
        topology: &Topology,
        folds: &Folds,
        world: &World<Node>,
        view: &View,
        scene: &mut Scene,
    ) {
        self.traffic.clear();
        // Frames that are shown as one card are cards for links; their ids are of the same counter.
        let cards = scene.cards.iter().map(|card| (card.id, card.rect));
        let folded = scene.frames.iter().filter(|frame| frame.folded.is_some());
        let folded = folded.map(|frame| (NodeId(frame.id.0), frame.rect));
        let cards: Vec<_> = cards.chain(folded).collect();
        let places: BTreeMap<NodeId, usize> = map_of((0..cards.len()).map(|n| (cards[n].0, n)));
        let place = |id| {
            let frame = folds.frame_of(id).map(|frame| NodeId(frame.0));
            places.get(&frame.unwrap_or(id)).copied()
        };
        let mut ends = Vec::with_capacity(topology.links.len());
        for link in &topology.links {
            let (Some(from), Some(to)) = (place(link.from), place(link.to)) else {
                continue;
            };
            if from == to {
                // Both ends are folded into the same frame.
                continue;
            }
            let item = Item::Link(link.id);
            let role = topology.role(link);
            let remark = self.remarks.get(&Subject::Link(link.id));
            if let Some(index) = world.link_index(link.id) {
                self.traffic.draw_link(index, scene.links.len());
            }
            let line = LinkLine {
                id: link.id,
                curve: Curve::new([Point::default(); 4]),
                label_at: Point::default(),
                label: link_label(link, self.logs.of(link.from).is_some()),
                flow: None,
                cut: link.settings.cut,
                role,
                tag: self.logs.tag(world, link),
                finding: remark.map(|(severity, _)| *severity),
                selected: view.selection.has(item) || view.told == Some((link.from, link.to)),
                hovered: view.hovered == Some(item),
            };
            let flow_width = self.flow_widths.get(&link.id).copied().unwrap_or(0.0);
            ends.push(LinkEnds {
                id: link.id,
                from,
                to,
                label_width: line.label_box().w.max(flow_width),
            });
            scene.links.push(line);
        }
        self.router.route(&cards, &ends, view.upright);
        for (place, line) in scene.links.iter_mut().enumerate() {
            let route = self.router.route_of(place);
            line.curve = route.curve;
            line.label_at = route.label_at;
        }
    }
}

/// What is shown of a node that is a log.
fn told<'a>(
    logs: &'a Logs,
    topology: &Topology,
    node: NodeId,
    (framed, tight): (&[NodeId], bool),
) -> Option<Told<'a>> {
    let (survey, owners) = logs.of(node)?;
    let links = topology.links.iter().filter(|link| link.from == node);
    let mut groups: Vec<&str> = links
        .filter(|link| topology.role(link) == Some(Role::Delivers))
        .map(|link| link.settings.group.as_str())
        .collect();
    // Without a name each consumer has a group of its own.
    let unnamed = groups.iter().filter(|name| name.is_empty()).count();
    sort(&mut groups);
    groups.dedup();
    groups.retain(|name| !name.is_empty());
    Some(Told {
        survey,
        owners,
        groups: groups.len() + unnamed,
        tight,
        brokers: survey.brokers.len() > 1 && framed.binary_search(&node).is_err(),
    })
}

/// The nodes whose brokers are shown on a frame, in the order of their ids.
fn framed(drawing: &Drawing) -> Vec<NodeId> {
    let brokers = drawing
        .frames
        .iter()
        .filter(|it| it.kind == FrameKind::Broker);
    let mut nodes: Vec<NodeId> = brokers
        .filter(|frame| !frame.collapsed)
        .flat_map(|frame| frame.members.iter().copied())
        .collect();
    sort(&mut nodes);
    nodes
}

/// Puts names where a picture has links.
fn name_peers(picture: &mut Picture, (topology, from): (&Topology, NodeId), world: &World<Node>) {
    for part in &mut picture.parts {
        if let Part::Peer { label, link } = part {
            let mut links = topology.links.iter().filter(|it| it.from == from);
            let found = links.find(|it| world.link_index(it.id) == Some(*link));
            let peer = found.and_then(|found| topology.node(found.to));
            let name = peer.map_or("–", |peer| peer.name.as_str());
            *part = Part::text(label, name, Tone::Calm);
        }
    }
}

/// The number in the corner of a card.
fn figure(kind: Kind, metrics: &NodeMetrics) -> Option<String> {
    let waits = matches!(kind.name(), "queue" | "projection");
    waits.then(|| count(metrics.depth.value()))
}

/// A few words beside a link. Groups of a log are named on its card, and so in one word here.
fn link_label(link: &topology::Link, from_log: bool) -> String {
    if link.settings.cut {
        return "cut".to_owned();
    }
    let mean = link.settings.latency.mean_secs();
    let latency = if mean > 0.0 {
        short(SimDuration::from_nanos_f64(mean * 1e9))
    } else {
        String::new()
    };
    let mut words = vec![latency];
    words.extend(match link.settings.types.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(format!("{} types", several.len())),
    });
    words.push(shortened(link.settings.binding.clone(), 20));
    if !link.settings.group.is_empty() {
        let before = if from_log { "" } else { "group " };
        words.push(format!("{before}{}", link.settings.group));
    }
    if link.settings.filter.is_some() || link.settings.arguments.is_some() {
        let said = match link.label.as_str() {
            "" => "filtered",
            said => said,
        };
        words.push(shortened(said.to_owned(), 20));
    }
    if link.settings.alternate {
        words.push("alternate".to_owned());
    }
    words.retain(|word| !word.is_empty());
    shortened(words.join(" · "), 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_tells_its_filter_by_its_label_and_its_group() {
        let (from, to) = (crate::units::NodeId(1), crate::units::NodeId(2));
        let mut link = topology::Link::new(crate::units::LinkId(3), from, to);
        link.settings.arguments = Some(Box::new(serde_json::json!({})));
        assert_eq!(link_label(&link, false), "filtered");
        link.label = "pdf and 1".to_owned();
        assert_eq!(link_label(&link, false), "pdf and 1");
        (link.settings.binding, link.settings.group) = (">".to_owned(), "work".to_owned());
        assert_eq!(link_label(&link, false), "> · group work · pdf and 1");
        assert_eq!(link_label(&link, true), "> · work · pdf and 1");
    }

    #[test]
    fn a_still_picture_counts_on_links_what_another_shows() {
        let scenario = crate::scenario::examples()[0].scenario();
        let mut run = crate::simulation::Run::new(scenario.plan()).expect("it can be played");
        let mut view = View {
            width: 4_000.0,
            height: 3_000.0,
            ..View::default()
        };
        let mut scene = Scene::default();
        let mut builder = SceneBuilder::default();
        let mut seen = 0;
        for millis in (0..4_000).step_by(100) {
            run.advance(
                crate::units::SimTime::from_nanos(millis * 1_000_000),
                u64::MAX,
            );
            let mut tokens = [0, 0];
            for still in [false, true] {
                view.still = still;
                let drawing = &scenario.drawing;
                builder.build(run.topology(), drawing, run.world(), &view, &mut scene);
                let shown = scene.tokens.iter().filter(|token| token.look.is_some());
                tokens[usize::from(still)] = shown.count();
            }
            let counted: u64 = scene
                .links
                .iter()
                .filter_map(|line| line.flow)
                .map(|f| f.in_flight)
                .sum();
            assert_eq!((tokens[1], counted), (0, scene.in_flight));
            assert_eq!(
                tokens[0] as u64, scene.in_flight,
                "none of the shop is sampled"
            );
            assert!(!scene.sampled);
            for line in scene.links.iter().filter(|line| line.flow.is_some()) {
                assert!(line.label.ends_with("on the way"), "{}", line.label);
            }
            seen += counted;
        }
        assert!(seen > 0, "something was on its way");
    }

    #[test]
    fn what_is_moved_on_an_upright_screen_lands_where_it_was_put() {
        for upright in [false, true] {
            let view = View {
                upright,
                ..View::default()
            };
            let shown = view.shown_at(880, 170);
            assert_eq!(view.drawn_at(shown), (880, 170));
        }
    }
}
