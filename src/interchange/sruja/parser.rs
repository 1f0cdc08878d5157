//! Reads the statements of all dialects of Sruja. What it does not understand it keeps word for
//! word, with its place, and goes on at the next line.

use std::collections::BTreeSet;

use super::lexer::{Sign, Source};
use super::tree::{Element, Path, Reason, Statement, What};

/// How deep blocks may be inside of blocks.
const DEPTH_MAX: usize = 40;

/// Words that begin an element, declared or not.
const SORTS: &[&str] = &[
    "person",
    "role",
    "actor",
    "user",
    "system",
    "container",
    "component",
    "database",
    "datastore",
    "queue",
    "topic",
    "external_system",
    "externalSystem",
    "service",
    "domain",
    "context",
    "aggregate",
    "entity",
    "valueObject",
    "event",
    "module",
];
/// Statements that mean nothing for a run.
const IDLE: &[&str] = &[
    "requirement",
    "adr",
    "policy",
    "overview",
    "deployment",
    "deploymentNode",
    "constraints",
    "conventions",
    "slo",
    "contract",
    "state_machine",
    "schema",
    "incident",
    "fitness",
    "rule",
    "feedback",
    "causal_loop",
    "variable",
    "dependencies",
    "knowledge",
    "infrastructure",
    "containerInstance",
    "constraint",
    "relation",
    "runbook",
    "gotcha",
    "scale",
];
/// Statements that only say how something looks, or where something else is.
const LOOKS: &[&str] = &[
    "style",
    "styles",
    "layout",
    "navigation",
    "autolayout",
    "import",
    "tag",
    "relationship",
];

/// Reads a text.
pub(super) fn parse(source: &Source<'_>) -> Vec<Statement> {
    let mut parser = Parser {
        source,
        at: 0,
        depth: 0,
        sorts: SORTS.iter().map(|sort| (*sort).to_owned()).collect(),
    };
    let mut statements = Vec::new();
    while parser.at < source.tokens.len() {
        parser.statements(&mut statements);
        if parser.at < source.tokens.len() {
            // A brace that closes nothing.
            let start = parser.at;
            parser.at += 1;
            statements.push(parser.kept(start, Reason::Unknown));
        }
    }
    statements
}

pub(super) struct Parser<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) sorts: BTreeSet<String>,
}

impl Parser<'_, '_> {
    pub(super) fn sign(&self, ahead: usize) -> Option<&Sign> {
        let token = self.source.tokens.get(self.at + ahead)?;
        Some(&token.sign)
    }

