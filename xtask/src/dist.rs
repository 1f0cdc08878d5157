//! The page as static files, and how large they are over the wire.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo;
use crate::finish;
use crate::flags::Flags;
use crate::project;
use crate::say::Step;
use crate::tools::{self, WASM};
use crate::wasm;

/// The most that a first visit may cost over the wire, gzip, everything together but what is
/// fetched when somebody touches the page.
const GZIP_BYTES_MAX: u64 = 640_000;

/// `cargo xtask dist`.
pub fn run(args: &[String]) -> Result<(), String> {
    Flags::new(args).finish()?;
    tools::prepare(tools::STEPS + 1)?;
    build(tools::STEPS + 1, tools::STEPS + 1)?;
    let sizes = Sizes::measure()?;
    print!("{}", sizes.table());
    println!("dist/ is complete: copy it to any folder of any web server.");
    Ok(())
}

/// Builds the page for release into `dist/`.
pub fn build(number: u32, of: u32) -> Result<(), String> {
    let folder = project::dist_folder();
    bundle(number, of, &folder)?;
    for module in modules(&folder)? {
        split(&module)?;
    }
    shrink(&folder)?;
    finish::finish(&folder)?;
    finish::check(&folder)
}

/// Compiles the page for release, and puts its files together in a folder: the program in one
/// piece.
pub fn bundle(number: u32, of: u32, folder: &Path) -> Result<(), String> {
    compile(number, of, Profile::Release)?;
    let output = project::command("trunk")
        .args(["build", "--release", "--offline", "--dist"])
        .arg(folder)
        // Some CI systems set this to 1, which trunk does not take for a yes.
        .env("NO_COLOR", "true")
        .output()
        .map_err(|error| cargo::cannot_start("trunk", &error))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(cargo::explain(&String::from_utf8_lossy(&output.stderr))),
    }
}

/// The programs in a folder.
pub fn modules(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let files = files(folder)?.into_iter();
    Ok(files.filter(|file| has_extension(file, "wasm")).collect())
}

/// The list of functions that no first visit calls.
pub fn uncalled() -> PathBuf {
    project::root().join("xtask/split/uncalled.txt")
}

/// Cuts a program in two: what the first picture needs, and the rest. `loader.js` brings them
/// together.
fn split(module: &Path) -> Result<(), String> {
    let rest = module.display().to_string();
    let rest = PathBuf::from(rest.replace("_bg.wasm", "_rest.wasm"));
    run_split(&[module, &later(), &uncalled(), &rest]).map(drop)
}

/// The rules that were written by hand.
pub fn later() -> PathBuf {
    project::root().join("xtask/split/later.txt")
}

/// Runs the tool that changes programs; what it has to say.
pub fn run_split(args: &[&Path]) -> Result<String, String> {
    let mut run = cargo::command();
    run.args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(project::root().join("xtask/split/Cargo.toml"))
        .arg("--")
        .args(args);
    let output = run.output();
    let output = output.map_err(|error| cargo::cannot_start("cargo", &error))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(cargo::explain(&String::from_utf8_lossy(&output.stderr))),
    }
}

/// How the page's program is compiled.
#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    Release,
    Debug,
}

/// Compiles the program of the page, with progress; trunk then finds the work done.
pub fn compile(number: u32, of: u32, profile: Profile) -> Result<(), String> {
    let mut step = Step::start(number, of, "building the page");
    let mut fetch = cargo::command();
    // All targets, because trunk reads the metadata of all, and must not need the network for it.
    fetch.arg("fetch").arg("--locked");
    let mut compile = cargo::command();
    compile.args([
        "build",
        "--locked",
        "--target",
        WASM,
        "--features",
        "app",
        "--bin",
        "eventyard",
    ]);
    if profile == Profile::Release {
        compile.args(["--profile", "page"]);
    }
    let result = cargo::run_with_progress(&mut step, &mut fetch)
        .and_then(|()| cargo::run_with_progress(&mut step, &mut compile));
    match result {
        Ok(()) => step.done("built"),
        Err(_) => step.failed(),
    }
    result
}

