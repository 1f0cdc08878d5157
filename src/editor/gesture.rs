//! What fingers and pointers mean on the canvas: a pick, a pan, a pinch, or a node that is moved.

use super::Point;
use crate::units::NodeId;

/// A press becomes a drag after this way on the screen.
const DRAG_THRESHOLD: f64 = 5.0;

/// What the pointers do, from event to event.
#[derive(Debug, Default)]
pub struct Gesture {
    /// Pressed pointers with where they are on the screen.
    pointers: Vec<(i32, Point)>,
    press: Option<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    start_in_screen: Point,
    grabbed: Option<Grabbed>,
    drags: bool,
}

/// A node under the pointer as it was pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grabbed {
    /// Which.
    pub node: NodeId,
    /// Where its top-left corner was in the world.
    pub corner_in_world: Point,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing.
    Nothing,
    /// The picture moves by a way on the screen.
    Pan(Point),
    /// The picture becomes larger or smaller around a point of the screen, and moves.
    Pinch {
        /// The fixed point.
        at: Point,
        /// How much larger.
        factor: f64,
        /// How far it moves besides.
        pan: Point,
    },
    /// A node goes to a place in the world.
    Move(NodeId, Point),
    /// A node was put down.
    PutDown,
    /// What is at a point of the screen was picked.
    Pick(Point),
}

impl Gesture {
    /// A pointer was pressed, perhaps on a node.
    pub fn press(&mut self, pointer: i32, at_in_screen: Point, grabbed: Option<Grabbed>) {
        self.pointers.retain(|(known, _)| *known != pointer);
        self.pointers.push((pointer, at_in_screen));
        self.press = (self.pointers.len() == 1).then_some(Press {
            start_in_screen: at_in_screen,
            grabbed,
            drags: false,
        });
    }

    /// Whether a press has become a drag, so that the pointer should be captured.
    pub fn drags(&self) -> bool {
        self.pointers.len() > 1 || self.press.is_some_and(|press| press.drags)
    }

    /// A pointer moved, at a zoom.
    pub fn turn(&mut self, pointer: i32, at_in_screen: Point, zoom: f64) -> Outcome {
        let before = self.pointers.clone();
        let Some(place) = before.iter().position(|(known, _)| *known == pointer) else {
            return Outcome::Nothing;
        };
        if let (Some(press), 1) = (&mut self.press, before.len()) {
            let far = press.start_in_screen.distance(at_in_screen) > DRAG_THRESHOLD;
            if !press.drags && !far {
                return Outcome::Nothing;
            }
            let from = if press.drags {
                before[place].1
            } else {
                press.start_in_screen
            };
            press.drags = true;
            self.pointers[place].1 = at_in_screen;
            return match press.grabbed {
                Some(grabbed) => {
                    let way_in_world = (at_in_screen - press.start_in_screen) * (1.0 / zoom);
                    Outcome::Move(grabbed.node, grabbed.corner_in_world + way_in_world)
                }
                None => Outcome::Pan(at_in_screen - from),
            };
        }
        self.pointers[place].1 = at_in_screen;
        match (before.as_slice(), self.pointers.as_slice()) {
            ([(_, a), (_, b)], [(_, c), (_, d)]) => {
                let (old, new) = (a.towards(*b, 0.5), c.towards(*d, 0.5));
                Outcome::Pinch {
                    at: new,
                    factor: c.distance(*d) / a.distance(*b).max(1.0),
                    pan: new - old,
                }
            }
            _ => Outcome::Nothing,
        }
    }

    /// A pointer was released.
    pub fn release(&mut self, pointer: i32, at_in_screen: Point) -> Outcome {
        self.pointers.retain(|(known, _)| *known != pointer);
        match self.press.take() {
            Some(press) if !press.drags => Outcome::Pick(at_in_screen),
            Some(press) if press.grabbed.is_some() => Outcome::PutDown,
            _ => Outcome::Nothing,
        }
    }

    /// The browser took a pointer away.
    pub fn cancel(&mut self, pointer: i32) {
        self.pointers.retain(|(known, _)| *known != pointer);
        self.press = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn a_press_that_stays_picks_and_one_that_goes_pans() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(10.0, 10.0), None);
        assert_eq!(gesture.turn(1, at(12.0, 11.0), 1.0), Outcome::Nothing);
        assert_eq!(
            gesture.release(1, at(12.0, 11.0)),
            Outcome::Pick(at(12.0, 11.0))
        );
        gesture.press(1, at(10.0, 10.0), None);
        assert_eq!(
            gesture.turn(1, at(30.0, 10.0), 1.0),
            Outcome::Pan(at(20.0, 0.0))
        );
        assert_eq!(
            gesture.turn(1, at(31.0, 12.0), 1.0),
            Outcome::Pan(at(1.0, 2.0))
        );
        assert_eq!(gesture.release(1, at(31.0, 12.0)), Outcome::Nothing);
    }

    #[test]
    fn a_grabbed_node_follows_the_pointer_at_every_zoom() {
        let mut gesture = Gesture::default();
        let grabbed = Grabbed {
            node: NodeId(4),
            corner_in_world: at(100.0, 50.0),
        };
        gesture.press(1, at(0.0, 0.0), Some(grabbed));
        assert_eq!(
            gesture.turn(1, at(20.0, 0.0), 0.5),
            Outcome::Move(NodeId(4), at(140.0, 50.0))
        );
        assert_eq!(gesture.release(1, at(20.0, 0.0)), Outcome::PutDown);
    }

    #[test]
    fn two_fingers_that_part_make_it_larger() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(0.0, 0.0), None);
        gesture.press(2, at(100.0, 0.0), None);
        let outcome = gesture.turn(2, at(200.0, 0.0), 1.0);
        let (pan, middle) = (at(50.0, 0.0), at(100.0, 0.0));
        assert_eq!(
            outcome,
            Outcome::Pinch {
                at: middle,
                factor: 2.0,
                pan
            }
        );
        assert_eq!(gesture.release(2, at(200.0, 0.0)), Outcome::Nothing);
    }
}
