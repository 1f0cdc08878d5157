//! The document on the page: when it is kept, under which name, and what the address says.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use js_sys::futures::spawn_local;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::gallery;
use super::session::{Dialog, Offer, Offered, Session};
use super::shelf::{self, Arrival, Claim, Found, Lock};
use super::storage;
use crate::editor::actions::Access;
use crate::editor::shelf::{Kept, Place, Record, Tab, free_id, free_name, typed_name};
use crate::scenario::{self, Scenario, link};

/// So long after a change the document is kept; more changes until then go with it.
const KEEP_MILLIS: u32 = 150;
/// How often it is looked whether the document is kept, before it is not waited for any longer.
const KEPT_LOOKS: u32 = 30;
/// How often time and camera are kept while they change.
const PLACE_MILLIS: u32 = 1_000;

/// The document on the page.
#[derive(Default)]
struct Current {
    id: String,
    /// Whether the list of documents has it.
    stored: bool,
    /// Its text when it was opened or kept last.
    text: String,
    came_as: String,
    /// What the address carries for it.
    fragment: String,
    keeps_address: bool,
    /// What this tab wrote of it into the address last, and before that.
    shown: Vec<String>,
    place: Option<Place>,
    /// Held for as long as the document is on the page.
    _lock: Option<Lock>,
    /// When it was changed, as far as this page has seen or written it.
    known: Vec<u64>,
    /// What the database has not confirmed yet.
    unconfirmed: Option<Record>,
    soon: Option<Timeout>,
    /// Names of the documents of the list.
    names: Vec<String>,
    /// Whether the last attempt to keep something failed.
    failed: bool,
}

thread_local! {
    static CURRENT: RefCell<Current> = RefCell::default();
}

/// The id of the document on the page.
pub fn current_id() -> String {
    CURRENT.with_borrow(|current| current.id.clone())
}

/// The document's text as it is now.
pub fn text_now(session: Session) -> String {
    let document = session
        .player
        .with_value(|player| player.document().clone());
    scenario::write(&document)
}

/// What was found is on the page now: it is kept from here on.
pub fn begin(session: Session, found: Found) {
    let document = session
        .player
        .with_value(|player| player.document().clone());
    let to_store = found.to_store;
    let trouble = found.trouble;
    let former = CURRENT.take();
    let shown = shelf::tab().filter(|tab| tab.id == found.id);
    let shown = shown.map(|tab| tab.shown).unwrap_or_default();
    CURRENT.set(Current {
        id: found.id,
        stored: found.stored,
        text: scenario::write(&document),
        came_as: found.came_as,
        keeps_address: found.keeps_address,
        known: found.changed.into_iter().collect(),
        _lock: found.lock,
        names: found.names.unwrap_or(former.names),
        failed: former.failed,
        shown,
        ..Current::default()
    });
    show_in_address(&document);
    session.all_kept.set(!to_store);
    if to_store {
        save(session, true);
    }
    restore_place(session, found.place);
    if let Some(standpoint) = &found.standpoint {
        session.stand_at(standpoint);
    }
    if let Some(offered) = found.offered {
        ask(session, offered);
    }
    keep_place(session);
    if let Some((words, is_trouble)) = found.notice {
        session.say(words, is_trouble);
    }
    if let Some(why) = trouble {
        say_unkept(session, &why);
    }
}

fn restore_place(session: Session, place: Option<Place>) {
    let Some(place) = place else { return };
    if let Some(camera) = place.camera() {
        session.set_camera(camera);
    }
    session.act(|player| player.resume(place.moment, place.playing));
}

/// Keeps the document soon, because it has changed.
pub fn keep(session: Session) {
    if session.access != Access::Full {
        return;
    }
    session.all_kept.set(false);
    CURRENT.with_borrow_mut(|current| {
        // A link that could not be read stays in the address until the user does something.
        current.keeps_address = false;
        let timeout = || Timeout::new(KEEP_MILLIS, move || save(session, false));
        current.soon.get_or_insert_with(timeout);
    });
}

