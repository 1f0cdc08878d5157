//! Settings in the inspector: groups that open, a search over them, and lists with rows.

use eventyard::scenario::Scenario;
use serde_json::{Value, json};

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

// Nodes of the shop; ids are for ever.
const CUSTOMERS: &str = "node-1";
const SHIPPING: &str = "node-10";

/// Opens a group with keys alone, finds a setting by another word for it, changes it, and takes it
/// back.
pub async fn found_changed_and_reset(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    begin(page, SHIPPING).await?;
    check(
        !is_seen(page, "field-retries").await?,
        "the group is open at first",
    )?;
    page.focus("group-retries").await?;
    page.keys("Enter").await?;
    becomes_seen(page, "field-retries", true).await?;
    check(
        !is_seen(page, "field-retry_delay").await?,
        "a setting is shown that does not count",
    )?;
    page.set("field-retries", "3").await?;
    becomes_seen(page, "field-retry_delay", true).await?;
    says(page, "group-retries", "1 set").await?;
    page.focus("group-retries").await?;
    page.keys("Space").await?;
    becomes_seen(page, "field-retries", false).await?;

    page.focus("find-setting").await?;
    page.type_text("circuit breaker").await?;
    becomes_seen(page, "field-circuit_opens_after", true).await?;
    check(
        !is_seen(page, "field-workers").await?,
        "the search shows others, too",
    )?;
    page.set("field-circuit_opens_after", "5").await?;
    page.document_has("a circuit", |it| {
        setting(it, SHIPPING, "circuit_opens_after") == 5
    })
    .await?;
    page.focus("reset-circuit_opens_after").await?;
    page.keys("Enter").await?;
    page.document_has("no circuit", |it| {
        setting(it, SHIPPING, "circuit_opens_after").is_null()
    })
    .await?;
    page.focus("find-setting").await?;
    page.keys("Esc").await?;
    becomes_seen(page, "field-workers", true).await
}

/// Hands a file to the setting for recorded events.
const CHOOSE: &str = "
    const files = new DataTransfer();
    files.items.add(new File([arguments[0]], 'events.csv'));
    const input = document.querySelector('[data-testid=load-trace-input]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));";

/// Loads recorded events, and then something that is too long for that.
pub async fn recording_comes_from_a_file(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    begin(page, CUSTOMERS).await?;
    page.focus("find-setting").await?;
    page.type_text("recording").await?;
    becomes_seen(page, "field-trace", true).await?;
    let lines = "time,event,key\n1,OrderPlaced,a\n2,OrderPlaced,b";
    page.script(CHOOSE, vec![json!(lines)]).await?;
    page.document_has("the events of the file", |it| {
        setting(it, CUSTOMERS, "trace") == lines
    })
    .await?;
    page.script(CHOOSE, vec![json!("x".repeat(900_000))])
        .await?;
    page.until("it is said that the file is too long", async || {
        let notice = page.text("notice").await.unwrap_or_default();
        Ok(notice.contains("was not loaded").then_some(()))
    })
    .await?;
    page.document_has("what was there before", |it| {
        setting(it, CUSTOMERS, "trace") == lines
    })
    .await?;
    Ok(())
}

/// Fills in what a producer emits row by row.
pub async fn rows_are_filled_in(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    begin(page, CUSTOMERS).await?;
    page.click("add-events").await?;
    page.until("the new row has the focus", async || {
        Ok((page.focused().await? == "cell-events-1-event").then_some(()))
    })
    .await?;
    page.set("cell-events-1-event", "OrderCancelled").await?;
    page.set("cell-events-1-weight", "3").await?;
    page.click("more-events-1").await?;
    page.set("cell-events-1-headers", "{\"region\":\"eu\"}")
        .await?;
    page.document_has("both event types", |it| {
        let events = setting(it, CUSTOMERS, "events");
        events[1]["event"] == "OrderCancelled"
            && events[1]["weight"] == 3
            && events[1]["headers"] == json!({ "region": "eu" })
    })
    .await?;
    page.set("cell-events-1-weight", "many").await?;
    says(page, "field-error-events", "Weight").await?;
    page.click("remove-events-0").await?;
    page.document_has("the second event type alone", |it| {
        let events = setting(it, CUSTOMERS, "events");
        events.as_array().is_some_and(|all| all.len() == 1)
            && events[0]["event"] == "OrderCancelled"
    })
    .await?;
    Ok(())
}

/// The start of the run, where nobody asks from when on a change holds, with a node selected.
async fn begin(page: &Page, node: &str) -> Fallible {
    page.open("").await?;
    page.pause().await?;
    page.seek(0).await?;
    page.focus(node).await?;
    page.keys("Enter").await?;
    page.until("the inspector shows it", async || {
        Ok((!page.text("inspector").await?.is_empty()).then_some(()))
    })
    .await
}

fn setting(document: &Scenario, node: &str, name: &str) -> Value {
    let mut nodes = document.topology.nodes.iter();
    let node = nodes.find(|it| format!("node-{}", it.id.0) == node);
    node.map_or(Value::Null, |node| node.settings.to_json()[name].clone())
}

async fn is_seen(page: &Page, id: &str) -> Fallible<bool> {
    let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                  return !!it && it.checkVisibility();";
    Ok(page.script(script, vec![json!(id)]).await? == json!(true))
}

async fn becomes_seen(page: &Page, id: &str, seen: bool) -> Fallible {
    page.until(&format!("{id} is seen: {seen}"), async || {
        Ok((is_seen(page, id).await? == seen).then_some(()))
    })
    .await
}

async fn says(page: &Page, id: &str, words: &str) -> Fallible {
    page.until(&format!("{id} says {words:?}"), async || {
        Ok(page.text(id).await?.contains(words).then_some(()))
    })
    .await
}
