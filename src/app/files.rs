//! Files that come and go: the chooser, what is dropped on the page, and downloads.

use js_sys::Uint8Array;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DragEvent, File, HtmlAnchorElement, HtmlInputElement, Url};

use super::open;
use super::session::{Dialog, Session, use_session};
use crate::interchange;

/// What the chooser offers. What a file is, is told by what is in it.
const ACCEPTED: &str =
    ".json,.sketch,.sruja,.png,.svg,.txt,.url,.webloc,application/json,image/png,image/svg+xml";
/// How long the browser has time to begin with a download.
const DOWNLOAD_MILLIS: u64 = 60_000;

/// The chooser, which cannot be seen, and the sheet over the page while a file is held above it.
#[component]
pub fn Files() -> impl IntoView {
    let session = use_session();
    let input = NodeRef::<html::Input>::new();
    let held = RwSignal::new(false);
    Effect::new(move |_| {
        if session.file_wanted.get() {
            session.file_wanted.set(false);
            if let Some(input) = input.get_untracked() {
                input.click();
            }
        }
    });
    watch_drops(session, held);
    view! {
        <input
            type="file"
            hidden
            data-testid="file-input"
            aria-label="Scenario file"
            accept=ACCEPTED
            node_ref=input
            on:change=move |event| take_chosen(session, &event_target::<HtmlInputElement>(&event))
        />
        <Show when=move || held.get()>
            <div class="drop" data-testid="drop" aria-hidden="true">
                <p>"Drop to open"</p>
            </div>
        </Show>
    }
}

fn take_chosen(session: Session, input: &HtmlInputElement) {
    if let Some(file) = chosen(input) {
        open_file(session, file);
    }
}

/// The file that somebody has just chosen.
pub fn chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files().and_then(|files| files.get(0));
    // The same file can then be chosen again.
    input.set_value("");
    file
}

/// The text in a file, of at most so many characters.
///
/// # Errors
/// Why it is not taken, as the end of a sentence.
pub async fn read_text(file: &File, most: usize) -> Result<String, String> {
    // A character has at most four bytes; how many there are is judged where the text is used.
    if file.size() > 4.0 * most as f64 {
        return Err(format!("at most {most} characters are read"));
    }
    String::from_utf8(read(file).await?).map_err(|_| "it is no text in UTF-8".to_owned())
}

/// Reads a file and opens the scenario in it.
fn open_file(session: Session, file: File) {
    spawn_local(async move {
        let name = file.name();
        match read(&file).await {
            Ok(bytes) => open_bytes(session, &bytes, &name),
            Err(why) => session.say(format!("{name} cannot be opened: {why}"), true),
        }
    });
}

async fn read(file: &File) -> Result<Vec<u8>, String> {
    // Before the browser gets memory for it.
    if file.size() > interchange::FILE_MAX as f64 {
        return Err(format!("at most {} bytes are read", interchange::FILE_MAX));
    }
    let buffer = file.array_buffer().await;
    let buffer = buffer.map_err(|_| "the browser could not read it".to_owned())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Opens the scenario in what was chosen, dropped, fetched or pasted, as a document of its own.
pub fn open_bytes(session: Session, bytes: &[u8], name: &str) {
    match interchange::read(bytes, name) {
        Ok(read) => {
            session.close_dialog();
            session.notice.set(None);
            open::brought(session, read.scenario);
            if !read.remarks.is_empty() {
                session.remarks.set(read.remarks);
                session.dialog.set(Some(Dialog::Remarks));
            }
        }
        Err(problems) => {
            let more = match problems.len() {
                0 | 1 => String::new(),
                several => format!(" (and {} more)", several - 1),
            };
            let first = problems.first().map_or_else(String::new, |problem| {
                // The file's name is said already.
                let place = match problem.place.as_str() {
                    place if place == name => String::new(),
                    place => format!("{place}: "),
                };
                format!("{place}{}; {}", problem.what, problem.hint)
            });
            session.say(format!("{name} cannot be opened: {first}{more}."), true);
        }
    }
}

/// Files may be dropped anywhere on the page: the browser would leave it and show them instead.
fn watch_drops(session: Session, held: RwSignal<bool>) {
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if has_file(&event) {
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect("copy");
            }
            held.set(true);
        }
    });
    let left = window_event_listener(leptos::ev::dragleave, move |event| {
        // Going from one element to another leaves the first; only the window has no other.
        if event.related_target().is_none() {
            held.set(false);
        }
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event| {
        held.set(false);
        if !has_file(&event) {
            return;
        }
        event.prevent_default();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            open_file(session, file);
        }
    });
    on_cleanup(move || {
        over.remove();
        left.remove();
        dropped.remove();
    });
}

fn has_file(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|transfer| transfer.types());
    types.is_some_and(|types| types.includes(&JsValue::from_str("Files"), 0))
}

/// Lets the browser save a file.
///
/// # Errors
/// That it cannot.
pub fn download(file: &Blob, name: &str) -> Result<(), String> {
    let refused = |_| "This browser cannot save the file.".to_owned();
    let address = Url::create_object_url_with_blob(file).map_err(refused)?;
    let link = leptos::prelude::document().create_element("a");
    let link = link.map_err(refused)?.unchecked_into::<HtmlAnchorElement>();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let forget = move || drop(Url::revoke_object_url(&address));
    set_timeout(forget, std::time::Duration::from_millis(DOWNLOAD_MILLIS));
    Ok(())
}
