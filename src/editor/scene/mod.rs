//! What to draw, as plain data: made anew for every frame from a run, a moment and a camera.
//!
//! It knows no colour and no canvas: a thing says what it means, and the painter how that looks.

mod brokers;
mod build;
mod card;
mod draft;
mod frames;
mod lanes;
mod notes;
mod steady;
mod survey;
#[cfg(test)]
mod tests;
mod told;
mod traffic;

pub use build::{SceneBuilder, View};
pub use card::CARD_WIDTH;
pub use draft::{Draft, Rope};
pub use frames::{FRAME_HEAD, Folded, FrameBox};
pub use notes::{NOTE_LINE, NOTE_MARGIN, NOTE_WIDTH, NotePage};
pub use survey::{State, Tag};

use super::routing::LABEL_HEIGHT;
use super::{Curve, Point, Rect};
use crate::engine::MessageId;
use crate::nodes::{Glyph, Role, Tone};
use crate::topology::Severity;
use crate::units::{LinkId, NodeId};

/// Below this zoom the labels of links cannot be read and are left out.
pub const LABEL_ZOOM_MIN: f64 = 0.45;
/// How wide a letter of a link's label is, on average.
const LETTER_WIDTH: f64 = 5.7;

/// Everything of one frame.
#[derive(Debug, Default)]
pub struct Scene {
    /// Links, in the order of the topology.
    pub links: Vec<LinkLine>,
    /// Nodes, in the order of the topology.
    pub cards: Vec<Card>,
    /// Frames, larger ones first.
    pub frames: Vec<FrameBox>,
    /// Notes, in the order of the document.
    pub notes: Vec<NotePage>,
    /// Messages on their way, and answers.
    pub tokens: Vec<Token>,
    /// Messages on their way in the run, drawn or not.
    pub in_flight: u64,
    /// Whether some links show a sample of their messages only.
    pub sampled: bool,
}

/// How a token looks, by what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The number of the event type, which decides colour and shape.
    pub event_type: u16,
    /// Delivered before.
    pub redelivered: bool,
    /// Made by a link that carried another one twice.
    pub duplicate: bool,
    /// A dead letter.
    pub dead: bool,
}

/// A moving dot that shows a message, or an answer.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where its middle is in the world.
    pub at: Point,
    /// Where it goes, in radians.
    pub angle: f64,
    /// How it looks; `None` for an answer, such as an acknowledgement.
    pub look: Option<Look>,
    /// Which message; zero for an answer.
    pub message: MessageId,
    /// Whether it is the message that the user follows.
    pub followed: bool,
}

/// A link.
#[derive(Clone, Debug)]
pub struct LinkLine {
    /// Which.
    pub id: LinkId,
    /// Its way.
    pub curve: Curve,
    /// The middle of its label; without a label a point on its way.
    pub label_at: Point,
    /// A few words beside the way.
    pub label: String,
    /// What it carries, if that is too much to show each message.
    pub flow: Option<Flow>,
    /// Whether nothing gets through.
    pub cut: bool,
    /// What it is for, which follows from its ends.
    pub role: Option<Role>,
    /// The consumer at its end, if it comes from a log.
    pub tag: Option<Tag>,
    /// What is likely wrong with it.
    pub finding: Option<Severity>,
    /// Whether it is the selected link.
    pub selected: bool,
    /// Whether the pointer is over it.
    pub hovered: bool,
}

impl LinkLine {
    /// Puts what it does before the other words of its label.
    fn say_role(&mut self) {
        let Some(role) = self.role else { return };
        let between = if self.label.is_empty() { "" } else { " · " };
        self.label = format!("{}{between}{}", role.verb(), self.label);
    }

    /// The area of its label, by a rule of thumb for the width of its letters. Without a label it
    /// has no width.
    pub fn label_box(&self) -> Rect {
        let letters = self.label.chars().count() as f64;
        let width = if letters > 0.0 {
            LETTER_WIDTH * letters + 10.0
        } else {
            0.0
        };
        Rect::new(
            self.label_at.x - width / 2.0,
            self.label_at.y - LABEL_HEIGHT / 2.0,
            width,
            LABEL_HEIGHT,
        )
    }
}

