//! Where links end along the side of a card: in the order in which they do not cross.

use crate::editor::curve::{Side, port, port_of};
use crate::editor::{Point, Rect};
use crate::units::sort_by;

/// The usual distance between two ends on a side, and the least distance from the corners.
const PITCH_LATERAL: f64 = 15.0;
const PITCH_UPRIGHT: f64 = 24.0;
const CORNER: f64 = 12.0;
/// Ends change places only if their order differs by this much.
const STICKY: f64 = 0.04;
/// The keys of ends whose links turn back lie beyond those of all others.
const TURNS_BACK: f64 = 1e4;

/// An end of a link on the side of a card.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The place of the line, and whether it leaves the card.
    pub of: (usize, bool),
    key: Key,
    /// Where it was, if it was not negative.
    kept: f64,
}

/// What ends are ordered by: where the link goes, then a sign for links that go to the same card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    direction: f64,
    /// Whether several links between the same sides stand in the reverse order here.
    reversed: bool,
}

impl End {
    pub(super) fn new(of: (usize, bool), key: Key, kept: f64) -> Self {
        Self { of, key, kept }
    }

    fn tie(&self) -> i64 {
        let line = self.of.0 as i64;
        if self.key.reversed { -line } else { line }
    }
}

/// The key of the end `here` of a link that goes on to `there`, with its bend.
pub(super) fn key(here: (Rect, Side), there: (Rect, Side), bend: f64) -> Key {
    let base = |(card, side): (Rect, Side)| port(card, side, port_of(card, side));
    let way = base(there) - base(here);
    let dot = |a: Point, b: Point| a.x * b.x + a.y * b.y;
    let side = here.1;
    let lateral = dot(way, side.along());
    if side == there.1 {
        // An arc: the far ones lie around the near ones.
        let near = TURNS_BACK / (lateral.abs() + 1.0);
        let direction = (TURNS_BACK + near) * lateral.signum();
        return Key {
            direction,
            reversed: lateral < 0.0,
        };
    }
    let bend = if side.is_lateral() == there.1.is_lateral() {
        bend
    } else {
        0.0
    };
    let ahead = dot(way, side.outward()).max(24.0);
    Key {
        direction: (lateral + bend) / ahead,
        reversed: false,
    }
}

/// Puts ends in order. Those that were there before change places only if they clearly must.
pub(super) fn sort(ends: &mut [End]) {
    let by_key = |a: &End, b: &End| {
        let directions = a.key.direction.total_cmp(&b.key.direction);
        directions.then(a.tie().cmp(&b.tie()))
    };
    sort_by(ends, by_key);
    for _ in 1..ends.len() {
        let mut settled = true;
        for place in 1..ends.len() {
            let (a, b) = (ends[place - 1], ends[place]);
            let known = a.kept >= 0.0 && b.kept >= 0.0;
            let close = b.key.direction - a.key.direction < STICKY;
            let tied = b.key.direction == a.key.direction;
            if known && close && !tied && a.kept > b.kept {
                ends.swap(place - 1, place);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
}

/// How far along its side end number `number` of `count` is.
pub(super) fn place(card: Rect, side: Side, number: usize, count: usize) -> f64 {
    let (length, pitch) = if side.is_lateral() {
        (card.h, PITCH_LATERAL)
    } else {
        (card.w, PITCH_UPRIGHT)
    };
    let gaps = (count.max(1) - 1) as f64;
    let room = (length - 2.0 * CORNER).max(0.0);
    let pitch = if gaps > 0.0 {
        pitch.min(room / gaps)
    } else {
        0.0
    };
    let middle = port_of(card, side);
    let latest = (length - CORNER - pitch * gaps).max(0.0);
    let first = (middle - pitch * gaps / 2.0)
        .max(CORNER.min(middle))
        .min(latest.max(CORNER.min(middle)));
    first + pitch * number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_stay_on_their_side_however_many_there_are() {
        let card = Rect::new(10.0, 20.0, 204.0, 90.0);
        for side in [Side::Left, Side::Bottom] {
            let length = if side.is_lateral() { card.h } else { card.w };
            for count in 1..60 {
                let places: Vec<f64> = (0..count).map(|n| place(card, side, n, count)).collect();
                assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
                assert!(places[0] > 0.0 && places[count - 1] < length);
            }
            let point = Rect::default();
            assert_eq!(place(point, side, 3, 9), 0.0);
        }
    }

    #[test]
    fn ends_change_places_only_if_they_clearly_must() {
        let end = |line: usize, direction: f64, kept: f64| {
            let reversed = false;
            End::new(
                (line, true),
                Key {
                    direction,
                    reversed,
                },
                kept,
            )
        };
        let order = |mut ends: Vec<End>| -> Vec<usize> {
            sort(&mut ends);
            ends.iter().map(|end| end.of.0).collect()
        };
        assert_eq!(order(vec![end(1, 0.51, 20.0), end(2, 0.50, 35.0)]), [1, 2]);
        assert_eq!(order(vec![end(1, 0.61, 20.0), end(2, 0.50, 35.0)]), [2, 1]);
        assert_eq!(order(vec![end(1, 0.51, -1.0), end(2, 0.50, 35.0)]), [2, 1]);
    }
}
