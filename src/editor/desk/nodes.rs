//! Changes of nodes and links.

use serde_json::{Value, json};

use super::Desk;
use crate::nodes::{Blueprint, Kind, Preset, plan};
use crate::simulation::Intervention;
use crate::topology::{Link, Node, Paper, Problem, TextLimit, Topology};
use crate::units::{LinkId, NodeId};

/// Which end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where it leaves.
    From,
    /// Where it goes.
    To,
}

impl Desk<'_> {
    /// Adds a node as a new one of its kind is.
    ///
    /// # Errors
    /// What keeps it from being added.
    pub fn add_node(&mut self, kind: Kind, x: i32, y: i32) -> Result<NodeId, Problem> {
        self.add_like(kind.into(), x, y)
    }

    /// Adds a node as a new one is, perhaps as a product has it.
    ///
    /// # Errors
    /// What keeps it from being added.
    pub fn add_like(&mut self, plan: Blueprint, x: i32, y: i32) -> Result<NodeId, Problem> {
        let node = Node {
            id: NodeId(self.fresh_id()),
            name: free_name(&self.topology, plan.label()),
            x,
            y,
            luck: None,
            preset: plan.preset,
            settings: plan.settings(),
            paper: Paper::default(),
        };
        self.put_node(node)
    }

    pub(super) fn put_node(&mut self, node: Node) -> Result<NodeId, Problem> {
        let id = node.id;
        self.change(Intervention::AddNode(Box::new(node)))?;
        Ok(id)
    }

    /// Adds a link as a new one is.
    ///
    /// # Errors
    /// Why the two do not fit.
    pub fn add_link(&mut self, from: NodeId, to: NodeId) -> Result<LinkId, Problem> {
        let id = LinkId(self.fresh_id());
        self.put_link(Link::new(id, from, to))
    }

    pub(super) fn put_link(&mut self, link: Link) -> Result<LinkId, Problem> {
        let id = link.id;
        self.change(Intervention::AddLink(Box::new(link)))?;
        Ok(id)
    }

    /// Lets a link end at another node. What its draws go by stays.
    ///
    /// # Errors
    /// Why the two do not fit.
    pub fn reconnect(&mut self, id: LinkId, end: End, node: NodeId) -> Result<LinkId, Problem> {
        let old = self.link(id)?;
        let mut link = Link {
            id: LinkId(self.fresh_id()),
            luck: Some(old.luck_name()),
            ..old
        };
        match end {
            End::From => link.from = node,
            End::To => link.to = node,
        }
        self.change(Intervention::RemoveLink { link: id })?;
        self.put_link(link)
    }

    /// Lets a link go the other way round. What its draws go by stays.
    ///
    /// # Errors
    /// Why the two do not fit.
    pub fn turn(&mut self, id: LinkId) -> Result<LinkId, Problem> {
        let old = self.link(id)?;
        let link = Link {
            id: LinkId(self.fresh_id()),
            from: old.to,
            to: old.from,
            luck: Some(old.luck_name()),
            ..old
        };
        self.change(Intervention::RemoveLink { link: id })?;
        self.put_link(link)
    }

    fn link(&self, id: LinkId) -> Result<Link, Problem> {
        let link = self.topology.link(id).cloned();
        link.ok_or_else(|| Problem::new(id.to_string(), "it is not there", "draw it anew"))
    }

    /// Gives a setting of nodes another value.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn set(&mut self, nodes: &[NodeId], field: &str, value: &Value) -> Result<(), Problem> {
        for node in nodes {
            let there = self.topology.node(*node);
            if there.is_some_and(|node| node.settings.to_json().get(field) == Some(value)) {
                continue;
            }
            let (node, field, value) = (*node, field.to_owned(), value.clone());
            self.change(Intervention::SetNode { node, field, value })?;
        }
        Ok(())
    }

    /// Lets a node follow a preset, or none any more. What the user set himself stays, but for
    /// the settings in `given_up`.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub fn follow_preset(
        &mut self,
        id: NodeId,
        preset: Option<&'static Preset>,
        given_up: &[&str],
    ) -> Result<(), Problem> {
        let Some(node) = self.topology.node(id) else {
            return Ok(());
        };
        let steps = plan(&node.settings, node.preset, preset).steps(&node.settings, given_up);
        for step in steps {
            self.set(&[id], step.field.name, &step.to)?;
        }
        self.redraw(id, |node| node.preset = preset);
        Ok(())
    }

    /// Gives a setting of a link another value.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn set_link(
        &mut self,
        links: &[LinkId],
        field: &str,
        value: &Value,
    ) -> Result<(), Problem> {
        for link in links {
            let there = self.topology.link(*link);
            if there.is_some_and(|link| json!(link.settings).get(field) == Some(value)) {
                continue;
            }
            let (link, field, value) = (*link, field.to_owned(), value.clone());
            self.change(Intervention::SetLink { link, field, value })?;
        }
        Ok(())
    }

    /// Changes the name of a node, at all times.
    pub fn rename(&mut self, id: NodeId, name: &str) {
        let Some(label) = self.topology.kind(id).map(|kind| kind.descriptor().label) else {
            return;
        };
        let name = fitting_name(name, label);
        self.redraw(id, |node| node.name.clone_from(&name));
    }

    /// Puts nodes somewhere else, at all times.
    pub fn place(&mut self, places: &[(NodeId, i32, i32)]) {
        for (id, x, y) in places {
            self.redraw(*id, |node| (node.x, node.y) = (*x, *y));
        }
    }

    /// Changes how a node is drawn, which is not for some moment but for all.
    fn redraw(&mut self, id: NodeId, change: impl Fn(&mut Node)) {
        let script = self.document.script.iter_mut();
        let added = script.filter_map(|entry| match &mut entry.what {
            Intervention::AddNode(node) if node.id == id => Some(&mut **node),
            _ => None,
        });
        let drawn = self.document.topology.node_mut(id);
        let shown = self.topology.node_mut(id);
        for node in drawn.into_iter().chain(shown).chain(added) {
            change(node);
        }
    }
}

/// A name that no node has yet: "Queue", "Queue 2".
pub(super) fn free_name(topology: &Topology, wanted: &str) -> String {
    let is_taken = |name: &str| topology.nodes.iter().any(|node| node.name == name);
    let stem = wanted
        .rsplit_once(' ')
        .filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(wanted, |(stem, _)| stem);
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let numbered = (2..).map(|number: u32| format!("{stem} {number}"));
    let mut free = numbered.filter(|name| !is_taken(name));
    free.next().unwrap_or_else(|| wanted.to_owned())
}

/// A name as a document may have it.
pub(super) fn fitting_name(name: &str, otherwise: &str) -> String {
    let name: String = name.trim().chars().take(TextLimit::Name.most()).collect();
    if name.is_empty() {
        otherwise.to_owned()
    } else {
        name
    }
}
