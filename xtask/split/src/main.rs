//! Splits a WebAssembly program in two: what a page needs before anybody touches it, and the rest,
//! which it fetches at the first sign of a person.
//!
//! `split MODULE RULES REST` writes the rest to the file REST and the first part back to MODULE. RULES
//! has a line for each path of modules whose functions go to the rest: see `later.txt`. With
//! `--trace` behind, each door calls the page each time, and a list of the doors is printed: so one
//! sees which rules are in the way of a quick start.
//!
//! A function of the rest that the first part calls, or holds in its table, leaves a *door* there:
//! a few instructions that call it through a slot of the table, and ask the page for the rest if
//! the slot is empty. So nothing depends on the rules but when something is fetched.

mod module;
mod plan;
mod rules;
mod write;

use std::fs;
use std::process::ExitCode;

use module::Module;
use plan::Plan;
use rules::Rules;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match &*arguments {
        [module, rules, rest] => split(module, rules, rest, false),
        [module, rules, rest, trace] if trace == "--trace" => split(module, rules, rest, true),
        _ => Err("split MODULE RULES REST [--trace]".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn split(path: &str, rules: &str, rest: &str, traced: bool) -> Result<(), String> {
    let bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let rules = fs::read_to_string(rules).map_err(|error| format!("{rules}: {error}"))?;
    let module = Module::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let mut plan = Plan::new(&module, &Rules::read(&rules))?;
    plan.traced = traced;
    if traced {
        for (function, slot) in &plan.doors {
            println!("{slot} {}", module.names[*function as usize]);
        }
    }
    let first = write::first(&bytes, &module, &plan)?;
    let later = write::rest(&bytes, &module, &plan)?;
    for (what, bytes) in [("first part", &first), ("rest", &later)] {
        let checked = wasmparser::Validator::new().validate_all(bytes);
        checked.map_err(|error| format!("the {what} is no sound module: {error}"))?;
    }
    for (path, bytes) in [(path, first), (rest, later)] {
        fs::write(path, bytes).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}
