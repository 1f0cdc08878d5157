//! The cost of a frame, measured in the browser: `#bench=frames`.

use leptos::prelude::*;

/// Whether the address asks for the measurement.
pub fn is_wanted() -> bool {
    window().location().hash().is_ok_and(|hash| hash == "#bench=frames")
}

/// Measures.
pub fn start() {}