/// Many messages on one link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// The width of the band.
    pub width: f64,
    /// The share of messages with a past: redelivered, doubled, dead.
    pub trouble: f64,
    /// How many are on their way.
    pub in_flight: u64,
    /// Messages a second that arrive.
    pub per_second: f64,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Card {
    /// Which.
    pub id: NodeId,
    /// Where it is in the world.
    pub rect: Rect,
    /// Its name.
    pub name: String,
    /// What kind of node it is.
    pub kind: &'static str,
    /// The shape that stands for its kind.
    pub glyph: Glyph,
    /// A number in the corner, if it has one to show.
    pub figure: Option<String>,
    /// How loud the number is.
    pub figure_tone: Tone,
    /// Whether it crashed.
    pub down: bool,
    /// Whether it is the selected node.
    pub selected: bool,
    /// Whether the pointer is over it.
    pub hovered: bool,
    /// Whether the link that is being drawn may end here; `None` while none is.
    pub fits: Option<bool>,
    /// Its picture.
    pub pieces: Vec<Piece>,
    /// What a log or a consumer of one is at, in words.
    pub told: String,
    /// Why its queue grows, in lines.
    pub why: Vec<String>,
    /// What is likely wrong with it.
    pub finding: Option<Severity>,
    /// The words of that, in lines, while somebody looks at it.
    pub remark: Vec<String>,
}

/// One thing on a card, in the world.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A sunken area.
    Well(Rect),
    /// A message at rest.
    Capsule {
        /// Its middle.
        at: Point,
        /// How it looks.
        look: Look,
        /// Which message.
        message: MessageId,
        /// Whether it is the message that the user follows.
        followed: bool,
        /// Whether others stand close beside it, each in a place of its own.
        tight: bool,
    },
    /// A place for work, with the share that is done.
    Slot {
        /// Its middle.
        at: Point,
        /// Its radius.
        radius: f64,
        /// The share of the work that is done, from 0 to 1.
        done: Option<f64>,
        /// How loud.
        tone: Tone,
    },
    /// A share of a whole.
    Bar {
        /// The whole.
        rect: Rect,
        /// The share, from 0 to 1.
        part: f64,
        /// How loud.
        tone: Tone,
    },
    /// Something in the colour of a consumer: where it is, how far behind, what it owns.
    Band {
        /// Where it is.
        rect: Rect,
        /// Which consumer, from 1; 0 for nobody.
        number: u16,
        /// How it is filled.
        fill: Fill,
    },
    /// The mark of a consumer: its colour and its number.
    Chip {
        /// Where it is.
        rect: Rect,
        /// Which, from 1; 0 for nobody.
        number: u16,
        /// How it is.
        state: State,
    },
    /// The box of a broker.
    Broker {
        /// Where it is.
        rect: Rect,
        /// How it is.
        standing: Standing,
    },
    /// What a broker has of a partition.
    Pip {
        /// Where it is.
        rect: Rect,
        /// What it has.
        pip: Pip,
    },
    /// A line of text.
    Text {
        /// Where the text begins, or ends if it is `right`, on its base line.
        at: Point,
        /// The text.
        text: String,
        /// Whether it is less important than others.
        faint: bool,
        /// Whether it ends at `at`.
        right: bool,
        /// Whether its letters are small even for a card.
        tiny: bool,
        /// How loud.
        tone: Tone,
        /// The most room it may take.
        width: f64,
    },
}

/// How a band is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Wholly.
    Solid,
    /// A little.
    Faint,
    /// With lines across: nothing moves there.
    Hatched,
    /// Not at all, with a broken outline: nothing is heard of it.
    Dashed,
}

/// How a broker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Up,
    /// It does not run, and the others have not noticed.
    Stopped,
    /// The others do not reach it.
    CutOff,
    /// It does not run, and the others know.
    Missed,
}

/// What a broker has of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pip {
    /// It leads it.
    Leads,
    /// It has a copy that is in sync.
    Follows,
    /// It has a copy that is not in sync.
    Behind,
    /// It led it and failed, and nobody leads it now.
    Lost,
}
