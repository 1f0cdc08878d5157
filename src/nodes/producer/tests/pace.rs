//! Tests of when events come and which keys they have.

use serde_json::{Value, json};

use super::{producer, shares};
use crate::engine::What;

/// How often each of several keys comes up.
fn keys_of(choice: &str) -> Vec<usize> {
    let settings = json!({ "pace": "constant", "rate": 100.0, "keys": 4, "key_label": "k",
        "key_choice": choice });
    let (mut bench, _, queue) = producer(settings);
    bench.until("100s");
    let shares = shares(&bench, queue, |bench, message| {
        bench.world.names().key_text(message.key).to_owned()
    });
    shares.into_values().collect()
}

#[test]
fn keys_come_in_turn_or_as_zipf_says() {
    assert_eq!(keys_of("in_turn"), [2_500; 4]);
    // 1, 1/2, 1/3 and 1/4 of 25/12.
    for (found, expected) in keys_of("zipf")
        .into_iter()
        .zip([4_800, 2_400, 1_600, 1_200])
    {
        assert!(
            found.abs_diff(expected) < 150,
            "{found} instead of {expected}"
        );
    }
}

#[test]
fn bursts_have_the_rate_over_all_and_far_more_within() {
    let settings = json!({ "pace": "bursty", "rate": 10.0, "burst_on": "1s", "burst_off": "9s" });
    let (mut bench, producer, queue) = producer(settings);
    bench.until("4000s");
    let count = bench.count(producer, What::Created) as f64;
    assert!((count / 40_000.0 - 1.0).abs() < 0.1, "{count}");
    let born = bench.messages(queue, What::Queued);
    let times: Vec<f64> = born.iter().map(|message| message.born.as_secs()).collect();
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let long = gaps.iter().filter(|gap| **gap > 1.0).count();
    // One quiet time for each ten seconds, and e^-1/9 of them are longer than a second.
    assert!((300..420).contains(&long), "{long} quiet times");
    let short: Vec<&f64> = gaps.iter().filter(|gap| **gap < 0.5).collect();
    let mean = short.iter().copied().sum::<f64>() / short.len() as f64;
    assert!((mean - 0.0107).abs() < 0.002, "{mean} s within a burst");
}

#[test]
fn a_recorded_trace_is_played_once() {
    let trace = "time,event,key,body\n1.5,Paid,ada,\"{\"\"n\"\": 1}\"\n0.5,Placed,bob,\n";
    let settings = json!({ "pace": "by_hand", "trace": trace });
    let (mut bench, producer, queue) = producer(settings.clone());
    bench.until("1s");
    assert_eq!(bench.lines(queue, What::Queued), ["500ms Placed"]);
    bench.configure(producer, settings);
    bench.until("9s");
    assert_eq!(
        bench.lines(queue, What::Queued),
        ["500ms Placed", "1.5s Paid"]
    );
    let paid = bench.messages(queue, What::Queued)[1];
    assert_eq!(bench.body(&paid), json!({ "n": 1 }));
    assert_eq!(bench.world.names().key_text(paid.key), "ada");
}

#[test]
fn a_trace_that_cannot_be_read_is_a_problem() {
    let settings = json!({ "trace": "1,A\nsoon,B" });
    let problems = crate::nodes::Settings::from_json(crate::nodes::Kind::Producer, &settings);
    assert_eq!(problems.unwrap_err()[0].field, "trace line 2");
}

#[test]
fn on_a_narrow_link_what_carries_much_state_holds_up_the_rest() {
    let mut bench = crate::nodes::bench::Bench::new();
    let state = json!({ "state": "x".repeat(738) });
    let producer = bench.keyed(&[("0s", "A", "", state), ("0s", "B", "", json!({}))]);
    let queue = bench.node(crate::nodes::Kind::Queue, json!({}));
    let narrow = json!({ "bandwidth": 1000.0,
        "latency": { "shape": "constant", "value": "1s" } });
    bench.slow_link(producer, queue, narrow);
    bench.until("9s");
    // 250 bytes of envelope and 750 or 2 of body.
    let came = ["2s A", "2.252s B"];
    assert_eq!(bench.lines(queue, What::Queued), came);
}

#[test]
fn what_an_event_is_stands_in_its_envelope_and_headers() {
    let events = json!([{ "event": "Ship", "class": "command", "priority": 7, "delay": "2s" }]);
    let settings = json!({ "pace": "constant", "rate": 1.0, "events": events });
    let (mut bench, _, queue) = producer(settings);
    bench.until("1s");
    let message = bench.messages(queue, What::Queued).pop();
    let created = message.or_else(|| bench.messages(queue, What::Delivered).pop());
    let envelope = bench.world.envelope(&created.unwrap(), "", String::new());
    assert_eq!(envelope.class, "command");
    let headers = Value::Object(envelope.headers);
    assert_eq!(headers, json!({ "priority": 7, "delay": "2s" }));
}
