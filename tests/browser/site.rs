//! A web server for `dist/`, as small as one can be, with the files below a path of several
//! folders: so each journey also shows that the page works from there.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use crate::Fallible;

const FOLDER: &str = "/some/where/";

/// The address of the page. The server runs until the program ends.
pub fn start() -> Fallible<String> {
    let files = files()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = format!("http://{}{FOLDER}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = files.clone();
            // A browser that goes away in the middle of a file is no failure of the page.
            std::thread::spawn(move || answer(&files, stream).ok());
        }
    });
    Ok(address)
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

fn answer(files: &Path, mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?).lines();
    let first = request.next().transpose()?.unwrap_or_default();
    for line in request {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or("/");
    let (status, kind, body) = match find(files, target) {
        Some((path, body)) => ("200 OK", kind(&path), body),
        None => (
            "404 Not Found",
            "text/plain",
            b"There is no such file.".to_vec(),
        ),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: \
         no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

fn find(files: &Path, target: &str) -> Option<(PathBuf, Vec<u8>)> {
    let target = target.split(['?', '#']).next()?;
    let name = target.strip_prefix(FOLDER)?;
    if name.split('/').any(|part| part == "..") {
        return None;
    }
    let path = files.join(if name.is_empty() { "index.html" } else { name });
    let body = std::fs::read(&path).ok()?;
    Some((path, body))
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
