//! Messages that cause themselves again: circles without time, circles that grow, and dead letters
//! that come back.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{self, Flow, Leaving};
use super::graph::TypeNumber;
use super::knots::{circle, knots};
use super::{Finding, Severity};
use crate::nodes::Role;
use crate::units::{map_of, set_of, sort};

/// A growth that is nearer to 1 than this is taken for 1.
const CLOSE: f64 = 1e-3;
/// About how many steps it may take to find a growth.
const STEPS_MOST: usize = 1_000_000;
/// Most nodes of a circle that are named.
const NAMES_MOST: usize = 5;

/// All circles in what flows; gives back the nodes in which messages never come to an end.
pub fn find(flow: &Flow, found: &mut Vec<Finding>) -> BTreeSet<usize> {
    let paths = Paths::new(flow);
    let alive = |leaving: &Leaving| !paths.is_dead(leaving);
    let instant = |leaving: &Leaving| paths.is_instant(leaving);
    let mut told: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    for knot in paths.knots(instant) {
        paths.endless(&knot, instant, Endless::AtOnce, (&mut told, found));
    }
    for knot in paths.knots(alive) {
        paths.endless(&knot, alive, Endless::InTime, (&mut told, found));
    }
    paths.dead_letters(found);
    told.into_iter().flatten().collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Endless {
    AtOnce,
    InTime,
}

/// What leads to what: places are event types at nodes.
struct Paths<'f, 'g, 't> {
    flow: &'f Flow<'g, 't>,
    places: Vec<(usize, TypeNumber)>,
    /// What leaves each place, with the place that it gets to.
    next: Vec<Vec<(usize, Leaving)>>,
}

impl<'f, 'g, 't> Paths<'f, 'g, 't> {
    fn new(flow: &'f Flow<'g, 't>) -> Self {
        let points = || (0..flow.arrive.len()).map(|point| (point, flow.after(point)));
        let places: Vec<(usize, TypeNumber)> = points()
            .flat_map(|(point, after)| after.iter().map(move |(event, _)| (point, *event)))
            .collect();
        let numbers: BTreeMap<(usize, TypeNumber), usize> = map_of(places.iter().copied().zip(0..));
        let after = points().flat_map(|(_, after)| after);
        let next = after.map(|(_, leaving)| {
            let places = leaving.iter().filter_map(|leaving| {
                let to = flow.graph.lines[leaving.line].to;
                let place = numbers.get(&(to, leaving.event))?;
                Some((*place, *leaving))
            });
            places.collect()
        });
        let next = next.collect();
        Self { flow, places, next }
    }

    /// Knots of more than one place, along what is of interest.
    fn knots(&self, along: impl Fn(&Leaving) -> bool) -> Vec<Vec<usize>> {
        let next = |place: usize| self.after(place, &along);
        let mut knots = knots(self.places.len(), next);
        knots.retain(|knot| knot.len() > 1);
        sort(&mut knots);
        knots
    }

    fn after(&self, place: usize, along: &impl Fn(&Leaving) -> bool) -> Vec<usize> {
        let next = self.next[place].iter().filter(|(_, it)| along(it));
        next.map(|(to, _)| *to).collect()
    }

    fn is_dead(&self, leaving: &Leaving) -> bool {
        self.flow.graph.lines[leaving.line].role == Role::DeadLetters
    }

    /// Whether no time passes from one node to the next.
    fn is_instant(&self, leaving: &Leaving) -> bool {
        let graph = self.flow.graph;
        let line = &graph.lines[leaving.line];
        let conduct = &graph.points[line.from].conduct;
        let waits = conduct.lending.and_then(|lending| lending.waits.0);
        let waits = self.is_dead(leaving) && waits.is_some_and(|time| !time.is_zero());
        let works = conduct.work.is_some_and(|work| work.secs > 0.0);
        let asks = flow::asking_secs(graph, line.from) > 0.0;
        line.link.settings.latency.is_zero() && !works && !asks && !waits
    }

    /// Tells of a knot in which messages never come to an end.
    fn endless(
        &self,
        knot: &[usize],
        along: impl Fn(&Leaving) -> bool,
        kind: Endless,
        (told, found): (&mut BTreeSet<BTreeSet<usize>>, &mut Vec<Finding>),
    ) {
        let graph = self.flow.graph;
        let nodes: BTreeSet<usize> = set_of(knot.iter().map(|place| self.places[*place].0));
        if told.contains(&nodes) {
            return;
        }
        let growth = self.growth(knot, &along);
        if growth < 1.0 - CLOSE {
            return;
        }
        let first = nodes.first().copied().unwrap_or_default();
        told.insert(nodes);
        let inner = self.inner(knot, &along);
        // Bindings are followed once for each message, so that they may form a circle.
        let is_bound = |line: usize| graph.lines[line].role == Role::Binds;
        if inner.iter().all(|(_, _, leaving)| is_bound(leaving.line)) {
            return;
        }
        let is_conditional = inner.iter().any(|(_, _, leaving)| leaving.is_conditional);
        let way = self.way(knot, &along);
        let may = if is_conditional { "can go" } else { "go" };
        let (severity, what, hint) = match kind {
            Endless::AtOnce => (
                Severity::Wrong,
                format!("messages {may} round for ever within one moment: {way}"),
                "give a link of it a latency, or let the work take time",
            ),
            Endless::InTime if growth > 1.0 + CLOSE => (
                Severity::Wrong,
                format!("each time messages {may} round there are more of them: {way}"),
                "break the circle, or let a link of it take other types",
            ),
            Endless::InTime => (
                Severity::Doubtful,
                format!("messages {may} round for ever, and each new one joins them: {way}"),
                "break the circle, or emit with a chance below 100 %",
            ),
        };
        let severity = match severity {
            Severity::Wrong if is_conditional => Severity::Doubtful,
            _ if is_conditional => Severity::Note,
            sure => sure,
        };
        found.push(graph.at_node(first, None, severity, (what, hint)));
    }

