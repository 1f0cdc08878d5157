//! Settings as people read and type them, and back.

mod group;
mod link;
mod quantity;
mod rows;
mod said;
mod scrub;
mod slider;
mod spread;

use serde_json::{Value, json};

use crate::engine::LinkSettings;
use crate::nodes::{Control, Field, Kind, Picks, Role, Settings};
use crate::topology::{Link, Node, Topology};
use quantity::{Quantity, Unit};

pub use group::{SEARCHED_FROM, headings, idle_reason, is_meant, set_words};
pub use link::LINK_FIELDS;
pub use rows::{cell_text, is_cell_set, with_cell, with_new_row, without_row};
pub use said::said;
pub use scrub::{PIXELS_A_STEP, scrubbed};
pub use slider::{slider_of, text_of_slider};
pub use spread::{SPREADS, spread_details, spread_shape, with_spread_shape};

/// What a single-line input shows of a value.
pub fn text_of(control: &Control, value: &Value) -> String {
    match control {
        Control::Chance => value.as_f64().map_or_else(String::new, digits_of_percent),
        Control::Rate => value
            .as_f64()
            .map_or_else(String::new, |rate| rate.to_string()),
        Control::Words => rows::text_of_words(value),
        Control::Numbers => rows::text_of_numbers(value),
        Control::Json | Control::Rows { .. } if value.is_null() => String::new(),
        Control::Json | Control::Rows { .. } => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        Control::Spread => spread::mean_of(value).unwrap_or_default(),
        Control::Duration | Control::OptionalDuration => value.as_str().map_or_else(
            String::new,
            // Nobody reads 604800s as a week.
            |text| said::long_length(text).unwrap_or_else(|| text.to_owned()),
        ),
        _ => match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    }
}

fn digits_of_percent(chance: f64) -> String {
    let text = format!("{:.4}", chance * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Words for nothing, where nothing is allowed.
const NOTHING: &[&str] = &[
    "",
    "∞",
    "-",
    "none",
    "off",
    "no",
    "never",
    "unlimited",
    "inf",
];

/// The value that a text stands for. Numbers may have units, thousands and a little arithmetic:
/// "250 ms", "5k/s", "300/min", "1,000", "2*250ms", "1 in 20".
///
/// # Errors
/// A sentence that says what was expected, with an example.
pub fn value_of(control: &Control, text: &str, before: &Value) -> Result<Value, String> {
    let text = text.trim();
    let is_nothing = || NOTHING.contains(&text.to_lowercase().as_str());
    let value = match control {
        Control::OptionalCount { .. } | Control::OptionalDuration if is_nothing() => Value::Null,
        Control::Count { min, max } | Control::OptionalCount { min, max } => {
            json!(count(text, *min, *max)?)
        }
        Control::Rate => json!(rate(text)?),
        Control::Chance => json!(chance(text)?),
        Control::Duration | Control::OptionalDuration => json!(quantity::duration(text)?),
        Control::Spread => spread::with_mean(before, quantity::duration(text)?),
        Control::Words if !text.starts_with('[') => rows::words_of(text),
        Control::Numbers => rows::numbers_of(text),
        Control::Rows { .. } if text.is_empty() => json!([]),
        Control::Json if text.is_empty() => Value::Null,
        Control::Json | Control::Rows { .. } | Control::Words => serde_json::from_str(text)
            .map_err(|error| format!("expected JSON such as [\"A\", \"B\"]: {error}"))?,
        Control::Toggle => json!(toggle(text)?),
        Control::Choice(choices) => {
            let meant = |(name, label): &&(&str, &str)| {
                [name, label].iter().any(|it| it.eq_ignore_ascii_case(text))
            };
            match choices.iter().find(meant).map_or(text, |(name, _)| name) {
                "true" => json!(true),
                "false" => json!(false),
                word => json!(word),
            }
        }
        Control::Text(_) | Control::Page(_) => json!(text),
    };
    match control.problem(&value) {
        None => Ok(value),
        Some(problem) => Err(problem),
    }
}

fn count(text: &str, min: u64, max: u64) -> Result<u64, String> {
    if let Ok(whole) = text.parse::<u64>()
        && (min..=max).contains(&whole)
    {
        return Ok(whole);
    }
    let example = if max >= 2_000 {
        "250 or 2k"
    } else {
        "3 or 2*3"
    };
    let expected =
        || format!("expected a whole number from {min} to {max} such as {example}, found {text:?}");
    match Quantity::read(text) {
        Some(Quantity {
            value,
            unit: Unit::Plain,
        }) => {
            let whole = value.round();
            let fits = (value - whole).abs() < 1e-6 && (min as f64..=max as f64).contains(&whole);
            fits.then_some(whole as u64).ok_or_else(expected)
        }
        _ => Err(expected()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match Quantity::read(text) {
        Some(Quantity { value, unit })
            if matches!(unit, Unit::Plain | Unit::PerSecond) && (0.0..=1e9).contains(&value) =>
        {
            Ok(value)
        }
        _ => Err(format!(
            "expected a rate from 0 to 1e9 a second such as 5, 2k/s or 300/min, found {text:?}"
        )),
    }
}

fn chance(text: &str) -> Result<f64, String> {
    let in_words = text
        .split_once(" in ")
        .and_then(|(part, whole)| Some((Quantity::plain(part)?, Quantity::plain(whole)?)));
    let share = match in_words {
        Some((part, whole)) => Some(part / whole),
        None => match Quantity::read(text) {
            Some(Quantity {
                value,
                unit: Unit::Share,
            }) => Some(value),
            // The field counts per cent: what has no unit does so too.
            Some(Quantity {
                value,
                unit: Unit::Plain,
            }) => Some(value / 100.0),
            _ => None,
        },
    };
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| {
            format!(
                "expected a percentage from 0 to 100 such as 5, 0.5 % or 1 in 20, found {text:?}"
            )
        })
}

fn toggle(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("expected yes or no, found {text:?}")),
    }
}

/// A field that several nodes or links have.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedField {
    /// The field.
    pub field: &'static Field,
    /// Its value; `None` if they differ.
    pub value: Option<Value>,
    /// The value in a new one; `None` if that differs.
    pub usual: Option<Value>,
}