/// Makes the program smaller: its names go, and wasm-opt has its turn where this machine has it.
fn shrink(folder: &Path) -> Result<(), String> {
    let wasm_opt = tools::find("wasm-opt");
    for module in modules(folder)? {
        // First, while the module says which features it uses.
        if let Some(wasm_opt) = &wasm_opt {
            optimise(wasm_opt, &module)?;
        }
        let bytes = fs::read(&module).map_err(|error| unwritable(&module, &error))?;
        if let Some(smaller) = wasm::without_names(&bytes) {
            fs::write(&module, smaller).map_err(|error| unwritable(&module, &error))?;
        }
    }
    Ok(())
}

fn optimise(wasm_opt: &Path, module: &Path) -> Result<(), String> {
    let smaller = module.with_extension("smaller");
    let output = Command::new(wasm_opt)
        .arg("-O3")
        .arg(module)
        .arg("-o")
        .arg(&smaller)
        .output();
    if output.is_ok_and(|output| output.status.success()) {
        return fs::rename(&smaller, module).map_err(|error| unwritable(module, &error));
    }
    let _ = fs::remove_file(&smaller);
    eprintln!(
        "      {} cannot read this program; the page stays as it is. A newer binaryen makes it a \
         little smaller.",
        wasm_opt.display()
    );
    Ok(())
}

/// The size of each file of `dist/`.
pub struct Sizes {
    rows: Vec<(String, u64, u64)>,
}

impl Sizes {
    pub fn measure() -> Result<Self, String> {
        let folder = project::dist_folder();
        let mut rows = Vec::new();
        for file in files(&folder)? {
            let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let name = file
                .strip_prefix(&folder)
                .unwrap_or(&file)
                .display()
                .to_string();
            rows.push((name, bytes.len() as u64, gzip_size(&bytes)?));
        }
        rows.sort();
        Ok(Self { rows })
    }

    pub fn table(&self) -> String {
        let mut text = format!("{:>12} {:>12}  file\n", "bytes", "gzip -9");
        for (name, raw, gzip) in &self.rows {
            text.push_str(&format!("{raw:>12} {gzip:>12}  {name}\n"));
        }
        let raw: u64 = self.rows.iter().map(|row| row.1).sum();
        let all: u64 = self.rows.iter().map(|row| row.2).sum();
        text.push_str(&format!("{raw:>12} {all:>12}  together\n"));
        text.push_str(&format!(
            "{:>12} {:>12}  at the first visit\n",
            "",
            self.first()
        ));
        text
    }

    /// Fails when a first visit costs more than the page promises.
    pub fn check(&self) -> Result<(), String> {
        match self.first() {
            bytes if bytes > GZIP_BYTES_MAX => Err(format!(
                "The page is {bytes} bytes over the wire; {GZIP_BYTES_MAX} is the limit. \
                 Find what grew: cargo xtask dist prints each file."
            )),
            _ => Ok(()),
        }
    }

    /// What is fetched before anybody touches the page.
    fn first(&self) -> u64 {
        let first = self.rows.iter().filter(|row| !is_rest(&row.0));
        first.map(|row| row.2).sum()
    }
}

/// What a web server would send; measured with the program that everybody has.
fn gzip_size(bytes: &[u8]) -> Result<u64, String> {
    let missing = |error| cargo::cannot_start("gzip, which measures sizes,", &error);
    let mut child = Command::new("gzip")
        .args(["-9", "-n", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(missing)?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = bytes.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().map_err(missing)?;
    writer
        .join()
        .expect("the writer does not panic")
        .map_err(missing)?;
    Ok(output.stdout.len() as u64)
}

/// All files below a folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| {
        format!(
            "{} cannot be read ({error}). Make it: cargo xtask dist",
            folder.display()
        )
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

/// Whether it is fetched only when somebody touches the page, or asks for it.
fn is_rest(file: &str) -> bool {
    file.ends_with("_rest.wasm") || file == finish::GALLERY
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}

fn unwritable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{GZIP_BYTES_MAX, Sizes};

    #[test]
    fn the_size_check_can_fail() {
        let sizes = |gzip| Sizes {
            rows: vec![
                ("a".into(), 1, 1),
                ("b".into(), 1, gzip),
                ("b_rest.wasm".into(), 1, 1),
            ],
        };
        assert!(sizes(GZIP_BYTES_MAX - 1).check().is_ok());
        assert!(sizes(GZIP_BYTES_MAX).check().is_err());
    }
}
