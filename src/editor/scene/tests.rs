//! What the canvas shows of partitioned logs, on runs of documents.

use serde_json::{Value, json};

use super::{Card, FRAME_HEAD, Fill, Piece, Pip, Scene, SceneBuilder, Standing, State, View};
use crate::scenario::{Scenario, from_json};
use crate::simulation::Run;
use crate::units::{NodeId, SimTime};

const LOG: NodeId = NodeId(2);
const FIRST: NodeId = NodeId(3);

/// A producer, a log with these settings, and two consumers of one group.
fn document(settings: Value) -> Value {
    let delay = json!({ "shape": "constant", "value": "100ms" });
    let work = json!({ "service_time": { "shape": "constant", "value": "20ms" } });
    let link = |id: u32, from: u32, to: u32, group: &str| {
        json!({ "id": id, "from": from, "to": to,
                "settings": { "latency": delay, "group": group } })
    };
    let mut log = json!({ "partitions": 4, "reset": "earliest", "initial_delay": "0s",
                          "commit": "after" });
    for (name, value) in settings.as_object().into_iter().flatten() {
        log[name] = value.clone();
    }
    json!({
        "version": 1, "name": "A log", "seed": 1, "duration": "60s", "next_id": 100,
        "nodes": [
            { "id": 1, "kind": "producer", "name": "Shop", "x": 0, "y": 0,
              "settings": { "pace": "constant", "rate": 20.0, "keys": 40 } },
            { "id": 2, "kind": "log", "name": "Orders", "x": 300, "y": 0, "settings": log },
            { "id": 3, "kind": "service", "name": "One", "x": 620, "y": 0, "settings": work },
            { "id": 4, "kind": "service", "name": "Two", "x": 620, "y": 300, "settings": work }
        ],
        "links": [
            { "id": 10, "from": 1, "to": 2 },
            link(11, 2, 3, "billing"),
            link(12, 2, 4, "billing")
        ]
    })
}

struct Stage {
    scenario: Scenario,
    run: Run,
    builder: SceneBuilder,
    view: View,
    scene: Scene,
}

impl Stage {
    fn new(document: &Value) -> Self {
        let scenario = from_json(document).expect("it is a document");
        let run = Run::new(scenario.plan()).expect("it can be played");
        let (width, height) = (4_000.0, 3_000.0);
        let view = View {
            width,
            height,
            ..View::default()
        };
        let (builder, scene) = (SceneBuilder::default(), Scene::default());
        Self {
            scenario,
            run,
            builder,
            view,
            scene,
        }
    }

    /// Goes on frame by frame.
    fn until(&mut self, millis: u64) {
        loop {
            let now = self.run.now().nanos() / 1_000_000;
            let next = (now + 50).min(millis);
            self.run
                .advance(SimTime::from_nanos(next * 1_000_000), u64::MAX);
            let (topology, world) = (self.run.topology(), self.run.world());
            let drawing = &self.scenario.drawing;
            self.builder
                .build(topology, drawing, world, &self.view, &mut self.scene);
            if next == millis {
                return;
            }
        }
    }

    fn card(&self, id: NodeId) -> &Card {
        let mut cards = self.scene.cards.iter();
        cards.find(|card| card.id == id).expect("it has a card")
    }

    fn chips(&self, id: NodeId) -> Vec<(u16, State)> {
        let pieces = self.card(id).pieces.iter();
        let chip = |piece: &Piece| match piece {
            Piece::Chip { number, state, .. } => Some((*number, *state)),
            _ => None,
        };
        pieces.filter_map(chip).collect()
    }

    fn says(&self, id: NodeId, words: &str) -> bool {
        let mut pieces = self.card(id).pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Text { text, .. } if text == words))
    }

    fn pips(&self) -> Vec<Pip> {
        let pieces = self.card(LOG).pieces.iter();
        let pip = |piece: &Piece| match piece {
            Piece::Pip { pip, .. } => Some(*pip),
            _ => None,
        };
        pieces.filter_map(pip).collect()
    }
}

#[test]
fn a_consumer_has_its_number_at_its_partitions_its_link_and_its_card() {
    let mut stage = Stage::new(&document(json!({ "assignor": "range" })));
    stage.until(8_000);
    let works = |number| (number, State::Works);
    assert_eq!(stage.chips(LOG), [works(1), works(1), works(2), works(2)]);
    assert_eq!(stage.chips(FIRST), [works(1)]);
    assert!(stage.says(FIRST, "p0 p1"));
    let tags = stage.scene.links.iter().map(|line| line.tag.as_ref());
    let numbers: Vec<u16> = tags.map(|tag| tag.map_or(0, |tag| tag.number)).collect();
    assert_eq!(numbers, [0, 1, 2]);
    let told = &stage.card(LOG).told;
    assert!(told.contains("consumer 1: p0 p1"), "{told}");
    assert_eq!(stage.card(FIRST).told, "consumer 1 of Orders: p0 p1");
}

