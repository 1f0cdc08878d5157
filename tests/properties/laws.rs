//! What holds in every run, told from its trace alone.

use std::collections::{BTreeMap, BTreeSet};

use eventyard::engine::{Entry, Message, MessageId, Place, Reason, What};
use eventyard::nodes::Kind;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimTime};
use serde_json::Value;

use crate::drawn::Drawn;

/// Where one message is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Where {
    Flight,
    Waits(Place),
    Lent(Place),
    Stored(Place),
    Ended,
}

/// Each message is in one place, begins once and ends once, as the trace tells it.
pub fn check_places(drawn: &Drawn, run: &Run, entries: &[Entry]) {
    let settles_at_once = drawn.document.to_string().contains("auto_ack");
    let mut places: BTreeMap<MessageId, Where> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.message != MessageId(0)) {
        let known = places.get(&entry.message).copied();
        let here = entry.place();
        if entry.was_waiting() {
            assert_eq!(known, Some(Where::Waits(here)), "{entry:?}");
        }
        let new = match entry.what {
            What::Created | What::Copied | What::Duplicated => {
                assert_eq!(known, None, "born twice: {entry:?}");
                Where::Flight
            }
            What::Queued => {
                let is_given = matches!(known, Some(Where::Lent(there)) if there != here);
                let is_free = known == Some(Where::Flight) || (is_given && settles_at_once);
                assert!(is_free, "{entry:?} {known:?}");
                Where::Waits(here)
            }
            // A log keeps what it gives to read.
            What::Delivered if known == Some(Where::Stored(here)) => continue,
            // What a service is simply sent is at once its own.
            What::Delivered if !entry.was_waiting() => continue,
            What::Delivered => Where::Lent(here),
            What::Requeued => {
                // What a log lost in an election its client still has.
                let was_here = [Where::Lent(here), Where::Stored(here)];
                assert!(known.is_some_and(|it| was_here.contains(&it)), "{entry:?}");
                Where::Waits(here)
            }
            What::Stored => Where::Stored(here),
            What::Acked
            | What::Done
            | What::Dropped
            | What::Expired
            | What::DeadLettered
            | What::Lost => {
                let is_there = known.is_some_and(|known| known != Where::Ended);
                assert!(is_there, "ended twice or never begun: {entry:?}, {known:?}");
                Where::Ended
            }
            _ if entry.was_waiting() => Where::Flight,
            _ => continue,
        };
        places.insert(entry.message, new);
    }
    let tally = run.world().tally();
    let count = |is_it: &dyn Fn(&Where) -> bool| places.values().filter(|it| is_it(it)).count();
    let waiting = count(&|it| matches!(it, Where::Waits(_))) as u64;
    let flight = count(&|it| matches!(it, Where::Flight | Where::Lent(_))) as u64;
    let stored = count(&|it| matches!(it, Where::Stored(_))) as u64;
    let told = (tally.waiting, tally.in_flight, tally.stored);
    assert_eq!(
        (waiting, flight, stored),
        told,
        "where messages are at the end"
    );
}

