//! Which cases are set against each other, and how far apart they may be.
//!
//! The gates are those of PERFORMANCE.md. The four models are set against REF; the topology with
//! idle nodes and the long queue are set against the engine's own plain M/M/1, and the log that is
//! full against its own that is empty.

use std::fmt;

use bench::{Case, Model, Runner};

/// Where the code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// In this process.
    Native,
    /// In WebAssembly under Node.
    Wasm,
}

impl Target {
    /// The name in tables and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
        }
    }
}

/// The engine on one model, measured against a base on the same target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What is simulated.
    pub model: Model,
    /// Where.
    pub target: Target,
    /// Whether the engine keeps its trace.
    pub tracing: bool,
}

impl Comparison {
    /// Everything that is measured, in the order in which it is shown.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for target in [Target::Native, Target::Wasm] {
            for model in Model::ALL {
                if target == Target::Wasm && !Model::MAIN.contains(&model) {
                    continue;
                }
                for tracing in [false, true] {
                    all.push(Self {
                        model,
                        target,
                        tracing,
                    });
                }
            }
        }
        all
    }

    /// What is measured. Its number of customers is for valgrind and may be replaced.
    pub fn subject(&self) -> Case {
        Case {
            model: self.model,
            runner: Runner::engine(self.tracing),
            customers: 0,
        }
    }

    /// What it is measured against.
    pub fn base(&self) -> Case {
        if self.against_reference() {
            Case {
                model: self.model,
                runner: Runner::Reference,
                customers: 0,
            }
        } else {
            Case {
                model: self.engine_base(),
                runner: Runner::engine(self.tracing),
                customers: 0,
            }
        }
    }

    /// The model that is like this one, without what must cost nothing.
    fn engine_base(&self) -> Model {
        match self.model {
            Model::LogKept => Model::Log,
            _ => Model::Mm1,
        }
    }

    /// Both cases at about this many events, base first.
    pub fn cases(&self, events: u64) -> [Case; 2] {
        [self.base(), self.subject()].map(|case| case.of_about(events))
    }

    /// Whether the base is REF, and not the engine itself.
    pub fn against_reference(&self) -> bool {
        Model::MAIN.contains(&self.model)
    }

    /// How many times the base's time an event may take.
    pub fn gate(&self) -> f64 {
        match (self.against_reference(), self.tracing) {
            (false, _) => 1.3,
            (true, false) => 3.0,
            (true, true) => 4.5,
        }
    }

    /// How much memory a million messages may take, where there is a gate for it.
    pub fn megabytes_max(&self) -> Option<f64> {
        let gated = self.model == Model::Mm1 && self.target == Target::Native;
        gated.then_some(if self.tracing { 64.0 } else { 32.0 })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tracing = if self.tracing { "on" } else { "off" };
        write!(
            f,
            "{}, {}, tracing {tracing}",
            self.model.name(),
            self.target.name()
        )
    }
}
