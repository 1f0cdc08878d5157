//! The inspector: what is selected, in full, and what can be changed about it.

mod answers;
mod brokers;
mod consumers;
mod data;
mod drawn;
mod entry;
mod field;
mod from_file;
mod groups;
mod head;
mod link;
mod message;
mod node;
mod preset;
mod redrive;
mod rows;
mod scrub;
mod send;
mod several;
mod stock;
mod whereabouts;

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::session::use_session;
use crate::app::live::flag;
use crate::editor::Item;
use crate::editor::actions::Access;
use crate::editor::panel::Sheet;
use crate::nodes::Kind;
use drawn::{FramePanel, NotePanel};
pub use entry::{Form, Owners};
pub use groups::grouped;
use link::LinkPanel;
use message::MessagePanel;
use node::NodePanel;
use several::SeveralPanel;

/// What kind of sheet is open: panels are made anew only when this changes.
#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    Node(u32, Kind),
    Link(u32),
    Several(Vec<Item>),
    Note(u32),
    Frame(u32),
    Message,
}

fn open_of(sheet: &Option<Sheet>) -> Open {
    match sheet {
        None => Open::Nothing,
        Some(Sheet::Node(sheet)) => Open::Node(sheet.id.0, sheet.kind),
        Some(Sheet::Link(sheet)) => Open::Link(sheet.id.0),
        Some(Sheet::Several(sheet)) => Open::Several(sheet.items.clone()),
        Some(Sheet::Note(sheet)) => Open::Note(sheet.id.0),
        Some(Sheet::Frame(sheet)) => Open::Frame(sheet.id.0),
        Some(Sheet::Message(_)) => Open::Message,
    }
}

/// The inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    provide_context(preset::Followed::of(session));
    let open = Memo::new(move |_| session.sheet.with(open_of));
    let is_open = Memo::new(move |_| open.with(|open| *open != Open::Nothing));
    let panel = move || match open.get() {
        Open::Nothing => None,
        Open::Node(id, kind) => Some(view! { <NodePanel id kind /> }.into_any()),
        Open::Link(id) => Some(view! { <LinkPanel id /> }.into_any()),
        Open::Several(_) => session.sheet.with_untracked(|sheet| match sheet {
            Some(Sheet::Several(sheet)) => {
                Some(view! { <SeveralPanel sheet=sheet.clone() /> }.into_any())
            }
            _ => None,
        }),
        Open::Note(id) => Some(view! { <NotePanel id /> }.into_any()),
        Open::Frame(id) => Some(view! { <FramePanel id /> }.into_any()),
        Open::Message => Some(view! { <MessagePanel /> }.into_any()),
    };
    let aside = NodeRef::<html::Aside>::new();
    Effect::new(move |_| {
        open.track();
        // Another sheet begins at its beginning.
        if let Some(aside) = aside.get() {
            aside.set_scroll_top(0);
        }
    });
    view! {
        <aside
            class="inspector"
            node_ref=aside
            data-testid="inspector"
            aria-label="Inspector"
            class:is-open=flag(move || is_open.get())
        >
            <Show when=move || is_open.get()>
                <button
                    type="button"
                    class="button quiet icon inspector-close"
                    data-testid="inspector-close"
                    aria-label="Close the inspector"
                    title="Close (Esc)"
                    on:click=move |_| session.select(Default::default())
                >
                    <Icon name="close" />
                </button>
            </Show>
            <fieldset class="inspector-fields" disabled=session.access == Access::Watch>
                {panel}
            </fieldset>
        </aside>
    }
}
