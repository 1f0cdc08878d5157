//! REF: the loop that a good programmer writes by hand for one model and nothing else.
//!
//! A std `BinaryHeap` of (time, seq, payload), xoshiro256++, exponential variates by -ln(u), and a
//! `VecDeque` of customers for each queue. Time is nanoseconds in a `u64`, as in the engine: it
//! orders without a wrapper and does not lose precision as a run gets longer. Nothing is slowed
//! down, and nothing is tuned either: no packed keys, no other heap, no ziggurat. There are no
//! settings, acknowledgements, histograms or trace; the waits are summed so that they can be
//! compared with theory.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::xoshiro::Xoshiro;
use crate::{Model, Outcome, Parameters, log};

/// Pending events, earliest first and first-in first-out among equals.
pub(crate) struct Pending<Event> {
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    seq: u64,
}

impl<Event: Ord + Copy> Pending<Event> {
    pub(crate) fn new() -> Self {
        Self {
            heap: BinaryHeap::new(),
            seq: 0,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, time: u64, event: Event) {
        self.heap.push(Reverse((time, self.seq, event)));
        self.seq += 1;
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(u64, Event)> {
        let Reverse((time, _, event)) = self.heap.pop()?;
        Some((time, event))
    }
}

/// One queue and its servers: what waits, and how many servers are at work.
#[derive(Default)]
struct Station {
    waiting: VecDeque<u64>,
    busy: u32,
}

/// Runs the model by hand until this many customers have been served.
///
/// On fan-out a customer is a published message, which each of the subscribers serves.
pub fn run(model: Model, customers: u64, seed: u64) -> Outcome {
    let parameters = model.parameters();
    match parameters.subscribers {
        _ if model.is_log() => log::run(&parameters, customers, seed),
        None => one_queue(&parameters, customers, seed),
        Some(subscribers) => fan_out(&parameters, subscribers, customers, seed),
    }
}

fn one_queue(parameters: &Parameters, customers: u64, seed: u64) -> Outcome {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Event {
        Arrival,
        Departure,
    }
    let Parameters {
        arrival_mean,
        service_mean,
        workers,
        ..
    } = *parameters;
    let mut luck = Xoshiro::new(seed);
    let mut pending = Pending::new();
    let mut waiting = VecDeque::new();
    let mut busy = 0;
    let (mut arrivals, mut departures, mut waited) = (0, 0, 0);
    pending.push(luck.exponential(arrival_mean) as u64, Event::Arrival);
    while let Some((now, event)) = pending.pop() {
        match event {
            Event::Arrival => {
                arrivals += 1;
                if arrivals < customers {
                    pending.push(now + luck.exponential(arrival_mean) as u64, Event::Arrival);
                }
                if busy < workers {
                    busy += 1;
                    pending.push(
                        now + luck.exponential(service_mean) as u64,
                        Event::Departure,
                    );
                } else {
                    waiting.push_back(now);
                }
            }
            Event::Departure => {
                departures += 1;
                if let Some(arrived) = waiting.pop_front() {
                    waited += now - arrived;
                    pending.push(
                        now + luck.exponential(service_mean) as u64,
                        Event::Departure,
                    );
                } else {
                    busy -= 1;
                }
            }
        }
    }
    Outcome::new(arrivals + departures, waited as f64, departures)
}

fn fan_out(parameters: &Parameters, subscribers: u32, customers: u64, seed: u64) -> Outcome {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Event {
        Published,
        Departure(u32),
    }
    let Parameters {
        arrival_mean,
        service_mean,
        workers,
        ..
    } = *parameters;
    let mut luck = Xoshiro::new(seed);
    let mut pending = Pending::new();
    let mut stations: Vec<Station> = (0..subscribers).map(|_| Station::default()).collect();
    let (mut published, mut arrivals, mut departures, mut waited) = (0, 0, 0, 0);
    pending.push(luck.exponential(arrival_mean) as u64, Event::Published);
    while let Some((now, event)) = pending.pop() {
        match event {
            Event::Published => {
                published += 1;
                if published < customers {
                    pending.push(
                        now + luck.exponential(arrival_mean) as u64,
                        Event::Published,
                    );
                }
                for (number, station) in stations.iter_mut().enumerate() {
                    arrivals += 1;
                    if station.busy < workers {
                        station.busy += 1;
                        let service = luck.exponential(service_mean) as u64;
                        pending.push(now + service, Event::Departure(number as u32));
                    } else {
                        station.waiting.push_back(now);
                    }
                }
            }
            Event::Departure(number) => {
                departures += 1;
                let station = &mut stations[number as usize];
                if let Some(arrived) = station.waiting.pop_front() {
                    waited += now - arrived;
                    let service = luck.exponential(service_mean) as u64;
                    pending.push(now + service, Event::Departure(number));
                } else {
                    station.busy -= 1;
                }
            }
        }
    }
    Outcome::new(arrivals + departures, waited as f64, departures)
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::Model;

    fn check(model: Model, customers: u64, events: u64) {
        let outcome = run(model, customers, 1);
        assert_eq!(outcome.events, events, "{}", model.name());
        let theory = model.mean_wait();
        let off = outcome.mean_wait / theory - 1.0;
        assert!(
            off.abs() < 0.02,
            "{}: {} s, theory {theory} s",
            model.name(),
            outcome.mean_wait
        );
    }

    #[test]
    fn mean_waits_match_theory() {
        check(Model::Mm1, 4_000_000, 8_000_000);
        check(Model::Mm4, 4_000_000, 8_000_000);
        check(Model::FanOut, 1_000_000, 10_000_000);
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        assert_eq!(run(Model::Mm1, 1000, 3), run(Model::Mm1, 1000, 3));
        assert_ne!(run(Model::Mm1, 1000, 3), run(Model::Mm1, 1000, 4));
    }
}
