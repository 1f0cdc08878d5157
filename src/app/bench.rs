//! The cost of a frame, measured in the browser: the page with `#bench=frames` plays a scenario
//! with 10,000 messages in flight on 30 nodes and 40 links, and leaves the numbers in the attribute
//! `data-frames` of the document's root.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use serde_json::json;

use super::player::real_millis;
use super::session::Session;
use crate::engine::{Advance, LinkSettings};
use crate::nodes::{Kind, Settings};
use crate::scenario::Scenario;
use crate::topology::{Link, Node, Paper};
use crate::units::{Distribution, LinkId, NodeId, SimDuration, SimTime, sort_by};

const ROWS: u32 = 10;
const FRAMES: usize = 240;
/// Each link carries this many messages a second, each of them for two seconds.
const PER_SECOND: u32 = 125;
const LATENCY: SimDuration = SimDuration::from_secs(2);
/// By then all links are filled.
const FILLED: SimTime = SimTime::from_nanos(5_000_000_000);
/// Simulated time from frame to frame.
const STEP: SimDuration = SimDuration::from_millis(16);

/// Whether the address asks for the measurement.
pub fn is_wanted() -> bool {
    window()
        .location()
        .hash()
        .is_ok_and(|hash| hash == "#bench=frames")
}

/// Ten producers, each with a topic, and each topic with three queues.
pub fn scenario() -> Scenario {
    let mut scenario = Scenario::new("Frame cost");
    // Positions, and settings besides the defaults, of a column of nodes of one kind each.
    let busy = json!({ "pace": "constant", "rate": PER_SECOND });
    let columns = [
        ("producer", 0, busy),
        ("topic", 1_050, json!({})),
        ("queue", 2_100, json!({})),
    ];
    for (column, (kind, x, settings)) in (0..).zip(columns) {
        let Some(kind) = Kind::from_name(kind) else {
            continue;
        };
        for row in 0..ROWS {
            let settings = Settings::from_json(kind, &settings);
            scenario.topology.nodes.push(Node {
                id: NodeId(1 + column * ROWS + row),
                name: format!("{} {}", kind.descriptor().label, row + 1),
                x,
                y: row as i32 * 180,
                luck: None,
                preset: None,
                settings: settings.unwrap_or_else(|_| kind.defaults()),
                paper: Paper::default(),
            });
        }
    }
    let mut link = |from: u32, to: u32| {
        let id = LinkId(1_000 + scenario.topology.links.len() as u32);
        let latency = Distribution::constant(LATENCY);
        scenario.topology.links.push(Link {
            settings: LinkSettings {
                latency,
                ..LinkSettings::default()
            },
            ..Link::new(id, NodeId(from), NodeId(to))
        });
    };
    for row in 0..ROWS {
        link(1 + row, 1 + ROWS + row);
        for queue in 0..3 {
            link(1 + ROWS + row, 1 + 2 * ROWS + (row + queue) % ROWS);
        }
    }
    scenario.next_id = 2_000;
    scenario
}

/// Fills the links, then measures frame after frame.
pub fn start(session: Session) {
    let times = Rc::new(RefCell::new(Vec::with_capacity(FRAMES)));
    measure_next(session, times);
}

fn measure_next(session: Session, times: Rc<RefCell<Vec<f64>>>) {
    request_animation_frame(move || {
        if let Some(millis) = session.player.try_update_value(|player| {
            let now = player.run().now();
            let until = if now < FILLED {
                FILLED
            } else {
                now.after(STEP)
            };
            while player.advance_to(until, 50_000) == Advance::Paused {}
            let start = real_millis();
            player.repaint();
            real_millis() - start
        }) {
            times.borrow_mut().push(millis);
        }
        if times.borrow().len() < FRAMES {
            measure_next(session, times);
        } else {
            tell(session, &mut times.borrow_mut());
        }
    });
}

fn tell(session: Session, times: &mut [f64]) {
    sort_by(times, f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (tokens, in_flight) = session
        .player
        .with_value(|player| (player.scene().tokens.len(), player.scene().in_flight));
    let outcome = json!({
        "script_ms_median": at(0.5),
        "script_ms_p95": at(0.95),
        "frames": times.len(),
        "in_flight": in_flight,
        "tokens": tokens,
    });
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-frames", &outcome.to_string());
    }
}
