//! Who can never keep up.

use super::*;

/// `rate` a second for a pool that reads a queue.
fn pool(rate: f64, service: Value) -> Topology {
    let nodes = [
        ("producer", emits("A", rate)),
        ("queue", plain()),
        ("service", service),
    ];
    drawing(&nodes, &[(1, 2, plain()), (2, 3, plain())])
}

#[test]
fn a_pool_that_can_never_keep_up_says_so_with_the_numbers() {
    let slow = pool(12.0, takes(250, 2));
    assert_eq!(found(&slow), [(3, Doubtful, Some("workers"))]);
    assert_eq!(
        words(&slow),
        "12 a second arrive, 8 can be done with 2 workers of 250 ms; 4 workers, or work of less \
         than 167 ms would keep up"
    );
    assert_eq!(found(&pool(12.0, takes(250, 4))), []);
    // What is tried again takes from what is new.
    let fails = with(takes(250, 4), "failure_rate", json!(0.5));
    let words = words(&pool(12.0, fails));
    assert!(
        words.contains("each tried 2 times, 8 can be done"),
        "{words}"
    );
    let rejects = json!("reject");
    let rejects = with(
        with(takes(250, 4), "failure_rate", json!(0.5)),
        "on_failure",
        rejects,
    );
    assert_eq!(found(&pool(12.0, rejects)), []);
}

#[test]
fn a_prefetch_that_does_not_hide_the_way_is_a_bottleneck() {
    let far = |prefetch: u32| {
        let nodes = [
            ("producer", emits("A", 9.0)),
            ("queue", plain()),
            ("service", with(takes(100, 1), "prefetch", json!(prefetch))),
        ];
        drawing(&nodes, &[(1, 2, plain()), (2, 3, slow())])
    };
    let small = far(1);
    assert_eq!(found(&small), [(3, Doubtful, Some("prefetch"))]);
    assert!(
        words(&small).contains("a prefetch of 3"),
        "{}",
        words(&small)
    );
    assert_eq!(found(&far(3)), []);
}

#[test]
fn a_log_hides_the_way_by_what_a_consumer_fetches() {
    let far = |log: Value| {
        let nodes = [
            ("producer", emits("A", 9.0)),
            ("log", log),
            ("service", with(takes(100, 1), "prefetch", json!(1))),
        ];
        drawing(&nodes, &[(1, 2, plain()), (2, 3, slow())])
    };
    assert_eq!(found(&far(plain())), []);
    let one = with(plain(), "max_poll_records", json!(1));
    assert_eq!(found(&far(one)).len(), 1);
}

#[test]
fn consumers_that_share_a_queue_are_looked_at_together() {
    let shared = |rate: f64| {
        let nodes = [
            ("producer", emits("A", rate)),
            ("queue", plain()),
            ("service", takes(250, 1)),
            ("service", takes(125, 1)),
        ];
        found(&drawing(
            &nodes,
            &[(1, 2, plain()), (2, 3, plain()), (2, 4, plain())],
        ))
    };
    assert_eq!(shared(13.0), [(2, Doubtful, None)]);
    assert_eq!(shared(11.0), []);
}

#[test]
fn rates_go_through_topics_and_emissions_and_one_bottleneck_is_told_once() {
    // Each of two copies leads to half a message: 12 a second reach the last one.
    let half = json!([{ "event": "B", "chance": 0.5 }]);
    let chain = |first: u32, last: u32| {
        let nodes = [
            ("producer", emits("A", 12.0)),
            ("topic", plain()),
            ("service", with(takes(100, first), "emits", half.clone())),
            ("service", with(takes(100, 2), "emits", half.clone())),
            ("service", takes(100, last)),
        ];
        let ways = [(1, 2), (2, 3), (2, 4), (3, 5), (4, 5)];
        let links = ways.map(|(from, to)| (from, to, plain()));
        drawing(&nodes, &links)
    };
    assert_eq!(found(&chain(2, 2)), []);
    let last = chain(2, 1);
    assert_eq!(found(&last), [(5, Doubtful, Some("workers"))]);
    assert!(words(&last).starts_with("12 a second arrive, 10 can be done"));
    // The first one hands on 5 of its 6: 11 reach the last.
    let first = chain(1, 1);
    let first = findings(&first);
    assert_eq!(first.len(), 2);
    assert!(first[0].what.starts_with("12 a second arrive, 10"));
    assert!(first[1].what.starts_with("11 a second arrive, 10"));
}

#[test]
fn what_only_a_run_knows_is_said_as_a_limit() {
    let folds = json!([{ "on": "B", "count": "n" }]);
    let apply = json!({ "shape": "constant", "value": "250ms" });
    let nodes = |apply: Value| {
        let rules = json!([{ "command": "A", "emits": "B" }]);
        [
            ("producer", emits("A", 5.0)),
            ("aggregate", json!({ "rules": rules })),
            ("event_store", plain()),
            ("projection", json!({ "folds": folds, "apply_time": apply })),
        ]
    };
    let ways = [(1, 2, plain()), (2, 3, plain()), (3, 4, plain())];
    let behind = drawing(&nodes(apply), &ways);
    assert_eq!(found(&behind), [(4, Note, Some("apply_time"))]);
    assert!(words(&behind).starts_with("up to 5 a second arrive, 4 can be done"));
    let fast = json!({ "shape": "constant", "value": "100ms" });
    assert_eq!(found(&drawing(&nodes(fast), &ways)), []);
}
