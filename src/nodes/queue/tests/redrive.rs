//! Sending on what waits by hand: which, where to, how fast, and what becomes of it when something
//! goes wrong in between.

use serde_json::json;

use super::counter::Counter;
use crate::engine::{Behaviour, Chosen, Goal, NodeIndex, Operation, Verdict, What};
use crate::nodes::Kind;
use crate::units::{NodeId, SimDuration};

fn redrive(which: &[(u64, u16)], to: Goal) -> Operation {
    let chosen = |(root, nth): &(u64, u16)| Chosen {
        root: *root,
        nth: *nth,
    };
    Operation::Redrive {
        which: (!which.is_empty()).then(|| which.iter().map(chosen).collect()),
        most: 1_000_000,
        every: SimDuration::ZERO,
        to,
    }
}

/// What waits in a queue, by name.
fn waiting(counter: &Counter, queue: NodeIndex) -> String {
    let world = &counter.bench.world;
    let stock = world.node(queue).stock(100).expect("it is a queue");
    let names = stock.first.iter().map(|stocked| stocked.message.event_type);
    let names: Vec<&str> = names.map(|it| world.names().type_name(it)).collect();
    names.join(" ")
}

fn roots(counter: &Counter, queue: NodeIndex) -> Vec<u64> {
    let stock = counter.bench.world.node(queue).stock(100).unwrap();
    stock.first.iter().map(|it| it.message.root).collect()
}

/// A queue with a consumer that has rejected some messages, and the queue of its dead letters.
fn with_dead(events: &str) -> (Counter, NodeIndex, NodeIndex) {
    let mut counter = Counter::new(json!({}));
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(0);
    counter.put(events, json!({}));
    counter.take(consumer, 10);
    counter.settle(consumer, events, Verdict::Reject);
    assert_eq!(waiting(&counter, dead), events);
    (counter, dead, consumer)
}

#[test]
fn chosen_dead_letters_go_back_to_where_they_died_though_nobody_drew_a_link() {
    let (mut counter, dead, consumer) = with_dead("A B C D");
    let roots = roots(&counter, dead);
    let chosen = [(roots[3], 1), (roots[1], 1), (77, 1)];
    counter.operate(dead, redrive(&chosen, Goal::Source));
    assert_eq!(waiting(&counter, dead), "A C");
    assert_eq!(
        counter.waiting(),
        "B D",
        "in the order in which they waited"
    );
    counter.take(consumer, 2);
    let again = counter.find(consumer, "B");
    assert_eq!((again.root, again.attempt), (roots[1], 1), "the same event");
    assert!(!again.dead, "it is new where it arrives");
    counter.settle(consumer, "B", Verdict::Reject);
    assert_eq!(waiting(&counter, dead), "A C B");
    assert_eq!(counter.bench.count(dead, What::Acked), 2);
}

#[test]
fn each_goes_back_to_its_own_source_or_all_to_one_queue() {
    let (mut counter, dead, _) = with_dead("A");
    let other = counter
        .bench
        .node(Kind::Queue, json!({ "time_to_live": "0s" }));
    let letters = counter.bench.link(other, dead);
    let spare = counter.bench.node(Kind::Queue, json!({}));
    counter.bench.world.start_node(other);
    counter.bench.world.start_node(spare);
    counter.bench.world.relink(letters);
    let world = &mut counter.bench.world;
    world.inject(other, "X", "", json!("X"), serde_json::Map::new());
    counter.run("0s");
    assert_eq!(waiting(&counter, dead), "A X");
    let longer = json!({ "time_to_live": "9s" });
    counter.bench.configure(other, longer);
    counter.operate(dead, redrive(&[], Goal::Source));
    let there = |counter: &Counter| {
        let all = [dead, counter.queue, other, spare];
        all.map(|queue| waiting(counter, queue))
    };
    assert_eq!(there(&counter), ["", "A", "X", ""]);
    counter.run("9s");
    assert_eq!(there(&counter), ["X", "A", "", ""], "it died once more");
    let id = counter.bench.world.node_id(spare);
    counter.operate(dead, redrive(&[], Goal::Node(id)));
    assert_eq!(there(&counter), ["", "A", "", "X"]);
}

#[test]
fn what_never_died_and_what_has_no_goal_stays() {
    let mut counter = Counter::new(json!({}));
    counter.put("A B", json!({}));
    let queue = counter.queue;
    let me = counter.bench.world.node_id(queue);
    for to in [
        Goal::Source,
        Goal::Link,
        Goal::Node(NodeId(99)),
        Goal::Node(me),
    ] {
        counter.operate(queue, redrive(&[], to));
        assert_eq!(counter.waiting(), "A B", "{to:?}");
    }
}

