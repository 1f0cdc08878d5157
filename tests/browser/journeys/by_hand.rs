//! A service that a person operates, and the queue of its dead letters.

use eventyard::scenario::{from_json, link};
use serde_json::{Value, json};

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

const QUEUE: &str = "node-2";
const DESK: &str = "node-3";
const DEAD: &str = "node-4";

/// Four orders, a queue that waits five seconds for an answer, and a person who gives it.
fn fragment(name: &str) -> Fallible<String> {
    let order = |n: u32| {
        json!({ "at": "0s", "event": "OrderPlaced", "key": format!("shop-{n}"),
            "body": { "order": n } })
    };
    let schedule: Vec<Value> = (1..=4).map(order).collect();
    let json = json!({
        "version": 1, "name": name, "next_id": 20,
        "nodes": [
            { "id": 1, "kind": "producer", "name": "Shop", "x": 0, "y": 0,
              "settings": { "pace": "by_hand", "schedule": schedule } },
            { "id": 2, "kind": "queue", "name": "Orders", "x": 300, "y": 0,
              "settings": { "ack_timeout": "5s" } },
            { "id": 3, "kind": "service", "name": "Desk", "x": 600, "y": 0,
              "settings": { "by_hand": true } },
            { "id": 4, "kind": "queue", "name": "Dead orders", "x": 600, "y": 260 },
        ],
        "links": [
            { "id": 5, "from": 1, "to": 2 }, { "id": 6, "from": 2, "to": 3 },
            { "id": 7, "from": 2, "to": 4 },
        ],
    });
    let scenario = from_json(&json).map_err(|problems| format!("{problems:?}"))?;
    Ok(format!("#{}", link::encode(&scenario)))
}

/// Opens the scenario under a name, standing still after a second.
async fn opened(page: &Page, name: &str) -> Fallible {
    page.open(&fragment(name)?).await?;
    // Where there is work already, the page asks first.
    page.until("the document is there", async || {
        if page.find("offered-copy").await.is_ok() {
            page.click("offered-copy").await?;
        }
        Ok((page.text("title").await? == name).then_some(()))
    })
    .await?;
    page.seek(1_000).await?;
    Ok(())
}

/// Selects a node with the keyboard, and waits for the list of what it has.
pub async fn select(page: &Page, node: &str) -> Fallible {
    page.focus(node).await?;
    page.keys("Enter").await?;
    super::drawing::is_pressed(page, node).await?;
    super::sketch::comes(page, "stock").await
}

/// Waits until so many messages are listed, and gives the ends of their names.
async fn rows(page: &Page, count: usize) -> Fallible<Vec<String>> {
    page.until(&format!("{count} messages are listed"), async || {
        let ids = page.ids("row-open-").await?;
        let ends: Vec<String> = ids
            .iter()
            .map(|id| id["row-open-".len()..].to_owned())
            .collect();
        Ok((ends.len() == count).then_some(ends))
    })
    .await
}

/// Presses a button with the keyboard.
pub async fn press(page: &Page, id: &str) -> Fallible {
    page.focus(id).await?;
    page.keys("Enter").await
}

async fn waits(page: &Page, node: &str, count: &str) -> Fallible {
    page.until(&format!("{count} wait at {node}"), async || {
        let depth = page.data(node).await?.get("depth").cloned();
        Ok((depth.as_deref() == Some(count)).then_some(()))
    })
    .await
}

/// How often something was done by hand, as the document has it.
async fn done(page: &Page, verb: &str, times: usize) -> Fallible {
    page.document_has(&format!("{times} times {verb}"), |document| {
        let entries = document.script.iter().map(|entry| entry.to_json());
        entries.filter(|entry| entry["do"] == verb).count() == times
    })
    .await
    .map(|_| ())
}

