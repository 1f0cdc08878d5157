//! What is under the pointer.

use super::desk::End;
use super::scene::{LABEL_ZOOM_MIN, Piece, Scene};
use super::{Item, Point, Rect, handles};
use crate::engine::MessageId;
use crate::units::{LinkId, NodeId};

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A message on its way, or one that rests on a selected card.
    Message(MessageId),
    /// A node, link, note or frame.
    Item(Item),
    /// The place of a card from which a link can be drawn.
    Handle(NodeId),
    /// The end of the selected link, which can be taken to another node.
    LinkEnd(LinkId, End),
}

/// How far from a token a press still counts, on the screen.
const TOKEN_REACH: f64 = 13.0;
/// The same for links.
const LINK_REACH: f64 = 10.0;
/// The same for messages on cards, which lie close to each other.
const CAPSULE_REACH: f64 = 8.0;
/// The same for handles and ends of links.
const HANDLE_REACH: f64 = 12.0;
/// How far the line around a frame can be hit on both sides, on the screen.
const BORDER_REACH: f64 = 5.0;

/// What is at a point of the world, at a zoom. Handles lie over cards, cards over tokens, tokens
/// over links, links over notes, and frames under everything. A link can be picked at its way and
/// at its label. The messages on a card can be picked once the card is selected.
pub fn hit(scene: &Scene, point_in_world: Point, zoom: f64) -> Option<Hit> {
    let at = point_in_world;
    hit_end(scene, at, zoom)
        .or_else(|| hit_handle(scene, at, zoom))
        .or_else(|| hit_card(scene, at))
        .or_else(|| hit_folded(scene, at))
        .or_else(|| hit_token(scene, at, zoom))
        .or_else(|| hit_link(scene, at, zoom))
        .or_else(|| hit_note(scene, at))
        .or_else(|| hit_frame(scene, at, zoom))
}

/// The node at a point, whatever lies over it.
pub fn node_at(scene: &Scene, point_in_world: Point) -> Option<NodeId> {
    let mut cards = scene.cards.iter().rev();
    cards
        .find(|card| card.rect.contains(point_in_world))
        .map(|card| card.id)
}

/// The message that rests on a card at a point, whether the card is selected or not.
pub fn capsule_at(scene: &Scene, point_in_world: Point) -> Option<MessageId> {
    let mut cards = scene.cards.iter().rev();
    let card = cards.find(|card| card.rect.contains(point_in_world))?;
    let mut pieces = card.pieces.iter();
    pieces.find_map(|piece| match piece {
        Piece::Capsule { at, message, .. } => {
            (at.distance(point_in_world) <= CAPSULE_REACH).then_some(*message)
        }
        _ => None,
    })
}

/// Everything that lies in a box, links only if both ends do.
pub fn inside(scene: &Scene, lasso: Rect) -> Vec<Item> {
    let touched = |rect: &Rect| rect.touches(lasso);
    let cards = scene.cards.iter().filter(|card| touched(&card.rect));
    let notes = scene.notes.iter().filter(|note| touched(&note.rect));
    let whole = |rect: &Rect| {
        lasso.contains(Point::new(rect.x, rect.y))
            && lasso.contains(Point::new(rect.right(), rect.bottom()))
    };
    let frames = scene.frames.iter().filter(|frame| whole(&frame.rect));
    let links = scene.links.iter().filter(|line| {
        let [start, .., end] = line.curve.points;
        lasso.contains(start) && lasso.contains(end)
    });
    let cards = cards.map(|card| Item::Node(card.id));
    cards
        .chain(links.map(|line| Item::Link(line.id)))
        .chain(notes.map(|note| Item::Note(note.id)))
        .chain(frames.map(|frame| Item::Frame(frame.id)))
        .collect()
}

fn hit_end(scene: &Scene, at: Point, zoom: f64) -> Option<Hit> {
    let line = scene.links.iter().find(|line| line.selected)?;
    let [start, .., end] = line.curve.points;
    [(start, End::From), (end, End::To)]
        .into_iter()
        .find(|(point, _)| point.distance(at) * zoom <= HANDLE_REACH)
        .map(|(_, end)| Hit::LinkEnd(line.id, end))
}

