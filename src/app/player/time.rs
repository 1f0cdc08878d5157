//! How the run goes on: in slices of a few milliseconds, never in a hidden tab.

use leptos::prelude::window;

use super::Player;
use crate::app::theme::wants_no_motion;
use crate::editor::tempo::{FrameClock, Speed};
use crate::engine::{Advance, Entry};
use crate::units::{SimDuration, SimTime};

/// Most real time that one frame lets the run go on.
const SLICE_MILLIS: f64 = 8.0;
/// Real time between two pictures for those who want no motion.
const STILL_MILLIS: f64 = 1_000.0;
/// Dispatches between two looks at the real clock.
const PORTION: u64 = 1_500;
/// Most simulated time of one frame at the highest speed.
const FRAME_MOST: SimDuration = SimDuration::from_secs(60);

/// What a frame did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Whether the run is somewhere else than before.
    pub moved: bool,
    /// Whether a limit stopped it for good.
    pub stopped: bool,
    /// Whether a seek has arrived.
    pub arrived: bool,
}

impl Player {
    /// Lets time go by: called once a frame with the real time.
    pub fn frame(&mut self, now_millis: f64) -> Frame {
        let elapsed = self.clock.tick(now_millis);
        self.glide_cards_on(now_millis);
        if let Some(goal) = self.goal {
            return self.seek_on(goal);
        }
        if !self.playing || elapsed <= 0.0 {
            return Frame::default();
        }
        let length = FrameClock::simulated(elapsed, self.speed);
        let until = self.run.now().after(length.unwrap_or(FRAME_MOST));
        let before = self.came();
        let outcome = match self.tells {
            true => self.work(|run| run.advance_to_caption(until, PORTION)),
            false => self.work(|run| run.advance(until, PORTION)),
        };
        self.tell(&before);
        let stopped = matches!(outcome, Advance::Stopped(_));
        self.playing &= !stopped;
        self.view.still &= self.playing;
        self.unsaid |= stopped;
        self.stale |= !self.view.still || now_millis - self.painted_at_millis >= STILL_MILLIS;
        let arrived = false;
        Frame {
            moved: true,
            stopped,
            arrived,
        }
    }

    fn seek_on(&mut self, goal: SimTime) -> Frame {
        let outcome = self.work(|run| run.seek(goal, PORTION));
        let (stopped, arrived) = match outcome {
            Advance::Paused => (false, false),
            Advance::Reached => (false, true),
            Advance::Stopped(_) => (true, true),
        };
        if arrived {
            self.goal = None;
            if !stopped {
                self.go_back_to_entry(goal);
            }
        }
        self.stale = true;
        self.unsaid = true;
        Frame {
            moved: true,
            stopped,
            arrived,
        }
    }

    /// Works in portions until the outcome is final or the slice is used up.
    fn work(&mut self, mut portion: impl FnMut(&mut crate::simulation::Run) -> Advance) -> Advance {
        let start = real_millis();
        loop {
            let outcome = portion(&mut self.run);
            if outcome != Advance::Paused || real_millis() - start >= SLICE_MILLIS {
                return outcome;
            }
        }
    }

    /// Goes on without looking at the real clock.
    pub fn advance_to(&mut self, until: SimTime, most: u64) -> Advance {
        self.run.advance(until, most)
    }

    /// Plays or pauses.
    pub fn set_playing(&mut self, playing: bool) {
        self.playing = playing && self.run.world().stopped().is_none();
        self.view.still = self.playing && wants_no_motion();
        self.goal = None;
        self.unsaid = true;
        self.stale = true;
    }

    /// How fast simulated time goes by.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    /// Pauses, and goes on by one trace entry.
    pub fn step(&mut self) -> Option<Entry> {
        self.set_playing(false);
        self.telling.clear();
        let before = self.came();
        let entry = self.run.step();
        self.tell(&before);
        entry
    }

    /// Pauses, and goes to a moment. What is near is reached at once.
    pub fn seek(&mut self, to: SimTime) {
        self.set_playing(false);
        self.telling.clear();
        self.goal_entries = None;
        self.go_to(to);
    }

    /// Goes to where it was left, and goes on there if it played.
    pub fn resume(&mut self, nanos: u64, playing: bool) {
        self.set_playing(playing);
        self.goal_entries = None;
        if nanos > 0 {
            self.go_to(SimTime::from_nanos(nanos));
        }
    }

    /// Goes to a moment, and goes on there if it played.
    pub(super) fn go_to(&mut self, to: SimTime) {
        self.goal = Some(to);
        self.seek_on(to);
    }

    /// Where a seek goes that is under way.
    pub fn aim(&self) -> Option<SimTime> {
        self.goal
    }

    /// Starts over; what was done by hand stays.
    pub fn restart(&mut self) {
        self.run.restart();
        self.started_over();
    }

    fn started_over(&mut self) {
        self.goal = None;
        self.telling.clear();
        self.followed = None;
        self.unsaid = true;
        self.stale = true;
    }
}

/// Real time since the page was opened.
pub fn real_millis() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
