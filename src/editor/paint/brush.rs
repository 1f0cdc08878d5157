//! What a drawing asks of what it is drawn on: the few calls of a 2D canvas that are used.
//!
//! Opacity, dashes and ends stay as they were set; a path lasts until the next one begins.

use crate::editor::{Point, Rect};
use crate::nodes::Glyph;

/// Something that can be drawn on.
pub trait Brush {
    /// Forgets the path, and begins another.
    fn begin(&mut self);
    /// Goes to a point without a line.
    fn move_to(&mut self, to: Point);
    /// Adds a straight line.
    fn line_to(&mut self, to: Point);
    /// Adds a cubic curve: two control points, and where it ends.
    fn curve_to(&mut self, lead: Point, follow: Point, end: Point);
    /// Adds a part of a circle, clockwise from one angle to another, and a line to where it begins.
    fn arc(&mut self, middle: Point, radius: f64, from: f64, to: f64);
    /// Adds a rectangle with round corners.
    fn rounded(&mut self, rect: Rect, radius: f64);
    /// Fills the path.
    fn fill(&mut self, colour: &str);
    /// Draws along the path.
    fn stroke(&mut self, colour: &str, width: f64);
    /// How much of what is drawn from now on covers what is below it, from 0 to 1.
    fn set_opacity(&mut self, opacity: f64);
    /// Lines from now on are dashes and gaps of these lengths; unbroken if there are none.
    fn set_dashes(&mut self, lengths: &[f64]);
    /// Whether lines from now on have round ends.
    fn set_round_ends(&mut self, round: bool);
    /// Draws a glyph, in a square of this size whose upper left corner is given. It begins a path.
    fn glyph(&mut self, glyph: Glyph, corner: Point, size: f64, colour: &str);
    /// Writes a line of text, so many times as large as its letters are.
    fn write_scaled(&mut self, words: Words<'_>, times: f64);
    /// Writes a line of text.
    fn write(&mut self, words: Words<'_>) {
        self.write_scaled(words, 1.0);
    }
}

/// The size of the square in which glyphs are drawn when they are not made larger.
pub const GLYPH_SIZE: f64 = 16.0;

/// A line of text.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it stands, on its base line.
    pub at: Point,
    /// Which letters.
    pub face: Face,
    /// Which of its ends is at `at`.
    pub align: Align,
    /// Its colour.
    pub colour: &'a str,
    /// The most room that it may take; longer texts are squeezed.
    pub room: Option<f64>,
}

/// Which end of a text is where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Middle,
    /// It ends there.
    Right,
}

/// The letters of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Names of nodes.
    Name,
    /// What is small.
    Small,
    /// What is small even for a card: offsets and numbers of consumers.
    Tiny,
    /// The number in the corner of a card.
    Figure,
    /// Names of nodes, seen from far away.
    FarName,
    /// Their numbers.
    FarFigure,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Small,
        Self::Tiny,
        Self::Figure,
        Self::FarName,
        Self::FarFigure,
    ];

    /// How bold they are, as in CSS.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Small => 400,
            Self::Tiny => 500,
            Self::Name | Self::FarName => 600,
            Self::Figure | Self::FarFigure => 650,
        }
    }

    /// How large they are, in pixels of the world.
    pub const fn size(self) -> f64 {
        match self {
            Self::Small => 11.5,
            Self::Tiny => 10.0,
            Self::Name => 13.5,
            Self::Figure => 16.0,
            Self::FarName => 23.0,
            Self::FarFigure => 34.0,
        }
    }
}
