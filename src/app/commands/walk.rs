//! Walking over the canvas by keys: what is selected has the focus, and is said.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::session::Session;
use crate::editor::actions::Way;
use crate::editor::boxes::box_chips;
use crate::editor::walk::{Direction, along, order};
use crate::editor::{Item, Rect, Selection};
use crate::units::NodeId;

impl Session {
    /// Selects the next item, or the one before: each node is followed by its links, and at the end
    /// come frames and notes.
    /// Past the last one the focus leaves the canvas; says whether it stayed.
    pub fn walk(&self, forward: bool) -> bool {
        let items = self.player.with_value(|player| {
            let links = &player.run().topology().links;
            let nodes = order(&cards(player.scene()));
            let mut items = Vec::with_capacity(nodes.len() + links.len());
            for node in nodes {
                items.push(Item::Node(node));
                let leaving = links.iter().filter(|link| link.from == node);
                items.extend(leaving.map(|link| Item::Link(link.id)));
            }
            items.extend(box_chips(player.scene()).iter().map(|chip| chip.item));
            items
        });
        let now = self.selection.with_untracked(Selection::only);
        let place = now.and_then(|item| items.iter().position(|other| *other == item));
        let next = match (place, forward) {
            (None, true) => Some(0),
            (None, false) => items.len().checked_sub(1),
            (Some(place), true) => Some(place + 1),
            (Some(place), false) => place.checked_sub(1),
        };
        let Some(item) = next.and_then(|place| items.get(place)) else {
            return false;
        };
        self.go_to_item(*item);
        true
    }

    /// Selects the node at the other end of a link that goes this way, alone or as well.
    pub fn walk_along(&self, way: Way, also: bool) {
        let selection = self.selection.get_untracked();
        let from = match selection.only() {
            Some(Item::Node(id)) => Some(id),
            Some(_) => None,
            // Of several, the one from which the way goes on is the outermost.
            None => self.player.with_value(|player| {
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
            Some(node) if also => {
                let items = selection.items().iter().copied();
                self.select(Selection::of(items.chain([Item::Node(node)])));
                self.reveal(Item::Node(node));
            }
            Some(node) => self.go_to_item(Item::Node(node)),
            None => self.speak("No link goes that way"),
        }
    }

    /// Selects an item, shows it and gives it the focus.
    pub fn go_to_item(&self, item: Item) {
        self.select(Selection::one(item));
        self.reveal(item);
        self.focus_on(item);
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

    /// Gives an item the focus of the keyboard.
    pub fn focus_on(&self, item: Item) {
        let name = Self::element_of(item);
        let element = document().query_selector(&format!("[data-testid={name}]"));
        let element = element.ok().flatten();
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }
}

fn cards(scene: &crate::editor::scene::Scene) -> Vec<(NodeId, Rect)> {
    let cards = scene.cards.iter();
    cards.map(|card| (card.id, card.rect)).collect()
}
