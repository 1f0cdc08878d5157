//! Event types that settings speak of, against those that can arrive.

use std::collections::BTreeSet;

use super::flow::Flow;
use super::graph::{ANYTHING, TypeNumber};
use super::words::{self, verb};
use super::{Finding, Severity};
use crate::topology::shown;
use crate::units::set_of;

/// What the settings of a node wait for in vain, and what comes that they do not know.
pub fn of_node(flow: &Flow, point: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let conduct = &graph.points[point].conduct;
    let mut fields: Vec<(&'static str, Option<crate::nodes::Role>)> = Vec::new();
    for expected in &conduct.expected {
        let place = (expected.field, expected.kept_along);
        if !fields.contains(&place) {
            fields.push(place);
        }
    }
    for (field, kept_along) in fields {
        let there = match kept_along {
            None => &flow.arrive[point],
            Some(role) => match graph.open_out(point, role).next() {
                Some(line) => &flow.arrive[graph.lines[line].to],
                None => continue,
            },
        };
        if !there.is_empty() && !there.contains(&ANYTHING) {
            in_vain(flow, point, (field, there), found);
        }
    }
    if let Some(only) = conduct.only_expected {
        unknown(flow, point, only, found);
    }
}

/// Types of one setting that never come.
fn in_vain(
    flow: &Flow,
    point: usize,
    (field, there): (&'static str, &BTreeSet<TypeNumber>),
    found: &mut Vec<Finding>,
) {
    let graph = flow.graph;
    let expected = &graph.points[point].conduct.expected;
    let named = || expected.iter().filter(|it| it.field == field);
    let mut absent: Vec<&str> = Vec::new();
    for event in named().map(|it| it.event) {
        if !there.contains(&graph.type_number(event)) && !absent.contains(&event) {
            absent.push(event);
        }
    }
    let Some(first) = absent.first() else { return };
    let names: Vec<String> = absent.iter().map(|it| shown(it)).collect();
    let what = format!(
        "it waits for {}, which {} sent to it",
        words::list(&names),
        verb(absent.len(), "is never", "are never")
    );
    let names = there.iter().map(|number| graph.type_name(*number));
    let hint = match words::meant(first, names) {
        Some(meant) => format!("did you mean {}?", shown(meant)),
        None => format!("what comes is {}", words::types(graph, there)),
    };
    let all = named().all(|it| absent.contains(&it.event));
    let severity = if all {
        Severity::Doubtful
    } else {
        Severity::Note
    };
    found.push(graph.at_node(point, Some(field), severity, (what, hint)));
}

/// Types that come and that the settings do not name.
fn unknown(flow: &Flow, point: usize, only: crate::nodes::OnlyExpected, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let named = graph.points[point].conduct.expected.iter();
    let named = named
        .filter(|expected| expected.field == only.field)
        .map(|expected| graph.type_number(expected.event));
    let named: BTreeSet<TypeNumber> = set_of(named);
    let unknown = flow.arrive[point].difference(&named).copied();
    let unknown: BTreeSet<TypeNumber> = set_of(unknown.filter(|it| *it != ANYTHING));
    if unknown.is_empty() {
        return;
    }
    let names = words::types(graph, &unknown);
    if only.refuses {
        let what = format!(
            "{names} {} to it, but no rule says what follows: it refuses {}",
            verb(unknown.len(), "comes", "come"),
            verb(unknown.len(), "it", "them")
        );
        let told = (what, "add a rule, or send it elsewhere");
        found.push(graph.at_node(point, Some(only.field), Severity::Doubtful, told));
    } else if named.is_empty() {
        let what = format!("nothing is made of {names}: it has no folds");
        let told = (what, "say what each event does to the rows");
        found.push(graph.at_node(point, Some(only.field), Severity::Note, told));
    }
}
