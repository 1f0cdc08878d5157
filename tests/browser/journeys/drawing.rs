//! The hand on the canvas: what is dragged, panned, zoomed and moved with keys.

use eventyard::scenario::Scenario;
use eventyard::units::NodeId;
use thirtyfour::Key;

use crate::Fallible;
use crate::native;
use crate::page::{Page, check};
use crate::visit::Visit;

// A node of the shop; ids are for ever.
const EMAIL: &str = "node-8";
const EMAIL_ID: NodeId = NodeId(8);

pub async fn node_is_dragged(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(3_000).await?;
    let before = page.seek(2_000).await?;
    let place = place_of_email(&page.document().await?)?;
    let (from, zoom) = (page.spot(EMAIL).await?, zoom(page).await?);
    page.drag(&[], from, from.by(60.0, 40.0)).await?;
    let document = page
        .document_has("the node somewhere else", |document| {
            place_of_email(document).is_ok_and(|now| now != place)
        })
        .await?;
    let now = place_of_email(&document)?;
    let expected = (
        f64::from(place.0) + 60.0 / zoom,
        f64::from(place.1) + 40.0 / zoom,
    );
    let off = (f64::from(now.0) - expected.0).hypot(f64::from(now.1) - expected.1);
    // Half a pixel of the screen, and a grid may pull it a little.
    check(
        off < 16.0,
        format!("it was put to {expected:?}, and lies at {now:?}"),
    )?;
    let there = page.spot(EMAIL).await?;
    check(
        (there.x - from.x - 60.0).hypot(there.y - from.y - 40.0) < 12.0,
        format!("it was at {from:?} and is shown at {there:?}"),
    )?;
    let native = native::digest_of(&document, 2)?;
    check(
        page.run().await?.digest == before.digest && native == before.digest,
        "where a node lies has changed the run",
    )
}

pub async fn canvas_pans_and_zooms(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let empty = page.empty_spot().await?;
    let first = page.spot(EMAIL).await?;
    page.wheel(&[], empty, 40, 60).await?;
    page.until("the wheel has moved the picture", async || {
        let now = page.spot(EMAIL).await?;
        Ok(((now.x - first.x + 40.0).hypot(now.y - first.y + 60.0) < 2.0).then_some(()))
    })
    .await?;
    let before = zoom(page).await?;
    page.wheel(&[Key::Control], page.spot(EMAIL).await?, 0, -120)
        .await?;
    page.until("Ctrl and the wheel have made it larger", async || {
        Ok((zoom(page).await? > before * 1.1).then_some(()))
    })
    .await?;
    page.keys("Ctrl+0").await?;
    page.until("Ctrl+0 shows it as large as it is", async || {
        Ok(((zoom(page).await? - 1.0).abs() < 0.01).then_some(()))
    })
    .await
}

pub async fn keys_move_a_node(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.focus(EMAIL).await?;
    page.keys("Enter").await?;
    is_pressed(page, EMAIL).await?;
    let place = place_of_email(&page.document().await?)?;
    page.keys("Right").await?;
    page.keys("Shift+Down").await?;
    let document = page
        .document_has("the node further down and to the right", |document| {
            place_of_email(document).is_ok_and(|now| now.0 > place.0 && now.1 > place.1)
        })
        .await?;
    let now = place_of_email(&document)?;
    check(
        now.1 - place.1 > now.0 - place.0,
        format!("Shift moves further: from {place:?} it went to {now:?}"),
    )
}

/// Waits until a node or link says that it is selected.
pub async fn is_pressed(page: &Page, id: &str) -> Fallible {
    page.until(&format!("{id} is selected"), async || {
        let pressed = page.find(id).await?.attr("aria-pressed").await?;
        Ok((pressed.as_deref() == Some("true")).then_some(()))
    })
    .await
}

/// Pixels of the screen for one of the drawing: how wide a card is shown.
pub async fn zoom(page: &Page) -> Fallible<f64> {
    let script = "const it = document.querySelector('.node-button'); \
                  return it.getBoundingClientRect().width / it.offsetWidth;";
    let ratio = page.script(script, vec![]).await?;
    ratio.as_f64().ok_or_else(|| "no card is shown".into())
}

fn place_of_email(document: &Scenario) -> Fallible<(i32, i32)> {
    match document.topology.node(EMAIL_ID) {
        Some(node) => Ok((node.x, node.y)),
        None => Err(format!("the document has no {EMAIL}").into()),
    }
}
