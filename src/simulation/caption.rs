//! Captions: texts that come at a moment of a run, or when something is the case in it for the
//! first time. Whether one comes is a function of the run alone; how it looks is no affair of ours.

use serde_json::{Value, json};

use super::Check;
use super::check::counted;
use crate::engine::{MessageId, What};
use crate::topology::{Fields, Problem, TextLimit, Topology};
use crate::units::{LinkId, NodeId, SimTime};

/// A text that comes in the course of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// When it comes.
    pub cue: Cue,
    /// What it points at.
    pub points: Pointer,
    /// What it says.
    pub text: String,
}

/// When a caption comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cue {
    /// At a moment.
    At(SimTime),
    /// When something has happened so often, at a place or anywhere.
    Happens {
        /// What.
        what: What,
        /// The id of the node or link where.
        place: Option<u32>,
        /// How often.
        count: u64,
    },
    /// When so many messages wait at a node.
    Depth {
        /// Which node.
        node: NodeId,
        /// How many.
        value: u64,
    },
    /// When a check of the scenario breaks.
    Broken {
        /// Its place in the list, from 0.
        check: usize,
    },
}

/// What a caption points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pointer {
    /// Nothing.
    #[default]
    Nothing,
    /// A node or link.
    Thing(u32),
    /// The message with which it came to pass.
    Message,
}

/// A caption that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// When.
    pub at: SimTime,
    /// The message with which it came to pass.
    pub message: MessageId,
}

impl Caption {
    /// The caption as documents have it.
    pub fn to_json(&self) -> Value {
        let mut json = match &self.cue {
            Cue::At(time) => json!({ "at": time }),
            Cue::Happens { what, place, count } => {
                let mut json = json!({ "happens": what.name(), "count": count });
                if let Some(place) = place {
                    json["where"] = json!(place);
                }
                json
            }
            Cue::Depth { node, value } => json!({ "depth": value, "where": node }),
            Cue::Broken { check } => json!({ "broken": check + 1 }),
        };
        match self.points {
            Pointer::Nothing => {}
            Pointer::Thing(id) => json["points"] = json!(id),
            Pointer::Message => json["points"] = json!(MESSAGE),
        }
        json["text"] = json!(self.text);
        json
    }

    /// Reads a caption, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let cue = read_cue(&mut fields);
        let points = match fields.optional("points") {
            None => Some(Pointer::Nothing),
            Some(Value::String(text)) if text == MESSAGE => Some(Pointer::Message),
            Some(id) => fields
                .whole("points", id, 1, ID_MOST)
                .map(|id| Pointer::Thing(id as u32)),
        };
        let text = fields.text("text", TextLimit::Note);
        fields.finish();
        Some(Self {
            cue: cue?,
            points: points?,
            text: text?,
        })
    }

    /// What is wrong with the caption. What it names may be there at the start or at the end.
    pub(super) fn problem(
        &self,
        topologies: [&Topology; 2],
        checks: &[Check],
        place: &str,
    ) -> Option<Problem> {
        let wrong = |what: String, hint| Some(Problem::new(place, what, hint));
        let named = match self.points {
            Pointer::Thing(id) => Some(id),
            _ => None,
        };
        if let Some(id) = self.place().into_iter().chain(named).find(|id| {
            let there = |topology: &&Topology| is_there(topology, *id);
            !topologies.iter().any(there)
        }) {
            let what = format!("it names {id}, which does not exist");
            return wrong(what, "name a node or a link");
        }
        match &self.cue {
            Cue::At(_) if self.points == Pointer::Message => wrong(
                "a moment has no message to point at".to_owned(),
                "name a node or a link, or let it come when something happens",
            ),
            Cue::Broken { .. } if self.points == Pointer::Message => wrong(
                "a check has no message to point at".to_owned(),
                "name a node or a link",
            ),
            Cue::Broken { check } if *check >= checks.len() => {
                let what = format!("there is no check number {}", check + 1);
                wrong(what, "count the checks from 1")
            }
            _ => None,
        }
    }

    /// The node or link at which it waits for something.
    pub fn place(&self) -> Option<u32> {
        match self.cue {
            Cue::Happens { place, .. } => place,
            Cue::Depth { node, .. } => Some(node.0),
            Cue::At(_) | Cue::Broken { .. } => None,
        }
    }
}

const MESSAGE: &str = "message";
const ID_MOST: u64 = 1_000_000_000;

fn is_there(topology: &Topology, id: u32) -> bool {
    topology.node(NodeId(id)).is_some() || topology.link(LinkId(id)).is_some()
}

/// Exactly one of the fields that say when.
fn read_cue(fields: &mut Fields<'_, '_>) -> Option<Cue> {
    let (place, count) = (fields.optional("where"), fields.optional("count"));
    let (at, happens) = (fields.optional("at"), fields.optional("happens"));
    let (depth, broken) = (fields.optional("depth"), fields.optional("broken"));
    let given = [at, happens, depth, broken].into_iter().flatten().count();
    if given != 1 {
        let what = format!("expected one of at, happens, depth and broken, found {given}");
        fields.wrong("at", what, "say in one way when it comes");
        return None;
    }
    for (name, given, fits) in [
        ("where", place, happens.or(depth)),
        ("count", count, happens),
    ] {
        if given.is_some() && fits.is_none() {
            fields.wrong(name, "it says nothing here", "remove it");
            return None;
        }
    }
    let place = match place {
        None => None,
        Some(id) => Some(fields.whole("where", id, 1, ID_MOST)? as u32),
    };
    let count = match count {
        None => 1,
        Some(count) => fields.whole("count", count, 1, u64::MAX)?,
    };
    if at.is_some() {
        return fields.parsed("at").map(Cue::At);
    }
    if let Some(name) = happens {
        let Some(what) = name.as_str().and_then(counted) else {
            let what = format!("nothing that happens is called {name}");
            fields.wrong("happens", what, "use the name of a counter");
            return None;
        };
        return Some(Cue::Happens { what, place, count });
    }
    if let Some(value) = depth {
        let value = fields.whole("depth", value, 1, u64::MAX)?;
        let Some(node) = place.map(NodeId) else {
            fields.wrong("where", "this field is missing", "name the node");
            return None;
        };
        return Some(Cue::Depth { node, value });
    }
    let check = fields.whole("broken", broken?, 1, u64::from(u32::MAX))?;
    Some(Cue::Broken {
        check: check as usize - 1,
    })
}
