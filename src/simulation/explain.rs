//! Why a node is in trouble, in a sentence with the numbers.

use super::Run;
use crate::nodes::survey::Member;
use crate::nodes::{Role, Status};
use crate::topology::Link;
use crate::units::NodeId;

/// A queue with fewer waiting messages needs no explanation.
const WORTH_SAYING: u64 = 5;

impl Run {
    /// Why the backlog of a node grows: what arrives against what can be done. `None` if it does
    /// not.
    pub fn explain(&self, node: NodeId) -> Option<String> {
        let index = self.world().node_index(node)?;
        let metrics = self.world().metrics(index);
        let depth = metrics.depth.value();
        if depth < WORTH_SAYING {
            return self.explain_idle(node);
        }
        let arrivals = metrics.arrivals.per_second(self.now());
        let gives = self.topology().kind(node)?.descriptor().gives;
        if gives.contains(&Role::Delivers) {
            return self.explain_queue(node, depth, arrivals);
        }
        let work = self.topology().node(node)?.settings.conduct().work;
        let work = work.filter(|work| work.asks.is_none())?;
        let capacity = work.tries_per_second(0.0);
        (arrivals > capacity).then(|| {
            let (arrivals, capacity) = (short(arrivals), short(capacity));
            format!("{arrivals} arrive a second, it can do {capacity}")
        })
    }

    fn explain_queue(&self, node: NodeId, depth: u64, arrivals: f64) -> Option<String> {
        let (mut capacity, mut is_known) = (0.0, true);
        let (mut consumers, mut down, mut cut) = (0, 0, 0);
        let drawn = self.topology().node(node);
        let lending = drawn.and_then(|drawn| drawn.settings.conduct().lending);
        let returns = lending.and_then(|lending| lending.returns.0);
        for link in self.consumers_of(node) {
            let Some(index) = self.world().node_index(link.to) else {
                continue;
            };
            let consumer = self.world().node(index);
            let picture = consumer.picture(self.now(), self.world().names());
            consumers += 1;
            if picture.status == Status::Down {
                down += 1;
            } else if link.settings.cut {
                cut += 1;
            } else {
                let round_trip = 2.0 * link.settings.latency.mean_secs();
                // What it can do, or else what it took of late.
                let taken = self.world().metrics(index).arrivals.per_second(self.now());
                let drawn = self.topology().node(link.to);
                let known = drawn.and_then(|drawn| drawn.settings.conduct().work);
                let known = known.filter(|work| work.asks.is_none());
                let known = known.map(|work| work.capacity(round_trip, returns));
                is_known &= known.is_some();
                capacity += known.unwrap_or(taken);
            }
        }
        if consumers == 0 {
            return Some(format!("nobody reads this queue: {depth} wait"));
        }
        if down + cut == consumers {
            let why = if cut == 0 {
                "has crashed"
            } else {
                "cannot be reached"
            };
            return Some(format!("its consumer {why}: {depth} wait"));
        }
        (arrivals > capacity).then(|| {
            let verb = if is_known { "can do" } else { "take" };
            let (arrivals, capacity) = (short(arrivals), short(capacity));
            format!("{arrivals} arrive a second, its consumers {verb} {capacity}")
        })
    }

    /// Why a node gets nothing although it takes part in a group: others own all partitions.
    fn explain_idle(&self, node: NodeId) -> Option<String> {
        let topology = self.topology();
        let takes = topology.kind(node)?.descriptor().takes;
        if !takes.contains(&Role::Delivers) {
            return None;
        }
        let mut links = topology.links.iter().filter(|link| link.to == node);
        links.find_map(|link| {
            let world = self.world();
            let index = world.link_index(link.id)?;
            let survey = world.node(world.node_index(link.from)?).survey()?;
            let is_it = |member: &Member| member.idle && member.link == Some(index);
            let group = survey
                .groups
                .iter()
                .find(|group| group.members.iter().any(is_it))?;
            let (consumers, partitions) = (group.members.len(), survey.partitions.len());
            let many = if partitions == 1 { "" } else { "s" };
            let words = format!("{consumers} consumers share {partitions} partition{many}");
            Some(format!("{words}: none is left for it"))
        })
    }

