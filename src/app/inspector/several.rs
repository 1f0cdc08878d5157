//! Several items in the inspector: what can be done to all of them, and the settings they share.

use leptos::prelude::*;

use super::entry::Owners;
use super::head::{Deed, Settings, findings_of};
use crate::app::icons::Icon;
use crate::app::session::use_session;
use crate::editor::Action;
use crate::editor::actions::TABLE;
use crate::editor::panel::SeveralSheet;
use crate::topology::FrameKind;

/// Several items.
#[component]
pub fn SeveralPanel(sheet: SeveralSheet) -> impl IntoView {
    let session = use_session();
    let (nodes, links) = (sheet.nodes(), sheet.links());
    let both = !nodes.is_empty() && !links.is_empty();
    let findings = findings_of(session, None);
    let arranging = TABLE
        .iter()
        .filter(|row| matches!(row.action, Action::Align(_) | Action::Distribute(_)))
        .map(|row| view! { <Deed action=row.action icon=row.id /> })
        .collect_view();
    let node_title = if both {
        "Settings of the nodes"
    } else {
        "Settings"
    };
    let link_title = if both {
        "Settings of the links"
    } else {
        "Settings"
    };
    let share_nothing = nodes.len() > 1 && sheet.node_form.is_empty();
    let has_nodes = !nodes.is_empty();
    view! {
        <section class="panel" data-testid="several">
            <header class="panel-head">
                <span class="panel-glyph"><Icon name="several" /></span>
                <div>
                    <h2>{format!("{} selected", sheet.words())}</h2>
                    <p>"What is changed here is changed in all of them"</p>
                </div>
            </header>
            {has_nodes.then(|| view! {
                <div class="panel-actions is-icons" role="group" aria-label="Align and distribute">
                    {arranging}
                </div>
            })}
            <div class="panel-actions">
                <Deed action=Action::Frame(FrameKind::Group) icon="frame" words="Frame" />
                <Deed action=Action::Unframe icon="unframe" words="Unframe" />
                <Deed action=Action::Duplicate icon="copy" words="Duplicate" />
                <Deed action=Action::Delete icon="bin" words="Delete" />
            </div>
            <Settings title=node_title owners=Owners::Nodes(nodes) findings />
            {share_nothing.then(|| view! {
                <p class="panel-quiet">"These nodes have no settings in common."</p>
            })}
            <Settings title=link_title owners=Owners::Links(links) findings />
        </section>
    }
}
