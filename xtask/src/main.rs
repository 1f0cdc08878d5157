//! The task runner: `cargo xtask COMMAND`.
//!
//! It prepares the machine, builds the page, serves, tests, measures and packs it. It has no
//! dependencies, so that it can start, and explain itself, on a machine with nothing but Rust.
//! What the product does is not its business: it runs the same tools a person would.

mod bench;
mod browsers;
mod cargo;
mod debian;
mod dist;
mod finish;
mod flags;
mod pictures;
mod project;
mod say;
mod serve;
mod test;
mod tools;
mod uncalled;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  serve     build the page, serve it on this machine and open it
              --port N      another port than 8080
              --no-open     do not open a browser
              --debug       build without optimisation: slower page, faster rebuilds
  test      everything that must hold before a change is merged
              --only PART   one part: format, lints, native, theory, page, size, journeys
  dist      make dist/, a folder of static files for any web server
  bench     measure the engine and the page
              --format json one JSON object a line
  pictures  take the screenshots of the README again
  uncalled  find out what of the program a first visit does not need";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let result = match command.as_str() {
        "serve" => serve::run(&rest),
        "announce" => serve::announce(&rest),
        "test" => test::run(&rest),
        "dist" => dist::run(&rest),
        "finish" => finish::run(&rest),
        "bench" => bench::run(&rest),
        "pictures" => pictures::run(&rest),
        "uncalled" => uncalled::run(&rest),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("There is no command \"{other}\".\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
