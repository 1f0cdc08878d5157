//! Tests of the projection.

use serde_json::{Value, json};

use super::Projection;
use crate::engine::{Fault, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node, Part, Settings, Tone};

fn counting(mut more: Value) -> Value {
    more["folds"] = json!([{ "on": "A", "count": "n" }]);
    more
}

/// A store that gets `count` events at once after a second, and a projection that counts them.
fn counted(bench: Bench, count: usize, settings: Value, feed: Value) -> Counted {
    let mut bench = bench;
    let producer = bench.keyed(&vec![("1s", "A", "k", json!({})); count]);
    let fast = json!({ "append_time": { "shape": "constant", "value": "0s" } });
    let store = bench.node(Kind::EventStore, fast);
    let projection = bench.node(Kind::Projection, settings);
    bench.link(producer, store);
    bench.slow_link(store, projection, feed);
    Counted {
        bench,
        store,
        projection,
    }
}

struct Counted {
    bench: Bench,
    store: NodeIndex,
    projection: NodeIndex,
}

impl Counted {
    fn until(&mut self, moment: &str) -> &Projection {
        self.bench.until(moment);
        self.projection()
    }

    fn projection(&self) -> &Projection {
        match self.bench.world.node(self.projection) {
            Node::Projection(projection) => projection,
            _ => panic!("it is a projection"),
        }
    }

    /// The count in the only row.
    fn n(&self) -> u64 {
        let row = self.projection().rows().values().next();
        row.map_or(0, |row| row["n"].as_u64().unwrap())
    }

    fn behind_text(&self) -> (String, Tone) {
        let world = &self.bench.world;
        let picture = world
            .node(self.projection)
            .picture(world.now(), world.names());
        let found = picture.parts.into_iter().find_map(|part| match part {
            Part::Text { label, text, tone } if label == "behind" => Some((text, tone)),
            _ => None,
        });
        found.expect("the card says how far behind it is")
    }
}

#[test]
fn it_applies_one_at_a_time_and_says_how_far_behind_it_is() {
    let mut counted = counted(Bench::new(), 20, counting(json!({})), json!({}));
    counted.until("1s");
    assert_eq!((counted.projection().behind(), counted.n()), (20, 0));
    let many = ("20 events behind".to_owned(), Tone::Warning);
    assert_eq!(counted.behind_text(), many);
    counted.until("1.95s");
    assert_eq!((counted.projection().behind(), counted.n()), (1, 19));
    let one = ("1 event behind".to_owned(), Tone::Calm);
    assert_eq!(counted.behind_text(), one);
    counted.until("2s");
    assert_eq!((counted.projection().position(), counted.n()), (20, 20));
    assert_eq!(counted.behind_text().0, "up to date");
    let metrics = counted.bench.metrics(counted.projection);
    assert_eq!(metrics.age.longest().as_secs(), 1.0);
    assert_eq!((metrics.depth.value(), metrics.depth.highest()), (0, 20));
}

#[test]
fn with_little_credit_it_still_knows_how_far_behind_it_is() {
    let settings = counting(json!({ "read_ahead": 2 }));
    let mut counted = counted(Bench::new(), 20, settings, json!({}));
    counted.until("1.05s");
    assert_eq!(counted.projection().behind(), 19);
    counted.until("2s");
    assert_eq!(counted.n(), 20);
}

#[test]
fn rows_go_by_key() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[
        ("1s", "A", "ada", json!({})),
        ("1s", "A", "bob", json!({})),
        ("1s", "A", "ada", json!({})),
        ("1s", "B", "eve", json!({})),
    ]);
    let store = bench.node(Kind::EventStore, json!({}));
    let projection = bench.node(Kind::Projection, counting(json!({})));
    bench.chain(&[producer, store, projection]);
    bench.until("2s");
    let Node::Projection(projection) = bench.world.node(projection) else {
        panic!("it is a projection");
    };
    let rows: Vec<String> = projection
        .rows()
        .iter()
        .map(|(key, row)| format!("{} {}", bench.world.names().key_text(*key), row["n"]))
        .collect();
    assert_eq!(rows, ["ada 2", "bob 1"]);
    assert_eq!(projection.position(), 4);
}

#[test]
fn after_a_crash_it_goes_on_from_its_checkpoint() {
    let settings = counting(json!({ "restart_after": "5s" }));
    let mut counted = counted(Bench::new(), 20, settings, json!({}));
    counted.until("1.5s");
    counted.bench.crash(counted.projection);
    counted.until("6s");
    assert_eq!((counted.n(), counted.projection().behind()), (10, 10));
    counted.until("7s");
    assert_eq!((counted.n(), counted.projection().behind()), (20, 0));
    let applied = counted.bench.count(counted.projection, What::Applied);
    assert_eq!(applied, 20, "none twice");
}

#[test]
fn other_folds_begin_anew() {
    let mut counted = counted(Bench::new(), 20, counting(json!({})), json!({}));
    counted.until("1.5s");
    let folds = json!({ "folds": [{ "on": "A", "add": { "n": 2 } }] });
    counted.bench.configure(counted.projection, folds);
    assert_eq!((counted.n(), counted.projection().behind()), (0, 20));
    counted.until("3s");
    assert_eq!(counted.n(), 40);
}

