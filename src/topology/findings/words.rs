//! Numbers and lists as findings say them.

use std::collections::BTreeSet;

use super::graph::{Graph, TypeNumber};

/// Most names that a sentence lists.
const NAMES_MOST: usize = 3;

/// How often something happens: "12 a second", "3 a minute".
pub fn often(per_second: f64) -> String {
    match per_second {
        rate if rate >= 0.1 || rate == 0.0 => format!("{} a second", amount(rate)),
        rate if rate * 60.0 >= 0.1 => format!("{} a minute", amount(rate * 60.0)),
        rate => format!("{} an hour", amount(rate * 3_600.0)),
    }
}

/// A number with three digits that count.
pub fn amount(value: f64) -> String {
    let places = match value {
        large if large >= 99.95 => 0,
        middle if middle >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A length of time: "250 ms", "1.5 s".
pub fn length(secs: f64) -> String {
    match secs {
        long if long >= 120.0 => format!("{} min", amount(long / 60.0)),
        middle if middle >= 1.0 => format!("{} s", amount(middle)),
        short if short >= 1e-3 => format!("{} ms", amount(short * 1e3)),
        tiny => format!("{} µs", amount(tiny * 1e6)),
    }
}

/// A count of something: "1 worker", "3 workers".
pub fn count(number: u64, one: &str) -> String {
    let s = match one.ends_with('s') {
        _ if number == 1 => "",
        true => "es",
        false => "s",
    };
    format!("{number} {one}{s}")
}

/// Names of event types: "A, B and C", "A, B, C and 4 more".
pub fn types(graph: &Graph, types: &BTreeSet<TypeNumber>) -> String {
    let names: Vec<String> = types
        .iter()
        .map(|number| super::super::shown(graph.type_name(*number)))
        .collect();
    list(&names)
}

/// Names in a sentence.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        many if many.len() > NAMES_MOST => {
            let rest = many.len() - NAMES_MOST;
            format!("{} and {rest} more", many[..NAMES_MOST].join(", "))
        }
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The verb of a sentence about so many things.
pub fn verb(number: usize, one: &'static str, many: &'static str) -> &'static str {
    if number == 1 { one } else { many }
}

/// Of what is there, the name that somebody may have meant.
pub fn meant<'n>(name: &str, there: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).take(60).collect()
    };
    let wanted = plain(name);
    there
        .map(|other| (distance(&wanted, &plain(other)), other))
        .filter(|(distance, _)| *distance * 4 <= wanted.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// How many letters must be put in, taken out or changed.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, letter) in one.iter().enumerate() {
        let mut corner = row[0];
        row[0] = n + 1;
        for (m, against) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != against);
            corner = row[m + 1];
            row[m + 1] = changed.min(corner + 1).min(row[m] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(often(12.0), "12 a second");
        assert_eq!(often(0.05), "3 a minute");
        assert_eq!(length(0.25), "250 ms");
        assert_eq!(length(0.166_66), "167 ms");
        assert_eq!(count(1, "worker"), "1 worker");
    }

    #[test]
    fn a_slip_of_the_pen_is_seen() {
        let there = ["OrderPlaced", "OrderPaid"];
        assert_eq!(
            meant("order-placed", there.into_iter()),
            Some("OrderPlaced")
        );
        assert_eq!(meant("OrderPiad", there.into_iter()), Some("OrderPaid"));
        assert_eq!(meant("StockCounted", there.into_iter()), None);
    }

    #[test]
    fn lists_are_sentences() {
        let names = |count: usize| vec!["A".to_owned(); count];
        assert_eq!(list(&names(2)), "A and A");
        assert_eq!(list(&names(5)), "A, A, A and 2 more");
    }
}
