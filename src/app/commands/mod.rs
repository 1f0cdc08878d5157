//! What buttons and keys do: each command changes the player, then the signals.

mod arrange;
mod by_hand;
mod captions;
mod clipboard;
mod edit;
mod inspect;
mod menu;
mod perform;
mod views;
mod walk;

pub use by_hand::ALL;

use leptos::prelude::*;

use super::player::{Player, publish, real_millis};
use super::session::{Session, Theme};
use crate::editor::actions::Access;
use crate::editor::panel::entry_words;
use crate::editor::tempo::{Speed, exact};
use crate::editor::{Camera, Glide, Hit, Item, Point, Selection};
use crate::scenario::link::Standpoint;
use crate::units::SimTime;

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
        if self.told.with_untracked(Option::is_some) {
            return self.go_on();
        }
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

    /// Goes to where the sender of a link was.
    pub fn stand_at(&self, standpoint: &Standpoint) {
        self.act(|player| player.stand_at(standpoint));
        if standpoint.view.is_some() && standpoint.camera.is_none() {
            self.fit_legibly();
        }
        self.show_sent_camera();
    }

    /// Shows what the sender of a link saw, once there is a screen.
    pub fn show_sent_camera(&self) {
        let camera = self.player.try_update_value(Player::take_sent_camera);
        if let Some(camera) = camera.flatten() {
            self.set_camera(camera);
        }
    }

    /// Sets the speed.
    pub fn set_speed(&self, speed: Speed) {
        self.speed.set(speed);
        self.act(|player| player.set_speed(speed));
    }

    /// Starts over with the same seed.
    pub fn restart(&self) {
        self.act(Player::restart);
        self.speak("Started over");
    }

    /// Starts over with this seed.
    pub fn restart_with(&self, seed: u64) {
        self.edit("take another seed", None, |desk| {
            desk.set_seed(seed);
            Ok(())
        });
        self.restart();
    }

    /// Starts over with a seed that was not there before.
    pub fn restart_new_seed(&self) {
        // Six digits can be read out and typed.
        let seed = 1.0 + (js_sys::Math::random() * 999_998.0).floor();
        self.restart_with(seed as u64);
    }

    /// Starts over without what was done by hand.
    pub fn restart_clean(&self) {
        self.edit("remove what was done by hand", None, |desk| {
            desk.clear_script();
            Ok(())
        });
        self.restart();
    }

    /// Selects something, or nothing. What is selected is not left behind the inspector.
    pub fn select(&self, selection: Selection) {
        let only = selection.only();
        self.act(|player| player.select(selection));
        if let Some(item) = only.filter(|_| self.sheet_covers_canvas()) {
            self.reveal(item);
        }
    }

    /// On small screens the inspector lies over the canvas; elsewhere the canvas makes room.
    fn sheet_covers_canvas(&self) -> bool {
        self.player.with_value(|player| player.is_on_small_screen())
    }

    /// Brings an item onto the free part of the screen.
    pub fn reveal(&self, item: Item) {
        let beside_sheet = !self.sheet_away.get_untracked();
        let camera = self
            .player
            .with_value(|player| player.camera_that_shows(item, beside_sheet));
        if let Some(camera) = camera.filter(|camera| *camera != self.camera.get_untracked()) {
            self.fitted.set_value(false);
            self.glide_to(camera);
        }
    }

    /// Selects what was hit, alone or besides what is selected.
    pub fn pick(&self, hit: Option<Hit>, add: bool) {
        let selection = self.selection.get_untracked();
        match hit {
            Some(Hit::Message(id)) => {
                self.act(|player| player.follow(id));
            }
            Some(Hit::Item(item)) if add => self.select(selection.toggled(item)),
            Some(Hit::Item(item)) => self.select(Selection::one(item)),
            Some(Hit::Handle(node)) => self.begin_link(node),
            Some(Hit::LinkEnd(link, _)) => self.select(Selection::one(Item::Link(link))),
            None if add => {}
            None => self.select(Selection::default()),
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
        // Inside of another page, the whole picture says more than words that can be read.
        let legibly = self.access == Access::Full;
        self.glide_to(
            self.player
                .with_value(|player| player.fitting_camera(legibly)),
        );
    }

    /// Shows everything.
    pub fn fit(&self) {
        let (legible, whole) = self
            .player
            .with_value(|player| (player.fitting_camera(true), player.fitting_camera(false)));
        self.fitted.set_value(legible == whole);
        self.glide_to(whole);
    }

    /// Shows what is selected.
    pub fn fit_selection(&self) {
        let camera = self.player.with_value(Player::camera_of_selection);
        if let Some(camera) = camera {
            self.fitted.set_value(false);
            self.glide_to(camera);
        }
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
}
