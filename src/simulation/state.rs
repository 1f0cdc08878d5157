//! Where a run is: all that a keyframe saves.

use std::sync::Arc;

use super::watch::Watch;
use super::{Intervention, Plan};
use crate::engine::{Entry, Fault, LinkIndex, NodeIndex, Place, What, World};
use crate::nodes::{Node as Behaving, Role};
use crate::topology::{Link, Node, Topology};
use crate::units::{NodeId, SimTime};

/// A run at one moment.
#[derive(Clone)]
pub(super) struct State {
    pub(super) world: World<Behaving>,
    /// What is drawn at this moment.
    pub(super) topology: Arc<Topology>,
    /// How many entries of the script have happened.
    pub(super) played: usize,
    pub(super) watch: Watch,
}

impl State {
    /// The state at the start.
    pub(super) fn at_start(plan: &Plan) -> Self {
        let mut world = World::new(plan.seed, plan.limits);
        for node in &plan.topology.nodes {
            add_node(&mut world, node);
        }
        for link in &plan.topology.links {
            add_link(&mut world, &plan.topology, link);
        }
        let watch = Watch::new(&plan.checks, &plan.captions, &plan.topology);
        if !watch.is_idle() {
            world.trace_mut().observe();
        }
        for (node, group) in watch.lagging() {
            world.trace_mut().watch_lag(node, group);
        }
        world.start();
        Self {
            world,
            topology: Arc::new(plan.topology.clone()),
            played: 0,
            watch,
        }
    }

    pub(super) fn now(&self) -> SimTime {
        self.world.now()
    }

    pub(super) fn steps(&self) -> u64 {
        self.world.steps()
    }

    pub(super) fn bytes(&self) -> usize {
        self.world.bytes() + self.topology.nodes.len() * 600 + self.watch.bytes()
    }

    /// Lets something happen to the system now. What no longer fits has no effect.
    pub(super) fn apply(&mut self, what: &Intervention) {
        let before = Arc::clone(&self.topology);
        if what.apply_to(Arc::make_mut(&mut self.topology)).is_err() {
            self.topology = before;
            return;
        }
        self.record(what);
        match what {
            Intervention::SetNode { node, .. } => {
                let settings = self.topology.node(*node).map(|node| node.settings.clone());
                if let (Some(index), Some(settings)) = (self.world.node_index(*node), settings) {
                    self.world.configure(index, settings);
                }
            }
            Intervention::SetLink { link, .. } => {
                let drawn = self.topology.link(*link);
                if let (Some(index), Some(drawn)) = (self.world.link_index(*link), drawn) {
                    self.world.set_link(index, drawn.settings.clone());
                    if let Some(role) = self.topology.role(drawn) {
                        self.world.set_role(index, role.number());
                    }
                    self.world.relink(index);
                }
            }
            Intervention::Crash { node } => self.suffer(*node, Fault::Crash),
            Intervention::Restart { node } => self.suffer(*node, Fault::Restart),
            Intervention::Send {
                node,
                event,
                key,
                body,
                headers,
            } => {
                if let Some(index) = self.world.node_index(*node) {
                    (self.world).inject(index, event, key, body.clone(), headers.clone());
                }
            }
            Intervention::Operate { node, operation } => {
                if let Some(index) = self.world.node_index(*node) {
                    self.world.operate(index, operation.clone());
                }
            }
            Intervention::AddNode(node) => {
                let index = add_node(&mut self.world, node);
                self.world.start_node(index);
            }
            Intervention::RemoveNode { node } => self.suffer(*node, Fault::Remove),
            Intervention::AddLink(link) => {
                if let Some(index) = add_link(&mut self.world, &self.topology, link) {
                    self.world.relink(index);
                }
            }
            Intervention::RemoveLink { link } => {
                if let Some(index) = self.world.link_index(*link) {
                    self.world.remove_link(index);
                }
            }
        }
    }

    fn suffer(&mut self, node: NodeId, fault: Fault) {
        if let Some(index) = self.world.node_index(node) {
            self.world.suffer(index, fault);
        }
    }

    /// Records what a change does. Faults and messages leave entries of their own.
    fn record(&mut self, what: &Intervention) {
        let (happening, place) = match what {
            Intervention::SetNode { node, .. } => (What::Changed, Place::Node(*node)),
            Intervention::SetLink { link, .. } => (What::Changed, Place::Link(*link)),
            Intervention::AddNode(node) => (What::Added, Place::Node(node.id)),
            Intervention::AddLink(link) => (What::Added, Place::Link(link.id)),
            Intervention::RemoveNode { node } => (What::Removed, Place::Node(*node)),
            Intervention::RemoveLink { link } => (What::Removed, Place::Link(*link)),
            _ => return,
        };
        self.world
            .record(Entry::of_place(self.now(), happening, place, what.digest()));
    }
}

fn add_node(world: &mut World<Behaving>, node: &Node) -> NodeIndex {
    world.add_node(
        node.id,
        &node.luck_name(),
        Behaving::new(node.settings.clone()),
    )
}

fn add_link(world: &mut World<Behaving>, topology: &Topology, link: &Link) -> Option<LinkIndex> {
    let role = topology.role(link).map(Role::number)?;
    let ends = (world.node_index(link.from)?, world.node_index(link.to)?);
    Some(world.add_link(
        link.id,
        ends,
        role,
        &link.luck_name(),
        link.settings.clone(),
    ))
}
