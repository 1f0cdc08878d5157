//! Who can never keep up with what arrives, with the numbers.
//!
//! Only what is certain is told: a consumer that others can help is looked at with them.

use super::flow::{self, Flow};
use super::rates::{Arriving, Rates};
use super::words::{amount, count, length, often};
use super::{Finding, Severity};
use crate::nodes::{Role, Work};

/// Demand above capacity by less than this part is not told.
const SLACK: f64 = 1e-6;

/// A queue whose consumers, or a worker who alone, cannot do what arrives.
pub fn of_node(flow: &Flow, rates: &Rates, point: usize, found: &mut Vec<Finding>) {
    let arriving = &rates.arriving[point];
    if arriving.is_unknown {
        return;
    }
    let conduct = &flow.graph.points[point].conduct;
    if conduct.lending.is_some() {
        of_queue(flow, arriving, point, found);
    }
    if let Some(work) = conduct.work {
        of_worker(flow, rates, (point, work), found);
    }
}

/// What arrives at several consumers of one queue is told at the queue.
fn of_queue(flow: &Flow, arriving: &Arriving, point: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let consumers: Vec<usize> = graph.consumers(point).collect();
    let capacities = consumers.iter().map(|line| flow::capacity(graph, *line));
    let Some(capacity) = capacities.sum::<Option<f64>>() else {
        return;
    };
    let total = arriving.total();
    if consumers.len() < 2 || total <= capacity * (1.0 + SLACK) {
        return;
    }
    let what = format!(
        "{}{} arrive, its {} consumers together can do {}",
        up_to(arriving),
        often(total),
        consumers.len(),
        amount(capacity)
    );
    let hint = format!(
        "they must do {} more: add workers or consumers, or shorten the work",
        often(total - capacity)
    );
    found.push(graph.at_node(point, None, severity(arriving), (what, hint)));
}

/// What one worker alone must do.
struct Demand {
    /// Messages a second.
    total: f64,
    /// How many seconds of work a second of them is.
    load: f64,
    /// Whether it has too few in hand to hide the way.
    by_way: Option<f64>,
    /// Messages a second that it can do.
    capacity: f64,
    tries: f64,
}

fn of_worker(flow: &Flow, rates: &Rates, (point, work): (usize, Work), found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let arriving = &rates.arriving[point];
    let secs = work.secs + flow::asking_secs(graph, point);
    let mut demand = Demand {
        total: 0.0,
        load: 0.0,
        by_way: None,
        capacity: f64::INFINITY,
        tries: 1.0,
    };
    for (line, rate) in graph.points[point].into.iter().zip(&arriving.by_line) {
        let from = graph.lines[*line].from;
        let is_lent = graph.lines[*line].role == Role::Delivers;
        if graph.lines[*line].idle.is_some() || (is_lent && graph.consumers(from).count() > 1) {
            continue;
        }
        // What comes to the queue, not what the worker takes from it.
        let rate = match is_lent {
            true => rates.arriving[from].total(),
            false => *rate,
        };
        if is_lent && rates.arriving[from].is_unknown {
            return;
        }
        let (tries, capacity) = match is_lent {
            true => {
                let tries = work.tries_each(flow::returns(graph, *line));
                (tries, flow::capacity(graph, *line).unwrap_or(f64::INFINITY))
            }
            false => (1.0, f64::from(work.workers) / secs),
        };
        demand.total += rate;
        demand.load += rate * tries * secs;
        demand.tries = demand.tries.max(tries);
        if rate > capacity * (1.0 + SLACK) {
            let by_workers = f64::from(work.workers) / secs / tries;
            demand.by_way =
                (capacity < by_workers * (1.0 - SLACK)).then(|| flow::round_trip(graph, *line));
            demand.capacity = demand.capacity.min(capacity);
        }
    }
    if demand.load > f64::from(work.workers) * (1.0 + SLACK) {
        let by_load = demand.total * f64::from(work.workers) / demand.load;
        demand.capacity = demand.capacity.min(by_load);
    }
    // What can never be acknowledged is told where deliveries are settled.
    if demand.capacity.is_finite() && demand.tries.is_finite() {
        let told = told(&work, secs, &demand, arriving);
        let field = match demand.by_way {
            Some(_) if work.prefetch.is_some() => work.prefetch_field,
            _ => work.workers_field.or(Some(work.secs_field)),
        };
        found.push(graph.at_node(point, field, severity(arriving), told));
    }
}

fn told(work: &Work, secs: f64, demand: &Demand, arriving: &Arriving) -> (String, String) {
    let again = match demand.tries > 1.0 {
        true => format!(", each tried {} times", amount(demand.tries)),
        false => String::new(),
    };
    let by = match work.workers_field {
        Some(_) => format!(
            "{} of {}",
            count(u64::from(work.workers), "worker"),
            length(secs)
        ),
        None => format!("{} each, one at a time", length(secs)),
    };
    let way = match demand.by_way {
        Some(round_trip) => format!(
            " and {} in hand over a way of {}",
            work.in_hand(),
            length(round_trip)
        ),
        None => String::new(),
    };
    let what = format!(
        "{}{} arrive{again}, {} can be done with {by}{way}",
        up_to(arriving),
        often(demand.total),
        amount(demand.capacity)
    );
    let round_trip = demand.by_way.unwrap_or(0.0);
    let tries = demand.total * demand.tries;
    let shortest = f64::from(work.workers) / tries - (secs - work.secs);
    let work_hint = (shortest > 0.0 && demand.by_way.is_none())
        .then(|| format!("work of less than {}", length(shortest)));
    let more_hint = match demand.by_way {
        Some(_) if work.prefetch_field.is_some() => {
            let needed = above(tries * (secs + round_trip));
            Some(format!("a prefetch of {needed}"))
        }
        _ => work.workers_field.map(|_| {
            let needed = above(demand.load);
            count(needed, "worker")
        }),
    };
    let hints: Vec<String> = more_hint.into_iter().chain(work_hint).collect();
    let hint = match hints.is_empty() {
        true => "send less, or shorten the way".to_owned(),
        false => format!("{} would keep up", hints.join(", or ")),
    };
    (what, hint)
}

/// The smallest whole number above: at exactly full load, waiting has no end either.
fn above(needed: f64) -> u64 {
    (needed * (1.0 + SLACK)) as u64 + 1
}

fn up_to(arriving: &Arriving) -> &'static str {
    if arriving.is_most { "up to " } else { "" }
}

fn severity(arriving: &Arriving) -> Severity {
    match arriving.is_most {
        true => Severity::Note,
        false => Severity::Doubtful,
    }
}
