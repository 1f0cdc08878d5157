//! What people type, what they get wrong, and round trips of random documents.

use serde_json::{Value, json};

use super::*;
use crate::nodes::Kind;
use crate::scenario::examples;

fn good(text: &str) -> Scenario {
    let sketch = parse(text, None);
    assert_eq!(sketch.flaws, [], "{text}");
    sketch.scenario.expect("nothing is wrong")
}

fn check_round_trip(scenario: &Scenario) -> String {
    let text = print(scenario);
    let again = parse(&text, None);
    assert_eq!(again.flaws, [], "{text}");
    assert_eq!(again.scenario.as_ref(), Some(scenario), "{text}");
    // Also where it stands already.
    let again = parse(&text, Some(scenario));
    assert_eq!(again.scenario.as_ref(), Some(scenario), "{text}");
    text
}

#[test]
fn examples_survive() {
    for example in examples() {
        let text = check_round_trip(&example.scenario());
        println!("{text}");
    }
    for kind in Kind::ALL {
        let scenario = crate::scenario::read(kind.example()).expect("examples are read");
        println!("{}", check_round_trip(&scenario));
    }
}

#[test]
fn a_short_text_is_a_whole_scenario() {
    let text = "shop: producer\norders: queue { max_length 100 }\n\
        billing: service \"Billing & Co\" { workers 2, service_time 40ms }\n\n\
        shop -> orders -> billing { latency exponential(5ms) }\n\n\
        at 20s crash billing\nat 25s set_node billing workers 3\n\
        at 26s set_link shop -> orders loss 0.5\n\
        at 30s send shop OrderPlaced { key a, body { total 5 } }\n\
        check depth_below on orders value 50\nnote \"Hello\"\nframe \"Office\" broker { }\n";
    let flaws = parse(text, None).flaws;
    assert_eq!(flaws[0].line, 13, "{flaws:?}");
    let text = text.replace(" broker { }", " { kind broker members [orders, billing] }");
    let text =
        format!("{text}walk \"Buying\" {{ shop -> orders \"orders\"\n orders -> orders }}\n");
    let scenario = good(&text);
    let names: Vec<&str> = (scenario.topology.nodes.iter())
        .map(|node| node.name.as_str())
        .collect();
    assert_eq!(names, ["Shop", "Orders", "Billing & Co"]);
    assert_eq!(scenario.topology.links.len(), 2);
    assert_eq!(scenario.topology.nodes[2].paper.word, "billing");
    assert_eq!(scenario.script.len(), 4);
    let xs: Vec<i32> = scenario.topology.nodes.iter().map(|node| node.x).collect();
    assert!(xs[0] < xs[1] && xs[1] < xs[2], "it is laid out: {xs:?}");
    let run = crate::simulation::Run::new(scenario.plan());
    assert!(run.is_ok());
    let printed = check_round_trip(&scenario);
    assert!(
        printed.contains("shop -> orders { latency exponential(5ms) }\n"),
        "{printed}"
    );
    assert!(
        printed.contains("billing: service \"Billing & Co\" @"),
        "{printed}"
    );
    assert!(
        printed.contains("at 26s set_link shop -> orders loss 0.5\n"),
        "{printed}"
    );
    // Printing what was printed changes nothing.
    assert_eq!(print(&good(&printed)), printed);
}

