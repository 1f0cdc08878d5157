//! The scenario document, version 1, in JSON. docs/scenario.md describes it for people.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lasting::read_script;
use crate::engine::Limits;
use crate::nodes::Kind;
use crate::simulation::{Caption, Check, Plan, ScriptEntry};
use crate::topology::{
    Drawing, Fields, Frame, Link, Node, Note, Paper, Problem, TextLimit, Topology, View, Walk,
    shown,
};
use crate::units::{Date, NodeId, NoteId, SimDuration, set_of};

/// Longest text of a document that is read, in bytes.
pub const TEXT_MAX: usize = 32 << 20;

/// The version of documents that this program writes.
const VERSION: u64 = 1;

/// A scenario: all that decides a run, and all that people see besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// What to try.
    pub hint: String,
    /// The date at which it starts.
    pub starts: Option<Date>,
    /// How long the command line runs it.
    pub duration: SimDuration,
    /// What fixes all chances.
    pub seed: u64,
    /// The next id that was never used.
    pub next_id: u32,
    /// What is drawn.
    pub topology: Topology,
    /// What happens to the system.
    pub script: Vec<ScriptEntry>,
    /// What should hold.
    pub checks: Vec<Check>,
    /// What is said on the way.
    pub captions: Vec<Caption>,
    /// Notes, frames, views and walks.
    pub drawing: Drawing,
}

impl Scenario {
    /// How long the command line runs a scenario that does not say.
    pub const DURATION: SimDuration = SimDuration::from_secs(60);

    /// An empty scenario.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            about: String::new(),
            hint: String::new(),
            starts: None,
            duration: Self::DURATION,
            seed: 1,
            next_id: 1,
            topology: Topology::default(),
            script: Vec::new(),
            checks: Vec::new(),
            captions: Vec::new(),
            drawing: Drawing::default(),
        }
    }

    /// What decides its run.
    pub fn plan(&self) -> Plan {
        Plan {
            topology: self.topology.clone(),
            seed: self.seed,
            script: self.script.clone(),
            checks: self.checks.clone(),
            captions: self.captions.clone(),
            limits: Limits::default(),
        }
    }

    /// The date at which it starts; the default if it names none.
    pub fn start_date(&self) -> Date {
        self.starts.unwrap_or_default()
    }

    /// The ids of all nodes and links that were ever there, in the order of the document.
    fn drawn_ids(&self) -> impl Iterator<Item = u32> {
        use crate::simulation::Intervention::{AddLink, AddNode};
        let nodes = self.topology.nodes.iter().map(|node| node.id.0);
        let links = self.topology.links.iter().map(|link| link.id.0);
        let added = self.script.iter().filter_map(|entry| match &entry.what {
            AddNode(node) => Some(node.id.0),
            AddLink(link) => Some(link.id.0),
            _ => None,
        });
        nodes.chain(links).chain(added)
    }

    /// Makes the next id one that was never used, and gives notes of old documents their ids.
    fn number(&mut self) {
        let used = self.drawn_ids().chain(self.drawing.ids());
        self.next_id = used.map(|id| id + 1).fold(self.next_id, u32::max);
        for note in &mut self.drawing.notes {
            if note.id == NoteId::default() {
                note.id = NoteId(self.next_id);
                self.next_id += 1;
            }
        }
    }

    /// The nodes that are there at some time.
    pub fn node_ids(&self) -> BTreeSet<NodeId> {
        use crate::simulation::Intervention::AddNode;
        let added = self.script.iter().filter_map(|entry| match &entry.what {
            AddNode(node) => Some(node.id),
            _ => None,
        });
        let nodes = self.topology.nodes.iter().map(|node| node.id);
        nodes.chain(added).collect()
    }

    /// The labels of the kinds in it, in the order of the palette.
    pub fn kinds(&self) -> Vec<&'static str> {
        use crate::simulation::Intervention::AddNode;
        let added = self.script.iter().filter_map(|entry| match &entry.what {
            AddNode(node) => Some(node.settings.kind()),
            _ => None,
        });
        let nodes = self.topology.nodes.iter();
        let there: Vec<Kind> = nodes
            .map(|node| node.settings.kind())
            .chain(added)
            .collect();
        let all = Kind::ALL.iter().filter(|kind| there.contains(kind));
        all.map(|kind| kind.descriptor().label).collect()
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.plan().problems();
        let mut ids: BTreeSet<u32> = set_of(self.drawn_ids());
        for id in self.drawing.ids() {
            if !ids.insert(id) {
                let what = format!("the id {id} is used twice");
                let hint = "give every note, frame, view and walk an id of its own";
                problems.push(Problem::new("drawing", what, hint));
            }
        }
        let there = self.node_ids();
        let frames = self.drawing.frames.iter();
        let frames = frames.map(|frame| ("frame", &frame.name, &frame.members));
        let views = self.drawing.views.iter();
        let views = views.map(|view| ("view", &view.name, &view.nodes));
        let walks: Vec<(&String, Vec<NodeId>)> = (self.drawing.walks.iter())
            .map(|walk| {
                let ends = walk.steps.iter().flat_map(|step| [step.from, step.to]);
                (&walk.name, ends.collect())
            })
            .collect();
        let walks = walks.iter().map(|(name, ends)| ("walk", *name, ends));
        for (what, name, members) in frames.chain(views).chain(walks) {
            if let Some(id) = members.iter().find(|id| !there.contains(id)) {
                let place = format!("{what} {:?}", shown(name));
                let text = format!("it names {id}, which does not exist");
                problems.push(Problem::new(place, text, "name nodes of the list"));
            }
        }
        for frame in &self.drawing.frames {
            if frame.front.is_some_and(|id| !frame.members.contains(&id)) {
                let place = format!("frame {:?}", shown(&frame.name));
                let what = "its front is none of its members";
                problems.push(Problem::new(place, what, "name a member"));
            }
        }
        problems
    }

    /// The scenario as JSON.
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "version": VERSION,
            "name": self.name,
            "seed": self.seed,
            "duration": self.duration,
            "next_id": self.next_id,
            "nodes": self.topology.nodes.iter().map(Node::to_json).collect::<Vec<_>>(),
            "links": self.topology.links.iter().map(Link::to_json).collect::<Vec<_>>(),
        });
        for (name, text) in [("about", &self.about), ("hint", &self.hint)] {
            if !text.is_empty() {
                json[name] = json!(text);
            }
        }
        if let Some(date) = self.starts {
            json["starts"] = json!(date.to_string());
        }
        if !self.script.is_empty() {
            json["script"] = self.script.iter().map(ScriptEntry::to_json).collect();
        }
        if !self.checks.is_empty() {
            json["checks"] = json!(self.checks);
        }
        if !self.captions.is_empty() {
            json["captions"] = self.captions.iter().map(Caption::to_json).collect();
        }
        let Drawing {
            notes,
            frames,
            views,
            walks,
            paper,
        } = &self.drawing;
        if !notes.is_empty() {
            json["notes"] = notes.iter().map(Note::to_json).collect();
        }
        if !frames.is_empty() {
            json["frames"] = frames.iter().map(Frame::to_json).collect();
        }
        if !views.is_empty() {
            json["views"] = views.iter().map(View::to_json).collect();
        }
        if !walks.is_empty() {
            json["walks"] = walks.iter().map(Walk::to_json).collect();
        }
        paper.write_into(&mut json);
        json
    }
}

