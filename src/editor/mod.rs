//! All of editing that needs no browser: geometry, what is under the pointer, the table of
//! actions, how time goes by, the scene, how it is drawn, and what is kept of several documents.
//!
//! It knows no canvas, no element and no storage.

pub mod actions;
pub mod arrange;
pub mod boxes;
pub mod brokers;
pub mod bubble;
mod camera;
mod chart;
pub mod consumers;
mod curve;
mod desk;
pub mod embed;
pub mod form;
mod geometry;
mod gesture;
mod history;
mod hit;
pub mod paint;
pub mod palette;
pub mod panel;
pub mod remote;
pub mod routing;
pub mod said;
pub mod scene;
mod search;
mod selection;
mod sheets;
pub mod shelf;
pub mod showcase;
pub mod sketching;
pub mod snap;
pub mod stock;
pub mod svg;
pub mod table;
pub mod tempo;
pub mod walk;
pub mod whereabouts;

pub use actions::{Action, Keymap, Press};
pub use camera::{Camera, Glide};
pub use chart::Chart;
pub use curve::{Curve, handles};
pub use desk::{Clip, Desk, End, Reach};
pub use geometry::{Point, Rect};
pub use gesture::{Gesture, Manner, Outcome};
pub use history::{Burst, History};
pub use hit::{Hit, capsule_at, hit, inside, node_at};
pub use search::ranked;
pub use selection::{Followed, Item, Selection};
