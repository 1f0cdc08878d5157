//! Pieces that several kinds are made of.

pub(super) mod events;
pub(super) mod rules;
