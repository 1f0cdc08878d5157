//! Pieces that several kinds are made of.

pub(super) mod consumer;
pub(super) mod event_fields;
pub(super) mod events;
pub(super) mod filter;
pub(super) mod headers;
pub(super) mod memory;
pub(super) mod period;
pub(super) mod relay;
pub(super) mod routing;
pub(super) mod rules;
pub(super) mod seen;
pub(super) mod subject;
pub(super) mod transaction;
