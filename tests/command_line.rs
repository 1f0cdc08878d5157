//! Promise: the command line runs scenarios, says what came of them, and never panics.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn eventyard(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_eventyard"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not want the input has closed it.
    let _ = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

fn check(arguments: &[&str], input: &str, code: i32) -> (String, String) {
    let output = eventyard(arguments, input);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}\n{out}\n{err}"
    );
    assert!(!err.contains("panicked"), "{err}");
    (out, err)
}

fn shop() -> String {
    check(&["examples", "online-shop"], "", 0).0
}

#[test]
fn a_run_in_json_has_all_its_numbers() {
    let arguments = [
        "run", "-", "--format", "json", "--until", "20s", "--seed", "5",
    ];
    let (out, err) = check(&arguments, &shop(), 0);
    assert_eq!(err, "");
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(json["digest"].as_str().map(str::len), Some(16));
    assert_eq!(json["time_ns"], 20_000_000_000u64);
    assert_eq!(json["seed"], 5);
    assert_eq!(json["stopped"], Value::Null);
    let messages = json["messages"].as_object().expect("an object");
    let count = |name: &str| messages[name].as_u64().expect("a count");
    assert!(count("created") > 50 && count("delivered") > 50);
    let places = [
        "done",
        "waiting",
        "in_flight",
        "stored",
        "dropped",
        "expired",
        "dead_lettered",
    ];
    assert_eq!(
        count("created"),
        places.iter().map(|place| count(place)).sum::<u64>()
    );
    assert_eq!(messages.len(), places.len() + 2);
    assert_eq!(json["nodes"].as_array().map(Vec::len), Some(11));
    assert_eq!(json["nodes"][0]["kind"], "producer");
    assert!(json["nodes"][0]["metrics"]["created"].as_u64() > Some(20));
    assert!(json["checks"][0]["passed"].as_bool().is_some());
    let (again, _) = check(&arguments, &shop(), 0);
    assert_eq!(out, again, "the same run gives the same numbers");
}

#[test]
fn a_run_in_text_is_a_table() {
    let (out, _) = check(&["run", "-"], &shop(), 0);
    for part in [
        "Online shop, seed 7, until 60s",
        "in flight",
        "Shipping queue",
        "holds",
    ] {
        assert!(out.contains(part), "{part} is missing in\n{out}");
    }
}

#[test]
fn the_trace_has_one_line_for_each_entry() {
    let path = std::env::temp_dir().join(format!("eventyard-{}.ndjson", std::process::id()));
    let file = path.to_str().expect("the path is text");
    check(&["run", "-", "--until", "5s", "--trace", file], &shop(), 0);
    let trace = std::fs::read_to_string(&path).expect("it was written");
    std::fs::remove_file(&path).expect("it can be removed");
    let lines: Vec<Value> = trace
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(lines.len() > 50);
    assert!(
        lines
            .windows(2)
            .all(|pair| pair[0]["time_ns"].as_u64() <= pair[1]["time_ns"].as_u64())
    );
    assert!(lines.iter().all(|line| line["what"].is_string()));
}

#[test]
fn a_failed_check_is_exit_code_1() {
    let mut json: Value = serde_json::from_str(&shop()).expect("JSON");
    json["checks"] = json!([{ "check": "depth_below", "node": 6, "value": 3 }]);
    let (out, _) = check(&["run", "-"], &json.to_string(), 1);
    assert!(
        out.contains("FAILED fewer than 3 wait at Shipping queue, first at"),
        "{out}"
    );
}

#[test]
fn bad_input_is_exit_code_2_and_nothing_on_standard_output() {
    for (arguments, input, part) in [
        (vec!["run", "-"], "{", "line 1, column 1: this is not JSON"),
        (vec!["run", "-"], r#"{"version": 9}"#, "version 9"),
        (vec!["run", "/no/such/file"], "", "cannot be read"),
        (vec!["run"], "", "name a scenario file"),
        (vec!["run", "-", "--until", "soon"], "", "--until"),
        (vec!["run", "-", "--seed", "x"], "", "--seed"),
        (vec!["run", "-", "--format", "xml"], "", "text or json"),
        (vec!["run", "-", "--nonsense"], "", "--nonsense"),
        (vec!["import", "-"], "Just a text.", "no scenario"),
        (vec!["import", "/no/such.sruja"], "", "cannot be read"),
        (vec!["import"], "", "name a file"),
        (vec!["export", "-"], "", "--to sketch, sruja"),
        (
            vec!["export", "--to", "word", "-"],
            "",
            "expected sketch, sruja",
        ),
        (vec!["check", "-"], "a: quue", "line 1, column 4"),
        (vec!["check"], "", "name a file"),
        (vec!["fmt", "-"], "a: quue", "did you mean queue"),
        (vec!["fly"], "", "no command \"fly\""),
        (vec!["examples", "nothing"], "", "no example \"nothing\""),
    ] {
        let (out, err) = check(&arguments, input, 2);
        assert_eq!(out, "", "{arguments:?}");
        assert!(err.contains(part), "{arguments:?} said {err}");
    }
}

#[test]
fn a_limit_is_exit_code_3() {
    let settings = json!({
        "service_time": { "shape": "constant", "value": "0s" }, "emits": [{ "event": "Again" }]
    });
    let json = json!({ "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "limit": 1 } },
            { "id": 2, "kind": "service", "settings": settings },
            { "id": 3, "kind": "service", "settings": settings },
        ],
        "links": [
            { "id": 4, "from": 1, "to": 2 },
            { "id": 5, "from": 2, "to": 3 },
            { "id": 6, "from": 3, "to": 2 },
        ],
    });
    let (out, err) = check(&["run", "-", "--format", "json"], &json.to_string(), 3);
    assert!(err.contains("within one instant"), "{err}");
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert!(
        json["stopped"]
            .as_str()
            .is_some_and(|text| text.contains("one instant"))
    );
}

