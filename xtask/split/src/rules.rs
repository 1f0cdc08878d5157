//! Which functions may come later, by their names.

use std::collections::BTreeSet;

/// Paths of modules: `app::documents` stands for everything in whose name it stands, so also for
/// what the compiler made of other people's generic functions for it. And names of functions that
/// were found not to be called.
pub struct Rules {
    later: Vec<String>,
    first: Vec<String>,
    uncalled: BTreeSet<String>,
}

impl Rules {
    /// One path a line; `!` before a path keeps what is there in the first part. One name a line in
    /// the list of what is not called. `#` begins a comment in both.
    pub fn read(paths: &str, uncalled: &str) -> Self {
        let mut rules = Self {
            later: Vec::new(),
            first: Vec::new(),
            uncalled: lines(uncalled).map(str::to_owned).collect(),
        };
        for line in lines(paths) {
            match line.strip_prefix('!') {
                Some(path) => rules.first.push(path.to_owned()),
                None => rules.later.push(line.to_owned()),
            }
        }
        rules
    }

    /// Whether a function of this name may come later.
    pub fn is_later(&self, name: &str) -> bool {
        // Readers and writers of a type are nobody else's.
        let types = name.contains("serde");
        if self.uncalled.contains(name) {
            return true;
        }
        self.later.iter().any(|path| names(name, path, types))
            && !self.first.iter().any(|path| names(name, path, true))
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a path stands in a name, as whole words, and, unless types will do, leads to a function:
/// for a type alone the compiler makes things that everybody uses.
fn names(name: &str, path: &str, types: bool) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_path = |letter: char| is_word(letter) || ":{}#".contains(letter);
    name.match_indices(path).any(|(at, _)| {
        let (before, after) = (&name[..at], &name[at + path.len()..]);
        if before.ends_with(is_word) || after.starts_with(is_word) {
            return false;
        }
        let end = after.find(|letter| !is_path(letter)).unwrap_or(after.len());
        let last = name[at..at + path.len() + end].rsplit("::").next();
        let is_type = last.is_some_and(|last| last.starts_with(char::is_uppercase));
        let has_method = before.starts_with('<') && !before[1..].contains(['<', ' ']);
        // What the compiler made of other people's functions for a closure in a method.
        let has_method = has_method || after[end..].starts_with(">::");
        types || !is_type || has_method
    })
}

#[cfg(test)]
mod tests {
    use super::Rules;

    #[test]
    fn paths_are_whole_words_and_exceptions_win() {
        let rules = Rules::read("# dialogs\napp::open\n\n!app::open::first\n", "");
        assert!(rules.is_later("<core::Thing<page::app::open::show::{closure#0}> as X>::call"));
        assert!(rules.is_later("page::app::open"));
        assert!(!rules.is_later("page::app::opening::show"));
        assert!(!rules.is_later("page::app::open::first::{closure#0}"));
        assert!(!rules.is_later("page::app::stage"));
    }

    #[test]
    fn types_alone_are_for_everybody() {
        let rules = Rules::read("app::open", "");
        assert!(!rules.is_later("core::ptr::drop_in_place::<page::app::open::Dialog>"));
        assert!(!rules.is_later("<core::Signal<page::app::open::Dialog>>::get"));
        assert!(rules.is_later("<page::app::open::Dialog>::show"));
        assert!(rules.is_later("core::call::<<page::app::open::Dialog>::show::{closure#0}>"));
        assert!(rules.is_later("core::call::<page::app::open::Dialog::show::{closure#0}>"));
        assert!(rules.is_later("<page::app::open::Dialog as serde::Deserialize>::deserialize"));
    }

    #[test]
    fn names_that_were_not_called_are_meant_word_by_word() {
        let rules = Rules::read("!page::shown", "# found\npage::shown::never\n");
        assert!(rules.is_later("page::shown::never"));
        assert!(!rules.is_later("page::shown::never::{closure#0}"));
    }
}
