//! The cost of a frame. What a run costs the page measures itself, with `#bench=frames`; what a
//! drag costs is measured from outside. This prints both, and fails where a gate is passed.

use serde_json::{Map, Value};

use crate::Fallible;
use crate::drag;
use crate::driver::{Browser, DESK};
use crate::page::check;
use crate::site;
use crate::visit::Visit;

/// Most that scene and paint may cost, in the middle of all frames.
const GATE_MILLIS: f64 = 4.0;

/// What is measured of one thing, and the most that its median may be.
struct Measured {
    key: &'static str,
    words: &'static str,
    gate_millis: f64,
    numbers: Map<String, Value>,
}

pub fn run(format: &str, only: &str) -> Fallible {
    let home = site::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let all = runtime.block_on(measure(&home, only))?;
    match format {
        "json" => println!("{}", in_json(&all)),
        _ => all.iter().for_each(print),
    }
    all.iter().try_for_each(|it| {
        let median = it.numbers["script_ms_median"].as_f64().unwrap_or(f64::MAX);
        let sentence = format!(
            "{}: {median:.2} ms is over the gate of {} ms",
            it.words, it.gate_millis
        );
        check(median <= it.gate_millis, sentence)
    })
}

/// The frame's own numbers, and beside them those of each drag under its key.
fn in_json(all: &[Measured]) -> Value {
    let mut json = Map::new();
    for it in all {
        let numbers = it.numbers.clone();
        match it.key {
            "frame" => json.extend(numbers),
            key => drop(json.insert(key.to_owned(), numbers.into())),
        }
    }
    json.into()
}

fn print(it: &Measured) {
    println!(
        "\n{}, in {}; gate {} ms",
        it.words,
        Browser::Chromium.name(),
        it.gate_millis
    );
    for (name, value) in &it.numbers {
        println!("{name:<32} {value}");
    }
}

async fn measure(home: &str, only: &str) -> Fallible<Vec<Measured>> {
    let mut all = Vec::new();
    if "frame".contains(only) {
        all.push(Measured {
            key: "frame",
            words: "One frame with 10,000 messages in flight",
            gate_millis: GATE_MILLIS,
            numbers: frames(home).await?,
        });
    }
    let drags = [
        ("drag", "A drag among 200 nodes", false, false),
        ("drag_whole", "The same, all in sight", true, false),
        ("drag_playing", "The same while it plays", true, true),
    ];
    for (key, words, whole, playing) in drags.into_iter().filter(|it| it.0.contains(only)) {
        let visit = Visit::start(Browser::Chromium, home, DESK).await?;
        let numbers = drag::measure(&visit, whole, playing).await?;
        visit.close().await?;
        all.push(Measured {
            key,
            words,
            gate_millis: drag::GATE_MILLIS,
            numbers,
        });
    }
    Ok(all)
}

async fn frames(home: &str) -> Fallible<Map<String, Value>> {
    let visit = Visit::start(Browser::Chromium, home, DESK).await?;
    let page = &visit.page;
    page.web.goto(format!("{home}#bench=frames")).await?;
    let script = "return document.documentElement.dataset.frames ?? null;";
    let text = page
        .until("the page has measured its frames", async || {
            Ok(page
                .script(script, vec![])
                .await?
                .as_str()
                .map(str::to_owned))
        })
        .await?;
    visit.close().await?;
    Ok(serde_json::from_str(&text)?)
}