#[test]
fn examples_are_listed_and_run() {
    let (list, _) = check(&["examples"], "", 0);
    assert!(list.contains("Message queues\n  image-jobs"), "{list}");
    for name in ["online-shop", "bank-account", "payment-queue", "queue"] {
        assert!(list.contains(name));
        let (document, _) = check(&["examples", name], "", 0);
        check(&["run", "-"], &document, 0);
    }
}

#[test]
fn a_text_of_another_tool_is_imported_and_exported() {
    let text = "User = person \"User\"\nWork = queue \"Work\"\nWorker = container \"Worker\"\n\
        User -> Work \"sends\"\nWorker -> Work \"consumes\"\n?? what\n";
    let (document, said) = check(&["import", "-"], text, 0);
    assert!(
        said.contains("line 6, column 1: this is not understood"),
        "{said}"
    );
    check(&["run", "-", "--until", "10s"], &document, 0);
    let (sruja, _) = check(&["export", "--to", "sruja", "-"], &document, 0);
    assert!(sruja.contains("Work -> Worker \"consumes\""), "{sruja}");
    let (again, _) = check(&["import", "-"], &sruja, 0);
    assert_eq!(again, document);
    let (chart, _) = check(&["export", "--to", "mermaid", "-"], &document, 0);
    assert!(chart.starts_with("flowchart LR\n"), "{chart}");
    let (same, _) = check(&["import", "-"], &document, 0);
    assert_eq!(same, document);
}

#[test]
fn a_link_is_made_and_opened() {
    let page = ["--page", "https://example.org/", "--at", "12.5s"];
    let (link, err) = check(&[&["link", "-"][..], &page].concat(), &shop(), 0);
    assert_eq!(err, "");
    assert!(
        link.starts_with("https://example.org/#s1.") && link.len() < 1_000,
        "{link}"
    );
    let (document, err) = check(&["open", link.trim()], "", 0);
    assert_eq!(err, "It opens at 12.5s.\n");
    assert_eq!(document, check(&["import", "-"], &shop(), 0).0);
    // Links of the first kind, and links inside of files, still open.
    let plain = include_str!("links/golden/shop-j1.link");
    let golden = include_str!("links/golden/shop-j1.json");
    let golden = check(&["import", "-"], golden, 0).0;
    assert_eq!(check(&["open", plain], "", 0).0, golden);
    assert_eq!(check(&["import", "-"], &link, 0).0, document);
}

#[test]
fn a_link_that_cannot_be_opened_says_why() {
    let cut = &include_str!("links/golden/saga.link")[..700];
    for (link, part) in [
        (cut, "missing or changed"),
        ("#s2.AAAA", "made by a newer version; reload"),
        ("https://example.org/#section", "does not begin as links"),
        ("", "does not begin as links"),
        ("#s1.", "missing or changed"),
        ("#s1.Äa", "missing or wrong"),
    ] {
        let (out, err) = check(&["open", link], "", 2);
        assert!(out.is_empty() && err.contains(part), "{link}: {err}");
    }
    let (out, err) = check(&["link", "-"], "{}", 2);
    assert!(out.is_empty() && err.contains("version"), "{err}");
    check(&["open"], "", 2);
}

#[test]
fn a_sketch_is_put_in_order_run_checked_and_converted() {
    let text = "shop: producer { rate 5 }\norders: queue\nbilling: service { service_time 1s }\n\
        shop->orders->billing\ncheck depth_below on orders value 3\ncheck nothing_lost\n";
    let (ordered, _) = check(&["fmt", "-"], text, 0);
    assert!(
        ordered.contains("shop -> orders\norders -> billing\n"),
        "{ordered}"
    );
    assert_eq!(check(&["fmt", "-"], &ordered, 0).0, ordered);
    let (document, said) = check(&["import", "-"], &ordered, 0);
    assert_eq!(said, "");
    assert_eq!(
        check(&["export", "--to", "sketch", "-"], &document, 0).0,
        ordered
    );
    // The queue grows: a check fails, and all of them are said.
    let (checks, _) = check(&["check", "-"], &ordered, 1);
    let lines: Vec<&str> = checks.lines().map(str::trim).collect();
    assert!(
        lines[0].starts_with("FAILED fewer than 3 wait at Orders"),
        "{checks}"
    );
    assert_eq!(lines[1], "holds  nothing is lost anywhere");
    check(&["run", "-", "--until", "2s"], &ordered, 1);
    let (fine, _) = check(&["check", "-"], &ordered.replace("rate 5", "rate 0.1"), 0);
    assert!(fine.contains("holds  fewer than 3"), "{fine}");
    let (_, said) = check(&["check", "-"], "a: queue", 0);
    assert!(said.contains("has no checks"), "{said}");
    let (diagram, _) = check(&["export", "--to", "sequence", "-"], &ordered, 0);
    assert!(
        diagram.starts_with("sequenceDiagram\n") && diagram.contains("n1->>n2"),
        "{diagram}"
    );
}
