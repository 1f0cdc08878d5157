//! A link carries a scenario whole, opens for ever, and never as something else.

#[path = "links/dice.rs"]
mod dice;

use std::fs;
use std::path::Path;

use dice::Dice;
use eventyard::nodes::{Control, Kind, Settings};
use eventyard::scenario::link::{self, Sent, SentCamera, Standpoint};
use eventyard::scenario::{self, Scenario, examples};
use eventyard::topology::{Link, Node, Note, Paper, Step, Walk};
use eventyard::units::{LinkId, NodeId, NoteId, SimTime, ViewId, WalkId};
use proptest::prelude::*;
use serde_json::{Value, json};

fn saga() -> Scenario {
    scenario::read(include_str!("links/order-saga.json")).unwrap_or_else(|it| panic!("{it:#?}"))
}

fn standpoint() -> Standpoint {
    Standpoint {
        moment: Some(SimTime::from_nanos(47_123_456_789)),
        entries: Some(8_123),
        selection: vec![13, 46],
        camera: Some(SentCamera {
            x: -12_345,
            y: 6_700,
            zoom: 8_333,
            width: 1_440,
            height: 788,
        }),
        view: Some(ViewId(73)),
    }
}

/// Thirty nodes, forty links, four faults and three checks, with all that people wrote.
#[test]
fn a_large_scenario_makes_a_short_link() {
    let scenario = saga();
    let topology = &scenario.topology;
    assert_eq!((topology.nodes.len(), topology.links.len()), (30, 40));
    assert_eq!((scenario.script.len(), scenario.checks.len()), (4, 3));
    let mut written = scenario.name.len() + scenario.about.len() + scenario.hint.len();
    written += topology.nodes.iter().map(|it| it.name.len()).sum::<usize>();
    written += topology
        .links
        .iter()
        .map(|it| it.label.len())
        .sum::<usize>();
    let drawing = &scenario.drawing;
    written += drawing.notes.iter().map(|it| it.text.len()).sum::<usize>();
    written += drawing.frames.iter().map(|it| it.name.len()).sum::<usize>();
    assert!(written >= 1_200, "{written} bytes");

    let link = link::encode_short(&scenario).expect("it is no large one");
    println!("{} characters, {written} of text", link.len());
    assert!(link.len() <= 1_700, "{} characters", link.len());
    assert_eq!(link::decode(&link), Ok(scenario));
}

/// Links of every version that there ever was, each beside the document that it carries. They stay
/// as they are: what cannot be opened any more has to be mended, not replaced.
#[test]
fn links_of_former_versions_open_for_ever() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links/golden");
    let mut seen = 0;
    for file in fs::read_dir(folder).expect("the folder is there") {
        let path = file.expect("it can be listed").path();
        if path.extension().is_none_or(|ending| ending != "link") {
            continue;
        }
        let fragment = fs::read_to_string(&path).expect("it is text");
        let document = fs::read_to_string(path.with_extension("json")).expect("it has a document");
        let document = scenario::read(&document).unwrap_or_else(|it| panic!("{path:?}: {it:#?}"));
        let sent = link::open(&fragment).unwrap_or_else(|it| panic!("{path:?}: {it:#?}"));
        assert_eq!(sent.scenario, document, "{path:?}");
        if path.ends_with("standpoint.link") {
            assert_eq!((sent.standpoint, sent.semantics), (standpoint(), 1));
        }
        seen += 1;
    }
    assert!(seen >= 6, "only {seen}");
}

#[test]
fn a_link_gives_back_where_its_sender_was() {
    let scenario = saga();
    for standpoint in [Standpoint::default(), standpoint()] {
        let link = link::encode_at(&scenario, &standpoint).expect("it is no large one");
        let expected = Sent {
            scenario: scenario.clone(),
            standpoint,
            semantics: eventyard::engine::SEMANTICS,
        };
        // As it may be copied out of a message.
        assert_eq!(link::open(&format!(" #{link}).\n")), Ok(expected));
    }
}

impl Dice {
    fn text(&mut self, most: u64) -> String {
        let letters: Vec<char> = "abc déf\n\"{}0123\u{1f69a}\u{0}xyz".chars().collect();
        let length = self.below(most + 1);
        (0..length)
            .map(|_| letters[self.below(letters.len() as u64) as usize])
            .collect()
    }

    fn float(&mut self, most: f64) -> f64 {
        let share = self.below(1 << 31) as f64 / f64::from(1 << 31);
        match self.below(3) {
            0 => most * share,
            1 => (most * share * 100.0).round() / 100.0,
            _ => (most * share).round(),
        }
    }

    fn duration(&mut self) -> Value {
        let units = ["ns", "us", "ms", "s"];
        json!(format!(
            "{}{}",
            self.below(2_000),
            units[self.below(4) as usize]
        ))
    }

    fn spread(&mut self) -> Value {
        match self.below(4) {
            0 => json!({ "shape": "constant", "value": self.duration() }),
            1 => json!({ "shape": "erlang", "stages": 1 + self.below(9), "mean": self.duration() }),
            2 => json!({ "shape": "empirical", "values": [self.duration(), self.duration()] }),
            _ => json!({ "shape": "exponential", "mean": self.duration() }),
        }
    }

