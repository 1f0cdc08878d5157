//! Promise: where folk belief about brokers is wrong, we are not, and the help of the setting says
//! so. One test for each trap, named by what is true; the numbers are those of the list of traps.
//!
//! What was seen at the real systems stands in tests/vectors and is played by tests/conformance:
//! here it is named. What needs a run of its own is run here.

mod kafka;
mod others;
mod rabbitmq;

use std::path::Path;

use eventyard::editor::form::LINK_FIELDS;
use eventyard::engine::{Advance, What};
use eventyard::nodes::Kind;
use eventyard::scenario;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};
use serde_json::Value;

/// The file of vectors has these cases.
fn seen(file: &str, ids: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let text = std::fs::read_to_string(root.join(file).with_extension("json"));
    let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
    for id in ids.split(' ') {
        let there = text.contains(&format!("\"id\": \"{id}\""))
            || text.contains(&format!("\"id\":\"{id}\""));
        assert!(there, "{file} has no case {id}");
    }
}

/// The source has a test of this name.
fn tested(source: &str, name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nodes");
    let text = std::fs::read_to_string(root.join(source)).unwrap_or_default();
    assert!(
        text.contains(&format!("fn {name}()")),
        "{source} has no test {name}"
    );
}

/// The help of a setting says these words, and others between them.
fn told(kind: Kind, field: &str, words: &str) {
    let fields = kind.descriptor().fields;
    let found = fields.iter().find(|it| it.name == field);
    says(found.map_or("", |it| it.help), words);
}

/// The help of a setting of links says these words, and others between them.
fn told_of_links(field: &str, words: &str) {
    let found = LINK_FIELDS.iter().find(|it| it.name == field);
    says(found.map_or("", |it| it.help), words);
}

fn says(help: &str, words: &str) {
    for word in words.split(" … ") {
        assert!(help.contains(word), "{word:?} is not in: {help}");
    }
}

/// What a document does until a moment.
fn run(document: Value, seconds: u64) -> Run {
    let scenario = scenario::from_json(&document).expect("the document is right");
    let mut run = Run::new(scenario.plan()).expect("the plan is right");
    let end = SimTime::ZERO.after(SimDuration::from_secs(seconds));
    assert_eq!(run.advance(end, u64::MAX), Advance::Reached);
    run
}

fn count(run: &Run, node: u32, what: What) -> u64 {
    run.metrics(NodeId(node))
        .map_or(0, |metrics| metrics.count(what))
}
