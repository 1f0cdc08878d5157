//! A scenario in an address: what a link carries, and what is wrong with one that does not open.
//!
//! The fragment is `s1.` and then base64url of a checksum and the scenario in its [`wire`] form,
//! with where its sender was in it. The checksum is over what is sent, so that no changed character
//! is ever opened as something else; lengths are limited before and while it unfolds; and what
//! comes out goes through the checks that files go through.

mod model;
mod plain;
mod wire;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Scenario, document};
use crate::engine::SEMANTICS;
use crate::topology::Problem;
use crate::units::{SimDuration, SimTime, ViewId, crc32};

/// What a fragment begins with.
const TAG: &str = "s1.";
/// Longest fragment that is read, in characters.
pub const FRAGMENT_MAX: usize = 64 << 10;
/// Most bytes that one of the first kind may unpack to.
const UNPACKED_MAX: usize = 256 << 10;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The scenario.
    pub scenario: Scenario,
    /// Where its sender was in it.
    pub standpoint: Standpoint,
    /// The [`SEMANTICS`] of the engine that its sender saw it with.
    pub semantics: u32,
}

/// Where somebody is in a scenario, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standpoint {
    /// The moment.
    pub moment: Option<SimTime>,
    /// How many entries the trace had, if the run stands in the middle of that moment.
    pub entries: Option<u64>,
    /// The ids of all that is selected.
    pub selection: Vec<u32>,
    /// What is on the screen.
    pub camera: Option<SentCamera>,
    /// The view that is shown.
    pub view: Option<ViewId>,
}

/// What is on a screen, in whole numbers, so that it is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCamera {
    /// Left edge, in hundredths of a pixel at 100 %.
    pub x: i32,
    /// Upper edge, likewise.
    pub y: i32,
    /// Zoom, in hundredths of a percent.
    pub zoom: u32,
    /// Width of the screen, in its pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

impl Sent {
    /// What somebody who opens it should know.
    pub fn remark(&self) -> Option<String> {
        (self.semantics != SEMANTICS).then(|| {
            format!(
                "This link was made with another version of the engine ({}, here it is \
                 {SEMANTICS}): it runs, and results may differ from what its sender saw.",
                self.semantics
            )
        })
    }
}

/// The fragment of a link to a scenario, without `#`; nothing if it would be too long to be read.
pub fn encode(scenario: &Scenario) -> String {
    encode_short(scenario).unwrap_or_default()
}

/// The fragment of a link to a scenario, without `#`, unless it would be too long to be read.
pub fn encode_short(scenario: &Scenario) -> Option<String> {
    encode_at(scenario, &Standpoint::default())
}

/// The fragment of a link to a scenario and a place in it, unless it would be too long to be read.
pub fn encode_at(scenario: &Scenario, standpoint: &Standpoint) -> Option<String> {
    let mut json = json!({ "scenario": scenario.to_json(), "engine": SEMANTICS });
    standpoint.write_into(&mut json);
    let stream = wire::write(&json)?;
    let mut payload = crc32(&[&stream]).to_le_bytes().to_vec();
    payload.extend(stream);
    let fragment = format!("{TAG}{}", URL_SAFE_NO_PAD.encode(payload));
    (fragment.len() <= FRAGMENT_MAX).then_some(fragment)
}

