//! Texts of Sruja, a language in which people describe architectures: read in all its dialects, and
//! written so that nothing of a scenario is lost.
//!
//! An arrow of Sruja is a dependency and no way of messages, and its texts have no times and rates.
//! What stands for what is a guess, and each guess that matters is said with its place.

mod build;
mod draft;
mod export;
mod flow;
mod kinds;
mod lexer;
mod looks;
mod names;
mod parser;
mod relations;
#[cfg(test)]
mod tests;
mod tree;
mod verbs;
mod views;
mod walks;

pub use export::write;

use super::Read;
use crate::topology::Problem;

/// Longest text that is read, in bytes.
pub const TEXT_MAX: usize = 1 << 20;
/// How the names begin under which this program writes into metadata.
const OURS: &str = "eventyard";

/// Reads a text of Sruja. What is not understood is said, and kept where it can be.
///
/// # Errors
/// Why nothing can be made of it.
pub fn read(text: &str, name: &str) -> Result<Read, Vec<Problem>> {
    if text.len() > TEXT_MAX {
        let what = format!("the text has {} bytes", text.len());
        let hint = format!("at most {TEXT_MAX} are read; divide it");
        return Err(vec![Problem::new(name, what, hint)]);
    }
    let source = lexer::Source::new(text);
    let statements = parser::parse(&source);
    let draft = draft::Draft::new(&source, statements);
    build::scenario(draft, name)
}

/// Whether a text looks like one of Sruja.
pub fn is_sruja(text: &str) -> bool {
    let starts = ["import {", "specification {", "model {", "architecture \""];
    let sorts = [
        "person",
        "system",
        "container",
        "component",
        "database",
        "datastore",
        "queue",
        "kind",
        "external_system",
        "scenario",
        "flow",
        "view",
    ];
    let mut lines = text.lines().map(str::trim).take(2_000);
    lines.any(|line| {
        let mut words = line.split_whitespace();
        let (first, second, third) = (words.next(), words.next(), words.next());
        let is_sort = |word: Option<&str>| word.is_some_and(|word| sorts.contains(&word));
        starts.iter().any(|start| line.starts_with(start))
            || (first.is_some_and(lexer::is_word) && second == Some("=") && is_sort(third))
            || (is_sort(first) && second.is_some_and(lexer::is_word) && line.ends_with('{'))
    })
}
