//! The sketch: a scenario as a text that people read and write. It is made of a scenario and
//! becomes one again, and nothing is lost either way.
//!
//! ```text
//! scenario "Thumbnails" { seed 7 }
//!
//! uploads: producer { rate 2 }
//! pictures: queue "Pictures to do" { max_length 100 }
//! thumbnails: service { workers 2, service_time exponential(400ms) }
//!
//! uploads -> pictures -> thumbnails
//!
//! at 20s crash thumbnails
//! check depth_below on pictures value 50
//! ```
//!
//! Ids and places may be left out. The settings of a kind are called as in documents: nothing here
//! knows a kind.

mod lexer;
mod parse;
mod print;
mod settle;
mod statements;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use print::print;
pub use settle::parse;

use statements::is_near;

use super::Read;
use crate::nodes::Kind;
use crate::scenario::{Scenario, TEXT_MAX};
use crate::topology::Problem;

/// What a caption points at if it is the message with which it came to pass.
const MESSAGE: &str = "message";

/// Most flaws that are said of one text.
pub const FLAWS_MAX: usize = 100;

/// Something wrong in a sketch: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line, from 1 on.
    pub line: u32,
    /// The letter in the line, from 1 on.
    pub column: u32,
    /// What was expected, and what was found.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// Where something that is drawn stands in a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The id of the node, link, note, frame, view or walk.
    pub id: u32,
    /// Its first line, from 1 on.
    pub first: u32,
    /// Its last line.
    pub last: u32,
}

/// What was read of a sketch.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// The scenario, if nothing is wrong.
    pub scenario: Option<Scenario>,
    /// What is wrong, in the order of the text.
    pub flaws: Vec<Flaw>,
    /// Where what is drawn stands, in the order of the text.
    pub spots: Vec<Spot>,
}

impl Flaw {
    /// The flaw as a problem of a file.
    pub fn problem(&self) -> Problem {
        let place = format!("line {}, column {}", self.line, self.column);
        Problem::new(place, self.what.clone(), self.hint.clone())
    }
}

/// Reads a sketch from a file.
///
/// # Errors
/// Everything that is wrong with it, each with line and column.
pub fn read(text: &str) -> Result<Read, Vec<Problem>> {
    let sketch = parse(text, None);
    match sketch.scenario {
        Some(scenario) => Ok(scenario.into()),
        None => Err(sketch.flaws.iter().map(Flaw::problem).collect()),
    }
}

/// Whether a text looks like a sketch.
pub fn is_sketch(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    let Some(first) = first.filter(|_| text.len() <= TEXT_MAX) else {
        return false;
    };
    if let Some((word, rest)) = first.split_once(':') {
        let kind = rest.split_whitespace().next().unwrap_or_default();
        let is_kind = |known: &Kind| known.name() == kind || is_near(known.name(), kind);
        if words::is_word(word) && Kind::ALL.iter().any(is_kind) {
            return true;
        }
    }
    // Sruja has scenarios as well, and assigns.
    let assigns = |line: &str| line.split_whitespace().nth(1) == Some("=");
    first.starts_with("scenario \"") && !text.lines().any(assigns)
}

/// What of an entry of the script stands behind its verb without a name.
fn places_of(verb: &str) -> &'static [&'static str] {
    match verb {
        "set_node" => &["node", "field", "value"],
        "set_link" => &["link", "field", "value"],
        "send" => &["node", "event"],
        verb if verb.ends_with("link") => &["link"],
        _ => &["node"],
    }
}
