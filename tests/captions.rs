//! Captions: they come at the same moment of a run however it is played, change nothing in it, and
//! are not shown to somebody who jumps over them.

use eventyard::engine::Advance;
use eventyard::scenario::{self, Scenario};
use eventyard::simulation::{Cue, Pointer, Run};
use eventyard::topology::Problem;
use eventyard::units::SimTime;
use serde_json::{Value, json};

fn document(captions: Value) -> Value {
    json!({
        "version": 1,
        "seed": 3,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "pace": "constant", "rate": 5.0 } },
            { "id": 2, "kind": "queue" },
            { "id": 3, "kind": "service", "settings": {
                "service_time": { "shape": "constant", "value": "400ms" } } },
        ],
        "links": [
            { "id": 4, "from": 1, "to": 2,
              "settings": { "latency": { "shape": "constant", "value": "100ms" } } },
            { "id": 5, "from": 2, "to": 3 },
        ],
        "script": [{ "at": "4s", "do": "crash", "node": 3 }],
        "checks": [
            { "check": "nothing_lost" },
            { "check": "depth_below", "node": 2, "value": 4 },
        ],
        "captions": captions,
    })
}

fn scenario(captions: Value) -> Scenario {
    scenario::from_json(&document(captions)).expect("it is a scenario")
}

fn refused(captions: Value) -> Problem {
    let mut problems = scenario::from_json(&document(captions)).expect_err("it is wrong");
    problems.swap_remove(0)
}

fn at(millis: u64) -> SimTime {
    SimTime::from_nanos(millis * 1_000_000)
}

fn all() -> Value {
    json!([
        { "at": "1500ms", "points": 3, "text": "a moment" },
        { "happens": "finished", "where": 3, "count": 2, "points": "message", "text": "work" },
        { "depth": 3, "where": 2, "points": 2, "text": "three wait" },
        { "broken": 2, "points": 5, "text": "a check" },
        { "happens": "requeued", "text": "after the crash" },
    ])
}

/// Plays in slices of so many dispatches; when it stood still for which captions.
fn stops(run: &mut Run, until: SimTime, most: u64) -> Vec<(u64, Vec<usize>)> {
    let mut stops = Vec::new();
    let mut seen: Vec<usize> = run.captions().map(|(n, _)| n).collect();
    for _ in 0..100_000 {
        let outcome = run.advance_to_caption(until, most);
        let now: Vec<usize> = run.captions().map(|(n, _)| n).collect();
        let fresh: Vec<usize> = now.iter().filter(|n| !seen.contains(n)).copied().collect();
        if !fresh.is_empty() {
            stops.push((run.now().nanos() / 1_000_000, fresh));
        }
        seen = now;
        if outcome == Advance::Reached && run.now() == until {
            return stops;
        }
    }
    panic!("it never arrives");
}

#[test]
fn they_come_at_the_same_moment_in_slices_of_any_size() {
    let plan = scenario(all()).plan();
    let whole = stops(&mut Run::new(plan.clone()).unwrap(), at(8_000), u64::MAX);
    let numbers: Vec<usize> = whole.iter().flat_map(|(_, n)| n.clone()).collect();
    assert_eq!(numbers, [1, 2, 0, 3, 4], "{whole:?}");
    for most in [1, 2, 7, 1_000] {
        let again = stops(&mut Run::new(plan.clone()).unwrap(), at(8_000), most);
        assert_eq!(again, whole, "in slices of {most}");
    }
}

#[test]
fn they_change_nothing_in_a_run() {
    let with = scenario(all()).plan();
    let without = scenario(json!([])).plan();
    let mut plain = Run::new(without).unwrap();
    plain.advance(at(8_000), u64::MAX);
    let mut stopped = Run::new(with.clone()).unwrap();
    stops(&mut stopped, at(8_000), 50);
    let mut passed = Run::new(with).unwrap();
    passed.advance(at(8_000), u64::MAX);
    for run in [stopped, passed] {
        assert_eq!(
            (run.digest(), run.entries()),
            (plain.digest(), plain.entries())
        );
    }
}

