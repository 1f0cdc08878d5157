//! The page: Leptos components, the canvas painter, storage, address.
//!
//! It knows the browser and nothing of what messages mean. Components never touch the world.

mod bench;
mod captions;
mod chips;
mod commands;
mod crash;
mod document;
mod documents;
mod embed;
mod empty;
mod export;
mod fetched;
mod files;
mod finder;
mod focus;
mod frames;
mod gallery;
mod header;
mod help;
mod icons;
mod inspector;
mod keyboard;
mod keyed;
mod keys;
mod legend;
mod live;
mod menu;
mod minimap;
mod modal;
mod notice;
mod offered;
mod open;
mod painter;
mod palette;
mod player;
mod pointer;
mod problems;
mod quick_add;
mod reach;
mod remarks;
mod renaming;
mod renewal;
mod rest;
mod session;
mod share;
mod shelf;
mod sketch;
mod stage;
mod storage;
mod telling;
mod text_view;
mod theme;
mod timebar;
mod toolbar;
mod touch_bar;
mod views;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use embed::Embedded;
use header::Header;
use live::{flag, live};
use notice::NoticeBar;
use palette::Palette;
use player::Player;
use rest::{Dialogs, RestOfMiddle, RestOfShell};
use session::{Dialog, Session};
use shelf::Found;
use stage::Stage;
use timebar::TimeBar;

use crate::editor::actions::Access;
use crate::editor::remote::named_by;

/// Mounts the page in the place of what was painted before the program ran, as soon as it is known
/// which document it shows.
pub fn mount() {
    crash::watch();
    let hash = window().location().hash().unwrap_or_default();
    if let Some(embedded) = embed::asked(&hash) {
        theme::show(embedded.theme());
        return mount_with(Opening::Embed(Box::new(embedded)));
    }
    theme::show(theme::wanted());
    js_sys::futures::spawn_local(async move {
        mount_with(match bench::is_wanted() {
            true => Opening::Bench,
            false => {
                rest::at_hand(gallery::asked_for(&hash).is_some()).await;
                let found = match gallery::asked_for(&hash) {
                    Some(slug) => gallery::found(&slug).await,
                    None => shelf::at_start(shelf::taken_from(&hash)).await,
                };
                Opening::Found(Box::new(found), hash)
            }
        });
    });
}

/// What the page is opened for.
enum Opening {
    /// A document, and the fragment with which the page was opened.
    Found(Box<Found>, String),
    /// To be shown inside of another page.
    Embed(Box<Embedded>),
    /// The measurement of frames.
    Bench,
}

fn mount_with(opening: Opening) {
    let element = leptos::prelude::document().get_element_by_id("app");
    let Some(element) = element.and_then(|element| element.dyn_into().ok()) else {
        return;
    };
    mount_to(element, move || view! { <App opening /> }).forget();
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// The page around what it is opened for.
#[component]
fn App(opening: Opening) -> impl IntoView {
    let (scenario, access, theme) = match &opening {
        Opening::Found(found, _) => (found.scenario.clone(), Access::Full, theme::wanted()),
        Opening::Embed(it) => (it.scenario.clone(), it.access(), it.theme()),
        Opening::Bench => (bench::scenario(), Access::Full, theme::wanted()),
    };
    let player = Player::new(scenario.clone()).unwrap_or_else(|problems| {
        // Documents are checked when they are read.
        panic!("the first scenario cannot be played: {problems:?}")
    });
    let session = Session::new(player, theme, access);
    provide_context(session);
    open::describe(session, &scenario);
    session.recall_reach();
    session.recall_keys();
    session.recall_captions();
    keyboard::listen(session);
    rest::await_person(session);
    match opening {
        Opening::Found(found, hash) => {
            let still = scenario.topology.nodes.is_empty() || theme::wants_no_motion();
            session.act(|player| {
                player.build_scene();
                player.set_playing(!still);
            });
            document::begin(session, *found);
            document::listen(session);
            gallery::open_if_asked(session);
            frames::start(session);
            whole(session, hash).into_any()
        }
        Opening::Embed(embedded) => {
            embed::begin(session, &embedded);
            embed::view(&embedded).into_any()
        }
        Opening::Bench => {
            session.act(|player| {
                player.build_scene();
                player.set_playing(false);
            });
            bench::start(session);
            whole(session, String::new()).into_any()
        }
    }
}

/// All of the page.
fn whole(session: Session, hash: String) -> impl IntoView {
    if named_by(&hash).is_some() {
        rest::want();
    }
    session.opened_with.set_value(hash);
    view! {
        <a class="skip-link" href="#stage">"Skip to the canvas"</a>
        <button
            type="button"
            class="skip-link"
            data-testid="text-open"
            on:click=move |_| session.dialog.set(Some(Dialog::TextView))
        >
            "Nodes and links as a table"
        </button>
        <div class="shell">
            <Header />
            <div
                class="middle"
                class:is-linking=flag(move || session.connecting.get().is_some())
                class:sheet-away=flag(move || session.sheet_away.get())
            >
                <Palette />
                <Stage />
                <RestOfMiddle />
                <NoticeBar />
            </div>
            <RestOfShell />
            <TimeBar />
        </div>
        <Dialogs />
        <RunFacts />
    }
}

/// The facts of the run for scripts that look at the page from outside.
#[component]
fn RunFacts() -> impl IntoView {
    let session = session::use_session();
    let readout = session.readout;
    view! {
        <div
            hidden
            data-testid="run"
            data-ready=live(move || session.ready.get().to_string())
            data-whole=live(move || session.whole.get().to_string())
            data-playing=live(move || session.playing.get().to_string())
            data-time-ns=live(move || readout.with(|readout| readout.now.nanos().to_string()))
            data-furthest-ns=live(move || {
                readout.with(|readout| readout.furthest.nanos().to_string())
            })
            data-entries=live(move || readout.with(|readout| readout.entries.to_string()))
            data-digest=live(move || readout.with(|readout| format!("{:016x}", readout.digest)))
            data-seed=live(move || readout.with(|readout| readout.seed.to_string()))
            data-scenario=live(move || session.scenario.get())
            data-kept=live(move || session.all_kept.get().to_string())
        ></div>
    }
}
