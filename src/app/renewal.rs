//! A new version of the page waits: said, and taken over when the person wants it. `loader.js`
//! talks to the browser about it.

use js_sys::futures::spawn_local;
use leptos::ev::Custom;
use leptos::prelude::*;
use web_sys::Event;

use super::document;
use super::icons::Icon;
use super::session::{Offer, Session, use_session};

/// The new version is asked to take over.
const RENEW: &str = "eventyard-renew";

/// The words about a new version, while one waits.
#[component]
pub fn Renewal() -> impl IntoView {
    let session = use_session();
    let root = leptos::prelude::document().document_element();
    let waits = root.is_some_and(|root| root.has_attribute("data-renewal"));
    let shown = RwSignal::new(waits);
    let offered = Custom::<Event>::new("eventyard-renewal");
    let offered = window_event_listener(offered, move |_| shown.set(true));
    let renewed = Custom::<Event>::new("eventyard-renewed");
    let renewed = window_event_listener(renewed, move |_| {
        spawn_local(async move {
            if is_kept(session).await {
                let _ = window().location().reload();
            }
        });
    });
    on_cleanup(move || {
        offered.remove();
        renewed.remove();
    });
    let renew = move |_| {
        spawn_local(async move {
            if is_kept(session).await
                && let Ok(event) = Event::new(RENEW)
            {
                let _ = window().dispatch_event(&event);
            }
        });
    };
    view! {
        <Show when=move || shown.get()>
            <div class="notice renewal" role="status" data-testid="renewal">
                <p>"A new version of Eventyard is there. Your document is saved first."</p>
                <button type="button" class="button primary" data-testid="renew" on:click=renew>
                    "Reload"
                </button>
                <button
                    type="button"
                    class="button quiet icon"
                    aria-label="Later"
                    title="Later"
                    on:click=move |_| shown.set(false)
                >
                    <Icon name="close" />
                </button>
            </div>
        </Show>
    }
}

/// Whether the document is kept, so that the page may go. If it is not, that is said.
async fn is_kept(session: Session) -> bool {
    let kept = document::kept(session).await;
    if !kept {
        session.offer(
            "The new version waits: this browser does not keep your document. Download it first.",
            true,
            Offer::Download,
        );
    }
    kept
}
