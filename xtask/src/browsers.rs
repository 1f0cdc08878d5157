//! The real browsers: which of them can be driven on this machine, and the program that drives
//! them (`tests/browser`), which has the journeys, the pictures and the frame cost.

use std::path::Path;

use crate::cargo;
use crate::debian;
use crate::tools;

/// Which browsers can be driven, and a sentence for each that cannot.
pub struct Browsers {
    pub found: Vec<&'static str>,
    pub missing: Vec<String>,
}

impl Browsers {
    /// Looks for browsers and drivers, and installs what can be installed here.
    pub fn prepare() -> Result<Self, String> {
        debian::install_browsers()?;
        let mut browsers = Self {
            found: Vec::new(),
            missing: Vec::new(),
        };
        let chromium = ["chromium", "google-chrome", "chromium-browser"];
        browsers.note("chromium", "Chromium", &chromium, "chromedriver");
        if is_any_there(&["firefox", "firefox-esr"]) {
            tools::prepare_geckodriver()?;
        }
        browsers.note(
            "firefox",
            "Firefox",
            &["firefox", "firefox-esr"],
            "geckodriver",
        );
        Ok(browsers)
    }

    fn note(&mut self, id: &'static str, name: &str, programs: &[&str], driver: &str) {
        if !is_any_there(programs) {
            self.missing
                .push(format!("{name} is not on this machine's PATH"));
        } else if tools::find(driver).is_none() {
            self.missing
                .push(format!("{driver}, which drives {name}, is not on PATH"));
        } else {
            self.found.push(id);
        }
    }
}

/// Runs the program that drives browsers, e.g. with `journeys chromium firefox`.
pub fn drive(args: &[&str]) -> Result<(), String> {
    cargo::run(&program(args))
}

/// The same, on the page in another folder than `dist/`.
pub fn drive_in(folder: &Path, args: &[&str]) -> Result<(), String> {
    let mut run = cargo::command();
    run.args(program(args)).env("EVENTYARD_DIST", folder);
    let status = run.status();
    let status = status.map_err(|error| cargo::cannot_start("cargo", &error))?;
    match status.success() {
        true => Ok(()),
        false => Err("The browser could not be driven.".into()),
    }
}

fn program<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["test", "--quiet", "--locked", "--features", "browser-tests"];
    all.extend(["--test", "browser", "--"]);
    all.extend(args);
    all
}

fn is_any_there(programs: &[&str]) -> bool {
    programs
        .iter()
        .any(|program| tools::find(program).is_some())
}
