//! `cargo xtask uncalled`: finds out which functions of the program no first visit calls, and
//! writes them down for the tool that cuts the program in two.
//!
//! It builds a program each of whose functions says when it is called, and lets a browser visit it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::browsers::{self, Browsers};
use crate::dist;
use crate::finish;
use crate::flags::Flags;
use crate::project;
use crate::tools;

const HEAD: &str = "\
# Functions that no first visit calls, found by `cargo xtask uncalled`. A name that is not, or no
# longer, in the program does no harm.
";
pub fn run(args: &[String]) -> Result<(), String> {
    Flags::new(args).finish()?;
    tools::prepare(tools::STEPS + 1)?;
    let browsers = Browsers::prepare()?;
    if !browsers.found.contains(&"chromium") {
        return Err(format!(
            "Visits need Chromium: {}.",
            browsers.missing.join("; ")
        ));
    }
    let folder = project::target_folder().join("uncalled");
    dist::bundle(tools::STEPS + 1, tools::STEPS + 1, &folder)?;
    let modules = dist::modules(&folder)?;
    let [module] = modules.as_slice() else {
        return Err("The page has not one program.".into());
    };
    let functions = dist::run_split(&[module, &dist::later()])?;
    finish::finish(&folder)?;
    let called = visit(&folder)?;
    let (mut names, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for (number, name) in functions.lines().filter_map(|line| line.split_once(' ')) {
        match called.contains(number) {
            true => kept.insert(name),
            false => names.insert(name),
        };
    }
    // Functions can have one name, and when something is dropped differs from visit to visit.
    let is_sure = |name: &str| !name.is_empty() && !name.starts_with("core::ptr::drop_in_place");
    names.retain(|name| is_sure(name) && !kept.contains(*name));
    println!(
        "{} functions are not called, {} are.",
        names.len(),
        kept.len()
    );
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    let list = dist::uncalled();
    let written = fs::write(&list, format!("{HEAD}{text}"));
    written.map_err(|error| format!("{}: {error}", list.display()))
}

/// Lets a browser visit the page in a folder; the numbers of the functions that were called.
fn visit(folder: &Path) -> Result<BTreeSet<String>, String> {
    let called = folder.join("called.txt");
    browsers::drive_in(folder, &["calls", &called.display().to_string()])?;
    let called = fs::read_to_string(&called);
    let called = called.map_err(|error| format!("Nobody says what was called: {error}"))?;
    Ok(called.lines().map(str::to_owned).collect())
}
