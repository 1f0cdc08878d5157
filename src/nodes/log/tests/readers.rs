//! Projections that follow a log.

use serde_json::json;

use super::Setup;
use crate::engine::{NodeIndex, What};
use crate::nodes::{Kind, Node};

fn projection(setup: &mut Setup, time: &str) -> NodeIndex {
    let settings = json!({
        "apply_time": { "shape": "constant", "value": time },
        "folds": [{ "on": "SomethingHappened", "add": { "count": 1 } }],
    });
    let node = setup.bench.node(Kind::Projection, settings);
    setup.bench.link(setup.log, node);
    node
}

fn rows(setup: &Setup, node: NodeIndex) -> (u64, u64) {
    let Node::Projection(projection) = setup.bench.world.node(node) else {
        unreachable!("it is a projection");
    };
    (projection.position(), projection.behind())
}

#[test]
fn a_projection_reads_all_partitions_from_the_beginning() {
    let mut setup = Setup::new(json!({ "partitions": 4 }), (50.0, 10, 500));
    let first = projection(&mut setup, "1ms");
    setup.until("5s");
    let late = projection(&mut setup, "2ms");
    setup.bench.world.start_node(late);
    setup.until("20s");
    for node in [first, late] {
        assert_eq!(rows(&setup, node), (500, 0));
        let applied = setup.bench.messages(node, What::Applied);
        let numbers: Vec<u32> = applied.iter().map(|message| message.sequence).collect();
        assert_eq!(numbers, (1..=500).collect::<Vec<u32>>());
    }
}

#[test]
fn a_projection_goes_on_where_it_was_after_a_crash() {
    let mut setup = Setup::new(json!({ "partitions": 3 }), (50.0, 10, 500));
    let node = projection(&mut setup, "15ms");
    setup.until("4s");
    assert!(rows(&setup, node).1 < 10);
    setup.bench.crash(node);
    setup.until("6s");
    setup.bench.restart(node);
    setup.until("6500ms");
    assert!(rows(&setup, node).1 > 50);
    setup.until("30s");
    assert_eq!(rows(&setup, node), (500, 0));
    let applied = setup.bench.messages(node, What::Applied);
    let roots: std::collections::BTreeSet<u64> = applied.iter().map(|it| it.root).collect();
    assert_eq!((roots.len(), applied.len()), (500, 500));
}
