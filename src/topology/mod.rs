//! What is drawn: nodes, links, and what is wrong with them. Plain data; nothing here runs.

mod drawing;
mod findings;
pub mod layout;
mod paper;
mod problem;
mod reading;
mod validate;
mod walk;

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

pub use drawing::{Drawing, Frame, FrameKind, Note, View, ViewCamera};
pub use findings::{Finding, Severity, Subject, findings};
pub use paper::Paper;
pub use problem::Problem;
pub use reading::{Fields, TextLimit};
pub use validate::validate;
pub use walk::{Step, Walk};

use crate::engine::LinkSettings;
use crate::nodes::{Filter, HeaderMatch, Kind, Preset, Role, Settings};
use crate::units::{LinkId, NodeId};

/// A box on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its id, for ever.
    pub id: NodeId,
    /// Its name, for people.
    pub name: String,
    /// Left edge on the canvas, in pixels at 100 %.
    pub x: i32,
    /// Upper edge on the canvas, in pixels at 100 %.
    pub y: i32,
    /// What its draws go by; its id if it has none.
    pub luck: Option<String>,
    /// The product's node that it follows; its settings alone decide what it does.
    pub preset: Option<&'static Preset>,
    /// Its kind and settings.
    pub settings: Settings,
    /// What is known about it.
    pub paper: Paper,
}

/// A connection between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its id, for ever, from the same counter as the ids of nodes.
    pub id: LinkId,
    /// Where it leaves.
    pub from: NodeId,
    /// Where it goes.
    pub to: NodeId,
    /// What its draws go by; its id if it has none.
    pub luck: Option<String>,
    /// Delay and faults.
    pub settings: LinkSettings,
    /// What is said about it in a few words.
    pub label: String,
    /// What else is known about it.
    pub paper: Paper,
}

/// All that is drawn, in the order in which it was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The links.
    pub links: Vec<Link>,
}

impl Topology {
    /// Most nodes.
    pub const NODES_MAX: usize = 1_000;
    /// Most links.
    pub const LINKS_MAX: usize = 4_000;

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The node with this id, to change it.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.iter_mut().find(|node| node.id == id)
    }

    /// The link with this id.
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }

    /// The link with this id, to change it.
    pub fn link_mut(&mut self, id: LinkId) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.id == id)
    }

    /// The kind of a node.
    pub fn kind(&self, id: NodeId) -> Option<Kind> {
        self.node(id).map(|node| node.settings.kind())
    }

    /// What a link is for.
    pub fn role(&self, link: &Link) -> Option<Role> {
        let (from, to) = (self.kind(link.from)?, self.kind(link.to)?);
        Role::of(from, to, link.settings.calls)
    }

    /// What is wrong with adding this node.
    pub fn problem_with_node(&self, node: &Node) -> Option<Problem> {
        let place = format!("{} {:?}", node.id, shown(&node.name));
        if self.has_id(node.id.0) {
            return Some(Problem::new(
                place,
                "its id is taken",
                "give it an id of its own",
            ));
        }
        (self.nodes.len() >= Self::NODES_MAX).then(|| {
            let what = format!("there are {} nodes already", Self::NODES_MAX);
            Problem::new(place, what, "remove a node first")
        })
    }

    /// What is wrong with adding this link.
    pub fn problem_with_link(&self, link: &Link) -> Option<Problem> {
        let place = link.id.to_string();
        if self.has_id(link.id.0) {
            return Some(Problem::new(
                place,
                "its id is taken",
                "give it an id of its own",
            ));
        }
        if self.links.len() >= Self::LINKS_MAX {
            let what = format!("there are {} links already", Self::LINKS_MAX);
            return Some(Problem::new(place, what, "remove a link first"));
        }
        validate::ends_problem(self, link, &place)
    }

    /// Whether it behaves the same: names and places are for people.
    pub fn is_like(&self, other: &Self) -> bool {
        let mut nodes = self.nodes.iter().zip(&other.nodes);
        let mut links = self.links.iter().zip(&other.links);
        (self.nodes.len(), self.links.len()) == (other.nodes.len(), other.links.len())
            && nodes.all(|(one, other)| one.is_like(other))
            && links.all(|(one, other)| one.is_like(other))
    }

    fn has_id(&self, id: u32) -> bool {
        self.node(NodeId(id)).is_some() || self.link(LinkId(id)).is_some()
    }

    /// Takes a node off, with its links.
    pub fn remove_node(&mut self, id: NodeId) {
        self.nodes.retain(|node| node.id != id);
        self.links.retain(|link| link.from != id && link.to != id);
    }

    /// Takes a link off.
    pub fn remove_link(&mut self, id: LinkId) {
        self.links.retain(|link| link.id != id);
    }
}

impl Node {
    /// Whether it behaves the same: names and places are for people.
    pub fn is_like(&self, other: &Self) -> bool {
        (self.id, &self.luck, &self.settings) == (other.id, &other.luck, &other.settings)
    }

