//! Sending an event by hand.

use crate::app::live::live;
use leptos::prelude::*;
use serde_json::Value;

use crate::app::session::use_session;
use crate::editor::panel::Sheet;
use crate::simulation::Intervention;
use crate::units::NodeId;

/// The form that sends an event to a node, or out of a producer.
#[component]
pub fn SendForm(node: NodeId) -> impl IntoView {
    let session = use_session();
    let known = session.legend.get_untracked();
    let own = session
        .sheet
        .with_untracked(|sheet| own_event(sheet.as_ref()));
    let first = own
        .or_else(|| known.last().cloned())
        .unwrap_or_else(|| "Ping".to_owned());
    let event = RwSignal::new(first);
    let key = RwSignal::new(String::new());
    let body = RwSignal::new("{}".to_owned());
    let problem = RwSignal::new(None::<String>);
    let send = move || {
        let name = event.get_untracked().trim().to_owned();
        if name.is_empty() {
            return problem.set(Some("expected the name of an event type".to_owned()));
        }
        match serde_json::from_str::<Value>(&body.get_untracked()) {
            Err(error) => problem.set(Some(format!("the data is not JSON: {error}"))),
            Ok(body) => {
                problem.set(None);
                let key = key.get_untracked().trim().to_owned();
                session.intervene(Intervention::Send {
                    node,
                    event: name,
                    key,
                    body,
                    headers: serde_json::Map::new(),
                });
            }
        }
    };
    let list = "event-types";
    let options = known
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect_view();
    view! {
        <form
            class="send"
            id="send-form"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <details>
                <summary>"By hand it sends " <b>{live(move || event.get())}</b></summary>
                <label>
                    "Event type"
                    <input class="input" list=list maxlength="120"
                        data-testid="send-event" bind:value=event />
                    <datalist id=list>{options}</datalist>
                </label>
                <label>
                    "Key"
                    <input class="input" maxlength="120" placeholder="none"
                        data-testid="send-key" bind:value=key />
                </label>
                <label>
                    "Data (JSON)"
                    <textarea class="input" rows="3" spellcheck="false"
                        data-testid="send-body" bind:value=body></textarea>
                </label>
            </details>
            <Show when=move || problem.with(Option::is_some)>
                <p class="field-problem" role="alert">{move || problem.get()}</p>
            </Show>
        </form>
    }
}

/// The event type that a producer emits anyway.
fn own_event(sheet: Option<&Sheet>) -> Option<String> {
    match sheet {
        Some(Sheet::Node(sheet)) => {
            let events = sheet.form.iter().find(|row| row.field.name == "events")?;
            let name = events.value.as_ref()?.get(0)?.get("event")?;
            name.as_str().map(str::to_owned)
        }
        _ => None,
    }
}
