//! A small system in which people do everything, step by step.

use serde_json::{Value, json};

use super::*;
use crate::editor::panel::{Sheet, sheet_of};
use crate::editor::{Desk, Item, Reach};
use crate::engine::{Operation, Verdict};
use crate::scenario::Scenario;
use crate::simulation::Intervention;

const DESK: NodeId = NodeId(3);
const DEAD: NodeId = NodeId(4);

struct Play {
    document: Scenario,
    run: Run,
}

impl Play {
    fn new() -> Self {
        let schedule: Vec<Value> = (1..=4)
            .map(|_| json!({ "at": "0s", "event": "Order", "key": "ada", "body": { "n": 1 } }))
            .collect();
        let json = json!({
            "version": 1, "next_id": 20,
            "nodes": [
                { "id": 1, "kind": "producer", "name": "Shop",
                  "settings": { "pace": "by_hand", "schedule": schedule } },
                { "id": 2, "kind": "queue", "name": "Orders",
                  "settings": { "ack_timeout": "10s" } },
                { "id": 3, "kind": "service", "name": "Desk", "settings": { "by_hand": true } },
                { "id": 4, "kind": "queue", "name": "Dead" },
            ],
            "links": [
                { "id": 5, "from": 1, "to": 2 }, { "id": 6, "from": 2, "to": 3 },
                { "id": 7, "from": 2, "to": 4 },
            ],
        });
        let document = crate::scenario::from_json(&json).expect("a right document");
        let run = Run::new(document.plan()).expect("a right plan");
        let mut play = Self { document, run };
        play.wait(1);
        play
    }

    fn wait(&mut self, seconds: u64) {
        let until = self.run.now().after(SimDuration::from_secs(seconds));
        self.run.advance(until, u64::MAX);
    }

    /// Does something as a person does it on the page, and lets the instant end.
    fn operate(&mut self, node: NodeId, operation: Operation) {
        let (topology, stamp) = (self.run.topology().clone(), self.run.stamp());
        let mut desk = Desk::new(&mut self.document, topology, stamp, Reach::FromNow);
        let what = Intervention::Operate { node, operation };
        desk.intervene(what).expect("it can be done");
        desk.finish();
        self.run.follow(self.document.plan()).expect("a right plan");
        self.wait(0);
    }

    fn take(&mut self, most: u32) {
        self.operate(DESK, Operation::Take { most, hide: None });
    }

    fn settle(&mut self, place: usize, verdict: Verdict) {
        let which = self.stock(DESK).rows[place].delivery();
        self.operate(DESK, Operation::Settle { which, verdict });
    }

    fn stock(&self, node: NodeId) -> StockSheet {
        let sheet = sheet_of(&self.run, &self.document.drawing, &[Item::Node(node)]);
        match sheet {
            Some(Sheet::Node(sheet)) if sheet.stock.is_some() => sheet.stock.expect("it is there"),
            other => panic!("there is nothing to do: {other:?}"),
        }
    }
}

#[test]
fn what_is_taken_is_in_the_hand_with_the_time_that_is_left() {
    let mut play = Play::new();
    let empty = play.stock(DESK);
    assert_eq!((empty.in_hand, empty.total, empty.offered), (true, 0, 4));
    play.take(1);
    play.wait(6);
    let stock = play.stock(DESK);
    let row = &stock.rows[0];
    assert_eq!((stock.total, stock.offered), (1, 3));
    assert_eq!((&*row.name, &*row.what), ("Order", "ada · #1"));
    assert_eq!(
        (&*row.age, &*row.left, row.soon),
        ("6.0 s", "4.0 s left", true)
    );
    assert_eq!(row.longer, Some(SimDuration::from_secs(10)));
    let time = row.longer.unwrap();
    let which = row.delivery();
    play.operate(DESK, Operation::Extend { which, time });
    assert_eq!(play.stock(DESK).rows[0].left, "10.0 s left");
    let message = row.message;
    let (node, same) = held(&play.run, message).expect("it is in a hand");
    assert_eq!((node, same.message), (DESK, message));
    play.settle(0, Verdict::Ack);
    assert!(play.stock(DESK).rows.is_empty());
    assert_eq!(held(&play.run, message), None);
}

