//! Writes a scenario as a sketch. Everything of it is in the text; what reading would take to be so
//! anyway is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::value::{block, is_spread, quoted, single, text, write};
use super::words;
use crate::engine::LinkSettings;
use crate::nodes::{Kind, Settings};
use crate::scenario::Scenario;
use crate::simulation::Intervention::{AddLink, AddNode};
use crate::units::NodeId;

/// The sketch of a scenario.
pub fn print(scenario: &Scenario) -> String {
    let mut printer = Printer::new(scenario);
    printer.head(scenario);
    let json = scenario.to_json();
    let list = |name: &str| json[name].as_array().cloned().unwrap_or_default();
    let parts: [(&str, Print); 9] = [
        ("nodes", |it, json| it.node(json, "")),
        ("links", |it, json| it.link(json, "")),
        ("script", Printer::entry),
        ("checks", Printer::check),
        ("captions", Printer::caption),
        ("notes", |it, json| it.box_of("note", json)),
        ("frames", |it, json| it.box_of("frame", json)),
        ("views", |it, json| it.box_of("view", json)),
        ("walks", |it, json| it.box_of("walk", json)),
    ];
    for (name, print) in parts {
        let items = list(name);
        if !items.is_empty() {
            printer.out.push('\n');
        }
        for item in items {
            print(&mut printer, item);
        }
    }
    printer.out
}

/// How something of a list is written.
type Print = fn(&mut Printer, Value);

struct Printer {
    out: String,
    words: BTreeMap<NodeId, String>,
    /// How many links there are between two nodes, and the id of the last.
    ends: BTreeMap<(u64, u64), u32>,
    ends_of: BTreeMap<u64, (u64, u64)>,
    /// Ids that must be written: they stand twice, or something refers to them.
    said: BTreeSet<u64>,
    last: u64,
}

impl Printer {
    fn new(scenario: &Scenario) -> Self {
        let mut printer = Self {
            out: String::new(),
            words: words::of_scenario(scenario),
            ends: BTreeMap::new(),
            ends_of: BTreeMap::new(),
            said: BTreeSet::new(),
            last: 0,
        };
        let mut seen = BTreeSet::new();
        let added = scenario
            .script
            .iter()
            .filter_map(|entry| match &entry.what {
                AddLink(link) => Some(&**link),
                _ => None,
            });
        for link in scenario.topology.links.iter().chain(added) {
            let ends = (link.from.0.into(), link.to.0.into());
            *printer.ends.entry(ends).or_insert(0) += 1;
            printer.ends_of.insert(link.id.0.into(), ends);
        }
        for id in all_ids(scenario) {
            if !seen.insert(id) {
                printer.said.insert(id);
            }
        }
        for caption in &scenario.captions {
            let json = caption.to_json();
            let ids = ["where", "points"].map(|name| json[name].as_u64());
            let unnamed = ids.into_iter().flatten();
            let unnamed: Vec<u64> = unnamed.filter(|id| printer.name(*id).is_none()).collect();
            printer.said.extend(unnamed);
        }
        for entry in &scenario.script {
            let json = entry.what.to_json();
            if let Some(id) = json["link"].as_u64()
                && printer.ends_in_words(id).is_none()
            {
                printer.said.insert(id);
            }
        }
        printer
    }

    fn head(&mut self, scenario: &Scenario) {
        let json = scenario.to_json();
        let plain = Scenario::new("").to_json();
        let mut head = Map::new();
        for name in ["about", "hint", "starts", "seed", "duration", "paper"] {
            if json.get(name) != plain.get(name) {
                head.insert(name.to_owned(), json[name].clone());
            }
        }
        let used = all_ids(scenario).max().unwrap_or(0);
        if u64::from(scenario.next_id) != used + 1 {
            head.insert("next_id".to_owned(), json!(scenario.next_id));
        }
        self.out = format!("scenario {}", quoted(&scenario.name));
        self.body(head);
    }

    /// Ends a statement with what is left to say about it.
    fn body(&mut self, fields: Map<String, Value>) {
        if !fields.is_empty() {
            self.out.push(' ');
            let line = self.out.rsplit('\n').next().unwrap_or_default();
            let used = line.chars().count();
            let body = write(&Value::Object(fields), 0, used);
            self.out.push_str(&body);
        }
        self.out.push('\n');
    }

