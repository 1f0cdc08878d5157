//! The inspector: what is selected, in full, and what can be changed about it.

mod field;
mod link;
mod message;
mod node;
mod send;

use leptos::prelude::*;

use super::icons::Icon;
use super::session::use_session;
use crate::app::live::flag;
use crate::editor::panel::Sheet;
pub use field::Field;
use link::LinkPanel;
use message::MessagePanel;
use node::NodePanel;

/// What kind of sheet is open: panels are made anew only when this changes.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Node(u32),
    Link(u32),
    Message,
}

/// The inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    let open = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            None => Open::Nothing,
            Some(Sheet::Node(sheet)) => Open::Node(sheet.id.0),
            Some(Sheet::Link(sheet)) => Open::Link(sheet.id.0),
            Some(Sheet::Message(_)) => Open::Message,
        })
    });
    let panel = move || match open.get() {
        Open::Nothing => None,
        Open::Node(id) => Some(view! { <NodePanel id=id /> }.into_any()),
        Open::Link(id) => Some(view! { <LinkPanel id=id /> }.into_any()),
        Open::Message => Some(view! { <MessagePanel /> }.into_any()),
    };
    view! {
        <aside
            class="inspector"
            data-testid="inspector"
            aria-label="Inspector"
            class:is-open=flag(move || open.get() != Open::Nothing)
        >
            <Show when=move || open.get() != Open::Nothing>
                <button
                    type="button"
                    class="button quiet icon inspector-close"
                    aria-label="Close the inspector"
                    title="Close (Esc)"
                    on:click=move |_| session.select(Default::default())
                >
                    <Icon name="close" />
                </button>
            </Show>
            {panel}
        </aside>
    }
}
