//! The library is all that is true without a browser: without the feature `app` no web crate is in
//! its tree, natively or for WebAssembly.

use std::process::Command;

const WEB: &[&str] = &[
    "console_error_panic_hook",
    "gloo",
    "js-sys",
    "leptos",
    "tachys",
    "wasm-",
    "web-sys",
];

#[test]
fn without_the_feature_app_there_is_no_web_crate() {
    for target in [None, Some("wasm32-unknown-unknown")] {
        let found = web_crates(&tree(target));
        assert!(
            found.is_empty(),
            "these belong to the page: make them optional and list them under the feature `app` \
             in Cargo.toml: {found:?}"
        );
    }
}

/// So that a slip in the search cannot make the test above pass for ever.
#[test]
fn the_search_finds_web_crates() {
    let tree = "eventyard v0.1.0 (/a)\nserde v1.0.0\ngloo-timers v0.4.0\nweb-sys v0.3.1\n";
    assert_eq!(web_crates(tree), ["gloo-timers", "web-sys"]);
}

fn tree(target: Option<&str>) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "eventyard", "--edges", "normal,build"])
        .args(["--prefix", "none", "--locked"])
        .args(target.map(|target| format!("--target={target}")))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree failed: {said}");
    let tree = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    assert!(
        tree.starts_with("eventyard v"),
        "cargo tree did not describe this package: {tree}"
    );
    tree
}

fn web_crates(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| WEB.iter().any(|web| name.starts_with(web)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}