    pub(super) fn word(&self, ahead: usize) -> Option<&str> {
        match self.sign(ahead)? {
            Sign::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, ahead: usize, mark: char) -> bool {
        self.sign(ahead) == Some(&Sign::Mark(mark))
    }

    /// Whether a sign stands on the line of the one before it.
    pub(super) fn is_on_line(&self, ahead: usize) -> bool {
        let token = self.source.tokens.get(self.at + ahead);
        token.is_some_and(|token| !token.first)
    }

    pub(super) fn place(&self) -> usize {
        let token = self.source.tokens.get(self.at);
        token.map_or(self.source.text.len(), |token| token.start)
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let is = self.is_mark(0, mark);
        self.at += usize::from(is);
        is
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let is = self.word(0) == Some(word);
        self.at += usize::from(is);
        is
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let Sign::Text(text) = self.sign(0)? else {
            return None;
        };
        let text = text.clone();
        self.at += 1;
        Some(text)
    }

    fn text_on_line(&mut self) -> Option<String> {
        self.is_on_line(0).then(|| self.text()).flatten()
    }

    /// How many signs a path has that begins here.
    pub(super) fn path_length(&self, ahead: usize) -> usize {
        let mut length = usize::from(self.word(ahead).is_some());
        while length > 0
            && self.is_mark(ahead + length, '.')
            && self.word(ahead + length + 1).is_some()
        {
            length += 2;
        }
        length
    }

    pub(super) fn path(&mut self) -> Option<Path> {
        let length = self.path_length(0);
        let words = (0..length).step_by(2).filter_map(|n| self.word(n));
        let path: Path = words.map(str::to_owned).collect();
        self.at += length;
        (!path.is_empty()).then_some(path)
    }

    /// The statements up to a closing brace or the end.
    fn statements(&mut self, into: &mut Vec<Statement>) {
        while self.at < self.source.tokens.len() && !self.is_mark(0, '}') {
            let start = self.at;
            let at = self.place();
            // Only declares what a block is in.
            let is_wrapper = ["specification", "model", "views"]
                .iter()
                .any(|word| self.word(0) == Some(word) && self.is_mark(1, '{'));
            if is_wrapper && self.depth < DEPTH_MAX {
                self.at += 2;
                self.depth += 1;
                self.statements(into);
                self.depth -= 1;
                self.eat('}');
                continue;
            }
            match self.statement() {
                Some(what) => into.push(Statement { at, what }),
                None => {
                    self.at = start;
                    self.skip();
                    into.push(self.kept(start, self.reason(start)));
                }
            }
            if self.at == start {
                self.at += 1;
            }
        }
    }

    /// The statements of a block, with its braces.
    pub(super) fn block(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        let start = self.at;
        if !self.eat('{') {
            return statements;
        }
        if self.depth >= DEPTH_MAX {
            self.at = start;
            self.skip_braces();
            statements.push(self.kept(start, Reason::Unknown));
            return statements;
        }
        self.depth += 1;
        self.statements(&mut statements);
        self.depth -= 1;
        self.eat('}');
        statements
    }

    /// Goes behind the statement: to the next line, behind a block that begins on this one.
    pub(super) fn skip(&mut self) {
        let start = self.at;
        while let Some(token) = self.source.tokens.get(self.at) {
            match token.sign {
                _ if token.first && self.at > start => return,
                Sign::Mark('{' | '[') => {
                    self.skip_braces();
                    // A block ends what it belongs to.
                    let goes_on = self.word(0) == Some("from");
                    if self.source.text.as_bytes().get(token.start) == Some(&b'{') && !goes_on {
                        return;
                    }
                }
                Sign::Mark('}') => return,
                _ => self.at += 1,
            }
        }
    }

    fn skip_braces(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.source.tokens.get(self.at) {
            match token.sign {
                Sign::Mark('{' | '[') => open += 1,
                Sign::Mark('}' | ']') => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    fn reason(&self, start: usize) -> Reason {
        let word = |n: usize| match self.source.tokens.get(n).map(|token| &token.sign) {
            Some(Sign::Word(word)) => word.as_str(),
            _ => "",
        };
        let is_named =
            self.source.tokens.get(start + 1).map(|it| &it.sign) == Some(&Sign::Mark('='));
        let word = if is_named {
            word(start + 2)
        } else {
            word(start)
        };
        match word {
            word if LOOKS.contains(&word) => Reason::Known,
            word if IDLE.contains(&word) => Reason::Idle,
            _ => Reason::Unknown,
        }
    }

    /// The statement from a sign up to here, word for word.
    pub(super) fn kept(&self, start: usize, reason: Reason) -> Statement {
        let tokens = &self.source.tokens;
        let from = tokens.get(start).map_or(0, |token| token.start);
        let text = self.text_since(from);
        Statement {
            at: from,
            what: What::Kept(text, reason),
        }
    }

    fn text_since(&self, start: usize) -> String {
        let last = self.at.checked_sub(1);
        let last = last.and_then(|last| self.source.tokens.get(last));
        let end = last.map_or(start, |token| token.end);
        self.source.slice(start, end).to_owned()
    }

    fn statement(&mut self) -> Option<What> {
        if let Some(relation) = self.relation() {
            return Some(What::Relation(relation));
        }
        let word = self.word(0)?.to_owned();
        let is_assigned = self.is_mark(1, '=') && self.word(2).is_some();
        if is_assigned {
            let sort = self.word(2)?.to_owned();
            return self.assigned(&word, &sort);
        }
        match word.as_str() {
            "architecture" | "library" => self.header(),
            "metadata" if self.is_mark(1, '{') => {
                self.at += 1;
                Some(What::Metadata(self.metadata()))
            }
            "tags" | "tag" => self.tags(),
            "extend" => {
                self.at += 1;
                let path = self.path()?;
                let is_block = self.is_mark(0, '{');
                is_block.then(|| What::Extend(path, self.block()))
            }
            "scenario" | "story" | "flow" => {
                self.at += 1;
                let name = self.word(0).map(str::to_owned);
                self.at += usize::from(name.is_some());
                self.walk(name.unwrap_or_default(), word)
            }
            "view" => {
                self.at += 1;
                let name = self.word(0).map(str::to_owned);
                self.at += usize::from(name.is_some());
                self.view(name.unwrap_or_default())
            }
            "element" if self.word(1).is_some() && !self.is_mark(2, '{') => {
                let sort = self.word(1)?.to_owned();
                self.at += 2;
                self.sorts.insert(sort.clone());
                let text = format!("{sort} = kind {}", super::lexer::quote(&sort));
                Some(What::Kind(sort, String::new(), text))
            }
            known if IDLE.contains(&known) || LOOKS.contains(&known) => None,
            _ => self.element_or_property(word),
        }
    }

    fn assigned(&mut self, word: &str, sort: &str) -> Option<What> {
        let start = self.place();
        match sort {
            "kind" => {
                self.at += 3;
                self.sorts.insert(word.to_owned());
                let title = self.text_on_line().unwrap_or_default();
                if self.is_mark(0, '{') {
                    self.skip_braces();
                }
                Some(What::Kind(word.to_owned(), title, self.text_since(start)))
            }
            "scenario" | "story" | "flow" => {
                self.at += 3;
                self.walk(word.to_owned(), sort.to_owned())
            }
            "view" => {
                self.at += 3;
                self.view(word.to_owned())
            }
            sort if IDLE.contains(&sort) || LOOKS.contains(&sort) => None,
            sort => {
                self.at += 3;
                let mut element = Element {
                    word: word.to_owned(),
                    sort: sort.to_owned(),
                    ..Element::default()
                };
                if self.is_on_line(0)
                    && let Some(subsort) = self.word(0).map(str::to_owned)
                {
                    self.at += 1;
                    let what = What::Property("subkind".to_owned(), subsort);
                    element.body.push(Statement { at: start, what });
                }
                self.rest_of_element(element)
            }
        }
    }

    fn rest_of_element(&mut self, mut element: Element) -> Option<What> {
        element.label = self.text_on_line();
        element.description = self.text_on_line();
        element.tags = self.hash_tags();
        element.body.extend(self.block());
        Some(What::Element(element))
    }

    pub(super) fn hash_tags(&mut self) -> Vec<String> {
        let mut tags = Vec::new();
        while (self.is_mark(0, '#') || self.is_mark(0, '@')) && self.is_on_line(0) {
            let Some(tag) = self.word(1).map(str::to_owned) else {
                break;
            };
            tags.push(tag);
            self.at += 2;
        }
        tags
    }

    fn element_or_property(&mut self, word: String) -> Option<What> {
        let is_sort = self.sorts.contains(&word);
        let second = self.sign(1)?.clone();
        let (has_more, is_block) = (self.is_on_line(2), self.is_mark(2, '{'));
        let has_text = has_more && matches!(self.sign(2), Some(Sign::Text(_)));
        match second {
            Sign::Word(name) if (has_text || is_block || is_sort) && self.is_on_line(1) => {
                self.at += 2;
                let sort = word;
                let element = Element {
                    word: name,
                    sort,
                    ..Element::default()
                };
                self.rest_of_element(element)
            }
            Sign::Text(title) if is_sort && (is_block || self.depth == 0) => {
                self.at += 1;
                let element = Element {
                    word: super::names::word_of(&title),
                    sort: word,
                    ..Element::default()
                };
                self.rest_of_element(element)
            }
            _ if !self.is_on_line(1) => None,
            Sign::Mark(':' | '=') => {
                self.at += 2;
                self.value().map(|value| What::Property(word, value))
            }
            _ => {
                self.at += 1;
                self.value().map(|value| What::Property(word, value))
            }
        }
    }

    /// A text, a word, a number or a list, as a text.
    pub(super) fn value(&mut self) -> Option<String> {
        if self.is_mark(0, '[') {
            return self.list().map(|items| items.join(", "));
        }
        let mut texts = vec![self.single()?];
        while let Some(text) = self.text_on_line() {
            texts.push(text);
        }
        Some(texts.join(", "))
    }

    fn single(&mut self) -> Option<String> {
        match self.sign(0)? {
            Sign::Text(text) | Sign::Number(text) => {
                let text = text.clone();
                self.at += 1;
                Some(text)
            }
            Sign::Word(_) => self.path().map(|path| path.join(".")),
            _ => None,
        }
    }

    /// `[a, "b", #c]`.
    pub(super) fn list(&mut self) -> Option<Vec<String>> {
        if !self.eat('[') {
            return None;
        }
        let mut items = Vec::new();
        loop {
            while self.eat(',') || self.eat('#') || self.eat('@') {}
            if self.eat(']') {
                return Some(items);
            }
            items.push(self.single()?);
        }
    }

    fn tags(&mut self) -> Option<What> {
        self.at += 1;
        if !self.eat('=') {
            self.eat(':');
        }
        match self.list() {
            Some(tags) => Some(What::Tags(tags)),
            None => self.text().map(|tag| What::Tags(vec![tag])),
        }
    }

    fn header(&mut self) -> Option<What> {
        self.at += 1;
        let word = self.word(0).map(str::to_owned);
        self.at += usize::from(word.is_some());
        let name = self.text().or(word)?;
        let is_block = self.is_mark(0, '{');
        is_block.then(|| What::Header(name, self.block()))
    }

    /// The texts of a block, with its braces. A block inside is kept as a text.
    fn metadata(&mut self) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        self.eat('{');
        while self.at < self.source.tokens.len() && !self.eat('}') {
            let start = self.at;
            let name = match self.sign(0) {
                Some(Sign::Word(name) | Sign::Text(name) | Sign::Number(name)) => name.clone(),
                _ => {
                    self.at += 1;
                    continue;
                }
            };
            self.at += 1;
            while self.is_mark(0, '.') && self.word(1).is_some() {
                self.at += 2;
            }
            if !self.eat(':') {
                self.eat('=');
            }
            let before = self.at;
            let from = self.place();
            match self.value() {
                Some(value) => texts.push((name, value)),
                None => {
                    self.at = before;
                    if self.is_mark(0, '{') || self.is_mark(0, '[') {
                        self.skip_braces();
                    }
                    let text = if self.at > before {
                        self.text_since(from)
                    } else {
                        String::new()
                    };
                    texts.push((name, text));
                }
            }
            self.at = self.at.max(start + 1);
        }
        texts
    }
}

/// Whether a word behind `=` begins something else than an element.
pub(super) fn is_statement(word: &str) -> bool {
    const OTHERS: &[&str] = &["kind", "scenario", "story", "flow", "view"];
    OTHERS.contains(&word) || IDLE.contains(&word) || LOOKS.contains(&word)
}
