//! The statements of a sketch: what each may say, and what of a document it stands for.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::lexer::Sign;
use super::parse::{Entry, Parser, Ref, Target};
use super::value::is_spread;
use super::{places_of, words};
use crate::engine::LinkSettings;
use crate::nodes::Kind;
use crate::topology::shown;

/// What the head of a sketch may say.
const HEAD: &[&str] = &[
    "about", "hint", "starts", "seed", "duration", "next_id", "paper",
];
/// The words with which statements begin that are no node and no link.
const BEGINNINGS: &str = "scenario, at, check, caption, note, frame, view or walk";

/// Something of a list of the document.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// The list.
    pub(super) list: &'static str,
    /// Where it stands in the text, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// As documents have it, but for ids.
    pub(super) json: Value,
    /// Where in it that is which has an id: `node` and `link` of what the script adds.
    pub(super) holder: Option<&'static str>,
    /// The id that was written.
    pub(super) id: Option<u64>,
    /// The word of a node.
    pub(super) word: Option<String>,
    /// Where a node or note is.
    pub(super) is_placed: bool,
    pub(super) refs: Vec<Ref>,
    /// Where its fields stand.
    pub(super) keys: Vec<(String, usize)>,
}

/// What was read of a text.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) head: Map<String, Value>,
    pub(super) head_keys: Vec<(String, usize)>,
    has_head: bool,
    /// The words of nodes in whose lines something is wrong: that is said already.
    pub(super) broken: BTreeSet<String>,
    pub(super) items: Vec<Item>,
}

impl Parser {
    pub(super) fn statements(&mut self) -> Statements {
        let mut found = Statements::default();
        while self.sign(0).is_some() {
            if self.eat(';') {
                continue;
            }
            let first = self.at;
            let before = self.flaws.len();
            let done = self.statement(&mut found);
            if done.is_some() && self.is_on_line() && !self.is_mark(0, ';') {
                let at = self.start();
                let hint = "begin a new line for the next statement";
                self.wrong::<()>(at, "this is not understood here", hint);
            }
            if self.flaws.len() > before || done.is_none() {
                let end = self.tokens.len().min(first + 8);
                for pair in self.tokens[first..end].windows(2) {
                    if let (Sign::Word(word), Sign::Mark(':')) = (&pair[0].sign, &pair[1].sign) {
                        found.broken.insert(word.clone());
                    }
                }
                self.recover(first);
            }
        }
        found
    }

    fn statement(&mut self, found: &mut Statements) -> Option<()> {
        let start = self.start();
        if self.is_step() {
            return self.link(start, None, found);
        }
        if self.is_mark(1, ':') {
            return self.node_line(start, None, found);
        }
        let Some(word) = self.word(0).map(str::to_owned) else {
            return self.no_statement(start);
        };
        match word.as_str() {
            "scenario" => self.head(start, found),
            "at" => self.entry(start, found),
            "check" => self.check(start, found),
            "caption" => self.caption(start, found),
            "note" | "frame" | "view" | "walk" => self.box_of(&word, start, found),
            _ => self.no_statement(start),
        }
    }

    fn no_statement(&mut self, at: usize) -> Option<()> {
        let hint = format!("write orders: queue, or shop -> orders, or begin with {BEGINNINGS}");
        self.wrong(at, "this is no statement", hint)
    }

    fn head(&mut self, start: usize, found: &mut Statements) -> Option<()> {
        self.at += 1;
        if std::mem::replace(&mut found.has_head, true) {
            return self.wrong(start, "there is a scenario already", "keep one of them");
        }
        if let Some(name) = self.text() {
            found.head.insert("name".to_owned(), name.into());
            found.head_keys.push(("scenario.name".to_owned(), start));
        }
        if !self.is_mark(0, '{') {
            return Some(());
        }
        for (name, at, value) in self.entries(1)? {
            if !HEAD.contains(&name.as_str()) {
                return self.unknown(&name, at, HEAD);
            }
            found.head_keys.push((format!("scenario.{name}"), at));
            found.head.insert(name, value);
        }
        Some(())
    }

    fn unknown(&mut self, name: &str, at: usize, known: &[&str]) -> Option<()> {
        let near = known.iter().find(|known| is_near(known, name));
        let hint = match near {
            Some(near) => format!("did you mean {near}?"),
            None => format!("use one of {}", known.join(", ")),
        };
        self.wrong(at, format!("there is no {}", shown(name)), hint)
    }

