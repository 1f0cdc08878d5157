//! What the user does to the system and to the drawing.

use super::Player;
use crate::editor::panel::{MessageSheet, Sheet, StoryLine, sheet_of, story};
use crate::editor::scene::{Followed, Selection};
use crate::editor::{Camera, Point, Rect};
use crate::engine::{Cargo, Envelope, Message, MessageId};
use crate::scenario::Scenario;
use crate::simulation::Intervention;
use crate::topology::Problem;
use crate::units::NodeId;

/// Most dispatches that are gone through again to tell where a message has been.
const HISTORY_MOST: u64 = 400_000;
/// Up to so many dispatches it is told while the run goes on.
const LIVE_STORY_MOST: u64 = 15_000;
/// Canvases up to this width have the inspector over them, as a sheet from below.
const PHONE_WIDTH: f64 = 640.0;
/// How wide the border around everything is when it is fitted.
const FIT_MARGIN: f64 = 34.0;
/// Cards grow a little after the start; fitting leaves room for that.
const CARD_HEIGHT_USUAL: f64 = 136.0;
/// Below this zoom the words on cards cannot be read.
const LEGIBLE_ZOOM: f64 = 0.3;

impl Player {
    /// Does something to the system, now.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub fn intervene(&mut self, what: Intervention) -> Result<(), Problem> {
        self.unsaid = true;
        self.stale = true;
        self.run.intervene(what)
    }

    /// Takes back what was done by hand, and comes back to this moment.
    pub fn remove_mark(&mut self, index: usize) {
        let now = self.run.now();
        self.run.remove_mark(index);
        self.go_to(now);
    }

    /// Plays another scenario from its start.
    ///
    /// # Errors
    /// Everything that is wrong with it; then the old one stays.
    pub fn open(&mut self, scenario: Scenario) -> Result<(), Vec<Problem>> {
        let mut fresh = Self::new(scenario)?;
        fresh.painter = self.painter.take();
        fresh.view = self.view;
        fresh.view.selection = None;
        fresh.view.hovered = None;
        fresh.speed = self.speed;
        *self = fresh;
        Ok(())
    }

    /// Gives the document another name; the run does not change.
    pub fn rename(&mut self, name: String) {
        self.scenario.name = name;
    }

    /// Moves a node on the canvas; the run does not change.
    pub fn move_node(&mut self, id: NodeId, corner_in_world: Point) {
        let (x, y) = self.view.drawn_at(corner_in_world);
        self.run.move_node(id, x, y);
        self.stale = true;
    }

    /// Where a node's card is.
    pub fn card(&self, id: NodeId) -> Option<Rect> {
        let card = self.scene.cards.iter().find(|card| card.id == id)?;
        Some(card.rect)
    }

    /// The camera that shows everything, with room for what floats over the canvas. Where that is
    /// too small to read, on small screens, it shows a part, if wanted `legibly`.
    pub fn fitting_camera(&self, legibly: bool) -> Camera {
        let cards = self.scene.cards.iter().map(|card| Rect {
            h: card.rect.h.max(CARD_HEIGHT_USUAL),
            ..card.rect
        });
        let Some(world) = cards.reduce(Rect::around) else {
            return Camera::default();
        };
        let (width, height) = (self.view.width, self.view.height);
        let small = self.is_on_small_screen();
        let margin = if small { 12.0 } else { FIT_MARGIN };
        let (above, below) = if small { (96.0, 54.0) } else { (74.0, 60.0) };
        let room = Rect::new(
            margin,
            above,
            (width - 2.0 * margin).max(40.0),
            (height - above - below).max(40.0),
        );
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

    /// The camera, moved so far that something can be seen.
    pub fn camera_that_shows(&self, selection: Selection) -> Option<Camera> {
        let rect = match selection {
            Selection::Node(id) => self.card(id)?,
            Selection::Link(id) => {
                let line = self.scene.links.iter().find(|line| line.id == id)?;
                let at = line.curve.at(0.5);
                Rect::new(at.x - 40.0, at.y - 30.0, 80.0, 60.0)
            }
            Selection::Message(_) => return None,
        };
        let mut camera = self.view.camera;
        camera.reveal(rect, self.free_room());
        Some(camera)
    }

    /// Whether the inspector lies over the canvas.
    pub fn is_on_small_screen(&self) -> bool {
        self.view.width < PHONE_WIDTH && self.view.width > 0.0
    }

    /// The part of the screen over which nothing floats.
    fn free_room(&self) -> Rect {
        let (width, height) = (self.view.width, self.view.height);
        let whole = Rect::new(16.0, 16.0, width - 32.0, height - 32.0);
        match self.view.selection {
            None => whole,
            Some(_) if self.is_on_small_screen() => Rect {
                h: height * 0.42 - 16.0,
                ..whole
            },
            Some(_) => whole,
        }
    }

    /// Selects something, or nothing.
    pub fn select(&mut self, selection: Option<Selection>) {
        self.view.selection = selection;
        if !matches!(selection, Some(Selection::Message(_))) {
            self.followed = None;
        }
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
        self.select(Some(Selection::Message(Followed { message: id, root })));
        true
    }

    fn find_message(&self, id: MessageId) -> Option<Message> {
        let world = self.run.world();
        let on_links = world.transits().filter_map(|transit| match transit.cargo {
            Cargo::Message(message, ..) => Some(message),
            Cargo::Signal(_) => None,
        });
        let mut on_links = on_links.filter(|message| message.id == id);
        let mut in_nodes = world
            .nodes()
            .filter_map(|(_, _, node, _)| node.message(id).copied());
        on_links.next().or_else(|| in_nodes.next())
    }

    /// What the inspector shows of the selection, if it showed `before`.
    pub fn sheet(&self, before: Option<&Sheet>) -> Option<Sheet> {
        match (self.view.selection?, self.followed) {
            (Selection::Message(followed), Some(known)) => {
                // What has ended is shown as it was seen last.
                let message = self.find_message(followed.message).unwrap_or(known);
                let old = match before {
                    Some(Sheet::Message(old)) => Some(&**old),
                    _ => None,
                };
                Some(Sheet::Message(Box::new(self.message_sheet(message, old))))
            }
            (selection, _) => sheet_of(&self.run, selection),
        }
    }

    fn message_sheet(&self, message: Message, old: Option<&MessageSheet>) -> MessageSheet {
        let world = self.run.world();
        let source = world.node_id(message.source);
        let source = self
            .run
            .topology()
            .node(source)
            .map_or_else(String::new, |n| n.name.clone());
        let time = self.scenario.start_date().at(message.born);
        let envelope = world.envelope(&message, &source, time);
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
            envelope,
            event_type: message.event_type.0,
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
