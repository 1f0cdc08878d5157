//! The keys, to change them: every action with its key, the next press is taken.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::keyboard::{caps_of, is_mac, with_press};
use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use super::storage;
use crate::app::live::live;
use crate::editor::actions::{Chord, Facts, Heading, Row, TABLE};
use crate::editor::{Action, Keymap};

const KEY: &str = "eventyard.keys";

impl Session {
    /// The keys that the person chose on an earlier visit.
    pub fn recall_keys(&self) {
        if let Some(text) = storage::read(KEY) {
            self.keymap.set(Keymap::read(&text));
        }
    }

    fn change_keys(&self, change: impl FnOnce(&mut Keymap)) {
        self.keymap.update(change);
        let text = self.keymap.with_untracked(Keymap::to_text);
        if !storage::write(KEY, &text) {
            self.say(
                "This browser does not keep the keys; they hold until you reload.",
                true,
            );
        }
    }
}

/// An action that waits for its key, and the key that it would take from another one.
type Asked = Option<(Action, Option<Chord>)>;

/// The list of keys.
#[component]
pub fn Keys() -> impl IntoView {
    let session = use_session();
    view! {
        <Modal dialog=Dialog::Keys title="Change the keys" class="keys-dialog">
            {list(session)}
        </Modal>
    }
}

fn list(session: Session) -> impl IntoView {
    let asked: RwSignal<Asked> = RwSignal::new(None);
    let sections = Heading::ALL
        .into_iter()
        .map(|heading| {
            let rows = TABLE.iter().filter(|row| row.heading == heading);
            let rows: Vec<_> = rows.map(|row| key_row(session, asked, row)).collect();
            view! { <section><h3>{heading.label()}</h3>{rows}</section> }
        })
        .collect_view();
    view! {
        <p class="panel-quiet">
            "Choose an action, then press its new key. Escape leaves it as it is, Backspace takes \
            its key away."
        </p>
        <div class="keys-head">
            <label class="keys-singles">
                <input
                    type="checkbox"
                    class="switch"
                    role="switch"
                    data-testid="keys-singles"
                    prop:checked=move || session.keymap.with(Keymap::has_singles)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        session.change_keys(|keymap| keymap.set_singles(on));
                    }
                />
                <span>"Keys without Ctrl or Alt"</span>
            </label>
            <button
                type="button"
                class="button"
                data-testid="keys-reset"
                on:click=move |_| {
                    asked.set(None);
                    session.change_keys(Keymap::reset);
                    session.speak("All keys are as they were at first");
                }
            >
                "Reset all"
            </button>
        </div>
        <div class="keys-list" on:keydown=move |event| on_key(session, asked, &event)>
            {sections}
        </div>
    }
}

fn key_row(session: Session, asked: RwSignal<Asked>, row: &'static Row) -> AnyView {
    let action = row.action;
    let words = action.words(&Facts::default());
    let waits = move || asked.with(|asked| asked.as_ref().is_some_and(|it| it.0 == action));
    let taken = move || {
        asked.with(|asked| {
            let (_, chord) = asked.as_ref().filter(|it| it.0 == action)?;
            let chord = chord.clone()?;
            Some((
                chord.caps(is_mac()).join(" "),
                owner(session, &chord, action)?,
            ))
        })
    };
    let caps = move || {
        if let Some((chord, owner)) = taken() {
            let words = format!("{chord} is “{owner}” now: press it again to take it");
            return view! { <em>{words}</em> }.into_any();
        }
        if waits() {
            return view! { <em>"Press a key"</em> }.into_any();
        }
        let caps = session.keymap.with(|keymap| caps_of(keymap, action));
        if caps.is_empty() {
            return view! { <i>"No key"</i> }.into_any();
        }
        caps.into_iter()
            .map(|cap| view! { <kbd>{cap}</kbd> })
            .collect_view()
            .into_any()
    };
    let changed = move || session.keymap.with(|keymap| keymap.is_changed(action));
    let label = format!("Reset: {words}");
    view! {
        <div class="keys-row">
            <button
                type="button"
                class="keys-action"
                data-testid=format!("keys-row-{}", row.id)
                aria-pressed=live(move || waits().to_string())
                on:click=move |_| asked.set(if waits() { None } else { Some((action, None)) })
                on:blur=move |_| {
                    if waits() {
                        asked.set(None);
                    }
                }
            >
                <span class="keys-words">{words}</span>
                <span class="keys-caps">{caps}</span>
            </button>
            <button
                type="button"
                class="button quiet"
                class:is-hidden=move || !changed()
                data-testid=format!("keys-reset-{}", row.id)
                aria-label=label
                on:click=move |_| session.change_keys(|keymap| keymap.restore(action))
            >
                "Reset"
            </button>
        </div>
    }
    .into_any()
}

/// The action that has a key, if it is another one.
fn owner(session: Session, chord: &Chord, but: Action) -> Option<String> {
    session.keymap.with(|keymap| {
        let mut rows = TABLE.iter().filter(|row| row.action != but);
        let row = rows.find(|row| keymap.keys(row.action).contains(chord))?;
        Some(row.action.words(&Facts::default()))
    })
}

fn on_key(session: Session, asked: RwSignal<Asked>, event: &KeyboardEvent) {
    let Some((action, before)) = asked.get_untracked() else {
        return;
    };
    event.prevent_default();
    event.stop_propagation();
    let Some(chord) = with_press(event, Chord::of) else {
        return;
    };
    let words = action.words(&Facts::default());
    match chord.to_text().as_str() {
        "Escape" => asked.set(None),
        "Backspace" => {
            asked.set(None);
            session.change_keys(|keymap| keymap.change(action, None));
            session.speak(format!("{words}: no key"));
        }
        _ if before.as_ref() != Some(&chord)
            && untrack(|| owner(session, &chord, action)).is_some() =>
        {
            let owner = untrack(|| owner(session, &chord, action)).unwrap_or_default();
            let caps = chord.caps(is_mac()).join(" ");
            session.speak(format!("{caps} is {owner} now: press it again to take it"));
            asked.set(Some((action, Some(chord))));
        }
        _ => {
            asked.set(None);
            let caps = chord.caps(is_mac()).join(" ");
            let off = chord.is_single() && !session.keymap.with_untracked(Keymap::has_singles);
            session.change_keys(|keymap| keymap.change(action, Some(chord)));
            session.speak(format!("{words}: {caps}"));
            if off {
                session.say(
                    "Keys without Ctrl or Alt are off: switch them on to use it.",
                    false,
                );
            }
        }
    }
}
