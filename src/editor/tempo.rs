//! How fast simulated time goes by, and how times are written for people.

use crate::units::{SimDuration, SimTime};

/// Simulated time per real second, in steps from a thousandth to as fast as it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u8);

impl Default for Speed {
    /// As in reality.
    fn default() -> Self {
        Self(9)
    }
}

impl Speed {
    /// The number of the highest step: as fast as it goes.
    pub const HIGHEST: u8 = 19;

    /// Step number `step`; past the highest, the highest.
    pub fn from_step(step: u8) -> Self {
        Self(step.min(Self::HIGHEST))
    }

    /// The number of the step.
    pub fn step(self) -> u8 {
        self.0
    }

    /// The next faster step.
    pub fn faster(self) -> Self {
        Self::from_step(self.0 + 1)
    }

    /// The next slower step.
    pub fn slower(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Simulated time in one real second; `None` means as fast as it goes.
    pub fn per_second(self) -> Option<SimDuration> {
        let thousandths = [1, 2, 5][usize::from(self.0 % 3)] * 10_u64.pow(u32::from(self.0 / 3));
        (self.0 < Self::HIGHEST).then(|| SimDuration::from_millis(thousandths))
    }

    /// The speed in words: "1 s = 10 ms".
    pub fn words(self) -> String {
        match self.per_second() {
            Some(length) => format!("1 s = {}", short(length)),
            None => "as fast as it goes".to_owned(),
        }
    }
}

/// Real time that went by between two frames becomes simulated time. A gap is no time: a tab that
/// was away does not jump.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameClock {
    last_millis: Option<f64>,
}

impl FrameClock {
    /// Real gaps above this are ignored.
    const GAP_MILLIS: f64 = 500.0;

    /// Real milliseconds since the last frame.
    pub fn tick(&mut self, now_millis: f64) -> f64 {
        let elapsed = self.last_millis.map_or(0.0, |last| now_millis - last);
        self.last_millis = Some(now_millis);
        if (0.0..=Self::GAP_MILLIS).contains(&elapsed) {
            elapsed
        } else {
            0.0
        }
    }

    /// How much simulated time that is at a speed; `None` means as much as possible.
    pub fn simulated(elapsed_millis: f64, speed: Speed) -> Option<SimDuration> {
        let per_second = speed.per_second()?;
        let nanos = per_second.nanos() as f64 * elapsed_millis / 1e3;
        Some(SimDuration::from_nanos_f64(nanos))
    }
}

/// How long the time bar is for a run that has been up to `furthest`.
pub fn horizon(furthest: SimTime) -> SimTime {
    const MINUTES: [u64; 12] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 2_880];
    let minute = SimDuration::from_secs(60).nanos();
    let needed = furthest.nanos();
    let fitting = MINUTES.iter().map(|count| count * minute);
    let nanos = fitting
        .clone()
        .find(|length| *length >= needed)
        .unwrap_or_else(|| {
            needed
                .div_ceil(minute * 1_440)
                .saturating_mul(minute * 1_440)
        });
    SimTime::from_nanos(nanos)
}

/// A length with at most three significant digits and a unit: "12.5 ms", "2 min".
pub fn short(length: SimDuration) -> String {
    const UNITS: [(u64, &str); 5] = [
        (60_000_000_000, "min"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "µs"),
        (1, "ns"),
    ];
    let nanos = length.nanos();
    if nanos == 0 {
        return "0 ms".to_owned();
    }
    let (scale, unit) = UNITS
        .into_iter()
        .find(|(scale, unit)| {
            nanos >= *scale && (*unit != "min" || nanos >= 120_000_000_000 || nanos == *scale)
        })
        .unwrap_or((1, "ns"));
    format!("{} {unit}", digits(nanos as f64 / scale as f64))
}

