//! The header: the document's name, the gallery, files, light or dark, help.

use leptos::prelude::*;

use super::document;
use super::documents::NameField;
use super::gallery::GalleryButton;
use super::icons::Icon;
use super::session::{Dialog, Theme, use_session};
use crate::app::live::live;

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let session = use_session();
    let theme_icon = Signal::derive(move || match session.theme.get() {
        Theme::Light => "moon",
        Theme::Dark => "sun",
    });
    let theme_words = move || match session.theme.get() {
        Theme::Light => "Switch to dark",
        Theme::Dark => "Switch to light",
    };
    view! {
        <header class="header">
            <span class="brand">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"></rect>
                    <path d="M7 11h8c5 0 4 10 9 10h1"></path>
                    <circle cx="8" cy="11" r="3.4"></circle>
                    <circle cx="24" cy="21" r="3.4"></circle>
                </svg>
                <h1 class="brand-name">"Eventyard"</h1>
            </span>
            <span class="header-divider"></span>
            <DocumentName />
            <GalleryButton testid="gallery-open" />
            <span class="header-about">{live(move || session.about.get())}</span>
            <span class="header-space"></span>
            <button
                type="button"
                class="button quiet icon desk-only"
                data-testid="file-open"
                aria-label="Open a file"
                title="Open a file (Ctrl O)"
                on:click=move |_| session.file_wanted.set(true)
            >
                <Icon name="open" />
            </button>
            <button
                type="button"
                class="button quiet icon desk-only"
                data-testid="export-open"
                aria-label="Save or export"
                title="Save or export (Ctrl E)"
                aria-haspopup="dialog"
                on:click=move |_| session.dialog.set(Some(Dialog::Export))
            >
                <Icon name="download" />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="share-open"
                aria-label="Share"
                title="Share a link (Ctrl S)"
                aria-haspopup="dialog"
                on:click=move |_| session.dialog.set(Some(Dialog::Share))
            >
                <Icon name="share" />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="theme"
                aria-label=live(move || theme_words().to_owned())
                title=live(move || theme_words().to_owned())
                on:click=move |_| session.switch_theme()
            >
                <Icon name=theme_icon />
            </button>
            <button
                type="button"
                class="button quiet icon"
                data-testid="help"
                aria-label="Help and keys"
                title="Help and keys (?)"
                aria-haspopup="dialog"
                on:click=move |_| session.dialog.set(Some(Dialog::Help))
            >
                <Icon name="help" />
            </button>
        </header>
    }
}

/// The name of the document: it opens the list of documents, and can be changed in its place.
#[component]
fn DocumentName() -> impl IntoView {
    let session = use_session();
    let renames = RwSignal::new(false);
    let button = NodeRef::<leptos::html::Button>::new();
    let done = Callback::new(move |typed: Option<String>| {
        renames.set(false);
        if let Some(name) = typed {
            document::rename_document(session, &name);
        }
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    });
    view! {
        <span class="document-name">
            <button
                type="button"
                class="button quiet document-open"
                class:is-hidden=move || renames.get()
                node_ref=button
                data-testid="documents-open"
                aria-haspopup="dialog"
                aria-keyshortcuts="F2"
                title="Your documents (F2 renames this one)"
                on:click=move |_| session.dialog.set(Some(Dialog::Documents))
                on:keydown=move |event| {
                    if event.key() == "F2" {
                        event.prevent_default();
                        renames.set(true);
                    }
                }
            >
                <span class="document-title" data-testid="title">
                    {live(move || session.title.get())}
                </span>
                <Icon name="chevron" />
            </button>
            <Show
                when=move || renames.get()
                fallback=move || view! {
                    <button
                        type="button"
                        class="button quiet icon wide-only"
                        data-testid="title-rename"
                        aria-label="Rename this document"
                        title="Rename (F2)"
                        on:click=move |_| renames.set(true)
                    >
                        <Icon name="pencil" />
                    </button>
                }
            >
                <NameField name=session.title.get_untracked() done />
            </Show>
        </span>
    }
}
