//! Notes: pages of paper with lines of text.

use super::{Align, Face, Painting, Words};
use crate::editor::scene::{NOTE_LINE, NOTE_MARGIN, NotePage};
use crate::editor::{Point, Rect};

/// The size of the corner that is turned over.
const FOLD: f64 = 14.0;
/// Below this zoom the text cannot be read, and is shown as grey lines.
const TEXT_ZOOM_MIN: f64 = 0.4;

impl Painting<'_> {
    pub(super) fn paint_notes(&mut self, notes: &[&NotePage], zoom: f64) {
        let palette = self.palette;
        for note in notes {
            let Rect { x, y, h, .. } = note.rect;
            let right = note.rect.right();
            let (inner, under) = (right - FOLD, y + FOLD);
            let brush = &mut *self.brush;
            brush.begin();
            let corners = [(inner, y), (right, under), (right, y + h), (x, y + h)];
            brush.move_to(Point::new(x, y));
            for (x, y) in corners.into_iter().chain([(x, y)]) {
                brush.line_to(Point::new(x, y));
            }
            brush.fill(&palette.note);
            let (colour, width): (_, f64) = match note {
                note if note.selected => (&palette.accent, 2.5),
                note if note.hovered => (&palette.accent, 1.5),
                _ => (&palette.note_line, 1.0),
            };
            brush.stroke(colour, width.max(width * 0.7 / zoom));
            brush.begin();
            for (place, (x, y)) in [(inner, y), (inner, under), (right, under)]
                .into_iter()
                .enumerate()
            {
                let corner = Point::new(x, y);
                if place == 0 {
                    brush.move_to(corner);
                } else {
                    brush.line_to(corner);
                }
            }
            brush.stroke(&palette.note_line, 1.0);
            if zoom >= TEXT_ZOOM_MIN {
                self.paint_lines_of(note);
            } else {
                self.paint_grey_lines(note);
            }
        }
    }

    fn paint_lines_of(&mut self, note: &NotePage) {
        let palette = self.palette;
        let top = note.rect.y + NOTE_MARGIN + 13.0;
        if note.lines.is_empty() {
            self.brush.write(Words {
                text: "Empty note",
                at: Point::new(note.rect.x + NOTE_MARGIN, top),
                face: Face::Small,
                align: Align::Left,
                colour: &palette.ink_3,
                room: None,
            });
        }
        for (place, line) in note.lines.iter().enumerate() {
            self.brush.write(Words {
                text: line,
                at: Point::new(note.rect.x + NOTE_MARGIN, top + NOTE_LINE * place as f64),
                face: Face::Small,
                align: Align::Left,
                colour: &palette.ink,
                room: Some(note.rect.w - 2.0 * NOTE_MARGIN),
            });
        }
    }

    fn paint_grey_lines(&mut self, note: &NotePage) {
        let room = note.rect.w - 2.0 * NOTE_MARGIN;
        let brush = &mut *self.brush;
        brush.begin();
        for (place, line) in note.lines.iter().enumerate() {
            let width = (line.chars().count() as f64 * 6.0).min(room);
            let y = note.rect.y + NOTE_MARGIN + NOTE_LINE * (place as f64 + 0.5);
            brush.move_to(Point::new(note.rect.x + NOTE_MARGIN, y));
            brush.line_to(Point::new(note.rect.x + NOTE_MARGIN + width, y));
        }
        brush.stroke(&self.palette.note_line, 5.0);
    }
}
