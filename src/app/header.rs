//! The header: name, which scenario, files, light or dark, help.

use leptos::prelude::*;

use super::icons::Icon;
use super::open;
use super::session::{Theme, use_session};
use crate::app::live::{flag, live};
use crate::scenario;

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let session = use_session();
    let theme_icon = Signal::derive(move || match session.theme.get() {
        Theme::Light => "moon",
        Theme::Dark => "sun",
    });
    let theme_words = move || match session.theme.get() {
        Theme::Light => "Switch to dark",
        Theme::Dark => "Switch to light",
    };
    view! {
        <header class="header">
            <span class="brand">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"></rect>
                    <path d="M7 11h8c5 0 4 10 9 10h1"></path>
                    <circle cx="8" cy="11" r="3.4"></circle>
                    <circle cx="24" cy="21" r="3.4"></circle>
                </svg>
                <h1 class="brand-name">"Eventyard"</h1>
            </span>
            <span class="header-divider"></span>
            <ScenarioSwitch />
            <span class="header-about">{live(move || session.about.get())}</span>
            <span class="header-space"></span>
            <button
                type="button"
                class="button quiet icon"
                data-testid="file-open"
                aria-label="Open a file"
                title="Open a file (Ctrl O)"
                on:click=move |_| session.file_wanted.set(true)
            >
                <Icon name="open" />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="export-open"
                aria-label="Save or export"
                title="Save or export (Ctrl E)"
                aria-haspopup="dialog"
                on:click=move |_| session.export_open.set(true)
            >
                <Icon name="download" />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="theme"
                aria-label=live(move || theme_words().to_owned())
                title=live(move || theme_words().to_owned())
                on:click=move |_| session.switch_theme()
            >
                <Icon name=theme_icon />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="help"
                aria-label="Help and keys"
                title="Help and keys (?)"
                aria-haspopup="dialog"
                on:click=move |_| session.help_open.set(true)
            >
                <Icon name="help" />
            </button>
        </header>
    }
}

/// The switch between the examples; a scenario of one's own has a row as well.
#[component]
fn ScenarioSwitch() -> impl IntoView {
    let session = use_session();
    let is_own = move || session.scenario.with(String::is_empty);
    let rows = scenario::examples()
        .iter()
        .map(|example| {
            let name = example.scenario().name;
            let slug = example.slug;
            view! {
                <option value=slug selected=flag(move || session.scenario.get() == slug)>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <span class="scenario-switch">
            <select
                data-testid="scenario-switch"
                aria-label="Scenario"
                prop:value=live(move || session.scenario.get())
                on:change=move |event| open::example(session, &event_target_value(&event))
            >
                {rows}
                <Show when=is_own>
                    <option value="">{live(move || session.title.get())}</option>
                </Show>
            </select>
            <Icon name="chevron" />
        </span>
    }
}
