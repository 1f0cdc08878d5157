//! Words, texts and signs of a sketch, each with its place. It knows no statement.

use super::Flaw;

/// Something that a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A word, a number, a time.
    Word(String),
    /// A text between quotation marks.
    Text(String),
    /// `->`.
    Arrow,
    /// Any other letter.
    Mark(char),
}

/// A sign with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) sign: Sign,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is the first of its line.
    pub(super) first: bool,
}

/// The signs of a text, and the places where a text between quotation marks has no end.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<(usize, &'static str, &'static str)>) {
    let (mut tokens, mut wrong) = (Vec::new(), Vec::new());
    let (mut at, mut first) = (0, true);
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let start = at;
        if letter.is_whitespace() {
            first |= letter == '\n';
            at += letter.len_utf8();
            continue;
        }
        let sign = if rest.starts_with("//") {
            let hint = "take it out, or write note \"…\": that is shown on the canvas";
            wrong.push((at, "comments are not kept", hint));
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if rest.starts_with("->") {
            at += 2;
            Sign::Arrow
        } else if letter == '"' {
            let (inside, length, is_closed) = quoted(rest);
            at += length;
            if !is_closed {
                let hint = "put a quotation mark at its end; \\n stands for a new line";
                wrong.push((start, "this text has no end", hint));
            }
            Sign::Text(inside)
        } else if is_of_word(letter) {
            let length = word_length(rest);
            at += length;
            Sign::Word(rest[..length].to_owned())
        } else {
            at += letter.len_utf8();
            Sign::Mark(letter)
        };
        tokens.push(Token {
            sign,
            start,
            end: at,
            first,
        });
        first = false;
    }
    (tokens, wrong)
}

/// Whether a word may have this letter. A colon belongs to times only.
pub(super) fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-' | '+' | '/' | '%')
}

/// How long the word at the beginning of a text is. An arrow or a comment ends it.
pub(super) fn word_length(text: &str) -> usize {
    let has_colons = text.starts_with(|letter: char| letter.is_ascii_digit());
    let ends = |at: usize, letter: char| {
        let rest = &text[at..];
        let is_time = has_colons && rest.starts_with(':');
        let is_time = is_time && rest[1..].starts_with(|next: char| next.is_ascii_digit());
        let is_of_word = is_of_word(letter) || is_time;
        !is_of_word || rest.starts_with("->") || rest.starts_with("//")
    };
    let mut letters = text.char_indices();
    let end = letters.find(|(at, letter)| ends(*at, *letter));
    end.map_or(text.len(), |(at, _)| at)
}

/// What is between quotation marks at the beginning of a text, how long it is with them, and
/// whether it ends in its line.
fn quoted(text: &str) -> (String, usize, bool) {
    let mut inside = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (inside, at + 1, true),
            '\n' => return (inside, at, false),
            '\\' => match letters.next().map(|(_, letter)| letter) {
                Some('n') => inside.push('\n'),
                Some('t') => inside.push('\t'),
                Some('r') => inside.push('\r'),
                Some('b') => inside.push('\u{8}'),
                Some('f') => inside.push('\u{c}'),
                Some('u') => {
                    let digits = text.get(at + 2..at + 6).unwrap_or_default();
                    let code = u32::from_str_radix(digits, 16).ok();
                    if let Some(letter) = code.and_then(char::from_u32) {
                        inside.push(letter);
                        letters.nth(3);
                    }
                }
                Some(letter) => inside.push(letter),
                None => {}
            },
            letter => inside.push(letter),
        }
    }
    (inside, text.len(), false)
}

/// Where lines begin, to say places as line and column.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self { text, starts }
    }

    /// The line of a place, from 1 on.
    pub(super) fn line(&self, at: usize) -> u32 {
        self.starts.partition_point(|start| *start <= at) as u32
    }

    pub(super) fn flaw(&self, at: usize, what: String, hint: String) -> Flaw {
        let line = self.line(at);
        let start = self.starts[line as usize - 1];
        let before = self.text.get(start..at).unwrap_or_default();
        Flaw {
            line,
            column: before.chars().count() as u32 + 1,
            what,
            hint,
        }
    }
}
