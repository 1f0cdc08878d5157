//! Brokers one by one: how each of them is, and what a person does with it. A frame may hold
//! several nodes that run on the same ones.

use serde_json::json;

use super::consumers::ranges;
use super::{Desk, Item};
use crate::nodes::Cluster;
use crate::nodes::survey::Broker;
use crate::simulation::Run;
use crate::topology::{Drawing, FrameKind, Problem, Topology};
use crate::units::{NodeId, sort};

/// A broker in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRow {
    /// Its number, from 1.
    pub number: u32,
    /// Whether it runs wherever it is looked at.
    pub runs: bool,
    /// Whether the others reach it wherever it is looked at.
    pub joined: bool,
    /// What it does, in words.
    pub does: String,
}

impl BrokerRow {
    /// A broker of which nothing is known.
    pub const fn new(number: u32) -> Self {
        Self {
            number,
            runs: true,
            joined: true,
            does: String::new(),
        }
    }

    /// What is wrong with it, in a word.
    pub const fn state(&self) -> &'static str {
        match (self.runs, self.joined) {
            (true, true) => "",
            (false, _) => "stopped",
            (true, false) => "cut off",
        }
    }
}

/// What a person does with a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerDeed {
    /// It runs no more.
    Stop,
    /// It runs again.
    Start,
    /// The others do not reach it any more.
    CutOff,
    /// The others reach it again.
    Join,
}

impl BrokerDeed {
    /// The name of the step: "stop broker 2 of Orders".
    pub fn name(self, number: u32, of: &str) -> String {
        match self {
            Self::Stop => format!("stop broker {number} of {of}"),
            Self::Start => format!("start broker {number} of {of}"),
            Self::CutOff => format!("cut off broker {number} of {of}"),
            Self::Join => format!("join broker {number} of {of} again"),
        }
    }

    /// The words for a button beside the broker's name.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Stop => "Stop",
            Self::Start => "Start",
            Self::CutOff => "Cut off",
            Self::Join => "Join again",
        }
    }

    /// The same for those who do not see which broker it stands beside.
    pub fn label(self, number: u32) -> String {
        format!("{} broker {number}", self.short())
    }

    const fn is_about_running(self) -> bool {
        matches!(self, Self::Stop | Self::Start)
    }

    /// Whether the broker is in the list afterwards.
    const fn lists(self) -> bool {
        matches!(self, Self::Stop | Self::CutOff)
    }
}

fn cluster(topology: &Topology, node: NodeId) -> Option<Cluster<'_>> {
    topology.node(node)?.settings.conduct().cluster
}

/// The most brokers that one of the nodes runs on; none if nothing runs on any.
pub fn most_brokers(topology: &Topology, nodes: &[NodeId]) -> u32 {
    let most = nodes.iter().filter_map(|node| cluster(topology, *node));
    most.map(|cluster| cluster.brokers).max().unwrap_or(0)
}

/// What runs on brokers of what is selected, if there are several or a frame stands for them, and
/// what that is called.
pub fn on_brokers(
    topology: &Topology,
    drawing: &Drawing,
    item: Item,
) -> Option<(Vec<NodeId>, String)> {
    let (nodes, name, least) = match item {
        Item::Node(id) => (vec![id], &topology.node(id)?.name, 2),
        Item::Frame(id) => {
            let frame = drawing.frame(id)?;
            let is_meant = frame.kind == FrameKind::Broker;
            (
                frame.members.clone(),
                &frame.name,
                if is_meant { 1 } else { u32::MAX },
            )
        }
        _ => return None,
    };
    (most_brokers(topology, &nodes) >= least).then(|| (nodes, name.clone()))
}

/// Whether each broker runs wherever one of the nodes runs on it.
pub fn running(topology: &Topology, nodes: &[NodeId]) -> Vec<bool> {
    let runs = |number: u32| {
        let mut clusters = nodes.iter().filter_map(|node| cluster(topology, *node));
        !clusters.any(|it| number <= it.brokers && it.stopped.0.contains(&number))
    };
    (1..=most_brokers(topology, nodes)).map(runs).collect()
}

/// The brokers that the nodes run on.
pub(super) fn broker_rows(run: &Run, nodes: &[NodeId]) -> Vec<BrokerRow> {
    let topology = run.topology();
    let row = |number: u32| {
        let clusters = nodes.iter().filter_map(|node| cluster(topology, *node));
        let clusters: Vec<Cluster<'_>> = clusters.filter(|it| number <= it.brokers).collect();
        BrokerRow {
            number,
            runs: !clusters.iter().any(|it| it.stopped.0.contains(&number)),
            joined: !clusters.iter().any(|it| it.cut_off.0.contains(&number)),
            does: does(run, nodes, number),
        }
    };
    (1..=most_brokers(topology, nodes)).map(row).collect()
}

