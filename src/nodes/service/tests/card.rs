//! What the card of a service shows while it runs.

use serde_json::json;

use super::{given, work};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Part, Tone};

#[test]
fn a_batch_fills_before_it_begins() {
    let settings = json!({ "batch": 5, "batch_wait": "4s" });
    let (mut bench, service) = given(3, work("1s", settings));
    bench.until("1s");
    assert!(
        bench
            .shown(service)
            .contains(&"batch: 3 of 5 · 3.0 s".to_owned())
    );
    bench.until("4.5s");
    assert!(bench.shown(service).contains(&"batch: 0 of 5".to_owned()));
}

#[test]
fn tokens_are_spent_and_come_back() {
    let settings = json!({ "workers": 9, "rate_limit": 1.0, "burst": 3 });
    let (mut bench, service) = given(4, work("100s", settings));
    bench.until("0s");
    assert!(bench.shown(service).contains(&"tokens: 0 of 3!".to_owned()));
    bench.until("9s");
    assert!(bench.shown(service).contains(&"tokens: 3 of 3".to_owned()));
}

#[test]
fn a_worker_that_waits_before_it_tries_again_is_marked() {
    let settings = json!({ "failure_rate": 1.0, "retries": 1, "backoff": "fixed",
        "retry_delay": "5s", "jitter": "none" });
    let (mut bench, service) = given(1, work("1s", settings));
    for (moment, tone) in [("0.5s", Tone::Calm), ("3s", Tone::Warning)] {
        bench.until(moment);
        let world = &bench.world;
        let picture = world.node(service).picture(world.now(), world.names());
        let Part::Slots(slots) = &picture.parts[0] else {
            panic!("{:?}", picture.parts);
        };
        assert_eq!(slots[0].tone, tone);
        assert!(slots[0].work.is_some());
    }
    assert!(
        bench
            .shown(service)
            .contains(&"will try again: 1!".to_owned())
    );
}

#[test]
fn bad_periods_and_poison_are_said() {
    let settings = json!({ "poison": { "type": ["A"] }, "on_failure": "reject",
        "periods": [{ "from": "2s", "to": "9s", "slow": 3.0, "fails": 0.25 }] });
    let (mut bench, service) = given(1, work("1s", settings));
    bench.until("1.5s");
    assert!(bench.shown(service).contains(&"poison: 1!!".to_owned()));
    bench.until("3s");
    let shown = bench.shown(service);
    assert!(
        shown.contains(&"slow period: 3× the time!".to_owned()),
        "{shown:?}"
    );
    assert!(
        shown.contains(&"bad period: 25 % fail!".to_owned()),
        "{shown:?}"
    );
    bench.until("9s");
    assert!(
        !bench
            .shown(service)
            .iter()
            .any(|line| line.contains("period"))
    );
}

#[test]
fn many_workers_are_counted_in_full() {
    let (mut bench, service) = given(30, work("9s", json!({ "workers": 40 })));
    bench.until("1s");
    assert!(bench.shown(service).contains(&"busy: 30 of 40".to_owned()));
}

#[test]
fn failures_add_up_until_the_circuit_opens() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("1s", "A"), ("2s", "A"), ("3s", "A")]);
    let caller = json!({ "circuit_opens_after": 3, "circuit_open_for": "5s", "bulkhead": 4 });
    let caller = bench.node(Kind::Service, work("0s", caller));
    let callee = work("0s", json!({ "failure_rate": 1.0 }));
    let callee = bench.node(Kind::Service, callee);
    bench.link(producer, caller);
    bench.slow_link(caller, callee, json!({ "calls": true }));
    for (moment, line) in [
        ("0.5s", "circuit: closed · 1 of 3!"),
        ("1.5s", "circuit: closed · 2 of 3!"),
        ("3s", "circuit: open · 4.0 s!!"),
        ("8s", "circuit: half open!"),
    ] {
        bench.until(moment);
        let shown = bench.shown(caller);
        assert!(shown.contains(&line.to_owned()), "{moment}: {shown:?}");
        assert!(
            shown.contains(&"calls at once: 0 of 4".to_owned()),
            "{shown:?}"
        );
    }
}
