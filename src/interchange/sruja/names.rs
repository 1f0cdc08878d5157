//! Words for things that have none, and names of events from what is said about a relation.

use std::collections::BTreeSet;

use super::lexer::is_word;
use crate::topology::shown;

/// A word made of a title.
pub(super) fn word_of(title: &str) -> String {
    let letters = title.chars().take(60);
    let mut word = String::new();
    for letter in letters {
        if letter.is_alphanumeric() {
            word.push(letter);
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_matches('_');
    if is_word(word) {
        word.to_owned()
    } else {
        format!("n{word}")
    }
}

/// A word like this one that is not taken, and takes it.
pub(super) fn free_word(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut word = wanted.to_owned();
    let mut n = 2;
    while !taken.insert(word.clone()) {
        word = format!("{wanted}_{n}");
        n += 1;
    }
    word
}

/// The name of the event of a relation: one that stands in its label, or one made of its words.
pub(super) fn event_of(label: &str) -> String {
    let quoted = label.split(['\'', '`', '"', '“', '”', '‘', '’']).nth(1);
    let quoted = quoted.filter(|it| is_word(it) && it.len() > 2);
    let humps = |word: &&str| {
        let starts = word.starts_with(char::is_uppercase);
        let capitals = word.chars().filter(|it| it.is_uppercase()).count();
        starts && capitals >= 2 && word.chars().any(char::is_lowercase)
    };
    let words = || label.split(|c: char| !c.is_alphanumeric());
    if let Some(name) = quoted.or_else(|| words().find(humps)) {
        return shown(name);
    }
    // "AMQP - publishes order events, and more": what it does comes behind the protocol.
    let said = label.split_once(" - ").map_or(label, |(_, said)| said);
    let said = said.split([',', '.', ';', '(']).next().unwrap_or_default();
    let words = said.split(|c: char| !c.is_alphanumeric());
    let mut name = String::new();
    for word in words.filter(|it| !it.is_empty()).take(4) {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.extend(letters.take(20));
    }
    if name.is_empty() {
        "Message".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_called_by_what_is_said() {
        for (label, event) in [
            ("Publishes 'UserSignedUp' event", "UserSignedUp"),
            ("Publishes UserSignedUp", "UserSignedUp"),
            (
                "AMQP - publishes order events, often",
                "PublishesOrderEvents",
            ),
            ("Stores", "Stores"),
            ("", "Message"),
        ] {
            assert_eq!(event_of(label), event);
        }
        assert_eq!(word_of("E-mail (new)"), "E_mail_new");
        assert_eq!(word_of("2nd"), "n2nd");
    }
}
