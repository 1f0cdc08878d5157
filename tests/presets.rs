//! Promise: a node may name the product that it behaves like. That survives wherever documents go,
//! changes nothing by itself, and is followed only as far as the user says so.

use eventyard::editor::{Clip, Desk, History, Item, Reach};
use eventyard::interchange::sketch;
use eventyard::nodes::{Kind, Preset};
use eventyard::scenario::{self, Scenario, link};
use eventyard::simulation::Run;
use eventyard::topology::{Severity, findings};
use eventyard::units::{NodeId, SimTime};
use serde_json::{Value, json};

const QUEUE: NodeId = NodeId(2);

fn preset(slug: &str) -> &'static Preset {
    Preset::find(slug).expect("there is such a preset").1
}

fn document(queue: Value) -> Scenario {
    let mut node = json!({ "id": 2, "kind": "queue", "name": "Jobs", "x": 300, "y": 0 });
    for (name, value) in queue.as_object().into_iter().flatten() {
        node[name] = value.clone();
    }
    let json = json!({ "version": 1, "name": "A queue", "seed": 3, "nodes": [
        { "id": 1, "kind": "producer", "name": "Orders", "x": 0, "y": 0 },
        node,
        { "id": 3, "kind": "service", "name": "Worker", "x": 600, "y": 0,
            "settings": { "failure_rate": 0.2 } },
    ], "links": [{ "id": 4, "from": 1, "to": 2 }, { "id": 5, "from": 2, "to": 3 }] });
    scenario::from_json(&json).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn follows(document: &Scenario) -> Option<&'static str> {
    document.topology.node(QUEUE)?.preset.map(|it| it.slug)
}

fn settings(document: &Scenario) -> Value {
    let node = document.topology.node(QUEUE).expect("it is there");
    node.settings.to_json()
}

#[test]
fn it_survives_wherever_documents_go() {
    for (kind, preset) in Preset::all() {
        let node = json!({ "id": 1, "kind": kind.name(), "name": "It", "preset": preset.slug,
            "settings": preset.settings(kind).to_json() });
        let json = json!({ "version": 1, "name": "One", "nodes": [node] });
        let document = scenario::from_json(&json).unwrap_or_else(|it| panic!("{it:?}"));
        let slug = |document: &Scenario| document.topology.nodes[0].preset.map(|it| it.slug);
        assert_eq!(slug(&document), Some(preset.slug));
        assert_eq!(
            scenario::from_json(&document.to_json()),
            Ok(document.clone())
        );
        assert_eq!(link::decode(&link::encode(&document)), Ok(document.clone()));
        let text = sketch::print(&document);
        let read = sketch::parse(&text, None);
        assert_eq!(read.flaws, [], "{text}");
        assert_eq!(read.scenario.as_ref(), Some(&document), "{text}");
        let drawn = &document.topology;
        let clip = Clip::of(&[Item::Node(NodeId(1))], drawn, &document.drawing);
        assert_eq!(Clip::from_text(&clip.to_text()), Ok(clip));
        let schema = jsonschema::validator_for(&scenario::schema()).expect("it is a schema");
        assert!(schema.is_valid(&document.to_json()));
    }
}

#[test]
fn what_is_no_preset_of_the_kind_is_a_problem() {
    for (kind, slug, part) in [
        ("queue", json!("sqs-fif"), "there is no preset \"sqs-fif\""),
        ("queue", json!("sns-topic"), "is a preset of kind topic"),
        ("service", json!("sqs-fifo"), "is a preset of kind queue"),
        ("queue", json!(7), "expected a text"),
    ] {
        let node = json!({ "id": 1, "kind": kind, "preset": slug });
        let read = scenario::from_json(&json!({ "version": 1, "nodes": [node] }));
        let problems = read.map_err(|all| all.iter().map(ToString::to_string).collect::<String>());
        match problems {
            Err(text) => assert!(text.contains(part) && text.contains("preset"), "{text}"),
            // What is no text at all is said, and nothing else is made of it.
            Ok(_) => panic!("{slug} is read"),
        }
    }
    let flaws = sketch::parse("jobs: queue { preset nonsense }", None).flaws;
    assert!(flaws[0].what.contains("there is no preset"), "{flaws:?}");
}

#[test]
fn it_changes_nothing_by_itself() {
    let run = |document: &Scenario| {
        let mut run = Run::new(document.plan()).expect("the plan is right");
        run.advance(SimTime::from_nanos(20_000_000_000), u64::MAX);
        run.digest()
    };
    let plain = document(json!({}));
    let named = document(json!({ "preset": "rabbitmq-classic-queue" }));
    assert_eq!(run(&plain), run(&named));
    // And in the middle of a run it leaves the past as it is.
    let mut there = Run::new(plain.plan()).expect("the plan is right");
    there.advance(SimTime::from_nanos(9_000_000_000), u64::MAX);
    let (digest, entries) = (there.digest(), there.entries());
    there.follow(named.plan()).expect("the plan is right");
    assert_eq!((there.digest(), there.entries()), (digest, entries));
    assert_eq!(there.now(), SimTime::from_nanos(9_000_000_000));
    let shown = there.topology().node(QUEUE).expect("it is there");
    assert_eq!(
        shown.preset.map(|it| it.slug),
        Some("rabbitmq-classic-queue")
    );
}

