//! Texts that arrive from anywhere, changed at random: nothing panics, nothing grows beyond its
//! limits, and what is read is a document like any other. The same seeds make the same texts on
//! every machine, so what fails fails again.

use std::fmt::Debug;

use eventyard::interchange::{self, sketch, sruja};
use eventyard::nodes::Kind;
use eventyard::scenario::{self, Scenario, examples};
use eventyard::simulation::Run;
use eventyard::topology::Problem;
use eventyard::units::SimTime;

/// Changed texts of each format. `EVENTYARD_HOSTILE` asks for more.
const CASES: u64 = 400;
/// Longest text that is made, in bytes.
const LENGTH_MAX: usize = 64 << 10;
/// Most that is read of a hostile text before somebody must have said that it is too much.
const GROWTH_MAX: usize = 40;

type Read = fn(&str) -> Result<Scenario, Vec<Problem>>;

/// A format: its name, texts of it, how it is read, and what its texts are made of.
struct Format {
    name: &'static str,
    texts: fn() -> Vec<String>,
    read: Read,
    words: &'static [&'static str],
}

/// One row for each format that is read.
const FORMATS: &[Format] = &[
    Format {
        name: "document",
        texts: documents,
        read: scenario::read,
        words: &[
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"version\"",
            "1",
            "\"nodes\"",
            "\"links\"",
            "\"id\"",
            "\"kind\"",
            "\"queue\"",
            "\"script\"",
            "\"at\"",
            "\"5s\"",
            "\"do\"",
            "\"crash\"",
            "null",
            "1e99",
            "-1",
            "18446744073709551615",
            "\"\\u0000\"",
            "true",
            "\"walks\"",
            "\"paper\"",
            "\"more\"",
            "\"settings\"",
            "\"events\"",
        ],
    },
    Format {
        name: "sketch",
        texts: sketches,
        read: |text| {
            let sketch = sketch::parse(text, None);
            let again = sketch::parse(text, Some(&examples()[0].scenario()));
            assert!(sketch.flaws.len() <= sketch::FLAWS_MAX, "too many flaws");
            assert_eq!(sketch.scenario.is_some(), sketch.flaws.is_empty(), "{text}");
            assert_eq!(again.scenario.is_some(), again.flaws.is_empty(), "{text}");
            if let Some(scenario) = &sketch.scenario {
                let printed = sketch::print(scenario);
                let again = sketch::parse(&printed, None);
                assert_eq!(again.scenario.as_ref(), Some(scenario), "{text}\n{printed}");
            }
            sketch.scenario.ok_or_else(Vec::new)
        },
        words: &[
            "a",
            "b",
            ":",
            "queue",
            "service",
            "producer",
            "->",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "\n",
            "\n",
            "#",
            "@",
            ",",
            "1",
            "-5",
            "\"x\"",
            "\"",
            "at",
            "5s",
            "crash",
            "set_node",
            "check",
            "on",
            "scenario",
            "frame",
            "members",
            "walk",
            "note",
            "paper",
            "exponential",
            "rate",
            "latency",
            "//",
            "\\",
            "add_node",
            "add_link",
            "nothing_lost",
        ],
    },
    Format {
        name: "Sruja",
        texts: sruja_texts,
        read: |text| sruja::read(text, "hostile.sruja").map(|read| read.scenario),
        words: &[
            "a",
            "b",
            "=",
            "system",
            "queue",
            "person",
            "{",
            "}",
            "->",
            "<-",
            "<->",
            "\"x\"",
            "'",
            "\"",
            ".",
            "\n",
            "[",
            "]",
            "#t",
            "scenario",
            "flow",
            "view",
            "include",
            "*",
            "extend",
            "metadata",
            "eventyard",
            "\"{}\"",
            "architecture",
            "//",
            "/*",
            "*/",
            "scale",
            "min",
            "3",
            "kind",
            "step",
            "order",
            "layout",
            "element",
        ],
    },
    // Links have tests/hostile_links.rs: nearly all changed ones fail at their checksum.
];

fn documents() -> Vec<String> {
    let examples = examples().iter().map(|example| example.text.to_owned());
    let kinds = Kind::ALL.iter().map(|kind| kind.example().to_owned());
    examples.chain(kinds).collect()
}

fn scenarios() -> Vec<Scenario> {
    let documents = documents();
    let read = documents.iter().map(|text| scenario::read(text));
    read.map(|read| read.expect("examples are read")).collect()
}

fn sketches() -> Vec<String> {
    scenarios().iter().map(sketch::print).collect()
}

