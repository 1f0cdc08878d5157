//! What the components share: the player, and the few signals that show it.

use leptos::prelude::*;

use super::player::Player;
use crate::editor::panel::{LinkChip, MarkChip, NodeChip, Readout, Sheet};
use crate::editor::scene::Selection;
use crate::editor::tempo::Speed;
use crate::editor::{Camera, Glide};

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Something that is said to the user once.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What is said.
    pub text: String,
    /// Whether something went wrong.
    pub trouble: bool,
}

/// What the components share. Signals follow the player at most ten times a second; the world
/// itself is in none of them.
#[derive(Clone, Copy)]
pub struct Session {
    /// Owns the run.
    pub player: StoredValue<Player, LocalStorage>,
    /// Time, digest and the like.
    pub readout: RwSignal<Readout>,
    /// Whether the run goes on.
    pub playing: RwSignal<bool>,
    /// Simulated time per real second.
    pub speed: RwSignal<Speed>,
    /// What is selected.
    pub selection: RwSignal<Option<Selection>>,
    /// What the inspector shows.
    pub sheet: RwSignal<Option<Sheet>>,
    /// The nodes, for those who do not see the canvas.
    pub nodes: RwSignal<Vec<NodeChip>>,
    /// The links, likewise.
    pub links: RwSignal<Vec<LinkChip>>,
    /// What was done by hand.
    pub marks: RwSignal<Vec<MarkChip>>,
    /// Names of the event types that occurred, by their number.
    pub legend: RwSignal<Vec<String>>,
    /// Whether some links show a sample of their messages only.
    pub sampled: RwSignal<bool>,
    /// What part of the world is on the screen.
    pub camera: RwSignal<Camera>,
    /// Which scenario it is: the slug of an example, or empty.
    pub scenario: RwSignal<String>,
    /// Name of the scenario.
    pub title: RwSignal<String>,
    /// What to try in the scenario.
    pub hint: RwSignal<String>,
    /// What the scenario is about.
    pub about: RwSignal<String>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    /// Something to say.
    pub notice: RwSignal<Option<Notice>>,
    /// What a screen reader says when it changes.
    pub spoken: RwSignal<String>,
    /// Whether the help sheet is open.
    pub help_open: RwSignal<bool>,
    /// Whether the dialog "Save or export" is open.
    pub export_open: RwSignal<bool>,
    /// Whether the user wants to choose a file.
    pub file_wanted: RwSignal<bool>,
    /// Whether the page is ready for use.
    pub ready: RwSignal<bool>,
    /// Whether the camera shows everything, until the user moves it.
    pub fitted: StoredValue<bool>,
    /// A camera on its way.
    pub glide: StoredValue<Option<Glide>>,
}

impl Session {
    /// A session around a player that stands at its start.
    pub fn new(player: Player, theme: Theme) -> Self {
        Self {
            player: StoredValue::new_local(player),
            readout: RwSignal::default(),
            playing: RwSignal::new(false),
            speed: RwSignal::default(),
            selection: RwSignal::new(None),
            sheet: RwSignal::new(None),
            nodes: RwSignal::default(),
            links: RwSignal::default(),
            marks: RwSignal::default(),
            legend: RwSignal::default(),
            sampled: RwSignal::new(false),
            camera: RwSignal::default(),
            scenario: RwSignal::default(),
            title: RwSignal::default(),
            hint: RwSignal::default(),
            about: RwSignal::default(),
            theme: RwSignal::new(theme),
            notice: RwSignal::new(None),
            spoken: RwSignal::default(),
            help_open: RwSignal::new(false),
            export_open: RwSignal::new(false),
            file_wanted: RwSignal::new(false),
            ready: RwSignal::new(false),
            fitted: StoredValue::new(true),
            glide: StoredValue::new(None),
        }
    }

    /// Says something to everybody.
    pub fn say(&self, text: impl Into<String>, trouble: bool) {
        let text = text.into();
        self.notice.set(Some(Notice { text, trouble }));
    }

    /// Says something to those who do not see the screen.
    pub fn speak(&self, text: impl Into<String>) {
        self.spoken.set(text.into());
    }
}

/// The session of the page.
pub fn use_session() -> Session {
    expect_context::<Session>()
}

/// Sets a signal if that changes it.
pub fn set_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
