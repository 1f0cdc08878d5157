//! The legend: which colour and shape is which event type, and what marks, lines and signs mean.

use leptos::html;
use leptos::prelude::*;

use super::keyed::keyed;
use super::painter::Painter;
use super::session::use_session;

/// What marks on tokens, lines and signs mean: the class of a sample, and words.
const SIGNS: [(&str, &str); 12] = [
    ("sign ring", "delivered again"),
    ("sign twin", "duplicate made by a link"),
    ("sign dead", "dead letter"),
    ("sign answer", "answer, such as an ack"),
    (
        "sign flow",
        "more than 30 on a link: a band, and a sample of dots",
    ),
    ("line", "sends"),
    ("line lends", "delivers, until it is acknowledged"),
    ("line dotted", "dead letters"),
    ("line double", "appends to a store"),
    ("line dashed", "feeds a reader"),
    ("sign wrong", "cannot work as it is drawn"),
    ("sign doubtful", "works, but hardly as it is meant"),
];

/// The legend, over a corner of the canvas.
#[component]
pub fn Legend() -> impl IntoView {
    let session = use_session();
    let types = move || {
        session
            .legend
            .get()
            .into_iter()
            .enumerate()
            .collect::<Vec<_>>()
    };
    let row = |(number, name)| {
        view! {
            <span class="legend-row">
                <EventShape event_type=number as u16 />
                {name}
            </span>
        }
    };
    let empty = move || session.legend.with(Vec::is_empty);
    view! {
        <details class="legend" class:is-empty=empty>
            <summary aria-label="Legend: what tokens look like">
                {keyed(types, |(number, name)| format!("{number} {name}"), row)}
            </summary>
            <div class="legend-more">
                {SIGNS
                    .iter()
                    .map(|(class, words)| view! {
                        <span class="legend-row"><i class=*class></i>{*words}</span>
                    })
                    .collect_view()}
            </div>
            <Show when=move || session.sampled.get()>
                <p class="legend-note">"Some links show a sample of their messages"</p>
            </Show>
        </details>
    }
}

/// The colour and shape of an event type, drawn as on the canvas.
#[component]
pub fn EventShape(event_type: u16) -> impl IntoView {
    let session = use_session();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        session.theme.track();
        let Some(canvas) = canvas.get() else { return };
        if let Some(mut painter) = Painter::new(canvas) {
            painter.resize(16.0, 16.0);
            painter.paint_sample(event_type, 0.0);
        }
    });
    view! { <canvas class="event-shape" node_ref=canvas aria-hidden="true"></canvas> }
}
