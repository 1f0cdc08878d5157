//! The cost of a frame. The page measures it itself, with `#bench=frames`; this opens it and prints
//! what it found.

use serde_json::{Map, Value};

use crate::Fallible;
use crate::driver::{Browser, DESK};
use crate::site;
use crate::visit::Visit;

pub fn run(format: &str) -> Fallible {
    let home = site::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let frames = runtime.block_on(measure(&home))?;
    match format {
        "json" => println!("{}", Value::Object(frames)),
        _ => {
            println!(
                "\nOne frame with 10,000 messages in flight, in {}",
                Browser::Chromium.name()
            );
            for (name, value) in &frames {
                println!("{name:<32} {value}");
            }
        }
    }
    Ok(())
}

async fn measure(home: &str) -> Fallible<Map<String, Value>> {
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
