//! `import`, `export` and `fmt`: a scenario out of a file of any format, and into another text.

use std::path::Path;

use eventyard::interchange::{self, Read, mermaid, sketch, sruja};
use eventyard::scenario;
use eventyard::topology::Problem;
use eventyard::units::SimTime;

use super::arguments::Target;
use super::run::read_bytes;
use super::{BAD_INPUT, complain, print};

/// Prints the scenario in a file.
pub fn import(file: &Path) -> u8 {
    convert(file, Target::Json)
}

/// Prints the scenario in a file as another text.
pub fn export(file: &Path, to: Target) -> u8 {
    convert(file, to)
}

/// Prints a sketch as sketches are written.
pub fn format(file: &Path) -> u8 {
    let text = read_bytes(file, scenario::TEXT_MAX).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| {
            let what = format!("it is not UTF-8: {error}");
            vec![Problem::new(
                file.display().to_string(),
                what,
                "save it as UTF-8",
            )]
        })
    });
    match text.and_then(|text| sketch::read(&text)) {
        Ok(read) => print(&sketch::print(&read.scenario)),
        Err(problems) => complained(&problems),
    }
}

fn convert(file: &Path, to: Target) -> u8 {
    let Read { scenario, remarks } = match read(file) {
        Ok(read) => read,
        Err(problems) => return complained(&problems),
    };
    complained(&remarks);
    print(&match to {
        Target::Json => scenario::write(&scenario),
        Target::Sketch => sketch::print(&scenario),
        Target::Sruja => sruja::write(&scenario),
        Target::Mermaid => mermaid::write(&scenario),
        Target::Sequence => {
            let end = SimTime::ZERO.after(scenario.duration);
            mermaid::sequence(&scenario, end, mermaid::STEPS_MAX)
        }
    })
}

/// Says what is wrong on standard error.
pub fn complained(problems: &[Problem]) -> u8 {
    for problem in problems {
        complain(&problem.to_string());
    }
    BAD_INPUT
}

/// The scenario in a file.
pub fn read(file: &Path) -> Result<Read, Vec<Problem>> {
    let bytes = read_bytes(file, interchange::FILE_MAX)?;
    interchange::read(&bytes, &file.display().to_string())
}
