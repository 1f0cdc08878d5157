//! Tests of the event store.

use serde_json::json;

use super::history::{History, Verdict};
use super::{ANY_LENGTH, EventStore};
use crate::engine::{BodyId, EventType, Fault, Key, Message, MessageId, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node};
use crate::units::SimTime;

/// An event with this root for the stream with this key.
fn event(root: u64, key: u32) -> Message {
    Message {
        id: MessageId(root),
        root,
        correlation: root,
        causation: root,
        born: SimTime::ZERO,
        since: SimTime::ZERO,
        body: BodyId(0),
        body_sequence: 1,
        body_root: root,
        key: Key(key),
        source: NodeIndex(0),
        sequence: 1,
        event_type: EventType(0),
        attempt: 0,
        duplicate: false,
        dead: false,
    }
}

/// A history in which the stream 1 has events with the roots 0 to `length` - 1.
fn history(length: u64) -> History {
    let mut history = History::default();
    for root in 0..length {
        history.append(event(root, 1));
    }
    history
}

/// What becomes of an append with a root, in words as KurrentDB has them, and the revision.
fn judged(history: &History, root: u64, expected: u64) -> (&'static str, Option<u64>) {
    match history.judge(&event(root, 1), expected) {
        Verdict::Append(revision) => ("Success", Some(revision)),
        Verdict::Known(revision) => ("Idempotent", Some(revision)),
        Verdict::Conflict(_) => ("WrongExpectedVersion", None),
    }
}

/// The cases of one event in the matrix of KurrentDB's append check (commit 44996ed0). Its
/// expected version is the last revision, which is one less than the length that we expect.
#[test]
fn appends_are_judged_as_kurrentdb_does() {
    let new = 99;
    let wrong = ("WrongExpectedVersion", None);
    for (length, root, expected, verdict) in [
        (0, new, ANY_LENGTH, ("Success", Some(0))),
        (0, new, 0, ("Success", Some(0))),
        (0, new, 1, wrong),
        (0, new, 100, wrong),
        (1, new, ANY_LENGTH, ("Success", Some(1))),
        (1, new, 0, wrong),
        (1, new, 1, ("Success", Some(1))),
        (1, new, 6, wrong),
        (5, new, 0, wrong),
        (5, new, 4, wrong),
        (5, new, 5, ("Success", Some(5))),
        (5, new, 6, wrong),
        // The same event again: known without an expectation or at its own place,
        (5, 3, ANY_LENGTH, ("Idempotent", Some(3))),
        (5, 0, 0, ("Idempotent", Some(0))),
        (5, 4, 4, ("Idempotent", Some(4))),
        // a conflict at another place, and written twice at the end.
        (5, 0, 1, wrong),
        (5, 0, 5, ("Success", Some(5))),
    ] {
        let found = judged(&history(length), root, expected);
        assert_eq!(found, verdict, "length {length}, root {root}, {expected}");
    }
}

#[test]
fn an_event_is_known_only_in_its_own_stream() {
    let history = history(1);
    let verdict = history.judge(&event(0, 2), ANY_LENGTH);
    assert_eq!(verdict, Verdict::Append(0));
}

#[test]
fn a_stream_is_read_from_any_revision() {
    let mut history = history(2);
    history.append(event(7, 2));
    history.append(event(2, 1));
    let roots = |key, from| -> Vec<u64> { history.read(Key(key), from).map(|e| e.root).collect() };
    assert_eq!(roots(1, 0), [0, 1, 2]);
    assert_eq!(roots(1, 2), [2]);
    assert_eq!(roots(2, 0), [7]);
    assert!(roots(1, 3).is_empty() && roots(1, u64::MAX).is_empty() && roots(9, 0).is_empty());
    assert_eq!((history.len(), history.stream_count()), (4, 2));
}

fn store_of(bench: &Bench, node: NodeIndex) -> &EventStore {
    match bench.world.node(node) {
        Node::EventStore(store) => store,
        _ => panic!("it is an event store"),
    }
}

/// A store that gets these events without being asked for an answer.
fn store(events: &[(&str, &str)]) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(events);
    let store = bench.node(Kind::EventStore, json!({}));
    bench.link(producer, store);
    (bench, store)
}

#[test]
fn one_writer_appends_one_after_the_other() {
    let (mut bench, store) = store(&[("1s", "A"), ("1s", "B"), ("1s", "C")]);
    bench.until("1.001s");
    assert_eq!((bench.tally().waiting, bench.tally().in_flight), (2, 1));
    bench.until("2s");
    let stored = ["1.002s A", "1.004s B", "1.006s C"];
    assert_eq!(bench.lines(store, What::Stored), stored);
    assert_eq!(
        (bench.tally().stored, store_of(&bench, store).len()),
        (3, 3)
    );
    assert_eq!(bench.metrics(store).age.longest().as_secs(), 0.006);
}

#[test]
fn a_duplicate_of_an_event_is_stored_once() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("1s", "A")]);
    let store = bench.node(Kind::EventStore, json!({}));
    bench.slow_link(producer, store, json!({ "duplication": 1.0 }));
    bench.until("2s");
    assert_eq!((bench.tally().stored, bench.tally().done), (1, 1));
}

#[test]
fn a_crash_loses_what_was_not_stored() {
    let (mut bench, store) = store(&[("1s", "A"), ("1s", "B"), ("1s", "C"), ("2s", "D")]);
    bench.until("1.003s");
    bench.crash(store);
    bench.until("3s");
    let why = "the node that had it crashed";
    let lost = ["1.003s C", "1.003s B", "2s D"].map(|what| format!("{what}: {why}"));
    assert_eq!(bench.lines(store, What::Dropped), lost);
    assert_eq!(bench.tally().stored, 1);
    bench.restart(store);
    assert_eq!(store_of(&bench, store).len(), 1);
}

#[test]
fn a_store_that_is_removed_takes_its_events_with_it() {
    let (mut bench, store) = store(&[("1s", "A"), ("1s", "B")]);
    bench.until("1.003s");
    bench.world.suffer(store, Fault::Remove);
    bench.until("2s");
    assert_eq!((bench.tally().stored, bench.tally().dropped), (0, 2));
}

#[test]
fn the_card_shows_the_streams() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[
        ("1s", "A", "ada", json!({})),
        ("1s", "A", "bob", json!({})),
        ("2s", "B", "ada", json!({})),
    ]);
    let store = bench.node(Kind::EventStore, json!({}));
    bench.link(producer, store);
    bench.until("3s");
    let picture = bench
        .world
        .node(store)
        .picture(bench.world.now(), bench.world.names());
    let crate::nodes::Part::Lanes(lanes) = &picture.parts[0] else {
        panic!("streams are lanes");
    };
    let shown: Vec<_> = lanes.iter().map(|l| (l.label.as_str(), l.total)).collect();
    assert_eq!(shown, [("ada", 2), ("bob", 1)]);
    let streams: Vec<u64> = store_of(&bench, store).streams().map(|s| s.1).collect();
    assert_eq!(streams, [2, 1]);
}