    /// What leads from place to place within a knot.
    fn inner(
        &self,
        knot: &[usize],
        along: &impl Fn(&Leaving) -> bool,
    ) -> Vec<(usize, usize, Leaving)> {
        let mut inner = Vec::new();
        for (n, place) in knot.iter().enumerate() {
            for (to, leaving) in &self.next[*place] {
                if along(leaving)
                    && let Ok(m) = knot.binary_search(to)
                {
                    inner.push((n, m, *leaving));
                }
            }
        }
        inner
    }

    /// How many come of one message after one step within a knot, in the long run.
    fn growth(&self, knot: &[usize], along: &impl Fn(&Leaving) -> bool) -> f64 {
        let inner = self.inner(knot, along);
        if inner.len() == knot.len() {
            // One plain circle: what it does to a message is known exactly.
            return inner.iter().map(|(_, _, leaving)| leaving.each).product();
        }
        let rounds = 50 + STEPS_MOST / inner.len().max(1);
        let mut now = vec![1.0 / knot.len() as f64; knot.len()];
        let mut growth = 0.0;
        for _ in 0..rounds {
            // Half stays where it is, so that it does not swing.
            let mut after: Vec<f64> = now.iter().map(|share| share / 2.0).collect();
            for (n, m, leaving) in &inner {
                after[*m] += now[*n] * leaving.each / 2.0;
            }
            // The growth lies between the least and the most of any place (Collatz, Wielandt).
            let places = after
                .iter()
                .zip(&now)
                .map(|(new, old)| 2.0 * new / old - 1.0);
            let (least, most) = places.fold((f64::INFINITY, 0.0_f64), |(least, most), it| {
                (least.min(it), most.max(it))
            });
            let sum: f64 = after.iter().sum();
            growth = 2.0 * sum - 1.0;
            if least > 1.0 + CLOSE || most < 1.0 - CLOSE || most - least < CLOSE / 10.0 {
                break;
            }
            after.iter_mut().for_each(|share| *share /= sum);
            now = after;
        }
        growth
    }

    /// A circle of a knot by the names of its nodes.
    fn way(&self, knot: &[usize], along: &impl Fn(&Leaving) -> bool) -> String {
        let first = knot.first().copied().unwrap_or_default();
        let way = circle(first, knot, |place| self.after(place, along));
        let mut names: Vec<String> = way
            .iter()
            .map(|place| self.flow.graph.name(self.places[*place].0))
            .collect();
        if names.len() > NAMES_MOST {
            names.truncate(NAMES_MOST);
            names.push("…".to_owned());
        }
        names.extend(names.first().cloned());
        names.join(" → ")
    }

    /// Dead letters that come back to where they were given up.
    fn dead_letters(&self, found: &mut Vec<Finding>) {
        let graph = self.flow.graph;
        let mut told = BTreeSet::new();
        let dead = |leaving: &Leaving| self.is_dead(leaving);
        for knot in self.knots(dead) {
            let lines = self.inner(&knot, &dead);
            let Some(first) = lines.iter().map(|(_, _, it)| it.line).min() else {
                continue;
            };
            if lines
                .iter()
                .fold(false, |new, (_, _, it)| told.insert(it.line) || new)
            {
                let is_read = (lines.iter())
                    .any(|(_, _, it)| graph.consumers(graph.lines[it.line].from).count() > 0);
                let way = self.way(&knot, &dead);
                let (severity, what) = match is_read {
                    true => (
                        Severity::Doubtful,
                        format!("what always fails goes round for ever as a dead letter: {way}"),
                    ),
                    false => (
                        Severity::Wrong,
                        format!("dead letters go round for ever, and nobody reads them: {way}"),
                    ),
                };
                let hint = "lead dead letters to a queue of their own that gives nothing back";
                found.push(graph.at_link(first, None, severity, (what, hint)));
            }
        }
        for knot in self.knots(|_| true) {
            for (_, _, leaving) in self.inner(&knot, &|_| true) {
                if self.is_dead(&leaving) && told.insert(leaving.line) {
                    let line = &graph.lines[leaving.line];
                    let what = format!(
                        "what is given up comes back to {} by {}: what always fails has no end",
                        graph.name(line.from),
                        graph.name(line.to)
                    );
                    let hint = "let what comes back be tried a few times only";
                    found.push(graph.at_link(leaving.line, None, Severity::Note, (what, hint)));
                }
            }
        }
    }
}
