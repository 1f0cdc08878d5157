//! What is copied: items with what lies between them, as JSON for the clipboard.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Desk;
use super::nodes::free_name;
use crate::editor::selection::Item;
use crate::scenario::Scenario;
use crate::topology::{Drawing, Fields, Frame, Link, Node, Note, Problem, Topology};
use crate::units::{FrameId, LinkId, NodeId};

/// Longest text from a clipboard that is read, in bytes.
const TEXT_MAX: usize = 4 << 20;
const VERSION: u64 = 1;

/// Copied items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clip {
    nodes: Vec<Node>,
    /// Links with both ends among the nodes.
    links: Vec<Link>,
    notes: Vec<Note>,
    /// Frames with all members among the nodes.
    frames: Vec<Frame>,
}

impl Clip {
    /// Copies items out of what is drawn.
    pub fn of(items: &[Item], topology: &Topology, drawing: &Drawing) -> Self {
        let has = |id: &NodeId| items.contains(&Item::Node(*id)) && topology.node(*id).is_some();
        let nodes = topology.nodes.iter().filter(|node| has(&node.id));
        let links = topology.links.iter();
        let links = links.filter(|link| has(&link.from) && has(&link.to));
        let notes = drawing.notes.iter();
        let notes = notes.filter(|note| items.contains(&Item::Note(note.id)));
        let frames = drawing.frames.iter();
        let frames =
            frames.filter(|frame| frame.members.iter().all(has) && !frame.members.is_empty());
        Self {
            nodes: nodes.cloned().collect(),
            links: links.cloned().collect(),
            notes: notes.cloned().collect(),
            frames: frames.cloned().collect(),
        }
    }

    /// Whether nothing was copied.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.notes.is_empty()
    }

    /// The upper left corner of what was copied.
    pub fn corner(&self) -> (i32, i32) {
        let nodes = self.nodes.iter().map(|node| (node.x, node.y));
        let places = nodes.chain(self.notes.iter().map(|note| (note.x, note.y)));
        let least = places.reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)));
        least.unwrap_or_default()
    }

    /// The text for a clipboard.
    pub fn to_text(&self) -> String {
        json!({
            "eventyard": "clip",
            "version": VERSION,
            "nodes": self.nodes.iter().map(Node::to_json).collect::<Vec<_>>(),
            "links": self.links.iter().map(Link::to_json).collect::<Vec<_>>(),
            "notes": self.notes.iter().map(Note::to_json).collect::<Vec<_>>(),
            "frames": self.frames.iter().map(Frame::to_json).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// Reads a text from a clipboard: what was copied here or in another tab, or a whole document.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_text(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > TEXT_MAX {
            let what = format!("the text has {} bytes", text.len());
            return Err(vec![Problem::new("clipboard", what, "open it as a file")]);
        }
        let json: Value = serde_json::from_str(text).map_err(|_| {
            let what = "there is nothing of Eventyard on the clipboard";
            vec![Problem::new("clipboard", what, "copy nodes first")]
        })?;
        if json.get("eventyard").is_none() {
            let document = crate::scenario::from_json(&json)?;
            return Ok(Self::of_document(document));
        }
        let mut problems = Vec::new();
        let clip = Self::read(&json, &mut problems);
        match clip {
            Some(clip) if problems.is_empty() => Ok(clip),
            _ => Err(problems),
        }
    }

    fn of_document(document: Scenario) -> Self {
        Self {
            nodes: document.topology.nodes,
            links: document.topology.links,
            notes: document.drawing.notes,
            frames: document.drawing.frames,
        }
    }

    fn read(json: &Value, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, "clipboard", problems)?;
        fields.optional("eventyard");
        let version = fields.required("version");
        version.and_then(|value| fields.whole("version", value, VERSION, VERSION));
        let nodes = fields.list("nodes", Topology::NODES_MAX);
        let links = fields.list("links", Topology::LINKS_MAX);
        let notes = fields.list("notes", Drawing::NOTES_MAX);
        let frames = fields.list("frames", Drawing::FRAMES_MAX);
        fields.finish();
        Some(Self {
            nodes: read_all(nodes, problems, Node::from_json),
            links: read_all(links, problems, Link::from_json),
            notes: read_all(notes, problems, Note::from_json),
            frames: read_all(frames, problems, Frame::from_json),
        })
    }
}

fn read_all<T>(
    items: &[Value],
    problems: &mut Vec<Problem>,
    read: impl Fn(&Value, &str, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    let read_one = |item| read(item, "clipboard", problems);
    items.iter().filter_map(read_one).collect()
}

impl Desk<'_> {
    /// Pastes with new ids, moved by a way; the new items. Links whose ends do not fit are left
    /// out, because what is on a clipboard may be of another version.
    ///
    /// # Errors
    /// What keeps it from being added.
    pub fn paste(&mut self, clip: &Clip, (x, y): (i32, i32)) -> Result<Vec<Item>, Problem> {
        const FAR: i32 = 1_000_000;
        let moved = |from: i32, by: i32| from.saturating_add(by).clamp(-FAR, FAR);
        let mut ids = BTreeMap::new();
        let mut items = Vec::new();
        for node in &clip.nodes {
            let id = NodeId(self.fresh_id());
            let mut copy = Node {
                id,
                name: free_name(&self.topology, &node.name),
                x: moved(node.x, x),
                y: moved(node.y, y),
                ..node.clone()
            };
            // Two nodes are not called by one word.
            copy.paper.word.clear();
            self.put_node(copy)?;
            ids.insert(node.id, id);
            items.push(Item::Node(id));
        }
        for link in &clip.links {
            let (Some(from), Some(to)) = (ids.get(&link.from), ids.get(&link.to)) else {
                continue;
            };
            let copy = Link {
                id: LinkId(self.fresh_id()),
                from: *from,
                to: *to,
                ..link.clone()
            };
            if self.topology.problem_with_link(&copy).is_none() {
                self.put_link(copy)?;
            }
        }
        for note in &clip.notes {
            let (x, y) = (moved(note.x, x), moved(note.y, y));
            items.push(Item::Note(self.add_note(x, y, &note.text)?));
        }
        for frame in &clip.frames {
            let members = frame.members.iter().filter_map(|id| ids.get(id).copied());
            let members: Vec<NodeId> = members.collect();
            if members.is_empty() {
                continue;
            }
            let id: FrameId = self.add_frame(frame.kind, &members)?;
            self.change_frame(id, |copy| {
                copy.name.clone_from(&frame.name);
                copy.collapsed = frame.collapsed;
                copy.front = frame.front.and_then(|id| ids.get(&id).copied());
                copy.paper.clone_from(&frame.paper);
                copy.paper.word.clear();
            });
        }
        Ok(items)
    }
}
