//! Where the page gets the gallery from: a file beside it, which is fetched when somebody asks for
//! it, and then kept.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::futures::JsFuture;
use leptos::prelude::window;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast;
use web_sys::Response;

use crate::app::painter::palette_of;
use crate::app::session::Theme;
use crate::editor::showcase::{self, Exhibit};
use crate::scenario::{self, Scenario};

/// The documents by their names.
type Texts = Map<String, Value>;

/// Where they are, seen from the page.
const FILE: &str = "gallery.json";
const UNREACHED: &str =
    "The gallery could not be loaded. Check the connection, then open it again.";

thread_local! {
    static TEXTS: RefCell<Option<Rc<Texts>>> = const { RefCell::new(None) };
}

/// All that is shown.
///
/// # Errors
/// A sentence, if there is neither a network nor what came before.
pub async fn exhibits() -> Result<Vec<Exhibit>, String> {
    let texts = texts().await?;
    Ok(showcase::exhibits(|slug| read(&texts, slug)))
}

/// A scenario by its name in addresses; none if there is none of that name.
///
/// # Errors
/// A sentence, if there is neither a network nor what came before.
pub async fn scenario(slug: &str) -> Result<Option<Scenario>, String> {
    Ok(read(&*texts().await?, slug))
}

/// Its picture, as the address of an image.
pub async fn picture(slug: &str, theme: Theme) -> Option<String> {
    let palette = palette_of(theme)?;
    let picture = showcase::miniature(&scenario(slug).await.ok()??, &palette)?;
    let text = String::from(js_sys::encode_uri_component(&picture));
    Some(format!("data:image/svg+xml,{text}"))
}

fn read(texts: &Texts, slug: &str) -> Option<Scenario> {
    scenario::from_json(texts.get(slug)?).ok()
}

async fn texts() -> Result<Rc<Texts>, String> {
    if let Some(texts) = TEXTS.with_borrow(Clone::clone) {
        return Ok(texts);
    }
    let texts = fetched().await.ok_or(UNREACHED)?;
    let texts = serde_json::from_str(&texts).map_err(|error| format!("{FILE}: {error}"))?;
    let texts = Rc::new(texts);
    TEXTS.set(Some(Rc::clone(&texts)));
    Ok(texts)
}

async fn fetched() -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str(FILE)).await.ok()?;
    let response: Response = response.unchecked_into();
    let text = response.ok().then(|| response.text().ok())??;
    JsFuture::from(text).await.ok()?.as_string()
}
