//! Files: what a file is that somebody opens, and the scenario inside of it.
//!
//! What arrives is taken for hostile: sizes are limited before and after unpacking, and what a file
//! is, is told by what is in it and not by its name. It knows no page and no disk.

pub mod mermaid;
pub mod png;
pub mod qr;
mod shrunk;
pub mod snippet;
pub mod sruja;
pub mod svg;

use crate::scenario::{self, Scenario, TEXT_MAX, link};
use crate::topology::Problem;

/// Largest file that is read, in bytes: a picture with room for the largest scenario.
pub const FILE_MAX: usize = 2 * TEXT_MAX;

/// Longest name of a file that is made of a scenario's, in characters.
const NAME_MAX: usize = 60;

/// What was read of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The scenario.
    pub scenario: Scenario,
    /// What was not understood, and what stands for something else, each with its place. Empty for
    /// formats of our own.
    pub remarks: Vec<Problem>,
}

impl From<Scenario> for Read {
    fn from(scenario: Scenario) -> Self {
        Self {
            scenario,
            remarks: Vec::new(),
        }
    }
}

/// The scenario in a file: a document, a picture with a document inside, a text with a link, or a
/// text of another tool.
///
/// # Errors
/// What is wrong with the file or the scenario, where, and what to do.
pub fn read(bytes: &[u8], name: &str) -> Result<Read, Vec<Problem>> {
    if bytes.len() > FILE_MAX {
        let what = format!("the file has {} bytes", bytes.len());
        let hint = format!("at most {FILE_MAX} are read; open a scenario file or its picture");
        return Err(vec![Problem::new(name, what, hint)]);
    }
    if bytes.is_empty() {
        return Err(wrong(name, "the file is empty", "save it again"));
    }
    if png::is_png(bytes) {
        let found = png::scenario_text(bytes).map_err(|what| wrong(name, what, AGAIN))?;
        return scenario_of(found, name).map(Read::from);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let what = "this is neither text nor a PNG picture";
        return Err(wrong(name, what, KNOWN));
    };
    read_text(text.trim_start_matches('\u{feff}').trim(), name)
}

fn read_text(text: &str, name: &str) -> Result<Read, Vec<Problem>> {
    if name.ends_with(".sruja") && !text.is_empty() {
        return sruja::read(text, name);
    }
    if text.starts_with('{') {
        return scenario::read(text).map(Read::from);
    }
    if svg::is_svg(text) {
        let found = svg::scenario_text(text).map_err(|what| wrong(name, what, AGAIN))?;
        return scenario_of(found, name).map(Read::from);
    }
    match link_in(text) {
        Some(fragment) => link::decode(fragment).map(Read::from),
        None if sruja::is_sruja(text) => sruja::read(text, name),
        None if text.is_empty() => Err(wrong(name, "the file is empty", "save it again")),
        None => Err(wrong(name, "there is no scenario in this file", KNOWN)),
    }
}

fn scenario_of(found: Option<String>, name: &str) -> Result<Scenario, Vec<Problem>> {
    match found {
        Some(text) => scenario::read(&text),
        None => Err(wrong(
            name,
            "this picture has no Eventyard scenario inside",
            "open the scenario's own file, or a picture that was saved with the scenario inside; \
             screenshots, and programs and sites that save pictures anew, lose it",
        )),
    }
}

const AGAIN: &str = "save the picture again, or open the scenario's own file";
const KNOWN: &str = "open a scenario (.json), a picture saved by Eventyard (.png, .svg), a Sruja \
                     text (.sruja), or a text with a link";

fn wrong(name: &str, what: impl Into<String>, hint: &str) -> Vec<Problem> {
    vec![Problem::new(name, what, hint)]
}

/// The fragment of the first link to a scenario in a text.
fn link_in(text: &str) -> Option<&str> {
    // A text of one word may be the fragment alone.
    let alone = text.split_whitespace().count() == 1;
    let starts = text.match_indices('#').map(|(at, _)| at + 1);
    starts
        .chain(alone.then_some(0))
        .map(|start| {
            let rest = &text[start..];
            let is_of_link = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            &rest[..rest.find(|c| !is_of_link(c)).unwrap_or(rest.len())]
        })
        .find(|fragment| fragment.len() > 8 && link::is_scenario(fragment))
}

/// A name for a file of a scenario, without what file systems do not take.
pub fn file_name(scenario: &str, ending: &str) -> String {
    let mut name = String::new();
    for letter in scenario.chars() {
        match letter {
            kept if kept.is_alphanumeric() => name.extend(kept.to_lowercase()),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name: String = name.chars().take(NAME_MAX).collect();
    match name.trim_matches('-') {
        "" => format!("scenario.{ending}"),
        name => format!("{name}.{ending}"),
    }
}

#[cfg(test)]
mod tests;