#[test]
fn another_pace_keeps_the_rows() {
    let mut counted = counted(Bench::new(), 20, counting(json!({})), json!({}));
    counted.until("1.5s");
    let fast = json!({ "apply_time": { "shape": "constant", "value": "1ms" } });
    counted.bench.configure(counted.projection, counting(fast));
    counted.until("1.6s");
    assert_eq!(counted.n(), 20);
    assert_eq!(counted.bench.count(counted.projection, What::Ignored), 0);
}

#[test]
fn events_that_overtake_each_other_are_applied_in_order() {
    for seed in 0..50 {
        let feed = json!({
            "latency": { "shape": "exponential", "mean": "20ms" }, "reordering": 0.5,
        });
        let settings = json!({ "apply_time": { "shape": "constant", "value": "10ms" } });
        let mut counted = counted(Bench::seeded(seed), 30, counting(settings), feed);
        counted.until("5s");
        assert_eq!(counted.n(), 30, "seed {seed}");
        let applied = counted.bench.messages(counted.projection, What::Applied);
        assert!(
            applied.is_sorted_by_key(|event| event.sequence),
            "seed {seed}"
        );
    }
}

#[test]
fn every_event_is_applied_once_over_a_bad_link() {
    for seed in 0..50 {
        let bad = json!({
            "latency": { "shape": "exponential", "mean": "20ms" },
            "loss": 0.3, "duplication": 0.3, "reordering": 0.2,
        });
        let settings = json!({
            "read_ahead": 5, "ask_again": "500ms",
            "apply_time": { "shape": "exponential", "mean": "10ms" },
        });
        let mut counted = counted(Bench::seeded(seed), 30, counting(settings), bad);
        counted.until("120s");
        assert_eq!(
            (counted.n(), counted.projection().behind()),
            (30, 0),
            "seed {seed}"
        );
        let applied = counted.bench.count(counted.projection, What::Applied);
        assert_eq!(applied, 30, "seed {seed}");
    }
}

#[test]
fn a_last_event_that_was_lost_is_asked_for() {
    // With this seed, the only event gets lost, and its second showing does not.
    let lossy = json!({ "loss": 0.5 });
    let lost = |seed| {
        let settings = counting(json!({}));
        let mut counted = counted(Bench::seeded(seed), 1, settings, lossy.clone());
        counted.until("2s");
        counted
    };
    let mut counted = (0..20).map(lost).find(|counted| counted.n() == 0).unwrap();
    counted.until("200s");
    assert_eq!(counted.n(), 1);
    assert!(counted.bench.count(counted.projection, What::Asked) > 0);
}

#[test]
fn where_nothing_can_be_lost_silence_is_silence() {
    let mut counted = counted(Bench::new(), 1, counting(json!({})), json!({}));
    counted.until("5s");
    assert_eq!(counted.n(), 1);
    assert_eq!(
        counted.bench.world.next_at(),
        None,
        "nothing is left to happen"
    );
}

#[test]
fn a_mended_link_brings_what_was_missed_at_once() {
    let mut counted = counted(Bench::new(), 3, counting(json!({})), json!({}));
    counted.until("0.5s");
    let link = counted
        .bench
        .world
        .link_index(crate::units::LinkId(5))
        .unwrap();
    let cut = serde_json::from_value(json!({ "cut": true })).unwrap();
    counted.bench.world.set_link(link, cut);
    counted.bench.world.relink(link);
    counted.until("5s");
    counted.bench.world.set_link(link, Default::default());
    counted.bench.world.relink(link);
    counted.until("5.2s");
    assert_eq!(counted.n(), 3);
}

#[test]
fn a_store_that_was_down_goes_on_showing() {
    let settings = counting(json!({ "read_ahead": 2 }));
    let mut counted = counted(Bench::new(), 20, settings, json!({}));
    counted.until("1.3s");
    counted.bench.crash(counted.store);
    counted.until("2s");
    let stuck = counted.n();
    assert!((7..=9).contains(&stuck), "{stuck}");
    counted.bench.restart(counted.store);
    counted.until("4s");
    assert_eq!(counted.n(), 20);
}

#[test]
fn the_link_decides_which_events_count() {
    let types = json!({ "types": ["B"] });
    let mut counted = counted(Bench::new(), 5, counting(json!({})), types);
    counted.until("5s");
    assert_eq!((counted.n(), counted.projection().position()), (0, 5));
}

#[test]
fn a_projection_that_is_removed_is_no_longer_fed() {
    let mut counted = counted(Bench::new(), 5, counting(json!({})), json!({}));
    counted.until("1.1s");
    counted
        .bench
        .world
        .suffer(counted.projection, Fault::Remove);
    counted.bench.until("5s");
    assert_eq!(counted.bench.tally().stored, 5);
}

#[test]
fn asking_without_a_pause_is_refused() {
    let problems =
        Settings::from_json(Kind::Projection, &json!({ "ask_again": "0s" })).unwrap_err();
    assert_eq!(problems[0].field, "ask_again");
}
