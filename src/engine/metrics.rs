//! What is measured while a run goes: counters, time-weighted gauges, latencies.

use super::What;
use super::histogram::Histogram;
use crate::units::{SimDuration, SimTime};

/// A number that changes in steps, and its average over time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauge {
    value: u64,
    highest: u64,
    /// The sum over all steps of height times moment, modulo 2^128. What is missing from the area
    /// under the value, had it always been what it is now.
    missing: u128,
}

impl Gauge {
    /// Sets the value from `now` on.
    #[inline(always)]
    pub fn set(&mut self, now: SimTime, value: u64) {
        const ONE_DOWN: u64 = u64::MAX;
        let moment = u128::from(now.nanos());
        match value.wrapping_sub(self.value) {
            0 => return,
            1 => {
                self.missing = self.missing.wrapping_add(moment);
                self.highest = self.highest.max(value);
            }
            ONE_DOWN => self.missing = self.missing.wrapping_sub(moment),
            _ => self.step_far(moment, value),
        }
        self.value = value;
    }

    #[inline(never)]
    fn step_far(&mut self, moment: u128, value: u64) {
        let height = u128::from(value).wrapping_sub(u128::from(self.value));
        self.missing = self.missing.wrapping_add(height.wrapping_mul(moment));
        self.highest = self.highest.max(value);
    }

    /// The value.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// The highest value so far.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// The average from the start of the run until `now`.
    pub fn average(&self, now: SimTime) -> f64 {
        let whole = u128::from(now.nanos()) * u128::from(self.value);
        let area = whole.wrapping_sub(self.missing);
        if now == SimTime::ZERO {
            self.value as f64
        } else {
            area as f64 / now.nanos() as f64
        }
    }
}

/// How often something happens, over the last few seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    window: u64,
    /// Where the window ends, in nanoseconds.
    ends: u64,
    current: u32,
    previous: u32,
}

impl Meter {
    /// Nanoseconds of one window; the rate is taken over this time.
    const WINDOW: u64 = 5_000_000_000;

    /// Counts one.
    #[inline]
    pub fn count(&mut self, now: SimTime) {
        if now.nanos() >= self.ends {
            self.turn(now);
        }
        self.current += 1;
    }

    #[inline(never)]
    fn turn(&mut self, now: SimTime) {
        let window = now.nanos() / Self::WINDOW;
        if window != self.window {
            let follows = window == self.window + 1;
            self.previous = if follows { self.current } else { 0 };
            self.current = 0;
            self.window = window;
        }
        self.ends = (window + 1).saturating_mul(Self::WINDOW);
    }

    /// Happenings a second over the last window before `now`, or since the start.
    pub fn per_second(mut self, now: SimTime) -> f64 {
        self.turn(now);
        let into = (now.nanos() % Self::WINDOW) as f64 / 1e9;
        let whole = Self::WINDOW as f64 / 1e9;
        if self.window == 0 {
            return if into == 0.0 {
                0.0
            } else {
                f64::from(self.current) / into
            };
        }
        (f64::from(self.current) + f64::from(self.previous) * (1.0 - into / whole)) / whole
    }
}

/// How long something took, over all that it happened to.
#[derive(Clone, Debug, Default)]
pub struct Latency {
    histogram: Histogram,
    total: u128,
    longest: SimDuration,
}

impl Latency {
    /// Adds one length.
    #[inline(always)]
    pub fn record(&mut self, length: SimDuration) {
        self.total += u128::from(length.nanos());
        self.longest = self.longest.max(length);
        self.histogram.record(length.nanos());
    }

    /// How many were recorded.
    pub fn count(&self) -> u64 {
        self.histogram.total()
    }

    /// The exact mean; zero if nothing was recorded.
    pub fn mean(&self) -> SimDuration {
        let mean = self
            .total
            .checked_div(u128::from(self.count()))
            .unwrap_or(0);
        SimDuration::from_nanos(mean as u64)
    }

    /// The length that `percent` of all were not above, to 1 %; zero if nothing was recorded.
    pub fn percentile(&self, percent: f64) -> SimDuration {
        SimDuration::from_nanos(self.histogram.percentile(percent)).min(self.longest)
    }

    /// The longest.
    pub fn longest(&self) -> SimDuration {
        self.longest
    }

    /// Bytes that the histogram takes.
    pub fn bytes(&self) -> usize {
        self.histogram.bytes()
    }
}

/// What is measured at one node.
#[derive(Clone, Debug)]
pub struct NodeMetrics {
    counts: [u64; What::COUNT],
    /// Messages that came.
    pub arrivals: Meter,
    /// Messages that wait; for a projection, events not yet applied.
    pub depth: Gauge,
    /// Workers at work.
    pub busy: Gauge,
    /// How long messages waited here before they were handed on or worked on.
    pub wait: Latency,
    /// Age of an event when its work here was done: the time since it happened.
    pub age: Latency,
}

impl Default for NodeMetrics {
    fn default() -> Self {
        Self {
            counts: [0; What::COUNT],
            arrivals: Meter::default(),
            depth: Gauge::default(),
            busy: Gauge::default(),
            wait: Latency::default(),
            age: Latency::default(),
        }
    }
}

impl NodeMetrics {
    /// How often something happened here.
    #[inline]
    pub fn count(&self, what: What) -> u64 {
        self.counts[what as usize]
    }

    /// Counts that something happened here.
    #[inline]
    pub fn add(&mut self, what: What) {
        self.counts[what as usize] += 1;
    }

    /// All counters that are above zero.
    pub fn counts(&self) -> impl Iterator<Item = (What, u64)> + '_ {
        What::ALL
            .iter()
            .map(|what| (*what, self.count(*what)))
            .filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> SimTime {
        SimTime::ZERO.after(SimDuration::from_secs(secs))
    }

    #[test]
    fn a_gauge_weighs_each_value_by_the_time_it_lasted() {
        let mut gauge = Gauge::default();
        gauge.set(at(1), 4);
        gauge.set(at(3), 1);
        assert_eq!(gauge.average(at(4)), 9.0 / 4.0);
        assert_eq!((gauge.value(), gauge.highest()), (1, 4));
    }

    #[test]
    fn percentiles_are_within_one_percent_and_the_mean_is_exact() {
        let mut latency = Latency::default();
        for millis in 1..=1_000 {
            latency.record(SimDuration::from_millis(millis));
        }
        assert_eq!(latency.mean(), SimDuration::from_nanos(500_500_000));
        for (percent, millis) in [(50.0, 500.0), (95.0, 950.0), (99.0, 990.0), (100.0, 1000.0)] {
            let found = latency.percentile(percent).as_secs() * 1e3;
            assert!(
                (found / millis - 1.0).abs() <= 0.01,
                "p{percent} is {found} ms"
            );
        }
    }

    #[test]
    fn a_meter_follows_a_rate_that_changes() {
        let mut meter = Meter::default();
        for half in 0..40 {
            meter.count(SimTime::from_nanos(half * 500_000_000));
        }
        assert!((meter.per_second(at(20)) - 2.0).abs() < 0.3);
        assert_eq!(meter.per_second(at(40)), 0.0);
    }

    #[test]
    fn nothing_recorded_is_zero() {
        let latency = Latency::default();
        assert_eq!(
            (latency.mean(), latency.percentile(99.0)),
            Default::default()
        );
    }
}
