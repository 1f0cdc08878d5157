//! A node in the inspector: how it is, what can be done to it, its settings.

use crate::app::live::live;
use leptos::prelude::*;
use serde_json::Value;

use super::field::Field;
use super::send::SendForm;
use crate::app::icons::Icon;
use crate::app::session::use_session;
use crate::editor::paint::glyph_path;
use crate::editor::panel::{NodeSheet, Sheet};
use crate::simulation::Intervention;
use crate::units::NodeId;

/// A node.
#[component]
pub fn NodePanel(id: u32) -> impl IntoView {
    let session = use_session();
    let node = NodeId(id);
    let first = session.sheet.with_untracked(|sheet| node_of(sheet, node));
    let Some(first) = first else {
        return ().into_any();
    };
    let kind = first.kind;
    let descriptor = kind.descriptor();
    let sheet = Memo::new(move |_| {
        session
            .sheet
            .with(|sheet| node_of(sheet, node))
            .unwrap_or_else(|| first.clone())
    });
    let fields = descriptor
        .fields
        .iter()
        .map(|setting| {
            let value = Memo::new(move |_| {
                sheet
                    .with(|sheet| sheet.settings.get(setting.name).cloned())
                    .unwrap_or(Value::Null)
            });
            let change = Callback::new(move |value| {
                session.set_nodes(vec![node], setting.name, value);
            });
            view! { <Field setting value change /> }
        })
        .collect_view();
    let down = Memo::new(move |_| sheet.with(|sheet| sheet.down));
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph" class:is-down=down>
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d=glyph_path(descriptor.glyph)></path>
                    </svg>
                </span>
                <div>
                    <h2>{live(move || sheet.with(|sheet| sheet.name.clone()))}</h2>
                    <p>{descriptor.label}{move || if down.get() { " · crashed" } else { "" }}</p>
                </div>
            </header>
            <p class="panel-summary">{descriptor.summary}"."</p>
            {move || sheet.with(|sheet| sheet.why.clone()).map(|why| view! {
                <p class="panel-why">{why}</p>
            })}
            <div class="panel-actions">
                <Faults node can_crash=descriptor.can_crash down />
                {descriptor.by_hand.then(|| view! {
                    <button type="submit" form="send-form" class="button" data-testid="send">
                        <Icon name="send" />
                        "Send an event"
                    </button>
                })}
            </div>
            {descriptor.by_hand.then(|| view! { <SendForm node /> })}
            <h3>"Now"</h3>
            <LiveRows sheet />
            <h3>"Settings"</h3>
            {fields}
        </section>
    }
    .into_any()
}

fn node_of(sheet: &Option<Sheet>, id: NodeId) -> Option<NodeSheet> {
    match sheet {
        Some(Sheet::Node(sheet)) if sheet.id == id => Some(sheet.clone()),
        _ => None,
    }
}

/// Crash it, or bring it back.
#[component]
fn Faults(node: NodeId, can_crash: bool, down: Memo<bool>) -> impl IntoView {
    let session = use_session();
    can_crash.then(|| {
        view! {
                <Show
                    when=move || down.get()
                    fallback=move || view! {
                        <button
                            type="button"
                            class="button danger"
                            data-testid="crash"
                            on:click=move |_| session.intervene(Intervention::Crash { node })
                        >
                            <Icon name="bolt" />
                            "Crash"
                        </button>
                    }
                >
                    <button
                        type="button"
                        class="button primary"
                        data-testid="revive"
                        on:click=move |_| session.intervene(Intervention::Restart { node })
                    >
                        <Icon name="heart" />
                        "Restart it"
                    </button>
                </Show>
        }
    })
}

/// What is measured.
#[component]
fn LiveRows(sheet: Memo<NodeSheet>) -> impl IntoView {
    let rows = Memo::new(move |_| sheet.with(|sheet| sheet.live.clone()));
    let body = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="panel-quiet">"Nothing has happened here yet."</p> }
                .into_any();
        }
        let rows = rows
            .into_iter()
            .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
            .collect_view();
        view! { <dl class="live">{rows}</dl> }.into_any()
    };
    view! { {body} }
}
