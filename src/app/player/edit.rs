//! Editing: the document changes on the desk, and the run follows.

use super::Player;
use super::time::real_millis;
use crate::editor::actions::Access;
use crate::editor::{Burst, Desk, Reach};
use crate::scenario::Scenario;
use crate::topology::Problem;

impl Player {
    /// Changes the document as one step that can be undone, and lets the run follow.
    ///
    /// # Errors
    /// What keeps it from being done; nothing has changed then.
    pub fn edit<T>(
        &mut self,
        name: impl Into<String>,
        burst: Option<Burst>,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.give_up_drag();
        if self.access == Access::Watch {
            return Err(Problem::new(
                "this page",
                "it is shown to be watched",
                "open it in Eventyard to change it",
            ));
        }
        let mut document = self.document.clone();
        let topology = self.run.topology().clone();
        let mut desk = Desk::new(&mut document, topology, self.run.stamp(), self.reach);
        let outcome = change(&mut desk)?;
        desk.finish();
        self.take(document, name.into(), burst)?;
        Ok(outcome)
    }

    /// Takes a changed document over.
    pub(super) fn take(
        &mut self,
        document: Scenario,
        name: String,
        burst: Option<Burst>,
    ) -> Result<(), Problem> {
        let before = std::mem::replace(&mut self.document, document);
        if let Err(problem) = self.catch_up() {
            self.document = before;
            return Err(problem);
        }
        let pair = (&before, &self.document);
        self.history.commit(name, burst, pair, real_millis());
        Ok(())
    }

    /// Lets the run follow the document, and comes back to this moment.
    pub(super) fn catch_up(&mut self) -> Result<(), Problem> {
        self.card_glide = None;
        let now = self.run.now();
        let followed = self.run.follow(self.document.plan());
        followed.map_err(|mut problems| problems.swap_remove(0))?;
        if self.run.now() < now {
            self.go_to(now);
        }
        let topology = self.run.topology().clone();
        let drawing = &self.document.drawing;
        self.view.selection.keep(&topology, drawing);
        self.judge();
        self.show_view(self.shown);
        self.unsaid = true;
        self.stale = true;
        Ok(())
    }

    /// Gives the document another name, because this one is taken. That is no step of the person.
    pub fn rename(&mut self, name: String) {
        self.document.name = name;
    }

    /// Takes the last step back; its name.
    pub fn undo(&mut self) -> Option<String> {
        self.give_up_drag();
        let name = self.history.undo(&mut self.document)?;
        self.catch_up().ok()?;
        Some(name)
    }

    /// Does the last step again that was taken back; its name.
    pub fn redo(&mut self) -> Option<String> {
        self.give_up_drag();
        let name = self.history.redo(&mut self.document)?;
        self.catch_up().ok()?;
        Some(name)
    }

    /// What is dragged is one step, however long it is held: one begins, or goes on.
    pub fn hold_step(&mut self, begins: bool) {
        if begins {
            self.history.end_burst();
        } else {
            self.history.hold_burst(real_millis());
        }
    }

    /// From when on changes hold that are made while it runs.
    pub fn set_reach(&mut self, reach: Reach) {
        self.reach = reach;
    }

    /// Whether a change would be written into the script, or change the start and run again.
    pub fn has_begun(&self) -> bool {
        !self.run.stamp().is_start
    }

    /// Plays another scenario from its start.
    ///
    /// # Errors
    /// Everything that is wrong with it; then the old one stays.
    pub fn open(&mut self, document: Scenario) -> Result<(), Vec<Problem>> {
        let mut fresh = Self::new(document)?;
        fresh.painter = self.painter.take();
        fresh.view = self.view.clone();
        fresh.on_phone = self.on_phone;
        fresh.view.selection = Default::default();
        fresh.view.hovered = None;
        fresh.view.only = None;
        fresh.view.still = false;
        fresh.view.draft = Default::default();
        fresh.speed = self.speed;
        fresh.reach = self.reach;
        fresh.access = self.access;
        fresh.floats = self.floats;
        fresh.tells = self.tells;
        *self = fresh;
        Ok(())
    }
}
