//! Kinds of event sourcing, and the types that they wait for.

use super::*;

#[test]
fn an_aggregate_needs_a_store_and_commands_that_it_knows() {
    let rules = json!({ "rules": [{ "command": "Book", "emits": "Booked" }] });
    let nodes = |command: &str, rules: Value| {
        [
            ("producer", emits(command, 1.0)),
            ("aggregate", rules),
            ("event_store", plain()),
        ]
    };
    let whole = [(1, 2, plain()), (2, 3, plain())];
    assert_eq!(found(&drawing(&nodes("Book", rules.clone()), &whole)), []);
    let no_store = drawing(&nodes("Book", rules.clone())[..2], &whole[..1]);
    assert_eq!(found(&no_store), [(2, Wrong, None)]);
    let unknown = drawing(&nodes("Cancel", rules), &whole);
    let at_rules = (2, Doubtful, Some("rules"));
    assert_eq!(found(&unknown), [at_rules, at_rules]);
}

#[test]
fn a_projection_needs_something_to_read() {
    let folds = |on: &str| json!({ "folds": [{ "on": on, "count": "n" }] });
    assert_eq!(
        found(&drawing(&[("projection", folds("A"))], &[])),
        [(1, Doubtful, None)]
    );
    let reads = |settings: Value| {
        let nodes = [
            ("producer", emits("A", 1.0)),
            ("event_store", plain()),
            ("projection", settings),
        ];
        found(&drawing(&nodes, &[(1, 2, plain()), (2, 3, plain())]))
    };
    assert_eq!(reads(folds("A")), []);
    assert_eq!(reads(folds("B")), [(3, Doubtful, Some("folds"))]);
    assert_eq!(reads(plain()), [(3, Note, Some("folds"))]);
}
