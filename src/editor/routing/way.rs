//! The way between two cards: at which sides it ends and how far it bends, so that it keeps clear
//! of other cards. One cubic curve is enough for that.

use super::grid::Grid;
use crate::editor::curve::{Side, facing, port, port_of, sides};
use crate::editor::{Point, Rect};

/// How far ways keep from cards.
pub(super) const CLEAR: f64 = 10.0;
const BEND_MOST: f64 = 460.0;
/// What was chosen keeps its sides over this many pixels.
const STICKY: f64 = 12.0;
/// What another choice must save, as a share of what was chosen.
const KEPT: f64 = 0.8;
/// What a pixel under a card costs, in pixels of length.
const COVERED: f64 = 14.0;
/// What each pixel costs by which a way is flatter than it should be at the sides it ends at.
const FLAT: f64 = 0.6;
/// What each pixel costs by which the cards at the ends of an arc are apart in its direction.
const ARC: f64 = 0.5;
/// How much nearer to one end than to the other a leaning way turns.
const LEAN: f64 = 0.75;
/// What a pixel of bend costs.
const BENT: f64 = 0.5;
/// A link that goes around a card comes back once the direct way is free by this much more.
const DETOUR: f64 = 6.0;
/// How far the points are from each other at which a way is looked at, and how many there are.
const STEP: f64 = 28.0;
const STEPS: (f64, f64) = (16.0, 48.0);

/// What is chosen for a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Way {
    /// The side at which it leaves.
    pub leave: Side,
    /// The side at which it enters.
    pub enter: Side,
    /// How far its control points are moved aside.
    pub bend: f64,
    /// Minus one if it turns to the height of its end early, one if it does so late.
    lean: f64,
}

impl Way {
    fn straight(leave: Side, enter: Side) -> Self {
        let (bend, lean) = (0.0, 0.0);
        Self {
            leave,
            enter,
            bend,
            lean,
        }
    }

    fn turns_back(self) -> bool {
        self.leave == self.enter
    }

    /// Where the bend goes if it is positive; `None` if the way cannot bend.
    fn aside(self) -> Option<Point> {
        match (self.leave, self.enter) {
            (leave, enter) if leave == enter => Some(leave.outward()),
            (leave, enter) if leave.is_lateral() == enter.is_lateral() => Some(leave.along()),
            _ => None,
        }
    }

    /// The control points between two ports.
    fn points(self, start: Point, end: Point) -> [Point; 4] {
        let far = Point::new((end.x - start.x).abs(), (end.y - start.y).abs());
        let reach = |side: Side| {
            if self.turns_back() {
                (0.14 * (far.x + far.y)).clamp(40.0, 90.0)
            } else if side.is_lateral() {
                (far.x * 0.5).clamp(36.0, 180.0)
            } else {
                (far.y * 0.5).clamp(30.0, 140.0)
            }
        };
        let aside = self.aside().map_or(Point::default(), |way| way * self.bend);
        [
            start,
            start + self.leave.outward() * (reach(self.leave) * (1.0 + LEAN * self.lean)) + aside,
            end + self.enter.outward() * (reach(self.enter) * (1.0 - LEAN * self.lean)) + aside,
            end,
        ]
    }

    fn bent(self, bend: f64) -> Self {
        Self { bend, ..self }
    }

    fn is_like(self, other: Self) -> bool {
        self.has_sides_of(other) && self.bend * other.bend >= 0.0
    }

    fn has_sides_of(self, other: Self) -> bool {
        let sides = |way: Self| (way.leave, way.enter);
        sides(self) == sides(other) && self.lean == other.lean
    }
}

/// The cards, as a link between two of them sees them.
pub(super) struct Obstacles<'a> {
    cards: &'a [Rect],
    /// All cards with the room that ways leave around them.
    grid: Grid,
    from: usize,
    to: usize,
}

impl<'a> Obstacles<'a> {
    pub(super) fn new(cards: &'a [Rect]) -> Self {
        let room = CLEAR + DETOUR;
        Self {
            cards,
            grid: Grid::new(cards.iter().map(|card| card.grown(room)).collect()),
            from: 0,
            to: 0,
        }
    }

    /// Turns to the link between two cards.
    pub(super) fn look_at(&mut self, from: usize, to: usize) {
        (self.from, self.to) = (from, to);
    }

    fn ends(&self) -> (Rect, Rect) {
        (self.cards[self.from], self.cards[self.to])
    }

    /// The foreign card that is nearer than `room` to a point.
    fn card_at(&self, point: Point, room: f64) -> Option<Rect> {
        let shrink = room - CLEAR - DETOUR;
        self.grid
            .at(point)
            .filter(|(card, _)| *card != self.from && *card != self.to)
            .map(|(_, rect)| rect.grown(shrink))
            .find(|rect| rect.contains(point))
    }

