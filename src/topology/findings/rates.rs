//! How many messages a second arrive where, in the long run.
//!
//! Who cannot keep up hands on only what it can do, so that one bottleneck is told once.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{self, Flow};
use super::graph::{ANYTHING, TypeNumber};
use super::knots;
use crate::nodes::{Role, Split};

/// How often a knot of nodes that feed each other is gone through until its rates are settled.
const ROUNDS: usize = 100;
/// Rates that differ by less than this part are the same.
const CLOSE: f64 = 1e-7;

/// Rates in the long run.
pub struct Rates {
    /// Messages a second that arrive at each node.
    pub arriving: Vec<Arriving>,
}

/// What arrives at a node in a second.
#[derive(Clone, Debug, Default)]
pub struct Arriving {
    /// By line, in the order of the lines that come to the node.
    pub by_line: Vec<f64>,
    /// Whether it may be less, because of what only a run knows.
    pub is_most: bool,
    /// Whether it cannot be told, because it grows in a circle.
    pub is_unknown: bool,
}

impl Arriving {
    /// From all lines together.
    pub fn total(&self) -> f64 {
        self.by_line.iter().sum()
    }
}

impl Rates {
    /// What leaves the `endless` nodes grows and grows, and cannot be told.
    pub fn new(flow: &Flow, endless: &BTreeSet<usize>) -> Self {
        let graph = flow.graph;
        let mut counting = Counting {
            flow,
            on_line: vec![BTreeMap::new(); graph.lines.len()],
            is_most: vec![false; graph.lines.len()],
            is_unknown: (graph.lines.iter())
                .map(|line| endless.contains(&line.from))
                .collect(),
        };
        let next = |point: usize| {
            let out = graph.points[point].out.iter();
            let used = out.filter(|line| !flow.carried[**line].is_empty());
            used.map(|line| graph.lines[*line].to).collect()
        };
        let mut knots = knots::knots(graph.points.len(), next);
        // Upstream first.
        knots.reverse();
        for knot in &knots {
            counting.settle(knot);
        }
        let arriving = (graph.points.iter()).map(|point| Arriving {
            by_line: point.into.iter().map(|line| counting.sum(*line)).collect(),
            is_most: point.into.iter().any(|line| counting.is_most[*line]),
            is_unknown: point.into.iter().any(|line| counting.is_unknown[*line]),
        });
        Self {
            arriving: arriving.collect(),
        }
    }
}

struct Counting<'f, 'g, 't> {
    flow: &'f Flow<'g, 't>,
    on_line: Vec<BTreeMap<TypeNumber, f64>>,
    is_most: Vec<bool>,
    is_unknown: Vec<bool>,
}

