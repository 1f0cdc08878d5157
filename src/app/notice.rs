//! What is said to the user: a note at the edge of the canvas, and words for screen readers.

use leptos::prelude::*;

use super::icons::Icon;
use super::renewal::Renewal;
use super::session::{Dialog, Notice, Offer, Session, use_session};
use super::{document, documents};
use crate::app::live::live;
use crate::editor::tempo::moment;

/// The place of the notes beside the canvas.
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
            {move || {
                let over = [Dialog::Documents, Dialog::TextView];
                let covered = over.iter().any(|dialog| session.is_open(*dialog));
                (!covered).then(|| note(session))
            }}
            <Going />
            <Renewal />
        </div>
        <div class="visually-hidden" aria-live="polite" data-testid="spoken">
            {live(move || session.spoken.get())}
        </div>
    }
}

/// How far a seek is that takes long, with a button that stops it.
#[component]
fn Going() -> impl IntoView {
    let session = use_session();
    let aim = move || session.readout.with(|readout| (readout.now, readout.aim));
    let is_going = Memo::new(move |_| {
        let (now, aim) = aim();
        now != aim && !session.playing.get()
    });
    let words = move || {
        let (now, aim) = aim();
        let part = now.as_secs() / aim.as_secs() * 100.0;
        format!("Running to {}: {:.0} %", moment(aim), part.min(100.0))
    };
    view! {
        <Show when=move || is_going.get()>
            <div class="notice is-going" data-testid="going">
                <p>{live(words)}</p>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="going-stop"
                    on:click=move |_| {
                        session.act(|player| player.set_playing(false));
                    }
                >
                    "Stop here"
                </button>
            </div>
        </Show>
    }
}

/// The note, for wherever it can be reached: below an open dialog nothing can.
pub fn note(session: Session) -> impl IntoView {
    move || session.notice.get().map(|notice| card(session, notice))
}

fn card(session: Session, notice: Notice) -> impl IntoView {
    let button = notice.offer.map(|offer| {
        let (words, testid) = match offer {
            Offer::UndoDelete => ("Undo", "undo-delete"),
            Offer::Download => ("Download", "download"),
        };
        let accept = move |_| match offer {
            Offer::UndoDelete => documents::undo_delete(session),
            Offer::Download => document::download(session),
        };
        view! {
            <button type="button" class="button quiet" data-testid=testid on:click=accept>
                {words}
            </button>
        }
    });
    view! {
        <div class="notice" class:is-trouble=notice.trouble data-testid="notice">
            <p>{notice.text}</p>
            {button}
            <button
                type="button"
                class="button quiet icon"
                aria-label="Close the notice"
                on:click=move |_| session.notice.set(None)
            >
                <Icon name="close" />
            </button>
        </div>
    }
}
