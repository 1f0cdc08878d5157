//! Keys: looked up in the table of actions, unless somebody types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::session::Session;
use crate::editor::{Press, action_of};

/// Listens to the keys of the page for as long as it is there.
pub fn listen(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| on_key(session, &event));
    on_cleanup(move || handle.remove());
}

fn on_key(session: Session, event: &KeyboardEvent) {
    let (key, code) = (event.key(), event.code());
    let press = Press {
        key: &key,
        code: &code,
        command: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    };
    if !press.command && belongs_to_element(event, &key) {
        return;
    }
    if session.help_open.get_untracked() && key != "?" || session.export_open.get_untracked() {
        return;
    }
    if let Some(action) = action_of(press)
        && session.perform(action, press.shift)
    {
        event.prevent_default();
    }
}

/// Whether the element that has the focus needs the key for itself.
fn belongs_to_element(event: &KeyboardEvent, key: &str) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return false;
    };
    let on_canvas = element.closest(".overlay").ok().flatten().is_some();
    match element.tag_name().as_str() {
        "INPUT" | "TEXTAREA" | "SELECT" => key != "Escape",
        "BUTTON" | "SUMMARY" | "A" => matches!(key, " " | "Enter") && !on_canvas,
        _ => false,
    }
}
