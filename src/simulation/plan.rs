//! All that decides a run.

use super::{Caption, Check, ScriptEntry};
use crate::engine::Limits;
use crate::topology::{Problem, Topology, validate};

/// All that decides a run: same plan, same trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What is there at the start.
    pub topology: Topology,
    /// What fixes all chances.
    pub seed: u64,
    /// What happens to the system, in order of time.
    pub script: Vec<ScriptEntry>,
    /// What should hold.
    pub checks: Vec<Check>,
    /// What is said on the way. Nothing that happens depends on it.
    pub captions: Vec<Caption>,
    /// What stops a run.
    pub limits: Limits,
}

impl Plan {
    /// Most entries of a script.
    pub const SCRIPT_MAX: usize = 10_000;
    /// Most checks.
    pub const CHECKS_MAX: usize = 100;
    /// Most captions.
    pub const CAPTIONS_MAX: usize = 100;

    /// Everything that keeps the plan from being run.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = validate(&self.topology);
        if self.script.len() > Self::SCRIPT_MAX {
            let what = format!("there are {} entries", self.script.len());
            let hint = format!("keep at most {}", Self::SCRIPT_MAX);
            problems.push(Problem::new("script", what, hint));
        }
        let mut topology = self.topology.clone();
        for (n, entry) in self.script.iter().enumerate() {
            if let Err(problem) = entry.what.apply_to(&mut topology) {
                let place = format!("script[{n}] at {}", entry.at);
                problems.push(Problem { place, ..problem });
            }
        }
        for (n, check) in self.checks.iter().enumerate() {
            problems.extend(check.problem(&topology, &self.topology, &format!("checks[{n}]")));
        }
        for (n, caption) in self.captions.iter().enumerate() {
            let ends = [&self.topology, &topology];
            problems.extend(caption.problem(ends, &self.checks, &format!("captions[{n}]")));
        }
        problems
    }
}
