//! Light or dark: what the user chose, or else what the system says.

use leptos::prelude::{document, window};

use super::session::Theme;
use super::storage;

const KEY: &str = "eventyard.theme";

/// The theme to begin with.
pub fn wanted() -> Theme {
    match storage::read(KEY).as_deref() {
        Some("dark") => Theme::Dark,
        Some("light") => Theme::Light,
        _ if media_matches("(prefers-color-scheme: dark)") => Theme::Dark,
        _ => Theme::Light,
    }
}

/// Shows a theme.
pub fn show(theme: Theme) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", name(theme));
    }
}

/// Shows a theme and remembers it.
pub fn apply(theme: Theme) {
    show(theme);
    storage::write(KEY, name(theme));
}

/// The name of a theme in the page's style.
pub fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// Whether the user asked the system for less motion.
pub fn wants_no_motion() -> bool {
    media_matches("(prefers-reduced-motion: reduce)")
}

/// Whether the page is as narrow as a phone; the style sheets say the same.
pub fn is_phone() -> bool {
    media_matches("(max-width: 760px)")
}

/// Whether there is little room beside the canvas.
pub fn is_narrow() -> bool {
    media_matches("(max-width: 1120px)")
}

/// Whether fingers are what points: a search field with the focus would bring up their keyboard.
pub fn has_fingers() -> bool {
    media_matches("(pointer: coarse)")
}

/// Whether a media query holds.
fn media_matches(query: &str) -> bool {
    let found = window().match_media(query).ok().flatten();
    found.is_some_and(|query| query.matches())
}
