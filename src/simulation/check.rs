//! What should hold in a run: the checks of a scenario, and what became of them.

use serde::{Deserialize, Serialize};

use crate::engine::What;
use crate::nodes::{Role, Split};
use crate::topology::{Problem, Topology, shown};
use crate::units::{NodeId, SimDuration, SimTime};

/// Something that should hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// No message is lost, dropped or expired at the node; anywhere without one.
    NothingLost {
        /// Which node.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
    },
    /// The node finishes the work on each event at most once.
    HappensOnce {
        /// Which node.
        node: NodeId,
    },
    /// The node finishes the events of each key in the order in which they were emitted.
    OrderByKey {
        /// Which node.
        node: NodeId,
    },
    /// Fewer messages than this wait at the node.
    DepthBelow {
        /// Which node.
        node: NodeId,
        /// Messages.
        value: u64,
    },
    /// The projection is fewer events than this behind its store, or a group so many records
    /// behind the end of the log.
    LagBelow {
        /// Which projection, or which log.
        node: NodeId,
        /// Which group of the log; any without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// Events.
        value: u64,
    },
    /// No message has waited at the node for this long or longer.
    AgeBelow {
        /// Which node.
        node: NodeId,
        /// How long.
        value: SimDuration,
    },
    /// This share of all events is finished at the node before it is this old. Judged from the
    /// hundredth event on, and at the end.
    LatencyBelow {
        /// Which node.
        node: NodeId,
        /// Which share, in percent.
        percentile: f64,
        /// How old.
        value: SimDuration,
    },
    /// A counter compares with a number at the end; what can no longer come true fails at once.
    Counter {
        /// Which node; the whole run without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// The name of something that happens, as in the trace.
        counter: String,
        /// How it compares.
        is: Comparison,
        /// The number.
        value: u64,
    },
}

/// How a counter compares with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Not less.
    AtLeast,
    /// Not more.
    AtMost,
    /// The same.
    Equal,
}

impl Comparison {
    /// Whether `count` compares so with `value`.
    pub fn holds(self, count: u64, value: u64) -> bool {
        match self {
            Self::AtLeast => count >= value,
            Self::AtMost => count <= value,
            Self::Equal => count == value,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Equal => "exactly",
        }
    }
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// What should hold, in words.
    pub name: String,
    /// At which node.
    pub node: Option<NodeId>,
    /// Whether it holds.
    pub passed: bool,
    /// When it first failed.
    #[serde(rename = "failed_at_ns", serialize_with = "nanos")]
    pub failed_at: Option<SimTime>,
    /// Where and how it failed, or what was found.
    pub detail: String,
}

fn nanos<S: serde::Serializer>(time: &Option<SimTime>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(SimTime::nanos).serialize(serializer)
}

impl Check {
    /// The node that it is about.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::NothingLost { node } | Self::Counter { node, .. } => *node,
            Self::HappensOnce { node }
            | Self::OrderByKey { node }
            | Self::DepthBelow { node, .. }
            | Self::LagBelow { node, .. }
            | Self::AgeBelow { node, .. }
            | Self::LatencyBelow { node, .. } => Some(*node),
        }
    }

    /// What should hold, in words.
    pub fn words(&self, topology: &Topology) -> String {
        let at = self.node().map_or_else(
            || "anywhere".to_owned(),
            |id| {
                topology
                    .node(id)
                    .map_or_else(|| id.to_string(), |node| node.name.clone())
            },
        );
        match self {
            Self::NothingLost { node: None } => "nothing is lost anywhere".to_owned(),
            Self::NothingLost { .. } => format!("nothing is lost at {at}"),
            Self::HappensOnce { .. } => format!("each effect of {at} happens once"),
            Self::OrderByKey { .. } => format!("{at} keeps the order of each key"),
            Self::DepthBelow { value, .. } => format!("fewer than {value} wait at {at}"),
            Self::LagBelow { group, value, .. } => {
                let who = group
                    .as_ref()
                    .map_or(at.clone(), |group| format!("{group} at {at}"));
                format!("{who} is fewer than {value} events behind")
            }
            Self::AgeBelow { value, .. } => format!("nothing waits at {at} for {value}"),
            Self::LatencyBelow {
                percentile, value, ..
            } => {
                format!("{percentile} % are finished at {at} within {value}")
            }
            Self::Counter {
                node,
                counter,
                is,
                value,
            } => {
                let place = if node.is_some() {
                    format!(" at {at}")
                } else {
                    String::new()
                };
                format!("{counter}{place} is {} {value}", is.words())
            }
        }
    }

    /// What is wrong with the check. Nodes may be there at the start or at the end.
    pub fn problem(&self, end: &Topology, start: &Topology, place: &str) -> Option<Problem> {
        let wrong = |what: String, hint: &str| Some(Problem::new(place, what, hint));
        if let Some(id) = self.node()
            && start.node(id).is_none()
            && end.node(id).is_none()
        {
            return wrong(
                format!("it names {id}, which does not exist"),
                "name a node",
            );
        }
        match self {
            Self::LagBelow { node, group, .. } => {
                let feeds = |topology: &Topology| {
                    topology
                        .links
                        .iter()
                        .any(|link| link.to == *node && topology.role(link) == Some(Role::Feeds))
                };
                let reads = |topology: &Topology| {
                    let name = group.as_deref();
                    has_groups(topology, *node)
                        && topology.links.iter().any(|link| {
                            link.from == *node
                                && topology.role(link) == Some(Role::Delivers)
                                && name.is_none_or(|name| link.settings.group == name)
                        })
                };
                let is_follower = group.is_none() && (feeds(start) || feeds(end));
                if is_follower || reads(start) || reads(end) {
                    return None;
                }
                wrong(
                    "only a projection with a store and a group that reads a log have a lag".into(),
                    "name a projection, or a log and a group at one of its links",
                )
            }
            Self::LatencyBelow { percentile, .. } if !(0.0..100.0).contains(percentile) => wrong(
                format!("expected a percentile from 0 to below 100, found {percentile}"),
                "correct the number",
            ),
            Self::Counter { counter, .. } if counted(counter).is_none() => {
                let names: Vec<&str> = What::ALL.iter().map(|what| what.name()).collect();
                let what = format!("there is no counter {:?}", shown(counter));
                Some(Problem::new(
                    place,
                    what,
                    format!("use one of {}", names.join(", ")),
                ))
            }
            _ => None,
        }
    }
}

/// Whether groups read what a node keeps.
pub(super) fn has_groups(topology: &Topology, node: NodeId) -> bool {
    topology.node(node).is_some_and(|node| {
        let conduct = node.settings.conduct();
        let mut ways = conduct.ways.iter();
        ways.any(|way| way.split == Split::Groups)
    })
}

/// What a counter counts.
pub(super) fn counted(counter: &str) -> Option<What> {
    What::ALL
        .iter()
        .copied()
        .find(|what| what.name() == counter)
}
