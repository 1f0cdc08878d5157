//! Cards: nodes with their live pictures, and the reasons why queues grow.

use super::tokens::{Dot, TOKEN_SIZE};
use super::{Align, Face, Painting, Words};
use crate::editor::scene::{Card, Piece};
use crate::editor::{Point, Rect};
use crate::nodes::Tone;

const RADIUS: f64 = 12.0;
const WHY_LINE: f64 = 15.0;
/// Below this zoom the small words on cards cannot be read.
const FAR_ZOOM: f64 = 0.5;
/// How far the note about a queue reaches under its card.
const WHY_TUCK: f64 = 20.0;

impl Painting<'_> {
    pub(super) fn paint_cards(&mut self, cards: &[&Card], zoom: f64) {
        self.paint_bodies(cards, zoom >= FAR_ZOOM);
        if zoom < FAR_ZOOM {
            for card in cards {
                self.paint_far_title(card);
            }
            return self.paint_pieces(cards, false);
        }
        self.paint_heads(cards);
        self.paint_pieces(cards, true);
        for card in cards.iter().filter(|card| !card.why.is_empty()) {
            self.paint_why(card);
        }
    }

    /// From far away a card has its name and number, large enough to be read.
    fn paint_far_title(&mut self, card: &Card) {
        let Rect { x, y, .. } = card.rect;
        let palette = self.palette;
        let shows_figure = card.figure.as_ref().is_some_and(|figure| figure != "0");
        self.brush.write(Words {
            text: &card.name,
            at: Point::new(x + 12.0, y + 34.0),
            face: Face::FarName,
            align: Align::Left,
            colour: if card.down {
                &palette.trouble
            } else {
                &palette.ink
            },
            room: Some(if shows_figure { 118.0 } else { 180.0 }),
        });
        if let Some(figure) = card.figure.as_ref().filter(|_| shows_figure) {
            self.brush.write(Words {
                text: figure,
                at: Point::new(card.rect.right() - 12.0, y + 38.0),
                face: Face::FarFigure,
                align: Align::Right,
                colour: palette.tone(card.figure_tone),
                room: None,
            });
        }
    }

    fn paint_bodies(&mut self, cards: &[&Card], with_notes: bool) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        for (drop, grow) in [(2.0, 0.5), (4.0, 2.0), (7.0, 5.0), (10.0, 9.0)] {
            brush.begin();
            for card in cards {
                let Rect { x, y, w, h } = card.rect.grown(grow);
                brush.rounded(Rect::new(x, y + drop, w, h), RADIUS + grow);
            }
            brush.set_opacity(0.17);
            brush.fill(&palette.card_shadow);
        }
        brush.set_opacity(1.0);
        if with_notes {
            self.paint_why_grounds(cards);
        }
        let brush = &mut *self.brush;
        brush.begin();
        for card in cards {
            brush.rounded(card.rect, RADIUS);
        }
        brush.fill(&palette.card);
        brush.stroke(&palette.card_line, 1.0);
        let rings = [
            (
                &palette.trouble,
                2.0,
                cards
                    .iter()
                    .filter(|card| card.down || !card.why.is_empty())
                    .collect::<Vec<_>>(),
            ),
            (
                &palette.accent,
                1.5,
                cards.iter().filter(|card| card.hovered).collect(),
            ),
            (
                &palette.accent,
                2.5,
                cards.iter().filter(|card| card.selected).collect(),
            ),
        ];
        for (colour, width, cards) in rings {
            brush.begin();
            for card in cards {
                brush.rounded(card.rect, RADIUS);
            }
            brush.stroke(colour, width);
        }
    }

    /// The heads of all cards, sort by sort: to change colours and letters takes longer than to
    /// draw with them.
    fn paint_heads(&mut self, cards: &[&Card]) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        let badge = |card: &Card| Rect::new(card.rect.x + 11.0, card.rect.y + 11.0, 30.0, 30.0);
        for (down, ground) in [(false, &palette.accent_soft), (true, &palette.trouble_soft)] {
            brush.begin();
            for card in cards.iter().filter(|card| card.down == down) {
                brush.rounded(badge(card), 8.0);
            }
            brush.fill(ground);
        }
        for card in cards {
            let Rect { x, y, .. } = badge(card);
            let ink = if card.down {
                &palette.trouble
            } else {
                &palette.accent
            };
            brush.glyph(card.glyph, Point::new(x + 7.0, y + 7.0), ink);
        }
        for card in cards {
            brush.write(Words {
                text: &card.name,
                at: Point::new(card.rect.x + 50.0, card.rect.y + 24.0),
                face: Face::Name,
                align: Align::Left,
                colour: &palette.ink,
                room: Some(if card.figure.is_some() { 108.0 } else { 148.0 }),
            });
        }
        self.paint_under_names(cards);
    }

    fn paint_under_names(&mut self, cards: &[&Card]) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        for card in cards {
            let (text, colour) = if card.down {
                ("crashed", &palette.trouble)
            } else {
                (card.kind, &palette.ink_3)
            };
            brush.write(Words {
                text,
                at: Point::new(card.rect.x + 50.0, card.rect.y + 39.0),
                face: Face::Small,
                align: Align::Left,
                colour,
                room: None,
            });
        }
        for card in cards {
            let Some(figure) = &card.figure else { continue };
            brush.write(Words {
                text: figure,
                at: Point::new(card.rect.right() - 13.0, card.rect.y + 31.0),
                face: Face::Figure,
                align: Align::Right,
                colour: palette.tone(card.figure_tone),
                room: None,
            });
        }
    }

    fn paint_pieces(&mut self, cards: &[&Card], with_texts: bool) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        let pieces = || cards.iter().flat_map(|card| &card.pieces);
        brush.begin();
        for piece in pieces() {
            match piece {
                Piece::Well(rect) => brush.rounded(*rect, 6.0),
                Piece::Slot { at, radius, .. } => super::shapes::add_circle(brush, *at, *radius),
                Piece::Bar { rect, .. } => brush.rounded(*rect, rect.h / 2.0),
                Piece::Capsule { .. } | Piece::Text { .. } => {}
            }
        }
        brush.fill(&palette.card_inset);
        self.paint_progress(pieces());
        let dots: Vec<Dot> = pieces()
            .filter_map(|piece| match piece {
                Piece::Capsule { at, look, .. } => {
                    let (at, angle, look) = (*at, 0.0, *look);
                    Some(Dot { at, angle, look })
                }
                _ => None,
            })
            .collect();
        self.paint_dots(&dots, TOKEN_SIZE, &palette.card_inset);
        let followed = pieces().filter_map(|piece| match piece {
            Piece::Capsule {
                at, followed: true, ..
            } => Some(*at),
            _ => None,
        });
        self.paint_halos(followed, TOKEN_SIZE);
        if with_texts {
            self.paint_texts(pieces(), true);
            self.paint_texts(pieces(), false);
        }
    }

    fn paint_progress<'a>(&mut self, pieces: impl Iterator<Item = &'a Piece> + Clone) {
        let brush = &mut *self.brush;
        brush.begin();
        for piece in pieces.clone() {
            if let Piece::Slot {
                at,
                radius,
                done: Some(done),
            } = piece
            {
                let start = -std::f64::consts::FRAC_PI_2;
                let turn = std::f64::consts::TAU * done.clamp(0.0, 1.0);
                let edge = radius - 1.0;
                brush.move_to(Point::new(at.x, at.y - edge));
                brush.arc(*at, edge, start, start + turn);
            }
        }
        brush.set_round_ends(true);
        brush.stroke(&self.palette.accent, 2.0);
        brush.set_round_ends(false);
        for piece in pieces {
            if let Piece::Bar { rect, part, tone } = piece
                && *part > 0.0
            {
                brush.begin();
                let width = (rect.w * part).max(rect.h);
                brush.rounded(Rect::new(rect.x, rect.y, width, rect.h), rect.h / 2.0);
                let colour = match tone {
                    Tone::Calm => &self.palette.accent,
                    _ => self.palette.tone(*tone),
                };
                brush.fill(colour);
            }
        }
    }

    /// The less important texts, or the others.
    fn paint_texts<'a>(&mut self, pieces: impl Iterator<Item = &'a Piece>, faint_ones: bool) {
        let brush = &mut *self.brush;
        for piece in pieces {
            let Piece::Text {
                at,
                text,
                faint,
                right,
                tone,
                width,
            } = piece
            else {
                continue;
            };
            if *faint != faint_ones {
                continue;
            }
            let colour = if *faint {
                &self.palette.ink_3
            } else {
                self.palette.tone(*tone)
            };
            brush.write(Words {
                text,
                at: *at,
                face: Face::Small,
                align: if *right { Align::Right } else { Align::Left },
                colour,
                room: Some(*width),
            });
        }
    }

    /// Why a queue grows: the ground of a note that hangs from the card's lower edge.
    fn paint_why_grounds(&mut self, cards: &[&Card]) {
        let brush = &mut *self.brush;
        brush.begin();
        for card in cards.iter().filter(|card| !card.why.is_empty()) {
            brush.rounded(why_box(card), RADIUS);
        }
        brush.fill(&self.palette.trouble);
    }

    fn paint_why(&mut self, card: &Card) {
        let brush = &mut *self.brush;
        for (place, line) in card.why.iter().enumerate() {
            let base = card.rect.bottom() + 15.0 + WHY_LINE * place as f64;
            brush.write(Words {
                text: line,
                at: Point::new(card.rect.x + 12.0, base),
                face: Face::Small,
                align: Align::Left,
                colour: &self.palette.trouble_ink,
                room: Some(card.rect.w - 24.0),
            });
        }
    }
}

/// The area of the note about a queue; a part of it is under the card.
pub(super) fn why_box(card: &Card) -> Rect {
    let height = WHY_TUCK + 11.0 + WHY_LINE * card.why.len() as f64;
    let top = card.rect.bottom() - WHY_TUCK;
    Rect::new(card.rect.x, top, card.rect.w, height)
}