#[test]
fn following_another_is_one_step_and_keeps_what_the_user_set() {
    let mut document = document(json!({ "settings": { "ack_timeout": "45s" } }));
    let before = document.clone();
    let mut history = History::default();
    let run = Run::new(document.plan()).expect("the plan is right");
    let topology = run.topology().clone();
    let mut desk = Desk::new(&mut document, topology, run.stamp(), Reach::FromNow);
    desk.follow_preset(QUEUE, Some(preset("sqs-standard")), &[])
        .expect("it can be followed");
    desk.finish();
    history.commit("preset".to_owned(), None, (&before, &document), 0.0);
    assert_eq!(follows(&document), Some("sqs-standard"));
    assert_eq!(settings(&document)["ack_timeout"], json!("45s"));
    assert_eq!(settings(&document)["time_to_live"], json!("345600s"));
    assert!(document.script.is_empty());
    history.undo(&mut document);
    assert_eq!(document, before);
    history.redo(&mut document);
    assert_eq!(follows(&document), Some("sqs-standard"));
}

#[test]
fn what_is_followed_while_it_runs_is_written_into_the_script() {
    let mut document = document(json!({}));
    let mut run = Run::new(document.plan()).expect("the plan is right");
    run.advance(SimTime::from_nanos(5_000_000_000), u64::MAX);
    let topology = run.topology().clone();
    let mut desk = Desk::new(&mut document, topology, run.stamp(), Reach::FromNow);
    desk.follow_preset(QUEUE, Some(preset("rabbitmq-quorum-queue")), &[])
        .expect("it can be followed");
    desk.finish();
    assert_eq!(document.script.len(), 4, "{:?}", document.script);
    let kind = Kind::from_name("queue").expect("there are queues");
    assert_eq!(
        settings(&document),
        kind.defaults().to_json(),
        "it began so"
    );
    let entries = run.entries();
    run.follow(document.plan()).expect("the plan is right");
    assert!(run.entries() >= entries, "the past stays");
    let now = run.topology().node(QUEUE).expect("it is there");
    assert_eq!(now.settings, preset("rabbitmq-quorum-queue").settings(kind));
}

#[test]
fn what_the_product_cannot_have_is_a_likely_problem() {
    let fields = |document: &Scenario| {
        let found = findings(&document.topology).into_iter();
        let found = found.filter(|it| it.severity == Severity::Doubtful);
        let found: Vec<_> = found.filter_map(|it| Some((it.field?, it.what))).collect();
        found
    };
    let fine = document(json!({ "preset": "sqs-standard",
        "settings": { "late_ack": true, "letters_keep_age": true, "time_to_live": "96h" } }));
    assert_eq!(fields(&fine), []);
    let wrong = document(
        json!({ "preset": "sqs-standard", "settings": { "late_ack": true,
        "letters_keep_age": true, "time_to_live": "96h", "max_priority": 5 } }),
    );
    let found = fields(&wrong);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "max_priority");
    assert!(
        found[0]
            .1
            .contains("SQS standard queue: there are no priorities"),
        "{found:?}"
    );
}

#[test]
fn new_nodes_are_as_the_product_has_them() {
    let mut document = Scenario::new("New");
    for (place, (kind, preset)) in (0..).zip(Preset::all()) {
        let run = Run::new(document.plan()).expect("the plan is right");
        let topology = run.topology().clone();
        let mut desk = Desk::new(&mut document, topology, run.stamp(), Reach::FromNow);
        let what = eventyard::nodes::Blueprint {
            kind,
            preset: Some(preset),
        };
        let id = desk.add_like(what, 300 * place, 0).expect("there is room");
        desk.finish();
        let node = document.topology.node(id).expect("it is there");
        assert_eq!((&*node.name, node.preset), (preset.label, Some(preset)));
        assert_eq!(node.settings, preset.settings(kind));
    }
    let wrong = findings(&document.topology);
    let wrong: Vec<_> = wrong.iter().filter(|it| it.field.is_some()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_page_of_the_documentation_is_up_to_date() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_eventyard"))
        .args(["presets", "--page"])
        .output()
        .expect("the program starts");
    let page = String::from_utf8(output.stdout).expect("it is a text");
    assert!(
        page == include_str!("../docs/presets.md"),
        "write it anew: cargo run -- presets --page > docs/presets.md"
    );
    for (_, preset) in Preset::all() {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_eventyard"))
            .args(["presets", preset.slug])
            .output()
            .expect("the program starts");
        assert!(page.contains(&String::from_utf8_lossy(&output.stdout)[..]));
    }
}
