//! Why a node is in trouble, in a sentence with the numbers.

use super::Run;
use crate::nodes::{Node as Behaving, Role, Status};
use crate::topology::Link;
use crate::units::NodeId;

/// A queue with fewer waiting messages needs no explanation.
const WORTH_SAYING: u64 = 5;

impl Run {
    /// Why the queue of a node grows: what arrives against what its consumers can do. `None` if it
    /// does not, or if the node is none that can have a backlog.
    pub fn explain(&self, node: NodeId) -> Option<String> {
        let index = self.world().node_index(node)?;
        let metrics = self.world().metrics(index);
        let depth = metrics.depth.value();
        if depth < WORTH_SAYING {
            return None;
        }
        let arrivals = metrics.arrivals.per_second(self.now());
        match self.world().node(index) {
            Behaving::Queue(_) => self.explain_queue(node, depth, arrivals),
            Behaving::Service(service) => {
                let capacity = service.capacity(0.0);
                (arrivals > capacity).then(|| {
                    format!(
                        "{} arrive a second, it can do {}",
                        short(arrivals),
                        short(capacity)
                    )
                })
            }
            _ => None,
        }
    }

    fn explain_queue(&self, node: NodeId, depth: u64, arrivals: f64) -> Option<String> {
        let mut capacity = 0.0;
        let (mut consumers, mut down, mut cut) = (0, 0, 0);
        for link in self.consumers_of(node) {
            let Some(index) = self.world().node_index(link.to) else {
                continue;
            };
            consumers += 1;
            let picture = self
                .world()
                .node(index)
                .picture(self.now(), self.world().names());
            if picture.status == Status::Down {
                down += 1;
            } else if link.settings.cut {
                cut += 1;
            } else if let Behaving::Service(service) = self.world().node(index) {
                let kept = 1.0 - f64::from(service.failure_rate().millionths()) / 1e6;
                let round_trip = 2.0 * link.settings.latency.mean_secs();
                capacity += service.capacity(round_trip) * kept;
            } else {
                return None;
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
            format!(
                "{} arrive a second, its consumers can do {}",
                short(arrivals),
                short(capacity)
            )
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
