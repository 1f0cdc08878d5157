//! The shop, drawn from nothing: with the mouse, with the keyboard alone, and with fingers. Each
//! ends in a run that is the command line's run of the same document.

use std::time::Duration;

use eventyard::nodes::Kind;
use eventyard::scenario::Scenario;
use eventyard::units::NodeId;
use serde_json::{Value, json};

use crate::Fallible;
use crate::native;
use crate::page::{Page, check};
use crate::pointer::Spot;
use crate::visit::Visit;

/// A node of the shop: its kind, its name, and its column and row on the canvas.
struct Drawn {
    kind: &'static str,
    name: &'static str,
    place: (f64, f64),
}

const fn drawn(kind: &'static str, name: &'static str, column: f64, row: f64) -> Drawn {
    Drawn {
        kind,
        name,
        place: (column, row),
    }
}

const NODES: [Drawn; 9] = [
    drawn("producer", "Customers", 0.0, 1.0),
    drawn("service", "Order service", 1.0, 1.0),
    drawn("topic", "Orders", 2.0, 1.0),
    drawn("queue", "E-mail queue", 3.0, 0.0),
    drawn("service", "E-mail", 4.0, 0.0),
    drawn("queue", "Inventory queue", 3.0, 1.0),
    drawn("service", "Inventory", 4.0, 1.0),
    drawn("queue", "Shipping queue", 3.0, 2.0),
    drawn("service", "Shipping", 4.0, 2.0),
];

const LINKS: [(&str, &str); 8] = [
    ("Customers", "Order service"),
    ("Order service", "Orders"),
    ("Orders", "E-mail queue"),
    ("E-mail queue", "E-mail"),
    ("Orders", "Inventory queue"),
    ("Inventory queue", "Inventory"),
    ("Orders", "Shipping queue"),
    ("Shipping queue", "Shipping"),
];

/// What the order service emits.
const EMITTED: &str = "OrderPlaced";
const EMITS: &str = "[{\"event\":\"OrderPlaced\"}]";

pub async fn by_mouse(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    begin(page).await?;
    for _ in 0..3 {
        page.keys("Ctrl+-").await?;
    }
    let canvas = edges(page, "canvas").await?;
    let first = Spot {
        x: canvas.0 + 80.0,
        y: canvas.1 + 190.0,
    };
    for (count, node) in NODES.iter().enumerate() {
        let (column, row) = node.place;
        let from = page.spot(&format!("palette-{}", node.kind)).await?;
        let to = first.by(column * 150.0, row * 110.0);
        page.drag(&[], from, to).await?;
        nodes_are(page, count + 1).await?;
        page.keys("F2").await?;
        rename(page, node.name).await?;
    }
    for (count, (from, to)) in LINKS.iter().enumerate() {
        let (from, to) = (id_of(page, from).await?, id_of(page, to).await?);
        // The handles of a card are there once it is selected.
        page.press_at(&[], page.spot(&from).await?).await?;
        selected(page, &from).await?;
        let (_, top, right, bottom) = edges(page, &from).await?;
        let handle = Spot {
            x: right,
            y: (top + bottom) / 2.0,
        };
        page.drag(&[], handle, page.spot(&to).await?).await?;
        links_are(page, count + 1).await?;
    }
    for (node, field, value) in [
        ("Customers", "field-rate", "2.4/s"),
        ("Order service", "cell-emits-0-event", EMITTED),
        ("Shipping", "field-service_time", "900 ms"),
    ] {
        let id = id_of(page, node).await?;
        page.press_at(&[], page.spot(&id).await?).await?;
        if value == EMITTED {
            page.click("add-emits").await?;
        }
        page.set(field, value).await?;
    }
    undo_and_redo_everything(page).await?;
    is_the_shop(page).await
}

pub async fn by_keyboard(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    // Any command by its name: no pointer and no shortcut to remember.
    page.keys("Ctrl+K").await?;
    page.type_text("new document").await?;
    page.keys("Enter").await?;
    nodes_are(page, 0).await?;
    let number = |kind: &str| {
        let place = Kind::ALL.iter().position(|known| known.name() == kind);
        (place.expect("it is a kind") + 1).to_string()
    };
    // What is added beside a node is linked with it.
    for (count, node) in NODES.iter().enumerate() {
        if count > 3 && node.kind == "queue" {
            for _ in 0..2 {
                page.keys("Alt+Left").await?;
            }
            let topic = id_of(page, "Orders").await?;
            selected(page, &topic).await?;
        }
        page.keys(&number(node.kind)).await?;
        nodes_are(page, count + 1).await?;
        page.keys("F2").await?;
        rename(page, node.name).await?;
    }
    links_are(page, LINKS.len()).await?;
    set_by_keys(page, "Customers", "field-rate", "2.4").await?;
    set_by_keys(page, "Order service", "cell-emits-0-event", EMITTED).await?;
    undo_and_redo_everything(page).await?;
    is_the_shop(page).await
}

