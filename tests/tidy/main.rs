//! The house rules that a program can check: the order of the rooms, sizes, names, and calls that
//! would make a run depend on anything but scenario, seed and time. Each message names the fix.
//!
//! Each rule is also tried on a small text that breaks it, so that it is known to be able to fail.

mod bans;
mod limits;
mod rooms;
mod source;

use std::fs;
use std::path::Path;

use source::Source;

/// A check of one file: what is wrong, if anything.
type Rule = fn(&Source) -> Vec<String>;

/// Every Rust file of the repository.
const FOLDERS: &[&str] = &["src", "tests", "bench/src", "xtask/src"];

#[test]
fn rooms_import_only_from_rooms_above() {
    check(rooms::imports);
    check(rooms::listed_in_order);
}

#[test]
fn a_kind_is_known_only_in_its_folder() {
    check(bans::kinds);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    check(limits::lines);
    check(limits::columns);
    check(limits::opening);
}

#[test]
fn files_are_named_by_the_noun_in_them() {
    check(limits::name);
}

#[test]
fn nothing_makes_a_run_depend_on_chance() {
    check(bans::in_library);
}

#[test]
fn the_page_never_writes_html_from_text() {
    check(bans::in_page);
}

fn check(rule: Rule) {
    let sources = sources();
    let slips: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(slips.is_empty(), "\n{}\n", slips.join("\n"));
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(root, &root.join(folder), &mut found);
    }
    assert!(
        found.len() > 20,
        "only {} Rust files were found below {FOLDERS:?}",
        found.len()
    );
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .strip_prefix(root)
                .expect("it lies in the project")
                .to_string_lossy();
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            found.push(Source::new(&name.replace('\\', "/"), &text));
        }
    }
}
