//! Web servers as small as they can be: one for `dist/`, with the files below a path of several
//! folders, so that each journey also shows that the page works from there; and one for pages and
//! files of others, which is another origin.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Fallible;

const FOLDER: &str = "/some/where/";

/// Says on the console what the page's policy forbids: a journey fails then. Where a journey wants
/// that to happen, it has made a list for it. Notes what the program says of its functions.
const WATCH: &str = "globalThis.eventyardCalls = new Set(); \
    addEventListener('securitypolicyviolation', (event) => { \
    const words = `${event.violatedDirective} ${event.blockedURI}`; \
    if (window.forbidden) window.forbidden.push(words); \
    else console.error(`forbidden by the policy of the page: ${words}`); }); \
    addEventListener('error', (event) => { \
    if (event.error?.stack) console.error(event.error.stack.slice(0, 2000)); });";
const WATCH_NAME: &str = "watch.js";

/// What begins the id of the build in the page.
const BUILD: &str = "name=\"eventyard-build\" content=\"";
/// The id of a build that is only said to be a newer one.
pub const NEWER: &str = "ffffffffffffffff";

/// A server of the built page.
#[derive(Clone)]
pub struct Site {
    /// The address of the page.
    pub home: String,
    state: Arc<State>,
}

struct State {
    files: PathBuf,
    build: String,
    is_away: AtomicBool,
    is_newer: AtomicBool,
}

/// The address of the page. The server runs until the program ends.
pub fn start() -> Fallible<String> {
    Ok(Site::start()?.home)
}

impl Site {
    /// A server that is nobody else's.
    pub fn start() -> Fallible<Self> {
        let files = files()?;
        let page = std::fs::read_to_string(files.join("index.html"))?;
        let build = page
            .split_once(BUILD)
            .map(|(_, after)| after[..16].to_owned());
        let state = Arc::new(State {
            files,
            build: build.ok_or("The page in dist/ is of no build: cargo xtask dist")?,
            is_away: AtomicBool::new(false),
            is_newer: AtomicBool::new(false),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let home = format!("http://{}{FOLDER}", listener.local_addr()?);
        let served = Arc::clone(&state);
        serve(listener, move |target, stream| {
            // What watches for this test is always there.
            if served.is_away.load(Ordering::Relaxed) && !target.ends_with(WATCH_NAME) {
                // The connection ends without a word.
                return Ok(());
            }
            match find(&served, target) {
                Some((path, body)) => answer(stream, "200 OK", kind(&path), "", &body),
                None => missing(stream),
            }
        });
        Ok(Self { home, state })
    }

    /// Nothing answers any more.
    pub fn go_away(&self) {
        self.state.is_away.store(true, Ordering::Relaxed);
    }

    /// From now on this serves another build, with the same program in it.
    pub fn renew(&self) {
        self.state.is_newer.store(true, Ordering::Relaxed);
    }
}

/// A file of somebody else.
pub struct Foreign {
    /// Where it is, from `/` on.
    pub path: &'static str,
    /// Whether other pages may read it.
    pub shared: bool,
    pub body: String,
}

/// A server of somebody else: another origin. Its address ends with `/`.
pub fn beside(files: Vec<Foreign>) -> Fallible<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = format!("http://{}/", listener.local_addr()?);
    serve(listener, move |target, stream| {
        match files.iter().find(|file| file.path == target) {
            Some(file) => {
                let shared = match file.shared {
                    true => "Access-Control-Allow-Origin: *\r\n",
                    false => "",
                };
                let kind = kind(Path::new(file.path));
                answer(stream, "200 OK", kind, shared, file.body.as_bytes())
            }
            None => missing(stream),
        }
    });
    Ok(address)
}

fn serve(
    listener: TcpListener,
    give: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) {
    let give = Arc::new(give);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let give = Arc::clone(&give);
            // A browser that goes away in the middle of a file is no failure of the page.
            std::thread::spawn(move || {
                let target = target_of(&stream)?;
                give(target.split(['?', '#']).next().unwrap_or("/"), &mut stream)
            });
        }
    });
}

fn target_of(stream: &TcpStream) -> std::io::Result<String> {
    let mut request = BufReader::new(stream.try_clone()?).lines();
    let first = request.next().transpose()?.unwrap_or_default();
    for line in request {
        if line?.is_empty() {
            break;
        }
    }
    Ok(first.split(' ').nth(1).unwrap_or("/").to_owned())
}

/// The built page; another folder than `dist/` may be named.
fn files() -> Fallible<PathBuf> {
    let folder = std::env::var_os("EVENTYARD_DIST").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("dist"),
        PathBuf::from,
    );
    match folder.join("index.html").is_file() {
        true => Ok(folder),
        false => Err("There is no page in dist/. Make it first: cargo xtask dist".into()),
    }
}

fn missing(stream: &mut TcpStream) -> std::io::Result<()> {
    answer(
        stream,
        "404 Not Found",
        "text/plain",
        "",
        b"There is no such file.",
    )
}

fn answer(
    stream: &mut TcpStream,
    status: &str,
    kind: &str,
    more: &str,
    body: &[u8],
) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: \
         no-store\r\n{more}Connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

fn find(state: &State, target: &str) -> Option<(PathBuf, Vec<u8>)> {
    let name = target.strip_prefix(FOLDER)?;
    if name.split('/').any(|part| part == "..") {
        return None;
    }
    if name == WATCH_NAME {
        return Some((PathBuf::from(name), WATCH.into()));
    }
    let name = if name.is_empty() { "index.html" } else { name };
    let path = state.files.join(name);
    let body = std::fs::read(&path).ok()?;
    if !matches!(name, "index.html" | "sw.js") {
        return Some((path, body));
    }
    let mut text = String::from_utf8(body).ok()?;
    if state.is_newer.load(Ordering::Relaxed) {
        text = text.replace(&state.build, NEWER);
    }
    // Before all other scripts, below the policy.
    let watch = format!("<script src=\"./{WATCH_NAME}\"></script><title>");
    Some((path, text.replacen("<title>", &watch, 1).into_bytes()))
}

fn kind(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("")
    {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        // Browsers compile while they load only with this very type.
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
