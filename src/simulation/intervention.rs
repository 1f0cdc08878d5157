//! What happens to the system while it runs: the script's entries and their JSON.

use serde_json::{Map, Value, json};
use xxhash_rust::xxh64::xxh64;

use super::operating;
use crate::engine::Operation;
use crate::nodes::Settings;
use crate::topology::{Fields, Link, Node, Problem, TextLimit, Topology, link_settings};
use crate::units::{LinkId, NodeId, SimTime};

/// Something that happens to the system at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptEntry {
    /// When.
    pub at: SimTime,
    /// How many dispatches of that instant come before it; zero for none, more than there are for
    /// after all of them.
    pub after: u32,
    /// What.
    pub what: Intervention,
}

/// What can happen to the system from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Intervention {
    /// A setting of a node gets another value.
    SetNode {
        /// Which node.
        node: NodeId,
        /// Which setting.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// A setting of a link gets another value.
    SetLink {
        /// Which link.
        link: LinkId,
        /// Which setting.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// A node stops working and forgets its memory.
    Crash {
        /// Which node.
        node: NodeId,
    },
    /// A node works again.
    Restart {
        /// Which node.
        node: NodeId,
    },
    /// An event comes to a node by hand; from a producer it goes out.
    Send {
        /// Which node.
        node: NodeId,
        /// Name of the event type.
        event: String,
        /// Its key.
        key: String,
        /// Its body.
        body: Value,
        /// Its headers.
        headers: Map<String, Value>,
    },
    /// A person does something by hand with what a node has.
    Operate {
        /// Which node.
        node: NodeId,
        /// What.
        operation: Operation,
    },
    /// A node is added.
    AddNode(Box<Node>),
    /// A node is removed, with its links.
    RemoveNode {
        /// Which node.
        node: NodeId,
    },
    /// A link is added.
    AddLink(Box<Link>),
    /// A link is removed.
    RemoveLink {
        /// Which link.
        link: LinkId,
    },
}

impl Intervention {
    /// What it does in a few words, for a mark on the time bar.
    pub fn label(&self, topology: &Topology) -> String {
        let name = |id: &NodeId| {
            topology
                .node(*id)
                .map_or_else(|| id.to_string(), |node| node.name.clone())
        };
        match self {
            Self::SetNode { node, field, value } => format!("{}: {field} = {value}", name(node)),
            Self::SetLink { link, field, value } => format!("{link}: {field} = {value}"),
            Self::Crash { node } => format!("{} crashes", name(node)),
            Self::Restart { node } => format!("{} restarts", name(node)),
            Self::Send { node, event, .. } => format!("{event} to {}", name(node)),
            Self::Operate { node, operation } => {
                format!("{}: {}", name(node), operating::words(operation, topology))
            }
            Self::AddNode(node) => format!("{} is added", node.name),
            Self::RemoveNode { node } => format!("{} is removed", name(node)),
            Self::AddLink(link) => format!("{} is added", link.id),
            Self::RemoveLink { link } => format!("{link} is removed"),
        }
    }

    /// Whether it changes what is drawn, and is no mere fault or message.
    pub fn changes_topology(&self) -> bool {
        !matches!(
            self,
            Self::Crash { .. } | Self::Restart { .. } | Self::Send { .. } | Self::Operate { .. }
        )
    }

    /// Does to the drawing what it does to the run.
    ///
    /// # Errors
    /// What keeps it from being done; the topology is then as it was.
    pub fn apply_to(&self, topology: &mut Topology) -> Result<(), Problem> {
        match self {
            Self::SetNode { node, field, value } => {
                let settings = self.changed_settings(topology, *node, field, value)?;
                if let Some(node) = topology.node_mut(*node) {
                    node.settings = settings;
                }
            }
            Self::SetLink { link, field, value } => {
                let there = topology.link_mut(*link).ok_or_else(|| missing(link))?;
                let mut json = json!(there.settings);
                json[field.as_str()] = value.clone();
                let mut problems = Vec::new();
                match link_settings(&json, "settings", &mut problems) {
                    Some(settings) => there.settings = settings,
                    None => return Err(problems.swap_remove(0)),
                }
            }
            Self::Crash { node } | Self::Restart { node } => {
                let kind = topology.kind(*node).ok_or_else(|| missing(node))?;
                if !kind.descriptor().can_crash {
                    return Err(cannot(kind.descriptor().label, "crash"));
                }
            }
            Self::Send { node, .. } => {
                let kind = topology.kind(*node).ok_or_else(|| missing(node))?;
                if !kind.descriptor().by_hand {
                    return Err(cannot(kind.descriptor().label, "get events by hand"));
                }
            }
            Self::Operate { node, operation } => {
                let kind = topology.kind(*node).ok_or_else(|| missing(node))?;
                if !operating::fits(operation, kind) {
                    let verb = operating::verb(operation);
                    return Err(cannot(kind.descriptor().label, verb));
                }
                if let Some(goal) = operating::goal_of(operation) {
                    let kind = topology.kind(goal).ok_or_else(|| missing(&goal))?;
                    if !operating::can_be_goal(kind) || goal == *node {
                        return Err(cannot(kind.descriptor().label, "get messages by redrive"));
                    }
                }
            }
            Self::AddNode(node) => {
                if let Some(problem) = topology.problem_with_node(node) {
                    return Err(problem);
                }
                topology.nodes.push(Node::clone(node));
            }
            Self::RemoveNode { node } => {
                topology.node(*node).ok_or_else(|| missing(node))?;
                topology.remove_node(*node);
            }
            Self::AddLink(link) => {
                if let Some(problem) = topology.problem_with_link(link) {
                    return Err(problem);
                }
                topology.links.push(Link::clone(link));
            }
            Self::RemoveLink { link } => {
                topology.link(*link).ok_or_else(|| missing(link))?;
                topology.remove_link(*link);
            }
        }
        Ok(())
    }

    fn changed_settings(
        &self,
        topology: &Topology,
        node: NodeId,
        field: &str,
        value: &Value,
    ) -> Result<Settings, Problem> {
        let there = topology.node(node).ok_or_else(|| missing(&node))?;
        let mut json = there.settings.to_json();
        json[field] = value.clone();
        Settings::from_json(there.settings.kind(), &json).map_err(|mut problems| {
            let problem = problems.swap_remove(0);
            let place = format!("{}.{}", there.name, problem.field);
            Problem::new(place, problem.what, "correct the value")
        })
    }

    /// A number that stands for all of it in the trace. Names and places are for people.
    pub fn digest(&self) -> u64 {
        let mut json = self.to_json();
        for added in ["node", "link"] {
            if let Some(added) = json.get_mut(added).and_then(Value::as_object_mut) {
                for field in ["name", "x", "y", "label", "paper"] {
                    added.shift_remove(field);
                }
            }
        }
        xxh64(json.to_string().as_bytes(), 0)
    }

    /// Whether it does the same to a run: nodes and links that it adds may be drawn differently.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AddNode(one), Self::AddNode(other)) => one.is_like(other),
            (Self::AddLink(one), Self::AddLink(other)) => one.is_like(other),
            _ => self == other,
        }
    }

    /// The intervention as documents have it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::SetNode { node, field, value } => {
                json!({ "do": "set_node", "node": node, "field": field, "value": value })
            }
            Self::SetLink { link, field, value } => {
                json!({ "do": "set_link", "link": link, "field": field, "value": value })
            }
            Self::Crash { node } => json!({ "do": "crash", "node": node }),
            Self::Restart { node } => json!({ "do": "restart", "node": node }),
            Self::Send {
                node,
                event,
                key,
                body,
                headers,
            } => {
                let mut json = json!({ "do": "send", "node": node, "event": event });
                if !key.is_empty() {
                    json["key"] = json!(key);
                }
                if !body.is_null() {
                    json["body"] = body.clone();
                }
                if !headers.is_empty() {
                    json["headers"] = json!(headers);
                }
                json
            }
            Self::Operate { node, operation } => operating::to_json(*node, operation),
            Self::AddNode(node) => json!({ "do": "add_node", "node": node.to_json() }),
            Self::RemoveNode { node } => json!({ "do": "remove_node", "node": node }),
            Self::AddLink(link) => json!({ "do": "add_link", "link": link.to_json() }),
            Self::RemoveLink { link } => json!({ "do": "remove_link", "link": link }),
        }
    }
}

