//! Promise: whatever is drawn and whatever happens to it, messages are counted and kept as the
//! settings say.
//!
//! Systems, settings, faults and interventions are random. A failure prints the seed and the
//! scenario that shows it.

mod drawn;

use std::collections::{BTreeMap, BTreeSet};

use drawn::Drawn;
use eventyard::engine::{Advance, Entry, Place, Reason, What};
use eventyard::scenario;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};
use proptest::prelude::*;

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
fn whole(drawn: &Drawn) -> (Run, Vec<Entry>) {
    let mut run = run_of(drawn);
    let mut entries = Vec::new();
    while run.now() < LENGTH {
        let until = run.now().after(SimDuration::from_millis(500));
        let advance = run.advance(until, u64::MAX);
        assert_eq!(advance, Advance::Reached, "{drawn:?}");
        entries.extend(run.take_entries());
    }
    run.world().assert_conserved();
    assert_eq!(
        run.entries(),
        entries.len() as u64,
        "the trace is kept whole"
    );
    (run, entries)
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
    for (queue, most) in &drawn.prefetch {
        let mut out = 0i64;
        for entry in at(entries, *queue) {
            let was_out = !entry.was_waiting() && entry.reason() != Reason::Full;
            out += match entry.what {
                What::Delivered => 1,
                What::Acked | What::Requeued => -1,
                What::Dropped | What::DeadLettered | What::Expired if was_out => -1,
                _ => 0,
            };
            assert!(out <= i64::from(*most), "{out} of {most} out at {queue}");
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

/// The run in pieces of so many steps and so much time ends as the run in one go.
fn check_pieces(drawn: &Drawn, digest: u64, pieces: &[u8]) {
    let mut run = run_of(drawn);
    let mut sizes = pieces.iter().cycle();
    while run.now() < LENGTH {
        let size = u64::from(*sizes.next().unwrap_or(&1)) + 1;
        let until = run.now().after(SimDuration::from_millis(size * 37));
        run.advance(until.min(LENGTH), size * 5);
    }
    run.advance(LENGTH, u64::MAX);
    assert_eq!(run.digest(), digest, "in pieces");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_wrong_is_counted(
        seed in 0u64..1_000,
        choices in prop::collection::vec(any::<u16>(), 0..160),
        pieces in prop::collection::vec(any::<u8>(), 1..5),
    ) {
        let drawn = Drawn::new(seed, &choices, true);
        let (run, entries) = whole(&drawn);
        check_counters(&run, &entries);
        check_unsettled(&drawn, &entries);
        check_effects(&drawn, &entries);
        check_pieces(&drawn, run.digest(), &pieces);
    }

    #[test]
    fn where_nothing_goes_wrong_nothing_is_lost(
        seed in 0u64..1_000,
        choices in prop::collection::vec(any::<u16>(), 0..100),
    ) {
        let drawn = Drawn::new(seed, &choices, false);
        let (run, entries) = whole(&drawn);
        check_counters(&run, &entries);
        check_unsettled(&drawn, &entries);
        check_effects(&drawn, &entries);
        check_calm(&run, &entries);
    }
}