#[test]
fn of_two_copies_of_an_event_the_chosen_one_goes() {
    let (mut counter, dead, _) = with_dead("A");
    let root = roots(&counter, dead)[0];
    // The same event once more, by way of a topic.
    let topic = counter.bench.node(Kind::Topic, json!({}));
    let first = counter
        .bench
        .node(Kind::Queue, json!({ "time_to_live": "0s" }));
    let second = counter
        .bench
        .node(Kind::Queue, json!({ "time_to_live": "0s" }));
    for (from, to) in [
        (topic, first),
        (topic, second),
        (first, dead),
        (second, dead),
    ] {
        let link = counter.bench.link(from, to);
        counter.bench.world.relink(link);
    }
    let world = &mut counter.bench.world;
    world.inject(topic, "X", "", json!("X"), serde_json::Map::new());
    counter.run("0s");
    let all = roots(&counter, dead);
    assert_eq!((all[0], all[1]), (root, all[2]), "two copies of one event");
    let spare = counter.bench.node(Kind::Queue, json!({}));
    let id = counter.bench.world.node_id(spare);
    let before = counter.bench.world.node(dead).stock(3).unwrap().first;
    counter.operate(dead, redrive(&[(all[1], 2)], Goal::Node(id)));
    let after = counter.bench.world.node(dead).stock(3).unwrap().first;
    assert_eq!(after, before[..2], "the second of them has gone");
    assert_eq!(waiting(&counter, spare), "X");
}

/// Dead letters that go back along a link on which each way takes a second.
fn slowly() -> (Counter, NodeIndex) {
    let (mut counter, dead, _) = with_dead("A B");
    let latency = json!({ "shape": "constant", "value": "1s" });
    let (queue, link) = (counter.queue, json!({ "latency": latency }));
    let back = counter.bench.slow_link(dead, queue, link);
    counter.bench.world.relink(back);
    (counter, dead)
}

#[test]
fn a_message_is_removed_when_the_receiver_has_confirmed_it() {
    let (mut counter, dead) = slowly();
    counter.operate(dead, redrive(&[], Goal::Source));
    let unsettled = |counter: &Counter| counter.bench.world.node(dead).holdings().in_flight;
    assert_eq!(
        (waiting(&counter, dead), unsettled(&counter)),
        (String::new(), 2)
    );
    counter.run("1500ms");
    assert_eq!(
        (counter.waiting().as_str(), unsettled(&counter)),
        ("A B", 2)
    );
    counter.run("1s");
    assert_eq!(unsettled(&counter), 0);
    assert_eq!(waiting(&counter, dead), "");
}

#[test]
fn a_crash_in_between_doubles_what_is_sent_on_and_loses_nothing() {
    let (mut counter, dead) = slowly();
    counter.operate(dead, redrive(&[], Goal::Source));
    counter.run("1500ms");
    counter.bench.crash(dead);
    counter.run("3s");
    counter.bench.restart(dead);
    counter.run("60s");
    assert_eq!(
        waiting(&counter, dead),
        "A B",
        "it never heard of the confirm"
    );
    assert_eq!(counter.waiting(), "A B");
}

#[test]
fn what_is_lost_on_the_way_comes_back_when_no_confirm_comes() {
    let (mut counter, dead) = slowly();
    let queue = counter.queue;
    counter.operate(dead, redrive(&[], Goal::Source));
    counter.bench.crash(queue);
    counter.run("29s");
    assert_eq!(waiting(&counter, dead), "");
    counter.run("2s");
    assert_eq!(waiting(&counter, dead), "A B");
}

#[test]
fn a_goal_without_room_ends_it() {
    let (mut counter, dead, _) = with_dead("A B C");
    let settings = json!({ "max_length": 1, "overflow": "reject" });
    let small = counter.bench.node(Kind::Queue, settings);
    counter.bench.world.start_node(small);
    let id = counter.bench.world.node_id(small);
    counter.operate(dead, redrive(&[], Goal::Node(id)));
    assert_eq!(waiting(&counter, small), "A");
    assert_eq!(waiting(&counter, dead), "B C");
}

#[test]
fn an_answer_can_be_meant_for_one_of_two_copies_in_the_hand() {
    let mut counter = Counter::new(json!({}));
    let consumer = counter.consumer(1);
    let other = counter.bench.node(Kind::Queue, json!({}));
    let topic = counter.bench.node(Kind::Topic, json!({}));
    let queue = counter.queue;
    for (from, to) in [(topic, queue), (topic, other), (other, consumer)] {
        let link = counter.bench.link(from, to);
        counter.bench.world.relink(link);
    }
    let world = &mut counter.bench.world;
    world.inject(topic, "A", "", json!("A"), serde_json::Map::new());
    counter.run("0s");
    assert_eq!(counter.hand(consumer), "A A");
    let stock = counter.bench.world.node(consumer).stock(9).unwrap();
    let lender = |place: usize| {
        let link = stock.first[place].link.unwrap();
        counter.bench.world.ends(link).0
    };
    let lenders = [lender(0), lender(1)];
    let which = crate::engine::Delivery {
        root: stock.first[0].message.root,
        attempt: Some(1),
        nth: Some(1),
    };
    let verdict = Verdict::Ack;
    counter.operate(consumer, Operation::Settle { which, verdict });
    assert_eq!(counter.bench.count(lenders[0], What::Acked), 1);
    assert_eq!(counter.bench.count(lenders[1], What::Acked), 0);
    let left = counter.bench.world.node(consumer).stock(9).unwrap().first;
    assert_eq!(left, stock.first[1..]);
    let message = left[0].message.id;
    let loan = counter.bench.world.node(lenders[1]).loan(message).unwrap();
    assert_eq!((Some(loan.link), loan.attempt), (left[0].link, 1));
    counter.run("31s");
    let again = counter.bench.world.node(lenders[1]).loan(message);
    assert_eq!(again.map(|loan| loan.attempt), Some(2), "lent once more");
}
