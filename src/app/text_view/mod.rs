//! The document as two tables, for those who would rather read and type than look and point: all
//! that the canvas shows can be read here, and what is drawn can be changed.

mod add;
mod rows;

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::modal::Modal;
use super::notice::note;
use super::session::{Dialog, Session, set_changed, use_session};
use crate::app::keyed::keyed;
use crate::app::live::live;
use crate::editor::Item;
use crate::editor::table::Table;
use add::{AddLink, AddNode};
use rows::{link_rows, node_rows};

/// Numbers change once in this time: faster than that nobody can read them, or hear them.
const READ_MILLIS: u32 = 1_000;

/// The tables' dialog.
#[component]
pub fn TextView() -> impl IntoView {
    view! {
        <Modal dialog=Dialog::TextView title="Nodes and links" class="text-view">
            <Tables />
        </Modal>
    }
}

/// What the rows share.
#[derive(Clone, Copy)]
struct Reading {
    session: Session,
    table: RwSignal<Table>,
    /// Whose settings are shown; one at a time.
    open: RwSignal<Option<Item>>,
}

impl Reading {
    fn refresh(self) {
        let now = self
            .session
            .player
            .with_value(|player| Table::of(player.run()));
        set_changed(self.table, now);
    }
}

#[component]
fn Tables() -> impl IntoView {
    let session = use_session();
    let reading = Reading {
        session,
        table: RwSignal::default(),
        open: RwSignal::new(None),
    };
    reading.refresh();
    Effect::new(move |_| {
        // After every command something is said.
        session.spoken.track();
        reading.refresh();
        // The inspector has the same settings, and must not have them at the same time.
        if session.selection.with(|selection| !selection.is_empty()) {
            session.select(Default::default());
        }
    });
    let clock = Interval::new(READ_MILLIS, move || reading.refresh());
    let _kept = StoredValue::new_local(Some(clock));
    let table = reading.table;
    let nodes =
        move || table.with(|table| table.nodes.iter().map(|row| row.id).collect::<Vec<_>>());
    let links =
        move || table.with(|table| table.links.iter().map(|row| row.id).collect::<Vec<_>>());
    view! {
        <div class="text-tables" data-testid="text-view">
            <div class="visually-hidden" aria-live="polite">
                {live(move || session.spoken.get())}
            </div>
            {move || note(session)}
            <table>
                <caption>"Nodes"</caption>
                {head(&["Name", "Kind", "Not as in a new node", "Waiting", "Done", "Failed or lost",
                    "State", "Change"])}
                <tbody>
                    {keyed(nodes, |id| id.to_string(), move |id| node_rows(reading, id))}
                </tbody>
            </table>
            <AddNode />
            <table>
                <caption>"Links"</caption>
                {head(&["From", "What it does", "To", "Latency", "Faults and filters", "Change"])}
                <tbody>
                    {keyed(links, |id| id.to_string(), move |id| link_rows(reading, id))}
                </tbody>
            </table>
            <AddLink reading />
        </div>
    }
}

fn head(titles: &[&'static str]) -> impl IntoView + use<> {
    let cells: Vec<_> = titles
        .iter()
        .map(|title| view! { <th scope="col">{*title}</th> })
        .collect();
    view! { <thead><tr>{cells}</tr></thead> }
}
