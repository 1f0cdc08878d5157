//! What the user looks at: the selection, cameras, and what the inspector shows.

use super::Player;
use crate::editor::actions::Facts;
use crate::editor::brokers::{on_brokers, running};
use crate::editor::panel::{MessageSheet, Sheet, StoryLine, sheet_of, story};
use crate::editor::scene::CARD_WIDTH;
use crate::editor::stock::{MessageData, held};
use crate::editor::whereabouts::ways;
use crate::editor::{Camera, Followed, Item, Point, Rect, Selection};
use crate::engine::{Cargo, Envelope, Message, MessageId};
use crate::nodes::{date_deaths, name_places};
use crate::units::{NodeId, ViewId};

/// Most dispatches that are gone through again to tell where a message has been.
const HISTORY_MOST: u64 = 400_000;
/// Up to so many dispatches it is told while the run goes on.
const LIVE_STORY_MOST: u64 = 15_000;
/// How wide the border around everything is when it is fitted.
const FIT_MARGIN: f64 = 34.0;
/// Cards grow a little after the start; fitting leaves room for that.
const CARD_HEIGHT_USUAL: f64 = 136.0;
/// Below this zoom the words on cards cannot be read.
const LEGIBLE_ZOOM: f64 = 0.3;

/// How much room the row of views takes.
const VIEWS_HEIGHT: f64 = 42.0;

impl Player {
    /// Where an item is shown.
    pub fn rect_of(&self, item: Item) -> Option<Rect> {
        let scene = &self.scene;
        match item {
            Item::Node(id) => {
                let card = scene.cards.iter().find(|card| card.id == id)?;
                Some(card.rect)
            }
            Item::Link(id) => {
                let line = scene.links.iter().find(|line| line.id == id)?;
                let at = line.label_at;
                Some(Rect::new(at.x - 40.0, at.y - 30.0, 80.0, 60.0))
            }
            Item::Note(id) => {
                let note = scene.notes.iter().find(|note| note.id == id)?;
                Some(note.rect)
            }
            Item::Frame(id) => {
                let frame = scene.frames.iter().find(|frame| frame.id == id)?;
                Some(frame.rect)
            }
        }
    }

    /// The smallest rectangle around all that is shown, with cards as high as they usually grow;
    /// or around what is selected.
    pub fn bounds(&self, selected_only: bool) -> Option<Rect> {
        let selection = &self.view.selection;
        let counts = |item| !selected_only || selection.has(item);
        let cards = self.scene.cards.iter();
        let cards = cards.filter(|card| counts(Item::Node(card.id)));
        let cards = cards.map(|card| Rect {
            h: card.rect.h.max(CARD_HEIGHT_USUAL),
            ..card.rect
        });
        let notes = self.scene.notes.iter();
        let notes = notes.filter(|note| counts(Item::Note(note.id)));
        let frames = self.scene.frames.iter();
        let frames = frames.filter(|frame| counts(Item::Frame(frame.id)));
        let rects = cards.chain(notes.map(|note| note.rect));
        rects
            .chain(frames.map(|frame| frame.rect))
            .reduce(Rect::around)
    }

    /// The nearest place at which a new card covers no other, to the right and below.
    pub fn free_place(&self, corner_in_world: Point) -> Point {
        const STEP: f64 = 32.0;
        let cards = &self.scene.cards;
        let is_free = |corner: &Point| {
            let room = Rect::new(corner.x, corner.y, CARD_WIDTH, CARD_HEIGHT_USUAL).grown(12.0);
            !cards.iter().any(|card| card.rect.touches(room))
        };
        let steps = (0..200).map(|step| {
            let (down, right) = (f64::from(step % 20), f64::from(step / 20));
            corner_in_world + Point::new(right * STEP * 7.5, down * STEP)
        });
        let mut places = steps.filter(is_free);
        places.next().unwrap_or(corner_in_world)
    }

