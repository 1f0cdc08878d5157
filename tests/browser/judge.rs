//! axe-core, which judges whether everybody can use the page.
//!
//! It is handed to the page through the driver, because the page loads no script of others.

use serde::Deserialize;
use serde_json::json;

use crate::Fallible;
use crate::page::{Page, check};

const AXE: &str = include_str!("axe/axe.min.js");

/// The rules that must hold, by the tags that axe gives them.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

/// What axe found.
#[derive(Deserialize)]
struct Found {
    violations: Vec<Violation>,
    /// How many rules hold that say something about this page.
    held: usize,
}

/// With fewer axe has not seen the page.
const HELD_LEAST: usize = 20;

/// A rule that the page breaks.
#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<Element>,
}

/// Where it does.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element {
    html: String,
    failure_summary: Option<String>,
}

impl Page {
    /// What is wrong with the page as it is now: a sentence for each rule that it breaks.
    pub async fn faults(&self) -> Fallible<Vec<String>> {
        let is_there = self.script("return !!window.axe;", vec![]).await? == true;
        if !is_there {
            self.script(AXE, vec![]).await?;
        }
        let script = "const [tags, done] = arguments; \
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] }) \
                .then(({ violations, passes }) => done({ violations, held: passes.length }), \
                    (error) => done(String(error)));";
        let found = self
            .web
            .execute_async(script, vec![json!(TAGS)])
            .await?
            .json()
            .clone();
        if let Some(error) = found.as_str() {
            return Err(format!("axe could not look at the page: {error}").into());
        }
        let Found { violations, held } = serde_json::from_value(found)?;
        check(
            held >= HELD_LEAST,
            format!("axe says that only {held} rules hold, as if nothing were there"),
        )?;
        Ok(violations.iter().map(sentence).collect())
    }
}

fn sentence(violation: &Violation) -> String {
    let Violation {
        id,
        impact,
        help,
        nodes,
    } = violation;
    let impact = impact.as_deref().unwrap_or("unknown");
    let mut text = format!("{id} ({impact}, {} times): {help}", nodes.len());
    for Element {
        html,
        failure_summary,
    } in nodes.iter().take(3)
    {
        let html: String = html.chars().take(160).collect();
        let why = failure_summary.as_deref().unwrap_or("").replace('\n', " ");
        text.push_str(&format!("\n          {html}\n            {why}"));
    }
    text
}
