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

use super::scene::{Scene, View};

/// Draws a scene as it looks from where the view is. The brush is at home in the world.
pub fn paint(brush: &mut dyn Brush, palette: &Palette, scene: &Scene, view: &View) {
    let mut painting = Painting { brush, palette };
    painting.paint_links(scene, view);
    painting.paint_tokens(scene, view.camera.zoom);
    painting.paint_cards(scene, view.camera.zoom);
}

/// A drawing on its way. Each file beside this one draws one sort of thing.
struct Painting<'a> {
    brush: &'a mut dyn Brush,
    palette: &'a Palette,
}
