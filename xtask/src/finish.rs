//! The last step of each build of the page: no script stands in the page itself, so that a strict
//! policy can be written into it, and a service worker knows the files of the build.
//!
//! `trunk build` calls it as a hook, and `cargo xtask dist` once more when it has made the program
//! smaller. Doing it twice changes nothing but the id of the build.

use std::fs;
use std::path::{Path, PathBuf};

use crate::dist;
use crate::project;

/// What the page may load, run and ask for. A page cannot say so for who embeds it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self' https: http://localhost:* http://127.0.0.1:*; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

const PAGE: &str = "index.html";
/// The documents of the gallery by their names.
pub const GALLERY: &str = "gallery.json";
const WORKER: &str = "sw.js";
/// What trunk adds to a page that it serves and builds again when the source changes.
const WATCHED: &str = ".well-known/trunk/ws";
const BUILD: &str = "<meta name=\"eventyard-build\" content=\"";
const NO_BUILD: &str = "0000000000000000";
const SCRIPT_END: &str = "</script>";

/// `cargo xtask finish`, which trunk calls.
pub fn run(args: &[String]) -> Result<(), String> {
    crate::flags::Flags::new(args).finish()?;
    let folder = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    finish(&folder.unwrap_or_else(project::dist_folder))
}

/// Finishes the page in a folder.
pub fn finish(folder: &Path) -> Result<(), String> {
    let path = folder.join(PAGE);
    let html = read(&path)?;
    let source = read(&project::root().join("offline.js"))?;
    write(&folder.join(GALLERY), &gallery(project::root())?)?;
    if html.contains(WATCHED) {
        // It is built again and again, by scripts that the policy forbids.
        return write(&folder.join(WORKER), &worker(&source, "", &[]));
    }
    let html = match html.contains(BUILD) {
        true => html,
        false => {
            let (html, script) = without_script(&html)?;
            let name = format!("start-{:016x}.js", hash([script.as_bytes()]));
            write(&folder.join(&name), &script)?;
            with_head(&html, &name)?
        }
    };
    let html = with_build(&html, NO_BUILD);
    let files = names(folder)?;
    let mut contents = vec![html.clone().into_bytes(), source.clone().into_bytes()];
    for name in &files {
        contents.push(name.clone().into_bytes());
        let file = folder.join(name);
        contents.push(fs::read(&file).map_err(|error| unreadable(&file, &error))?);
    }
    let build = format!("{:016x}", hash(contents.iter().map(Vec::as_slice)));
    write(&path, &with_build(&html, &build))?;
    write(&folder.join(WORKER), &worker(&source, &build, &files))
}

/// Fails unless the page of a folder has the policy, and no script of its own.
pub fn check(folder: &Path) -> Result<(), String> {
    let html = read(&folder.join(PAGE))?;
    let holds = html.contains(POLICY) && script_of(&html).is_none();
    let build = html.split_once(BUILD).map(|(_, after)| &after[..16]);
    let build = build.filter(|build| *build != NO_BUILD);
    let worker = read(&folder.join(WORKER))?;
    match build {
        Some(build) if holds && worker.contains(build) => Ok(()),
        _ => Err(
            "The built page lacks its policy, or its service worker is of another build. Build \
             it again: cargo xtask dist"
                .into(),
        ),
    }
}

/// The documents of the gallery as members of one object: those of its folder, and the smallest
/// scenario of each kind of node under the kind's name.
fn gallery(root: &Path) -> Result<String, String> {
    let mut members = Vec::new();
    for file in dist::files(&root.join("src/scenario/gallery"))? {
        let slug = file.file_stem().unwrap_or_default().to_string_lossy();
        members.push((slug.into_owned(), file));
    }
    for file in dist::files(&root.join("src/nodes"))? {
        let kind = file.parent().and_then(Path::file_name).unwrap_or_default();
        if file.file_name().is_some_and(|name| name == "example.json") {
            members.push((kind.to_string_lossy().into_owned(), file));
        }
    }
    members.sort();
    let mut texts = Vec::new();
    for (slug, file) in members {
        // Line ends stand between values only.
        let text: String = read(&file)?.lines().map(str::trim_start).collect();
        texts.push(format!("\"{slug}\":{text}"));
    }
    Ok(format!("{{{}}}\n", texts.join(",\n")))
}