/// Nothing is lost or doubled but where a setting or something that happened says so.
pub fn check_reasons(drawn: &Drawn, run: &Run, entries: &[Entry]) {
    let script: Vec<Value> = run.script().iter().map(|entry| entry.to_json()).collect();
    let of = |list: &str, id: u32| {
        let all = drawn.document[list].as_array().into_iter().flatten();
        let found = all.into_iter().find(|it| it["id"] == id);
        found.map_or(Value::Null, |it| it["settings"].clone())
    };
    // Whether a setting was ever other than these.
    let said = |list: &str, id: u32, field: &str, usual: &[Value]| {
        let target = if list == "nodes" { "node" } else { "link" };
        let is_set = |value: &Value| !value.is_null() && !usual.contains(value);
        let by_script = script
            .iter()
            .any(|entry| entry[target] == id && entry["field"] == field && is_set(&entry["value"]));
        is_set(&of(list, id)[field]) || by_script
    };
    let done = |verb: &str| script.iter().any(|entry| entry["do"] == verb);
    let crashes = done("crash") || drawn.document.to_string().contains("restart_after");
    let rejects = drawn
        .document
        .to_string()
        .contains("\"on_failure\":\"reject\"")
        || done("reject");
    let nodes = drawn.document["nodes"].as_array().into_iter().flatten();
    let kinds: BTreeMap<u32, &str> = nodes
        .filter_map(|it| Some((it["id"].as_u64()? as u32, it["kind"].as_str()?)))
        .collect();
    for entry in entries {
        let (node, link) = match entry.place() {
            Place::Node(NodeId(id)) => (id, 0),
            Place::Link(id) => (0, id.0),
        };
        let is_queue = kinds.get(&node) == Some(&"queue");
        let node_says = |field: &str| said("nodes", node, field, &[]);
        let link_says = |field: &str| said("links", link, field, &[0.0.into(), false.into()]);
        let is_allowed = match (entry.what, entry.reason()) {
            (What::Duplicated, _) => link_says("duplication"),
            (What::Lost | What::HandoverLost, Reason::Loss) => link_says("loss"),
            (What::Lost | What::HandoverLost, Reason::Partition) => link_says("cut"),
            (_, Reason::Purged) => done("purge"),
            (What::Dropped | What::Expired | What::DeadLettered, reason) => match reason {
                Reason::Crash => crashes,
                Reason::Removal => {
                    done("remove_node")
                        || done("remove_link")
                        || node_says("expires_after")
                        || node_says("auto_delete")
                }
                Reason::Age => {
                    node_says("time_to_live")
                        || node_says("retention")
                        || drawn.document.to_string().contains("expiration")
                }
                Reason::Full if is_queue => node_says("max_length") || node_says("max_bytes"),
                Reason::Rule if is_queue => node_says("groups") || node_says("deduplication"),
                Reason::Rejected if is_queue => rejects,
                Reason::Unroutable => kinds.get(&node) == Some(&"exchange"),
                Reason::NoReceiver | Reason::Timeout | Reason::ConsumerGone if is_queue => {
                    node_says("expires_after") || node_says("auto_delete")
                }
                Reason::Duplicate => node_says("deduplication"),
                Reason::TooFast => node_says("publish_rate"),
                Reason::Attempts => {
                    node_says("delivery_limit")
                        || node_says("max_receives")
                        || node_says("service_time")
                }
                _ => true,
            },
            _ => true,
        };
        assert!(
            is_allowed,
            "nothing says so: {entry:?} because {:?}",
            entry.reason()
        );
    }
}

/// What a queue says of its depth is what the trace says, at every moment: also its average, which
/// is Little's law (the mean number is the rate of arrivals times the mean stay).
pub fn check_depths(run: &Run, entries: &[Entry]) {
    let queues: Vec<NodeId> = (run.topology().nodes.iter())
        .filter(|node| node.settings.kind() == Kind::Queue)
        .map(|node| node.id)
        .collect();
    for id in queues {
        let mut since: BTreeMap<MessageId, SimTime> = BTreeMap::new();
        let (mut stays, mut arrived) = (0u128, 0u64);
        for entry in entries
            .iter()
            .filter(|entry| entry.place() == Place::Node(id))
        {
            if entry.was_waiting()
                && let Some(came) = since.remove(&entry.message)
            {
                stays += u128::from(entry.time.since(came).nanos());
            }
            if matches!(entry.what, What::Queued | What::Requeued) {
                since.insert(entry.message, entry.time);
                arrived += 1;
            }
        }
        stays += since
            .values()
            .map(|came| u128::from(run.now().since(*came).nanos()))
            .sum::<u128>();
        let metrics = run.metrics(id).expect("it is there");
        assert_eq!(metrics.depth.value(), since.len() as u64, "depth of {id}");
        let area = metrics.depth.average(run.now()) * run.now().nanos() as f64;
        let differs = (area - stays as f64).abs() > 1e-6 * (stays as f64).max(1e6);
        assert!(
            !differs,
            "{id}: {arrived} stayed {stays} ns, the depth says {area}"
        );
        assert_eq!(
            metrics.wait.count(),
            metrics.count(What::Delivered),
            "waits at {id}"
        );
    }
}

