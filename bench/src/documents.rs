//! The models as the scenario documents that a user would draw.
//!
//! Everything that a model does not decide is left out, and so is as in a new node: the measured
//! nodes do all that ordinary ones do. Links have no delay.

use crate::models::SECOND;
use crate::{Model, Parameters, log};

/// Seconds after which the backlog of `Mm1Backlog` has come in and the measured time begins.
pub const BACKLOG_SECONDS: f64 = 0.002;

/// Seconds after which groups have shared out the partitions of a log and the producer begins.
pub const LOG_SECONDS: f64 = 4.0;

/// The document of a model in which the producer sends so many messages.
pub fn document(model: Model, customers: u64, seed: u64) -> String {
    let parameters = model.parameters();
    let mut drawing = Drawing::default();
    let producer = drawing.producer(model, &parameters, customers);
    match parameters.subscribers {
        _ if model.is_log() => drawing.log(model, producer, &parameters),
        None => {
            let queue = drawing.station(producer, &parameters);
            if model == Model::Mm1Backlog {
                drawing.backlog(queue);
            }
        }
        Some(subscribers) => {
            let topic = drawing.node("topic", "Topic", "");
            drawing.link(producer, topic);
            for _ in 0..subscribers {
                drawing.station(topic, &parameters);
            }
        }
    }
    if model == Model::Mm1Idle {
        drawing.idle(Model::IDLE_NODES);
    }
    drawing.text(model, seed)
}

/// Nodes and links as JSON, with ids in the order in which they are drawn.
#[derive(Default)]
struct Drawing {
    nodes: Vec<String>,
    links: Vec<String>,
}

impl Drawing {
    fn next_id(&self) -> usize {
        self.nodes.len() + self.links.len() + 1
    }

    fn node(&mut self, kind: &str, name: &str, settings: &str) -> usize {
        let id = self.next_id();
        // A grid: positions play no part in a run.
        let (x, y) = (self.nodes.len() % 25 * 300, self.nodes.len() / 25 * 200);
        let what = format!(r#""id":{id},"kind":"{kind}","name":"{name}","x":{x},"y":{y}"#);
        self.nodes
            .push(format!(r#"{{{what},"settings":{{{settings}}}}}"#));
        id
    }

    fn link(&mut self, from: usize, to: usize) {
        let id = self.next_id();
        self.links
            .push(format!(r#"{{"id":{id},"from":{from},"to":{to}}}"#));
    }

    fn producer(&mut self, model: Model, parameters: &Parameters, customers: u64) -> usize {
        let rate = SECOND / parameters.arrival_mean;
        let mut settings = format!(r#""pace":"poisson","rate":{rate},"limit":{customers}"#);
        if model.is_log() {
            let (keys, start) = (log::KEYS, LOG_SECONDS);
            settings.push_str(&format!(r#","keys":{keys},"start_after":"{start}s""#));
        }
        self.node("producer", "Producer", &settings)
    }

    /// A queue with the service that serves it; gives the queue.
    fn station(&mut self, from: usize, parameters: &Parameters) -> usize {
        let queue = self.node("queue", "Queue", "");
        let service = self.service(parameters);
        self.link(from, queue);
        self.link(queue, service);
        queue
    }

    fn service(&mut self, parameters: &Parameters) -> usize {
        let Parameters {
            service_mean,
            workers,
            ..
        } = *parameters;
        let time = format!(r#"{{"shape":"exponential","mean":"{service_mean}ns"}}"#);
        let settings = format!(r#""workers":{workers},"service_time":{time}"#);
        self.node("service", "Service", &settings)
    }

    /// A log with the groups that read it.
    fn log(&mut self, model: Model, from: usize, parameters: &Parameters) {
        let partitions = log::PARTITIONS;
        let settings = format!(r#""partitions":{partitions},"commit":"after""#);
        let log = self.node("log", "Log", &settings);
        self.link(from, log);
        for group in 0..log::GROUPS {
            for _ in 0..log::CONSUMERS {
                let service = self.service(parameters);
                self.link(log, service);
                if let Some(link) = self.links.last_mut() {
                    link.pop();
                    link.push_str(&format!(r#","settings":{{"group":"group-{group}"}}}}"#));
                }
            }
        }
        if model == Model::LogKept {
            self.backlog(log);
        }
    }

    /// A producer that floods a queue or log with a message each nanosecond.
    fn backlog(&mut self, to: usize) {
        let limit = Model::BACKLOG;
        let keys = log::KEYS;
        let pace = r#""pace":"constant","rate":1000000000"#;
        let settings = format!(r#"{pace},"limit":{limit},"keys":{keys}"#);
        let flood = self.node("producer", "Flood", &settings);
        self.link(flood, to);
    }

    /// Lines of a producer, a topic, a queue and a service in which nothing happens.
    fn idle(&mut self, nodes: u32) {
        for _ in 0..nodes / 4 {
            let producer = self.node("producer", "Idle producer", r#""pace":"by_hand""#);
            let topic = self.node("topic", "Idle topic", "");
            let queue = self.node("queue", "Idle queue", "");
            let service = self.node("service", "Idle service", "");
            self.link(producer, topic);
            self.link(topic, queue);
            self.link(queue, service);
        }
    }

    fn text(&self, model: Model, seed: u64) -> String {
        let (name, next_id) = (model.name(), self.next_id());
        let (nodes, links) = (self.nodes.join(",\n"), self.links.join(",\n"));
        format!(
            "{{\"version\":1,\"name\":\"{name}\",\"seed\":{seed},\"next_id\":{next_id},\n\
             \"nodes\":[\n{nodes}\n],\n\"links\":[\n{links}\n]}}\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::Model;

    #[test]
    fn every_document_is_read_and_has_what_its_model_says() {
        for (model, nodes) in Model::ALL.into_iter().zip([3, 3, 12, 503, 4, 26, 27]) {
            let scenario = match eventyard::scenario::read(&document(model, 10, 7)) {
                Ok(scenario) => scenario,
                Err(problems) => panic!("{}: {problems:?}", model.name()),
            };
            assert_eq!(scenario.seed, 7);
            assert_eq!(scenario.topology.nodes.len(), nodes, "{}", model.name());
        }
    }
}
