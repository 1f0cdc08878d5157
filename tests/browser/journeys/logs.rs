//! Partitioned logs: a group that rebalances, and a broker that fails.

use eventyard::engine::What;
use eventyard::scenario::{Scenario, from_json, link};
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimTime};
use serde_json::{Value, json};

use super::by_hand::press;
use super::drawing::is_pressed;
use super::sharing::same_elsewhere;
use crate::Fallible;
use crate::native;
use crate::page::{Page, check};
use crate::visit::Visit;

/// The log of the scenario that is about brokers, and its consumer.
const LOG: &str = "node-2";
const CONSUMER: NodeId = NodeId(3);
/// When the broker fails, when somebody else leads for certain, when it is back, and the end.
const FAILS: u64 = 10_000;
const MISSED: u64 = 14_000;
const BACK: u64 = 20_000;
const END: u64 = 40_000;

/// Draws a producer, a log, and two consumers of one group; one of them crashes, and comes back.
pub async fn group_rebalances(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.click("documents-open").await?;
    page.click("document-new").await?;
    nodes(page, 0).await?;
    // A producer, a log, a service; and another service beside the log.
    for (count, kind) in ["1", "5", "6"].iter().enumerate() {
        page.keys(kind).await?;
        nodes(page, count + 1).await?;
    }
    page.keys("Alt+Left").await?;
    page.keys("6").await?;
    let drawn = nodes(page, 4).await?;
    let ids: Vec<u32> = drawn.topology.nodes.iter().map(|node| node.id.0).collect();
    let (shop, log, second) = (
        format!("node-{}", ids[0]),
        format!("node-{}", ids[1]),
        format!("node-{}", ids[3]),
    );
    let links = drawn.topology.links.iter();
    for link in links.filter(|link| link.from.0 == ids[1]) {
        select(page, &format!("link-{}", link.id.0)).await?;
        super::sketch::comes(page, "field-group").await?;
        page.set("field-group", "billing").await?;
    }
    for service in [format!("node-{}", ids[2]), second.clone()] {
        select(page, &service).await?;
        super::sketch::comes(page, "field-service_time").await?;
        page.set("field-service_time", "50 ms").await?;
    }
    select(page, &shop).await?;
    super::sketch::comes(page, "field-rate").await?;
    page.set("field-rate", "4").await?;
    page.set("field-keys", "20").await?;
    select(page, &log).await?;
    super::sketch::comes(page, "field-commit").await?;
    for (field, value) in [
        ("initial_delay", "0s"),
        ("commit", "after"),
        ("reset", "earliest"),
        ("heartbeat", "1s"),
        ("session_timeout", "4s"),
    ] {
        page.set(&format!("field-{field}"), value).await?;
    }
    page.document_has("the settings", |document| {
        document.topology.nodes[1].settings.to_json()["session_timeout"] == "4s"
    })
    .await?;

    // It runs, and both have a share.
    page.run_past(6_000).await?;
    let calm = page.seek(6_000).await?;
    phase(page, "2 consumers").await?;
    let before = page.text("groups").await?;
    check(
        before.contains("partitions 0, 1") && before.contains("partition 2"),
        format!("the partitions are shared so: {before}"),
    )?;

    // The second one crashes, by the menu: nobody knows at first.
    by_menu(page, &second, "crash").await?;
    select(page, &log).await?;
    page.seek(8_000).await?;
    says(page, "groups", "silent, not missed yet").await?;
    check(
        lag(page).await? > 0,
        "nothing waits for the consumer that crashed",
    )?;
    // It is missed: the other one gets all, and catches up.
    reaches(page, "group-phase-0", (9_000, 12_000), "rebalance: 0 of 1").await?;
    page.seek(14_000).await?;
    phase(page, "1 consumer").await?;
    says(page, "groups", "partitions 0–2").await?;
    reaches(page, "group-lag-0", (14_000, 16_000), "lag 0").await?;

    // It comes back, and everything moves once more.
    page.seek(14_000).await?;
    by_menu(page, &second, "revive").await?;
    select(page, &log).await?;
    reaches(page, "group-phase-0", (14_000, 15_500), "of 2 joined").await?;
    page.seek(18_000).await?;
    phase(page, "2 consumers").await?;
    says(page, "groups", "partitions 0, 1").await?;
    reaches(page, "group-lag-0", (18_000, 20_000), "lag 0").await?;
    page.seek(18_000).await?;
    let document = page.document().await?;
    let there = page.run().await?.digest;
    let native = native::digest_of(&document, 18)?;
    check(
        there == native,
        format!("the digest is {there} here, and {native} on the command line"),
    )?;

    // Both are taken back: nothing has ever happened.
    page.focus(&log).await?;
    for left in (0..2).rev() {
        page.keys("Ctrl+Z").await?;
        page.document_has("a mark less", |document| document.script.len() == left)
            .await?;
    }
    let again = page.seek(6_000).await?;
    check(
        again.digest == calm.digest,
        format!("{again:?} is not {calm:?}"),
    )?;
    page.seek(18_000).await?;
    phase(page, "2 consumers").await
}

