//! The page: Leptos components, the canvas painter, storage, address.
//!
//! It knows the browser and nothing of what messages mean. Components never touch the world.

mod bench;
mod commands;
mod crash;
mod document;
mod export;
mod files;
mod frames;
mod header;
mod help;
mod icons;
mod inspector;
mod keyboard;
mod legend;
mod live;
mod notice;
mod open;
mod painter;
mod player;
mod pointer;
mod session;
mod stage;
mod storage;
mod theme;
mod timebar;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use export::Export;
use files::Files;
use header::Header;
use help::Help;
use inspector::Inspector;
use live::live;
use notice::NoticeBar;
use player::Player;
use session::Session;
use stage::Stage;
use timebar::TimeBar;

/// Mounts the page in the place of what was painted before the program ran.
pub fn mount() {
    crash::watch();
    theme::show(theme::wanted());
    let element = leptos::prelude::document().get_element_by_id("app");
    let Some(element) = element.and_then(|element| element.dyn_into().ok()) else {
        return;
    };
    mount_to(element, App).forget();
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// The page.
#[component]
fn App() -> impl IntoView {
    let measures = bench::is_wanted();
    let found = if measures {
        document::Found {
            scenario: bench::scenario(),
            complaint: None,
        }
    } else {
        document::find()
    };
    let scenario = found.scenario.clone();
    let player = Player::new(found.scenario).unwrap_or_else(|problems| {
        // Documents are checked when they are read.
        panic!("the first scenario cannot be played: {problems:?}")
    });
    let session = Session::new(player, theme::wanted());
    provide_context(session);
    open::describe(session, &scenario);
    match found.complaint {
        Some(complaint) => session.say(complaint, true),
        None if !measures => document::show_in_address(&scenario),
        None => {}
    }
    if measures {
        bench::start(session);
    } else {
        document::listen(session);
        frames::start(session);
    }
    keyboard::listen(session);
    let still = theme::wants_no_motion();
    session.act(|player| {
        player.build_scene();
        player.set_playing(!still && !measures);
    });
    view! {
        <a class="skip-link" href="#stage">"Skip to the canvas"</a>
        <div class="shell">
            <Header />
            <div class="middle">
                <Stage />
                <Inspector />
                <NoticeBar />
            </div>
            <TimeBar />
        </div>
        <Help />
        <Export />
        <Files />
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
            data-playing=live(move || session.playing.get().to_string())
            data-time-ns=live(move || readout.with(|readout| readout.now.nanos().to_string()))
            data-furthest-ns=live(move || {
                readout.with(|readout| readout.furthest.nanos().to_string())
            })
            data-entries=live(move || readout.with(|readout| readout.entries.to_string()))
            data-digest=live(move || readout.with(|readout| format!("{:016x}", readout.digest)))
            data-seed=live(move || readout.with(|readout| readout.seed.to_string()))
            data-scenario=live(move || session.scenario.get())
        ></div>
    }
}
