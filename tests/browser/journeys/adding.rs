//! Adding things: from the palette, at the end of a link, and with fingers alone.

use eventyard::scenario::Scenario;

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

// A node of the shop; ids are for ever.
const SHIPPING_QUEUE: &str = "node-6";

pub async fn kind_is_dragged_from_the_palette(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    at_the_start(page).await?;
    let before = page.document().await?.topology.nodes.len();
    let (from, to) = (
        page.spot("palette-service").await?,
        page.empty_spot().await?,
    );
    page.drag(&[], from, to).await?;
    page.document_has("a service more", |document| {
        let nodes = &document.topology.nodes;
        nodes.len() == before + 1 && nodes.last().is_some_and(|it| kind_of(it) == "service")
    })
    .await?;
    // A search and Enter add another one, and two presses take both back.
    page.keys("/").await?;
    page.type_text("sns").await?;
    page.keys("Enter").await?;
    page.document_has("a topic more", |document| {
        document.topology.nodes.len() == before + 2
    })
    .await?;
    // The field has an undo of its own.
    page.keys("Esc").await?;
    page.keys("Ctrl+z").await?;
    page.keys("Ctrl+z").await?;
    page.document_has("what it had before", |document| {
        document.topology.nodes.len() == before
    })
    .await?;
    Ok(())
}

pub async fn dropped_link_offers_what_fits(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    at_the_start(page).await?;
    let document = page.document().await?;
    let (nodes, links) = sizes(&document);
    drop_link_from(page, SHIPPING_QUEUE).await?;
    let offered = page.ids("quick-add-").await?;
    check(
        !offered.contains(&"quick-add-projection".to_owned()),
        format!("no queue feeds a projection, and yet it is offered: {offered:?}"),
    )?;
    page.keys("Esc").await?;
    page.until("the list is closed", async || {
        Ok(page.ids("quick-add").await?.is_empty().then_some(()))
    })
    .await?;
    check(
        sizes(&page.document().await?) == (nodes, links),
        "Esc has added something",
    )?;

    page.keys("Esc").await?;
    drop_link_from(page, SHIPPING_QUEUE).await?;
    page.type_text("worker").await?;
    page.keys("Enter").await?;
    page.document_has("a node and a link more", |document| {
        sizes(document) == (nodes + 1, links + 1)
    })
    .await?;
    Ok(())
}

pub async fn fingers_draw_a_system(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.click("documents-open").await?;
    page.click("document-new").await?;
    page.until("the document is empty", async || {
        Ok((!page.ids("empty-state").await?.is_empty()).then_some(()))
    })
    .await?;
    page.seek(0).await?;
    add_with_a_finger(page, "palette-producer", 1).await?;
    page.tap(page.empty_spot().await?).await?;
    add_with_a_finger(page, "palette-queue", 2).await?;
    let nodes = page.ids("node-").await?;
    let [first, second] = nodes.as_slice() else {
        return Err(format!("these nodes are there: {nodes:?}").into());
    };
    // The second one may lie where the buttons are, if it was not put where there is room.
    page.tap(page.spot(first).await?).await?;
    super::drawing::is_pressed(page, first).await?;
    page.tap(page.spot("touch-link").await?).await?;
    page.find("touch-cancel").await?;
    page.tap(page.spot(second).await?).await?;
    page.document_has("a link", |document| document.topology.links.len() == 1)
        .await?;
    page.tap(page.spot("touch-delete").await?).await?;
    page.document_has("no link", |document| document.topology.links.is_empty())
        .await?;
    Ok(())
}

/// Begins a link by keys, and presses where nothing is.
async fn drop_link_from(page: &Page, node: &str) -> Fallible {
    page.focus(node).await?;
    page.keys("Enter").await?;
    super::drawing::is_pressed(page, node).await?;
    page.keys("c").await?;
    page.press_at(&[], page.empty_spot().await?).await?;
    page.until("the search has the focus", async || {
        Ok((page.focused().await? == "quick-add-search").then_some(()))
    })
    .await
}

async fn add_with_a_finger(page: &Page, piece: &str, count: usize) -> Fallible {
    page.tap(page.spot("add-button").await?).await?;
    page.until("the palette is open", async || {
        Ok(page.find(piece).await?.is_displayed().await?.then_some(()))
    })
    .await?;
    page.tap(page.spot(piece).await?).await?;
    page.until("the node is there", async || {
        Ok((page.ids("node-").await?.len() == count).then_some(()))
    })
    .await
}

/// The shop before anything has happened: nobody asks from when on a change holds.
async fn at_the_start(page: &Page) -> Fallible {
    page.open("").await?;
    page.seek(0).await?;
    Ok(())
}

fn sizes(document: &Scenario) -> (usize, usize) {
    let topology = &document.topology;
    (topology.nodes.len(), topology.links.len())
}

fn kind_of(node: &eventyard::topology::Node) -> &'static str {
    node.settings.kind().name()
}
