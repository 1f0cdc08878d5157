//! The table of actions: everything that a key can do, its key, and its words for the help sheet.

/// Something that the user can do with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Play, or pause.
    PlayPause,
    /// One trace entry on.
    Step,
    /// One speed slower.
    Slower,
    /// One speed faster.
    Faster,
    /// Back to the start.
    ToStart,
    /// From the start again, with the same seed.
    Restart,
    /// From the start again, with another seed.
    RestartNewSeed,
    /// Everything on the screen.
    Fit,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// One pixel of the world on one pixel of the screen.
    ZoomReset,
    /// Nothing selected, nothing open.
    Clear,
    /// The help sheet.
    Help,
    /// Light or dark.
    Theme,
    /// A file with a scenario.
    Open,
    /// The scenario or its picture as a file.
    Export,
    /// The selected node to the left.
    NudgeLeft,
    /// The selected node to the right.
    NudgeRight,
    /// The selected node up.
    NudgeUp,
    /// The selected node down.
    NudgeDown,
}

/// A pressed key.
#[derive(Clone, Copy, Debug)]
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

/// What the help sheet says about one action or a pair of them.
#[derive(Clone, Copy, Debug)]
pub struct HelpRow {
    /// The keys, each as it is printed on the keyboard.
    pub keys: &'static [&'static str],
    /// What they do.
    pub words: &'static str,
}

/// The help sheet, by heading.
pub const HELP: &[(&str, &[HelpRow])] = &[
    (
        "Time",
        &[
            row(&["Space"], "Play or pause"),
            row(&["."], "Step one trace entry"),
            row(&["[", "]"], "Slower, faster"),
            row(&["Home"], "Back to the start"),
            row(&["R"], "Restart with the same seed"),
            row(&["Shift", "R"], "Restart with a new seed"),
        ],
    ),
    (
        "Canvas",
        &[
            row(&["Tab"], "Next node or link"),
            row(&["Enter"], "Select it, and see its settings"),
            row(&["Esc"], "Select nothing"),
            row(
                &["←", "→", "↑", "↓"],
                "Move the selected node (Shift: further)",
            ),
            row(&["Shift", "1"], "Fit everything"),
            row(
                &["Ctrl", "+"],
                "Zoom in (also Ctrl with the wheel, or pinch)",
            ),
            row(&["Ctrl", "−"], "Zoom out"),
            row(&["Ctrl", "0"], "Zoom to 100 %"),
        ],
    ),
    (
        "Page",
        &[
            row(&["Ctrl", "O"], "Open a file (or drop it on the page)"),
            row(&["Ctrl", "E"], "Save or export"),
            row(&["T"], "Light or dark"),
            row(&["?"], "This sheet"),
        ],
    ),
];

const fn row(keys: &'static [&'static str], words: &'static str) -> HelpRow {
    HelpRow { keys, words }
}

/// What a key does. Keys inside inputs are not asked here.
pub fn action_of(press: Press<'_>) -> Option<Action> {
    if press.alt {
        return None;
    }
    if press.command {
        return match press.key {
            "+" | "=" => Some(Action::ZoomIn),
            "-" | "_" => Some(Action::ZoomOut),
            "0" => Some(Action::ZoomReset),
            "o" | "O" if !press.shift => Some(Action::Open),
            "e" | "E" if !press.shift => Some(Action::Export),
            _ => None,
        };
    }
    if press.shift && press.code == "Digit1" {
        return Some(Action::Fit);
    }
    Some(match press.key {
        " " => Action::PlayPause,
        "." => Action::Step,
        "[" => Action::Slower,
        "]" => Action::Faster,
        "Home" => Action::ToStart,
        "r" => Action::Restart,
        "R" => Action::RestartNewSeed,
        "t" | "T" => Action::Theme,
        "Escape" => Action::Clear,
        "?" => Action::Help,
        "ArrowLeft" => Action::NudgeLeft,
        "ArrowRight" => Action::NudgeRight,
        "ArrowUp" => Action::NudgeUp,
        "ArrowDown" => Action::NudgeDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &'static str) -> Press<'static> {
        Press {
            key,
            code: "",
            command: false,
            shift: false,
            alt: false,
        }
    }

    #[test]
    fn keys_mean_what_the_help_sheet_says() {
        assert_eq!(action_of(press(" ")), Some(Action::PlayPause));
        assert_eq!(action_of(press("R")), Some(Action::RestartNewSeed));
        let with_command = Press {
            command: true,
            ..press("=")
        };
        assert_eq!(action_of(with_command), Some(Action::ZoomIn));
        for (key, action) in [("o", Action::Open), ("e", Action::Export)] {
            let command = true;
            let pressed = Press {
                command,
                ..press(key)
            };
            assert_eq!(action_of(pressed), Some(action));
        }
        let shifted_one = Press {
            shift: true,
            code: "Digit1",
            ..press("!")
        };
        assert_eq!(action_of(shifted_one), Some(Action::Fit));
    }

    #[test]
    fn the_browser_keeps_its_own_keys() {
        let reload = Press {
            command: true,
            ..press("r")
        };
        assert_eq!(action_of(reload), None);
        let alt = Press {
            alt: true,
            ..press(" ")
        };
        assert_eq!(action_of(alt), None);
    }
}
