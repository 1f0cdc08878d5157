//! Reading settings from JSON so that everything wrong is said, each at its field.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Field;

/// Something wrong with the settings of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The field, with the path inside of it; empty if it is none in particular.
    pub field: String,
    /// What was expected, and what was found.
    pub what: String,
}

impl SettingsProblem {
    /// A problem at a field.
    pub fn new(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            what: what.into(),
        }
    }
}

pub(super) fn to_json<T: Serialize>(settings: &T) -> Value {
    serde_json::to_value(settings).expect("settings are plain data with text keys")
}

pub(super) fn from_json<T: DeserializeOwned>(
    json: &Value,
    fields: &[Field],
) -> Result<T, Vec<SettingsProblem>> {
    let Some(object) = json.as_object() else {
        return Err(vec![SettingsProblem::new(
            "",
            "expected an object with settings",
        )]);
    };
    let mut problems = Vec::new();
    for (name, value) in object {
        match fields.iter().find(|field| field.name == name) {
            None => {
                let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                let shown: String = name.chars().take(60).collect();
                let what = format!(
                    "there is no setting {shown:?}; there are: {}",
                    known.join(", ")
                );
                problems.push(SettingsProblem::new("", what));
            }
            Some(field) => {
                let problem = field.control.problem(value);
                problems.extend(problem.map(|what| SettingsProblem::new(name, what)));
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_path_to_error::deserialize(json).map_err(|error| {
        vec![SettingsProblem::new(
            error.path().to_string(),
            error.inner().to_string(),
        )]
    })
}
