//! Filters and bindings: only a run knows what they take.

use super::*;

fn exchange(kind: &str) -> (&'static str, Value) {
    ("exchange", json!({ "type": kind }))
}

fn bound(key: &str) -> Value {
    json!({ "binding": key })
}

#[test]
fn what_is_bound_may_be_little_and_is_never_sure_to_be_too_much() {
    let nodes = |kind| {
        [
            ("producer", emits("A", 10.0)),
            exchange(kind),
            ("queue", plain()),
            ("service", takes(200, 1)),
        ]
    };
    let links = [(1, 2, plain()), (2, 3, bound("B")), (3, 4, plain())];
    let findings = findings(&drawing(&nodes("direct"), &links));
    assert!(
        findings.iter().all(|it| it.severity == Note),
        "{findings:#?}"
    );
}

#[test]
fn an_exchange_without_bindings_loses_all() {
    let nodes = [("producer", emits("A", 1.0)), exchange("fanout")];
    let alone = drawing(&nodes, &[(1, 2, plain())]);
    assert_eq!(found(&alone), [(2, Doubtful, None)]);
}

/// Each exchange is passed once by a message, so that there is no end to fear for.
#[test]
fn exchanges_may_be_bound_in_a_circle() {
    let nodes = [
        ("producer", emits("A", 1.0)),
        exchange("fanout"),
        exchange("fanout"),
        ("queue", plain()),
        ("service", takes(10, 1)),
    ];
    let mut links = vec![
        (1, 2, plain()),
        (2, 3, plain()),
        (3, 2, plain()),
        (3, 4, plain()),
        (4, 5, plain()),
    ];
    assert_eq!(found(&drawing(&nodes, &links)), []);
    // With a service in it, it is a circle like any other.
    let mut nodes = nodes;
    nodes[4] = (
        "service",
        with(takes(0, 1), "emits", json!([{ "event": "A" }])),
    );
    links.push((5, 2, plain()));
    let found = found(&drawing(&nodes, &links));
    assert!(found.iter().any(|it| it.1 == Doubtful), "{found:?}");
}

#[test]
fn filters_and_bindings_count_only_where_somebody_reads_them() {
    let nodes = [
        ("producer", emits("A", 1.0)),
        ("topic", plain()),
        ("service", takes(10, 1)),
    ];
    let filter = json!({ "filter": { "type": ["A"] } });
    let at = |first: Value, second: Value| {
        let links = [(1, 2, first), (2, 3, second)];
        found(&drawing(&nodes, &links))
    };
    assert_eq!(at(plain(), filter.clone()), []);
    assert_eq!(at(filter, plain()), [(101, Doubtful, Some("filter"))]);
    assert_eq!(at(plain(), bound("A")), [(102, Doubtful, Some("binding"))]);
    let alternate = json!({ "alternate": true });
    assert_eq!(at(plain(), alternate), [(102, Doubtful, Some("alternate"))]);
}
