//! Commands that change the document.

use leptos::prelude::*;
use serde_json::Value;

use crate::app::document;
use crate::app::session::{Dialog, QuickAdd, Session};
use crate::app::storage;
use crate::editor::said::done;
use crate::editor::scene::{CARD_WIDTH, Rope};
use crate::editor::{Burst, Desk, End, Item, Point, Reach, Selection};
use crate::nodes::{Blueprint, Preset, Role};
use crate::scenario::Scenario;
use crate::simulation::Intervention;
use crate::topology::{Link, Problem, TextLimit, Topology};
use crate::units::{LinkId, NodeId, sort};

/// How high a new card is, about: for its place under the pointer.
const NEW_CARD_HEIGHT: f64 = 110.0;
/// A node that is added beside another one goes this far to the right.
const BESIDE: f64 = CARD_WIDTH + 116.0;
const REACH_KEY: &str = "eventyard.reach";

impl Session {
    /// Changes the document as one step. Says what is wrong if it cannot be done.
    pub fn edit<T>(
        &self,
        name: impl Into<String>,
        burst: Option<Burst>,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, Problem>,
    ) -> Option<T> {
        let name = name.into();
        let outcome = self.edit_quietly(&name, burst, change)?;
        self.speak(done(&name));
        Some(outcome)
    }

    /// The same without a word, if it can be done.
    pub fn edit_quietly<T>(
        &self,
        name: &str,
        burst: Option<Burst>,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, Problem>,
    ) -> Option<T> {
        let outcome = self.act(|player| player.edit(name, burst, change));
        match outcome? {
            Ok(outcome) => {
                document::keep(*self);
                Some(outcome)
            }
            Err(problem) => {
                self.say(problem.to_string(), true);
                None
            }
        }
    }

    /// The document is from now on what somebody has written.
    pub fn write(&self, document: Scenario) {
        let burst = Some(Burst("text".to_owned()));
        let told = document.clone();
        let done = self.act(|player| player.replace(document, "edit the text", burst));
        match done {
            Some(Ok(())) => {
                crate::app::open::describe(*self, &told);
                document::keep(*self);
            }
            Some(Err(problem)) => self.say(problem.to_string(), true),
            None => {}
        }
    }

    /// A step was done: it is said and kept.
    pub fn done(&self, name: &str) {
        self.speak(done(name));
        document::keep(*self);
    }

    /// Does something that changes the topology. If the run has begun and the person never said
    /// from when on changes hold, that is asked first.
    pub fn when_reach_is_known(&self, command: impl FnOnce(Self) + 'static) {
        let has_begun = self.player.with_value(|player| player.has_begun());
        if has_begun && self.reach.get_untracked().is_none() {
            self.postponed.set_value(Some(Box::new(command)));
            self.dialog_below.set_value(self.dialog.get_untracked());
            self.dialog.set(Some(Dialog::Reach));
        } else {
            command(*self);
        }
    }

    /// The answer to from when on changes hold; what waited for it is done.
    pub fn set_reach(&self, reach: Reach) {
        self.reach.set(Some(reach));
        self.player.update_value(|player| player.set_reach(reach));
        let name = match reach {
            Reach::FromNow => "now",
            Reach::FromStart => "start",
        };
        storage::write(REACH_KEY, name);
        let mut postponed = None;
        self.postponed
            .update_value(|waits| postponed = waits.take());
        if let Some(command) = postponed {
            command(*self);
        }
    }

    /// What the person said on an earlier visit.
    pub fn recall_reach(&self) {
        let reach = match storage::read(REACH_KEY).as_deref() {
            Some("now") => Reach::FromNow,
            Some("start") => Reach::FromStart,
            _ => return,
        };
        self.reach.set(Some(reach));
        self.player.update_value(|player| player.set_reach(reach));
    }

    /// Does something to the system now: a fault, or a message.
    pub fn intervene(&self, what: Intervention) {
        let name = self
            .player
            .with_value(|player| what.label(player.run().topology()));
        self.edit(name, None, |desk| desk.intervene(what));
    }