    fn node(&mut self, json: Value, before: &str) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let id = number(&fields, "id");
        let word = self.word(id);
        let kind = fields["kind"].as_str().unwrap_or_default().to_owned();
        let name = fields["name"].as_str().unwrap_or_default().to_owned();
        let _ = write!(self.out, "{before}{word}: {kind}");
        if words::name_of(&word) != name {
            let _ = write!(self.out, " {}", quoted(&name));
        }
        self.id(id);
        let _ = write!(self.out, " @{},{}", fields["x"], fields["y"]);
        let derived = words::is_of_name(&word, &name);
        let meant = if derived { "" } else { word.as_str() };
        let mut paper = fields.shift_remove("paper").unwrap_or_else(|| json!({}));
        if paper["word"].as_str().unwrap_or_default() == meant {
            paper.as_object_mut().map(|it| it.shift_remove("word"));
        } else if paper.get("word").is_none() {
            paper["word"] = json!("");
        }
        let kind = Kind::from_name(&kind);
        let defaults = kind.map(|kind| kind.defaults().to_json());
        let mut body = settings_of(&mut fields, &defaults.unwrap_or_default(), paper);
        if let Some(kind) = kind {
            body.iter_mut()
                .for_each(|(name, value)| shorten(kind, name, value));
        }
        self.body(body);
    }

    fn link(&mut self, json: Value, before: &str) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let (from, to) = (number(&fields, "from"), number(&fields, "to"));
        let _ = write!(self.out, "{before}{} -> {}", self.word(from), self.word(to));
        if let Some(label) = fields.get("label").and_then(Value::as_str) {
            let _ = write!(self.out, " {}", quoted(label));
        }
        self.id(number(&fields, "id"));
        let paper = fields.shift_remove("paper").unwrap_or_else(|| json!({}));
        let body = settings_of(&mut fields, &json!(LinkSettings::default()), paper);
        self.body(body);
    }

    fn entry(&mut self, json: Value) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let mut take = |name: &str| fields.shift_remove(name).unwrap_or_default();
        let (at, after, verb) = (take("at"), take("after"), take("do"));
        let verb = verb.as_str().unwrap_or_default().to_owned();
        let _ = write!(self.out, "at {} ", at.as_str().unwrap_or_default());
        if !after.is_null() {
            let _ = write!(self.out, "after {after} ");
        }
        match verb.as_str() {
            "add_node" => return self.node(take("node"), "add_node "),
            "add_link" => return self.link(take("link"), "add_link "),
            _ => self.out.push_str(&verb),
        }
        for name in super::places_of(&verb) {
            let value = take(name);
            let said = match (*name, value.as_u64()) {
                ("node", Some(id)) => self.word(id),
                ("link", Some(id)) => self.ends_in_words(id).unwrap_or_else(|| format!("#{id}")),
                _ => write_value(&value),
            };
            let _ = write!(self.out, " {said}");
        }
        self.body(fields);
    }

    fn check(&mut self, json: Value) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let name = fields.shift_remove("check").unwrap_or_default();
        let _ = write!(self.out, "check {}", name.as_str().unwrap_or_default());
        if let Some(id) = fields.shift_remove("node").and_then(|it| it.as_u64()) {
            let _ = write!(self.out, " on {}", self.word(id));
        }
        for (name, value) in &fields {
            let _ = write!(self.out, " {} {}", text(name), write_value(value));
        }
        self.out.push('\n');
    }

    fn caption(&mut self, json: Value) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let said = fields.shift_remove("text").unwrap_or_default();
        let said = quoted(said.as_str().unwrap_or_default());
        let _ = write!(self.out, "caption {said}");
        for (name, value) in &fields {
            let value = match (name.as_str(), value.as_u64()) {
                ("where" | "points", Some(id)) => self.name(id).unwrap_or_else(|| format!("#{id}")),
                _ => write_value(value),
            };
            let _ = write!(self.out, " {name} {value}");
        }
        self.out.push('\n');
    }

    /// The word of a node, unless it means something else in a caption.
    fn name(&self, id: u64) -> Option<String> {
        let word = self.words.get(&NodeId(u32::try_from(id).ok()?))?;
        (word != super::MESSAGE).then(|| word.clone())
    }

    /// A note, frame, view or walk.
    fn box_of(&mut self, what: &str, json: Value) {
        let Value::Object(mut fields) = json else {
            return;
        };
        let title = if what == "note" { "text" } else { "name" };
        let title = fields.shift_remove(title).unwrap_or_default();
        let _ = write!(
            self.out,
            "{what} {}",
            quoted(title.as_str().unwrap_or_default())
        );
        let id = fields.shift_remove("id").unwrap_or_default();
        self.id(id.as_u64().unwrap_or_default());
        if what == "note" {
            let _ = write!(self.out, " @{},{}", fields["x"], fields["y"]);
            fields.clear();
        }
        for name in ["members", "nodes", "front"] {
            if let Some(value) = fields.get_mut(name) {
                *value = self.in_words(value);
            }
        }
        match fields.shift_remove("steps") {
            Some(Value::Array(steps)) => self.steps(&steps, fields),
            _ => self.body(fields),
        }
    }

    fn steps(&mut self, steps: &[Value], fields: Map<String, Value>) {
        let mut lines = Vec::new();
        for step in steps {
            let end = |name: &str| self.word(step[name].as_u64().unwrap_or_default());
            let said = match step["text"].as_str().unwrap_or_default() {
                "" => String::new(),
                said => format!(" {}", quoted(said)),
            };
            lines.push((end("from"), format!("-> {}{said}", end("to"))));
        }
        for (name, value) in &fields {
            lines.push((text(name), write(value, 2, name.len() + 3)));
        }
        if !lines.is_empty() {
            let _ = write!(self.out, " {}", block(&lines, 0));
        }
        self.out.push('\n');
    }

    fn in_words(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.in_words(item)).collect(),
            other => json!(self.word(other.as_u64().unwrap_or_default())),
        }
    }

    fn word(&self, id: u64) -> String {
        let word = u32::try_from(id).ok().map(NodeId);
        let word = word.and_then(|id| self.words.get(&id).cloned());
        word.unwrap_or_else(|| format!("#{id}"))
    }

    /// `a -> b`, if there is only one such link.
    fn ends_in_words(&self, id: u64) -> Option<String> {
        let ends = self.ends_of.get(&id)?;
        let is_only = self.ends.get(ends) == Some(&1);
        is_only.then(|| format!("{} -> {}", self.word(ends.0), self.word(ends.1)))
    }

    /// The id, unless it is the one after the last.
    fn id(&mut self, id: u64) {
        if id != self.last + 1 || self.said.contains(&id) {
            let _ = write!(self.out, " #{id}");
        }
        self.last = id;
    }
}