    /// Whether it is drawn the same.
    pub fn is_drawn_like(&self, other: &Self) -> bool {
        (&self.name, self.x, self.y, &self.paper, self.preset)
            == (&other.name, other.x, other.y, &other.paper, other.preset)
    }

    /// Takes over how another node is drawn.
    pub fn draw_like(&mut self, other: &Self) {
        self.name.clone_from(&other.name);
        (self.x, self.y) = (other.x, other.y);
        self.preset = other.preset;
        self.paper.clone_from(&other.paper);
    }

    /// What the node's draws go by.
    pub fn luck_name(&self) -> String {
        self.luck.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// The node as documents have it. Settings that are as in a new node are left out.
    pub fn to_json(&self) -> Value {
        let kind = self.settings.kind();
        let mut json = json!({
            "id": self.id, "kind": kind.name(), "name": self.name, "x": self.x, "y": self.y,
        });
        if let Some(luck) = &self.luck {
            json["luck"] = json!(luck);
        }
        if let Some(preset) = self.preset {
            json["preset"] = json!(preset.slug);
        }
        let settings = without_defaults(self.settings.to_json(), &kind.defaults().to_json());
        if !settings.is_empty() {
            json["settings"] = Value::Object(settings);
        }
        self.paper.write_into(&mut json);
        json
    }

    /// Reads a node, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let id = fields.id("id");
        let kind_name = fields.text("kind", TextLimit::Name);
        let name = fields.optional_text("name", TextLimit::Name);
        let (x, y) = (fields.coordinate("x"), fields.coordinate("y"));
        let luck = fields.optional_text("luck", TextLimit::Name);
        let preset = fields.optional_text("preset", TextLimit::Name);
        let settings = fields.optional("settings").cloned();
        let paper = fields.optional("paper");
        fields.finish();
        let paper = Paper::of_field(paper, place, problems);
        let kind_name = kind_name?;
        let Some(kind) = Kind::from_name(&kind_name) else {
            problems.push(unknown_kind(place, &kind_name));
            return None;
        };
        let preset = preset_of(kind, preset.as_deref(), place, problems)?;
        let settings = settings.unwrap_or_else(|| Value::Object(Map::new()));
        match Settings::from_json(kind, &settings) {
            Ok(settings) => {
                let name = name.unwrap_or_else(|| kind.descriptor().label.to_owned());
                Some(Self {
                    id: NodeId(id?),
                    name,
                    x: x?,
                    y: y?,
                    luck,
                    preset,
                    settings,
                    paper: paper?,
                })
            }
            Err(wrong) => {
                let hint = format!("see the settings of {kind_name} in docs/scenario.md");
                problems.extend(wrong.into_iter().map(|problem| {
                    let mut at = format!("{place}.settings");
                    if !problem.field.is_empty() {
                        let _ = write!(at, ".{}", problem.field);
                    }
                    Problem::new(at, problem.what, hint.clone())
                }));
                None
            }
        }
    }
}

fn unknown_kind(place: &str, name: &str) -> Problem {
    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let what = format!("there is no kind {:?}", shown(name));
    Problem::new(
        format!("{place}.kind"),
        what,
        format!("use one of {}", known.join(", ")),
    )
}

/// The preset with this slug, if it is one of the kind.
fn preset_of(
    kind: Kind,
    slug: Option<&str>,
    place: &str,
    problems: &mut Vec<Problem>,
) -> Option<Option<&'static Preset>> {
    let Some(slug) = slug else { return Some(None) };
    let presets = kind.descriptor().presets;
    if let Some(preset) = presets.iter().find(|preset| preset.slug == slug) {
        return Some(Some(preset));
    }
    let what = match Preset::find(slug) {
        Some((other, _)) => format!("{slug} is a preset of kind {}", other.name()),
        None => format!("there is no preset {:?}", shown(slug)),
    };
    let known: Vec<&str> = presets.iter().map(|preset| preset.slug).collect();
    let hint = match known.is_empty() {
        true => format!("leave it out: {} has no presets", kind.name()),
        false => format!("use one of {}, or leave it out", known.join(", ")),
    };
    problems.push(Problem::new(format!("{place}.preset"), what, hint));
    None
}

impl Link {
    /// A link as a new one is.
    pub fn new(id: LinkId, from: NodeId, to: NodeId) -> Self {
        Self {
            id,
            from,
            to,
            luck: None,
            settings: LinkSettings::default(),
            label: String::new(),
            paper: Paper::default(),
        }
    }

    /// Whether it behaves the same: labels are for people.
    pub fn is_like(&self, other: &Self) -> bool {
        (self.id, self.from, self.to) == (other.id, other.from, other.to)
            && (&self.luck, &self.settings) == (&other.luck, &other.settings)
    }

    /// Whether it is drawn the same.
    pub fn is_drawn_like(&self, other: &Self) -> bool {
        (&self.label, &self.paper) == (&other.label, &other.paper)
    }