/// Queues with groups hand out one message of a group at a time, in order, and queues that know
/// ids take each event once.
pub fn check_groups(drawn: &Drawn, run: &Run, observed: &[(Entry, Message)]) {
    let script: Vec<Value> = run.script().iter().map(|entry| entry.to_json()).collect();
    let is_taken = script.iter().any(|entry| entry["do"] == "take");
    for queue in drawn.grouped.iter().filter(|it| !drawn.is_redriven(**it)) {
        let here = Place::Node(NodeId(*queue));
        let mut out: BTreeMap<u32, MessageId> = BTreeMap::new();
        let mut places: BTreeMap<MessageId, usize> = BTreeMap::new();
        let mut last: BTreeMap<u32, usize> = BTreeMap::new();
        let at = observed.iter().filter(|(entry, _)| entry.place() == here);
        for (n, (entry, message)) in at.enumerate() {
            let (id, key) = (entry.message, message.key.0);
            match entry.what {
                What::Queued => _ = places.insert(id, n),
                What::Delivered if !is_taken => {
                    let other = out.insert(key, id);
                    assert_eq!(other, None, "two of a group: {entry:?}");
                    let place = places.get(&id).copied().unwrap_or(0);
                    let before = last.insert(key, place).unwrap_or(0);
                    assert!(before <= place, "out of order: {entry:?}");
                }
                What::Acked
                | What::Requeued
                | What::Dropped
                | What::Expired
                | What::DeadLettered
                    if out.get(&key) == Some(&id) =>
                {
                    _ = out.remove(&key)
                }
                _ => {}
            }
        }
    }
    let is_purged = |queue: &u32| {
        script
            .iter()
            .any(|it| it["do"] == "purge" && it["node"] == *queue)
    };
    for queue in drawn.once.iter().filter(|queue| !is_purged(queue)) {
        let here = Place::Node(NodeId(*queue));
        let mut seen = BTreeSet::new();
        for (entry, _) in observed.iter().filter(|(entry, _)| entry.place() == here) {
            let is_new = entry.what != What::Queued || seen.insert(entry.root);
            assert!(is_new, "taken twice: {entry:?}");
        }
    }
}

/// No queue that drops its head has more than it may, at the end of every instant.
pub fn check_room(drawn: &Drawn, run: &Run, entries: &[Entry]) {
    let script: Vec<Value> = run.script().iter().map(|entry| entry.to_json()).collect();
    let nodes = drawn.document["nodes"].as_array().into_iter().flatten();
    for node in nodes.filter(|node| node["kind"] == "queue") {
        let settings = &node["settings"];
        let drops = settings.get("overflow").is_none_or(|it| it == "drop_head");
        // What is hidden does not count.
        let hides = ["delay", "publish_rate"]
            .iter()
            .any(|it| settings.get(it).is_some())
            || drawn.document.to_string().contains("\"C.D\"");
        let is_edited = script
            .iter()
            .any(|it| it["node"] == node["id"] && it["do"] == "set_node");
        let (Some(most), true) = (settings["max_length"].as_u64(), drops && !hides) else {
            continue;
        };
        let id = node["id"].as_u64().unwrap_or_default() as u32;
        let here = Place::Node(NodeId(id));
        let (mut waiting, mut now) = (0u64, SimTime::ZERO);
        for entry in entries
            .iter()
            .filter(|entry| entry.place() == here && !is_edited)
        {
            let is_over = entry.time == now || waiting <= most;
            assert!(is_over, "{waiting} of {most} wait at {id} after {now}");
            now = entry.time;
            waiting -= u64::from(entry.was_waiting());
            waiting += u64::from(matches!(entry.what, What::Queued | What::Requeued));
        }
    }
}