pub async fn operated_by_keyboard(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    opened(page, "By hand").await?;
    select(page, DESK).await?;
    rows(page, 0).await?;
    press(page, "stock-take").await?;
    let first = rows(page, 1).await?;
    waits(page, QUEUE, "3").await?;

    // With the data before them.
    press(page, &format!("row-open-{}", first[0])).await?;
    super::sketch::comes(page, "message-body").await?;
    let body = page.text("message-body").await?;
    check(
        body.contains("\"order\": 1"),
        format!("the data are {body}"),
    )?;
    page.keys("a").await?;
    rows(page, 0).await?;
    done(page, "ack", 1).await?;

    page.focus("stock-take").await?;
    page.keys("u").await?;
    let second = rows(page, 1).await?;
    press(page, &format!("row-requeue-{}", second[0])).await?;
    rows(page, 0).await?;
    waits(page, QUEUE, "3").await?;
    page.until("the focus is not lost", async || {
        Ok((page.focused().await? == "stock-take").then_some(()))
    })
    .await?;

    // The third one is left lying: the queue takes it back, and an answer is too late.
    page.keys("Enter").await?;
    let third = rows(page, 1).await?;
    press(page, &format!("row-longer-{}", third[0])).await?;
    done(page, "extend", 1).await?;
    page.seek(5_900).await?;
    let row = format!("row-{}", third[0]);
    let said = page.text(&row).await?;
    check(said.contains("0.1 s left"), format!("it says {said:?}"))?;
    page.seek(7_000).await?;
    let said = page.text(&row).await?;
    check(said.contains("taken it back"), format!("it says {said:?}"))?;
    waits(page, QUEUE, "3").await?;
    press(page, &format!("row-ack-{}", third[0])).await?;
    rows(page, 0).await?;
    page.until("it is said that this was too late", async || {
        let said = page.text("notice").await.unwrap_or_default();
        Ok(said.contains("too late").then_some(()))
    })
    .await?;

    // What was done belongs to its moment.
    page.seek(1_000).await?;
    rows(page, 1).await?;
    page.seek(7_000).await?;
    rows(page, 0).await.map(|_| ())
}

/// Takes all four orders and rejects them.
pub async fn all_rejected(page: &Page) -> Fallible {
    opened(page, "Two in hand").await?;
    select(page, DESK).await?;
    page.set("stock-most", "4").await?;
    press(page, "stock-take").await?;
    rows(page, 4).await?;
    for left in (0..4).rev() {
        page.focus("stock-take").await?;
        page.keys("x").await?;
        rows(page, left).await?;
    }
    select(page, DEAD).await?;
    rows(page, 4).await.map(|_| ())
}

/// Two messages in the hand, one of them with its data.
pub async fn two_in_hand(page: &Page) -> Fallible {
    opened(page, "Two in hand").await?;
    select(page, DESK).await?;
    page.set("stock-most", "2").await?;
    press(page, "stock-take").await?;
    let held = rows(page, 2).await?;
    press(page, &format!("row-open-{}", held[0])).await?;
    super::sketch::comes(page, "message-body").await
}

/// Dead letters, of which one is ticked and shown.
pub async fn one_dead_chosen(page: &Page) -> Fallible {
    all_rejected(page).await?;
    let dead = rows(page, 4).await?;
    page.focus(&format!("row-tick-{}", dead[0])).await?;
    page.keys("Space").await?;
    press(page, &format!("row-open-{}", dead[1])).await?;
    super::sketch::comes(page, "message-deaths").await
}

pub async fn chosen_dead_letters_go_back(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    all_rejected(page).await?;
    let dead = rows(page, 4).await?;
    press(page, &format!("row-open-{}", dead[1])).await?;
    super::sketch::comes(page, "message-deaths").await?;
    let told = page.text("message-deaths").await?;
    check(
        told.contains("rejected") && told.contains("Orders"),
        format!("of its death it is told {told:?}"),
    )?;
    for place in [1, 3] {
        page.focus(&format!("row-tick-{}", dead[place])).await?;
        page.keys("Space").await?;
    }
    page.until("two are ticked", async || {
        Ok(page
            .text("redrive")
            .await?
            .contains("2 ticked")
            .then_some(()))
    })
    .await?;
    press(page, "redrive").await?;
    let left = rows(page, 2).await?;
    check(
        left == [dead[0].clone(), dead[2].clone()],
        format!("of {dead:?} are left {left:?}"),
    )?;
    waits(page, QUEUE, "2").await?;
    page.document_has("a redrive of two to their source", |document| {
        let entries = document.script.iter().map(|entry| entry.to_json());
        let mut redrives = entries.filter(|entry| entry["do"] == "redrive");
        redrives.next().is_some_and(|entry| {
            entry["to"] == "source" && entry["messages"].as_array().map(Vec::len) == Some(2)
        })
    })
    .await?;
    press(page, "purge").await?;
    rows(page, 0).await?;
    page.keys("Ctrl+Z").await?;
    rows(page, 2).await.map(|_| ())
}

pub async fn a_message_is_operated_from_the_canvas(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    opened(page, "By hand").await?;
    select(page, DESK).await?;
    page.keys("u").await?;
    rows(page, 1).await?;
    page.keys("Shift+F10").await?;
    super::sketch::comes(page, "menu").await?;
    press(page, "menu-requeue").await?;
    rows(page, 0).await?;
    waits(page, QUEUE, "4").await
}
