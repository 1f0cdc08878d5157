//! The menu of what is under the pointer, made from the table of actions.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::keyboard::caps_of;
use super::session::{Menu, Session, use_session};
use crate::editor::actions::{self, Row};
use crate::editor::{Action, Hit};

/// How near to the edge of the page a menu comes.
const MARGIN: f64 = 8.0;

/// The menu that is open, if one is.
#[component]
pub fn ContextMenu() -> impl IntoView {
    let session = use_session();
    move || session.menu.get().map(|menu| opened(session, menu))
}

/// One row of a menu.
#[derive(Clone)]
struct Line {
    id: &'static str,
    words: String,
    caps: Vec<String>,
    /// Whether a line is drawn above it.
    parted: bool,
    /// Nothing for the message under the pointer.
    action: Option<Action>,
}

fn lines(session: Session, menu: &Menu) -> Vec<Line> {
    let facts = session.facts.get_untracked();
    let keymap = session.keymap.get_untracked();
    let rows = actions::menu(menu.subject, &facts);
    let mut lines = Vec::with_capacity(rows.len() + 1);
    if menu.message.is_some() {
        lines.push(Line {
            id: "follow",
            words: "Follow this message".to_owned(),
            caps: Vec::new(),
            parted: false,
            action: None,
        });
    }
    let mut before: Option<&Row> = None;
    for row in rows {
        lines.push(Line {
            id: row.id,
            words: row.action.words(&facts),
            caps: caps_of(&keymap, row.action),
            parted: before.map_or(menu.message.is_some(), |it| it.heading != row.heading),
            action: Some(row.action),
        });
        before = Some(row);
    }
    lines
}

/// The menu, and where the focus was before it.
#[derive(Clone, Copy)]
struct Opened {
    session: Session,
    menu: StoredValue<Menu>,
    before: StoredValue<Option<HtmlElement>, LocalStorage>,
    element: NodeRef<html::Div>,
}

fn opened(session: Session, menu: Menu) -> impl IntoView {
    let rows = lines(session, &menu);
    let active = document().active_element();
    let active = active.filter(|it| !it.matches(".menu *").unwrap_or(false));
    let opened = Opened {
        session,
        menu: StoredValue::new(menu),
        before: StoredValue::new_local(active.and_then(|it| it.dyn_into().ok())),
        element: NodeRef::new(),
    };
    Effect::new(move |_| {
        if let Some(element) = opened.element.get() {
            place(&element, menu);
            opened.step(0, true);
        }
    });
    let rows = rows
        .into_iter()
        .map(|line| row_view(opened, line))
        .collect_view();
    view! {
        <div
            class="menu"
            role="menu"
            aria-label="Actions"
            data-testid="menu"
            tabindex="-1"
            node_ref=opened.element
            on:keydown=move |event| opened.on_key(&event)
            on:focusout=move |event| opened.on_leave(&event)
            on:contextmenu=move |event| event.prevent_default()
        >
            {rows}
        </div>
    }
}

fn row_view(opened: Opened, line: Line) -> impl IntoView {
    let caps = line
        .caps
        .into_iter()
        .map(|cap| view! { <kbd>{cap}</kbd> })
        .collect_view();
    let parted = line
        .parted
        .then(|| view! { <div class="menu-line" role="separator"></div> });
    let action = line.action;
    view! {
        {parted}
        <button
            type="button"
            class="menu-row"
            role="menuitem"
            tabindex="-1"
            data-testid=format!("menu-{}", line.id)
            on:click=move |_| opened.choose(action)
            on:pointermove=|event| {
                // What a press would do is what Enter would do.
                let row = event.current_target().and_then(|it| it.dyn_into::<HtmlElement>().ok());
                if let Some(row) = row {
                    let _ = row.focus();
                }
            }
        >
            <span>{line.words}</span>
            <span class="menu-keys" aria-hidden="true">{caps}</span>
        </button>
    }
}

