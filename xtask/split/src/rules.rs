//! Which functions may come later, by their names.

/// Paths of modules: `app::documents` stands for everything in whose name it stands, so also for
/// what the compiler made of other people's generic functions for it.
pub struct Rules {
    later: Vec<String>,
    first: Vec<String>,
}

impl Rules {
    /// One path a line; `!` before a path keeps what is there in the first part; `#` begins a
    /// comment.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut rules = Self {
            later: Vec::new(),
            first: Vec::new(),
        };
        for line in lines {
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
        self.later.iter().any(|path| names(name, path, types))
            && !self.first.iter().any(|path| names(name, path, true))
    }
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
        let rules = Rules::read("# dialogs\napp::open\n\n!app::open::first\n");
        assert!(rules.is_later("<core::Thing<page::app::open::show::{closure#0}> as X>::call"));
        assert!(rules.is_later("page::app::open"));
        assert!(!rules.is_later("page::app::opening::show"));
        assert!(!rules.is_later("page::app::open::first::{closure#0}"));
        assert!(!rules.is_later("page::app::stage"));
    }

    #[test]
    fn types_alone_are_for_everybody() {
        let rules = Rules::read("app::open");
        assert!(!rules.is_later("core::ptr::drop_in_place::<page::app::open::Dialog>"));
        assert!(!rules.is_later("<core::Signal<page::app::open::Dialog>>::get"));
        assert!(rules.is_later("<page::app::open::Dialog>::show"));
        assert!(rules.is_later("core::call::<<page::app::open::Dialog>::show::{closure#0}>"));
        assert!(rules.is_later("core::call::<page::app::open::Dialog::show::{closure#0}>"));
        assert!(rules.is_later("<page::app::open::Dialog as serde::Deserialize>::deserialize"));
    }
}
