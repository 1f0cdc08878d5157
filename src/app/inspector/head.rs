//! What every sheet has: its head with the name, buttons from the table of actions, what is likely
//! wrong, and the settings.

use leptos::prelude::*;

use super::entry::{Form, Owners};
use super::groups::grouped;
use crate::app::icons::Icon;
use crate::app::keyboard::is_mac;
use crate::app::live::{flag, live};
use crate::app::problems::FindingLine;
use crate::app::session::{Session, use_session};
use crate::editor::form::SharedField;
use crate::editor::panel::Sheet;
use crate::editor::{Action, Item};
use crate::topology::{Finding, Subject};

/// What can be said of the sheet that is open, as long as one is.
pub fn told(
    session: Session,
    tell: impl Fn(&Sheet) -> String + Send + Sync + 'static,
) -> Memo<String> {
    Memo::new(move |before: Option<&String>| {
        let told = session.sheet.with(|sheet| sheet.as_ref().map(&tell));
        told.unwrap_or_else(|| before.cloned().unwrap_or_default())
    })
}

/// The name of an item, to be changed in its place.
#[component]
pub fn Name(item: Item, name: Memo<String>) -> impl IntoView {
    let session = use_session();
    view! {
        <h2>
            <input
                class="input panel-name"
                data-testid="name"
                aria-label="Name"
                autocomplete="off"
                spellcheck="false"
                maxlength="120"
                prop:value=live(move || name.get())
                on:change=move |event| session.rename(item, &event_target_value(&event))
                on:keydown=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    let shown = name.get_untracked();
                    match event.key().as_str() {
                        "Enter" => {
                            let _ = input.blur();
                        }
                        "Escape" if input.value() != shown => {
                            event.stop_propagation();
                            input.set_value(&shown);
                        }
                        _ => {}
                    }
                }
            />
        </h2>
    }
}

/// A button for an action, while it makes sense. Without words it is a square with an icon.
#[component]
pub fn Deed(
    action: Action,
    icon: &'static str,
    #[prop(optional)] words: &'static str,
) -> impl IntoView {
    let session = use_session();
    let row = action.row();
    let title = move || {
        let keys = session.keymap.with(|keymap| keymap.keys(action));
        match keys.first() {
            Some(key) => format!("{} ({})", row.words, key.caps(is_mac()).join(" ")),
            None => row.words.to_owned(),
        }
    };
    view! {
        <button
            type="button"
            class="button"
            class:icon=words.is_empty()
            hidden=flag(move || !session.facts.with(|facts| action.applies(facts)))
            title=live(title)
            aria-label=words.is_empty().then_some(row.words)
            data-testid=format!("do-{}", row.id)
            on:click=move |_| {
                session.perform(action);
            }
        >
            <Icon name=icon />
            {words}
        </button>
    }
}

/// What is likely wrong with an item.
pub fn findings_of(session: Session, subject: Option<Subject>) -> Memo<Vec<Finding>> {
    Memo::new(move |_| {
        session.findings.with(|findings| {
            let about = findings.iter();
            let about = about.filter(|finding| Some(finding.subject) == subject);
            about.cloned().collect()
        })
    })
}

/// What is likely wrong with an item and no matter of one setting.
#[component]
pub fn Doubts(findings: Memo<Vec<Finding>>) -> impl IntoView {
    move || {
        let findings = findings.get().into_iter();
        let whole = findings.filter(|finding| finding.field.is_none());
        whole
            .map(|finding| view! { <FindingLine finding /> })
            .collect_view()
    }
}

/// The settings of what is selected.
#[component]
pub fn Settings(
    title: &'static str,
    owners: Owners,
    findings: Memo<Vec<Finding>>,
) -> impl IntoView {
    let session = use_session();
    let of_nodes = matches!(owners, Owners::Nodes(_));
    let rows = Memo::new(move |before: Option<&Vec<SharedField>>| {
        let rows = session.sheet.with(|sheet| {
            let (nodes, links) = sheet.as_ref()?.forms();
            Some(if of_nodes { nodes } else { links }.to_vec())
        });
        rows.unwrap_or_else(|| before.cloned().unwrap_or_default())
    });
    let form = Form {
        owners: StoredValue::new(owners),
        rows,
        findings,
        search: RwSignal::default(),
    };
    let is_empty = rows.with_untracked(Vec::is_empty);
    (!is_empty).then(|| {
        view! {
            <h3>{title}</h3>
            {grouped(form)}
        }
    })
}
