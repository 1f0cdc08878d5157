//! The page inside of another page: what the address asks for, and what the two pages say to each
//! other.
//!
//! The fragment is `embed`, then flags, then perhaps a link's payload of whatever codec, all of
//! them with `&` between: `embed&readonly&autoplay&t=30s&panels=time,inspector&j1.…`. It knows no
//! window: texts come in, and texts go out.

mod talk;

pub use talk::{Ask, Command, Event, MESSAGE_MAX, read_ask};

use crate::scenario::link;
use crate::topology::Problem;
use crate::units::{SimDuration, SimTime};

/// Flags beyond these are not looked at.
const FLAGS_MOST: usize = 32;

/// A part of the page around the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Play, pause, the time, and its track.
    Time,
    /// What is selected, in full.
    Inspector,
    /// The kinds that can be added.
    Palette,
    /// The tools over the canvas.
    Tools,
    /// What colours and shapes mean.
    Legend,
    /// What to try.
    Hint,
    /// Zoom and the map.
    Zoom,
}

impl Panel {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Time,
        Self::Inspector,
        Self::Palette,
        Self::Tools,
        Self::Legend,
        Self::Hint,
        Self::Zoom,
    ];

    /// Its name in a link.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Inspector => "inspector",
            Self::Palette => "palette",
            Self::Tools => "tools",
            Self::Legend => "legend",
            Self::Hint => "hint",
            Self::Zoom => "zoom",
        }
    }
}

/// How the page is shown inside of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// Whether nothing can be changed.
    pub readonly: bool,
    /// Whether it plays by itself.
    pub autoplay: bool,
    /// The moment at which it stands, or from which it plays.
    pub at: SimTime,
    /// What is shown around the canvas.
    pub panels: Vec<Panel>,
    /// Dark or light whatever the system says.
    pub dark: Option<bool>,
}

impl Default for Embed {
    fn default() -> Self {
        Self {
            readonly: false,
            autoplay: false,
            at: SimTime::ZERO,
            panels: vec![Panel::Time, Panel::Inspector],
            dark: None,
        }
    }
}

/// What a fragment says that asks for the page inside of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How it is shown.
    pub embed: Embed,
    /// The link's payload, as it is; empty if there is none.
    pub payload: String,
    /// Flags that were not understood.
    pub problems: Vec<Problem>,
}

/// What a fragment asks for, with or without `#`; nothing if it is no embed.
pub fn read(fragment: &str) -> Option<Asked> {
    let fragment = fragment.trim_start_matches('#');
    let mut parts = fragment.split('&');
    if parts.next() != Some("embed") {
        return None;
    }
    let mut asked = Asked {
        embed: Embed::default(),
        payload: String::new(),
        problems: Vec::new(),
    };
    for part in parts.take(FLAGS_MOST) {
        if link::is_scenario(part) {
            // Nothing of ours stands behind it: mail programs and counters add things there.
            part.clone_into(&mut asked.payload);
            break;
        }
        if let Err(problem) = asked.embed.take(part) {
            asked.problems.push(problem);
        }
    }
    Some(asked)
}

impl Embed {
    fn take(&mut self, flag: &str) -> Result<(), Problem> {
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        let holds = || match value {
            "" | "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            _ => Err(wrong(flag, "write it alone, or with =0 or =1")),
        };
        match name {
            "" => {}
            "readonly" => self.readonly = holds()?,
            "autoplay" => self.autoplay = holds()?,
            "t" => {
                self.at = moment(value)
                    .ok_or_else(|| wrong(flag, "write a time such as t=30s or t=1500ms"))?;
            }
            "panels" => self.panels = panels(value)?,
            "theme" => {
                self.dark = match value {
                    "dark" => Some(true),
                    "light" => Some(false),
                    "system" => None,
                    _ => return Err(wrong(flag, "write light, dark or system")),
                };
            }
            _ => {
                return Err(wrong(
                    flag,
                    "write readonly, autoplay, t=, panels= or theme=",
                ));
            }
        }
        Ok(())
    }

    /// Whether a panel is shown.
    pub fn shows(&self, panel: Panel) -> bool {
        self.panels.contains(&panel)
    }

    /// The fragment for a payload, without `#`.
    pub fn write(&self, payload: &str) -> String {
        let plain = Self::default();
        let mut parts = vec!["embed".to_owned()];
        if self.readonly {
            parts.push("readonly".to_owned());
        }
        if self.autoplay {
            parts.push("autoplay".to_owned());
        }
        if self.at != plain.at {
            parts.push(format!("t={}", self.at.since(SimTime::ZERO)));
        }
        if self.panels != plain.panels {
            let names: Vec<&str> = self.panels.iter().map(|panel| panel.name()).collect();
            parts.push(format!("panels={}", names.join(",")));
        }
        if let Some(dark) = self.dark {
            parts.push(format!("theme={}", if dark { "dark" } else { "light" }));
        }
        if !payload.is_empty() {
            parts.push(payload.to_owned());
        }
        parts.join("&")
    }
}