    /// What of the moment decides which actions make sense.
    pub fn facts(&self) -> Facts {
        let selection = &self.view.selection;
        let count =
            |is: fn(&Item) -> bool| selection.items().iter().filter(|item| is(item)).count();
        let topology = self.run.topology();
        let world = self.run.world();
        let mut can_crash = false;
        let mut is_down = false;
        for id in selection.nodes() {
            let crashes = topology
                .kind(id)
                .is_some_and(|kind| kind.descriptor().can_crash);
            let cards = &self.scene.cards;
            let down = cards.iter().any(|card| card.id == id && card.down);
            can_crash |= crashes && !down;
            is_down |= down;
        }
        let cut = selection.only().is_some_and(|item| match item {
            Item::Link(id) => topology.link(id).is_some_and(|link| link.settings.cut),
            _ => false,
        });
        let drawing = &self.document.drawing;
        let on = selection.only();
        let on = on.and_then(|item| on_brokers(topology, drawing, item));
        let (brokers, brokers_of) = match on {
            Some((nodes, name)) => (running(topology, &nodes), name),
            None => Default::default(),
        };
        let frames = &drawing.frames;
        let framed = |id| frames.iter().any(|frame| frame.members.contains(&id));
        let step = |name: Option<&str>| name.map(str::to_owned);
        Facts {
            access: self.access,
            nodes: count(|item| matches!(item, Item::Node(_))),
            links: count(|item| matches!(item, Item::Link(_))),
            notes: count(|item| matches!(item, Item::Note(_))),
            frames: count(|item| matches!(item, Item::Frame(_))),
            can_crash,
            is_down,
            is_cut: cut,
            is_framed: selection.nodes().any(framed),
            undo: step(self.history.undo_name()),
            redo: step(self.history.redo_name()),
            has_begun: world.steps() > 0,
            has_marks: !self.document.script.is_empty(),
            has_view: self.view.only.is_some(),
            takes: self.takes(),
            holds: self.in_hand().map(|(_, row)| row.words()),
            waits: self.waits(false),
            has_dead: self.waits(true),
            has_walks: !self.document.drawing.walks.is_empty(),
            brokers,
            brokers_of,
        }
    }

    /// The camera that shows everything, with room for what floats over the canvas. Where that is
    /// too small to read, on small screens, it shows a part, if wanted `legibly`.
    pub fn fitting_camera(&self, legibly: bool) -> Camera {
        let Some(world) = self.bounds(false) else {
            return Camera::default();
        };
        let room = self.fitting_room();
        let camera = Camera::fit(world, room);
        if !legibly || !self.is_on_small_screen() || camera.zoom >= LEGIBLE_ZOOM {
            return camera;
        }
        // Too small to read: the beginning is shown, where messages come from.
        let height = world.h.min(room.h / LEGIBLE_ZOOM);
        let width = room.w / LEGIBLE_ZOOM;
        let top = world.center().y - height / 2.0;
        Camera::fit(Rect::new(world.x, top, width, height), room)
    }

    /// The part of the screen into which things are fitted: nothing floats over it.
    fn fitting_room(&self) -> Rect {
        let (width, height) = (self.view.width, self.view.height);
        let small = self.is_on_small_screen();
        let margin = if small { 12.0 } else { FIT_MARGIN };
        let usual = if small { (96.0, 54.0) } else { (74.0, 60.0) };
        let (above, below) = self.floats.unwrap_or(usual);
        let has_views = !self.document.drawing.views.is_empty();
        let above = if has_views {
            above + VIEWS_HEIGHT
        } else {
            above
        };
        Rect::new(
            margin,
            above,
            (width - 2.0 * margin).max(40.0),
            (height - above - below).max(40.0),
        )
    }

    /// The camera that shows what is selected.
    pub fn camera_of_selection(&self) -> Option<Camera> {
        Some(Camera::fit(self.bounds(true)?, self.fitting_room()))
    }

    /// The camera, moved so far that an item can be seen, perhaps beside a sheet from below.
    pub fn camera_that_shows(&self, item: Item, beside_sheet: bool) -> Option<Camera> {
        let rect = self.rect_of(item)?;
        let mut camera = self.view.camera;
        camera.reveal(rect, self.free_room(beside_sheet));
        Some(camera)
    }

    /// Whether the inspector lies over the canvas.
    pub fn is_on_small_screen(&self) -> bool {
        self.on_phone
    }

    /// The part of the screen over which nothing floats.
    fn free_room(&self, beside_sheet: bool) -> Rect {
        let (width, height) = (self.view.width, self.view.height);
        if self.is_on_small_screen() && !self.view.selection.is_empty() {
            // Below the buttons for what is selected, above its settings.
            let above = 64.0;
            let below = height * if beside_sheet { 0.58 } else { 0.15 };
            return Rect::new(16.0, above, width - 32.0, height - above - below);
        }
        Rect::new(16.0, 16.0, width - 32.0, height - 32.0)
    }

    /// Shows only what is in a view; everything without one, or if it is gone.
    pub fn show_view(&mut self, view: Option<ViewId>) {
        let found = view.and_then(|id| self.document.drawing.view(id));
        self.shown = found.map(|view| view.id);
        self.view.only = found.map(|view| view.nodes.clone());
        self.stale = true;
        self.unsaid = true;
    }

    /// The view that is shown, if not everything is.
    pub fn shown_view(&self) -> Option<ViewId> {
        self.shown
    }

