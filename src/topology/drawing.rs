//! What is drawn around the nodes for people: notes, frames, views and walks. A run never sees it.

use serde_json::{Value, json};

use super::{Fields, Paper, Problem, TextLimit, Walk};
use crate::units::{FrameId, NodeId, NoteId, ViewId, sort};

/// Everything on the canvas that no message passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Texts on the canvas.
    pub notes: Vec<Note>,
    /// Labelled boxes around nodes.
    pub frames: Vec<Frame>,
    /// Named sets of nodes to look at.
    pub views: Vec<View>,
    /// Ways through it, step by step.
    pub walks: Vec<Walk>,
    /// What is known about the whole.
    pub paper: Paper,
}

/// A text on the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id, for ever.
    pub id: NoteId,
    /// Left edge on the canvas, in pixels at 100 %.
    pub x: i32,
    /// Upper edge on the canvas, in pixels at 100 %.
    pub y: i32,
    /// The text; lines end with `\n`.
    pub text: String,
}

/// A labelled box around nodes. Its place follows from its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its id, for ever.
    pub id: FrameId,
    /// Its title.
    pub name: String,
    /// What it stands for.
    pub kind: FrameKind,
    /// The nodes inside, in the order of their ids. A frame whose members are all inside of a
    /// larger frame is inside of that frame.
    pub members: Vec<NodeId>,
    /// Whether it is shown as one card.
    pub collapsed: bool,
    /// The member that stands for the whole: links to the whole end there.
    pub front: Option<NodeId>,
    /// What is known about it.
    pub paper: Paper,
}

/// What a frame stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameKind {
    /// Nodes that belong together.
    #[default]
    Group,
    /// A broker, or a cluster of brokers.
    Broker,
    /// A bounded context.
    Context,
    /// A region or data centre.
    Region,
}

/// A named set of nodes to look at, with a camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its id, for ever.
    pub id: ViewId,
    /// Its title.
    pub name: String,
    /// The nodes that it shows, in the order of their ids.
    pub nodes: Vec<NodeId>,
    /// What part of the canvas it shows; everything in it without.
    pub camera: Option<ViewCamera>,
    /// What is known about it.
    pub paper: Paper,
}

/// The camera of a view, in whole numbers, so that documents are the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewCamera {
    /// Left edge of what it shows.
    pub x: i32,
    /// Upper edge of what it shows.
    pub y: i32,
    /// Zoom, in percent.
    pub percent: u32,
}

impl FrameKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Group, Self::Broker, Self::Context, Self::Region];

    /// The name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Broker => "broker",
            Self::Context => "context",
            Self::Region => "region",
        }
    }

    /// The name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Group => "Group",
            Self::Broker => "Broker",
            Self::Context => "Bounded context",
            Self::Region => "Region",
        }
    }

    /// The kind with this name in documents.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Drawing {
    /// Most notes.
    pub const NOTES_MAX: usize = 200;
    /// Most frames.
    pub const FRAMES_MAX: usize = 200;
    /// Most views.
    pub const VIEWS_MAX: usize = 50;
    /// Most walks.
    pub const WALKS_MAX: usize = 100;

    /// The note with this id.
    pub fn note(&self, id: NoteId) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == id)
    }

    /// The frame with this id.
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.id == id)
    }

    /// The view with this id.
    pub fn view(&self, id: ViewId) -> Option<&View> {
        self.views.iter().find(|view| view.id == id)
    }

    /// All ids that are used here.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        let notes = self.notes.iter().map(|note| note.id.0);
        let frames = self.frames.iter().map(|frame| frame.id.0);
        notes
            .chain(frames)
            .chain(self.views.iter().map(|view| view.id.0))
            .chain(self.walks.iter().map(|walk| walk.id.0))
    }

    /// Forgets nodes that are not there: frames without members go, and steps without an end.
    pub fn keep_nodes(&mut self, is_there: impl Fn(NodeId) -> bool) {
        for frame in &mut self.frames {
            frame.members.retain(|id| is_there(*id));
            frame.front = frame.front.filter(|id| frame.members.contains(id));
        }
        self.frames.retain(|frame| !frame.members.is_empty());
        for view in &mut self.views {
            view.nodes.retain(|id| is_there(*id));
        }
        for walk in &mut self.walks {
            walk.steps
                .retain(|step| is_there(step.from) && is_there(step.to));
        }
    }
}

