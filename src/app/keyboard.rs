//! Keys: looked up in the table of actions, unless somebody types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::session::Session;
use crate::editor::{Action, Press};

/// Listens to the keys of the page for as long as it is there.
pub fn listen(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| on_key(session, &event));
    on_cleanup(move || handle.remove());
}

/// Whether the keyboard is one of a Mac.
pub fn is_mac() -> bool {
    let platform = window().navigator().platform();
    platform.is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
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
    let keymap = session.keymap.get_untracked();
    let Some(action) = keymap.action(press) else {
        return;
    };
    if belongs_to_element(event, &key, action) {
        return;
    }
    let is_open = session.dialog.get_untracked().is_some();
    if is_open && action != Action::Help {
        return;
    }
    if session.documents_open.get_untracked() {
        return;
    }
    if session.perform(action) {
        event.prevent_default();
    }
}

/// Whether the element that has the focus needs the key for itself.
fn belongs_to_element(event: &KeyboardEvent, key: &str, action: Action) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return false;
    };
    let on_canvas = element.closest(".overlay").ok().flatten().is_some();
    let command = event.ctrl_key() || event.meta_key();
    match element.tag_name().as_str() {
        // Text has an undo, a clipboard and arrows of its own.
        "INPUT" | "TEXTAREA" | "SELECT" => {
            let own = matches!(
                action,
                Action::Undo
                    | Action::Redo
                    | Action::Cut
                    | Action::Copy
                    | Action::Paste
                    | Action::SelectAll
                    | Action::Delete
                    | Action::Nudge(_)
                    | Action::NudgeFar(_)
                    | Action::Along(_)
            );
            key != "Escape" && (!command || own)
        }
        // Tab walks over the canvas only from the canvas.
        _ if matches!(action, Action::Next | Action::Previous) => !on_canvas,
        "BUTTON" | "SUMMARY" | "A" => matches!(key, " " | "Enter") && !on_canvas,
        _ => false,
    }
}
