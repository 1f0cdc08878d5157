//! Pointers and wheels on the canvas: events in, gestures out, commands on the session.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent, WheelEvent};

use super::player::{Player, real_millis};
use super::session::{QuickAdd, Session, Tool};
use crate::editor::actions::Access;
use crate::editor::{
    End, Gesture, Hit, Item, Manner, Outcome, Point, Rect, Selection, capsule_at, hit, inside,
    node_at,
};
use crate::engine::MessageId;
use crate::units::NodeId;

/// How much one pixel of a wheel enlarges.
const WHEEL_ZOOM: f64 = 0.0022;
/// A finger that rests so long asks for the menu.
const REST_MILLIS: u32 = 500;
/// Most time between the two presses of a double one.
const DOUBLE_MILLIS: f64 = 500.0;
/// Most way between them, on the screen.
const DOUBLE_REACH: f64 = 24.0;

/// What the surface of the canvas does with pointers.
#[derive(Clone, Copy)]
pub struct PointerHandlers {
    session: Session,
    gesture: StoredValue<Gesture, LocalStorage>,
    rest: StoredValue<Option<Timeout>, LocalStorage>,
    /// What a drag under way would do when it is put down.
    plan: StoredValue<Plan>,
    /// What was picked last: the second press of two may meet something else, because the
    /// inspector has opened and everything made room for it.
    picked: StoredValue<Option<Picked>>,
    /// Whether Space is held: a drag then moves the canvas.
    space: StoredValue<bool>,
}

/// Something that was picked: when, where on the screen, and what.
#[derive(Clone, Copy, Debug)]
struct Picked {
    at_millis: f64,
    at: Point,
    hit: Option<Hit>,
    /// The message that lies there on a card, whether it could be picked or not.
    message: Option<MessageId>,
}

/// What a drag under way would do when it is put down.
#[derive(Clone, Debug, Default)]
enum Plan {
    #[default]
    Nothing,
    Move,
    Link(NodeId),
    Reconnect(crate::units::LinkId, End),
}

impl PointerHandlers {
    /// Handlers for the page's canvas.
    pub fn new(session: Session) -> Self {
        let handlers = Self {
            session,
            gesture: StoredValue::new_local(Gesture::default()),
            rest: StoredValue::new_local(None),
            plan: StoredValue::default(),
            picked: StoredValue::default(),
            space: StoredValue::new(false),
        };
        handlers.listen();
        handlers
    }

    /// Escape gives up a drag; Space that is held makes a drag move the canvas.
    fn listen(self) {
        let down = window_event_listener(leptos::ev::keydown, move |event| match &*event.key() {
            "Escape" => self.cancel(),
            " " => self.space.set_value(true),
            _ => {}
        });
        let up = window_event_listener(leptos::ev::keyup, move |event| {
            if event.key() == " " {
                self.space.set_value(false);
            }
        });
        on_cleanup(move || {
            down.remove();
            up.remove();
        });
    }

    /// A pointer was pressed.
    pub fn press(self, event: &PointerEvent) {
        let middle = event.button() == 1;
        if event.button() != 0 && !middle {
            return;
        }
        self.session.menu.set(None);
        self.session.quick_add.set(None);
        let at = point_in(event);
        let hand = self.session.tool.get_untracked() == Tool::Hand;
        let manner = Manner {
            touch: event.pointer_type() == "touch",
            hand: middle || hand || self.space.get_value(),
            watch: self.session.access == Access::Watch,
            add: event.shift_key() || event.ctrl_key() || event.meta_key(),
            copy: event.alt_key(),
        };
        let hit = self.hit(at);
        let outcome = self
            .gesture
            .try_update_value(|gesture| gesture.press(event.pointer_id(), at, hit, manner));
        self.perform(outcome.unwrap_or(Outcome::Nothing), event);
        if manner.touch {
            let event = event.clone();
            let rest = Timeout::new(REST_MILLIS, move || {
                let outcome = self.gesture.try_update_value(Gesture::rest);
                self.perform(outcome.unwrap_or(Outcome::Nothing), &event);
            });
            self.rest.set_value(Some(rest));
        }
    }

    /// A pointer moved.
    pub fn turn(self, event: &PointerEvent) {
        let at = point_in(event);
        let outcome = self
            .gesture
            .try_update_value(|gesture| gesture.turn(event.pointer_id(), at))
            .unwrap_or(Outcome::Nothing);
        if self.gesture.with_value(Gesture::drags) {
            self.rest.set_value(None);
            capture(event);
        } else if event.buttons() == 0 {
            self.hover(event, at);
        }
        self.perform(outcome, event);
    }

