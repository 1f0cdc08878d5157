//! From a topology and a seed to a run: script, checks, time travel.
//!
//! It knows what a kind of node is called, but not what it does.

mod caption;
mod check;
mod explain;
mod follow;
mod intervention;
mod keyframes;
mod operating;
mod plan;
mod prompts;
mod report;
mod run;
mod state;
mod watch;

pub use caption::{Came, Caption, Cue, Pointer};
pub use check::{Check, CheckResult, Comparison};
pub use follow::Stamp;
pub use intervention::{Intervention, ScriptEntry};
pub use operating::CHOSEN_MOST;
pub use plan::Plan;
pub use report::{NodeReport, Report};
pub use run::Run;