/// Writes a document for people: indented JSON, one line for each node, link and entry.
pub fn write(scenario: &Scenario) -> String {
    let Value::Object(fields) = scenario.to_json() else {
        return String::new();
    };
    let mut text = String::from("{\n");
    let last = fields.len().saturating_sub(1);
    for (n, (name, value)) in fields.iter().enumerate() {
        text.push_str(&format!("  {}: ", json!(name)));
        match value {
            Value::Array(items) if !items.is_empty() => {
                let lines: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
                text.push_str(&format!("[\n{}\n  ]", lines.join(",\n")));
            }
            other => text.push_str(&other.to_string()),
        }
        text.push_str(if n == last { "\n" } else { ",\n" });
    }
    text.push_str("}\n");
    text
}

/// Reads a document.
///
/// # Errors
/// Everything that is wrong with it, each with its place. Nothing is guessed or left out.
pub fn read(text: &str) -> Result<Scenario, Vec<Problem>> {
    if text.len() > TEXT_MAX {
        let what = format!("the document has {} bytes", text.len());
        let hint = format!("at most {TEXT_MAX} are read");
        return Err(vec![Problem::new("document", what, hint)]);
    }
    let json: Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let what = format!("this is not JSON: {}", plain(&error));
        vec![Problem::new(
            place,
            what,
            "a scenario is a JSON document; correct it there",
        )]
    })?;
    from_json(&json)
}

/// The error of the JSON parser without its place.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Reads a document from parsed JSON.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_json(json: &Value) -> Result<Scenario, Vec<Problem>> {
    check_version(json)?;
    let mut problems = Vec::new();
    let scenario = read_fields(json, &mut problems);
    match scenario {
        Some(scenario) if problems.is_empty() => {
            let problems = scenario.problems();
            if problems.is_empty() {
                Ok(scenario)
            } else {
                Err(problems)
            }
        }
        _ => Err(problems),
    }
}

