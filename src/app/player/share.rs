//! Where the user is in a scenario, as links tell it; and going there again.

use super::Player;
use crate::editor::{Camera, Item, Point, Selection};
use crate::scenario::link::{SentCamera, Standpoint};
use crate::units::{FrameId, LinkId, NodeId, NoteId, SimTime};

/// Most entries of one instant that are gone through for a run that stood in the middle of it.
const STEPS_MOST: u32 = 20_000;

impl Player {
    /// All that can be told of where the user is.
    pub fn standpoint(&self) -> Standpoint {
        let items = self.view.selection.items().iter();
        let ids = items.map(|item| match item {
            Item::Node(id) => id.0,
            Item::Link(id) => id.0,
            Item::Note(id) => id.0,
            Item::Frame(id) => id.0,
        });
        let (camera, view) = (self.view.camera, &self.view);
        let whole = |length: f64| (length * 100.0).round().clamp(-1e8, 1e8) as i32;
        Standpoint {
            moment: Some(self.aim().unwrap_or_else(|| self.run.now())),
            entries: self.aim().is_none().then(|| self.run.entries()),
            selection: ids.collect(),
            // On upright screens everything lies elsewhere.
            camera: (!view.upright).then(|| SentCamera {
                x: whole(camera.corner_in_world.x),
                y: whole(camera.corner_in_world.y),
                zoom: (camera.zoom * 10_000.0).round() as u32,
                width: view.width as u32,
                height: view.height as u32,
            }),
            view: self.shown,
        }
    }

    /// Goes to where somebody else was; the camera waits until there is a screen.
    pub fn stand_at(&mut self, standpoint: &Standpoint) {
        let topology = self.run.topology();
        let drawing = &self.document.drawing;
        let items = standpoint.selection.iter().filter_map(|id| {
            let (node, link) = (NodeId(*id), LinkId(*id));
            let (note, frame) = (NoteId(*id), FrameId(*id));
            None.or(topology.node(node).map(|_| Item::Node(node)))
                .or(topology.link(link).map(|_| Item::Link(link)))
                .or(drawing.note(note).map(|_| Item::Note(note)))
                .or(drawing.frame(frame).map(|_| Item::Frame(frame)))
        });
        let selection = Selection::of(items);
        self.select(selection);
        if standpoint.view.is_some() {
            self.show_view(standpoint.view);
        }
        self.sent_camera = standpoint.camera;
        if let Some(moment) = standpoint.moment {
            self.set_playing(false);
            self.goal_entries = standpoint.entries;
            self.go_to(moment);
        }
    }

    /// The camera that was sent, as soon as there is a screen: what was in the middle is there
    /// again, and all that was seen is seen.
    pub fn take_sent_camera(&mut self) -> Option<Camera> {
        let (width, height) = (self.view.width, self.view.height);
        if width <= 0.0 || height <= 0.0 {
            return None;
        }
        let sent = self.sent_camera.take().filter(|_| !self.view.upright)?;
        let (sent_width, sent_height) =
            (f64::from(sent.width.max(1)), f64::from(sent.height.max(1)));
        let sent_zoom = (f64::from(sent.zoom) / 10_000.0).clamp(Camera::ZOOM_MIN, Camera::ZOOM_MAX);
        let part = (width / sent_width).min(height / sent_height);
        let zoom = (sent_zoom * part).clamp(Camera::ZOOM_MIN, Camera::ZOOM_MAX);
        let corner = Point::new(f64::from(sent.x) / 100.0, f64::from(sent.y) / 100.0);
        let middle = corner + Point::new(sent_width, sent_height) * (0.5 / sent_zoom);
        Some(Camera {
            corner_in_world: middle - Point::new(width, height) * (0.5 / zoom),
            zoom,
        })
    }

    /// Whoever stepped stood in the middle of an instant: goes there, if the run has that many
    /// entries then.
    pub(super) fn go_back_to_entry(&mut self, moment: SimTime) {
        let Some(entries) = self.goal_entries.take() else {
            return;
        };
        if self.run.entries() <= entries || moment == SimTime::ZERO {
            return;
        }
        let before = SimTime::from_nanos(moment.nanos() - 1);
        while self.run.seek(before, u64::MAX) == crate::engine::Advance::Paused {}
        for _ in 0..STEPS_MOST {
            if self.run.entries() >= entries || self.run.step().is_none() {
                break;
            }
        }
    }
}
