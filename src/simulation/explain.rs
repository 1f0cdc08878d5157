//! Why a node is in trouble, in a sentence with the numbers.

use super::Run;
use crate::nodes::survey::Member;
use crate::nodes::{Role, Split, Status};
use crate::topology::Link;
use crate::units::NodeId;

/// A queue with fewer waiting messages needs no explanation.
const WORTH_SAYING: u64 = 5;

/// What consumers together can do, and how many of them cannot do anything.
#[derive(Default)]
struct Demand {
    capacity: f64,
    /// Whether for some it is only known what they took of late.
    is_guessed: bool,
    consumers: u32,
    down: u32,
    cut: u32,
}

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
        let drawn = self.topology().node(node)?;
        let conduct = drawn.settings.conduct();
        let returns = conduct.lending.and_then(|lending| lending.returns.0);
        // Where each group gets everything, the slowest is why so much waits.
        let is_grouped = conduct.ways.iter().any(|way| way.split == Split::Groups);
        let mut groups: Vec<(&Link, Demand)> = Vec::new();
        for link in self.consumers_of(node) {
            let is_one = |other: &Link| {
                other.settings.group == link.settings.group && !link.settings.group.is_empty()
            };
            let mut known = groups.iter();
            let found = known.position(|(first, _)| !is_grouped || is_one(first));
            let place = found.unwrap_or_else(|| {
                groups.push((link, Demand::default()));
                groups.len() - 1
            });
            self.add(&mut groups[place].1, link, (conduct.hands, returns));
        }
        let Some((_, slowest)) =
            groups
                .into_iter()
                .reduce(|one, other| match other.1.capacity < one.1.capacity {
                    true => other,
                    false => one,
                })
        else {
            return Some(format!("nobody reads this queue: {depth} wait"));
        };
        if slowest.down + slowest.cut == slowest.consumers {
            let why = if slowest.cut == 0 {
                "has crashed"
            } else {
                "cannot be reached"
            };
            return Some(format!("its consumer {why}: {depth} wait"));
        }
        (arrivals > slowest.capacity).then(|| {
            let verb = if slowest.is_guessed { "take" } else { "can do" };
            let (arrivals, capacity) = (short(arrivals), short(slowest.capacity));
            format!("{arrivals} arrive a second, its consumers {verb} {capacity}")
        })
    }

    /// Adds a consumer, which gets so many at most at a time, or as many as its prefetch says.
    fn add(&self, demand: &mut Demand, link: &Link, (hands, returns): (Option<u32>, Option<u32>)) {
        let Some(index) = self.world().node_index(link.to) else {
            return;
        };
        let consumer = self.world().node(index);
        let picture = consumer.picture(self.now(), self.world().names());
        demand.consumers += 1;
        if picture.status == Status::Down {
            demand.down += 1;
        } else if link.settings.cut {
            demand.cut += 1;
        } else {
            let round_trip = 2.0 * link.settings.latency.mean_secs();
            // What it can do, or else what it took of late.
            let taken = self.world().metrics(index).arrivals.per_second(self.now());
            let drawn = self.topology().node(link.to);
            let known = drawn.and_then(|drawn| drawn.settings.conduct().work);
            let known = known.filter(|work| work.asks.is_none());
            let known = known.map(|mut work| {
                work.prefetch = hands.or(work.prefetch);
                work.capacity(round_trip, returns)
            });
            demand.is_guessed |= known.is_none();
            demand.capacity += known.unwrap_or(taken);
        }
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
    use serde_json::{Value, json};

    use super::*;
    use crate::simulation::{Intervention, Plan};
    use crate::topology::{Node, Topology};
    use crate::units::{SimDuration, SimTime};

    fn drawn(nodes: &[Value], links: &[Value]) -> Run {
        let mut problems = Vec::new();
        let nodes = nodes
            .iter()
            .map(|json| Node::from_json(json, "node", &mut problems));
        let nodes = nodes.map(|node| node.expect("a node")).collect();
        let links = links
            .iter()
            .map(|json| Link::from_json(json, "link", &mut problems));
        let links = links.map(|link| link.expect("a link")).collect();
        assert!(problems.is_empty());
        let topology = Topology { nodes, links };
        let mut run = Run::new(Plan {
            topology,
            ..Plan::default()
        })
        .expect("a right plan");
        run.advance(until(12), u64::MAX);
        run
    }

    fn producer() -> Value {
        json!({ "id": 1, "kind": "producer", "settings": { "pace": "constant", "rate": 10.0 } })
    }

    fn works(millis: u32) -> Value {
        json!({ "shape": "constant", "value": format!("{millis}ms") })
    }

    /// A queue gets ten a second; its consumer can do `workers` a second.
    fn run(workers: u32) -> Run {
        let work = json!({ "workers": workers, "service_time": works(1000) });
        let nodes = [
            producer(),
            json!({ "id": 2, "kind": "queue" }),
            json!({ "id": 3, "kind": "service", "settings": work }),
        ];
        let links = [
            json!({ "id": 4, "from": 1, "to": 2 }),
            json!({ "id": 5, "from": 2, "to": 3 }),
        ];
        drawn(&nodes, &links)
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
    /// Two groups read ten a second over a long way, one of them with a slow consumer.
    #[test]
    fn a_log_is_as_slow_as_its_slowest_group_and_never_by_the_way() {
        let explained = |millis: u32| {
            let group = |name: &str| json!({ "group": name, "latency": works(400) });
            let log = json!({ "reset": "earliest", "initial_delay": "0s" });
            let nodes = [
                producer(),
                json!({ "id": 2, "kind": "log", "settings": log }),
                json!({ "id": 3, "kind": "service", "settings": { "service_time": works(10) } }),
                json!({ "id": 4, "kind": "service",
                    "settings": { "service_time": works(millis) } }),
            ];
            let links = [
                json!({ "id": 5, "from": 1, "to": 2 }),
                json!({ "id": 6, "from": 2, "to": 3, "settings": group("quick") }),
                json!({ "id": 7, "from": 2, "to": 4, "settings": group("slow") }),
            ];
            drawn(&nodes, &links).explain(NodeId(2))
        };
        assert_eq!(explained(20), None);
        let why = explained(250).expect("it grows");
        assert!(
            why.ends_with("arrive a second, its consumers can do 4.0"),
            "{why}"
        );
    }
    #[test]
    fn a_consumer_without_a_partition_says_why() {
        let log = json!({ "partitions": 1, "initial_delay": "0s" });
        let nodes = [
            json!({ "id": 1, "kind": "log", "settings": log }),
            json!({ "id": 2, "kind": "service" }),
            json!({ "id": 3, "kind": "service" }),
        ];
        let group = json!({ "group": "g" });
        let links = [
            json!({ "id": 4, "from": 1, "to": 2, "settings": group }),
            json!({ "id": 5, "from": 1, "to": 3, "settings": group }),
        ];
        let run = drawn(&nodes, &links);
        assert_eq!(run.explain(NodeId(2)), None);
        let why = run.explain(NodeId(3)).expect("it is idle");
        assert_eq!(why, "2 consumers share 1 partition: none is left for it");
    }
}
