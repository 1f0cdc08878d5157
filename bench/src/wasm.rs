//! The library as WebAssembly: plain functions of numbers, which `node.mjs` calls and times.
//!
//! No bindings are generated. Models and runners are numbers: their place in `Model::ALL` and
//! `Runner::ALL`.

// Exporting a name is the only thing here that counts as unsafe.
#![allow(unsafe_code)]

use std::cell::RefCell;

use crate::{Case, Model, Outcome, Prepared, Runner};

#[derive(Default)]
struct State {
    prepared: Option<Prepared>,
    outcome: Option<Outcome>,
    problem: String,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Builds a case and forgets the one before: 1 if that went well, 0 if not.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(model: u32, runner: u32, customers: u32, seed: u32) -> u32 {
    STATE.with_borrow_mut(|state| {
        *state = State::default();
        let case = Case {
            model: Model::ALL[model as usize],
            runner: Runner::ALL[runner as usize],
            customers: u64::from(customers),
        };
        match Prepared::new(case, u64::from(seed)) {
            Ok(prepared) => state.prepared = Some(prepared),
            Err(problem) => state.problem = problem,
        }
        u32::from(state.prepared.is_some())
    })
}

/// Runs what was built and gives the events, or NaN if it stopped early.
#[unsafe(no_mangle)]
pub extern "C" fn go() -> f64 {
    STATE.with_borrow_mut(|state| {
        match state.prepared.as_mut().map(Prepared::go) {
            Some(Ok(outcome)) => state.outcome = Some(outcome),
            Some(Err(problem)) => state.problem = problem,
            None => state.problem = "nothing was prepared".to_owned(),
        }
        state
            .outcome
            .map_or(f64::NAN, |outcome| outcome.events as f64)
    })
}

/// The mean wait of the last run, in seconds.
#[unsafe(no_mangle)]
pub extern "C" fn mean_wait() -> f64 {
    STATE.with_borrow(|state| state.outcome.map_or(f64::NAN, |outcome| outcome.mean_wait))
}

/// Where in memory the sentence about the last problem starts.
#[unsafe(no_mangle)]
pub extern "C" fn problem_address() -> *const u8 {
    STATE.with_borrow(|state| state.problem.as_ptr())
}

/// How many bytes of UTF-8 that sentence has.
#[unsafe(no_mangle)]
pub extern "C" fn problem_length() -> usize {
    STATE.with_borrow(|state| state.problem.len())
}
