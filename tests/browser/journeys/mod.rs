//! The journeys: what a visitor does, each in a fresh window. All of them also fail if the console
//! has a message at the end.

mod adding;
mod by_hand;
mod document;
mod documents;
mod drawing;
mod embedding;
mod files;
mod fingers;
mod gallery;
mod logs;
mod offline;
mod opening;
mod playing;
mod policy;
mod presets;
mod reach;
mod rewinding;
mod settings;
mod sharing;
mod shop;
mod sketch;
mod touching;

use std::pin::Pin;

use crate::Fallible;
use crate::driver::{DESK, PHONE, STILL, Viewport};
use crate::visit::Visit;

/// A walk through the page, with the sentence that it proves.
pub struct Journey {
    pub name: &'static str,
    pub viewport: Viewport,
    /// Whether one browser is enough: what is judged is the same in both.
    pub chromium_only: bool,
    pub walk: Walk,
}

type Walk = for<'a> fn(&'a mut Visit) -> Pin<Box<dyn Future<Output = Fallible> + 'a>>;

/// A line of the table: the sentence, perhaps another device than a desk's, and the function that
/// walks.
macro_rules! journeys {
    ($($name:literal $(on $device:ident)? $(in $browser:ident)? => $walk:path,)*) => {
        pub const JOURNEYS: &[Journey] = &[$(Journey {
            name: $name,
            viewport: journeys!(@device $($device)?),
            chromium_only: journeys!(@browser $($browser)?),
            walk: |visit| Box::pin($walk(visit)),
        },)*];
    };
    (@device) => { DESK };
    (@device $device:ident) => { $device };
    (@browser) => { false };
    (@browser chromium) => { true };
}

journeys! {
    "the page opens and the shop runs by itself" => opening::shop_runs_by_itself,
    "what nobody needs yet comes with the first sign of a person" => opening::rest_comes_later,
    "every scenario of the list opens and runs" => opening::every_scenario_runs,
    "the theme changes and is kept" => opening::theme_is_kept,
    "pausing stops the run" => playing::pausing_stops,
    "a step moves exactly one trace entry" => playing::step_moves_one_entry,
    "the speed says itself in words" => playing::speed_in_words,
    "a hidden tab rests" => playing::hidden_tab_rests,
    "a crash lets the queue grow" => touching::crash_lets_the_queue_grow,
    "an event is sent by hand" => touching::event_is_sent_by_hand,
    "an edit while it runs leaves a mark" => touching::edit_leaves_a_mark,
    "a service is operated with the keyboard" => by_hand::operated_by_keyboard,
    "two of four dead letters are sent back" => by_hand::chosen_dead_letters_go_back,
    "a message is answered from the canvas" => by_hand::a_message_is_operated_from_the_canvas,
    "restart clean drops the marks" => touching::restart_clean_drops_marks,
    "dragging back and playing again gives the same digest" => rewinding::same_digest_again,
    "the digest does not depend on the speed" => rewinding::same_digest_at_any_speed,
    "the digest is that of the command line" => rewinding::same_digest_natively,
    "a reload brings the document back" => document::reload_brings_it_back,
    "a link brings the document to another browser" => document::link_brings_it_back,
    "a broken link says so" => document::broken_link_says_so,
    "a dragged node lies where it was put, and the run is the same" => drawing::node_is_dragged,
    "the canvas pans and zooms" => drawing::canvas_pans_and_zooms,
    "keys select a node and move it" => drawing::keys_move_a_node,
    "a kind is dragged out of the palette" => adding::kind_is_dragged_from_the_palette,
    "a link to nowhere offers what fits" => adding::dropped_link_offers_what_fits,
    "fingers alone draw a system" on PHONE => adding::fingers_draw_a_system,
    "fingers select, pan and zoom" on PHONE => fingers::select_pan_and_zoom,
    "every state is for everybody when it is light" => reach::every_state_when_light,
    "every state is for everybody when it is dark" in chromium => reach::every_state_when_dark,
    "every state of a phone is for everybody" on PHONE in chromium => reach::every_state_of_a_phone,
    "every state of a dark phone is for everybody" on PHONE in chromium =>
        reach::every_state_of_a_phone_when_dark,
    "the canvas is walked with the keyboard alone" => reach::keyboard_alone,
    "nothing moves for those who want no motion" on STILL => reach::nothing_moves,
    "a reload brings camera and time back" => documents::reload_brings_place_back,
    "a change right before a reload is kept" => documents::hasty_reload_keeps_the_change,
    "an example is nobody's document until it is changed" => documents::example_is_no_document,
    "a link becomes a document of its own" => documents::link_is_a_new_document,
    "documents are renamed, duplicated, deleted and brought back" => documents::list_does_it_all,
    "a second tab of a document shows a copy" => documents::second_tab_shows_a_copy,
    "full storage is said until it works again" => documents::full_storage_is_said,
    "the gallery is searched, and captions tell a scenario" => gallery::searched_and_told,
    "an address of the gallery opens a copy" => gallery::address_opens_a_copy,
    "captions do not come to who jumps over them" => gallery::jumping_is_not_stopped,
    "the gallery is walked with the keyboard alone" => gallery::keyboard_alone,
    "the gallery opens on a phone" on PHONE => gallery::searched_and_told,
    "a link to a moment opens there in another browser" => sharing::moment_in_another_browser,
    "a link asks where there is own work" => sharing::link_asks,
    "a broken link leaves own work as it is" => sharing::broken_link_leaves_own_work,
    "what is saved as a file is opened again" => files::saved_is_opened_again,
    "a file without a scenario is refused in words" => files::other_files_are_refused,
    "a page of another origin has an embedded one play" => embedding::host_has_it_play,
    "an embedded page refuses what it does not know" => embedding::host_is_refused_in_words,
    "an embedded page keeps nothing" => embedding::embedded_page_keeps_nothing,
    "an embedded page to watch stays as it is" => embedding::watched_page_stays_as_it_is,
    "a file of the web is loaded after a yes" => embedding::file_of_the_web_is_asked_for,
    "the page works without a network" => offline::works_without_a_network,
    "a new version waits for a yes" => offline::new_version_waits_for_a_yes,
    "the policy forbids what is not needed" => policy::what_is_not_needed_is_forbidden,
    "a setting is found, changed and reset" => settings::found_changed_and_reset,
    "recorded events come from a file" => settings::recording_comes_from_a_file,
    "lists are filled in row by row" => settings::rows_are_filled_in,
    "the text and the canvas follow each other" => sketch::text_and_canvas_follow_each_other,
    "what an import means is explained" => sketch::foreign_text_is_explained,
    "a walk is told step by step" => sketch::walk_is_told,
    "a queue behaves like one product, then like another" => presets::queue_changes_its_product,
    "a product's queue is found by its name" => presets::product_is_found,
    "a group rebalances when a consumer crashes and comes back" => logs::group_rebalances,
    "a broker of a log fails and comes back" => logs::broker_fails,
    "a record of a log is followed from its key to its consumer" => logs::record_is_followed,
    "the shop is drawn from nothing with the mouse" => shop::by_mouse,
    "the shop is drawn from nothing with the keyboard alone" => shop::by_keyboard,
    "the shop is drawn from nothing with fingers" on PHONE => shop::by_touch,
}
