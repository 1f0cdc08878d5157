//! Tokens: the moving dots, one path for each colour.

use super::Painter;
use super::palette::EVENT_COLOURS;
use super::shapes::{add_circle, add_event_shape};
use crate::editor::Point;
use crate::editor::scene::{Look, Scene};

/// Half the size of a token in the world.
pub(super) const TOKEN_SIZE: f64 = 6.2;
/// Half the least size of a token on the screen.
const SCREEN_SIZE_MIN: f64 = 3.4;

/// A token where it is drawn: on a link or at rest on a card.
#[derive(Clone, Copy)]
pub(super) struct Dot {
    pub(super) at: Point,
    pub(super) angle: f64,
    pub(super) look: Look,
}

impl Painter {
    pub(super) fn paint_tokens(&self, scene: &Scene, zoom: f64) {
        let size = TOKEN_SIZE.max(SCREEN_SIZE_MIN / zoom);
        let canvas = &self.canvas;
        canvas.begin_path();
        for token in scene.tokens.iter().filter(|token| token.look.is_none()) {
            add_circle(canvas, token.at, size * 0.36);
        }
        canvas.set_fill_style_str(&self.palette.ink_3);
        canvas.fill();
        let dots: Vec<Dot> = scene
            .tokens
            .iter()
            .filter_map(|token| {
                let (at, angle) = (token.at, token.angle);
                token.look.map(|look| Dot { at, angle, look })
            })
            .collect();
        self.paint_dots(&dots, size, &self.palette.ground);
        let followed = scene.tokens.iter().filter(|token| token.followed);
        self.paint_halos(followed.map(|token| token.at), size);
    }

    /// Draws attention to the message that the user follows.
    pub(super) fn paint_halos(&self, places: impl Iterator<Item = Point>, size: f64) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for at in places {
            add_circle(canvas, at, size * 1.9);
        }
        canvas.set_stroke_style_str(&self.palette.accent);
        canvas.set_line_width(2.5);
        canvas.stroke();
    }

    /// Draws messages. `behind` is the colour of what they lie on.
    pub(super) fn paint_dots(&self, dots: &[Dot], size: f64, behind: &str) {
        self.paint_twins(dots, size);
        let canvas = &self.canvas;
        for colour in 0..EVENT_COLOURS {
            let mut any = false;
            canvas.begin_path();
            for dot in dots {
                let number = usize::from(dot.look.event_type) % EVENT_COLOURS;
                if number == colour && !dot.look.dead {
                    add_event_shape(canvas, dot.look.event_type, dot.at, dot.angle, size);
                    any = true;
                }
            }
            if any {
                canvas.set_fill_style_str(&self.palette.events[colour]);
                canvas.fill();
            }
        }
        self.paint_redelivered(dots, size);
        self.paint_dead(dots, size, behind);
    }

    /// A duplicate has a shadow of itself beside it.
    fn paint_twins(&self, dots: &[Dot], size: f64) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for dot in dots.iter().filter(|dot| dot.look.duplicate) {
            let beside = Point::new(dot.at.x + size * 0.6, dot.at.y - size * 0.7);
            add_event_shape(canvas, dot.look.event_type, beside, dot.angle, size);
        }
        canvas.set_stroke_style_str(&self.palette.ink_2);
        canvas.set_line_width(1.4);
        canvas.stroke();
    }

    /// A redelivery has a ring around it.
    fn paint_redelivered(&self, dots: &[Dot], size: f64) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for dot in dots
            .iter()
            .filter(|dot| dot.look.redelivered && !dot.look.dead)
        {
            add_circle(canvas, dot.at, size * 1.42);
        }
        canvas.set_stroke_style_str(&self.palette.trouble);
        canvas.set_line_width(1.5);
        canvas.stroke();
    }

    /// A dead letter is hollow and crossed out.
    fn paint_dead(&self, dots: &[Dot], size: f64, behind: &str) {
        let canvas = &self.canvas;
        let dead = || dots.iter().filter(|dot| dot.look.dead);
        canvas.begin_path();
        for dot in dead() {
            add_event_shape(canvas, dot.look.event_type, dot.at, dot.angle, size);
        }
        canvas.set_fill_style_str(behind);
        canvas.fill();
        for dot in dead() {
            let reach = size * 0.95;
            canvas.move_to(dot.at.x - reach, dot.at.y - reach);
            canvas.line_to(dot.at.x + reach, dot.at.y + reach);
            canvas.move_to(dot.at.x - reach, dot.at.y + reach);
            canvas.line_to(dot.at.x + reach, dot.at.y - reach);
        }
        canvas.set_stroke_style_str(&self.palette.trouble);
        canvas.set_line_width(1.5);
        canvas.stroke();
    }
}
