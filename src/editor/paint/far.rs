//! Cards from far away: summaries with a name and a number, and at last signs on a map.

use super::cards::is_in_trouble;
use super::{Align, Face, Painting, Words};
use crate::editor::Point;
use crate::editor::scene::Card;
use crate::nodes::Tone;

/// How large signs are on the screen, at least, and how large in the world at most.
const SCREEN_SIGN_MIN: f64 = 13.0;
const SIGN: f64 = 44.0;
const SIGN_MOST: f64 = 78.0;

impl Painting<'_> {
    /// From far away a card has its name and number, large enough to be read.
    pub(super) fn paint_far_titles(&mut self, cards: &[&Card]) {
        let palette = self.palette;
        for card in cards {
            let figure = figure_of(card);
            self.brush.write(Words {
                text: &card.name,
                at: Point::new(card.rect.x + 12.0, card.rect.y + 34.0),
                face: Face::FarName,
                align: Align::Left,
                colour: if card.down {
                    &palette.trouble
                } else {
                    &palette.ink
                },
                room: Some(if figure.is_some() || card.down {
                    118.0
                } else {
                    180.0
                }),
            });
            let right = card.rect.right() - 12.0;
            if card.down {
                self.paint_cross(Point::new(right - 13.0, card.rect.y + 27.0), 26.0);
            } else if let Some(figure) = figure {
                self.brush.write(Words {
                    text: figure,
                    at: Point::new(right, card.rect.y + 38.0),
                    face: Face::FarFigure,
                    align: Align::Right,
                    colour: palette.tone(card.figure_tone),
                    room: None,
                });
            }
        }
    }

    /// On a map a card is the glyph of its family and its number, if it has one to tell. What is in
    /// trouble is filled.
    pub(super) fn paint_signs(&mut self, cards: &[&Card], zoom: f64) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        let mut any = false;
        brush.begin();
        for card in cards.iter().filter(|card| is_in_trouble(card)) {
            brush.rounded(card.rect, 12.0);
            any = true;
        }
        if any {
            brush.fill(&palette.trouble_soft);
            brush.stroke(&palette.trouble, 2.0 / zoom);
        }
        let wanted = (SCREEN_SIGN_MIN / zoom).clamp(SIGN, SIGN_MOST);
        for card in cards {
            let size = wanted.min(card.rect.h - 20.0);
            let middle = card.rect.center();
            let figure = figure_of(card).filter(|_| !card.down);
            let beside = figure.is_some() || card.down;
            let left = if beside {
                card.rect.x + 14.0
            } else {
                middle.x - size / 2.0
            };
            let colour = if is_in_trouble(card) {
                &palette.trouble
            } else {
                &palette.accent
            };
            let corner = Point::new(left, middle.y - size / 2.0);
            self.brush.glyph(card.glyph, corner, size, colour);
            let right = card.rect.right() - 14.0;
            if card.down {
                self.paint_cross(Point::new(right - size / 2.0, middle.y), size * 0.9);
            } else if let Some(text) = figure {
                let words = Words {
                    text,
                    at: Point::new(right, middle.y + size * 0.34),
                    face: Face::FarFigure,
                    align: Align::Right,
                    colour: palette.tone(card.figure_tone),
                    room: Some(right - left - size - 6.0),
                };
                self.brush.write_scaled(words, size / 36.0);
            }
        }
    }

    /// What crashed is crossed out: not by colour alone.
    fn paint_cross(&mut self, middle: Point, size: f64) {
        let half = size / 2.0;
        let brush = &mut *self.brush;
        brush.begin();
        for side in [-1.0, 1.0] {
            brush.move_to(middle + Point::new(-half, -half * side));
            brush.line_to(middle + Point::new(half, half * side));
        }
        brush.stroke(&self.palette.trouble, size * 0.2);
    }
}

/// The number of a card, unless it is an idle zero.
fn figure_of(card: &Card) -> Option<&str> {
    let figure = card.figure.as_deref();
    figure.filter(|figure| *figure != "0" || card.figure_tone != Tone::Calm)
}
