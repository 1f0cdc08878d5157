//! How a scene looks: the one drawing, for whatever can be drawn on.
//!
//! It calls a brush, which is a canvas of the page or a picture that is written. What has one
//! colour is one path. It decides nothing about what there is to see.

mod bands;
mod brush;
mod cards;
mod draft;
mod extent;
mod far;
mod findings;
mod frames;
mod links;
mod notes;
mod palette;
mod shapes;
mod tokens;

pub use brush::{Align, Brush, Face, GLYPH_SIZE, Words};
pub use extent::extent;
pub use palette::{EVENT_COLOURS, Palette};
pub use shapes::{add_event_shape, glyph_path};

use super::scene::{Card, FrameBox, LinkLine, NotePage, Scene, View};

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
    let frames = scene.frames.iter();
    let frames: Vec<&FrameBox> = frames.filter(|frame| frame.rect.touches(sight)).collect();
    let notes = scene.notes.iter();
    let notes: Vec<&NotePage> = notes.filter(|note| note.rect.touches(sight)).collect();
    let zoom = view.camera.zoom;
    let mut painting = Painting { brush, palette };
    painting.paint_frames(&frames, zoom);
    painting.paint_notes(&notes, zoom);
    painting.paint_brokers(&frames, zoom);
    painting.paint_links(&links, view);
    painting.paint_tokens(scene, zoom);
    painting.paint_cards(&cards, zoom);
    painting.paint_folded(&frames, zoom);
    painting.paint_far_names(&frames, zoom);
    painting.paint_fitting(&cards, view);
    painting.paint_marks_of_links(&links, zoom);
    painting.paint_marks_of_cards(&cards, zoom);
    painting.paint_handles(&cards, &links, view);
    painting.paint_draft(&view.draft, zoom);
}

/// A drawing on its way. Each file beside this one draws one sort of thing.
struct Painting<'a> {
    brush: &'a mut dyn Brush,
    palette: &'a Palette,
}
