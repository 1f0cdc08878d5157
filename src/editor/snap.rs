//! Snapping: where dragged cards want to go, and the guides that say why.
//!
//! Edges and middles of other cards attract, and so do places with equal gaps to neighbours. Where
//! nothing is near, the grid does.

use crate::units::sort_by;

use super::{Point, Rect};

/// The grid on which cards stand, in the world.
pub const GRID: f64 = 8.0;
/// How near on the screen something must be to attract.
const REACH: f64 = 6.0;
/// Two places that are nearer than this are the same.
const SAME: f64 = 0.01;

/// A line that shows what dragged cards have in common with others, in the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// Whether it measures a gap that is as wide as another one.
    pub gap: bool,
}

/// How dragged cards are corrected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snap {
    /// The way that they still have to go.
    pub by: Point,
    /// Why.
    pub guides: Vec<Guide>,
}

/// What attracts the rectangle around dragged cards, among the other cards that are in sight. Far
/// from all of them it is the grid, unless that is switched off.
pub fn snap(moving: Rect, others: &[Rect], zoom: f64, grid: bool) -> Snap {
    let reach = REACH / zoom.max(1e-6);
    let correction = |axis: Axis| {
        let near = axis.nearest(moving, others, reach);
        let to_grid = || {
            let start = axis.span(moving).start;
            (start / GRID).round() * GRID - start
        };
        match near {
            Some(way) => (way, true),
            None if grid => (to_grid(), false),
            None => (0.0, false),
        }
    };
    let ((x, x_is_near), (y, y_is_near)) = (correction(Axis::X), correction(Axis::Y));
    let by = Point::new(x, y);
    let placed = Rect::new(moving.x + x, moving.y + y, moving.w, moving.h);
    let mut guides = Vec::new();
    if x_is_near {
        Axis::X.guides(placed, others, &mut guides);
    }
    if y_is_near {
        Axis::Y.guides(placed, others, &mut guides);
    }
    Snap { by, guides }
}

/// One of the two directions, looked at alone.
#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

/// What a rectangle takes of an axis.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: f64,
    end: f64,
}

impl Span {
    /// Start, middle and end.
    fn marks(self) -> [f64; 3] {
        [self.start, (self.start + self.end) / 2.0, self.end]
    }

    fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Two gaps of the same width, each with the rectangles at its ends; the last is the moving one's.
struct EqualGaps {
    way: f64,
    gaps: [(Span, Rect, Rect); 2],
}

impl Axis {
    fn span(self, rect: Rect) -> Span {
        let (start, length) = match self {
            Self::X => (rect.x, rect.w),
            Self::Y => (rect.y, rect.h),
        };
        let end = start + length;
        Span { start, end }
    }

    fn other(self) -> Self {
        match self {
            Self::X => Self::Y,
            Self::Y => Self::X,
        }
    }

    fn point(self, along: f64, across: f64) -> Point {
        match self {
            Self::X => Point::new(along, across),
            Self::Y => Point::new(across, along),
        }
    }

    /// The shortest way to a place that attracts.
    fn nearest(self, moving: Rect, others: &[Rect], reach: f64) -> Option<f64> {
        let marks = self.span(moving).marks();
        let mut best: Option<f64> = None;
        let mut offer = |way: f64| {
            if way.abs() <= reach && best.is_none_or(|best| way.abs() < best.abs()) {
                best = Some(way);
            }
        };
        for other in others {
            let theirs = self.span(*other).marks();
            for mark in [marks[0], marks[2]] {
                offer(theirs[0] - mark);
                offer(theirs[2] - mark);
            }
            offer(theirs[1] - marks[1]);
        }
        for equal in self.equal_gaps(moving, others) {
            offer(equal.way);
        }
        best
    }

    /// The places at which a gap to a neighbour is as wide as another gap in the same row.
    fn equal_gaps(self, moving: Rect, others: &[Rect]) -> Vec<EqualGaps> {
        let me = self.span(moving);
        let mut row: Vec<Rect> = others
            .iter()
            .copied()
            .filter(|rect| {
                let across = self.other();
                across.span(*rect).overlaps(across.span(moving))
            })
            .collect();
        sort_by(&mut row, |a, b| {
            self.span(*a).start.total_cmp(&self.span(*b).start)
        });
        let middle = me.marks()[1];
        let after = row.partition_point(|rect| self.span(*rect).marks()[1] < middle);
        let gap = |a: Rect, b: Rect| Span {
            start: self.span(a).end,
            end: self.span(b).start,
        };
        let mut found = Vec::new();
        let mut add = |start: f64, gaps: [(Span, Rect, Rect); 2]| {
            if gaps.iter().all(|(span, ..)| span.end > span.start) {
                let way = start - me.start;
                found.push(EqualGaps { way, gaps });
            }
        };
        let length = me.end - me.start;
        if let [.., first, second] = row[..after] {
            let known = gap(first, second);
            let end = self.span(second).end;
            let start = end + known.end - known.start;
            let mine = Span {
                start: end,
                end: start,
            };
            add(start, [(known, first, second), (mine, second, moving)]);
        }
        if let [first, second, ..] = row[after..] {
            let known = gap(first, second);
            let end = self.span(first).start;
            let start = end - (known.end - known.start);
            let mine = Span { start, end };
            add(
                start - length,
                [(known, first, second), (mine, moving, first)],
            );
        }
        if let (Some(before), Some(next)) = (row[..after].last(), row[after..].first()) {
            let room = gap(*before, *next);
            let start = (room.start + room.end - length) / 2.0;
            let left = Span {
                start: room.start,
                end: start,
            };
            let right = Span {
                start: start + length,
                end: room.end,
            };
            add(start, [(left, *before, moving), (right, moving, *next)]);
        }
        found
    }