#[test]
fn flaws_are_said_at_their_place() {
    for (text, line, column, part) in [
        ("shop: prodcer", 1, 7, "did you mean producer"),
        ("shop:", 1, 6, "expected a kind"),
        ("5x: queue", 1, 1, "before the colon"),
        ("a: queue\na: queue", 2, 1, "a is there already"),
        (
            "a: queue { max_lenght 5 }",
            1,
            12,
            "did you mean max_length",
        ),
        (
            "a: queue {\n  max_length\n  prefetch 3\n}",
            2,
            3,
            "max_length has no value",
        ),
        ("a: queue {\n  max_length lots\n}", 2, 3, "whole number"),
        ("a: queue {\n  max_length 5\n", 1, 10, "the end is missing"),
        (
            "a: queue { max_length 5 max_length 6 }",
            1,
            25,
            "stands twice",
        ),
        (
            "a: service { service_time gaussian(5ms) }",
            1,
            27,
            "exponential(mean)",
        ),
        ("a: service\nb: service\na -> c", 3, 6, "there is no c"),
        (
            "a: producer\nb: queue\n\nb -> a",
            4,
            1,
            "nothing can go from a queue to a producer",
        ),
        ("a: queue \"Orders", 1, 10, "this text has no end"),
        ("a: queue // why", 1, 10, "comments are not kept"),
        ("hello world", 1, 1, "this is no statement"),
        ("a: queue b: queue", 1, 10, "begin a new line"),
        ("a: queue @5", 1, 10, "expected a place"),
        ("a: queue #x", 1, 10, "expected a number"),
        ("a: queue #1\nb: queue #1", 0, 0, "used twice"),
        ("at soon crash a\na: queue", 1, 4, "a unit"),
        ("a: queue\nat 5s crash", 2, 12, "the node is missing"),
        ("a: queue\nat 5s fly a", 2, 7, "there is no \"fly\""),
        (
            "a: queue\nat 5s crash a\nat 1s set_node a max_length x",
            3,
            1,
            "whole number",
        ),
        ("check nothing_wrong", 1, 1, "unknown variant"),
        ("frame \"A\" { members [x] }", 1, 22, "there is no x"),
        ("scenario \"A\" { sed 5 }", 1, 16, "did you mean seed"),
        ("scenario \"A\" { seed -5 }", 1, 16, "whole number"),
        ("scenario \"A\"\nscenario \"B\"", 2, 1, "already"),
        ("a: queue\nat 1s remove_link a -> a", 2, 19, "no such link"),
    ] {
        let sketch = parse(text, None);
        assert_eq!(sketch.scenario, None, "{text}");
        let found = sketch.flaws.iter().find(|flaw| {
            let whole = format!("{}; {}", flaw.what, flaw.hint);
            whole.contains(part) && (line == 0 || (flaw.line, flaw.column) == (line, column))
        });
        assert!(found.is_some(), "{text}: {:?}", sketch.flaws);
    }
    // What is wrong with a node is not said again of its links.
    let flaws = parse("a: producer\nb: queu\na -> b\n", None).flaws;
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    let text = "a: queue {\n b c d e f }\nx\nb: queue\n";
    assert!(parse(text, None).flaws.len() > 1);
}

#[test]
fn what_keeps_its_word_keeps_its_id_and_place() {
    let before = good("a: producer @10,20\nb: queue\nc: service\na -> b -> c\nnote \"N\" @1,2\n");
    // A line more at the top, a queue less, another name.
    let text = "x: topic\na: producer\nc2: service\na -> x -> c2\nnote \"N\"\n";
    let after = parse(text, Some(&before));
    assert_eq!(after.flaws, []);
    let scenario = after.scenario.expect("it is right");
    let ids: Vec<u32> = scenario
        .topology
        .nodes
        .iter()
        .map(|node| node.id.0)
        .collect();
    assert_eq!((ids[1], scenario.topology.nodes[1].x), (1, 10));
    assert!(
        ids[0] >= before.next_id && ids[2] >= before.next_id,
        "{ids:?}"
    );
    assert_eq!(scenario.drawing.notes, before.drawing.notes);
    // The only service that is new is the one that is gone.
    let text = "a: producer\nb: queue\nd: service\na -> b -> d\nnote \"N\"";
    let scenario = parse(text, Some(&before)).scenario.expect("it is right");
    assert_eq!(scenario.topology.nodes[2].id.0, 3);
    let links: Vec<u32> = scenario
        .topology
        .links
        .iter()
        .map(|link| link.id.0)
        .collect();
    assert_eq!(links, [4, 5]);
    let spots = parse("a: producer {\n rate 2\n}\n\nb: queue", None).spots;
    let lines: Vec<_> = spots
        .iter()
        .map(|spot| (spot.id, spot.first, spot.last))
        .collect();
    assert_eq!(lines, [(1, 1, 3), (2, 5, 5)]);
}