impl Counting<'_, '_, '_> {
    fn sum(&self, line: usize) -> f64 {
        self.on_line[line].values().sum()
    }

    /// Finds the rates of what leaves a node, or nodes that feed each other.
    fn settle(&mut self, knot: &[usize]) {
        let rounds = if knot.len() == 1 { 1 } else { ROUNDS };
        let mut is_settled = rounds == 1;
        for _ in 0..rounds {
            let mut has_changed = false;
            for point in knot {
                has_changed |= self.count(*point);
            }
            if !has_changed {
                is_settled = true;
                break;
            }
        }
        if !is_settled {
            for point in knot {
                for line in &self.flow.graph.points[*point].out {
                    self.is_unknown[*line] = true;
                }
            }
        }
    }

    /// Counts what leaves a node by each line. Whether it changed.
    fn count(&mut self, point: usize) -> bool {
        let (flow, graph) = (self.flow, self.flow.graph);
        let drawn = &graph.points[point];
        let arriving = self.arriving(point);
        let total: f64 = arriving.values().sum();
        let (is_most, is_unknown) = (
            drawn.into.iter().any(|line| self.is_most[*line]),
            drawn.into.iter().any(|line| self.is_unknown[*line]),
        );
        let lent = served_share(flow, point, total);
        let worked = worked_share(flow, &drawn.into, |line| self.sum(line));
        let mut counted: BTreeMap<usize, BTreeMap<TypeNumber, f64>> = BTreeMap::new();
        let mut add = |line: usize, event: TypeNumber, rate: f64| {
            *counted.entry(line).or_default().entry(event).or_default() += rate;
        };
        for offer in &drawn.conduct.offers {
            let event = offer.event.map_or(ANYTHING, |it| graph.type_number(it));
            for line in &drawn.out {
                let (taken, copies) = (&flow.carried[*line], flow.kept_share(*line));
                if taken.contains(&event) && offer.per_second > 0.0 {
                    add(*line, event, offer.per_second * copies);
                }
            }
        }
        for (event, leaving) in flow.after(point) {
            let rate = arriving.get(event).copied().unwrap_or(0.0);
            for leaving in leaving.iter().filter(|_| rate > 0.0) {
                let share = match graph.lines[leaving.line].role {
                    Role::Delivers => lent,
                    // What cannot be served is given up, where there is an end to waiting.
                    Role::DeadLetters => {
                        let rest = if drawn.conduct.lending.is_some_and(|lending| {
                            lending.waits.0.is_some() || lending.room.0.is_some()
                        }) {
                            1.0 - lent
                        } else {
                            0.0
                        };
                        add(leaving.line, leaving.event, rate * rest);
                        lent
                    }
                    _ => worked,
                };
                add(leaving.line, leaving.event, rate * leaving.each * share);
                self.is_most[leaving.line] |= leaving.is_conditional;
            }
        }
        let mut has_changed = false;
        for line in &drawn.out {
            self.is_most[*line] |= is_most;
            self.is_unknown[*line] |= is_unknown;
            let counted = counted.remove(line).unwrap_or_default();
            let (old, new) = (self.sum(*line), counted.values().sum::<f64>());
            has_changed |= (old - new).abs() > CLOSE * old.max(new).max(1e-6);
            self.on_line[*line] = counted;
        }
        has_changed
    }

    fn arriving(&self, point: usize) -> BTreeMap<TypeNumber, f64> {
        let mut arriving = BTreeMap::new();
        for line in &self.flow.graph.points[point].into {
            for (event, rate) in &self.on_line[*line] {
                *arriving.entry(*event).or_default() += rate;
            }
        }
        arriving
    }
}

/// The share of what arrives at a queue that its consumers can settle.
fn served_share(flow: &Flow, point: usize, total: f64) -> f64 {
    let graph = flow.graph;
    let consumers: Vec<usize> = graph.consumers(point).collect();
    if consumers.is_empty() {
        return 0.0;
    }
    let capacities = consumers.iter().map(|line| flow::capacity(graph, *line));
    let capacity: Option<f64> = capacities.sum();
    capacity.map_or(1.0, |capacity| share_of(capacity, total))
}

/// The share of what reaches a node without a queue that it can do.
fn worked_share(flow: &Flow, into: &[usize], rate: impl Fn(usize) -> f64) -> f64 {
    let graph = flow.graph;
    let direct = into
        .iter()
        .filter(|line| graph.lines[**line].role != Role::Delivers);
    let direct: Vec<usize> = direct.copied().collect();
    let capacity = direct.first().and_then(|line| flow::capacity(graph, *line));
    let total = direct.iter().map(|line| rate(*line)).sum();
    // Reading behind a store delays nobody else.
    capacity.map_or(1.0, |capacity| share_of(capacity, total))
}

fn share_of(capacity: f64, total: f64) -> f64 {
    if total > capacity {
        capacity / total
    } else {
        1.0
    }
}

impl Flow<'_, '_> {
    /// How many arrive of one that is given to a line.
    fn kept_share(&self, line: usize) -> f64 {
        let line = &self.graph.lines[line];
        let copies = self.graph.way(line).map(|way| way.split);
        if copies == Some(Split::Copies) {
            let [loss, twice] = [line.link.settings.loss, line.link.settings.duplication]
                .map(|chance| f64::from(chance.millionths()) / 1e6);
            (1.0 - loss) * (1.0 + twice)
        } else {
            1.0
        }
    }
}
