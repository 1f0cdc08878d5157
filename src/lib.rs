//! Eventyard.
