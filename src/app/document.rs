//! The document between visits: in the browser's storage and in the address of the page.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::session::Session;
use super::storage;
use crate::scenario::{self, Scenario};
use crate::topology::Problem;

const KEY: &str = "eventyard.document";
/// Changes that follow each other within this time are saved once.
const DEBOUNCE_MILLIS: u32 = 300;

thread_local! {
    static PENDING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static LOCKED: RefCell<bool> = const { RefCell::new(false) };
}

/// What was found when the page was opened.
pub struct Found {
    /// The document to play.
    pub scenario: Scenario,
    /// Something that the user should know.
    pub complaint: Option<String>,
}

/// The document to begin with: that of the link, else the saved one, else the first example.
pub fn find() -> Found {
    match from_fragment() {
        Some(Ok(scenario)) => Found {
            scenario,
            complaint: None,
        },
        Some(Err(why)) => {
            LOCKED.with_borrow_mut(|locked| *locked = true);
            let complaint = format!(
                "The scenario in this link cannot be opened: {why}. The link is left as it is; \
                 here is an example instead."
            );
            Found {
                scenario: first_example(),
                complaint: Some(complaint),
            }
        }
        None => saved(),
    }
}

fn saved() -> Found {
    let Some(text) = storage::read(KEY) else {
        return Found {
            scenario: first_example(),
            complaint: None,
        };
    };
    match scenario::read(&text) {
        Ok(scenario) => Found {
            scenario,
            complaint: None,
        },
        Err(problems) => {
            let why = first_of(&problems);
            let complaint = format!("The saved scenario cannot be read ({why}).");
            Found {
                scenario: first_example(),
                complaint: Some(complaint),
            }
        }
    }
}

fn first_of(problems: &[Problem]) -> String {
    problems
        .first()
        .map_or_else(String::new, ToString::to_string)
}

fn first_example() -> Scenario {
    match scenario::examples().first() {
        Some(example) => example.scenario(),
        None => Scenario::new("Untitled"),
    }
}

/// The scenario of the address, if the address has one.
pub fn from_fragment() -> Option<Result<Scenario, String>> {
    let fragment = window().location().hash().ok()?;
    scenario::link::is_scenario(&fragment)
        .then(|| scenario::link::decode(&fragment).map_err(|problems| first_of(&problems)))
}

/// Saves the document soon, because it has changed.
pub fn keep(session: Session) {
    // A link that could not be read stays in the address until the user does something.
    LOCKED.with_borrow_mut(|locked| *locked = false);
    let timeout = Timeout::new(DEBOUNCE_MILLIS, move || save(session));
    PENDING.with_borrow_mut(|pending| *pending = Some(timeout));
}

/// Saves when the page goes away, and opens what a changed address carries.
pub fn listen(session: Session) {
    let hidden = window_event_listener(leptos::ev::pagehide, move |_| flush(session));
    let changed = window_event_listener(leptos::ev::hashchange, move |_| match from_fragment() {
        Some(Ok(scenario)) => {
            super::open::scenario(session, scenario);
            keep(session);
        }
        Some(Err(why)) => session.say(format!("This link cannot be opened: {why}"), true),
        None => {}
    });
    on_cleanup(move || {
        hidden.remove();
        changed.remove();
    });
}

/// Saves what waits to be saved: the page goes away.
pub fn flush(session: Session) {
    if PENDING.with_borrow_mut(Option::take).is_some() {
        save(session);
    }
}

/// Writes the document to the storage and the address.
fn save(session: Session) {
    PENDING.with_borrow_mut(|pending| {
        if let Some(timeout) = pending.take() {
            timeout.forget();
        }
    });
    let document = session
        .player
        .with_value(|player| player.document().clone());
    if !storage::write(KEY, &scenario::write(&document)) {
        session.say(
            "This browser does not save the scenario; the address of the page still has it.",
            true,
        );
    }
    show_in_address(&document);
}

/// Puts the document into the address of the page.
pub fn show_in_address(document: &Scenario) {
    if LOCKED.with_borrow(|locked| *locked) {
        return;
    }
    let fragment = format!("#{}", scenario::link::encode(document));
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment));
    }
}
