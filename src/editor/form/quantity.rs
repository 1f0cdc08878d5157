//! Numbers as people write them: with units, thousands and a little arithmetic.
//!
//! It reads what a text says; which of it a field takes is the field's business.

use crate::units::SimDuration;

/// A number and what it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity {
    /// In seconds, in times a second, as a share of 1, or as it is.
    pub(super) value: f64,
    pub(super) unit: Unit,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Plain,
    Seconds,
    PerSecond,
    /// It was written in per cent.
    Share,
}

/// A length as documents have it. A number without a unit counts milliseconds.
pub(super) fn duration(text: &str) -> Result<SimDuration, String> {
    // To the nanosecond, which a floating number is not for long times.
    if let Ok(exact) = text.parse::<SimDuration>() {
        return Ok(exact);
    }
    let secs = match Quantity::read(text) {
        Some(Quantity {
            value,
            unit: Unit::Seconds,
        }) => Some(value),
        Some(Quantity {
            value,
            unit: Unit::Plain,
        }) => Some(value / 1e3),
        _ => None,
    };
    let nanos = secs.map(|secs| (secs * 1e9).round());
    nanos
        .filter(|nanos| (0.0..1.8e19).contains(nanos))
        .map(|nanos| SimDuration::from_nanos(nanos as u64))
        .ok_or_else(|| {
            format!("expected a length of time such as 250 ms, 1.5 s or 2 min, found {text:?}")
        })
}

impl Quantity {
    /// What a text says; `None` if it is no finite number.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() > 100 {
            return None;
        }
        let mut reader = Reader {
            letters: text.trim().chars().collect(),
            at: 0,
        };
        let sum = reader.sum(0)?;
        (reader.at == reader.letters.len() && sum.value.is_finite()).then_some(sum)
    }

    /// A number without a unit.
    pub(super) fn plain(text: &str) -> Option<f64> {
        Self::read(text)
            .filter(|quantity| quantity.unit == Unit::Plain)
            .map(|quantity| quantity.value)
    }

    const fn plainly(value: f64) -> Self {
        let unit = Unit::Plain;
        Self { value, unit }
    }

    fn times(self, other: Self) -> Option<Self> {
        let unit = match (self.unit, other.unit) {
            (unit, Unit::Plain) | (Unit::Plain, unit) => unit,
            (Unit::Share, unit) | (unit, Unit::Share) => unit,
            (Unit::PerSecond, Unit::Seconds) | (Unit::Seconds, Unit::PerSecond) => Unit::Plain,
            _ => return None,
        };
        let value = self.value * other.value;
        Some(Self { value, unit })
    }

    fn over(self, other: Self) -> Option<Self> {
        let unit = match (self.unit, other.unit) {
            (unit, Unit::Plain) => unit,
            (Unit::Plain | Unit::Share, Unit::Seconds) => Unit::PerSecond,
            (Unit::Plain, Unit::PerSecond) => Unit::Seconds,
            (one, other) if one == other => Unit::Plain,
            _ => return None,
        };
        let value = self.value / other.value;
        Some(Self { value, unit })
    }
}

/// Words behind a number, with what one of them is.
const UNITS: &[(&str, f64, Unit)] = &[
    ("k", 1e3, Unit::Plain),
    ("M", 1e6, Unit::Plain),
    ("G", 1e9, Unit::Plain),
    ("%", 1e-2, Unit::Share),
    ("ns", 1e-9, Unit::Seconds),
    ("us", 1e-6, Unit::Seconds),
    ("µs", 1e-6, Unit::Seconds),
    ("μs", 1e-6, Unit::Seconds),
    ("ms", 1e-3, Unit::Seconds),
    ("s", 1.0, Unit::Seconds),
    ("sec", 1.0, Unit::Seconds),
    ("second", 1.0, Unit::Seconds),
    ("seconds", 1.0, Unit::Seconds),
    ("m", 60.0, Unit::Seconds),
    ("min", 60.0, Unit::Seconds),
    ("minute", 60.0, Unit::Seconds),
    ("minutes", 60.0, Unit::Seconds),
    ("h", 3_600.0, Unit::Seconds),
    ("hour", 3_600.0, Unit::Seconds),
    ("hours", 3_600.0, Unit::Seconds),
    ("d", 86_400.0, Unit::Seconds),
    ("day", 86_400.0, Unit::Seconds),
    ("days", 86_400.0, Unit::Seconds),
    ("Hz", 1.0, Unit::PerSecond),
];

