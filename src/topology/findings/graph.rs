//! The drawing as a graph by numbers: who is linked to whom, and which links could carry something.
//!
//! It knows what links could do, but not what flows.

use std::collections::BTreeMap;

use crate::nodes::{Conduct, Picks, Role, Way};
use crate::topology::{Link, Node, Topology};
use crate::units::{NodeId, map_of};

/// An event type by number.
pub type TypeNumber = u32;

/// Any type: what a person may choose by hand.
pub const ANYTHING: TypeNumber = 0;

/// Most event types that are told apart.
const TYPES_MAX: usize = 300;

/// The drawing.
pub struct Graph<'t> {
    /// The nodes, in the order of the topology.
    pub points: Vec<Point<'t>>,
    /// The links that have two ends which fit, in the order of the topology.
    pub lines: Vec<Line<'t>>,
    names: BTreeMap<&'t str, TypeNumber>,
    texts: Vec<&'t str>,
}

/// A node.
pub struct Point<'t> {
    pub node: &'t Node,
    pub conduct: Conduct<'t>,
    /// The lines that leave it.
    pub out: Vec<usize>,
    /// The lines that come to it.
    pub into: Vec<usize>,
}

/// A link.
pub struct Line<'t> {
    pub link: &'t Link,
    pub role: Role,
    pub from: usize,
    pub to: usize,
    /// Why it can carry nothing, if it cannot.
    pub idle: Option<Idle>,
    types: Vec<TypeNumber>,
}

/// Why a link can carry nothing, whatever its source has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// It is cut.
    Cut,
    /// Everything is lost on it.
    Lossy,
    /// The node at this end uses only its first link of the role.
    NotFirst(NodeId),
}

impl<'t> Graph<'t> {
    pub fn new(topology: &'t Topology) -> Self {
        let points: Vec<Point> = topology
            .nodes
            .iter()
            .map(|node| Point {
                node,
                conduct: node.settings.conduct(),
                out: Vec::new(),
                into: Vec::new(),
            })
            .collect();
        let mut graph = Self {
            points,
            lines: Vec::with_capacity(topology.links.len()),
            names: BTreeMap::new(),
            texts: vec!["anything"],
        };
        let places: BTreeMap<NodeId, usize> =
            map_of(topology.nodes.iter().map(|node| node.id).zip(0..));
        for link in &topology.links {
            let ends = (places.get(&link.from), places.get(&link.to));
            if let (Some(&from), Some(&to)) = ends {
                graph.add(link, from, to);
            }
        }
        graph.learn_types();
        graph
    }

    fn add(&mut self, link: &'t Link, from: usize, to: usize) {
        let kind = |point: usize| self.points[point].node.settings.kind();
        let role = Role::of(kind(from), kind(to), link.settings.calls);
        let Some(role) = role.filter(|_| from != to) else {
            return;
        };
        let one_only = |point: usize, lines: &[usize]| {
            let known = |line: &usize| self.lines[*line].role == role;
            let only_first = self.points[point].conduct.only_first.contains(&role);
            (only_first && lines.iter().any(known)).then(|| self.points[point].node.id)
        };
        let gives = one_only(from, &self.points[from].out);
        let takes = one_only(to, &self.points[to].into);
        let idle = match gives.or(takes) {
            Some(node) => Some(Idle::NotFirst(node)),
            None if link.settings.cut => Some(Idle::Cut),
            None if link.settings.loss.millionths() == 1_000_000 => Some(Idle::Lossy),
            None => None,
        };
        let line = self.lines.len();
        self.points[from].out.push(line);
        self.points[to].into.push(line);
        self.lines.push(Line {
            link,
            role,
            from,
            to,
            idle,
            types: Vec::new(),
        });
    }

    fn learn_types(&mut self) {
        let mut names: Vec<&'t str> = Vec::new();
        for point in &self.points {
            let conduct = &point.conduct;
            names.extend(conduct.offers.iter().filter_map(|it| it.event));
            let passings = conduct.passings.iter();
            names.extend(passings.flat_map(|it| [it.on, it.gives]).flatten());
            names.extend(conduct.expected.iter().map(|it| it.event));
        }
        for line in &self.lines {
            names.extend(line.link.settings.types.iter().map(String::as_str));
        }
        for name in names {
            if !self.names.contains_key(name) {
                self.names.insert(name, self.texts.len() as TypeNumber);
                self.texts.push(name);
            }
        }
        for n in 0..self.lines.len() {
            let types = &self.lines[n].link.settings.types;
            let numbers = types.iter().map(|name| self.type_number(name)).collect();
            self.lines[n].types = numbers;
        }
    }

    /// Whether there are so many event types that telling them apart would take long.
    pub fn is_too_varied(&self) -> bool {
        self.texts.len() > TYPES_MAX
    }

    /// The number of a type that is in the drawing.
    pub fn type_number(&self, name: &str) -> TypeNumber {
        self.names.get(name).copied().unwrap_or(ANYTHING)
    }

    /// The name of a type.
    pub fn type_name(&self, number: TypeNumber) -> &'t str {
        self.texts[number as usize]
    }

    /// How messages leave the source of a line.
    pub fn way(&self, line: &Line) -> Option<&Way> {
        let ways = &self.points[line.from].conduct.ways;
        ways.iter().find(|way| way.role == line.role)
    }

    /// Whether the types of a line decide what it takes.
    pub fn is_typed(&self, line: &Line) -> bool {
        let is_typed = |way: &Way| matches!(way.picks, Picks::Types | Picks::Group | Picks::Filter);
        self.way(line).is_some_and(is_typed)
    }

    /// Whether only a run knows what of its types a line takes.
    pub fn is_picky(&self, line: &Line) -> bool {
        self.way(line).is_some_and(|way| match way.picks {
            Picks::All | Picks::Types | Picks::Group | Picks::Terms => false,
            Picks::Filter => line.link.settings.filter.is_some(),
            Picks::Binding => true,
        })
    }

    /// Whether a line would take a type, were it not idle.
    pub fn takes(&self, line: &Line, event: TypeNumber) -> bool {
        !self.is_typed(line)
            || event == ANYTHING
            || line.types.is_empty()
            || line.types.contains(&event)
    }

    /// The lines of a role that leave a node and are not idle.
    pub fn open_out(&self, point: usize, role: Role) -> impl Iterator<Item = usize> {
        let out = self.points[point].out.iter().copied();
        out.filter(move |line| self.lines[*line].role == role && self.lines[*line].idle.is_none())
    }

    /// The consumers to which a node lends: lines that are not idle.
    pub fn consumers(&self, point: usize) -> impl Iterator<Item = usize> {
        self.open_out(point, Role::Delivers)
    }

    /// Whether there is a link of a role at a node, idle or not.
    pub fn has(&self, point: usize, role: Role) -> bool {
        let point = &self.points[point];
        let mut lines = point.out.iter().chain(&point.into);
        lines.any(|line| self.lines[*line].role == role)
    }

    /// The name of a node for a sentence.
    pub fn name(&self, point: usize) -> String {
        crate::topology::shown(&self.points[point].node.name)
    }
}