    /// A pointer was released.
    pub fn release(self, event: &PointerEvent) {
        self.rest.set_value(None);
        let at = point_in(event);
        let outcome = self
            .gesture
            .try_update_value(|gesture| gesture.release(event.pointer_id(), at));
        self.perform(outcome.unwrap_or(Outcome::Nothing), event);
    }

    /// The browser took the pointers away, or Escape was pressed.
    pub fn cancel(self) {
        self.rest.set_value(None);
        if self.gesture.try_update_value(Gesture::cancel) == Some(Outcome::GivenUp) {
            self.give_up();
        }
    }

    /// The pointer left the canvas.
    pub fn leave(self) {
        self.set_hovered(None);
    }

    /// The menu of what is under the pointer.
    pub fn menu(self, event: &MouseEvent) {
        event.prevent_default();
        self.open_menu(point_in(event));
    }

    /// Twice on the canvas adds a node there; on a message it is followed, and on something with a
    /// name that is changed.
    pub fn double(self, event: &MouseEvent) {
        if self.session.access == Access::Watch {
            return;
        }
        let at_in_screen = point_in(event);
        let picked = self.picked.get_value();
        let first = picked.filter(|first| real_millis() - first.at_millis < 2.0 * DOUBLE_MILLIS);
        if let Some(message) = first.and_then(|first| first.message) {
            return self.session.pick(Some(Hit::Message(message)), false);
        }
        let hit = first.map_or_else(|| self.hit(at_in_screen), |first| first.hit);
        match hit {
            None => {
                let from = None;
                self.session
                    .quick_add
                    .set(Some(QuickAdd { at_in_screen, from }));
            }
            Some(Hit::Item(item)) if !matches!(item, Item::Link(_)) => {
                self.session.renaming.set(Some(item));
            }
            _ => {}
        }
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

    fn world(self, at_in_screen: Point) -> Point {
        let camera = self.session.camera.get_untracked();
        camera.world_from_screen(at_in_screen)
    }

    fn hit(self, at_in_screen: Point) -> Option<Hit> {
        let found = self.hit_anything(at_in_screen)?;
        Some(match found {
            // Who watches draws nothing.
            Hit::Handle(node) if self.session.access == Access::Watch => {
                Hit::Item(Item::Node(node))
            }
            Hit::LinkEnd(link, _) if self.session.access == Access::Watch => {
                Hit::Item(Item::Link(link))
            }
            found => found,
        })
    }

    fn hit_anything(self, at_in_screen: Point) -> Option<Hit> {
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
            Some(Hit::Item(item)) => Some(item),
            Some(Hit::Handle(node)) => Some(Item::Node(node)),
            Some(Hit::LinkEnd(link, _)) => Some(Item::Link(link)),
            Some(Hit::Message(_)) | None => None,
        });
        if let Some(source) = self.session.connecting.get_untracked() {
            self.draw_rope(source, at, false);
        }
        let hand = self.session.tool.get_untracked() == Tool::Hand;
        let cursor = match found {
            _ if hand => "grab",
            Some(Hit::Handle(_)) => "crosshair",
            Some(_) => "pointer",
            None => "default",
        };
        if let Some(surface) = surface_of(event) {
            let _ = surface.set_attribute("data-cursor", cursor);
        }
    }

    fn set_hovered(self, hovered: Option<Item>) {
        self.session.player.update_value(|player| {
            if player.view().hovered != hovered {
                player.view_mut().hovered = hovered;
            }
        });
    }

    fn perform(self, outcome: Outcome, event: &PointerEvent) {
        let session = self.session;
        let mut camera = session.camera.get_untracked();
        match outcome {
            Outcome::Nothing => return,
            Outcome::Pan(way) => camera.pan(way),
            Outcome::Pinch { at, factor, pan } => {
                camera.pan(pan);
                camera.zoom_at(at, factor);
            }
            Outcome::Lasso { from, to, add } => return self.lasso(from, to, add),
            Outcome::Move {
                item,
                way,
                copy,
                begins,
            } => {
                self.plan.set_value(Plan::Move);
                session.fitted.set_value(false);
                let free = event.ctrl_key() || !session.snaps.get_untracked();
                // Several moves may come before one frame, which paints them all.
                session.player.update_value(|player| {
                    if begins {
                        if !player.view().selection.has(item) {
                            player.select(Selection::one(item));
                        }
                        player.begin_drag(item, copy);
                    }
                    player.drag(way, free);
                });
                return;
            }
            Outcome::Connect(node, at) => {
                self.plan.set_value(Plan::Link(node));
                return self.draw_rope(node, at, false);
            }
            Outcome::Reconnect(link, end, at) => {
                self.plan.set_value(Plan::Reconnect(link, end));
                let other = session.player.with_value(|player| {
                    let link = player.run().topology().link(link)?;
                    Some(if end == End::To { link.from } else { link.to })
                });
                if let Some(other) = other {
                    self.draw_rope(other, at, end == End::From);
                }
                return;
            }
            Outcome::Done(at) => return self.put_down(at),
            Outcome::GivenUp => return self.give_up(),
            Outcome::Pick { at, add } => return self.pick(at, add),
            Outcome::Menu(at) => return self.open_menu(at),
        }
        session.set_camera(camera);
    }

    fn lasso(self, from: Point, to: Point, add: bool) {
        let (from, to) = (self.world(from), self.world(to));
        let corner = |point: Point| Rect::new(point.x, point.y, 0.0, 0.0);
        let lasso = corner(from).around(corner(to));
        self.session.player.update_value(|player| {
            let found = inside(player.scene(), lasso);
            let before = player.view().selection.items().to_vec();
            let kept = before.into_iter().filter(|_| add);
            let selection = Selection::of(kept.chain(found));
            if selection != player.view().selection {
                player.select(selection);
            }
            player.view_mut().draft.lasso = Some(lasso);
        });
    }

    fn draw_rope(self, source: NodeId, at_in_screen: Point, backwards: bool) {
        let to = self.world(at_in_screen);
        let card = self
            .session
            .player
            .with_value(|player| player.rect_of(Item::Node(source)));
        let Some(card) = card else { return };
        let handles = crate::editor::handles(card);
        let nearest = handles
            .into_iter()
            .min_by(|a, b| a.distance(to).total_cmp(&b.distance(to)));
        let from = nearest.unwrap_or(to);
        self.session.show_rope(source, from, to, backwards);
    }

    fn put_down(self, at: Point) {
        let session = self.session;
        session
            .player
            .update_value(|player| player.view_mut().draft.lasso = None);
        match self.take_plan() {
            Plan::Nothing => {}
            Plan::Move => match session.act(Player::end_drag) {
                Some(Err(problem)) => session.say(problem.to_string(), true),
                Some(Ok(name)) => session.done(&name),
                None => {}
            },
            Plan::Link(from) => session.drop_link(from, at),
            Plan::Reconnect(link, end) => {
                let at = self.world(at);
                let node = session
                    .player
                    .with_value(|player| node_at(player.scene(), at));
                session.stop_linking();
                if let Some(node) = node {
                    session.reconnect(link, end, node);
                }
            }
        }
        session.act(|_| ());
    }

    fn give_up(self) {
        self.take_plan();
        self.session.stop_linking();
        self.session.act(Player::give_up_drag);
    }

    fn take_plan(self) -> Plan {
        let mut plan = Plan::Nothing;
        self.plan.update_value(|kept| plan = std::mem::take(kept));
        plan
    }

    fn pick(self, at: Point, add: bool) {
        let hit = self.hit(at);
        let at_millis = real_millis();
        let first = self.picked.get_value();
        let is_second = first.is_some_and(|first| {
            at_millis - first.at_millis <= DOUBLE_MILLIS && first.at.distance(at) <= DOUBLE_REACH
        });
        if is_second && self.session.connecting.get_untracked().is_none() {
            return;
        }
        self.picked.set_value(Some(Picked {
            at_millis,
            at,
            hit,
            message: self.capsule(at),
        }));
        match (self.session.connecting.get_untracked(), hit) {
            (Some(from), Some(Hit::Item(Item::Node(to)) | Hit::Handle(to))) if from != to => {
                self.session.link(from, to);
            }
            (Some(from), None) => self.session.drop_link(from, at),
            (Some(_), _) => self.session.stop_linking(),
            (None, hit) => self.session.pick(hit, add),
        }
        // Keys go on from here.
        let chosen = self.session.selection.with_untracked(Selection::only);
        if let Some(item) = chosen {
            self.session.focus_item(item);
        }
    }

    /// The message that lies on a card at a point of the screen.
    fn capsule(self, at: Point) -> Option<MessageId> {
        let at = self.world(at);
        self.session
            .player
            .with_value(|player| capsule_at(player.scene(), at))
    }

    fn open_menu(self, at: Point) {
        let under = self.world(at);
        let (item, message) = match self.hit(at) {
            Some(Hit::Item(item)) => (Some(item), self.capsule(at)),
            Some(Hit::Handle(node)) => (Some(Item::Node(node)), None),
            Some(Hit::LinkEnd(link, _)) => (Some(Item::Link(link)), None),
            // One that rests lies on a card, which has a menu as well.
            Some(Hit::Message(id)) => {
                let node = self
                    .session
                    .player
                    .with_value(|player| node_at(player.scene(), under));
                (node.map(Item::Node), Some(id))
            }
            None => (None, None),
        };
        self.session.open_menu(item, message, at);
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