impl Note {
    /// The note as documents have it.
    pub fn to_json(&self) -> Value {
        json!({ "id": self.id, "x": self.x, "y": self.y, "text": self.text })
    }

    /// Reads a note, and says what is wrong with it. One without an id gets none yet: zero.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let id = match fields.optional("id") {
            None => Some(0),
            Some(_) => fields.id("id"),
        };
        let (x, y) = (fields.coordinate("x"), fields.coordinate("y"));
        let text = fields.text("text", TextLimit::Note);
        fields.finish();
        Some(Self {
            id: NoteId(id?),
            x: x?,
            y: y?,
            text: text?,
        })
    }
}

impl Frame {
    /// The frame as documents have it.
    pub fn to_json(&self) -> Value {
        let mut json = json!({ "id": self.id, "name": self.name, "members": self.members });
        if self.kind != FrameKind::default() {
            json["kind"] = json!(self.kind.name());
        }
        if self.collapsed {
            json["collapsed"] = json!(true);
        }
        if let Some(front) = self.front {
            json["front"] = json!(front);
        }
        self.paper.write_into(&mut json);
        json
    }

    /// Reads a frame, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let id = fields.id("id");
        let name = fields.optional_text("name", TextLimit::Name);
        let kind = match fields.optional_text("kind", TextLimit::Name) {
            None => Some(FrameKind::default()),
            Some(name) => {
                let kind = FrameKind::from_name(&name);
                if kind.is_none() {
                    let known = FrameKind::ALL.map(FrameKind::name).join(", ");
                    let what = format!("there is no kind of frame {:?}", super::shown(&name));
                    fields.wrong("kind", what, format!("use one of {known}"));
                }
                kind
            }
        };
        let members = node_ids(&mut fields, "members");
        let collapsed = match fields.optional("collapsed") {
            None => Some(false),
            Some(_) => fields.parsed("collapsed"),
        };
        let front = match fields.optional("front") {
            None => None,
            Some(_) => Some(NodeId(fields.id("front")?)),
        };
        let paper = fields.optional("paper");
        fields.finish();
        let paper = Paper::of_field(paper, place, problems);
        Some(Self {
            id: FrameId(id?),
            name: name.unwrap_or_default(),
            kind: kind?,
            members: members?,
            collapsed: collapsed?,
            front,
            paper: paper?,
        })
    }
}

impl View {
    /// The view as documents have it.
    pub fn to_json(&self) -> Value {
        let mut json = json!({ "id": self.id, "name": self.name, "nodes": self.nodes });
        if let Some(ViewCamera { x, y, percent }) = self.camera {
            json["camera"] = json!({ "x": x, "y": y, "percent": percent });
        }
        self.paper.write_into(&mut json);
        json
    }

    /// Reads a view, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let id = fields.id("id");
        let name = fields.optional_text("name", TextLimit::Name);
        let nodes = node_ids(&mut fields, "nodes");
        let camera = fields.optional("camera").cloned();
        let paper = fields.optional("paper");
        fields.finish();
        let paper = Paper::of_field(paper, place, problems);
        let camera = match camera {
            None => None,
            Some(json) => Some(read_camera(&json, &format!("{place}.camera"), problems)?),
        };
        Some(Self {
            id: ViewId(id?),
            name: name.unwrap_or_default(),
            nodes: nodes?,
            camera,
            paper: paper?,
        })
    }
}

fn read_camera(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<ViewCamera> {
    let mut fields = Fields::of(json, place, problems)?;
    let (x, y) = (fields.coordinate("x"), fields.coordinate("y"));
    let percent = fields.required("percent");
    let percent = percent.and_then(|value| fields.whole("percent", value, 1, 1_000));
    fields.finish();
    Some(ViewCamera {
        x: x?,
        y: y?,
        percent: percent? as u32,
    })
}

fn node_ids(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Vec<NodeId>> {
    let items = fields.list(name, super::Topology::NODES_MAX);
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let id = fields.whole(name, item, 1, 1_000_000_000)?;
        ids.push(NodeId(id as u32));
    }
    sort(&mut ids);
    ids.dedup();
    Some(ids)
}
