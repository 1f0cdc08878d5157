//! Pointers and wheels on the canvas: events in, gestures out, commands on the session.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent, WheelEvent};

use super::document;
use super::session::Session;
use crate::editor::scene::Selection;
use crate::editor::{Gesture, Grabbed, Hit, Outcome, Point, hit};

/// How much one pixel of a wheel enlarges.
const WHEEL_ZOOM: f64 = 0.0022;

/// What the surface of the canvas does with pointers.
#[derive(Clone, Copy)]
pub struct PointerHandlers {
    session: Session,
    gesture: StoredValue<Gesture, LocalStorage>,
}

impl PointerHandlers {
    /// Handlers for the page's canvas.
    pub fn new(session: Session) -> Self {
        let gesture = StoredValue::new_local(Gesture::default());
        Self { session, gesture }
    }

    /// A pointer was pressed.
    pub fn press(self, event: &PointerEvent) {
        let middle = event.button() == 1;
        if event.button() != 0 && !middle {
            return;
        }
        let at = point_in(event);
        let grabbed = match self.hit(at) {
            Some(Hit::Node(node)) if !middle => self
                .session
                .player
                .with_value(|player| player.card(node))
                .map(|card| Grabbed {
                    node,
                    corner_in_world: Point::new(card.x, card.y),
                }),
            _ => None,
        };
        self.gesture
            .update_value(|gesture| gesture.press(event.pointer_id(), at, grabbed));
    }

    /// A pointer moved.
    pub fn turn(self, event: &PointerEvent) {
        let at = point_in(event);
        let zoom = self.session.camera.get_untracked().zoom;
        let outcome = self
            .gesture
            .try_update_value(|gesture| gesture.turn(event.pointer_id(), at, zoom))
            .unwrap_or(Outcome::Nothing);
        if self.gesture.with_value(Gesture::drags) {
            capture(event);
        } else if event.buttons() == 0 {
            self.hover(event, at);
        }
        self.perform(outcome);
    }

    /// A pointer was released.
    pub fn release(self, event: &PointerEvent) {
        let at = point_in(event);
        let outcome = self
            .gesture
            .try_update_value(|gesture| gesture.release(event.pointer_id(), at));
        self.perform(outcome.unwrap_or(Outcome::Nothing));
    }

    /// The browser took a pointer away.
    pub fn cancel(self, event: &PointerEvent) {
        self.gesture
            .update_value(|gesture| gesture.cancel(event.pointer_id()));
    }

    /// The pointer left the canvas.
    pub fn leave(self) {
        self.set_hovered(None);
    }

    /// The wheel turned, or two fingers moved on a touch pad.
    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
            18.0
        } else {
            1.0
        };
        let (x, y) = (event.delta_x() * unit, event.delta_y() * unit);
        let mut camera = self.session.camera.get_untracked();
        if event.ctrl_key() || event.meta_key() {
            camera.zoom_at(
                point_in(event),
                libm::exp(-y.clamp(-120.0, 120.0) * WHEEL_ZOOM * 2.0),
            );
        } else if event.shift_key() && x == 0.0 {
            camera.pan(Point::new(-y, 0.0));
        } else {
            camera.pan(Point::new(-x, -y));
        }
        self.session.set_camera(camera);
    }

    fn hit(self, at_in_screen: Point) -> Option<Hit> {
        self.session.player.with_value(|player| {
            let camera = player.view().camera;
            hit(
                player.scene(),
                camera.world_from_screen(at_in_screen),
                camera.zoom,
            )
        })
    }

    fn hover(self, event: &PointerEvent, at: Point) {
        let found = self.hit(at);
        self.set_hovered(match found {
            Some(Hit::Node(id)) => Some(Selection::Node(id)),
            Some(Hit::Link(id)) => Some(Selection::Link(id)),
            _ => None,
        });
        let cursor = if found.is_some() { "pointer" } else { "grab" };
        if let Some(surface) = surface_of(event) {
            let _ = surface.set_attribute("data-cursor", cursor);
        }
    }

    fn set_hovered(self, hovered: Option<Selection>) {
        self.session.player.update_value(|player| {
            if player.view().hovered != hovered {
                player.view_mut().hovered = hovered;
            }
        });
    }

    fn perform(self, outcome: Outcome) {
        let mut camera = self.session.camera.get_untracked();
        match outcome {
            Outcome::Nothing => return,
            Outcome::Pan(way) => camera.pan(way),
            Outcome::Pinch { at, factor, pan } => {
                camera.pan(pan);
                camera.zoom_at(at, factor);
            }
            Outcome::Move(node, corner) => return self.session.move_node(node, corner),
            Outcome::PutDown => return document::keep(self.session),
            Outcome::Pick(at) => return self.session.pick(self.hit(at)),
        }
        self.session.set_camera(camera);
    }
}

fn surface_of(event: &MouseEvent) -> Option<Element> {
    event.current_target()?.dyn_into::<Element>().ok()
}

/// Where an event is on the surface.
fn point_in(event: &MouseEvent) -> Point {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    match surface_of(event) {
        Some(surface) => {
            let bounds = surface.get_bounding_client_rect();
            Point::new(x - bounds.left(), y - bounds.top())
        }
        None => Point::new(x, y),
    }
}

/// Lets a drag go on outside of the canvas.
fn capture(event: &PointerEvent) {
    if let Some(surface) = surface_of(event) {
        let _ = surface.set_pointer_capture(event.pointer_id());
    }
}