    /// `word: kind "Name" #1 @0,0 { … }`.
    fn node_line(
        &mut self,
        start: usize,
        entry: Option<Map<String, Value>>,
        found: &mut Statements,
    ) -> Option<()> {
        let at = self.start();
        let hint = "a node's word begins with a letter, as in orders: queue";
        let word = self.word(0).map(str::to_owned);
        let Some(word) = word.filter(|word| words::is_word(word)) else {
            return self.wrong(at, "expected a word before the colon", hint);
        };
        self.at += 2;
        let kind_at = self.place();
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let kind = self.name("a kind", &format!("use one of {}", known.join(", ")))?;
        let Some(kind) = Kind::from_name(&kind) else {
            return self.unknown(&kind, kind_at, &known);
        };
        let mut item = Item {
            list: "nodes",
            start,
            word: Some(word.clone()),
            ..Item::default()
        };
        let mut fields = Map::new();
        fields.insert("kind".to_owned(), kind.name().into());
        let name = self.title(&mut item, &mut fields)?;
        let name = name.unwrap_or_else(|| words::name_of(&word));
        let mut paper = json!({});
        if !words::is_of_name(&word, &name) {
            paper["word"] = word.into();
        }
        fields.insert("name".to_owned(), name.into());
        self.settings(&mut item, &mut fields, &kind.defaults().to_json(), paper)?;
        self.add(item, fields, "node", entry, found);
        Some(())
    }

    /// `a -> b -> c "label" #4 { … }`.
    fn link(
        &mut self,
        start: usize,
        entry: Option<Map<String, Value>>,
        found: &mut Statements,
    ) -> Option<()> {
        let holder = if entry.is_some() { "/link" } else { "" };
        let mut ends = vec![self.node()?];
        while self.sign(0) == Some(&Sign::Arrow) {
            self.at += 1;
            if !self.is_on_line() {
                let at = self.place();
                let hint = "write the name of a node behind the arrow";
                return self.wrong(at, "expected where the link goes", hint);
            }
            ends.push(self.node()?);
        }
        let mut item = Item {
            list: "links",
            start,
            ..Item::default()
        };
        let mut fields = Map::new();
        if let Some(label) = self.title(&mut item, &mut fields)? {
            fields.insert("label".to_owned(), label.into());
        }
        let defaults = json!(LinkSettings::default());
        self.settings(&mut item, &mut fields, &defaults, json!({}))?;
        for pair in ends.windows(2) {
            let mut one = item.clone();
            item.id = None;
            for ((target, at), name) in pair.iter().zip(["from", "to"]) {
                one.refs.push(Ref {
                    pointer: format!("{holder}/{name}"),
                    target: target.clone(),
                    at: *at,
                });
            }
            let mut fields = fields.clone();
            fields.insert("from".to_owned(), Value::Null);
            fields.insert("to".to_owned(), Value::Null);
            self.add(one, fields, "link", entry.clone(), found);
        }
        Some(())
    }

    /// A name, an id and a place, each if it is there.
    fn title(
        &mut self,
        item: &mut Item,
        fields: &mut Map<String, Value>,
    ) -> Option<Option<String>> {
        let mut name = None;
        while self.is_on_line() {
            if self.is_mark(0, '#') {
                item.id = Some(self.id()?);
            } else if self.is_mark(0, '@') {
                let at = self.start();
                self.at += 1;
                let mut axis = |name: &str, parser: &mut Self| {
                    let number = parser.word(0)?.parse::<i64>().ok()?;
                    parser.at += 1;
                    fields.insert(name.to_owned(), number.into());
                    Some(())
                };
                let placed = axis("x", self).filter(|()| self.eat(','));
                if placed.and_then(|()| axis("y", self)).is_none() {
                    let hint = "write two whole numbers, or leave it out";
                    return self.wrong(at, "expected a place such as @300,-40", hint);
                }
                item.keys.push(("x".to_owned(), at));
                item.keys.push(("y".to_owned(), at));
                item.is_placed = true;
            } else if let Some(text) = self.text() {
                name = Some(text);
            } else {
                break;
            }
        }
        Some(name)
    }

    /// The block behind a node or link.
    fn settings(
        &mut self,
        item: &mut Item,
        fields: &mut Map<String, Value>,
        defaults: &Value,
        mut paper: Value,
    ) -> Option<()> {
        let entries = if self.is_mark(0, '{') {
            self.entries(1)?
        } else {
            Vec::new()
        };
        let mut settings = Map::new();
        for (name, at, value) in entries {
            let default = defaults.get(&name);
            if default.is_none() && name == "paper" {
                match value {
                    Value::Object(said) => {
                        paper.as_object_mut()?.extend(said);
                    }
                    other => paper = other,
                }
                item.keys.push(("paper".to_owned(), at));
            } else if default.is_none() && matches!(&*name, "luck" | "preset") {
                item.keys.push((name.clone(), at));
                fields.insert(name, value);
            } else if default.is_some() {
                item.keys.push((format!("settings.{name}"), at));
                let is_single = value.is_string() && is_spread(default);
                let value = match is_single {
                    true => json!({ "shape": "constant", "value": value }),
                    false => value,
                };
                settings.insert(name, value);
            } else {
                let known = defaults.as_object().into_iter().flatten();
                let mut known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
                known.extend(["luck", "preset", "paper"]);
                return self.unknown(&name, at, &known);
            }
        }
        if !settings.is_empty() {
            fields.insert("settings".to_owned(), settings.into());
        }
        if paper.as_object().is_none_or(|paper| !paper.is_empty()) {
            fields.insert("paper".to_owned(), paper);
        }
        Some(())
    }

