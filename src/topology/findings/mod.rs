//! What is likely wrong with a drawing that runs: findings, each with the place to look at.
//!
//! They follow from the settings alone, before anything runs. What keeps a drawing from running is
//! a problem, not a finding.

mod expectations;
mod flow;
mod graph;
mod knots;
mod loops;
mod overload;
mod presets;
mod rates;
mod reach;
mod settling;
#[cfg(test)]
mod tests;
mod words;

use super::Topology;
use crate::units::{LinkId, NodeId, sort_by_key};
use flow::Flow;
use graph::Graph;
use rates::Rates;

/// Something that is likely wrong with a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub subject: Subject,
    /// The setting to look at, if it is one.
    pub field: Option<&'static str>,
    /// How sure it is that nobody wants this.
    pub severity: Severity,
    /// What is the case.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A node.
    Node(NodeId),
    /// A link.
    Link(LinkId),
}

/// How sure it is that nobody wants this; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot be meant.
    Wrong,
    /// It works, but hardly as it is meant.
    Doubtful,
    /// It is good to know.
    Note,
}

/// Above so many event types, over all nodes, circles and rates are not looked at: it would take
/// longer than an edit may.
const SIZE_MAX: usize = 20_000;

/// What is likely wrong with a drawing: the worst first, then in the order of the drawing.
pub fn findings(topology: &Topology) -> Vec<Finding> {
    let graph = Graph::new(topology);
    if graph.is_too_varied() {
        return Vec::new();
    }
    let flow = Flow::new(&graph);
    let mut circles = Vec::new();
    let rates = (flow.size() <= SIZE_MAX).then(|| {
        let endless = loops::find(&flow, &mut circles);
        Rates::new(&flow, &endless)
    });
    let mut found = Vec::new();
    for point in 0..graph.points.len() {
        reach::of_node(&flow, point, &mut found);
        expectations::of_node(&flow, point, &mut found);
        settling::of_node(&flow, point, &mut found);
        presets::of_node(&graph, point, &mut found);
        if let Some(rates) = &rates {
            overload::of_node(&flow, rates, point, &mut found);
        }
    }
    for line in 0..graph.lines.len() {
        reach::of_link(&flow, line, &mut found);
        settling::of_link(&flow, line, &mut found);
    }
    found.append(&mut circles);
    sort_by_key(&mut found, |finding| finding.severity);
    found
}

impl Graph<'_> {
    /// A finding about a node.
    fn at_node(
        &self,
        point: usize,
        field: Option<&'static str>,
        severity: Severity,
        (what, hint): (impl Into<String>, impl Into<String>),
    ) -> Finding {
        Finding {
            subject: Subject::Node(self.points[point].node.id),
            field,
            severity,
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// A finding about a link.
    fn at_link(
        &self,
        line: usize,
        field: Option<&'static str>,
        severity: Severity,
        (what, hint): (impl Into<String>, impl Into<String>),
    ) -> Finding {
        Finding {
            subject: Subject::Link(self.lines[line].link.id),
            field,
            severity,
            what: what.into(),
            hint: hint.into(),
        }
    }
}
