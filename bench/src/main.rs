//! The program behind `cargo xtask bench`: the engine's table of PERFORMANCE.md, on this machine.
//!
//! It decides what is measured and in which order; how is in `command`.

mod command;

use std::process::ExitCode;

use command::arguments::{self, Arguments, Task};
use command::comparison::{Comparison, Target};
use command::row::{Row, left_out};
use command::{child, node, pairs, report};

fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)).and_then(perform) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("bench: {problem}");
            ExitCode::from(2)
        }
    }
}

fn perform(task: Task) -> Result<ExitCode, String> {
    match task {
        Task::Help => {
            println!("{}", arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Task::Child(case) => child::run(case).map(|()| ExitCode::SUCCESS),
        Task::Measure(arguments) => measure(&arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<ExitCode, String> {
    let comparisons = Comparison::all()
        .into_iter()
        .filter(|one| arguments.wants(one));
    let comparisons: Vec<Comparison> = comparisons.collect();
    let wasm = if comparisons.iter().any(|one| one.target == Target::Wasm) {
        node::Module::build()?
    } else {
        node::Module::Missing("not asked for")
    };
    let mut instructions = child::Instructions::default();
    let mut rows = Vec::new();
    for comparison in comparisons {
        eprintln!("measuring {comparison}");
        let pairs = match comparison.target {
            Target::Native => pairs::measure(&comparison, &arguments.effort)?,
            Target::Wasm => match &wasm {
                node::Module::Built(path) => node::measure(path, &comparison, &arguments.effort)?,
                node::Module::Missing(reason) => {
                    show(arguments, Row::skipped(comparison, reason), &mut rows);
                    continue;
                }
            },
        };
        let mut row = Row::new(comparison, &pairs);
        if comparison.target == Target::Native {
            row.instructions = instructions.count(comparison.subject())?;
            row.base_instructions = instructions.count(comparison.base())?;
            row.peak_megabytes = child::peak_megabytes(&comparison)?;
        }
        show(arguments, row, &mut rows);
    }
    if !arguments.json {
        print!("{}", report::table(&rows));
    }
    let misses: Vec<String> = rows.iter().flat_map(Row::misses).collect();
    for miss in &misses {
        eprintln!("missed: {miss}");
    }
    for part in left_out(&rows, instructions.missing()) {
        eprintln!("skipped: {part}");
    }
    let failed = arguments.check && !misses.is_empty();
    Ok(ExitCode::from(u8::from(failed)))
}

/// Keeps a row for the table, or prints it at once as a line of JSON.
fn show(arguments: &Arguments, row: Row, rows: &mut Vec<Row>) {
    if arguments.json {
        println!("{}", report::json(&row));
    }
    rows.push(row);
}
