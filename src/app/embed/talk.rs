//! What the page around this one asks for, and what it is told: see `docs/embed.md`.
//!
//! Only the window around this one is listened to. What it is told goes to the origin that asked,
//! and to nobody before somebody has; but for the one word that this page is ready.

use js_sys::JSON;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, Window};

use crate::app::open;
use crate::app::player::{Player, real_millis};
use crate::app::session::Session;
use crate::editor::embed::{Ask, Command, Event, read_ask};
use crate::scenario::Scenario;
use crate::topology::Problem;
use crate::units::SimTime;

/// Least real time between two times that the moment is told while it plays.
const TELL_MILLIS: f64 = 250.0;
/// Whoever is there may know it.
const ANYBODY: &str = "*";

/// The window around this one, and the origin that asked last.
#[derive(Clone, Copy)]
struct Host {
    session: Session,
    parent: StoredValue<Window, LocalStorage>,
    origin: StoredValue<Option<String>>,
    /// Whether a scenario that is loaded plays by itself.
    plays: bool,
}

/// Listens to the page around this one, if there is one, and tells it what happens.
pub fn listen(session: Session, problems: Vec<Problem>, plays: bool) {
    let parent = window().parent().ok().flatten();
    let Some(parent) = parent.filter(|parent| *parent != window()) else {
        return;
    };
    let host = Host {
        session,
        parent: StoredValue::new_local(parent),
        origin: StoredValue::new(None),
        plays,
    };
    let handle = window_event_listener(leptos::ev::message, move |event| host.hear(&event));
    on_cleanup(move || handle.remove());
    Effect::new(move |told: Option<bool>| {
        // When it can be seen, it can be asked.
        let is_ready = session.ready.get();
        if is_ready && told != Some(true) {
            let problems = problems.clone();
            host.post(&Event::Ready { problems }, ANYBODY);
        }
        is_ready
    });
    host.tell_time();
}

impl Host {
    fn hear(self, event: &MessageEvent) {
        let is_parent = |source: JsValue| {
            let is_it = |parent: &Window| JsValue::from(parent.clone()) == source;
            self.parent.with_value(is_it)
        };
        if !event.source().map(JsValue::from).is_some_and(is_parent) {
            return;
        }
        let data = event.data();
        let text = match data.as_string() {
            Some(text) => Some(text),
            None => JSON::stringify(&data)
                .ok()
                .and_then(|text| text.as_string()),
        };
        let text = text.unwrap_or_default();
        let Some(ask) = read_ask(&text) else { return };
        self.origin.set_value(Some(event.origin()));
        self.answer(ask);
    }

    fn answer(self, mut ask: Ask) {
        let session = self.session;
        let command = std::mem::replace(&mut ask.command, Ok(Command::Pause));
        let outcome = match command {
            Ok(Command::Play) => {
                session.act(|player| player.set_playing(true));
                Ok(())
            }
            Ok(Command::Pause) => {
                session.act(|player| player.set_playing(false));
                Ok(())
            }
            Ok(Command::Seek(to)) => {
                session.seek(to);
                Ok(())
            }
            Ok(Command::Load(scenario)) => self.load(*scenario),
            Err(problems) => Err(problems),
        };
        self.tell(&match outcome {
            Ok(()) => Event::Done(ask),
            Err(problems) => Event::Refused(ask, problems),
        });
    }

    fn load(self, scenario: Scenario) -> Result<(), Vec<Problem>> {
        if !open::play(self.session, scenario) {
            return Err(vec![Problem::new(
                "the scenario",
                "it cannot be played",
                "open it in Eventyard, which shows what is wrong with it",
            )]);
        }
        let plays = self.plays;
        self.session
            .act(|player| player.set_playing(plays && player.is_playing()));
        Ok(())
    }

    /// Tells where the run is, again and again, and when nothing is left to happen.
    fn tell_time(self) {
        let session = self.session;
        let told = StoredValue::new((SimTime::MAX, false, 0.0));
        let over = StoredValue::new(false);
        Effect::new(move |_| {
            let (at, why) = session
                .readout
                .with(|readout| (readout.now, readout.stopped.clone()));
            let playing = session.playing.get();
            let now = real_millis();
            let (at_before, playing_before, when) = told.get_value();
            let due = !playing || playing != playing_before || now - when >= TELL_MILLIS;
            if due && (at, playing) != (at_before, playing_before) {
                told.set_value((at, playing, now));
                self.tell(&Event::Time { at, playing });
            }
            let is_over = session.player.try_update_value(Player::is_over);
            if let Some(is_over) = is_over.filter(|is_over| *is_over != over.get_value()) {
                over.set_value(is_over);
                if is_over {
                    self.tell(&Event::Ended { at, why });
                }
            }
        });
    }

    /// Tells it to the origin that asked last.
    fn tell(self, event: &Event) {
        match self.origin.get_value().as_deref() {
            // What has no origin cannot be named; the window is the one that asked.
            Some("null") => self.post(event, ANYBODY),
            Some(origin) => self.post(event, origin),
            None => {}
        }
    }

    fn post(self, event: &Event, origin: &str) {
        let message = JSON::parse(&event.to_json()).unwrap_or(JsValue::NULL);
        self.parent.with_value(|parent| {
            let _ = parent.post_message(&message, origin);
        });
    }
}
