//! The scenario as a text beside the canvas: either can be edited, and the other follows. What is
//! wrong in the text is said at its place, and the canvas keeps what was right last.

mod writing;

use leptos::prelude::*;

use super::icons::Icon;
use super::live::{flag, live};
use super::session::use_session;
use crate::nodes::Kind;
use writing::Writing;

/// The panel.
#[component]
pub fn SketchPanel() -> impl IntoView {
    let session = use_session();
    let writing = Writing::new(session);
    let close = move || {
        session.sketch_shown.set(false);
        if let Some(stage) = document().get_element_by_id("stage") {
            use wasm_bindgen::JsCast;
            let _ = stage.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    view! {
        <Show when=move || session.sketch_shown.get()>
            <section
                class="sketch"
                aria-label="Scenario as text"
                data-testid="sketch"
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        event.stop_propagation();
                        close();
                    }
                }
            >
                <header>
                    <h2>"Scenario as text"</h2>
                    <button
                        type="button"
                        class="button quiet"
                        data-testid="sketch-tidy"
                        title="Write it as it would be written anew"
                        disabled=flag(move || writing.flaws.with(|flaws| !flaws.is_empty()))
                        on:click=move |_| writing.take_over()
                    >
                        "Tidy"
                    </button>
                    <button
                        type="button"
                        class="button quiet icon"
                        data-testid="sketch-close"
                        aria-label="Close the text"
                        title="Close (Esc)"
                        on:click=move |_| close()
                    >
                        <Icon name="close" />
                    </button>
                </header>
                <Sheet writing />
                <Flaws writing />
                <Manual />
            </section>
        </Show>
    }
}

/// The text with its numbers and marks.
#[component]
fn Sheet(writing: Writing) -> impl IntoView {
    let numbers = move || {
        let lines = writing.extent.get().0;
        (1..=lines)
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let marks = move || {
        let strip = |class: &'static str, (first, count): (u32, u32)| {
            let style = format!("--first:{};--count:{count}", first - 1);
            view! { <i class=class prop:style=style></i> }.into_any()
        };
        let chosen = writing.chosen.get().into_iter();
        let mut strips: Vec<AnyView> = chosen.map(|lines| strip("is-chosen", lines)).collect();
        strips.extend(writing.flaws.with(|flaws| {
            let lines = flaws.iter().map(|flaw| (flaw.line, 1));
            lines
                .map(|lines| strip("is-wrong", lines))
                .collect::<Vec<_>>()
        }));
        strips
    };
    view! {
        <div class="sketch-sheet" node_ref=writing.sheet>
            <div
                class="sketch-page"
                prop:style=live(move || {
                    let (lines, letters) = writing.extent.get();
                    format!("--lines:{lines};--letters:{letters}")
                })
            >
                <pre class="sketch-numbers" aria-hidden="true">{live(numbers)}</pre>
                <div class="sketch-marks" aria-hidden="true">{marks}</div>
                <textarea
                    node_ref=writing.area
                    data-testid="sketch-text"
                    aria-label="Scenario as text"
                    aria-invalid=live(move || {
                        writing.flaws.with(|flaws| !flaws.is_empty()).to_string()
                    })
                    wrap="off"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    prop:value=live(move || writing.text.get())
                    on:input=move |event| writing.typed(event_target_value(&event))
                    on:keyup=move |_| writing.look()
                    on:click=move |_| writing.look()
                ></textarea>
            </div>
        </div>
    }
}

/// What is wrong, each a way to its place.
#[component]
fn Flaws(writing: Writing) -> impl IntoView {
    let rows = move || {
        let flaws = writing.flaws.get().into_iter().enumerate();
        let rows = flaws.map(|(n, flaw)| {
            let (line, column) = (flaw.line, flaw.column);
            view! {
                <li>
                    <button
                        type="button"
                        class="problem"
                        data-testid=format!("sketch-flaw-{n}")
                        on:click=move |_| writing.go_to(line, column)
                    >
                        <span>
                            <b>{format!("Line {line}, column {column}: ")}</b>{flaw.what}
                            <small>{flaw.hint}</small>
                        </span>
                    </button>
                </li>
            }
            .into_any()
        });
        rows.collect::<Vec<AnyView>>()
    };
    let count = move || match writing.flaws.with(Vec::len) {
        0 => String::new(),
        1 => "One thing is wrong; the canvas shows what was right last.".to_owned(),
        count => format!("{count} things are wrong; the canvas shows what was right last."),
    };
    view! {
        <div class="sketch-flaws">
            <p role="status" data-testid="sketch-status">{live(count)}</p>
            <div class="sketch-apart" hidden=flag(move || !writing.apart.get())>
                <p>"The canvas has changed meanwhile."</p>
                <button
                    type="button"
                    class="button"
                    data-testid="sketch-take"
                    on:click=move |_| writing.take_over()
                >
                    "Take its text"
                </button>
            </div>
            <ul>{rows}</ul>
        </div>
    }
}

/// How a text is written, in a few lines.
#[component]
fn Manual() -> impl IntoView {
    let kinds = Kind::ALL.iter().map(|kind| kind.name());
    let kinds: Vec<&str> = kinds.collect();
    view! {
        <details class="sketch-manual">
            <summary>"How to write"</summary>
            <pre tabindex="0" aria-label="Example">
                "shop: producer { rate 2 }\n\
                orders: queue \"New orders\" { max_length 100 }\n\
                billing: service { service_time exponential(400ms) }\n\n\
                shop -> orders -> billing { latency 50ms, loss 0.01 }\n\n\
                at 20s crash billing\n\
                at 30s set_node billing workers 3\n\
                check depth_below on orders value 50\n\
                note \"What to look at\"\n\
                frame \"Office\" { members [orders, billing] }\n\
                walk \"Buying\" { shop -> orders \"places an order\" }\n"
            </pre>
            <p>
                "The kinds: "{kinds.join(", ")}". Ids (#1) and places (@300,40) may be left out."
            </p>
        </details>
    }
}
