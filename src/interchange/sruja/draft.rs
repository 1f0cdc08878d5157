//! What a text states, put together: elements with all that is said about them, and what their
//! names stand for. It does not know yet what stands for what.

use std::collections::BTreeMap;

use serde_json::Value;

use super::OURS;
use super::lexer::Source;
use super::tree::{Path, Reason, Relation, Statement, View, Walk, What};
use crate::topology::{Paper, Problem, TextLimit, shown};

/// Most things that are said about a text.
const REMARKS_MAX: usize = 300;
/// Most elements, relations, walks and views that are looked at.
const PARTS_MAX: usize = 5_000;

/// An element.
pub(super) struct Part {
    /// The names that lead to it, with dots.
    pub(super) path: String,
    /// What it is in.
    pub(super) parent: Option<usize>,
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) paper: Paper,
    /// What this program wrote about it.
    pub(super) ours: Option<Value>,
    pub(super) children: usize,
}

/// What a text states.
pub(super) struct Draft<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    pub(super) parts: Vec<Part>,
    pub(super) relations: Vec<(Option<usize>, usize, Relation)>,
    pub(super) walks: Vec<(Option<usize>, usize, Walk)>,
    pub(super) views: Vec<(usize, View)>,
    pub(super) kinds: Vec<(String, String, String)>,
    pub(super) paper: Paper,
    pub(super) name: Option<String>,
    pub(super) about: String,
    /// What this program wrote about the whole.
    pub(super) ours: BTreeMap<String, Value>,
    pub(super) remarks: Vec<(usize, Problem)>,
    /// What is said in comments.
    pub(super) comments: Vec<String>,
    by_path: BTreeMap<String, usize>,
    by_last: BTreeMap<String, Vec<usize>>,
}

impl<'s, 'a> Draft<'s, 'a> {
    /// Puts statements together.
    pub(super) fn new(source: &'s Source<'a>, statements: Vec<Statement>) -> Self {
        let mut draft = Self {
            source,
            parts: Vec::new(),
            relations: Vec::new(),
            walks: Vec::new(),
            views: Vec::new(),
            kinds: Vec::new(),
            paper: Paper::default(),
            name: None,
            about: String::new(),
            ours: BTreeMap::new(),
            remarks: Vec::new(),
            comments: Vec::new(),
            by_path: BTreeMap::new(),
            by_last: BTreeMap::new(),
        };
        let mut later = Vec::new();
        draft.gather(statements, None, &mut later);
        for (scope, at, path, body) in later {
            match draft.find(scope, &path) {
                Ok(part) => draft.gather(body, Some(part), &mut Vec::new()),
                Err(what) => draft.remark(at, what, "what extends it is left out"),
            }
        }
        draft.gather_comments();
        draft
    }

    /// Comments belong to no element: they are kept together, in texts that are not too long.
    fn gather_comments(&mut self) {
        let mut comments = self.source.comments();
        // The first line of a text of this program is its name.
        if self.ours.contains_key("") && comments.first().is_some_and(|(at, _)| *at == 0) {
            comments.remove(0);
        }
        if let Some((at, _)) = comments.first() {
            let count = comments.len();
            let hint = "they are kept together, under the document's further texts";
            self.remark(
                *at,
                format!("comments stand here and further below: {count}"),
                hint,
            );
        }
        let most = TextLimit::Note.most();
        for (_, comment) in comments {
            let comment = comment.trim_start_matches('/').trim();
            let length = comment.chars().count() + 1;
            match self.comments.last_mut() {
                Some(last) if last.chars().count() + length <= most => {
                    last.push('\n');
                    last.push_str(comment);
                }
                _ => self.comments.push(fitting(comment, TextLimit::Note)),
            }
        }
    }

