//! What adds a node or a link without a pointer.

use leptos::prelude::*;

use super::Reading;
use crate::app::keyed::keyed;
use crate::app::live::{flag, live};
use crate::app::session::use_session;
use crate::nodes::Kind;
use crate::units::NodeId;

/// A node of a kind, where there is room.
#[component]
pub fn AddNode() -> impl IntoView {
    let session = use_session();
    let chosen = RwSignal::new(Kind::ALL[0].name().to_owned());
    let kinds = Kind::ALL
        .iter()
        .map(|kind| view! { <option value=kind.name()>{kind.descriptor().label}</option> })
        .collect_view();
    view! {
        <div class="text-add">
            <label>
                "Add a node: "
                <select
                    class="input"
                    data-testid="text-add-kind"
                    on:change=move |event| chosen.set(event_target_value(&event))
                >
                    {kinds}
                </select>
            </label>
            <button
                type="button"
                class="button"
                data-testid="text-add"
                on:click=move |_| {
                    if let Some(kind) = Kind::from_name(&chosen.get_untracked()) {
                        session.add_somewhere(kind.into());
                    }
                }
            >
                "Add the node"
            </button>
        </div>
    }
}

/// A link between two nodes, if they fit; otherwise it says why not.
#[component]
pub fn AddLink(reading: Reading) -> impl IntoView {
    let session = reading.session;
    let from = RwSignal::new(None::<NodeId>);
    let to = RwSignal::new(None::<NodeId>);
    let outcome = Memo::new(move |_| {
        // What fits may change with every change of the table.
        reading.table.with(|table| table.links.len());
        Some(session.link_words(from.get()?, to.get()?))
    });
    let words = move || match outcome.get() {
        None => "Choose where it comes from and where it goes.".to_owned(),
        Some(Ok(words)) => words,
        Some(Err(why)) => why,
    };
    let fits = move || matches!(outcome.get(), Some(Ok(_)));
    view! {
        <div class="text-add">
            <label>"Add a link from: " {nodes(reading, "text-link-from", from)}</label>
            <label>"to: " {nodes(reading, "text-link-to", to)}</label>
            <button
                type="button"
                class="button"
                data-testid="text-link-add"
                aria-describedby="text-link-words"
                disabled=flag(move || !fits())
                on:click=move |_| {
                    if let (Some(from), Some(to)) = (from.get_untracked(), to.get_untracked()) {
                        session.link(from, to);
                    }
                }
            >
                "Add the link"
            </button>
            <p id="text-link-words" role="status">{live(words)}</p>
        </div>
    }
}

/// A choice of all nodes.
fn nodes(reading: Reading, id: &'static str, chosen: RwSignal<Option<NodeId>>) -> AnyView {
    let names = Memo::new(move |_| {
        reading.table.with(|table| {
            let rows = table.nodes.iter();
            rows.map(|row| (row.id, row.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let option = move |(id, name): (NodeId, String)| {
        view! {
            <option value=id.0.to_string() selected=flag(move || chosen.get() == Some(id))>
                {name}
            </option>
        }
        .into_any()
    };
    let choose = move |event| chosen.set(event_target_value(&event).parse().ok().map(NodeId));
    view! {
        <select class="input" data-testid=id on:change=choose>
            <option value="">"Choose a node"</option>
            {keyed(move || names.get(), |(id, name)| format!("{id} {name}"), option)}
        </select>
    }
    .into_any()
}