/// The document on the page is gone from the list: what waits of it is not kept any more.
pub fn forget() {
    let current = CURRENT.take();
    CURRENT.set(Current {
        names: current.names,
        failed: current.failed,
        keeps_address: true,
        ..Current::default()
    });
}

/// Tells the names that are taken now.
pub fn know_names(names: Vec<String>) {
    CURRENT.with_borrow_mut(|current| current.names = names);
}

/// Keeps what waits to be kept.
pub fn flush(session: Session) {
    if session.access != Access::Full {
        return;
    }
    if CURRENT.with_borrow(|current| current.soon.is_some()) {
        save(session, false);
    }
    keep_place(session);
}

/// Keeps what waits to be kept, and waits for the browser. Says whether it did.
pub async fn kept(session: Session) -> bool {
    flush(session);
    for _ in 0..KEPT_LOOKS {
        if session.all_kept.get_untracked() {
            return true;
        }
        shelf::pause(KEEP_MILLIS).await;
    }
    false
}

/// The page goes away, perhaps for good.
fn leave(session: Session) {
    if session.player.is_disposed() {
        return;
    }
    flush(session);
    let unconfirmed = CURRENT.with_borrow(|current| current.unconfirmed.clone());
    if let Some(record) = unconfirmed {
        shelf::store_in_haste(&record);
    }
    storage::flush();
}

/// Writes the document to the list and to the address, if it is another one than before, or in
/// any case.
fn save(session: Session, in_any_case: bool) {
    // It may be the timer itself that calls.
    if let Some(timeout) = CURRENT.with_borrow_mut(|current| current.soon.take()) {
        timeout.forget();
    }
    if first_change(session) {
        name_apart(session);
    }
    let document = session
        .player
        .with_value(|player| player.document().clone());
    let text = scenario::write(&document);
    show_in_address(&document);
    let record = CURRENT.with_borrow_mut(|current| {
        let is_same = current.text == text && current.unconfirmed.is_none();
        if is_same && !in_any_case {
            return None;
        }
        if current.text != text {
            current.came_as = String::new();
        }
        current.text.clone_from(&text);
        current.stored = true;
        let record = Record {
            id: current.id.clone(),
            name: document.name.clone(),
            text,
            changed: shelf::now(),
            fragment: current.fragment.clone(),
            came_as: current.came_as.clone(),
        };
        current.known.push(record.changed);
        current.unconfirmed = Some(record.clone());
        Some((record, current.known.clone()))
    });
    match record {
        Some((record, known)) => spawn_local(write(session, record, known)),
        None => session.all_kept.set(true),
    }
}

/// Whether a draft is about to come into the list.
fn first_change(session: Session) -> bool {
    let text = text_now(session);
    CURRENT.with_borrow(|current| !current.stored && current.text != text)
}

/// Gives a draft a name that no other document has.
fn name_apart(session: Session) {
    let name = session.title.get_untracked();
    let free =
        CURRENT.with_borrow(|current| free_name(&name, current.names.iter().map(String::as_str)));
    if free != name {
        set_name(session, free);
    }
}

async fn write(session: Session, record: Record, known: Vec<u64>) {
    let outcome = shelf::store(&record, |there| known.contains(&there.changed)).await;
    match outcome {
        Ok(true) => written(session, &record),
        Ok(false) => part(session, record).await,
        Err(why) => {
            shelf::store_in_haste(&record);
            say_unkept(session, &why);
        }
    }
}