    /// Says something about a place.
    pub(super) fn remark(&mut self, at: usize, what: impl Into<String>, hint: &str) {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push((at, self.source.remark(at, what, hint)));
        } else if self.remarks.len() == REMARKS_MAX {
            let what = "there is more to say than is listed";
            let remark = self.source.remark(at, what, "correct this first");
            self.remarks.push((at, remark));
        }
    }

    fn gather(
        &mut self,
        statements: Vec<Statement>,
        scope: Option<usize>,
        later: &mut Vec<(Option<usize>, usize, Path, Vec<Statement>)>,
    ) {
        for Statement { at, what } in statements {
            let count = self.parts.len() + self.relations.len() + self.walks.len();
            if count + self.views.len() > PARTS_MAX {
                self.remark(at, "the text says more than is read", "divide it");
                return;
            }
            match what {
                What::Element(element) => {
                    let path = match scope {
                        None => element.word.clone(),
                        Some(scope) => format!("{}.{}", self.parts[scope].path, element.word),
                    };
                    let part = self.part(path, scope, at, &element);
                    self.tag(part, element.tags);
                    if let Some(description) = element.description {
                        self.property(Some(part), at, "description", description);
                    }
                    self.gather(element.body, Some(part), later);
                }
                What::Relation(relation) => self.relations.push((scope, at, relation)),
                What::Walk(walk) => self.walks.push((scope, at, walk)),
                What::View(view) => self.views.push((at, view)),
                What::Property(name, text) => self.property(scope, at, &name, text),
                What::Metadata(texts) => {
                    for (name, text) in texts {
                        if !self.is_ours(scope, at, &name, &text) {
                            self.further(scope, at, &name, text);
                        }
                    }
                }
                What::Tags(tags) => match scope {
                    Some(part) => self.tag(part, tags),
                    None => add_tags(&mut self.paper, tags),
                },
                What::Extend(path, body) => later.push((scope, at, path, body)),
                What::Header(name, body) => {
                    self.name.get_or_insert(name);
                    self.gather(body, scope, later);
                }
                What::Kind(word, title, text) => self.kinds.push((word, title, text)),
                What::Kept(text, reason) => self.keep(scope, at, text, reason),
            }
        }
    }

    fn part(
        &mut self,
        path: String,
        parent: Option<usize>,
        at: usize,
        element: &super::tree::Element,
    ) -> usize {
        let name = element.label.as_deref().unwrap_or(&element.word);
        if let Some(known) = self.by_path.get(&path).copied() {
            let what = format!("{} is there twice", shown(&path));
            self.remark(at, what, "what is said about both is said about the first");
            return known;
        }
        let number = self.parts.len();
        let paper = Paper {
            word: fitting(&element.word, TextLimit::Name),
            sort: fitting(&element.sort, TextLimit::Name),
            ..Paper::default()
        };
        self.by_path.insert(path.clone(), number);
        self.by_last
            .entry(element.word.clone())
            .or_default()
            .push(number);
        if let Some(parent) = parent {
            self.parts[parent].children += 1;
        }
        self.parts.push(Part {
            path,
            parent,
            at,
            name: fitting(name, TextLimit::Name),
            paper,
            ours: None,
            children: 0,
        });
        number
    }

    fn paper_of(&mut self, scope: Option<usize>) -> &mut Paper {
        match scope {
            Some(part) => &mut self.parts[part].paper,
            None => &mut self.paper,
        }
    }

    fn tag(&mut self, part: usize, tags: Vec<String>) {
        add_tags(&mut self.parts[part].paper, tags);
    }

    fn property(&mut self, scope: Option<usize>, at: usize, name: &str, text: String) {
        if text.chars().count() > TextLimit::Note.most() {
            self.remark(
                at,
                format!("{} is too long", shown(name)),
                "its end is left out",
            );
        }
        let is_about = scope.is_none() && self.about.is_empty();
        let paper = self.paper_of(scope);
        match name {
            "description" | "desc" if is_about => {
                self.about = fitting(&text, TextLimit::Note);
            }
            "description" | "desc" if paper.description.is_empty() => {
                paper.description = fitting(&text, TextLimit::Note);
            }
            "technology" | "tech" if paper.technology.is_empty() => {
                paper.technology = fitting(&text, TextLimit::Name);
            }
            _ => self.further(scope, at, name, text),
        }
    }

    fn further(&mut self, scope: Option<usize>, at: usize, name: &str, text: String) {
        let paper = self.paper_of(scope);
        if !add_more(paper, name, &text) {
            self.remark(at, "there is too much metadata", "the rest is left out");
        }
    }

    /// What is a statement of this program's own, in the metadata.
    fn is_ours(&mut self, scope: Option<usize>, at: usize, name: &str, text: &str) -> bool {
        let Some(rest) = name.strip_prefix(OURS) else {
            return false;
        };
        match (serde_json::from_str::<Value>(text), scope) {
            (Ok(value), Some(part)) if rest.is_empty() => self.parts[part].ours = Some(value),
            (Ok(value), None) => drop(self.ours.insert(rest.to_owned(), value)),
            _ => self.remark(at, "this cannot be read", "correct it, or remove it"),
        }
        true
    }

    fn keep(&mut self, scope: Option<usize>, at: usize, text: String, reason: Reason) {
        let first = shown(text.lines().next().unwrap_or_default());
        match reason {
            Reason::Known => {}
            Reason::Idle => {
                let word = first.split_whitespace().next().unwrap_or_default();
                let what = match (word, scope) {
                    ("scale", Some(_)) => "scale is a guess: as many work as at least".to_owned(),
                    ("slo", Some(_)) => "slo is a guess at how long work takes".to_owned(),
                    _ => format!("{word} means nothing for a run"),
                };
                self.remark(at, what, "it is kept as it is written");
            }
            Reason::Unknown => {
                let what = format!("this is not understood: {first}");
                self.remark(at, what, "it is kept as it is written");
            }
        }
        if !add_kept(self.paper_of(scope), text) {
            self.remark(at, "there is too much to keep", "this is left out");
        }
    }

    /// The element that a path names from inside of another.
    pub(super) fn find(&self, scope: Option<usize>, path: &[String]) -> Result<usize, String> {
        let name = path.join(".");
        let mut inside = scope;
        while let Some(part) = inside {
            let whole = format!("{}.{name}", self.parts[part].path);
            if let Some(found) = self.by_path.get(&whole) {
                return Ok(*found);
            }
            inside = self.parts[part].parent;
        }
        if let Some(found) = self.by_path.get(&name) {
            return Ok(*found);
        }
        let ends = format!(".{name}");
        let last = path.last().and_then(|last| self.by_last.get(last));
        let mut found = last.into_iter().flatten().copied();
        let mut found = found
            .by_ref()
            .filter(|part| self.parts[*part].path.ends_with(&ends));
        let first = found.next();
        match (first, found.next()) {
            (Some(part), None) => Ok(part),
            (Some(_), Some(_)) => Err(format!("{} can be several elements", shown(&name))),
            (None, _) => Err(format!("nothing is called {}", shown(&name))),
        }
    }

    /// Whether an element is in another, however deep.
    pub(super) fn is_inside(&self, part: usize, of: usize) -> bool {
        let mut inside = self.parts[part].parent;
        while let Some(parent) = inside {
            if parent == of {
                return true;
            }
            inside = self.parts[parent].parent;
        }
        false
    }
}

