//! Pieces that several kinds are made of.

pub(super) mod events;
