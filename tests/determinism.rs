//! Promise: a run is a pure function of plan and time. How it is sliced, stepped, watched, rewound
//! or interrupted changes nothing.

use eventyard::engine::Advance;
use eventyard::scenario::{Scenario, examples};
use eventyard::simulation::{Intervention, Plan, Run};
use eventyard::units::{NodeId, SimDuration, SimTime};
use proptest::prelude::*;
use serde_json::json;

fn at(millis: u64) -> SimTime {
    SimTime::ZERO.after(SimDuration::from_millis(millis))
}

fn run_of(plan: &Plan) -> Run {
    Run::new(plan.clone()).expect("the plan is right")
}

fn scenario(n: usize) -> Scenario {
    examples()[n].scenario()
}

/// Digest, entries and tally of a run until a moment, made in one go.
fn straight(plan: &Plan, until: SimTime) -> (u64, u64, String) {
    let mut run = run_of(plan);
    assert_eq!(run.advance(until, u64::MAX), Advance::Reached);
    standing(&run)
}

fn standing(run: &Run) -> (u64, u64, String) {
    (
        run.digest(),
        run.entries(),
        format!("{:?}", run.world().tally()),
    )
}

/// Does something to the shop at a moment: one of everything that can be done.
fn interfere(run: &mut Run, choice: u8) {
    let (crashing, queue, link) = (NodeId(8), NodeId(6), eventyard::units::LinkId(14));
    let what = match choice % 8 {
        0 => Intervention::Crash { node: crashing },
        1 => Intervention::Restart { node: crashing },
        2 => Intervention::SetNode {
            node: NodeId(1),
            field: "rate".into(),
            value: json!(9.0),
        },
        3 => Intervention::SetNode {
            node: NodeId(10),
            field: "workers".into(),
            value: json!(3),
        },
        4 => Intervention::SetLink {
            link,
            field: "loss".into(),
            value: json!(0.5),
        },
        5 => Intervention::SetLink {
            link,
            field: "cut".into(),
            value: json!(choice > 100),
        },
        6 => Intervention::Send {
            node: queue,
            event: "OrderPlaced".into(),
            key: "by hand".into(),
            body: json!({ "order": 0 }),
            headers: serde_json::Map::new(),
        },
        _ => Intervention::RemoveNode { node: NodeId(11) },
    };
    // What was removed before cannot be changed; that is answered and does nothing.
    let _ = run.intervene(what);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn slices_change_nothing(
        which in 0..2usize,
        slices in prop::collection::vec((1u64..3_000, 1u64..400), 1..40),
        keep in any::<bool>(),
    ) {
        let plan = scenario(which).plan();
        let mut run = run_of(&plan);
        run.keep_trace(keep);
        for (millis, most) in slices {
            let until = run.now().after(SimDuration::from_millis(millis));
            run.advance(until, most);
        }
        let until = run.now().after(SimDuration::from_secs(1));
        while run.advance(until, 97) == Advance::Paused {}
        prop_assert_eq!(standing(&run), straight(&plan, until));
    }

    #[test]
    fn what_was_done_by_hand_replays_exactly(
        seed in any::<u64>(),
        acts in prop::collection::vec((1u64..4_000, 1u64..60, any::<u8>()), 0..12),
    ) {
        let mut run = run_of(&Plan { seed, ..scenario(0).plan() });
        for (millis, most, choice) in acts {
            // Often this stops in the middle of an instant.
            run.advance(run.now().after(SimDuration::from_millis(millis)), most * 7);
            interfere(&mut run, choice);
        }
        let until = run.now().after(SimDuration::from_secs(3));
        run.advance(until, u64::MAX);
        prop_assert_eq!(standing(&run), straight(run.plan(), until));
    }

    #[test]
    fn going_back_and_forth_ends_where_a_straight_run_does(
        which in 0..2usize,
        moments in prop::collection::vec(0u64..40_000, 1..10),
    ) {
        let plan = scenario(which).plan();
        let mut run = run_of(&plan);
        for millis in moments {
            while run.seek(at(millis), 500) == Advance::Paused {}
            prop_assert_eq!(run.now(), at(millis));
            prop_assert_eq!(standing(&run), straight(&plan, at(millis)));
        }
    }

    #[test]
    fn stepping_goes_through_every_entry(which in 0..2usize, steps in 1usize..400) {
        let plan = scenario(which).plan();
        let mut run = run_of(&plan);
        for n in 1..=steps {
            prop_assert!(run.step().is_some());
            prop_assert_eq!(run.entries(), n as u64);
        }
        let until = run.now().after(SimDuration::from_secs(2));
        run.advance(until, u64::MAX);
        prop_assert_eq!(standing(&run), straight(&plan, until));
    }
}

