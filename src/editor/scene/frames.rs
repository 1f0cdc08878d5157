//! Frames: boxes around their members, or one card for all of them.

use std::collections::BTreeMap;

use super::brokers::{STRIP, merged};
use super::card::{CARD_WIDTH, Page};
use super::survey::Logs;
use super::{Piece, Scene, View};
use crate::editor::{Item, Rect};
use crate::engine::World;
use crate::nodes::{Node, Status};
use crate::topology::{Drawing, Frame, FrameKind, Topology};
use crate::units::{FrameId, NodeId, map_of, sort_by_key};

/// The height of the part of a frame that has its name.
pub const FRAME_HEAD: f64 = 30.0;
const PADDING: f64 = 22.0;
const FOLDED_HEIGHT: f64 = 88.0;

/// A frame.
#[derive(Clone, Debug)]
pub struct FrameBox {
    /// Which.
    pub id: FrameId,
    /// Where it is in the world.
    pub rect: Rect,
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: FrameKind,
    /// What is inside, if it is shown as one card.
    pub folded: Option<Folded>,
    /// The brokers of the logs inside, if it stands for a cluster.
    pub pieces: Vec<Piece>,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether the pointer is over it.
    pub hovered: bool,
}

impl FrameBox {
    /// The part of it that has its name and its brokers.
    pub fn head(&self) -> Rect {
        let Rect { x, y, w, .. } = self.rect;
        let strip = if self.pieces.is_empty() { 0.0 } else { STRIP };
        Rect::new(x, y, w, FRAME_HEAD + strip)
    }
}

/// What is inside of a frame that is shown as one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Nodes.
    pub nodes: u64,
    /// Messages that wait in them.
    pub waiting: u64,
    /// Nodes that crashed.
    pub down: u64,
}

/// Which nodes are folded into which frames: into the outermost one that is collapsed.
pub(super) struct Folds(BTreeMap<NodeId, FrameId>);

impl Folds {
    pub(super) fn of(drawing: &Drawing) -> Self {
        let collapsed = drawing.frames.iter().filter(|frame| frame.collapsed);
        let mut by_size: Vec<&Frame> = collapsed.collect();
        sort_by_key(&mut by_size, |frame| frame.members.len());
        let pairs = by_size
            .iter()
            .flat_map(|frame| frame.members.iter().map(|id| (*id, frame.id)));
        // The largest frame comes last, and so stays.
        Self(map_of(pairs))
    }

    pub(super) fn frame_of(&self, node: NodeId) -> Option<FrameId> {
        self.0.get(&node).copied()
    }
}

/// Lays out all frames that have something to show.
pub(super) fn lay_frames(
    drawing: &Drawing,
    folds: &Folds,
    (topology, logs): (&Topology, &Logs),
    world: &World<Node>,
    view: &View,
    scene: &mut Scene,
) {
    scene.frames.clear();
    let mut by_size: Vec<&Frame> = drawing.frames.iter().collect();
    sort_by_key(&mut by_size, |frame| frame.members.len());
    for frame in by_size {
        let shown = |id: &NodeId| view.shows(*id) && topology.node(*id).is_some();
        let members: Vec<NodeId> = frame.members.iter().copied().filter(shown).collect();
        let is_inside_of_folded =
            |id: &NodeId| folds.frame_of(*id).is_some_and(|by| by != frame.id);
        if members.is_empty() || members.iter().all(is_inside_of_folded) {
            continue;
        }
        let folded = frame.collapsed.then(|| sum(&members, world));
        let rect = match folded {
            Some(_) => folded_rect(&members, topology, view),
            None => around(&members, folds, frame, drawing, scene),
        };
        let Some(mut rect) = rect else { continue };
        let mut pieces = Vec::new();
        if frame.kind == FrameKind::Broker && folded.is_none() {
            let surveys = members.iter().filter_map(|id| Some(logs.of(*id)?.0));
            let brokers = merged(surveys);
            if brokers.len() > 1 {
                let Rect { x, w, .. } = rect;
                // Above the cards: below them is what is said of their queues.
                rect.y -= STRIP;
                rect.h += STRIP;
                let top = rect.y + FRAME_HEAD;
                let mut page = Page::blank(Rect::new(x + PADDING, top, w - 2.0 * PADDING, 0.0));
                page.strip(&brokers);
                pieces = page.pieces;
            }
        }
        let item = Item::Frame(frame.id);
        scene.frames.push(FrameBox {
            id: frame.id,
            rect,
            name: frame.name.clone(),
            kind: frame.kind,
            folded,
            pieces,
            selected: view.selection.has(item),
            hovered: view.hovered == Some(item),
        });
    }
    scene.frames.reverse();
}

fn folded_rect(members: &[NodeId], topology: &Topology, view: &View) -> Option<Rect> {
    let nodes = members.iter().filter_map(|id| topology.node(*id));
    let corners = nodes.map(|node| view.shown_at(node.x, node.y));
    let corner = corners.reduce(|mut a, b| {
        a.x = a.x.min(b.x);
        a.y = a.y.min(b.y);
        a
    })?;
    Some(Rect::new(corner.x, corner.y, CARD_WIDTH, FOLDED_HEIGHT))
}

/// The box around the cards of the members, and around the frames that are inside.
fn around(
    members: &[NodeId],
    folds: &Folds,
    frame: &Frame,
    drawing: &Drawing,
    scene: &Scene,
) -> Option<Rect> {
    let cards = scene.cards.iter();
    let cards = cards.filter(|card| members.binary_search(&card.id).is_ok());
    let is_inside = |id: FrameId| {
        let inner = drawing.frame(id);
        inner.is_some_and(|inner| {
            inner.members.len() < frame.members.len()
                && inner
                    .members
                    .iter()
                    .all(|id| frame.members.binary_search(id).is_ok())
        })
    };
    let folded_member = |id: FrameId| members.iter().any(|node| folds.frame_of(*node) == Some(id));
    let frames = scene.frames.iter();
    let frames = frames.filter(|shown| is_inside(shown.id) || folded_member(shown.id));
    let rects = cards
        .map(|card| card.rect)
        .chain(frames.map(|shown| shown.rect));
    let inner = rects.reduce(Rect::around)?.grown(PADDING);
    Some(Rect::new(
        inner.x,
        inner.y - FRAME_HEAD + PADDING / 2.0,
        inner.w,
        inner.h + FRAME_HEAD - PADDING / 2.0,
    ))
}

fn sum(members: &[NodeId], world: &World<Node>) -> Folded {
    let mut sum = Folded::default();
    for id in members {
        let Some(index) = world.node_index(*id) else {
            continue;
        };
        let picture = world.node(index).picture(world.now(), world.names());
        sum.nodes += 1;
        sum.waiting += world.metrics(index).depth.value();
        sum.down += u64::from(picture.status == Status::Down);
    }
    sum
}
