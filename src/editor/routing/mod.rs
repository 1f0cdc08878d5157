//! Which ways links take between cards, and where their labels stand.
//!
//! Ways keep clear of cards, ends share the sides of their cards, and labels look for a free place.
//! All of it is kept from frame to frame: only what touches a card that moved is looked at again,
//! and what was chosen once is kept until something else is clearly better. It draws nothing.

mod grid;
mod label;
mod ports;
mod way;

use std::collections::BTreeMap;

use self::label::{Label, Surroundings};
use self::way::{Obstacles, Way};
use super::curve::Side;
use super::{Curve, Point, Rect};
use crate::units::{LinkId, NodeId, map_of};

/// A link whose way is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkEnds {
    /// Which.
    pub id: LinkId,
    /// The place of the card that it leaves.
    pub from: usize,
    /// The place of the card that it enters.
    pub to: usize,
    /// How wide its label is; zero if it has none.
    pub label_width: f64,
}

/// The way of a link.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The way.
    pub curve: Curve,
    /// The middle of its label; without a label a point on the way.
    pub label_at: Point,
}

/// How high labels are.
pub const LABEL_HEIGHT: f64 = 16.0;

/// Pieces into which a way is cut where it is looked at from outside.
const PIECES: usize = 16;

/// How often labels that cover something look for a better place.
const ROUNDS: usize = 3;

/// Finds ways, and keeps them from frame to frame.
#[derive(Debug, Default)]
pub struct Router {
    upright: bool,
    cards: Vec<(NodeId, Rect)>,
    lines: Vec<Line>,
    /// The lines at each card, and whether they leave it.
    ends: Vec<Vec<(usize, bool)>>,
}

/// A link with its way and all that was chosen for it.
#[derive(Clone, Debug)]
struct Line {
    ends: LinkEnds,
    way: Option<Way>,
    /// How far along the sides of its cards it ends.
    ports: [f64; 2],
    route: Route,
    /// Points on the way, and the rectangle around them.
    points: [Point; PIECES + 1],
    bounds: Rect,
    /// Where a card matters to it: around its way, and around the one that it would like.
    watched: Vec<Rect>,
    reach: Rect,
    label: Option<Label>,
}

impl Line {
    fn new(ends: LinkEnds) -> Self {
        let curve = Curve::new([Point::default(); 4]);
        Self {
            ends,
            way: None,
            ports: [-1.0; 2],
            route: Route {
                curve,
                label_at: Point::default(),
            },
            points: [Point::default(); PIECES + 1],
            bounds: Rect::default(),
            watched: Vec::new(),
            reach: Rect::default(),
            label: None,
        }
    }

    fn label_box(&self) -> Rect {
        label::around(self.route.label_at, self.ends.label_width)
    }
}

impl Router {
    /// Finds the ways of links between cards, anew where something changed.
    pub fn route(&mut self, cards: &[(NodeId, Rect)], links: &[LinkEnds], upright: bool) {
        let same_cards = self.cards.len() == cards.len()
            && self
                .cards
                .iter()
                .zip(cards)
                .all(|(old, new)| old.0 == new.0);
        let same_links = self.lines.len() == links.len()
            && self.lines.iter().zip(links).all(|(line, new)| {
                let old = line.ends;
                (old.id, old.from, old.to) == (new.id, new.from, new.to)
            });
        if !same_cards || !same_links || upright != self.upright {
            self.take_up(cards, links, upright);
            return self.update(&vec![true; links.len()], &[]);
        }
        let mut areas = Vec::new();
        let mut moved = Vec::new();
        for (place, (old, new)) in self.cards.iter_mut().zip(cards).enumerate() {
            if old.1 != new.1 {
                areas.extend([old.1, new.1]);
                moved.push(place);
                *old = *new;
            }
        }
        let mut widened = false;
        for (line, new) in self.lines.iter_mut().zip(links) {
            // A label that becomes narrower keeps its room, so that numbers do not make it jump.
            if new.label_width > line.ends.label_width || new.label_width == 0.0 {
                widened |= line.ends.label_width != new.label_width;
                line.ends.label_width = new.label_width;
            }
        }
        if moved.is_empty() && !widened {
            return;
        }
        let mut stale: Vec<bool> = self
            .lines
            .iter()
            .map(|line| areas.iter().any(|area| line.minds(*area)))
            .collect();
        for (line, _) in moved.iter().flat_map(|place| &self.ends[*place]) {
            stale[*line] = true;
        }
        self.update(&stale, &areas);
    }