impl ScriptEntry {
    /// The entry as documents have it.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("at".to_owned(), json!(self.at));
        if self.after > 0 {
            json.insert("after".to_owned(), json!(self.after));
        }
        if let Value::Object(what) = self.what.to_json() {
            json.extend(what);
        }
        Value::Object(json)
    }

    /// Reads an entry, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let at = fields.parsed::<SimTime>("at");
        let after = match fields.optional("after") {
            None => Some(0),
            Some(value) => fields.whole("after", value, 0, u64::from(u32::MAX)),
        };
        let verb = fields.text("do", TextLimit::Name)?;
        let inner = match verb.as_str() {
            "add_node" => fields.required("node").map(|json| (true, json)),
            "add_link" => fields.required("link").map(|json| (false, json)),
            _ => None,
        };
        let what = match inner {
            None => read_simple(&verb, &mut fields),
            Some(_) => None,
        };
        fields.finish();
        let what = match inner {
            Some((true, json)) => Node::from_json(json, &format!("{place}.node"), problems)
                .map(|node| Intervention::AddNode(Box::new(node))),
            Some((false, json)) => Link::from_json(json, &format!("{place}.link"), problems)
                .map(|link| Intervention::AddLink(Box::new(link))),
            None => what,
        };
        Some(Self {
            at: at?,
            after: after? as u32,
            what: what?,
        })
    }
}