/// Stops the leader's broker and starts it again with the keyboard alone, once where the leader is
/// enough and once where all in sync have it.
pub async fn broker_fails(visit: &mut Visit) -> Fallible {
    for (acks, loses) in [("1", true), ("all", false)] {
        fail(visit, acks, loses)
            .await
            .map_err(|error| format!("with acks {acks}: {error}"))?;
    }
    Ok(())
}

async fn fail(visit: &Visit, acks: &str, loses: bool) -> Fallible {
    let page = &visit.page;
    log_opened(page, acks).await?;
    page.seek(FAILS).await?;
    says(page, "broker-1", "leads 0").await?;
    press(page, "broker-1-run").await?;
    says(page, "broker-1", "not missed yet").await?;
    stopped(page, FAILS, &json!([1])).await?;
    let focused = page.focused().await?;
    check(
        focused == "broker-1-run",
        format!("the focus is on {focused:?}"),
    )?;
    page.seek(MISSED).await?;
    says(page, "broker-2", "leads 0").await?;
    page.seek(BACK).await?;
    press(page, "broker-1-run").await?;
    stopped(page, BACK, &json!([])).await?;
    let run = page.seek(END).await?;
    says(page, "broker-1", "follows 0").await?;
    says(page, "broker-2", "leads 0").await?;

    // What was acknowledged and is gone, and what was worked on.
    let document = page.document().await?;
    let (digest, dropped, finished) = counted(&document)?;
    check(
        run.digest == digest,
        format!("the digest is {}, natively {digest}", run.digest),
    )?;
    let inspected = page.text("inspector").await?;
    match loses {
        true => check(
            dropped > 0 && inspected.contains("Dropped"),
            format!("nothing is lost: {dropped}, {inspected}"),
        )?,
        false => check(
            (dropped, finished) == (0, 240) && !inspected.contains("Dropped"),
            format!("{dropped} are lost, {finished} are done: {inspected}"),
        )?,
    }
    visit.page.seek(MISSED).await?;
    same_elsewhere(visit, numbers).await?;
    for left in (0..2).rev() {
        page.keys("Ctrl+Z").await?;
        page.document_has("a mark less", |document| document.script.len() == left)
            .await?;
    }
    Ok(())
}

/// What the inspector says of groups and brokers.
async fn numbers(page: &Page) -> Fallible<String> {
    super::sketch::comes(page, "groups").await?;
    Ok(format!(
        "{} {}",
        page.text("groups").await?,
        page.text("brokers").await?
    ))
}

/// The digest at the end, how many records the log dropped, and how many were worked on.
fn counted(document: &Scenario) -> Fallible<(String, u64, u64)> {
    let mut run = Run::new(document.plan()).map_err(|problems| format!("{problems:?}"))?;
    run.advance(SimTime::from_nanos(END * 1_000_000), u64::MAX);
    let count = |node: NodeId, what| run.metrics(node).map_or(0, |metrics| metrics.count(what));
    Ok((
        format!("{:016x}", run.digest()),
        count(NodeId(2), What::Dropped),
        count(CONSUMER, What::Finished),
    ))
}

/// A log on three brokers, whose followers take half a second to fetch.
fn fragment(acks: &str) -> Fallible<String> {
    let json = json!({
        "version": 1, "name": format!("Acks {acks}"), "next_id": 9,
        "nodes": [
            { "id": 1, "kind": "producer", "name": "Orders", "x": 0, "y": 0,
              "settings": { "pace": "constant", "rate": 8.0, "keys": 10, "limit": 240 } },
            { "id": 2, "kind": "log", "name": "Order log", "x": 300, "y": 0,
              "settings": { "partitions": 1, "reset": "earliest", "initial_delay": "0s",
                "commit": "after", "brokers": 3, "replication": 3, "min_in_sync": 2,
                "acks": acks, "replication_time": "500ms", "broker_timeout": "3s" } },
            { "id": 3, "kind": "service", "name": "Billing", "x": 620, "y": 0,
              "settings": { "service_time": { "shape": "constant", "value": "30ms" } } },
        ],
        "links": [
            { "id": 4, "from": 1, "to": 2 },
            { "id": 5, "from": 2, "to": 3, "settings": { "group": "billing" } },
        ],
    });
    let scenario = from_json(&json).map_err(|problems| format!("{problems:?}"))?;
    Ok(format!("#{}", link::encode(&scenario)))
}

