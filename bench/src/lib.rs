//! What `cargo xtask bench` times: REF and the engine, doing the same work.
//!
//! The library runs one case natively or in WebAssembly and never looks at a clock. Timing,
//! counting instructions and the table are the program's (`main.rs` and `command`).

pub mod documents;
pub mod engine;
pub mod log;
pub mod models;
pub mod reference;
#[cfg(target_arch = "wasm32")]
mod wasm;
pub mod xoshiro;

pub use models::{Model, Parameters};

/// Who runs the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// The hand-written loop.
    Reference,
    /// The engine on a scenario document, keeping its trace.
    Traced,
    /// The engine on a scenario document, folding the trace into the digest and keeping none.
    Untraced,
}

impl Runner {
    /// Every runner; the place in this list is the number by which wasm calls it.
    pub const ALL: [Self; 3] = [Self::Reference, Self::Traced, Self::Untraced];

    /// The engine with its trace kept or not.
    pub fn engine(tracing: bool) -> Self {
        if tracing {
            Self::Traced
        } else {
            Self::Untraced
        }
    }
}

/// One thing to run: a model, by whom, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is simulated.
    pub model: Model,
    /// Who runs it.
    pub runner: Runner,
    /// How many messages the producer sends.
    pub customers: u64,
}

impl Case {
    /// The same case with so many customers that it has about this many events.
    pub fn of_about(self, events: u64) -> Self {
        Self {
            customers: self.model.customers(events),
            ..self
        }
    }
}

/// What one run did, so that its work can be checked and divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Arrivals at a queue and departures from a server.
    pub events: u64,
    /// Mean time in the queue before service, in seconds.
    pub mean_wait: f64,
}

impl Outcome {
    /// From the events, the sum of all waits in nanoseconds and how many customers waited.
    pub fn new(events: u64, waited: f64, customers: u64) -> Self {
        Self {
            events,
            mean_wait: waited / customers as f64 / models::SECOND,
        }
    }
}

/// A case that is built and ready, so that only the run itself is timed.
pub enum Prepared {
    /// The loop has nothing to build.
    Reference(Case, u64),
    /// A run of the engine, at the moment from which it is timed.
    Engine(Box<engine::Ready>),
}

impl Prepared {
    /// Builds a case.
    ///
    /// # Errors
    /// A sentence, when the engine refuses the document.
    pub fn new(case: Case, seed: u64) -> Result<Self, String> {
        match case.runner {
            Runner::Reference => Ok(Self::Reference(case, seed)),
            Runner::Traced | Runner::Untraced => {
                let ready = engine::Ready::new(&case, seed)?;
                Ok(Self::Engine(Box::new(ready)))
            }
        }
    }

    /// Runs it to the end. What it holds is freed when it is dropped, not here.
    ///
    /// # Errors
    /// A sentence, when the engine stops before everybody has been served.
    pub fn go(&mut self) -> Result<Outcome, String> {
        match self {
            Self::Reference(case, seed) => Ok(reference::run(case.model, case.customers, *seed)),
            Self::Engine(ready) => ready.go(),
        }
    }
}
