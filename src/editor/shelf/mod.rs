//! Several documents: what is kept of each, which one a page shows, and words for a list of them.
//!
//! It knows no storage and no clock: what was found and what time it is are told to it.

mod start;
mod words;

pub use start::{Start, Tab, choose, example_like, first_example};
pub use words::{NAME_MOST, age_words, file_name, free_id, free_name, typed_name};

use serde::{Deserialize, Serialize};

use super::{Camera, Point};
use crate::scenario;
use crate::units::sort_by;

/// A document as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What tells it from all others in this browser.
    pub id: String,
    /// Its name, also inside of the text.
    pub name: String,
    /// The document.
    pub text: String,
    /// When it was changed, in milliseconds since 1970.
    pub changed: u64,
    /// What the address carried for it.
    #[serde(default)]
    pub fragment: String,
    /// The link that it was opened from, until it is changed.
    #[serde(default)]
    pub came_as: String,
}

/// Where somebody was in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Simulated nanoseconds.
    pub moment: u64,
    /// Whether it played.
    pub playing: bool,
    /// Corner and zoom, unless everything was shown.
    pub camera: Option<(f64, f64, f64)>,
    /// When the document was on a screen last, in milliseconds since 1970.
    pub seen: u64,
}

impl Place {
    /// The camera, unless everything was shown.
    pub fn camera(&self) -> Option<Camera> {
        let (x, y, zoom) = self.camera?;
        Some(Camera {
            corner_in_world: Point::new(x, y),
            zoom: zoom.clamp(Camera::ZOOM_MIN, Camera::ZOOM_MAX),
        })
    }
}

/// What is found in the place of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// The document, or the text that is none.
    pub record: Result<Record, String>,
    /// Where somebody was in it.
    pub place: Option<Place>,
}

impl Kept {
    /// What was written, as it was written.
    pub fn read(id: String, written: String, place: Option<&str>) -> Self {
        let record = serde_json::from_str::<Record>(&written)
            .ok()
            .filter(|record| record.id == id)
            .ok_or(written);
        let place = place.and_then(|text| serde_json::from_str(text).ok());
        Self { id, record, place }
    }

    /// The text for a file: the document, or whatever is there.
    pub fn text(&self) -> &str {
        match &self.record {
            Ok(record) => &record.text,
            Err(written) => written,
        }
    }

    /// Its name; what cannot be read has none.
    pub fn name(&self) -> &str {
        self.record
            .as_ref()
            .map_or("Unreadable", |record| record.name.as_str())
    }

    fn last_used(&self) -> u64 {
        let changed = self.record.as_ref().map_or(0, |record| record.changed);
        self.place.map_or(0, |place| place.seen).max(changed)
    }
}

/// Brings in what was written in haste when a page went away: what is newer wins. Returns what
/// has to be written to the list.
pub fn reconcile(all: &mut Vec<Kept>, hasty: Vec<Record>) -> Vec<Record> {
    let mut news = Vec::new();
    for record in hasty {
        let place = all.iter().position(|kept| kept.id == record.id);
        match place.map(|at| &mut all[at]) {
            Some(kept) if matches!(&kept.record, Ok(old) if old.changed >= record.changed) => {}
            Some(kept) => {
                kept.record = Ok(record.clone());
                news.push(record);
            }
            None => {
                all.push(Kept {
                    id: record.id.clone(),
                    record: Ok(record.clone()),
                    place: None,
                });
                news.push(record);
            }
        }
    }
    news
}

/// A row of the list of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The id of the document.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was changed, in milliseconds since 1970.
    pub changed: u64,
    /// How many nodes it has, or why it cannot be read.
    pub nodes: Result<usize, String>,
}

/// The list of documents, the latest first. What cannot be read is in it too.
pub fn rows(all: &[Kept]) -> Vec<Row> {
    let mut rows: Vec<Row> = all.iter().map(row).collect();
    sort_by(&mut rows, |a, b| {
        b.changed.cmp(&a.changed).then_with(|| a.id.cmp(&b.id))
    });
    rows
}

fn row(kept: &Kept) -> Row {
    let nodes = match &kept.record {
        Ok(record) => match scenario::read(&record.text) {
            Ok(scenario) => Ok(scenario.topology.nodes.len()),
            Err(problems) => Err(problems
                .first()
                .map_or_else(String::new, ToString::to_string)),
        },
        Err(_) => Err("it is no document".to_owned()),
    };
    Row {
        id: kept.id.clone(),
        name: kept.name().to_owned(),
        changed: kept.record.as_ref().map_or(0, |record| record.changed),
        nodes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(id: &str, changed: u64, text: &str) -> Kept {
        let record = Record {
            id: id.to_owned(),
            name: id.to_owned(),
            text: text.to_owned(),
            changed,
            ..Record::default()
        };
        let written = serde_json::to_string(&record).expect("a record is plain");
        Kept::read(id.to_owned(), written, None)
    }

    #[test]
    fn what_is_written_is_read_and_what_is_strange_stays() {
        let text = scenario::write(&scenario::Scenario::new("Mine"));
        assert_eq!(kept("a", 3, &text).text(), text);
        let strange = Kept::read("b".into(), "{\"id\":\"c\"}".into(), Some("no place"));
        assert_eq!((strange.text(), strange.place), ("{\"id\":\"c\"}", None));
        let rows = rows(&[strange, kept("a", 3, &text), kept("d", 5, "{")]);
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (&*row.id, row.nodes.is_ok()))
            .collect();
        assert_eq!(seen, [("d", false), ("a", true), ("b", false)]);
    }

    #[test]
    fn what_is_newer_wins() {
        let mut all = vec![kept("a", 3, "old"), kept("b", 9, "new")];
        let hasty = [
            kept("a", 4, "newer"),
            kept("b", 8, "older"),
            kept("c", 1, "lost"),
        ];
        let hasty = hasty.map(|kept| kept.record.expect("it is one"));
        let news = reconcile(&mut all, hasty.to_vec());
        let texts: Vec<_> = all.iter().map(Kept::text).collect();
        assert_eq!(texts, ["newer", "new", "lost"]);
        assert_eq!(news, [hasty[0].clone(), hasty[2].clone()]);
    }

    #[test]
    fn no_place_shows_the_world_larger_than_possible() {
        let written = "{\"moment\":1,\"playing\":true,\"camera\":[1,2,900],\"seen\":0}";
        let place: Place = serde_json::from_str(written).expect("it is a place");
        assert_eq!(place.camera().map(|c| c.zoom), Some(Camera::ZOOM_MAX));
    }
}
