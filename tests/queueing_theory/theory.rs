//! Queueing theory: what it says, what runs of scenario documents say, and how both are compared.

pub mod formulas;
pub mod judge;
mod networks;
pub mod simulated;
