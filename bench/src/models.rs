//! The models that are measured: their names, their numbers, and what queueing theory says.
//!
//! How a model looks as a scenario document is in `documents`.

/// Nanoseconds in a second.
pub const SECOND: f64 = 1e9;

use crate::log;

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// One Poisson producer, one queue, one exponential server, utilisation 0.8.
    Mm1,
    /// The same with four servers and four times the arrivals.
    Mm4,
    /// One producer, one topic, and five subscribers that are each an M/M/1.
    FanOut,
    /// `Mm1` in a topology with 500 further nodes in which nothing happens.
    Mm1Idle,
    /// `Mm1` whose queue holds a million messages from the start.
    Mm1Backlog,
    /// One producer with keys, a partitioned log, and three groups of eight servers each.
    Log,
    /// `Log` that holds a million records from the start, which the groups do not read.
    LogKept,
}

/// The numbers of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// Mean time between two arrivals, in nanoseconds.
    pub arrival_mean: f64,
    /// Mean time of one service, in nanoseconds.
    pub service_mean: f64,
    /// Servers at each queue.
    pub workers: u32,
    /// Queues behind the topic or groups of the log, or none if the producer feeds the only queue itself.
    pub subscribers: Option<u32>,
}

impl Model {
    /// The models that have a reference loop.
    pub const MAIN: [Self; 4] = [Self::Mm1, Self::Mm4, Self::FanOut, Self::Log];
    /// Every model; the place in this list is the number by which wasm calls it.
    pub const ALL: [Self; 7] = [
        Self::Mm1,
        Self::Mm4,
        Self::FanOut,
        Self::Mm1Idle,
        Self::Mm1Backlog,
        Self::Log,
        Self::LogKept,
    ];
    /// Messages that wait from the start in `Mm1Backlog`, and records that are kept in `LogKept`
    /// from the start.
    pub const BACKLOG: u64 = 1_000_000;
    /// Nodes in which nothing happens in `Mm1Idle`.
    pub const IDLE_NODES: u32 = 500;

    /// The name in tables, in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mm1 => "mm1",
            Self::Mm4 => "mm4",
            Self::FanOut => "fan-out",
            Self::Mm1Idle => "mm1-idle-nodes",
            Self::Mm1Backlog => "mm1-backlog",
            Self::Log => "log",
            Self::LogKept => "log-kept",
        }
    }

    /// The model of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    /// Whether it is about a partitioned log.
    pub fn is_log(self) -> bool {
        matches!(self, Self::Log | Self::LogKept)
    }

    /// The numbers of this model.
    pub fn parameters(self) -> Parameters {
        let (arrivals_per_second, workers, subscribers) = match self {
            Self::Mm1 | Self::Mm1Idle | Self::Mm1Backlog => (80.0, 1, None),
            Self::Mm4 => (320.0, 4, None),
            Self::FanOut => (80.0, 1, Some(5)),
            // The server with most keys is busy for 0.8 of the time.
            Self::Log | Self::LogKept => (460.0, 1, Some(log::GROUPS)),
        };
        Parameters {
            arrival_mean: SECOND / arrivals_per_second,
            service_mean: SECOND / 100.0,
            workers,
            subscribers,
        }
    }

    /// Customers of one timed run, so that each model has about as many events.
    pub fn customers(self, events: u64) -> u64 {
        events / (2 * u64::from(self.parameters().subscribers.unwrap_or(1)))
    }

    /// Mean time in the queue before service, in seconds, in the steady state (Erlang C).
    pub fn mean_wait(self) -> f64 {
        if self.is_log() {
            return log::mean_wait(&self.parameters());
        }
        let Parameters {
            arrival_mean,
            service_mean,
            workers,
            ..
        } = self.parameters();
        let servers = f64::from(workers);
        let load = service_mean / arrival_mean;
        // Erlang B by its recursion, and from it the chance that an arrival has to wait.
        let mut blocked = 1.0;
        for server in 1..=workers {
            blocked = load * blocked / (f64::from(server) + load * blocked);
        }
        let waits = servers * blocked / (servers - load * (1.0 - blocked));
        waits / (servers / service_mean - 1.0 / arrival_mean) / SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::Model;

    #[test]
    fn theory_of_one_server_is_the_closed_form() {
        // rho / (mu - lambda)
        assert!((Model::Mm1.mean_wait() - 0.8 / (100.0 - 80.0)).abs() < 1e-12);
        assert!((Model::FanOut.mean_wait() - 0.04).abs() < 1e-12);
    }

    #[test]
    fn theory_of_four_servers_is_erlang_c() {
        // C(4, 3.2) = 0.596437...; divided by 4 mu - lambda = 80 a second.
        let load: f64 = 3.2;
        let below = 1.0 + load + load.powi(2) / 2.0 + load.powi(3) / 6.0;
        let all_busy = load.powi(4) / 24.0 / (1.0 - 0.8);
        let chance = all_busy / (below + all_busy);
        assert!((Model::Mm4.mean_wait() - chance / 80.0).abs() < 1e-12);
    }
}
