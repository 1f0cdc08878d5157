//! Tests of the aggregate, with the stories of the bank.

use serde_json::{Value, json};

use super::Aggregate;
use crate::engine::{NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::projection::Projection;
use crate::nodes::{Kind, Node, Settings};

fn folds() -> Value {
    json!([
        { "on": "AccountOpened", "set": { "balance": 0 } },
        { "on": "AccountCreated", "set": { "balance": "{amount}" } },
        { "on": "MoneyDeposited", "add": { "balance": "{amount}" } },
        { "on": "MoneyWithdrawn", "subtract": { "balance": "{amount}" } },
    ])
}

fn bank(mut more: Value) -> Value {
    more["folds"] = folds();
    more["rules"] = json!([
        { "command": "Open", "emits": "AccountOpened",
          "requires": [{ "field": "balance", "is": "absent" }] },
        { "command": "Create", "emits": "AccountCreated",
          "requires": [{ "field": "balance", "is": "absent" }] },
        { "command": "Deposit", "emits": "MoneyDeposited",
          "requires": [{ "field": "balance", "is": "present" }] },
        { "command": "Withdraw", "emits": "MoneyWithdrawn",
          "requires": [{ "field": "balance", "is": "at_least", "value": "{amount}" }] },
    ]);
    more
}

/// A bank: commands, an aggregate, a store and a projection.
struct Bank {
    bench: Bench,
    aggregate: NodeIndex,
    store: NodeIndex,
    projection: NodeIndex,
}

/// A bank that gets commands for one account, a second apart: type and amount.
fn story(commands: &[(&str, i64)], settings: Value, to_store: Value) -> Bank {
    story_on(Bench::new(), commands, settings, to_store)
}

fn story_on(mut bench: Bench, commands: &[(&str, i64)], settings: Value, to_store: Value) -> Bank {
    let times: Vec<String> = (1..=commands.len()).map(|n| format!("{n}s")).collect();
    let schedule: Vec<_> = times
        .iter()
        .zip(commands)
        .map(|(at, (command, amount))| {
            (at.as_str(), *command, "acc-1", json!({ "amount": amount }))
        })
        .collect();
    let producer = bench.keyed(&schedule);
    let aggregate = bench.node(Kind::Aggregate, bank(settings));
    let store = bench.node(Kind::EventStore, json!({}));
    let projection = bench.node(Kind::Projection, json!({ "folds": folds() }));
    bench.link(producer, aggregate);
    bench.slow_link(aggregate, store, to_store);
    bench.link(store, projection);
    Bank {
        bench,
        aggregate,
        store,
        projection,
    }
}

impl Bank {
    fn balance(&self) -> Value {
        let projection: &Projection = match self.bench.world.node(self.projection) {
            Node::Projection(projection) => projection,
            _ => panic!("it is a projection"),
        };
        projection
            .rows()
            .values()
            .next()
            .map_or(Value::Null, |row| row["balance"].clone())
    }

    fn stored(&self) -> u64 {
        self.bench.tally().stored
    }
}

fn aggregate_of(bench: &Bench, node: NodeIndex) -> &Aggregate {
    match bench.world.node(node) {
        Node::Aggregate(aggregate) => aggregate,
        _ => panic!("it is an aggregate"),
    }
}

const SEVENTY: [(&str, i64); 3] = [("Open", 0), ("Deposit", 100), ("Withdraw", 30)];

#[test]
fn opened_plus_100_minus_30_is_70() {
    let mut bank = story(&SEVENTY, json!({}), json!({}));
    bank.bench.until("4s");
    assert_eq!(bank.balance(), 70);
    let stored = ["AccountOpened", "MoneyDeposited", "MoneyWithdrawn"];
    for (line, event) in bank
        .bench
        .lines(bank.store, What::Stored)
        .iter()
        .zip(stored)
    {
        assert!(line.ends_with(event), "{line}");
    }
    assert_eq!(bank.bench.tally().done, 3, "commands");
}

#[test]
fn created_0_plus_100_minus_50_is_50() {
    let story = &[("Create", 0), ("Deposit", 100), ("Withdraw", 50)];
    let mut bank = self::story(story, json!({}), json!({}));
    bank.bench.until("4s");
    assert_eq!(bank.balance(), 50);
}

#[test]
fn what_would_overdraw_is_refused() {
    let story = &[
        ("Open", 0),
        ("Withdraw", 1),
        ("Deposit", 5),
        ("Withdraw", 5),
    ];
    let mut bank = self::story(story, json!({}), json!({}));
    bank.bench.until("5s");
    let refused = bank.bench.lines(bank.aggregate, What::Refused);
    assert_eq!(refused, ["2.005s Withdraw: the state does not allow it"]);
    assert_eq!(
        aggregate_of(&bank.bench, bank.aggregate).decisions(),
        (3, 1)
    );
    assert_eq!((bank.stored(), bank.balance()), (3, json!(0)));
    assert_eq!(bank.bench.tally().done, 4, "a refusal is an answer too");
}

#[test]
fn a_command_without_a_rule_is_refused() {
    let mut bank = story(&[("Close", 0)], json!({}), json!({}));
    bank.bench.until("2s");
    let refused = bank.bench.lines(bank.aggregate, What::Refused);
    assert_eq!(refused, ["1.005s Close: the receiver has no rule for it"]);
}

#[test]
fn events_name_their_command_and_say_the_same() {
    let mut bank = story(&SEVENTY, json!({}), json!({}));
    bank.bench.until("4s");
    let commands = bank.bench.messages(bank.aggregate, What::Finished);
    let events = bank.bench.messages(bank.store, What::Stored);
    for (command, event) in commands.iter().zip(&events) {
        assert_eq!((event.causation, event.key), (command.root, command.key));
        assert_eq!(bank.bench.body(event), bank.bench.body(command));
    }
}

#[test]
fn what_is_accepted_is_published_too() {
    let mut bank = story(&SEVENTY, json!({}), json!({}));
    let queue = bank.bench.node(Kind::Queue, json!({}));
    let types = json!({ "types": ["MoneyDeposited"] });
    bank.bench.slow_link(bank.aggregate, queue, types);
    bank.bench.until("4s");
    assert_eq!(
        bank.bench.lines(queue, What::Queued),
        ["2.007s MoneyDeposited"]
    );
    let copy = bank.bench.messages(queue, What::Queued)[0];
    let stored = bank.bench.messages(bank.store, What::Stored)[1];
    assert!(copy.root == stored.root && copy.id != stored.id);
}

/// Two aggregates that get a withdrawal of 60 each, at once, from an account with 100.
fn race(retries: u32) -> (Bank, NodeIndex) {
    let opening = &[("Open", 0), ("Deposit", 100), ("Withdraw", 60)];
    let settings = json!({ "conflict_retries": retries });
    let mut bank = story(opening, settings.clone(), json!({}));
    let other = bank
        .bench
        .keyed(&[("3s", "Withdraw", "acc-1", json!({ "amount": 60 }))]);
    let rival = bank.bench.node(Kind::Aggregate, self::bank(settings));
    bank.bench.link(other, rival);
    bank.bench.link(rival, bank.store);
    (bank, rival)
}

#[test]
fn two_writers_conflict_and_the_later_one_decides_again() {
    let (mut bank, rival) = race(3);
    bank.bench.until("5s");
    assert_eq!(bank.bench.count(bank.store, What::Conflicted), 1);
    let conflicted = bank.bench.lines(rival, What::Conflicted);
    assert_eq!(conflicted, ["3.009s Withdraw: the stream had changed"]);
    let refused = bank.bench.lines(rival, What::Refused);
    assert_eq!(refused, ["3.014s Withdraw: the state does not allow it"]);
    assert_eq!((bank.stored(), bank.balance()), (3, json!(40)));
    assert_eq!(
        bank.bench.tally().dropped,
        1,
        "the event that lost the race"
    );
}

#[test]
fn without_retries_a_conflict_is_a_refusal() {
    let (mut bank, rival) = race(0);
    bank.bench.until("5s");
    let refused = bank.bench.lines(rival, What::Refused);
    assert_eq!(refused, ["3.009s Withdraw: the stream had changed"]);
}

#[test]
fn a_command_that_comes_twice_leads_to_one_event() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[("1s", "Open", "acc-1", json!({}))]);
    let aggregate = bench.node(Kind::Aggregate, bank(json!({})));
    let store = bench.node(Kind::EventStore, json!({}));
    bench.slow_link(producer, aggregate, json!({ "duplication": 1.0 }));
    bench.link(aggregate, store);
    bench.until("3s");
    assert_eq!((bench.tally().stored, bench.tally().done), (1, 2));
    assert_eq!(bench.count(aggregate, What::Refused), 0);
    assert_eq!(bench.count(aggregate, What::Finished), 1);
}

