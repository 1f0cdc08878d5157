//! Walking over a drawing with keys: which node comes next.
//!
//! It moves no focus and knows no key; it is asked where a step leads.

use super::{Point, Rect};
use crate::topology::Topology;
use crate::units::{NodeId, sort_by};

/// Where a step goes on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Direction {
    /// How far a way goes in this direction, and how far aside of it.
    fn split(self, way: Point) -> (f64, f64) {
        match self {
            Self::Left => (-way.x, way.y.abs()),
            Self::Right => (way.x, way.y.abs()),
            Self::Up => (-way.y, way.x.abs()),
            Self::Down => (way.y, way.x.abs()),
        }
    }
}

/// How much farther a node seems for each pixel that it lies aside of the direction.
const ASIDE: f64 = 2.0;
/// Cards whose middles are less apart than this part of their height stand in one row.
const ROW_SHARE: f64 = 0.5;

/// The node at the other end of a link that lies nearest in a direction; links are walked both
/// ways. If none does, the nearest that is linked with the same node as this one: from one queue of
/// a topic to the next.
pub fn along(
    topology: &Topology,
    cards: &[(NodeId, Rect)],
    from: NodeId,
    direction: Direction,
) -> Option<NodeId> {
    let start = middle(cards, from)?;
    let nearest = |ids: &[NodeId]| {
        let near = ids.iter().filter_map(|id| {
            let (ahead, aside) = direction.split(middle(cards, *id)? - start);
            // A step to the right may go down a good deal, but not turn back.
            (ahead > 0.0 && aside <= ASIDE * ahead).then_some((*id, ahead + ASIDE * aside))
        });
        near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(id, _)| id)
    };
    let linked = neighbours(topology, from);
    nearest(&linked).or_else(|| {
        let beside = linked.iter().flat_map(|id| neighbours(topology, *id));
        nearest(&beside.filter(|id| *id != from).collect::<Vec<_>>())
    })
}

fn neighbours(topology: &Topology, of: NodeId) -> Vec<NodeId> {
    let links = topology.links.iter();
    links
        .filter_map(|link| match of {
            of if link.from == of => Some(link.to),
            of if link.to == of => Some(link.from),
            _ => None,
        })
        .collect()
}

/// All nodes as one reads: row by row from the top, each from the left. What stands about as high
/// is a row.
pub fn order(cards: &[(NodeId, Rect)]) -> Vec<NodeId> {
    let mut left: Vec<(NodeId, Rect)> = cards.to_vec();
    sort_by(&mut left, |(_, a), (_, b)| {
        a.center().y.total_cmp(&b.center().y)
    });
    let mut order = Vec::with_capacity(left.len());
    let mut start = 0;
    while let Some((_, first)) = left.get(start) {
        let reach = first.center().y + first.h * ROW_SHARE;
        let is_in_row = |(_, rect): &&(NodeId, Rect)| rect.center().y < reach;
        // The first is in its row, however low it is.
        let length = left[start..].iter().take_while(is_in_row).count().max(1);
        let row = &mut left[start..start + length];
        sort_by(row, |(_, a), (_, b)| a.x.total_cmp(&b.x));
        order.extend(row.iter().map(|(id, _)| *id));
        start += length;
    }
    order
}

fn middle(cards: &[(NodeId, Rect)], id: NodeId) -> Option<Point> {
    let found = cards.iter().find(|(known, _)| *known == id);
    found.map(|(_, rect)| rect.center())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Link;
    use crate::units::LinkId;

    fn card(id: u32, x: f64, y: f64) -> (NodeId, Rect) {
        (NodeId(id), Rect::new(x, y, 204.0, 120.0))
    }

    fn linked(links: &[(u32, u32)]) -> Topology {
        let mut topology = Topology::default();
        for (number, (from, to)) in (100..).zip(links) {
            let (from, to) = (NodeId(*from), NodeId(*to));
            topology.links.push(Link::new(LinkId(number), from, to));
        }
        topology
    }

    #[test]
    fn a_step_follows_links_and_leaves_nearer_strangers_alone() {
        let cards = [
            card(1, 0.0, 0.0),
            card(2, 900.0, 30.0),
            card(3, 300.0, 0.0),
            card(4, 900.0, 400.0),
        ];
        let topology = linked(&[(1, 2), (1, 4)]);
        let step = |from, direction| along(&topology, &cards, NodeId(from), direction);
        assert_eq!(step(1, Direction::Right), Some(NodeId(2)));
        assert_eq!(
            step(2, Direction::Left),
            Some(NodeId(1)),
            "against the arrow"
        );
        assert_eq!(step(1, Direction::Left), None);
        assert_eq!(step(3, Direction::Left), None, "nothing is linked with it");
        assert_eq!(step(9, Direction::Left), None, "it is not drawn");
    }

    #[test]
    fn every_neighbour_can_be_reached_in_some_direction() {
        let around = [(300.0, 0.0), (-300.0, 0.0), (0.0, 300.0), (10.0, -300.0)];
        let mut cards = vec![card(1, 0.0, 0.0)];
        cards.extend((2..).zip(around).map(|(id, (x, y))| card(id, x, y)));
        let topology = linked(&[(1, 2), (3, 1), (1, 4), (5, 1)]);
        let reached = [
            Direction::Right,
            Direction::Left,
            Direction::Down,
            Direction::Up,
        ]
        .map(|direction| along(&topology, &cards, NodeId(1), direction));
        assert_eq!(reached, [2, 3, 4, 5].map(|id| Some(NodeId(id))));
    }

    #[test]
    fn where_no_link_leads_a_step_goes_to_the_next_branch() {
        let cards = [
            card(1, 0.0, 100.0),
            card(2, 300.0, 0.0),
            card(3, 300.0, 200.0),
            card(4, 300.0, 400.0),
            card(5, 300.0, 190.0),
        ];
        let topology = linked(&[(1, 2), (1, 3), (1, 4)]);
        let down = |from| along(&topology, &cards, NodeId(from), Direction::Down);
        assert_eq!(
            [down(2), down(3), down(4)],
            [Some(NodeId(3)), Some(NodeId(4)), None]
        );
    }

    #[test]
    fn nodes_are_read_row_by_row_even_if_rows_are_not_straight() {
        let cards = [
            card(1, 600.0, 0.0),
            card(2, 0.0, 25.0),
            card(3, 300.0, -20.0),
            card(4, 300.0, 200.0),
            card(5, 0.0, 210.0),
        ];
        let order: Vec<u32> = order(&cards).into_iter().map(|id| id.0).collect();
        assert_eq!(order, [2, 3, 1, 5, 4]);
    }
}
