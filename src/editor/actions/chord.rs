//! Keys that are pressed together: how they are written, shown and recognised.

/// Keys that are pressed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    command: bool,
    shift: bool,
    alt: bool,
    key: String,
}

/// A pressed key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press<'a> {
    /// The key as the keyboard layout names it.
    pub key: &'a str,
    /// The key by its place on the keyboard.
    pub code: &'a str,
    /// Whether Control, or Command on a Mac, is held.
    pub command: bool,
    /// Whether Shift is held.
    pub shift: bool,
    /// Whether Alt is held.
    pub alt: bool,
}

impl Chord {
    /// Reads "Mod+Shift+Z"; `None` if there is no key in it.
    pub fn read(text: &str) -> Option<Self> {
        let mut chord = Self {
            command: false,
            shift: false,
            alt: false,
            key: String::new(),
        };
        let mut rest = text.trim();
        loop {
            match rest.split_once('+') {
                Some(("Mod", after)) => (chord.command, rest) = (true, after),
                Some(("Shift", after)) => (chord.shift, rest) = (true, after),
                Some(("Alt", after)) => (chord.alt, rest) = (true, after),
                _ => break,
            }
        }
        chord.key = rest.to_owned();
        (!rest.is_empty() && rest.chars().count() <= 12).then_some(chord)
    }

    /// The chord that a press is.
    pub fn of(press: Press<'_>) -> Option<Self> {
        if matches!(
            press.key,
            "Control" | "Shift" | "Alt" | "Meta" | "Dead" | "Unidentified"
        ) {
            return None;
        }
        let letter = letter_of(press);
        let digit = press
            .code
            .strip_prefix("Digit")
            .filter(|_| press.shift || press.alt);
        let key = match (digit, letter, press.key) {
            (Some(digit), ..) => digit.to_owned(),
            (_, Some(letter), _) => letter.to_string(),
            (.., " ") => "Space".to_owned(),
            (.., key) => key.to_owned(),
        };
        // Which symbols need Shift depends on the keyboard: the symbol alone says enough.
        let symbol = key.chars().count() == 1 && !key.chars().all(char::is_alphanumeric);
        Some(Self {
            command: press.command,
            shift: press.shift && !symbol,
            alt: press.alt,
            key,
        })
    }

    /// The chord as it is kept.
    pub fn to_text(&self) -> String {
        let held = [
            (self.command, "Mod+"),
            (self.alt, "Alt+"),
            (self.shift, "Shift+"),
        ];
        let held = held.iter().filter(|(held, _)| *held).map(|(_, text)| *text);
        held.chain([self.key.as_str()]).collect()
    }

    /// The keys as they are printed, one by one.
    pub fn caps(&self, mac: bool) -> Vec<String> {
        let command = if mac { "⌘" } else { "Ctrl" };
        let alt = if mac { "⌥" } else { "Alt" };
        let held = [
            (self.command, command),
            (self.alt, alt),
            (self.shift, "Shift"),
        ];
        let held = held.iter().filter(|(held, _)| *held).map(|(_, cap)| *cap);
        let key = match self.key.as_str() {
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "ArrowUp" => "↑",
            "ArrowDown" => "↓",
            "Escape" => "Esc",
            "Delete" => "Del",
            "-" => "−",
            key => key,
        };
        held.chain([key]).map(str::to_owned).collect()
    }

    /// Whether it is one key alone, which people who speak to their computer may not want.
    pub fn is_single(&self) -> bool {
        !self.command && !self.alt && self.key.chars().count() == 1
    }
}

/// Letters count by what they are, and by their place where Alt makes something else of them.
fn letter_of(press: Press<'_>) -> Option<char> {
    let place = press.code.strip_prefix("Key").filter(|_| press.alt);
    let mut letters = place.unwrap_or(press.key).chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_alphabetic() => Some(letter.to_ascii_uppercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "Mod+Shift+Z",
            "Space",
            "Alt+ArrowLeft",
            "?",
            "Mod++",
            "1",
            "Shift+F10",
        ] {
            let chord = Chord::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(chord.to_text(), text);
        }
        assert_eq!(Chord::read("Mod+"), None);
    }

    #[test]
    fn presses_are_recognised_on_every_layout() {
        let plain = Press::default();
        for (press, text) in [
            (
                Press {
                    key: "z",
                    command: true,
                    ..plain
                },
                "Mod+Z",
            ),
            (
                Press {
                    key: "Z",
                    command: true,
                    shift: true,
                    ..plain
                },
                "Mod+Shift+Z",
            ),
            (
                Press {
                    key: "?",
                    shift: true,
                    ..plain
                },
                "?",
            ),
            (
                Press {
                    key: "!",
                    code: "Digit1",
                    shift: true,
                    ..plain
                },
                "Shift+1",
            ),
            (
                Press {
                    key: "å",
                    code: "KeyA",
                    alt: true,
                    ..plain
                },
                "Alt+A",
            ),
            (Press { key: " ", ..plain }, "Space"),
            (
                Press {
                    key: "[",
                    alt: false,
                    ..plain
                },
                "[",
            ),
        ] {
            assert_eq!(
                Chord::of(press).map(|chord| chord.to_text()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(
            Chord::of(Press {
                key: "Shift",
                shift: true,
                ..plain
            }),
            None
        );
    }

    #[test]
    fn keys_are_shown_as_they_are_printed() {
        let chord = Chord::read("Mod+Shift+ArrowLeft").unwrap();
        assert_eq!(chord.caps(false), ["Ctrl", "Shift", "←"]);
        assert_eq!(chord.caps(true), ["⌘", "Shift", "←"]);
    }
}
