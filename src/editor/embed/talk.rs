//! What a page that embeds this one may ask for, and what it is told: JSON in both directions.
//!
//! What arrives is taken for hostile: its length is limited before it is read, only what is listed
//! here is done, and whoever asks for something else is told what there is.

use serde_json::{Value, json};

use crate::scenario::{self, Scenario, link};
use crate::topology::Problem;
use crate::units::SimTime;

/// Longest message that is read, in bytes of JSON.
pub const MESSAGE_MAX: usize = 2 << 20;
/// Longest name that an asker may give to what it asks.
const ID_MAX: usize = 64;
/// So many problems of a scenario are told.
const PROBLEMS_MOST: usize = 20;
/// The word that makes a message one of ours.
const WORD: &str = "eventyard";

/// Something that is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Time goes on.
    Play,
    /// Time stands still.
    Pause,
    /// To a moment, and stand still there.
    Seek(SimTime),
    /// Another scenario.
    Load(Box<Scenario>),
}

/// What somebody asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// What is to be done, or why it is not.
    pub command: Result<Command, Vec<Problem>>,
    /// What the asker called the command, cut if it is long.
    name: String,
    /// What the answer is to carry, so that the asker knows what it answers.
    id: Value,
}

/// Reads what another page sent, as JSON. Nothing if it is not meant for us: pages send each other
/// many things.
pub fn read_ask(text: &str) -> Option<Ask> {
    if text.len() > MESSAGE_MAX {
        // What is in it is not looked at, so whoever it is for, it is refused.
        let what = format!("the message has {} bytes", text.len());
        let hint = format!("at most {MESSAGE_MAX} are read; send a smaller scenario");
        return Some(Ask {
            command: Err(vec![Problem::new("the message", what, hint)]),
            name: String::new(),
            id: Value::Null,
        });
    }
    let mut message: Value = serde_json::from_str(text).ok()?;
    // A text with JSON inside will do as well.
    if let Value::String(inner) = &message {
        message = serde_json::from_str(inner).ok()?;
    }
    let name = message.get(WORD)?;
    let id = message.get("id").filter(|id| is_plain(id));
    let (id, word) = (id.cloned().unwrap_or_default(), name.as_str());
    Some(Ask {
        command: command(word.unwrap_or_default(), &message),
        name: word.unwrap_or_default().chars().take(ID_MAX).collect(),
        id,
    })
}

fn is_plain(id: &Value) -> bool {
    id.is_number() || id.as_str().is_some_and(|text| text.len() <= ID_MAX)
}

fn command(name: &str, message: &Value) -> Result<Command, Vec<Problem>> {
    match name {
        "play" => Ok(Command::Play),
        "pause" => Ok(Command::Pause),
        "seek" => seek(message.get("at")),
        "load" => load(message),
        _ => Err(refused(
            format!("there is no command {:?}", cut(name)),
            "send play, pause, seek or load",
        )),
    }
}

fn seek(at: Option<&Value>) -> Result<Command, Vec<Problem>> {
    let moment = match at {
        Some(Value::String(text)) => super::moment(text),
        Some(Value::Number(millis)) => {
            let nanos = millis.as_f64().map(|millis| (millis * 1e6).round());
            let nanos = nanos.filter(|nanos| (0.0..1.8e19).contains(nanos));
            nanos.map(|nanos| SimTime::from_nanos(nanos as u64))
        }
        _ => None,
    };
    moment.map(Command::Seek).ok_or_else(|| {
        refused(
            "seek has no moment in \"at\"".to_owned(),
            "send milliseconds as a number, or a text such as \"30s\"",
        )
    })
}

fn load(message: &Value) -> Result<Command, Vec<Problem>> {
    let scenario = match (message.get("scenario"), message.get("link")) {
        (Some(Value::String(text)), None) => scenario::read(text)?,
        (Some(document @ Value::Object(_)), None) => scenario::read(&document.to_string())?,
        // A whole address, or its fragment alone.
        (None, Some(Value::String(link))) => {
            let fragment = link.rsplit('#').next().unwrap_or_default();
            let embedded = super::read(fragment).map(|asked| asked.payload);
            link::decode(embedded.as_deref().unwrap_or(fragment))?
        }
        _ => {
            return Err(refused(
                "load has no scenario".to_owned(),
                "send either \"scenario\", an object or its JSON, or \"link\", a text",
            ));
        }
    };
    Ok(Command::Load(Box::new(scenario)))
}

fn refused(what: String, hint: &str) -> Vec<Problem> {
    vec![Problem::new("the message", what, hint)]
}

fn cut(text: &str) -> String {
    text.chars().take(ID_MAX).collect()
}

/// Something that the other page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The page is there, and listens.
    Ready {
        /// Why what its address carries cannot be shown.
        problems: Vec<Problem>,
    },
    /// What was asked was done.
    Done(Ask),
    /// What was asked was not done.
    Refused(Ask, Vec<Problem>),
    /// Where the run is.
    Time {
        /// The moment.
        at: SimTime,
        /// Whether time goes on.
        playing: bool,
    },
    /// Nothing is left to happen, or a limit stopped the run.
    Ended {
        /// The moment.
        at: SimTime,
        /// The limit.
        why: Option<String>,
    },
}

