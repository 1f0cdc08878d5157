//! Texts of our own in all dialects, the files beside the repository where they are, round trips,
//! and texts that were made to do harm.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::nodes::Kind;
use crate::scenario::{Scenario, examples};
use crate::simulation::Run;
use crate::units::SimTime;

const FLAT: &str = r#"
import { * } from 'sruja.ai/stdlib'
topic = kind "Topic"

Fan = person "Fan" { metadata { rate "30/min" } }
Shop = system "Ticket shop" {
  description "Sells tickets"
  Web = container "Web" #edge { technology "Rust" }
  Sold = topic "Sold" { technology "Kafka" metadata { retention "7d" } }
  Work = queue "Print jobs" { metadata { provider "RabbitMQ" prefetch "10" max_length "500" } }
  Printer = container "Printer" { scale { min 2 max 5 } }
  Mail = container "Mail" { slo { latency { p95 "300ms" } } }
  // Paper is expensive.
  /* And
  ink */
  Store = database "Tickets" { technology "PostgreSQL" }
  Web -> Sold "Publishes 'TicketSold'"
  Printer -> Work "Consumes jobs"
}
Fan -> Web "Buys a ticket"
Shop.Mail -> Shop.Sold "Subscribes to sales" "All of them" technology "TCP" [async, "big"]
Web -> Work "Enqueues PrintTicket"
Printer -> Store "Writes"
Web -> Shop "Part of"
Mail -> Fan "Sends a mail"
Nobody -> Web "?"

story Buying "Somebody buys" {
  Fan -> Web "asks"
  step Web -> Web "thinks"
  Web -> Fan "answers" order 3
}
view index { title "All" include * }
view sales "Sales" {
  include Shop.* 
  exclude Store, Printer
  autolayout lr
}
policy Secure "Only TLS" category "security" { rule deny edge from x to y }
%% what is this
"#;

const WRAPPED: &str = "specification {\n element person\n element system\n}\nmodel {\n \
    a = person 'A'\n s = system 'S' { q = container 'Q' { p = component 'P' } d = database 'D' }\n \
    scenario 'Login' { a -> s.q 'asks' s.q -> s.d 'reads'\n s.d -> s.q 'answers'\n \
    s.q -> a 'done' }\n}\n\n\n";

const BLOCKS: &str = "architecture \"Old\" {\n  system Shop \"Shop\" \"Sells\" {\n    \
    container API \"API\" {}\n    queue MQ \"Jobs\" {}\n    container W \"Worker\" {}\n  \
    }\n  person P \"P\"\n  \
    P -> API uses \"Asks\"\n  API -> MQ publishes \"JobWanted\"\n  W -> MQ subscribes \"JobWanted\"\
    \n}\n";

const MIXED: &str = "architecture \"Orders\" {\n  version \"2\"\n  dependencies { \"x\" \
    \"y#v1\" }\n  \
    tags = [\"a\", \"b\"]\n  view \"Flow\" { includes = [\"o.api\", \"c\"] }\n}\n\
    o = system \"O\" {\n  api = container \"API\"\n  mq = datastore \"Queue\" { technology \
    \"RabbitMQ\" }\n  w = container \"W\"\n  api -> mq \"AMQP - publishes events\"\n  w \
    -> mq \"AMQP \
    - consumes and publishes events\"\n}\nc = person \"C\"\nc -> o.api \"HTTPS\"\n";

fn import(text: &str) -> Read {
    let read = read(text, "some.sruja").unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut run = Run::new(read.scenario.plan()).expect("what was read can be run");
    run.advance(SimTime::from_nanos(20_000_000_000), 20_000);
    read
}

fn link_names(scenario: &Scenario) -> Vec<String> {
    let topology = &scenario.topology;
    let name = |id| topology.node(id).map_or("", |node| node.name.as_str());
    let links = topology.links.iter();
    links
        .map(|link| format!("{} > {}", name(link.from), name(link.to)))
        .collect()
}

