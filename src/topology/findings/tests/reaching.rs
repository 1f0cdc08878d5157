//! Nodes that nothing reaches, links that carry nothing.

use super::*;

#[test]
fn a_node_on_its_own_is_noted_and_a_producer_without_a_hearer_is_doubtful() {
    assert_eq!(
        found(&drawing(&[("queue", plain())], &[])),
        [(1, Note, None)]
    );
    let alone = drawing(&[("producer", emits("A", 5.0))], &[]);
    assert_eq!(found(&alone), [(1, Doubtful, None)]);
    assert!(
        words(&alone).contains("5 a second are lost"),
        "{}",
        words(&alone)
    );
    let heard = [("producer", emits("A", 5.0)), ("service", takes(10, 1))];
    assert_eq!(found(&drawing(&heard, &[(1, 2, plain())])), []);
}

#[test]
fn a_producer_that_its_settings_silence_says_so_at_the_setting() {
    let silent = |settings: Value| {
        let nodes = [("producer", settings), ("service", plain())];
        found(&drawing(&nodes, &[(1, 2, plain())]))
    };
    assert_eq!(silent(emits("A", 0.0)), [(1, Doubtful, Some("rate"))]);
    let limited = with(emits("A", 1.0), "limit", json!(0));
    assert_eq!(silent(limited), [(1, Doubtful, Some("limit"))]);
    let by_hand = with(emits("A", 0.0), "pace", json!("by_hand"));
    assert_eq!(silent(by_hand), []);
    let planned = json!([{ "at": "1s", "event": "A" }]);
    assert_eq!(silent(with(emits("A", 0.0), "schedule", planned)), []);
}

#[test]
fn only_the_place_from_which_on_nothing_comes_is_told() {
    let nodes = [
        ("queue", plain()),
        ("service", json!({ "emits": [{ "event": "B" }] })),
        ("queue", plain()),
        ("service", plain()),
    ];
    let links = [(1, 2, plain()), (2, 3, plain()), (3, 4, plain())];
    assert_eq!(found(&drawing(&nodes, &links)), [(1, Note, None)]);
}

#[test]
fn a_queue_that_nobody_reads_is_doubtful_unless_it_is_for_dead_letters_or_a_delay() {
    let nodes = |queue: Value| [("producer", emits("A", 1.0)), ("queue", queue)];
    let unread = drawing(&nodes(plain()), &[(1, 2, plain())]);
    assert_eq!(found(&unread), [(2, Doubtful, None)]);
    let ways = [(1, 2, plain()), (2, 3, plain()), (2, 4, plain())];
    let read = [
        ("producer", emits("A", 1.0)),
        ("queue", json!({ "delivery_limit": 3 })),
        ("service", takes(10, 1)),
        ("queue", plain()),
    ];
    assert_eq!(found(&drawing(&read, &ways)), []);
    let delay = [
        ("producer", emits("A", 1.0)),
        ("queue", json!({ "time_to_live": "5s" })),
        ("queue", plain()),
        ("service", takes(10, 1)),
    ];
    let ways = [(1, 2, plain()), (2, 3, plain()), (3, 4, plain())];
    assert_eq!(found(&drawing(&delay, &ways)), []);
}

#[test]
fn a_topic_without_subscribers_loses_what_it_gets_unless_that_is_meant() {
    let topic = |unrouted: &str| {
        let nodes = [
            ("producer", emits("A", 1.0)),
            ("topic", json!({ "unrouted": unrouted })),
        ];
        found(&drawing(&nodes, &[(1, 2, plain())]))
    };
    assert_eq!(topic("drop"), [(2, Doubtful, None)]);
    assert_eq!(topic("ignore"), []);
}

