//! Values of settings as a sketch writes them: words without quotation marks, `{ name value }`,
//! `[value, value]`, and times that vary as `exponential(20ms)`. Each is a JSON value, and each
//! JSON value can be written so.

use serde_json::{Map, Number, Value};

use super::lexer::word_length;

/// The times that vary: their shape, and what stands between the brackets.
pub(super) const SHAPES: &[(&str, &[&str])] = &[
    ("constant", &["value"]),
    ("uniform", &["min", "max"]),
    ("exponential", &["mean"]),
    ("normal", &["mean", "deviation"]),
    ("log_normal", &["mean", "deviation"]),
    ("erlang", &["stages", "mean"]),
    ("empirical", &["values"]),
];

/// Deepest nesting, as in JSON documents.
pub(super) const DEPTH_MAX: usize = 127;

/// Lines are broken behind so many letters.
const WIDTH: usize = 96;

/// The value that a word stands for.
pub(super) fn of_word(word: &str) -> Value {
    match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        word => number(word).unwrap_or_else(|| Value::String(word.to_owned())),
    }
}

fn number(word: &str) -> Option<Value> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        || !word.chars().all(is_of_number)
    {
        return None;
    }
    let whole = word.parse::<u64>().map(Number::from);
    let whole = whole
        .or_else(|_| word.parse::<i64>().map(Number::from))
        .ok();
    let number = whole.or_else(|| Number::from_f64(word.parse().ok()?));
    number.map(Value::Number)
}

/// A text, with quotation marks if it needs them.
pub(super) fn text(text: &str) -> String {
    let is_word = !text.is_empty() && word_length(text) == text.len();
    if is_word && of_word(text).is_string() {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text between quotation marks.
pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// Writes a value; lines that are too long are broken, and then indented by so much.
pub(super) fn write(value: &Value, indent: usize, used: usize) -> String {
    let line = in_line(value);
    if line.chars().count() + used <= WIDTH {
        return line;
    }
    let pad = " ".repeat(indent + 2);
    let close = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter();
            let lines: Vec<String> = items
                .map(|item| format!("{pad}{}\n", write(item, indent + 2, indent + 2)))
                .collect();
            format!("[\n{}{close}]", lines.concat())
        }
        Value::Object(fields) if !fields.is_empty() && as_shape(fields).is_none() => {
            let fields: Vec<(String, String)> = (fields.iter())
                .map(|(name, value)| {
                    let name = text(name);
                    let used = indent + 3 + name.chars().count();
                    (name, write(value, indent + 2, used))
                })
                .collect();
            block(&fields, indent)
        }
        _ => line,
    }
}

/// `{` and `}` around names with their values, each on its line.
pub(super) fn block(fields: &[(String, String)], indent: usize) -> String {
    let (pad, close) = (" ".repeat(indent + 2), " ".repeat(indent));
    let fields = fields.iter();
    let lines: Vec<String> = fields
        .map(|(name, value)| format!("{pad}{name} {value}\n"))
        .collect();
    format!("{{\n{}{close}}}", lines.concat())
}

fn in_line(value: &Value) -> String {
    match value {
        Value::String(it) => text(it),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(in_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => match as_shape(fields) {
            Some((shape, values)) => {
                let values: Vec<String> = values.iter().map(|value| in_line(value)).collect();
                format!("{shape}({})", values.join(", "))
            }
            None => {
                let fields: Vec<String> = (fields.iter())
                    .map(|(name, value)| format!("{} {}", text(name), in_line(value)))
                    .collect();
                format!("{{ {} }}", fields.join(", "))
            }
        },
        other => other.to_string(),
    }
}

/// The shape of a time that varies, and what stands between its brackets.
fn as_shape(fields: &Map<String, Value>) -> Option<(&'static str, Vec<&Value>)> {
    let mut names = fields.keys();
    if names.next()? != "shape" {
        return None;
    }
    let shape = fields["shape"].as_str()?;
    let (shape, known) = SHAPES.iter().find(|(known, _)| *known == shape)?;
    if !names.eq(known.iter()) {
        return None;
    }
    match fields.get("values") {
        Some(values) => Some((shape, values.as_array()?.iter().collect())),
        None => Some((shape, fields.values().skip(1).collect())),
    }
}

/// The time that varies with this shape; none if there is no such shape, or too few or many values.
pub(super) fn of_shape(shape: &str, values: Vec<Value>) -> Option<Value> {
    let (_, names) = SHAPES.iter().find(|(known, _)| *known == shape)?;
    let mut fields = Map::new();
    fields.insert("shape".to_owned(), shape.into());
    if *names == ["values"] {
        fields.insert("values".to_owned(), Value::Array(values));
    } else if names.len() == values.len() {
        for (name, value) in names.iter().zip(values) {
            fields.insert((*name).to_owned(), value);
        }
    } else {
        return None;
    }
    Some(Value::Object(fields))
}

/// Whether a setting that is so in a new node is a time that varies: a single time will do for it.
pub(super) fn is_spread(default: Option<&Value>) -> bool {
    default.is_some_and(|it| it["shape"].is_string())
}

/// The single time that a time that varies is, if it never varies.
pub(super) fn single(value: &Value) -> Option<&Value> {
    let fields = value.as_object()?;
    let (shape, values) = as_shape(fields)?;
    let only = values.first().filter(|it| it.is_string());
    only.copied().filter(|_| shape == "constant")
}
