//! Frames and notes as those know them who do not see the canvas.

use super::scene::{FRAME_HEAD, FrameBox, NotePage, Scene};
use super::{Item, Rect};

/// A frame or note as those know it who do not see the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxChip {
    /// Which.
    pub item: Item,
    /// What it is, in words.
    pub label: String,
    /// What can be pressed of it, in the world: of an open frame its head.
    pub rect: Rect,
}

/// How many letters of a note are said.
const WORDS_MOST: usize = 120;

/// The frames and notes of a scene.
pub fn box_chips(scene: &Scene) -> Vec<BoxChip> {
    let frames = scene.frames.iter().map(frame_chip);
    frames.chain(scene.notes.iter().map(note_chip)).collect()
}

impl BoxChip {
    /// Its number: frames and notes count with the same counter.
    pub fn id(&self) -> u32 {
        match self.item {
            Item::Frame(id) => id.0,
            Item::Note(id) => id.0,
            Item::Node(id) => id.0,
            Item::Link(id) => id.0,
        }
    }
}

fn frame_chip(frame: &FrameBox) -> BoxChip {
    let kind = frame.kind.label();
    let label = match frame.folded {
        None => format!("{}, {kind}", frame.name),
        Some(folded) => {
            let crashed = match folded.down {
                0 => String::new(),
                several => format!(", {several} crashed"),
            };
            let (nodes, waiting) = (folded.nodes, folded.waiting);
            format!(
                "{}, {kind}, folded: {nodes} nodes{crashed}, {waiting} waiting",
                frame.name
            )
        }
    };
    let head = Rect {
        h: FRAME_HEAD,
        ..frame.rect
    };
    BoxChip {
        item: Item::Frame(frame.id),
        label,
        rect: frame.folded.map_or(head, |_| frame.rect),
    }
}

fn note_chip(note: &NotePage) -> BoxChip {
    let words = note.lines.join(" ");
    let label = if words.trim().is_empty() {
        "Empty note".to_owned()
    } else {
        let said: String = words.chars().take(WORDS_MOST).collect();
        format!("Note: {said}")
    };
    BoxChip {
        item: Item::Note(note.id),
        label,
        rect: note.rect,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::scene::Folded;
    use crate::topology::FrameKind;
    use crate::units::FrameId;

    #[test]
    fn a_folded_frame_says_what_is_inside_and_what_crashed() {
        let mut frame = FrameBox {
            id: FrameId(3),
            rect: Rect::new(0.0, 0.0, 300.0, 200.0),
            name: "Payments".to_owned(),
            kind: FrameKind::Context,
            pieces: Vec::new(),
            folded: None,
            selected: false,
            hovered: false,
        };
        let chip = frame_chip(&frame);
        assert_eq!(chip.label, "Payments, Bounded context");
        assert_eq!(chip.rect.h, FRAME_HEAD);
        frame.folded = Some(Folded {
            nodes: 5,
            waiting: 312,
            down: 1,
        });
        let chip = frame_chip(&frame);
        let label = "Payments, Bounded context, folded: 5 nodes, 1 crashed, 312 waiting";
        assert_eq!((chip.label.as_str(), chip.rect.h), (label, 200.0));
    }
}