/// Written and read again, it is the same.
fn check_round_trip(scenario: &Scenario, name: &str) {
    let text = write(scenario);
    let again = read(&text, "other.sruja").unwrap_or_else(|it| panic!("{name}: {it:?}\n{text}"));
    if again.scenario != *scenario {
        let (one, other) = (
            crate::scenario::write(scenario),
            crate::scenario::write(&again.scenario),
        );
        let differs = one.lines().zip(other.lines()).find(|(a, b)| a != b);
        panic!("{name}: {differs:#?}\n{:?}\n{text}", again.remarks);
    }
}

#[test]
fn a_flat_text_is_read_whole() {
    let Read { scenario, remarks } = import(FLAT);
    let kinds: Vec<(&str, &str)> = (scenario.topology.nodes.iter())
        .map(|node| (node.name.as_str(), node.settings.kind().name()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("Fan", "producer"),
            ("Web", "service"),
            ("Sold", "topic"),
            ("Print jobs", "queue"),
            ("Printer", "service"),
            ("Mail", "service"),
            ("Tickets", "service"),
        ]
    );
    assert_eq!(
        link_names(&scenario),
        [
            "Web > Sold",
            "Print jobs > Printer",
            "Fan > Web",
            "Sold > Mail",
            "Web > Print jobs",
            "Printer > Tickets",
        ]
    );
    let sales = &scenario.topology.links[3];
    assert_eq!(sales.label, "Subscribes to sales");
    assert_eq!(
        (sales.paper.technology.as_str(), sales.paper.tags.len()),
        ("TCP", 2)
    );
    let settings = |n: usize| scenario.topology.nodes[n].settings.to_json();
    assert_eq!(settings(0)["rate"], 0.5);
    assert_eq!(
        (&settings(3)["max_length"], &settings(4)["prefetch"]),
        (&500.into(), &10.into())
    );
    assert_eq!(settings(4)["workers"], 2);
    assert_eq!(settings(5)["service_time"]["mean"], "100ms");
    assert_eq!(settings(3)["ack_timeout"], "1800s");
    assert_eq!(settings(1)["emits"][0]["event"], "TicketSold");
    let drawing = &scenario.drawing;
    assert_eq!(drawing.walks[0].steps.len(), 3);
    let shown: Vec<usize> = drawing.views.iter().map(|view| view.nodes.len()).collect();
    assert_eq!(shown, [7, 4]);
    assert_eq!(drawing.frames[0].members.len(), 6);
    let said: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    for part in [
        "line 24, column 1: no message goes",
        "nothing can go from a service to a producer",
        "line 26, column 1: nothing is called Nobody",
        "policy means nothing for a run",
        "not understood: %% what is this",
        "scale is a guess",
        "comments stand here and further below: 2",
        "Tickets: a service that is quick stands for it",
    ] {
        assert!(
            said.iter().any(|it| it.contains(part)),
            "{part} in {said:#?}"
        );
    }
    let comments = drawing.paper.more("comments").unwrap_or_default();
    assert!(comments.starts_with("Paper is expensive.\n"), "{comments}");
    let kept = drawing.paper.kept.join("\n");
    for part in [
        "Shop.Web -> Shop \"Part of\"",
        "Nobody -> Web \"?\"",
        "policy Secure",
        "%% what",
    ] {
        assert!(kept.contains(part), "{part} in {kept}");
    }
}

