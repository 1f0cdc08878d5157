//! Promise: whatever is drawn and whatever happens to it, messages are counted and kept as the
//! settings say.
//!
//! Systems, settings, faults, interventions and what people do by hand are random. A failure prints
//! the seed and the scenario that shows it, which `eventyard run` plays.

mod drawn;
mod laws;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use drawn::Drawn;
use eventyard::engine::{Advance, Entry, Message, MessageId, Place, What};
use eventyard::scenario;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};
use proptest::prelude::*;
use serde_json::{Value, json};

/// How long a run is.
const LENGTH: SimTime = SimTime::from_nanos(20_000_000_000);

fn run_of(drawn: &Drawn) -> Run {
    let scenario = scenario::from_json(&drawn.document)
        .unwrap_or_else(|problems| panic!("{problems:?} in {drawn:?}"));
    let mut run = Run::new(scenario.plan()).expect("what can be read can be run");
    run.keep_trace(true);
    run
}

/// A run to its end, and all that happened.
struct Whole {
    run: Run,
    entries: Vec<Entry>,
    /// The same with the messages to which it happened; nothing in a run with checks.
    observed: Vec<(Entry, Message)>,
}

/// Lets a system run, and somebody operate it meanwhile.
fn whole(drawn: &Drawn) -> Whole {
    let mut run = run_of(drawn);
    let (mut entries, mut observed) = (Vec::new(), run.take_observed());
    let mut round = 0;
    while run.now() < LENGTH {
        let until = run.now().after(SimDuration::from_millis(500)).min(LENGTH);
        // Somebody may stop it in the middle of an instant.
        if let Some(steps) = drawn.stops_after(round) {
            run.advance(until, steps);
        }
        drawn.operate(&mut run, round);
        round += 1;
        assert_eq!(run.advance(until, u64::MAX), Advance::Reached);
        run.world().assert_conserved();
        entries.extend(run.take_entries());
        observed.extend(run.take_observed());
    }
    assert_eq!(
        run.entries(),
        entries.len() as u64,
        "the trace is kept whole"
    );
    Whole {
        run,
        entries,
        observed,
    }
}

/// Judges a system; what fails says with which document.
fn judge(drawn: &Drawn, check: impl Fn(&mut Whole)) {
    let mut script: Vec<Value> = Vec::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut whole = whole(drawn);
        script = whole
            .run
            .script()
            .iter()
            .map(|entry| entry.to_json())
            .collect();
        check(&mut whole);
    }));
    if let Err(panic) = outcome {
        let mut document = drawn.document.clone();
        if !script.is_empty() {
            document["script"] = json!(script);
        }
        document["duration"] = json!("20s");
        eprintln!("the scenario that fails, with its seed:\n{document}");
        resume_unwind(panic);
    }
}

/// What happened at a node.
fn at(entries: &[Entry], node: u32) -> impl Iterator<Item = &Entry> {
    let place = Place::Node(NodeId(node));
    entries.iter().filter(move |entry| entry.place() == place)
}

/// Every counter is what the trace says, and messages are where they should be.
fn check_counters(run: &Run, entries: &[Entry]) {
    let mut counted: BTreeMap<(NodeId, What), u64> = BTreeMap::new();
    for entry in entries {
        if let Place::Node(node) = entry.place() {
            *counted.entry((node, entry.what)).or_default() += 1;
        }
    }
    for (_, id, _, metrics) in run.world().nodes() {
        for what in What::ALL {
            // What the script does is written down by the run and counted by nobody.
            if matches!(what, What::Changed | What::Added | What::Removed) {
                continue;
            }
            let found = counted.get(&(id, *what)).copied().unwrap_or(0);
            assert_eq!(metrics.count(*what), found, "{} at {id}", what.name());
        }
    }
    let times = entries.windows(2).all(|pair| pair[0].time <= pair[1].time);
    assert!(times, "time goes back");
}

/// No queue has more deliveries out than its consumers ask for.
fn check_unsettled(drawn: &Drawn, entries: &[Entry]) {
    // What somebody sends on is out, too.
    let kept = |queue: &u32| !drawn.is_redriven(*queue);
    for (queue, most) in drawn.prefetch.iter().filter(|(queue, _)| kept(queue)) {
        let mut out: BTreeSet<MessageId> = BTreeSet::new();
        for entry in at(entries, *queue) {
            match entry.what {
                What::Delivered => _ = out.insert(entry.message),
                What::Acked
                | What::Requeued
                | What::Dropped
                | What::DeadLettered
                | What::Expired => _ = out.remove(&entry.message),
                _ => {}
            }
            let count = out.len();
            assert!(count <= *most as usize, "{count} of {most} out at {queue}");
        }
    }
}

