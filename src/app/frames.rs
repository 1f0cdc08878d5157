//! The one loop: once a frame the run goes on, is painted, and sometimes told.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::player::publish;
use super::session::Session;

type Loop = Rc<RefCell<Option<Closure<dyn FnMut(f64)>>>>;

/// Starts the loop. Browsers call it only while the page can be seen.
pub fn start(session: Session) {
    let next: Loop = Loop::default();
    let again = Rc::clone(&next);
    *next.borrow_mut() = Some(Closure::new(move |now_millis: f64| {
        if session.player.is_disposed() {
            return;
        }
        frame(session, now_millis);
        request(&again);
    }));
    request(&next);
}

fn request(next: &Loop) {
    if let Some(closure) = next.borrow().as_ref() {
        let _ = window().request_animation_frame(closure.as_ref().unchecked_ref());
    }
}

fn frame(session: Session, now_millis: f64) {
    session.glide_on(now_millis);
    let news = session.player.try_update_value(|player| {
        player.frame(now_millis);
        player.paint(now_millis);
        player.has_news(now_millis)
    });
    if news == Some(true) {
        publish(session);
    }
}
