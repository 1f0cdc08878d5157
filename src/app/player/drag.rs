//! Things that are dragged: shown where they would be, and put there as one step.

use super::Player;
use crate::editor::snap::snap;
use crate::editor::{Clip, Desk, Item, Point, Rect, Selection};
use crate::scenario::Scenario;
use crate::topology::Problem;
use crate::units::{NodeId, NoteId};

/// Other cards further outside of the screen than this do not attract.
const SNAP_MARGIN: f64 = 40.0;

/// A drag under way.
pub(super) struct Drag {
    /// The document as it was.
    before: Scenario,
    /// Whether copies are dragged.
    copy: bool,
    /// Nodes, with the corners at which they were shown.
    nodes: Vec<(NodeId, Point)>,
    notes: Vec<(NoteId, Point)>,
    /// The box around all of them, where it was.
    bounds: Rect,
    /// What attracts them.
    others: Vec<Rect>,
    /// How far they are now.
    way: Point,
}

impl Player {
    /// Begins to drag an item with all that is selected, or alone if it is not; or copies of them.
    pub fn begin_drag(&mut self, held: Item, copy: bool) {
        let before = self.document.clone();
        let mut items = if self.view.selection.has(held) {
            self.view.selection.items().to_vec()
        } else {
            vec![held]
        };
        if copy && let Some(copies) = self.put_copies(&items) {
            items = copies;
        }
        let drawing = &self.document.drawing;
        let frames = items.iter().filter_map(|item| match item {
            Item::Frame(id) => drawing.frame(*id),
            _ => None,
        });
        let members: Vec<NodeId> = frames.flat_map(|frame| frame.members.clone()).collect();
        let moves = |id: NodeId| items.contains(&Item::Node(id)) || members.contains(&id);
        let shown = self.run.topology().nodes.iter();
        let shown = shown.filter(|node| moves(node.id));
        let nodes = shown.map(|node| (node.id, self.view.shown_at(node.x, node.y)));
        let notes = drawing.notes.iter();
        let notes = notes.filter(|note| items.contains(&Item::Note(note.id)));
        let notes = notes.map(|note| (note.id, self.view.shown_at(note.x, note.y)));
        let sight = self.view.camera.visible(self.view.width, self.view.height);
        let sight = sight.grown(SNAP_MARGIN / self.view.camera.zoom);
        let cards = self.scene.cards.iter();
        let (moving, others): (Vec<_>, Vec<_>) = cards.partition(|card| moves(card.id));
        let others = others.into_iter().map(|card| card.rect);
        let pages = items.iter().filter(|item| matches!(item, Item::Note(_)));
        let pages = pages.filter_map(|item| self.rect_of(*item));
        let moving = moving.into_iter().map(|card| card.rect).chain(pages);
        self.drag = Some(Drag {
            copy,
            nodes: nodes.collect(),
            notes: notes.collect(),
            bounds: moving.reduce(Rect::around).unwrap_or_default(),
            others: others.filter(|rect| rect.touches(sight)).collect(),
            way: Point::default(),
            before,
        });
        self.view.draft.moving = true;
    }

    /// Puts copies of items where the items are, and selects them.
    fn put_copies(&mut self, items: &[Item]) -> Option<Vec<Item>> {
        let clip = Clip::of(items, self.run.topology(), &self.document.drawing);
        let topology = self.run.topology().clone();
        let mut document = self.document.clone();
        let mut desk = Desk::new(&mut document, topology, self.run.stamp(), self.reach);
        let copies = desk.paste(&clip, (0, 0)).ok()?;
        desk.finish();
        self.document = document;
        self.catch_up().ok()?;
        self.build_scene();
        self.select(Selection::of(copies.iter().copied()));
        Some(copies)
    }

    /// Shows what is dragged a way on the screen from where it was; it snaps unless it is `free`.
    pub fn drag(&mut self, way_in_screen: Point, free: bool) {
        let zoom = self.view.camera.zoom;
        let Some(drag) = &mut self.drag else { return };
        drag.way = way_in_screen * (1.0 / zoom);
        self.view.draft.guides.clear();
        if !free {
            let Rect { x, y, w, h } = drag.bounds;
            let moved = Rect::new(x + drag.way.x, y + drag.way.y, w, h);
            let snapped = snap(moved, &drag.others, zoom, true);
            drag.way = drag.way + snapped.by;
            self.view.draft.guides = snapped.guides;
        }
        let way = drag.way;
        let place = |(id, start): &(NodeId, Point)| {
            let (x, y) = self.view.drawn_at(*start + way);
            (*id, x, y)
        };
        let nodes: Vec<_> = drag.nodes.iter().map(place).collect();
        self.run.show_at(&nodes);
        for (id, start) in &drag.notes {
            let notes = &mut self.document.drawing.notes;
            if let Some(note) = notes.iter_mut().find(|note| note.id == *id) {
                (note.x, note.y) = self.view.drawn_at(*start + way);
            }
        }
        self.stale = true;
    }

    /// Puts down what is dragged, as one step; its name.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub fn end_drag(&mut self) -> Result<String, Problem> {
        let Some(drag) = self.drag.take() else {
            return Ok(String::new());
        };
        self.view.draft.moving = false;
        self.view.draft.guides.clear();
        let place = |(id, start): &(NodeId, Point)| {
            let (x, y) = self.view.drawn_at(*start + drag.way);
            (*id, x, y)
        };
        let places: Vec<_> = drag.nodes.iter().map(place).collect();
        let verb = if drag.copy { "copy" } else { "move" };
        let name = match (places.as_slice(), drag.notes.len()) {
            ([(id, ..)], 0) => format!("{verb} {}", self.name_of(*id)),
            (nodes, 0) => format!("{verb} {} nodes", nodes.len()),
            ([], 1) => format!("{verb} a note"),
            (nodes, notes) => format!("{verb} {} things", nodes.len() + notes),
        };
        let topology = self.run.topology().clone();
        let mut document = self.document.clone();
        let mut desk = Desk::new(&mut document, topology, self.run.stamp(), self.reach);
        desk.place(&places);
        desk.finish();
        self.document = drag.before;
        self.take(document, name.clone(), None)?;
        Ok(name)
    }

    /// Takes back what is dragged: it was never put down.
    pub fn give_up_drag(&mut self) {
        if let Some(drag) = self.drag.take() {
            self.document = drag.before;
            // The document ran before, so it runs now.
            let _ = self.catch_up();
        }
        self.view.draft = Default::default();
    }

    /// The name of a node.
    pub fn name_of(&self, id: NodeId) -> String {
        let node = self.run.topology().node(id);
        node.map_or_else(|| id.to_string(), |node| node.name.clone())
    }
}
