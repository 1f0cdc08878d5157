//! What a gesture is about to do, and the places at which one can begin.
//!
//! Everything here has the same size on the screen at every zoom.

use super::shapes::add_circle;
use super::{Align, Face, Painting, Words};
use crate::editor::scene::{Card, Draft, LinkLine, Rope, View};
use crate::editor::{Point, Rect, handles};

/// Half the size of a handle on the screen.
const HANDLE: f64 = 5.0;
/// How wide a letter of a small text is, on average.
const LETTER_WIDTH: f64 = 6.0;
const RADIUS: f64 = 12.0;

impl Painting<'_> {
    /// The places from which links can be drawn, and the ends of the selected link.
    pub(super) fn paint_handles(&mut self, cards: &[&Card], lines: &[&LinkLine], view: &View) {
        if view.fixed || view.draft.is_under_way() {
            return;
        }
        let zoom = view.camera.zoom;
        let palette = self.palette;
        let brush = &mut *self.brush;
        let mut any = false;
        brush.begin();
        for card in cards.iter().filter(|card| card.hovered || card.selected) {
            for handle in handles(card.rect) {
                add_circle(brush, handle, HANDLE / zoom);
            }
            any = true;
        }
        if any {
            brush.fill(&palette.card);
            brush.stroke(&palette.accent, 1.8 / zoom);
        }
        if let Some(line) = lines.iter().find(|line| line.selected) {
            let [start, .., end] = line.curve.points;
            brush.begin();
            add_circle(brush, start, HANDLE / zoom);
            add_circle(brush, end, HANDLE / zoom);
            brush.fill(&palette.accent);
            brush.stroke(&palette.card, 1.8 / zoom);
        }
    }

    /// Cards at which the link that is drawn may end light up; the others fade.
    pub(super) fn paint_fitting(&mut self, cards: &[&Card], view: &View) {
        if view.draft.rope.is_none() {
            return;
        }
        let zoom = view.camera.zoom;
        let palette = self.palette;
        let brush = &mut *self.brush;
        brush.begin();
        for card in cards.iter().filter(|card| card.fits == Some(false)) {
            brush.rounded(card.rect.grown(1.0), RADIUS);
        }
        brush.set_opacity(0.66);
        brush.fill(&palette.ground);
        brush.set_opacity(1.0);
        brush.begin();
        for card in cards.iter().filter(|card| card.fits == Some(true)) {
            brush.rounded(card.rect.grown(2.0), RADIUS + 2.0);
        }
        brush.stroke(&palette.good, 2.0_f64.max(2.0 / zoom));
    }

    pub(super) fn paint_draft(&mut self, draft: &Draft, zoom: f64) {
        let palette = self.palette;
        if let Some(rect) = draft.ghost {
            self.brush.begin();
            self.brush.rounded(rect, RADIUS);
            self.brush.set_dashes(&[6.0 / zoom, 4.0 / zoom]);
            self.brush.stroke(&palette.accent, 1.6 / zoom);
            self.brush.set_dashes(&[]);
        }
        if let Some(rect) = draft.lasso {
            let brush = &mut *self.brush;
            brush.begin();
            brush.rounded(rect, 2.0 / zoom);
            brush.set_opacity(0.1);
            brush.fill(&palette.accent);
            brush.set_opacity(1.0);
            brush.stroke(&palette.accent, 1.0 / zoom);
        }
        if !draft.guides.is_empty() {
            self.paint_guides(draft, zoom);
        }
        if let Some(rope) = &draft.rope {
            self.paint_rope(rope, zoom);
        }
    }

    /// Lines along what lies in a row; those that measure a gap have ticks at their ends.
    fn paint_guides(&mut self, draft: &Draft, zoom: f64) {
        let brush = &mut *self.brush;
        brush.begin();
        for guide in &draft.guides {
            brush.move_to(guide.from);
            brush.line_to(guide.to);
            if guide.gap {
                let way = guide.to - guide.from;
                let length = guide.from.distance(guide.to).max(1e-6);
                let aside = Point::new(-way.y, way.x) * (5.0 / zoom / length);
                for end in [guide.from, guide.to] {
                    brush.move_to(end - aside);
                    brush.line_to(end + aside);
                }
            }
        }
        brush.stroke(&self.palette.accent, 1.0 / zoom);
    }

    fn paint_rope(&mut self, rope: &Rope, zoom: f64) {
        let palette = self.palette;
        let colour = match rope {
            rope if !rope.fits => &palette.trouble,
            rope if rope.words.is_empty() => &palette.accent,
            _ => &palette.good,
        };
        let way = rope.to - rope.from;
        let half = if way.x.abs() >= way.y.abs() {
            Point::new(way.x / 2.0, 0.0)
        } else {
            Point::new(0.0, way.y / 2.0)
        };
        let brush = &mut *self.brush;
        brush.begin();
        brush.move_to(rope.from);
        brush.curve_to(rope.from + half, rope.to - half, rope.to);
        brush.set_dashes(&[7.0 / zoom, 5.0 / zoom]);
        brush.stroke(colour, 2.2 / zoom);
        brush.set_dashes(&[]);
        brush.begin();
        add_circle(brush, rope.from, HANDLE / zoom);
        add_circle(brush, rope.to, HANDLE / zoom);
        brush.fill(colour);
        if !rope.words.is_empty() {
            self.paint_sign(&rope.words, rope.to, zoom, colour);
        }
    }

    /// A few words below a point, on a ground of their own.
    fn paint_sign(&mut self, text: &str, at: Point, zoom: f64, colour: &str) {
        let palette = self.palette;
        let pixels = |length: f64| length / zoom;
        let width = text.chars().count() as f64 * LETTER_WIDTH;
        let corner = Point::new(at.x + pixels(14.0), at.y + pixels(16.0));
        let brush = &mut *self.brush;
        brush.begin();
        let (w, h) = (pixels(width + 18.0), pixels(24.0));
        brush.rounded(Rect::new(corner.x, corner.y, w, h), pixels(7.0));
        brush.fill(&palette.card);
        brush.stroke(colour, pixels(1.2));
        let words = Words {
            text,
            at: Point::new(corner.x + w / 2.0, corner.y + pixels(16.0)),
            face: Face::Small,
            align: Align::Middle,
            colour: &palette.ink,
            room: Some(pixels(width + 8.0)),
        };
        brush.write_scaled(words, 1.0 / zoom);
    }
}
