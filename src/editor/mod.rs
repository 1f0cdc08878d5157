//! All of editing that needs no browser: geometry, what is under the pointer, the table of
//! actions, how time goes by, the scene, and what is kept of several documents.
//!
//! It knows no canvas, no element and no storage.

mod actions;
mod camera;
mod curve;
pub mod form;
mod geometry;
mod gesture;
mod hit;
pub mod panel;
pub mod scene;
pub mod shelf;
pub mod tempo;

pub use actions::{Action, HELP, HelpRow, Press, action_of};
pub use camera::{Camera, Glide};
pub use curve::Curve;
pub use geometry::{Point, Rect};
pub use gesture::{Gesture, Grabbed, Outcome};
pub use hit::{Hit, hit};