impl Opened {
    fn rows(self) -> Vec<HtmlElement> {
        let element = self.element.get_untracked();
        let first = element.and_then(|element| element.first_element_child());
        let children = std::iter::successors(first, Element::next_element_sibling);
        let rows = children.filter_map(|child| child.dyn_into::<HtmlElement>().ok());
        rows.filter(|row| row.tag_name() == "BUTTON").collect()
    }

    /// Takes the focus to another row, so far from the one that has it or from the first one.
    fn step(self, by: i32, from_start: bool) {
        let rows = self.rows();
        let count = rows.len() as i32;
        let active = document().active_element();
        let is_active = |row: &HtmlElement| active.as_ref() == Some(row.unchecked_ref::<Element>());
        let now = rows.iter().position(is_active).map(|place| place as i32);
        let start = if from_start {
            0
        } else {
            now.unwrap_or(-by.min(0))
        };
        if count > 0 {
            let _ = rows[(start + by).rem_euclid(count) as usize].focus();
        }
    }

    /// Takes the focus to the next row that begins with a letter.
    fn jump(self, letter: &str) {
        let rows = self.rows();
        let active = document().active_element();
        let is_active = |row: &HtmlElement| active.as_ref() == Some(row.unchecked_ref::<Element>());
        let now = rows.iter().position(is_active).map_or(0, |place| place + 1);
        let letter = letter.to_lowercase();
        let mut next = rows.iter().cycle().skip(now).take(rows.len());
        let begins = |row: &&HtmlElement| {
            let text = row.text_content().unwrap_or_default();
            text.trim().to_lowercase().starts_with(&letter)
        };
        if let Some(row) = next.find(begins) {
            let _ = row.focus();
        }
    }

    fn on_key(self, event: &KeyboardEvent) {
        // The menu has the keys while it is open.
        event.stop_propagation();
        let key = event.key();
        match &*key {
            "ArrowDown" => self.step(1, false),
            "ArrowUp" => self.step(-1, false),
            "Home" => self.step(0, true),
            "End" => self.step(-1, true),
            "Escape" | "Tab" => self.close(),
            // The button does that by itself.
            "Enter" | " " => return,
            letter if letter.chars().count() == 1 => self.jump(letter),
            _ => return,
        }
        event.prevent_default();
    }

    /// The focus went elsewhere: the menu closes, unless another one was opened.
    fn on_leave(self, event: &FocusEvent) {
        let to = event
            .related_target()
            .and_then(|it| it.dyn_into::<Node>().ok());
        let element = self.element.get_untracked();
        let stays = element.is_some_and(|element| element.contains(to.as_ref()) && to.is_some());
        if !stays && self.session.menu.get_untracked() == Some(self.menu.get_value()) {
            self.session.menu.set(None);
        }
    }

    /// Closes it; the focus goes back where it was.
    fn close(self) {
        let before = self.before.get_value();
        self.session.menu.set(None);
        if let Some(before) = before {
            let _ = before.focus();
        }
    }

    fn choose(self, action: Option<Action>) {
        let (session, menu) = (self.session, self.menu.get_value());
        self.close();
        match (action, menu.message) {
            (Some(action), _) => {
                session.perform(action);
            }
            (None, Some(message)) => session.pick(Some(Hit::Message(message)), false),
            (None, None) => {}
        }
    }
}

/// Puts a menu where it was asked for, or as near as it has room.
fn place(element: &HtmlElement, menu: Menu) {
    let surface = document().query_selector(".surface").ok().flatten();
    let (left, top) = surface.map_or((0.0, 0.0), |surface| {
        let bounds = surface.get_bounding_client_rect();
        (bounds.left(), bounds.top())
    });
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
    };
    let within = |at: f64, length: f64, room: f64| at.min(room - length - MARGIN).max(MARGIN);
    let bounds = element.get_bounding_client_rect();
    let x = within(
        left + menu.at.x,
        bounds.width(),
        size(window().inner_width()),
    );
    let y = within(
        top + menu.at.y,
        bounds.height(),
        size(window().inner_height()),
    );
    let style = element.style();
    let _ = style.set_property("left", &format!("{x}px"));
    let _ = style.set_property("top", &format!("{y}px"));
}
