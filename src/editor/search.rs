//! Finding one of many by a few letters of its name: kinds, nodes, actions.
//!
//! Own code, because a crate for it brings more than the page has room for.

use std::cmp::Reverse;

use crate::units::{sort, sort_by_key};

/// The items that a query fits, the best first and equals in their order, each with its place and
/// the matched characters of its text, to be marked. An empty query fits everything.
///
/// Each word of the query must be found, in any order: letters one after the other, best at the
/// beginnings of words ("es" finds "Event store") or side by side. Large and small are alike.
pub fn ranked<'a, T>(
    query: &str,
    items: &'a [T],
    text: impl Fn(&'a T) -> &'a str,
) -> Vec<(usize, Vec<usize>)> {
    let words: Vec<Vec<char>> = query.split_whitespace().map(folded).collect();
    let mut found: Vec<(Reverse<i32>, usize, Vec<usize>)> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let (mut score, mut marked) = (0, Vec::new());
        let name = Name::new(text(item));
        let all = words.iter().all(|word| match name.fit(word) {
            Some((fit, mut matched)) => {
                score += fit;
                marked.append(&mut matched);
                true
            }
            None => false,
        });
        if all {
            sort(&mut marked);
            marked.dedup();
            // Of two names that fit alike, the shorter one is meant.
            let length = name.letters.len().min(99) as i32;
            score = score * 100 - if words.is_empty() { 0 } else { length };
            found.push((Reverse(score), place, marked));
        }
    }
    sort_by_key(&mut found, |(score, place, _)| (*score, *place));
    (found.into_iter())
        .map(|(_, place, marked)| (place, marked))
        .collect()
}

/// Letters for a search: small ones.
fn folded(text: &str) -> Vec<char> {
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    text.chars().take(LETTERS_MOST).map(small).collect()
}

/// More letters of a text are not looked at.
const LETTERS_MOST: usize = 200;

/// What a letter is worth by where it stands.
const ANYWHERE: i32 = 1;
const AT_A_WORD: i32 = 8;
const IN_A_ROW: i32 = 9;
const AT_THE_BEGINNING: i32 = 4;

/// A text that is searched.
struct Name {
    letters: Vec<char>,
    /// Whether a word begins at each letter.
    begins: Vec<bool>,
}

impl Name {
    fn new(text: &str) -> Self {
        let plain: Vec<char> = text.chars().take(LETTERS_MOST).collect();
        let begins = (0..plain.len()).map(|at| {
            let before = at.checked_sub(1).map(|before| plain[before]);
            plain[at].is_alphanumeric()
                && before.is_none_or(|before| {
                    !before.is_alphanumeric()
                        || (before.is_lowercase() && plain[at].is_uppercase())
                        || (!before.is_numeric() && plain[at].is_numeric())
                })
        });
        Self {
            begins: begins.collect(),
            letters: folded(text),
        }
    }

    /// How well a word fits, and where: the best way to find its letters one after the other.
    fn fit(&self, word: &[char]) -> Option<(i32, Vec<usize>)> {
        let (count, length) = (word.len(), self.letters.len());
        if count > length {
            return None;
        }
        // best[n][at]: with letter n of the word at this place of the name; `from` is where the
        // letter before it stood.
        let mut best = vec![vec![None::<(i32, usize)>; length]; count];
        for (n, letter) in word.iter().enumerate() {
            // The best place of the letter before, among those already passed.
            let mut earlier: Option<(i32, usize)> = None;
            for at in n..length {
                if n > 0 && at > 0 {
                    let passed = best[n - 1][at - 1].map(|(score, _)| (score, at - 1));
                    earlier = earlier.max_by_score(passed);
                }
                if self.letters[at] != *letter {
                    continue;
                }
                let mut worth = ANYWHERE;
                worth += if self.begins[at] { AT_A_WORD } else { 0 };
                worth += if at == 0 { AT_THE_BEGINNING } else { 0 };
                best[n][at] = if n == 0 {
                    Some((worth, at))
                } else {
                    let row = best[n - 1][at - 1].map(|(score, _)| (score + IN_A_ROW, at - 1));
                    let before = row.max_by_score(earlier);
                    before.map(|(score, from)| (score + worth, from))
                };
            }
        }
        let last = best[count - 1].iter().enumerate();
        let ends = last.filter_map(|(at, it)| it.map(|(score, _)| (score, Reverse(at))));
        let (score, Reverse(mut at)) = ends.max()?;
        let mut matched = vec![at];
        for n in (1..count).rev() {
            at = best[n][at].map_or(at, |(_, from)| from);
            matched.push(at);
        }
        Some((score, matched))
    }
}

