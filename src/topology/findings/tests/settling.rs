//! Deliveries and dead letters.

use super::*;

#[test]
fn dead_letters_that_come_back_are_told_at_their_link() {
    let retry = |reader: bool| {
        let rejects = json!({ "failure_rate": 0.1, "on_failure": "reject" });
        let nodes = [
            ("producer", emits("A", 1.0)),
            ("queue", json!({ "time_to_live": "60s" })),
            ("queue", json!({ "time_to_live": "5s" })),
            ("service", rejects),
        ];
        let mut links = vec![(1, 2, plain()), (2, 3, plain()), (3, 2, plain())];
        if reader {
            links.push((2, 4, plain()));
        }
        found(&drawing(&nodes[..3 + usize::from(reader)], &links))
    };
    assert_eq!(retry(true), [(102, Doubtful, None)]);
    assert_eq!(retry(false), [(102, Wrong, None)]);
    // Given back by a service that reads them.
    let nodes = [
        ("producer", emits("A", 1.0)),
        ("queue", plain()),
        (
            "service",
            json!({ "failure_rate": 0.1, "on_failure": "reject" }),
        ),
        ("queue", plain()),
        (
            "service",
            with(takes(5, 1), "emits", json!([{ "event": "A" }])),
        ),
    ];
    let mut links = vec![
        (1, 2, plain()),
        (2, 3, plain()),
        (2, 4, plain()),
        (4, 5, plain()),
    ];
    let lost = found(&drawing(&nodes, &links));
    assert_eq!(lost, [(5, Doubtful, None)]);
    links.push((5, 2, plain()));
    assert_eq!(found(&drawing(&nodes, &links)), [(103, Note, None)]);
}

#[test]
fn a_link_for_dead_letters_needs_something_that_gives_up() {
    let drawn = |settings: Value, service: Value| {
        let nodes = [
            ("producer", emits("A", 1.0)),
            ("queue", settings),
            ("service", service),
            ("queue", plain()),
        ];
        let links = [(1, 2, plain()), (2, 3, plain()), (2, 4, plain())];
        found(&drawing(&nodes, &links))
    };
    let queue = |settings: Value, on_failure: &str| {
        drawn(
            settings,
            json!({ "failure_rate": 0.1, "on_failure": on_failure }),
        )
    };
    assert_eq!(queue(plain(), "requeue"), [(103, Doubtful, None)]);
    assert_eq!(queue(plain(), "reject"), []);
    assert_eq!(queue(json!({ "delivery_limit": 2 }), "requeue"), []);
    assert_eq!(queue(json!({ "max_length": 10 }), "requeue"), []);
    let poison = json!({ "type": ["A"] });
    let spoilt = |on_failure: &str| json!({ "poison": poison, "on_failure": on_failure });
    assert_eq!(drawn(plain(), spoilt("reject")), []);
    assert_eq!(drawn(plain(), spoilt("requeue")), [(103, Doubtful, None)]);
    assert_eq!(drawn(plain(), json!({ "by_hand": true })), []);
    // From dead letters it is there to send them back by hand.
    let nodes = [
        ("producer", emits("A", 1.0)),
        ("queue", json!({ "delivery_limit": 2 })),
        ("service", json!({ "failure_rate": 0.1 })),
        ("queue", plain()),
    ];
    let mut links = vec![(1, 2, plain()), (2, 3, plain()), (2, 4, plain())];
    links.push((4, 2, plain()));
    assert_eq!(found(&drawing(&nodes, &links)), []);
}

fn line(queue: Value, service: Value, link: Value) -> Topology {
    let nodes = [
        ("producer", emits("A", 0.1)),
        ("queue", queue),
        ("service", service),
    ];
    drawing(&nodes, &[(1, 2, plain()), (2, 3, link)])
}

#[test]
fn a_delivery_that_can_never_be_acknowledged_is_wrong() {
    let fails = |queue: Value, on_failure: &str| {
        let service = json!({ "failure_rate": 1.0, "on_failure": on_failure });
        found(&line(queue, service, plain()))
    };
    assert_eq!(
        fails(plain(), "requeue"),
        [(3, Wrong, Some("failure_rate"))]
    );
    assert_eq!(fails(plain(), "reject"), []);
    assert_eq!(fails(json!({ "delivery_limit": 3 }), "requeue"), []);
    let within = |limit: &str| {
        found(&line(
            json!({ "ack_timeout": limit }),
            takes(800, 1),
            slow(),
        ))
    };
    assert_eq!(within("1s"), [(2, Wrong, Some("ack_timeout"))]);
    assert_eq!(within("1001ms"), []);
    let mean = json!({ "service_time": { "shape": "exponential", "mean": "2s" } });
    let late = line(json!({ "ack_timeout": "1s" }), mean, plain());
    assert_eq!(found(&late), [(2, Doubtful, Some("ack_timeout"))]);
    let lossy = |queue: Value| found(&line(queue, takes(5, 1), json!({ "loss": 0.01 })));
    let never = json!({ "ack_timeout": null });
    assert_eq!(lossy(never), [(2, Wrong, Some("ack_timeout"))]);
    assert_eq!(lossy(plain()), []);
}

#[test]
fn a_prefetch_that_is_too_small_or_too_large_is_doubtful() {
    let prefetch = |most: u32| {
        let service = with(takes(1_000, 4), "prefetch", json!(most));
        found(&line(json!({ "ack_timeout": "5s" }), service, plain()))
    };
    assert_eq!(prefetch(2), [(3, Doubtful, Some("prefetch"))]);
    assert_eq!(prefetch(8), []);
    assert_eq!(prefetch(100), [(2, Doubtful, Some("ack_timeout"))]);
}

#[test]
fn a_queue_in_which_nothing_can_wait_is_noted() {
    let none = line(json!({ "max_length": 0 }), takes(5, 1), plain());
    assert_eq!(found(&none), [(2, Note, Some("max_length"))]);
    let none = line(json!({ "time_to_live": "0s" }), takes(5, 1), plain());
    assert_eq!(found(&none), [(2, Note, Some("time_to_live"))]);
}
