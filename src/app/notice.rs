//! What is said to the user: a note at the edge of the canvas, and words for screen readers.

use leptos::prelude::*;

use super::icons::Icon;
use super::session::use_session;
use crate::app::live::live;

/// The note.
#[component]
pub fn NoticeBar() -> impl IntoView {
    let session = use_session();
    let stopped = Memo::new(move |_| session.readout.with(|readout| readout.stopped.clone()));
    Effect::new(move |_| {
        if let Some(why) = stopped.get() {
            session.say(why, true);
        }
    });
    view! {
        <div class="notice-place" aria-live="assertive">
            {move || session.notice.get().map(|notice| view! {
                <div class="notice" class:is-trouble=notice.trouble data-testid="notice">
                    <p>{notice.text}</p>
                    <button
                        type="button"
                        class="button quiet icon"
                        aria-label="Close the notice"
                        on:click=move |_| session.notice.set(None)
                    >
                        <Icon name="close" />
                    </button>
                </div>
            })}
        </div>
        <div class="visually-hidden" aria-live="polite" data-testid="spoken">
            {live(move || session.spoken.get())}
        </div>
    }
}