#[test]
fn the_other_dialects_are_read() {
    let wrapped = import(WRAPPED).scenario;
    assert_eq!(wrapped.drawing.walks[0].steps.len(), 4);
    assert_eq!(link_names(&wrapped), ["A > Q", "Q > D"]);
    let front = wrapped
        .drawing
        .frames
        .iter()
        .find(|frame| frame.name == "Q");
    assert!(
        front.is_some_and(|frame| frame.front.is_some()),
        "{:?}",
        wrapped.drawing.frames
    );
    let blocks = import(BLOCKS).scenario;
    assert_eq!(
        link_names(&blocks),
        ["P > API", "API > Jobs", "Jobs > Worker"]
    );
    assert_eq!(blocks.name, "Old");
    let mixed = import(MIXED).scenario;
    assert_eq!(
        link_names(&mixed),
        ["API > Queue", "W > Queue", "Queue > W", "C > API"]
    );
    assert_eq!(mixed.drawing.views[0].nodes.len(), 2);
    assert_eq!(mixed.drawing.paper.tags, ["a", "b"]);
}

#[test]
fn what_was_read_is_written_and_read_again() {
    for (name, text) in [
        ("flat", FLAT),
        ("wrapped", WRAPPED),
        ("blocks", BLOCKS),
        ("mixed", MIXED),
    ] {
        check_round_trip(&import(text).scenario, name);
    }
    for example in examples() {
        check_round_trip(&example.scenario(), example.slug);
    }
    for kind in Kind::ALL {
        let scenario = crate::scenario::read(kind.example()).expect("examples are read");
        check_round_trip(&scenario, kind.name());
    }
}

#[test]
fn everything_on_the_canvas_survives() {
    let mut json = examples()[0].scenario().to_json();
    let set = |json: &mut serde_json::Value, name: &str, value: serde_json::Value| {
        json[name] = value;
    };
    let paper = serde_json::json!({ "description": "It's \"so\"\n\\", "tags": ["a b"],
        "more": { "two words": "x" }, "kept": ["}"], "word": "view" });
    json["nodes"][2]["paper"] = paper.clone();
    json["nodes"][3]["name"] = "".into();
    json["links"][1]["label"] = "It's \"so\"".into();
    json["links"][1]["paper"] = paper.clone();
    let items = json["nodes"].as_array_mut().expect("a list");
    items.reverse();
    set(&mut json, "paper", paper.clone());
    set(
        &mut json,
        "notes",
        serde_json::json!([{ "id": 50, "x": 1, "y": 2, "text": "'" }]),
    );
    let frames = serde_json::json!([
        { "id": 51, "name": "A", "members": [1, 2, 3], "collapsed": true },
        { "id": 52, "name": "B", "members": [2, 3], "kind": "broker", "front": 3, "paper": paper },
        { "id": 53, "name": "C", "members": [3, 4, 90] },
    ]);
    set(&mut json, "frames", frames);
    let script = serde_json::json!([
        { "at": "1s", "do": "add_node", "node": { "id": 90, "kind": "queue" } },
        { "at": "2s", "do": "crash", "node": 8 },
    ]);
    set(&mut json, "script", script);
    let views = serde_json::json!([
        { "id": 54, "name": "V", "nodes": [1, 3, 90], "camera": { "x": 1, "y": 2, "percent": 50 } },
        { "id": 55, "name": "V", "nodes": [], "paper": paper },
    ]);
    set(&mut json, "views", views);
    let walks = serde_json::json!([
        { "id": 56, "name": "W", "steps": [{ "from": 1, "to": 1, "text": "it's \"so\"" },
            { "from": 3, "to": 90, "text": "" }], "paper": paper },
        { "id": 57, "name": "", "steps": [{ "from": 1, "to": 2 }] },
    ]);
    set(&mut json, "walks", walks);
    let scenario = crate::scenario::from_json(&json).unwrap_or_else(|it| panic!("{it:?}"));
    check_round_trip(&scenario, "everything");
}

/// The files of others beside the repository, where they are.
fn foreign() -> Vec<(String, String)> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut files = Vec::new();
    if let Ok(folder) = std::fs::read_dir(shared.join("interop/sruja")) {
        for file in folder.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            files.extend(std::fs::read_to_string(file.path()).map(|text| (name, text)));
        }
    }
    let lesson = shared.join("seeds/lesson-2-event-driven-architecture-sruja.txt");
    if let Ok(text) = std::fs::read_to_string(lesson) {
        let start = text.find("import {").unwrap_or(0);
        let end = text.find("Key Concepts").unwrap_or(text.len());
        files.push(("lesson 2".to_owned(), text[start..end].to_owned()));
    }
    files.sort();
    files
}

