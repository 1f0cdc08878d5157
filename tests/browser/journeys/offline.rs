//! The page without a network, and from one version to the next.

use std::time::Duration;

use serde_json::Value;

use crate::Fallible;
use crate::page::{Page, check};
use crate::site::{NEWER, Site};
use crate::visit::Visit;

/// How long somebody is in another tab.
const AWAY: Duration = Duration::from_millis(4_000);

/// Opens the page at a server of its own, and waits until it would do without.
async fn visited(visit: &mut Visit) -> Fallible<Site> {
    let site = Site::start()?;
    visit.page.home.clone_from(&site.home);
    let page = &visit.page;
    page.open("").await?;
    page.until("the files are kept", async || {
        let state = "return navigator.serviceWorker.getRegistration()\
                     .then((it) => it?.active?.state ?? '');";
        Ok((page.script(state, vec![]).await? == "activated").then_some(()))
    })
    .await?;
    Ok(site)
}

/// Changes the document, and waits until that is kept; the seed from then on.
async fn change(page: &Page) -> Fallible<u64> {
    let before = page.run().await?.seed;
    page.click("restart-new-seed").await?;
    page.until("the change is kept", async || {
        let kept = page.data("run").await?.get("kept").cloned();
        let seed = page.run().await?.seed;
        Ok((kept.as_deref() == Some("true") && seed != before).then_some(seed))
    })
    .await
}

async fn build(page: &Page) -> Fallible<Value> {
    let script = "return document.querySelector('meta[name=eventyard-build]')?.content ?? '';";
    page.script(script, vec![]).await
}

pub async fn works_without_a_network(visit: &mut Visit) -> Fallible {
    let site = visited(visit).await?;
    let page = &visit.page;
    let seed = change(page).await?;
    site.go_away();
    // Not reloaded: Firefox, when it is driven, reloads past the worker.
    page.open("").await?;
    check(
        page.run().await?.seed == seed,
        "the document did not come back",
    )?;
    page.run_past(2_000).await?;
    // By its address, in another tab.
    let tab = page.web.new_tab().await?;
    page.web.switch_to_window(tab).await?;
    page.open("").await?;
    check(
        page.run().await?.entries > 0,
        "nothing happens without a network",
    )
}

pub async fn new_version_waits_for_a_yes(visit: &mut Visit) -> Fallible {
    let site = visited(visit).await?;
    let page = &visit.page;
    let old = build(page).await?;
    site.renew();
    page.open("").await?;
    check(build(page).await? == old, "the page is a mix of two builds")?;
    // Chromium looks for what is newer only when it has nothing else to do, which a slow machine
    // always has while this page is seen.
    let own = page.web.window().await?;
    let other = page.web.new_tab().await?;
    page.web.switch_to_window(other).await?;
    tokio::time::sleep(AWAY).await;
    page.web.close_window().await?;
    page.web.switch_to_window(own).await?;
    page.until("a new version is offered", async || {
        Ok(page.find("renew").await.ok().map(|_| ()))
    })
    .await?;
    let seed = change(page).await?;
    check(build(page).await? == old, "it did not wait for a yes")?;
    page.click("renew").await?;
    page.until("the page is of the new version", async || {
        Ok((build(page).await.unwrap_or_default() == NEWER).then_some(()))
    })
    .await?;
    page.ready().await?;
    check(
        page.run().await?.seed == seed,
        "the document was not saved before",
    )?;
    let caches = page.script("return caches.keys();", vec![]).await?;
    let names = caches.as_array().map_or(0, Vec::len);
    check(
        names == 1,
        format!("files of old versions are left: {caches}"),
    )
}
