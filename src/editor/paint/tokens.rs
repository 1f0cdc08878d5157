//! Tokens: the moving dots, one path for each colour.

use super::shapes::{add_circle, add_event_shape};
use super::{EVENT_COLOURS, Painting};
use crate::editor::Point;
use crate::editor::scene::{Look, Scene};

/// Half the size of a token in the world.
pub(super) const TOKEN_SIZE: f64 = 6.2;
/// The same of those that stand close to each other.
pub(super) const TIGHT_SIZE: f64 = 4.8;
/// Half the least size of a token on the screen, near and on a map.
const SCREEN_SIZE_MIN: f64 = 3.4;
const SCREEN_SIZE_MAP: f64 = 1.9;
/// Below this zoom only the message that is followed is shown: the rest would be noise.
const TOKEN_ZOOM_MIN: f64 = 0.12;

/// A token where it is drawn: on a link or at rest on a card.
#[derive(Clone, Copy)]
pub(super) struct Dot {
    pub(super) at: Point,
    pub(super) angle: f64,
    pub(super) look: Look,
}

impl Painting<'_> {
    pub(super) fn paint_tokens(&mut self, scene: &Scene, zoom: f64) {
        // From the zoom at which names are read to that of a map they shrink on the screen.
        let near = ((zoom - 0.2) / 0.25).clamp(0.0, 1.0);
        let least = SCREEN_SIZE_MAP + (SCREEN_SIZE_MIN - SCREEN_SIZE_MAP) * near;
        let size = TOKEN_SIZE.max(least / zoom);
        let followed = scene.tokens.iter().filter(|token| token.followed);
        let halo = TOKEN_SIZE.max(SCREEN_SIZE_MIN / zoom);
        self.paint_halos(followed.map(|token| token.at), halo);
        if zoom < TOKEN_ZOOM_MIN {
            return;
        }
        let palette = self.palette;
        let brush = &mut *self.brush;
        brush.begin();
        for token in scene.tokens.iter().filter(|token| token.look.is_none()) {
            add_circle(brush, token.at, size * 0.36);
        }
        brush.fill(&palette.ink_3);
        let dots: Vec<Dot> = scene
            .tokens
            .iter()
            .filter_map(|token| {
                let (at, angle) = (token.at, token.angle);
                token.look.map(|look| Dot { at, angle, look })
            })
            .collect();
        self.paint_dots(&dots, size, &palette.ground);
    }

    /// Draws attention to the message that the user follows.
    pub(super) fn paint_halos(&mut self, places: impl Iterator<Item = Point>, size: f64) {
        let brush = &mut *self.brush;
        brush.begin();
        for at in places {
            add_circle(brush, at, size * 1.9);
        }
        brush.stroke(&self.palette.accent, 2.5);
    }

    /// Draws messages. `behind` is the colour of what they lie on.
    pub(super) fn paint_dots(&mut self, dots: &[Dot], size: f64, behind: &str) {
        self.paint_twins(dots, size);
        let brush = &mut *self.brush;
        for colour in 0..EVENT_COLOURS {
            let mut any = false;
            brush.begin();
            for dot in dots {
                let number = usize::from(dot.look.event_type) % EVENT_COLOURS;
                if number == colour && !dot.look.dead {
                    add_event_shape(brush, dot.look.event_type, dot.at, dot.angle, size);
                    any = true;
                }
            }
            if any {
                brush.fill(&self.palette.events[colour]);
            }
        }
        self.paint_redelivered(dots, size);
        self.paint_dead(dots, size, behind);
    }

    /// A duplicate has a shadow of itself beside it.
    fn paint_twins(&mut self, dots: &[Dot], size: f64) {
        let brush = &mut *self.brush;
        brush.begin();
        for dot in dots.iter().filter(|dot| dot.look.duplicate) {
            let beside = Point::new(dot.at.x + size * 0.6, dot.at.y - size * 0.7);
            add_event_shape(brush, dot.look.event_type, beside, dot.angle, size);
        }
        brush.stroke(&self.palette.ink_2, 1.4);
    }

    /// A redelivery has a ring around it.
    fn paint_redelivered(&mut self, dots: &[Dot], size: f64) {
        let brush = &mut *self.brush;
        brush.begin();
        for dot in dots
            .iter()
            .filter(|dot| dot.look.redelivered && !dot.look.dead)
        {
            add_circle(brush, dot.at, size * 1.42);
        }
        brush.stroke(&self.palette.trouble, 1.5);
    }

    /// A dead letter is hollow and crossed out.
    fn paint_dead(&mut self, dots: &[Dot], size: f64, behind: &str) {
        let brush = &mut *self.brush;
        let dead = || dots.iter().filter(|dot| dot.look.dead);
        brush.begin();
        for dot in dead() {
            add_event_shape(brush, dot.look.event_type, dot.at, dot.angle, size);
        }
        brush.fill(behind);
        for dot in dead() {
            let reach = size * 0.95;
            brush.move_to(Point::new(dot.at.x - reach, dot.at.y - reach));
            brush.line_to(Point::new(dot.at.x + reach, dot.at.y + reach));
            brush.move_to(Point::new(dot.at.x - reach, dot.at.y + reach));
            brush.line_to(Point::new(dot.at.x + reach, dot.at.y - reach));
        }
        brush.stroke(&self.palette.trouble, 1.5);
    }
}