fn written(session: Session, record: &Record) {
    let (is_latest, had_failed) = CURRENT.with_borrow_mut(|current| {
        let is_latest = current.unconfirmed.as_ref() == Some(record);
        if is_latest {
            current.unconfirmed = None;
            current.known.retain(|changed| *changed >= record.changed);
        }
        (is_latest, std::mem::take(&mut current.failed))
    });
    if had_failed {
        session.notice.update(|notice| {
            notice.take_if(|notice| notice.offer == Some(Offer::Download));
        });
        session.speak("The document is kept again");
    }
    if is_latest {
        session.all_kept.set(true);
        keep_place(session);
    }
}

/// Another tab wrote to the document: what was done here becomes a document of its own.
async fn part(session: Session, mut record: Record) {
    let (all, _) = shelf::list().await;
    let id = free_id(shelf::now(), all.iter().map(|kept| &*kept.id));
    let name = free_name(&record.name, all.iter().map(Kept::name));
    let words = format!(
        "This document was changed in another tab as well. What you did here is now “{name}”."
    );
    if record.id == current_id() {
        let lock = match shelf::claim(&id).await {
            Claim::Ours(lock) => lock,
            Claim::Elsewhere => None,
        };
        CURRENT.with_borrow_mut(|current| {
            current.id = id;
            current.known = Vec::new();
            current.unconfirmed = None;
            current._lock = lock;
        });
        set_name(session, name);
        save(session, true);
    } else if let Ok(mut scenario) = scenario::read(&record.text) {
        scenario.name.clone_from(&name);
        record.text = scenario::write(&scenario);
        (record.id, record.name) = (id, name);
        if let Err(why) = shelf::store(&record, |_| false).await {
            say_unkept(session, &why);
        }
    }
    session.say(words, false);
}

/// Says once that documents are not kept; the next change tries again.
fn say_unkept(session: Session, why: &str) {
    if CURRENT.with_borrow_mut(|current| std::mem::replace(&mut current.failed, true)) {
        return;
    }
    session.offer(
        format!(
            "This browser does not keep your documents: {why}. The address of the page still has \
             this one, and you can download it."
        ),
        true,
        Offer::Download,
    );
}

/// Saves the document on the page as a file.
pub fn download(session: Session) {
    let name = session.title.get_untracked();
    if !shelf::download(&name, &text_now(session)) {
        session.say("This browser does not save files.", true);
    }
}

/// Renames the document on the page, if that is a name.
pub fn rename_document(session: Session, typed: &str) {
    if let Some(name) = typed_name(typed)
        && name != session.title.get_untracked()
    {
        session.edit("rename the document", None, |desk| {
            desk.set_name(&name);
            Ok(())
        });
    }
}

fn set_name(session: Session, name: String) {
    session.act(|player| player.rename(name.clone()));
    session.title.set(name);
}

/// Keeps time and camera, if they are elsewhere than before.
fn keep_place(session: Session) {
    // A browser may call in the middle of something else: then it is for the next time.
    let standing = session.player.try_with_value(|player| {
        let moment = player.aim().unwrap_or_else(|| player.run().now());
        (moment.nanos(), player.is_playing())
    });
    let (Some(camera), Some(is_fitted), Some((moment, playing))) = (
        session.camera.try_get_untracked(),
        session.fitted.try_get_value(),
        standing,
    ) else {
        return;
    };
    let corner = camera.corner_in_world;
    let place = Place {
        moment,
        playing,
        camera: (!is_fitted).then_some((corner.x, corner.y, camera.zoom)),
        seen: shelf::now(),
    };
    let id = CURRENT.with_borrow_mut(|current| {
        let seen = place.seen;
        let is_same = current.place.map(|old| Place { seen, ..old }) == Some(place);
        current.place = Some(place);
        (!is_same).then(|| (current.id.clone(), current.stored))
    });
    let Some((id, stored)) = id else { return };
    // Nothing is borrowed here: while it writes, a browser may let other things happen.
    shelf::remember_place_in_tab(&place);
    if stored {
        spawn_local(async move {
            // The tab remembers it as well; what cannot be kept is said of documents.
            shelf::store_place(&id, &place).await.ok();
        });
    }
}

