//! Commands of the inspector and of the list of problems.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::session::Session;
use crate::editor::{Item, Selection};
use crate::topology::{Frame, Subject};
use crate::units::{FrameId, LinkId};

/// The first setting in the inspector.
const FIRST_FIELD: &str = ".inspector .field:not([hidden]) :is(input, select, textarea)";
/// Where there is none, the first thing that can be used.
const FIRST_INPUT: &str = ".inspector .panel :is(input, select, textarea, button):not([hidden])";

impl Session {
    /// Takes the focus to the settings of what is selected. What has the focus on the canvas and
    /// is not selected wants to be that first.
    pub(super) fn inspect(&self) -> bool {
        let other = document().query_selector(".overlay button[aria-pressed=false]:focus");
        let selected = matches!(other, Ok(None));
        selected && (focus(FIRST_FIELD) || focus(FIRST_INPUT))
    }

    /// Goes to what a finding is about, and to the setting in the inspector.
    pub fn go_to_finding(&self, subject: Subject, field: Option<&'static str>) {
        let item = match subject {
            Subject::Node(id) => Item::Node(id),
            Subject::Link(id) => Item::Link(id),
        };
        if self
            .player
            .with_value(|player| player.rect_of(item))
            .is_none()
        {
            self.show_view(None);
        }
        self.go_to_item(item);
        if let Some(field) = field {
            // The inspector has the field as soon as the effects of the selection are through.
            request_animation_frame(move || {
                focus(&format!("[data-testid='field-{field}']"));
            });
        }
    }

    /// Goes to an item, and to a part of it in the inspector.
    pub fn go_to_part(&self, item: Item, part: Option<u32>) {
        self.go_to_item(item);
        if let Some(part) = part {
            request_animation_frame(move || {
                focus(&format!("[data-testid='part-{part}']"));
            });
        }
    }

    /// Lets a link go the other way round.
    pub fn turn_link(&self, link: LinkId) {
        self.when_reach_is_known(move |session| {
            let turned = session.edit("turn a link", None, |desk| desk.turn(link));
            if let Some(link) = turned {
                session.select(Selection::one(Item::Link(link)));
            }
        });
    }

    /// Changes a frame.
    pub fn change_frame(&self, name: &str, id: FrameId, change: impl FnOnce(&mut Frame)) {
        self.edit(name, None, |desk| {
            desk.change_frame(id, change);
            Ok(())
        });
    }
}

/// Gives the focus to the first element that is meant, and shows it. Says whether there is one.
fn focus(selector: &str) -> bool {
    let element = document().query_selector(selector).ok().flatten();
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    let _ = element.focus();
    let input = element.dyn_ref::<web_sys::HtmlInputElement>();
    if let Some(input) = input.filter(|input| input.type_() == "text") {
        input.select();
    }
    true
}
