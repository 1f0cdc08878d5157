//! A phone: everything with fingers.

use super::drawing::{is_pressed, zoom};
use crate::Fallible;
use crate::page::{Page, check};
use crate::pointer::Spot;
use crate::visit::Visit;

pub async fn select_pan_and_zoom(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let width = page.script("return innerWidth;", vec![]).await?;
    check(
        width.as_f64().is_some_and(|width| width <= 500.0),
        format!("this is no phone, it is {width} pixels wide"),
    )?;
    page.pause().await?;

    let (node, at) = node_in_sight(page).await?;
    page.tap(at).await?;
    is_pressed(page, &node).await?;
    page.keys("Esc").await?;

    let empty = page.empty_spot().await?;
    let before = page.spot(&node).await?;
    page.swipe(empty, empty.by(30.0, -90.0)).await?;
    page.until("a finger has moved the picture", async || {
        let now = page.spot(&node).await?;
        let (x, y) = (now.x - before.x, now.y - before.y);
        Ok(((x - 30.0).hypot(y + 90.0) < 12.0).then_some(()))
    })
    .await?;

    let before = zoom(page).await?;
    page.pinch(page.spot("canvas").await?, 80.0, 160.0).await?;
    page.until("two fingers that part have made it larger", async || {
        Ok((zoom(page).await? > before * 1.6).then_some(()))
    })
    .await?;

    let (node, at) = node_in_sight(page).await?;
    page.long_press(at).await?;
    is_pressed(page, &node).await?;
    page.keys("Esc").await?;
    let (node, at) = node_in_sight(page).await?;
    page.double_tap(at).await?;
    is_pressed(page, &node).await
}

/// A node whose middle lies on the free part of the canvas.
async fn node_in_sight(page: &Page) -> Fallible<(String, Spot)> {
    let mut last = node_now(page).await?;
    page.until("the picture stands still", async || {
        let now = node_now(page).await?;
        let stands = now == last;
        last.clone_from(&now);
        Ok(stands.then_some(now))
    })
    .await
}

async fn node_now(page: &Page) -> Fallible<(String, Spot)> {
    let script = "const canvas = document.querySelector(`[data-testid='canvas']`); \
        for (const it of document.querySelectorAll('.node-button')) { \
            const { left, top, width, height } = it.getBoundingClientRect(); \
            const [x, y] = [left + width / 2, top + height / 2]; \
            const found = document.elementFromPoint(x, y); \
            if (found === it) return [it.dataset.testid, x, y]; \
        } \
        return null;";
    match serde_json::from_value(page.script(script, vec![]).await?)? {
        Some((id, x, y)) => Ok((id, Spot { x, y })),
        None => Err("no node is in sight".into()),
    }
}
