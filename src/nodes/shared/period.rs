//! Bad periods: times in which a node fails or is slow.

use serde::{Deserialize, Serialize};

use crate::nodes::{Control, Field, Part, SettingsProblem, Tone};
use crate::units::{Chance, SimDuration, SimTime};

/// A time in which a node fails or is slow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// When it begins, from the start of the run.
    pub from: SimDuration,
    /// When it is over.
    pub to: SimDuration,
    /// Chance that work fails meanwhile.
    #[serde(default)]
    pub fails: Chance,
    /// How many times as long work takes that begins meanwhile.
    #[serde(default = "as_usual")]
    pub slow: f64,
}

fn as_usual() -> f64 {
    1.0
}

/// A list of bad periods in a form.
pub const PERIODS: Control = Control::Rows {
    fields: PERIOD_FIELDS,
    fresh: r#"{ "from": "10s", "to": "20s", "slow": 3.0 }"#,
};

// What a bad period has.
const PERIOD_FIELDS: &[Field] = &[
    Field {
        name: "from",
        label: "From",
        help: "When it begins, from the start of the run.",
        control: Control::Duration,
        ..Field::PLAIN
    },
    Field {
        name: "to",
        label: "To",
        help: "When it is over.",
        control: Control::Duration,
        ..Field::PLAIN
    },
    Field {
        name: "slow",
        label: "Slower",
        unit: "times",
        help: "How many times as long work takes that begins meanwhile.",
        control: Control::Rate,
        ..Field::PLAIN
    },
    Field {
        name: "fails",
        label: "Fails",
        help: "Chance that work fails meanwhile.",
        control: Control::Chance,
        ..Field::PLAIN
    },
];

/// Most bad periods of one node.
const PERIODS_MOST: usize = 50;
/// Most times as long that work takes in a bad period.
const SLOW_MOST: f64 = 10_000.0;

impl Period {
    /// The period that it is now, if it is one.
    pub fn at(periods: &[Self], now: SimTime) -> Option<&Self> {
        let since_start = now.since(SimTime::ZERO);
        let is_now = |it: &&Self| it.from <= since_start && since_start < it.to;
        periods.iter().find(is_now)
    }

    /// How long something takes that usually takes `time`, if it begins now.
    pub fn stretched(periods: &[Self], now: SimTime, time: SimDuration) -> SimDuration {
        match Self::at(periods, now) {
            None => time,
            Some(period) => SimDuration::from_nanos_f64(time.nanos() as f64 * period.slow),
        }
    }

    /// The chance that work fails now because of the period that it is.
    pub fn failing(periods: &[Self], now: SimTime) -> Chance {
        Self::at(periods, now).map_or(Chance::NEVER, |period| period.fails)
    }

    /// What a card shows of the period that it is now.
    pub fn show(periods: &[Self], now: SimTime, parts: &mut Vec<Part>) {
        let Some(period) = Self::at(periods, now) else {
            return;
        };
        if period.slow != 1.0 {
            let text = format!("{}× the time", period.slow);
            parts.push(Part::text("slow period", text, Tone::Warning));
        }
        if period.fails != Chance::NEVER {
            let percent = f64::from(period.fails.millionths()) / 1e4;
            let text = format!("{percent} % fail");
            parts.push(Part::text("bad period", text, Tone::Warning));
        }
    }

    /// What is wrong, told at `field`.
    pub fn problems(periods: &[Self], field: &str) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        if periods.len() > PERIODS_MOST {
            let what = format!("expected at most {PERIODS_MOST}, found {}", periods.len());
            problems.push(SettingsProblem::new(field, what));
        }
        for (n, period) in periods.iter().enumerate() {
            if period.from >= period.to {
                let what = format!("expected an end after {}, found {}", period.from, period.to);
                problems.push(SettingsProblem::new(format!("{field}[{n}].to"), what));
            }
            if !(0.0..=SLOW_MOST).contains(&period.slow) {
                let what = format!("expected 0 to {SLOW_MOST} times, found {}", period.slow);
                problems.push(SettingsProblem::new(format!("{field}[{n}].slow"), what));
            }
        }
        problems
    }
}
