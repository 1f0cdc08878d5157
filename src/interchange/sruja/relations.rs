//! Reads relations and the steps of walks, which are written alike.

use std::collections::BTreeSet;

use super::lexer::Sign;
use super::parser::Parser;
use super::tree::{Reason, Relation, Statement, Walk, What};

impl Parser<'_, '_> {
    /// A relation or a step.
    pub(super) fn relation(&mut self) -> Option<Relation> {
        let start = self.at;
        let is_step = self.word(0) == Some("step") && self.word(1).is_some();
        self.at += usize::from(is_step);
        let found = self.relation_here();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    /// Whether another statement begins on the line of the one before it.
    fn begins_another(&self) -> bool {
        let step = usize::from(self.word(0) == Some("step"));
        let length = self.path_length(step);
        let arrow = matches!(
            self.sign(step + length),
            Some(Sign::Arrow | Sign::Back | Sign::Both)
        );
        length > 0 && (arrow || self.sign(1) == Some(&Sign::Mark('=')))
    }

    fn relation_here(&mut self) -> Option<Relation> {
        let length = self.path_length(0);
        let arrow = match self.sign(length) {
            Some(arrow @ (Sign::Arrow | Sign::Back | Sign::Both)) if length > 0 => arrow.clone(),
            _ => return None,
        };
        if self.path_length(length + 1) == 0 {
            return None;
        }
        let mut from = self.path()?;
        self.at += 1;
        let mut to = self.path()?;
        if arrow == Sign::Back {
            std::mem::swap(&mut from, &mut to);
        }
        let mut relation = Relation {
            from,
            to,
            ..Relation::default()
        };
        let mut texts = Vec::new();
        while self.is_on_line(0) && !self.begins_another() {
            match self.sign(0) {
                Some(Sign::Text(text)) => texts.push(text.clone()),
                Some(Sign::Mark('[')) => {
                    relation.tags.extend(self.list()?);
                    continue;
                }
                Some(Sign::Mark('#' | '@')) if self.word(1).is_some() => {
                    relation.tags.extend(self.hash_tags());
                    continue;
                }
                Some(Sign::Word(word)) => match (word.as_str(), self.sign(1)) {
                    ("technology" | "tech", Some(Sign::Text(text))) => {
                        relation.technology = text.clone();
                        self.at += 1;
                    }
                    ("order", Some(Sign::Text(number) | Sign::Number(number))) => {
                        relation.order = number.parse().ok();
                        self.at += 1;
                    }
                    (verb, _) if relation.verb.is_empty() => relation.verb = verb.to_owned(),
                    _ => return None,
                },
                _ => break,
            }
            self.at += 1;
        }
        let mut texts = texts.into_iter();
        relation.label = texts.next().unwrap_or_default();
        relation.description = texts.collect::<Vec<_>>().join(" ");
        if self.is_mark(0, '{') && self.is_on_line(0) {
            relation.body = self.block();
        }
        if arrow == Sign::Both {
            // Said of the first; the other is made of it.
            let what = What::Property("both".to_owned(), "true".to_owned());
            relation.body.push(Statement {
                at: self.place(),
                what,
            });
        }
        Some(relation)
    }

    pub(super) fn walk(&mut self, word: String, sort: String) -> Option<What> {
        let title = self.text().unwrap_or_default();
        let description = self.text().unwrap_or_default();
        if !self.is_mark(0, '{') {
            return None;
        }
        let mut body = Vec::new();
        for statement in self.block() {
            match statement.what {
                What::Kept(text, _) if text.starts_with("steps") => {
                    let inside = text.trim_start_matches("steps");
                    body.extend(self.steps_of(&text, statement.at, inside.len()));
                }
                what => body.push(Statement { what, ..statement }),
            }
        }
        Some(What::Walk(Walk {
            word,
            sort,
            title,
            description,
            body,
        }))
    }

    /// The steps of `steps [ … ]`, which begins at a place.
    fn steps_of(&self, text: &str, at: usize, inside: usize) -> Vec<Statement> {
        let tokens = &self.source.tokens;
        let start = at + text.len() - inside;
        let end = at + text.len();
        let mut parser = Parser {
            source: self.source,
            at: tokens.partition_point(|token| token.start < start),
            depth: self.depth,
            sorts: BTreeSet::new(),
        };
        let mut steps = Vec::new();
        parser.eat('[');
        while parser.place() < end {
            let (before, at) = (parser.at, parser.place());
            if let Some(step) = parser.relation() {
                let what = What::Relation(step);
                steps.push(Statement { at, what });
            } else if !parser.eat(',') && !parser.eat(']') {
                parser.at = before;
                parser.skip();
                parser.at = parser.at.max(before + 1);
                steps.push(parser.kept(before, Reason::Unknown));
            }
        }
        steps
    }
}
