//! The closed forms: Erlang's formulas, Pollaczek and Khinchine's, and the finite queue.

use std::collections::BTreeMap;

use serde_json::Value;

/// A queue of which the theory is known. Rates are a second, and so is everything else.
#[derive(Debug)]
pub enum Model {
    /// Poisson arrivals, exponential times, several workers.
    MMc {
        arrivals: f64,
        service: f64,
        workers: u32,
    },
    /// The same with room for `room` in the system, those in service included.
    MMcK {
        arrivals: f64,
        service: f64,
        workers: u32,
        room: u32,
    },
    /// Poisson arrivals, one worker, times with this standard deviation in units of their mean.
    MG1 {
        arrivals: f64,
        service: f64,
        deviation: f64,
    },
    /// Calls that find all lines busy are lost.
    ErlangB { offered: f64, lines: u32 },
}

/// What the theory says, by the names of the vectors.
pub struct Expected {
    pub values: BTreeMap<&'static str, f64>,
}

impl Expected {
    pub fn get(&self, name: &str) -> Option<f64> {
        self.values.get(name).copied()
    }
}

impl Model {
    /// The model of a vector, if it is one of ours.
    pub fn of(vector: &Value) -> Option<Self> {
        let number = |name: &str| vector["params"][name].as_f64();
        let count = |name: &str| vector["params"][name].as_u64().map(|count| count as u32);
        let (arrivals, service) = (number("lambda"), number("mu"));
        match vector["model"].as_str()? {
            "M/M/1" => Some(Self::MMc {
                arrivals: arrivals?,
                service: service?,
                workers: 1,
            }),
            "M/M/c" => Some(Self::MMc {
                arrivals: arrivals?,
                service: service?,
                workers: count("c")?,
            }),
            "M/M/1/K" | "M/M/c/K" => Some(Self::MMcK {
                arrivals: arrivals?,
                service: service?,
                workers: count("c").unwrap_or(1),
                room: count("K")?,
            }),
            "M/D/1" | "M/G/1" => Some(Self::MG1 {
                arrivals: arrivals?,
                service: service?,
                deviation: number("cv_service").unwrap_or(0.0),
            }),
            "Erlang-B" => Some(Self::ErlangB {
                offered: number("a")?,
                lines: count("c")?,
            }),
            _ => None,
        }
    }

    /// Whether messages are refused when there is no room, so that any load is bearable.
    pub fn is_finite(&self) -> bool {
        matches!(self, Self::MMcK { .. })
    }

    /// Whether a run wanders so slowly that its means vary more than the rule wants, even over two
    /// million customers: long queues at a high load.
    pub fn is_slow(&self) -> bool {
        match *self {
            Self::MMc {
                arrivals,
                service,
                workers,
            } => arrivals >= 0.9 * service * f64::from(workers),
            Self::MMcK { room, .. } => room >= 50,
            Self::MG1 {
                arrivals, service, ..
            } => arrivals >= 0.9 * service,
            Self::ErlangB { .. } => false,
        }
    }

    /// What the theory says.
    pub fn expected(&self) -> Expected {
        let values = match *self {
            Self::MMc {
                arrivals,
                service,
                workers,
            } => many_workers(arrivals, service, workers),
            Self::MMcK {
                arrivals,
                service,
                workers,
                room,
            } => limited(arrivals, service, workers, room),
            Self::MG1 {
                arrivals,
                service,
                deviation,
            } => general(arrivals, service, deviation),
            Self::ErlangB { offered, lines } => vec![("P_block", erlang_b(offered, lines))],
        };
        Expected {
            values: values.into_iter().collect(),
        }
    }
}

/// Chance that all lines are busy (Erlang's first formula), by its recursion.
fn erlang_b(offered: f64, lines: u32) -> f64 {
    (1..=lines).fold(1.0, |blocked, n| {
        offered * blocked / (f64::from(n) + offered * blocked)
    })
}

fn many_workers(arrivals: f64, service: f64, workers: u32) -> Vec<(&'static str, f64)> {
    let offered = arrivals / service;
    let load = offered / f64::from(workers);
    let blocked = erlang_b(offered, workers);
    let waits = blocked / (1.0 - load * (1.0 - blocked));
    let spare = f64::from(workers) * service - arrivals;
    let wait = waits / spare;
    let whole = wait + 1.0 / service;
    let mut values = vec![
        ("arrivals", arrivals),
        ("rho", load),
        ("P_wait", waits),
        ("Wq", wait),
        ("W", whole),
        ("Lq", wait * arrivals),
        ("L", whole * arrivals),
        ("Wq_given_wait", 1.0 / spare),
    ];
    if workers == 1 {
        values.push(("P0", 1.0 - load));
        for (name, share) in [("W_p90", 0.9), ("W_p95", 0.95), ("W_p99", 0.99f64)] {
            values.push((name, -libm::log(1.0 - share) * whole));
        }
    } else {
        values.push(("a", offered));
    }
    values
}

fn limited(arrivals: f64, service: f64, workers: u32, room: u32) -> Vec<(&'static str, f64)> {
    let mut weights = vec![1.0];
    for n in 1..=room {
        let rate = service * f64::from(n.min(workers));
        weights.push(weights[n as usize - 1] * arrivals / rate);
    }
    let sum: f64 = weights.iter().sum();
    let share = |n: u32| weights[n as usize] / sum;
    let number: f64 = (0..=room).map(|n| f64::from(n) * share(n)).sum();
    let waiting: f64 = (workers..=room)
        .map(|n| f64::from(n - workers) * share(n))
        .sum();
    let admitted = arrivals * (1.0 - share(room));
    vec![
        ("arrivals", admitted),
        ("P0", share(0)),
        ("P_block", share(room)),
        ("lambda_eff", admitted),
        ("loss_rate", arrivals - admitted),
        ("L", number),
        ("Lq", waiting),
        ("W", number / admitted),
        ("Wq", waiting / admitted),
    ]
}

fn general(arrivals: f64, service: f64, deviation: f64) -> Vec<(&'static str, f64)> {
    let load = arrivals / service;
    let wait = load * (1.0 + deviation * deviation) / (2.0 * service * (1.0 - load));
    let whole = wait + 1.0 / service;
    vec![
        ("arrivals", arrivals),
        ("rho", load),
        ("cv", deviation),
        ("Wq", wait),
        ("W", whole),
        ("Lq", wait * arrivals),
        ("L", whole * arrivals),
        ("P_wait", load),
    ]
}
