//! Which keys do what: the table, with what the person has changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Action, Chord, Press, Row, TABLE};
use crate::units::map_of;

/// Which keys do what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    /// Keys that were changed, by the name of the action; none at all means no key.
    changed: BTreeMap<String, Vec<String>>,
    /// Whether keys without Control or Alt are off.
    no_singles: bool,
}

impl Keymap {
    /// Reads what was kept. What no longer fits is left out.
    pub fn read(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        let rows = json["changed"].as_object().into_iter().flatten();
        let rows = rows.filter(|(id, _)| TABLE.iter().any(|row| row.id == id.as_str()));
        let keys = |value: &Value| {
            let texts = value.as_array().into_iter().flatten();
            let chords = texts.filter_map(|text| Chord::read(text.as_str()?));
            chords.map(|chord| chord.to_text()).collect()
        };
        Self {
            changed: map_of(rows.map(|(id, value)| (id.clone(), keys(value)))),
            no_singles: json["no_singles"] == json!(true),
        }
    }

    /// The text to keep.
    pub fn to_text(&self) -> String {
        json!({ "changed": self.changed, "no_singles": self.no_singles }).to_string()
    }

    /// The keys of an action, the one that is shown first.
    pub fn keys(&self, action: Action) -> Vec<Chord> {
        let row = action.row();
        if row.action != action {
            // The eleventh kind of the palette, say.
            return Vec::new();
        }
        let mut chords = self.assigned(row);
        chords.retain(|chord| !self.no_singles || !chord.is_single());
        chords
    }

    /// The keys of a row, whether they are on or off.
    fn assigned(&self, row: &Row) -> Vec<Chord> {
        match self.changed.get(row.id) {
            Some(keys) => keys.iter().filter_map(|text| Chord::read(text)).collect(),
            None => row
                .keys
                .iter()
                .filter_map(|text| Chord::read(text))
                .collect(),
        }
    }

    /// What a press does.
    pub fn action(&self, press: Press<'_>) -> Option<Action> {
        let chord = Chord::of(press)?;
        let mut rows = TABLE.iter();
        let row = rows.find(|row| self.keys(row.action).contains(&chord))?;
        Some(row.action)
    }

    /// Gives an action one key, or none, and takes that key from the action that had it.
    pub fn change(&mut self, action: Action, chord: Option<Chord>) {
        if let Some(chord) = &chord {
            self.take(action, chord);
        }
        let keys = chord.iter().map(Chord::to_text).collect();
        self.changed.insert(action.row().id.to_owned(), keys);
    }

    /// Takes a key away from all actions but one.
    fn take(&mut self, but: Action, chord: &Chord) {
        for row in TABLE.iter().filter(|row| row.action != but) {
            let keys = self.assigned(row);
            if keys.contains(chord) {
                let others = keys.iter().filter(|key| *key != chord);
                let others = others.map(Chord::to_text).collect();
                self.changed.insert(row.id.to_owned(), others);
            }
        }
    }

    /// The keys of an action as they were at first, taken from the actions that have them now.
    pub fn restore(&mut self, action: Action) {
        let row = action.row();
        for chord in row.keys.iter().filter_map(|text| Chord::read(text)) {
            self.take(action, &chord);
        }
        self.changed.remove(row.id);
    }

    /// Everything as it was at first.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Whether the keys of an action were changed.
    pub fn is_changed(&self, action: Action) -> bool {
        self.changed.contains_key(action.row().id)
    }

    /// Whether keys without Control or Alt are on.
    pub fn has_singles(&self) -> bool {
        !self.no_singles
    }

    /// Switches keys without Control or Alt on or off.
    pub fn set_singles(&mut self, on: bool) {
        self.no_singles = !on;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &'static str) -> Press<'static> {
        Press {
            key,
            ..Press::default()
        }
    }

    #[test]
    fn keys_mean_what_the_table_says() {
        let keymap = Keymap::default();
        assert_eq!(keymap.action(press(" ")), Some(Action::PlayPause));
        let command = |key| Press {
            command: true,
            ..press(key)
        };
        assert_eq!(keymap.action(command("z")), Some(Action::Undo));
        assert_eq!(keymap.action(command("=")), Some(Action::ZoomIn));
        assert_eq!(
            keymap.action(command("r")),
            None,
            "the browser keeps its own keys"
        );
        for row in TABLE {
            for chord in row.keys {
                assert!(Chord::read(chord).is_some(), "{chord}");
            }
        }
    }

    #[test]
    fn a_changed_key_leaves_the_action_that_had_it() {
        let mut keymap = Keymap::default();
        keymap.change(Action::Step, Chord::read("["));
        assert_eq!(keymap.action(press("[")), Some(Action::Step));
        assert_eq!(keymap.action(press(".")), None);
        assert!(keymap.keys(Action::Slower).is_empty());
        assert_eq!(Keymap::read(&keymap.to_text()), keymap);
        keymap.reset();
        assert_eq!(keymap.action(press("[")), Some(Action::Slower));
    }

    #[test]
    fn one_action_gets_its_first_keys_back() {
        let mut keymap = Keymap::default();
        keymap.change(Action::Step, Chord::read("["));
        keymap.restore(Action::Slower);
        assert_eq!(keymap.action(press("[")), Some(Action::Slower));
        assert!(keymap.keys(Action::Step).is_empty() && !keymap.is_changed(Action::Slower));
        keymap.restore(Action::Step);
        assert_eq!(keymap, Keymap::default());
    }

    #[test]
    fn single_keys_can_be_switched_off() {
        let mut keymap = Keymap::default();
        keymap.set_singles(false);
        assert_eq!(keymap.action(press(".")), None);
        assert_eq!(keymap.action(press("Delete")), Some(Action::Delete));
        assert_eq!(Keymap::read("no json"), Keymap::default());
    }
}
