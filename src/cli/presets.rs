//! The presets: all of them in a list, one in full, and the page of the documentation.

use std::fmt::Write as _;

use eventyard::editor::form::said;
use eventyard::nodes::{Allows, Kind, Preset, Rule};

/// One line for each.
pub fn list() -> String {
    let mut text = String::new();
    for (kind, preset) in Preset::all() {
        let _ = writeln!(
            text,
            "{:26} {} ({}): {} {}",
            preset.slug,
            preset.label,
            kind.name(),
            preset.product,
            preset.version
        );
    }
    text
}

/// What a preset is, if there is such a one.
pub fn one(slug: &str) -> Option<String> {
    Preset::find(slug).map(|(kind, preset)| section(kind, preset))
}

/// The page of the documentation.
pub fn page() -> String {
    let mut text = String::from(OPENING);
    for (kind, preset) in Preset::all() {
        text.push('\n');
        text.push_str(&section(kind, preset));
    }
    text
}

const OPENING: &str = "\
# Presets

Made by `eventyard presets --page`; a test checks that it is up to date.

A preset is a queue, topic, exchange or log as a product has it: settings, its words for them, the
version and the source that it follows, and what it leaves out. A node of a
[document](scenario.md) names the one that it follows in `preset`. That alone changes nothing: the
settings of a node are those that stand there, and what is left out is as in a new node of its kind.
What a preset sets is taken over when somebody chooses it; what he had set himself stays unless he
says otherwise. Settings that the product could not have are among the likely problems.
";

fn section(kind: Kind, preset: &Preset) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "## {}\n", preset.label);
    let _ = writeln!(
        text,
        "`{}`, of kind `{}`. Follows {} {}: <{}>.",
        preset.slug,
        kind.name(),
        preset.product,
        preset.version,
        preset.source
    );
    if !preset.note.is_empty() {
        let _ = writeln!(text, "{}", preset.note);
    }
    let _ = writeln!(text, "\n| setting | there | by default |\n|---|---|---|");
    let values = preset.settings(kind).to_json();
    for field in kind.descriptor().fields {
        let word = preset.word(field.name);
        let sets = preset.sets.iter().any(|(name, _)| *name == field.name);
        if word.is_some() || sets {
            let value = said(&field.control, &values[field.name]);
            let word = word.map_or_else(String::new, |word| format!("`{word}`"));
            let _ = writeln!(text, "| `{}` | {word} | {value} |", field.name);
        }
    }
    for (name, word) in preset.link_words {
        let _ = writeln!(text, "| `{name}` of links | `{word}` | |");
    }
    let rules = preset.rules.iter().flat_map(|rules| rules.iter());
    let (lacks, rules): (Vec<&Rule>, Vec<&Rule>) =
        rules.partition(|rule| matches!(rule.allows, Allows::Nothing));
    if !rules.is_empty() {
        let _ = writeln!(text, "\nRules:\n");
    }
    for rule in rules {
        let _ = writeln!(text, "- `{}`: {}.", rule.field, rule.words());
    }
    if !lacks.is_empty() {
        let names: Vec<String> = lacks.iter().map(|it| format!("`{}`", it.field)).collect();
        let _ = writeln!(text, "\nNot there: {}.", names.join(", "));
    }
    let _ = writeln!(text, "\nLeft out:\n");
    for sentence in preset.leaves_out {
        let _ = writeln!(text, "- {sentence}");
    }
    text
}
