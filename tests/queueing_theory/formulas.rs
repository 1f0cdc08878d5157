//! The closed forms: Erlang's formulas, Pollaczek and Khinchine's, and the finite queue. Those of
//! several stations or classes are in `networks`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::networks;

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
    /// Kingman's bound for any arrivals, times and one worker, by their deviations.
    Kingman {
        arrivals: f64,
        service: f64,
        deviations: (f64, f64),
    },
    /// Stations in a row, each with one worker and exponential times.
    Tandem { arrivals: f64, services: Vec<f64> },
    /// Such stations with arrivals from outside and chances to go on from one to another.
    Network {
        external: Vec<f64>,
        routing: Vec<Vec<f64>>,
        services: Vec<f64>,
    },
    /// One worker, exponential times, and classes of which the first is the most important.
    Priority {
        rates: Vec<f64>,
        service: f64,
        interrupts: bool,
    },
    /// Little's law.
    Little { rate: f64, time: f64 },
    /// How long it takes until a backlog is gone.
    Drain {
        backlog: f64,
        arrivals: f64,
        service: f64,
    },
}

/// What the theory says, by the names of the vectors.
#[derive(Clone, Debug)]
pub struct Expected {
    pub values: BTreeMap<String, f64>,
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
            "G/G/1-Kingman" => Some(Self::Kingman {
                arrivals: arrivals?,
                service: service?,
                deviations: (number("cv_arrival")?, number("cv_service")?),
            }),
            "tandem-Jackson" => Some(Self::Tandem {
                arrivals: arrivals?,
                services: numbers(&vector["params"]["mus"]),
            }),
            "Jackson-network" => Some(Self::Network {
                external: numbers(&vector["params"]["external"]),
                routing: vector["params"]["routing"]
                    .as_array()?
                    .iter()
                    .map(numbers)
                    .collect(),
                services: numbers(&vector["params"]["mu"]),
            }),
            "M/M/1-priority-nonpreemptive" | "M/M/1-priority-preemptive-resume" => {
                Some(Self::Priority {
                    rates: numbers(&vector["params"]["lambdas"]),
                    service: service?,
                    interrupts: vector["model"] == "M/M/1-priority-preemptive-resume",
                })
            }
            "Littles-law" => Some(Self::Little {
                rate: arrivals?,
                time: number("W")?,
            }),
            "backlog-drain" => Some(Self::Drain {
                backlog: number("backlog")?,
                arrivals: number("arrival_rate")?,
                service: number("service_rate")?,
            }),
            _ => None,
        }
    }

    /// Messages a second that come from outside.
    pub fn arrivals(&self) -> f64 {
        match self {
            Self::MMc { arrivals, .. }
            | Self::MMcK { arrivals, .. }
            | Self::MG1 { arrivals, .. }
            | Self::Tandem { arrivals, .. }
            | Self::Kingman { arrivals, .. }
            | Self::Drain { arrivals, .. } => *arrivals,
            Self::Priority { rates, .. } => rates.iter().sum(),
            Self::Network { external, .. } => external.iter().sum(),
            Self::Little { rate, .. } => *rate,
            Self::ErlangB { offered, .. } => *offered,
        }
    }

    /// The share of time for which the busiest station is at work; zero where any load is
    /// bearable, as messages are refused when there is no room.
    pub fn load(&self) -> f64 {
        match self {
            Self::MMc {
                arrivals,
                service,
                workers,
            } => arrivals / service / f64::from(*workers),
            Self::MG1 {
                arrivals, service, ..
            } => arrivals / service,
            Self::Tandem { arrivals, services } => services
                .iter()
                .map(|service| arrivals / service)
                .fold(0.0, f64::max),
            Self::Priority { rates, service, .. } => rates.iter().sum::<f64>() / service,
            _ => 0.0,
        }
    }

    /// Whether there is a scenario document for it.
    pub fn is_simulated(&self) -> bool {
        matches!(
            self,
            Self::MMc { .. }
                | Self::MMcK { .. }
                | Self::MG1 { .. }
                | Self::Tandem { .. }
                | Self::Priority { .. }
                | Self::ErlangB { .. }
        )
    }

    /// Whether a run wanders so slowly that its means vary more than the rule wants, even over two
    /// million customers: long queues at a high load.
    pub fn is_slow(&self) -> bool {
        match self {
            Self::MMcK { room, .. } => *room >= 50,
            Self::MG1 { deviation, .. } => self.load() >= 0.9 || *deviation > 1.5,
            Self::Priority { .. } => self.load() >= 0.75,
            // What is rare is not counted well.
            Self::ErlangB { offered, lines } => erlang_b(*offered, *lines) < 0.02,
            _ => self.load() >= 0.9,
        }
    }

    /// What the theory says.
    pub fn expected(&self) -> Expected {
        let values = match self {
            Self::MMc {
                arrivals,
                service,
                workers,
            } => many_workers(*arrivals, *service, *workers),
            Self::MMcK {
                arrivals,
                service,
                workers,
                room,
            } => limited(*arrivals, *service, *workers, *room),
            Self::MG1 {
                arrivals,
                service,
                deviation,
            } => general(*arrivals, *service, *deviation),
            Self::ErlangB { offered, lines } => vec![("P_block", erlang_b(*offered, *lines))],
            Self::Kingman {
                arrivals,
                service,
                deviations,
            } => networks::kingman(*arrivals, *service, *deviations),
            Self::Little { rate, time } => vec![("L", rate * time)],
            Self::Drain {
                backlog,
                arrivals,
                service,
            } => vec![("drain_time", backlog / (service - arrivals))],
            Self::Tandem { arrivals, services } => {
                return networks::tandem(*arrivals, services);
            }
            Self::Network {
                external,
                routing,
                services,
            } => return networks::jackson(external, routing, services),
            Self::Priority {
                rates,
                service,
                interrupts,
            } => return networks::priority(rates, *service, *interrupts),
        };
        let values = values.into_iter();
        Expected {
            values: values
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }
}

fn numbers(json: &Value) -> Vec<f64> {
    let list = json.as_array().into_iter().flatten();
    list.filter_map(Value::as_f64).collect()
}

/// Chance that all lines are busy (Erlang's first formula), by its recursion.
fn erlang_b(offered: f64, lines: u32) -> f64 {
    (1..=lines).fold(1.0, |blocked, n| {
        offered * blocked / (f64::from(n) + offered * blocked)
    })
}

pub fn many_workers(arrivals: f64, service: f64, workers: u32) -> Vec<(&'static str, f64)> {
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
        values.push(("P_n_ge_5", load * load * load * load * load));
        for (name, share) in [("W_p90", 0.9), ("W_p95", 0.95), ("W_p99", 0.99f64)] {
            values.push((name, -libm::log(1.0 - share) * whole));
        }
    } else {
        values.push(("a", offered));
        values.push(("P_wait_gt_1", waits * libm::exp(-spare)));
        let mut term = 1.0;
        let below = (0..workers).map(|n| {
            let this = term;
            term *= offered / f64::from(n + 1);
            this
        });
        let below: f64 = below.sum();
        values.push(("P0", 1.0 / (below + term / (1.0 - load))));
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
        ("a", arrivals / service),
        ("rho", arrivals / service),
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
