//! The command line: the same engine without a browser.

mod arguments;
mod convert;
mod presets;
mod run;
mod table;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Command, Which};
use eventyard::scenario::gallery::gallery;
use eventyard::scenario::{self, Scenario};

/// Everything went well.
const FINE: u8 = 0;
/// A check of the scenario failed.
const CHECK_FAILED: u8 = 1;
/// The arguments or the scenario cannot be used.
const BAD_INPUT: u8 = 2;
/// A limit stopped the run.
const LIMIT: u8 = 3;

const USAGE: &str = "\
Eventyard runs event-driven systems.

  eventyard run <FILE | -> [--seed N] [--until 60s] [--format text|json] [--trace FILE.ndjson]
      Runs the scenario in a file of any format. `-` reads it from standard input.
  eventyard check <FILE | ->
      Runs it and prints how each of its checks stands.
  eventyard import <FILE | ->
      Prints the scenario in a file of any format that is known: a document, a picture with one
      inside, a sketch (.sketch), a text with a link, Sruja (.sruja). What was not understood is
      said on standard error.
  eventyard export --to sketch|sruja|mermaid|sequence|json <FILE | ->
      Prints the scenario in a file as another text: a sketch, a text of Sruja, a flowchart or, of
      what happens first, a sequence diagram of Mermaid, a document.
  eventyard fmt <FILE | ->
      Prints a sketch as sketches are written.
  eventyard link [--at 12s] [--page https://…] <FILE | ->
      Prints a link to the scenario in a file, that opens at a moment of its run.
  eventyard open LINK
      Prints the scenario that a link carries; on standard error, where its sender was in it.
  eventyard examples
      Lists the scenarios of the gallery, by their headings.
  eventyard examples NAME
      Prints one of them.
  eventyard presets [SLUG | --page]
      Lists the products' queues, topics, exchanges and logs, or prints one of them with its
      words, or docs/presets.md.
  eventyard schema
      Prints the JSON Schema of scenarios.

Exit code: 0 fine, 1 a check of the scenario failed, 2 bad input, 3 a limit stopped the run.
";

/// Does what the arguments say.
pub fn main() -> ExitCode {
    let arguments = lexopt::Parser::from_env();
    let code = match arguments::parse(arguments) {
        Ok(Command::Help) => print(USAGE),
        Ok(Command::Run(options)) => run::run(&options),
        Ok(Command::Import(file)) => convert::import(&file),
        Ok(Command::Export(file, to)) => convert::export(&file, to),
        Ok(Command::Link(options)) => convert::link(&options),
        Ok(Command::Open(link)) => convert::open(&link),
        Ok(Command::Check(file)) => run::check(&file),
        Ok(Command::Format(file)) => convert::format(&file),
        Ok(Command::Examples(None)) => list_examples(),
        Ok(Command::Examples(Some(name))) => print_example(&name),
        Ok(Command::Presets(Which::All)) => print(&presets::list()),
        Ok(Command::Presets(Which::Page)) => print(&presets::page()),
        Ok(Command::Presets(Which::One(slug))) => print_preset(&slug),
        Ok(Command::Schema) => print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&scenario::schema()).unwrap_or_default()
        )),
        Err(error) => {
            complain(&format!("eventyard: {error}\nTry `eventyard help`."));
            BAD_INPUT
        }
    };
    ExitCode::from(code)
}

fn list_examples() -> u8 {
    let mut lines = String::new();
    let mut topic = None;
    for entry in gallery() {
        if topic.replace(entry.topic) != Some(entry.topic) {
            let gap = if lines.is_empty() { "" } else { "\n" };
            lines.push_str(&format!("{gap}{}\n", entry.topic.label()));
        }
        let Scenario { name, about, .. } = entry.scenario();
        let first = about.split_inclusive(". ").next().unwrap_or_default();
        let (slug, level) = (entry.slug, entry.level.label());
        lines.push_str(&format!(
            "  {slug:20} {name} ({level}). {}\n",
            first.trim_end()
        ));
    }
    print(&lines)
}

fn print_example(name: &str) -> u8 {
    let entries = gallery();
    match entries.iter().find(|entry| entry.slug == name) {
        Some(entry) => print(entry.text()),
        None => {
            let known: Vec<&str> = entries.iter().map(|entry| entry.slug).collect();
            complain(&format!(
                "eventyard: there is no example {name:?}; there are {}",
                known.join(", ")
            ));
            BAD_INPUT
        }
    }
}

fn print_preset(slug: &str) -> u8 {
    match presets::one(slug) {
        Some(text) => print(&text),
        None => {
            complain(&format!(
                "eventyard: there is no preset {slug:?}; `eventyard presets` lists them"
            ));
            BAD_INPUT
        }
    }
}

/// Writes to standard output. A reader that has gone away is no error.
fn print(text: &str) -> u8 {
    let mut output = std::io::stdout().lock();
    let _ = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    FINE
}

/// Writes a line to standard error.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