#[test]
fn a_lost_answer_leads_to_no_second_event() {
    // Every second thing on the way to the store and back is lost.
    let lossy = json!({ "loss": 0.5 });
    let settings = json!({ "append_timeout": "100ms" });
    let mut bank = story(&SEVENTY, settings, lossy);
    bank.bench.until("60s");
    let lost = bank.bench.tally().dropped;
    assert!(lost > 0, "events were lost on the way");
    assert_eq!((bank.stored(), bank.balance()), (3, json!(70)));
    assert_eq!(
        aggregate_of(&bank.bench, bank.aggregate).decisions(),
        (3, 0)
    );
}

#[test]
fn every_seed_comes_to_the_same_balance_over_a_bad_link() {
    for seed in 0..50 {
        let bad = json!({
            "latency": { "shape": "exponential", "mean": "30ms" },
            "loss": 0.3, "duplication": 0.3, "reordering": 0.3,
        });
        let settings = json!({ "append_timeout": "100ms", "conflict_retries": 1000 });
        let mut bank = story_on(Bench::seeded(seed), &SEVENTY, settings, bad);
        bank.bench.until("60s");
        let decisions = aggregate_of(&bank.bench, bank.aggregate).decisions();
        assert_eq!(decisions, (3, 0), "seed {seed}");
        assert_eq!(
            (bank.stored(), bank.balance()),
            (3, json!(70)),
            "seed {seed}"
        );
    }
}

