//! Cards: nodes with their live pictures, and the reasons why queues grow.

use super::Painter;
use super::tokens::{Dot, TOKEN_SIZE};
use crate::editor::Rect;
use crate::editor::scene::{Card, Piece, Scene};
use crate::nodes::Tone;

const RADIUS: f64 = 12.0;
const WHY_LINE: f64 = 15.0;
/// Below this zoom the small words on cards cannot be read.
const FAR_ZOOM: f64 = 0.5;
/// How far the note about a queue reaches under its card.
const WHY_TUCK: f64 = 20.0;

impl Painter {
    pub(super) fn paint_cards(&mut self, scene: &Scene, zoom: f64) {
        self.paint_bodies(&scene.cards, zoom >= FAR_ZOOM);
        if zoom < FAR_ZOOM {
            for card in &scene.cards {
                self.paint_far_title(card);
            }
            return self.paint_pieces(&scene.cards, false);
        }
        for card in &scene.cards {
            self.paint_head(card);
        }
        self.paint_pieces(&scene.cards, true);
        for card in scene.cards.iter().filter(|card| !card.why.is_empty()) {
            self.paint_why(card);
        }
    }

    /// From far away a card has its name and number, large enough to be read.
    fn paint_far_title(&self, card: &Card) {
        let Rect { x, y, .. } = card.rect;
        let canvas = &self.canvas;
        let palette = &self.palette;
        canvas.set_text_align("left");
        canvas.set_text_baseline("alphabetic");
        canvas.set_font(&self.fonts.far_name);
        canvas.set_fill_style_str(if card.down {
            &palette.trouble
        } else {
            &palette.ink
        });
        let shows_figure = card.figure.as_ref().is_some_and(|figure| figure != "0");
        let room = if shows_figure { 118.0 } else { 180.0 };
        let _ = canvas.fill_text_with_max_width(&card.name, x + 12.0, y + 34.0, room);
        if let Some(figure) = card.figure.as_ref().filter(|_| shows_figure) {
            canvas.set_text_align("right");
            canvas.set_font(&self.fonts.far_figure);
            canvas.set_fill_style_str(palette.tone(card.figure_tone));
            let _ = canvas.fill_text(figure, card.rect.right() - 12.0, y + 38.0);
        }
    }

