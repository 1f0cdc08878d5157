//! The command line: the same engine without a browser.

mod arguments;
mod convert;
mod run;
mod table;

use std::io::Write;
use std::process::ExitCode;

use arguments::Command;
use eventyard::scenario::{self, examples};

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
  eventyard examples
      Lists the built-in scenarios.
  eventyard examples NAME
      Prints one of them.
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
        Ok(Command::Check(file)) => run::check(&file),
        Ok(Command::Format(file)) => convert::format(&file),
        Ok(Command::Examples(None)) => list_examples(),
        Ok(Command::Examples(Some(name))) => print_example(&name),
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
    let lines: Vec<String> = examples()
        .iter()
        .map(|example| format!("{:16} {}\n", example.slug, example.scenario().about))
        .collect();
    print(&lines.concat())
}

fn print_example(name: &str) -> u8 {
    match examples().iter().find(|example| example.slug == name) {
        Some(example) => print(example.text),
        None => {
            let known: Vec<&str> = examples().iter().map(|example| example.slug).collect();
            complain(&format!(
                "eventyard: there is no example {name:?}; there are {}",
                known.join(", ")
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