    /// Chooses sides and bend. What was chosen before is kept unless another way is clearly better.
    pub(super) fn choose(&self, upright: bool, kept: Option<Way>) -> Way {
        if self.from == self.to {
            let (leave, enter) = (Side::Right, Side::Top);
            return Way::straight(leave, enter);
        }
        let (leave, enter) = self.preferred(upright, kept);
        let direct = Way::straight(leave, enter);
        let detours = kept.is_some_and(|kept| !kept.is_like(direct) && kept != direct);
        let margin = if detours { DETOUR } else { 0.0 };
        if self.is_free(&self.ported(direct), margin) {
            return direct;
        }
        let (from, to) = self.ends();
        let across = facing(from, to, true);
        let upwards = facing(from, to, false);
        let other = if leave.is_lateral() { upwards } else { across };
        // An arc is for cards that stand beside each other, seen from its side.
        let away = to.center() - from.center();
        let arc = |side: Side| {
            let apart = if side.is_lateral() { away.x } else { away.y };
            ((side, side), 60.0 + ARC * apart.abs())
        };
        let options = [
            ((leave, enter), 0.0),
            (other, 60.0 + self.flatness(other)),
            ((across.0, upwards.1), 40.0),
            ((upwards.0, across.1), 40.0),
            arc(Side::Top),
            arc(Side::Bottom),
            arc(Side::Left),
            arc(Side::Right),
        ];
        let mut best = (f64::INFINITY, direct);
        for ((leave, enter), extra) in options {
            let straight = Way::straight(leave, enter);
            self.improve(&mut best, straight, extra, kept, |way| self.ported(way));
        }
        for lean in [-1.0, 1.0] {
            let leaning = Way { lean, ..direct };
            self.improve(&mut best, leaning, 20.0, kept, |way| self.ported(way));
        }
        best.1
    }

    /// Replaces the best way by this one, straight or bent to a side, if that costs less.
    fn improve(
        &self,
        best: &mut (f64, Way),
        straight: Way,
        extra: f64,
        kept: Option<Way>,
        draw: impl Fn(Way) -> [Point; 4],
    ) {
        let [start, .., end] = draw(straight);
        let least = start.distance(end) + extra;
        let favoured = kept.is_some_and(|kept| straight.has_sides_of(kept));
        for sign in [0.0, 1.0, -1.0] {
            // What is longer than the best of all without any bend need not be looked at.
            let most = (best.0 / if favoured { KEPT } else { 1.0 } - least) / BENT;
            let way = match sign {
                0.0 if most > 0.0 => Some(straight),
                0.0 => None,
                sign => self.around(straight, sign, most.min(BEND_MOST), &draw),
            };
            let Some(way) = way else { continue };
            let known = kept.is_some_and(|kept| way.is_like(kept));
            let cost = (self.cost(way, &draw(way)) + extra) * if known { KEPT } else { 1.0 };
            if cost < best.0 {
                *best = (cost, way);
            }
        }
    }

    /// The control points of the way that a link would take without other cards.
    pub(super) fn direct(&self, upright: bool) -> [Point; 4] {
        let (leave, enter) = self.preferred(upright, None);
        self.ported(Way::straight(leave, enter))
    }

    /// The way and its control points, once it is known where on the sides it ends.
    pub(super) fn draw(&self, chosen: Way, ports: [f64; 2]) -> (Way, [Point; 4]) {
        let (from, to) = self.ends();
        let draw = |way: Way| {
            let start = port(from, way.leave, ports[0]);
            way.points(start, port(to, way.enter, ports[1]))
        };
        let straight = chosen.bent(0.0);
        if self.from == self.to || self.is_free(&draw(straight), 0.0) {
            return (straight, draw(straight));
        }
        let mut best = (f64::INFINITY, straight);
        self.improve(&mut best, straight, 0.0, Some(chosen), draw);
        (best.1, draw(best.1))
    }

    fn preferred(&self, upright: bool, kept: Option<Way>) -> (Side, Side) {
        let across = |way: Way| way.leave.is_lateral();
        let opposite = |way: &Way| !way.turns_back() && across(*way) == way.enter.is_lateral();
        let bonus = match kept.filter(opposite) {
            Some(way) if across(way) => STICKY,
            Some(_) => -STICKY,
            None => 0.0,
        };
        let (from, to) = self.ends();
        sides(from, to, upright, bonus)
    }

    /// What it costs to go between sides that face each other across a gap much narrower than the
    /// way along it.
    fn flatness(&self, (leave, enter): (Side, Side)) -> f64 {
        let [start, .., end] = self.ported(Way::straight(leave, enter));
        let (across, along) = ((end.x - start.x).abs(), (end.y - start.y).abs());
        let (gap, way) = if leave.is_lateral() {
            (across, along)
        } else {
            (along, across)
        };
        (way - gap).max(0.0) * FLAT
    }