#[test]
fn files_of_others_are_read_whole() {
    // Nodes and frames, links, kept relations, walks, steps, views.
    let expected = [
        ("cheatsheet-elements.sruja", [5, 3, 0, 0, 0, 1]),
        ("checkout-saga.sruja", [11, 7, 4, 0, 0, 0]),
        ("demo_metadata.sruja", [5, 3, 0, 0, 0, 1]),
        ("lesson 2", [7, 5, 0, 2, 8, 3]),
        ("order-service.sruja", [17, 12, 0, 0, 0, 3]),
        ("scenario-flow.sruja", [7, 5, 0, 2, 8, 0]),
    ];
    for (name, text) in foreign() {
        let Read { scenario, remarks } = import(&text);
        check_round_trip(&scenario, &name);
        let drawing = &scenario.drawing;
        let kept = drawing
            .paper
            .kept
            .iter()
            .filter(|kept| kept.contains("->"))
            .count();
        let found = [
            scenario.topology.nodes.len() + drawing.frames.len(),
            scenario.topology.links.len(),
            kept,
            drawing.walks.len(),
            drawing.walks.iter().map(|walk| walk.steps.len()).sum(),
            drawing.views.len(),
        ];
        let known = expected.iter().find(|(known, _)| *known == name);
        if let Some((_, expected)) = known {
            assert_eq!(
                found,
                *expected,
                "{name}: {remarks:#?} {:?}",
                link_names(&scenario)
            );
        }
        assert!(is_sruja(&text), "{name}");
        let lost = remarks
            .iter()
            .find(|remark| remark.what.contains("not understood"));
        assert_eq!(lost, None, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn changed_texts_are_read_or_refused_and_survive(
        which in 0..5_usize,
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..12_usize, 0..6_usize),
            0..12,
        ),
    ) {
        let own = write(&examples()[1].scenario());
        let texts = [FLAT, WRAPPED, BLOCKS, MIXED, own.as_str()];
        let mut letters: Vec<char> = texts[which].chars().collect();
        let noise = ['{', '}', '"', '\'', '[', '.', '>', '-', '\n', '=', '\\', 'ü'];
        for (place, letter, how) in changes {
            let at = place.index(letters.len().max(1)).min(letters.len().saturating_sub(1));
            match how {
                0 => letters.insert(at, noise[letter]),
                1 if !letters.is_empty() => letters[at] = noise[letter],
                2 => drop(letters.drain(at..(at + letter * 7).min(letters.len()))),
                3 => {
                    let end = (at + letter * 9).min(letters.len());
                    let again = letters[at..end].to_vec();
                    letters.splice(at..at, again);
                }
                _ => letters.truncate(letters.len().saturating_sub(letter)),
            }
        }
        let text: String = letters.into_iter().collect();
        if let Ok(read) = read(&text, "a.sruja") {
            check_round_trip(&read.scenario, &text);
        }
    }
}

#[test]
fn texts_that_were_made_to_do_harm_end_soon() {
    let deep = "a = system \"A\" { ".repeat(50_000);
    let quotes = "\\'".repeat(400_000);
    let open = "{".repeat(900_000);
    let wide = (0..60_000)
        .map(|n| format!("a{n} -> a{n}\n"))
        .collect::<String>();
    let many: String = (0..40_000)
        .map(|n| format!("a{n} = queue \"A\"\n"))
        .collect();
    let lists = "x = a [".repeat(100_000);
    for text in [deep, quotes, open, wide, many, lists, "x".repeat(2 << 20)] {
        let _ = read(&text, "a.sruja");
    }
    assert!(read("", "a").is_err());
    assert!(read("Just a text.", "a").is_err());
}
