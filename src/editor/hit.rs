//! What is under the pointer.

use super::Point;
use super::scene::{LABEL_ZOOM_MIN, Piece, Scene};
use crate::engine::MessageId;
use crate::units::{LinkId, NodeId};

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A message on its way, or one that rests on a selected card.
    Message(MessageId),
    /// A node.
    Node(NodeId),
    /// A link.
    Link(LinkId),
}

/// How far from a token a press still counts, on the screen.
const TOKEN_REACH: f64 = 13.0;
/// The same for links.
const LINK_REACH: f64 = 10.0;
/// The same for messages on cards, which lie close to each other.
const CAPSULE_REACH: f64 = 8.0;

/// What is at a point of the world, at a zoom. Cards lie over tokens, tokens over links. A link can
/// be picked at its way and at its label. The messages on a card can be picked once the card is
/// selected.
pub fn hit(scene: &Scene, point_in_world: Point, zoom: f64) -> Option<Hit> {
    let card = scene
        .cards
        .iter()
        .rev()
        .find(|card| card.rect.contains(point_in_world));
    if let Some(card) = card {
        let capsule = card
            .pieces
            .iter()
            .filter(|_| card.selected)
            .find_map(|piece| match piece {
                Piece::Capsule { at, message, .. } => {
                    (at.distance(point_in_world) <= CAPSULE_REACH).then_some(*message)
                }
                _ => None,
            });
        return Some(capsule.map_or(Hit::Node(card.id), Hit::Message));
    }
    let nearest = scene
        .tokens
        .iter()
        .filter(|token| token.look.is_some())
        .map(|token| (token.at.distance(point_in_world), token.message))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((distance, message)) = nearest
        && distance * zoom <= TOKEN_REACH
    {
        return Some(Hit::Message(message));
    }
    let reach = LINK_REACH / zoom;
    scene
        .links
        .iter()
        .filter(|line| line.curve.bounds().grown(reach).contains(point_in_world))
        .map(|line| (line.curve.distance(point_in_world), line.id))
        .filter(|(distance, _)| *distance <= reach)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| Hit::Link(id))
        .or_else(|| {
            let readable = zoom >= LABEL_ZOOM_MIN;
            let mut lines = scene
                .links
                .iter()
                .filter(|line| readable && !line.label.is_empty());
            let line = lines.find(|line| line.label_box().contains(point_in_world))?;
            Some(Hit::Link(line.id))
        })
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
            dead_letters: false,
            selected: false,
            hovered: false,
        };
        let scene = Scene {
            links: vec![line],
            ..Scene::default()
        };
        let found = Some(Hit::Link(LinkId(7)));
        assert_eq!(hit(&scene, Point::new(40.0, 6.0), 1.0), found);
        assert_eq!(hit(&scene, Point::new(165.0, -44.0), 1.0), found);
        assert_eq!(hit(&scene, Point::new(165.0, -60.0), 1.0), None);
        assert_eq!(hit(&scene, Point::new(165.0, -44.0), 0.4), None);
    }
}