/// The better of two ways; the first one if they are equal.
trait MaxByScore {
    fn max_by_score(self, other: Self) -> Self;
}

impl MaxByScore for Option<(i32, usize)> {
    fn max_by_score(self, other: Self) -> Self {
        match (self, other) {
            (Some(one), Some(two)) if two.0 > one.0 => Some(two),
            (None, other) => other,
            (one, _) => one,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(query: &str, items: &'a [&'a str]) -> Vec<&'a str> {
        let ranked = ranked(query, items, |name| name);
        ranked.iter().map(|(place, _)| items[*place]).collect()
    }

    const KINDS: &[&str] = &[
        "Producer",
        "Topic",
        "Queue",
        "Service",
        "Event store",
        "Process",
    ];

    #[test]
    fn beginnings_of_words_come_first() {
        assert_eq!(names("es", KINDS)[0], "Event store");
        assert_eq!(names("pro", KINDS), ["Process", "Producer"]);
        assert_eq!(names("PRODU", KINDS), ["Producer"]);
        assert_eq!(names("o", &["Topic", "Orders"]), ["Orders", "Topic"]);
        assert_eq!(names("os", &["Orders", "OrderService"])[0], "OrderService");
        assert_eq!(names("n2", &["Node 12", "Node 2"])[0], "Node 2");
        assert_eq!(names("xyz", KINDS), [] as [&str; 0]);
    }

    #[test]
    fn words_are_found_in_any_order_and_all_of_them() {
        assert_eq!(names("store ev", KINDS), ["Event store"]);
        assert_eq!(names("store topic", KINDS), [] as [&str; 0]);
    }

    #[test]
    fn letters_side_by_side_are_worth_more_and_are_marked() {
        let items = ["Queue of unread errors", "Queue"];
        assert_eq!(names("queue", &items), ["Queue", "Queue of unread errors"]);
        assert_eq!(names("unr", &items), ["Queue of unread errors"]);
        let marks = ranked("unr", &items, |name| name);
        assert_eq!(marks, [(0, vec![9, 10, 11])]);
        assert_eq!(ranked("es", KINDS, |name| name)[0], (4, vec![0, 6]));
        // By characters, not bytes.
        assert_eq!(ranked("b", &["äöb"], |name| name), [(0, vec![2])]);
    }

    #[test]
    fn kinds_are_found_by_the_words_of_other_products() {
        use crate::nodes::Kind;
        let texts: Vec<String> = (Kind::ALL.iter())
            .map(|kind| {
                let descriptor = kind.descriptor();
                format!("{}, {}", descriptor.label, descriptor.aliases.join(", "))
            })
            .collect();
        for (query, kind) in [
            ("sqs", "queue"),
            ("publisher", "producer"),
            ("pub/sub", "topic"),
            ("sns", "topic"),
            ("consumer", "service"),
            ("worker", "service"),
            ("read model", "projection"),
            ("es", "event_store"),
            ("decider", "aggregate"),
        ] {
            let found = ranked(query, &texts, |text| text);
            let first = found.first().map(|(place, _)| Kind::ALL[*place].name());
            assert_eq!(first, Some(kind), "{query}");
        }
    }

    #[test]
    fn nothing_asked_is_everything_in_its_order() {
        assert_eq!(names("  ", KINDS), KINDS);
        assert_eq!(names("q", &["Q b", "Q a"]), ["Q b", "Q a"]);
        assert_eq!(names("long", &["x"]), [] as [&str; 0]);
    }
}
