//! What lasts for a time: an entry of a script that says so becomes two, of which the second puts
//! things back as they were.

use serde_json::{Value, json};

use crate::simulation::{Intervention, ScriptEntry};
use crate::topology::{Problem, Topology};
use crate::units::{SimDuration, sort_by_key};

/// The field that says how long.
const FOR: &str = "for";

/// Reads a script that begins with what is drawn, in order of time.
pub(super) fn read_script(
    items: &[Value],
    topology: &Topology,
    problems: &mut Vec<Problem>,
) -> Vec<ScriptEntry> {
    let mut entries = Vec::new();
    for (n, item) in items.iter().enumerate() {
        entries.extend(read_entry(item, &format!("script[{n}]"), problems));
    }
    sort_by_key(&mut entries, |(entry, _)| (entry.at, entry.after));
    if entries.iter().all(|(_, lasts)| lasts.is_none()) {
        return entries.into_iter().map(|(entry, _)| entry).collect();
    }
    with_ends(entries, topology.clone())
}

/// An entry, and how long it lasts if it says so.
type Lasting = (ScriptEntry, Option<SimDuration>);

fn read_entry(item: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Lasting> {
    let Some(lasts) = item.get(FOR).filter(|lasts| !lasts.is_null()) else {
        return Some((ScriptEntry::from_json(item, place, problems)?, None));
    };
    let mut wrong = |what: String| {
        let hint = "write a duration such as \"5s\" with set_node, set_link or crash";
        problems.push(Problem::new(format!("{place}.{FOR}"), what, hint));
    };
    let Some(Ok(time)) = lasts.as_str().map(str::parse::<SimDuration>) else {
        wrong(format!("{lasts} is no duration"));
        return None;
    };
    let mut without = item.clone();
    without.as_object_mut()?.shift_remove(FOR);
    if !["set_node", "set_link", "crash"]
        .map(Some)
        .contains(&item["do"].as_str())
    {
        wrong(format!("{} does not last", item["do"]));
        return None;
    }
    Some((
        ScriptEntry::from_json(&without, place, problems)?,
        Some(time),
    ))
}

/// Plays the script on the drawing, to know what each thing is put back to.
fn with_ends(entries: Vec<Lasting>, mut topology: Topology) -> Vec<ScriptEntry> {
    let mut all: Vec<ScriptEntry> = Vec::new();
    let mut ends: Vec<ScriptEntry> = Vec::new();
    // What an entry cannot do is told when the plan is checked.
    let mut play = |entry: ScriptEntry, all: &mut Vec<ScriptEntry>| {
        let end = end_of(&entry.what, &topology);
        let _ = entry.what.apply_to(&mut topology);
        all.push(entry);
        end
    };
    for (entry, lasts) in entries {
        while ends.first().is_some_and(|end| end.at <= entry.at) {
            play(ends.remove(0), &mut all);
        }
        let at = entry.at;
        if let (Some(what), Some(time)) = (play(entry, &mut all), lasts) {
            let (at, after) = (at.after(time), 0);
            ends.push(ScriptEntry { at, after, what });
            sort_by_key(&mut ends, |end| end.at);
        }
    }
    for end in ends {
        play(end, &mut all);
    }
    // An end goes before what is done in the middle of its instant.
    sort_by_key(&mut all, |entry| (entry.at, entry.after));
    all
}

/// What puts things back after something has happened to them as they are now.
fn end_of(what: &Intervention, topology: &Topology) -> Option<Intervention> {
    match what {
        Intervention::SetNode { node, field, .. } => {
            let settings = topology.node(*node)?.settings.to_json();
            Some(Intervention::SetNode {
                node: *node,
                field: field.clone(),
                value: settings.get(field)?.clone(),
            })
        }
        Intervention::SetLink { link, field, .. } => {
            let settings = json!(topology.link(*link)?.settings);
            Some(Intervention::SetLink {
                link: *link,
                field: field.clone(),
                value: settings.get(field)?.clone(),
            })
        }
        Intervention::Crash { node } => Some(Intervention::Restart { node: *node }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::from_json;

    /// The script of a document with a producer, a queue and a lossy link, as lines.
    fn script(entries: Value) -> Result<Vec<String>, String> {
        let document = json!({ "version": 1, "nodes": [{ "id": 1, "kind": "producer" },
            { "id": 2, "kind": "queue" }],
            "links": [{ "id": 3, "from": 1, "to": 2, "settings": { "loss": 0.1 } }],
            "script": entries });
        let scenario = from_json(&document).map_err(|problems| format!("{problems:?}"))?;
        assert_eq!(scenario.plan().problems(), []);
        let again = from_json(&scenario.to_json()).unwrap();
        assert_eq!(again.script, scenario.script);
        let line = |it: &ScriptEntry| format!("{} {}", it.at, it.what.label(&scenario.topology));
        Ok(scenario.script.iter().map(line).collect())
    }

    #[test]
    fn what_lasts_for_a_time_is_put_back_as_it_was() {
        let set = |at: &str, field: &str, value: Value, time: &str| {
            json!({ "at": at, "do": "set_link", "link": 3, "field": field, "value": value,
                "for": time })
        };
        let found = script(json!([
            { "at": "9s", "do": "set_link", "link": 3, "field": "loss", "value": 0.5 },
            set("2s", "cut", json!(true), "5s"), set("10s", "loss", json!(1.0), "1s"),
            { "at": "10.5s", "do": "crash", "node": 2, "for": "2s" },
        ]));
        let expected = [
            "2s link 3: cut = true",
            "7s link 3: cut = false",
            "9s link 3: loss = 0.5",
            "10s link 3: loss = 1.0",
            "10.5s Queue crashes",
            "11s link 3: loss = 0.5",
            "12.5s Queue restarts",
        ];
        assert_eq!(found.unwrap(), expected);
    }

    #[test]
    fn what_does_not_last_says_so() {
        for wrong in [
            json!([{ "at": "1s", "do": "restart", "node": 2, "for": "1s" }]),
            json!([{ "at": "1s", "do": "crash", "node": 2, "for": 5 }]),
            json!([{ "at": "1s", "do": "crash", "node": 2, "for": "soon" }]),
        ] {
            let problem = script(wrong).unwrap_err();
            assert!(problem.contains("script[0].for"), "{problem}");
        }
    }
}
