//! The mouse: presses, drags with all the moves between, and the wheel, with keys held or not.

use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::common::command::{Actions, Command};

use crate::Fallible;
use crate::page::Page;

/// Moves of one drag between its ends; a person's hand makes more.
const MOVES: u32 = 12;
/// Real time from one move to the next.
const MOVE_MILLIS: u32 = 16;

/// A place in the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub x: f64,
    pub y: f64,
}

impl Spot {
    pub fn by(self, x: f64, y: f64) -> Self {
        Self {
            x: self.x + x,
            y: self.y + y,
        }
    }

    /// The place at a part of the way to another.
    pub fn towards(self, to: Self, part: f64) -> Self {
        self.by((to.x - self.x) * part, (to.y - self.y) * part)
    }

    /// The action of a pointer that goes there.
    pub fn reached_in(self, millis: u32) -> Value {
        json!({
            "type": "pointerMove",
            "origin": "viewport",
            "duration": millis,
            "x": self.x.round() as i64,
            "y": self.y.round() as i64,
        })
    }
}

impl Page {
    /// The middle of an element.
    pub async fn spot(&self, id: &str) -> Fallible<Spot> {
        self.find(id).await?;
        let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                      const { x, y, width, height } = it.getBoundingClientRect(); \
                      return [x + width / 2, y + height / 2];";
        let at = self.script(script, vec![json!(id)]).await?;
        let (x, y) = serde_json::from_value(at)?;
        Ok(Spot { x, y })
    }

    /// A place of the canvas with nothing on it.
    pub async fn empty_spot(&self) -> Fallible<Spot> {
        let script = "const canvas = document.querySelector(`[data-testid='canvas']`); \
            const area = canvas.getBoundingClientRect(); \
            const taken = [...document.querySelectorAll( \
                '.node-button, .link-button, .hint, .legend, .zoom, .inspector, .add-button')] \
                .map((it) => it.getBoundingClientRect()); \
            const reach = 28; \
            for (let y = area.bottom - 70; y > area.top + 70; y -= 12) { \
                for (let x = area.left + 40; x < area.right - 40; x += 12) { \
                    const free = taken.every((it) => x < it.left - reach || x > it.right + reach \
                        || y < it.top - reach || y > it.bottom + reach); \
                    if (free && canvas.contains(document.elementFromPoint(x, y))) return [x, y]; \
                } \
            } \
            return null;";
        match serde_json::from_value(self.script(script, vec![]).await?)? {
            Some((x, y)) => Ok(Spot { x, y }),
            None => Err("no place of the canvas is empty".into()),
        }
    }

    /// Presses the button at a place and lets it go, with keys held.
    pub async fn press_at(&self, held: &[Key], at: Spot) -> Fallible {
        self.mouse(held, vec![at.reached_in(0), down(), up()]).await
    }

    /// Presses the button at a place twice, as fast as for a double click.
    pub async fn press_twice_at(&self, at: Spot) -> Fallible {
        self.mouse(&[], vec![at.reached_in(0), down(), up(), down(), up()])
            .await
    }

    /// Drags from one place to another, with keys held, and lets go.
    pub async fn drag(&self, held: &[Key], from: Spot, to: Spot) -> Fallible {
        self.drag_in(MOVES, held, from, to).await
    }

    /// Drags in so many moves.
    pub async fn drag_in(&self, moves: u32, held: &[Key], from: Spot, to: Spot) -> Fallible {
        let mut hand = vec![from.reached_in(0), down()];
        hand.extend((1..=moves).map(|move_| {
            let part = f64::from(move_) / f64::from(moves);
            from.towards(to, part).reached_in(MOVE_MILLIS)
        }));
        hand.push(up());
        self.mouse(held, hand).await
    }

    /// Turns the wheel at a place, with keys held: `x` to the right and `y` down, in pixels.
    pub async fn wheel(&self, held: &[Key], at: Spot, x: i32, y: i32) -> Fallible {
        let turn = json!({
            "type": "scroll",
            "origin": "viewport",
            "duration": 0,
            "x": at.x.round() as i64,
            "y": at.y.round() as i64,
            "deltaX": x,
            "deltaY": y,
        });
        self.with_keys(held, json!({ "type": "wheel", "id": "wheel" }), vec![turn])
            .await
    }

    async fn mouse(&self, held: &[Key], hand: Vec<Value>) -> Fallible {
        let mouse = json!({
            "type": "pointer",
            "id": "mouse",
            "parameters": { "pointerType": "mouse" },
        });
        self.with_keys(held, mouse, hand).await
    }

    /// Performs what a device does while keys are held down.
    async fn with_keys(&self, held: &[Key], mut device: Value, does: Vec<Value>) -> Fallible {
        let pause = || json!({ "type": "pause", "duration": 0 });
        let key = |act: &str, key: &Key| json!({ "type": act, "value": key.value() });
        let (before, length) = (held.len(), does.len());
        let mut keyboard: Vec<Value> = held.iter().map(|it| key("keyDown", it)).collect();
        keyboard.extend((0..length).map(|_| pause()));
        keyboard.extend(held.iter().rev().map(|it| key("keyUp", it)));
        let mut acts: Vec<Value> = (0..before).map(|_| pause()).collect();
        acts.extend(does);
        device["actions"] = acts.into();
        let keyboard = json!({ "type": "key", "id": "keys", "actions": keyboard });
        self.perform(json!([keyboard, device])).await
    }

    /// Lets the browser perform what several devices do at the same time.
    pub async fn perform(&self, devices: Value) -> Fallible {
        let actions = Actions::from(devices);
        self.web
            .handle()
            .cmd(Command::PerformActions(actions))
            .await?;
        Ok(())
    }
}

pub fn down() -> Value {
    json!({ "type": "pointerDown", "button": 0 })
}

pub fn up() -> Value {
    json!({ "type": "pointerUp", "button": 0 })
}