#[test]
fn one_command_at_a_time_and_the_rest_waits() {
    let mut bench = Bench::new();
    let deposit = ("1s", "Deposit", "acc-1", json!({ "amount": 1 }));
    let open = ("0s", "Open", "acc-1", json!({}));
    let producer = bench.keyed(&[open, deposit.clone(), deposit.clone(), deposit]);
    let aggregate = bench.node(Kind::Aggregate, bank(json!({})));
    let store = bench.node(Kind::EventStore, json!({}));
    bench.chain(&[producer, aggregate, store]);
    bench.until("1s");
    assert_eq!(bench.metrics(aggregate).depth.value(), 2);
    bench.until("2s");
    let stored = bench.lines(store, What::Stored);
    let times: Vec<&str> = stored[1..]
        .iter()
        .filter_map(|l| l.split(' ').next())
        .collect();
    assert_eq!(times, ["1.007s", "1.014s", "1.021s"]);
}

#[test]
fn a_queue_keeps_its_commands_through_a_crash() {
    let mut bench = Bench::new();
    let deposit = ("1s", "Deposit", "acc-1", json!({ "amount": 1 }));
    let open = ("0s", "Open", "acc-1", json!({}));
    let producer = bench.keyed(&[open, deposit.clone(), deposit.clone(), deposit]);
    let queue = bench.node(Kind::Queue, json!({}));
    let aggregate = bench.node(Kind::Aggregate, bank(json!({ "restart_after": "1s" })));
    let store = bench.node(Kind::EventStore, json!({}));
    bench.chain(&[producer, queue, aggregate, store]);
    bench.until("1.006s");
    // The event of the first deposit is on its way to the disk.
    bench.crash(aggregate);
    bench.until("9s");
    assert_eq!((bench.tally().stored, bench.tally().done), (4, 4));
    assert_eq!(bench.count(queue, What::Delivered), 5, "one came back");
    assert_eq!(
        bench.count(aggregate, What::Finished),
        3,
        "and was done already"
    );
    assert_eq!(bench.count(aggregate, What::Ignored), 0);
}

#[test]
fn commands_without_a_queue_are_lost_in_a_crash() {
    let mut bank = story(&SEVENTY, json!({}), json!({}));
    bank.bench.until("2.001s");
    bank.bench.crash(bank.aggregate);
    bank.bench.until("5s");
    let why = "the node that had it crashed";
    let lost = [
        format!("2.001s Deposit: {why}"),
        format!("3s Withdraw: {why}"),
    ];
    assert_eq!(bank.bench.lines(bank.aggregate, What::Dropped), lost);
    assert_eq!(bank.stored(), 1);
}

#[test]
fn a_store_that_is_down_delays_the_decision() {
    let settings = json!({ "append_timeout": "1s" });
    let mut bank = story(&SEVENTY, settings, json!({}));
    bank.bench.until("1.5s");
    bank.bench.crash(bank.store);
    bank.bench.until("10s");
    assert_eq!((bank.stored(), bank.bench.tally().done), (1, 1));
    bank.bench.restart(bank.store);
    bank.bench.until("20s");
    assert_eq!((bank.stored(), bank.bench.tally().done), (3, 3));
    assert_eq!(bank.balance(), 70);
}

#[test]
fn an_append_that_the_store_lost_is_made_again() {
    let settings = json!({ "append_timeout": "1s" });
    let mut bank = story(&SEVENTY[..1], settings, json!({}));
    bank.bench.until("1.006s");
    bank.bench.crash(bank.store);
    bank.bench.restart(bank.store);
    bank.bench.until("5s");
    assert_eq!((bank.stored(), bank.bench.tally().dropped), (1, 1));
    assert_eq!(
        bank.bench.lines(bank.store, What::Stored),
        ["2.012s AccountOpened"]
    );
}

