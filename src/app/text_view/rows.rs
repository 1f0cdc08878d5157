//! The rows: a node or link, and its settings below it when they are wanted.

use leptos::prelude::*;

use super::Reading;
use crate::app::icons::Icon;
use crate::app::inspector::{Form, Owners, grouped};
use crate::app::live::{LiveText, live};
use crate::editor::Item;
use crate::editor::form::SharedField;
use crate::editor::table::{LinkRow, NodeRow};
use crate::units::{LinkId, NodeId};

/// A node.
pub fn node_rows(reading: Reading, id: NodeId) -> impl IntoView {
    let session = reading.session;
    let row = Memo::new(move |_| {
        reading.table.with(|table| {
            let mut rows = table.nodes.iter();
            rows.find(|row| row.id == id).cloned()
        })
    });
    let text = move |read: fn(&NodeRow) -> String| -> LiveText {
        live(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let kind = row.with_untracked(|row| row.as_ref().map(|row| row.kind));
    let Some(kind) = kind else {
        return ().into_any();
    };
    let form =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(Vec::new(), |row| row.form.clone())));
    let rename = move |event| session.rename(Item::Node(id), &event_target_value(&event));
    view! {
        <tr data-testid=format!("text-node-{}", id.0)>
            <th scope="row">
                <span class="visually-hidden">{text(|row| row.name.clone())}</span>
                <input
                    class="input"
                    data-testid=format!("text-name-{}", id.0)
                    aria-label="Name"
                    autocomplete="off"
                    prop:value=text(|row| row.name.clone())
                    on:change=rename
                />
            </th>
            {cell("Kind", live(move || kind.descriptor().label.to_owned()))}
            {cell("Not as in a new node", text(|row| row.changed.clone()))}
            {cell("Waiting", text(|row| row.waiting.clone()))}
            {cell("Done", text(|row| row.done.clone()))}
            {cell("Failed or lost", text(|row| row.failed.clone()))}
            {cell("State", text(|row| if row.down { "crashed" } else { "works" }.to_owned()))}
            {buttons(reading, Item::Node(id), id.0, text(|row| row.name.clone()))}
        </tr>
        {fields(reading, Item::Node(id), form)}
    }
    .into_any()
}

/// A link.
pub fn link_rows(reading: Reading, id: LinkId) -> impl IntoView {
    let row = Memo::new(move |_| {
        reading.table.with(|table| {
            let mut rows = table.links.iter();
            rows.find(|row| row.id == id).cloned()
        })
    });
    let text = move |read: fn(&LinkRow) -> String| -> LiveText {
        live(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let form =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(Vec::new(), |row| row.form.clone())));
    let name = |row: &LinkRow| format!("link from {} to {}", row.from, row.to);
    view! {
        <tr data-testid=format!("text-link-{}", id.0)>
            <th scope="row">{text(|row| row.from.clone())}</th>
            {cell("What it does", text(|row| row.verb.to_owned()))}
            {cell("To", text(|row| row.to.clone()))}
            {cell("Latency", text(|row| row.latency.clone()))}
            {cell("Faults and filters", text(|row| row.faults.clone()))}
            {buttons(reading, Item::Link(id), id.0, text(name))}
        </tr>
        {fields(reading, Item::Link(id), form)}
    }
}

/// A cell; on narrow screens, where rows are stacked, it says its column itself.
fn cell(column: &'static str, text: LiveText) -> AnyView {
    view! { <td data-column=column>{text}</td> }.into_any()
}

/// What can be done with a row.
fn buttons(reading: Reading, item: Item, number: u32, name: LiveText) -> AnyView {
    let Reading { session, open, .. } = reading;
    let name = Memo::new(move |_| name());
    let is_open = move || open.get() == Some(item);
    view! {
        <td class="text-buttons">
            <button
                type="button"
                class="button"
                data-testid=format!("text-settings-{number}")
                aria-expanded=live(move || is_open().to_string())
                aria-label=live(move || format!("Settings of {}", name.get()))
                on:click=move |_| {
                    open.update(|open| *open = (*open != Some(item)).then_some(item));
                }
            >
                "Settings"
            </button>
            <button
                type="button"
                class="button icon"
                data-testid=format!("text-delete-{number}")
                aria-label=live(move || format!("Delete {}", name.get()))
                on:click=move |_| session.remove(vec![item])
            >
                <Icon name="bin" />
            </button>
        </td>
    }
    .into_any()
}

/// The settings of a row, while they are wanted.
fn fields(reading: Reading, item: Item, rows: Memo<Vec<SharedField>>) -> AnyView {
    let open = reading.open;
    let is_open = Memo::new(move |_| open.get() == Some(item));
    let owners = match item {
        Item::Link(id) => Owners::Links(vec![id]),
        Item::Node(id) => Owners::Nodes(vec![id]),
        Item::Note(_) | Item::Frame(_) => return ().into_any(),
    };
    let form = Form {
        owners: StoredValue::new(owners),
        rows,
        findings: Memo::new(|_| Vec::new()),
        search: RwSignal::default(),
    };
    view! {
        <Show when=move || is_open.get()>
            <tr class="text-fields">
                <td colspan="8"><div>{grouped(form)}</div></td>
            </tr>
        </Show>
    }
    .into_any()
}
