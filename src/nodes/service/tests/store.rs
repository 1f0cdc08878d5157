//! Tests of ids that services keep in a database.

use serde_json::{Value, json};

use super::work;
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// Two services that get the same event at 1 s, the second one `later`, and a database. What they
/// emit goes to a queue.
fn twice(settings: [Value; 2], later: &str, durable: bool) -> (Bench, [NodeIndex; 4]) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("1s", "A")]);
    let topic = bench.node(Kind::Topic, json!({}));
    let quick = json!({ "shape": "constant", "value": "10ms" });
    let database = json!({ "read_time": quick, "write_time": quick, "durable": durable });
    let [one, other] = settings.map(|mut it| {
        it["emits"] = json!([{ "event": "B" }]);
        bench.node(Kind::Service, work("100ms", it))
    });
    let database = bench.node(Kind::Database, database);
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, topic, one]);
    let latency = json!({ "latency": { "shape": "constant", "value": later } });
    bench.slow_link(topic, other, latency);
    for service in [one, other] {
        bench.link(service, database);
        bench.link(service, queue);
    }
    (bench, [one, other, database, queue])
}

fn sharing(store: &str) -> Value {
    json!({ "remembers": "1h", "store": store })
}

#[test]
fn services_that_share_a_store_do_an_event_once() {
    let (mut bench, [one, other, _, queue]) = twice([sharing("Done"), sharing("Done")], "5s", true);
    bench.until("30s");
    assert_eq!(
        bench.lines(one, What::Finished),
        ["1.12s A"],
        "10 ms before and after the work"
    );
    assert_eq!(bench.lines(other, What::Repeated), ["6.01s A"]);
    assert_eq!(bench.count(queue, What::Queued), 1);
    assert_eq!(bench.tally().alive(), 1, "that in the queue");
}

#[test]
fn at_the_same_time_both_do_it_and_only_the_first_one_counts() {
    let (mut bench, [one, other, _, queue]) = twice([sharing("Done"), sharing("Done")], "0s", true);
    bench.until("30s");
    let of = |what| bench.count(one, what) + bench.count(other, what);
    assert_eq!(
        (of(What::Started), of(What::Finished), of(What::Repeated)),
        (2, 1, 1)
    );
    assert_eq!(bench.count(queue, What::Queued), 1);
}

#[test]
fn what_each_knows_by_itself_or_under_another_name_does_not_help_the_other() {
    let own = || json!({ "remembers": "1h" });
    for settings in [[own(), own()], [sharing("Mail"), sharing("Bills")]] {
        let (mut bench, [.., queue]) = twice(settings, "5s", true);
        bench.until("30s");
        assert_eq!(bench.count(queue, What::Queued), 2);
    }
}

#[test]
fn a_store_that_is_lost_or_whose_window_is_over_makes_it_twice() {
    for (durable, times) in [(true, 1), (false, 2)] {
        let settings = [sharing("Done"), sharing("Done")];
        let (mut bench, [_, _, database, queue]) = twice(settings, "5s", durable);
        bench.until("3s");
        bench.crash(database);
        bench.restart(database);
        bench.until("30s");
        assert_eq!(
            bench.count(queue, What::Queued),
            times,
            "durable: {durable}"
        );
    }
    let short = || json!({ "remembers": "2s", "store": "Done" });
    let (mut bench, [.., queue]) = twice([short(), short()], "5s", true);
    bench.until("30s");
    assert_eq!(bench.count(queue, What::Queued), 2);
}

#[test]
fn without_an_answer_of_the_store_the_work_does_not_begin() {
    let careful = json!({ "remembers": "1h", "store": "Done", "retries": 5, "backoff": "fixed",
        "retry_delay": "1s", "jitter": "none" });
    let (mut bench, [one, _, database, queue]) = twice([careful, json!({})], "20s", true);
    bench.until("0.5s");
    bench.crash(database);
    bench.until("2.5s");
    bench.restart(database);
    bench.until("10s");
    let why = ["2s A: no answer to its call came in time"];
    assert_eq!(bench.lines(one, What::Failed), why);
    assert_eq!(bench.lines(one, What::Finished), ["3.12s A"]);
    assert_eq!(bench.count(queue, What::Queued), 1);
    let mut alone = Bench::new();
    let producer = alone.events(&[("0s", "A")]);
    let service = alone.node(Kind::Service, work("0s", sharing("Done")));
    alone.link(producer, service);
    alone.until("5s");
    assert_eq!(
        alone.lines(service, What::Failed),
        ["0s A: nobody receives it"]
    );
}

#[test]
fn a_store_is_asked_for_one_message_at_a_time() {
    let json = json!({ "remembers": "1h", "store": "Done", "batch": 2 });
    let problems = crate::nodes::Settings::from_json(Kind::Service, &json).unwrap_err();
    assert_eq!(problems[0].field, "store");
}
