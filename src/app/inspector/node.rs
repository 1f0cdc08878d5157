//! A node in the inspector: how it is, what can be done to it, its settings.

use leptos::prelude::*;

use super::brokers::brokers;
use super::consumers::groups;
use super::entry::Owners;
use super::head::{Deed, Doubts, Name, Settings, findings_of, told};
use super::preset::PresetBox;
use super::send::SendForm;
use super::stock::StockPanel;
use crate::app::icons::Icon;
use crate::app::live::{flag, live};
use crate::app::session::use_session;
use crate::editor::paint::glyph_path;
use crate::editor::panel::Sheet;
use crate::editor::{Action, Item};
use crate::nodes::Kind;
use crate::simulation::Intervention;
use crate::topology::Subject;
use crate::units::NodeId;

/// A node.
#[component]
pub fn NodePanel(id: u32, kind: Kind) -> impl IntoView {
    let session = use_session();
    let node = NodeId(id);
    let descriptor = kind.descriptor();
    let name = told(session, |sheet| match sheet {
        Sheet::Node(sheet) => sheet.name.clone(),
        _ => String::new(),
    });
    let why = told(session, |sheet| match sheet {
        Sheet::Node(sheet) => sheet.why.clone().unwrap_or_default(),
        _ => String::new(),
    });
    let down = Memo::new(move |_| {
        session
            .sheet
            .with(|sheet| matches!(sheet, Some(Sheet::Node(sheet)) if sheet.down))
    });
    let findings = findings_of(session, Some(Subject::Node(node)));
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph" class:is-down=down>
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d=glyph_path(descriptor.glyph)></path>
                    </svg>
                </span>
                <div>
                    <Name item=Item::Node(node) name />
                    <p>{descriptor.label}{move || if down.get() { " · crashed" } else { "" }}</p>
                </div>
            </header>
            <p class="panel-summary">{descriptor.summary}"."</p>
            <p class="panel-why" hidden=flag(move || why.with(String::is_empty))>
                {live(move || why.get())}
            </p>
            <Doubts findings />
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
            <StockPanel node />
            {groups(session, node)}
            {brokers(session, false)}
            <h3>"Now"</h3>
            <LiveRows />
            <PresetBox node kind />
            <Settings title="Settings" owners=Owners::Nodes(vec![node]) findings />
            <div class="panel-actions is-last">
                <Deed action=Action::Duplicate icon="copy" words="Duplicate" />
                <Deed action=Action::Delete icon="bin" words="Delete" />
            </div>
        </section>
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
fn LiveRows() -> impl IntoView {
    let session = use_session();
    let rows = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            Some(Sheet::Node(sheet)) => sheet.live.clone(),
            _ => Vec::new(),
        })
    });
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