    /// Adds a node or link to its list, or to the script.
    fn add(
        &mut self,
        mut item: Item,
        fields: Map<String, Value>,
        holder: &'static str,
        entry: Option<Map<String, Value>>,
        found: &mut Statements,
    ) {
        item.end = self.behind();
        item.json = Value::Object(fields);
        if let Some(mut entry) = entry {
            entry.insert(holder.to_owned(), item.json);
            item.json = Value::Object(entry);
            item.holder = Some(holder);
            item.list = "script";
            for (name, _) in &mut item.keys {
                *name = format!("{holder}.{name}");
            }
        }
        found.items.push(item);
    }

    /// `at 20s crash thumbnails`.
    fn entry(&mut self, start: usize, found: &mut Statements) -> Option<()> {
        self.at += 1;
        let mut fields = Map::new();
        let mut keys = vec![("at".to_owned(), self.place())];
        let time = self.name("a time", "write at 20s crash …")?;
        fields.insert("at".to_owned(), time.into());
        if self.word(0) == Some("after") && self.is_on_line() {
            self.at += 1;
            keys.push(("after".to_owned(), self.place()));
            let steps = self.name("a number", "write at 20s after 3 crash …")?;
            fields.insert("after".to_owned(), super::value::of_word(&steps));
        }
        keys.push(("do".to_owned(), self.place()));
        let hint = "write what happens, such as crash orders";
        let verb = self.name("what happens", hint)?;
        fields.insert("do".to_owned(), verb.as_str().into());
        match verb.as_str() {
            "add_node" => return self.node_line(start, Some(fields), found),
            "add_link" => return self.link(start, Some(fields), found),
            _ => {}
        }
        let mut item = Item {
            list: "script",
            start,
            keys,
            ..Item::default()
        };
        for name in places_of(&verb) {
            if !self.is_on_line() {
                let at = self.place();
                let all = places_of(&verb).join(", ");
                let what = format!("{} is incomplete: the {name} is missing", shown(&verb));
                return self.wrong(at, what, format!("write behind it: {all}"));
            }
            item.keys.push(((*name).to_owned(), self.start()));
            let value = match *name {
                "node" | "link" => {
                    let (mut target, at) = self.node()?;
                    if self.sign(0) == Some(&Sign::Arrow) {
                        self.at += 1;
                        let (to, _) = self.node()?;
                        target = Target::Link(Box::new(target), Box::new(to));
                    }
                    let pointer = format!("/{name}");
                    item.refs.push(Ref {
                        pointer,
                        target,
                        at,
                    });
                    Value::Null
                }
                "value" => self.value(1)?,
                _ => self.name("a name", "write a word")?.into(),
            };
            fields.insert((*name).to_owned(), value);
        }
        let entries = if self.is_mark(0, '{') {
            self.entries(1)?
        } else {
            Vec::new()
        };
        self.more(item, fields, entries, found)
    }

    /// Ends an item with the fields that have names.
    fn more(
        &mut self,
        mut item: Item,
        mut fields: Map<String, Value>,
        entries: Vec<Entry>,
        found: &mut Statements,
    ) -> Option<()> {
        for (name, at, value) in entries {
            item.keys.push((name.clone(), at));
            if fields.insert(name.clone(), value).is_some() {
                let what = format!("{} is said already", shown(&name));
                return self.wrong(at, what, "take it out");
            }
        }
        item.end = self.behind();
        item.json = Value::Object(fields);
        found.items.push(item);
        Some(())
    }

