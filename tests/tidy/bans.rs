//! Words that may not stand in some rooms. `clippy.toml` has the rest; these must hold also where
//! an `allow` would silence it, and in code that is not compiled today.

use crate::source::{Source, is_in_name};

/// Words, and what to do instead.
type Ban = (&'static str, &'static str);

/// In every room but `app`.
const LIBRARY: &[Ban] = &[
    (
        "Instant",
        "A run knows only simulated time: take a units::SimTime from the clock",
    ),
    (
        "SystemTime",
        "A run knows only simulated time; a scenario may name its date",
    ),
    (
        "HashMap",
        "Its order is random: IndexMap for what has an order, BTreeMap for the rest",
    ),
    (
        "HashSet",
        "Its order is random: IndexSet for what has an order, BTreeSet for the rest",
    ),
    (
        "thread_local",
        "What a run depends on is in the world, so that a keyframe has it",
    ),
    (
        "leptos",
        "Only the room app knows the page's framework: move this there",
    ),
    (
        "web_sys",
        "Only the room app knows the browser: move this there",
    ),
    (
        "js_sys",
        "Only the room app knows the browser: move this there",
    ),
    (
        "wasm_bindgen",
        "Only the room app knows the browser: move this there",
    ),
    (
        "gloo_timers",
        "Only the room app knows the browser: move this there",
    ),
];

/// In the page: text from a link or a file must never become markup or code.
const PAGE: &[Ban] = &[
    (
        "inner_html",
        "Let the view! macro or set_text_content place the text",
    ),
    (
        "set_inner_html",
        "Let the view! macro or set_text_content place the text",
    ),
    (
        "set_outer_html",
        "Let the view! macro or set_text_content place the text",
    ),
    (
        "insert_adjacent_html",
        "Let the view! macro or set_text_content place the text",
    ),
    ("document_write", "Let the view! macro place the text"),
    ("eval", "Nothing that arrives is ever run"),
];

pub fn in_library(source: &Source) -> Vec<String> {
    match source.room() {
        None | Some("app" | "main" | "cli") => Vec::new(),
        Some(_) => slips(source, LIBRARY),
    }
}

pub fn in_page(source: &Source) -> Vec<String> {
    match source.room() {
        Some("app" | "main") => slips(source, PAGE),
        _ => Vec::new(),
    }
}

/// Kinds by name, anywhere but in their folders: `Kind::Queue`.
pub fn kinds(source: &Source) -> Vec<String> {
    if matches!(source.room(), None | Some("nodes")) {
        return Vec::new();
    }
    let names_a_kind = |line: &str| {
        line.match_indices("Kind::").any(|(at, found)| {
            let mut after = line[at + found.len()..].chars();
            !line[..at].ends_with(is_in_name)
                && after.next().is_some_and(char::is_uppercase)
                // `Kind::ALL` names none.
                && after.next().is_some_and(char::is_lowercase)
        })
    };
    (1..)
        .zip(source.code.lines())
        .filter(|(_, line)| names_a_kind(line))
        .map(|(line, _)| {
            format!(
                "{}:{line}: a kind is known only in its folder. Let its descriptor, its picture or \
                 its readings say what this needs to know.",
                source.path
            )
        })
        .collect()
}

fn slips(source: &Source, bans: &[Ban]) -> Vec<String> {
    let slip = |line, (words, instead): &Ban| {
        format!(
            "{}:{line}: no {words} in this room. {instead}.",
            source.path
        )
    };
    bans.iter()
        .flat_map(|ban| {
            source
                .lines_with(ban.0)
                .into_iter()
                .map(move |line| slip(line, ban))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{in_library, in_page, kinds};
    use crate::source::Source;

    #[test]
    fn a_clock_in_the_engine_is_noticed() {
        let text = "//! A.\nfn f() {\n    let now = std::time::Instant::now();\n}\n";
        let found = in_library(&Source::new("src/engine/world.rs", text));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("src/engine/world.rs:3: no Instant"),
            "{found:?}"
        );
        assert!(in_library(&Source::new("src/app/frame.rs", text)).is_empty());
    }

    #[test]
    fn longer_names_and_comments_are_not_meant() {
        let text = "//! Not a HashMap.\nstruct InstantQueue;\nlet s = \"SystemTime\";\n";
        assert!(in_library(&Source::new("src/engine/instant.rs", text)).is_empty());
    }

    #[test]
    fn a_kind_outside_of_its_folder_is_noticed() {
        let text = "match kind { Kind::Queue => 1, _ => Kind::ALL.len() + ErrorKind::Other }";
        assert_eq!(kinds(&Source::new("src/editor/panel.rs", text)).len(), 1);
        assert!(kinds(&Source::new("src/nodes/queue/mod.rs", text)).is_empty());
        let text = "Kind::ALL.iter().chain(ErrorKind::Other)";
        assert!(kinds(&Source::new("src/editor/panel.rs", text)).is_empty());
    }

    #[test]
    fn markup_from_text_is_noticed() {
        let text = "//! A.\nview! { <p inner_html=text/> }\n";
        assert_eq!(in_page(&Source::new("src/app/note.rs", text)).len(), 1);
    }
}
