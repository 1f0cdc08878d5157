//! Writes a scenario as a text of Sruja. What Sruja has no words for stands in metadata, so that
//! reading the text gives the same scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::OURS;
use super::lexer::{Sign, Source, is_word, quote};
use super::names::{free_word, word_of};
use super::parser::{is_statement, parse};
use super::tree::What;
use crate::nodes::{Glyph, Group, Kind};
use crate::scenario::Scenario;
use crate::topology::{Frame, FrameKind, Link, Node, Paper, View, Walk};
use crate::units::NodeId;

/// Kinds that come with Sruja.
const STANDARD: &str = "sruja.ai/stdlib";

/// The scenario as a text.
pub fn write(scenario: &Scenario) -> String {
    let text = write_with(scenario, true);
    let read = super::read(&text, "");
    if read.is_ok_and(|read| read.scenario == *scenario) {
        return text;
    }
    // Something that was kept word for word means something else where it stands now.
    write_with(scenario, false)
}

fn write_with(scenario: &Scenario, shows_kept: bool) -> String {
    let tree = Tree::of(scenario, shows_kept);
    let paper = &scenario.drawing.paper;
    let is_safe = shows_kept && paper.kept.iter().all(|text| is_alone(text));
    let mut body = String::new();
    let mut sorts = BTreeSet::new();
    tree.write(scenario, None, 0, &mut body, &mut sorts);
    let mut text = format!("// {}\n\n", scenario.name.replace(['\n', '\r'], " "));
    if is_safe {
        for kept in &paper.kept {
            let _ = writeln!(text, "{kept}");
        }
    }
    let has_standard = paper.kept.iter().any(|kept| kept.contains(STANDARD));
    for sort in &sorts {
        let is_declared = paper.kept.iter().any(|kept| {
            let mut words = kept.split_whitespace();
            words.next() == Some(sort) && words.nth(1) == Some("kind")
        });
        if !is_declared && !has_standard {
            let _ = writeln!(text, "{sort} = kind {}", quote(&title_of(sort)));
        }
    }
    let _ = write!(text, "\n{body}");
    let mut links: Map<String, Value> = Map::new();
    for link in &scenario.topology.links {
        let (from, to) = (tree.path(link.from), tree.path(link.to));
        let _ = writeln!(
            text,
            "{}",
            relation_text(&from, &to, &link.label, &link.paper)
        );
        let list = links
            .entry(format!("{from} -> {to}"))
            .or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(link_json(link));
        }
    }
    let walks = write_walks(scenario, &tree, &mut text);
    let views = write_views(scenario, &tree, &mut text);
    let order = order_of(scenario);
    let mut document = scenario.to_json();
    let mut take = |name: &str| {
        let fields = document.as_object_mut();
        fields
            .and_then(|fields| fields.shift_remove(name))
            .unwrap_or(Value::Null)
    };
    let lists = [
        ("_links", Value::Object(links)),
        ("_walks", walks),
        ("_views", views),
        ("_order", order),
        ("_notes", take("notes")),
        ("_script", take("script")),
        ("_checks", take("checks")),
        ("_captions", take("captions")),
    ];
    for name in ["version", "nodes", "links", "frames", "views", "walks"] {
        take(name);
    }
    if is_safe && let Some(paper) = document["paper"].as_object_mut() {
        paper.shift_remove("kept");
    }
    text.push_str("\nmetadata {\n");
    for (name, value) in [("", document)].into_iter().chain(lists) {
        let is_empty = match &value {
            Value::Null => true,
            Value::Object(fields) => fields.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if !is_empty {
            let _ = writeln!(text, "  {OURS}{name} {}", quoted(&value));
        }
    }
    text.push_str("}\n");
    text
}

/// JSON between marks that are not in it.
fn quoted(value: &Value) -> String {
    quote(&value.to_string().replace('\'', "\\u0027"))
}

