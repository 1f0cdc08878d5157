//! How far a scene reaches: what a picture of all of it must have room for.

use super::cards::why_box;
use crate::editor::Rect;
use crate::editor::scene::Scene;

/// The smallest rectangle around all that is drawn of a scene; none if there is nothing.
pub fn extent(scene: &Scene) -> Option<Rect> {
    let cards = scene.cards.iter().map(|card| card.rect);
    let notes = scene.cards.iter().filter(|card| !card.why.is_empty());
    let links = scene.links.iter().map(|line| line.curve.bounds());
    let labels = scene.links.iter().filter(|line| !line.label.is_empty());
    let frames = scene.frames.iter().map(|frame| frame.rect);
    let pages = scene.notes.iter().map(|note| note.rect);
    cards
        .chain(notes.map(why_box))
        .chain(frames)
        .chain(pages)
        .chain(links)
        .chain(labels.map(|line| line.label_box()))
        .reduce(Rect::around)
}
