//! What a person does to a system while it runs.

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

pub async fn crash_lets_the_queue_grow(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let queue = page.node("shipping queue").await?;
    let service = page.node("shipping service").await?;
    page.run_past(5_000).await?;
    let before = depth(page, &queue).await?;
    page.click(&service).await?;
    page.click("crash").await?;
    page.until("the node says that it is down", async || {
        Ok((page
            .data(&service)
            .await?
            .get("status")
            .is_some_and(|it| it == "down"))
        .then_some(()))
    })
    .await?;
    page.play().await?;
    page.until("the queue has grown by ten", async || {
        Ok((depth(page, &queue).await? >= before + 10).then_some(()))
    })
    .await?;
    page.click("revive").await?;
    page.until("the node says that it is up", async || {
        Ok((page
            .data(&service)
            .await?
            .get("status")
            .is_some_and(|it| it == "up"))
        .then_some(()))
    })
    .await
}

pub async fn event_is_sent_by_hand(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.pause().await?;
    let producer = page.node("customers").await?;
    page.click(&producer).await?;
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
    let service = page.node("shipping service").await?;
    page.click(&service).await?;
    page.set("field-workers", "3").await
}

async fn marks_become(page: &Page, count: usize) -> Fallible {
    page.until(&format!("the time bar has {count} marks"), async || {
        Ok((page.ids("mark-").await?.len() == count).then_some(()))
    })
    .await
}

async fn depth(page: &Page, node: &str) -> Fallible<u64> {
    match page.data(node).await?.get("depth") {
        Some(depth) => Ok(depth.parse()?),
        None => Err(format!("{node} has no data-depth").into()),
    }
}
