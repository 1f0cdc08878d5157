//! Aligning and distributing: where the corners of several cards go. It moves nothing itself.

use super::{Point, Rect};
use crate::units::{NodeId, sort_by};

/// What cards have in common after they were aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Their left edges.
    Left,
    /// Their middles from left to right.
    Centre,
    /// Their right edges.
    Right,
    /// Their upper edges.
    Top,
    /// Their middles from top to bottom.
    Middle,
    /// Their lower edges.
    Bottom,
}

/// The direction in which gaps become equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribute {
    /// The gaps between left and right.
    Horizontally,
    /// The gaps between top and bottom.
    Vertically,
}

/// The corners of cards that are aligned within the rectangle around all of them.
pub fn align(cards: &[(NodeId, Rect)], how: Align) -> Vec<(NodeId, Point)> {
    let Some(all) = cards.iter().map(|(_, rect)| *rect).reduce(Rect::around) else {
        return Vec::new();
    };
    let corner = |rect: Rect| match how {
        Align::Left => Point::new(all.x, rect.y),
        Align::Centre => Point::new(all.center().x - rect.w / 2.0, rect.y),
        Align::Right => Point::new(all.right() - rect.w, rect.y),
        Align::Top => Point::new(rect.x, all.y),
        Align::Middle => Point::new(rect.x, all.center().y - rect.h / 2.0),
        Align::Bottom => Point::new(rect.x, all.bottom() - rect.h),
    };
    cards
        .iter()
        .map(|(id, rect)| (*id, corner(*rect)))
        .collect()
}

/// The corners of cards with equal gaps between neighbours. The outermost two stay where they are;
/// where there is no room between them, the gaps overlap equally.
pub fn distribute(cards: &[(NodeId, Rect)], how: Distribute) -> Vec<(NodeId, Point)> {
    let span = |rect: Rect| match how {
        Distribute::Horizontally => (rect.x, rect.w),
        Distribute::Vertically => (rect.y, rect.h),
    };
    let middle = |rect: Rect| span(rect).0 + span(rect).1 / 2.0;
    let mut order: Vec<usize> = (0..cards.len()).collect();
    sort_by(&mut order, |a, b| {
        middle(cards[*a].1).total_cmp(&middle(cards[*b].1))
    });
    let mut corners: Vec<(NodeId, Point)> = cards
        .iter()
        .map(|(id, rect)| (*id, Point::new(rect.x, rect.y)))
        .collect();
    let (Some(first), Some(last)) = (order.first(), order.last()) else {
        return corners;
    };
    let start = span(cards[*first].1).0;
    let (at, length) = span(cards[*last].1);
    let filled: f64 = cards.iter().map(|(_, rect)| span(*rect).1).sum();
    let gap = (at + length - start - filled) / (cards.len().max(2) - 1) as f64;
    let mut next = start;
    for place in order {
        match how {
            Distribute::Horizontally => corners[place].1.x = next,
            Distribute::Vertically => corners[place].1.y = next,
        }
        next += span(cards[place].1).1 + gap;
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards() -> Vec<(NodeId, Rect)> {
        vec![
            (NodeId(7), Rect::new(300.0, 40.0, 200.0, 90.0)),
            (NodeId(2), Rect::new(0.0, 0.0, 200.0, 120.0)),
            (NodeId(5), Rect::new(900.0, 200.0, 100.0, 60.0)),
        ]
    }

    fn corner(corners: &[(NodeId, Point)], id: u32) -> (f64, f64) {
        let found = corners.iter().find(|(node, _)| node.0 == id).unwrap();
        (found.1.x, found.1.y)
    }

    #[test]
    fn aligned_cards_share_an_edge_or_a_middle() {
        let right = align(&cards(), Align::Right);
        assert_eq!(corner(&right, 7), (800.0, 40.0));
        assert_eq!(corner(&right, 5), (900.0, 200.0));
        let middle = align(&cards(), Align::Middle);
        assert_eq!(corner(&middle, 7), (300.0, 85.0));
        assert_eq!(corner(&middle, 2), (0.0, 70.0));
        assert!(align(&[], Align::Left).is_empty());
    }

    #[test]
    fn distributed_cards_have_equal_gaps_and_the_outermost_stay() {
        let across = distribute(&cards(), Distribute::Horizontally);
        assert_eq!(corner(&across, 2), (0.0, 0.0));
        assert_eq!(corner(&across, 7), (450.0, 40.0));
        assert_eq!(corner(&across, 5), (900.0, 200.0));
        let one = &cards()[..1];
        assert_eq!(
            corner(&distribute(one, Distribute::Vertically), 7),
            (300.0, 40.0)
        );
    }

    #[test]
    fn without_room_the_cards_overlap_equally_and_keep_their_order() {
        let cards: Vec<_> = (0..3)
            .map(|n| {
                let rect = Rect::new(f64::from(n * n) * 10.0, 0.0, 200.0, 90.0);
                (NodeId(n as u32), rect)
            })
            .collect();
        let corners = distribute(&cards, Distribute::Horizontally);
        assert_eq!(corner(&corners, 1), (20.0, 0.0));
        assert_eq!(corner(&corners, 2), (40.0, 0.0));
    }
}
