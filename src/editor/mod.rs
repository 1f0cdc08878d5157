//! All of editing that needs no browser: geometry, what is under the pointer, the table of
//! actions, how time goes by, and the scene.
//!
//! It knows no canvas, no element and no storage.

mod actions;
mod arrange;
mod camera;
mod curve;
pub mod form;
mod geometry;
mod gesture;
mod hit;
pub mod panel;
pub mod routing;
pub mod scene;
mod snap;
pub mod tempo;

pub use actions::{Action, HELP, HelpRow, Press, action_of};
pub use arrange::{Align, Distribute, align, distribute};
pub use camera::{Camera, Glide};
pub use curve::{Curve, handles};
pub use geometry::{Point, Rect};
pub use gesture::{Gesture, Grabbed, Outcome};
pub use hit::{Hit, hit};
pub use snap::{GRID, Guide, Snap, snap};