    /// The way of the link at this place among those that were given last.
    pub fn route_of(&self, place: usize) -> &Route {
        &self.lines[place].route
    }

    /// Replaces cards and links, and keeps what was chosen for links that stay.
    fn take_up(&mut self, cards: &[(NodeId, Rect)], links: &[LinkEnds], upright: bool) {
        let mut known: BTreeMap<LinkId, Line> = if upright == self.upright {
            map_of(self.lines.drain(..).map(|line| (line.ends.id, line)))
        } else {
            BTreeMap::new()
        };
        self.upright = upright;
        self.cards = cards.to_vec();
        self.ends = vec![Vec::new(); cards.len()];
        self.lines.clear();
        for (place, link) in links.iter().enumerate() {
            let mut line = known.remove(&link.id).unwrap_or_else(|| Line::new(*link));
            line.ends = *link;
            self.lines.push(line);
            self.ends[link.from].push((place, true));
            self.ends[link.to].push((place, false));
        }
    }

    /// Chooses ways for stale lines, then ends, curves and labels for all that this touches.
    fn update(&mut self, stale: &[bool], areas: &[Rect]) {
        let rects: Vec<Rect> = self.cards.iter().map(|(_, rect)| *rect).collect();
        let mut obstacles = Obstacles::new(&rects);
        let mut crowded = vec![false; rects.len()];
        for (line, _) in self
            .lines
            .iter_mut()
            .zip(stale)
            .filter(|(_, stale)| **stale)
        {
            let (from, to) = (line.ends.from, line.ends.to);
            obstacles.look_at(from, to);
            line.way = Some(obstacles.choose(self.upright, line.way));
            crowded[from] = true;
            crowded[to] = true;
        }
        let mut redrawn = stale.to_vec();
        for card in (0..rects.len()).filter(|card| crowded[*card]) {
            self.spread_ends(&rects, card, &mut redrawn);
        }
        let mut changed = Changes::new(areas);
        for (line, _) in self.lines.iter_mut().zip(&redrawn).filter(|(_, is)| **is) {
            let Some(way) = line.way else { continue };
            obstacles.look_at(line.ends.from, line.ends.to);
            let (way, points) = obstacles.draw(way, line.ports);
            line.way = Some(way);
            if line.route.curve.points != points {
                changed.add(line);
                line.route.curve = Curve::new(points);
                line.trace();
                changed.add(line);
            }
            line.watch(&obstacles.direct(self.upright));
        }
        self.place_labels(&rects, &redrawn, &changed);
    }

    /// Gives each end at a card its place on the side.
    fn spread_ends(&mut self, rects: &[Rect], card: usize, redrawn: &mut [bool]) {
        for side in [Side::Left, Side::Right, Side::Top, Side::Bottom] {
            let mut ends = Vec::new();
            for (place, leaves) in &self.ends[card] {
                let line = &self.lines[*place];
                let Some(way) = line.way else { continue };
                let (here, there, other) = if *leaves {
                    (way.leave, way.enter, line.ends.to)
                } else {
                    (way.enter, way.leave, line.ends.from)
                };
                if here == side {
                    let kept = line.ports[usize::from(!leaves)];
                    let (here, there) = ((rects[card], here), (rects[other], there));
                    let key = ports::key(here, there, way.bend);
                    ends.push(ports::End::new((*place, *leaves), key, kept));
                }
            }
            ports::sort(&mut ends);
            for (number, end) in ends.iter().enumerate() {
                let at = ports::place(rects[card], side, number, ends.len());
                let (line, leaves) = end.of;
                let port = &mut self.lines[line].ports[usize::from(!leaves)];
                redrawn[line] |= *port != at;
                *port = at;
            }
        }
    }

