//! Small things that the browser keeps for us at once: for all tabs, or for this one until it is
//! closed. Where it does not, nothing is lost but that.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use leptos::prelude::window;
use web_sys::Storage;

thread_local! {
    static CLOSED: Cell<bool> = const { Cell::new(false) };
    /// What is to be written for this tab, with its keys.
    static PENDING: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// From now on nothing is read or written: the page is inside of another one.
pub fn close() {
    CLOSED.set(true);
}

fn local() -> Option<Storage> {
    if CLOSED.get() {
        return None;
    }
    window().local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    if CLOSED.get() {
        return None;
    }
    window().session_storage().ok().flatten()
}

/// What was written under a key.
pub fn read(key: &str) -> Option<String> {
    local()?.get_item(key).ok().flatten()
}

/// Writes something under a key. Says whether the browser took it.
pub fn write(key: &str, text: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Forgets what was written under a key.
pub fn remove(key: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(key);
    }
}

/// The keys that begin so.
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = local() else {
        return Vec::new();
    };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}

/// What this tab wrote under a key.
pub fn read_in_tab(key: &str) -> Option<String> {
    let pending = PENDING.with_borrow(|all| {
        let found = all.iter().find(|(known, _)| known == key);
        found.map(|(_, text)| text.clone())
    });
    pending.or_else(|| session()?.get_item(key).ok().flatten())
}

/// Writes something for this tab, when whatever is under way is done: while Firefox writes it lets
/// other things happen, also those that wait for what is under way.
pub fn write_in_tab(key: &str, text: &str) {
    let is_first = PENDING.with_borrow_mut(|all| {
        all.retain(|(known, _)| known != key);
        all.push((key.to_owned(), text.to_owned()));
        all.len() == 1
    });
    if is_first {
        Timeout::new(0, flush).forget();
    }
}

/// Writes now what is to be written for this tab.
pub fn flush() {
    let next = || PENDING.with_borrow_mut(|all| (!all.is_empty()).then(|| all.remove(0)));
    while let Some((key, text)) = next() {
        if let Some(storage) = session() {
            let _ = storage.set_item(&key, &text);
        }
    }
}
