//! All of editing that needs no browser: geometry, what is under the pointer, the table of
//! actions, how time goes by, the scene, and how it is drawn.
//!
//! It knows no canvas, no element and no storage.

mod actions;
mod camera;
mod curve;
pub mod form;
mod geometry;
mod gesture;
mod hit;
pub mod paint;
pub mod panel;
pub mod scene;
pub mod svg;
pub mod tempo;
pub mod walk;

pub use actions::{Action, HELP, HelpRow, Press, action_of};
pub use camera::{Camera, Glide};
pub use curve::Curve;
pub use geometry::{Point, Rect};
pub use gesture::{Gesture, Grabbed, Outcome};
pub use hit::{Hit, hit};
