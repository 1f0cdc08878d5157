//! The caption on the screen: a bubble at what it is about, and a ring around that.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icons::Icon;
use super::live::{flag, live};
use super::player::Told;
use super::session::{Session, use_session};
use crate::editor::bubble::{Spot, place};
use crate::editor::{Point, Rect};

/// The width of a bubble; the style says the same.
const WIDTH: f64 = 312.0;
/// Letters on a line of it, and how high lines and all the rest are, about.
const LETTERS: f64 = 42.0;
const LINE: f64 = 20.0;
const BESIDES: f64 = 86.0;
/// The ring keeps so far away from what it surrounds.
const RING: f64 = 6.0;

/// The caption, while there is one.
#[component]
pub fn Captions() -> impl IntoView {
    let session = use_session();
    // While the run is paused the bubble stays as it is, whatever else changes.
    let number = Memo::new(move |_| {
        let told = session.told.get();
        told.map(|told| (told.nth, told.of, told.text))
    });
    move || {
        number
            .get()
            .map(|number| bubble(session, number).into_any())
    }
}

fn bubble(session: Session, (nth, of, text): (usize, usize, String)) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let size = Point::new(
        WIDTH,
        BESIDES + LINE * (text.chars().count() as f64 / LETTERS).ceil(),
    );
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            arrive(session, &button);
        }
    });
    let on_screen = move || {
        let camera = session.camera.get();
        let at = session
            .told
            .with(|told| told.as_ref().and_then(|told| told.at));
        at.map(|at| {
            let corner = camera.screen_from_world(Point::new(at.x, at.y));
            Rect::new(corner.x, corner.y, at.w * camera.zoom, at.h * camera.zoom)
        })
    };
    let stage = move || {
        session.player.with_value(|player| {
            let view = player.view();
            Point::new(view.width, view.height)
        })
    };
    let spot = Memo::new(move |_| {
        let Spot { corner, side, tail } = place(on_screen(), size, stage());
        (
            side.name(),
            format!("--tail:{tail:.0}px;left:{:.0}px;", corner.x),
            corner.y,
        )
    });
    let style = move || {
        let (side, style, top) = spot.get();
        match side {
            // However high it really is, it grows away from what it is about.
            "above" => format!("{style}bottom:{:.0}px", stage().y - top - size.y),
            _ => format!("{style}top:{top:.0}px"),
        }
    };
    // A phone has the words at the other end of the screen.
    let is_low = move || on_screen().is_some_and(|at| at.center().y > stage().y * 0.55);
    let ring = move || match on_screen() {
        None => "display:none".to_owned(),
        Some(Rect { x, y, w, h }) => format!(
            "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px",
            x - RING,
            y - RING,
            w + 2.0 * RING,
            h + 2.0 * RING
        ),
    };
    let dot = |n| view! { <i class:is-past=n <= nth></i> }.into_any();
    let dots: Vec<AnyView> = (1..=of).map(dot).collect();
    let words = if nth == of {
        "Go on by yourself"
    } else {
        "Go on"
    };
    view! {
        <div class="caption-ring" aria-hidden="true" prop:style=live(ring)></div>
        <section
            class="caption"
            class:is-low=flag(is_low)
            role="dialog"
            aria-label=format!("Caption {nth} of {of}")
            aria-describedby="caption-text"
            data-testid="caption"
            data-side=move || spot.with(|spot| spot.0)
            prop:style=live(style)
        >
            <p id="caption-text">{text}</p>
            <footer>
                <span class="caption-dots" aria-hidden="true">{dots}</span>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="captions-off"
                    aria-label="Turn off captions"
                    title="Turn off captions"
                    on:click=move |_| session.switch_captions()
                >
                    "Turn off"
                </button>
                <button
                    type="button"
                    class="button primary"
                    node_ref=button
                    data-testid="caption-go-on"
                    on:click=move |_| go_on(session)
                >
                    <Icon name="play" />
                    {words}
                </button>
            </footer>
        </section>
    }
}

/// A caption has come: the keyboard goes to it, unless somebody types, and what it is about comes
/// onto the screen.
fn arrive(session: Session, button: &HtmlElement) {
    let item = session
        .told
        .with_untracked(|told| told.as_ref().and_then(|told| told.item));
    if let Some(item) = item {
        session.reveal(item);
    }
    let active = document().active_element();
    let types = active
        .is_some_and(|element| matches!(&*element.tag_name(), "INPUT" | "TEXTAREA" | "SELECT"));
    if types || session.dialog.get_untracked().is_some() {
        let text = session.told.with_untracked(|told| told.as_ref().map(words));
        session.speak(text.unwrap_or_default());
        return;
    }
    let _ = button.focus();
}

fn words(told: &Told) -> String {
    format!("Caption {} of {}: {}", told.nth, told.of, told.text)
}

/// The bubble goes, and the keyboard is on the canvas again.
fn go_on(session: Session) {
    session.go_on();
    let is_over = session.told.with_untracked(Option::is_none);
    let stage = document().get_element_by_id("stage");
    if let Some(stage) = stage.and_then(|it| it.dyn_into::<HtmlElement>().ok())
        && is_over
    {
        let _ = stage.focus();
    }
}
