//! Changing a number by dragging its label, or by the arrow keys.

use leptos::html;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent, PointerEvent};

use super::entry::Entry;
use crate::editor::form::{PIXELS_A_STEP, scrubbed, text_of};
use crate::nodes::Control;

/// So far a pointer may tremble in a click.
const TREMBLE: f64 = 3.0;
/// Steps of a coarse step.
const COARSE: f64 = 10.0;

/// A field whose number can be changed in steps.
#[derive(Clone, Copy)]
pub struct Scrub {
    entry: Entry,
    /// The input beside the label.
    pub input: NodeRef<html::Input>,
    /// What the input shows while something is dragged.
    pub preview: RwSignal<Option<String>>,
    drag: StoredValue<Option<Drag>>,
    /// Whether the click that ends a drag is still to come.
    dragged: StoredValue<bool>,
}

#[derive(Clone)]
struct Drag {
    x: f64,
    start: Value,
    now: Value,
    live: bool,
}

impl Scrub {
    /// For a field; a number or not.
    pub fn new(entry: Entry) -> Self {
        Self {
            entry,
            input: NodeRef::new(),
            preview: RwSignal::new(None),
            drag: StoredValue::new(None),
            dragged: StoredValue::new(false),
        }
    }

    /// Whether it is a number, and one.
    pub fn is_possible(&self) -> bool {
        let control = self.entry.control();
        let is_number = !matches!(
            control,
            Control::Choice(_)
                | Control::Toggle
                | Control::Text(_)
                | Control::Page(_)
                | Control::Words
                | Control::Numbers
                | Control::Rows { .. }
                | Control::Json
        );
        is_number && !self.entry.differs()
    }

    /// The label is pressed.
    pub fn press(&self, event: &PointerEvent) {
        self.dragged.set_value(false);
        if event.button() != 0 || !untrack(|| self.is_possible()) {
            return;
        }
        let start = self.entry.value_now();
        self.entry.step(true);
        self.drag.set_value(Some(Drag {
            x: f64::from(event.client_x()),
            now: start.clone(),
            start,
            live: self.entry.changes_live(),
        }));
        if let Some(label) = event.current_target() {
            let label: Element = label.unchecked_into();
            let _ = label.set_pointer_capture(event.pointer_id());
        }
    }

    /// The pointer moves.
    pub fn turn(&self, event: &PointerEvent) {
        let Some(mut drag) = self.drag.get_value() else {
            return;
        };
        let way = f64::from(event.client_x()) - drag.x;
        if !self.dragged.get_value() {
            if way.abs() < TREMBLE {
                return;
            }
            self.dragged.set_value(true);
            // Escape goes to the input. A finger has none, and would get a keyboard instead.
            if let Some(input) = self.input.get_untracked()
                && event.pointer_type() == "mouse"
            {
                let _ = input.focus();
            }
        }
        let coarse = if event.shift_key() { COARSE } else { 1.0 };
        let steps = way / PIXELS_A_STEP * coarse;
        let value = scrubbed(self.entry.control(), &drag.start, steps, event.alt_key());
        if value == drag.now {
            return;
        }
        self.preview
            .set(Some(text_of(self.entry.control(), &value)));
        drag.now = value.clone();
        let live = drag.live;
        self.drag.set_value(Some(drag));
        if live && !self.entry.is_on_its_way() {
            self.entry.step(false);
            self.entry.change(value);
        }
    }

    /// The pointer is taken off: what was reached stays.
    pub fn release(&self) {
        if let Some(drag) = self.finish()
            && self.dragged.get_value()
        {
            self.entry.step(false);
            self.entry.change(drag.now);
        }
    }

    /// It is taken back.
    pub fn cancel(&self) {
        if let Some(drag) = self.finish()
            && drag.live
        {
            self.entry.step(false);
            self.entry.change(drag.start);
        }
    }

    /// A drag is no click on the label.
    pub fn was_dragged(&self) -> bool {
        self.dragged.get_value()
    }

    fn finish(&self) -> Option<Drag> {
        let drag = self.drag.get_value();
        if drag.is_some() {
            self.drag.set_value(None);
            self.preview.set(None);
        }
        drag
    }

    /// A key in the input: arrows go in steps, Escape takes back.
    pub fn key(&self, event: &KeyboardEvent) {
        let Some(target) = event.current_target() else {
            return;
        };
        let input: HtmlInputElement = target.unchecked_into();
        let sign = match event.key().as_str() {
            "ArrowUp" => 1.0,
            "ArrowDown" => -1.0,
            "Escape" => return self.take_back(&input, event),
            _ => return,
        };
        let Ok(typed) = self.entry.read(&input.value()) else {
            return;
        };
        let coarse = if event.shift_key() { COARSE } else { 1.0 };
        let value = scrubbed(self.entry.control(), &typed, sign * coarse, event.alt_key());
        if value != typed {
            event.prevent_default();
            input.set_value(&text_of(self.entry.control(), &value));
            self.entry.change(value);
        }
    }

    /// What was taken over is shown as it is always written.
    pub fn settle(&self) {
        let Some(input) = self.input.get_untracked() else {
            return;
        };
        let typed = self.entry.read(&input.value());
        if typed.is_ok_and(|value| value == self.entry.value_now()) {
            input.set_value(&untrack(|| self.entry.text()));
        }
    }

    /// Escape takes back the drag, or what was typed; without either it is for the page.
    fn take_back(&self, input: &HtmlInputElement, event: &KeyboardEvent) {
        let shown = untrack(|| self.entry.text());
        if self.drag.with_value(Option::is_some) {
            self.cancel();
        } else if input.value() != shown {
            input.set_value(&shown);
            self.entry.problem.set(None);
        } else {
            return;
        }
        event.stop_propagation();
        event.prevent_default();
    }
}
