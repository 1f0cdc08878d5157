//! The rest of the page: dialogs, menus, the inspector, and what is likely wrong with a drawing.
//! Nobody needs it before touching the page, so the program is split in two (`xtask/split`), and
//! `loader.js` fetches the second part at the first sign of a person.

use gloo_timers::callback::Timeout;
use js_sys::futures::JsFuture;
use leptos::ev::Custom;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

use super::documents::Documents;
use super::export::Export;
use super::fetched::Fetched;
use super::files::Files;
use super::finder::Finder;
use super::gallery::Gallery;
use super::help::Help;
use super::inspector::Inspector;
use super::keys::Keys;
use super::menu::ContextMenu;
use super::minimap::Minimap;
use super::offered::OfferedQuestion;
use super::problems::Problems;
use super::quick_add::QuickAddList;
use super::reach::ReachQuestion;
use super::remarks::Remarks;
use super::renaming::Renaming;
use super::session::{Session, use_session};
use super::share::Share;
use super::sketch::SketchPanel;
use super::telling::Telling;
use super::text_view::TextView;
use super::touch_bar::TouchBar;

#[wasm_bindgen]
extern "C" {
    /// Zero says that the page is alive. The doors between the parts call it with their numbers.
    #[wasm_bindgen(js_name = eventyardRest)]
    fn eventyard_rest(door: u32);

    /// Comes to pass when the rest is there, unless it is far and not needed.
    #[wasm_bindgen(js_name = eventyardWhole)]
    fn eventyard_whole(needed: bool) -> js_sys::Promise;
}

/// Waits for the rest if it is needed at once, or if it is at hand.
pub async fn at_hand(needed: bool) {
    // What goes wrong is said when somebody comes.
    let _ = JsFuture::from(eventyard_whole(needed)).await;
}

/// Waits for somebody, and for the rest.
pub fn await_person(session: Session) {
    let there = Custom::<web_sys::Event>::new("eventyard-rest");
    let there = window_event_listener(there, move |_| {
        session.act(|player| {
            player.set_whole();
            player.build_scene();
        });
        session.whole.set(true);
    });
    let missing = Custom::<web_sys::Event>::new("eventyard-no-rest");
    let missing = window_event_listener(missing, move |_| {
        session.say(
            "A part of the page could not be loaded. Check the connection and try again.",
            true,
        );
    });
    on_cleanup(move || {
        there.remove();
        missing.remove();
    });
    Effect::new(move |_| {
        if session.dialog.get().is_some() {
            want();
        }
    });
    eventyard_rest(0);
}

/// Fetches the rest now, because there is something to ask that nobody has touched.
pub fn want() {
    // Whoever listens may not be there yet.
    let soon = Timeout::new(0, || {
        if let Ok(event) = web_sys::Event::new("eventyard-wanted") {
            let _ = window().dispatch_event(&event);
        }
    });
    soon.forget();
}

/// A part of the page that appears once the program is whole.
fn later(part: fn() -> AnyView) -> impl IntoView {
    let session = use_session();
    move || session.whole.get().then(part)
}

/// What is selected.
#[component]
pub fn RestOfMiddle() -> impl IntoView {
    later(|| {
        view! {
            <Inspector />
            <SketchPanel />
        }
        .into_any()
    })
}

/// What is likely wrong.
#[component]
pub fn RestOfShell() -> impl IntoView {
    later(|| view! { <Problems /> }.into_any())
}

/// What opens over the canvas.
#[component]
pub fn RestOfStage() -> impl IntoView {
    later(|| {
        view! {
            <Minimap />
            <Telling />
            <TouchBar />
            <QuickAddList />
            <ContextMenu />
        }
        .into_any()
    })
}

/// A name that is being changed.
#[component]
pub fn RestOfOverlay() -> impl IntoView {
    later(|| view! { <Renaming /> }.into_any())
}

/// The search, where the other dialogs have no place.
#[component]
pub fn Search() -> impl IntoView {
    later(|| view! { <Finder /> }.into_any())
}

/// The dialogs.
#[component]
pub fn Dialogs() -> impl IntoView {
    later(|| {
        view! {
            <Finder />
            <Keys />
            <Help />
            <TextView />
            <ReachQuestion />
            <Remarks />
            <Documents />
            <Export />
            <Gallery />
            <Share />
            <OfferedQuestion />
            <Files />
            <Fetched />
        }
        .into_any()
    })
}
