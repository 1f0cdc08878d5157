//! The engine on the models' scenario documents.

use crate::{Case, Outcome};

/// A run at the moment from which it is timed.
pub struct Ready;

impl Ready {
    /// Builds the run of a case.
    ///
    /// # Errors
    /// A sentence, when the document is refused.
    pub fn new(case: &Case, _seed: u64) -> Result<Self, String> {
        Err(format!("there is no engine to run {}", case.model.name()))
    }

    /// Runs until everybody has been served.
    ///
    /// # Errors
    /// A sentence, when a limit stops the run.
    pub fn go(&mut self) -> Result<Outcome, String> {
        Err("there is no engine".to_owned())
    }
}
