//! Marks at what is likely wrong: a triangle where it cannot be meant, a disc where it is doubtful.

use super::Painting;
use super::shapes::add_circle;
use crate::editor::Point;
use crate::editor::scene::{Card, LinkLine};
use crate::topology::Severity;

/// Half the size of a mark in the world, and its least on the screen.
const SIZE: f64 = 9.0;
const SCREEN_SIZE_MIN: f64 = 6.5;

impl Painting<'_> {
    /// The marks of links, beside their labels.
    pub(super) fn paint_marks_of_links(&mut self, lines: &[&LinkLine], zoom: f64) {
        for line in lines {
            let Some(severity) = line.finding else {
                continue;
            };
            let label = line.label_box();
            let labelled = label.w > 0.0 && zoom >= crate::editor::scene::LABEL_ZOOM_MIN;
            let at = if labelled {
                Point::new(label.x - 4.0, label.center().y)
            } else {
                line.label_at
            };
            self.paint_mark(severity, at, zoom);
        }
    }

    /// The marks of cards, at their upper right corners.
    pub(super) fn paint_marks_of_cards(&mut self, cards: &[&Card], zoom: f64) {
        for card in cards {
            if let Some(severity) = card.finding {
                let corner = Point::new(card.rect.right() - 5.0, card.rect.y + 2.0);
                self.paint_mark(severity, corner, zoom);
            }
        }
    }

    fn paint_mark(&mut self, severity: Severity, at: Point, zoom: f64) {
        let palette = self.palette;
        let wrong = severity == Severity::Wrong;
        let size = SIZE.max(SCREEN_SIZE_MIN / zoom);
        let brush = &mut *self.brush;
        let colour = if wrong {
            &palette.trouble
        } else {
            &palette.warn
        };
        brush.begin();
        if wrong {
            let (half, foot) = (size * 1.15, at.y + size * 0.85);
            let top = Point::new(at.x, at.y - size * 1.1);
            brush.move_to(top);
            brush.line_to(Point::new(at.x + half, foot));
            brush.line_to(Point::new(at.x - half, foot));
            brush.line_to(top);
        } else {
            add_circle(brush, at, size * 0.92);
        }
        // The line keeps it apart from what it lies on.
        brush.stroke(&palette.ground, size * 0.4);
        brush.fill(colour);
        let ink = if wrong {
            &palette.trouble_ink
        } else {
            &palette.card
        };
        brush.begin();
        brush.move_to(Point::new(at.x, at.y - size * 0.48));
        brush.line_to(Point::new(at.x, at.y + size * 0.14));
        brush.stroke(ink, size * 0.24);
        brush.begin();
        add_circle(brush, Point::new(at.x, at.y + size * 0.48), size * 0.15);
        brush.fill(ink);
    }
}
