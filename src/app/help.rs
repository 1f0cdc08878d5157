//! The help sheet: what this is, and every key, from the table of actions.

use leptos::prelude::*;

use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use crate::editor::actions::{Facts, Heading, Row, TABLE};

/// The help sheet.
#[component]
pub fn Help() -> impl IntoView {
    view! {
        <Modal dialog=Dialog::Help title="How to use Eventyard">
            <p>
                "Every dot is a real message in a simulation that runs in this page. Click a card, \
                a link or a message to see everything about it; change a setting or crash a \
                service while it runs. Drag from the edge of a card to draw a link, over the \
                empty canvas to select, with Space to move the canvas; double-click to add \
                something. What you do while it runs leaves a mark on the time bar: drag the time \
                back, or click the mark to take it back. The same scenario, seed and time always \
                give the same picture."
            </p>
            <Keys />
        </Modal>
    }
}

#[component]
fn Keys() -> impl IntoView {
    let session = use_session();
    let sections = Heading::ALL
        .into_iter()
        .map(|heading| {
            let rows = TABLE.iter().filter(|row| row.heading == heading);
            let rows: Vec<_> = rows.filter_map(|row| key_row(session, row)).collect();
            view! { <section><h3>{heading.label()}</h3><dl>{rows}</dl></section> }
        })
        .collect_view();
    view! {
        <div class="keys">{sections}</div>
        <p>
            <button
                type="button"
                class="button"
                on:click=move |_| session.dialog.set(Some(Dialog::Keys))
            >
                "Change the keys"
            </button>
        </p>
    }
}

fn key_row(session: Session, row: &'static Row) -> Option<impl IntoView + use<>> {
    let keys = session
        .keymap
        .with_untracked(|keymap| keymap.keys(row.action));
    let caps = keys.first()?.caps(super::keyboard::is_mac());
    let caps = caps
        .into_iter()
        .map(|cap| view! { <kbd>{cap}</kbd> })
        .collect_view();
    let words = row.action.words(&Facts::default());
    Some(view! { <div class="key-row"><dt>{caps}</dt><dd>{words}</dd></div> })
}