#[test]
fn who_jumps_over_them_does_not_meet_them_and_who_goes_back_meets_them_again() {
    let plan = scenario(all()).plan();
    let mut run = Run::new(plan.clone()).unwrap();
    let whole = stops(&mut Run::new(plan).unwrap(), at(8_000), u64::MAX);
    run.seek(at(2_000), u64::MAX);
    let before = whole.iter().filter(|(time, _)| *time <= 2_000).count();
    assert_eq!(run.captions().count(), before);
    assert_eq!(stops(&mut run, at(8_000), 30), whole[before..]);
    run.seek(at(0), u64::MAX);
    assert_eq!(run.captions().count(), 0);
    assert_eq!(stops(&mut run, at(8_000), 30), whole);
}

#[test]
fn one_that_something_happens_for_knows_the_message() {
    let mut run = Run::new(scenario(all()).plan()).unwrap();
    run.advance(at(8_000), u64::MAX);
    let messages: Vec<(usize, bool)> = run
        .captions()
        .map(|(n, came)| (n, came.message.0 > 0))
        .collect();
    assert_eq!(
        messages,
        [(0, false), (1, true), (2, true), (3, false), (4, true)]
    );
}

#[test]
fn they_are_read_and_written_back() {
    let document = scenario(all());
    assert_eq!(document.captions.len(), 5);
    assert_eq!(document.captions[0].cue, Cue::At(at(1_500)));
    assert_eq!(document.captions[1].points, Pointer::Message);
    assert_eq!(scenario::read(&scenario::write(&document)), Ok(document));
}

#[test]
fn what_makes_no_sense_is_refused_at_its_place() {
    for (caption, words) in [
        (json!({ "text": "never" }), "expected one of at"),
        (json!({ "at": "1s", "depth": 2, "text": "" }), "found 2"),
        (
            json!({ "at": "1s", "where": 2, "text": "" }),
            "it says nothing here",
        ),
        (
            json!({ "broken": 1, "count": 2, "text": "" }),
            "it says nothing here",
        ),
        (json!({ "depth": 2, "text": "" }), "this field is missing"),
        (json!({ "happens": "vanished", "text": "" }), "vanished"),
        (json!({ "at": "1s" }), "this field is missing"),
        (json!({ "at": "1s", "points": 77, "text": "" }), "77"),
        (json!({ "depth": 2, "where": 78, "text": "" }), "78"),
        (json!({ "broken": 3, "text": "" }), "no check number 3"),
        (
            json!({ "at": "1s", "points": "message", "text": "" }),
            "no message",
        ),
        (
            json!({ "at": "1s", "text": "", "colour": 1 }),
            "no such field",
        ),
    ] {
        let problem = refused(json!([caption])).to_string();
        assert!(problem.contains(words), "{caption}: {problem}");
        assert!(problem.contains("captions[0]"), "{caption}: {problem}");
    }
}

#[test]
fn what_is_removed_takes_its_captions_along() {
    let mut document = scenario(json!([
        { "at": "1s", "points": 3, "text": "points at what goes" },
        { "happens": "finished", "where": 3, "text": "waits at what goes" },
        { "broken": 2, "text": "waits for a check that stays" },
        { "broken": 1, "text": "waits for a check that goes" },
    ]));
    document.checks[0] = serde_json::from_value(json!({ "check": "happens_once", "node": 3 }))
        .expect("it is a check");
    document.topology.remove_node(eventyard::units::NodeId(3));
    document.mend();
    let left: Vec<(Cue, Pointer)> = document
        .captions
        .iter()
        .map(|caption| (caption.cue.clone(), caption.points))
        .collect();
    assert_eq!(
        left,
        [
            (Cue::At(at(1_000)), Pointer::Nothing),
            (Cue::Broken { check: 0 }, Pointer::Nothing),
        ]
    );
    assert_eq!(document.problems(), []);
}
