//! The scenario as texts: a sketch, and those of other tools.

use js_sys::futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::picture::blob;
use super::saved;
use crate::app::icons::Icon;
use crate::app::session::{Session, use_session};
use crate::interchange::{file_name, mermaid, sketch, sruja};
use crate::scenario::Scenario;
use crate::units::SimTime;

/// A text: its name for scripts, its name for people, the ending of its files.
const TEXTS: [(&str, &str, &str); 4] = [
    ("sketch", "Sketch: a text to read and edit", "sketch"),
    ("sruja", "Sruja", "sruja"),
    ("mermaid", "Mermaid flowchart", "mmd"),
    (
        "sequence",
        "Mermaid sequence diagram of this run",
        "sequence.mmd",
    ),
];

/// The document as a text.
fn written(name: &str, document: &Scenario, now: SimTime) -> String {
    match name {
        "sketch" => sketch::print(document),
        "sruja" => sruja::write(document),
        "mermaid" => mermaid::write(document),
        _ => mermaid::sequence(document, now, mermaid::STEPS_MAX),
    }
}

fn text_now(session: Session, name: &str) -> (String, String) {
    session.player.with_value(|player| {
        let document = player.document();
        // Before anything has happened, what will.
        let now = match player.run().now() {
            SimTime::ZERO => SimTime::ZERO.after(document.duration),
            now => now,
        };
        (written(name, document, now), document.name.clone())
    })
}

fn save(session: Session, name: &str, ending: &str) {
    let (text, title) = text_now(session, name);
    saved(
        session,
        &file_name(&title, ending),
        blob(text.as_bytes(), "text/plain"),
    );
}

fn copy(session: Session, name: &str) {
    let (text, _) = text_now(session, name);
    session.close_dialog();
    let written = window().navigator().clipboard().write_text(&text);
    spawn_local(async move {
        match JsFuture::from(written).await {
            Ok(_) => session.say("The text is on the clipboard.", false),
            Err(_) => session.say("This browser does not let the page copy. Save it.", true),
        }
    });
}

/// The part of the dialog with the texts.
#[component]
pub fn Texts() -> impl IntoView {
    let session = use_session();
    let rows = TEXTS.map(|(name, words, ending)| {
        view! {
            <div class="export-text">
                <span>{words}</span>
                <button
                    type="button"
                    class="button"
                    data-testid=format!("export-{name}")
                    aria-label=format!("Save as {words}")
                    on:click=move |_| save(session, name, ending)
                >
                    <Icon name="download" />"Save"
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid=format!("export-{name}-copy")
                    aria-label=format!("Copy as {words}")
                    on:click=move |_| copy(session, name)
                >
                    <Icon name="copy" />"Copy"
                </button>
            </div>
        }
        .into_any()
    });
    view! {
        <section class="export-part">
            <h3>"Text"</h3>
            {Vec::from(rows)}
        </section>
    }
}
