//! What only a real browser can show: journeys through the built page, the pictures of the README,
//! and the cost of a frame. `cargo xtask` starts it, after it has made `dist/` and found browsers.
//!
//! It is a program and not a set of `#[test]`s, because the pictures and the frames want the same
//! site, drivers and page, and because one driver for each browser serves all journeys.

#![allow(clippy::disallowed_methods, reason = "browsers live in real time")]

mod calls;
mod dense;
mod drag;
mod driver;
mod frames;
mod journeys;
mod judge;
mod keys;
mod native;
mod page;
mod pictures;
mod pointer;
mod runner;
mod site;
mod touch;
mod visit;

use std::error::Error;
use std::process::ExitCode;

/// The end of a journey, or of a step of it. Errors are sentences for the person who reads the log.
type Fallible<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "\
This drives real browsers; `cargo xtask test --only journeys` prepares all that it needs. By hand:

  cargo test --features browser-tests --test browser -- journeys chromium firefox [only=WORDS]
  cargo test --features browser-tests --test browser -- pictures FOLDER
  cargo test --features browser-tests --test browser -- frames text|json [only=drag]
  cargo test --features browser-tests --test browser -- calls FILE

`calls` writes which functions a first visit calls of a program that tells: `cargo xtask uncalled`.
`dense` prints what follows the address of the page with the drawing of the drags: 200 nodes.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["journeys", browsers @ ..] => runner::run(browsers),
        ["pictures", folder] => pictures::run(folder),
        ["calls", file] => calls::run(file),
        ["frames", format] => frames::run(format, ""),
        ["frames", format, only] => frames::run(format, only.trim_start_matches("only=")),
        ["dense"] => dense::fragment().map(|fragment| println!("{fragment}")),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