    fn consumers_of(&self, node: NodeId) -> impl Iterator<Item = &Link> {
        let topology = self.topology();
        topology
            .links
            .iter()
            .filter(move |link| link.from == node && topology.role(link) == Some(Role::Delivers))
    }
}

fn short(rate: f64) -> String {
    if rate >= 100.0 {
        format!("{rate:.0}")
    } else {
        format!("{rate:.1}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::simulation::{Intervention, Plan};
    use crate::topology::Topology;
    use crate::units::{SimDuration, SimTime};

    /// A queue gets ten a second; its consumer can do `workers` a second.
    fn run(workers: u32) -> Run {
        let mut problems = Vec::new();
        let mut node = |json: serde_json::Value| {
            crate::topology::Node::from_json(&json, "node", &mut problems).expect("a node")
        };
        let pace = json!({ "pace": "constant", "rate": 10.0 });
        let time = json!({ "shape": "constant", "value": "1s" });
        let work = json!({ "workers": workers, "service_time": time });
        let nodes = vec![
            node(json!({ "id": 1, "kind": "producer", "settings": pace })),
            node(json!({ "id": 2, "kind": "queue" })),
            node(json!({ "id": 3, "kind": "service", "settings": work })),
        ];
        let mut link = |json: serde_json::Value| {
            Link::from_json(&json, "link", &mut problems).expect("a link")
        };
        let links = vec![
            link(json!({ "id": 4, "from": 1, "to": 2 })),
            link(json!({ "id": 5, "from": 2, "to": 3 })),
        ];
        let topology = Topology { nodes, links };
        let mut run = Run::new(Plan {
            topology,
            ..Plan::default()
        })
        .expect("a right plan");
        run.advance(until(12), u64::MAX);
        run
    }

    fn until(secs: u64) -> SimTime {
        SimTime::ZERO.after(SimDuration::from_secs(secs))
    }

    #[test]
    fn a_queue_that_grows_says_why() {
        assert_eq!(run(20).explain(NodeId(2)), None);
        let mut slow = run(4);
        let why = slow.explain(NodeId(2)).expect("it grows");
        assert!(
            why.starts_with("10.") && why.ends_with("arrive a second, its consumers can do 4.0"),
            "{why}"
        );
        slow.intervene(Intervention::Crash { node: NodeId(3) })
            .expect("it can crash");
        let why = slow.explain(NodeId(2)).expect("it grows");
        assert!(why.starts_with("its consumer has crashed"), "{why}");
        slow.intervene(Intervention::RemoveNode { node: NodeId(3) })
            .expect("it is there");
        let why = slow.explain(NodeId(2)).expect("it grows");
        assert!(why.starts_with("nobody reads this queue"), "{why}");
    }

    #[test]
    fn a_consumer_without_a_partition_says_why() {
        let mut problems = Vec::new();
        let mut node = |json: serde_json::Value| {
            crate::topology::Node::from_json(&json, "node", &mut problems).expect("a node")
        };
        let log = json!({ "partitions": 1, "initial_delay": "0s" });
        let nodes = vec![
            node(json!({ "id": 1, "kind": "log", "settings": log })),
            node(json!({ "id": 2, "kind": "service" })),
            node(json!({ "id": 3, "kind": "service" })),
        ];
        let mut link = |json: serde_json::Value| {
            Link::from_json(&json, "link", &mut problems).expect("a link")
        };
        let group = json!({ "group": "g" });
        let links = vec![
            link(json!({ "id": 4, "from": 1, "to": 2, "settings": group })),
            link(json!({ "id": 5, "from": 1, "to": 3, "settings": group })),
        ];
        let topology = Topology { nodes, links };
        let mut run = Run::new(Plan {
            topology,
            ..Plan::default()
        })
        .expect("a right plan");
        run.advance(until(12), u64::MAX);
        assert_eq!(run.explain(NodeId(2)), None);
        let why = run.explain(NodeId(3)).expect("it is idle");
        assert_eq!(why, "2 consumers share 1 partition: none is left for it");
    }
}