    fn json(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1 << 20) as i64 - (1 << 19)),
            3 => json!(u64::MAX - self.below(9)),
            4 => json!(self.float(1e9) * self.float(1e-9)),
            5 => json!([0.1, -0.0, 1e300, 5e-324, 2.0, 123456.789][self.below(6) as usize]),
            6 => json!(self.text(12)),
            7 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| (self.text(5), self.json(depth - 1)))
                .collect(),
        }
    }

    /// A value that a control takes, if the settings as a whole allow it.
    fn setting(&mut self, control: &Control) -> Option<Value> {
        Some(match control {
            Control::Count { min, max } => json!(min + self.below(max - min + 1)),
            Control::OptionalCount { min, max } => json!(min + self.below(max - min + 1)),
            Control::Rate => json!(self.float(1e4)),
            Control::Chance => json!(self.float(1.0)),
            Control::Duration | Control::OptionalDuration => self.duration(),
            Control::Spread => self.spread(),
            Control::Choice(choices) => json!(choices[self.below(choices.len() as u64) as usize].0),
            Control::Toggle => json!(self.below(2) == 0),
            Control::Text(most) => json!(self.text((*most as u64).min(20))),
            _ => return None,
        })
    }

    fn settings(&mut self, kind: Kind) -> Settings {
        let mut settings = json!({});
        for field in kind.descriptor().fields {
            let before = settings.clone();
            if self.below(2) == 0
                && let Some(value) = self.setting(&field.control)
            {
                settings[field.name] = value;
            }
            if Settings::from_json(kind, &settings).is_err() {
                settings = before;
            }
        }
        Settings::from_json(kind, &settings).expect("what was wrong was taken out")
    }

    fn scenario(&mut self) -> Scenario {
        let mut scenario = match self.below(3) {
            0 => Scenario::new(&self.text(30)),
            1 => examples()[self.below(2) as usize].scenario(),
            _ => saga(),
        };
        scenario.seed = self.below(3) * (u64::MAX / 2);
        let first = scenario.next_id;
        let count = self.below(9) as u32;
        for n in 0..count {
            let kind = Kind::ALL[self.below(Kind::ALL.len() as u64) as usize];
            scenario.topology.nodes.push(Node {
                id: NodeId(first + n),
                name: self.text(20),
                x: self.below(9_000) as i32 - 4_500,
                y: self.below(90) as i32 * 20,
                luck: (self.below(4) == 0).then(|| self.text(6)),
                preset: {
                    let presets = kind.descriptor().presets;
                    presets.get(self.below(2 * presets.len() as u64 + 1) as usize)
                },
                settings: self.settings(kind),
                paper: Paper {
                    description: self.text(40),
                    tags: (0..self.below(3)).map(|_| self.text(4)).collect(),
                    ..Paper::default()
                },
            });
        }
        for n in 0..count {
            let mut link = Link::new(
                LinkId(first + count + n),
                NodeId(first + self.below(count.into()) as u32),
                NodeId(first + self.below(count.into()) as u32),
            );
            link.label = self.text(9);
            link.settings.cut = self.below(2) == 0;
            if scenario.topology.problem_with_link(&link).is_none() {
                scenario.topology.links.push(link);
            }
        }
        let first = first + 2 * count;
        scenario.drawing.notes.push(Note {
            id: NoteId(first),
            x: -3,
            y: i32::from(self.below(2) == 0),
            text: self.text(90),
        });
        if let Some(node) = scenario.topology.nodes.first().map(|node| node.id) {
            let json = json!({ "at": self.duration(), "do": "send", "node": node, "event": "E",
                "body": self.json(4) });
            let entry = eventyard::simulation::ScriptEntry::from_json(&json, "", &mut Vec::new());
            scenario.script.extend(entry);
            let steps = (0..self.below(3)).map(|_| Step {
                from: node,
                to: node,
                text: self.text(30),
            });
            let steps = steps.collect();
            scenario.drawing.walks.push(Walk {
                id: WalkId(first + 1),
                name: self.text(9),
                steps,
                paper: Paper::default(),
            });
        }
        scenario.next_id = first + 2 + self.below(50) as u32;
        scenario.mend();
        scenario
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_goes_into_a_link_comes_out_of_it(seed in any::<u64>()) {
        let scenario = Dice(seed).scenario();
        // What the program itself would not open is no scenario.
        prop_assume!(scenario::read(&scenario::write(&scenario)).as_ref() == Ok(&scenario));
        let link = link::encode_short(&scenario).expect("it is no large one");
        prop_assert_eq!(link::decode(&link), Ok(scenario));
    }
}

#[test]
fn every_changed_character_is_found() {
    let link = link::encode_short(&examples()[1].scenario()).expect("it is short");
    for at in 0..link.len() {
        for letter in b"AZaz09-_." {
            let mut text = link.clone().into_bytes();
            if text[at] != *letter {
                text[at] = *letter;
                let text = String::from_utf8(text).expect("it is ASCII");
                assert!(link::open(&text).is_err(), "{text}");
            }
        }
        assert!(link::open(&link[..at]).is_err(), "cut at {at}");
    }
}
