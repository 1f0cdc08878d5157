//! `import`, `export`, `link`, `open`: a scenario out of a file of any format or out of a link, and
//! into a text of another tool or a link.

use std::path::Path;

use eventyard::interchange::{self, Read, mermaid, sruja};
use eventyard::scenario::{self, Scenario, link};
use eventyard::topology::Problem;

use super::arguments::{LinkOptions, Target};
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

/// Prints a link to the scenario in a file.
pub fn link(options: &LinkOptions) -> u8 {
    let Some(scenario) = scenario_in(&options.file) else {
        return BAD_INPUT;
    };
    let standpoint = link::Standpoint {
        moment: options.at,
        ..link::Standpoint::default()
    };
    match link::encode_at(&scenario, &standpoint) {
        Some(fragment) => print(&format!("{}#{fragment}\n", options.page)),
        None => {
            complain("eventyard: this scenario is too large for a link; send the file");
            BAD_INPUT
        }
    }
}

/// Prints the scenario that a link carries.
pub fn open(link: &str) -> u8 {
    let sent = match link::open(link) {
        Ok(sent) => sent,
        Err(problems) => {
            complain_of(&problems);
            return BAD_INPUT;
        }
    };
    if let Some(remark) = sent.remark() {
        complain(&remark);
    }
    if let Some(moment) = sent.standpoint.moment {
        complain(&format!("It opens at {moment}."));
    }
    print(&scenario::write(&sent.scenario))
}

fn convert(file: &Path, to: Target) -> u8 {
    let Some(scenario) = scenario_in(file) else {
        return BAD_INPUT;
    };
    print(&match to {
        Target::Json => scenario::write(&scenario),
        Target::Sruja => sruja::write(&scenario),
        Target::Mermaid => mermaid::write(&scenario),
    })
}

/// The scenario in a file. What is wrong with it, or was not understood, is said.
fn scenario_in(file: &Path) -> Option<Scenario> {
    match read(file) {
        Ok(read) => {
            complain_of(&read.remarks);
            Some(read.scenario)
        }
        Err(problems) => {
            complain_of(&problems);
            None
        }
    }
}

fn complain_of(problems: &[Problem]) {
    for problem in problems {
        complain(&problem.to_string());
    }
}

fn read(file: &Path) -> Result<Read, Vec<Problem>> {
    let bytes = read_bytes(file, interchange::FILE_MAX)?;
    interchange::read(&bytes, &file.display().to_string())
}
