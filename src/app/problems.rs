//! The list of problems: what is likely wrong with the drawing, and the way to its place.

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::live::{flag, live};
use super::session::use_session;
use crate::topology::{Finding, Severity};

fn icon_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Wrong => "wrong",
        Severity::Doubtful => "doubtful",
        Severity::Note => "info",
    }
}

fn word_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Wrong => "Wrong",
        Severity::Doubtful => "Doubtful",
        Severity::Note => "Note",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// One thing that is likely wrong, where it is.
#[component]
pub fn FindingLine(finding: Finding) -> impl IntoView {
    let severity = finding.severity;
    view! {
        <p class="finding" class:is-wrong=severity == Severity::Wrong>
            <Mark severity />
            <span>{capital(&finding.what)}". "{capital(&finding.hint)}"."</span>
        </p>
    }
}

/// How bad it is, as a shape and a word.
#[component]
fn Mark(severity: Severity) -> impl IntoView {
    view! {
        <span class=format!("finding-mark is-{}", icon_of(severity))>
            <Icon name=icon_of(severity) />
            {word_of(severity)}
        </span>
    }
}

/// How many problems there are; it opens the list.
#[component]
pub fn ProblemsButton() -> impl IntoView {
    let session = use_session();
    let count = Memo::new(move |_| session.findings.with(Vec::len));
    let words = move || match count.get() {
        0 => "No problems".to_owned(),
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    let worst = move || {
        let first = session
            .findings
            .with(|findings| findings.first().map(|finding| finding.severity));
        icon_of(first.unwrap_or(Severity::Note))
    };
    view! {
        <button
            type="button"
            class="problems-open"
            data-testid="problems-open"
            hidden=flag(move || count.get() == 0 && !session.problems_shown.get())
            aria-label=live(words)
            aria-expanded=live(move || session.problems_shown.get().to_string())
            aria-controls="problems"
            title=live(move || format!("{} (Shift P)", words()))
            on:click=move |_| session.problems_shown.update(|shown| *shown = !*shown)
        >
            <Icon name=Signal::derive(worst) />
            {live(move || count.get().to_string())}
        </button>
    }
}

/// The list, beside the canvas and not over it.
#[component]
pub fn Problems() -> impl IntoView {
    let session = use_session();
    let section = NodeRef::<html::Section>::new();
    let close = move || {
        session.problems_shown.set(false);
        let button = document().query_selector("[data-testid=problems-open]");
        if let Some(button) = button.ok().flatten() {
            use wasm_bindgen::JsCast;
            let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    Effect::new(move |_| {
        if let Some(section) = section.get() {
            let _ = section.focus();
        }
    });
    let stopped = Memo::new(move |_| session.readout.with(|readout| readout.stopped.clone()));
    let quiet = move || stopped.get().is_none() && session.findings.with(Vec::is_empty);
    view! {
        <div id="problems">
            <Show when=move || session.problems_shown.get()>
                <section
                    class="problems"
                    tabindex="-1"
                    node_ref=section
                    aria-label="Problems"
                    data-testid="problems"
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            event.stop_propagation();
                            close();
                        }
                    }
                >
                    <header>
                        <h2>"Problems"</h2>
                        <button
                            type="button"
                            class="button quiet icon"
                            aria-label="Close the list of problems"
                            title="Close (Esc)"
                            on:click=move |_| close()
                        >
                            <Icon name="close" />
                        </button>
                    </header>
                    {move || stopped.get().map(|why| view! {
                        <p class="problem"><Mark severity=Severity::Wrong /><span>{why}</span></p>
                    })}
                    <p class="panel-quiet" hidden=flag(move || !quiet())>
                        "Nothing looks wrong with this drawing."
                    </p>
                    <Rows />
                </section>
            </Show>
        </div>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let session = use_session();
    let rows = move || {
        let names = session.finding_names.get();
        let findings = session.findings.get().into_iter().zip(names).enumerate();
        let rows = findings.map(|(place, (finding, name))| {
            let (subject, field) = (finding.subject, finding.field);
            view! {
                <li>
                    <button
                        type="button"
                        class="problem"
                        data-testid=format!("problem-{place}")
                        on:click=move |_| session.go_to_finding(subject, field)
                    >
                        <Mark severity=finding.severity />
                        <span>
                            <b>{name}": "</b>{finding.what}
                            <small>{capital(&finding.hint)}</small>
                        </span>
                    </button>
                </li>
            }
        });
        rows.collect_view()
    };
    view! { <ul>{rows}</ul> }
}
