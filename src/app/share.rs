//! The dialog "Share": a link, what goes into it, where it fits, and other ways to hand it on.

use js_sys::futures::{JsFuture, spawn_local};
use leptos::prelude::*;

use super::document;
use super::icons::Icon;
use super::live::{flag, live};
use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use crate::editor::tempo::exact;
use crate::interchange::{qr, snippet};
use crate::scenario::Scenario;
use crate::scenario::link::{self, Standpoint};

/// The dialog.
#[component]
pub fn Share() -> impl IntoView {
    view! {
        <Modal dialog=Dialog::Share title="Share" class="share">
            <Sheet />
        </Modal>
    }
}

/// What may go into a link besides the scenario: its name for scripts, what is said of it, and how
/// it is left out.
type Part = (&'static str, String, fn(&mut Standpoint));

/// What the dialog is about: everything as it was when it was opened.
#[derive(Clone)]
struct Shared {
    scenario: Scenario,
    standpoint: Standpoint,
    page: String,
}

impl Shared {
    fn of(session: Session) -> Self {
        let location = window().location();
        let origin = location.origin().unwrap_or_default();
        let (scenario, standpoint) = session
            .player
            .with_value(|player| (player.document().clone(), player.standpoint()));
        Self {
            scenario,
            standpoint,
            page: origin + &location.pathname().unwrap_or_default(),
        }
    }

    /// The parts that there are.
    fn parts(&self) -> Vec<Part> {
        let Standpoint {
            moment,
            selection,
            camera,
            view,
            ..
        } = &self.standpoint;
        let mut parts: Vec<Part> = Vec::new();
        if let Some(moment) = moment {
            let words = format!("This moment: {}", exact(*moment));
            parts.push(("moment", words, |it| (it.moment, it.entries) = (None, None)));
        }
        if !selection.is_empty() {
            parts.push(("selection", "What is selected".to_owned(), |it| {
                it.selection.clear();
            }));
        }
        if camera.is_some() {
            let words = "The part of the canvas on the screen".to_owned();
            parts.push(("camera", words, |it| it.camera = None));
        }
        if let Some(view) = view.and_then(|id| self.scenario.drawing.view(id)) {
            let words = format!("The view “{}”", view.name);
            parts.push(("view", words, |it| it.view = None));
        }
        parts
    }

    fn fragment(&self, without: &[fn(&mut Standpoint)]) -> Option<String> {
        let mut standpoint = self.standpoint.clone();
        without
            .iter()
            .for_each(|leave_out| leave_out(&mut standpoint));
        link::encode_at(&self.scenario, &standpoint)
    }
}

#[component]
fn Sheet() -> impl IntoView {
    let session = use_session();
    let shared = Shared::of(session);
    let parts = shared.parts();
    // Who sees everything has moved nothing.
    let is_fitted = session.fitted.get_value();
    let wanted: Vec<bool> = (parts.iter().map(|part| part.0 != "camera" || !is_fitted)).collect();
    let wanted = RwSignal::new(wanted);
    let ways: Vec<_> = parts.iter().map(|part| part.2).collect();
    let name = shared.scenario.name.clone();
    let page = shared.page.clone();
    let fragment = Memo::new(move |_| {
        let wanted = wanted.get();
        let without = ways.iter().zip(wanted).filter(|(_, wanted)| !wanted);
        shared.fragment(&without.map(|(way, _)| *way).collect::<Vec<_>>())
    });
    let base = page.clone();
    let address = Memo::new(move |_| Some(format!("{base}#{}", fragment.get()?)));
    let copy = Callback::new(move |form: Form| {
        let (Some(address), Some(fragment)) = (address.get_untracked(), fragment.get_untracked())
        else {
            return;
        };
        match form {
            Form::Plain => hand_out(session, address, "The link is on the clipboard."),
            Form::Markdown => {
                let text = snippet::markdown(&name, &address);
                hand_out(session, text, "The link is on the clipboard, in Markdown.");
            }
            Form::Frame => {
                let text = snippet::iframe(&name, &page, &fragment);
                hand_out(session, text, "HTML for a frame is on the clipboard.");
            }
        }
    });
    view! {
        <p>"Whoever opens it sees this scenario run the same, message by message."</p>
        <fieldset class="share-parts">
            <legend>"What goes in besides"</legend>
            {parts
                .into_iter()
                .enumerate()
                .map(|(n, part)| part_row(n, part, wanted))
                .collect_view()}
        </fieldset>
        <Show when=move || address.get().is_some() fallback=too_large>
            <Link address copy />
        </Show>
        <div class="export-row">
            {action("download", "File", "share-file", move || {
                session.close_dialog();
                document::download(session);
            })}
            {action("camera", "Picture", "share-picture", move || {
                session.dialog.set(Some(Dialog::Export));
            })}
        </div>
    }
}

/// How a link is copied.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    Markdown,
    Frame,
}

