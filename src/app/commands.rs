//! What buttons and keys do: each command changes the player, then the signals.

use leptos::prelude::*;

use super::document;
use super::player::{Player, publish, real_millis};
use super::session::{Session, Theme};
use crate::editor::panel::entry_words;
use crate::editor::scene::Selection;
use crate::editor::tempo::{Speed, exact};
use crate::editor::{Action, Camera, Glide, Hit, Point};
use crate::simulation::Intervention;
use crate::units::{NodeId, SimTime};

/// How far an arrow key moves a node.
const NUDGE: f64 = 8.0;

impl Session {
    /// Changes the player and shows the outcome at once.
    pub fn act<T>(&self, change: impl FnOnce(&mut Player) -> T) -> Option<T> {
        let outcome = self.player.try_update_value(change);
        self.player.update_value(|player| {
            let now = real_millis();
            player.paint(now);
            player.has_news(now);
        });
        publish(*self);
        outcome
    }

    /// Plays or pauses.
    pub fn play_pause(&self) {
        let playing = !self.playing.get_untracked();
        self.act(|player| player.set_playing(playing));
        let time = exact(self.readout.with_untracked(|readout| readout.now));
        match self.playing.get_untracked() {
            true => self.speak("Playing"),
            false => self.speak(format!("Paused at {time}")),
        }
    }

    /// Goes on by one trace entry.
    pub fn step(&self) {
        let words = self.act(|player| {
            let entry = player.step()?;
            Some(entry_words(player.run(), &entry))
        });
        self.speak(
            words
                .flatten()
                .unwrap_or_else(|| "Nothing is left to happen".to_owned()),
        );
    }

    /// Goes to a moment, and stands still there.
    pub fn seek(&self, to: SimTime) {
        self.act(|player| player.seek(to));
    }

    /// Sets the speed.
    pub fn set_speed(&self, speed: Speed) {
        self.speed.set(speed);
        self.act(|player| player.set_speed(speed));
    }

    /// Starts over with the same seed, or with this one.
    pub fn restart(&self, seed: Option<u64>) {
        let same = self.readout.with_untracked(|readout| readout.seed);
        self.act(|player| player.restart(seed.unwrap_or(same)));
        self.speak("Started over");
        document::keep(*self);
    }

    /// Starts over with a seed that was not there before.
    pub fn restart_new_seed(&self) {
        // Six digits can be read out and typed.
        let seed = 1.0 + (js_sys::Math::random() * 999_998.0).floor();
        self.restart(Some(seed as u64));
    }

    /// Starts over without what was done by hand.
    pub fn restart_clean(&self) {
        self.act(Player::restart_clean);
        self.speak("Started over without what was done by hand");
        document::keep(*self);
    }

    /// Does something to the system.
    pub fn intervene(&self, what: Intervention) {
        let outcome = self.act(|player| {
            let label = what.label(player.run().topology());
            player.intervene(what).map(|()| label)
        });
        match outcome {
            Some(Ok(label)) => {
                self.speak(label);
                document::keep(*self);
            }
            Some(Err(problem)) => self.say(problem.to_string(), true),
            None => {}
        }
    }

    /// Takes back what was done by hand.
    pub fn remove_mark(&self, index: usize) {
        self.act(|player| player.remove_mark(index));
        document::keep(*self);
    }

    /// Selects something, or nothing. What is selected is not left behind the inspector.
    pub fn select(&self, selection: Option<Selection>) {
        self.act(|player| player.select(selection));
        if let Some(selection) = selection.filter(|_| self.sheet_covers_canvas()) {
            self.reveal(selection);
        }
    }

    /// On small screens the inspector lies over the canvas; elsewhere the canvas makes room.
    fn sheet_covers_canvas(&self) -> bool {
        self.player.with_value(|player| player.is_on_small_screen())
    }

    /// Brings something onto the free part of the screen.
    pub fn reveal(&self, selection: Selection) {
        let camera = self
            .player
            .with_value(|player| player.camera_that_shows(selection));
        if let Some(camera) = camera.filter(|camera| *camera != self.camera.get_untracked()) {
            self.fitted.set_value(false);
            self.glide_to(camera);
        }
    }

    /// Selects what was hit.
    pub fn pick(&self, hit: Option<Hit>) {
        match hit {
            Some(Hit::Message(id)) => {
                self.act(|player| player.follow(id));
            }
            Some(Hit::Node(id)) => self.select(Some(Selection::Node(id))),
            Some(Hit::Link(id)) => self.select(Some(Selection::Link(id))),
            None => self.select(None),
        }
    }

