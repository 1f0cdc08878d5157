//! A scenario inside of an SVG picture: base64 in an element `<metadata>`. What is drawn is not
//! looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shrunk::{pack, unpack};
use crate::scenario::Scenario;

/// What stands before the base64.
const MARK: &str = "eventyard-scenario:";
/// How far into a file its first element is looked for, in bytes.
const PROLOGUE_MAX: usize = 16 << 10;

/// Whether a text is an SVG picture, broken or not.
pub fn is_svg(text: &str) -> bool {
    text.starts_with('<') && root(text).is_some()
}

/// Where the first element `svg` begins.
fn root(text: &str) -> Option<usize> {
    let found = text.find("<svg")?;
    (found < PROLOGUE_MAX).then_some(found)
}

/// The picture with a scenario inside. `None` if it is no SVG picture.
pub fn with_scenario(picture: &str, scenario: &Scenario) -> Option<String> {
    let root = root(picture)?;
    let inside = root + picture[root..].find('>')? + 1;
    let (before, after) = picture.split_at(inside);
    let text = STANDARD.encode(pack(scenario));
    Some(format!(
        "{before}\n<metadata>{MARK}{text}</metadata>{after}"
    ))
}

/// The text of the scenario inside of a picture, if there is one.
///
/// # Errors
/// What is wrong with the picture.
pub fn scenario_text(picture: &str) -> Result<Option<String>, String> {
    let mut rest = picture;
    while let Some(start) = rest.find("<metadata") {
        let inside = &rest[start..];
        let Some(end) = inside.find("</metadata>") else {
            return Err("this picture is cut off".to_owned());
        };
        if let Some((_, text)) = inside[..end].split_once(MARK) {
            return text_of(text).map(Some);
        }
        rest = &inside[end..];
    }
    Ok(None)
}

fn text_of(text: &str) -> Result<String, String> {
    // Other programs break long lines, and may put an element of their own around it.
    let text = text.split('<').next().unwrap_or_default();
    let base64: String = text.split_whitespace().collect();
    let packed = STANDARD.decode(base64);
    unpack(&packed.map_err(|_| "the scenario inside of this picture is damaged".to_owned())?)
}