    /// Nodes whose cards are on the screen at least in part.
    pub fn nodes_on_screen(&self) -> Vec<NodeId> {
        let sight = self.view.camera.visible(self.view.width, self.view.height);
        let cards = self.scene.cards.iter();
        let seen = cards.filter(|card| card.rect.touches(sight));
        seen.map(|card| card.id).collect()
    }

    /// Selects something, or nothing.
    pub fn select(&mut self, selection: Selection) {
        if selection.followed().is_none() {
            self.followed = None;
        }
        self.view.selection = selection;
        self.stale = true;
        self.unsaid = true;
    }

    /// Follows a message.
    pub fn follow(&mut self, id: MessageId) -> bool {
        let Some(message) = self.find_message(id) else {
            return false;
        };
        self.followed = Some(message);
        let root = message.root;
        self.select(Selection::message(Followed { message: id, root }));
        true
    }

    pub(super) fn find_message(&self, id: MessageId) -> Option<Message> {
        let world = self.run.world();
        let on_links = world.transits().filter_map(|transit| match transit.cargo {
            Cargo::Message(message, ..) => Some(message),
            Cargo::Signal(_) => None,
        });
        let mut on_links = on_links.filter(|message| message.id == id);
        let mut in_nodes = world.nodes().filter_map(|(_, _, node, _)| node.message(id));
        on_links.next().or_else(|| in_nodes.next())
    }

    /// What the inspector shows of the selection, if it showed `before`.
    pub fn sheet(&self, before: Option<&Sheet>) -> Option<Sheet> {
        let selection = &self.view.selection;
        match (selection.followed(), self.followed) {
            (Some(followed), Some(known)) => {
                // What has ended is shown as it was seen last.
                let message = self.find_message(followed.message).unwrap_or(known);
                let old = match before {
                    Some(Sheet::Message(old)) => Some(&**old),
                    _ => None,
                };
                Some(Sheet::Message(Box::new(self.message_sheet(message, old))))
            }
            _ => {
                let drawing = &self.document.drawing;
                let mut sheet = sheet_of(&self.run, drawing, selection.items());
                if let Some(Sheet::Node(node)) = &mut sheet
                    && let Some(stock) = &mut node.stock
                {
                    self.open_in(stock);
                }
                sheet
            }
        }
    }

    /// What a person sees of a message, with names and dates.
    pub(super) fn envelope(&self, message: &Message) -> Envelope {
        let world = self.run.world();
        let source = world.node_id(message.source);
        let source = self
            .run
            .topology()
            .node(source)
            .map_or_else(String::new, |n| n.name.clone());
        let time = self.document.start_date().at(message.born);
        let mut envelope = world.envelope(message, &source, time);
        let changed = world.bodies().changed_headers(message.body);
        if changed.is_some_and(|headers| headers.contains_key("x-first-death-queue")) {
            let name = |id| self.run.topology().node(id).map(|node| node.name.clone());
            name_places(&mut envelope.headers, &|id| name(id).unwrap_or_default());
            let start = self.document.start_date();
            date_deaths(&mut envelope.headers, &|time| start.at(time));
        }
        envelope
    }

    fn message_sheet(&self, message: Message, old: Option<&MessageSheet>) -> MessageSheet {
        let envelope = self.envelope(&message);
        let remarks = [
            (message.attempt > 1, "delivered before"),
            (message.duplicate, "duplicate made by a link"),
            (message.dead, "dead letter"),
        ];
        let remarks = remarks
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, text)| text);
        let (told_at, story) = self.story_of(&envelope, message.root, old);
        MessageSheet {
            data: MessageData::of(message.id, &envelope),
            envelope,
            event_type: message.event_type.0,
            hand: held(&self.run, message.id),
            ways: ways(&self.run, &message),
            remarks: remarks.collect(),
            story,
            told_at,
        }
    }

    /// Where an event has been. To know it the run is made again, so that a long run is asked only
    /// while it stands still.
    fn story_of(
        &self,
        envelope: &Envelope,
        root: u64,
        old: Option<&MessageSheet>,
    ) -> (u64, Vec<StoryLine>) {
        let entries = self.run.entries();
        let moves = self.playing || self.goal.is_some();
        let is_long = self.run.world().steps() > LIVE_STORY_MOST;
        match old.filter(|old| old.envelope.id == envelope.id) {
            Some(old) if old.told_at == entries || (moves && is_long) => {
                (old.told_at, old.story.clone())
            }
            _ => (
                entries,
                story(&self.run, &self.run.history(root, HISTORY_MOST)),
            ),
        }
    }
}
