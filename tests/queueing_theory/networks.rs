//! The closed forms of several stations or classes: Jackson's networks, priorities, Kingman.

use std::collections::BTreeMap;

use super::formulas::{Expected, many_workers};

/// Kingman's approximation of the mean wait.
pub fn kingman(
    arrivals: f64,
    service: f64,
    (of_arrivals, of_service): (f64, f64),
) -> Vec<(&'static str, f64)> {
    let load = arrivals / service;
    let varied = (of_arrivals * of_arrivals + of_service * of_service) / 2.0;
    vec![
        ("rho", load),
        ("ca", of_arrivals),
        ("cs", of_service),
        ("Wq_approx", load / (1.0 - load) * varied / service),
    ]
}

/// Stations in a row: each is as if it were alone (Burke).
pub fn tandem(arrivals: f64, services: &[f64]) -> Expected {
    stations(
        arrivals,
        services.iter().map(|service| (arrivals, *service)),
    )
}

/// A network: each station is as if it were alone, with what comes to it in all.
pub fn jackson(external: &[f64], routing: &[Vec<f64>], services: &[f64]) -> Expected {
    let mut rates = external.to_vec();
    for _ in 0..10_000 {
        rates = (0..external.len())
            .map(|to| {
                let from = rates.iter().zip(routing);
                external[to] + from.map(|(rate, row)| rate * row[to]).sum::<f64>()
            })
            .collect();
    }
    let each = rates.iter().copied().zip(services.iter().copied());
    let mut expected = stations(external.iter().sum(), each);
    for (n, rate) in rates.iter().enumerate() {
        expected.values.insert(format!("lambdas.{n}"), *rate);
    }
    expected
}

fn stations(arrivals: f64, each: impl Iterator<Item = (f64, f64)>) -> Expected {
    let mut values = BTreeMap::new();
    let mut number = 0.0;
    for (n, (rate, service)) in each.enumerate() {
        for (name, value) in many_workers(rate, service, 1) {
            values.insert(format!("stations.{n}.{name}"), value);
            number += if name == "L" { value } else { 0.0 };
        }
    }
    values.insert("L_total".to_owned(), number);
    values.insert("W_total".to_owned(), number / arrivals);
    Expected { values }
}

/// Cobham's formulas: who comes first waits for the work in hand and for those before them, and
/// who can be interrupted waits again for everybody more important who comes meanwhile.
pub fn priority(rates: &[f64], service: f64, interrupts: bool) -> Expected {
    let mut values = BTreeMap::new();
    let all: f64 = rates.iter().sum();
    let mut above = 0.0;
    for (n, rate) in rates.iter().enumerate() {
        let with = above + rate / service;
        let seen = if interrupts { with } else { all / service };
        let wait = seen / service / ((1.0 - above) * (1.0 - with));
        let work = match interrupts {
            true => 1.0 / service / (1.0 - above),
            false => 1.0 / service,
        };
        let whole = wait + work;
        let mut put = |name: &str, value| values.insert(format!("classes.{n}.{name}"), value);
        put("cls", (n + 1) as f64);
        put("lam", *rate);
        put("W", whole);
        put("L", whole * rate);
        if !interrupts {
            put("Wq", wait);
            put("Lq", wait * rate);
        }
        above = with;
    }
    Expected { values }
}
