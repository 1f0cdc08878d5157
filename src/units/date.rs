//! Dates, only as far as a scenario needs them: the date at which it starts, plus simulated time.

use std::fmt;
use std::str::FromStr;

use super::SimTime;

/// A moment of the calendar: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as \"2026-03-02T09:00:00Z\"")]
pub struct ParseDateError;

impl Default for Date {
    /// The date at which scenarios start that name none.
    fn default() -> Self {
        Self(days_from_civil(2026, 1, 1) * 86_400)
    }
}

impl Date {
    /// The date and time (RFC 3339, UTC) of a moment of a run that started at this date. The
    /// fraction is left out where it is zero, and has three, six or nine digits otherwise.
    pub fn at(self, time: SimTime) -> String {
        let (secs, nanos) = (time.nanos() / 1_000_000_000, time.nanos() % 1_000_000_000);
        let date = Self(self.0.saturating_add_unsigned(secs));
        let text = date.to_string();
        let fraction = match nanos {
            0 => return text,
            n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
            n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
            n => format!(".{n:09}"),
        };
        format!("{}{fraction}Z", text.trim_end_matches('Z'))
    }
}

impl Date {
    /// Whole seconds from an earlier date to this one; `None` if it is later.
    pub fn seconds_since(self, earlier: Self) -> Option<u64> {
        u64::try_from(self.0 - earlier.0).ok()
    }
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        let shape = b"0000-00-00T00:00:00Z";
        let fits = bytes.len() == shape.len()
            && bytes.iter().zip(shape).all(|(byte, like)| {
                if *like == b'0' {
                    byte.is_ascii_digit()
                } else {
                    byte == like
                }
            });
        if !fits {
            return Err(ParseDateError);
        }
        let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap_or(0);
        let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
        let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
        let days = days_from_civil(year, month, day);
        if civil_from_days(days) != (year, month, day) || hour > 23 || minute > 59 || second > 59 {
            return Err(ParseDateError);
        }
        Ok(Self(days * 86_400 + hour * 3_600 + minute * 60 + second))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar. Years begin in March here, so that
/// the leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of the Gregorian calendar, from days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_survive_the_round_trip() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2026-11-21T08:35:00Z",
        ] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for days in (-800_000..800_000).step_by(997) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2026-02-30T00:00:00Z",
            "2026-01-01",
            "2026-01-01T24:00:00Z",
            "x",
        ] {
            assert_eq!(text.parse::<Date>(), Err(ParseDateError), "{text}");
        }
    }

    #[test]
    fn simulated_time_is_added_with_its_fraction() {
        let start: Date = "2026-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(
            start.at(SimTime::from_nanos(1_000_000_000)),
            "2027-01-01T00:00:00Z"
        );
        assert_eq!(
            start.at(SimTime::from_nanos(250_000_000)),
            "2026-12-31T23:59:59.250Z"
        );
        assert_eq!(
            start.at(SimTime::from_nanos(1_001)),
            "2026-12-31T23:59:59.000001001Z"
        );
    }
}
