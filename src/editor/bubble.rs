//! Where a bubble with words stands: beside the thing it is about, and inside of the stage.

use super::{Point, Rect};

/// The gap between a bubble and its thing.
const GAP: f64 = 14.0;
/// A bubble keeps so far away from the edge of the stage.
const EDGE: f64 = 12.0;
/// The tail keeps so far away from the corners of the bubble.
const CORNER: f64 = 22.0;

/// On which side of its thing a bubble stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Below it.
    Below,
    /// Above it.
    Above,
    /// To the right of it.
    Right,
    /// To the left of it.
    Left,
    /// Nowhere near: there is nothing to point at, or no room.
    Apart,
}

impl Side {
    /// Its name in the page's style.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Above => "above",
            Self::Right => "right",
            Self::Left => "left",
            Self::Apart => "apart",
        }
    }
}

/// Where a bubble stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Its left upper corner.
    pub corner: Point,
    /// On which side of its thing.
    pub side: Side,
    /// Where along its edge the tail is.
    pub tail: f64,
}

/// The place of a bubble of a size beside a thing on a stage, all in pixels of the screen.
pub fn place(thing: Option<Rect>, size: Point, stage: Point) -> Spot {
    let whole = Rect::new(0.0, 0.0, stage.x, stage.y);
    let seen = thing.filter(|thing| thing.touches(whole));
    let Some(thing) = seen else {
        return apart(size, stage);
    };
    let middle = thing.center();
    let across = between(middle.x - size.x / 2.0, EDGE, stage.x - EDGE - size.x);
    let down = between(middle.y - size.y / 2.0, EDGE, stage.y - EDGE - size.y);
    let spots = [
        (Side::Below, Point::new(across, thing.bottom() + GAP)),
        (Side::Above, Point::new(across, thing.y - GAP - size.y)),
        (Side::Right, Point::new(thing.right() + GAP, down)),
        (Side::Left, Point::new(thing.x - GAP - size.x, down)),
    ];
    let fits = |corner: Point| {
        corner.x >= EDGE
            && corner.y >= EDGE
            && corner.x + size.x <= stage.x - EDGE
            && corner.y + size.y <= stage.y - EDGE
    };
    let Some((side, corner)) = spots.into_iter().find(|(_, corner)| fits(*corner)) else {
        return apart(size, stage);
    };
    let tail = match side {
        Side::Below | Side::Above => between(middle.x - corner.x, CORNER, size.x - CORNER),
        _ => between(middle.y - corner.y, CORNER, size.y - CORNER),
    };
    Spot { corner, side, tail }
}

/// At the lower edge, in the middle.
fn apart(size: Point, stage: Point) -> Spot {
    let x = ((stage.x - size.x) / 2.0).max(EDGE);
    let y = (stage.y - size.y - 5.0 * EDGE).max(EDGE);
    Spot {
        corner: Point::new(x, y),
        side: Side::Apart,
        tail: 0.0,
    }
}

/// Nearest to a wish; what is least wins over what is most.
fn between(wish: f64, least: f64, most: f64) -> f64 {
    wish.min(most).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Point = Point { x: 300.0, y: 120.0 };
    const STAGE: Point = Point {
        x: 1_000.0,
        y: 600.0,
    };

    fn beside(x: f64, y: f64) -> Spot {
        place(Some(Rect::new(x, y, 100.0, 60.0)), SIZE, STAGE)
    }

    #[test]
    fn it_stands_beside_its_thing_and_never_on_it() {
        for x in [-40.0, 0.0, 300.0, 880.0, 960.0] {
            for y in [-30.0, 0.0, 250.0, 520.0, 580.0] {
                let spot = beside(x, y);
                let bubble = Rect::new(spot.corner.x, spot.corner.y, SIZE.x, SIZE.y);
                assert!(bubble.x >= EDGE && bubble.right() <= STAGE.x - EDGE);
                assert!(bubble.y >= EDGE && bubble.bottom() <= STAGE.y - EDGE);
                let thing = Rect::new(x, y, 100.0, 60.0);
                assert!(!bubble.touches(thing), "{x} {y}: {spot:?}");
            }
        }
    }

    #[test]
    fn below_is_first_and_the_tail_points_at_the_thing() {
        let spot = beside(400.0, 100.0);
        assert_eq!((spot.side, spot.tail), (Side::Below, 150.0));
        assert_eq!(beside(400.0, 500.0).side, Side::Above);
        assert_eq!(beside(10.0, 100.0).tail, 48.0);
    }

    #[test]
    fn what_cannot_be_seen_is_not_pointed_at() {
        assert_eq!(beside(3_000.0, 100.0).side, Side::Apart);
        assert_eq!(place(None, SIZE, STAGE).side, Side::Apart);
        let small = Point::new(320.0, 200.0);
        let tight = place(Some(Rect::new(0.0, 0.0, 320.0, 200.0)), SIZE, small);
        assert_eq!(tight.side, Side::Apart);
    }
}