pub async fn by_touch(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    begin(page).await?;
    for (count, node) in NODES.iter().enumerate() {
        if count > 3 && node.kind == "queue" {
            choose(page, "Orders").await?;
        }
        tap(page, "add-button").await?;
        tap(page, &format!("palette-{}", node.kind)).await?;
        nodes_are(page, count + 1).await?;
        set_by_touch(page, "name", node.name).await?;
    }
    links_are(page, LINKS.len()).await?;
    set_by_touch(page, "field-service_time", "900 ms").await?;
    choose(page, "Order service").await?;
    show_sheet(page, true).await?;
    page.click("json-emits").await?;
    set_by_touch(page, "field-emits", EMITS).await?;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    let scrolls = page.script(wide, Vec::new()).await?;
    check(scrolls == json!(false), "the page scrolls sideways")?;
    is_the_shop(page).await
}

async fn begin(page: &Page) -> Fallible {
    page.open("").await?;
    page.click("documents-open").await?;
    page.click("document-new").await?;
    nodes_are(page, 0).await
}

/// Types a name into what is open for it.
async fn rename(page: &Page, name: &str) -> Fallible {
    page.until("the name can be typed", async || {
        Ok((page.focused().await? == "rename-input").then_some(()))
    })
    .await?;
    page.keys("Ctrl+A").await?;
    page.type_text(name).await?;
    page.keys("Enter").await?;
    page.until("the name is there", async || {
        let document = page.document().await?;
        let mut nodes = document.topology.nodes.iter();
        Ok(nodes.any(|node| node.name == name).then_some(()))
    })
    .await
}

/// Walks to a node, into its settings and to the one that is meant, with keys alone.
async fn set_by_keys(page: &Page, node: &str, field: &str, value: &str) -> Fallible {
    let id = id_of(page, node).await?;
    page.keys("Ctrl+F").await?;
    page.type_text(node).await?;
    page.keys("Enter").await?;
    selected(page, &id).await?;
    page.keys("Enter").await?;
    for _ in 0..60 {
        let focused = page.focused().await?;
        if value == EMITTED && focused == "add-emits" {
            // The new row gets the focus.
            page.keys("Enter").await?;
            page.until("the row is there", async || {
                Ok((page.focused().await? == field).then_some(()))
            })
            .await?;
        }
        if page.focused().await? == field {
            page.keys("Ctrl+A").await?;
            page.type_text(value).await?;
            page.keys("Tab").await?;
            return page.keys("Esc").await;
        }
        page.keys("Tab").await?;
    }
    Err(format!("{field} of {node} is not reached with Tab").into())
}

/// Changes something about what is selected, in the sheet that comes and goes.
async fn set_by_touch(page: &Page, field: &str, value: &str) -> Fallible {
    show_sheet(page, true).await?;
    page.set(field, value).await?;
    show_sheet(page, false).await
}

async fn show_sheet(page: &Page, shown: bool) -> Fallible {
    if is_pressed(page, "touch-settings").await? != shown {
        tap(page, "touch-settings").await?;
    }
    Ok(())
}

/// Whether a button is pressed.
async fn is_pressed(page: &Page, id: &str) -> Fallible<bool> {
    let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                  return it?.getAttribute('aria-pressed') === 'true';";
    let pressed = page.script(script, vec![json!(id)]).await?;
    Ok(pressed == Value::Bool(true))
}

/// Taps a node after everything was brought onto the screen, and puts its sheet away.
async fn choose(page: &Page, name: &str) -> Fallible {
    tap(page, "zoom-fit").await?;
    // The picture glides there, and a browser may take a moment to begin with it.
    tokio::time::sleep(Duration::from_millis(800)).await;
    let node = id_of(page, name).await?;
    let mut last = page.spot(&node).await?;
    let at = page
        .until("the picture stands still", async || {
            let now = page.spot(&node).await?;
            let stands = now == last;
            last = now;
            Ok(stands.then_some(now))
        })
        .await?;
    page.tap(at).await?;
    selected(page, &node).await?;
    show_sheet(page, false).await
}

