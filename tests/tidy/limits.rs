//! Sizes and names of files, and the sentence that each opens with.

use crate::source::Source;

/// The aim is 300.
const LINES_MAX: usize = 600;
const COLUMNS_MAX: usize = 100;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "manager", "misc", "types", "util", "utils",
];

pub fn lines(source: &Source) -> Vec<String> {
    let count = source.text.lines().count();
    let is_over = count > LINES_MAX;
    is_over
        .then(|| {
            format!(
                "{} has {count} lines, the limit is {LINES_MAX}. Find the second noun in it and \
                 give it a file of its own.",
                source.path
            )
        })
        .into_iter()
        .collect()
}

pub fn columns(source: &Source) -> Vec<String> {
    (1..)
        .zip(source.text.lines())
        .filter(|(_, line)| line.chars().count() > COLUMNS_MAX)
        .map(|(number, _)| {
            format!(
                "{}:{number} is wider than {COLUMNS_MAX} columns. Break it; a long text with \\ at \
                 the end of the line.",
                source.path
            )
        })
        .collect()
}

pub fn opening(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![format!(
        "{} does not open with //! and a sentence: say what it is responsible for, and what it \
         deliberately is not.",
        source.path
    )]
}

pub fn name(source: &Source) -> Vec<String> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    parts
        .filter(|part| EMPTY_NAMES.contains(part))
        .map(|part| {
            format!(
                "{}: \"{part}\" could hold anything. Name it by the noun in it.",
                source.path
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{columns, lines, name, opening};
    use crate::source::Source;

    #[test]
    fn each_limit_can_be_broken() {
        let bad = Source::new(
            "src/units/utils.rs",
            &format!("{}\n", "x".repeat(101)).repeat(601),
        );
        assert_eq!(lines(&bad).len(), 1);
        assert_eq!(columns(&bad).len(), 601);
        assert_eq!(opening(&bad).len(), 1);
        assert_eq!(name(&bad).len(), 1);
    }

    #[test]
    fn at_the_limit_is_fine() {
        let text = format!("//! {}\n{}", "x".repeat(96), "y\n".repeat(599));
        let good = Source::new("src/units/time.rs", &text);
        assert!(lines(&good).is_empty() && columns(&good).is_empty());
        assert!(opening(&good).is_empty() && name(&good).is_empty());
    }
}
