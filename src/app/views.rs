//! The views of the document, in a row over the canvas: one is shown, or everything.

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::keyed::keyed;
use super::session::{Session, use_session};
use crate::app::live::flag;
use crate::units::ViewId;

/// The row; documents without views have none.
#[component]
pub fn ViewsBar() -> impl IntoView {
    let session = use_session();
    let is_there = Memo::new(move |_| session.views.with(|views| !views.is_empty()));
    let renames = RwSignal::new(false);
    // What is renamed is what is shown.
    Effect::new(move |_| {
        session.view.track();
        renames.set(false);
    });
    let tab = move |(id, name): (ViewId, String)| tab(session, Some(id), name, renames);
    view! {
        <Show when=move || is_there.get()>
            <div class="views" role="group" aria-label="Views" data-testid="views">
                <div class="views-tabs" role="radiogroup" aria-label="What is shown">
                    {tab_of_all(session, renames)}
                    {keyed(move || session.views.get(), |(id, name)| format!("{id} {name}"), tab)}
                </div>
                <Show when=move || renames.get()><NameOfView renames /></Show>
                <Show when=move || session.view.get().is_some() && !renames.get()>
                    <ViewButtons renames />
                </Show>
                <ViewButton
                    id="view-new"
                    icon="plus"
                    words="New view of what is selected, or of what is on the screen"
                    press=Callback::new(move |()| session.new_view())
                />
            </div>
        </Show>
    }
}

fn tab_of_all(session: Session, renames: RwSignal<bool>) -> impl IntoView {
    tab(session, None, "Everything".to_owned(), renames)
}

fn tab(
    session: Session,
    view: Option<ViewId>,
    name: String,
    renames: RwSignal<bool>,
) -> impl IntoView {
    let id = view.map_or_else(|| "view-all".to_owned(), |id| format!("view-{}", id.0));
    let rename = move || {
        if view.is_some() {
            session.show_view(view);
            renames.set(true);
        }
    };
    view! {
        <label class="views-tab" on:dblclick=move |_| rename()>
            <input
                type="radio"
                name="view"
                data-testid=id
                prop:checked=flag(move || session.view.get() == view)
                on:change=move |_| session.show_view(view)
                on:keydown=move |event| match event.key().as_str() {
                    "F2" => rename(),
                    "Delete" if view.is_some() => session.delete_view(),
                    _ => {}
                }
            />
            <span>{name}</span>
        </label>
    }
}

#[component]
fn ViewButtons(renames: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    view! {
        <ViewButton
            id="view-rename"
            icon="pencil"
            words="Rename this view (F2)"
            press=Callback::new(move |()| renames.set(true))
        />
        <ViewButton
            id="view-set"
            icon="check"
            words="Show what is selected in this view, or what is on the screen"
            press=Callback::new(move |()| session.set_view_to_selection())
        />
        <ViewButton
            id="view-save"
            icon="camera"
            words="Always show this view from here"
            press=Callback::new(move |()| session.save_view_camera())
        />
        <ViewButton
            id="view-delete"
            icon="bin"
            words="Delete this view; what it shows stays"
            press=Callback::new(move |()| session.delete_view())
        />
    }
}

#[component]
fn ViewButton(
    id: &'static str,
    icon: &'static str,
    words: &'static str,
    press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet icon"
            data-testid=id
            aria-label=words
            title=words
            on:click=move |_| press.run(())
        >
            <Icon name=icon />
        </button>
    }
}

/// The name of the view that is shown, to change it: Enter takes it, Escape does not.
#[component]
fn NameOfView(renames: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let shown = session.view.get_untracked();
    let name = session.views.with_untracked(|views| {
        let mut views = views.iter();
        let found = views.find(|(id, _)| Some(*id) == shown);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    });
    let before = StoredValue::new(name.clone());
    let finish = move |take: bool| {
        if !renames.get_untracked() {
            return;
        }
        let typed = field.get_untracked().map(|field| field.value());
        renames.set(false);
        let typed = typed.filter(|typed| take && *typed != before.get_value());
        if let Some(name) = typed {
            session.rename_view(name);
        }
    };
    view! {
        <input
            class="input views-name"
            node_ref=field
            data-testid="view-name"
            aria-label="Name of the view"
            value=name
            on:blur=move |_| finish(true)
            on:keydown=move |event| match event.key().as_str() {
                "Enter" => finish(true),
                "Escape" => finish(false),
                _ => {}
            }
        />
    }
}
