//! The legend: which colour and shape is which event type, and what the marks on tokens mean.

use leptos::html;
use leptos::prelude::*;

use super::painter::Painter;
use super::session::use_session;

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
    let empty = move || session.legend.with(Vec::is_empty);
    view! {
        <details class="legend" class:is-empty=empty>
            <summary aria-label="Legend: what tokens look like">
                <For
                    each=types
                    key=|(number, name)| (*number, name.clone())
                    children=|(number, name)| view! {
                        <span class="legend-row">
                            <EventShape event_type=number as u16 />
                            {name}
                        </span>
                    }
                />
            </summary>
            <div class="legend-more">
                <span class="legend-row"><i class="sign ring"></i>"delivered again"</span>
                <span class="legend-row"><i class="sign twin"></i>"duplicate made by a link"</span>
                <span class="legend-row"><i class="sign dead"></i>"dead letter"</span>
                <span class="legend-row"><i class="sign answer"></i>"answer, such as an ack"</span>
                <span class="legend-row">
                    <i class="sign flow"></i>
                    "more than 30 on a link: a band, and a sample of dots"
                </span>
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
