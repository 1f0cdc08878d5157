//! Commands that say where things lie and what is shown.

use leptos::prelude::*;

use crate::app::player::{Player, real_millis};
use crate::app::session::Session;
use crate::editor::actions::Way;
use crate::editor::arrange::{Align, Distribute, align, distribute};
use crate::editor::said::done;
use crate::editor::scene::CARD_WIDTH;
use crate::editor::{Burst, Item, Point, Rect, Selection};
use crate::topology::FrameKind;
use crate::topology::layout::{LayoutBox, layout};
use crate::units::{NodeId, NoteId, sort};

/// Cards without a picture yet will be about this high.
const CARD_HEIGHT_LEAST: f64 = 110.0;

impl Session {
    fn selected_cards(&self) -> Vec<(NodeId, Rect)> {
        self.player.with_value(|player| {
            let nodes = player.view().selection.nodes();
            nodes
                .filter_map(|id| Some((id, player.rect_of(Item::Node(id))?)))
                .collect()
        })
    }

    fn put_cards(&self, name: &str, corners: &[(NodeId, Point)]) {
        let places: Vec<_> = self.player.with_value(|player| {
            let place = |(id, corner): &(NodeId, Point)| {
                let (x, y) = player.view().drawn_at(*corner);
                (*id, x, y)
            };
            corners.iter().map(place).collect()
        });
        self.edit(name, None, |desk| {
            desk.place(&places);
            Ok(())
        });
    }

    /// Aligns what is selected.
    pub fn align(&self, how: Align) {
        self.put_cards("align", &align(&self.selected_cards(), how));
    }

    /// Gives what is selected equal gaps.
    pub fn distribute(&self, how: Distribute) {
        self.put_cards("distribute", &distribute(&self.selected_cards(), how));
    }

    /// Lays out everything, or what is selected if that is more than one node.
    pub fn lay_out(&self) {
        let (boxes, links) = self.player.with_value(|player| {
            let view = player.view();
            let selected: Vec<NodeId> = view.selection.nodes().collect();
            let counts = |id: NodeId| selected.len() < 2 || selected.contains(&id);
            let frames = &player.document().drawing.frames;
            let group = |id: NodeId| {
                let frames = frames.iter().filter(|frame| frame.members.contains(&id));
                let outermost = frames.max_by_key(|frame| frame.members.len());
                outermost.map(|frame| frame.id.0)
            };
            let topology = player.run().topology();
            let nodes = topology.nodes.iter().filter(|node| counts(node.id));
            let boxes = nodes.map(|node| {
                let card = player.rect_of(Item::Node(node.id)).unwrap_or_default();
                LayoutBox {
                    id: node.id,
                    w: CARD_WIDTH as i32,
                    h: card.h.max(CARD_HEIGHT_LEAST) as i32,
                    x: node.x,
                    y: node.y,
                    group: group(node.id),
                }
            });
            let links = topology.links.iter().map(|link| (link.from, link.to));
            (boxes.collect::<Vec<_>>(), links.collect::<Vec<_>>())
        });
        let before: Vec<_> = boxes.iter().map(|node| (node.id, node.x, node.y)).collect();
        let places = layout(&boxes, &links);
        self.edit("lay out", None, |desk| {
            desk.place(&places);
            Ok(())
        });
        if !crate::app::theme::wants_no_motion() {
            self.player
                .update_value(|player| player.glide_cards(before, real_millis()));
        }
        if boxes.len() > 1
            && self
                .selection
                .with_untracked(|items| items.nodes().count() < 2)
        {
            self.player.update_value(|player| player.build_scene());
            self.fit();
        }
    }