fn all_ids(scenario: &Scenario) -> impl Iterator<Item = u64> {
    let nodes = scenario.topology.nodes.iter().map(|node| node.id.0);
    let links = scenario.topology.links.iter().map(|link| link.id.0);
    let added = scenario
        .script
        .iter()
        .filter_map(|entry| match &entry.what {
            AddNode(node) => Some(node.id.0),
            AddLink(link) => Some(link.id.0),
            _ => None,
        });
    let ids = nodes.chain(links).chain(added);
    ids.chain(scenario.drawing.ids()).map(u64::from)
}

fn number(fields: &Map<String, Value>, name: &str) -> u64 {
    fields.get(name).and_then(Value::as_u64).unwrap_or_default()
}

/// The settings, luck, preset and paper of a node or link.
fn settings_of(
    fields: &mut Map<String, Value>,
    defaults: &Value,
    paper: Value,
) -> Map<String, Value> {
    let mut body = Map::new();
    if let Some(Value::Object(settings)) = fields.shift_remove("settings") {
        for (name, value) in settings {
            let value = match single(&value).filter(|_| is_spread(defaults.get(&name))) {
                Some(single) => single.clone(),
                None if defaults.get(&name).is_some_and(Value::is_f64) => plain(value),
                None => value,
            };
            body.insert(name, value);
        }
    }
    for name in ["luck", "preset"] {
        if let Some(value) = fields.shift_remove(name) {
            body.insert(name.to_owned(), value);
        }
    }
    if paper.as_object().is_some_and(|paper| !paper.is_empty()) {
        body.insert("paper".to_owned(), paper);
    }
    body
}

/// A number without a fraction that is zero.
fn plain(value: Value) -> Value {
    let whole = value
        .as_f64()
        .filter(|it| it.abs() < 1e15 && *it == it.trunc());
    whole.map_or(value, |whole| json!(whole as i64))
}

/// Takes out of each item of a list what reading it puts in anyway.
fn shorten(kind: Kind, name: &str, list: &mut Value) {
    let read = |item: &Value| Settings::from_json(kind, &json!({ name: [item] })).ok();
    for item in list.as_array_mut().into_iter().flatten() {
        let (Some(meant), Some(fields)) = (read(item), item.as_object()) else {
            return;
        };
        let names: Vec<String> = fields.keys().cloned().collect();
        for field in names {
            let mut shorter = item.clone();
            shorter.as_object_mut().map(|it| it.shift_remove(&field));
            if read(&shorter).as_ref() == Some(&meant) {
                *item = shorter;
            }
        }
    }
}

/// A value within a line.
fn write_value(value: &Value) -> String {
    write(value, 0, 0)
}