fn sruja_texts() -> Vec<String> {
    let mut texts: Vec<String> = scenarios().iter().take(3).map(sruja::write).collect();
    texts.push(
        "import { * } from 'sruja.ai/stdlib'\n// why\nFan = person \"Fan\"\n\
         Shop = system \"Shop\" {\n  Web = container \"Web\" { scale { min 2 max 5 } }\n  \
         Sold = queue \"Sold\" {\n    technology \"RabbitMQ\"\n    \
         metadata { prefetch \"10\" }\n  }\n  Web -> Sold \"sends\"\n}\n\
         Fan -> Shop.Web \"asks\" [async]\n\
         story Buying \"Buying\" { Fan -> Shop.Web \"asks\" }\n\
         view index { include * exclude Fan }\n"
            .to_owned(),
    );
    texts
}

/// Random numbers that are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most.max(1)
    }

    /// A place in a text at which a letter begins.
    fn place(&mut self, text: &str) -> usize {
        let wanted = self.below(text.len() + 1);
        let places = (wanted..=text.len()).find(|at| text.is_char_boundary(*at));
        places.unwrap_or(text.len())
    }

    /// A text changed in a few places.
    fn changed(&mut self, text: &str, words: &[&str]) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(6) {
            let (one, other) = (self.place(&text), self.place(&text));
            let (start, end) = (one.min(other), one.max(other));
            let end = end.min(start + self.below(200));
            let end = (end..=text.len()).find(|at| text.is_char_boundary(*at));
            let end = end.unwrap_or(text.len());
            match self.below(6) {
                0 => text.replace_range(start..end, ""),
                1 => {
                    let again = text[start..end].repeat(1 + self.below(30));
                    text.insert_str(start, &again);
                }
                2 => text.truncate(start),
                3 => {
                    let letter = char::from_u32(self.below(0x3000) as u32).unwrap_or('"');
                    text.insert(start, letter);
                }
                4 => {
                    let moved = text[start..end].to_owned();
                    let to = self.place(&text);
                    text.insert_str(to, &moved);
                }
                _ => text.insert_str(start, words[self.below(words.len())]),
            }
            let most = (0..=LENGTH_MAX.min(text.len())).rev();
            let most = most.clone().find(|at| text.is_char_boundary(*at));
            text.truncate(most.unwrap_or(0));
        }
        text
    }

    /// Words one after the other.
    fn soup(&mut self, words: &[&str]) -> String {
        let count = self.below(400);
        let mut soup = String::new();
        for _ in 0..count {
            soup.push_str(words[self.below(words.len())]);
            if self.below(3) > 0 {
                soup.push(' ');
            }
        }
        soup
    }
}

/// Whatever came of a text is small enough and like any document.
fn judge<E: Debug>(read: &Result<Scenario, E>, text: &str, case: &str) {
    let Ok(scenario) = read else {
        return;
    };
    assert_eq!(scenario.problems(), [], "{case}\n{text}");
    let written = scenario::write(scenario);
    let most = GROWTH_MAX * (text.len() + 4_096);
    assert!(
        written.len() < most,
        "{case}: {} bytes of {}",
        written.len(),
        text.len()
    );
    let again = scenario::read(&written);
    assert_eq!(again.as_ref(), Ok(scenario), "{case}\n{text}");
    let mut run = Run::new(scenario.plan()).expect("what has no problems can be run");
    run.advance(SimTime::from_nanos(500_000_000), 500);
}

fn cases() -> u64 {
    let more = std::env::var("EVENTYARD_HOSTILE").ok();
    more.and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

#[test]
fn changed_texts_are_read_or_refused() {
    for format in FORMATS {
        let texts = (format.texts)();
        for seed in 0..cases() {
            let mut dice = Dice(seed * 7_919 + 1);
            let start = &texts[dice.below(texts.len())];
            let text = dice.changed(start, format.words);
            let case = format!("{} {seed}", format.name);
            println!("{case}");
            judge(&(format.read)(&text), &text, &case);
            let bytes = text.as_bytes();
            let _ = interchange::read(bytes, "anything");
        }
    }
}

#[test]
fn soups_of_words_are_read_or_refused() {
    for format in FORMATS {
        for seed in 0..cases() {
            let mut dice = Dice(seed * 104_729 + 3);
            let text = dice.soup(format.words);
            let case = format!("{} soup {seed}", format.name);
            println!("{case}");
            judge(&(format.read)(&text), &text, &case);
        }
    }
}

#[test]
fn texts_beyond_the_limits_are_refused() {
    for format in FORMATS {
        let texts = (format.texts)();
        // One word, or one statement, over and over.
        for word in format.words {
            let text = word.repeat((1 << 16) / word.len());
            let case = format!("{} {word:?} again and again", format.name);
            judge(&(format.read)(&text), &text, &case);
        }
        let text = texts[0].repeat(200);
        judge(
            &(format.read)(&text),
            &text,
            &format!("{} 200 times", format.name),
        );
        let text = " ".repeat(scenario::TEXT_MAX + 1);
        assert!((format.read)(&text).is_err(), "{}", format.name);
    }
}
