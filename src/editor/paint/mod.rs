//! How a scene looks: the one drawing, for whatever can be drawn on.
//!
//! It calls a brush, which is a canvas of the page or a picture that is written. What has one
//! colour is one path. It decides nothing about what there is to see.

mod brush;
mod cards;
mod extent;
mod links;
mod palette;
mod shapes;
mod tokens;

pub use brush::{Align, Brush, Face, Words};
pub use extent::extent;
pub use palette::{EVENT_COLOURS, Palette};
pub use shapes::{add_event_shape, glyph_path};

use super::scene::{Card, LinkLine, Scene, View};

/// How far what belongs to a card or link reaches over its rectangle: shadows, labels and notes.
const REACH: f64 = 110.0;

/// Draws what can be seen of a scene from where the view is. The brush is at home in the world.
pub fn paint(brush: &mut dyn Brush, palette: &Palette, scene: &Scene, view: &View) {
    let sight = view.camera.visible(view.width, view.height).grown(REACH);
    let links: Vec<&LinkLine> = scene
        .links
        .iter()
        .filter(|line| line.curve.bounds().touches(sight))
        .collect();
    let cards: Vec<&Card> = scene
        .cards
        .iter()
        .filter(|card| card.rect.touches(sight))
        .collect();
    let mut painting = Painting { brush, palette };
    painting.paint_links(&links, view);
    painting.paint_tokens(scene, view.camera.zoom);
    painting.paint_cards(&cards, view.camera.zoom);
}

/// A drawing on its way. Each file beside this one draws one sort of thing.
struct Painting<'a> {
    brush: &'a mut dyn Brush,
    palette: &'a Palette,
}
