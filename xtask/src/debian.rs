//! The browsers on Debian and its kin, where this program may install them.

use std::process::Stdio;

use crate::project;
use crate::say::Step;
use crate::tools;

/// What has to be on PATH, and the package that brings it.
const PACKAGES: &[(&[&str], &str)] = &[
    (
        &["chromium", "google-chrome", "chromium-browser"],
        "chromium",
    ),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox", "firefox-esr"], "firefox-esr"),
];

/// Installs the browsers that are missing, if this is Debian and the person is root.
///
/// On any other machine it does nothing: what is missing is named by who needs it.
pub fn install_browsers() -> Result<(), String> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(programs, _)| {
            !programs
                .iter()
                .any(|program| tools::find(program).is_some())
        })
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() || !may_install() {
        return Ok(());
    }
    let step = Step::start(
        1,
        1,
        &format!("installing {} with apt-get", missing.join(", ")),
    );
    // The lists of a fresh machine are empty, and those of an old one name files that are gone.
    let result = apt_get(&["update"]).and_then(|()| {
        let mut args = vec!["install", "--yes", "--no-install-recommends"];
        args.extend(missing);
        apt_get(&args)
    });
    match result {
        Ok(()) => step.done("installed"),
        Err(_) => step.failed(),
    }
    result
}

fn may_install() -> bool {
    let root = std::process::Command::new("id").arg("-u").output();
    let root = root.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    root && std::path::Path::new("/etc/debian_version").exists() && tools::find("apt-get").is_some()
}

fn apt_get(args: &[&str]) -> Result<(), String> {
    let output = project::command("apt-get")
        .arg("--quiet")
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| crate::cargo::cannot_start("apt-get", &error))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "apt-get {} failed; is there a network?\n{}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr).trim_end()
        )),
    }
}