/// A number with at most three significant digits, and no zeros after the point.
pub fn digits(value: f64) -> String {
    let text = match value.abs() {
        large if large >= 99.95 => format!("{value:.0}"),
        middle if middle >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A count as a person reads it at a glance: "940", "1.2k", "3.4M".
pub fn count(value: u64) -> String {
    match value {
        0..10_000 => value.to_string(),
        10_000..1_000_000 => format!("{}k", digits(value as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{}M", digits(value as f64 / 1e6)),
        _ => format!("{}G", digits(value as f64 / 1e9)),
    }
}

/// A rate as a person reads it: "12 /s", "1.2k /s", "3 /min".
pub fn rate(per_second: f64) -> String {
    if per_second >= 1_000.0 {
        format!("{}k /s", digits(per_second / 1e3))
    } else if per_second >= 0.1 || per_second == 0.0 {
        format!("{} /s", digits(per_second))
    } else {
        format!("{} /min", digits(per_second * 60.0))
    }
}

/// A moment on the time bar: "12.345 s", "3:07.250".
pub fn moment(time: SimTime) -> String {
    let millis = time.nanos() / 1_000_000;
    let (secs, millis) = (millis / 1_000, millis % 1_000);
    match secs {
        0..60 => format!("{secs}.{millis:03} s"),
        60..3_600 => format!("{}:{:02}.{millis:03}", secs / 60, secs % 60),
        _ => format!(
            "{}:{:02}:{:02}.{millis:03}",
            secs / 3_600,
            secs / 60 % 60,
            secs % 60
        ),
    }
}

/// A moment to the nanosecond: "12.345 678 901 s".
pub fn exact(time: SimTime) -> String {
    let nanos = time.nanos();
    let (secs, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    format!(
        "{secs}.{:03} {:03} {:03} s",
        rest / 1_000_000,
        rest / 1_000 % 1_000,
        rest % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_go_from_a_thousandth_to_as_fast_as_it_goes() {
        let words = |step| Speed::from_step(step).words();
        assert_eq!(words(0), "1 s = 1 ms");
        assert_eq!(words(3), "1 s = 10 ms");
        assert_eq!(words(9), "1 s = 1 s");
        assert_eq!(words(14), "1 s = 50 s");
        assert_eq!(words(19), "as fast as it goes");
        assert_eq!(Speed::from_step(19).faster().step(), 19);
        assert_eq!(Speed::from_step(0).slower().step(), 0);
    }

    #[test]
    fn a_tab_that_was_away_does_not_jump() {
        let mut clock = FrameClock::default();
        assert_eq!(clock.tick(1_000.0), 0.0);
        assert_eq!(clock.tick(1_016.0), 16.0);
        assert_eq!(clock.tick(61_016.0), 0.0);
        assert_eq!(clock.tick(61_032.0), 16.0);
        let simulated = FrameClock::simulated(16.0, Speed::from_step(3));
        assert_eq!(simulated, Some(SimDuration::from_nanos(160_000)));
    }

    #[test]
    fn lengths_and_counts_are_short() {
        let texts = [
            (0, "0 ms"),
            (1_500, "1.5 µs"),
            (12_340_000, "12.3 ms"),
            (250_000_000, "250 ms"),
            (90_000_000_000, "90 s"),
            (60_000_000_000, "1 min"),
            (300_000_000_000, "5 min"),
        ];
        for (nanos, text) in texts {
            assert_eq!(short(SimDuration::from_nanos(nanos)), text);
        }
        assert_eq!(count(999), "999");
        assert_eq!(count(12_345), "12.3k");
        assert_eq!(rate(1_234.0), "1.23k /s");
        assert_eq!(rate(0.05), "3 /min");
    }

    #[test]
    fn moments_are_exact_where_it_matters() {
        let time = SimTime::from_nanos(187_250_000_001);
        assert_eq!(moment(time), "3:07.250");
        assert_eq!(exact(time), "187.250 000 001 s");
    }

    #[test]
    fn the_time_bar_has_room_for_the_whole_run() {
        let secs = |secs: u64| SimTime::ZERO.after(SimDuration::from_secs(secs));
        assert_eq!(horizon(SimTime::ZERO), secs(60));
        assert_eq!(horizon(secs(61)), secs(120));
        assert!(horizon(secs(10_000_000)) >= secs(10_000_000));
    }
}
