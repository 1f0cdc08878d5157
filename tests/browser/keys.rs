//! The keyboard: keys pressed together, texts typed, and where the focus is.

use serde_json::{Value, json};

use crate::Fallible;
use crate::page::Page;

/// Keys held together, such as `chord("Ctrl+Shift+Z")`: names as they are printed on keyboards,
/// and single letters.
fn keys_of(chord: &str) -> Fallible<Vec<char>> {
    use thirtyfour::Key;
    // A plus is a key as well as what stands between two.
    let names = match chord.strip_suffix("++") {
        Some(before) => before.split('+').chain(["+"]).collect(),
        None if chord == "+" => vec!["+"],
        None => chord.split('+').collect::<Vec<_>>(),
    };
    names
        .into_iter()
        .map(|name| {
            Ok(match name {
                "Ctrl" => Key::Control.value(),
                "Shift" => Key::Shift.value(),
                "Alt" => Key::Alt.value(),
                "Tab" => Key::Tab.value(),
                "Enter" => Key::Enter.value(),
                "Esc" => Key::Escape.value(),
                "Space" => ' ',
                "Delete" => Key::Delete.value(),
                "Home" => Key::Home.value(),
                "End" => Key::End.value(),
                "Left" => Key::Left.value(),
                "Right" => Key::Right.value(),
                "Up" => Key::Up.value(),
                "Down" => Key::Down.value(),
                "F2" => Key::F2.value(),
                "F10" => Key::F10.value(),
                // A capital would be one with Shift.
                letter if letter.chars().count() == 1 => {
                    letter.chars().next().unwrap_or(' ').to_ascii_lowercase()
                }
                _ => return Err(format!("no key is called \"{name}\"").into()),
            })
        })
        .collect()
}

impl Page {
    /// Presses keys together, such as `Ctrl+Z`, `Shift+F10`, `Alt+Right` or `.`, and lets them go.
    pub async fn keys(&self, chord: &str) -> Fallible {
        let keys = keys_of(chord)?;
        let act = |act: &str, key: char| json!({ "type": act, "value": key });
        let mut acts: Vec<Value> = keys.iter().map(|key| act("keyDown", *key)).collect();
        acts.extend(keys.iter().rev().map(|key| act("keyUp", *key)));
        self.perform(json!([{ "type": "key", "id": "keys", "actions": acts }]))
            .await
    }

    /// Types a text into what has the focus.
    pub async fn type_text(&self, text: &str) -> Fallible {
        let acts: Vec<Value> = text
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|act| json!({ "type": act, "value": key })))
            .collect();
        self.perform(json!([{ "type": "key", "id": "keys", "actions": acts }]))
            .await
    }

    /// Gives an element the focus, as the keyboard would.
    pub async fn focus(&self, id: &str) -> Fallible {
        self.find(id).await?;
        let script = "document.querySelector(`[data-testid='${arguments[0]}']`)\
                      .focus({ focusVisible: true });";
        self.script(script, vec![json!(id)]).await?;
        Ok(())
    }

    /// The id of what has the focus; empty if that has none.
    pub async fn focused(&self) -> Fallible<String> {
        let script = "return document.activeElement?.dataset?.testid ?? '';";
        Ok(serde_json::from_value(self.script(script, vec![]).await?)?)
    }
}
