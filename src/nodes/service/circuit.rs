//! The circuit to one callee: it opens when calls fail, and lets one try after a while.
//!
//! After *Release It!* and resilience4j, with a count of failures in a row.

use crate::engine::LinkIndex;
use crate::units::{SimDuration, SimTime};

/// What a caller knows of one callee.
#[derive(Clone, Copy)]
pub(super) struct Circuit {
    pub(super) link: LinkIndex,
    /// Calls that failed since the last that did not.
    failures: u32,
    state: State,
    /// Calls that are waiting for an answer.
    pub(super) under_way: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open(SimTime),
    HalfOpen,
}

/// How a circuit is, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Calls are made; so many failed in a row.
    Closed(u32),
    /// Calls fail without being made, until then.
    Open(SimTime),
    /// The next call is a trial, or one is under way.
    HalfOpen,
}

impl Circuit {
    pub(super) fn new(link: LinkIndex) -> Self {
        Self {
            link,
            failures: 0,
            state: State::Closed,
            under_way: 0,
        }
    }

    /// Whether a call may be made now. When an open circuit has rested, the first call is a trial.
    pub(super) fn lets_through(&mut self, now: SimTime) -> bool {
        match self.state {
            State::Closed => true,
            State::Open(until) if until <= now => {
                self.state = State::HalfOpen;
                true
            }
            State::Open(_) | State::HalfOpen => false,
        }
    }

    /// A call went well. Whether that closed the circuit.
    pub(super) fn succeed(&mut self) -> bool {
        self.failures = 0;
        let closes = self.state == State::HalfOpen;
        if closes {
            self.state = State::Closed;
        }
        closes
    }

    /// A call failed. Whether that opened the circuit, which it does after so many in a row, and
    /// after a trial.
    pub(super) fn fail(&mut self, opens_after: u32, now: SimTime, open_for: SimDuration) -> bool {
        self.failures = self.failures.saturating_add(1);
        let opens = match self.state {
            State::Closed => self.failures >= opens_after,
            State::HalfOpen => true,
            State::Open(_) => false,
        };
        if opens {
            self.state = State::Open(now.after(open_for));
        }
        opens
    }

    /// How it is.
    pub(super) fn position(&self, now: SimTime) -> Position {
        match self.state {
            State::Closed => Position::Closed(self.failures),
            State::Open(until) if until > now => Position::Open(until),
            State::Open(_) | State::HalfOpen => Position::HalfOpen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_rests_tries_once_and_closes() {
        let at = |secs| SimTime::ZERO.after(SimDuration::from_secs(secs));
        let rest = SimDuration::from_secs(5);
        let mut circuit = Circuit::new(LinkIndex(0));
        assert!(!circuit.fail(2, at(0), rest) && !circuit.succeed());
        assert!(!circuit.fail(2, at(1), rest), "not in a row");
        assert!(circuit.fail(2, at(1), rest));
        assert!(!circuit.lets_through(at(5)));
        assert_eq!(circuit.position(at(5)), Position::Open(at(6)));
        assert_eq!(circuit.position(at(6)), Position::HalfOpen);
        assert!(circuit.lets_through(at(6)) && !circuit.lets_through(at(6)));
        assert!(circuit.fail(2, at(7), rest), "the trial failed");
        assert!(circuit.lets_through(at(12)) && circuit.succeed());
        assert_eq!(circuit.position(at(12)), Position::Closed(0));
    }
}