fn hit_handle(scene: &Scene, at: Point, zoom: f64) -> Option<Hit> {
    let mut cards = scene.cards.iter().rev();
    let shown = cards.find(|card| {
        (card.hovered || card.selected)
            && handles(card.rect)
                .iter()
                .any(|handle| handle.distance(at) * zoom <= HANDLE_REACH)
    });
    shown.map(|card| Hit::Handle(card.id))
}

fn hit_card(scene: &Scene, at: Point) -> Option<Hit> {
    let mut cards = scene.cards.iter().rev();
    let card = cards.find(|card| card.rect.contains(at))?;
    let capsule = capsule_at(scene, at).filter(|_| card.selected);
    Some(capsule.map_or(Hit::Item(Item::Node(card.id)), Hit::Message))
}

fn hit_folded(scene: &Scene, at: Point) -> Option<Hit> {
    let mut frames = scene.frames.iter().rev();
    frames
        .find(|frame| frame.folded.is_some() && frame.rect.contains(at))
        .map(|frame| Hit::Item(Item::Frame(frame.id)))
}

fn hit_token(scene: &Scene, at: Point, zoom: f64) -> Option<Hit> {
    let tokens = scene.tokens.iter().filter(|token| token.look.is_some());
    let (distance, message) = tokens
        .map(|token| (token.at.distance(at), token.message))
        .min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance * zoom <= TOKEN_REACH).then_some(Hit::Message(message))
}

fn hit_link(scene: &Scene, at: Point, zoom: f64) -> Option<Hit> {
    let reach = LINK_REACH / zoom;
    scene
        .links
        .iter()
        .filter(|line| line.curve.bounds().grown(reach).contains(at))
        .map(|line| (line.curve.distance(at), line.id))
        .filter(|(distance, _)| *distance <= reach)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id)
        .or_else(|| {
            let lines = scene.links.iter().filter(|line| !line.label.is_empty());
            let mut lines = lines.filter(|_| zoom >= LABEL_ZOOM_MIN);
            let line = lines.find(|line| line.label_box().contains(at))?;
            Some(line.id)
        })
        .map(|id| Hit::Item(Item::Link(id)))
}

fn hit_note(scene: &Scene, at: Point) -> Option<Hit> {
    let mut notes = scene.notes.iter().rev();
    notes
        .find(|note| note.rect.contains(at))
        .map(|note| Hit::Item(Item::Note(note.id)))
}

/// A frame is hit at its head, its brokers and its border; inside of it the canvas is free.
fn hit_frame(scene: &Scene, at: Point, zoom: f64) -> Option<Hit> {
    let reach = BORDER_REACH / zoom;
    let mut frames = scene.frames.iter().rev();
    frames
        .find(|frame| {
            let on_border =
                frame.rect.grown(reach).contains(at) && !frame.rect.grown(-reach).contains(at);
            frame.head().contains(at) || on_border
        })
        .map(|frame| Hit::Item(Item::Frame(frame.id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Curve;
    use crate::editor::scene::LinkLine;

    #[test]
    fn a_link_is_picked_at_its_way_and_at_a_label_that_can_be_read() {
        let ends = [0.0, 100.0, 200.0, 300.0].map(|x| Point::new(x, 0.0));
        let line = LinkLine {
            id: LinkId(7),
            curve: Curve::new(ends),
            label_at: Point::new(150.0, -40.0),
            label: "200 ms".to_owned(),
            flow: None,
            cut: false,
            role: None,
            tag: None,
            finding: None,
            selected: false,
            hovered: false,
        };
        let scene = Scene {
            links: vec![line],
            ..Scene::default()
        };
        let found = Some(Hit::Item(Item::Link(LinkId(7))));
        assert_eq!(hit(&scene, Point::new(40.0, 6.0), 1.0), found);
        assert_eq!(hit(&scene, Point::new(165.0, -44.0), 1.0), found);
        assert_eq!(hit(&scene, Point::new(165.0, -60.0), 1.0), None);
        assert_eq!(hit(&scene, Point::new(165.0, -44.0), 0.4), None);
    }
}
