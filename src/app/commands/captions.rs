//! Captions: going on, and whether there are any.

use leptos::prelude::*;

use crate::app::player::Player;
use crate::app::session::Session;
use crate::app::storage;

const KEY: &str = "eventyard.captions";

impl Session {
    /// The caption was read: the run goes on.
    pub fn go_on(&self) {
        self.act(Player::go_on);
    }

    /// Stops for captions from now on, or does not.
    pub fn switch_captions(&self) {
        let tells = !self.tells.get_untracked();
        self.tell_captions(tells);
        storage::write(KEY, if tells { "on" } else { "off" });
        let words = match tells {
            true => "Captions are on: the run stands still for them.",
            false => "Captions are off. The gallery has a switch that turns them on again.",
        };
        self.say(words, false);
    }

    fn tell_captions(&self, tells: bool) {
        self.tells.set(tells);
        self.player.update_value(|player| player.set_tells(tells));
    }

    /// What the person said on an earlier visit.
    pub fn recall_captions(&self) {
        if storage::read(KEY).as_deref() == Some("off") {
            self.tell_captions(false);
        }
    }
}
