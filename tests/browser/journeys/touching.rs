//! What a person does to a system while it runs.

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

// Nodes of the shop; ids are for ever.
const CUSTOMERS: &str = "node-1";
const EMAIL_QUEUE: &str = "node-4";
const EMAIL: &str = "node-8";
const SHIPPING: &str = "node-10";

pub async fn crash_lets_the_queue_grow(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(5_000).await?;
    let before = depth(page, EMAIL_QUEUE).await?;
    page.click(EMAIL).await?;
    page.click("crash").await?;
    becomes(page, EMAIL, "down").await?;
    page.play().await?;
    page.until("the queue has grown by ten", async || {
        Ok((depth(page, EMAIL_QUEUE).await? >= before + 10).then_some(()))
    })
    .await?;
    page.click("revive").await?;
    becomes(page, EMAIL, "up").await
}

pub async fn event_is_sent_by_hand(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.until("a moment has passed", async || {
        Ok((page.run().await?.time_ns > 0).then_some(()))
    })
    .await?;
    page.pause().await?;
    page.click(CUSTOMERS).await?;
    page.click("send").await?;
    marks_become(page, 1).await?;
    let before = page.run().await?;
    page.click("step").await?;
    page.until("the event is in the trace", async || {
        Ok((page.run().await?.entries > before.entries).then_some(()))
    })
    .await
}

pub async fn edit_leaves_a_mark(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    edit_workers(page).await?;
    marks_become(page, 1).await?;
    check(page.run().await?.playing, "an edit paused the run")
}

pub async fn restart_clean_drops_marks(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    edit_workers(page).await?;
    marks_become(page, 1).await?;
    page.click("restart").await?;
    page.ready().await?;
    marks_become(page, 1).await?;
    page.click("restart-clean").await?;
    page.ready().await?;
    marks_become(page, 0).await
}

async fn edit_workers(page: &Page) -> Fallible {
    page.until(
        "a moment has passed, so that an edit is no longer one of the start",
        async || Ok((page.run().await?.time_ns > 0).then_some(())),
    )
    .await?;
    page.click(SHIPPING).await?;
    page.set("field-workers", "3").await?;
    // From when on it holds is asked once in a profile.
    page.click("reach-now").await
}

async fn marks_become(page: &Page, count: usize) -> Fallible {
    page.until(&format!("the time bar has {count} marks"), async || {
        Ok((page.ids("mark-").await?.len() == count).then_some(()))
    })
    .await
}

async fn becomes(page: &Page, node: &str, status: &str) -> Fallible {
    page.until(&format!("{node} says that it is {status}"), async || {
        Ok((page
            .data(node)
            .await?
            .get("status")
            .is_some_and(|it| it == status))
        .then_some(()))
    })
    .await
}

async fn depth(page: &Page, node: &str) -> Fallible<u64> {
    match page.data(node).await?.get("depth") {
        Some(depth) => Ok(depth.parse()?),
        None => Err(format!("{node} has no data-depth").into()),
    }
}