    /// Gives a setting of nodes another value.
    pub fn set_nodes(&self, nodes: Vec<NodeId>, field: &'static str, value: Value) {
        let name = match nodes.as_slice() {
            [node] => format!("{field} of {}", self.name_of(*node)),
            several => format!("{field} of {} nodes", several.len()),
        };
        let burst = Burst(format!("{field} {nodes:?}"));
        self.when_reach_is_known(move |session| {
            session.edit(name, Some(burst), |desk| desk.set(&nodes, field, &value));
        });
    }

    /// Lets a node follow a preset, or none any more; in these settings the user gives up what he
    /// set himself.
    pub fn follow_preset(
        &self,
        node: NodeId,
        preset: Option<&'static Preset>,
        given_up: Vec<&'static str>,
    ) {
        let like = preset.map_or("no product", |preset| preset.label);
        let name = format!("{} behaves like {like}", self.name_of(node));
        self.when_reach_is_known(move |session| {
            session.edit(name, None, |desk| {
                desk.follow_preset(node, preset, &given_up)
            });
        });
    }

    /// Gives a setting of links another value.
    pub fn set_links(&self, links: Vec<LinkId>, field: &'static str, value: Value) {
        let name = match links.len() {
            1 => format!("{field} of a link"),
            several => format!("{field} of {several} links"),
        };
        let burst = Burst(format!("{field} {links:?}"));
        self.when_reach_is_known(move |session| {
            session.edit(name, Some(burst), |desk| {
                desk.set_link(&links, field, &value)
            });
        });
    }

    /// The name of a node.
    pub fn name_of(&self, id: NodeId) -> String {
        self.player.with_value(|player| player.name_of(id))
    }

    /// Takes back what was done by hand.
    pub fn remove_mark(&self, index: usize) {
        self.edit("remove a mark", None, |desk| {
            desk.remove_mark(index);
            Ok(())
        });
    }

    /// Takes the last step back, or does it again.
    pub fn undo(&self, redo: bool) {
        let name = self.act(|player| if redo { player.redo() } else { player.undo() });
        match name.flatten() {
            Some(name) => {
                let verb = if redo { "Redid" } else { "Undid" };
                self.speak(format!("{verb}: {name}"));
                document::keep(*self);
            }
            None => self.speak("Nothing is left to undo"),
        }
    }

    /// Adds a node where there is room: beside what is selected, with a link if the two
    /// fit, or in the middle of the screen.
    pub fn add_somewhere(&self, what: Blueprint) {
        let selected = self.selection.with_untracked(Selection::only);
        let beside = match selected {
            Some(Item::Node(id)) => Some(id),
            _ => None,
        };
        let place = self.player.with_value(|player| {
            let start = beside
                .and_then(|id| player.rect_of(Item::Node(id)))
                .map(|card| Point::new(card.x + BESIDE, card.y));
            let view = player.view();
            let middle = Point::new(view.width / 2.0, view.height * 0.45);
            let middle = view.camera.world_from_screen(middle)
                - Point::new(CARD_WIDTH / 2.0, NEW_CARD_HEIGHT / 2.0);
            player.free_place(start.unwrap_or(middle))
        });
        self.add_at(what, place, beside);
    }

    /// Adds a node with its middle at a point of the screen, and a link to it.
    pub fn add_under(&self, what: Blueprint, at_in_screen: Point, from: Option<NodeId>) {
        let middle = Point::new(CARD_WIDTH / 2.0, NEW_CARD_HEIGHT / 2.0);
        let camera = self.camera.get_untracked();
        let corner = match from {
            // The link ends where the pointer is: at the left edge of the new card.
            Some(_) => Point::new(0.0, middle.y),
            None => middle,
        };
        self.add_at(what, camera.world_from_screen(at_in_screen) - corner, from);
    }

    fn add_at(&self, what: Blueprint, corner_in_world: Point, from: Option<NodeId>) {
        let view = self.view.get_untracked();
        self.when_reach_is_known(move |session| {
            let (x, y) = session
                .player
                .with_value(|player| player.view().drawn_at(corner_in_world));
            let (x, y) = (x.div_euclid(8) * 8, y.div_euclid(8) * 8);
            let name = match what.preset {
                Some(preset) => format!("add {}", preset.label),
                None => format!("add {}", what.label().to_lowercase()),
            };
            let added = session.edit(name, None, |desk| {
                let node = desk.add_like(what, x, y)?;
                if let Some((from, to)) = from.and_then(|from| fitting(desk.topology(), from, node))
                {
                    desk.add_link(from, to)?;
                }
                if let Some(view) = view {
                    desk.change_view(view, |view| view.nodes.push(node));
                }
                Ok(node)
            });
            if let Some(node) = added {
                // What was added stays where it was put, on the screen as well.
                session.fitted.set_value(false);
                session.show_view(view);
                session.select(Selection::one(Item::Node(node)));
                session.reveal(Item::Node(node));
            }
        });
    }

