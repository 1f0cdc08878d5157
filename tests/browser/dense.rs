//! A drawing as large as people make them: 200 nodes and 400 links, all of them at work.

use eventyard::engine::LinkSettings;
use eventyard::nodes::{Kind, Settings};
use eventyard::scenario::{Scenario, link};
use eventyard::topology::{Link, Node, Paper};
use eventyard::units::{Distribution, LinkId, NodeId, SimDuration};
use serde_json::{Value, json};

use crate::Fallible;

pub const NODES: u32 = 200;
pub const LINKS: u32 = 400;

/// Rows of the drawing; the columns are ten producers, ten topics, twenty queues and so on.
const ROWS: u32 = 10;
const ACROSS: i32 = 420;
const DOWN: i32 = 220;

/// Four systems beside each other. In each ten producers publish to ten topics, those feed twenty
/// queues, and ten services work on them.
pub fn scenario() -> Fallible<Scenario> {
    let mut scenario = Scenario::new("Dense");
    let columns = [
        ("producer", json!({ "rate": 0.5 })),
        ("topic", json!({})),
        ("queue", json!({})),
        ("queue", json!({})),
        ("service", json!({ "workers": 2 })),
    ];
    let systems = NODES / (columns.len() as u32 * ROWS);
    for system in 0..systems {
        for (column, (kind, settings)) in (0..).zip(&columns) {
            let column = system * columns.len() as u32 + column;
            for row in 0..ROWS {
                scenario
                    .topology
                    .nodes
                    .push(node(column, row, kind, settings)?);
            }
        }
        connect(&mut scenario, system * columns.len() as u32);
    }
    scenario.next_id = NODES + LINKS + 1;
    Ok(scenario)
}

/// What the address of the page with this scenario has after `#`.
pub fn fragment() -> Fallible<String> {
    let fragment = link::encode_short(&scenario()?).ok_or("the drawing is too large for a link")?;
    Ok(format!("#{fragment}"))
}

fn id(column: u32, row: u32) -> NodeId {
    NodeId(1 + column * ROWS + row % ROWS)
}

fn node(column: u32, row: u32, kind: &str, settings: &Value) -> Fallible<Node> {
    let kind = Kind::from_name(kind).ok_or_else(|| format!("no kind is called {kind}"))?;
    let id = id(column, row);
    Ok(Node {
        id,
        name: format!("{} {}", kind.descriptor().label, id.0),
        x: column as i32 * ACROSS,
        y: row as i32 * DOWN + column as i32 % 2 * DOWN / 3,
        luck: None,
        preset: None,
        settings: Settings::from_json(kind, settings).map_err(|problem| format!("{problem:?}"))?,
        paper: Paper::default(),
    })
}

/// A hundred links between the fifty nodes of a system that begins with this column.
fn connect(scenario: &mut Scenario, first: u32) {
    let [producers, topics, queues, more_queues, services] =
        std::array::from_fn(|column| first + column as u32);
    let mut link = |from: NodeId, to: NodeId| {
        let id = LinkId(NODES + 1 + scenario.topology.links.len() as u32);
        scenario.topology.links.push(Link {
            settings: LinkSettings {
                latency: Distribution::constant(SimDuration::from_millis(400)),
                ..LinkSettings::default()
            },
            ..Link::new(id, from, to)
        });
    };
    for row in 0..ROWS {
        link(id(producers, row), id(topics, row));
        link(id(producers, row), id(topics, row + 1));
        link(id(topics, row), id(queues, row));
        link(id(topics, row), id(queues, row + 2));
        link(id(topics, row), id(more_queues, row));
        link(id(topics, row), id(more_queues, row + 3));
        link(id(queues, row), id(services, row));
        link(id(queues, row), id(services, row + 1));
        link(id(more_queues, row), id(services, row));
        link(id(more_queues, row), id(services, row + 4));
    }
}