    /// Places the labels of lines that were drawn anew, of those that something changed came near
    /// to, and of those that may find a better place now.
    fn place_labels(&mut self, rects: &[Rect], redrawn: &[bool], changed: &Changes) {
        let all_anew = redrawn.iter().all(|redrawn| *redrawn);
        let waiting: Vec<usize> = (0..self.lines.len())
            .filter(|place| {
                let line = &self.lines[*place];
                let Some(label) = line.label.filter(|_| !all_anew) else {
                    return true;
                };
                let fits = label.width == line.ends.label_width;
                redrawn[*place] || !fits || changed.touch(line.label_box())
            })
            .collect();
        let areas = waiting
            .iter()
            .map(|place| label::reach(&self.lines[*place]));
        let Some(area) = areas.reduce(Rect::around) else {
            return;
        };
        let mut surroundings = Surroundings::of(area, &self.lines, rects);
        // From the second time on, each knows where the others went.
        for round in 0..ROUNDS {
            for place in &waiting {
                let line = &self.lines[*place];
                if line.ends.label_width == 0.0 {
                    let at = line.route.curve.at(0.5);
                    self.lines[*place].route.label_at = at;
                    self.lines[*place].label = Some(Label::default());
                    continue;
                }
                if round > 0 && line.label.is_some_and(|label| label.clash == 0.0) {
                    continue;
                }
                surroundings.look_at(*place, &self.lines);
                let line = &mut self.lines[*place];
                let curve = &line.route.curve;
                let (label, at) =
                    surroundings.best(curve, line.ends.label_width, line.label, round == 0);
                line.label = Some(label);
                line.route.label_at = at;
            }
        }
    }
}

impl Line {
    /// Notes the points of a new curve.
    fn trace(&mut self) {
        let mut bounds: Option<Rect> = None;
        for (place, point) in self.points.iter_mut().enumerate() {
            let part = place as f64 / PIECES as f64;
            *point = self.route.curve.at_parameter(part);
            let dot = Rect::new(point.x, point.y, 0.0, 0.0);
            bounds = Some(bounds.map_or(dot, |bounds| bounds.around(dot)));
        }
        self.bounds = bounds.unwrap_or_default();
    }

    /// Notes where cards matter, given the way that it would like to take.
    fn watch(&mut self, direct: &[Point; 4]) {
        let room = way::CLEAR * 2.0;
        self.watched.clear();
        let pieces = self.points.windows(2);
        self.watched
            .extend(pieces.map(|pair| label::box_of(pair[0], pair[1]).grown(room)));
        self.reach = self.bounds.grown(room);
        if self.route.curve.points != *direct {
            let direct = Curve::new(*direct);
            let point = |piece: usize| direct.at_parameter(piece as f64 / PIECES as f64);
            for piece in 0..PIECES {
                let area = label::box_of(point(piece), point(piece + 1)).grown(room);
                self.reach = self.reach.around(area);
                self.watched.push(area);
            }
        }
    }

    /// Whether it may take another way if a card is in this area, or was.
    fn minds(&self, area: Rect) -> bool {
        self.reach.touches(area) && self.watched.iter().any(|watched| watched.touches(area))
    }
}

/// Where something is or was that labels may have to do with.
struct Changes<'a> {
    areas: &'a [Rect],
    ways: Vec<(Rect, [Point; PIECES + 1])>,
}

impl<'a> Changes<'a> {
    fn new(areas: &'a [Rect]) -> Self {
        let ways = Vec::new();
        Self { areas, ways }
    }

    fn add(&mut self, line: &Line) {
        self.ways.push((line.bounds, line.points));
    }

