//! What is likely wrong with the drawing, looked for after each change of it.

use super::Player;
use crate::topology::{Finding, findings};

impl Player {
    /// What is likely wrong with the drawing as it is now: the worst first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn look_for_findings(&mut self) {
        self.findings = findings(self.run.topology());
    }
}
