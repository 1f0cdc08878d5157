//! Links: what was seen is seen again elsewhere, and nobody's own work is in danger.

use std::fmt::Debug;

use serde_json::Value;

use crate::Fallible;
use crate::driver::{Browser, DESK};
use crate::page::{Page, check};
use crate::visit::Visit;

/// A link of the first version, to a scenario of thirty nodes.
const SAGA: &str = include_str!("../../links/golden/saga.link");

pub async fn moment_in_another_browser(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(3_000).await?;
    page.seek(2_500).await?;
    // In the middle of an instant.
    page.click("step").await?;
    page.click("step").await?;
    let select = "document.querySelector(`[data-testid='node-8']`).click();";
    page.script(select, vec![]).await?;
    same_elsewhere(visit, picture).await
}

/// The link to this moment opens there in the other browser, where one sees the same.
pub(super) async fn same_elsewhere<T: PartialEq + Debug>(
    visit: &Visit,
    look: impl AsyncFn(&Page) -> Fallible<T>,
) -> Fallible {
    let page = &visit.page;
    let here = page.run().await?;
    let seen = look(page).await?;
    page.click("share-open").await?;
    let link = page
        .until("the link is there", async || {
            let field = page.find("share-address").await.ok();
            Ok(match field {
                Some(field) => field.prop("value").await?.filter(|text| !text.is_empty()),
                None => None,
            })
        })
        .await?;
    page.keys("Esc").await?;
    let other = match visit.browser() {
        Browser::Chromium => Browser::Firefox,
        Browser::Firefox => Browser::Chromium,
    };
    let other = Visit::start(other, &page.home, DESK).await?;
    let fragment = link.split_once('#').map(|(_, it)| format!("#{it}"));
    other.page.open(&fragment.unwrap_or_default()).await?;
    let arrived = other
        .page
        .until("the other browser stands there", async || {
            let there = other.page.run().await?;
            let is_same = (there.time_ns, &there.digest) == (here.time_ns, &here.digest);
            Ok((is_same && !there.playing).then_some(()))
        })
        .await;
    let there = match arrived {
        Ok(()) => look(&other.page).await,
        Err(error) => Err(error),
    };
    let console = other.close().await?;
    let there = there?;
    check(
        seen == there,
        format!("here one sees {seen:?}, in the other browser {there:?}"),
    )?;
    check(
        console.is_empty(),
        format!("the other browser's console: {console:?}"),
    )
}

/// What is said of each node, link and mark, and what is selected.
async fn picture(page: &Page) -> Fallible<Value> {
    let script = "return [...document.querySelectorAll(`[data-testid^='node-'], \
                  [data-testid^='link-'], [data-testid^='mark-']`)]\
                  .map((it) => [it.dataset.testid, it.getAttribute('aria-label'), \
                  it.getAttribute('aria-pressed')]);";
    page.script(script, vec![]).await
}

pub async fn link_asks(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    ask(page).await?;
    let own = page.run().await?.seed;
    page.click("offered-cancel").await?;
    page.document_has("its own seed again", |document| document.seed == own)
        .await?;
    page.script("location.hash = arguments[0];", vec![SAGA.trim().into()])
        .await?;
    page.until("it can be replaced", async || {
        Ok(page.click("offered-replace").await.is_ok().then_some(()))
    })
    .await?;
    page.until(
        "the saga is there, and the other can come back",
        async || {
            let has_come = page.text("title").await?.starts_with("Order saga");
            Ok((has_come && page.find("undo-delete").await.is_ok()).then_some(()))
        },
    )
    .await
}

/// Makes a document of one's own, and then puts a link into the address.
pub async fn ask(page: &Page) -> Fallible {
    page.click("restart-new-seed").await?;
    page.until("the change is kept", async || {
        let kept = page.data("run").await?.get("kept").cloned();
        Ok((kept.as_deref() == Some("true")).then_some(()))
    })
    .await?;
    page.script("location.hash = arguments[0];", vec![SAGA.trim().into()])
        .await?;
    page.until("it is asked", async || {
        let dialog = page.find("dialog-offered").await?;
        Ok(dialog.attr("open").await?.map(|_| ()))
    })
    .await
}

pub async fn broken_link_leaves_own_work(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.click("restart-new-seed").await?;
    page.until("the change is kept", async || {
        let kept = page.data("run").await?.get("kept").cloned();
        Ok((kept.as_deref() == Some("true")).then_some(()))
    })
    .await?;
    let own = page.run().await?.seed;
    page.open(&SAGA.trim()[..600]).await?;
    page.until("it says what is wrong", async || {
        let said = page.text("notice").await.unwrap_or_default();
        Ok((said.contains("cannot be read") && said.contains("copy the whole link")).then_some(()))
    })
    .await?;
    let seed = page.run().await?.seed;
    check(seed == own, format!("the seed was {own}, now it is {seed}"))
}
