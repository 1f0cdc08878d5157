//! The documents of this browser: listed, written, removed; and what is written in haste when the
//! page goes away, because the database may be cut off then.
//!
//! Which of them is on the page, and when it is written, is up to `document`.

mod database;
mod file;
mod found;
mod lock;

pub use file::download;
pub use found::{
    Arrival, Found, at_start, brought, by_address, by_id, copy_of, example, fresh, names_of, pause,
    sent, taken_from,
};
pub use lock::{Claim, Lock, claim};

use crate::app::storage;
use crate::editor::shelf::{Kept, Place, Record, Tab, reconcile};
use crate::scenario;

/// Documents that were written in haste, each under its id.
const HASTY: &str = "eventyard.hasty.";
/// The one document that an earlier version of the page kept.
const FORMER: &str = "eventyard.document";
const TAB: &str = "eventyard.tab";
const PLACE: &str = "eventyard.place";

/// All documents. What was written in haste goes to where it belongs.
///
/// Where the database is closed to us there may still be something that was written in haste: it
/// comes with the sentence that says why there is no more.
pub async fn list() -> (Vec<Kept>, Option<String>) {
    let (mut all, trouble) = match database::all().await {
        Ok((documents, places)) => {
            let place_of = |id: &str| places.iter().find(|(other, _)| other == id);
            let kept = documents.into_iter().map(|(id, written)| {
                let place = place_of(&id).map(|(_, text)| text.clone());
                Kept::read(id, written, place.as_deref())
            });
            (kept.collect(), None)
        }
        Err(why) => (Vec::new(), Some(why)),
    };
    let news = reconcile(&mut all, hasty());
    if trouble.is_none() {
        for record in &news {
            store(record, |there| there.changed < record.changed)
                .await
                .ok();
        }
        let known = storage::keys(HASTY).into_iter().filter(|key| {
            let id = &key[HASTY.len()..];
            let is_new = news.iter().any(|record| record.id == id);
            !is_new && all.iter().any(|kept| kept.id == id)
        });
        known.for_each(|key| storage::remove(&key));
    }
    (all, trouble)
}

/// Writes a document, if what is there under its id may be replaced. Says whether it was.
///
/// Where there are no locks, two tabs may write to one document, and neither must undo the other.
pub async fn store(
    record: &Record,
    may_replace: impl FnOnce(&Record) -> bool,
) -> Result<bool, String> {
    let text = serde_json::to_string(record).map_err(|error| error.to_string())?;
    let may = |there: &str| serde_json::from_str(there).is_ok_and(|there| may_replace(&there));
    let stored = database::put_document(&record.id, &text, may).await?;
    if stored {
        // What was written of it in haste is not needed any more.
        storage::remove(&hasty_key(&record.id));
        if record.id == FORMER {
            storage::remove(FORMER);
        }
    }
    Ok(stored)
}

/// Writes where somebody is in a document.
pub async fn store_place(id: &str, place: &Place) -> Result<(), String> {
    let text = serde_json::to_string(place).map_err(|error| error.to_string())?;
    database::put_place(id, &text).await
}

/// Puts back what was removed.
pub async fn put_back(kept: &Kept) -> Result<(), String> {
    match &kept.record {
        Ok(record) => store(record, |_| false).await?,
        Err(written) => database::put_document(&kept.id, written, |_| false).await?,
    };
    match &kept.place {
        Some(place) => store_place(&kept.id, place).await,
        None => Ok(()),
    }
}

/// Removes a document.
pub async fn remove(id: &str) -> Result<(), String> {
    database::remove(id).await?;
    storage::remove(&hasty_key(id));
    Ok(())
}

/// Writes a document at once, where there may be no time for the database.
pub fn store_in_haste(record: &Record) {
    if let Ok(text) = serde_json::to_string(record) {
        storage::write(&hasty_key(&record.id), &text);
    }
}

fn hasty_key(id: &str) -> String {
    format!("{HASTY}{id}")
}

fn hasty() -> Vec<Record> {
    let texts = storage::keys(HASTY)
        .into_iter()
        .filter_map(|key| storage::read(&key));
    let records = texts.filter_map(|text| serde_json::from_str(&text).ok());
    records.chain(former()).collect()
}

/// The document that an earlier version of the page kept. One that cannot be read comes along, so
/// that the list has it.
fn former() -> Option<Record> {
    let text = storage::read(FORMER)?;
    let name = scenario::read(&text).map_or("Unreadable".to_owned(), |scenario| scenario.name);
    Some(Record {
        id: FORMER.to_owned(),
        name,
        text,
        changed: now(),
        ..Record::default()
    })
}

/// What this tab showed before it was loaded again.
pub fn tab() -> Option<Tab> {
    serde_json::from_str(&storage::read_in_tab(TAB)?).ok()
}

/// Remembers what this tab shows.
pub fn remember_tab(tab: &Tab) {
    if let Ok(text) = serde_json::to_string(tab) {
        storage::write_in_tab(TAB, &text);
    }
}

/// Where this tab was in its document.
pub fn place_in_tab() -> Option<Place> {
    serde_json::from_str(&storage::read_in_tab(PLACE)?).ok()
}

/// Remembers where this tab is in its document.
pub fn remember_place_in_tab(place: &Place) {
    if let Ok(text) = serde_json::to_string(place) {
        storage::write_in_tab(PLACE, &text);
    }
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}
