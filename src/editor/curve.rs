//! The way a link takes from card to card: a cubic Bézier curve measured by its length.

use super::{Point, Rect};

/// The side of a card at which a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// How far below the top edge of its card a link ends, at the height of the card's name.
const PORT_DROP: f64 = 26.0;
const PIECES: usize = 16;

/// A link's way.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// Start, two control points, end.
    pub points: [Point; 4],
    /// Length of the way after each of its equal pieces of the parameter.
    lengths: [f64; PIECES + 1],
}

impl Curve {
    /// The way between two cards, with `bend` pixels aside where several links share their ends.
    /// It goes down rather than across where the picture is upright.
    pub fn between(from: Rect, to: Rect, bend: f64, upright: bool) -> Self {
        let (leave, enter) = sides(from, to, upright, 0.0);
        let (start, end) = (
            port(from, leave, port_of(from, leave)),
            port(to, enter, port_of(to, enter)),
        );
        let reach = match leave {
            Side::Left | Side::Right => ((end.x - start.x).abs() * 0.5).clamp(36.0, 180.0),
            Side::Top | Side::Bottom => ((end.y - start.y).abs() * 0.5).clamp(30.0, 140.0),
        };
        let aside = match leave {
            Side::Left | Side::Right => Point::new(0.0, bend),
            Side::Top | Side::Bottom => Point::new(bend, 0.0),
        };
        Self::new([
            start,
            start + leave.outward() * reach + aside,
            end + enter.outward() * reach + aside,
            end,
        ])
    }

    /// The curve with these control points.
    pub fn new(points: [Point; 4]) -> Self {
        let mut curve = Self {
            points,
            lengths: [0.0; PIECES + 1],
        };
        let mut last = points[0];
        for piece in 1..=PIECES {
            let at = curve.at_parameter(piece as f64 / PIECES as f64);
            curve.lengths[piece] = curve.lengths[piece - 1] + last.distance(at);
            last = at;
        }
        curve
    }

    /// Where the way leaves its first card.
    pub fn start(&self) -> Point {
        self.points[0]
    }

    /// Where the way enters its last card.
    pub fn end(&self) -> Point {
        self.points[3]
    }

    /// How long the way is.
    pub fn length(&self) -> f64 {
        self.lengths[PIECES]
    }

    /// The point at `part` of the length, from 0 to 1.
    pub fn at(&self, part: f64) -> Point {
        self.at_parameter(self.parameter(part))
    }

    /// The direction of the way at `part` of its length, in radians.
    pub fn angle(&self, part: f64) -> f64 {
        let t = self.parameter(part).clamp(0.01, 0.99);
        let way = self.at_parameter(t + 0.01) - self.at_parameter(t - 0.01);
        libm::atan2(way.y, way.x)
    }

    /// How far a point is from the way.
    pub fn distance(&self, point: Point) -> f64 {
        let mut nearest = f64::INFINITY;
        let mut last = self.points[0];
        for piece in 1..=2 * PIECES {
            let at = self.at_parameter(piece as f64 / (2 * PIECES) as f64);
            nearest = nearest.min(distance_to_segment(point, last, at));
            last = at;
        }
        nearest
    }

    /// The smallest upright rectangle around the control points.
    pub fn bounds(&self) -> Rect {
        let first = self.points[0];
        let start = Rect::new(first.x, first.y, 0.0, 0.0);
        self.points.iter().fold(start, |rect, point| {
            rect.around(Rect::new(point.x, point.y, 0.0, 0.0))
        })
    }

    pub(super) fn at_parameter(&self, t: f64) -> Point {
        let [a, b, c, d] = self.points;
        let u = 1.0 - t;
        a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t)
    }

    fn parameter(&self, part: f64) -> f64 {
        let wanted = part.clamp(0.0, 1.0) * self.length();
        let piece = self.lengths[1..PIECES]
            .iter()
            .take_while(|length| **length < wanted)
            .count();
        let (low, high) = (self.lengths[piece], self.lengths[piece + 1]);
        let within = if high > low {
            (wanted - low) / (high - low)
        } else {
            0.0
        };
        (piece as f64 + within) / PIECES as f64
    }
}

impl Side {
    /// Away from the card.
    pub(super) fn outward(self) -> Point {
        match self {
            Self::Left => Point::new(-1.0, 0.0),
            Self::Right => Point::new(1.0, 0.0),
            Self::Top => Point::new(0.0, -1.0),
            Self::Bottom => Point::new(0.0, 1.0),
        }
    }

    /// Along the card's edge, rightwards or downwards.
    pub(super) fn along(self) -> Point {
        match self {
            Self::Left | Self::Right => Point::new(0.0, 1.0),
            Self::Top | Self::Bottom => Point::new(1.0, 0.0),
        }
    }