/// The digest after n steps is that of the first n entries, also within one dispatch.
#[test]
fn the_digest_of_a_step_is_that_of_the_entries_so_far() {
    let plan = scenario(0).plan();
    let (mut one, mut other) = (run_of(&plan), run_of(&plan));
    other.keep_trace(true);
    other.advance(at(10_000), u64::MAX);
    let mark = run_of(&plan).world().trace().mark();
    let all: Vec<_> = other.kept_entries().copied().collect();
    for n in 1..=200 {
        assert_eq!(one.step(), Some(all[n - 1]));
        assert_eq!(
            one.digest(),
            mark.digest_with(&all[..n]),
            "after {n} entries"
        );
    }
}

/// A second seek over a long run starts from a keyframe, and finds the same.
#[test]
fn keyframes_are_used_and_right() {
    let mut scenario = scenario(0);
    scenario.topology.nodes[0].settings = eventyard::nodes::Settings::from_json(
        eventyard::nodes::Kind::Producer,
        &json!({ "rate": 150.0 }),
    )
    .expect("the settings are right");
    let plan = scenario.plan();
    let mut run = run_of(&plan);
    run.advance(at(60_000), u64::MAX);
    for millis in [45_000, 20_000, 1] {
        while run.seek(at(millis), 10_000) == Advance::Paused {}
        assert_eq!(standing(&run), straight(&plan, at(millis)));
    }
}

/// Golden digests: a change of behaviour shows here, and is either meant or wrong.
#[test]
fn the_examples_have_their_digests() {
    let digests: Vec<String> = examples()
        .iter()
        .map(|example| {
            let scenario = example.scenario();
            let (digest, entries, _) =
                straight(&scenario.plan(), SimTime::ZERO.after(scenario.duration));
            format!("{} {digest:016x} {entries}", example.slug)
        })
        .collect();
    let expected = include_str!("golden/digests.txt");
    assert_eq!(
        digests.join("\n"),
        expected.trim(),
        "tests/golden/digests.txt"
    );
}

/// Another seed is another run; the same luck name meets the same luck in another design.
#[test]
fn luck_belongs_to_names_and_not_to_the_design() {
    let plan = scenario(0).plan();
    let other = Plan {
        seed: plan.seed + 1,
        ..plan.clone()
    };
    assert_ne!(straight(&plan, at(5_000)).0, straight(&other, at(5_000)).0);

    // Without analytics, shipping does to every order exactly what it did with analytics.
    let mut smaller = plan.clone();
    smaller.topology.remove_node(NodeId(11));
    smaller.topology.remove_node(NodeId(7));
    let shipped = |plan: &Plan| {
        let mut run = run_of(plan);
        run.keep_trace(true);
        run.advance(at(20_000), u64::MAX);
        let entries: Vec<_> = run
            .kept_entries()
            .filter(|entry| entry.place() == eventyard::engine::Place::Node(NodeId(10)))
            .map(|entry| (entry.time, entry.what, entry.root))
            .collect();
        entries
    };
    assert!(shipped(&plan).len() > 20);
    assert_eq!(shipped(&plan), shipped(&smaller));
}
