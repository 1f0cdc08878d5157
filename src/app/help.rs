//! The help sheet: what this is, and every key.

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::session::use_session;
use crate::editor::HELP;

/// The help sheet.
#[component]
pub fn Help() -> impl IntoView {
    let session = use_session();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (session.help_open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let sections = HELP
        .iter()
        .map(|(heading, rows)| {
            let rows = rows
                .iter()
                .map(|row| {
                    let keys = row
                        .keys
                        .iter()
                        .map(|key| view! { <kbd>{*key}</kbd> })
                        .collect_view();
                    view! { <div class="key-row"><dt>{keys}</dt><dd>{row.words}</dd></div> }
                })
                .collect_view();
            view! { <section><h3>{*heading}</h3><dl>{rows}</dl></section> }
        })
        .collect_view();
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby="help-title"
            on:close=move |_| session.help_open.set(false)
            on:click=move |event| {
                // A press beside the sheet lands on the dialog itself.
                if event.target() == event.current_target() {
                    session.help_open.set(false);
                }
            }
        >
            <div class="dialog-body">
                <header>
                    <h2 id="help-title">"How to use Eventyard"</h2>
                    <button
                        type="button"
                        class="button quiet icon"
                        aria-label="Close"
                        on:click=move |_| session.help_open.set(false)
                    >
                        <Icon name="close" />
                    </button>
                </header>
                <p>
                    "Every dot is a real message in a simulation that runs in this page. Drag the \
                    empty canvas to pan, a card to move it. Click a card, a link or a message to \
                    see everything about it; change a setting or crash a service while it runs. \
                    What you do leaves a mark on the time bar: drag the time back, or click the \
                    mark to take it back. The same scenario, seed and time always give the same \
                    picture."
                </p>
                <div class="keys">{sections}</div>
            </div>
        </dialog>
    }
}
