//! Reads views: what they show, and where.

use super::parser::Parser;
use super::tree::{Path, Reason, Rule, Shown, Statement, View, What};

impl Parser<'_, '_> {
    /// A view, behind its name.
    pub(super) fn view(&mut self, word: String) -> Option<What> {
        let mut view = View {
            word,
            ..View::default()
        };
        loop {
            if self.eat_word("of") {
                view.of = self.path();
            } else if self.eat_word("extends") {
                view.extends = self.path().map(|path| path.join("."));
            } else if let Some(title) = self.text() {
                view.title = title;
            } else {
                break;
            }
        }
        if !self.eat('{') {
            return None;
        }
        while self.at < self.source.tokens.len() && !self.eat('}') {
            let (start, at) = (self.at, self.place());
            if self.rule(&mut view) {
                continue;
            }
            self.at = start;
            match self.word(0) {
                Some("layout") if self.is_mark(1, '{') => {
                    self.skip();
                    self.places(start, &mut view);
                    let kept = self.kept(start, Reason::Known);
                    view.body.push(kept);
                }
                Some("title") => {
                    self.at += 1;
                    view.title = self.text().unwrap_or_default();
                }
                Some("description" | "desc") => {
                    self.at += 1;
                    let text = self.value().unwrap_or_default();
                    let what = What::Property("description".to_owned(), text);
                    view.body.push(Statement { at, what });
                }
                word => {
                    let known = ["autolayout", "styles", "style", "navigation"];
                    let is_known = word.is_some_and(|word| known.contains(&word));
                    let reason = if is_known {
                        Reason::Known
                    } else {
                        Reason::Unknown
                    };
                    self.skip();
                    self.at = self.at.max(start + 1);
                    let kept = self.kept(start, reason);
                    view.body.push(kept);
                }
            }
        }
        Some(What::View(view))
    }

    fn rule(&mut self, view: &mut View) -> bool {
        let shows = match self.word(0) {
            Some("include" | "includes") => true,
            Some("exclude" | "excludes") => false,
            _ => return false,
        };
        self.at += 1;
        if !self.eat('=') {
            self.eat(':');
        }
        let mut found = false;
        if self.is_mark(0, '[') {
            let at = self.place();
            let Some(items) = self.list() else {
                return false;
            };
            let rules = items.iter().map(|item| Rule {
                at,
                shows,
                what: shown(item),
            });
            view.rules.extend(rules);
            return true;
        }
        loop {
            let at = self.place();
            let keywords = [
                "include",
                "exclude",
                "title",
                "description",
                "layout",
                "autolayout",
                "styles",
                "style",
                "navigation",
            ];
            let is_next = self.word(0).is_some_and(|word| keywords.contains(&word));
            let what = if is_next && !self.is_mark(1, '.') {
                None
            } else if self.eat('*') {
                self.eat('*');
                Some(Shown::All)
            } else if let Some(text) = self.text() {
                Some(shown(&text))
            } else if let Some(path) = self.path() {
                if self.is_mark(0, '.') && self.is_mark(1, '*') {
                    self.at += 2;
                    self.eat('*');
                    Some(Shown::Inside(path))
                } else {
                    Some(Shown::One(path))
                }
            } else {
                None
            };
            let Some(what) = what else {
                return found;
            };
            found = true;
            view.rules.push(Rule { at, shows, what });
            self.eat(',');
        }
    }

    /// The positions in a layout that was skipped.
    fn places(&mut self, start: usize, view: &mut View) {
        let end = self.at;
        self.at = start;
        while self.at < end {
            if !self.eat_word("element") {
                self.at += 1;
                continue;
            }
            let Some(path) = self.path() else {
                continue;
            };
            let mut place = [None, None];
            while self.at < end && !self.is_mark(0, '}') {
                let axis = match self.word(0) {
                    Some("x") => 0,
                    Some("y") => 1,
                    _ => {
                        self.at += 1;
                        continue;
                    }
                };
                self.at += 1;
                self.eat(':');
                let is_negative = self.eat('-');
                let number = self.value().and_then(|text| text.parse::<f64>().ok());
                let number = number.map(|it| it.clamp(0.0, 1e5) as i32);
                place[axis] = number.map(|it| if is_negative { -it } else { it });
            }
            if let [Some(x), Some(y)] = place {
                view.places.push((path, x, y));
            }
        }
        self.at = end;
    }
}

/// What a text in a list of a view stands for.
fn shown(text: &str) -> Shown {
    let path = |text: &str| -> Path { text.split('.').map(|it| it.trim().to_owned()).collect() };
    let text = text.trim();
    if text == "*" || text == "**" {
        return Shown::All;
    }
    let before = text.strip_prefix("->");
    let middle = before.unwrap_or(text).trim();
    let behind = middle.strip_suffix("->");
    let middle = behind.unwrap_or(middle).trim();
    if before.is_some() || behind.is_some() {
        return Shown::Around(path(middle), before.is_some(), behind.is_some());
    }
    let inside = middle
        .strip_suffix(".**")
        .or_else(|| middle.strip_suffix(".*"));
    inside.map_or_else(
        || Shown::One(path(middle)),
        |inside| Shown::Inside(path(inside)),
    )
}
