//! The page: Leptos components, the canvas painter, storage, address.
//!
//! It knows the browser and nothing of what messages mean. Components never touch the world.

mod bench;
mod chips;
mod commands;
mod crash;
mod document;
mod documents;
mod empty;
mod export;
mod files;
mod finder;
mod focus;
mod frames;
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
mod open;
mod painter;
mod palette;
mod player;
mod pointer;
mod problems;
mod quick_add;
mod reach;
mod renaming;
mod rest;
mod session;
mod shelf;
mod stage;
mod storage;
mod text_view;
mod theme;
mod timebar;
mod toolbar;
mod touch_bar;
mod views;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

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

/// Mounts the page in the place of what was painted before the program ran, as soon as it is known
/// which document it shows.
pub fn mount() {
    crash::watch();
    theme::show(theme::wanted());
    js_sys::futures::spawn_local(async {
        if bench::is_wanted() {
            mount_with(None);
        } else {
            let hash = window().location().hash().unwrap_or_default();
            mount_with(Some(shelf::at_start(shelf::taken_from(&hash)).await));
        }
    });
}

fn mount_with(found: Option<Found>) {
    let element = leptos::prelude::document().get_element_by_id("app");
    let Some(element) = element.and_then(|element| element.dyn_into().ok()) else {
        return;
    };
    mount_to(element, move || view! { <App found /> }).forget();
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// The page around what was found; without it, the measurement of frames.
#[component]
fn App(found: Option<Found>) -> impl IntoView {
    let scenario = match &found {
        Some(found) => found.scenario.clone(),
        None => bench::scenario(),
    };
    let player = Player::new(scenario.clone()).unwrap_or_else(|problems| {
        // Documents are checked when they are read.
        panic!("the first scenario cannot be played: {problems:?}")
    });
    let session = Session::new(player, theme::wanted());
    provide_context(session);
    open::describe(session, &scenario);
    session.recall_reach();
    session.recall_keys();
    keyboard::listen(session);
    let is_drawn = !scenario.topology.nodes.is_empty();
    let plays = found.is_some() && is_drawn && !theme::wants_no_motion();
    session.act(|player| {
        player.build_scene();
        player.set_playing(plays);
    });
    match found {
        Some(found) => {
            document::begin(session, found);
            document::listen(session);
            frames::start(session);
        }
        None => bench::start(session),
    }
    rest::await_person(session);
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
