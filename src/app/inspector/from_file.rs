//! A long text of a setting that comes from a file.

use js_sys::futures::spawn_local;
use leptos::html;
use leptos::prelude::*;

use super::entry::Entry;
use crate::app::files;
use crate::app::icons::Icon;
use crate::app::session::use_session;

/// What files with events in lines are called.
const ACCEPTED: &str = ".csv,.ndjson,.jsonl,.txt,text/csv,text/plain";

/// A button that fills the setting from a file, of at most `most` characters.
#[component]
pub fn FromFile(entry: Entry, most: usize) -> impl IntoView {
    let session = use_session();
    let name = entry.setting.name;
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let load = move |_| {
        let Some(file) = input.get_untracked().and_then(|it| files::chosen(&it)) else {
            return;
        };
        spawn_local(async move {
            match files::read_text(&file, most).await {
                Ok(text) => entry.accept(&text),
                Err(why) => session.say(format!("{} was not loaded: {why}.", file.name()), true),
            }
        });
    };
    view! {
        <button
            type="button"
            class="button from-file"
            data-testid=format!("load-{name}")
            on:click=choose
        >
            <Icon name="open" />
            "Load a file"
        </button>
        <input
            type="file"
            hidden
            data-testid=format!("load-{name}-input")
            aria-label=format!("File for {}", entry.setting.label)
            accept=ACCEPTED
            node_ref=input
            on:change=load
        />
    }
}
