//! Names and notes that are written in their place on the canvas.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::session::{Session, use_session};
use crate::editor::scene::FRAME_HEAD;
use crate::editor::{Item, Rect};
use crate::topology::TextLimit;

/// The least height of a note while it is written.
const NOTE_HEIGHT: f64 = 96.0;

/// The field for what is being renamed, if something is.
#[component]
pub fn Renaming() -> impl IntoView {
    let session = use_session();
    move || {
        let item = session.renaming.get()?;
        let field = text_and_place(session, item).map(|it| field(session, item, it));
        if field.is_none() {
            // What cannot be seen, or has no name.
            session.renaming.set(None);
        }
        field
    }
}

/// What is written there now, and where.
fn text_and_place(session: Session, item: Item) -> Option<(String, Rect)> {
    session.player.with_value(|player| {
        let Rect { x, y, w, h } = player.rect_of(item)?;
        let drawing = &player.document().drawing;
        let (text, rect) = match item {
            Item::Node(id) => {
                let rect = Rect::new(x + 44.0, y + 7.0, w - 52.0, 24.0);
                (player.name_of(id), rect)
            }
            Item::Frame(id) => {
                let frame = drawing.frame(id)?;
                let top = if frame.collapsed { y + 8.0 } else { y + 3.0 };
                let rect = Rect::new(x + 8.0, top, w - 16.0, FRAME_HEAD - 6.0);
                (frame.name.clone(), rect)
            }
            Item::Note(id) => {
                let rect = Rect::new(x, y, w, h.max(NOTE_HEIGHT));
                (drawing.note(id)?.text.clone(), rect)
            }
            Item::Link(_) => return None,
        };
        Some((text, rect))
    })
}

fn field(session: Session, item: Item, (text, rect): (String, Rect)) -> impl IntoView {
    let is_note = matches!(item, Item::Note(_));
    let element = NodeRef::<html::Textarea>::new();
    let old = text.clone();
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            element.set_value(&text);
            let _ = element.focus();
            if !is_note {
                element.select();
            }
        }
    });
    // Taking the field away moves the focus, which is no second answer.
    let open = StoredValue::new(true);
    let finish = move |take: bool, by_key: bool| {
        if !open.try_get_value().unwrap_or(false) {
            return;
        }
        open.set_value(false);
        let typed = element.get_untracked().map(|element| element.value());
        let typed = typed.filter(|_| take).unwrap_or_else(|| old.clone());
        session.renaming.set(None);
        session.end_renaming(item, &old, &typed);
        if by_key {
            session.focus_item(item);
        }
    };
    let on_blur = finish.clone();
    let on_key = move |event: KeyboardEvent| {
        // The keys of the canvas do other things.
        event.stop_propagation();
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Enter" if !is_note || command => finish(true, true),
            "Escape" => finish(false, true),
            _ => return,
        }
        event.prevent_default();
    };
    let limit = if is_note {
        TextLimit::Note
    } else {
        TextLimit::Name
    };
    view! {
        <textarea
            class="rename"
            class:is-note=is_note
            node_ref=element
            data-testid="rename-input"
            aria-label=if is_note { "Text of the note" } else { "Name" }
            maxlength=limit.most().to_string()
            rows="1"
            prop:style=format!(
                "left:{}px;top:{}px;--w:{}px;--h:{}px", rect.x, rect.y, rect.w, rect.h
            )
            on:keydown=on_key
            on:blur=move |_| on_blur(true, false)
            on:pointerdown=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            on:contextmenu=|event| event.stop_propagation()
            on:touchend=|event| event.stop_propagation()
        ></textarea>
    }
}

impl Session {
    /// Takes over what was written. A name must have letters; a note without any goes.
    fn end_renaming(&self, item: Item, old: &str, typed: &str) {
        let is_empty = typed.trim().is_empty();
        match item {
            Item::Note(_) if is_empty && old.is_empty() => {
                let added = self.facts.get_untracked().undo;
                if added.as_deref() == Some("add a note") {
                    self.undo(false);
                } else {
                    self.edit("delete a note", None, |desk| desk.remove(&[item]));
                }
            }
            Item::Note(_) if is_empty => {
                self.edit("delete a note", None, |desk| desk.remove(&[item]));
            }
            _ if is_empty || typed == old => {}
            Item::Note(_) => self.rename(item, typed.trim_end()),
            _ => {
                let words: Vec<&str> = typed.split_whitespace().collect();
                self.rename(item, &words.join(" "));
            }
        }
    }
}