    /// `check depth_below on orders value 100`.
    fn check(&mut self, start: usize, found: &mut Statements) -> Option<()> {
        self.at += 1;
        let name = self.name("what should hold", "write check nothing_lost")?;
        let mut fields = Map::new();
        fields.insert("check".to_owned(), name.into());
        let mut item = Item {
            list: "checks",
            start,
            ..Item::default()
        };
        if self.word(0) == Some("on") && self.is_on_line() {
            self.at += 1;
            let (target, at) = self.node()?;
            let pointer = "/node".to_owned();
            item.refs.push(Ref {
                pointer,
                target,
                at,
            });
            fields.insert("node".to_owned(), Value::Null);
        }
        let mut entries = Vec::new();
        while self.is_on_line() && !self.is_mark(0, ';') {
            let at = self.start();
            let name = self.name("a name", "write check depth_below on orders value 100")?;
            if !self.is_on_line() {
                let what = format!("{} has no value", shown(&name));
                return self.wrong(at, what, "write the value behind it");
            }
            entries.push((name, at, self.value(1)?));
        }
        self.more(item, fields, entries, found)
    }

    /// `caption "It goes back." happens requeued where orders points message`.
    fn caption(&mut self, start: usize, found: &mut Statements) -> Option<()> {
        const EXAMPLE: &str = "write caption \"It goes back.\" happens requeued where orders";
        self.at += 1;
        let Some(text) = self.text() else {
            let at = self.start();
            return self.wrong(at, "expected a text in quotes", EXAMPLE);
        };
        let mut item = Item {
            list: "captions",
            start,
            ..Item::default()
        };
        let mut entries = Vec::new();
        while self.is_on_line() && !self.is_mark(0, ';') {
            let at = self.start();
            let name = self.name("a name", EXAMPLE)?;
            if !self.is_on_line() {
                let what = format!("{} has no value", shown(&name));
                return self.wrong(at, what, "write the value behind it");
            }
            let is_message = name == "points" && self.word(0) == Some(super::MESSAGE);
            let value = match name.as_str() {
                "where" | "points" if !is_message => {
                    self.nodes(&format!("/{name}"), &mut item.refs)?
                }
                _ => self.value(1)?,
            };
            entries.push((name, at, value));
        }
        let mut fields = Map::new();
        fields.insert("text".to_owned(), text.into());
        self.more(item, fields, entries, found)
    }

    /// A note, frame, view or walk.
    fn box_of(&mut self, what: &str, start: usize, found: &mut Statements) -> Option<()> {
        self.at += 1;
        let (list, title) = match what {
            "note" => ("notes", "text"),
            "frame" => ("frames", "name"),
            "view" => ("views", "name"),
            _ => ("walks", "name"),
        };
        let mut item = Item {
            list,
            start,
            ..Item::default()
        };
        let mut fields = Map::new();
        let name = self.title(&mut item, &mut fields)?.unwrap_or_default();
        item.keys.push((title.to_owned(), start));
        fields.insert(title.to_owned(), name.into());
        for (list, name) in [
            ("frames", "members"),
            ("views", "nodes"),
            ("walks", "steps"),
        ] {
            if item.list == list {
                fields.insert(name.to_owned(), json!([]));
            }
        }
        let mut entries = Vec::new();
        if self.is_mark(0, '{') {
            let (refs, mut steps) = (&mut item.refs, Vec::new());
            self.block(|parser, name, at| {
                if parser.is_step() {
                    steps.push(parser.step(steps.len(), refs)?);
                    return Some(());
                }
                let value = match name.as_str() {
                    "members" | "nodes" | "front" => parser.nodes(&format!("/{name}"), refs)?,
                    _ => parser.value(1)?,
                };
                entries.push((name, at, value));
                Some(())
            })?;
            if !steps.is_empty() {
                fields.insert("steps".to_owned(), Value::Array(steps));
            }
        }
        for (name, _, _) in &entries {
            if fields.get(name).is_some_and(|value| *value == json!([])) {
                fields.shift_remove(name);
            }
        }
        self.more(item, fields, entries, found)
    }

    /// `a -> b "what happens"` of a walk.
    fn step(&mut self, number: usize, refs: &mut Vec<Ref>) -> Option<Value> {
        let from = self.node()?;
        self.at += 1;
        let to = self.node()?;
        for ((target, at), name) in [(from, "from"), (to, "to")] {
            let pointer = format!("/steps/{number}/{name}");
            refs.push(Ref {
                pointer,
                target,
                at,
            });
        }
        let text = self.text().unwrap_or_default();
        Some(json!({ "from": null, "to": null, "text": text }))
    }
}

/// Whether two words differ in so little that one may be meant by the other.
pub(super) fn is_near(known: &str, word: &str) -> bool {
    let (known, word): (Vec<char>, Vec<char>) = (known.chars().collect(), word.chars().collect());
    let same = known.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let tails = known[same..].iter().rev().zip(word[same..].iter().rev());
    let same = same + tails.take_while(|(a, b)| a == b).count();
    word.len() > 2 && known.len().max(word.len()) <= same + 2 && same > 1
}
