//! Fingers: taps, a press that lasts, a swipe, and two fingers that part.

use serde_json::{Value, json};

use crate::Fallible;
use crate::page::Page;
use crate::pointer::{Spot, down, up};

/// Moves of one finger on its way.
const MOVES: u32 = 10;
const MOVE_MILLIS: u32 = 16;
/// Between the two taps of a double tap.
const BETWEEN_TAPS_MILLIS: u32 = 90;
/// Longer than any page waits before it takes a press for a long one.
const LONG_MILLIS: u32 = 800;

impl Page {
    pub async fn tap(&self, at: Spot) -> Fallible {
        self.fingers(vec![vec![at.reached_in(0), down(), up()]])
            .await
    }

    pub async fn double_tap(&self, at: Spot) -> Fallible {
        let finger = vec![
            at.reached_in(0),
            down(),
            up(),
            rest(BETWEEN_TAPS_MILLIS),
            down(),
            up(),
        ];
        self.fingers(vec![finger]).await
    }

    pub async fn long_press(&self, at: Spot) -> Fallible {
        self.fingers(vec![vec![
            at.reached_in(0),
            down(),
            rest(LONG_MILLIS),
            up(),
        ]])
        .await
    }

    pub async fn swipe(&self, from: Spot, to: Spot) -> Fallible {
        self.fingers(vec![way(from, to)]).await
    }

    /// Two fingers left and right of a place: from a distance between them to another.
    pub async fn pinch(&self, middle: Spot, from: f64, to: f64) -> Fallible {
        let left = way(middle.by(-from / 2.0, 0.0), middle.by(-to / 2.0, 0.0));
        let right = way(middle.by(from / 2.0, 0.0), middle.by(to / 2.0, 0.0));
        self.fingers(vec![left, right]).await
    }

    async fn fingers(&self, hands: Vec<Vec<Value>>) -> Fallible {
        let devices: Vec<Value> = (1..)
            .zip(hands)
            .map(|(number, acts)| {
                json!({
                    "type": "pointer",
                    "id": format!("finger {number}"),
                    "parameters": { "pointerType": "touch" },
                    "actions": acts,
                })
            })
            .collect();
        self.perform(devices.into()).await
    }
}

fn way(from: Spot, to: Spot) -> Vec<Value> {
    let mut finger = vec![from.reached_in(0), down()];
    finger.extend((1..=MOVES).map(|move_| {
        let part = f64::from(move_) / f64::from(MOVES);
        from.towards(to, part).reached_in(MOVE_MILLIS)
    }));
    finger.push(up());
    finger
}

fn rest(millis: u32) -> Value {
    json!({ "type": "pause", "duration": millis })
}
