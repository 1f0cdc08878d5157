//! What fingers and pointers mean on the canvas: a pick, a pan, a pinch, a box, a move, a new link.
//! that are moved, a link that is drawn.

use super::desk::End;
use super::{Hit, Item, Point};
use crate::units::{LinkId, NodeId};

/// A press becomes a drag after this way on the screen.
const DRAG_THRESHOLD: f64 = 5.0;
/// Fingers tremble more than a mouse.
const TOUCH_THRESHOLD: f64 = 10.0;

/// What the pointers do, from event to event.
#[derive(Debug, Default)]
pub struct Gesture {
    /// Pressed pointers with where they are on the screen.
    pointers: Vec<(i32, Point)>,
    press: Option<Press>,
}

/// What besides the place matters about a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// A finger.
    pub touch: bool,
    /// The middle button, the hand tool, or Space that is held: the canvas moves.
    pub hand: bool,
    /// Nothing can be moved: the canvas moves, and a press that stays picks.
    pub watch: bool,
    /// Shift or Control is held: to what is selected.
    pub add: bool,
    /// Alt is held: a copy is moved.
    pub copy: bool,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    start_in_screen: Point,
    last_in_screen: Point,
    does: Does,
    manner: Manner,
    drags: bool,
}

/// What a press does once it is a drag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Pan,
    Lasso,
    Move(Item),
    Connect(NodeId),
    Reconnect(LinkId, End),
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
    /// A box goes from one point of the screen to another.
    Lasso {
        /// The corner that holds.
        from: Point,
        /// The corner that follows.
        to: Point,
        /// Whether what is inside is added to what is selected.
        add: bool,
    },
    /// An item, with all that is selected if it is, has gone a way on the screen from where it was.
    Move {
        /// The item that is held.
        item: Item,
        /// The way from the start.
        way: Point,
        /// Whether a copy moves.
        copy: bool,
        /// Whether it has just begun.
        begins: bool,
    },
    /// A link is drawn from a node to a point of the screen.
    Connect(NodeId, Point),
    /// An end of a link is taken to a point of the screen.
    Reconnect(LinkId, End, Point),
    /// The drag is over, at a point of the screen: what was shown is done.
    Done(Point),
    /// The drag is given up: nothing is done.
    GivenUp,
    /// What is at a point of the screen was picked.
    Pick {
        /// The point.
        at: Point,
        /// Whether it is added to what is selected.
        add: bool,
    },
    /// The menu of what is at a point of the screen is wanted.
    Menu(Point),
}

impl Gesture {
    /// A pointer was pressed on something.
    pub fn press(&mut self, pointer: i32, at: Point, hit: Option<Hit>, manner: Manner) -> Outcome {
        self.pointers.retain(|(known, _)| *known != pointer);
        self.pointers.push((pointer, at));
        let before = self.press.take();
        if self.pointers.len() > 1 {
            // A second finger: what the first began is not done.
            return match before {
                Some(press) if press.drags && press.does != Does::Pan => Outcome::GivenUp,
                _ => Outcome::Nothing,
            };
        }
        let does = match hit {
            _ if manner.hand || manner.watch => Does::Pan,
            Some(Hit::Handle(node)) => Does::Connect(node),
            Some(Hit::LinkEnd(link, end)) => Does::Reconnect(link, end),
            Some(Hit::Item(item @ (Item::Node(_) | Item::Note(_) | Item::Frame(_)))) => {
                Does::Move(item)
            }
            _ if manner.touch => Does::Pan,
            _ => Does::Lasso,
        };
        self.press = Some(Press {
            start_in_screen: at,
            last_in_screen: at,
            does,
            manner,
            drags: false,
        });
        Outcome::Nothing
    }

    /// Whether a press has become a drag, so that the pointer should be captured.
    pub fn drags(&self) -> bool {
        self.pointers.len() > 1 || self.press.is_some_and(|press| press.drags)
    }