fn read_simple(verb: &str, fields: &mut Fields<'_, '_>) -> Option<Intervention> {
    match verb {
        "set_node" => Some(Intervention::SetNode {
            node: NodeId(fields.id("node")?),
            field: fields.text("field", TextLimit::Name)?,
            value: fields.optional("value").cloned().unwrap_or_default(),
        }),
        "set_link" => Some(Intervention::SetLink {
            link: LinkId(fields.id("link")?),
            field: fields.text("field", TextLimit::Name)?,
            value: fields.optional("value").cloned().unwrap_or_default(),
        }),
        "crash" => Some(Intervention::Crash {
            node: NodeId(fields.id("node")?),
        }),
        "restart" => Some(Intervention::Restart {
            node: NodeId(fields.id("node")?),
        }),
        "send" => Some(Intervention::Send {
            node: NodeId(fields.id("node")?),
            event: fields.text("event", TextLimit::Name)?,
            key: fields
                .optional_text("key", TextLimit::Name)
                .unwrap_or_default(),
            body: fields.optional("body").cloned().unwrap_or_default(),
            headers: match fields.optional("headers") {
                None => Map::new(),
                Some(Value::Object(headers)) => headers.clone(),
                Some(_) => {
                    fields.wrong("headers", "they are no object", "write { \"name\": value }");
                    return None;
                }
            },
        }),
        _ if operating::is_verb(verb) => Some(Intervention::Operate {
            node: NodeId(fields.id("node")?),
            operation: operating::read(verb, fields)?,
        }),
        "remove_node" => Some(Intervention::RemoveNode {
            node: NodeId(fields.id("node")?),
        }),
        "remove_link" => Some(Intervention::RemoveLink {
            link: LinkId(fields.id("link")?),
        }),
        _ => {
            let hint = "use set_node, set_link, crash, restart, send, add_node, remove_node, \
                        add_link, remove_link, take, ack, reject, requeue, extend, purge, \
                        redrive, commit or seek";
            fields.wrong(
                "do",
                format!("there is no {:?}", crate::topology::shown(verb)),
                hint,
            );
            None
        }
    }
}

fn missing(id: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        id.to_string(),
        "it is not there",
        "name something that is on the canvas then",
    )
}

fn cannot(label: &str, verb: &str) -> Problem {
    Problem::new(label, format!("it cannot {verb}"), "choose another node")
}
