//! Words, texts and signs of a Sruja text, each with its place. It knows no statement.

use std::cell::RefCell;

use crate::topology::Problem;

/// Something that a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A word.
    Word(String),
    /// A text between quotation marks.
    Text(String),
    /// A number, with its unit if it has one.
    Number(String),
    /// `->`, or a longer one.
    Arrow,
    /// `<-`.
    Back,
    /// `<->`.
    Both,
    /// Any other letter.
    Mark(char),
}

/// A sign with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) sign: Sign,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends, in bytes.
    pub(super) end: usize,
    /// Whether it is the first of its line.
    pub(super) first: bool,
}

/// A text with its signs.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    /// Where comments begin and end, in bytes.
    comments: Vec<(usize, usize)>,
    /// What was taken out of the text as it is.
    sliced: RefCell<Vec<(usize, usize)>>,
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Finds the signs of a text.
    pub(super) fn new(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        let mut lexer = Lexer {
            text,
            at: 0,
            unclosed: Vec::new(),
            comments: Vec::new(),
        };
        let mut tokens = Vec::new();
        let mut first = true;
        loop {
            first |= lexer.skip_space();
            let start = lexer.at;
            let Some(sign) = lexer.sign() else {
                break;
            };
            tokens.push(Token {
                sign,
                start,
                end: lexer.at,
                first,
            });
            first = false;
        }
        Self {
            text,
            tokens,
            comments: lexer.comments,
            sliced: RefCell::default(),
            lines,
        }
    }

    /// A place in the text, for people.
    pub(super) fn place(&self, at: usize) -> String {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines[line.saturating_sub(1)];
        let column = self.text.get(start..at).map_or(0, |it| it.chars().count());
        format!("line {line}, column {}", column + 1)
    }

    /// Something to say about a place.
    pub(super) fn remark(
        &self,
        at: usize,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Problem {
        Problem::new(self.place(at), what, hint)
    }

    /// The text between two places, without space around it.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.sliced.borrow_mut().push((start, end));
        self.text.get(start..end).unwrap_or_default().trim()
    }

    /// The comments that are in nothing that was taken out as it is, each with its place.
    pub(super) fn comments(&self) -> Vec<(usize, &'a str)> {
        let mut sliced = self.sliced.borrow().clone();
        sliced.sort_unstable();
        // Of those that begin before a comment, how far the longest goes.
        let mut reach = 0;
        for (_, end) in &mut sliced {
            reach = reach.max(*end);
            *end = reach;
        }
        let is_free = |at: usize| {
            let before = sliced.partition_point(|(start, _)| *start <= at);
            before == 0 || sliced[before - 1].1 <= at
        };
        let comments = self.comments.iter().filter(|(start, _)| is_free(*start));
        comments
            .map(|(start, end)| (*start, self.text.get(*start..*end).unwrap_or_default()))
            .collect()
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Quotation marks that are never closed. They are looked for once.
    unclosed: Vec<char>,
    comments: Vec<(usize, usize)>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Skips space and comments; whether a line ended.
    fn skip_space(&mut self) -> bool {
        let mut ended = false;
        loop {
            let rest = self.rest();
            let skipped = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(comment) = rest.strip_prefix("/*") {
                comment.find("*/").map_or(rest.len(), |end| end + 4)
            } else {
                rest.len() - rest.trim_start().len()
            };
            if skipped == 0 {
                return ended;
            }
            let is_comment = rest.starts_with('/');
            ended |= rest[..skipped].contains('\n');
            if is_comment {
                self.comments.push((self.at, self.at + skipped));
            }
            self.at += skipped;
        }
    }

    fn sign(&mut self) -> Option<Sign> {
        let rest = self.rest();
        let letter = rest.chars().next()?;
        let (sign, length) = if rest.starts_with("<->") {
            (Sign::Both, 3)
        } else if rest.starts_with("->") {
            (Sign::Arrow, 2)
        } else if rest.starts_with("<-") {
            (Sign::Back, 2)
        } else if matches!(letter, '"' | '\'') && !self.unclosed.contains(&letter) {
            match quoted(rest) {
                Some((text, length)) => (Sign::Text(text), length),
                None => {
                    self.unclosed.push(letter);
                    (Sign::Mark(letter), 1)
                }
            }
        } else if letter.is_alphabetic() || letter == '_' {
            let word = word(rest);
            (Sign::Word(word.to_owned()), word.len())
        } else if letter.is_ascii_digit() {
            let is_of_number = |c: char| c.is_alphanumeric() || matches!(c, '.' | '%' | '/');
            let length = rest.find(|c| !is_of_number(c)).unwrap_or(rest.len());
            (Sign::Number(rest[..length].to_owned()), length)
        } else {
            (Sign::Mark(letter), letter.len_utf8())
        };
        self.at += length;
        Some(sign)
    }
}

