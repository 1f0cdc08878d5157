//! Products: what a queue behaves like, and what that changes.

use eventyard::scenario::Scenario;
use eventyard::topology::Node;
use serde_json::{Value, json};

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

// A node of the shop; ids are for ever.
const SHIPPING_QUEUE: &str = "node-6";

pub async fn queue_changes_its_product(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.seek(0).await?;
    page.click(SHIPPING_QUEUE).await?;
    page.set("field-preset", "rabbitmq-quorum-queue").await?;
    says(page, "preset-changes", "Returns allowed: none → 20").await?;
    page.click("preset-leave").await?;
    check(
        queue(&page.document().await?).preset.is_none(),
        "it was only considered, and yet something has changed",
    )?;
    page.set("field-preset", "rabbitmq-quorum-queue").await?;
    page.click("preset-do").await?;
    follows(page, "rabbitmq-quorum-queue").await?;
    says(page, "field-word-delivery_limit", "x-delivery-limit").await?;
    let link = page.find("preset-source").await?;
    check(
        link.attr("rel").await?.as_deref() == Some("noopener"),
        "the source may look back at the page",
    )?;

    // What the person sets himself stays, unless he gives it up.
    page.set("field-max_length", "100").await?;
    page.set("field-delivery_limit", "7").await?;
    setting_is(page, "delivery_limit", json!(7)).await?;
    page.set("field-preset", "sqs-standard").await?;
    says(page, "preset-changes", "Acknowledge within: 30 min → 30 s").await?;
    says(page, "preset-own", "Length limit: 100").await?;
    says(page, "preset-own", "It cannot be so there").await?;
    page.click("preset-take-delivery_limit").await?;
    page.click("preset-do").await?;
    follows(page, "sqs-standard").await?;
    setting_is(page, "delivery_limit", Value::Null).await?;
    setting_is(page, "max_length", json!(100)).await?;
    says(page, "field-finding-max_length", "SQS standard queue").await?;
    says(
        page,
        "field-word-delivery_limit",
        "Not in SQS standard queue",
    )
    .await?;

    // One step back is all of it.
    page.focus(SHIPPING_QUEUE).await?;
    page.keys("Ctrl+z").await?;
    follows(page, "rabbitmq-quorum-queue").await?;
    setting_is(page, "delivery_limit", json!(7)).await?;
    setting_is(page, "ack_timeout", json!("1800s")).await
}

pub async fn product_is_found(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.seek(0).await?;
    page.keys("Ctrl+k").await?;
    page.find("command-input").await?;
    page.type_text("sqs fifo").await?;
    page.keys("Enter").await?;
    page.document_has("a FIFO queue", |document| {
        let last = document.topology.nodes.last();
        last.is_some_and(|node| {
            let slug = node.preset.map(|preset| preset.slug);
            slug == Some("sqs-fifo")
                && node.name == "SQS FIFO queue"
                && node.settings.to_json()["groups"] == json!(true)
        })
    })
    .await
    .map(|_| ())
}

async fn follows(page: &Page, slug: &str) -> Fallible {
    page.document_has(&format!("a queue like {slug}"), |document| {
        queue(document).preset.map(|preset| preset.slug) == Some(slug)
    })
    .await
    .map(|_| ())
}

async fn setting_is(page: &Page, field: &str, value: Value) -> Fallible {
    page.document_has(&format!("{field} of {value}"), |document| {
        queue(document).settings.to_json()[field] == value
    })
    .await
    .map(|_| ())
}

async fn says(page: &Page, id: &str, words: &str) -> Fallible {
    page.until(&format!("{id} says {words:?}"), async || {
        let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`) \
                      || document.getElementById(arguments[0]); \
                      return it ? it.textContent : '';";
        let text = page.script(script, vec![json!(id)]).await?;
        let text = text.as_str().unwrap_or_default().to_owned();
        Ok(text.contains(words).then_some(()))
    })
    .await
}

fn queue(document: &Scenario) -> &Node {
    let mut nodes = document.topology.nodes.iter();
    nodes.find(|node| node.id.0 == 6).expect("the shop has it")
}