    fn paint_bodies(&self, cards: &[Card], with_notes: bool) {
        let canvas = &self.canvas;
        let palette = &self.palette;
        for (drop, grow) in [(2.0, 0.5), (4.0, 2.0), (7.0, 5.0), (10.0, 9.0)] {
            canvas.begin_path();
            for card in cards {
                let Rect { x, y, w, h } = card.rect.grown(grow);
                self.add_rounded(Rect::new(x, y + drop, w, h), RADIUS + grow);
            }
            canvas.set_fill_style_str(&palette.card_shadow);
            canvas.set_global_alpha(0.17);
            canvas.fill();
        }
        canvas.set_global_alpha(1.0);
        if with_notes {
            self.paint_why_grounds(cards);
        }
        canvas.begin_path();
        for card in cards {
            self.add_rounded(card.rect, RADIUS);
        }
        canvas.set_fill_style_str(&palette.card);
        canvas.fill();
        canvas.set_stroke_style_str(&palette.card_line);
        canvas.set_line_width(1.0);
        canvas.stroke();
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
            canvas.begin_path();
            for card in cards {
                self.add_rounded(card.rect, RADIUS);
            }
            canvas.set_stroke_style_str(colour);
            canvas.set_line_width(width);
            canvas.stroke();
        }
    }

    fn paint_head(&mut self, card: &Card) {
        let Rect { x, y, .. } = card.rect;
        let badge = Rect::new(x + 11.0, y + 11.0, 30.0, 30.0);
        let canvas = self.canvas.clone();
        canvas.begin_path();
        self.add_rounded(badge, 8.0);
        let (ground, ink) = if card.down {
            (&self.palette.trouble_soft, self.palette.trouble.clone())
        } else {
            (&self.palette.accent_soft, self.palette.accent.clone())
        };
        canvas.set_fill_style_str(ground);
        canvas.fill();
        if let Some(path) = self.glyph(card.glyph) {
            canvas.save();
            let _ = canvas.translate(badge.x + 7.0, badge.y + 7.0);
            canvas.set_stroke_style_str(&ink);
            canvas.set_line_width(1.5);
            canvas.set_line_cap("round");
            canvas.set_line_join("round");
            canvas.stroke_with_path(path);
            canvas.restore();
        }
        self.paint_title(card);
    }

    fn paint_title(&self, card: &Card) {
        let Rect { x, y, .. } = card.rect;
        let canvas = &self.canvas;
        let palette = &self.palette;
        canvas.set_text_align("left");
        canvas.set_text_baseline("alphabetic");
        canvas.set_font(&self.fonts.name);
        canvas.set_fill_style_str(&palette.ink);
        let room = if card.figure.is_some() { 108.0 } else { 148.0 };
        let _ = canvas.fill_text_with_max_width(&card.name, x + 50.0, y + 24.0, room);
        canvas.set_font(&self.fonts.small);
        let (words, colour) = if card.down {
            ("crashed", &palette.trouble)
        } else {
            (card.kind, &palette.ink_3)
        };
        canvas.set_fill_style_str(colour);
        let _ = canvas.fill_text(words, x + 50.0, y + 39.0);
        if let Some(figure) = &card.figure {
            canvas.set_text_align("right");
            canvas.set_font(&self.fonts.figure);
            canvas.set_fill_style_str(palette.tone(card.figure_tone));
            let _ = canvas.fill_text(figure, card.rect.right() - 13.0, y + 31.0);
        }
    }

    fn paint_pieces(&self, cards: &[Card], with_texts: bool) {
        let canvas = &self.canvas;
        let palette = &self.palette;
        let pieces = || cards.iter().flat_map(|card| &card.pieces);
        canvas.begin_path();
        for piece in pieces() {
            match piece {
                Piece::Well(rect) => self.add_rounded(*rect, 6.0),
                Piece::Slot { at, radius, .. } => super::shapes::add_circle(canvas, *at, *radius),
                Piece::Bar { rect, .. } => self.add_rounded(*rect, rect.h / 2.0),
                Piece::Capsule { .. } | Piece::Text { .. } => {}
            }
        }
        canvas.set_fill_style_str(&palette.card_inset);
        canvas.fill();
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
            self.paint_texts(pieces());
        }
    }

    fn paint_progress<'a>(&self, pieces: impl Iterator<Item = &'a Piece> + Clone) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for piece in pieces.clone() {
            if let Piece::Slot {
                at,
                radius,
                done: Some(done),
            } = piece
            {
                let start = -std::f64::consts::FRAC_PI_2;
                let turn = std::f64::consts::TAU * done.clamp(0.0, 1.0);
                let (r, edge) = (radius - 1.0, radius - 1.0);
                canvas.move_to(at.x, at.y - edge);
                let _ = canvas.arc(at.x, at.y, r, start, start + turn);
            }
        }
        canvas.set_stroke_style_str(&self.palette.accent);
        canvas.set_line_width(2.0);
        canvas.set_line_cap("round");
        canvas.stroke();
        for piece in pieces {
            if let Piece::Bar { rect, part, tone } = piece
                && *part > 0.0
            {
                canvas.begin_path();
                let width = (rect.w * part).max(rect.h);
                self.add_rounded(Rect::new(rect.x, rect.y, width, rect.h), rect.h / 2.0);
                let colour = match tone {
                    Tone::Calm => &self.palette.accent,
                    _ => self.palette.tone(*tone),
                };
                canvas.set_fill_style_str(colour);
                canvas.fill();
            }
        }
    }

    fn paint_texts<'a>(&self, pieces: impl Iterator<Item = &'a Piece>) {
        let canvas = &self.canvas;
        canvas.set_font(&self.fonts.small);
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
            let colour = if *faint {
                &self.palette.ink_3
            } else {
                self.palette.tone(*tone)
            };
            canvas.set_fill_style_str(colour);
            canvas.set_text_align(if *right { "right" } else { "left" });
            let _ = canvas.fill_text_with_max_width(text, at.x, at.y, *width);
        }
    }

    /// Why a queue grows: the ground of a note that hangs from the card's lower edge.
    fn paint_why_grounds(&self, cards: &[Card]) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for card in cards.iter().filter(|card| !card.why.is_empty()) {
            let Rect { x, w, .. } = card.rect;
            let height = WHY_TUCK + 11.0 + WHY_LINE * card.why.len() as f64;
            self.add_rounded(
                Rect::new(x, card.rect.bottom() - WHY_TUCK, w, height),
                RADIUS,
            );
        }
        canvas.set_fill_style_str(&self.palette.trouble);
        canvas.fill();
    }

    fn paint_why(&self, card: &Card) {
        let canvas = &self.canvas;
        canvas.set_font(&self.fonts.small);
        canvas.set_fill_style_str(&self.palette.trouble_ink);
        canvas.set_text_align("left");
        for (place, line) in card.why.iter().enumerate() {
            let base = card.rect.bottom() + 15.0 + WHY_LINE * place as f64;
            let room = card.rect.w - 24.0;
            let _ = canvas.fill_text_with_max_width(line, card.rect.x + 12.0, base, room);
        }
    }
}
