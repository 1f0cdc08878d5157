//! The order of the rooms: a room imports only from itself and from rooms above it.

use crate::source::{Source, is_in_name};

/// As in ARCHITECTURE.md, from the top down.
pub const ROOMS: &[&str] = &[
    "units",
    "engine",
    "nodes",
    "topology",
    "simulation",
    "scenario",
    "interchange",
    "lessons",
    "editor",
    "app",
];

/// The map of the house, and the two front doors: the program, and its command line.
const BESIDE: &[&str] = &["lib", "main", "cli"];

/// Imports from a room further down.
pub fn imports(source: &Source) -> Vec<String> {
    let Some(own) = source.room().filter(|room| !BESIDE.contains(room)) else {
        return Vec::new();
    };
    let Some(own_place) = place(own) else {
        return vec![format!(
            "{}: \"{own}\" is no room. Put the file into one of {ROOMS:?}, or, if the house needs \
             another room, into ARCHITECTURE.md and tests/tidy/rooms.rs first.",
            source.path
        )];
    };
    mentions(source)
        .into_iter()
        .filter(|(_, room)| place(room).is_some_and(|place| place > own_place))
        .map(|(line, room)| {
            format!(
                "{}:{line}: {own} uses {room}, which is further down. Move what both need into \
                 {own} or a room above it, or move this code down into {room}.",
                source.path
            )
        })
        .collect()
}

/// `lib.rs` is the map of the house, so it lists the rooms in their order.
pub fn listed_in_order(source: &Source) -> Vec<String> {
    if source.path != "src/lib.rs" {
        return Vec::new();
    }
    let listed: Vec<&str> = source
        .code
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let places: Vec<Option<usize>> = listed.iter().map(|room| place(room)).collect();
    match places.is_sorted() && places.iter().all(Option::is_some) {
        true => Vec::new(),
        false => vec![format!(
            "src/lib.rs lists {listed:?}; the order is {ROOMS:?}."
        )],
    }
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// Every `crate::room` and `super::…::room` that reaches the top, with its line.
fn mentions(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (start, _) in source.code.match_indices("crate::") {
        if !source.code[..start].ends_with(is_in_name) {
            found.extend(named_at(source, start + "crate::".len()));
        }
    }
    let to_the_top = "super::".repeat(depth(&source.path));
    for (start, _) in source.code.match_indices(&to_the_top) {
        // A longer chain ends outside of the crate; a shorter one stays inside of the room.
        if !source.code[..start].ends_with("super::") {
            found.extend(named_at(source, start + to_the_top.len()));
        }
    }
    found
}

/// How many modules the file's own is below the top of the crate.
fn depth(path: &str) -> usize {
    let below = path
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    below.split('/').count()
}

/// The first names of the path, or of each path in the braces, that starts here.
fn named_at(source: &Source, at: usize) -> Vec<(usize, String)> {
    let line_of = |at: usize| source.code[..at].matches('\n').count() + 1;
    let name_at = |at: usize| -> String {
        source.code[at..]
            .chars()
            .take_while(|it| is_in_name(*it))
            .collect()
    };
    if !source.code[at..].starts_with('{') {
        return vec![(line_of(at), name_at(at))];
    }
    let mut found = Vec::new();
    let mut depth = 0;
    let mut is_first = false;
    for (offset, letter) in source.code[at..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => {}
            _ if letter.is_whitespace() => continue,
            _ => {
                if is_first && depth == 1 {
                    found.push((line_of(at + offset), name_at(at + offset)));
                }
                is_first = false;
                continue;
            }
        }
        if depth == 0 {
            break;
        }
        is_first = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ROOMS, imports, listed_in_order};
    use crate::source::Source;

    fn slips(path: &str, text: &str) -> usize {
        imports(&Source::new(path, text)).len()
    }

    #[test]
    fn upward_is_fine_and_downward_is_not() {
        assert_eq!(
            slips("src/nodes/queue/mod.rs", "use crate::units::Time;"),
            0
        );
        assert_eq!(
            slips("src/nodes/queue/mod.rs", "use crate::nodes::topic;"),
            0
        );
        assert_eq!(
            slips("src/nodes/queue/mod.rs", "use crate::topology::Topology;"),
            1
        );
        assert_eq!(
            slips("src/engine/agenda.rs", "fn f() { crate::app::start() }"),
            1
        );
        assert_eq!(
            slips("src/units/mod.rs", "pub(crate) use crate::editor;"),
            1
        );
    }

    #[test]
    fn braces_and_chains_of_super_do_not_hide_it() {
        let text = "use crate::{\n    units::{Time, app},\n    editor::Tool,\n    engine,\n};";
        let found = imports(&Source::new("src/engine/world.rs", text));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("world.rs:3: engine uses editor"),
            "{found:?}"
        );
        assert_eq!(
            slips("src/engine/world.rs", "use super::super::nodes::Queue;"),
            1
        );
        assert_eq!(slips("src/engine/mod.rs", "use super::nodes::Queue;"), 1);
        assert_eq!(
            slips("src/nodes/queue/mod.rs", "use super::topic::Topic;"),
            0
        );
    }

    #[test]
    fn what_only_a_comment_says_is_no_import() {
        assert_eq!(
            slips("src/units/mod.rs", "/// See [`crate::app`].\nfn f() {}"),
            0
        );
    }

    #[test]
    fn a_folder_that_is_no_room_is_noticed() {
        assert_eq!(slips("src/stuff/mod.rs", ""), 1);
    }

    #[test]
    fn the_map_lists_the_rooms_in_order() {
        let all: String = ROOMS
            .iter()
            .map(|room| format!("pub mod {room};\n"))
            .collect();
        assert!(listed_in_order(&Source::new("src/lib.rs", &all)).is_empty());
        let wrong = "pub mod engine;\npub mod units;\n";
        assert_eq!(listed_in_order(&Source::new("src/lib.rs", wrong)).len(), 1);
    }
}
