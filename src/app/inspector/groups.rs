//! The settings of a form: a few that everybody sees, groups of others that open and close, and a
//! search over all of them.

use leptos::prelude::*;

use super::entry::{Entry, Form};
use super::field::Field;
use crate::app::live::{flag, live};
use crate::app::session::use_session;
use crate::editor::form::{SEARCHED_FROM, headings, set_words};

/// All settings of a form.
pub fn grouped(form: Form) -> AnyView {
    let settings: Vec<_> = form
        .rows
        .with_untracked(|rows| rows.iter().map(|row| row.field).collect());
    let headings = headings(settings.iter().copied());
    let entries: Vec<Entry> = settings.iter().map(|it| Entry::new(form, it)).collect();
    let groups: Vec<AnyView> = headings
        .into_iter()
        .map(|heading| {
            let below = entries.iter().filter(|it| it.setting.heading == heading);
            let below: Vec<Entry> = below.copied().collect();
            match heading {
                "" => fields(below),
                _ => group(form, heading, below),
            }
        })
        .collect();
    let search = (entries.len() > SEARCHED_FROM).then(|| search(form, entries));
    view! {
        {search}
        {groups}
    }
    .into_any()
}

fn fields(entries: Vec<Entry>) -> AnyView {
    let fields: Vec<AnyView> = entries
        .into_iter()
        .map(|entry| view! { <Field entry /> }.into_any())
        .collect();
    fields.into_any()
}

/// A box for a part of a name.
fn search(form: Form, entries: Vec<Entry>) -> AnyView {
    let search = form.search;
    let found = Memo::new(move |_| entries.iter().any(Entry::is_shown));
    let clear = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && !search.with_untracked(String::is_empty) {
            event.stop_propagation();
            search.set(String::new());
        }
    };
    view! {
        <input
            class="input field-search"
            type="search"
            data-testid="find-setting"
            aria-label="Find a setting"
            placeholder="Find a setting"
            autocomplete="off"
            spellcheck="false"
            prop:value=live(move || search.get())
            on:input=move |event| search.set(event_target_value(&event))
            on:keydown=clear
        />
        <p class="panel-quiet" role="status" hidden=flag(move || found.get())>
            {live(move || {
                let words = if found.get() { "" } else { "No setting is called that." };
                words.to_owned()
            })}
        </p>
    }
    .into_any()
}

/// Settings below a heading, which says how many are set. What is likely wrong is in the open.
fn group(form: Form, heading: &'static str, entries: Vec<Entry>) -> AnyView {
    let opened = use_session().groups_open;
    let is_opened = move || opened.with(|opened| opened.contains(&heading));
    // What the person chose for this one, against what is usual for it.
    let choice = RwSignal::new(None);
    let all = StoredValue::new(entries.clone());
    let any = move |which: fn(&Entry) -> bool| all.with_value(|all| all.iter().any(which));
    let shown = Memo::new(move |_| any(Entry::is_shown));
    let doubtful = Memo::new(move |_| any(Entry::is_doubtful));
    let open = Memo::new(move |_| {
        form.is_searched()
            || choice
                .get()
                .unwrap_or_else(|| doubtful.get() || is_opened())
    });
    let turn = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let open = !open.get_untracked();
        choice.set(Some(open));
        opened.update(|opened| {
            opened.retain(|it| *it != heading);
            if open {
                opened.push(heading);
            }
        });
    };
    let set = Memo::new(move |_| form.rows.with(|rows| set_words(rows, heading)));
    let id = format!("group-{}", heading.to_lowercase().replace(' ', "-"));
    view! {
        <details
            class="field-group"
            prop:open=flag(move || open.get())
            hidden=flag(move || !shown.get())
        >
            <summary data-testid=id on:click=turn>
                {heading}
                <span>{live(move || set.get())}</span>
            </summary>
            <div>{fields(entries)}</div>
        </details>
    }
    .into_any()
}
