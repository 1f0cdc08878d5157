//! `run` and `check`: a scenario from a file to its outcome.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use eventyard::engine::{Advance, Entry, Place};
use eventyard::scenario::Scenario;
use eventyard::simulation::{Report, Run};
use eventyard::topology::Problem;
use eventyard::units::SimTime;
use serde_json::{Value, json};

use super::arguments::{Format, RunOptions};
use super::convert::{complained, read};
use super::{CHECK_FAILED, FINE, LIMIT, complain, print, table};

/// Dispatches between two looks at what was traced.
const SLICE: u64 = 5_000;

/// Runs a scenario and says what came of it.
pub fn run(options: &RunOptions) -> u8 {
    match prepare(options).and_then(|(scenario, run)| play(options, &scenario, run)) {
        Ok(code) => code,
        Err(problems) => complained(&problems),
    }
}

/// Runs a scenario to its end and says how its checks stand.
pub fn check(file: &Path) -> u8 {
    let (scenario, mut run) = match open(file) {
        Ok(opened) => opened,
        Err(problems) => return complained(&problems),
    };
    let end = SimTime::ZERO.after(scenario.duration);
    while run.advance(end, SLICE) == Advance::Paused {}
    let report = Report::of(&run);
    print(&table::checks(&report));
    if report.checks.is_empty() {
        complain(&format!("{} has no checks", scenario.name));
    }
    code_of(&report)
}

fn open(file: &Path) -> Result<(Scenario, Run), Vec<Problem>> {
    let read = read(file)?;
    complained(&read.remarks);
    let run = Run::new(read.scenario.plan())?;
    Ok((read.scenario, run))
}

fn code_of(report: &Report) -> u8 {
    if let Some(reason) = &report.stopped {
        complain(reason);
        return LIMIT;
    }
    if report.checks.iter().all(|check| check.passed) {
        FINE
    } else {
        CHECK_FAILED
    }
}

fn prepare(options: &RunOptions) -> Result<(Scenario, Run), Vec<Problem>> {
    let (mut scenario, mut run) = open(&options.file)?;
    if let Some(seed) = options.seed {
        scenario.seed = seed;
        run = Run::new(scenario.plan())?;
    }
    Ok((scenario, run))
}

/// The beginning of a file, with one byte more than may be read; `-` is standard input.
pub fn read_bytes(path: &Path, most: usize) -> Result<Vec<u8>, Vec<Problem>> {
    let mut bytes = Vec::new();
    let most = most as u64 + 1;
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        let what = format!("it cannot be read: {error}");
        let place = path.display().to_string();
        vec![Problem::new(place, what, "name another file")]
    })?;
    Ok(bytes)
}

fn play(options: &RunOptions, scenario: &Scenario, mut run: Run) -> Result<u8, Vec<Problem>> {
    let end = options
        .until
        .unwrap_or(SimTime::ZERO.after(scenario.duration));
    let mut trace = match &options.trace {
        None => None,
        Some(path) => Some(
            File::create(path)
                .map(BufWriter::new)
                .map_err(|e| unwritable(path, &e))?,
        ),
    };
    run.keep_trace(trace.is_some());
    loop {
        let outcome = run.advance(end, SLICE);
        if let (Some(file), Some(path)) = (&mut trace, &options.trace) {
            write_entries(file, &mut run).map_err(|error| unwritable(path, &error))?;
        }
        if outcome != Advance::Paused {
            break;
        }
    }
    let report = Report::of(&run);
    match options.format {
        Format::Json => print(&format!("{}\n", json!(report))),
        Format::Text => print(&table::of(&scenario.name, &report)),
    };
    Ok(code_of(&report))
}

fn unwritable(path: &Path, error: &io::Error) -> Vec<Problem> {
    let what = format!("it cannot be written: {error}");
    vec![Problem::new(
        path.display().to_string(),
        what,
        "name another file for --trace",
    )]
}

fn write_entries(file: &mut impl Write, run: &mut Run) -> io::Result<()> {
    for entry in run.take_entries() {
        serde_json::to_writer(&mut *file, &line(&entry))?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

/// An entry of the trace as one line.
fn line(entry: &Entry) -> Value {
    let mut json = json!({ "time_ns": entry.time.nanos(), "what": entry.what.name() });
    match entry.place() {
        Place::Node(id) => json["node"] = json!(id),
        Place::Link(id) => json["link"] = json!(id),
    }
    if entry.message.0 > 0 {
        json["message"] = json!(entry.message.0);
        json["event"] = json!(format!("{:016x}", entry.root));
        json["attempt"] = json!(entry.attempt);
    }
    let because = entry.reason().words();
    if !because.is_empty() {
        json["because"] = json!(because);
    }
    json
}