/// The beginning of a text that fits.
pub(super) fn fitting(text: &str, limit: TextLimit) -> String {
    text.chars().take(limit.most()).collect()
}

fn add_tags(paper: &mut Paper, tags: Vec<String>) {
    let room = Paper::TAGS_MAX - paper.tags.len();
    let tags = tags.iter().take(room);
    paper
        .tags
        .extend(tags.map(|tag| fitting(tag, TextLimit::Name)));
}

/// Adds a further text; whether there was room. No name stands there twice.
pub(super) fn add_more(paper: &mut Paper, name: &str, text: &str) -> bool {
    if paper.more.len() >= Paper::MORE_MAX {
        return false;
    }
    let wanted = fitting(name, TextLimit::Name);
    let mut name = wanted.clone();
    let mut n = 2;
    while paper.more(&name).is_some() {
        let short: String = wanted.chars().take(180).collect();
        name = format!("{short}_{n}");
        n += 1;
    }
    paper.more.push((name, fitting(text, TextLimit::Note)));
    true
}

/// Keeps a statement; whether there was room.
pub(super) fn add_kept(paper: &mut Paper, text: String) -> bool {
    let fits = text.chars().count() <= TextLimit::Page.most();
    let fits = fits && paper.kept.len() < Paper::KEPT_MAX;
    if fits && !text.is_empty() {
        paper.kept.push(text);
    }
    fits
}