    fn touch(&self, area: Rect) -> bool {
        let crosses = |pair: &[Point]| label::box_of(pair[0], pair[1]).touches(area);
        self.areas.iter().any(|other| other.touches(area))
            || self
                .ways
                .iter()
                .any(|(bounds, points)| bounds.touches(area) && points.windows(2).any(crosses))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const W: f64 = 204.0;
    const H: f64 = 100.0;

    fn cards(corners: &[(f64, f64)]) -> Vec<(NodeId, Rect)> {
        let card =
            |(place, (x, y)): (usize, &(f64, f64))| (NodeId(place as u32), Rect::new(*x, *y, W, H));
        corners.iter().enumerate().map(card).collect()
    }

    fn links(ends: &[(usize, usize)], label_width: f64) -> Vec<LinkEnds> {
        let link = |(place, (from, to)): (usize, &(usize, usize))| LinkEnds {
            id: LinkId(100 + place as u32),
            from: *from,
            to: *to,
            label_width,
        };
        ends.iter().enumerate().map(link).collect()
    }

    fn routed(cards: &[(NodeId, Rect)], links: &[LinkEnds]) -> Router {
        let mut router = Router::default();
        router.route(cards, links, false);
        router
    }

    fn cross(a: &Curve, b: &Curve) -> bool {
        let points = |curve: &Curve| (0..=60).map(|n| curve.at(f64::from(n) / 60.0)).collect();
        let (a, b): (Vec<Point>, Vec<Point>) = (points(a), points(b));
        let turn =
            |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
        a.windows(2).any(|p| {
            b.windows(2).any(|q| {
                turn(p[0], p[1], q[0]) * turn(p[0], p[1], q[1]) < 0.0
                    && turn(q[0], q[1], p[0]) * turn(q[0], q[1], p[1]) < 0.0
            })
        })
    }

    fn runs_through(curve: &Curve, card: Rect) -> bool {
        (0..=80).any(|n| card.grown(-1.0).contains(curve.at(f64::from(n) / 80.0)))
    }

    #[test]
    fn a_lonely_link_ends_at_the_height_of_the_names() {
        let cards = cards(&[(0.0, 0.0), (400.0, 0.0)]);
        let curve = routed(&cards, &links(&[(0, 1)], 0.0)).route_of(0).curve;
        assert_eq!(curve.start(), Point::new(W, 26.0));
        assert_eq!(curve.end(), Point::new(400.0, 26.0));
    }

    #[test]
    fn links_from_one_side_are_spread_and_do_not_cross() {
        let cards = cards(&[
            (0.0, 300.0),
            (400.0, 0.0),
            (400.0, 150.0),
            (700.0, 300.0),
            (400.0, 450.0),
            (400.0, 600.0),
        ]);
        // In an order that would cross if ends were given out as they come.
        let links = links(&[(0, 5), (0, 1), (0, 3), (0, 4), (0, 2)], 0.0);
        let router = routed(&cards, &links);
        for a in 0..links.len() {
            for b in 0..a {
                let (a, b) = (&router.route_of(a).curve, &router.route_of(b).curve);
                assert!(a.start().distance(b.start()) > 8.0);
                assert!(!cross(a, b), "{:?} {:?}", a.points, b.points);
            }
        }
    }

    #[test]
    fn twins_and_links_between_the_same_cards_lie_beside_each_other() {
        for corners in [[(0.0, 0.0), (420.0, 60.0)], [(0.0, 0.0), (30.0, 300.0)]] {
            let cards = cards(&corners);
            let links = links(&[(0, 1), (1, 0), (0, 1)], 0.0);
            let router = routed(&cards, &links);
            for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                let (a, b) = (&router.route_of(a).curve, &router.route_of(b).curve);
                assert!(!cross(a, b));
                for part in 0..=10 {
                    let at = a.at(f64::from(part) / 10.0);
                    assert!(b.distance(at) > 6.0, "{} at {at:?}", b.distance(at));
                }
            }
        }
    }

    #[test]
    fn a_link_bends_around_a_card_in_its_way() {
        for corners in [
            [(0.0, 0.0), (800.0, 0.0), (400.0, 0.0)],
            [(0.0, 0.0), (800.0, 40.0), (400.0, -50.0)],
            [(0.0, 0.0), (0.0, 500.0), (20.0, 250.0)],
            [(800.0, 0.0), (0.0, 20.0), (390.0, -20.0)],
            [(0.0, 0.0), (620.0, 420.0), (310.0, 210.0)],
        ] {
            let cards = cards(&corners);
            let router = routed(&cards, &links(&[(0, 1)], 60.0));
            let route = router.route_of(0);
            for (_, card) in &cards {
                assert!(!runs_through(&route.curve, *card), "{corners:?}");
                assert!(!card.contains(route.label_at), "{corners:?}");
            }
        }
    }

    #[test]
    fn labels_cover_neither_cards_nor_labels_nor_ways() {
        let cards = cards(&[
            (0.0, 200.0),
            (420.0, 0.0),
            (420.0, 140.0),
            (420.0, 280.0),
            (420.0, 420.0),
        ]);
        let links = links(&[(0, 1), (0, 2), (0, 3), (0, 4), (3, 0)], 60.0);
        let router = routed(&cards, &links);
        let boxes: Vec<Rect> = router.lines.iter().map(Line::label_box).collect();
        for (place, label) in boxes.iter().enumerate() {
            assert!(cards.iter().all(|(_, card)| !card.touches(*label)));
            for (other, route) in router.lines.iter().map(|line| line.route).enumerate() {
                assert!(!runs_through(&route.curve, *label), "{place} on {other}");
                assert!(other == place || !boxes[other].touches(*label));
            }
        }
    }