/// All files of the page but itself and the worker, in order, with `/` between folders.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for file in dist::files(folder)? {
        let inside = file.strip_prefix(folder).unwrap_or(&file);
        let parts = inside.iter().map(|part| part.to_string_lossy());
        let name = parts.collect::<Vec<_>>().join("/");
        if name != PAGE && name != WORKER {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Where the script stands that trunk writes into the page: its tag, its text, the text's end.
fn script_of(html: &str) -> Option<(usize, usize, usize)> {
    let openings = ["<script type=module>", "<script type=\"module\">"];
    openings.iter().find_map(|opening| {
        let start = html.find(opening)?;
        let text = start + opening.len();
        Some((start, text, text + html[text..].find(SCRIPT_END)?))
    })
}

fn without_script(html: &str) -> Result<(String, String), String> {
    let (start, text, end) = script_of(html).ok_or(
        "trunk wrote no script into the page where this expects one. Is it another version?",
    )?;
    let rest = format!("{}{}", &html[..start], &html[end + SCRIPT_END.len()..]);
    match script_of(&rest) {
        None => Ok((rest, html[text..end].to_owned())),
        Some(_) => Err("The page has more than one script; this expects the one of trunk.".into()),
    }
}

/// The page with its policy, before all that it governs, and the script that starts it.
fn with_head(html: &str, script: &str) -> Result<String, String> {
    let title = html.find("<title>").ok_or("The page has no title.")?;
    let head = html.find("</head>").ok_or("The page has no head.")?;
    Ok(format!(
        "{}<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">{BUILD}{NO_BUILD}\">{}\
         <script type=\"module\" src=\"./{script}\"></script>{}",
        &html[..title],
        &html[title..head],
        &html[head..],
    ))
}

fn with_build(html: &str, build: &str) -> String {
    match html.split_once(BUILD) {
        Some((before, after)) => format!("{before}{BUILD}{build}{}", &after[build.len()..]),
        None => html.to_owned(),
    }
}

/// The service worker of a build, without its comments.
fn worker(source: &str, build: &str, files: &[String]) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: Vec<&str> = source.lines().filter(is_code).collect();
    let names: Vec<String> = files.iter().map(|name| format!("\"{name}\"")).collect();
    let code = code.join("\n").replace("%BUILD%", build);
    code.replace("\"%FILES%\"", &names.join(","))
}

/// FNV-1a: it tells builds apart, and is no protection.
fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        // The end of a part counts too.
        for byte in part.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{GALLERY, POLICY, check, finish, read, write};
    use std::fs;
    use std::path::PathBuf;

    fn built(name: &str, script: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("eventyard-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("snippets")).unwrap();
        let html = format!(
            "<html><head><meta charset=utf-8><title>A</title>{script}</head><body></body></html>"
        );
        write(&folder.join("index.html"), &html).unwrap();
        write(&folder.join("a-1.wasm"), "program").unwrap();
        write(&folder.join("snippets/b.js"), "b").unwrap();
        folder
    }

    const SCRIPT: &str = "<script type=module>go();</script>";

    #[test]
    fn the_script_becomes_a_file_and_the_policy_stands_before_it() {
        let folder = built("finish", SCRIPT);
        assert!(check(&folder).is_err());
        finish(&folder).unwrap();
        check(&folder).unwrap();
        let html = read(&folder.join("index.html")).unwrap();
        assert!(!html.contains("go();"));
        let at = |words: &str| {
            html.find(words)
                .unwrap_or_else(|| panic!("{words}: {html}"))
        };
        assert!(at(POLICY) < at("<script type=\"module\" src=\"./start-"));
        let worker = read(&folder.join("sw.js")).unwrap();
        assert!(
            worker.contains("\"a-1.wasm\",\"gallery.json\",\"snippets/b.js\",\"start-"),
            "{worker}"
        );
        let texts = read(&folder.join(GALLERY)).unwrap();
        assert!(texts.contains("\"online-shop\":{") && texts.contains("\"queue\":{"));
        assert!(!worker.contains('%') && !worker.contains("// "), "{worker}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_changed_file_is_another_build_and_the_same_files_are_the_same() {
        let folder = built("build", SCRIPT);
        let build = || {
            finish(&folder).unwrap();
            check(&folder).unwrap();
            read(&folder.join("sw.js")).unwrap()
        };
        let first = build();
        assert_eq!(first, build());
        write(&folder.join("a-1.wasm"), "smaller").unwrap();
        assert_ne!(first, build());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_watched_page_keeps_its_scripts_and_gets_a_worker_that_goes_away() {
        let script = format!("{SCRIPT}<script>f('/.well-known/trunk/ws')</script>");
        let folder = built("watched", &script);
        let before = read(&folder.join("index.html")).unwrap();
        finish(&folder).unwrap();
        assert_eq!(read(&folder.join("index.html")).unwrap(), before);
        let worker = read(&folder.join("sw.js")).unwrap();
        assert!(worker.contains("const BUILD = \"\";"), "{worker}");
        assert!(worker.contains("const FILES = [];"), "{worker}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_second_script_is_not_forbidden_in_silence() {
        let folder = built("second", &format!("{SCRIPT}{SCRIPT}"));
        assert!(finish(&folder).unwrap_err().contains("more than one"));
        fs::remove_dir_all(folder).unwrap();
    }
}
