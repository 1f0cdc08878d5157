//! From a run and what the user looks at to the scene of one frame.

use std::collections::BTreeMap;

use super::card::{CARD_WIDTH, lay_out, shortened, wrapped};
use super::draft::Draft;
use super::frames::{Folds, lay_frames};
use super::notes::lay_notes;
use super::steady::Shape;
use super::traffic::Traffic;
use super::{Card, LinkLine, Scene};
use crate::editor::routing::{LinkEnds, Router};
use crate::editor::tempo::{count, rate, short};
use crate::editor::{Camera, Curve, Item, Point, Rect, Selection};
use crate::engine::{NodeMetrics, World};
use crate::nodes::{Kind, Node, Picture, Role, Status, Tone};
use crate::topology::{self, Drawing, Topology};
use crate::units::{LinkId, NodeId, SimDuration};

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
    /// What cards have shown, so that parts keep their places.
    shapes: BTreeMap<NodeId, Shape>,
    /// Why queues grow, in lines.
    whys: BTreeMap<NodeId, Vec<String>>,
    router: Router,
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
        self.whys = whys
            .map(|(node, why)| (node, wrapped(&why, WHY_LINE_MOST)))
            .collect();
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
        self.cards(topology, &folds, world, view, scene);
        lay_frames(drawing, &folds, topology, world, view, scene);
        lay_notes(drawing, view, scene);
        self.links(topology, &folds, world, view, scene);
        scene.in_flight = self.traffic.count(world.transits());
        scene.sampled = self.traffic.make_flows(&mut scene.links);
        for line in &mut scene.links {
            if let Some(flow) = line.flow {
                line.label = format!(
                    "{} on the way · {}",
                    count(flow.in_flight),
                    rate(flow.per_second)
                );
                let widest = self.flow_widths.entry(line.id).or_default();
                *widest = widest.max(line.label_box().w);
            }
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
        topology: &Topology,
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
            self.shapes.entry(node.id).or_default().fill(&mut picture);
            let (pieces, height) = lay_out(&picture, corner, followed);
            let height = height.max(known.unwrap_or(0.0));
            self.heights.insert(node.id, height);
            let kind = node.settings.kind();
            let figure = index.and_then(|index| figure(kind, world.metrics(index)));
            let item = Item::Node(node.id);
            let why = self.whys.get(&node.id).cloned().unwrap_or_default();
            scene.cards.push(Card {
                id: node.id,
                rect: Rect::new(corner.x, corner.y, CARD_WIDTH, height),
                name: shortened(node.name.clone(), NAME_MOST),
                kind: kind.descriptor().label,
                glyph: kind.descriptor().glyph,
                figure,
                figure_tone: if why.is_empty() {
                    Tone::Calm
                } else {
                    Tone::Trouble
                },
                down: picture.status == Status::Down,
                selected: view.selection.has(item),
                hovered: view.hovered == Some(item),
                fits: view.draft.fits(node.id),
                pieces,
                why,
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
        let places: BTreeMap<NodeId, usize> = (0..cards.len()).map(|n| (cards[n].0, n)).collect();
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
            if let Some(index) = world.link_index(link.id) {
                self.traffic.draw_link(index, scene.links.len());
            }
            let line = LinkLine {
                id: link.id,
                curve: Curve::new([Point::default(); 4]),
                label_at: Point::default(),
                label: link_label(link),
                flow: None,
                cut: link.settings.cut,
                dead_letters: role == Some(Role::DeadLetters),
                selected: view.selection.has(item),
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

/// The number in the corner of a card.
fn figure(kind: Kind, metrics: &NodeMetrics) -> Option<String> {
    let waits = matches!(kind.name(), "queue" | "projection");
    waits.then(|| count(metrics.depth.value()))
}

fn link_label(link: &topology::Link) -> String {
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
    if link.settings.filter.is_some() || link.settings.arguments.is_some() {
        words.push("filtered".to_owned());
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
