//! The tools that make the page: found on this machine, or installed into `.tools` of the project.
//!
//! Only crates.io and rustup are asked; nothing is downloaded as a binary and nothing outside the
//! project changes, but for the wasm target of the Rust toolchain.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::project;
use crate::say::Step;

/// A program that Cargo can install.
struct Tool {
    program: &'static str,
    package: &'static str,
    /// The version that is installed where none is found.
    version: String,
    /// Whether a version that was found will do.
    fits: fn(found: &str, wanted: &str) -> bool,
    flags: &'static [&'static str],
    /// How much the compiler optimises it. The first start waits for this, and trunk and the
    /// drivers mostly wait for others.
    opt_level: &'static str,
    /// About how long it takes to install on two cores.
    minutes: u32,
}

/// How many steps [`prepare`] announces.
pub const STEPS: u32 = 3;

/// Makes sure that the page can be built: linker, wasm target, trunk, wasm-bindgen.
pub fn prepare(of: u32) -> Result<(), String> {
    if cfg!(target_os = "linux") && find("cc").is_none() {
        return Err(cargo::NO_LINKER_SENTENCE.into());
    }
    ready_wasm_target(1, of)?;
    ready_tool(2, of, &trunk())?;
    ready_tool(3, of, &wasm_bindgen()?)
}

/// Makes sure that Firefox can be driven.
pub fn prepare_geckodriver() -> Result<(), String> {
    ready_tool(1, 1, &geckodriver())
}

/// The path of a program, on PATH or in `.tools`.
pub fn find(program: &str) -> Option<PathBuf> {
    candidates(program).into_iter().next()
}

fn trunk() -> Tool {
    Tool {
        program: "trunk",
        package: "trunk",
        version: "0.21.14".into(),
        // A later patch release reads the same Trunk.toml.
        fits: |found, _| {
            found
                .strip_prefix("0.21.")
                .and_then(|patch| patch.parse().ok())
                .is_some_and(|patch: u32| patch >= 14)
        },
        flags: &["--locked", "--no-default-features", "--features", "rustls"],
        opt_level: "0",
        minutes: 3,
    }
}

fn wasm_bindgen() -> Result<Tool, String> {
    Ok(Tool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        // The program and the library must be of exactly the same version.
        version: project::locked_version("wasm-bindgen")?,
        fits: |found, wanted| found == wanted,
        // Its own lock file names a crate that was withdrawn, so not --locked.
        flags: &[],
        opt_level: "1",
        minutes: 2,
    })
}

fn geckodriver() -> Tool {
    Tool {
        program: "geckodriver",
        package: "geckodriver",
        version: "0.37.1".into(),
        fits: |_, _| true,
        flags: &["--locked"],
        opt_level: "0",
        minutes: 1,
    }
}

fn ready_wasm_target(number: u32, of: u32) -> Result<(), String> {
    if has_wasm_target() {
        Step::start(number, of, "Rust's wasm target").done("there already");
        return Ok(());
    }
    let step = Step::start(
        number,
        of,
        "Rust's wasm target (with rustup, a few seconds)",
    );
    let output = project::command("rustup")
        .args(["target", "add", "wasm32-unknown-unknown"])
        .output()
        .map_err(|_| {
            "Rust's wasm target is missing, and so is rustup, which installs it. Install rustup \
             from https://rustup.rs, or the package of your system that has the target \
             wasm32-unknown-unknown."
                .to_owned()
        })?;
    if output.status.success() {
        step.done("installed");
        return Ok(());
    }
    step.failed();
    Err(cargo::explain(&String::from_utf8_lossy(&output.stderr)))
}

/// Asks the compiler, because not everybody's Rust comes from rustup.
fn has_wasm_target() -> bool {
    let output = project::command("rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .output();
    output.is_ok_and(|output| {
        Path::new(String::from_utf8_lossy(&output.stdout).trim())
            .read_dir()
            .is_ok_and(|mut files| files.next().is_some())
    })
}

/// The target triple of the page.
pub const WASM: &str = "wasm32-unknown-unknown";

fn ready_tool(number: u32, of: u32, tool: &Tool) -> Result<(), String> {
    let Tool {
        program,
        package,
        version,
        ..
    } = tool;
    if let Some(path) = fitting(tool) {
        put_in_front(&path);
        Step::start(number, of, &format!("{program} {version}")).done("there already");
        return Ok(());
    }
    let minutes = tool.minutes;
    let title = format!("installing {program} {version} into .tools, about {minutes} min, once");
    let mut step = Step::start(number, of, &title);
    let build = project::tools_folder().join("build");
    let mut install = cargo::command();
    install
        .args(["install", package, "--version", version, "--root"])
        .arg(project::tools_folder())
        .args(tool.flags)
        // So that an installation that was interrupted goes on where it stopped.
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
        // The tools' own profiles ask for the smallest program, which takes twice as long.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    if let Err(sentence) = cargo::run_with_progress(&mut step, &mut install) {
        step.failed();
        return Err(sentence);
    }
    // About a gigabyte that nothing needs again. If it stays, it only takes room.
    let _ = std::fs::remove_dir_all(&build);
    step.done("installed");
    match fitting(tool) {
        Some(path) => put_in_front(&path),
        None => {
            return Err(format!(
                "{program} {version} was installed but does not start."
            ));
        }
    }
    Ok(())
}

/// The first copy of the tool whose version fits.
fn fitting(tool: &Tool) -> Option<PathBuf> {
    candidates(tool.program)
        .into_iter()
        .find(|path| version_of(path).is_some_and(|found| (tool.fits)(&found, &tool.version)))
}

/// Later children find this copy before any other of the same name.
fn put_in_front(program: &Path) {
    project::prefer_folder(program.parent().expect("a program lies in a folder"));
}

fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    version_in(&String::from_utf8_lossy(&output.stdout))
}

/// `trunk 0.21.14` and `geckodriver 0.37.0 (abc 2026-01-01)` have it as their second word.
fn version_in(line: &str) -> Option<String> {
    line.split_whitespace().nth(1).map(str::to_owned)
}

fn candidates(program: &str) -> Vec<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(std::iter::once(project::tools_folder().join("bin")))
        .map(|folder| folder.join(&file))
        .filter(|path| path.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{trunk, version_in, wasm_bindgen};

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(version_in("trunk 0.21.14\n").as_deref(), Some("0.21.14"));
        assert_eq!(
            version_in("geckodriver 0.37.0 (1 2)\n").as_deref(),
            Some("0.37.0")
        );
        assert_eq!(version_in(""), None);
    }

    #[test]
    fn only_fitting_versions_are_used() {
        let trunk = trunk();
        assert!((trunk.fits)("0.21.15", &trunk.version));
        assert!(!(trunk.fits)("0.21.9", &trunk.version));
        assert!(!(trunk.fits)("0.22.1", &trunk.version));
        let bindgen = wasm_bindgen().unwrap();
        assert!((bindgen.fits)(&bindgen.version, &bindgen.version));
        assert!(!(bindgen.fits)("0.2.1", &bindgen.version));
    }
}
