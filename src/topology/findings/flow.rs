//! Which event types can arrive where, and what follows from a message that does.

use std::collections::BTreeSet;

use super::graph::{ANYTHING, Graph, TypeNumber};
use crate::nodes::{Role, Split};
use crate::units::{set_of, sort_by_key};

/// What flows through a drawing.
pub struct Flow<'g, 't> {
    pub graph: &'g Graph<'t>,
    /// The types that can arrive at each node.
    pub arrive: Vec<BTreeSet<TypeNumber>>,
    /// The types that each line can carry.
    pub carried: Vec<BTreeSet<TypeNumber>>,
    /// The types that each node emits and that no line takes.
    pub unheard: Vec<BTreeSet<TypeNumber>>,
    /// The share of what arrives that is done in the end, for each node.
    done: Vec<f64>,
    /// What follows at each node from each type that can arrive.
    next: Vec<Vec<(TypeNumber, Vec<Leaving>)>>,
}

/// What leaves by a line because of a message that arrived.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    pub line: usize,
    pub event: TypeNumber,
    /// How many, on average.
    pub each: f64,
    /// Whether it depends on what only a run knows.
    pub is_conditional: bool,
}

impl<'g, 't> Flow<'g, 't> {
    pub fn new(graph: &'g Graph<'t>) -> Self {
        let nodes = graph.points.len();
        let mut flow = Self {
            graph,
            arrive: vec![BTreeSet::new(); nodes],
            carried: vec![BTreeSet::new(); graph.lines.len()],
            unheard: vec![BTreeSet::new(); nodes],
            done: (0..nodes).map(|point| done_share(graph, point)).collect(),
            next: vec![Vec::new(); nodes],
        };
        let mut todo = Vec::new();
        for (point, drawn) in graph.points.iter().enumerate() {
            for offer in &drawn.conduct.offers {
                let event = offer.event.map_or(ANYTHING, |it| graph.type_number(it));
                let mut leaving = Vec::new();
                for way in &drawn.conduct.ways {
                    flow.leave(point, way.role, event, (1.0, false), &mut leaving);
                }
                flow.note(&leaving, &mut todo);
            }
        }
        while let Some((point, event)) = todo.pop() {
            let leaving = flow.leaving(point, event);
            flow.note(&leaving, &mut todo);
            flow.next[point].push((event, leaving));
        }
        for next in &mut flow.next {
            sort_by_key(next, |(event, _)| *event);
        }
        flow.find_unheard();
        flow
    }

    fn note(&mut self, leaving: &[Leaving], todo: &mut Vec<(usize, TypeNumber)>) {
        for leaving in leaving {
            self.carried[leaving.line].insert(leaving.event);
            let to = self.graph.lines[leaving.line].to;
            if self.arrive[to].insert(leaving.event) {
                todo.push((to, leaving.event));
            }
        }
    }

    /// What leaves a node because of each type that can arrive there.
    pub fn after(&self, point: usize) -> &[(TypeNumber, Vec<Leaving>)] {
        &self.next[point]
    }

    /// How many types can arrive, over all nodes.
    pub fn size(&self) -> usize {
        self.next.iter().map(Vec::len).sum()
    }

    /// What leaves a node because a message of this type arrived there.
    fn leaving(&self, point: usize, event: TypeNumber) -> Vec<Leaving> {
        let conduct = &self.graph.points[point].conduct;
        let mut leaving = Vec::new();
        for passing in &conduct.passings {
            let on = passing.on.map(|name| self.graph.type_number(name));
            if on.is_none_or(|on| on == event || event == ANYTHING) {
                let gives = passing.gives.map_or(event, |it| self.graph.type_number(it));
                let each = (passing.each * self.done[point], passing.is_conditional);
                self.leave(point, passing.role, gives, each, &mut leaving);
            }
        }
        self.leave_dead(point, event, &mut leaving);
        leaving
    }

