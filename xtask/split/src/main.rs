//! Splits a WebAssembly program in two: what a page needs before anybody touches it, and the rest,
//! which it fetches at the first sign of a person.
//!
//! `split MODULE RULES UNCALLED REST` writes the rest to the file REST and the first part back to
//! MODULE. RULES has a line for each path of modules whose functions go to the rest, UNCALLED one
//! for each function by its whole name: see `later.txt` and `uncalled.txt`. `split MODULE RULES`
//! writes back a program that is not cut, but calls the page at the beginning of each function with
//! its number, and prints the numbers and names of those that the rules leave in the first part
//! and that are worth a door.
//!
//! A function of the rest that the first part calls, or holds in its table, leaves a *door* there:
//! a few instructions that call it through a slot of the table, and ask the page for the rest if
//! the slot is empty. So nothing depends on the rules but when something is fetched.

mod module;
mod plan;
mod rules;
mod watch;
mod write;

use std::fs;
use std::process::ExitCode;

use module::Module;
use plan::Plan;
use rules::Rules;

/// A function of fewer bytes is hardly larger than a door to it.
const WORTH_A_DOOR: usize = 60;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match *arguments {
        [module, rules] => watch(module, rules),
        [module, rules, uncalled, rest] => split(module, [rules, uncalled], rest),
        _ => Err("split MODULE RULES UNCALLED REST, or split MODULE RULES".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn watch(path: &str, rules: &str) -> Result<(), String> {
    let bytes = read(path)?;
    let text = fs::read_to_string(rules).map_err(|error| format!("{rules}: {error}"))?;
    let module = Module::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let plan = Plan::new(&module, &Rules::read(&text, ""))?;
    for function in module.all().filter(|it| module.may_move(*it)) {
        let at = function as usize;
        if module.sizes[at] >= WORTH_A_DOOR && !plan.later[at] {
            println!("{function} {}", module.names[at]);
        }
    }
    let watched = watch::watched(&bytes, &module)?;
    sound("watched program", &watched)?;
    write(path, &watched)
}

fn split(path: &str, rules: [&str; 2], rest: &str) -> Result<(), String> {
    let bytes = read(path)?;
    let text = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let rules = Rules::read(&text(rules[0])?, &text(rules[1])?);
    let module = Module::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let plan = Plan::new(&module, &rules)?;
    let first = write::first(&bytes, &module, &plan)?;
    let later = write::rest(&bytes, &module, &plan)?;
    sound("first part", &first)?;
    sound("rest", &later)?;
    write(path, &first)?;
    write(rest, &later)
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{path}: {error}"))
}

fn write(path: &str, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{path}: {error}"))
}

fn sound(what: &str, bytes: &[u8]) -> Result<(), String> {
    let checked = wasmparser::Validator::new().validate_all(bytes);
    let checked = checked.map(drop);
    checked.map_err(|error| format!("the {what} is no sound module: {error}"))
}
