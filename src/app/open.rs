//! Opening a scenario: what is on the page then belongs to it.

use leptos::prelude::*;

use super::document;
use super::player::Player;
use super::session::Session;
use crate::scenario::{self, Scenario};

/// Opens an example from its start, running.
pub fn example(session: Session, slug: &str) {
    let found = scenario::examples()
        .iter()
        .find(|example| example.slug == slug);
    if let Some(example) = found {
        scenario(session, example.scenario());
        session.scenario.set(slug.to_owned());
        document::keep(session);
    }
}

/// Opens a scenario from its start, running.
pub fn scenario(session: Session, scenario: Scenario) {
    describe(session, &scenario);
    let name = scenario.name.clone();
    let still = super::theme::wants_no_motion();
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
    }
    session.speak(format!("Opened {name}"));
    session.player.update_value(Player::build_scene);
    session.fit_legibly();
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