fn panels(names: &str) -> Result<Vec<Panel>, Problem> {
    let mut panels = Vec::new();
    for name in names.split(',').filter(|name| !name.is_empty()) {
        let known = Panel::ALL.into_iter().find(|panel| panel.name() == name);
        match known {
            Some(panel) if panels.contains(&panel) => {}
            Some(panel) => panels.push(panel),
            None if name == "none" => {}
            None => {
                let all = Panel::ALL.map(Panel::name).join(", ");
                return Err(wrong(name, &format!("the panels are {all}, none")));
            }
        }
    }
    Ok(panels)
}

/// A moment as a link or a message has it; a number without a unit counts milliseconds.
fn moment(text: &str) -> Option<SimTime> {
    let length = match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => SimDuration::from_millis(text.parse().ok()?),
        false => text.parse().ok()?,
    };
    Some(SimTime::ZERO.after(length))
}

fn wrong(flag: &str, hint: &str) -> Problem {
    let flag: String = flag.chars().take(40).collect();
    let what = format!("{flag:?} is nothing that an embedded page knows");
    Problem::new("the address", what, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(secs: u64) -> SimTime {
        SimTime::ZERO.after(SimDuration::from_secs(secs))
    }

    #[test]
    fn flags_come_before_a_payload_of_any_codec() {
        let link = "#embed&readonly&autoplay&t=30s&panels=time,inspector&s1.Ab-_9";
        let asked = read(link).unwrap();
        assert_eq!(asked.payload, "s1.Ab-_9");
        assert_eq!(asked.problems, []);
        assert!(asked.embed.readonly && asked.embed.autoplay);
        assert_eq!(asked.embed.at, seconds(30));
        assert_eq!(asked.embed.panels, [Panel::Time, Panel::Inspector]);
    }

    #[test]
    fn other_fragments_are_no_embed() {
        for fragment in [
            "",
            "#",
            "j1.abc",
            "#embedded&readonly",
            "#x&embed",
            "#u=embed",
        ] {
            assert_eq!(read(fragment), None, "{fragment}");
        }
    }

    #[test]
    fn an_embed_alone_waits_for_a_scenario() {
        let asked = read("#embed").unwrap();
        assert_eq!(asked.embed, Embed::default());
        assert_eq!((asked.payload.as_str(), asked.problems.len()), ("", 0));
    }

    #[test]
    fn times_have_units_or_are_milliseconds() {
        let at = |flag: &str| read(&format!("embed&{flag}")).unwrap().embed.at;
        assert_eq!(at("t=30000"), seconds(30));
        assert_eq!(at("t=1.5s"), SimTime::from_nanos(1_500_000_000));
        assert_eq!(at("t=2m&j1.x"), seconds(120));
        for wrong in ["t=", "t=-1s", "t=x", "t=99999999999999999999", "t=1.5"] {
            let asked = read(&format!("embed&{wrong}")).unwrap();
            assert_eq!(asked.embed.at, SimTime::ZERO, "{wrong}");
            assert_eq!(asked.problems.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_rest_holds() {
        let asked = read("embed&readonly=maybe&autoplay=0&colour=red&panels=time,clock&j1.x");
        let asked = asked.unwrap();
        let named: Vec<_> = asked.problems.iter().map(|it| it.what.clone()).collect();
        assert_eq!(named.len(), 3, "{named:?}");
        assert!(named[0].contains("readonly=maybe"), "{named:?}");
        assert!(named[1].contains("colour=red"), "{named:?}");
        assert!(named[2].contains("clock"), "{named:?}");
        assert_eq!(asked.payload, "j1.x");
        assert!(!asked.embed.readonly && !asked.embed.autoplay);
    }

    #[test]
    fn a_flood_of_flags_is_no_work() {
        let flood = format!("embed{}", "&x".repeat(100_000));
        assert_eq!(read(&flood).unwrap().problems.len(), FLAGS_MOST);
        let long = format!("embed&{}", "x".repeat(1_000_000));
        assert!(read(&long).unwrap().problems[0].what.len() < 200);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = Embed {
            readonly: true,
            autoplay: true,
            at: SimTime::from_nanos(1_234_567_000),
            panels: vec![Panel::Zoom, Panel::Legend],
            dark: Some(true),
        };
        let bare = Embed {
            panels: Vec::new(),
            ..Embed::default()
        };
        for embed in [Embed::default(), all, bare] {
            let asked = read(&embed.write("s1.abc")).unwrap();
            assert_eq!((asked.embed, asked.problems), (embed, Vec::new()));
            assert_eq!(asked.payload, "s1.abc");
        }
        assert_eq!(Embed::default().write(""), "embed");
    }
}
