//! A file somewhere else that the address names, `#u=https://…`: it is loaded once the person has
//! seen from where, and opens as a document of its own like any other file.

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, RequestCredentials, RequestInit, Response,
};

use super::files;
use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use crate::editor::remote::{Remote, named_by};
use crate::interchange;

/// A server that has not sent everything by then is not waited for.
const PATIENCE_MILLIS: u32 = 60_000;

/// The question, when an address asks for a file.
#[component]
pub fn Fetched() -> impl IntoView {
    let session = use_session();
    let asked = RwSignal::new(None::<Remote>);
    let look = move |hash: &str| match named_by(hash) {
        Some(Ok(remote)) => {
            asked.set(Some(remote));
            session.dialog.set(Some(Dialog::Fetch));
        }
        Some(Err(problem)) => session.say(problem.to_string(), true),
        None => {}
    };
    session.opened_with.with_value(|hash| look(hash));
    let changed = window_event_listener(leptos::ev::hashchange, move |_| {
        look(&window().location().hash().unwrap_or_default());
    });
    on_cleanup(move || changed.remove());
    view! {
        <Modal dialog=Dialog::Fetch title="Open a file from the web?" class="fetch">
            {move || asked.get().map(|remote| question(session, remote).into_any())}
        </Modal>
    }
}

fn question(session: Session, remote: Remote) -> impl IntoView {
    let (host, address) = (remote.host.clone(), remote.address.clone());
    let load = move |_| {
        session.close_dialog();
        session.say(
            format!("Loading {} from {} …", remote.name, remote.host),
            false,
        );
        spawn_local(load(session, remote.clone()));
    };
    view! {
        <p>
            "This link asks for a scenario from " <b data-testid="fetch-host">{host}</b>
            ". That server will see that somebody asked for it. The file opens as a new document; \
            your own stay as they are."
        </p>
        <p class="fetch-address"><code>{address}</code></p>
        <p class="dialog-row">
            <button type="button" class="button primary" data-testid="fetch-load" on:click=load>
                "Load it"
            </button>
            <button
                type="button"
                class="button"
                data-testid="fetch-cancel"
                on:click=move |_| session.close_dialog()
            >
                "Cancel"
            </button>
        </p>
    }
}

async fn load(session: Session, remote: Remote) {
    match fetch(&remote).await {
        Ok(bytes) => files::open_bytes(session, &bytes, &remote.name),
        Err(why) => session.say(format!("{} was not loaded: {why}.", remote.name), true),
    }
}

/// The bytes of a file. No more than are read are ever taken.
async fn fetch(remote: &Remote) -> Result<Vec<u8>, String> {
    let request = RequestInit::new();
    request.set_credentials(RequestCredentials::Omit);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MILLIS)));
    let _ = Reflect::set(&request, &"referrerPolicy".into(), &"no-referrer".into());
    let asked = window().fetch_with_str_and_init(&remote.address, &request);
    let response = JsFuture::from(asked).await.map_err(|_| {
        // Browsers do not tell pages which of them it was.
        format!(
            "{} cannot be reached, or does not let other pages read this file (CORS); download it \
             yourself, and open it from there",
            remote.host
        )
    })?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("{} answers {}", remote.host, response.status()));
    }
    let Some(body) = response.body() else {
        return Err("it is empty".to_owned());
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await;
        let part = part.map_err(|_| "the connection broke off".to_owned())?;
        let get = |name: &str| Reflect::get(&part, &name.into()).unwrap_or(JsValue::NULL);
        if get("done").is_truthy() {
            return Ok(bytes);
        }
        let part = get("value").unchecked_into::<Uint8Array>();
        if bytes.len() + part.length() as usize > interchange::FILE_MAX {
            let _ = reader.cancel();
            return Err(format!("at most {} bytes are read", interchange::FILE_MAX));
        }
        bytes.extend(part.to_vec());
    }
}
