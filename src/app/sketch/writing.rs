//! What stands in the text panel, and how it and the document follow each other.

use gloo_timers::callback::Timeout;
use leptos::html;
use leptos::prelude::*;

use crate::app::document;
use crate::app::session::{Session, set_changed};
use crate::editor::Selection;
use crate::editor::sketching::{cursor_at, extent, items_on, line_at, lines_of};
use crate::interchange::sketch::{self, Flaw, Sketch, Spot};
use crate::scenario::Scenario;

/// So long after the last letter the text is read.
const REST_MILLIS: u32 = 200;

/// The text panel's state. It is there while the panel is closed, too.
#[derive(Clone, Copy)]
pub struct Writing {
    session: Session,
    /// What stands there.
    pub text: RwSignal<String>,
    /// How many lines it has, and how many letters the longest.
    pub extent: Memo<(usize, usize)>,
    /// What is wrong with it.
    pub flaws: RwSignal<Vec<Flaw>>,
    /// The lines of what is selected.
    pub chosen: Memo<Vec<(u32, u32)>>,
    /// Whether the canvas has changed while the text was wrong.
    pub apart: RwSignal<bool>,
    /// What scrolls.
    pub sheet: NodeRef<html::Div>,
    /// The field.
    pub area: NodeRef<html::Textarea>,
    spots: RwSignal<Vec<Spot>>,
    /// The document that the text was or made last, and which of the list it is.
    agreed: StoredValue<Option<(String, Scenario)>, LocalStorage>,
    soon: StoredValue<Option<Timeout>, LocalStorage>,
}

/// The text of a document.
fn printed(document: &Scenario) -> String {
    sketch::print(document)
}

/// What a text says about a document.
fn read(text: &str, before: &Scenario) -> Sketch {
    sketch::parse(text, Some(before))
}

impl Writing {
    /// A text that follows the document whenever the panel is open.
    pub fn new(session: Session) -> Self {
        let text = RwSignal::new(String::new());
        let spots: RwSignal<Vec<Spot>> = RwSignal::default();
        let writing = Self {
            session,
            text,
            extent: Memo::new(move |_| text.with(|text| extent(text))),
            flaws: RwSignal::default(),
            chosen: Memo::new(move |_| {
                let selection = session.selection.get();
                spots.with(|spots| lines_of(spots, &selection))
            }),
            apart: RwSignal::new(false),
            sheet: NodeRef::new(),
            area: NodeRef::new(),
            spots,
            agreed: StoredValue::new_local(None),
            soon: StoredValue::new_local(None),
        };
        Effect::new(move |_| {
            // Each change of the document is kept, and each document has a name.
            session.all_kept.track();
            session.title.track();
            if session.sketch_shown.get() {
                writing.follow();
            }
        });
        Effect::new(move |_| {
            let first = writing.chosen.with(|lines| lines.first().copied());
            if let (Some((first, _)), Some(sheet)) = (first, writing.sheet.get()) {
                writing.reveal(&sheet, first, false);
            }
        });
        writing
    }

    fn document(&self) -> Scenario {
        self.session
            .player
            .with_value(|player| player.document().clone())
    }

    /// The document may have changed.
    fn follow(self) {
        let (id, document) = (document::current_id(), self.document());
        let known = self.agreed.with_value(|agreed| match agreed {
            Some((known, scenario)) if *known == id => Some(*scenario == document),
            _ => None,
        });
        let is_wrong = self.flaws.with_untracked(|flaws| !flaws.is_empty());
        match known {
            Some(true) => {}
            Some(false) if is_wrong => self.apart.set(true),
            _ => self.take_over(),
        }
    }

    /// Writes the document anew.
    pub fn take_over(self) {
        self.soon.set_value(None);
        let document = self.document();
        let text = printed(&document);
        self.spots.set(read(&text, &document).spots);
        self.text.set(text);
        self.flaws.set(Vec::new());
        self.apart.set(false);
        self.agreed
            .set_value(Some((document::current_id(), document)));
    }

    /// Somebody has typed: when they rest, it is read.
    pub fn typed(self, text: String) {
        self.text.set(text);
        let soon = Timeout::new(REST_MILLIS, move || {
            self.soon.set_value(None);
            self.read();
        });
        self.soon.set_value(Some(soon));
    }

    /// Reads the text; if it is right, the document is what it says.
    fn read(self) {
        let document = self.document();
        let sketch = self.text.with_untracked(|text| read(text, &document));
        set_changed(self.flaws, sketch.flaws);
        set_changed(self.spots, sketch.spots);
        let Some(scenario) = sketch.scenario else {
            return;
        };
        self.apart.set(false);
        self.agreed
            .set_value(Some((document::current_id(), scenario.clone())));
        if scenario != document {
            self.session.write(scenario);
        }
        self.look();
    }

    /// What the cursor is at is selected.
    pub fn look(self) {
        if self.soon.with_value(Option::is_some) {
            return;
        }
        let cursor = self.area.get_untracked();
        let cursor = cursor.and_then(|area| area.selection_start().ok().flatten());
        let Some(cursor) = cursor else {
            return;
        };
        let line = self.text.with_untracked(|text| line_at(text, cursor));
        let items = self.session.player.with_value(|player| {
            self.spots
                .with_untracked(|spots| items_on(spots, line, player.document()))
        });
        let selection = Selection::of(items);
        if self
            .session
            .selection
            .with_untracked(|old| *old != selection)
        {
            self.session.select(selection);
        }
    }

    /// Shows a line, unless it is the text itself in which somebody is.
    fn reveal(self, sheet: &web_sys::HtmlDivElement, line: u32, anyway: bool) {
        let has_focus = leptos::prelude::document()
            .active_element()
            .is_some_and(|element| element.tag_name() == "TEXTAREA");
        let lines = self.extent.get_untracked().0.max(1) as i32;
        if anyway || !has_focus {
            let top = sheet.scroll_height() * (line as i32 - 1) / lines;
            let height = sheet.client_height();
            let shown = sheet.scroll_top()..sheet.scroll_top() + height * 9 / 10;
            if !shown.contains(&top) {
                sheet.set_scroll_top(top - height / 3);
            }
        }
    }

    /// Puts the cursor at a place.
    pub fn go_to(self, line: u32, column: u32) {
        if let Some(area) = self.area.get_untracked() {
            let at = self
                .text
                .with_untracked(|text| cursor_at(text, line, column));
            let _ = area.focus();
            let _ = area.set_selection_range(at, at);
            if let Some(sheet) = self.sheet.get_untracked() {
                self.reveal(&sheet, line, true);
            }
        }
    }
}
