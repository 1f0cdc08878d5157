//! The screenshots of the README.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::Fallible;
use crate::driver::{Browser, DESK, PHONE, Viewport};
use crate::site;
use crate::visit::Visit;

/// The simulated moment in the pictures: queues have grown, and it is the same in each.
const MOMENT_MS: u64 = 50_000;

pub fn run(folder: &str) -> Fallible {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let home = site::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        take(&home, DESK, false, &folder.join("page-light.png")).await?;
        take(&home, DESK, true, &folder.join("page-dark.png")).await?;
        take(&home, PHONE, false, &folder.join("phone-light.png")).await?;
        take(&home, PHONE, true, &folder.join("phone-dark.png")).await
    })
}

async fn take(home: &str, viewport: Viewport, dark: bool, path: &Path) -> Fallible {
    let visit = Visit::start(Browser::Chromium, home, viewport).await?;
    let page = &visit.page;
    page.open("").await?;
    if is_dark(&visit).await? != dark {
        page.click("theme").await?;
    }
    // The bar is as long as the scenario, so that a moment can be chosen before it was played, and
    // the speed stays what a visitor sees first.
    page.seek(MOMENT_MS).await?;
    // Whoever looks at a picture has no keyboard in it.
    page.script("document.activeElement?.blur();", vec![])
        .await?;
    // Time for the frame of that moment, and for colours that fade from one theme to the other.
    tokio::time::sleep(Duration::from_millis(700)).await;
    visit.picture(path).await?;
    println!("{}", path.display());
    visit.close().await?;
    Ok(())
}

/// Whether the page's background is darker than its text.
pub async fn is_dark(visit: &Visit) -> Fallible<bool> {
    let script = "const light = (name) => { const look = getComputedStyle(document.body); \
                  const [r, g, b] = look[name].match(/[\\d.]+/g).map(Number); \
                  return r + g + b; }; \
                  return light('backgroundColor') < light('color');";
    Ok(visit.page.script(script, vec![]).await? == Value::Bool(true))
}