    /// The control points if each link had its side for itself.
    fn ported(&self, way: Way) -> [Point; 4] {
        let at = |card: Rect, side: Side| port(card, side, port_of(card, side));
        let (from, to) = self.ends();
        way.points(at(from, way.leave), at(to, way.enter))
    }

    fn is_free(&self, points: &[Point; 4], margin: f64) -> bool {
        let room = CLEAR + margin;
        samples(points).all(|(_, at)| self.card_at(at, room).is_none())
    }

    /// The way with the least bend in a direction that keeps clear of cards.
    fn around(
        &self,
        straight: Way,
        sign: f64,
        most: f64,
        draw: impl Fn(Way) -> [Point; 4],
    ) -> Option<Way> {
        let aside = straight.aside()?;
        if straight.turns_back() && sign < 0.0 {
            return None;
        }
        let mut bend = 0.0;
        for _ in 0..5 {
            let way = straight.bent(bend * sign);
            let more = self.missing(&draw(way), aside * sign);
            if more < 0.5 {
                return (bend > 0.0).then_some(way);
            }
            bend += more;
            if bend > most {
                return None;
            }
        }
        Some(straight.bent(bend * sign))
    }

    /// How much more bend in a direction is needed to leave the cards that a curve goes through.
    fn missing(&self, points: &[Point; 4], toward: Point) -> f64 {
        let mut most: f64 = 0.0;
        for (t, at) in samples(points) {
            let Some(card) = self.card_at(at, CLEAR) else {
                continue;
            };
            let out = match (toward.x, toward.y) {
                (x, _) if x > 0.0 => card.right() - at.x,
                (x, _) if x < 0.0 => at.x - card.x,
                (_, y) if y > 0.0 => card.bottom() - at.y,
                _ => at.y - card.y,
            };
            most = most.max(out / (3.0 * t * (1.0 - t)).max(0.25) + 0.5);
        }
        most
    }

    fn cost(&self, way: Way, points: &[Point; 4]) -> f64 {
        let (from, to) = self.ends();
        let own = [from.grown(-2.0), to.grown(-2.0)];
        let (mut length, mut covered) = (0.0, 0.0);
        let mut last = points[0];
        for (_, at) in samples(points) {
            let piece = last.distance(at);
            length += piece;
            if own.iter().any(|card| card.contains(at)) || self.card_at(at, CLEAR).is_some() {
                covered += piece;
            }
            last = at;
        }
        length += last.distance(points[3]);
        length + COVERED * covered + BENT * way.bend.abs()
    }
}

/// Points within a curve, with their parameters.
fn samples(points: &[Point; 4]) -> impl Iterator<Item = (f64, Point)> {
    let [a, b, c, d] = *points;
    let length = (a.distance(b) + b.distance(c) + c.distance(d) + a.distance(d)) / 2.0;
    let steps = (length / STEP).clamp(STEPS.0, STEPS.1) as u32;
    (1..steps).map(move |step| {
        let t = f64::from(step) / f64::from(steps);
        let u = 1.0 - t;
        let at = a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t);
        (t, at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(cards: &[Rect], kept: Option<Way>) -> Way {
        let mut obstacles = Obstacles::new(cards);
        obstacles.look_at(0, 1);
        obstacles.choose(false, kept)
    }

    const FROM: Rect = Rect::new(0.0, 0.0, 200.0, 100.0);
    const TO: Rect = Rect::new(800.0, 0.0, 200.0, 100.0);

    #[test]
    fn the_bend_is_as_small_as_the_card_in_the_way_allows() {
        let mut last = 0.0;
        for y in [34.0, 20.0, 0.0, -20.0] {
            let way = chosen(&[FROM, TO, Rect::new(400.0, y, 200.0, 100.0)], None);
            assert!(way.bend < last, "{} at {y}", way.bend);
            last = way.bend;
        }
        let free = chosen(&[FROM, TO, Rect::new(400.0, 60.0, 200.0, 100.0)], None);
        assert_eq!(free.bend, 0.0);
    }

    #[test]
    fn sides_change_later_than_they_would_be_chosen() {
        // Narrower than this gap, top and bottom are preferred.
        let below = |gap: f64| [FROM, Rect::new(200.0 + gap, 160.0, 200.0, 100.0)];
        let across = chosen(&below(30.0), None);
        assert_eq!(across.leave, Side::Right);
        assert_eq!(chosen(&below(18.0), None).leave, Side::Bottom);
        assert_eq!(chosen(&below(18.0), Some(across)).leave, Side::Right);
        let down = chosen(&below(18.0), None);
        assert_eq!(chosen(&below(30.0), Some(down)).leave, Side::Bottom);
    }
}
