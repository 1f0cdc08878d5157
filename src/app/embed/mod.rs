//! The page inside of another page: the canvas, the parts around it that the address asks for, and
//! a way out to the whole page. It keeps nothing: storage is closed, and there are no documents.

mod talk;

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::live::live;
use super::notice::NoticeBar;
use super::palette::Palette;
use super::rest::{RestOfMiddle, Search};
use super::session::{Session, Theme, use_session};
use super::stage::Stage;
use super::timebar::TimeBar;
use super::{RunFacts, frames, storage, theme};
use crate::editor::Reach;
use crate::editor::actions::Access;
use crate::editor::embed::{self, Embed, Panel};
use crate::scenario::{Scenario, link};
use crate::topology::Problem;

/// How high the way to the whole page is, with its margins.
const LINK_HEIGHT: f64 = 40.0;
/// Below the picture, where nothing floats.
const MARGIN: f64 = 16.0;

/// What the address asks to be shown inside of another page.
pub struct Embedded {
    embed: Embed,
    /// The scenario; an empty one where the address has none, or a broken one.
    pub scenario: Scenario,
    /// Why there is none.
    broken: Vec<Problem>,
    /// What of the address was not understood.
    remarks: Vec<Problem>,
}

/// What an address asks for, if it is that. Nothing is kept from here on.
pub fn asked(hash: &str) -> Option<Embedded> {
    let asked = embed::read(hash)?;
    storage::close();
    let decoded = match asked.payload.is_empty() {
        true => Ok(Scenario::new("")),
        false => link::decode(&asked.payload),
    };
    let (scenario, broken) = match decoded {
        Ok(scenario) => (scenario, Vec::new()),
        Err(problems) => (Scenario::new(""), problems),
    };
    Some(Embedded {
        embed: asked.embed,
        scenario,
        broken,
        remarks: asked.problems,
    })
}

impl Embedded {
    /// What the person may do.
    pub fn access(&self) -> Access {
        match self.embed.readonly {
            true => Access::Watch,
            false => Access::Sketch,
        }
    }

    /// Light or dark.
    pub fn theme(&self) -> Theme {
        match self.embed.dark {
            Some(true) => Theme::Dark,
            Some(false) => Theme::Light,
            None => theme::wanted(),
        }
    }

    fn plays(&self) -> bool {
        self.embed.autoplay && !theme::wants_no_motion()
    }
}

/// Lets it begin as it is asked for.
pub fn begin(session: Session, embedded: &Embedded) {
    // Nobody asked for a question: what is changed holds from then on.
    session.set_reach(Reach::FromNow);
    let plays = embedded.plays() && !embedded.scenario.topology.nodes.is_empty();
    let at = embedded.embed.at.nanos();
    let shows = |panel| embedded.embed.shows(panel);
    let above = if shows(Panel::Tools) || shows(Panel::Hint) {
        84.0
    } else {
        LINK_HEIGHT
    };
    let below = if shows(Panel::Legend) || shows(Panel::Zoom) {
        54.0
    } else {
        MARGIN
    };
    session.act(|player| {
        player.set_floats(above, below);
        player.build_scene();
        player.resume(at, plays);
    });
    let first = embedded.broken.iter().chain(&embedded.remarks).next();
    if let Some(problem) = first {
        session.say(problem.to_string(), true);
    }
    frames::start(session);
    talk::listen(session, embedded.broken.clone(), embedded.plays());
}

/// What is on the page.
pub fn view(embedded: &Embedded) -> impl IntoView + use<> {
    let embed = &embedded.embed;
    let mut class = "shell is-embed".to_owned();
    if embed.readonly {
        class.push_str(" is-readonly");
    }
    for panel in Panel::ALL.iter().filter(|panel| !embed.shows(**panel)) {
        class.push_str(" no-");
        class.push_str(panel.name());
    }
    let palette = embed.shows(Panel::Palette) && !embed.readonly;
    let session = use_session();
    view! {
        <div class=class data-testid="embed">
            <div class="middle">
                {palette.then(|| view! { <Palette /> })}
                <Stage />
                {embed.shows(Panel::Inspector).then(|| view! { <RestOfMiddle /> })}
                <NoticeBar />
                <header class="embed-head">
                    <h1 class="visually-hidden">{live(move || session.title.get())}</h1>
                    <OpenLink />
                </header>
            </div>
            {embed.shows(Panel::Time).then(|| view! { <TimeBar /> })}
        </div>
        <Search />
        <RunFacts />
    }
}

/// The way to the whole page, with the scenario as it is when it is taken.
#[component]
fn OpenLink() -> impl IntoView {
    let session = use_session();
    let element = NodeRef::<html::A>::new();
    let aim = move || {
        if let Some(element) = element.get_untracked() {
            let player = session.player;
            let document = player.with_value(|player| player.document().clone());
            element.set_href(&format!("./#{}", link::encode(&document)));
        }
    };
    Effect::new(move |_| {
        session.title.track();
        aim();
    });
    view! {
        <a
            class="embed-open"
            node_ref=element
            href="./"
            target="_blank"
            rel="noopener"
            data-testid="embed-open"
            title="Open this scenario in Eventyard, in a tab of its own"
            on:pointerdown=move |_| aim()
            on:focus=move |_| aim()
            on:click=move |_| aim()
        >
            <span class="embed-open-words">"Open in "</span>
            "Eventyard"
            <Icon name="out" />
        </a>
    }
}
