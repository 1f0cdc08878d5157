//! Runs each journey in each browser, both browsers at once, and says what became of them.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::Fallible;
use crate::driver::Browser;
use crate::journeys::{JOURNEYS, Journey};
use crate::site;
use crate::visit::Visit;

/// Far more than the slowest journey takes.
const LIMIT: Duration = Duration::from_secs(240);

/// Two browsers on a small machine now and then keep a person's hand waiting for longer than the
/// hand would: so many journeys may be walked a second time, alone. A fault fails there as well.
const AGAIN_MAX: usize = 6;

pub fn run(words: &[&str]) -> Fallible {
    let only = words
        .iter()
        .find_map(|word| word.strip_prefix("only="))
        .unwrap_or("");
    let names = words.iter().filter(|word| !word.starts_with("only="));
    let browsers = names
        .map(|name| Browser::named(name))
        .collect::<Fallible<Vec<_>>>()?;
    if browsers.is_empty() {
        return Err("name the browsers: chromium, firefox".into());
    }
    let home = site::start()?;
    let mut failed: Vec<(Browser, &Journey)> = thread::scope(|scope| {
        let threads: Vec<_> = browsers
            .iter()
            .map(|browser| scope.spawn(|| journeys_in(*browser, &home, only)))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    if (1..=AGAIN_MAX).contains(&failed.len()) {
        println!("once more, now that nothing else runs:");
        failed.retain(|(browser, journey)| !is_walked(journey, *browser, &home));
    }
    match failed.len() {
        0 => Ok(()),
        count => {
            let names = failed
                .iter()
                .map(|(browser, journey)| name(journey, *browser));
            let names: Vec<String> = names.collect();
            Err(format!("\n{count} failed:\n- {}", names.join("\n- ")).into())
        }
    }
}

/// Returns the journeys that failed.
fn journeys_in(browser: Browser, home: &str, only: &str) -> Vec<(Browser, &'static Journey)> {
    let journeys = JOURNEYS.iter();
    journeys
        .filter(|journey| journey.name.contains(only))
        .filter(|journey| browser == Browser::Chromium || !journey.chromium_only)
        .filter(|journey| !is_walked(journey, browser, home))
        .map(|journey| (browser, journey))
        .collect()
}

/// Whether all went well; says so, or what did not.
fn is_walked(journey: &Journey, browser: Browser, home: &str) -> bool {
    let clock = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(walk(journey, browser, home)),
        Err(error) => Err(error.into()),
    };
    let (took, name) = (clock.elapsed().as_secs_f64(), name(journey, browser));
    match &result {
        Ok(()) => println!("ok      {took:>5.1} s  {name}"),
        Err(error) => println!("FAILED  {took:>5.1} s  {name}\n{error}"),
    }
    result.is_ok()
}

fn name(journey: &Journey, browser: Browser) -> String {
    format!("{}: {}", browser.name(), journey.name)
}

async fn walk(journey: &Journey, browser: Browser, home: &str) -> Fallible {
    let mut visit = Visit::start(browser, home, journey.viewport).await?;
    let walked = match tokio::time::timeout(LIMIT, (journey.walk)(&mut visit)).await {
        Ok(result) => result,
        Err(_) => Err(format!("not over after {} s", LIMIT.as_secs()).into()),
    };
    let mut sentences = Vec::new();
    if let Err(error) = walked {
        let path = picture_of(browser, journey.name);
        let picture = match visit.picture(&path).await {
            Ok(()) => format!("picture: {}", path.display()),
            Err(error) => format!("no picture: {error}"),
        };
        sentences.push(format!("        {error}\n        {picture}"));
    }
    let console = visit.close().await?;
    sentences.extend(
        console
            .iter()
            .map(|message| format!("        console: {message}")),
    );
    match sentences.is_empty() {
        true => Ok(()),
        false => Err(sentences.join("\n").into()),
    }
}

fn picture_of(browser: Browser, journey: &str) -> PathBuf {
    let name = journey.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.png", browser.name()))
}