/// Nothing jumps when groups come, consumers crash, or brokers fail.
#[test]
fn cards_keep_their_size_while_it_runs() {
    let cluster = json!({ "brokers": 3, "replication": 3, "acks": "all", "min_in_sync": 2,
                          "replication_time": "100ms" });
    let mut document = document(cluster);
    document["script"] = json!([
        { "at": "3s", "do": "set_node", "node": 2, "field": "stopped", "value": [1] },
        { "at": "5s", "do": "crash", "node": 3 }
    ]);
    let mut stage = Stage::new(&document);
    stage.until(0);
    let size = |stage: &Stage| [LOG, FIRST].map(|id| stage.card(id).rect);
    let first = size(&stage);
    for millis in [500, 2_900, 3_500, 5_500, 20_000] {
        stage.until(millis);
        assert_eq!(size(&stage)[0], first[0], "at {millis} ms");
    }
}

#[test]
fn a_bar_is_as_long_as_the_lag_and_never_leaves_its_lane() {
    let mut stage = Stage::new(&document(json!({ "partitions": 1 })));
    let mut lengths = Vec::new();
    for secs in [2, 4, 8, 30] {
        stage.until(secs * 1_000);
        let card = stage.card(LOG);
        let bars = card.pieces.iter().filter_map(|piece| match piece {
            Piece::Band {
                rect, number: 1, ..
            } if rect.h == 5.0 => Some(*rect),
            _ => None,
        });
        let bars: Vec<_> = bars.collect();
        assert!(
            bars.iter()
                .all(|bar| bar.x > card.rect.x && bar.right() < card.rect.right())
        );
        lengths.push(bars.iter().map(|bar| bar.w).sum::<f64>());
    }
    // It does more than come: as many are under way as come while one goes there and back.
    assert!(lengths.iter().all(|length| *length < 90.0), "{lengths:?}");
    let mut slow = document(json!({ "partitions": 1 }));
    for node in [2, 3] {
        slow["nodes"][node]["settings"]["service_time"]["value"] = json!("2s");
    }
    let mut stage = Stage::new(&slow);
    let mut last = 0.0;
    for secs in [1, 2, 4, 8] {
        stage.until(secs * 1_000);
        let card = stage.card(LOG);
        let from = card.pieces.iter().filter_map(|piece| match piece {
            Piece::Band {
                rect, number: 1, ..
            } if rect.h == 5.0 => Some(rect.x),
            _ => None,
        });
        let length = card.rect.right() - from.fold(f64::MAX, f64::min);
        assert!(length > last - 2.0, "{secs} s: {length} after {last}");
        last = length;
    }
}

#[test]
fn an_eager_rebalance_pauses_and_what_moves_glides_unless_nothing_may() {
    let mut document = document(json!({ "assignor": "range", "heartbeat": "2s" }));
    let third = document["nodes"][3].clone();
    document["script"] = json!([
        { "at": "8s", "do": "add_node", "node": third },
        { "at": "8s", "do": "add_link", "link": document["links"][2].clone() }
    ]);
    document["nodes"].as_array_mut().map(Vec::pop);
    document["links"].as_array_mut().map(Vec::pop);
    for still in [false, true] {
        let mut stage = Stage::new(&document);
        stage.view.still = still;
        stage.until(7_900);
        assert_eq!(stage.chips(LOG), [(1, State::Works); 4]);
        let mut places = std::collections::BTreeSet::new();
        let mut was_paused = false;
        let mut was_hatched = false;
        for step in 0..80 {
            stage.until(8_000 + step * 50);
            for piece in &stage.card(LOG).pieces {
                match piece {
                    Piece::Chip { rect, number, .. } if *number > 0 => {
                        places.insert(rect.x.round() as i64);
                    }
                    Piece::Band {
                        number: 0,
                        fill: Fill::Hatched,
                        ..
                    } => was_hatched = true,
                    _ => {}
                }
            }
            was_paused |= stage.chips(FIRST).contains(&(1, State::Paused));
        }
        assert!(was_paused || was_hatched);
        assert_eq!(places.len() > 1, !still, "{places:?}");
        let works = |number| (number, State::Works);
        assert_eq!(stage.chips(LOG), [works(1), works(1), works(2), works(2)]);
    }
}

