//! Keys: looked up in the table of actions, unless somebody types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::session::Session;
use crate::editor::{Action, Keymap, Press};

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

/// The caps of an action's first key, none if it has no key.
pub fn caps_of(keymap: &Keymap, action: Action) -> Vec<String> {
    let keys = keymap.keys(action);
    keys.first().map_or_else(Vec::new, |key| key.caps(is_mac()))
}

/// The press that an event is.
pub fn with_press<T>(event: &KeyboardEvent, use_it: impl FnOnce(Press<'_>) -> T) -> T {
    let (key, code) = (event.key(), event.code());
    use_it(Press {
        key: &key,
        code: &code,
        command: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    })
}

fn on_key(session: Session, event: &KeyboardEvent) {
    let key = event.key();
    let keymap = session.keymap.get_untracked();
    let found = with_press(event, |press| keymap.action(press));
    let Some(action) = found else {
        return;
    };
    if belongs_to_element(event, &key, action) {
        return;
    }
    let is_open = session.dialog.get_untracked().is_some();
    if is_open && action != Action::Help {
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
        // Elsewhere than on the canvas the browser has a menu of its own.
        "BUTTON" | "SUMMARY" | "A" if action == Action::OpenMenu => !on_canvas,
        "BUTTON" | "SUMMARY" | "A" => matches!(key, " " | "Enter") && !on_canvas,
        _ => false,
    }
}