/// Whether a fragment looks like a scenario, broken or not.
pub fn is_scenario(fragment: &str) -> bool {
    let fragment = fragment.trim_start_matches('#');
    fragment.split_once('.').is_some_and(|(tag, _)| {
        (1..=4).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// The scenario that a fragment carries.
///
/// # Errors
/// As [`open`].
pub fn decode(fragment: &str) -> Result<Scenario, Vec<Problem>> {
    open(fragment).map(|sent| sent.scenario)
}

/// What a fragment, or a whole link, carries. What stands behind it in a text may still be there.
///
/// # Errors
/// What is wrong with the link, or with the document inside of it, and what to do.
pub fn open(fragment: &str) -> Result<Sent, Vec<Problem>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let fragment = fragment.rsplit(['#', '&']).next().unwrap_or_default();
    let fragment = fragment.trim_end_matches(|c| !is_part(c));
    if fragment.len() > FRAGMENT_MAX {
        let what = format!(
            "it has {} characters, and links have at most {FRAGMENT_MAX}",
            fragment.len()
        );
        return Err(broken(&what, "ask whoever sent it for the file"));
    }
    match fragment.split_once('.').unwrap_or((fragment, "")) {
        ("s1", payload) => lasting(payload),
        ("j1", payload) => plain::open(payload).map(|scenario| Sent {
            scenario,
            standpoint: Standpoint::default(),
            semantics: SEMANTICS,
        }),
        (tag, _) if is_later(tag) => Err(newer()),
        _ => Err(broken(
            "it does not begin as links of Eventyard do",
            "check that it is one, and copy the whole link again",
        )),
    }
}

fn is_later(tag: &str) -> bool {
    let digits = tag.strip_prefix('s').unwrap_or_default();
    !digits.starts_with('0') && digits.parse::<u16>().is_ok()
}

fn lasting(payload: &str) -> Result<Sent, Vec<Problem>> {
    let bytes = URL_SAFE_NO_PAD.decode(payload);
    let bytes = bytes.map_err(|_| broken("characters are missing or wrong", COPY))?;
    let stream = match bytes.split_first_chunk() {
        Some((sum, stream)) if crc32(&[stream]) == u32::from_le_bytes(*sum) => stream,
        _ => return Err(broken("a part of it is missing or changed", COPY)),
    };
    let json = wire::read(stream).map_err(|_| {
        broken(
            "what it carries makes no sense, or is too much",
            "it was not made by Eventyard; ask whoever sent it for the file",
        )
    })?;
    read_sent(&json)
}

fn read_sent(json: &Value) -> Result<Sent, Vec<Problem>> {
    let known = ["scenario", "engine"].iter().chain(&Standpoint::FIELDS);
    let known = known.filter(|name| json.get(**name).is_some()).count();
    // Something in it that is not known here was put there by a later version.
    if json.as_object().is_none_or(|fields| fields.len() > known) {
        return Err(newer());
    }
    let scenario = document::from_json(&json["scenario"]).map_err(unknown)?;
    let standpoint = Standpoint::read(json).ok_or_else(newer)?;
    let semantics = json["engine"].as_u64().unwrap_or_default();
    Ok(Sent {
        scenario,
        standpoint,
        semantics: u32::try_from(semantics).unwrap_or_default(),
    })
}

const COPY: &str = "copy the whole link again, or ask whoever sent it for the file";

fn broken(what: &str, hint: &str) -> Vec<Problem> {
    vec![Problem::new("This link cannot be read", what, hint)]
}

/// What is wrong with the document inside of a link, behind what that means for the link.
fn unknown(problems: Vec<Problem>) -> Vec<Problem> {
    let hint = "if it was made by a newer version, reload the page; else ask for the file";
    let mut all = broken(
        "what it carries is no scenario that this version knows",
        hint,
    );
    all.extend(problems);
    all
}

fn newer() -> Vec<Problem> {
    broken("it was made by a newer version", "reload the page")
}

impl Standpoint {
    const FIELDS: [&str; 5] = ["moment", "entries", "selection", "camera", "view"];

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn write_into(&self, json: &mut Value) {
        if let Some(moment) = self.moment {
            json["moment"] = json!(moment);
        }
        if let Some(entries) = self.entries {
            json["entries"] = json!(entries);
        }
        if !self.selection.is_empty() {
            json["selection"] = json!(self.selection);
        }
        if let Some(camera) = self.camera {
            let SentCamera { x, y, zoom, .. } = camera;
            json["camera"] = json!([x, y, zoom, camera.width, camera.height]);
        }
        if let Some(view) = self.view {
            json["view"] = json!(view);
        }
    }

    /// Nothing if it says something in a way that is not known here.
    fn read(json: &Value) -> Option<Self> {
        let mut read = Self::default();
        if let Some(moment) = json.get("moment") {
            let length: SimDuration = moment.as_str()?.parse().ok()?;
            read.moment = Some(SimTime::ZERO.after(length));
        }
        if let Some(entries) = json.get("entries") {
            read.entries = Some(entries.as_u64()?);
        }
        if let Some(ids) = json.get("selection") {
            for id in ids.as_array()? {
                read.selection.push(u32::try_from(id.as_u64()?).ok()?);
            }
        }
        if let Some(camera) = json.get("camera") {
            let [x, y, zoom, width, height] = camera.as_array()?.as_slice() else {
                return None;
            };
            let edge = |value: &Value| i32::try_from(value.as_i64()?).ok();
            let size = |value: &Value| u32::try_from(value.as_u64()?).ok();
            read.camera = Some(SentCamera {
                x: edge(x)?,
                y: edge(y)?,
                zoom: size(zoom)?,
                width: size(width)?,
                height: size(height)?,
            });
        }
        if let Some(view) = json.get("view") {
            read.view = Some(ViewId(u32::try_from(view.as_u64()?).ok()?));
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests;
