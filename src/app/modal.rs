//! A dialog of the page: the browser's own, with a title, a cross and Escape.

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::session::{Dialog, use_session};

/// A dialog that is there while the session says that it is open. What is in it is made anew each
/// time.
#[component]
pub fn Modal(
    /// Which.
    dialog: Dialog,
    /// Its title.
    title: &'static str,
    /// A class besides.
    #[prop(optional)]
    class: &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    let element = NodeRef::<html::Dialog>::new();
    let is_open = Memo::new(move |_| session.dialog.get() == Some(dialog));
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        match (is_open.get(), element.open()) {
            (true, false) => {
                let _ = element.show_modal();
            }
            (false, true) => element.close(),
            _ => {}
        }
    });
    let close = move || {
        if is_open.get_untracked() {
            session.dialog.set(None);
        }
    };
    view! {
        <dialog
            class=format!("dialog {class}")
            node_ref=element
            aria-label=title
            data-testid=format!("dialog-{}", dialog.name())
            on:close=move |_| close()
            on:click=move |event| {
                // A press beside the sheet lands on the dialog itself.
                if event.target() == event.current_target() {
                    close();
                }
            }
        >
            <div class="dialog-body">
                <header>
                    <h2>{title}</h2>
                    <button
                        type="button"
                        class="button quiet icon"
                        aria-label="Close"
                        on:click=move |_| close()
                    >
                        <Icon name="close" />
                    </button>
                </header>
                <Show when=move || is_open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}
