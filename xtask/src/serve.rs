//! `cargo xtask serve`: from a fresh clone to the page in the browser.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cargo;
use crate::dist::{self, Profile};
use crate::flags::Flags;
use crate::project;
use crate::tools;

const PORT: u16 = 8080;

pub fn run(args: &[String]) -> Result<(), String> {
    let mut flags = Flags::new(args);
    let port = match flags.value("--port")? {
        Some(text) => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            format!("--port takes a number from 1 to 65535, and \"{text}\" is none.")
        })?,
        None => PORT,
    };
    let open = !flags.has("--no-open");
    let profile = if flags.has("--debug") {
        Profile::Debug
    } else {
        Profile::Release
    };
    flags.has("--release");
    flags.finish()?;

    // Before the long part, so that nobody waits minutes for it.
    check_port(port)?;
    tools::prepare(tools::STEPS + 1)?;
    dist::compile(tools::STEPS + 1, tools::STEPS + 1, profile)?;
    announce_when_served(port, open)?;
    become_trunk(port, profile)
}

/// `cargo xtask announce PORT [--no-open]`, which `serve` starts beside trunk: waits until the page
/// is there, says where, and opens it.
pub fn announce(args: &[String]) -> Result<(), String> {
    let mut flags = Flags::new(args);
    let open = !flags.has("--no-open");
    let port = flags
        .value("--port")?
        .and_then(|text| text.parse().ok())
        .unwrap_or(PORT);
    flags.finish()?;
    let page = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let started = Instant::now();
    while TcpStream::connect_timeout(&page, Duration::from_millis(200)).is_err() {
        if started.elapsed() > Duration::from_secs(120) {
            // trunk ended with an error, and has said so.
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let address = format!("http://127.0.0.1:{port}/");
    eprintln!("\nEventyard is at {address}");
    eprintln!("A change of the source builds it again. Ctrl+C ends it.\n");
    if open {
        open_in_browser(&address);
    }
    Ok(())
}

fn check_port(port: u16) -> Result<(), String> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(format!(
            "Port {port} is taken by another program. Choose another one: cargo xtask serve \
             --port {}",
            port.checked_add(1).unwrap_or(PORT)
        )),
        Err(error) => Err(format!(
            "Port {port} cannot be opened ({error}). Choose another one: cargo xtask serve --port \
             {PORT}"
        )),
    }
}

fn announce_when_served(port: u16, open: bool) -> Result<(), String> {
    let this = std::env::current_exe().map_err(|error| cargo::cannot_start("xtask", &error))?;
    let mut announce = project::command(this);
    announce
        .args(["announce", "--port", &port.to_string()])
        .stdin(Stdio::null());
    if !open {
        announce.arg("--no-open");
    }
    announce
        .spawn()
        .map(|_| ())
        .map_err(|error| cargo::cannot_start("xtask", &error))
}

/// trunk links, serves, and watches the source.
///
/// On Unix this process turns into it, so that what ends this command, a signal from wherever,
/// ends the server and frees the port.
fn become_trunk(port: u16, profile: Profile) -> Result<(), String> {
    let folder = project::target_folder().join("served");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("The target folder cannot be written: {error}"))?;
    let mut trunk = project::command("trunk");
    trunk
        .args(["serve", "--log", "warn", "--offline"])
        .args(["--address", "127.0.0.1", "--port", &port.to_string()])
        // The files of a watched page tell it to reload, so they are kept apart from `dist/`.
        .args(["--public-url", "/", "--dist"])
        .arg(folder)
        .env("NO_COLOR", "true")
        .env("CARGO_NET_OFFLINE", "true")
        .stdin(Stdio::null());
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(cargo::cannot_start("trunk", &trunk.exec()))
    }
    #[cfg(not(unix))]
    {
        let status = trunk
            .status()
            .map_err(|error| cargo::cannot_start("trunk", &error))?;
        match status.success() {
            true => Ok(()),
            false => Err("trunk ended with an error; what it said stands above.".into()),
        }
    }
}

/// Opens the page where there is something to open it with, and says nothing where there is not.
fn open_in_browser(address: &str) {
    let mut opener = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut start = Command::new("cmd");
        start.args(["/C", "start", ""]);
        start
    } else if ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        Command::new("xdg-open")
    } else {
        // Without a screen, xdg-open would start a browser inside the terminal.
        return;
    };
    let _ = opener
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
