//! When the next event comes, and which key it has.

use super::{KeyChoice, Pace, Settings};
use crate::units::{Luck, SimDuration, SimTime, exponential};

/// A pace that comes and goes: Poisson while it is on, nothing while it is off. How long both last
/// is exponential (an interrupted Poisson process).
#[derive(Clone, Copy, Default)]
pub(super) struct Bursts {
    /// Times on and off that were drawn.
    drawn: u64,
    /// When this time on is over.
    on_until: SimTime,
}

impl Bursts {
    /// When the next event comes after `now`, if it takes `active` of time on.
    pub(super) fn next(
        &mut self,
        now: SimTime,
        mut active: SimDuration,
        settings: &Settings,
        luck: Luck,
    ) -> SimTime {
        let mut at = now;
        // Each round is a time on: an event comes after very few of them, but bounded is bounded.
        for _ in 0..10_000 {
            let left = self.on_until.since(at);
            if self.on_until > at && active <= left {
                return at.after(active);
            }
            let off = self.draw(settings.burst_off, luck);
            let on = self.draw(settings.burst_on, luck);
            if self.on_until > at {
                active = SimDuration::from_nanos(active.nanos() - left.nanos());
                at = self.on_until;
            }
            at = at.after(off);
            self.on_until = at.after(on);
        }
        at.after(active)
    }

    fn draw(&mut self, mean: SimDuration, luck: Luck) -> SimDuration {
        let variate = exponential(luck, self.drawn);
        self.drawn += 1;
        SimDuration::from_nanos_f64(mean.nanos() as f64 * variate)
    }
}

impl Settings {
    /// The mean time between two events in nanoseconds, while there are any.
    pub(super) fn mean_interval(&self) -> f64 {
        let interval = self.rate.interval_nanos();
        if self.pace != Pace::Bursty {
            return interval;
        }
        let [on, off] = [self.burst_on, self.burst_off].map(|time| time.nanos() as f64);
        interval * on / (on + off)
    }
}

/// Which of several keys the next event has.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// For each key the weights of it and all before it, if they differ.
    sums: Vec<f64>,
}

impl Keys {
    pub(super) fn new(choice: KeyChoice, count: u32) -> Self {
        let mut sum = 0.0;
        let mut weigh = |n: u32| {
            sum += 1.0 / f64::from(n);
            sum
        };
        Self {
            sums: match choice {
                KeyChoice::Zipf => (1..=count).map(&mut weigh).collect(),
                _ => Vec::new(),
            },
        }
    }

    /// The key of event number `n`, of `count`.
    #[inline(never)]
    pub(super) fn choose(&self, choice: KeyChoice, luck: Luck, n: u64, count: u32) -> usize {
        match choice {
            KeyChoice::Uniform => luck.below(n, count) as usize,
            KeyChoice::InTurn => (n % u64::from(count.max(1))) as usize,
            KeyChoice::Zipf => {
                let whole = self.sums.last().copied().unwrap_or(0.0);
                let draw = luck.unit(n) * whole;
                let place = self.sums.partition_point(|sum| *sum < draw);
                place.min(self.sums.len().saturating_sub(1))
            }
        }
    }
}
