//! Chromium and Firefox, each behind the program that drives it.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

use crate::Fallible;

/// A browser that can be driven.
#[derive(Clone, Copy, PartialEq)]
pub enum Browser {
    Chromium,
    Firefox,
}

impl Browser {
    pub fn named(name: &str) -> Fallible<Self> {
        match name {
            "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            _ => Err(format!("there is no browser \"{name}\": chromium, firefox").into()),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// The size of the page in CSS pixels, and what kind of device shows it.
#[derive(Clone, Copy, PartialEq)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
    pub phone: bool,
    /// Whether its owner asked for less motion.
    pub still: bool,
}

/// A laptop.
pub const DESK: Viewport = Viewport {
    width: 1440,
    height: 900,
    phone: false,
    still: false,
};
/// A laptop of somebody whom motion makes ill.
pub const STILL: Viewport = Viewport {
    still: true,
    ..DESK
};
/// A phone. Firefox makes no window narrower than 500 pixels, which is still one for the page.
pub const PHONE: Viewport = Viewport {
    width: 390,
    height: 844,
    phone: true,
    still: false,
};

/// chromedriver or geckodriver, until it is dropped. Each window has its own, because geckodriver
/// serves one.
pub struct Driver {
    pub browser: Browser,
    child: Child,
    address: String,
    /// What the driver and its browser printed and nobody has taken yet.
    printed: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    pub fn start(browser: Browser) -> Fallible<Self> {
        let port = free_port()?;
        let (program, port_flag) = match browser {
            Browser::Chromium => ("chromedriver", format!("--port={port}")),
            Browser::Firefox => ("geckodriver", format!("--port={port}")),
        };
        let mut child = Command::new(program)
            .arg(port_flag)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program} cannot be started ({error}); is it on PATH?"))?;
        let printed = Arc::new(Mutex::new(Vec::new()));
        collect(
            child.stdout.take().expect("standard output is piped"),
            &printed,
        );
        collect(
            child.stderr.take().expect("standard error is piped"),
            &printed,
        );
        let driver = Self {
            browser,
            child,
            address: format!("http://127.0.0.1:{port}"),
            printed,
        };
        driver.wait_until_it_listens(port)?;
        Ok(driver)
    }

    /// A new window with a profile of its own.
    pub async fn open(&self, viewport: Viewport) -> Fallible<WebDriver> {
        let capabilities = match self.browser {
            Browser::Chromium => chromium(viewport),
            Browser::Firefox => firefox(viewport),
        };
        let capabilities: Capabilities = capabilities
            .as_object()
            .expect("capabilities are an object")
            .clone()
            .into();
        WebDriver::new(&self.address, capabilities)
            .await
            .map_err(|error| format!("{} does not start: {error}", self.browser.name()).into())
    }

    /// Takes what was printed since the last time.
    pub fn take_printed(&self) -> Vec<String> {
        std::mem::take(&mut *self.printed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wait_until_it_listens(&self, port: u16) -> Fallible {
        let started = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                let said = self.take_printed().join("\n");
                return Err(format!("the driver does not listen after 20 s\n{said}").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn chromium(viewport: Viewport) -> Value {
    let Viewport {
        width,
        height,
        phone,
        still,
    } = viewport;
    let motion = match still {
        true => "--force-prefers-reduced-motion",
        false => "--force-prefers-no-reduced-motion",
    };
    let mut options = json!({
        "args": [
            motion,
            "--headless=new",
            // Chromium has no sandbox for root, as CI machines and containers run it.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            format!("--window-size={width},{}", height + 150),
        ],
        // The one way to a page of exactly this size, also below the least width of a window.
        "mobileEmulation": {
            "deviceMetrics": {
                "width": width,
                "height": height,
                "pixelRatio": if phone { 2.0 } else { 1.0 },
                "mobile": phone,
                "touch": phone,
            },
        },
    });
    if let Some(path) = program(&["chromium", "google-chrome", "chromium-browser"]) {
        options["binary"] = json!(path);
    }
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": options,
    })
}

fn firefox(viewport: Viewport) -> Value {
    let Viewport {
        width,
        height,
        still,
        ..
    } = viewport;
    let mut options = json!({
        "args": ["-headless", format!("--width={width}"), format!("--height={height}")],
        "prefs": {
            // The console of the page, and errors that nothing caught, on standard output.
            "devtools.console.stdout.content": true,
            "devtools.console.stdout.chrome": false,
            "browser.dom.window.dump.enabled": true,
            "javascript.options.showInConsole": true,
            // A frame that is being drawn when the page is left is finished, not cut off with a
            // warning.
            "dom.ipc.cancel_content_js_when_navigating": false,
            "ui.prefersReducedMotion": i32::from(still),
            // Fingers as on a device that has a touch screen.
            "dom.w3c_touch_events.enabled": 1,
            // Nothing that a first start would fetch or ask.
            "app.update.enabled": false,
            "browser.shell.checkDefaultBrowser": false,
            "datareporting.policy.dataSubmissionEnabled": false,
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
        },
    });
    if let Some(path) = program(&["firefox-esr", "firefox"]) {
        options["binary"] = json!(path);
    }
    json!({ "browserName": "firefox", "moz:firefoxOptions": options })
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&path)
            .map(|folder| folder.join(&file))
            .find(|path| path.is_file())
    })
}

fn collect(from: impl std::io::Read + Send + 'static, into: &Arc<Mutex<Vec<String>>>) {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}

fn free_port() -> Fallible<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
