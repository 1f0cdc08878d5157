//! One visit to the page: a window with a profile of its own, and what its console said.

use std::path::Path;
use std::time::Duration;

use thirtyfour::WebDriver;

use crate::Fallible;
use crate::driver::{Browser, Driver, Viewport};
use crate::page::Page;

/// How long a line that was printed may be on its way to here.
const PIPE: Duration = Duration::from_millis(100);

/// A window that is open. [`Visit::close`] ends it and yields the console.
pub struct Visit {
    pub page: Page,
    driver: Driver,
}

impl Visit {
    /// Opens a window; nothing is loaded yet.
    pub async fn start(browser: Browser, home: &str, viewport: Viewport) -> Fallible<Self> {
        let driver = Driver::start(browser)?;
        let web = driver.open(viewport).await?;
        // What the browser says while it starts is none of the page's.
        driver.take_printed();
        Ok(Self {
            page: Page::new(web, home),
            driver,
        })
    }

    pub fn browser(&self) -> Browser {
        self.driver.browser
    }

    /// What is in the window, for the person who looks for the failure.
    pub async fn picture(&self, path: &Path) -> Fallible {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(self.page.web.screenshot(path).await?)
    }

    /// Forgets what the console said until now: the browser's own words about what was to fail.
    pub async fn forget_console(&self) -> Fallible {
        match self.driver.browser {
            Browser::Chromium => chromium_console(&self.page.web).await.map(drop),
            Browser::Firefox => {
                self.printed_by_page().await;
                Ok(())
            }
        }
    }

    /// Closes the window and returns each message of its console.
    pub async fn close(self) -> Fallible<Vec<String>> {
        match self.driver.browser {
            Browser::Chromium => {
                let messages = chromium_console(&self.page.web).await?;
                self.page.web.quit().await?;
                Ok(messages)
            }
            Browser::Firefox => {
                let mut messages = self.printed_by_page().await;
                let home = self.page.home.clone();
                self.page.web.quit().await?;
                tokio::time::sleep(PIPE).await;
                let last = self.driver.take_printed().into_iter();
                messages.extend(last.filter(|line| is_of_page(line, &home)));
                Ok(messages)
            }
        }
    }

    async fn printed_by_page(&self) -> Vec<String> {
        tokio::time::sleep(PIPE).await;
        let printed = self.driver.take_printed();
        printed
            .into_iter()
            .filter(|line| is_of_page(line, &self.page.home))
            .collect()
    }
}

async fn chromium_console(web: &WebDriver) -> Fallible<Vec<String>> {
    let entries = web.get_log("browser").await?;
    Ok(entries
        .into_iter()
        .map(|entry| format!("{}: {}", entry.level, entry.message))
        .collect())
}

/// Whether a part of Firefox wrote this to the console itself, mostly that it found no network: its
/// loggers put their name on a line of its own.
fn is_of_firefox(said: &str) -> bool {
    let name = said.trim().strip_suffix(':').unwrap_or_default();
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// Whether a line of Firefox' standard output is the page's doing, and not the browser's own.
fn is_of_page(line: &str, home: &str) -> bool {
    let line = line.trim_start();
    // Leaving a page cuts off a frame that is being drawn, and Firefox warns of it.
    if line.contains("Script terminated by timeout") {
        return false;
    }
    let said = line.split_once(": ").map_or("", |(_, said)| said);
    let by_console = line.starts_with("console.") && !is_of_firefox(said);
    let by_engine =
        line.starts_with("JavaScript error:") || line.starts_with("JavaScript warning:");
    by_console || (by_engine && line.contains(home))
}
