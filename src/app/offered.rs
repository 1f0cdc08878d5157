//! The question what to do with the scenario of a link, where there are documents of one's own.

use leptos::prelude::*;

use super::modal::Modal;
use super::session::{Dialog, Offered, use_session};
use super::{document, open};
use crate::app::live::live;

/// The question. Closed without an answer, everything stays as it is.
#[component]
pub fn OfferedQuestion() -> impl IntoView {
    let session = use_session();
    Effect::new(move |_| {
        let is_asked = session.dialog.get() == Some(Dialog::Offered);
        if !is_asked && session.offered.with_untracked(Option::is_some) {
            session.offered.set(None);
            document::take_address_back(session);
        }
    });
    let words = move || {
        session.offered.with(|offered| match offered {
            Some(Offered { name, content, .. }) => format!("“{name}”: {content}."),
            None => String::new(),
        })
    };
    let answer = move |replaces: bool| {
        let offered = session.offered.get_untracked();
        session.offered.set(None);
        session.dialog.set(None);
        if let Some(offered) = offered {
            open::sent(session, offered.fragment, replaces);
        }
    };
    view! {
        <Modal dialog=Dialog::Offered title="Open what the link carries?" class="reach">
            <p data-testid="offered-words">{live(words)}</p>
            <div class="reach-answers">
                <button
                    type="button"
                    class="button primary"
                    autofocus=true
                    data-testid="offered-copy"
                    on:click=move |_| answer(false)
                >
                    <b>"Open as a new document"</b>
                    <span>"Your own documents stay as they are."</span>
                </button>
                <Show when=document::is_stored>
                    <button
                        type="button"
                        class="button"
                        data-testid="offered-replace"
                        on:click=move |_| answer(true)
                    >
                        <b>{move || format!("Replace “{}”", session.title.get())}</b>
                        <span>
                            "It goes from your documents. For some seconds you can take that back."
                        </span>
                    </button>
                </Show>
                <button
                    type="button"
                    class="button"
                    data-testid="offered-cancel"
                    on:click=move |_| session.dialog.set(None)
                >
                    <b>"Cancel"</b>
                    <span>"Stay with what is on the page."</span>
                </button>
            </div>
        </Modal>
    }
}