#[test]
fn a_filter_that_matches_nothing_is_wrong_and_a_slip_is_guessed() {
    let nodes = [
        ("producer", emits("OrderPlaced", 1.0)),
        ("topic", plain()),
        ("service", takes(10, 1)),
        ("service", takes(10, 1)),
    ];
    let filtered = |types: Value| {
        let links = [
            (1, 2, plain()),
            (2, 3, plain()),
            (2, 4, json!({ "types": types })),
        ];
        drawing(&nodes, &links)
    };
    let nothing = filtered(json!(["OrderPlacd"]));
    assert_eq!(found(&nothing), [(103, Wrong, Some("types"))]);
    assert!(words(&nothing).ends_with("did you mean OrderPlaced?"));
    let partly = filtered(json!(["OrderPlaced", "Moon"]));
    assert_eq!(found(&partly), [(103, Note, Some("types"))]);
    assert!(words(&partly).ends_with("what comes is OrderPlaced"));
    assert_eq!(found(&filtered(json!(["OrderPlaced"]))), []);
}

#[test]
fn types_flow_through_topics_queues_and_what_services_emit() {
    let service = |on: &str| {
        let emits = json!([{ "on": on, "event": "OrderPaid" }]);
        let nodes = [
            ("producer", emits_order()),
            ("queue", plain()),
            ("service", with(takes(10, 1), "emits", emits)),
            ("topic", plain()),
            ("service", takes(10, 1)),
        ];
        let only = json!({ "types": ["OrderPaid"] });
        let links = [
            (1, 2, plain()),
            (2, 3, plain()),
            (3, 4, plain()),
            (4, 5, only),
        ];
        found(&drawing(&nodes, &links))
    };
    assert_eq!(service("OrderPlaced"), []);
    // Without its cause the event is never emitted, and the link to the topic carries nothing.
    let wrong = service("OrderPlacedTwice");
    assert_eq!(wrong, [(3, Doubtful, Some("emits")), (103, Note, None)]);
}

fn emits_order() -> Value {
    emits("OrderPlaced", 1.0)
}

#[test]
fn what_no_link_takes_is_lost() {
    let nodes = [("producer", emits_order()), ("service", takes(10, 1))];
    let only = |types: Value| found(&drawing(&nodes, &[(1, 2, json!({ "types": types }))]));
    let lost = only(json!(["Other"]));
    assert_eq!(
        lost,
        [(101, Wrong, Some("types")), (1, Doubtful, Some("events"))]
    );
    assert_eq!(only(json!(["OrderPlaced"])), []);
}

#[test]
fn a_filter_where_none_is_asked_does_nothing() {
    let nodes = [
        ("producer", emits_order()),
        ("queue", plain()),
        ("service", takes(10, 1)),
    ];
    let links = |types: Value| [(1, 2, plain()), (2, 3, json!({ "types": types }))];
    let useless = drawing(&nodes, &links(json!(["OrderPlaced"])));
    assert_eq!(found(&useless), [(102, Doubtful, Some("types"))]);
    assert_eq!(found(&drawing(&nodes, &links(json!([])))), []);
}

#[test]
fn a_cut_link_is_noted_and_what_is_behind_it_is_not() {
    let nodes = [
        ("producer", emits_order()),
        ("queue", plain()),
        ("service", takes(10, 1)),
    ];
    let cut = [(1, 2, json!({ "cut": true })), (2, 3, plain())];
    assert_eq!(found(&drawing(&nodes, &cut)), [(101, Note, Some("cut"))]);
    let lossy = [(1, 2, json!({ "loss": 1.0 })), (2, 3, plain())];
    assert_eq!(
        found(&drawing(&nodes, &lossy)),
        [(101, Doubtful, Some("loss"))]
    );
}

#[test]
fn a_second_link_of_which_only_the_first_counts_carries_nothing() {
    let nodes = [
        ("producer", emits("A", 1.0)),
        ("queue", json!({ "time_to_live": "5s" })),
        ("queue", plain()),
        ("queue", plain()),
        ("service", takes(10, 1)),
    ];
    let one = [(1, 2, plain()), (2, 5, plain()), (2, 3, plain())];
    let mut two = one.to_vec();
    two.push((2, 4, plain()));
    assert_eq!(found(&drawing(&nodes[..], &two)), [(104, Wrong, None)]);
}
