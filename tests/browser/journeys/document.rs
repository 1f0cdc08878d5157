//! The document outlives the window: in this browser, and as a link in another one.

use std::time::Duration;

use crate::Fallible;
use crate::driver::DESK;
use crate::page::{Page, check};
use crate::visit::Visit;

pub async fn reload_brings_it_back(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let seed = change_seed(page).await?;
    page.reload().await?;
    let run = page.run().await?;
    check(
        run.seed == seed,
        format!("the seed was {seed}, after the reload it is {}", run.seed),
    )
}

pub async fn link_brings_it_back(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change_seed(page).await?;
    page.run_past(3_000).await?;
    let here = page.seek(2_000).await?;
    let link = fragment(page).await?;

    let other = Visit::start(visit.browser(), &page.home, DESK).await?;
    other.page.open(&link).await?;
    other.page.run_past(3_000).await?;
    let there = other.page.seek(2_000).await?;
    let console = other.close().await?;
    check(
        there.digest == here.digest,
        format!("here {here:?}, in the other browser {there:?}"),
    )?;
    check(
        console.is_empty(),
        format!("the other browser's console: {console:?}"),
    )
}

pub async fn broken_link_says_so(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change_seed(page).await?;
    let link = fragment(page).await?;
    let half = &link[..link.len() / 2];
    page.open(half).await?;
    page.until("a notice says that the link cannot be read", async || {
        Ok((page
            .text("notice")
            .await
            .unwrap_or_default()
            .contains("link"))
        .then_some(()))
    })
    .await
}

/// Changes the document, and returns the seed that it has from then on.
async fn change_seed(page: &Page) -> Fallible<u64> {
    let before = page.run().await?.seed;
    page.click("restart-new-seed").await?;
    let seed = page
        .until("the run has another seed", async || {
            let seed = page.run().await?.seed;
            Ok((seed != before).then_some(seed))
        })
        .await?;
    // The document is kept a moment after the last change, not at each of them.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    Ok(seed)
}

/// What the address bar has from `#` on.
async fn fragment(page: &Page) -> Fallible<String> {
    let address = page.web.current_url().await?;
    match address.fragment() {
        Some(text) if text.len() > 20 => Ok(format!("#{text}")),
        found => Err(format!("the address bar carries no document: {found:?}").into()),
    }
}
