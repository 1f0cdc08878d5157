//! Eventyard: draw an event-driven system, press play, and watch every message travel.
//!
//! This library is all that is true without a browser. A run is a pure function of a scenario and
//! a seed: the rooms below make it one, each importing only from the rooms above it. *Units* are
//! what everything is stated in, the *engine* lets things happen without knowing any kind of node,
//! *nodes* are the kinds, a *topology* is what is drawn, a *simulation* runs it, a *scenario* is
//! the document, *interchange* reads and writes the files that carry one, the *editor* is all of
//! editing and drawing that needs no browser, and the *app* is the page itself.

pub mod units;

pub mod engine;

pub mod nodes;

pub mod topology;

pub mod simulation;

pub mod scenario;

pub mod interchange;

pub mod editor;

#[cfg(feature = "app")]
pub mod app;