async fn tap(page: &Page, id: &str) -> Fallible {
    let at = page.spot(id).await?;
    page.tap(at).await
}

/// The id of the element of a node with a name.
async fn id_of(page: &Page, name: &str) -> Fallible<String> {
    let id = page
        .until(&format!("there is a node {name}"), async || {
            let document = page.document().await?;
            let mut nodes = document.topology.nodes.into_iter();
            Ok(nodes.find(|node| node.name == name).map(|node| node.id))
        })
        .await?;
    Ok(format!("node-{}", id.0))
}

/// Left, top, right and bottom of an element.
async fn edges(page: &Page, id: &str) -> Fallible<(f64, f64, f64, f64)> {
    let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                  const { left, top, right, bottom } = it.getBoundingClientRect(); \
                  return [left, top, right, bottom];";
    let edges = page.script(script, vec![json!(id)]).await?;
    Ok(serde_json::from_value(edges)?)
}

async fn nodes_are(page: &Page, count: usize) -> Fallible {
    page.until(&format!("there are {count} nodes"), async || {
        Ok((page
            .ids("node-")
            .await?
            .iter()
            .filter(|id| is_node(id))
            .count()
            == count)
            .then_some(()))
    })
    .await
}

fn is_node(id: &str) -> bool {
    let number = id.strip_prefix("node-").unwrap_or_default();
    number.bytes().all(|byte| byte.is_ascii_digit())
}

async fn links_are(page: &Page, count: usize) -> Fallible {
    page.until(&format!("there are {count} links"), async || {
        Ok((page.ids("link-").await?.len() == count).then_some(()))
    })
    .await
}

async fn selected(page: &Page, id: &str) -> Fallible {
    page.until(&format!("{id} is selected"), async || {
        Ok(is_pressed(page, id).await?.then_some(()))
    })
    .await
}

/// Everything is taken back, step by step, and done again: the document is the same.
async fn undo_and_redo_everything(page: &Page) -> Fallible {
    page.until("everything is kept", async || {
        let kept = page.data("run").await?.get("kept").cloned();
        Ok((kept.as_deref() == Some("true")).then_some(()))
    })
    .await?;
    let drawn = page
        .document_has("all links, and what is emitted", |document| {
            let is_set = scenario_text(document).contains("OrderPlaced");
            is_set && document.topology.links.len() == LINKS.len()
        })
        .await?;
    for (key, what, nodes) in [
        ("Ctrl+Z", "nothing", 0),
        ("Ctrl+Shift+Z", "all", NODES.len()),
    ] {
        page.until(&format!("{what} of it is there"), async || {
            page.keys("Esc").await?;
            page.keys(key).await?;
            let ids = page.ids("node-").await?;
            let there = ids.iter().filter(|id| is_node(id)).count();
            Ok((there == nodes).then_some(()))
        })
        .await?;
        // Links, settings and names that were done before, or after, the first or last node.
        for _ in 0..24 {
            page.keys(key).await?;
        }
    }
    page.document_has("everything as it was drawn", |document| *document == drawn)
        .await?;
    Ok(())
}

/// The document has the shop's nodes and links, and its run is that of the command line.
async fn is_the_shop(page: &Page) -> Fallible {
    let document = page
        .document_has("what the order service emits", |document| {
            scenario_text(document).contains("OrderPlaced")
        })
        .await?;
    let topology = &document.topology;
    let name = |id: NodeId| topology.node(id).map_or("", |node| node.name.as_str());
    for node in &NODES {
        let kind = |kind: &str| kind == node.kind;
        let there = topology
            .nodes
            .iter()
            .any(|there| there.name == node.name && kind(there.settings.kind().name()));
        check(there, format!("there is no {} {}", node.kind, node.name))?;
    }
    let mut links: Vec<_> = topology
        .links
        .iter()
        .map(|link| (name(link.from), name(link.to)))
        .collect();
    let mut wanted = LINKS.to_vec();
    links.sort_unstable();
    wanted.sort_unstable();
    check(links == wanted, format!("the links are {links:?}"))?;
    page.run_past(6_000).await?;
    let run = page.seek(5_000).await?;
    let native = native::digest_of(&document, 5)?;
    check(
        run.entries > 50 && run.digest == native,
        format!(
            "{} entries with digest {}, natively {native}",
            run.entries, run.digest
        ),
    )
}

fn scenario_text(document: &Scenario) -> String {
    eventyard::scenario::write(document)
}
