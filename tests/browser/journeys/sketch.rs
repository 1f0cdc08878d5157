//! The scenario as a text beside the canvas, texts of another tool, and walks told step by step.

use serde_json::json;

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

/// Puts a text into the panel, as typing does.
const TYPE: &str = "
    const area = document.querySelector('[data-testid=sketch-text]');
    area.value = arguments[0];
    area.dispatchEvent(new Event('input', { bubbles: true }));";
/// Puts the cursor before something, as a press does.
const POINT_AT: &str = "
    const area = document.querySelector('[data-testid=sketch-text]');
    const at = area.value.indexOf(arguments[0]);
    area.setSelectionRange(at, at);
    area.dispatchEvent(new Event('click', { bubbles: true }));";
/// Hands a text to the chooser as a file.
const CHOOSE: &str = "
    const files = new DataTransfer();
    files.items.add(new File([arguments[0]], arguments[1]));
    const input = document.querySelector('[data-testid=file-input]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));";

pub const WALKED: &str = "shop: producer @0,0\norders: queue @300,0\nbilling: service @600,0\n\n\
    shop -> orders { latency 100ms }\norders -> billing { latency 100ms }\n\n\
    walk \"Buying\" {\n  shop -> orders \"An order is placed\"\n  billing -> billing \"It is \
    paid\"\n}\n";

pub const FOREIGN: &str = "// Made by hand\nUser = person \"User\"\nWork = queue \"Work\"\n\
    Worker = container \"Worker\"\nUser -> Work \"sends\"\nWorker -> Work \"consumes\"\n\
    policy Safe \"TLS\" { x }\n?? what\n";

pub async fn choose_text(page: &Page, text: &str, name: &str) -> Fallible {
    page.script(CHOOSE, vec![json!(text), json!(name)]).await?;
    Ok(())
}

/// Waits until something can be seen on the page.
pub async fn comes(page: &Page, id: &str) -> Fallible {
    page.until(&format!("{id} is there"), async || {
        let script = "return !!document.querySelector(`[data-testid=${arguments[0]}]\
                      :not([hidden])`);";
        let is_there = page.script(script, vec![json!(id)]).await?;
        Ok((is_there == true).then_some(()))
    })
    .await
}

async fn shown(page: &Page) -> Fallible<String> {
    let script = "return document.querySelector('[data-testid=sketch-text]')?.value ?? '';";
    let text = page.script(script, vec![]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn says(page: &Page, part: &str) -> Fallible {
    page.until(&format!("the text says {part:?}"), async || {
        Ok(shown(page).await?.contains(part).then_some(()))
    })
    .await
}

pub async fn text_and_canvas_follow_each_other(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.pause().await?;
    choose_text(page, WALKED, "own.sketch").await?;
    page.document_has("what the file says", |document| {
        document.topology.links.len() == 2
    })
    .await?;
    page.seek(1_000).await?;
    page.click("toolbar-sketch").await?;
    comes(page, "sketch-text").await?;
    says(page, "orders: queue @300,0").await?;
    // The text changes: the canvas follows, and what was there keeps its id.
    let text = shown(page).await?;
    let more = text.replace(
        "orders: queue",
        "mail: service\norders: queue \"New orders\"",
    );
    page.script(TYPE, vec![json!(more)]).await?;
    let document = page
        .document_has("a service more, and another name", |document| {
            let nodes = &document.topology.nodes;
            nodes.len() == 4 && nodes.iter().any(|node| node.name == "New orders")
        })
        .await?;
    let queue = document
        .topology
        .nodes
        .iter()
        .find(|it| it.name == "New orders");
    check(queue.is_some_and(|it| it.id.0 == 2), "the queue has its id")?;
    // A mistake is said at its place, and the canvas stays.
    page.script(
        TYPE,
        vec![json!(more.replace("mail: service", "mail: servce"))],
    )
    .await?;
    page.until("the mistake is said", async || {
        let said = page.text("sketch-flaw-0").await.unwrap_or_default();
        Ok(said.contains("did you mean service").then_some(()))
    })
    .await?;
    let nodes = page.document().await?.topology.nodes.len();
    check(nodes == 4, format!("the canvas has {nodes} nodes"))?;
    page.script(TYPE, vec![json!(more)]).await?;
    page.until("nothing is wrong", async || {
        Ok(page.ids("sketch-flaw-").await?.is_empty().then_some(()))
    })
    .await?;
    // The cursor is in a node's line: it is selected.
    page.script(POINT_AT, vec![json!("billing: service")])
        .await?;
    super::drawing::is_pressed(page, "node-3").await?;
    // The canvas changes: the text follows.
    page.focus("node-3").await?;
    page.keys("Delete").await?;
    comes(page, "reach-start").await?;
    page.click("reach-start").await?;
    page.until("the text has no billing", async || {
        Ok((!shown(page).await?.contains("billing: service")).then_some(()))
    })
    .await?;
    page.focus("node-2").await?;
    page.keys("Ctrl+z").await?;
    says(page, "billing: service").await
}

pub async fn foreign_text_is_explained(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    choose_text(page, FOREIGN, "theirs.sruja").await?;
    page.until("what was not understood is listed", async || {
        let said = page.text("remarks").await.unwrap_or_default();
        let all = ["line 8, column 1", "policy means nothing", "comments"];
        Ok(all.iter().all(|part| said.contains(part)).then_some(()))
    })
    .await?;
    page.keys("Esc").await?;
    page.document_has("a queue between two", |document| {
        document.topology.nodes.len() == 3 && document.topology.links.len() == 2
    })
    .await?;
    Ok(())
}

pub async fn walk_is_told(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    choose_text(page, WALKED, "own.sketch").await?;
    comes(page, "tell-open").await?;
    page.click("tell-open").await?;
    for (text, step) in [
        ("An order is placed", "Step 1 of 2"),
        ("It is paid", "Step 2 of 2"),
    ] {
        page.until(&format!("{step} is told"), async || {
            let told = page.text("telling").await.unwrap_or_default();
            Ok((told.contains(text) && told.contains(step)).then_some(()))
        })
        .await?;
        page.click("telling-next").await?;
    }
    page.click("telling-close").await?;
    page.find("tell-open").await?;
    Ok(())
}