/// What a broker leads and follows, with the names of nodes if there are several.
fn does(run: &Run, nodes: &[NodeId], number: u32) -> String {
    let mut words = Vec::new();
    for node in nodes {
        let index = run.world().node_index(*node);
        let survey = index.and_then(|index| run.world().node(index).survey());
        let Some(survey) = survey else { continue };
        let (mut leads, mut follows, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        for partition in &survey.partitions {
            let mut replicas = partition.replicas.iter();
            let copy = replicas.find(|replica| replica.broker == number);
            match copy {
                _ if partition.leader == Some(number) => leads.push(partition.number),
                Some(copy) if copy.in_sync => follows.push(partition.number),
                Some(_) => behind.push(partition.number),
                None => {}
            }
        }
        let found = survey.brokers.iter().find(|it| it.number == number);
        let gone = |it: &Broker| (it.stopped || it.cut_off) && !it.missed;
        let (still, missed) = match found {
            Some(it) if gone(it) => ("still leads", ", not missed yet"),
            _ => ("leads", ""),
        };
        let lists = [
            (still, leads),
            ("follows", follows),
            ("not in sync", behind),
        ];
        let lists = lists.iter().filter(|(_, list)| !list.is_empty());
        let lists: Vec<String> = lists
            .map(|(what, list)| format!("{what} {}", ranges(list)))
            .collect();
        let name = match run.topology().node(*node) {
            Some(node) if nodes.len() > 1 => format!("{}: ", node.name),
            _ => String::new(),
        };
        if !lists.is_empty() {
            words.push(format!("{name}{}{missed}", lists.join(" · ")));
        }
    }
    words.join("; ")
}

impl Desk<'_> {
    /// Does something with a broker, wherever one of the nodes runs on it. That is a fault of the
    /// moment, whatever holds for other changes.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub fn broker(
        &mut self,
        nodes: &[NodeId],
        number: u32,
        deed: BrokerDeed,
    ) -> Result<(), Problem> {
        for node in nodes {
            let Some(cluster) = cluster(self.topology(), *node) else {
                continue;
            };
            let (listed, field) = match deed.is_about_running() {
                true => cluster.stopped,
                false => cluster.cut_off,
            };
            if number > cluster.brokers || listed.contains(&number) == deed.lists() {
                continue;
            }
            let mut list: Vec<u32> = listed.to_vec();
            list.retain(|it| *it != number);
            if deed.lists() {
                list.push(number);
            }
            sort(&mut list);
            self.set_now(*node, field, json!(list))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::editor::Reach;
    use crate::scenario::{Scenario, from_json};
    use crate::units::SimTime;

    const BOTH: [NodeId; 2] = [NodeId(1), NodeId(2)];

    fn scenario() -> Scenario {
        let log = |id: u32, brokers: u32| {
            json!({ "id": id, "kind": "log", "name": format!("Log {id}"),
                "settings": { "brokers": brokers } })
        };
        let json = json!({ "version": 1, "next_id": 9, "nodes": [
            log(1, 3), log(2, 2), { "id": 3, "kind": "queue", "name": "Queue" },
        ] });
        from_json(&json).expect("a right document")
    }

    fn desk<'a>(document: &'a mut Scenario, run: &Run) -> Desk<'a> {
        // Other changes hold from the start on; what happens to a broker happens now.
        let (topology, stamp) = (run.topology().clone(), run.stamp());
        Desk::new(document, topology, stamp, Reach::FromStart)
    }

    fn listed(document: &Scenario) -> Vec<Value> {
        let script = document.script.iter().map(|entry| entry.to_json());
        script.map(|entry| entry["value"].clone()).collect()
    }

    #[test]
    fn a_broker_stops_now_wherever_it_is() {
        let mut document = scenario();
        let mut run = Run::new(document.plan()).expect("a right plan");
        run.advance(SimTime::from_nanos(1_000_000_000), u64::MAX);
        let nodes = [BOTH[0], BOTH[1], NodeId(3)];
        for (number, deed) in [(3, BrokerDeed::Stop), (2, BrokerDeed::CutOff)] {
            let mut desk = desk(&mut document, &run);
            desk.broker(&nodes, number, deed).expect("it can be done");
            desk.finish();
            run.follow(document.plan()).expect("a right plan");
            run.advance(run.now(), u64::MAX);
        }
        // The second log has no third broker.
        assert_eq!(listed(&document), [json!([3]), json!([2]), json!([2])]);
        assert!(document.script.iter().all(|entry| entry.at == run.now()));
        let rows = broker_rows(&run, &nodes);
        let seen: Vec<(u32, bool, bool)> = (rows.iter())
            .map(|row| (row.number, row.runs, row.joined))
            .collect();
        assert_eq!(seen, [(1, true, true), (2, true, false), (3, false, true)]);
        assert_eq!(most_brokers(run.topology(), &[NodeId(3)]), 0);
        assert_eq!(running(run.topology(), &nodes), [true, true, false]);
        let meant = |id| on_brokers(run.topology(), &document.drawing, Item::Node(id));
        let log = meant(NodeId(1)).expect("it runs on three");
        assert_eq!(log, (vec![NodeId(1)], "Log 1".to_owned()));
        assert_eq!(meant(NodeId(3)), None);
    }

    #[test]
    fn before_the_run_begins_it_is_the_start_that_changes() {
        let mut document = scenario();
        let run = Run::new(document.plan()).expect("a right plan");
        let mut desk = desk(&mut document, &run);
        for (number, deed) in [
            (1, BrokerDeed::Stop),
            (3, BrokerDeed::Stop),
            (3, BrokerDeed::Start),
        ] {
            desk.broker(&BOTH, number, deed).expect("it can be done");
        }
        desk.finish();
        assert!(document.script.is_empty());
        let settings = document.topology.nodes[0].settings.to_json();
        assert_eq!(settings["stopped"], json!([1]));
    }

    #[test]
    fn a_step_says_what_was_done_to_which_broker() {
        let name = BrokerDeed::Stop.name(2, "Orders");
        assert_eq!(
            super::super::said::done(&name),
            "Stopped broker 2 of Orders"
        );
    }
}