/// Deeper brackets than this nobody writes.
const DEPTH_MOST: usize = 8;

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// The next sign, if it is one of these.
    fn sign(&mut self, signs: &[char]) -> Option<char> {
        self.skip_space();
        let sign = self.peek().filter(|sign| signs.contains(sign))?;
        self.at += 1;
        Some(sign)
    }

    fn sum(&mut self, depth: usize) -> Option<Quantity> {
        let mut sum = self.product(depth)?;
        while let Some(sign) = self.sign(&['+', '-', '−']) {
            let other = self.product(depth)?;
            if other.unit != sum.unit {
                return None;
            }
            sum.value += if sign == '+' {
                other.value
            } else {
                -other.value
            };
        }
        Some(sum)
    }

    fn product(&mut self, depth: usize) -> Option<Quantity> {
        let mut product = self.factor(depth)?;
        loop {
            let per = self.word_is("per");
            match self.sign(&['*', '×', '/']) {
                None if !per => return Some(product),
                Some('*' | '×') => product = product.times(self.factor(depth)?)?,
                _ => product = product.over(self.divisor(depth)?)?,
            }
        }
    }

    /// What stands below: "60", "250ms", or just "s" and "min".
    fn divisor(&mut self, depth: usize) -> Option<Quantity> {
        self.skip_space();
        match self.unit() {
            Some((value, unit)) => Some(Quantity { value, unit }),
            None => self.factor(depth),
        }
    }

    fn factor(&mut self, depth: usize) -> Option<Quantity> {
        if depth < DEPTH_MOST && self.sign(&['(']).is_some() {
            let inner = self.sum(depth + 1)?;
            return self.sign(&[')']).map(|_| inner);
        }
        self.skip_space();
        let mut number = Quantity::plainly(self.number()?);
        // "5k": thousands of what follows, if something does.
        while let Some((value, unit)) = self.unit() {
            number = number.times(Quantity { value, unit })?;
            if unit != Unit::Plain {
                break;
            }
        }
        Some(number)
    }

    /// Digits, with thousands apart, a point and an exponent.
    fn number(&mut self) -> Option<f64> {
        let mut digits = String::new();
        let mut apart = None;
        loop {
            match self.peek() {
                Some(digit) if digit.is_ascii_digit() => digits.push(digit),
                Some(gap) if self.is_thousands(gap, digits.len(), apart) => apart = Some(gap),
                _ => break,
            }
            self.at += 1;
        }
        if self.peek() == Some('.') {
            digits.push('.');
            self.at += 1;
            while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
                digits.push(digit);
                self.at += 1;
            }
        }
        if !digits.contains(|letter: char| letter.is_ascii_digit()) {
            return None;
        }
        let rest = &self.letters[self.at..];
        let signed = usize::from(matches!(rest.get(1), Some('+' | '-')));
        if matches!(rest.first(), Some('e' | 'E'))
            && rest.get(1 + signed).is_some_and(char::is_ascii_digit)
        {
            digits.push('e');
            digits.extend(&rest[1..1 + signed]);
            self.at += 1 + signed;
            while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
                digits.push(digit);
                self.at += 1;
            }
        }
        digits.parse().ok()
    }

    /// Whether a sign holds thousands apart: three digits follow, and no fourth.
    fn is_thousands(&self, gap: char, digits: usize, apart: Option<char>) -> bool {
        let is_gap = matches!(gap, ',' | '\'' | '_' | '’') || gap.is_whitespace();
        let fits = match apart {
            None => (1..=3).contains(&digits),
            Some(before) => before == gap,
        };
        let after = &self.letters[self.at + 1..];
        let three = after.len() >= 3 && after[..3].iter().all(char::is_ascii_digit);
        let fourth = after.get(3).is_some_and(char::is_ascii_digit);
        is_gap && fits && three && !fourth
    }

    /// The word that comes next, and where it ends.
    fn word(&self) -> (String, usize) {
        let mut from = self.at;
        while self.letters.get(from).is_some_and(|it| it.is_whitespace()) {
            from += 1;
        }
        if self.letters.get(from) == Some(&'%') {
            return ("%".to_owned(), from + 1);
        }
        let letters = self.letters[from..].iter();
        let word: String = letters.take_while(|it| it.is_alphabetic()).collect();
        let end = from + word.chars().count();
        (word, end)
    }

    fn word_is(&mut self, wanted: &str) -> bool {
        let (word, end) = self.word();
        let is = word == wanted;
        if is {
            self.at = end;
        }
        is
    }

    /// A unit, if one comes next; large and small letters alike but for M.
    fn unit(&mut self) -> Option<(f64, Unit)> {
        let (word, end) = self.word();
        let known = |exact: &str| UNITS.iter().find(|(name, ..)| *name == exact);
        let lower = UNITS
            .iter()
            .find(|(name, ..)| word != "M" && name.eq_ignore_ascii_case(&word));
        let (_, value, unit) = known(&word).or(lower)?;
        self.at = end;
        Some((*value, *unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_from_the_arithmetic() {
        let read = |text: &str| Quantity::read(text).map(|it| (it.value, it.unit));
        assert_eq!(read("2*(1s+500ms)"), Some((3.0, Unit::Seconds)));
        assert_eq!(read("10s/2s"), Some((5.0, Unit::Plain)));
        assert_eq!(read("5/s * 2s"), Some((10.0, Unit::Plain)));
        assert_eq!(read("50% * 10/s"), Some((5.0, Unit::PerSecond)));
        assert_eq!(read("1 / 4 Hz"), Some((0.25, Unit::Seconds)));
        for text in [
            "", "s", "1s + 1", "1 2", "1,00", "12,3456", "2**3", "(1", "1)", "k5", "5 s s",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn deep_and_long_texts_are_refused() {
        assert_eq!(Quantity::read(&"(".repeat(90)), None);
        assert_eq!(Quantity::read(&"1+".repeat(90)), None);
    }

    #[test]
    fn a_long_time_is_exact_to_the_nanosecond() {
        let text = "18446744073.709551615s";
        assert_eq!(duration(text).map(SimDuration::nanos), Ok(u64::MAX));
    }
}
