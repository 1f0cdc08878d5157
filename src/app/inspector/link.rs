//! A link in the inspector: what it is for, what can be done to it, its delay and faults.

use leptos::prelude::*;

use super::entry::Owners;
use super::head::{Deed, Doubts, Settings, findings_of, told};
use crate::app::icons::Icon;
use crate::app::live::{flag, live};
use crate::app::session::use_session;
use crate::editor::Action;
use crate::editor::panel::Sheet;
use crate::topology::Subject;
use crate::units::LinkId;

/// A link.
#[component]
pub fn LinkPanel(id: u32) -> impl IntoView {
    let session = use_session();
    let link = LinkId(id);
    let name = told(session, |sheet| match sheet {
        Sheet::Link(sheet) => sheet.name.clone(),
        _ => String::new(),
    });
    let turns = move || {
        session
            .sheet
            .with(|sheet| matches!(sheet, Some(Sheet::Link(sheet)) if sheet.turns))
    };
    let findings = findings_of(session, Some(Subject::Link(link)));
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph"><Icon name="link" /></span>
                <div>
                    <h2>{live(move || name.get())}</h2>
                    <p>"Link"</p>
                </div>
            </header>
            <Doubts findings />
            <div class="panel-actions">
                <Deed action=Action::CutLink icon="bolt" words="Cut it" />
                <Deed action=Action::MendLink icon="heart" words="Mend it" />
                <button
                    type="button"
                    class="button"
                    data-testid="turn"
                    title="Let it go the other way round"
                    hidden=flag(move || !turns())
                    on:click=move |_| session.turn_link(link)
                >
                    <Icon name="turn" />
                    "Turn"
                </button>
                <Deed action=Action::Delete icon="bin" words="Delete" />
            </div>
            <Settings title="Settings" owners=Owners::Links(vec![link]) findings />
        </section>
    }
}
