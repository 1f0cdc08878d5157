//! The icons of buttons: our own paths in a square of 16.

use leptos::prelude::*;

use crate::app::live::flag;
/// An icon. The names are those of what it does.
#[component]
pub fn Icon(#[prop(into)] name: Signal<&'static str>) -> impl IntoView {
    let solid = move || matches!(name.get(), "play" | "pause");
    view! {
        <svg class="icon" class:solid=flag(solid) viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || path_of(name.get())></path>
        </svg>
    }
}

fn path_of(name: &str) -> &'static str {
    match name {
        "play" => {
            "M4.5 2.6v10.8c0 .6.7 1 1.2.7l8.2-5.4c.5-.3.5-1 0-1.4L5.7 1.9c-.5-.3-1.2 0-1.2.7z"
        }
        "pause" => {
            "M4 2.5h2.4c.3 0 .6.3.6.6v9.8c0 .3-.3.6-.6.6H4a.6.6 0 0 1-.6-.6V3.1c0-.3.3-.6.6-.6z\
            M9.6 \
             2.5H12c.3 0 .6.3.6.6v9.8c0 .3-.3.6-.6.6H9.6a.6.6 0 0 1-.6-.6V3.1c0-.3.3-.6.6-.6z"
        }
        "step" => "M3.5 3.2v9.6L10 8zM12.5 3v10",
        "restart" => "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
        "dice" => {
            "M4.5 2.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z\
            M5.8 5.8v.01\
             M10.2 10.2v.01M10.2 5.8v.01M5.8 10.2v.01"
        }
        "broom" => "M9 2.5L7.5 8M4.5 8h6.5l1 5.5H3zM6 13.5l.5-2.5M9 13.5L8.8 11",
        "sun" => {
            "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3\
            M13.2 8h1.3\
             M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"
        }
        "moon" => "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
        "help" => {
            "M6 6.1a2.1 2.1 0 1 1 3 1.9c-.7.3-1 .7-1 1.4M8 11.6v.01M8 1.8a6.2 6.2 0 1 0 0 12.4\
            a6.2 6.2 0 1 0 0-12.4"
        }
        "close" => "M4 4l8 8M12 4l-8 8",
        "plus" => "M8 3.2v9.6M3.2 8h9.6",
        "minus" => "M3.2 8h9.6",
        "fit" => {
            "M2.5 6V3.5a1 1 0 0 1 1-1H6M10 2.5h2.5a1 1 0 0 1 1 1V6M13.5 10v2.5a1 1 0 0 1-1 1H10\
            M6 13.5H3.5a1 1 0 0 1-1-1V10"
        }
        "chevron" => "M4 6.2l4 4l4-4",
        "bolt" => "M9 1.8L3.5 9H8l-1 5.2L12.5 7H8z",
        "heart" => "M2 8h3l1.5-3.5L9 12l1.6-4H14",
        "send" => "M14 2L7.2 8.8M14 2L9.6 14l-2.4-5.2L2 6.4z",
        "spark" => "M8 1.8l1.5 4.7l4.7 1.5l-4.7 1.5L8 14.2l-1.5-4.7L1.8 8l4.7-1.5z",
        "pencil" => "M2.8 13.2l.6-2.8 7.3-7.3a1.4 1.4 0 0 1 2 0l.2.2a1.4 1.4 0 0 1 0 2l-7.3 7.3z",
        "copy" => {
            "M6 5.8h6.2c.4 0 .8.4.8.8v6c0 .4-.4.8-.8.8H6a.8.8 0 0 1-.8-.8v-6c0-.4.4-.8.8-.8z\
            M10.8 5.8V3.4a.8.8 0 0 0-.8-.8H3.8a.8.8 0 0 0-.8.8v6c0 .4.4.8.8.8h1.4"
        }
        "bin" => "M3 4.5h10M6.3 4.5V2.8h3.4v1.7M4.3 4.5l.6 8.7h6.2l.6-8.7M6.8 7v3.8M9.2 7v3.8",
        "download" => "M8 2.5v7.2M4.8 6.9L8 10.1l3.2-3.2M3 13.2h10",
        "open" => {
            "M2 12.6V3.8a1 1 0 0 1 1-1h3.2l1.5 1.7h5.1a1 1 0 0 1 1 1v1.3\
            M2 12.6l1.9-5.3a.8.8 0 0 1 .8-.5h9.2a.6.6 0 0 1 .6.8l-1.7 4.9\
            a.8.8 0 0 1-.8.6H2.6a.6.6 0 0 1-.6-.5z"
        }
        "link" => {
            "M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.4 6.6\
            a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l.7-.7"
        }
        "wrong" => "M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM6 6l4 4M10 6l-4 4",
        "doubtful" => "M8 2.4L14.4 13.4H1.6zM8 6.6v3.2M8 11.6v.01",
        "info" => "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M8 7.4v3.6M8 5v.01",
        "several" => "M2.5 2.5h6v5h-6zM7.5 8.5h6v5h-6z",
        "frame" => "M2.5 4.5h11v9h-11zM2.5 4.5v-2h5v2",
        "unframe" => "M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10M6 6l4 4M10 6l-4 4",
        "turn" => "M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13",
        "align-left" => "M2.5 2v12M5 4.5h8M5 10.5h5",
        "align-centre" => "M8 2v12M3.5 4.5h9M5 10.5h6",
        "align-right" => "M13.5 2v12M3 4.5h8M6 10.5h5",
        "align-top" => "M2 2.5h12M4.5 5v8M10.5 5v5",
        "align-middle" => "M2 8h12M4.5 3.5v9M10.5 5v6",
        "align-bottom" => "M2 13.5h12M4.5 3v8M10.5 6v5",
        "distribute-across" => "M2.5 2.5v11M13.5 2.5v11M6.5 5h3v6h-3z",
        "distribute-down" => "M2.5 2.5h11M2.5 13.5h11M5 6.5h6v3H5z",
        _ => "",
    }
}