fn part_row(n: usize, (id, words, _): Part, wanted: RwSignal<Vec<bool>>) -> impl IntoView {
    view! {
        <label class="export-inside">
            <input
                type="checkbox"
                class="switch"
                data-testid=format!("share-{id}")
                prop:checked=flag(move || wanted.with(|wanted| wanted[n]))
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    wanted.update(|wanted| wanted[n] = checked);
                }
            />
            {words}
        </label>
    }
}

fn too_large() -> impl IntoView {
    view! {
        <p class="share-fits is-long" data-testid="share-fits">
            "This scenario is too large for a link. Send the file, or a picture with the scenario \
            inside."
        </p>
    }
}

#[component]
fn Link(address: Memo<Option<String>>, copy: Callback<Form>) -> impl IntoView {
    let text = move || address.get().unwrap_or_default();
    let fits = move || snippet::fits(text().len());
    let code = move || {
        let code = qr::drawn(&text());
        code.map(|code| {
            view! {
                <svg
                    class="share-code"
                    data-testid="share-code"
                    role="img"
                    aria-label="The link as a QR code"
                    viewBox=format!("0 0 {0} {0}", code.side)
                >
                    <path d=code.path></path>
                </svg>
            }
        })
    };
    view! {
        <div class="share-link">
            <input
                class="input"
                readonly=true
                data-testid="share-address"
                aria-label="The link"
                prop:value=live(text)
                on:focus=move |event| {
                    event_target::<web_sys::HtmlInputElement>(&event).select();
                }
            />
            <button
                type="button"
                class="button primary"
                autofocus=true
                data-testid="share-copy"
                on:click=move |_| copy.run(Form::Plain)
            >
                <Icon name="copy" />"Copy"
            </button>
        </div>
        <p class="share-fits" class:is-long=flag(move || fits().1) data-testid="share-fits">
            <b>{live(move || snippet::length(text().len()))}</b>
            {live(move || fits().0.to_owned())}
        </p>
        {code}
        <div class="export-row">
            {action("copy", "Markdown", "share-markdown", move || copy.run(Form::Markdown))}
            {action("copy", "HTML frame", "share-frame", move || copy.run(Form::Frame))}
        </div>
    }
}

fn action(
    icon: &'static str,
    words: &'static str,
    testid: &'static str,
    press: impl Fn() + 'static,
) -> impl IntoView {
    let press: Box<dyn Fn()> = Box::new(press);
    view! {
        <button type="button" class="button" data-testid=testid on:click=move |_| press()>
            <Icon name=icon />
            {words}
        </button>
    }
}

/// Puts a text on the clipboard.
fn hand_out(session: Session, text: String, said: &'static str) {
    spawn_local(async move {
        let written = window().navigator().clipboard().write_text(&text);
        match JsFuture::from(written).await {
            Ok(_) => {
                session.close_dialog();
                session.say(said, false);
            }
            Err(_) => {
                session.close_dialog();
                session.say(
                    "This browser does not let the page copy. Open “Share” again, and copy the \
                     link out of its field.",
                    true,
                );
            }
        }
    });
}