    #[test]
    fn the_side_around_a_card_does_not_flicker() {
        let mut router = Router::default();
        let links = links(&[(0, 1)], 0.0);
        let mut over = Vec::new();
        // The card in the way trembles around the place at which both sides are equally good.
        for shake in 0..40 {
            let y = -50.0 + 26.0 + f64::from(shake % 4) * 2.0 - 3.0;
            let cards = cards(&[(0.0, 0.0), (900.0, 0.0), (450.0, y)]);
            router.route(&cards, &links, false);
            over.push(router.route_of(0).curve.at(0.5).y < 26.0);
        }
        let changes = over.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert_eq!(changes, 0);
    }

    #[test]
    fn after_a_move_only_what_it_touches_is_found_anew() {
        let corners: Vec<_> = (0..60)
            .map(|n| (f64::from(n % 10) * 330.0, f64::from(n / 10) * 200.0))
            .collect();
        let ends: Vec<_> = (0..60).filter(|n| n % 10 < 9).map(|n| (n, n + 1)).collect();
        let (mut cards, links) = (cards(&corners), links(&ends, 50.0));
        let mut router = routed(&cards, &links);
        let before: Vec<Route> = router.lines.iter().map(|line| line.route).collect();
        cards[3].1.y += 24.0;
        router.route(&cards, &links, false);
        let changed: Vec<usize> = (0..links.len())
            .filter(|place| router.route_of(*place).curve.points != before[*place].curve.points)
            .collect();
        assert_eq!(changed, [2, 3]);
        for place in changed {
            let (ends, curve) = (links[place], router.route_of(place).curve);
            assert!(cards[ends.from].1.grown(0.1).contains(curve.start()));
            assert!(cards[ends.to].1.grown(0.1).contains(curve.end()));
        }
    }

    #[test]
    fn links_that_stay_keep_their_ways_when_others_come_and_go() {
        let cards = cards(&[(0.0, 0.0), (400.0, 0.0), (800.0, 300.0), (400.0, 300.0)]);
        let mut links = links(&[(0, 1), (3, 2)], 50.0);
        let mut router = routed(&cards, &links);
        let before = router.route_of(1).curve.points;
        links.remove(0);
        router.route(&cards, &links, false);
        assert_eq!(router.route_of(0).curve.points, before);
        router.route(&[], &[], true);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_is_moved_ways_end_at_their_cards(
            corners in prop::collection::vec((0..12, 0..10), 2..14),
            ends in prop::collection::vec((0..14_usize, 0..14_usize), 1..24),
            moves in prop::collection::vec((0..14_usize, -90..90, -90..90), 1..20),
        ) {
            let count = corners.len();
            let corner = |(x, y): &(i32, i32)| (f64::from(*x) * 90.0, f64::from(*y) * 60.0);
            let corners: Vec<_> = corners.iter().map(corner).collect();
            let ends: Vec<_> = ends.iter().map(|(a, b)| (a % count, b % count)).collect();
            let (mut cards, links) = (cards(&corners), links(&ends, 60.0));
            let mut router = routed(&cards, &links);
            for (card, x, y) in moves {
                let rect = &mut cards[card % count].1;
                rect.x += f64::from(x);
                rect.y += f64::from(y);
                router.route(&cards, &links, false);
                for (place, link) in links.iter().enumerate() {
                    let route = router.route_of(place);
                    let (start, end) = (route.curve.start(), route.curve.end());
                    for (card, at) in [(link.from, start), (link.to, end)] {
                        let card = cards[card].1;
                        prop_assert!(card.grown(0.01).contains(at));
                        prop_assert!(!card.grown(-0.01).contains(at));
                    }
                    let far = route.curve.distance(route.label_at);
                    prop_assert!(far < 80.0, "a label is {} from its way", far);
                }
            }
        }
    }

    #[test]
    fn cards_on_top_of_each_other_and_returns_do_no_harm() {
        let cards = cards(&[(0.0, 0.0), (0.0, 0.0), (40.0, 20.0)]);
        let links = links(&[(0, 1), (1, 2), (2, 2), (2, 0)], 50.0);
        let router = routed(&cards, &links);
        for line in &router.lines {
            let all = line.route.curve.points.iter().chain([&line.route.label_at]);
            assert!(
                all.into_iter()
                    .all(|at| at.x.is_finite() && at.y.is_finite())
            );
        }
    }
}
