//! What belongs to consumers and brokers: bands and marks in the colours of consumers, and boxes.
//!
//! No colour stands alone: a consumer has its number, what is paused has lines across or two bars,
//! and what is not heard of a broken outline.

use super::{Align, Brush, Face, Painting, Words};
use crate::editor::scene::{Fill, FrameBox, LinkLine, Piece, Pip, Standing, State};
use crate::editor::{Point, Rect};

/// How far lines across are from each other.
const HATCH: f64 = 4.0;
/// The mark of a consumer on a link, and how far its middle is from the link's end.
const BADGE: (f64, f64) = (24.0, 13.0);
const BADGE_BACK: f64 = 30.0;

impl Painting<'_> {
    pub(super) fn paint_bands<'a>(
        &mut self,
        pieces: impl Iterator<Item = &'a Piece> + Clone,
        with_texts: bool,
    ) {
        for piece in pieces {
            match piece {
                Piece::Band { rect, number, fill } => self.paint_band(*rect, *number, *fill),
                Piece::Chip {
                    rect,
                    number,
                    state,
                } => self.paint_chip(*rect, (*number, *state), with_texts),
                Piece::Broker { rect, standing } => self.paint_broker(*rect, *standing),
                Piece::Pip { rect, pip } => self.paint_pip(*rect, *pip),
                _ => {}
            }
        }
    }

    /// The brokers on frames.
    pub(super) fn paint_brokers(&mut self, frames: &[&FrameBox], zoom: f64) {
        for frame in frames {
            let pieces = || frame.pieces.iter();
            self.paint_bands(pieces(), true);
            if zoom >= super::cards::FAR_ZOOM {
                self.paint_texts(pieces(), true);
                self.paint_texts(pieces(), false);
            }
        }
    }

    fn paint_band(&mut self, rect: Rect, number: u16, fill: Fill) {
        let colour = self.palette.consumer(number);
        let brush = &mut *self.brush;
        brush.begin();
        match fill {
            Fill::Solid | Fill::Faint => {
                brush.rounded(rect, 1.2);
                brush.set_opacity(if fill == Fill::Faint { 0.4 } else { 1.0 });
                brush.fill(colour);
                brush.set_opacity(1.0);
            }
            Fill::Hatched => {
                // Records under it can be seen.
                let is_wide = rect.h > 10.0;
                add_hatch(brush, rect, if is_wide { 7.0 } else { HATCH });
                brush.set_opacity(if is_wide { 0.6 } else { 1.0 });
                brush.stroke(colour, 1.0);
                brush.set_opacity(1.0);
            }
            Fill::Dashed => {
                brush.rounded(rect.grown(-0.6), 1.2);
                brush.set_dashes(&[3.0, 2.0]);
                brush.stroke(colour, 1.2);
                brush.set_dashes(&[]);
            }
        }
    }

    fn paint_chip(&mut self, rect: Rect, (number, state): (u16, State), with_text: bool) {
        let palette = self.palette;
        let colour = palette.consumer(number);
        let brush = &mut *self.brush;
        let radius = rect.h / 2.0;
        brush.begin();
        brush.rounded(rect, radius);
        brush.fill(&palette.card);
        if matches!(state, State::Works | State::Paused) && number > 0 {
            brush.set_opacity(if state == State::Paused { 0.12 } else { 0.28 });
            brush.fill(colour);
            brush.set_opacity(1.0);
        }
        let broken = state == State::Silent;
        if broken {
            brush.set_dashes(&[2.5, 2.0]);
        }
        brush.stroke(
            if state == State::Idle {
                &palette.ink_3
            } else {
                colour
            },
            1.4,
        );
        if broken {
            brush.set_dashes(&[]);
        }
        if number == 0 {
            brush.begin();
            add_hatch(brush, rect.grown(-2.0), HATCH);
            brush.stroke(&palette.ink_3, 1.0);
            return;
        }
        let middle = rect.center();
        let is_paused = state == State::Paused;
        if is_paused {
            brush.begin();
            for aside in [2.5, 6.0] {
                let bar = Rect::new(middle.x + aside, middle.y - 3.0, 2.0, 6.0);
                brush.rounded(bar, 0.5);
            }
            brush.fill(&palette.ink);
        }
        if with_text {
            brush.write(Words {
                text: &number.to_string(),
                at: middle + Point::new(if is_paused { -3.5 } else { 0.0 }, 3.6),
                face: Face::Tiny,
                align: Align::Middle,
                colour: &palette.ink,
                room: None,
            });
        }
    }

    fn paint_broker(&mut self, rect: Rect, standing: Standing) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        brush.begin();
        brush.rounded(rect, 5.0);
        brush.fill(match standing {
            Standing::Missed => &palette.trouble_soft,
            _ => &palette.card,
        });
        let (colour, width, dashes): (_, _, &[f64]) = match standing {
            Standing::Up => (&palette.card_line, 1.0, &[]),
            Standing::Stopped => (&palette.trouble, 1.4, &[4.0, 3.0]),
            Standing::CutOff => (&palette.warn, 1.4, &[1.5, 3.0]),
            Standing::Missed => (&palette.trouble, 1.4, &[]),
        };
        brush.set_dashes(dashes);
        brush.stroke(colour, width);
        brush.set_dashes(&[]);
    }

    fn paint_pip(&mut self, rect: Rect, pip: Pip) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        brush.begin();
        brush.rounded(rect.grown(-0.6), 1.5);
        match pip {
            Pip::Leads => {
                brush.fill(&palette.accent);
                brush.stroke(&palette.accent, 1.2);
            }
            Pip::Follows => brush.stroke(&palette.ink_3, 1.2),
            Pip::Behind | Pip::Lost => {
                let corners = [(0.0, 1.0), (1.0, 0.0)];
                let at = |(x, y): (f64, f64)| Point::new(rect.x + x * rect.w, rect.y + y * rect.h);
                brush.move_to(at(corners[0]));
                brush.line_to(at(corners[1]));
                if pip == Pip::Lost {
                    brush.move_to(at((0.0, 0.0)));
                    brush.line_to(at((1.0, 1.0)));
                }
                brush.stroke(&palette.trouble, 1.2);
            }
        }
    }

    /// The line of a link to a consumer, in the colour of that.
    pub(super) fn paint_tagged(&mut self, lines: &[&LinkLine], wide: impl Fn(f64) -> f64) {
        for line in lines.iter().filter(|line| is_tagged(line)) {
            let Some(tag) = &line.tag else { continue };
            let colour = self.palette.consumer(tag.number);
            let dashes: &[f64] = match tag.state {
                State::Works | State::Idle => &[],
                State::Paused => &[9.0, 5.0],
                State::Silent => &[2.5, 5.0],
            };
            let brush = &mut *self.brush;
            brush.set_dashes(dashes);
            brush.begin();
            super::links::add_curve(brush, &line.curve);
            brush.stroke(
                colour,
                wide(if tag.state == State::Works { 2.6 } else { 1.8 }),
            );
            brush.set_dashes(&[]);
            brush.begin();
            super::links::add_arrow(brush, &line.curve, true);
            brush.stroke(colour, 2.0);
        }
    }

    /// The marks of consumers at the ends of their links.
    pub(super) fn paint_badges(&mut self, lines: &[&LinkLine]) {
        for line in lines {
            let Some(tag) = line.tag.as_ref().filter(|tag| tag.number > 0) else {
                continue;
            };
            let length = line.curve.length().max(1.0);
            let at = line.curve.at((1.0 - BADGE_BACK / length).max(0.5));
            let (w, h) = BADGE;
            let rect = Rect::new(at.x - w / 2.0, at.y - h / 2.0, w, h);
            self.paint_chip(rect, (tag.number, tag.state), true);
        }
    }
}

/// Whether the line of a link has the colour of a consumer: not if it says something else by it.
pub(super) fn is_tagged(line: &LinkLine) -> bool {
    let has_tag = line.tag.as_ref().is_some_and(|tag| tag.number > 0);
    has_tag && !line.cut && !line.selected && !line.hovered
}

/// Lines across, from one edge to another.
fn add_hatch(brush: &mut dyn Brush, rect: Rect, pitch: f64) {
    let Rect { x, y, w, h } = rect;
    let mut along = pitch / 2.0;
    while along < w + h {
        // Each rises to the right, and ends at the edges.
        let (left, low) = (along.min(w), (along - w).max(0.0));
        let (right, high) = ((along - h).max(0.0), along.min(h));
        brush.move_to(Point::new(x + left, y + low));
        brush.line_to(Point::new(x + right, y + high));
        along += pitch;
    }
}