/// Random numbers that are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    fn text(&mut self) -> String {
        const PARTS: &[&str] = &[
            "a", "Order", " ", "_", "-", "->", "//", "\"", "\\", "\n", "\t", "{", "}", "#", "@",
            ":", ",", "5", "ms", "true", "null", "e9", ".", "ü", "İ", "名", "\u{0}", "\u{8}",
            "\u{2028}", "'",
        ];
        let count = self.below(5);
        (0..count).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }

    fn json(&mut self, depth: usize) -> Value {
        let kinds = if depth > 4 { 6 } else { 9 };
        match self.below(kinds) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1 << 30) as i64 - (1 << 29)),
            3 => json!(
                self.below(1 << 30) as f64 / 1e7 * if self.below(2) == 0 { 1e30 } else { -1e-20 }
            ),
            4 => json!(u64::MAX - self.below(3) as u64),
            5 => json!(self.text()),
            6 => (0..self.below(4)).map(|_| self.json(depth + 1)).collect(),
            7 => json!({ "shape": "uniform", "min": self.json(depth + 1), "max": self.text() }),
            _ => {
                let fields = (0..self.below(4)).map(|_| (self.text(), self.json(depth + 1)));
                Value::Object(fields.collect())
            }
        }
    }

    fn paper(&mut self) -> Value {
        let mut paper = json!({});
        for name in ["word", "sort", "description", "technology"] {
            if self.below(2) == 0 {
                paper[name] = json!(self.text());
            }
        }
        if self.below(3) == 0 {
            paper["word"] = json!(["orders", "Shop", "a", "node", "at"][self.below(5)]);
        }
        paper["tags"] = (0..self.below(3)).map(|_| json!(self.text())).collect();
        paper["kept"] = (0..self.below(3)).map(|_| json!(self.text())).collect();
        let more = (0..self.below(3)).map(|_| (self.text(), json!(self.text())));
        paper["more"] = Value::Object(more.collect());
        paper
    }

    /// A random document that is right.
    fn document(&mut self) -> Scenario {
        let mut json = match self.below(3) {
            0 => json!({ "version": 1 }),
            _ => {
                let all = examples();
                all[self.below(all.len())].scenario().to_json()
            }
        };
        let mut next = 1 + self.below(100) as u64 + json["next_id"].as_u64().unwrap_or(1);
        let mut id = |dice: &mut Self| {
            next += 1 + dice.below(3) as u64 * dice.below(2) as u64;
            next
        };
        for name in ["name", "about", "hint"] {
            json[name] = json!(self.text());
        }
        json["seed"] = json!(self.below(9));
        json["starts"] = json!("2026-03-02T09:00:00Z");
        json["paper"] = self.paper();
        let mut ids: Vec<u64> = Vec::new();
        let mut list = json["nodes"].as_array().cloned().unwrap_or_default();
        for _ in 0..self.below(6) {
            let kind = Kind::ALL[self.below(Kind::ALL.len())];
            let mut node = json!({ "id": id(self), "kind": kind.name(), "name": self.text(),
                "x": self.below(999), "y": -(self.below(999) as i64) });
            if self.below(2) == 0 {
                node["paper"] = self.paper();
            }
            if self.below(3) == 0 {
                node["luck"] = json!(self.text());
            }
            list.push(node);
        }
        ids.extend(list.iter().filter_map(|node| node["id"].as_u64()));
        json["nodes"] = json!(list);
        let some = |dice: &mut Self| ids.get(dice.below(ids.len())).copied();
        let mut script = json["script"].as_array().cloned().unwrap_or_default();
        let mut links = json["links"].as_array().cloned().unwrap_or_default();
        for _ in 0..self.below(8) {
            let (Some(from), Some(to)) = (some(self), some(self)) else {
                break;
            };
            let latency = match self.below(2) {
                0 => json!({ "shape": "constant", "value": "5ms" }),
                _ => json!({ "shape": "empirical", "values": ["1ms", "7us"] }),
            };
            let settings = json!({ "loss": 0.25, "types": [self.text()], "latency": latency });
            links.push(
                json!({ "id": id(self), "from": from, "to": to, "label": self.text(),
                "settings": settings, "paper": self.paper() }),
            );
        }
        json["links"] = json!(links);
        let time = |dice: &mut Self| format!("{}ms", dice.below(5));
        for _ in 0..self.below(8) {
            let Some(node) = some(self) else { break };
            script.push(match self.below(6) {
                0 => json!({ "at": time(self), "do": "crash", "node": node }),
                1 => json!({ "at": time(self), "do": "send", "node": node, "event": self.text(),
                    "key": self.text(), "body": self.json(0) }),
                2 => json!({ "at": time(self), "after": self.below(3), "do": "remove_node",
                    "node": node }),
                3 => json!({ "at": time(self), "do": "add_node", "node": { "id": id(self),
                    "kind": "queue", "name": self.text(), "paper": self.paper() } }),
                4 => json!({ "at": time(self), "do": "add_node", "node": { "id": node,
                    "kind": "queue", "name": self.text() } }),
                _ => {
                    let link = links
                        .get(self.below(links.len()))
                        .map(|link| link["id"].clone());
                    json!({ "at": time(self), "do": "set_link", "link": link.unwrap_or_default(),
                        "field": "filter", "value": null })
                }
            });
        }
        json["script"] = json!(script);
        if let Some(node) = some(self) {
            json["checks"] = json!([{ "check": "nothing_lost" },
                { "check": "latency_below", "node": node, "percentile": 99.5, "value": "2s" },
                { "check": "counter", "counter": "sent", "is": "equal", "value": 3 }]);
            let link = links.get(self.below(links.len() + 1));
            let place = link.map_or(json!(node), |link| link["id"].clone());
            json["captions"] = json!([
                { "at": "2s", "points": place, "text": self.text() },
                { "happens": "queued", "count": 2, "where": node, "points": "message",
                    "text": self.text() },
                { "broken": 1, "text": self.text() }]);
            json["frames"] = json!([{ "id": id(self), "name": self.text(), "members": [node],
                "front": node, "collapsed": true, "kind": "region", "paper": self.paper() }]);
            json["views"] = json!([{ "id": id(self), "name": self.text(), "nodes": [node],
                "camera": { "x": 1, "y": -5, "percent": 40 } }]);
            json["walks"] = json!([{ "id": id(self), "name": self.text(), "paper": self.paper(),
                "steps": [{ "from": node, "to": node, "text": self.text() }] }]);
        }
        json["notes"] = json!([{ "id": id(self), "x": 4, "y": -4, "text": self.text() }]);
        // What does not fit goes, as when somebody edits.
        loop {
            let problems = match crate::scenario::from_json(&json) {
                Ok(scenario) => return scenario,
                Err(problems) => problems,
            };
            let mut cut = false;
            for list in [
                "links", "script", "checks", "captions", "walks", "frames", "views",
            ] {
                let mut n = 0;
                if let Some(items) = json[list].as_array_mut() {
                    items.retain(|_| {
                        let (exact, more) = (format!("{list}[{n}]"), format!("{list}[{n}] "));
                        n += 1;
                        let is_wrong = problems.iter().any(|problem| {
                            problem.place.starts_with(&more) || problem.place.starts_with(&exact)
                        });
                        cut |= is_wrong;
                        !is_wrong
                    });
                }
            }
            assert!(cut, "{problems:?}");
        }
    }
}

#[test]
fn random_documents_survive() {
    for seed in 0..300 {
        println!("seed {seed}");
        let scenario = Dice(seed).document();
        check_round_trip(&scenario);
    }
}

#[test]
fn deep_texts_and_deep_values() {
    let deep = |depth: usize| {
        format!(
            "a: producer\nat 1s send a E {{ body {}1{} }}",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    check_round_trip(&good(&deep(100)));
    assert!(parse(&deep(200), None).scenario.is_none());
    let flaws = parse(&deep(300_000), None).flaws;
    assert!(flaws[0].what.contains("nested deeper"), "{flaws:?}");
    for text in [
        "{".repeat(500_000),
        "a: queue\n".repeat(100_000),
        "a -> ".repeat(200_000),
        "\"".repeat(300_000),
        "//\n".repeat(300_000),
        "#1 -> #1\n".repeat(100_000),
        "(".repeat(300_000),
    ] {
        let sketch = parse(&text, None);
        assert!(sketch.scenario.is_none() && sketch.flaws.len() <= FLAWS_MAX);
    }
}
