//! What is wrong with something that a person drew, typed or loaded.

use std::fmt;

/// Something wrong: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path in the document or a name.
    pub place: String,
    /// What was expected, and what was found.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Problem {
    /// A problem.
    pub fn new(place: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            hint: hint.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.hint)
    }
}
