//! Messages that cause themselves again.

use super::*;

/// A service that emits `emits` with a chance, back to where its messages come from.
fn ring(chance: f64, latency: Value, time: u64) -> Topology {
    let again = json!([{ "event": "A", "chance": chance }]);
    let nodes = [
        ("producer", emits("A", 0.001)),
        ("topic", plain()),
        ("service", with(takes(time, 1), "emits", again)),
    ];
    drawing(&nodes, &[(1, 2, plain()), (2, 3, latency), (3, 2, plain())])
}

#[test]
fn a_circle_without_delay_is_wrong_and_one_with_delay_never_ends() {
    let at_once = ring(1.0, plain(), 0);
    assert_eq!(found(&at_once), [(2, Wrong, None)]);
    assert!(words(&at_once).contains("topic 2 → service 3 → topic 2"));
    assert_eq!(found(&ring(1.0, slow(), 0)), [(2, Doubtful, None)]);
    assert_eq!(found(&ring(1.0, plain(), 5)), [(2, Doubtful, None)]);
    assert_eq!(found(&ring(0.5, plain(), 0)), []);
}

#[test]
fn a_circle_that_grows_is_wrong() {
    let grows = |chance: f64| {
        let again = json!([{ "event": "A", "chance": chance }, { "event": "A", "chance": chance }]);
        let nodes = [
            ("producer", emits("A", 0.001)),
            ("queue", plain()),
            ("service", with(takes(5, 1), "emits", again)),
        ];
        found(&drawing(
            &nodes,
            &[(1, 2, plain()), (2, 3, slow()), (3, 2, plain())],
        ))
    };
    assert_eq!(grows(0.75), [(2, Wrong, None)]);
    assert_eq!(grows(0.25), []);
}

#[test]
fn types_that_do_not_come_back_make_no_circle() {
    let back = json!([{ "event": "B" }]);
    let nodes = [
        ("producer", emits("A", 1.0)),
        ("topic", plain()),
        ("service", with(takes(0, 1), "emits", back)),
        ("service", takes(1, 1)),
    ];
    let only = json!({ "types": ["A"] });
    let links = [
        (1, 2, plain()),
        (2, 3, only),
        (3, 2, plain()),
        (2, 4, plain()),
    ];
    assert_eq!(found(&drawing(&nodes, &links)), []);
}
