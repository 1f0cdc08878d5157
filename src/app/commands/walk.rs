//! Walking over the canvas by keys: what is selected has the focus, and is said. While a link is
//! drawn, walking looks for its other end and selects nothing.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::app::session::Session;
use crate::editor::actions::Way;
use crate::editor::boxes::box_chips;
use crate::editor::walk::{Direction, along, order};
use crate::editor::{End, Item, Rect, Selection, handles};
use crate::units::NodeId;

impl Session {
    /// Everything that is walked over, in order: each node is followed by its links.
    fn walk_order(&self) -> Vec<Item> {
        self.player.with_value(|player| {
            let scene = player.scene();
            let topology = player.run().topology();
            let shown = |id| scene.links.iter().any(|line| line.id == id);
            let links = topology.links.iter().filter(|link| shown(link.id));
            let links: Vec<_> = links.collect();
            let nodes = order(&cards(scene));
            let mut items = Vec::with_capacity(nodes.len() + links.len());
            for node in &nodes {
                items.push(Item::Node(*node));
                let leaving = links.iter().filter(|link| link.from == *node);
                items.extend(leaving.map(|link| Item::Link(link.id)));
            }
            // What leaves a folded frame.
            let others = links.iter().filter(|link| !nodes.contains(&link.from));
            items.extend(others.map(|link| Item::Link(link.id)));
            items.extend(box_chips(scene).iter().map(|chip| chip.item));
            items
        })
    }

    /// The one item to which Tab comes from elsewhere: what is selected, what had the focus last,
    /// or the first.
    pub fn tab_stop(&self) -> Option<Item> {
        let order = self.walk_order();
        let here = self.standing().filter(|item| order.contains(item));
        here.or_else(|| order.first().copied())
    }

    /// Where walking starts.
    fn standing(&self) -> Option<Item> {
        let focused = self.focused.get_untracked();
        if self.connecting.get_untracked().is_some() {
            return focused;
        }
        let chosen = self.selection.with_untracked(Selection::only);
        chosen.or(focused)
    }

    /// Goes to the next node or link, or the one before. Past the last one the focus leaves the
    /// canvas; says whether it stayed.
    pub fn walk(&self, forward: bool) -> bool {
        let mut items = self.walk_order();
        let links = self.connecting.get_untracked().is_some();
        if links {
            let fitting = self.player.with_value(|player| {
                let rope = player.view().draft.rope.as_ref();
                rope.map(|rope| rope.fitting.clone()).unwrap_or_default()
            });
            let here = self.focused.get_untracked();
            items.retain(|item| match item {
                Item::Node(id) => fitting.contains(id) || here == Some(*item),
                _ => false,
            });
        }
        let place = self.standing();
        let place = place.and_then(|item| items.iter().position(|other| *other == item));
        let next = match (place, forward) {
            (None, true) => Some(0),
            (None, false) => items.len().checked_sub(1),
            (Some(place), true) if links && place + 1 == items.len() => Some(0),
            (Some(0), false) if links => items.len().checked_sub(1),
            (Some(place), true) => Some(place + 1),
            (Some(place), false) => place.checked_sub(1),
        };
        let Some(item) = next.and_then(|place| items.get(place)) else {
            return links;
        };
        self.go_to_item(*item);
        true
    }

    /// Goes to the node at the other end of a link that goes this way; it is selected alone, or as
    /// well.
    pub fn walk_along(&self, way: Way, also: bool) {
        let selection = self.selection.get_untracked();
        let from = match self.standing() {
            Some(Item::Node(id)) if selection.items().len() < 2 => Some(id),
            Some(_) if selection.items().len() < 2 => None,
            // Of several, the one from which the way goes on is the outermost.
            _ => self.player.with_value(|player| {
                let (x, y) = way.step();
                let far = |id: &NodeId| {
                    let card = player.rect_of(Item::Node(*id)).unwrap_or_default();
                    card.x * f64::from(x) + card.y * f64::from(y)
                };
                let nodes = selection.nodes();
                nodes.max_by(|a, b| far(a).total_cmp(&far(b)))
            }),
        };
        let Some(from) = from else {
            self.walk(true);
            return;
        };
        let direction = match way {
            Way::Left => Direction::Left,
            Way::Right => Direction::Right,
            Way::Up => Direction::Up,
            Way::Down => Direction::Down,
        };
        let found = self.player.with_value(|player| {
            along(
                player.run().topology(),
                &cards(player.scene()),
                from,
                direction,
            )
        });
        match found {
            Some(node) if also && self.connecting.get_untracked().is_none() => {
                let items = selection.items().iter().copied();
                self.select(Selection::of(items.chain([Item::Node(node)])));
                self.reveal(Item::Node(node));
            }
            Some(node) => self.go_to_item(Item::Node(node)),
            None => self.speak("No link goes that way"),
        }
    }

