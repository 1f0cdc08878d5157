//! Which functions of the program a first visit calls, while nobody touches the page.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::Fallible;
use crate::driver::{Browser, DESK, PHONE, STILL, Viewport};
use crate::site::Site;
use crate::visit::Visit;

/// How long somebody may only look: the shop has been through all that happens in it often.
const LOOKS: Duration = Duration::from_secs(12);

/// Writes the numbers of the functions to a file, one a line.
pub fn run(file: &str) -> Fallible {
    let site = Site::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let called = runtime.block_on(async {
        let mut called = BTreeSet::new();
        for viewport in [DESK, PHONE, STILL] {
            called.extend(visit(&site.home, viewport).await?);
        }
        Fallible::Ok(called)
    })?;
    let lines: Vec<String> = called.iter().map(u64::to_string).collect();
    std::fs::write(Path::new(file), lines.join("\n"))?;
    Ok(())
}

async fn visit(home: &str, viewport: Viewport) -> Fallible<BTreeSet<u64>> {
    let visit = Visit::start(Browser::Chromium, home, viewport).await?;
    let page = &visit.page;
    page.web.goto(home).await?;
    page.run_has("ready").await?;
    tokio::time::sleep(LOOKS).await;
    let script = "return [...globalThis.eventyardCalls];";
    let called = page.script(script, vec![]).await?;
    let called: Vec<u64> = serde_json::from_value(called)?;
    visit.page.web.quit().await?;
    Ok(called.into_iter().collect())
}