impl SharedField {
    /// Whether some of them have another value than a new one.
    pub fn is_unusual(&self) -> bool {
        self.value.is_none() || self.value != self.usual
    }
}

/// The fields that all of these nodes have: of the same name, and for the same kind of value.
pub fn shared_fields(nodes: &[&Settings]) -> Vec<SharedField> {
    let Some((first, others)) = nodes.split_first() else {
        return Vec::new();
    };
    let values: Vec<Value> = nodes.iter().map(|settings| settings.to_json()).collect();
    let is_shared = |field: &&Field| {
        others.iter().all(|other| {
            let mut fields = other.kind().descriptor().fields.iter();
            fields.any(|it| it.name == field.name && it.control == field.control)
        })
    };
    let mut kinds: Vec<Kind> = Vec::new();
    for kind in nodes.iter().map(|settings| settings.kind()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let usual: Vec<Value> = kinds.iter().map(|kind| kind.defaults().to_json()).collect();
    let fields = first.kind().descriptor().fields.iter().filter(is_shared);
    fields.map(|field| shared(field, &values, &usual)).collect()
}

/// The fields of one node. What is usual is as in the preset that it follows.
pub fn node_fields(node: &Node) -> Vec<SharedField> {
    let mut fields = shared_fields(&[&node.settings]);
    if let Some(preset) = node.preset {
        let usual = preset.settings(node.settings.kind()).to_json();
        for shared in &mut fields {
            shared.usual = usual.get(shared.field.name).cloned();
        }
    }
    fields
}

/// The fields of links that mean something for each of them: what it picks by depends on where it
/// comes from and what it is for.
pub fn link_fields(topology: &Topology, links: &[&Link]) -> Vec<SharedField> {
    let values: Vec<Value> = links.iter().map(|link| json!(link.settings)).collect();
    let usual = [json!(LinkSettings::default())];
    let picks: Vec<Picks> = links.iter().map(|link| picks(topology, link)).collect();
    let fields = LINK_FIELDS.iter();
    let fields = fields.filter(|field| match field.name {
        "calls" => links.iter().all(|link| is_choice(topology, link)),
        name => picks.iter().all(|picks| has_field(*picks, name)),
    });
    fields.map(|field| shared(field, &values, &usual)).collect()
}

/// What a link picks its messages by.
fn picks(topology: &Topology, link: &Link) -> Picks {
    let ends = topology.node(link.from).zip(topology.role(link));
    let way = ends.and_then(|(from, role)| {
        let mut ways = from.settings.conduct().ways.into_iter();
        ways.find(|way| way.role == role)
    });
    way.map_or(Picks::Types, |way| way.picks)
}

/// Whether a link can wait for answers or not, as one likes.
fn is_choice(topology: &Topology, link: &Link) -> bool {
    let ends = topology.kind(link.from).zip(topology.kind(link.to));
    ends.is_some_and(|(from, to)| {
        Role::can_call(from, to) && Role::between(from, to) != Some(Role::Calls)
    })
}

fn has_field(picks: Picks, name: &str) -> bool {
    let all = [Picks::Filter, Picks::Binding, Picks::Terms];
    let always = name == "types" || !all.iter().any(|picks| picks.fields().contains(&name));
    always || picks.fields().contains(&name)
}

fn shared(field: &'static Field, values: &[Value], usual: &[Value]) -> SharedField {
    let (value, usual) = (agreed(field.name, values), agreed(field.name, usual));
    SharedField {
        field,
        value,
        usual,
    }
}

/// What all of these have under a name.
fn agreed(name: &str, all: &[Value]) -> Option<Value> {
    let first = all.first()?.get(name)?;
    let same = |other: &Value| other.get(name) == Some(first);
    all.iter().all(same).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topology::{Node, Paper};
    use crate::units::{Distribution, SimDuration};
    use crate::units::{LinkId, NodeId};

    fn read(control: &Control, text: &str) -> Result<Value, String> {
        value_of(control, text, &Value::Null)
    }

    #[test]
    fn what_is_shown_is_read_back() {
        let spread = json!(Distribution::exponential(SimDuration::from_millis(250)));
        for (control, value) in [
            (Control::Chance, json!(0.05)),
            (Control::Rate, json!(12.5)),
            (Control::Count { min: 1, max: 9 }, json!(3)),
            (Control::OptionalDuration, Value::Null),
            (Control::Duration, json!("250ms")),
            (Control::Spread, spread),
            (Control::Toggle, json!(true)),
            (Control::Text(9), json!("a b")),
            (Control::Json, json!(["A", "B"])),
        ] {
            let text = text_of(&control, &value);
            assert_eq!(value_of(&control, &text, &value), Ok(value), "{control:?}");
        }
        for kind in Kind::ALL {
            let values = kind.defaults().to_json();
            for field in kind.descriptor().fields {
                let value = &values[field.name];
                let text = text_of(&field.control, value);
                let back = value_of(&field.control, &text, value);
                assert_eq!(back.as_ref(), Ok(value), "{} {}", kind.name(), field.name);
            }
        }
    }

    proptest! {
        #[test]
        fn any_number_that_is_shown_is_read_back(
            nanos: u64, count: u64, rate in 0.0..1e9, millionths in 0..=1_000_000u32,
        ) {
            let chance = f64::from(millionths) / 1e6;
            let most = Control::OptionalCount { min: 0, max: u64::MAX };
            let length = SimDuration::from_nanos(nanos);
            for (control, value) in [
                (Control::Duration, json!(length)),
                (most, json!(count)),
                (Control::Rate, json!(rate)),
                (Control::Spread, json!(Distribution::constant(length))),
            ] {
                let text = text_of(&control, &value);
                prop_assert_eq!(value_of(&control, &text, &value), Ok(value));
            }
            let text = text_of(&Control::Chance, &json!(chance));
            let back = read(&Control::Chance, &text).unwrap().as_f64().unwrap();
            prop_assert!((back - chance).abs() < 1e-9);
        }

        #[test]
        fn no_text_is_read_into_a_value_that_is_not_allowed(text in ".{0,12}|[0-9kM%./*()se, ]*") {
            for kind in Kind::ALL {
                for field in kind.descriptor().fields {
                    if let Ok(value) = read(&field.control, &text) {
                        prop_assert_eq!(field.control.problem(&value), None);
                    }
                }
            }
        }
    }

    #[test]
    fn people_write_numbers_in_many_ways() {
        let lengths = [
            ("40", "40ms"),
            ("250 ms", "250ms"),
            ("1.5s", "1.5s"),
            ("2 min", "120s"),
            ("2*250ms", "500ms"),
            ("1 s / 4", "250ms"),
            ("1s + 250ms", "1.25s"),
            ("1,500 ms", "1.5s"),
            ("40 µs", "40us"),
            ("1e3", "1s"),
        ];
        for (text, length) in lengths {
            assert_eq!(read(&Control::Duration, text), Ok(json!(length)), "{text}");
        }
        let rates = [
            ("5", 5.0),
            ("5k/s", 5_000.0),
            ("5k /s", 5_000.0),
            ("300/min", 5.0),
            ("300 per minute", 5.0),
            ("36/h", 0.01),
            ("1000/60", 1_000.0 / 60.0),
            ("1e3", 1_000.0),
            ("1,000", 1_000.0),
            ("1 000", 1_000.0),
            ("1/250ms", 4.0),
            ("2M/s", 2e6),
        ];
        for (text, rate) in rates {
            let read = read(&Control::Rate, text).unwrap_or_else(|why| panic!("{text}: {why}"));
            let read = read.as_f64().unwrap();
            assert!((read - rate).abs() < 1e-9, "{text} gave {read}");
        }
        let chances = [
            ("12", 0.12),
            ("12%", 0.12),
            ("0.12 %", 0.0012),
            ("1 in 20", 0.05),
        ];
        for (text, chance) in chances {
            let read = read(&Control::Chance, text).unwrap().as_f64().unwrap();
            assert!((read - chance).abs() < 1e-9, "{text} gave {read}");
        }
        let most = Control::OptionalCount {
            min: 0,
            max: 100_000,
        };
        for (text, value) in [
            ("2k", json!(2_000)),
            ("1.5k", json!(1_500)),
            ("10,000", json!(10_000)),
            ("3*4", json!(12)),
            ("∞", Value::Null),
            ("None", Value::Null),
            ("off", Value::Null),
        ] {
            assert_eq!(read(&most, text), Ok(value), "{text}");
        }
        let choice = Control::Choice(&[("drop_head", "Drop head")]);
        assert_eq!(read(&choice, "Drop head"), Ok(json!("drop_head")));
    }

    #[test]
    fn long_times_are_shown_in_units_that_people_read() {
        for (length, text) in [
            ("604800s", "7 days"),
            ("86400s", "1 day"),
            ("7200s", "2 h"),
            ("300s", "5 min"),
            ("90s", "90s"),
            ("250ms", "250ms"),
            ("0s", "0s"),
        ] {
            let control = Control::OptionalDuration;
            assert_eq!(text_of(&control, &json!(length)), text);
            assert_eq!(read(&control, text), Ok(json!(length)), "{text}");
        }
    }

    #[test]
    fn nonsense_is_told_with_an_example() {
        let most = Control::Count { min: 1, max: 9 };
        for (control, text, example) in [
            (&Control::Duration, "soon", "250 ms"),
            (&Control::Duration, "-3 ms", "250 ms"),
            (&Control::Duration, "5/s", "250 ms"),
            (&Control::Duration, "none", "250 ms"),
            (&Control::Chance, "120", "1 in 20"),
            (&Control::Chance, "3 ms", "1 in 20"),
            (&Control::Rate, "-3", "300/min"),
            (&Control::Rate, "1/0", "300/min"),
            (&Control::Rate, "1,5", "300/min"),
            (&most, "1.5", "such as"),
            (&most, "12", "such as"),
            (&most, "none", "such as"),
            (&most, "", "such as"),
            (&Control::Toggle, "perhaps", "yes or no"),
            (&Control::Json, "[", "such as"),
        ] {
            let why = read(control, text).expect_err(text);
            assert!(
                why.starts_with("expected") && why.contains(example),
                "{why}"
            );
        }
    }

    #[test]
    fn several_nodes_share_what_they_all_have() {
        let (service, queue) = (Kind::from_name("service"), Kind::from_name("queue"));
        let (service, queue) = (service.unwrap().defaults(), queue.unwrap().defaults());
        let other = Settings::from_json(service.kind(), &json!({ "workers": 7 })).unwrap();
        let shared = shared_fields(&[&service, &other]);
        assert_eq!(shared.len(), service.kind().descriptor().fields.len());
        let value = |name: &str| {
            let mut fields = shared.iter().filter(|shared| shared.field.name == name);
            fields.next().and_then(|shared| shared.value.clone())
        };
        assert_eq!(value("workers"), None);
        assert_eq!(value("failure_rate"), Some(json!(0.0)));
        let unusual = shared.iter().filter(|shared| shared.is_unusual());
        let unusual: Vec<&str> = unusual.map(|shared| shared.field.name).collect();
        assert_eq!(unusual, ["workers"]);
        let aggregate = Kind::from_name("aggregate").unwrap().defaults();
        let shared = shared_fields(&[&service, &aggregate]);
        let names: Vec<&str> = shared.iter().map(|shared| shared.field.name).collect();
        assert_eq!(names, ["restart_after"]);
        assert!(shared_fields(&[&queue, &service]).is_empty());
    }

    #[test]
    fn several_links_share_what_means_something_for_all() {
        let mut topology = Topology::default();
        for (id, kind) in (1..).zip(["producer", "exchange", "queue"]) {
            topology.nodes.push(Node {
                id: NodeId(id),
                name: kind.to_owned(),
                x: 0,
                y: 0,
                luck: None,
                preset: None,
                settings: Kind::from_name(kind).unwrap().defaults(),
                paper: Paper::default(),
            });
        }
        let mut sends = Link::new(LinkId(4), NodeId(1), NodeId(2));
        sends.settings.cut = true;
        let binds = Link::new(LinkId(5), NodeId(2), NodeId(3));
        let names = |links: &[&Link]| {
            let shared = link_fields(&topology, links).into_iter();
            let names: Vec<&str> = shared.map(|shared| shared.field.name).collect();
            names
        };
        assert!(names(&[&binds]).contains(&"binding"));
        let both = names(&[&sends, &binds]);
        assert!(!both.contains(&"binding") && both.contains(&"latency"));
        for row in link_fields(&topology, &[&sends, &binds]) {
            let differs = row.field.name == "cut";
            assert_eq!((row.is_unusual(), row.value.is_none()), (differs, differs));
        }
    }
}
