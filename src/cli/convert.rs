//! `import` and `export`: a scenario out of a file of any format, and into a text of another tool.

use std::path::Path;

use eventyard::interchange::{self, Read, mermaid, sruja};
use eventyard::scenario;
use eventyard::topology::Problem;

use super::arguments::Target;
use super::run::read_bytes;
use super::{BAD_INPUT, complain, print};

/// Prints the scenario in a file.
pub fn import(file: &Path) -> u8 {
    convert(file, Target::Json)
}

/// Prints the scenario in a file as a text of another tool.
pub fn export(file: &Path, to: Target) -> u8 {
    convert(file, to)
}

fn convert(file: &Path, to: Target) -> u8 {
    let read = read(file);
    let said = match &read {
        Ok(read) => &read.remarks,
        Err(problems) => problems,
    };
    for problem in said {
        complain(&problem.to_string());
    }
    let Ok(read) = read else {
        return BAD_INPUT;
    };
    print(&match to {
        Target::Json => scenario::write(&read.scenario),
        Target::Sruja => sruja::write(&read.scenario),
        Target::Mermaid => mermaid::write(&read.scenario),
    })
}

fn read(file: &Path) -> Result<Read, Vec<Problem>> {
    let bytes = read_bytes(file, interchange::FILE_MAX)?;
    interchange::read(&bytes, &file.display().to_string())
}
