//! Eventyard: draw an event-driven system, press play, and watch every message travel.
//!
//! This library is all that is true without a browser. A run is a pure function of a scenario and
//! a seed: the rooms below make it one, each importing only from the rooms above it.

pub mod units;

pub mod engine;

pub mod nodes;

pub mod topology;

pub mod simulation;

pub mod scenario;

pub mod editor;

#[cfg(feature = "app")]
pub mod app;
