//! The arguments of a binding to a headers exchange, after RabbitMQ 4.0.

use serde_json::{Map, Value};

/// What a binding wants of the headers of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderMatch {
    wanted: Vec<(Box<str>, Value)>,
    /// Whether one that fits is enough.
    any: bool,
}

impl HeaderMatch {
    /// Reads the arguments of a binding. Names that begin with `x-` count only if `x-match` says
    /// so.
    ///
    /// # Errors
    /// What is wrong with `x-match`.
    pub fn new(arguments: &Map<String, Value>) -> Result<Self, String> {
        let (any, with_x) = match arguments.get("x-match") {
            None => (false, false),
            Some(how) => match how.as_str() {
                Some("all") => (false, false),
                Some("any") => (true, false),
                Some("all-with-x") => (false, true),
                Some("any-with-x") => (true, true),
                _ => {
                    let what = "expected x-match to be all, any, all-with-x or any-with-x, found";
                    return Err(format!("{what} {how}"));
                }
            },
        };
        let counts = |name: &str| name != "x-match" && (with_x || !name.starts_with("x-"));
        let wanted = arguments.iter().filter(|(name, _)| counts(name));
        Ok(Self {
            wanted: wanted
                .map(|(name, value)| (name.as_str().into(), value.clone()))
                .collect(),
            any,
        })
    }

    /// Whether it takes a message with these headers. An argument without a value wants the
    /// header to be there; others want the same value of the same type. With none, all is always
    /// true and any never.
    pub fn takes(&self, headers: &Map<String, Value>) -> bool {
        let fits = |(name, wanted): &(Box<str>, Value)| match headers.get(&**name) {
            None => false,
            Some(value) => wanted.is_null() || wanted == value,
        };
        if self.any {
            self.wanted.iter().any(fits)
        } else {
            self.wanted.iter().all(fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn takes(arguments: Value, headers: Value) -> bool {
        let read = |json: Value| json.as_object().cloned().unwrap();
        (HeaderMatch::new(&read(arguments)).unwrap()).takes(&read(headers))
    }

    #[test]
    fn nothing_wanted_is_all_and_not_any() {
        assert!(takes(json!({}), json!({ "a": 1 })));
        assert!(takes(json!({ "x-match": "all" }), json!({})));
        assert!(!takes(json!({ "x-match": "any" }), json!({ "a": 1 })));
    }

    #[test]
    fn types_matter_and_nothing_means_present() {
        assert!(!takes(json!({ "a": 1 }), json!({ "a": "1" })));
        assert!(takes(json!({ "a": null }), json!({ "a": "1" })));
        assert!(!takes(json!({ "a": null }), json!({})));
    }

    #[test]
    fn names_with_x_count_only_if_that_is_said() {
        let headers = json!({ "x-a": "1" });
        assert!(!takes(
            json!({ "x-match": "any", "x-a": "1" }),
            headers.clone()
        ));
        assert!(takes(
            json!({ "x-match": "any-with-x", "x-a": "1" }),
            headers
        ));
        assert!(!takes(
            json!({ "x-match": "all-with-x", "x-a": "1" }),
            json!({})
        ));
        let wrong = json!({ "x-match": "some" });
        assert!(HeaderMatch::new(wrong.as_object().unwrap()).is_err());
    }
}