fn check_version(json: &Value) -> Result<(), Vec<Problem>> {
    let problem = match json.get("version") {
        _ if !json.is_object() => Problem::new(
            "document",
            "expected an object",
            "a scenario begins with { \"version\": 1",
        ),
        None => Problem::new("version", "this field is missing", "add \"version\": 1"),
        Some(version) => match version.as_u64() {
            Some(VERSION) => return Ok(()),
            Some(newer) if newer > VERSION => {
                let what =
                    format!("the document has version {newer}, this program reads {VERSION}");
                Problem::new(
                    "version",
                    what,
                    "it was made by a newer version: reload or update",
                )
            }
            _ => {
                let what = format!("expected {VERSION}, found {}", shown(&version.to_string()));
                Problem::new("version", what, "write 1")
            }
        },
    };
    Err(vec![problem])
}

fn read_fields(json: &Value, problems: &mut Vec<Problem>) -> Option<Scenario> {
    let mut fields = Fields::of(json, "scenario", problems)?;
    fields.optional("version");
    let name = fields.optional_text("name", TextLimit::Name);
    let about = fields.optional_text("about", TextLimit::Note);
    let hint = fields.optional_text("hint", TextLimit::Note);
    let starts = read_date(&mut fields);
    let duration = match fields.optional("duration") {
        None => Some(Scenario::DURATION),
        Some(_) => fields.parsed("duration"),
    };
    let seed = match fields.optional("seed") {
        None => Some(1),
        Some(value) => fields.whole("seed", value, 0, u64::MAX),
    };
    let next_id = match fields.optional("next_id") {
        None => Some(1),
        Some(value) => fields.whole("next_id", value, 1, 1_000_000_001),
    };
    let nodes = fields.list("nodes", Topology::NODES_MAX);
    let links = fields.list("links", Topology::LINKS_MAX);
    let script = fields.list("script", Plan::SCRIPT_MAX);
    let checks = fields.list("checks", Plan::CHECKS_MAX);
    let captions = fields.list("captions", Plan::CAPTIONS_MAX);
    let notes = fields.list("notes", Drawing::NOTES_MAX);
    let frames = fields.list("frames", Drawing::FRAMES_MAX);
    let views = fields.list("views", Drawing::VIEWS_MAX);
    let walks = fields.list("walks", Drawing::WALKS_MAX);
    let paper = fields.optional("paper");
    fields.finish();
    let topology = Topology {
        nodes: read_list(nodes, "nodes", problems, Node::from_json),
        links: read_list(links, "links", problems, Link::from_json),
    };
    let script = read_script(script, &topology, problems);
    let checks = read_list(checks, "checks", problems, read_check);
    let captions = read_list(captions, "captions", problems, Caption::from_json);
    let drawing = Drawing {
        notes: read_list(notes, "notes", problems, Note::from_json),
        frames: read_list(frames, "frames", problems, Frame::from_json),
        views: read_list(views, "views", problems, View::from_json),
        walks: read_list(walks, "walks", problems, Walk::from_json),
        paper: Paper::of_field(paper, "scenario", problems).unwrap_or_default(),
    };
    let mut scenario = Scenario {
        name: name.unwrap_or_else(|| "Untitled".to_owned()),
        about: about.unwrap_or_default(),
        hint: hint.unwrap_or_default(),
        starts,
        duration: duration?,
        seed: seed?,
        next_id: next_id? as u32,
        topology,
        script,
        checks,
        captions,
        drawing,
    };
    scenario.number();
    Some(scenario)
}

fn read_date(fields: &mut Fields<'_, '_>) -> Option<Date> {
    let text = fields.optional_text("starts", TextLimit::Name)?;
    let date = text.parse::<Date>();
    if let Err(error) = &date {
        fields.wrong(
            "starts",
            format!("{error}, found {:?}", shown(&text)),
            "correct the date",
        );
    }
    date.ok()
}

fn read_list<T>(
    items: &[Value],
    name: &str,
    problems: &mut Vec<Problem>,
    read: impl Fn(&Value, &str, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    let numbered = items.iter().enumerate();
    numbered
        .filter_map(|(n, item)| read(item, &format!("{name}[{n}]"), problems))
        .collect()
}

fn read_check(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Check> {
    match serde_path_to_error::deserialize::<_, Check>(json) {
        Ok(check) => Some(check),
        Err(error) => {
            let hint = "see the checks in docs/scenario.md";
            problems.push(Problem::new(place, error.inner().to_string(), hint));
            None
        }
    }
}
