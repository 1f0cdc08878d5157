//! Judging a file of vectors by its rule: formulas exactly, runs within three standard errors.

use serde_json::Value;

use super::formulas::Model;
use super::simulated;

/// What became of one vector.
pub struct Judged {
    /// Values that agree.
    pub passed: usize,
    /// Values that do not, in sentences.
    pub failures: Vec<String>,
    /// Values of which nothing is known, by their names.
    pub unknown: Vec<String>,
}

/// Above this load a build with debug assertions, which simulates fewer customers, does not try.
const LOAD_MOST: f64 = if cfg!(debug_assertions) { 0.81 } else { 0.949 };

/// Compares all values of a vector with the closed forms, and with runs if there is a document for
/// the model. Chance makes one run in some hundred fail: what fails is run again, longer.
pub fn judge(vector: &Value, runs: bool) -> Judged {
    let mut judged = Judged {
        passed: 0,
        failures: Vec::new(),
        unknown: Vec::new(),
    };
    let id = vector["id"].as_str().unwrap_or("a vector");
    let mut values = Vec::new();
    flatten("", &vector["expected"], &mut values);
    let Some(model) = Model::of(vector) else {
        let name = vector["model"].as_str().unwrap_or_default();
        judged.unknown.push(format!("the model {name}"));
        return judged;
    };
    let ours = model.expected();
    for (name, theirs) in values {
        let Some(ours) = ours.get(&name) else {
            judged
                .unknown
                .push(format!("{name} of the model {}", vector["model"]));
            continue;
        };
        // The vectors have six decimals, which is coarser than 1e-5 for small values.
        let tolerance = (theirs.abs() * 1e-5).max(5e-7);
        if (ours - theirs).abs() <= tolerance {
            judged.passed += 1;
        } else {
            judged
                .failures
                .push(format!("{id}: {name} is {ours}, expected {theirs}"));
        }
    }
    if runs && model.is_simulated() && model.load() <= LOAD_MOST {
        let first = simulated::trouble(id, &model, &ours, 1);
        if first.is_empty() || simulated::trouble(id, &model, &ours, 4).is_empty() {
            judged.passed += 1;
        } else {
            judged.failures.extend(first);
        }
    }
    judged
}

/// The numbers in an expectation, each with its path.
fn flatten(path: &str, json: &Value, into: &mut Vec<(String, f64)>) {
    let join = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match json {
        Value::Number(number) => into.extend(number.as_f64().map(|it| (path.to_owned(), it))),
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&join(name), value, into);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                flatten(&join(&n.to_string()), value, into);
            }
        }
        _ => {}
    }
}
