//! Copy and paste, as text on the clipboard of the system, so that it works across tabs.

use js_sys::futures::{JsFuture, spawn_local};
use leptos::prelude::*;

use crate::app::session::Session;
use crate::editor::{Clip, Item, Point, Selection};

/// How far copies lie from what they are copies of.
const ASIDE: i32 = 32;

impl Session {
    fn clip(&self) -> Clip {
        self.player.with_value(|player| {
            let items = player.view().selection.items();
            Clip::of(items, player.run().topology(), &player.document().drawing)
        })
    }

    /// Copies what is selected to the clipboard; `true` to remove it then.
    pub fn copy(&self, cut: bool) {
        let clip = self.clip();
        if clip.is_empty() {
            return self.speak("Nothing is selected that can be copied");
        }
        let session = *self;
        let text = clip.to_text();
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            match written {
                Ok(_) if cut => session.delete(),
                Ok(_) => session.speak("Copied"),
                Err(_) => session.say("This browser does not let the page copy.", true),
            }
        });
    }

    /// Pastes what is on the clipboard.
    pub fn paste_clipboard(&self) {
        let session = *self;
        spawn_local(async move {
            let read = JsFuture::from(window().navigator().clipboard().read_text()).await;
            let text = read.ok().and_then(|text| text.as_string());
            match text {
                Some(text) => session.paste_text(&text),
                None => session.say(
                    "This browser does not let the page paste. Press Ctrl V.",
                    true,
                ),
            }
        });
    }

    /// Pastes a text that was copied here or in another tab.
    pub fn paste_text(&self, text: &str) {
        match Clip::from_text(text) {
            Ok(clip) if clip.is_empty() => self.speak("Nothing to paste"),
            Ok(clip) => {
                let (x, y) = clip.corner();
                let place = self.player.with_value(|player| {
                    let view = player.view();
                    let start = view.shown_at(x + ASIDE, y + ASIDE);
                    let sight = view.camera.visible(view.width, view.height);
                    let place = if sight.contains(start) {
                        start
                    } else {
                        sight.center()
                    };
                    view.drawn_at(player.free_place(place))
                });
                self.put("paste", clip, (place.0 - x, place.1 - y));
            }
            Err(problems) => {
                let why = problems.first().map(ToString::to_string);
                self.say(why.unwrap_or_default(), true);
            }
        }
    }

    /// Adds copies of what is selected beside it.
    pub fn duplicate(&self) {
        let clip = self.clip();
        if !clip.is_empty() {
            self.put("duplicate", clip, (ASIDE, ASIDE));
        }
    }

    fn put(&self, name: &'static str, clip: Clip, way: (i32, i32)) {
        self.when_reach_is_known(move |session| {
            let items = session.edit(name, None, |desk| desk.paste(&clip, way));
            if let Some(items) = items {
                session.select(Selection::of(items));
            }
        });
    }

    /// Selects everything that is shown.
    pub fn select_all(&self) {
        let items = self.player.with_value(|player| {
            let scene = player.scene();
            let cards = scene.cards.iter().map(|card| Item::Node(card.id));
            let links = scene.links.iter().map(|line| Item::Link(line.id));
            let notes = scene.notes.iter().map(|note| Item::Note(note.id));
            Selection::of(cards.chain(links).chain(notes))
        });
        let count = items.items().len();
        self.select(items);
        self.speak(format!("{count} selected"));
    }

    /// Adds a note in the middle of the screen, to be written at once.
    pub fn add_note(&self) {
        let corner = self.player.with_value(|player| {
            let view = player.view();
            let middle = Point::new(view.width / 2.0, view.height * 0.4);
            player.free_place(view.camera.world_from_screen(middle))
        });
        self.add_note_at(corner);
    }

    /// Adds a note at a point of the screen.
    pub fn add_note_under(&self, at_in_screen: Point) {
        let camera = self.camera.get_untracked();
        self.add_note_at(camera.world_from_screen(at_in_screen) - Point::new(20.0, 20.0));
    }

    fn add_note_at(&self, corner_in_world: Point) {
        let place = self
            .player
            .with_value(|player| player.view().drawn_at(corner_in_world));
        let note = self.edit("add a note", None, |desk| {
            desk.add_note(place.0, place.1, "")
        });
        if let Some(note) = note {
            self.select(Selection::one(Item::Note(note)));
            self.renaming.set(Some(Item::Note(note)));
        }
    }
}