#[test]
fn a_consumer_that_crashed_is_silent_until_it_is_missed() {
    let mut document = document(json!({ "session_timeout": "3s", "heartbeat": "1s" }));
    document["script"] = json!([{ "at": "5s", "do": "crash", "node": 3 }]);
    let mut stage = Stage::new(&document);
    stage.until(5_500);
    assert_eq!(stage.chips(FIRST), [(1, State::Silent)]);
    assert!(stage.says(FIRST, "no heartbeat"));
    stage.until(15_000);
    assert_eq!(stage.chips(FIRST), [(0, State::Idle)]);
    assert_eq!(stage.chips(LOG), [(2, State::Works); 4]);
}

#[test]
fn a_failed_broker_leaves_what_it_led_to_nobody_until_somebody_is_elected() {
    let cluster = json!({ "brokers": 3, "replication": 3, "acks": "all", "min_in_sync": 2,
                          "replication_time": "50ms", "broker_timeout": "3s", "partitions": 3 });
    let mut document = document(cluster);
    document["script"] = json!([
        { "at": "3s", "do": "set_node", "node": 2, "field": "stopped", "value": [1] }
    ]);
    let mut stage = Stage::new(&document);
    stage.until(2_900);
    use Pip::{Behind, Follows, Leads, Lost};
    let whole = [
        Leads, Follows, Follows, Follows, Leads, Follows, Follows, Follows, Leads,
    ];
    assert_eq!(stage.pips(), whole);
    stage.until(4_000);
    assert_eq!(stage.pips()[0], Lost);
    assert!(stage.says(LOG, "none"));
    let standing = |stage: &Stage| {
        let mut pieces = stage.card(LOG).pieces.iter();
        pieces.find_map(|piece| match piece {
            Piece::Broker { standing, .. } => Some(*standing),
            _ => None,
        })
    };
    assert_eq!(standing(&stage), Some(Standing::Stopped));
    let told = &stage.card(LOG).told;
    assert!(
        told.contains("broker 1 stopped leads 0, follows 2, 1 that it led"),
        "{told}"
    );
    stage.until(8_000);
    assert_eq!(standing(&stage), Some(Standing::Missed));
    assert_eq!(
        stage.pips()[..6],
        [Behind, Behind, Behind, Leads, Leads, Follows]
    );
}

#[test]
fn a_frame_around_a_cluster_has_the_brokers_in_place_of_the_card() {
    let cluster = json!({ "brokers": 3, "replication": 3, "partitions": 3 });
    let mut document = document(cluster);
    document["frames"] = json!([{ "id": 50, "name": "Kafka", "kind": "broker", "members": [2] }]);
    let mut stage = Stage::new(&document);
    stage.until(1_000);
    assert_eq!(stage.pips(), []);
    let frame = &stage.scene.frames[0];
    let boxes = frame.pieces.iter().filter_map(|piece| match piece {
        Piece::Broker { rect, .. } => Some(*rect),
        _ => None,
    });
    let boxes: Vec<_> = boxes.collect();
    assert_eq!(boxes.len(), 3);
    let card = stage.card(LOG).rect;
    for broker in &boxes {
        assert!(broker.w >= 24.0 && broker.h >= 24.0, "{broker:?}");
        assert!(broker.y >= frame.rect.y + FRAME_HEAD && broker.bottom() < card.y);
        assert!(broker.x >= frame.rect.x && broker.right() <= frame.rect.right());
    }
    // A press on one of them selects the frame.
    let middle = boxes[1].center();
    let found = crate::editor::hit(&stage.scene, middle, 1.0);
    let frame = crate::editor::Item::Frame(frame.id);
    assert_eq!(found, Some(crate::editor::Hit::Item(frame)));
}

#[test]
fn many_partitions_are_bars_and_the_worst_is_named() {
    for partitions in [7, 50, 200] {
        let mut stage = Stage::new(&document(json!({ "partitions": partitions })));
        stage.until(3_000);
        let card = stage.card(LOG);
        assert!(card.rect.h < 420.0, "{partitions}: {}", card.rect.h);
        assert!(stage.says(LOG, &format!("all {partitions}, billing")));
        for piece in &card.pieces {
            if let Piece::Band { rect, .. } = piece {
                assert!(rect.w > 0.0 && rect.right() <= card.rect.right());
            }
        }
    }
}