#[test]
fn an_aggregate_without_a_store_waits_for_one() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[("1s", "Open", "acc-1", json!({}))]);
    let aggregate = bench.node(Kind::Aggregate, bank(json!({})));
    let store = bench.node(Kind::EventStore, json!({}));
    bench.link(producer, aggregate);
    bench.until("30s");
    assert_eq!(bench.tally().in_flight, 1);
    let link = bench.link(aggregate, store);
    bench.world.relink(link);
    bench.until("31s");
    assert_eq!((bench.tally().stored, bench.tally().done), (1, 1));
}

#[test]
fn a_slow_store_is_not_asked_for_a_second_event() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[("1s", "Open", "acc-1", json!({}))]);
    let aggregate = bench.node(Kind::Aggregate, bank(json!({ "append_timeout": "1s" })));
    let slow = json!({ "append_time": { "shape": "constant", "value": "3s" } });
    let store = bench.node(Kind::EventStore, slow);
    bench.chain(&[producer, aggregate, store]);
    bench.until("60s");
    assert_eq!(
        (bench.tally().stored, bench.count(aggregate, What::Finished)),
        (1, 1)
    );
    assert_eq!(bench.tally().waiting + bench.tally().in_flight, 0);
}

#[test]
fn other_folds_are_used_at_once() {
    let mut bank = story(&SEVENTY, json!({}), json!({}));
    bank.bench.until("2.5s");
    let mut settings = self::bank(json!({}));
    settings["folds"][2]["add"]["balance"] = json!(10);
    bank.bench.configure(bank.aggregate, settings);
    bank.bench.until("4s");
    assert_eq!(
        bank.bench.count(bank.aggregate, What::Refused),
        1,
        "10 are not 30"
    );
}

#[test]
fn whatever_crashes_each_command_leads_to_one_event() {
    for seed in 0..20 {
        let mut bench = Bench::seeded(seed);
        let deposit = ("1s", "Deposit", "acc-1", json!({ "amount": 1 }));
        let mut commands = vec![("0s", "Open", "acc-1", json!({}))];
        commands.extend(std::iter::repeat_n(deposit, 40));
        let producer = bench.keyed(&commands);
        let queue = bench.node(Kind::Queue, json!({ "ack_timeout": "2s" }));
        let aggregate = bench.node(Kind::Aggregate, bank(json!({ "append_timeout": "200ms" })));
        let store = bench.node(Kind::EventStore, json!({}));
        let projection = bench.node(Kind::Projection, json!({ "folds": folds() }));
        bench.link(producer, queue);
        let bad = json!({
            "latency": { "shape": "exponential", "mean": "10ms" },
            "loss": 0.1, "duplication": 0.1, "reordering": 0.1,
        });
        for (from, to) in [(queue, aggregate), (aggregate, store), (store, projection)] {
            bench.slow_link(from, to, bad.clone());
        }
        let luck = crate::units::Luck::of(seed, "crashes");
        let nodes = [queue, aggregate, store, projection];
        for n in 0..60 {
            let node = nodes[luck.below(n, 4) as usize];
            bench.until(&format!("{}ms", 1_500 + n * 100));
            bench.crash(node);
            bench.until(&format!("{}ms", 1_560 + n * 100));
            bench.restart(node);
        }
        bench.until("600s");
        assert_eq!(
            (bench.tally().stored, bench.tally().waiting),
            (41, 0),
            "seed {seed}"
        );
        let Node::Projection(projection) = bench.world.node(projection) else {
            panic!("it is a projection");
        };
        let balances: Vec<&Value> = projection.rows().values().map(|r| &r["balance"]).collect();
        assert_eq!(balances, [&json!(40)], "seed {seed}");
    }
}

#[test]
fn bad_rules_are_told_at_their_field() {
    let problems = |settings: Value| -> Vec<String> {
        let problems = Settings::from_json(Kind::Aggregate, &settings).unwrap_err();
        problems.into_iter().map(|problem| problem.field).collect()
    };
    let rule = |condition: Value| {
        json!({ "rules": [
            { "command": "A", "emits": "B", "requires": [condition] },
        ] })
    };
    let unknown = rule(json!({ "field": "x", "is": "above", "value": 1 }));
    assert_eq!(problems(unknown), ["rules[0].requires[0].is"]);
    let no_value = rule(json!({ "field": "x", "is": "equal" }));
    assert_eq!(problems(no_value), ["rules[0].requires[0].value"]);
    let folds = json!({ "folds": [{ "on": "A", "set": { "x": "{a} b" } }] });
    assert_eq!(problems(folds), ["folds[0].set.x"]);
    assert_eq!(
        problems(json!({ "append_timeout": "0s" })),
        ["append_timeout"]
    );
}
