//! What happens to a random system: what its script says, and what somebody does while it runs.

use eventyard::engine::{Delivery, Operation, Verdict};
use eventyard::nodes::Node;
use eventyard::simulation::{Intervention, Run};
use eventyard::units::{NodeId, SimDuration};
use serde_json::{Value, json};

use super::{Drawn, Hand};

impl Hand<'_> {
    /// What happens to the system: in order of time, and to what is there.
    pub(super) fn script(&mut self) -> Vec<Value> {
        let mut script = Vec::new();
        for n in 0..self.below(9) {
            let at = 700 * (u32::from(n) + 1) + u32::from(self.below(600));
            let mut entry = self.happening();
            entry["at"] = json!(format!("{at}ms"));
            script.push(entry);
        }
        if self.below(4) == 1 {
            let node = self.one_of(|hand| &hand.nodes)["id"].clone();
            script.push(json!({ "at": "12s", "do": "remove_node", "node": node }));
        } else if self.below(4) == 1 {
            let link = self.one_of(|hand| &hand.links)["id"].clone();
            script.push(json!({ "at": "12s", "do": "remove_link", "link": link }));
        }
        script
    }

    fn happening(&mut self) -> Value {
        let node = self.one_of(|hand| &hand.nodes);
        let link = self.one_of(|hand| &hand.links)["id"].clone();
        let id = &node["id"];
        let kind = node["kind"].as_str().unwrap_or_default();
        match (self.below(9), kind) {
            (0, _) => json!({ "do": "crash", "node": id }),
            (1, _) => json!({ "do": "restart", "node": id }),
            (2, _) => json!({ "do": "set_link", "link": link, "field": "cut",
                "value": self.below(2) == 0 }),
            (3, "producer" | "service" | "queue" | "topic" | "exchange" | "log") => {
                json!({ "do": "send", "node": id, "event": "A" })
            }
            (4, "service") => json!({ "do": "set_node", "node": id, "field": "retries",
                "value": self.below(3) }),
            (4, "queue") => self.queue_edit(id),
            (4 | 5, "log") => self.log_edit(id),
            (5, "queue") => json!({ "do": "purge", "node": id }),
            (6, "queue") => {
                let other = self.one_of(|hand| &hand.nodes);
                let is_other = other["kind"] == "queue" && other["id"] != *id;
                let to = match is_other {
                    true => other["id"].clone(),
                    false => self.pick(&[json!("source"), json!(null)]),
                };
                let mut entry = json!({ "do": "redrive", "node": id, "most": 3,
                    "every": "200ms" });
                if !to.is_null() {
                    entry["to"] = to;
                }
                entry
            }
            (7, "service") if node["settings"]["by_hand"] == true => {
                json!({ "do": "take", "node": id, "most": 2, "hide": "600ms" })
            }
            _ => json!({ "do": "set_link", "link": link, "field": "loss",
                "value": self.pick(&[json!(0.0), json!(0.3)]) }),
        }
    }

    /// More partitions, a group that goes back, or brokers that come and go.
    fn log_edit(&mut self, id: &Value) -> Value {
        let (field, values): (&str, &[Value]) = match self.below(5) {
            0 => ("stopped", &[json!([1]), json!([])]),
            1 => ("cut_off", &[json!([1]), json!([])]),
            2 => ("partitions", &[json!(5), json!(7)]),
            3 => ("assignor", &[json!("sticky"), json!("cooperative_sticky")]),
            _ => (
                "groups",
                &[
                    json!([{ "name": "g", "seek": "earliest" }]),
                    json!([{ "name": "g", "seek": "latest" }]),
                ],
            ),
        };
        json!({ "do": "set_node", "node": id, "field": field, "value": self.pick(values) })
    }

    fn queue_edit(&mut self, id: &Value) -> Value {
        let (field, values): (&str, &[Value]) = match self.below(7) {
            0 => ("max_length", &[json!(1), json!(null)]),
            1 => ("ack_timeout", &[json!("150ms"), json!(null)]),
            2 => ("delivery_limit", &[json!(1), json!(null)]),
            3 => ("time_to_live", &[json!("300ms"), json!(null)]),
            4 => ("single_active", &[json!(true), json!(false)]),
            5 => ("rules", &[json!("quorum"), json!("classic")]),
            _ => ("requeue", &[json!("front"), json!("tail")]),
        };
        json!({ "do": "set_node", "node": id, "field": field, "value": self.pick(values) })
    }
}

impl Drawn {
    /// Whether somebody sends on what waits in a queue.
    pub fn is_redriven(&self, queue: u32) -> bool {
        let script = self.document["script"].as_array().into_iter().flatten();
        let mut redrives = script.filter(|it| it["do"] == "redrive");
        redrives.any(|it| it["node"] == queue)
    }

    /// A number that was drawn for this round.
    fn choice(&self, round: usize, n: usize) -> usize {
        let at = (round * 5 + n) % self.deeds.len().max(1);
        self.deeds.get(at).map_or(0, |deed| usize::from(*deed))
    }

    /// After how many steps somebody stops the run in this round, if anybody does.
    pub fn stops_after(&self, round: usize) -> Option<u64> {
        let steps = self.choice(round, 2) as u64 % 40;
        steps.checked_sub(20)
    }

    /// Lets somebody do something while it runs, if there is anything to do.
    pub fn operate(&self, run: &mut Run, round: usize) {
        match self.choice(round, 0) % 8 {
            1 | 3 | 5 | 7 if !self.by_hand.is_empty() => self.handle(run, round),
            2 if self.wild => {
                let nodes = &run.topology().nodes;
                if nodes.is_empty() {
                    return;
                }
                let node = nodes[self.choice(round, 1) % nodes.len()].id;
                let what = match self.choice(round, 3) % 2 {
                    0 => Intervention::Crash { node },
                    _ => Intervention::Restart { node },
                };
                run.intervene(what).expect("what is there can crash");
            }
            _ => {}
        }
    }

    /// Lets somebody answer what a service has that is operated by hand, or take more.
    fn handle(&self, run: &mut Run, round: usize) {
        let choice = |n| self.choice(round, n);
        let node = NodeId(self.by_hand[choice(1) % self.by_hand.len()]);
        let Some(index) = run.world().node_index(node) else {
            return;
        };
        let Node::Service(service) = run.world().node(index) else {
            return;
        };
        let held: Vec<Delivery> = service
            .held()
            .map(|(message, _)| Delivery {
                root: message.root,
                attempt: Some(message.attempt),
                nth: [None, Some(1), Some(2)][choice(4) % 3],
            })
            .collect();
        let operation = match held.get(choice(2) % held.len().max(1)).copied() {
            Some(which) => match choice(3) % 6 {
                0 | 1 => Operation::Settle {
                    which,
                    verdict: Verdict::Ack,
                },
                2 => Operation::Settle {
                    which,
                    verdict: Verdict::Reject,
                },
                3 => Operation::Settle {
                    which,
                    verdict: Verdict::Requeue,
                },
                4 => Operation::Extend {
                    which,
                    time: SimDuration::from_millis(900),
                },
                _ => take(choice(4)),
            },
            None => take(choice(4)),
        };
        let what = Intervention::Operate { node, operation };
        // A node that is gone by then cannot be operated.
        let _ = run.intervene(what);
    }
}

fn take(choice: usize) -> Operation {
    let hide = match choice % 3 {
        0 => None,
        1 => Some(SimDuration::from_millis(400)),
        _ => Some(SimDuration::ZERO),
    };
    Operation::Take {
        most: 1 + (choice % 4) as u32,
        hide,
    }
}