/// The word at the beginning of a text. A `-` is part of it, unless it begins an arrow.
fn word(text: &str) -> &str {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let is_arrow = letter == '-' && letters.peek().is_some_and(|(_, next)| *next == '>');
        if is_arrow || !(letter.is_alphanumeric() || matches!(letter, '_' | '-')) {
            return &text[..at];
        }
    }
    text
}

/// The text between quotation marks at the beginning, and how long it is with them.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut inside = String::new();
    let mut at = 1;
    loop {
        let rest = &text[at..];
        let letter = rest.chars().next()?;
        at += letter.len_utf8();
        if letter == mark {
            return Some((inside, at));
        }
        let escaped = rest.strip_prefix('\\').and_then(unescaped);
        if let Some((letter, length)) = escaped {
            inside.push(letter);
            at += length;
        } else {
            inside.push(letter);
        }
    }
}

/// What stands for a letter after a `\`, and its length.
fn unescaped(text: &str) -> Option<(char, usize)> {
    match text.chars().next()? {
        'n' => Some(('\n', 1)),
        't' => Some(('\t', 1)),
        'r' => Some(('\r', 1)),
        letter @ ('"' | '\'' | '\\') => Some((letter, 1)),
        'u' => {
            let code = u32::from_str_radix(text.get(1..5)?, 16).ok()?;
            Some((char::from_u32(code)?, 5))
        }
        _ => None,
    }
}

/// A text between quotation marks, so that every dialect reads it.
pub(super) fn quote(text: &str) -> String {
    let mark = if text.contains('"') && !text.contains('\'') {
        '\''
    } else {
        '"'
    };
    let mut quoted = String::from(mark);
    for letter in text.chars() {
        match letter {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '"' if mark == '"' => quoted.push_str("\\u0022"),
            other => quoted.push(other),
        }
    }
    quoted.push(mark);
    quoted
}

/// Whether a text is one word.
pub(super) fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && word(text).len() == text.len() && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_their_places() {
        let source = Source::new("a->b \"x\n\" /* c\nd */ <- 10ms 'it\\'s' // end");
        let signs: Vec<&Sign> = source.tokens.iter().map(|token| &token.sign).collect();
        let word = |text: &str| Sign::Word(text.to_owned());
        let text = |text: &str| Sign::Text(text.to_owned());
        let number = Sign::Number("10ms".to_owned());
        let expected = [
            word("a"),
            Sign::Arrow,
            word("b"),
            text("x\n"),
            Sign::Back,
            number,
            text("it's"),
        ];
        assert_eq!(signs, expected.iter().collect::<Vec<_>>());
        assert_eq!(source.place(source.tokens[4].start), "line 3, column 6");
    }

    #[test]
    fn every_text_survives_its_quotation_marks() {
        for inside in ["", "a", "\"", "'", "\"'\\", "\\n\n\t", "Größe \\u0041"] {
            let text = quote(inside);
            assert_eq!(
                quoted(&text),
                Some((inside.to_owned(), text.len())),
                "{text}"
            );
        }
    }
}
