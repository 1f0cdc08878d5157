//! A Rust file as the rules see it: its text, and its code without comments and without the inside
//! of string literals. Not a parser: the rules look for words.

/// One file of the repository.
pub struct Source {
    /// From the top folder, with `/`.
    pub path: String,
    pub text: String,
    /// The text with comments and literals blanked, line by line the same.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: code_of(text),
        }
    }

    /// The room that the file belongs to; `main` and `lib` for the two files beside the rooms,
    /// nothing for files outside of `src`.
    pub fn room(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let first = below.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first))
    }

    /// Each place in the code where these words stand on their own, as a line number from 1.
    pub fn lines_with(&self, words: &str) -> Vec<usize> {
        let stands_alone = |line: &str| {
            line.match_indices(words).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let after = line[at + words.len()..].chars().next();
                !before.is_some_and(is_in_name) && !after.is_some_and(is_in_name)
            })
        };
        (1..)
            .zip(self.code.lines())
            .filter(|(_, line)| stands_alone(line))
            .map(|it| it.0)
            .collect()
    }
}

/// Whether a character can be part of a name.
pub fn is_in_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn code_of(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = blank_until(&letters, at);
        if end == at {
            code.push(letters[at]);
            at += 1;
        } else {
            code.extend(
                letters[at..end]
                    .iter()
                    .map(|it| if *it == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    code
}

/// Where the comment or literal ends that begins here; the same place if none does.
fn blank_until(letters: &[char], at: usize) -> usize {
    let next = letters.get(at + 1).copied();
    match (letters[at], next) {
        ('/', Some('/')) => find(letters, at, |it| it == '\n'),
        ('/', Some('*')) => end_of_block(letters, at),
        ('"', _) => end_of_string(letters, at + 1),
        ('r', Some('"' | '#')) if !follows_name(letters, at) => end_of_raw(letters, at),
        // A lifetime has no second quote where a character has its own.
        ('\'', Some('\\')) => find(letters, at + 3, |it| it == '\'') + 1,
        ('\'', Some(_)) if letters.get(at + 2) == Some(&'\'') => at + 3,
        _ => at,
    }
    .min(letters.len())
}

fn find(letters: &[char], from: usize, is_end: impl Fn(char) -> bool) -> usize {
    (from..letters.len())
        .find(|at| is_end(letters[*at]))
        .unwrap_or(letters.len())
}

fn end_of_block(letters: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at + 1 < letters.len() {
        match (letters[at], letters[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    letters.len()
}

fn end_of_string(letters: &[char], from: usize) -> usize {
    let mut at = from;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

fn end_of_raw(letters: &[char], from: usize) -> usize {
    let quote = find(letters, from + 1, |it| it != '#');
    if letters.get(quote) != Some(&'"') {
        return from;
    }
    let hashes = quote - from - 1;
    (quote + 1..letters.len())
        .find(|at| {
            letters[*at] == '"'
                && letters[at + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|it| **it == '#')
                    .count()
                    == hashes
        })
        .map_or(letters.len(), |at| at + 1 + hashes)
}

fn follows_name(letters: &[char], at: usize) -> bool {
    at > 0 && is_in_name(letters[at - 1])
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = r##"a("crate::x", 'c', '"'); // crate::y
/* crate::z /* deeper */ */ b::<'a>(r#"crate::"w""#, "\"crate::v"); c"##;
    let code = Source::new("src/a.rs", text).code;
    assert!(!code.contains("crate"), "{code}");
    assert!(code.contains("b::<'a>(") && code.ends_with("; c"), "{code}");
    assert_eq!(code.lines().count(), text.lines().count());
}
