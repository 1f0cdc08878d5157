//! What can be undone and redone, each step with a name.

use crate::scenario::{Edit, Scenario};

/// Steps that can be taken back, and steps that were.
#[derive(Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    edit: Edit,
    burst: Option<Burst>,
    at_millis: f64,
}

/// Edits of the same burst that follow each other closely are one step: presses of an arrow key, a
/// slider that is dragged, a text that is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst(pub String);

impl History {
    /// Steps that are kept.
    const STEPS_MOST: usize = 500;
    /// Edits of one burst follow each other within this time.
    const BURST_MILLIS: f64 = 1_500.0;

    /// Remembers what made `after` of `before`. Says whether that is anything.
    pub fn commit(
        &mut self,
        name: String,
        burst: Option<Burst>,
        (before, after): (&Scenario, &Scenario),
        now_millis: f64,
    ) -> bool {
        let edit = Edit::between(before, after);
        if edit.is_empty() {
            return false;
        }
        self.undone.clear();
        let goes_on = |last: &Step| {
            burst.is_some()
                && last.burst == burst
                && now_millis - last.at_millis <= Self::BURST_MILLIS
        };
        let edit = match self.done.pop_if(|last| goes_on(last)) {
            None => edit,
            Some(last) => {
                let mut start = before.clone();
                last.edit.inverse().apply(&mut start);
                Edit::between(&start, after)
            }
        };
        if !edit.is_empty() {
            self.done.push(Step {
                name,
                edit,
                burst,
                at_millis: now_millis,
            });
        }
        if self.done.len() > Self::STEPS_MOST {
            self.done.remove(0);
        }
        true
    }

    /// What follows is a step of its own.
    pub fn end_burst(&mut self) {
        if let Some(last) = self.done.last_mut() {
            last.burst = None;
        }
    }

    /// A burst goes on, however long ago its last edit was.
    pub fn hold_burst(&mut self, now_millis: f64) {
        if let Some(last) = self.done.last_mut() {
            last.at_millis = now_millis;
        }
    }

    /// The name of what would be undone.
    pub fn undo_name(&self) -> Option<&str> {
        self.done.last().map(|step| step.name.as_str())
    }

    /// The name of what would be redone.
    pub fn redo_name(&self) -> Option<&str> {
        self.undone.last().map(|step| step.name.as_str())
    }

    /// Takes the last step back; its name.
    pub fn undo(&mut self, document: &mut Scenario) -> Option<String> {
        let step = turned(self.done.pop()?, document);
        let name = step.name.clone();
        self.undone.push(step);
        Some(name)
    }

    /// Does the last step again that was taken back; its name.
    pub fn redo(&mut self, document: &mut Scenario) -> Option<String> {
        let step = turned(self.undone.pop()?, document);
        let name = step.name.clone();
        self.done.push(step);
        Some(name)
    }
}

/// The step from the other side, applied.
fn turned(mut step: Step, document: &mut Scenario) -> Step {
    step.edit = step.edit.inverse();
    step.edit.apply(document);
    step.burst = None;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(history: &mut History, document: &mut Scenario, name: &str, at: f64) {
        let before = document.clone();
        document.name = name.to_owned();
        let burst = Some(Burst("name".to_owned()));
        let pair = (&before, &*document);
        assert!(history.commit(format!("rename to {name}"), burst, pair, at));
    }

    #[test]
    fn undo_and_redo_are_inverses() {
        let mut document = Scenario::new("A");
        let mut history = History::default();
        renamed(&mut history, &mut document, "B", 0.0);
        renamed(&mut history, &mut document, "C", 9_000.0);
        assert_eq!(history.undo_name(), Some("rename to C"));
        assert!(history.undo(&mut document).is_some());
        assert_eq!(
            (document.name.as_str(), history.redo_name()),
            ("B", Some("rename to C"))
        );
        assert!(history.undo(&mut document).is_some());
        assert_eq!(document, Scenario::new("A"));
        assert!(history.redo(&mut document).is_some() && history.redo(&mut document).is_some());
        assert_eq!((document.name.as_str(), history.redo_name()), ("C", None));
    }

    #[test]
    fn a_burst_is_one_step() {
        let mut document = Scenario::new("A");
        let mut history = History::default();
        for (n, name) in ["B", "BC", "BCD"].into_iter().enumerate() {
            renamed(&mut history, &mut document, name, n as f64 * 300.0);
        }
        assert!(history.undo(&mut document).is_some());
        assert_eq!(document, Scenario::new("A"));
        assert_eq!(history.undo_name(), None);
    }

    #[test]
    fn a_burst_that_is_held_is_one_step_and_the_next_one_another() {
        let mut document = Scenario::new("A");
        let mut history = History::default();
        renamed(&mut history, &mut document, "B", 0.0);
        history.hold_burst(60_000.0);
        renamed(&mut history, &mut document, "BC", 60_001.0);
        history.end_burst();
        renamed(&mut history, &mut document, "BCD", 60_002.0);
        assert!(history.undo(&mut document).is_some());
        assert_eq!(document.name, "BC");
        assert!(history.undo(&mut document).is_some());
        assert_eq!(document.name, "A");
    }

    #[test]
    fn a_new_edit_ends_what_could_be_redone() {
        let mut document = Scenario::new("A");
        let mut history = History::default();
        renamed(&mut history, &mut document, "B", 0.0);
        assert!(history.undo(&mut document).is_some());
        renamed(&mut history, &mut document, "C", 100.0);
        assert_eq!(history.redo_name(), None);
        assert!(history.undo(&mut document).is_some());
        assert_eq!(document.name, "A");
    }
}
