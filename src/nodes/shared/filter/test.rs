//! What one value has to be like.

use std::net::IpAddr;

use serde_json::Value;

/// A test of one plain value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// The same value, of the same type.
    Is(Value),
    /// That there is any, or none.
    Exists(bool),
    /// A text with this beginning.
    Prefix(Box<str>),
    /// A text with this end.
    Suffix(Box<str>),
    /// This text, but for capitals; in small letters here.
    IgnoreCase(Box<str>),
    /// A text of these pieces, with anything between them.
    Wildcard(Vec<Box<str>>),
    /// A number that is so compared with each of these.
    Numeric(Vec<(Comparison, f64)>),
    /// An address in this network.
    Cidr(IpAddr, u8),
    /// Anything that passes none of these.
    AnythingBut(Vec<Test>),
    /// Nothing: it could not be read.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Comparison {
    pub(super) fn read(sign: &str) -> Option<Self> {
        Some(match sign {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            "=" => Self::Equal,
            ">=" => Self::AtLeast,
            ">" => Self::More,
            _ => return None,
        })
    }

    fn holds(self, number: f64, limit: f64) -> bool {
        match self {
            Self::Less => number < limit,
            Self::AtMost => number <= limit,
            Self::Equal => number == limit,
            Self::AtLeast => number >= limit,
            Self::More => number > limit,
        }
    }
}

impl Test {
    pub(super) fn read(json: &Value) -> Self {
        let object = match json {
            Value::Object(object) if object.len() == 1 => object,
            Value::Object(_) | Value::Array(_) => return Self::Nothing,
            plain => return Self::Is(plain.clone()),
        };
        let read = |(name, value): (&String, &Value)| match name.as_str() {
            "exists" => value.as_bool().map(Self::Exists),
            "numeric" => numeric(value),
            "cidr" => {
                let (address, bits) = network(value.as_str()?)?;
                Some(Self::Cidr(address, bits))
            }
            "anything-but" => anything_but(value),
            name => Self::of_text(name, value.as_str()?),
        };
        object.iter().next().and_then(read).unwrap_or(Self::Nothing)
    }

    /// A test of texts with this name.
    pub(super) fn of_text(name: &str, text: &str) -> Option<Self> {
        Some(match name {
            "prefix" => Self::Prefix(text.into()),
            "suffix" => Self::Suffix(text.into()),
            "equals-ignore-case" => Self::IgnoreCase(text.to_lowercase().into()),
            "wildcard" => Self::Wildcard(text.split('*').map(Into::into).collect()),
            _ => return None,
        })
    }

    /// Whether a value that is there passes.
    pub(super) fn passes(&self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Is(Value::Number(wanted)) => {
                value.is_number() && wanted.as_f64() == value.as_f64()
            }
            Self::Is(wanted) => wanted == value,
            Self::Exists(wanted) => *wanted,
            Self::Prefix(start) => text.is_some_and(|text| text.starts_with(&**start)),
            Self::Suffix(end) => text.is_some_and(|text| text.ends_with(&**end)),
            Self::IgnoreCase(wanted) => text.is_some_and(|text| text.to_lowercase() == **wanted),
            Self::Wildcard(pieces) => text.is_some_and(|text| has_pieces(pieces, text)),
            Self::Numeric(limits) => value.as_f64().is_some_and(|number| {
                (limits.iter()).all(|(comparison, limit)| comparison.holds(number, *limit))
            }),
            Self::Cidr(network, bits) => text
                .and_then(|text| text.parse().ok())
                .is_some_and(|address| is_inside(address, *network, *bits)),
            Self::AnythingBut(tests) => !tests.iter().any(|test| test.passes(value)),
            Self::Nothing => false,
        }
    }
}

fn numeric(value: &Value) -> Option<Test> {
    let parts = value.as_array()?.chunks(2);
    let limits = parts.map(|part| match part {
        [sign, limit] => Some((Comparison::read(sign.as_str()?)?, limit.as_f64()?)),
        _ => None,
    });
    limits.collect::<Option<_>>().map(Test::Numeric)
}

fn anything_but(value: &Value) -> Option<Test> {
    let tests = match value {
        Value::Array(values) => values.iter().cloned().map(Test::Is).collect(),
        Value::Object(object) => {
            let (name, value) = object.iter().next()?;
            let texts = match value {
                Value::Array(texts) => texts.as_slice(),
                single => std::slice::from_ref(single),
            };
            let read = texts.iter().map(|text| Test::of_text(name, text.as_str()?));
            read.collect::<Option<_>>()?
        }
        plain => vec![Test::Is(plain.clone())],
    };
    Some(Test::AnythingBut(tests))
}

/// The address and the bits of a network such as 10.0.0.0/8.
pub(super) fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/')?;
    let (address, bits): (IpAddr, u8) = (address.parse().ok()?, bits.parse().ok()?);
    let most = if address.is_ipv4() { 32 } else { 128 };
    (bits <= most).then_some((address, bits))
}

fn is_inside(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let differ = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => u128::from(one.to_bits() ^ other.to_bits()) << 96,
        (IpAddr::V6(one), IpAddr::V6(other)) => one.to_bits() ^ other.to_bits(),
        _ => return false,
    };
    differ.leading_zeros() >= u32::from(bits)
}

/// Whether a text is these pieces with anything between them.
fn has_pieces(pieces: &[Box<str>], text: &str) -> bool {
    let [first, between @ .., last] = pieces else {
        return pieces.first().is_some_and(|only| **only == *text);
    };
    let Some(mut rest) = text.strip_prefix(&**first) else {
        return false;
    };
    for piece in between {
        match rest.find(&**piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(&**last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passes(test: Value, value: Value) -> bool {
        Test::read(&test).passes(&value)
    }

    #[test]
    fn types_are_told_apart() {
        assert!(passes(json!(10), json!(10.0)) && !passes(json!(10), json!("10")));
        assert!(!passes(json!({ "numeric": ["=", 10] }), json!("10")));
        assert!(!passes(json!({ "prefix": "" }), json!(10)));
        assert!(!passes(json!(true), json!("true")) && passes(json!(null), json!(null)));
    }

    #[test]
    fn ranges_and_networks() {
        let range = json!({ "numeric": [">", 0, "<=", 5] });
        assert!(passes(range.clone(), json!(5)) && !passes(range, json!(0)));
        assert!(passes(
            json!({ "cidr": "10.0.0.0/24" }),
            json!("10.0.0.255")
        ));
        assert!(!passes(json!({ "cidr": "10.0.0.0/24" }), json!("10.0.1.0")));
        assert!(passes(
            json!({ "cidr": "2001:db8::/32" }),
            json!("2001:db8:1::")
        ));
        assert!(passes(json!({ "cidr": "0.0.0.0/0" }), json!("1.2.3.4")));
        assert!(!passes(json!({ "cidr": "0.0.0.0/0" }), json!("::1")));
    }

    #[test]
    fn anything_but_has_lists_of_beginnings_and_ends() {
        let test = json!({ "anything-but": { "suffix": [".png", ".jpg"] } });
        assert!(passes(test.clone(), json!("a.txt")) && !passes(test, json!("a.jpg")));
        assert!(passes(json!({ "wildcard": "a*b*" }), json!("axbx")));
        assert!(!passes(json!({ "wildcard": "a*ab" }), json!("ab")));
    }
}