    /// Moves what is selected by steps of the grid, or the canvas if nothing is.
    pub fn nudge(&self, way: Way, steps: i32) {
        const GRID: i32 = 8;
        let (across, down) = way.step();
        if self
            .selection
            .with_untracked(|items| items.items().is_empty())
        {
            let mut camera = self.camera.get_untracked();
            let far = f64::from(-6 * GRID * steps);
            camera.pan(Point::new(far * f64::from(across), far * f64::from(down)));
            return self.set_camera(camera);
        }
        let (x, y) = (across * GRID * steps, down * GRID * steps);
        let (nodes, notes) = self.player.with_value(|player| {
            let view = player.view();
            let drawing = &player.document().drawing;
            let way = view.drawn_at(Point::new(x.into(), y.into()));
            let mut nodes: Vec<NodeId> = view.selection.nodes().collect();
            for item in view.selection.items() {
                if let Item::Frame(id) = item {
                    let frame = drawing.frame(*id);
                    nodes.extend(frame.iter().flat_map(|frame| &frame.members));
                }
            }
            sort(&mut nodes);
            nodes.dedup();
            let topology = player.run().topology();
            let nodes = nodes.into_iter().filter_map(|id| topology.node(id));
            let nodes: Vec<(NodeId, i32, i32)> = nodes
                .map(|node| (node.id, node.x + way.0, node.y + way.1))
                .collect();
            let notes = drawing.notes.iter();
            let notes = notes.filter(|note| view.selection.has(Item::Note(note.id)));
            let notes: Vec<(NoteId, i32, i32)> = notes
                .map(|note| (note.id, note.x + way.0, note.y + way.1))
                .collect();
            (nodes, notes)
        });
        let name = match (nodes.as_slice(), notes.len()) {
            ([(id, ..)], 0) => format!("move {}", self.name_of(*id)),
            (nodes, notes) => format!("move {} things", nodes.len() + notes),
        };
        let burst = Some(Burst("nudge".to_owned()));
        let moved = self.edit_quietly(&name, burst, |desk| {
            desk.place(&nodes);
            desk.place_notes(&notes);
            Ok(())
        });
        if moved.is_some() {
            // Keys repeat; where it ended is said once.
            let place = match nodes.as_slice() {
                [(_, x, y)] => format!(" to {x}, {y}"),
                _ => String::new(),
            };
            self.speak_soon(format!("{}{place}", done(&name)));
        }
    }

    /// Puts a frame around the selected nodes, or makes the selected frame one of another kind.
    pub fn frame(&self, kind: FrameKind) {
        if let Some(Item::Frame(id)) = self.selection.with_untracked(Selection::only) {
            let name = format!("make it a {}", kind.label().to_lowercase());
            self.edit(name, None, |desk| {
                desk.change_frame(id, |frame| frame.kind = kind);
                Ok(())
            });
            return;
        }
        let nodes: Vec<NodeId> = self
            .selection
            .with_untracked(|items| items.nodes().collect());
        let name = format!("frame as {}", kind.label().to_lowercase());
        let frame = self.edit(name, None, |desk| desk.add_frame(kind, &nodes));
        if let Some(frame) = frame {
            self.select(Selection::one(Item::Frame(frame)));
            self.renaming.set(Some(Item::Frame(frame)));
        }
    }

    /// Takes the selected frames away, and selected nodes out of theirs.
    pub fn unframe(&self) {
        let selection = self.selection.get_untracked();
        let nodes: Vec<NodeId> = selection.nodes().collect();
        let frames = selection.items().iter().copied();
        let frames: Vec<Item> = frames
            .filter(|item| matches!(item, Item::Frame(_)))
            .collect();
        self.edit("take the frame away", None, |desk| {
            desk.unframe(&nodes);
            desk.remove(&frames)
        });
    }

    /// Shows the selected frame as one card, or its members again.
    pub fn fold(&self) {
        if let Some(Item::Frame(id)) = self.selection.with_untracked(Selection::only) {
            let drawing = |player: &Player| player.document().drawing.frame(id).cloned();
            let frame = self.player.with_value(drawing);
            let folds = !frame.is_some_and(|frame| frame.collapsed);
            let name = if folds {
                "fold a frame"
            } else {
                "unfold a frame"
            };
            self.edit(name, None, |desk| {
                desk.change_frame(id, |frame| frame.collapsed = folds);
                Ok(())
            });
        }
    }
}