    fn leave(
        &self,
        point: usize,
        role: Role,
        event: TypeNumber,
        (each, is_conditional): (f64, bool),
        leaving: &mut Vec<Leaving>,
    ) {
        let graph = self.graph;
        let ways = &graph.points[point].conduct.ways;
        let Some(way) = ways.iter().find(|way| way.role == role) else {
            return;
        };
        if each <= 0.0 {
            return;
        }
        let open = graph.open_out(point, role);
        let takers: Vec<usize> = open
            .filter(|line| graph.takes(&graph.lines[*line], event))
            .collect();
        let shares = match way.split {
            Split::Copies => vec![1.0; takers.len()],
            Split::Shares => self.shares(&takers),
            Split::Groups => self.group_shares(&takers),
            Split::First => vec![1.0; takers.len().min(1)],
        };
        for (line, share) in takers.into_iter().zip(shares) {
            let settings = &graph.lines[line].link.settings;
            // What is lent and lost comes back to whoever lent it.
            let kept = if role == Role::Delivers {
                1.0
            } else {
                let [loss, twice] = [settings.loss, settings.duplication]
                    .map(|chance| f64::from(chance.millionths()) / 1e6);
                (1.0 - loss) * (1.0 + twice)
            };
            leaving.push(Leaving {
                line,
                event,
                each: each * share * kept,
                is_conditional: is_conditional || graph.is_picky(&graph.lines[line]),
            });
        }
    }

    /// Which part of what waits goes to each of these consumers: by what they can do.
    fn shares(&self, takers: &[usize]) -> Vec<f64> {
        let equal = || vec![1.0 / takers.len().max(1) as f64; takers.len()];
        let capacities: Option<Vec<f64>> = takers
            .iter()
            .map(|line| capacity(self.graph, *line))
            .collect();
        let Some(capacities) = capacities else {
            return equal();
        };
        let sum: f64 = capacities.iter().sum();
        if sum > 0.0 && sum.is_finite() {
            capacities.iter().map(|one| one / sum).collect()
        } else {
            equal()
        }
    }

    /// Each group gets all, and its members about the same part each.
    fn group_shares(&self, takers: &[usize]) -> Vec<f64> {
        let group = |line: usize| self.graph.lines[line].link.settings.group.as_str();
        let share = |line: &usize| {
            let own = group(*line);
            let alike = takers.iter().filter(|it| group(**it) == own).count();
            if own.is_empty() {
                1.0
            } else {
                1.0 / alike as f64
            }
        };
        takers.iter().map(share).collect()
    }

    /// What becomes a dead letter.
    fn leave_dead(&self, point: usize, event: TypeNumber, leaving: &mut Vec<Leaving>) {
        let graph = self.graph;
        let Some(line) = graph.open_out(point, Role::DeadLetters).next() else {
            return;
        };
        if !can_bury(graph, point) {
            return;
        }
        let consumers: Vec<usize> = graph.consumers(point).collect();
        let each = if consumers.is_empty() {
            1.0
        } else {
            let shares = self.shares(&consumers);
            let parts = consumers.iter().zip(shares);
            parts
                .map(|(line, share)| share * buried_share(graph, *line))
                .sum()
        };
        leaving.push(Leaving {
            line,
            event,
            each,
            is_conditional: false,
        });
    }

    /// What nodes emit and no link takes. Idle links count: those are told of themselves.
    fn find_unheard(&mut self) {
        let graph = self.graph;
        for (point, drawn) in graph.points.iter().enumerate() {
            let ways = drawn.conduct.ways.iter();
            for way in ways.filter(|way| way.unheard_is_lost) {
                let heard = |event: &TypeNumber| {
                    drawn.out.iter().any(|line| {
                        let line = &graph.lines[*line];
                        line.role == way.role && graph.takes(line, *event)
                    })
                };
                let mut given = self.given(point, way.role);
                given.retain(|event| !heard(event));
                self.unheard[point] = given;
            }
        }
    }

