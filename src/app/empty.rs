//! What an empty document shows: how it is begun. It goes when there is something on the canvas.

use leptos::prelude::*;

use super::gallery::GalleryButton;
use super::keyboard::is_mac;
use super::live::live;
use super::open;
use super::palette::face;
use super::session::use_session;
use crate::editor::Action;
use crate::editor::paint::glyph_path;
use crate::editor::palette::{number, starters};
use crate::scenario;

/// So many examples are offered.
const EXAMPLES: usize = 3;

/// What an empty document shows.
#[component]
pub fn EmptyState() -> impl IntoView {
    let session = use_session();
    let is_empty = Memo::new(move |_| {
        let nothing = session.nodes.all().is_empty() && session.view.get().is_none();
        session.ready.get()
            && nothing
            && session
                .player
                .with_value(|player| player.run().topology().nodes.is_empty())
    });
    move || is_empty.get().then(|| invitation().into_any())
}

fn invitation() -> impl IntoView {
    let session = use_session();
    let keys = move |action| {
        let keymap = session.keymap.get();
        let chord = keymap.keys(action).into_iter().next();
        chord.map_or_else(String::new, |chord| chord.caps(is_mac()).join(" "))
    };
    let kinds = starters().into_iter().map(|kind| {
        let descriptor = kind.descriptor();
        view! {
            <button
                type="button"
                class="piece"
                data-testid=format!("empty-{}", kind.name())
                on:click=move |_| session.add_somewhere(kind.into())
            >
                {face(glyph_path(descriptor.glyph), descriptor.label, descriptor.brief.to_owned())}
                <kbd aria-hidden="true">{live(move || keys(Action::Add(number(kind))))}</kbd>
            </button>
        }
        .into_any()
    });
    let kinds: Vec<AnyView> = kinds.collect();
    let examples = scenario::examples().iter().take(EXAMPLES).map(|example| {
        view! {
            <button
                type="button"
                class="button"
                on:click=move |_| open::example(session, example.slug)
            >
                {example.scenario().name}
            </button>
        }
        .into_any()
    });
    let examples: Vec<AnyView> = examples.collect();
    view! {
        <section class="empty-state" data-testid="empty-state" aria-label="How to begin">
            <h2>"Nothing here yet"</h2>
            <p>"Add something that emits events, then what takes them."</p>
            <div class="empty-pieces">{kinds}</div>
            <p class="empty-keys">
                "Each is linked to the one that is selected, if the two fit. Double-click the \
                canvas to add something there; press " <kbd>{live(move || keys(Action::Help))}</kbd>
                " for all keys."
            </p>
            <div class="empty-examples">
                <span>"Or open an example:"</span>
                {examples}
                <GalleryButton testid="empty-gallery" />
            </div>
        </section>
    }
}