/// Opens the scenario, with the log selected.
async fn log_opened(page: &Page, acks: &str) -> Fallible {
    let name = format!("Acks {acks}");
    page.open(&fragment(acks)?).await?;
    // Where there is work already, the page asks first.
    page.until("the document is there", async || {
        if page.find("offered-copy").await.is_ok() {
            page.click("offered-copy").await?;
        }
        Ok((page.text("title").await? == name).then_some(()))
    })
    .await?;
    page.pause().await?;
    select(page, LOG).await?;
    super::sketch::comes(page, "brokers").await
}

/// A log whose leader has just failed, with its groups and brokers.
pub async fn broker_down(page: &Page) -> Fallible {
    log_opened(page, "all").await?;
    page.seek(FAILS).await?;
    press(page, "broker-1-run").await?;
    press(page, "broker-3-reach").await?;
    says(page, "broker-3", "cut off").await
}

/// A record that went through a log is followed.
pub async fn record_followed(page: &Page) -> Fallible {
    log_opened(page, "all").await?;
    page.seek(FAILS).await?;
    page.until("a record of the log is followed", async || {
        for across in 0..16 {
            let middle = page.spot(LOG).await?;
            let at = middle.by(f64::from(across) * 6.0 - 10.0, 3.0);
            page.press_at(&[], at).await?;
            if page.find("way-2").await.is_ok() {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
    .await
}

/// Follows a record from its key to its partition and to its consumer.
pub async fn record_is_followed(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    record_followed(page).await?;
    let way = page.text("way-2").await?;
    for step in ["Key", "murmur2 0x", "mod 1 = 0", "Offset", "billing"] {
        check(way.contains(step), format!("{step} is not in {way:?}"))?;
    }
    // The last step leads to the consumer, the fourth to the partition in its table.
    press(page, "way-go-2-5").await?;
    is_pressed(page, "node-3").await?;
    record_followed(page).await?;
    press(page, "way-go-2-3").await?;
    is_pressed(page, LOG).await?;
    page.until("the partition has the focus", async || {
        Ok((page.focused().await? == "part-0").then_some(()))
    })
    .await?;
    // A group is sent back to the beginning, and reads all once more.
    let before = page.text("part-0").await?;
    press(page, "seek-0").await?;
    page.document_has("where the group was sent", |document| {
        let entries = document.script.iter().map(|entry| entry.to_json());
        entries
            .into_iter()
            .any(|entry| entry["do"] == "seek" && entry["to"] == "earliest")
    })
    .await?;
    page.until("the group is behind", async || {
        Ok((page.text("part-0").await? != before && lag(page).await? > 50).then_some(()))
    })
    .await
}

async fn select(page: &Page, id: &str) -> Fallible {
    page.focus(id).await?;
    page.keys("Enter").await?;
    is_pressed(page, id).await
}

async fn by_menu(page: &Page, node: &str, action: &str) -> Fallible {
    select(page, node).await?;
    page.focus(node).await?;
    page.keys("Shift+F10").await?;
    page.click(&format!("menu-{action}")).await
}

async fn nodes(page: &Page, count: usize) -> Fallible<Scenario> {
    page.document_has(&format!("{count} nodes"), |document| {
        document.topology.nodes.len() == count
    })
    .await
}

/// Waits until a part of the page says something.
async fn says(page: &Page, id: &str, words: &str) -> Fallible {
    page.until(&format!("{id} says {words:?}"), async || {
        Ok(page.text(id).await?.contains(words).then_some(()))
    })
    .await
}

async fn phase(page: &Page, words: &str) -> Fallible {
    says(page, "group-phase-0", words).await
}

/// Looks at a part of the page every tenth of a second of the run until it says something.
async fn reaches(page: &Page, id: &str, (from, to): (u64, u64), words: &str) -> Fallible {
    let mut heard = Vec::new();
    for at in (from..=to).step_by(100) {
        page.seek(at).await?;
        // The signals follow a frame later.
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        let said = page.text(id).await?;
        if said.contains(words) {
            return Ok(());
        }
        heard.push(said);
    }
    heard.dedup();
    Err(format!("it never says {words:?}, but {heard:?}").into())
}

async fn lag(page: &Page) -> Fallible<u64> {
    let text = page.text("group-lag-0").await?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

/// Waits until the script has a mark that says which brokers are stopped from a moment on.
async fn stopped(page: &Page, millis: u64, value: &Value) -> Fallible {
    page.document_has("what happened to the broker", |document| {
        let last = document.script.last();
        last.is_some_and(|entry| {
            let json = entry.what.to_json();
            entry.at == SimTime::from_nanos(millis * 1_000_000)
                && (&json["field"], &json["value"]) == (&json!("stopped"), value)
        })
    })
    .await
    .map(|_| ())
}
