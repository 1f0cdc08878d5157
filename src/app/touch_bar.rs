//! What a finger can do to what is selected: buttons over the canvas of a phone. Larger screens
//! have keys, menus and handles for that.

use leptos::prelude::*;

use super::icons::Icon;
use super::live::live;
use super::session::{Session, use_session};
use crate::editor::Action;

/// The buttons, while something is selected or a link is drawn.
#[component]
pub fn TouchBar() -> impl IntoView {
    let session = use_session();
    let is_linking = Memo::new(move |_| session.connecting.get().is_some());
    // Which of them make sense, so that they are made anew only when that changes.
    let possible = Memo::new(move |_| {
        session.facts.with(|facts| {
            [Action::Connect, Action::Duplicate, Action::Delete].map(|it| it.applies(facts))
        })
    });
    move || {
        let [connect, duplicate, delete] = possible.get();
        let buttons: Vec<AnyView> = if is_linking.get() {
            let words = view! { <p role="status">"Tap where the link goes"</p> };
            let stop = button("touch-cancel", "close", "Cancel", move || {
                session.stop_linking();
                session.act(|_| ());
            });
            vec![words.into_any(), stop]
        } else {
            let perform = move |action| {
                move || {
                    session.perform(action);
                }
            };
            [
                connect.then(|| button("touch-link", "link", "Link", perform(Action::Connect))),
                duplicate.then(|| {
                    let action = perform(Action::Duplicate);
                    button("touch-duplicate", "copy", "Duplicate", action)
                }),
                delete.then(|| settings(session)),
                delete.then(|| button("touch-delete", "bin", "Delete", perform(Action::Delete))),
            ]
            .into_iter()
            .flatten()
            .collect()
        };
        (!buttons.is_empty()).then(|| {
            view! {
                <div class="touch-bar" role="toolbar" aria-label="What is selected">
                    {buttons}
                </div>
            }
            .into_any()
        })
    }
}

/// Shows the settings below, or puts them away.
fn settings(session: Session) -> AnyView {
    view! {
        <button
            type="button"
            data-testid="touch-settings"
            aria-pressed=live(move || (!session.sheet_away.get()).to_string())
            on:click=move |_| session.sheet_away.update(|away| *away = !*away)
        >
            <Icon name="sliders" />
            "Settings"
        </button>
    }
    .into_any()
}

fn button(
    testid: &'static str,
    icon: &'static str,
    words: &'static str,
    act: impl Fn() + 'static,
) -> AnyView {
    let act: Box<dyn Fn()> = Box::new(act);
    view! {
        <button type="button" data-testid=testid on:click=move |_| act()>
            <Icon name=icon />
            {words}
        </button>
    }
    .into_any()
}