    /// The types that a node gives to the links of a role, whatever those take.
    pub fn given(&self, point: usize, role: Role) -> BTreeSet<TypeNumber> {
        let graph = self.graph;
        let conduct = &graph.points[point].conduct;
        let offers = conduct.offers.iter();
        let mut given: BTreeSet<TypeNumber> =
            set_of(offers.map(|it| it.event.map_or(ANYTHING, |it| graph.type_number(it))));
        for passing in &conduct.passings {
            if passing.role != role || passing.each * self.done[point] <= 0.0 {
                continue;
            }
            let on = passing.on.map(|name| graph.type_number(name));
            let causes = self.arrive[point].iter().copied();
            let mut causes =
                causes.filter(|event| on.is_none_or(|on| on == *event || *event == ANYTHING));
            match passing.gives {
                Some(name) => given.extend(causes.next().map(|_| graph.type_number(name))),
                None => given.extend(causes),
            }
        }
        given
    }

    /// Whether anything can leave the node: something arrives, or it emits by itself.
    pub fn is_wet(&self, point: usize) -> bool {
        let offers = &self.graph.points[point].conduct.offers;
        !self.arrive[point].is_empty() || !offers.is_empty()
    }
}

/// How often what a line lends may come back.
pub fn returns(graph: &Graph, line: usize) -> Option<u32> {
    let lender = &graph.points[graph.lines[line].from].conduct;
    lender.lending.and_then(|lending| lending.returns.0)
}

/// Seconds from one end of a line to the other and back.
pub fn round_trip(graph: &Graph, line: usize) -> f64 {
    2.0 * graph.lines[line].link.settings.latency.mean_secs()
}

/// Seconds that a node waits for answers while it works on one message, on average.
pub fn asking_secs(graph: &Graph, point: usize) -> f64 {
    let work = graph.points[point].conduct.work;
    let Some((role, times)) = work.and_then(|work| work.asks) else {
        return 0.0;
    };
    let line = graph.open_out(point, role).next();
    f64::from(times) * line.map_or(0.0, |line| round_trip(graph, line))
}

/// Messages a second that the node at the end of a line can settle; `None` if nothing says so.
pub fn capacity(graph: &Graph, line: usize) -> Option<f64> {
    let to = graph.lines[line].to;
    let mut work = graph.points[to].conduct.work?;
    work.secs += asking_secs(graph, to);
    let lent = graph.lines[line].role == Role::Delivers;
    let hands = graph.points[graph.lines[line].from].conduct.hands;
    work.prefetch = hands.or(work.prefetch);
    Some(if lent {
        work.capacity(round_trip(graph, line), returns(graph, line))
    } else {
        f64::from(work.workers) / work.secs
    })
}

/// Whether a queue ever has a dead letter.
pub fn can_bury(graph: &Graph, point: usize) -> bool {
    let Some(lending) = graph.points[point].conduct.lending else {
        return false;
    };
    lending.waits.0.is_some()
        || lending.room.0.is_some()
        || graph
            .consumers(point)
            .any(|line| may_bury(graph, line) || lending.returns.0.is_some())
}

/// Whether some of what a line lends comes back for good.
fn may_bury(graph: &Graph, line: usize) -> bool {
    let work = graph.points[graph.lines[line].to].conduct.work;
    work.is_some_and(|work| work.may_reject) || buried_share(graph, line) > 0.0
}

/// The share of what a line lends that comes back for good, as a dead letter.
fn buried_share(graph: &Graph, line: usize) -> f64 {
    let Some(work) = graph.points[graph.lines[line].to].conduct.work else {
        return 0.0;
    };
    match returns(graph, line) {
        None if work.requeues => 0.0,
        limit => (1.0 - work.done_share(true, limit)).max(0.0),
    }
}

fn done_share(graph: &Graph, point: usize) -> f64 {
    let Some(work) = graph.points[point].conduct.work else {
        return 1.0;
    };
    let shares = graph.points[point].into.iter().map(|line| {
        let lent = graph.lines[*line].role == Role::Delivers;
        work.done_share(lent, returns(graph, *line))
    });
    shares.fold(f64::NAN, f64::min).max(0.0)
}
