//! The journeys: what a visitor does, each in a fresh window. All of them also fail if the console
//! has a message at the end.

mod document;
mod files;
mod opening;
mod playing;
mod rewinding;
mod touching;

use std::pin::Pin;

use crate::Fallible;
use crate::visit::Visit;

/// A walk through the page, with the sentence that it proves.
pub struct Journey {
    pub name: &'static str,
    pub walk: Walk,
}

type Walk = for<'a> fn(&'a mut Visit) -> Pin<Box<dyn Future<Output = Fallible> + 'a>>;

/// A line of the table: the sentence, and the function that walks.
macro_rules! journeys {
    ($($name:literal => $walk:path,)*) => {
        pub const JOURNEYS: &[Journey] =
            &[$(Journey { name: $name, walk: |visit| Box::pin($walk(visit)) },)*];
    };
}

journeys! {
    "the page opens and the shop runs by itself" => opening::shop_runs_by_itself,
    "every scenario of the list opens and runs" => opening::every_scenario_runs,
    "the theme changes and is kept" => opening::theme_is_kept,
    "pausing stops the run" => playing::pausing_stops,
    "a step moves exactly one trace entry" => playing::step_moves_one_entry,
    "the speed says itself in words" => playing::speed_in_words,
    "a crash lets the queue grow" => touching::crash_lets_the_queue_grow,
    "an event is sent by hand" => touching::event_is_sent_by_hand,
    "an edit while it runs leaves a mark" => touching::edit_leaves_a_mark,
    "restart clean drops the marks" => touching::restart_clean_drops_marks,
    "dragging back and playing again gives the same digest" => rewinding::same_digest_again,
    "the digest does not depend on the speed" => rewinding::same_digest_at_any_speed,
    "the digest is that of the command line" => rewinding::same_digest_natively,
    "a reload brings the document back" => document::reload_brings_it_back,
    "a link brings the document to another browser" => document::link_brings_it_back,
    "a broken link says so" => document::broken_link_says_so,
    "what is saved as a file is opened again" => files::saved_is_opened_again,
    "a file without a scenario is refused in words" => files::other_files_are_refused,
}
