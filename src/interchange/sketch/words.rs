//! The words by which a sketch calls nodes, and names made of them.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::word_length;
use crate::scenario::Scenario;
use crate::simulation::Intervention::AddNode;
use crate::topology::Node;
use crate::units::NodeId;

/// Longest word that is made of a name, in letters.
const LENGTH_MAX: usize = 40;

/// Whether a text can stand for a node.
pub(super) fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && word_length(text) == text.len()
}

/// The word that a name makes.
pub(super) fn of_name(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            word.push(letter);
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word: String = word.chars().take(LENGTH_MAX).collect();
    let word = word.trim_end_matches('_');
    if is_word(word) {
        word.to_owned()
    } else {
        format!("n_{word}").trim_end_matches('_').to_owned()
    }
}

/// The name that a word makes: `print_jobs` is "Print jobs".
pub(super) fn name_of(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut letters = spaced.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Whether a word is one that the name makes, with or without a number.
pub(super) fn is_of_name(word: &str, name: &str) -> bool {
    let Some(rest) = word.strip_prefix(of_name(name).as_str()) else {
        return false;
    };
    let number = rest.strip_prefix('_');
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    rest.is_empty() || number.is_some_and(is_number)
}

/// The words of all nodes that are there at some time.
pub(super) fn of_scenario(scenario: &Scenario) -> BTreeMap<NodeId, String> {
    let added = scenario
        .script
        .iter()
        .filter_map(|entry| match &entry.what {
            AddNode(node) => Some(&**node),
            _ => None,
        });
    let nodes: Vec<&Node> = scenario.topology.nodes.iter().chain(added).collect();
    let mut words = BTreeMap::new();
    let mut taken = BTreeSet::new();
    // What has a word of its own keeps it, whatever the others are called.
    for node in &nodes {
        let own = &node.paper.word;
        if is_word(own)
            && !is_of_name(own, &node.name)
            && !words.contains_key(&node.id)
            && taken.insert(own.clone())
        {
            words.insert(node.id, own.clone());
        }
    }
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    for node in &nodes {
        if words.contains_key(&node.id) {
            continue;
        }
        let word = of_name(&node.name);
        let number = numbers.entry(word.clone()).or_insert(0);
        loop {
            *number += 1;
            let word = match *number {
                1 => word.clone(),
                number => format!("{word}_{number}"),
            };
            if taken.insert(word.clone()) {
                words.insert(node.id, word);
                break;
            }
        }
    }
    words
}
