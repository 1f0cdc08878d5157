//! The kinds of nodes: one folder and one register line for each.
//!
//! A folder holds what the kind is and whose semantics it follows, its settings with their checks,
//! its behaviour, its picture, its tests and the smallest scenario that shows it.

#[cfg(test)]
mod bench;
mod conduct;
mod descriptor;
mod picture;
mod preset;
mod register;
mod role;
mod settings;
mod shared;
mod whereabouts;

pub mod aggregate;
pub mod database;
pub mod event_store;
pub mod exchange;
pub mod log;
pub mod producer;
pub mod projection;
pub mod queue;
pub mod service;
pub mod survey;
pub mod topic;

pub use conduct::{
    Cluster, Conduct, Expected, Lending, Offer, OnlyExpected, Passing, Picks, Split, Way, Work,
};
pub use descriptor::{Control, Descriptor, Field, Glyph, Group, Needs};
pub use picture::{Capsule, Lane, Part, Picture, ROW_MOST, Slot, Status, Tone};
pub use preset::{Allows, Blueprint, Change, Own, Plan, Preset, Rule, Worth, plan};
pub use queue::{date_deaths, name_places};
pub use register::{Kind, Node, Settings};
pub use role::Role;
pub use settings::SettingsProblem;
pub use shared::filter::Filter;
pub use shared::headers::HeaderMatch;
pub use shared::subject::{SubjectPattern, TopicPattern};
pub use survey::Survey;
pub use whereabouts::Step;
