//! Opening a scenario: what is on the page then belongs to it.

use js_sys::futures::spawn_local;
use leptos::prelude::*;

use super::player::Player;
use super::session::Session;
use super::shelf::{self, Found};
use super::{document, documents};
use crate::editor::actions::Access;
use crate::scenario::{self, Scenario};

/// Opens an example from its start, running. It is nobody's document until it is changed.
pub fn example(session: Session, slug: &str) {
    let mut examples = scenario::examples().iter();
    if let Some(example) = examples.find(|example| example.slug == slug) {
        document::keep_what_is_here(session);
        spawn_local(async move { found(session, shelf::example(example).await) });
    }
}

/// Opens a new document with nothing in it.
pub fn fresh(session: Session) {
    document::keep_what_is_here(session);
    spawn_local(async move { found(session, shelf::fresh().await) });
}

/// Opens a scenario that was brought in, as a new document.
pub fn brought(session: Session, scenario: Scenario) {
    document::keep_what_is_here(session);
    spawn_local(async move { found(session, shelf::brought(scenario).await) });
}

/// Opens what a link carries as a new document, in the place of the one on the page or besides.
pub fn sent(session: Session, fragment: String, replaces: bool) {
    document::keep_what_is_here(session);
    let former = (replaces && document::is_stored()).then(document::current_id);
    spawn_local(async move {
        let Some(it) = shelf::sent(&fragment).await else {
            return;
        };
        found(session, it);
        if let Some(former) = former {
            documents::delete_former(session, &former).await;
        }
    });
}

/// Opens a document of the list.
pub fn kept(session: Session, id: String) {
    if id == document::current_id() {
        return;
    }
    document::keep_what_is_here(session);
    spawn_local(async move {
        match shelf::by_id(&id).await {
            Ok(it) => found(session, it),
            Err(why) => session.say(format!("This document cannot be opened: {why}"), true),
        }
    });
}

/// Opens what was found, running from its start or from where somebody was in it.
pub fn found(session: Session, found: Found) {
    let is_kept = session.access == Access::Full;
    if play(session, found.scenario.clone()) && is_kept {
        document::begin(session, found);
    }
}

/// Shows a scenario, running from its start. Says whether it can be played, and why not.
pub fn play(session: Session, scenario: Scenario) -> bool {
    // Where nothing is drawn yet, time does not go by: what is drawn first is the start.
    let still = super::theme::wants_no_motion() || scenario.topology.nodes.is_empty();
    let (name, told) = (scenario.name.clone(), scenario.clone());
    let outcome = session.act(|player| {
        player.open(scenario)?;
        player.set_playing(!still);
        Ok::<_, Vec<_>>(())
    });
    if let Some(Err(problems)) = outcome {
        let why = problems
            .first()
            .map_or_else(String::new, ToString::to_string);
        session.say(format!("{name} cannot be played: {why}"), true);
        return false;
    }
    session.notice.update(|notice| {
        // What is said of another document is over; what can still be done stays.
        notice.take_if(|notice| notice.offer.is_none());
    });
    describe(session, &told);
    session.speak(format!("Opened {name}"));
    session.player.update_value(Player::build_scene);
    session.fit_legibly();
    true
}

/// Puts the words about a scenario on the page.
pub fn describe(session: Session, scenario: &Scenario) {
    let slug = scenario::examples()
        .iter()
        .find(|example| example.scenario().name == scenario.name)
        .map_or("", |example| example.slug);
    session.scenario.set(slug.to_owned());
    session.title.set(scenario.name.clone());
    session.hint.set(scenario.hint.clone());
    session.about.set(scenario.about.clone());
}