impl Event {
    /// The message, as JSON.
    pub fn to_json(&self) -> String {
        let message = match self {
            Self::Ready { problems } => json!({
                WORD: "ready",
                "version": env!("CARGO_PKG_VERSION"),
                "problems": told(problems),
            }),
            Self::Done(ask) => json!({ WORD: "done", "command": ask.name, "id": ask.id }),
            Self::Refused(ask, problems) => json!({
                WORD: "error",
                "command": ask.name,
                "id": ask.id,
                "problems": told(problems),
            }),
            Self::Time { at, playing } => json!({
                WORD: "time",
                "at": millis(*at),
                "playing": playing,
            }),
            Self::Ended { at, why } => json!({ WORD: "ended", "at": millis(*at), "why": why }),
        };
        message.to_string()
    }
}

fn told(problems: &[Problem]) -> Vec<String> {
    let first = problems.iter().take(PROBLEMS_MOST);
    first.map(ToString::to_string).collect()
}

fn millis(at: SimTime) -> f64 {
    at.nanos() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::examples;

    fn ask(message: Value) -> Ask {
        read_ask(&message.to_string()).expect("it is meant for us")
    }

    fn why(ask: &Ask) -> String {
        ask.command.as_ref().unwrap_err()[0].to_string()
    }

    #[test]
    fn what_is_listed_is_done() {
        assert_eq!(ask(json!({ WORD: "play" })).command, Ok(Command::Play));
        assert_eq!(ask(json!({ WORD: "pause" })).command, Ok(Command::Pause));
        for at in [json!(1_500), json!("1.5s"), json!("1500"), json!(1_500.0)] {
            let seek = Command::Seek(SimTime::from_nanos(1_500_000_000));
            assert_eq!(ask(json!({ WORD: "seek", "at": at })).command, Ok(seek));
        }
        let text = json!({ WORD: "play" }).to_string();
        assert_eq!(ask(Value::String(text)).command, Ok(Command::Play));
    }

    #[test]
    fn a_scenario_comes_as_an_object_a_text_or_a_link() {
        let scenario = examples()[0].scenario();
        let fragment = link::encode(&scenario);
        for load in [
            json!({ WORD: "load", "scenario": scenario.to_json() }),
            json!({ WORD: "load", "scenario": scenario::write(&scenario) }),
            json!({ WORD: "load", "link": fragment }),
            json!({ WORD: "load", "link": format!("https://a.example/b/#{fragment}") }),
            json!({ WORD: "load", "link": format!("https://a.example/#embed&t=3s&{fragment}") }),
        ] {
            let loaded = ask(load).command;
            assert_eq!(loaded, Ok(Command::Load(Box::new(scenario.clone()))));
        }
    }

    #[test]
    fn what_is_not_for_us_is_left_alone() {
        for other in [
            "",
            "null",
            "3",
            "[]",
            "{}",
            "{\"type\":\"webpackOk\"}",
            "\"hello\"",
            "{",
        ] {
            assert_eq!(read_ask(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_not_listed_is_refused_in_words_and_with_the_id() {
        let strange = ask(json!({ WORD: "eval", "id": "n 7" }));
        assert!(why(&strange).contains("send play, pause, seek or load"));
        let problems = strange.command.clone().unwrap_err();
        let answer: Value =
            serde_json::from_str(&Event::Refused(strange, problems).to_json()).unwrap();
        assert_eq!(answer[WORD], "error");
        assert_eq!(
            (&answer["id"], &answer["command"]),
            (&json!("n 7"), &json!("eval"))
        );
        for at in [
            json!(-1),
            json!("soon"),
            json!(null),
            json!(1e300),
            json!([3]),
        ] {
            assert!(why(&ask(json!({ WORD: "seek", "at": at }))).contains("at"));
        }
        for load in [
            json!({ WORD: "load" }),
            json!({ WORD: "load", "scenario": 3 }),
            json!({ WORD: "load", "scenario": {} , "link": "j1.x" }),
            json!({ WORD: "load", "scenario": { "format": "other" } }),
            json!({ WORD: "load", "scenario": "{" }),
            json!({ WORD: "load", "link": "https://a.example/#j1.broken" }),
            json!({ WORD: 7 }),
        ] {
            assert!(ask(load.clone()).command.is_err(), "{load}");
        }
    }

    #[test]
    fn hostile_messages_are_no_work() {
        let long = " ".repeat(MESSAGE_MAX + 1);
        assert!(why(&read_ask(&long).unwrap()).contains("at most"));
        let deep = format!("{{\"{WORD}\":{}}}", "[".repeat(100_000));
        assert_eq!(read_ask(&deep), None);
        let name = "x".repeat(100_000);
        let ask = ask(json!({ WORD: name, "id": name }));
        let problems = ask.command.clone().unwrap_err();
        assert!(Event::Refused(ask, problems).to_json().len() < 1_000);
    }

    #[test]
    fn events_are_json_with_the_word() {
        let at = SimTime::from_nanos(1_500_000_000);
        let time = Event::Time { at, playing: true };
        let told: Value = serde_json::from_str(&time.to_json()).unwrap();
        assert_eq!(told, json!({ WORD: "time", "at": 1500.0, "playing": true }));
        let ended = Event::Ended { at, why: None };
        let told: Value = serde_json::from_str(&ended.to_json()).unwrap();
        assert_eq!(told, json!({ WORD: "ended", "at": 1500.0, "why": null }));
    }
}
