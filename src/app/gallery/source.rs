//! Where the page gets the gallery from. Everything about it is asked for here, and answers may
//! take a while.

use crate::app::painter::palette_of;
use crate::app::session::Theme;
use crate::editor::showcase::{self, Exhibit};
use crate::scenario::Scenario;
use crate::scenario::gallery::gallery;

/// All that is shown.
pub async fn exhibits() -> Vec<Exhibit> {
    showcase::exhibits()
}

/// A scenario by its name in addresses.
pub async fn scenario(slug: &str) -> Option<Scenario> {
    let entry = gallery().into_iter().find(|entry| entry.slug == slug)?;
    Some(entry.scenario())
}

/// Its picture, as the address of an image.
pub async fn picture(slug: &str, theme: Theme) -> Option<String> {
    let palette = palette_of(theme)?;
    let picture = showcase::miniature(&scenario(slug).await?, &palette)?;
    let text = String::from(js_sys::encode_uri_component(&picture));
    Some(format!("data:image/svg+xml,{text}"))
}