/// What a service knows it does once, as long as it does not forget.
fn check_effects(drawn: &Drawn, entries: &[Entry]) {
    for service in &drawn.idempotent {
        let mut done = BTreeSet::new();
        for entry in at(entries, *service).filter(|entry| entry.what == What::Finished) {
            assert!(done.insert(entry.root), "twice at {service}: {entry:?}");
        }
    }
}

/// Where nothing goes wrong nothing is lost, doubled or out of order.
fn check_calm(run: &Run, entries: &[Entry]) {
    let tally = run.world().tally();
    assert_eq!(
        (tally.dropped, tally.expired, tally.dead_lettered),
        (0, 0, 0)
    );
    let mut done = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.what == What::Finished) {
        assert!(done.insert((entry.place(), entry.message)), "{entry:?}");
    }
    for result in run.results() {
        assert!(result.passed, "{result:?}");
    }
}

/// The run in pieces of so many steps and so much time ends as the run in one go, and so does one
/// that goes back and on again. What was done by hand is in the script by now.
fn check_pieces(run: &mut Run, entries: &[Entry], pieces: &[u8]) {
    let digest = run.digest();
    let mut again = Run::new(run.plan().clone()).expect("what was run can be run");
    let mut sizes = pieces.iter().cycle();
    let mut half = None;
    while again.now() < LENGTH {
        let size = u64::from(*sizes.next().unwrap_or(&1)) + 1;
        let until = again.now().after(SimDuration::from_millis(size * 37));
        again.advance(until.min(LENGTH), size * 5);
        if half.is_none() && again.now().nanos() > LENGTH.nanos() / 3 {
            while again.advance(again.now(), u64::MAX) != Advance::Reached {}
            half = Some((again.now(), again.digest()));
        }
    }
    again.advance(LENGTH, u64::MAX);
    if again.digest() != digest {
        let mut slow = Run::new(run.plan().clone()).expect("what was run can be run");
        slow.keep_trace(true);
        let mut rest = entries;
        while slow.now() < LENGTH {
            slow.advance(slow.now().after(SimDuration::from_millis(500)), u64::MAX);
            for entry in slow.take_entries() {
                assert_eq!(rest.first(), Some(&entry), "the first difference in pieces");
                rest = &rest[1..];
            }
        }
        panic!("in pieces, but not in one go");
    }
    if let Some((time, there)) = half {
        assert_eq!(run.seek(time, u64::MAX), Advance::Reached);
        assert_eq!(run.digest(), there, "back at {time}");
        assert_eq!(run.seek(LENGTH, u64::MAX), Advance::Reached);
        assert_eq!(run.digest(), digest, "and on again");
    }
}

/// How many systems are drawn: enough for each change, or as many as one wants.
fn cases(usual: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    let cases = wanted.and_then(|it| it.parse().ok()).unwrap_or(usual);
    ProptestConfig {
        cases,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(240))]

    #[test]
    fn what_goes_wrong_is_counted(
        seed in 0u64..1_000,
        choices in prop::collection::vec(any::<u16>(), 0..220),
        pieces in prop::collection::vec(any::<u8>(), 1..5),
    ) {
        let drawn = Drawn::new(seed, &choices, true);
        judge(&drawn, |whole| {
            let Whole { run, entries, observed } = whole;
            check_counters(run, entries);
            check_unsettled(&drawn, entries);
            check_effects(&drawn, entries);
            laws::check_places(&drawn, run, entries);
            laws::check_reasons(&drawn, run, entries);
            laws::check_depths(run, entries);
            laws::check_groups(&drawn, run, observed);
            laws::check_room(&drawn, run, entries);
            check_pieces(run, entries, &pieces);
        });
    }

    #[test]
    fn where_nothing_goes_wrong_nothing_is_lost(
        seed in 0u64..1_000,
        choices in prop::collection::vec(any::<u16>(), 0..100),
    ) {
        let drawn = Drawn::new(seed, &choices, false);
        judge(&drawn, |whole| {
            let Whole { run, entries, .. } = whole;
            check_counters(run, entries);
            check_unsettled(&drawn, entries);
            check_effects(&drawn, entries);
            laws::check_places(&drawn, run, entries);
            laws::check_depths(run, entries);
            check_calm(run, entries);
        });
    }
}
