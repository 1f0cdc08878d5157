//! Notes as pages on the canvas.

use super::card::wrapped;
use super::{Scene, View};
use crate::editor::{Item, Rect};
use crate::topology::Drawing;
use crate::units::NoteId;

/// The width of a note.
pub const NOTE_WIDTH: f64 = 216.0;
/// The height of one of its lines.
pub const NOTE_LINE: f64 = 18.0;
/// The way from its edge to its text.
pub const NOTE_MARGIN: f64 = 12.0;
const LINE_MOST: usize = 31;
const LINES_MOST: usize = 40;

/// A note.
#[derive(Clone, Debug)]
pub struct NotePage {
    /// Which.
    pub id: NoteId,
    /// Where it is in the world.
    pub rect: Rect,
    /// Its text in lines.
    pub lines: Vec<String>,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether the pointer is over it.
    pub hovered: bool,
}

/// Lays out all notes. A view of some nodes shows none.
pub(super) fn lay_notes(drawing: &Drawing, view: &View, scene: &mut Scene) {
    scene.notes.clear();
    if view.only.is_some() {
        return;
    }
    for note in &drawing.notes {
        let corner = view.shown_at(note.x, note.y);
        let lines = lines_of(&note.text);
        let height = 2.0 * NOTE_MARGIN + NOTE_LINE * lines.len().max(1) as f64;
        let item = Item::Note(note.id);
        scene.notes.push(NotePage {
            id: note.id,
            rect: Rect::new(corner.x, corner.y, NOTE_WIDTH, height),
            lines,
            selected: view.selection.has(item),
            hovered: view.hovered == Some(item),
        });
    }
}

fn lines_of(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let broken = wrapped(paragraph, LINE_MOST);
        if broken.is_empty() {
            lines.push(String::new());
        }
        lines.extend(broken);
    }
    lines.truncate(LINES_MOST);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_stay() {
        assert_eq!(lines_of("a\n\nb c"), ["a", "", "b c"]);
        let long = "word ".repeat(500);
        assert_eq!(lines_of(&long).len(), LINES_MOST);
    }
}