    /// Selects an item, shows it and gives it the focus. While a link is drawn, it is drawn there.
    pub fn go_to_item(&self, item: Item) {
        if self.connecting.get_untracked().is_none() {
            self.select(Selection::one(item));
        } else if let Item::Node(node) = item {
            self.aim_link(node);
        }
        self.reveal(item);
        self.focus_item(item);
    }

    /// The name of an item's element, for scripts that look at the page from outside.
    pub fn element_of(item: Item) -> String {
        match item {
            Item::Node(id) => format!("node-{}", id.0),
            Item::Link(id) => format!("link-{}", id.0),
            Item::Note(id) => format!("note-{}", id.0),
            Item::Frame(id) => format!("frame-{}", id.0),
        }
    }

    /// Gives an item the focus of the page. Says whether it has it.
    pub fn focus_item(&self, item: Item) -> bool {
        let name = Self::element_of(item);
        let element = document().query_selector(&format!(".overlay [data-testid={name}]"));
        let element = element.ok().flatten();
        let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        element.is_some_and(|element| element.focus().is_ok())
    }

    /// Gives an item the focus once it is on the page.
    fn focus_soon(self, item: Item) {
        request_animation_frame(move || {
            self.focus_item(item);
        });
    }

    /// The item that has the focus of the page.
    pub fn item_with_focus(&self) -> Option<Item> {
        let item = self.focused.get_untracked();
        item.filter(|_| focus_is_in(".overlay"))
    }

    /// Draws the link that was begun to a node, and says what it would be.
    fn aim_link(&self, target: NodeId) {
        let Some(source) = self.connecting.get_untracked() else {
            return;
        };
        let rects = self.player.with_value(|player| {
            let rect = |id| player.rect_of(Item::Node(id));
            rect(source).zip(rect(target))
        });
        let Some((from, to)) = rects else { return };
        let to = to.center();
        let nearest = handles(from);
        let nearest = nearest
            .into_iter()
            .min_by(|a, b| a.distance(to).total_cmp(&b.distance(to)));
        let backwards = matches!(self.reconnecting.get_value(), Some((_, End::From)));
        self.show_rope(source, nearest.unwrap_or(to), to, backwards);
        let words = self.player.with_value(|player| {
            let rope = player.view().draft.rope.as_ref();
            rope.map(|rope| rope.words.clone()).unwrap_or_default()
        });
        self.speak(words);
    }

    /// An item was chosen by a key or a screen reader: it is the end of the link that was begun,
    /// or it is selected.
    pub fn choose(&self, item: Item) {
        match (self.connecting.get_untracked(), item) {
            (None, _) => self.select(Selection::one(item)),
            (Some(from), Item::Node(to)) if from != to => {
                self.link(from, to);
                let link = self.selection.with_untracked(Selection::only);
                if let Some(link) = link.filter(|link| matches!(link, Item::Link(_))) {
                    self.focus_soon(link);
                }
            }
            (Some(_), _) => self.speak("Choose another node, Escape gives the link up"),
        }
    }

    /// Takes the focus back from the inspector to what it shows. Says whether it was there.
    pub fn leave_inspector(&self) -> bool {
        let item = self.selection.with_untracked(Selection::only);
        focus_is_in(".inspector") && item.is_some_and(|item| self.focus_item(item))
    }

    /// What takes the focus when items go that have it: the node before them.
    pub fn heir_of(&self, gone: &[Item]) -> Option<Item> {
        self.item_with_focus()?;
        let order = self.walk_order();
        let place = order.iter().position(|item| gone.contains(item))?;
        let stays = |item: &&Item| matches!(item, Item::Node(_)) && !gone.contains(item);
        let before = order[..place].iter().rev().find(stays);
        before
            .or_else(|| order[place..].iter().find(stays))
            .copied()
    }

    /// Gives the focus to the heir of what has gone.
    pub fn inherit_focus(&self, heir: Option<Item>) {
        if let Some(heir) = heir {
            self.focus_soon(heir);
        }
    }
}

fn focus_is_in(selector: &str) -> bool {
    let focused: Option<Element> = document().active_element();
    focused.is_some_and(|it| it.closest(selector).ok().flatten().is_some())
}

fn cards(scene: &crate::editor::scene::Scene) -> Vec<(NodeId, Rect)> {
    let cards = scene.cards.iter();
    cards.map(|card| (card.id, card.rect)).collect()
}
