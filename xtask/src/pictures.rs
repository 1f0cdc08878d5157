//! `cargo xtask pictures`: the screenshots of the README, taken again.

use crate::browsers::{self, Browsers};
use crate::dist;
use crate::flags::Flags;
use crate::tools;

pub fn run(args: &[String]) -> Result<(), String> {
    Flags::new(args).finish()?;
    tools::prepare(tools::STEPS + 1)?;
    dist::build(tools::STEPS + 1, tools::STEPS + 1)?;
    let browsers = Browsers::prepare()?;
    if !browsers.found.contains(&"chromium") {
        return Err(format!(
            "Pictures need Chromium: {}.",
            browsers.missing.join("; ")
        ));
    }
    browsers::drive(&["pictures", "docs"])
}
