//! Cards: nodes with their live pictures, and the reasons why queues grow.

use super::tokens::{Dot, TIGHT_SIZE, TOKEN_SIZE};
use super::{Align, Face, GLYPH_SIZE, Painting, Words};
use crate::editor::scene::{Card, Piece};
use crate::editor::{Point, Rect};
use crate::nodes::Tone;
use crate::topology::Severity;

const RADIUS: f64 = 12.0;
const WHY_LINE: f64 = 15.0;
/// Below this zoom the small words on cards cannot be read.
pub(super) const FAR_ZOOM: f64 = 0.5;
/// Below this zoom even names cannot be read: what is left is a map.
pub(super) const MAP_ZOOM: f64 = 0.28;
/// How far the note about a queue reaches under its card.
const WHY_TUCK: f64 = 20.0;

impl Painting<'_> {
    pub(super) fn paint_cards(&mut self, cards: &[&Card], zoom: f64) {
        self.paint_bodies(cards, zoom);
        if zoom < MAP_ZOOM {
            return self.paint_signs(cards, zoom);
        }
        if zoom < FAR_ZOOM {
            self.paint_far_titles(cards);
            return self.paint_pieces(cards, false);
        }
        self.paint_heads(cards);
        self.paint_pieces(cards, true);
        for card in cards.iter().filter(|card| !words_of(card).is_empty()) {
            self.paint_why(card);
        }
    }

    fn paint_bodies(&mut self, cards: &[&Card], zoom: f64) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        const SHADOWS: [(f64, f64); 4] = [(2.0, 0.5), (4.0, 2.0), (7.0, 5.0), (10.0, 9.0)];
        let shadows = if zoom < MAP_ZOOM { &[] } else { &SHADOWS[..] };
        for (drop, grow) in shadows {
            brush.begin();
            for card in cards {
                let Rect { x, y, w, h } = card.rect.grown(*grow);
                brush.rounded(Rect::new(x, y + drop, w, h), RADIUS + grow);
            }
            brush.set_opacity(0.17);
            brush.fill(&palette.card_shadow);
        }
        brush.set_opacity(1.0);
        if zoom >= FAR_ZOOM {
            self.paint_why_grounds(cards);
        }
        let brush = &mut *self.brush;
        brush.begin();
        for card in cards {
            brush.rounded(card.rect, RADIUS);
        }
        brush.fill(&palette.card);
        brush.stroke(&palette.card_line, 1.0_f64.max(0.6 / zoom));
        type Which = fn(&Card) -> bool;
        let rings: [(&str, f64, Which); 3] = [
            (&palette.trouble, 2.0, is_in_trouble),
            (&palette.accent, 1.5, |card| card.hovered),
            (&palette.accent, 2.5, |card| card.selected),
        ];
        for (colour, width, which) in rings {
            let mut any = false;
            brush.begin();
            for card in cards.iter().filter(|card| which(card)) {
                brush.rounded(card.rect, RADIUS);
                any = true;
            }
            if any {
                brush.stroke(colour, width.max(width * 0.8 / zoom));
            }
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
            brush.glyph(card.glyph, Point::new(x + 7.0, y + 7.0), GLYPH_SIZE, ink);
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
                _ => {}
            }
        }
        brush.fill(&palette.card_inset);
        self.paint_progress(pieces());
        for (close, size) in [(false, TOKEN_SIZE), (true, TIGHT_SIZE)] {
            let dots: Vec<Dot> = pieces()
                .filter_map(|piece| match piece {
                    Piece::Capsule {
                        at, look, tight, ..
                    } if *tight == close => Some(Dot {
                        at: *at,
                        angle: 0.0,
                        look: *look,
                    }),
                    _ => None,
                })
                .collect();
            if !dots.is_empty() {
                self.paint_dots(&dots, size, &palette.card_inset);
            }
        }
        let followed = pieces().filter_map(|piece| match piece {
            Piece::Capsule {
                at, followed: true, ..
            } => Some(*at),
            _ => None,
        });
        self.paint_halos(followed, TOKEN_SIZE);
        self.paint_bands(pieces(), with_texts);
        if with_texts {
            self.paint_texts(pieces(), true);
            self.paint_texts(pieces(), false);
        }
    }

    fn paint_progress<'a>(&mut self, pieces: impl Iterator<Item = &'a Piece> + Clone) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        brush.set_round_ends(true);
        for (trouble, colour) in [
            (false, palette.accent.as_str()),
            (true, palette.tone(Tone::Warning)),
        ] {
            let mut any = false;
            brush.begin();
            for piece in pieces.clone() {
                if let Piece::Slot {
                    at,
                    radius,
                    done: Some(done),
                    tone,
                } = piece
                    && (*tone != Tone::Calm) == trouble
                {
                    let start = -std::f64::consts::FRAC_PI_2;
                    let turn = std::f64::consts::TAU * done.clamp(0.0, 1.0);
                    let edge = radius - 1.0;
                    brush.move_to(Point::new(at.x, at.y - edge));
                    brush.arc(*at, edge, start, start + turn);
                    any = true;
                }
            }
            if any {
                brush.stroke(colour, 2.0);
            }
        }
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
    pub(super) fn paint_texts<'a>(
        &mut self,
        pieces: impl Iterator<Item = &'a Piece>,
        faint_ones: bool,
    ) {
        let brush = &mut *self.brush;
        for piece in pieces {
            let Piece::Text {
                at,
                text,
                faint,
                right,
                tiny,
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
                face: if *tiny { Face::Tiny } else { Face::Small },
                align: if *right { Align::Right } else { Align::Left },
                colour,
                room: Some(*width),
            });
        }
    }

    /// Why a queue grows, or what is likely wrong: the ground of a note that hangs from the card's
    /// lower edge.
    fn paint_why_grounds(&mut self, cards: &[&Card]) {
        let brush = &mut *self.brush;
        for (doubtful, colour) in [(false, &self.palette.trouble), (true, &self.palette.warn)] {
            let mut any = false;
            brush.begin();
            for card in cards {
                if !words_of(card).is_empty() && is_doubtful(card) == doubtful {
                    brush.rounded(why_box(card), RADIUS);
                    any = true;
                }
            }
            if any {
                brush.fill(colour);
            }
        }
    }

    fn paint_why(&mut self, card: &Card) {
        let brush = &mut *self.brush;
        let colour = if is_doubtful(card) {
            &self.palette.card
        } else {
            &self.palette.trouble_ink
        };
        for (place, line) in words_of(card).iter().enumerate() {
            let base = card.rect.bottom() + 15.0 + WHY_LINE * place as f64;
            brush.write(Words {
                text: line,
                at: Point::new(card.rect.x + 12.0, base),
                face: Face::Small,
                align: Align::Left,
                colour,
                room: Some(card.rect.w - 24.0),
            });
        }
    }
}

/// What hangs from the lower edge of a card.
fn words_of(card: &Card) -> &[String] {
    if card.why.is_empty() {
        &card.remark
    } else {
        &card.why
    }
}

/// Whether what hangs from a card is no trouble yet.
fn is_doubtful(card: &Card) -> bool {
    card.why.is_empty() && card.finding == Some(Severity::Doubtful)
}

/// Whether a card must be seen first.
pub(super) fn is_in_trouble(card: &Card) -> bool {
    card.down || !card.why.is_empty()
}

/// The area of the note about a queue; a part of it is under the card.
pub(super) fn why_box(card: &Card) -> Rect {
    let height = WHY_TUCK + 11.0 + WHY_LINE * words_of(card).len() as f64;
    let top = card.rect.bottom() - WHY_TUCK;
    Rect::new(card.rect.x, top, card.rect.w, height)
}
