//! Where a label stands: beside the way of its link, where it covers as little as it can.

use super::grid::Grid;
use super::{LABEL_HEIGHT, Line};
use crate::editor::{Curve, Point, Rect};

/// How far the edge of a label is from its way.
const AIR: f64 = 6.0;
/// How far the second row of places is from the first.
const SECOND_ROW: f64 = 18.0;
/// What it costs to be away from the middle of the way, below it, in the second row.
const OFF_MIDDLE: f64 = 140.0;
const BELOW: f64 = 14.0;
const FARTHER: f64 = 50.0;
/// What a pixel of a foreign way under a label costs; a pixel of an area costs one.
const WAY: f64 = 9.0;
/// What it costs to cover anything at all.
const ANY: f64 = 40.0;
/// What another place must save before a label leaves its own, and before it leaves it while all
/// of them are looking for places.
const STICKY: f64 = 60.0;
const RESTLESS: f64 = 8.0;
const PARTS: [f64; 9] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/// Where a label was put.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Label {
    part: f64,
    /// One is above the way, or to its right; minus one the opposite.
    side: f64,
    row: f64,
    /// How wide it was.
    pub width: f64,
    /// How much it covers.
    pub clash: f64,
}

/// The area of a label.
pub(super) fn around(middle: Point, width: f64) -> Rect {
    Rect::new(
        middle.x - width / 2.0,
        middle.y - LABEL_HEIGHT / 2.0,
        width,
        LABEL_HEIGHT,
    )
}

/// Where the label of a line can be.
pub(super) fn reach(line: &Line) -> Rect {
    let far = line.ends.label_width + LABEL_HEIGHT + SECOND_ROW + AIR;
    line.bounds.grown(far)
}

/// What a label should not cover.
pub(super) struct Surroundings {
    cards: Grid,
    /// Pieces of ways, and the boxes around them.
    pieces: Vec<(Point, Point)>,
    boxes: Grid,
    /// Labels that could meet the one that is placed.
    labels: Vec<Rect>,
}

impl Surroundings {
    /// What is in an area.
    pub(super) fn of(area: Rect, lines: &[Line], cards: &[Rect]) -> Self {
        let mut pieces = Vec::new();
        for line in lines.iter().filter(|line| line.bounds.touches(area)) {
            pieces.extend(line.points.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let cards = cards.iter().filter(|card| card.touches(area));
        Self {
            cards: Grid::new(cards.map(|card| card.grown(2.0)).collect()),
            boxes: Grid::new(pieces.iter().map(|(a, b)| box_of(*a, *b)).collect()),
            pieces,
            labels: Vec::new(),
        }
    }

    /// Turns to the label of one line.
    pub(super) fn look_at(&mut self, place: usize, lines: &[Line]) {
        let reach = reach(&lines[place]);
        self.labels.clear();
        let others = lines.iter().enumerate();
        self.labels.extend(
            others
                .filter(|(other, line)| {
                    *other != place && line.label.is_some_and(|label| label.width > 0.0)
                })
                .map(|(_, line)| line.label_box().grown(2.0))
                .filter(|area| area.touches(reach)),
        );
    }

    /// The best place beside a way, and its middle. The one that is kept needs to be clearly worse,
    /// most of all if it is `calm`.
    pub(super) fn best(
        &self,
        curve: &Curve,
        width: f64,
        kept: Option<Label>,
        calm: bool,
    ) -> (Label, Point) {
        let mut best = (f64::INFINITY, Label::default(), Point::default());
        let kept = kept.filter(|label| label.width > 0.0);
        let own = kept.map(|label| (label.part, label.side, label.row));
        let all = [0.0, SECOND_ROW].into_iter().flat_map(|row| {
            let sides = PARTS.into_iter();
            sides.flat_map(move |part| [1.0, -1.0].map(|side| (part, side, row)))
        });
        for (part, side, row) in own.into_iter().chain(all) {
            let is_own = best.0 == f64::INFINITY && own.is_some();
            let mut cost = OFF_MIDDLE * (part - 0.5_f64).abs();
            cost += if side < 0.0 { BELOW } else { 0.0 };
            cost += if row > 0.0 { FARTHER } else { 0.0 };
            cost -= match (is_own, calm) {
                (true, true) => STICKY,
                (true, false) => RESTLESS,
                (false, _) => 0.0,
            };
            if cost >= best.0 {
                continue;
            }
            let at = beside(curve, part, side, row, width);
            let clash = self.clash(around(at, width));
            if cost + clash < best.0 {
                let label = Label {
                    part,
                    side,
                    row,
                    width,
                    clash,
                };
                best = (cost + clash, label, at);
            }
        }
        (best.1, best.2)
    }

    fn clash(&self, area: Rect) -> f64 {
        let cards = self.cards.touching(area).map(|(_, card)| card);
        let labels = self.labels.iter().copied();
        let covered: f64 = cards.chain(labels).map(|other| shared(area, other)).sum();
        let crossed: f64 = self
            .boxes
            .touching(area)
            .map(|(piece, _)| inside(area, self.pieces[piece].0, self.pieces[piece].1))
            .sum();
        let clash = covered + WAY * crossed;
        if clash > 0.0 { clash + ANY } else { 0.0 }
    }
}

/// The middle of a label beside a way, so that the label does not touch the way.
fn beside(curve: &Curve, part: f64, side: f64, row: f64, width: f64) -> Point {
    let (sin, cos) = libm::sincos(curve.angle(part));
    // Upwards, and to the right where the way is steep.
    let normal = match Point::new(sin, -cos) {
        up if up.y > 0.01 || (up.y > -0.01 && up.x < 0.0) => up * -1.0,
        up => up,
    };
    let reach = width / 2.0 * normal.x.abs() + LABEL_HEIGHT / 2.0 * normal.y.abs() + AIR + row;
    curve.at(part) + normal * (reach * side)
}

/// The area that two rectangles share.
fn shared(a: Rect, b: Rect) -> f64 {
    let w = a.right().min(b.right()) - a.x.max(b.x);
    let h = a.bottom().min(b.bottom()) - a.y.max(b.y);
    w.max(0.0) * h.max(0.0)
}

/// How long the part of a straight piece inside of a rectangle is.
fn inside(area: Rect, a: Point, b: Point) -> f64 {
    let way = b - a;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in [
        (a.x, way.x, area.x, area.right()),
        (a.y, way.y, area.y, area.bottom()),
    ] {
        if step.abs() < 1e-9 {
            if start < low || start > high {
                return 0.0;
            }
            continue;
        }
        let (first, second) = ((low - start) / step, (high - start) / step);
        enter = enter.max(first.min(second));
        leave = leave.min(first.max(second));
    }
    (leave - enter).max(0.0) * a.distance(b)
}

pub(super) fn box_of(a: Point, b: Point) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect::new(x, y, (a.x - b.x).abs(), (a.y - b.y).abs())
}