    /// What a link from one node to another would be, or why there can be none.
    pub fn link_words(&self, from: NodeId, to: NodeId) -> Result<String, String> {
        self.player.with_value(|player| {
            let topology = player.run().topology();
            match problem_between(topology, from, to) {
                Some(problem) => Err(problem),
                None => Ok(role_words(topology, (from, to))),
            }
        })
    }

    /// Draws a link between two nodes, if they fit; otherwise says why not. If it was begun to take
    /// an end of a link somewhere else, `to` is where.
    pub fn link(&self, from: NodeId, to: NodeId) {
        if let Some((link, end)) = self.reconnecting.get_value() {
            self.stop_linking();
            return self.reconnect(link, end, to);
        }
        let (names, problem) = self.player.with_value(|player| {
            let names = format!("link {} to {}", player.name_of(from), player.name_of(to));
            (names, problem_between(player.run().topology(), from, to))
        });
        self.stop_linking();
        if let Some(problem) = problem {
            return self.say(problem, true);
        }
        self.when_reach_is_known(move |session| {
            let link = session.edit(names, None, |desk| desk.add_link(from, to));
            if let Some(link) = link {
                session.select(Selection::one(Item::Link(link)));
            }
        });
    }

    /// Takes an end of a link to another node.
    pub fn reconnect(&self, link: LinkId, end: End, node: NodeId) {
        self.when_reach_is_known(move |session| {
            let moved = session.edit("reconnect a link", None, |desk| {
                desk.reconnect(link, end, node)
            });
            if let Some(link) = moved {
                session.select(Selection::one(Item::Link(link)));
            }
        });
    }

    /// Begins a link at a node; the next node that is picked is its other end.
    pub fn begin_link(&self, from: NodeId) {
        self.connecting.set(Some(from));
        let name = self.name_of(from);
        let start = self.player.with_value(|player| {
            player
                .rect_of(Item::Node(from))
                .map(|card| Point::new(card.right(), card.center().y))
        });
        if let Some(start) = start {
            self.show_rope(from, start, start, false);
        }
        self.speak(format!(
            "Link from {name}: choose the node where it goes, Escape gives it up"
        ));
    }

    /// Begins to take an end of the selected link to another node.
    pub fn begin_reconnect(&self, end: End) {
        let Some(Item::Link(id)) = self.selection.with_untracked(Selection::only) else {
            return;
        };
        let other = self.player.with_value(|player| {
            let link = player.run().topology().link(id)?;
            Some(if end == End::To { link.from } else { link.to })
        });
        if let Some(other) = other {
            self.begin_link(other);
            self.reconnecting.set_value(Some((id, end)));
        }
    }

    /// A link that was begun is given up.
    pub fn stop_linking(&self) {
        self.reconnecting.set_value(None);
        if self.connecting.get_untracked().is_some() {
            self.connecting.set(None);
        }
        self.player
            .update_value(|player| player.view_mut().draft.rope = None);
    }

    /// Shows a link that is being drawn from a node to a point of the world; `backwards` if it
    /// ends at the node and its beginning is being drawn.
    pub fn show_rope(&self, source: NodeId, from: Point, to: Point, backwards: bool) {
        self.player.update_value(|player| {
            let target = crate::editor::node_at(player.scene(), to).filter(|id| *id != source);
            let topology = player.run().topology();
            let ends = |id: NodeId| {
                if backwards {
                    (id, source)
                } else {
                    (source, id)
                }
            };
            let problem_with = |id: NodeId| {
                let (from, to) = ends(id);
                problem_between(topology, from, to)
            };
            let mut fitting: Vec<NodeId> = topology.nodes.iter().map(|node| node.id).collect();
            fitting.retain(|id| problem_with(*id).is_none());
            sort(&mut fitting);
            let problem = target.and_then(problem_with);
            let words = match (&problem, target) {
                (Some(problem), _) => problem.clone(),
                (None, Some(id)) => role_words(topology, ends(id)),
                (None, None) => String::new(),
            };
            player.view_mut().draft.rope = Some(Rope {
                from,
                to,
                fitting,
                source,
                words,
                fits: problem.is_none(),
            });
        });
    }

