//! Opening the menu of an item, by pointer or by key.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::session::{Menu, Session};
use crate::editor::actions::Subject;
use crate::editor::{Item, Point, Rect, Selection};
use crate::engine::MessageId;
use crate::units::{LinkId, NodeId};

impl Session {
    /// Opens the menu of an item, or of the canvas. What is not selected yet is selected, so that
    /// the menu is about what is selected.
    pub fn open_menu(&self, item: Option<Item>, message: Option<MessageId>, at: Point) {
        let chosen = self.selection.get_untracked();
        let subject = match item {
            None => Subject::Canvas,
            Some(item) if chosen.has(item) && chosen.items().len() > 1 => Subject::Several,
            Some(item) => {
                if !chosen.has(item) {
                    self.act(|player| player.select(Selection::one(item)));
                }
                match item {
                    Item::Node(_) => Subject::Node,
                    Item::Link(_) => Subject::Link,
                    Item::Note(_) => Subject::Note,
                    Item::Frame(_) => Subject::Frame,
                }
            }
        };
        if message.is_some() {
            // What is done by hand is done with this one.
            self.act(|player| player.open_row(message));
        }
        self.menu.set(Some(Menu {
            at,
            subject,
            message,
        }));
    }

    /// Opens the menu of what has the focus on the canvas, or else of what is selected.
    pub fn open_menu_by_key(&self) {
        let first = self
            .selection
            .with_untracked(|items| items.items().first().copied());
        let item = focused_item().or(first);
        let at = self.player.with_value(|player| {
            let view = player.view();
            let whole = Rect::new(0.0, 0.0, view.width, view.height);
            let middle = item.and_then(|item| player.rect_of(item)).map(|rect| {
                let middle = view.camera.screen_from_world(rect.center());
                let (x, y) = (middle.x.min(whole.w), middle.y.min(whole.h));
                Point::new(x.max(0.0), y.max(0.0))
            });
            middle.unwrap_or(whole.center())
        });
        self.open_menu(item, None, at);
    }
}

/// The node or link that has the focus.
fn focused_item() -> Option<Item> {
    let element = document().active_element()?;
    let element = element.dyn_into::<web_sys::HtmlElement>().ok()?;
    let name = element.dataset().get("testid")?;
    let (what, id) = name.split_once('-')?;
    let id = id.parse().ok()?;
    match what {
        "node" => Some(Item::Node(NodeId(id))),
        "link" => Some(Item::Link(LinkId(id))),
        _ => None,
    }
}