#[test]
fn who_is_too_late_is_told_what_became_of_it() {
    let mut play = Play::new();
    play.take(1);
    play.wait(11);
    let late = &play.stock(DESK).rows[0];
    assert_eq!(late.left, "too late");
    assert_eq!(late.fate.as_deref(), Some("Orders has taken it back"));
    play.take(1);
    let rows = play.stock(DESK).rows;
    let fates = [&rows[0], &rows[1]].map(|row| (row.attempt, row.fate.as_deref()));
    let again = "Orders has taken it back, and has handed it out again";
    assert_eq!(fates, [(1, Some(again)), (2, None)]);
}

#[test]
fn dead_letters_say_why_and_the_chosen_ones_go_back() {
    let mut play = Play::new();
    play.take(4);
    for _ in 0..4 {
        play.settle(0, Verdict::Reject);
    }
    let stock = play.stock(DEAD);
    assert_eq!(stock.reasons(), [("rejected".to_owned(), 4)]);
    let death = stock.rows[2].death.clone().unwrap();
    assert_eq!((death.count, &*death.first), (1, "Orders"));
    let goals: Vec<&str> = stock
        .goals
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    assert_eq!(goals, ["where each died last", "Orders"]);
    let chosen = [1, 3].map(|place| stock.rows[place].chosen());
    let redrive = Operation::Redrive {
        which: Some(chosen.as_slice().into()),
        most: 1_000_000,
        every: SimDuration::ZERO,
        to: Goal::Source,
    };
    play.operate(DEAD, redrive);
    let left: Vec<u64> = play.stock(DEAD).rows.iter().map(|row| row.root).collect();
    assert_eq!(left, [stock.rows[0].root, stock.rows[2].root]);
    // What was done by hand is in the document, and makes the same run.
    let again =
        crate::scenario::from_json(&play.document.to_json()).expect("it is written as it is read");
    let mut run = Run::new(again.plan()).unwrap();
    run.advance(play.run.now(), u64::MAX);
    assert_eq!(run.digest(), play.run.digest());
}

#[test]
fn an_answer_that_comes_too_late_still_counts_where_that_is_the_rule() {
    let mut play = Play::new();
    let (field, value) = ("late_ack".to_owned(), json!(true));
    let node = NodeId(2);
    let set = Intervention::SetNode { node, field, value };
    set.apply_to(&mut play.document.topology).unwrap();
    play.run = Run::new(play.document.plan()).unwrap();
    play.wait(1);
    play.take(1);
    play.wait(11);
    assert_eq!(play.stock(DESK).rows[0].forgiving, Some(node));
    play.settle(0, Verdict::Ack);
    assert_eq!(play.stock(DESK).offered, 3, "it does not wait any more");
}

#[test]
fn the_data_of_a_dead_letter_tell_how_it_died() {
    let mut play = Play::new();
    play.take(1);
    play.settle(0, Verdict::Reject);
    let id = play.stock(DEAD).rows[0].message;
    let world = play.run.world();
    let mut nodes = world.nodes();
    let message = nodes.find_map(|(_, _, node, _)| node.message(id)).unwrap();
    let mut envelope = world.envelope(&message, "Shop", String::new());
    let name = |_: NodeId| "Orders".to_owned();
    crate::nodes::name_places(&mut envelope.headers, &name);
    envelope.headers.insert("tenant".to_owned(), json!("acme"));
    let data = MessageData::of(id, &envelope);
    assert_eq!(data.body, "{\n  \"n\": 1\n}");
    assert_eq!(data.headers, [("tenant".to_owned(), "acme".to_owned())]);
    let death = &data.deaths[0];
    assert_eq!(death.reason, "a consumer refused it (rejected)");
    assert_eq!((death.count, &*death.place), (1, "Orders"));
}