    /// A link was drawn to a point of the screen: to the node there, or to a new one.
    pub fn drop_link(&self, from: NodeId, at_in_screen: Point) {
        let at = self.camera.get_untracked().world_from_screen(at_in_screen);
        let target = self
            .player
            .with_value(|player| crate::editor::node_at(player.scene(), at));
        match target {
            Some(to) if to != from => self.link(from, to),
            Some(_) => self.stop_linking(),
            None => {
                self.connecting.set(None);
                // A finger that tapped there has drawn nothing so far.
                let rope = self
                    .player
                    .with_value(|player| player.view().draft.rope.as_ref().map(|rope| rope.from));
                if let Some(start) = rope {
                    self.show_rope(from, start, at, false);
                    self.act(|_| ());
                }
                let from = Some(from);
                self.quick_add.set(Some(QuickAdd { at_in_screen, from }));
            }
        }
    }

    /// Removes what is selected.
    pub fn delete(&self) {
        let items = self
            .selection
            .with_untracked(|selection| selection.items().to_vec());
        self.remove(items);
    }

    /// Removes items.
    pub fn remove(&self, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let heir = self.heir_of(&items);
        let name = match items.as_slice() {
            [Item::Node(id)] => format!("delete {}", self.name_of(*id)),
            [Item::Link(_)] => "delete a link".to_owned(),
            [Item::Note(_)] => "delete a note".to_owned(),
            [Item::Frame(_)] => "delete a frame".to_owned(),
            several => format!("delete {} things", several.len()),
        };
        let draws_only = |item: &Item| matches!(item, Item::Note(_) | Item::Frame(_));
        let draws_only = items.iter().all(draws_only);
        let command = move |session: Self| {
            if session
                .edit(name, None, |desk| desk.remove(&items))
                .is_some()
            {
                session.inherit_focus(heir);
            }
        };
        if draws_only {
            command(*self);
        } else {
            self.when_reach_is_known(command);
        }
    }

    /// Changes the name of a node, frame or note.
    pub fn rename(&self, item: Item, text: &str) {
        let short: String = text.chars().take(TextLimit::Note.most()).collect();
        let burst = Some(Burst(format!("name {item:?}")));
        self.edit("rename", burst, |desk| {
            match item {
                Item::Node(id) => desk.rename(id, &short),
                Item::Frame(id) => desk.change_frame(id, |frame| frame.name = short),
                Item::Note(id) => desk.set_note(id, &short),
                Item::Link(_) => {}
            }
            Ok(())
        });
    }
}

/// In which direction a link between two nodes fits: as it was drawn, or the other way round.
fn fitting(topology: &Topology, from: NodeId, to: NodeId) -> Option<(NodeId, NodeId)> {
    let (a, b) = (topology.kind(from)?, topology.kind(to)?);
    let as_drawn = crate::editor::palette::direction(a, b)?;
    Some(if as_drawn { (from, to) } else { (to, from) })
}

/// Why no link can go from one node to another; `None` if one can.
fn problem_between(topology: &Topology, from: NodeId, to: NodeId) -> Option<String> {
    let is_there = |link: &Link| link.from == from && link.to == to;
    if topology.links.iter().any(is_there) {
        return Some("They are linked already".to_owned());
    }
    let link = Link::new(LinkId(u32::MAX), from, to);
    let problem = topology.problem_with_link(&link)?;
    Some(capital(&problem.what))
}

/// What a link would be: "Orders delivers to E-mail".
fn role_words(topology: &Topology, (from, to): (NodeId, NodeId)) -> String {
    let name = |id| topology.node(id).map_or("", |node| node.name.as_str());
    let kinds = topology.kind(from).zip(topology.kind(to));
    let role = kinds.and_then(|(from, to)| Role::between(from, to));
    let verb = role.map_or("", Role::verb);
    format!("{} {verb} to {}", name(from), name(to))
}

/// The text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