    /// Moves the camera, as the user wants it.
    pub fn set_camera(&self, camera: Camera) {
        self.fitted.set_value(false);
        self.glide.set_value(None);
        self.show_from(camera);
    }

    fn show_from(&self, camera: Camera) {
        self.player
            .update_value(|player| player.view_mut().camera = camera);
        self.camera.set(camera);
    }

    /// Lets the camera glide, or jump for those who want no motion.
    fn glide_to(&self, camera: Camera) {
        let from = self.camera.get_untracked();
        if from == camera {
            return;
        }
        if super::theme::wants_no_motion() || !self.ready.get_untracked() {
            self.show_from(camera);
        } else {
            self.glide
                .set_value(Some(Glide::new(from, camera, real_millis())));
        }
    }

    /// Lets a gliding camera go on.
    pub fn glide_on(&self, now_millis: f64) {
        let Some(glide) = self.glide.get_value() else {
            return;
        };
        let (camera, arrived) = glide.at(now_millis);
        if arrived {
            self.glide.set_value(None);
        }
        self.show_from(camera);
    }

    /// Makes everything larger or smaller around the middle of the canvas.
    pub fn zoom(&self, factor: f64) {
        let (mut camera, middle) = self.player.with_value(|player| {
            let view = player.view();
            (view.camera, Point::new(view.width / 2.0, view.height / 2.0))
        });
        camera.zoom_at(middle, factor);
        self.set_camera(camera);
    }

    /// Shows everything, or as much as can be read, until the user moves the camera.
    pub fn fit_legibly(&self) {
        self.fitted.set_value(true);
        self.glide_to(self.player.with_value(|player| player.fitting_camera(true)));
    }

    /// Shows everything.
    pub fn fit(&self) {
        let (legible, whole) = self
            .player
            .with_value(|player| (player.fitting_camera(true), player.fitting_camera(false)));
        self.fitted.set_value(legible == whole);
        self.glide_to(whole);
    }

    /// Moves a node by a way in the world.
    fn nudge(&self, x: f64, y: f64) {
        let Some(Selection::Node(id)) = self.selection.get_untracked() else {
            return;
        };
        if let Some(card) = self.player.with_value(|player| player.card(id)) {
            self.move_node(id, Point::new(card.x + x, card.y + y));
            document::keep(*self);
        }
    }

    /// Puts a node somewhere else on the canvas.
    pub fn move_node(&self, id: NodeId, corner_in_world: Point) {
        self.act(|player| player.move_node(id, corner_in_world));
    }

    /// Light becomes dark, and dark light.
    pub fn switch_theme(&self) {
        let theme = match self.theme.get_untracked() {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        self.theme.set(theme);
        super::theme::apply(theme);
        self.player.update_value(Player::repaint_in_new_theme);
    }

    /// Does what a key stands for. Says whether the browser should leave the key alone.
    pub fn perform(&self, action: Action, far: bool) -> bool {
        let way = if far { 5.0 * NUDGE } else { NUDGE };
        let moves_node = matches!(self.selection.get_untracked(), Some(Selection::Node(_)));
        match action {
            Action::PlayPause => self.play_pause(),
            Action::Step => self.step(),
            Action::Slower => self.set_speed(self.speed.get_untracked().slower()),
            Action::Faster => self.set_speed(self.speed.get_untracked().faster()),
            Action::ToStart => self.seek(SimTime::ZERO),
            Action::Restart => self.restart(None),
            Action::RestartNewSeed => self.restart_new_seed(),
            Action::Fit => self.fit(),
            Action::ZoomIn => self.zoom(Camera::ZOOM_STEP),
            Action::ZoomOut => self.zoom(1.0 / Camera::ZOOM_STEP),
            Action::ZoomReset => self.zoom(1.0 / self.camera.get_untracked().zoom),
            Action::Help => self.help_open.update(|open| *open = !*open),
            Action::Theme => self.switch_theme(),
            Action::Open => self.file_wanted.set(true),
            Action::Export => self.export_open.set(true),
            Action::Clear => {
                self.notice.set(None);
                self.select(None);
            }
            _ if !moves_node => return false,
            Action::NudgeLeft => self.nudge(-way, 0.0),
            Action::NudgeRight => self.nudge(way, 0.0),
            Action::NudgeUp => self.nudge(0.0, -way),
            Action::NudgeDown => self.nudge(0.0, way),
        }
        true
    }
}
