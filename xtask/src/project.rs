//! The project's folder: where things are, what Cargo.lock names, how to start a program in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The top folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the project")
}

/// Where tools are installed that the machine does not have.
pub fn tools_folder() -> PathBuf {
    root().join(".tools")
}

/// The static files of the page, once they are made.
pub fn dist_folder() -> PathBuf {
    root().join("dist")
}

/// The folder of Cargo's products.
pub fn target_folder() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Whether this runs in CI, where nothing may be skipped.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// A program that runs in the top folder, which also finds the tools in `.tools`.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).env("PATH", path_with_tools());
    // `cargo run` tells its child where *this* package is; the tools mean the product.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
    ] {
        command.env_remove(name);
    }
    command
}

/// The version of a package in Cargo.lock.
pub fn locked_version(package: &str) -> Result<String, String> {
    let path = root().join("Cargo.lock");
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!("Cargo.lock cannot be read ({error}). It is part of the repository: restore it.")
    })?;
    version_in_lock(&text, package)
        .ok_or_else(|| format!("Cargo.lock names no {package}. Restore it from the repository."))
}

fn version_in_lock(text: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = text.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

/// Folders whose programs come before those of the same name on PATH.
static PREFERRED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Puts a folder in front of the path of the programs that are started from now on.
pub fn prefer_folder(folder: &Path) {
    let mut preferred = PREFERRED.lock().unwrap_or_else(PoisonError::into_inner);
    if !preferred.iter().any(|known| known == folder) {
        preferred.push(folder.to_owned());
    }
}

fn path_with_tools() -> OsString {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = PREFERRED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    folders.extend(std::env::split_paths(&before));
    folders.push(tools_folder().join("bin"));
    std::env::join_paths(folders).unwrap_or(before)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_lock_file_names_one_version_of_wasm_bindgen() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(
            super::version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(super::version_in_lock(lock, "wasm"), None);
    }
}