/// Puts the document into the address of the page, and remembers for the tab that it is there.
fn show_in_address(document: &Scenario) {
    let fragment = link::encode_short(document);
    let (tab, is_shown) = CURRENT.with_borrow_mut(|current| {
        current.fragment = fragment.clone().unwrap_or_default();
        if !current.keeps_address && current.shown.first() != Some(&current.fragment) {
            current.shown.insert(0, current.fragment.clone());
            current.shown.truncate(2);
        }
        let tab = Tab {
            id: current.id.clone(),
            shown: current.shown.clone(),
            fresh: false,
        };
        (tab, !current.keeps_address)
    });
    shelf::remember_tab(&tab);
    if !is_shown {
        return;
    }
    let location = window().location();
    let address = match fragment {
        Some(fragment) => format!("#{fragment}"),
        None => format!(
            "{}{}",
            location.pathname().unwrap_or_default(),
            location.search().unwrap_or_default()
        ),
    };
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Keeps what there is when the page is hidden or goes away, and opens what a changed address
/// carries.
pub fn listen(session: Session) {
    let gone = window_event_listener(leptos::ev::pagehide, move |_| leave(session));
    let hidden = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if leptos::prelude::document().visibility_state() == web_sys::VisibilityState::Hidden {
            leave(session);
        }
    });
    let changed = window_event_listener(leptos::ev::hashchange, move |_| follow_address(session));
    keep_place_again(session);
    on_cleanup(move || {
        gone.remove();
        hidden.remove();
        changed.remove();
    });
}

/// Keeps time and camera from now on. The next time is asked for when this one is over: while it
/// writes, a browser may let timers fire.
fn keep_place_again(session: Session) {
    let again = Timeout::new(PLACE_MILLIS, move || {
        keep_place(session);
        if !session.player.is_disposed() {
            keep_place_again(session);
        }
    });
    again.forget();
}

fn follow_address(session: Session) {
    let hash = window().location().hash().unwrap_or_default();
    if let Some(slug) = gallery::asked_for(&hash) {
        return gallery::follow(session, slug);
    }
    let Some(fragment) = shelf::taken_from(&hash) else {
        return;
    };
    if CURRENT.with_borrow(|current| current.fragment == fragment) {
        return;
    }
    if let Err(problems) = link::decode(&fragment) {
        let why = problems
            .first()
            .map_or_else(String::new, ToString::to_string);
        session.say(format!("{why}."), true);
        return;
    }
    keep_what_is_here(session);
    spawn_local(async move {
        match shelf::by_address(&fragment, &current_id()).await {
            Arrival::Here(standpoint) => {
                session.stand_at(&standpoint.unwrap_or_default());
                take_address_back(session);
            }
            Arrival::Asks(offered) => ask(session, offered),
            Arrival::Comes(found) => super::open::found(session, *found),
        }
    });
}

/// Asks what to do with the scenario of a link. Until then the address keeps it.
fn ask(session: Session, offered: Offered) {
    CURRENT.with_borrow_mut(|current| current.keeps_address = true);
    session.offered.set(Some(offered));
    session.dialog.set(Some(Dialog::Offered));
    super::rest::want();
}

/// The address carries the document on the page again.
pub fn take_address_back(session: Session) {
    CURRENT.with_borrow_mut(|current| current.keeps_address = false);
    let document = session
        .player
        .with_value(|player| player.document().clone());
    show_in_address(&document);
}

/// Whether the document on the page is one of the list.
pub fn is_stored() -> bool {
    CURRENT.with_borrow(|current| current.stored)
}

/// Before another document comes: what is here is kept. The address is no longer its own.
pub fn keep_what_is_here(session: Session) {
    let was =
        CURRENT.with_borrow_mut(|current| std::mem::replace(&mut current.keeps_address, true));
    flush(session);
    CURRENT.with_borrow_mut(|current| current.keeps_address = was);
}
