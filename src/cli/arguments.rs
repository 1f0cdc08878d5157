//! What was asked for.

use std::path::PathBuf;

use eventyard::units::{SimDuration, SimTime};
use lexopt::{Arg, Parser, ValueExt};

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Say how to use the program.
    Help,
    /// Run a scenario.
    Run(RunOptions),
    /// Print the scenario in a file.
    Import(PathBuf),
    /// Print the scenario in a file as another text.
    Export(PathBuf, Target),
    /// Print a link to the scenario in a file, at a moment, on a page.
    Link(LinkOptions),
    /// Print the scenario that a link carries.
    Open(String),
    /// Run a scenario and say how its checks stand.
    Check(PathBuf),
    /// Print a sketch as sketches are written.
    Format(PathBuf),
    /// List the built-in scenarios, or print one.
    Examples(Option<String>),
    /// List the presets, or print some of them.
    Presets(Which),
    /// Print the JSON Schema.
    Schema,
}

/// Which presets are printed.
#[derive(Debug)]
pub enum Which {
    /// All, a line each.
    All,
    /// All, as a page of the documentation.
    Page,
    /// One, by its name in documents.
    One(String),
}

/// What link to make.
#[derive(Debug)]
pub struct LinkOptions {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// The moment that it opens at.
    pub at: Option<SimTime>,
    /// The address of the page.
    pub page: String,
}

/// How to run a scenario.
#[derive(Debug)]
pub struct RunOptions {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// Another seed than the scenario's.
    pub seed: Option<u64>,
    /// Another end than the scenario's.
    pub until: Option<SimTime>,
    /// How the outcome is written.
    pub format: Format,
    /// Where every entry of the trace is written, one JSON object a line.
    pub trace: Option<PathBuf>,
}

/// What text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A scenario document.
    Json,
    /// A text of Sruja.
    Sruja,
    /// A flowchart of Mermaid.
    Mermaid,
    /// A sequence diagram of Mermaid.
    Sequence,
    /// A sketch.
    Sketch,
}

const TARGETS: [(&str, Target); 5] = [
    ("sketch", Target::Sketch),
    ("sruja", Target::Sruja),
    ("mermaid", Target::Mermaid),
    ("sequence", Target::Sequence),
    ("json", Target::Json),
];

fn known_targets() -> String {
    TARGETS.map(|(name, _)| name).join(", ")
}

/// How the outcome of a run is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for people.
    Text,
    /// One JSON object.
    Json,
}

/// Reads the arguments.
pub fn parse(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let command = match parser.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help),
        Some(Arg::Value(value)) => value.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    match command.as_str() {
        "help" => Ok(Command::Help),
        "run" => parse_run(parser).map(Command::Run),
        "import" => Ok(Command::Import(parse_convert(parser, false)?.0)),
        "export" => {
            let (file, to) = parse_convert(parser, true)?;
            let to = to.ok_or_else(|| format!("export: say --to {}", known_targets()))?;
            Ok(Command::Export(file, to))
        }
        "link" => parse_link(parser).map(Command::Link),
        "open" => {
            let link = match parser.next()? {
                Some(Arg::Value(link)) => link.string()?,
                Some(other) => return Err(other.unexpected()),
                None => return Err("open: give a link in quotes".into()),
            };
            nothing_more(parser)?;
            Ok(Command::Open(link))
        }
        "check" => Ok(Command::Check(parse_convert(parser, false)?.0)),
        "fmt" => Ok(Command::Format(parse_convert(parser, false)?.0)),
        "examples" => {
            let name = parser.next()?;
            let name = match name {
                None => None,
                Some(Arg::Value(name)) => Some(name.string()?),
                Some(other) => return Err(other.unexpected()),
            };
            nothing_more(parser)?;
            Ok(Command::Examples(name))
        }
        "presets" => {
            let which = match parser.next()? {
                None => Which::All,
                Some(Arg::Long("page")) => Which::Page,
                Some(Arg::Value(slug)) => Which::One(slug.string()?),
                Some(other) => return Err(other.unexpected()),
            };
            nothing_more(parser)?;
            Ok(Command::Presets(which))
        }
        "schema" => nothing_more(parser).map(|()| Command::Schema),
        other => Err(format!("there is no command {other:?}").into()),
    }
}

fn nothing_more(mut parser: Parser) -> Result<(), lexopt::Error> {
    match parser.next()? {
        None => Ok(()),
        Some(argument) => Err(argument.unexpected()),
    }
}

fn parse_convert(
    mut parser: Parser,
    has_target: bool,
) -> Result<(PathBuf, Option<Target>), lexopt::Error> {
    let (mut file, mut to) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("to") if has_target => {
                let name = parser.value()?.string()?;
                let target = TARGETS.iter().find(|(known, _)| *known == name);
                let wrong = || format!("--to: expected {}, found {name:?}", known_targets());
                to = Some(target.ok_or_else(wrong)?.1);
            }
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("name a file, or - for standard input")?;
    Ok((file, to))
}

fn parse_link(mut parser: Parser) -> Result<LinkOptions, lexopt::Error> {
    let (mut file, mut at, mut page) = (None, None, String::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("at") => {
                let text = parser.value()?.string()?;
                let length: SimDuration = text.parse().map_err(|error| format!("--at: {error}"))?;
                at = Some(SimTime::ZERO.after(length));
            }
            Arg::Long("page") => page = parser.value()?.string()?,
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("link: name a file, or - for standard input")?;
    Ok(LinkOptions { file, at, page })
}

fn parse_run(mut parser: Parser) -> Result<RunOptions, lexopt::Error> {
    let (mut file, mut seed, mut until, mut trace) = (None, None, None, None);
    let mut format = Format::Text;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("seed") => {
                let text = parser.value()?.string()?;
                let wrong = || format!("--seed: expected a whole number, found {text:?}");
                seed = Some(text.parse().map_err(|_| wrong())?);
            }
            Arg::Long("until") => {
                let text = parser.value()?.string()?;
                let length: SimDuration =
                    text.parse().map_err(|error| format!("--until: {error}"))?;
                until = Some(SimTime::ZERO.after(length));
            }
            Arg::Long("format") => format = parse_format(&parser.value()?.string()?)?,
            Arg::Long("trace") => trace = Some(PathBuf::from(parser.value()?)),
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("run: name a scenario file, or - for standard input")?;
    Ok(RunOptions {
        file,
        seed,
        until,
        format,
        trace,
    })
}

fn parse_format(text: &str) -> Result<Format, lexopt::Error> {
    match text {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        other => Err(format!("--format: expected text or json, found {other:?}").into()),
    }
}
