//! `import`, `export`, `fmt`, `link`, `open`: a scenario out of a file of any format or out of a
//! link, and into another text or a link.

use std::path::Path;

use eventyard::interchange::{self, Read, mermaid, sketch, sruja};
use eventyard::scenario::{self, Scenario, link};
use eventyard::topology::Problem;
use eventyard::units::SimTime;

use super::arguments::{LinkOptions, Target};
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
            complained(&problems);
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
    let Some(scenario) = scenario_in(file) else {
        return BAD_INPUT;
    };
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

/// The scenario in a file. What is wrong with it, or was not understood, is said.
fn scenario_in(file: &Path) -> Option<Scenario> {
    match read(file) {
        Ok(read) => {
            complained(&read.remarks);
            Some(read.scenario)
        }
        Err(problems) => {
            complained(&problems);
            None
        }
    }
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