    /// What the placed rectangle has in common with others on this axis.
    fn guides(self, placed: Rect, others: &[Rect], guides: &mut Vec<Guide>) {
        let across = self.other();
        for (number, mark) in self.span(placed).marks().into_iter().enumerate() {
            let shared = others
                .iter()
                .filter(|other| {
                    let theirs = self.span(**other).marks();
                    let same = |place: usize| (theirs[place] - mark).abs() < SAME;
                    if number == 1 {
                        same(1)
                    } else {
                        same(0) || same(2)
                    }
                })
                .map(|other| across.span(*other))
                .reduce(joined);
            if let Some(shared) = shared {
                let whole = joined(shared, across.span(placed));
                guides.push(Guide {
                    from: self.point(mark, whole.start),
                    to: self.point(mark, whole.end),
                    gap: false,
                });
            }
        }
        for equal in self.equal_gaps(placed, others) {
            if equal.way.abs() >= SAME {
                continue;
            }
            for (span, a, b) in equal.gaps {
                let (a, b) = (across.span(a), across.span(b));
                let height = (a.start.max(b.start) + a.end.min(b.end)) / 2.0;
                guides.push(Guide {
                    from: self.point(span.start, height),
                    to: self.point(span.end, height),
                    gap: true,
                });
            }
        }
    }
}

fn joined(a: Span, b: Span) -> Span {
    Span {
        start: a.start.min(b.start),
        end: a.end.max(b.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Rect = Rect::new(0.0, 0.0, 200.0, 90.0);

    fn at(x: f64, y: f64) -> Rect {
        Rect { x, y, ..CARD }
    }

    #[test]
    fn an_edge_attracts_and_its_guide_reaches_from_card_to_card() {
        let snapped = snap(at(3.5, 300.0), &[CARD], 1.0, true);
        assert_eq!(snapped.by, Point::new(-3.5, 4.0));
        let edge = Guide {
            from: Point::new(0.0, 0.0),
            to: Point::new(0.0, 394.0),
            gap: false,
        };
        assert_eq!(snapped.guides[0], edge);
        // Both edges and the middle, because the cards are equally wide.
        assert_eq!(snapped.guides.len(), 3);
    }

    #[test]
    fn what_is_near_is_measured_on_the_screen() {
        let far = at(20.0, 300.0);
        assert_eq!(snap(far, &[CARD], 1.0, false).by.x, 0.0);
        assert_eq!(snap(far, &[CARD], 0.25, false).by.x, -20.0);
        assert_eq!(snap(at(4.0, 300.0), &[CARD], 2.0, false).by.x, 0.0);
    }

    #[test]
    fn far_from_everything_it_is_the_grid_or_nothing() {
        let lonely = at(1003.0, 514.0);
        assert_eq!(snap(lonely, &[CARD], 1.0, true).by, Point::new(-3.0, -2.0));
        let free = snap(lonely, &[CARD], 1.0, false);
        assert_eq!(free, Snap::default());
    }

    #[test]
    fn a_third_card_finds_the_gap_of_the_first_two() {
        let row = [at(0.0, 0.0), at(260.0, 30.0)];
        let snapped = snap(at(523.0, 14.0), &row, 1.0, false);
        assert_eq!(snapped.by.x, -3.0);
        let gaps: Vec<_> = snapped.guides.iter().filter(|guide| guide.gap).collect();
        assert_eq!(gaps.len(), 2);
        for gap in gaps {
            assert_eq!(gap.to.x - gap.from.x, 60.0);
        }
        let before = snap(at(-258.0, 14.0), &row, 1.0, false);
        assert_eq!(before.by.x, -2.0);
    }

    #[test]
    fn between_two_cards_the_middle_attracts() {
        let row = [at(0.0, 0.0), at(700.0, 0.0)];
        let snapped = snap(at(354.0, 50.0), &row, 1.0, false);
        assert_eq!(snapped.by.x, -4.0);
        let column = [
            Rect::new(0.0, 0.0, 100.0, 40.0),
            Rect::new(7.0, 300.0, 100.0, 40.0),
        ];
        let snapped = snap(Rect::new(33.0, 149.0, 100.0, 40.0), &column, 1.0, false);
        assert_eq!(snapped.by.y, 1.0);
    }
}