    /// Takes over how another link is drawn.
    pub fn draw_like(&mut self, other: &Self) {
        self.label.clone_from(&other.label);
        self.paper.clone_from(&other.paper);
    }

    /// What the link's draws go by.
    pub fn luck_name(&self) -> String {
        self.luck.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// The link as documents have it. Settings that are as in a new link are left out.
    pub fn to_json(&self) -> Value {
        let mut json = json!({ "id": self.id, "from": self.from, "to": self.to });
        if let Some(luck) = &self.luck {
            json["luck"] = json!(luck);
        }
        let settings = without_defaults(json!(self.settings), &json!(LinkSettings::default()));
        if !settings.is_empty() {
            json["settings"] = Value::Object(settings);
        }
        if !self.label.is_empty() {
            json["label"] = json!(self.label);
        }
        self.paper.write_into(&mut json);
        json
    }

    /// Reads a link, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let (id, from, to) = (fields.id("id"), fields.id("from"), fields.id("to"));
        let luck = fields.optional_text("luck", TextLimit::Name);
        let settings = fields.optional("settings").cloned();
        let label = fields.optional_text("label", TextLimit::Name);
        let paper = fields.optional("paper");
        fields.finish();
        let paper = Paper::of_field(paper, place, problems);
        let settings = match settings {
            None => LinkSettings::default(),
            Some(json) => link_settings(&json, &format!("{place}.settings"), problems)?,
        };
        Some(Self {
            id: LinkId(id?),
            from: NodeId(from?),
            to: NodeId(to?),
            luck,
            settings,
            label: label.unwrap_or_default(),
            paper: paper?,
        })
    }
}

/// Reads the settings of a link, and says what is wrong with them.
pub fn link_settings(
    json: &Value,
    place: &str,
    problems: &mut Vec<Problem>,
) -> Option<LinkSettings> {
    let hint = "see the settings of links in docs/scenario.md";
    let mut json = Cow::Borrowed(json);
    if let Some(filters) = json.get("filter").filter(|filter| filter.is_array()) {
        match Filter::of_cloud_events(filters) {
            Ok(policy) => json.to_mut()["filter"] = policy,
            Err(what) => {
                problems.push(Problem::new(format!("{place}.filter"), what, hint));
                return None;
            }
        }
    }
    match serde_path_to_error::deserialize::<_, LinkSettings>(&*json) {
        Err(error) => {
            let what = error.inner().to_string();
            problems.push(Problem::new(
                format!("{place}.{}", error.path()),
                what,
                hint,
            ));
            None
        }
        Ok(settings) => {
            if let Some(what) = settings.latency.problem() {
                problems.push(Problem::new(format!("{place}.latency"), what, hint));
                return None;
            }
            let long = |name: &String| name.chars().count() > TextLimit::Name.most();
            if settings.types.len() > 100 || settings.types.iter().any(long) {
                let what = "expected at most 100 event types of at most 200 characters";
                problems.push(Problem::new(format!("{place}.types"), what, hint));
                return None;
            }
            match routing_problem(&settings) {
                Some((field, what)) => {
                    problems.push(Problem::new(format!("{place}.{field}"), what, hint));
                    None
                }
                None => Some(settings),
            }
        }
    }
}

/// Most characters of a binding's key, as in AMQP 0-9-1.
const BINDING_MOST: usize = 255;
/// Most arguments of a binding.
const ARGUMENTS_MOST: usize = 100;

/// What is wrong with the filter or the binding of a link, and in which setting.
fn routing_problem(settings: &LinkSettings) -> Option<(&'static str, String)> {
    let filter = settings.filter.as_deref();
    if let Some(what) = filter.and_then(|it| Filter::problem(it, settings.filter_scope)) {
        return Some(("filter", what));
    }
    if settings.binding.len() > BINDING_MOST {
        let what = format!("expected a key of at most {BINDING_MOST} bytes");
        return Some(("binding", what));
    }
    if settings.group.chars().count() > TextLimit::Name.most() {
        return Some(("group", "expected at most 200 characters".to_owned()));
    }
    let arguments = settings.arguments.as_deref()?;
    let problem = match arguments.as_object() {
        None => Some("expected an object, such as { \"x-match\": \"any\" }".to_owned()),
        Some(all) if all.len() > ARGUMENTS_MOST => {
            Some(format!("expected at most {ARGUMENTS_MOST} arguments"))
        }
        Some(all) => HeaderMatch::new(all).err(),
    };
    problem.map(|what| ("arguments", what))
}

fn without_defaults(json: Value, defaults: &Value) -> Map<String, Value> {
    let Value::Object(fields) = json else {
        return Map::new();
    };
    fields
        .into_iter()
        .filter(|(name, value)| defaults.get(name) != Some(value))
        .collect()
}

/// The beginning of a text that somebody else wrote, for a message.
pub fn shown(text: &str) -> String {
    let mut beginning: String = text.chars().take(60).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    beginning
}
