//! The dialog "Save or export": the scenario's file, and pictures.

mod picture;
mod texts;

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::{Blob, ClipboardItem};

use super::files::download;
use super::icons::Icon;
use super::live::{flag, live};
use super::modal::Modal;
use super::session::{Dialog, Session, Theme, use_session};
use crate::interchange;
use crate::scenario;
use picture::{Portrait, Wishes, blob};
use texts::Texts;

/// The dialog.
#[component]
pub fn Export() -> impl IntoView {
    let session = use_session();
    let wishes = RwSignal::new(Wishes {
        theme: session.theme.get_untracked(),
        scale: 2.0,
        whole: true,
        inside: true,
    });
    Effect::new(move |_| {
        if session.is_open(Dialog::Export) {
            wishes.update(|wishes| wishes.theme = session.theme.get_untracked());
        }
    });
    view! {
        <Modal dialog=Dialog::Export title="Save or export" class="export">
                <section class="export-part">
                    <h3>"Scenario"</h3>
                    <p>"One file with all that is drawn, the seed and what you did."</p>
                    <div class="export-row">
                        <button
                            type="button"
                            class="button"
                            data-testid="export-json"
                            on:click=move |_| save_scenario(session)
                        >
                            <Icon name="download" />"Save the scenario"
                        </button>
                    </div>
                </section>
                <Texts />
                <section class="export-part">
                    <h3>"Picture"</h3>
                    <p>"The canvas as it is at this moment."</p>
                    <Choices wishes=wishes />
                    <p class="export-size" data-testid="export-size">
                        {live(move || size_words(session, wishes.get()))}
                    </p>
                    <Buttons wishes=wishes />
                </section>
        </Modal>
    }
}

/// How a picture is to be.
#[component]
fn Choices(wishes: RwSignal<Wishes>) -> impl IntoView {
    let of = move |holds: fn(&Wishes) -> bool| flag(move || wishes.with(holds));
    let set = move |change: fn(&mut Wishes)| wishes.update(change);
    view! {
        <div class="export-choices">
            <fieldset>
                <legend>"Shows"</legend>
                {choice("part", "Everything", of(|it| it.whole), move || set(|it| it.whole = true))}
                {choice("part", "The screen", of(|it| !it.whole), move || {
                    set(|it| it.whole = false);
                })}
            </fieldset>
            <fieldset>
                <legend>"Colours"</legend>
                {choice("theme", "Light", of(|it| it.theme == Theme::Light), move || {
                    set(|it| it.theme = Theme::Light);
                })}
                {choice("theme", "Dark", of(|it| it.theme == Theme::Dark), move || {
                    set(|it| it.theme = Theme::Dark);
                })}
            </fieldset>
            <fieldset>
                <legend>"Size"</legend>
                {choice("size", "1×", of(|it| it.scale < 2.0), move || set(|it| it.scale = 1.0))}
                {choice("size", "2×", of(|it| it.scale >= 2.0), move || set(|it| it.scale = 2.0))}
            </fieldset>
        </div>
        <label class="export-inside">
            <input
                type="checkbox"
                class="switch"
                data-testid="export-inside"
                prop:checked=of(|it| it.inside)
                on:change=move |event| {
                    let inside = event_target_checked(&event);
                    wishes.update(|it| it.inside = inside);
                }
            />
            "With the scenario inside: the picture can be opened here again"
        </label>
    }
}

/// One of several that exclude each other.
fn choice(
    group: &'static str,
    words: &'static str,
    chosen: super::live::LiveFlag,
    choose: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="export-choice">
            <input
                type="radio"
                name=format!("export-{group}")
                prop:checked=chosen
                on:change=move |_| choose()
            />
            <span>{words}</span>
        </label>
    }
}

#[component]
fn Buttons(wishes: RwSignal<Wishes>) -> impl IntoView {
    let session = use_session();
    let can_copy = can_copy_pictures();
    view! {
        <div class="export-row">
            <button
                type="button"
                class="button primary"
                data-testid="export-png"
                on:click=move |_| save_png(session, wishes.get_untracked())
            >
                <Icon name="download" />"PNG"
            </button>
            <button
                type="button"
                class="button primary"
                data-testid="export-svg"
                on:click=move |_| save_svg(session, wishes.get_untracked())
            >
                <Icon name="download" />"SVG"
            </button>
            <Show when=move || can_copy>
                <button
                    type="button"
                    class="button"
                    data-testid="export-copy"
                    on:click=move |_| copy_png(session, wishes.get_untracked())
                >
                    <Icon name="copy" />"Copy as PNG"
                </button>
            </Show>
        </div>
    }
}

fn size_words(session: Session, wishes: Wishes) -> String {
    if !session.is_open(Dialog::Export) {
        return String::new();
    }
    let size = Portrait::take(session, wishes).map(|portrait| portrait.size());
    size.map_or_else(String::new, |(width, height)| {
        format!("{width} × {height} pixels")
    })
}

fn save_scenario(session: Session) {
    let document = session
        .player
        .with_value(|player| player.document().clone());
    let name = interchange::file_name(&document.name, "eventyard.json");
    let file = blob(scenario::write(&document).as_bytes(), "application/json");
    saved(session, &name, file);
}

fn save_svg(session: Session, wishes: Wishes) {
    if let Some(portrait) = Portrait::take(session, wishes) {
        saved(session, &portrait.file_name("svg"), portrait.svg());
    }
}

fn save_png(session: Session, wishes: Wishes) {
    let Some(portrait) = Portrait::take(session, wishes) else {
        return;
    };
    spawn_local(async move {
        let name = portrait.file_name("png");
        saved(session, &name, portrait.png().await);
    });
}

/// Hands a file to the browser, or says why there is none. The dialog makes room for the words.
fn saved(session: Session, name: &str, file: Result<Blob, String>) {
    session.close_dialog();
    match file.and_then(|file| download(&file, name)) {
        Ok(()) => session.speak(format!("Saved {name}")),
        Err(why) => session.say(why, true),
    }
}

fn can_copy_pictures() -> bool {
    let known = Reflect::has(&window(), &JsValue::from_str("ClipboardItem"));
    known.unwrap_or(false) && window().is_secure_context()
}

/// Copies a picture. Clipboards take pixels only, so there is no scenario inside.
fn copy_png(session: Session, wishes: Wishes) {
    let inside = false;
    let Some(portrait) = Portrait::take(session, Wishes { inside, ..wishes }) else {
        return;
    };
    session.close_dialog();
    // The browser allows it to what follows the press at once, so it gets a promise of a picture.
    let picture = js_sys::futures::future_to_promise(async move {
        match portrait.png().await {
            Ok(picture) => Ok(picture.into()),
            Err(why) => Err(JsValue::from_str(&why)),
        }
    });
    spawn_local(async move {
        match copied(picture).await {
            Ok(_) => session.say("The picture is on the clipboard.", false),
            Err(why) => {
                let why = why.as_string();
                let why = why.unwrap_or_else(|| {
                    "This browser did not let the page copy the picture. Save it as PNG.".to_owned()
                });
                session.say(why, true);
            }
        }
    });
}

async fn copied(picture: Promise) -> Result<JsValue, JsValue> {
    let kinds = Object::new();
    Reflect::set(&kinds, &JsValue::from_str("image/png"), &picture)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&kinds)?;
    window()
        .navigator()
        .clipboard()
        .write(&Array::of1(&item))
        .await
}
