//! A link in the inspector: what it is for, and its delay and faults.

use crate::app::live::live;
use leptos::prelude::*;
use serde_json::Value;

use super::field::Field;
use crate::app::icons::Icon;
use crate::app::session::use_session;
use crate::editor::form::LINK_FIELDS;
use crate::editor::panel::{LinkSheet, Sheet};
use crate::units::LinkId;

/// A link.
#[component]
pub fn LinkPanel(id: u32) -> impl IntoView {
    let session = use_session();
    let link = LinkId(id);
    let Some(first) = session.sheet.with_untracked(|sheet| link_of(sheet, link)) else {
        return ().into_any();
    };
    let shown = first.shown.clone();
    let sheet = Memo::new(move |_| {
        session
            .sheet
            .with(|sheet| link_of(sheet, link))
            .unwrap_or_else(|| first.clone())
    });
    let fields = LINK_FIELDS
        .iter()
        .filter(|setting| shown.contains(&setting.name))
        .map(|setting| {
            let value = Memo::new(move |_| {
                sheet
                    .with(|sheet| sheet.settings.get(setting.name).cloned())
                    .unwrap_or(Value::Null)
            });
            let change = Callback::new(move |value| {
                session.set_links(vec![link], setting.name, value);
            });
            view! { <Field setting value change /> }
        })
        .collect_view();
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph"><Icon name="link" /></span>
                <div>
                    <h2>{live(move || sheet.with(|sheet| sheet.name.clone()))}</h2>
                    <p>"Link · " {move || sheet.with(|sheet| sheet.role)}</p>
                </div>
            </header>
            <h3>"Settings"</h3>
            {fields}
        </section>
    }
    .into_any()
}

fn link_of(sheet: &Option<Sheet>, id: LinkId) -> Option<LinkSheet> {
    match sheet {
        Some(Sheet::Link(sheet)) if sheet.id == id => Some(sheet.clone()),
        _ => None,
    }
}