    /// A pointer moved.
    pub fn turn(&mut self, pointer: i32, at: Point) -> Outcome {
        let Some(place) = self
            .pointers
            .iter()
            .position(|(known, _)| *known == pointer)
        else {
            return Outcome::Nothing;
        };
        let before = self.pointers.clone();
        self.pointers[place].1 = at;
        match (&mut self.press, before.as_slice(), self.pointers.as_slice()) {
            (Some(press), [_], _) => press.turn(at),
            (_, [(_, a), (_, b)], [(_, c), (_, d)]) => {
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
    pub fn release(&mut self, pointer: i32, at: Point) -> Outcome {
        self.pointers.retain(|(known, _)| *known != pointer);
        match self.press.take() {
            Some(press) if !press.drags && press.manner.hand => Outcome::Nothing,
            Some(press) if !press.drags => Outcome::Pick {
                at,
                add: press.manner.add,
            },
            Some(press) if press.does != Does::Pan => Outcome::Done(at),
            _ => Outcome::Nothing,
        }
    }

    /// The browser took a pointer away, or Escape was pressed.
    pub fn cancel(&mut self) -> Outcome {
        self.pointers.clear();
        match self.press.take() {
            Some(press) if press.drags && press.does != Does::Pan => Outcome::GivenUp,
            _ => Outcome::Nothing,
        }
    }

    /// A finger has rested for so long that it asks for the menu.
    pub fn rest(&mut self) -> Outcome {
        match self.press {
            Some(press) if !press.drags && self.pointers.len() == 1 => {
                self.press = None;
                Outcome::Menu(press.start_in_screen)
            }
            _ => Outcome::Nothing,
        }
    }
}

impl Press {
    fn turn(&mut self, at: Point) -> Outcome {
        let threshold = if self.manner.touch {
            TOUCH_THRESHOLD
        } else {
            DRAG_THRESHOLD
        };
        let begins = !self.drags;
        if begins && self.start_in_screen.distance(at) <= threshold {
            return Outcome::Nothing;
        }
        self.drags = true;
        let step = at - self.last_in_screen;
        self.last_in_screen = at;
        match self.does {
            Does::Pan => Outcome::Pan(step),
            Does::Lasso => Outcome::Lasso {
                from: self.start_in_screen,
                to: at,
                add: self.manner.add,
            },
            Does::Move(item) => Outcome::Move {
                item,
                way: at - self.start_in_screen,
                copy: self.manner.copy,
                begins,
            },
            Does::Connect(node) => Outcome::Connect(node, at),
            Does::Reconnect(link, end) => Outcome::Reconnect(link, end, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUSE: Manner = Manner {
        touch: false,
        hand: false,
        watch: false,
        add: false,
        copy: false,
    };
    const FINGER: Manner = Manner {
        touch: true,
        ..MOUSE
    };

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    fn node(id: u32) -> Option<Hit> {
        Some(Hit::Item(Item::Node(NodeId(id))))
    }

    #[test]
    fn a_press_that_stays_picks_and_one_that_goes_draws_a_box() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(10.0, 10.0), None, MOUSE);
        assert_eq!(gesture.turn(1, at(12.0, 11.0)), Outcome::Nothing);
        let (place, add) = (at(12.0, 11.0), false);
        let picked = Outcome::Pick { at: place, add };
        assert_eq!(gesture.release(1, place), picked);
        gesture.press(1, at(10.0, 10.0), None, MOUSE);
        let (from, to) = (at(10.0, 10.0), at(30.0, 10.0));
        assert_eq!(gesture.turn(1, to), Outcome::Lasso { from, to, add });
        assert_eq!(gesture.release(1, to), Outcome::Done(to));
    }

    #[test]
    fn the_hand_and_the_finger_move_the_picture() {
        let hand = Manner {
            hand: true,
            ..MOUSE
        };
        for (hit, manner) in [(None, FINGER), (None, hand), (node(3), hand)] {
            let mut gesture = Gesture::default();
            gesture.press(1, at(10.0, 10.0), hit, manner);
            assert_eq!(gesture.turn(1, at(30.0, 10.0)), Outcome::Pan(at(20.0, 0.0)));
            assert_eq!(gesture.turn(1, at(31.0, 12.0)), Outcome::Pan(at(1.0, 2.0)));
            assert_eq!(gesture.release(1, at(31.0, 12.0)), Outcome::Nothing);
        }
    }

    #[test]
    fn who_watches_picks_and_moves_the_picture_only() {
        let watch = Manner {
            watch: true,
            ..MOUSE
        };
        let mut gesture = Gesture::default();
        gesture.press(1, at(10.0, 10.0), node(4), watch);
        let (place, add) = (at(11.0, 10.0), false);
        let picked = Outcome::Pick { at: place, add };
        assert_eq!(gesture.release(1, place), picked);
        gesture.press(1, at(10.0, 10.0), Some(Hit::Handle(NodeId(4))), watch);
        assert_eq!(gesture.turn(1, at(30.0, 10.0)), Outcome::Pan(at(20.0, 0.0)));
    }

    #[test]
    fn a_card_follows_the_pointer_from_where_it_was_pressed() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(0.0, 0.0), node(4), MOUSE);
        let moved = |x, begins| Outcome::Move {
            item: Item::Node(NodeId(4)),
            way: at(x, 0.0),
            copy: false,
            begins,
        };
        assert_eq!(gesture.turn(1, at(20.0, 0.0)), moved(20.0, true));
        assert_eq!(gesture.turn(1, at(25.0, 0.0)), moved(25.0, false));
        assert_eq!(
            gesture.release(1, at(25.0, 0.0)),
            Outcome::Done(at(25.0, 0.0))
        );
    }

    #[test]
    fn a_handle_draws_a_link_and_escape_gives_it_up() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(0.0, 0.0), Some(Hit::Handle(NodeId(4))), MOUSE);
        let drawn = Outcome::Connect(NodeId(4), at(50.0, 0.0));
        assert_eq!(gesture.turn(1, at(50.0, 0.0)), drawn);
        assert_eq!(gesture.cancel(), Outcome::GivenUp);
        assert_eq!(gesture.release(1, at(60.0, 0.0)), Outcome::Nothing);
    }

    #[test]
    fn two_fingers_that_part_make_it_larger() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(0.0, 0.0), None, FINGER);
        gesture.press(2, at(100.0, 0.0), None, FINGER);
        let outcome = gesture.turn(2, at(200.0, 0.0));
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

    #[test]
    fn a_second_finger_gives_up_what_the_first_one_moves() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(0.0, 0.0), node(4), FINGER);
        gesture.turn(1, at(40.0, 0.0));
        let outcome = gesture.press(2, at(100.0, 0.0), None, FINGER);
        assert_eq!(outcome, Outcome::GivenUp);
    }

    #[test]
    fn a_finger_that_rests_asks_for_the_menu() {
        let mut gesture = Gesture::default();
        gesture.press(1, at(7.0, 8.0), node(4), FINGER);
        assert_eq!(gesture.rest(), Outcome::Menu(at(7.0, 8.0)));
        assert_eq!(gesture.release(1, at(7.0, 8.0)), Outcome::Nothing);
    }
}