/// Whether a statement is read again as what it is, wherever it stands.
fn is_alone(text: &str) -> bool {
    let source = Source::new(text);
    let statements = parse(&source);
    let [one] = statements.as_slice() else {
        return false;
    };
    let mut open = 0_i32;
    for token in &source.tokens {
        match token.sign {
            Sign::Mark('{' | '[') => open += 1,
            Sign::Mark('}' | ']') => open -= 1,
            Sign::Mark('"' | '\'') => return false,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    if open != 0 {
        return false;
    }
    match &one.what {
        What::Kept(kept, _) | What::Kind(_, _, kept) => kept == text,
        What::Relation(_) => true,
        _ => false,
    }
}

/// The title of a kind that is called by this word.
pub(super) fn title_of(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect::<String>().replace('_', " ")
}

/// A relation as a statement.
pub(super) fn relation_text(from: &str, to: &str, label: &str, paper: &Paper) -> String {
    let mut text = format!("{from} -> {to}");
    if !label.is_empty() || !paper.description.is_empty() {
        let _ = write!(text, " {}", quote(label));
    }
    if !paper.description.is_empty() {
        let _ = write!(text, " {}", quote(&paper.description));
    }
    if !paper.technology.is_empty() {
        let _ = write!(text, " technology {}", quote(&paper.technology));
    }
    if !paper.tags.is_empty() {
        let _ = write!(text, " [{}]", list(&paper.tags));
    }
    text
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    texts.join(", ")
}

fn link_json(link: &Link) -> Value {
    let mut json = link.to_json();
    let mut paper = link.paper.clone();
    paper.description.clear();
    paper.technology.clear();
    paper.tags.clear();
    if let Some(fields) = json.as_object_mut() {
        for name in ["from", "to", "label", "paper"] {
            fields.shift_remove(name);
        }
    }
    paper.write_into(&mut json);
    json
}

/// The ids in the order of the document, where it is not their own.
fn order_of(scenario: &Scenario) -> Value {
    let nodes: Vec<u32> = scenario.topology.nodes.iter().map(|it| it.id.0).collect();
    let links: Vec<u32> = scenario.topology.links.iter().map(|it| it.id.0).collect();
    let frames: Vec<u32> = scenario.drawing.frames.iter().map(|it| it.id.0).collect();
    let lists = [nodes, links, frames];
    if lists.iter().all(|list| list.is_sorted()) {
        return Value::Null;
    }
    json!(lists.concat())
}

/// What is in what.
struct Tree {
    /// Whether what was kept is written as it is.
    shows_kept: bool,
    /// The frame around each frame.
    frame_in: Vec<Option<usize>>,
    /// The frame around each node.
    node_in: Vec<Option<usize>>,
    frame_paths: Vec<String>,
    paths: BTreeMap<NodeId, String>,
}

impl Tree {
    fn of(scenario: &Scenario, shows_kept: bool) -> Self {
        let frames = &scenario.drawing.frames;
        let sets: Vec<BTreeSet<NodeId>> = (frames.iter())
            .map(|frame| frame.members.iter().copied().collect())
            .collect();
        let is_around = |outer: usize, inner: usize| {
            let (a, b) = (&sets[outer], &sets[inner]);
            outer != inner && a.is_superset(b) && (a.len() > b.len() || outer < inner)
        };
        let smallest = |around: Vec<usize>| {
            around
                .into_iter()
                .min_by_key(|n| (sets[*n].len(), std::cmp::Reverse(*n)))
        };
        let all = || 0..frames.len();
        let frame_in: Vec<Option<usize>> = all()
            .map(|n| smallest(all().filter(|other| is_around(*other, n)).collect()))
            .collect();
        let nodes = &scenario.topology.nodes;
        let node_in: Vec<Option<usize>> = (nodes.iter())
            .map(|node| {
                let front = frames.iter().position(|frame| frame.front == Some(node.id));
                front.or_else(|| smallest(all().filter(|n| sets[*n].contains(&node.id)).collect()))
            })
            .collect();
        let mut tree = Self {
            shows_kept,
            frame_in,
            node_in,
            frame_paths: vec![String::new(); frames.len()],
            paths: BTreeMap::new(),
        };
        let mut taken = BTreeSet::new();
        // Outer frames first.
        let mut order: Vec<usize> = all().collect();
        order.sort_by_key(|n| (std::cmp::Reverse(sets[*n].len()), *n));
        for n in order {
            let frame = &frames[n];
            let path = tree.free(tree.frame_in[n], &frame.paper, &frame.name, &mut taken);
            tree.frame_paths[n] = path;
        }
        for (n, node) in nodes.iter().enumerate() {
            let frame = tree.node_in[n];
            let front = frame.filter(|it| frames[*it].front == Some(node.id));
            let path = match front {
                Some(frame) => tree.frame_paths[frame].clone(),
                None => tree.free(frame, &node.paper, &node.name, &mut taken),
            };
            tree.paths.insert(node.id, path);
        }
        tree
    }

    fn free(
        &self,
        inside: Option<usize>,
        paper: &Paper,
        name: &str,
        taken: &mut BTreeSet<String>,
    ) -> String {
        let word = if is_word(&paper.word) {
            paper.word.clone()
        } else {
            word_of(name)
        };
        let path = match inside {
            None => word,
            Some(frame) => format!("{}.{word}", self.frame_paths[frame]),
        };
        free_word(&path, taken)
    }

    fn path(&self, id: NodeId) -> String {
        self.paths.get(&id).cloned().unwrap_or_default()
    }

    /// Writes what is in a frame, or on the canvas.
    fn write(
        &self,
        scenario: &Scenario,
        inside: Option<usize>,
        depth: usize,
        text: &mut String,
        sorts: &mut BTreeSet<String>,
    ) {
        let (nodes, frames) = (&scenario.topology.nodes, &scenario.drawing.frames);
        for (n, node) in nodes.iter().enumerate() {
            let is_front = self.node_in[n].is_some_and(|it| frames[it].front == Some(node.id));
            if self.node_in[n] != inside || is_front {
                continue;
            }
            let mut json = node.to_json();
            if let Some(fields) = json.as_object_mut() {
                fields.shift_remove("name");
                fields.shift_remove("paper");
            }
            let ours = json!({ "node": json });
            let path = self.path(node.id);
            let sort = default_sort(node.settings.kind());
            element(
                &path,
                &node.name,
                sort,
                &node.paper,
                ours,
                (depth, self.shows_kept),
                text,
                sorts,
            );
            let _ = writeln!(text, "{}}}", "  ".repeat(depth));
        }
        for (n, frame) in frames.iter().enumerate() {
            if self.frame_in[n] != inside {
                continue;
            }
            let ours = self.frame_json(scenario, n, frame);
            let path = &self.frame_paths[n];
            element(
                path,
                &frame.name,
                "system",
                &frame.paper,
                ours,
                (depth, self.shows_kept),
                text,
                sorts,
            );
            self.write(scenario, Some(n), depth + 1, text, sorts);
            let _ = writeln!(text, "{}}}", "  ".repeat(depth));
        }
    }

    fn frame_json(&self, scenario: &Scenario, n: usize, frame: &Frame) -> Value {
        let mut json = json!({ "id": frame.id });
        if frame.kind != FrameKind::default() {
            json["kind"] = json!(frame.kind.name());
        }
        if frame.collapsed {
            json["collapsed"] = json!(true);
        }
        let is_in = |id: &&NodeId| {
            let place = scenario
                .topology
                .nodes
                .iter()
                .position(|node| node.id == **id);
            let mut inside = place.and_then(|place| self.node_in[place]);
            while let Some(frame) = inside.filter(|frame| *frame != n) {
                inside = self.frame_in[frame];
            }
            inside.is_some()
        };
        let also: Vec<&NodeId> = frame.members.iter().filter(|id| !is_in(id)).collect();
        if !also.is_empty() {
            json["also"] = json!(also);
        }
        let mut ours = json!({ "frame": json });
        let front = frame.front.and_then(|id| scenario.topology.node(id));
        if let Some(front) = front {
            ours["node"] = Node::to_json(front);
        }
        ours
    }
}

/// The beginning of an element, up to what is in it.
#[allow(clippy::too_many_arguments)]
fn element(
    path: &str,
    name: &str,
    sort: &str,
    paper: &Paper,
    mut ours: Value,
    (depth, shows_kept): (usize, bool),
    text: &mut String,
    sorts: &mut BTreeSet<String>,
) {
    let word = path.rsplit('.').next().unwrap_or_default();
    let own = is_word(&paper.sort) && !is_statement(&paper.sort);
    let sort = if own { paper.sort.as_str() } else { sort };
    sorts.insert(sort.to_owned());
    let pad = "  ".repeat(depth);
    let _ = writeln!(text, "{pad}{word} = {sort} {} {{", quote(name));
    if !paper.technology.is_empty() {
        let _ = writeln!(text, "{pad}  technology {}", quote(&paper.technology));
    }
    if !paper.description.is_empty() {
        let _ = writeln!(text, "{pad}  description {}", quote(&paper.description));
    }
    if !paper.tags.is_empty() {
        let _ = writeln!(text, "{pad}  tags [{}]", list(&paper.tags));
    }
    let mut hidden = Paper {
        word: paper.word.clone(),
        sort: paper.sort.clone(),
        ..Paper::default()
    };
    if shows_kept && paper.kept.iter().all(|kept| is_alone(kept)) {
        for kept in &paper.kept {
            let _ = writeln!(text, "{pad}  {kept}");
        }
    } else {
        hidden.kept.clone_from(&paper.kept);
    }
    let _ = writeln!(text, "{pad}  metadata {{");
    if paper
        .more
        .iter()
        .all(|(name, _)| is_word(name) && !name.starts_with(OURS))
    {
        for (name, value) in &paper.more {
            let _ = writeln!(text, "{pad}    {name} {}", quote(value));
        }
    } else {
        hidden.more.clone_from(&paper.more);
    }
    hidden.write_into(&mut ours);
    let _ = writeln!(text, "{pad}    {OURS} {}\n{pad}  }}", quoted(&ours));
}

fn default_sort(kind: Kind) -> &'static str {
    let kind = kind.descriptor();
    match (kind.group, kind.glyph) {
        (Group::Sources, _) => "person",
        (Group::Channels, _) => "queue",
        (_, Glyph::Cylinder | Glyph::Table) => "database",
        _ => "container",
    }
}

fn write_walks(scenario: &Scenario, tree: &Tree, text: &mut String) -> Value {
    let mut list = json!({});
    let mut taken = BTreeSet::new();
    for walk in &scenario.drawing.walks {
        let Walk {
            id,
            name,
            steps,
            paper,
        } = walk;
        let own = is_word(&paper.word);
        let word = if own {
            paper.word.clone()
        } else {
            word_of(name)
        };
        let word = free_word(&word, &mut taken);
        let sort = match paper.sort.as_str() {
            sort @ ("story" | "flow") => sort,
            _ => "scenario",
        };
        let _ = writeln!(text, "\n{word} = {sort} {} {{", quote(name));
        if !paper.description.is_empty() {
            let _ = writeln!(text, "  description {}", quote(&paper.description));
        }
        for step in steps {
            let (from, to) = (tree.path(step.from), tree.path(step.to));
            if !from.is_empty() && !to.is_empty() {
                let said = if step.text.is_empty() {
                    String::new()
                } else {
                    quote(&step.text)
                };
                let _ = writeln!(text, "  {}", format!("{from} -> {to} {said}").trim_end());
            }
        }
        text.push_str("}\n");
        let is_known = |id: NodeId| tree.paths.contains_key(&id);
        let mut json = json!({ "id": id });
        if !steps
            .iter()
            .all(|step| is_known(step.from) && is_known(step.to))
        {
            json["steps"] = walk.to_json()["steps"].clone();
        }
        let paper = Paper {
            description: String::new(),
            ..paper.clone()
        };
        paper.write_into(&mut json);
        list[word] = json;
    }
    list
}

fn write_views(scenario: &Scenario, tree: &Tree, text: &mut String) -> Value {
    let mut list = json!({});
    let mut taken = BTreeSet::new();
    let frames = &scenario.drawing.frames;
    for view in &scenario.drawing.views {
        let own = is_word(&view.paper.word);
        let word = if own {
            view.paper.word.clone()
        } else {
            word_of(&view.name)
        };
        let word = free_word(&word, &mut taken);
        let _ = writeln!(text, "\nview {word} {{\n  title {}", quote(&view.name));
        if !view.paper.description.is_empty() {
            let _ = writeln!(text, "  description {}", quote(&view.paper.description));
        }
        let kept = view.paper.kept.iter();
        for kept in kept.filter(|kept| tree.shows_kept && is_alone(kept)) {
            let _ = writeln!(text, "  {kept}");
        }
        let shows = |id: &NodeId| view.nodes.contains(id);
        let nodes = || scenario.topology.nodes.iter().map(|node| node.id);
        if nodes().all(|id| shows(&id)) {
            text.push_str("  include *\n");
        } else if !nodes().any(|id| shows(&id)) {
            text.push_str("  exclude *\n");
        } else {
            let mut hides = BTreeSet::new();
            for id in nodes().filter(shows) {
                let _ = writeln!(text, "  include {}", tree.path(id));
                let whole = frames.iter().find(|frame| frame.front == Some(id));
                let members = whole.into_iter().flat_map(|frame| &frame.members);
                hides.extend(members.filter(|id| !shows(id)).map(|id| tree.path(*id)));
            }
            for path in hides.iter().filter(|path| !path.is_empty()) {
                let _ = writeln!(text, "  exclude {path}");
            }
        }
        text.push_str("}\n");
        list[word] = view_json(view, tree);
    }
    list
}

fn view_json(view: &View, tree: &Tree) -> Value {
    let mut json = json!({ "id": view.id });
    if let Some(camera) = view.to_json().get("camera") {
        json["camera"] = camera.clone();
    }
    let also: Vec<&NodeId> = view
        .nodes
        .iter()
        .filter(|id| !tree.paths.contains_key(id))
        .collect();
    if !also.is_empty() {
        json["also"] = json!(also);
    }
    let paper = Paper {
        description: String::new(),
        ..view.paper.clone()
    };
    paper.write_into(&mut json);
    json
}
