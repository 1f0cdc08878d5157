//! Reads the signs of a sketch: words, values and blocks, each with what is wrong in its place.
//! What statements there are is said elsewhere.

use serde_json::{Map, Value};

use super::FLAWS_MAX;
use super::lexer::{Sign, Token, tokens};
use super::value::{DEPTH_MAX, SHAPES, of_shape, of_word};

/// What something refers to.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Node(String),
    Id(u64),
    Link(Box<Target>, Box<Target>),
}

/// A place in a statement where an id belongs, once it is known.
#[derive(Clone, Debug)]
pub(super) struct Ref {
    /// Where it belongs, as a JSON pointer.
    pub(super) pointer: String,
    pub(super) target: Target,
    pub(super) at: usize,
}

pub(super) struct Parser {
    pub(super) tokens: Vec<Token>,
    /// The number of the next token.
    pub(super) at: usize,
    pub(super) flaws: Vec<(usize, String, String)>,
    end: usize,
}

/// A field with its place.
pub(super) type Entry = (String, usize, Value);

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        let (tokens, wrong) = tokens(text);
        let wrong = wrong.into_iter().take(FLAWS_MAX);
        Self {
            tokens,
            at: 0,
            flaws: wrong
                .map(|(at, what, hint)| (at, what.to_owned(), hint.to_owned()))
                .collect(),
            end: text.len(),
        }
    }

    pub(super) fn sign(&self, ahead: usize) -> Option<&Sign> {
        self.tokens.get(self.at + ahead).map(|token| &token.sign)
    }

    /// The word that comes next.
    pub(super) fn word(&self, ahead: usize) -> Option<&str> {
        match self.sign(ahead)? {
            Sign::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, ahead: usize, mark: char) -> bool {
        self.sign(ahead) == Some(&Sign::Mark(mark))
    }

    /// Whether the next sign stands in the same line.
    pub(super) fn is_on_line(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| !token.first)
    }

    /// Where the next sign begins, in bytes; behind the last of the line if it is in another.
    pub(super) fn place(&self) -> usize {
        match self.tokens.get(self.at) {
            Some(token) if !token.first || self.at == 0 => token.start,
            _ => self.behind(),
        }
    }

    /// Where the sign before ends.
    pub(super) fn behind(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(0, |token| token.end).min(self.end)
    }

    /// Where the next sign begins, in whatever line.
    pub(super) fn start(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.end, |token| token.start)
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let found = self.is_mark(0, mark);
        self.at += usize::from(found);
        found
    }

    /// Says what is wrong at a place; nothing can be made of what is read.
    pub(super) fn wrong<T>(
        &mut self,
        at: usize,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push((at, what.into(), hint.into()));
        }
        None
    }

    /// A word or a text of this line.
    pub(super) fn name(&mut self, what: &str, hint: &str) -> Option<String> {
        if self.is_on_line()
            && let Some(Sign::Word(text) | Sign::Text(text)) = self.sign(0)
        {
            let text = text.clone();
            self.at += 1;
            return Some(text);
        }
        let at = self.place();
        self.wrong(at, format!("expected {what}"), hint)
    }

    /// A text between quotation marks, if one comes in this line.
    pub(super) fn text(&mut self) -> Option<String> {
        match self.sign(0) {
            Some(Sign::Text(text)) if self.is_on_line() => {
                let text = text.clone();
                self.at += 1;
                Some(text)
            }
            _ => None,
        }
    }

    /// The number behind a `#`.
    pub(super) fn id(&mut self) -> Option<u64> {
        let at = self.start();
        self.at += 1;
        let id = self.word(0).and_then(|word| word.parse::<u64>().ok());
        match id.filter(|id| (1..=1_000_000_000).contains(id)) {
            Some(id) => {
                self.at += 1;
                Some(id)
            }
            None => {
                let hint = "write the number of something that is there, or leave the # out";
                self.wrong(at, "expected a number from 1 to 1000000000 behind #", hint)
            }
        }
    }

    /// What stands for a node: its word, or its id.
    pub(super) fn node(&mut self) -> Option<(Target, usize)> {
        let at = self.start();
        if self.is_mark(0, '#') {
            return self.id().map(|id| (Target::Id(id), at));
        }
        let hint = "name a node that has a line of its own, such as orders: queue";
        let word = match self.sign(0) {
            Some(Sign::Word(word) | Sign::Text(word)) => word.clone(),
            _ => return self.wrong(at, "expected the name of a node", hint),
        };
        self.at += 1;
        Some((Target::Node(word), at))
    }

    /// `[a, b]`, or one of them.
    pub(super) fn nodes(&mut self, pointer: &str, refs: &mut Vec<Ref>) -> Option<Value> {
        if !self.eat('[') {
            let (target, at) = self.node()?;
            let pointer = pointer.to_owned();
            refs.push(Ref {
                pointer,
                target,
                at,
            });
            return Some(Value::Null);
        }
        let mut items = Vec::new();
        loop {
            while self.eat(',') {}
            if self.eat(']') {
                return Some(Value::Array(items));
            }
            let (target, at) = self.node()?;
            let pointer = format!("{pointer}/{}", items.len());
            refs.push(Ref {
                pointer,
                target,
                at,
            });
            items.push(Value::Null);
        }
    }

    pub(super) fn value(&mut self, depth: usize) -> Option<Value> {
        let at = self.start();
        if depth > DEPTH_MAX {
            let what = format!("this is nested deeper than {DEPTH_MAX}");
            return self.wrong(at, what, "make it flatter");
        }
        match self.sign(0) {
            Some(Sign::Text(text)) => {
                let text = text.clone();
                self.at += 1;
                Some(Value::String(text))
            }
            Some(Sign::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                if self.is_mark(0, '(') && self.start() == self.behind() {
                    return self.shape(&word, at, depth);
                }
                Some(of_word(&word))
            }
            Some(Sign::Mark('[')) => {
                self.at += 1;
                self.items(']', depth).map(Value::Array)
            }
            Some(Sign::Mark('{')) => {
                let entries = self.entries(depth + 1)?;
                let fields = entries.into_iter().map(|(name, _, value)| (name, value));
                Some(Value::Object(fields.collect()))
            }
            _ => {
                let hint = "write a number, a word, a \"text\", [ … ] or { … }";
                self.wrong(at, "expected a value", hint)
            }
        }
    }

    fn items(&mut self, close: char, depth: usize) -> Option<Vec<Value>> {
        let at = self.behind();
        let mut items = Vec::new();
        loop {
            while self.eat(',') {}
            if self.eat(close) {
                return Some(items);
            }
            if self.sign(0).is_none() {
                let what = format!("the end is missing: a {close}");
                return self.wrong(at.saturating_sub(1), what, "close it");
            }
            items.push(self.value(depth + 1)?);
        }
    }

    /// `exponential(20ms)`.
    fn shape(&mut self, shape: &str, at: usize, depth: usize) -> Option<Value> {
        self.at += 1;
        let values = self.items(')', depth)?;
        let found = of_shape(shape, values);
        if found.is_none() {
            let known = SHAPES
                .iter()
                .map(|(shape, names)| format!("{shape}({})", names.join(", ")));
            let known: Vec<String> = known.collect();
            let hint = format!("use one of {}", known.join(", "));
            let shape = crate::topology::shown(shape);
            return self.wrong(
                at,
                format!("there is no time that varies as {shape} so"),
                hint,
            );
        }
        found
    }

    /// `{ name value … }`, each with its place.
    pub(super) fn entries(&mut self, depth: usize) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        self.block(|parser, name, at| {
            let value = parser.value(depth)?;
            entries.push((name, at, value));
            Some(())
        })?;
        Some(entries)
    }

    /// `{ name … }`, where somebody else reads what comes behind each name.
    pub(super) fn block(
        &mut self,
        mut read: impl FnMut(&mut Self, String, usize) -> Option<()>,
    ) -> Option<()> {
        let open = self.start();
        self.at += 1;
        let mut known: Map<String, Value> = Map::new();
        loop {
            while self.eat(',') || self.eat(';') {}
            if self.eat('}') {
                return Some(());
            }
            let at = self.start();
            let name = match self.sign(0) {
                None => return self.wrong(open, "the end is missing: a }", "close it"),
                Some(Sign::Word(name) | Sign::Text(name)) => name.clone(),
                Some(Sign::Mark('#')) => "#".to_owned(),
                Some(_) => return self.wrong(at, "expected a name", "write name value, or }"),
            };
            let is_step = self.is_step();
            if !is_step {
                self.at += 1;
                self.eat(':');
                let is_block = self.is_mark(0, '{') || self.is_mark(0, '[');
                if self.is_mark(0, '}') || !(self.is_on_line() || is_block) {
                    let what = format!("{} has no value", crate::topology::shown(&name));
                    return self.wrong(at, what, "write the value behind it");
                }
                if known.insert(name.clone(), Value::Null).is_some() {
                    let what = format!("{} stands twice", crate::topology::shown(&name));
                    return self.wrong(at, what, "keep one of them");
                }
            }
            read(self, name, at)?;
        }
    }

    /// Whether a link or a step of a walk begins here.
    pub(super) fn is_step(&self) -> bool {
        let ahead = if self.is_mark(0, '#') { 2 } else { 1 };
        self.sign(ahead) == Some(&Sign::Arrow)
    }

    /// Goes to the statement behind the one that began at a token.
    pub(super) fn recover(&mut self, first: usize) {
        let mut depth = 0_i32;
        let mut at = first;
        while let Some(token) = self.tokens.get(at) {
            if at > first && at >= self.at && token.first && depth <= 0 {
                break;
            }
            match token.sign {
                Sign::Mark('{' | '[' | '(') => depth += 1,
                Sign::Mark('}' | ']' | ')') => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        self.at = at.max(first + 1);
    }
}