    /// Whether links leave it to the left or to the right.
    pub(super) fn is_lateral(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// Where the handles are from which links are drawn: the middles of the right, the left, the upper
/// and the lower edge.
pub fn handles(card: Rect) -> [Point; 4] {
    let middle = card.center();
    [
        Point::new(card.right(), middle.y),
        Point::new(card.x, middle.y),
        Point::new(middle.x, card.y),
        Point::new(middle.x, card.bottom()),
    ]
}

/// At which sides a link leaves one card and enters another. Across is preferred over up and down
/// by `bonus` pixels.
pub(super) fn sides(from: Rect, to: Rect, upright: bool, bonus: f64) -> (Side, Side) {
    let gap_x = (to.x - from.right()).max(from.x - to.right()) + bonus;
    let gap_y = (to.y - from.bottom()).max(from.y - to.bottom()) - bonus;
    let across = if upright {
        gap_y < 16.0 && gap_x > gap_y
    } else {
        gap_x >= 24.0 || gap_x >= gap_y
    };
    facing(from, to, across)
}

/// The sides with which two cards face each other, across or else up and down.
pub(super) fn facing(from: Rect, to: Rect, across: bool) -> (Side, Side) {
    let to_the_right = to.center().x >= from.center().x;
    let below = to.center().y >= from.center().y;
    match (across, to_the_right, below) {
        (true, true, _) => (Side::Right, Side::Left),
        (true, false, _) => (Side::Left, Side::Right),
        (false, _, true) => (Side::Bottom, Side::Top),
        (false, _, false) => (Side::Top, Side::Bottom),
    }
}

/// How far along its side the end of a single link is.
pub(super) fn port_of(card: Rect, side: Side) -> f64 {
    if side.is_lateral() {
        PORT_DROP.min(card.h / 2.0)
    } else {
        card.w / 2.0
    }
}

/// The point `along` pixels from the upper or left end of a side.
pub(super) fn port(card: Rect, side: Side, along: f64) -> Point {
    match side {
        Side::Left => Point::new(card.x, card.y + along),
        Side::Right => Point::new(card.right(), card.y + along),
        Side::Top => Point::new(card.x + along, card.y),
        Side::Bottom => Point::new(card.x + along, card.bottom()),
    }
}

fn distance_to_segment(point: Point, start: Point, end: Point) -> f64 {
    let way = end - start;
    let square = way.x * way.x + way.y * way.y;
    let to_point = point - start;
    let part = if square > 0.0 {
        ((to_point.x * way.x + to_point.y * way.y) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    point.distance(start + way * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s_curve() -> Curve {
        Curve::between(
            Rect::new(0.0, 0.0, 200.0, 90.0),
            Rect::new(500.0, 240.0, 200.0, 90.0),
            0.0,
            false,
        )
    }

    #[test]
    fn equal_parts_of_a_way_are_equally_long() {
        let curve = s_curve();
        let steps: Vec<f64> = (0..20)
            .map(|n| {
                let at = |n: i32| curve.at(f64::from(n) / 20.0);
                at(n).distance(at(n + 1))
            })
            .collect();
        let mean = curve.length() / 20.0;
        for step in steps {
            assert!((step / mean - 1.0).abs() < 0.06, "{step} of {mean}");
        }
    }

    #[test]
    fn a_way_starts_and_ends_at_the_cards() {
        let curve = s_curve();
        assert_eq!(curve.at(0.0), Point::new(200.0, PORT_DROP));
        assert_eq!(curve.at(1.0), Point::new(500.0, 240.0 + PORT_DROP));
        assert!(curve.distance(curve.at(0.37)) < 1.0);
        assert!(curve.distance(Point::new(350.0, -200.0)) > 100.0);
    }

    #[test]
    fn a_way_to_the_pointer_ends_at_the_pointer() {
        let card = Rect::new(0.0, 0.0, 200.0, 90.0);
        let pointer = Rect::new(420.0, 60.0, 0.0, 0.0);
        let curve = Curve::between(card, pointer, 0.0, false);
        assert_eq!(curve.start(), Point::new(200.0, PORT_DROP));
        assert_eq!(curve.end(), Point::new(420.0, 60.0));
        for handle in handles(card) {
            assert!(card.contains(handle) && !card.grown(-1.0).contains(handle));
        }
    }

    #[test]
    fn cards_above_each_other_are_joined_at_top_and_bottom() {
        let above = Rect::new(0.0, 0.0, 200.0, 90.0);
        let below = Rect::new(40.0, 200.0, 200.0, 90.0);
        let curve = Curve::between(above, below, 0.0, false);
        assert_eq!(curve.at(0.0), Point::new(100.0, 90.0));
        assert_eq!(curve.at(1.0), Point::new(140.0, 200.0));
    }
}
