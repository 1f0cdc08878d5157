//! Deliveries: whether they can be acknowledged at all and in time, and where dead letters go.

use super::flow::{self, Flow};
use super::words::{amount, count, length};
use super::{Finding, Severity};
use crate::nodes::{Lending, Role, Work};

/// What is likely wrong with how much a node takes at once, and with how it lends.
pub fn of_node(flow: &Flow, point: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let drawn = &graph.points[point];
    if let Some(lending) = drawn.conduct.lending {
        let zero = lending.waits.0.is_some_and(|most| most.is_zero());
        for (is_nothing, field) in [
            (zero, lending.waits.1),
            (lending.room.0 == Some(0), lending.room.1),
        ] {
            if is_nothing {
                let told = (
                    "nothing can wait here: what no consumer takes at once is given up",
                    "raise it, or empty it for no limit",
                );
                found.push(graph.at_node(point, Some(field), Severity::Note, told));
            }
        }
    }
    let Some((work, prefetch)) = drawn
        .conduct
        .work
        .and_then(|work| Some((work, work.prefetch?)))
    else {
        return;
    };
    let lent = |line: &usize| graph.lines[*line].role == Role::Delivers;
    let in_hand = u64::from(prefetch) * drawn.into.len() as u64;
    let is_fed = drawn
        .into
        .iter()
        .any(|line| !flow.carried[*line].is_empty());
    if is_fed && drawn.into.iter().all(lent) && in_hand < u64::from(work.workers) {
        let what = format!(
            "of {} only {in_hand} can be busy: it takes no more at a time",
            count(u64::from(work.workers), "worker")
        );
        let hint = format!("raise it to {} or more", work.workers);
        let field = work.prefetch_field;
        found.push(graph.at_node(point, field, Severity::Doubtful, (what, hint)));
    }
}

/// What is likely wrong with what is lent along a link, or becomes a dead letter.
pub fn of_link(flow: &Flow, number: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let line = &graph.lines[number];
    if line.idle.is_some() || !flow.is_wet(line.from) {
        return;
    }
    // A person sends dead letters back by hand.
    let is_for_redrive = || {
        let mut into = graph.points[line.from].into.iter();
        into.all(|line| graph.lines[*line].role == Role::DeadLetters)
    };
    if line.role == Role::DeadLetters && !flow::can_bury(graph, line.from) && !is_for_redrive() {
        let what = format!(
            "it carries nothing: {} never gives a message up",
            graph.name(line.from)
        );
        let hint = "limit its returns, its length or its time to live, or let a consumer reject";
        found.push(graph.at_link(number, None, Severity::Doubtful, (what, hint)));
    }
    let lending = graph.points[line.from].conduct.lending;
    let work = graph.points[line.to].conduct.work;
    if let (Role::Delivers, Some(lending), Some(work)) = (line.role, lending, work) {
        never_done(flow, number, (lending, work), found);
        in_time(flow, number, (lending, work), found);
    }
}

/// Deliveries that all fail and come back, or that are lost and never come back.
fn never_done(
    flow: &Flow,
    number: usize,
    (lending, work): (Lending, Work),
    found: &mut Vec<Finding>,
) {
    let graph = flow.graph;
    let line = &graph.lines[number];
    if work.fails >= 1.0 && work.requeues && lending.returns.0.is_none() {
        let told = (
            "every delivery fails and goes back: none is ever acknowledged",
            "lower the failure rate, let it reject, or limit the returns of the queue",
        );
        let field = work.fails_field;
        found.push(graph.at_node(line.to, field, Severity::Wrong, told));
    }
    let loss = f64::from(line.link.settings.loss.millionths()) / 1e6;
    if loss > 0.0 && lending.ack_within.0.is_none() {
        let what = format!(
            "{} % are lost on the way to {}, and nothing takes them back: it stops after {}",
            amount(loss * 100.0),
            graph.name(line.to),
            count(u64::from(work.in_hand()), "loss")
        );
        let told = (what, "set a time within which they must be acknowledged");
        found.push(graph.at_node(line.from, Some(lending.ack_within.1), Severity::Wrong, told));
    }
}

/// Deliveries that are acknowledged later than they must be.
fn in_time(flow: &Flow, number: usize, (lending, work): (Lending, Work), found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let line = &graph.lines[number];
    let Some(limit) = lending.ack_within.0.map(|limit| limit.as_secs()) else {
        return;
    };
    let name = graph.name(line.to);
    let asking = flow::asking_secs(graph, line.to);
    let least = work.least_secs + 2.0 * line.link.settings.latency.least_secs();
    let mean = work.secs + asking + flow::round_trip(graph, number);
    let waiting = f64::from(work.in_hand()) / f64::from(work.workers.max(1));
    let last = mean + (waiting - 1.0).max(0.0) * work.secs;
    let within = length(limit);
    let hint = |secs: f64| format!("allow more than {}", length(secs));
    let (severity, what, hint) = if least >= limit {
        let what = format!(
            "no delivery can be acknowledged in time: {name} needs at least {}, it has {within}",
            length(least)
        );
        (Severity::Wrong, what, hint(mean.max(least)))
    } else if mean > limit {
        let what = format!(
            "most are taken back before they are done: {name} needs {} on average, it has {within}",
            length(mean)
        );
        (Severity::Doubtful, what, hint(2.0 * mean))
    } else if last > limit {
        let what = format!(
            "{name} takes {} at once, and the last of them is done after {}: it has {within}",
            work.in_hand(),
            length(last)
        );
        let hint = format!("{}, or a smaller prefetch there", hint(last));
        (Severity::Doubtful, what, hint)
    } else {
        return;
    };
    let field = Some(lending.ack_within.1);
    found.push(graph.at_node(line.from, field, severity, (what, hint)));
}
