//! Tests of the event_store.
