//! The command line of the program.

use bench::{Case, Model, Runner};

use super::comparison::{Comparison, Target};

/// What `--help` prints.
pub const HELP: &str = "\
usage: bench [--format text|json] [--quick] [--check] [--model NAME] [--target native|wasm]

Times the engine against the hand-written loop REF, in alternating pairs.

  --format json   one object a line
  --quick         fewer and shorter pairs: noisy, for a first look
  --check         exit code 1 if a gate is missed
  --model NAME    only mm1, mm4, fan-out, mm1-idle-nodes, mm1-backlog, log or log-kept
  --target NAME   only native or wasm

  --child MODEL reference|engine on|off CUSTOMERS
                  one run, for valgrind; prints its events, mean wait and peak memory";

/// What was asked for.
#[derive(Debug, PartialEq)]
pub enum Task {
    /// Say how it is used.
    Help,
    /// Run one case in this process.
    Child(Case),
    /// Measure.
    Measure(Arguments),
}

/// How to measure.
#[derive(Debug, PartialEq)]
pub struct Arguments {
    /// Print one object a line instead of a table.
    pub json: bool,
    /// A missed gate is a failure.
    pub check: bool,
    /// How long each measurement takes.
    pub effort: Effort,
    model: Option<Model>,
    target: Option<Target>,
}

/// How long a measurement takes, and so how far it can be trusted.
#[derive(Debug, PartialEq)]
pub struct Effort {
    /// Pairs of which the median is taken.
    pub rounds: usize,
    /// Events in each run of a pair.
    pub events: u64,
}

impl Effort {
    const FULL: Self = Self {
        rounds: 9,
        events: 2_000_000,
    };
    const QUICK: Self = Self {
        rounds: 5,
        events: 400_000,
    };
}

impl Arguments {
    /// Whether this comparison was asked for.
    pub fn wants(&self, comparison: &Comparison) -> bool {
        self.model.is_none_or(|model| model == comparison.model)
            && self.target.is_none_or(|target| target == comparison.target)
    }
}

/// Reads the arguments.
///
/// # Errors
/// A sentence about the first that is not understood.
pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut arguments = Arguments {
        json: false,
        check: false,
        effort: Effort::FULL,
        model: None,
        target: None,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--child" => return child(&words.collect::<Vec<_>>()).map(Task::Child),
            "--quick" => arguments.effort = Effort::QUICK,
            "--check" => arguments.check = true,
            "--format" => {
                arguments.json = match words.next().as_deref() {
                    Some("json") => true,
                    Some("text") => false,
                    _ => return Err("--format takes text or json".to_owned()),
                };
            }
            "--model" => arguments.model = Some(model(words.next())?),
            "--target" => {
                arguments.target = match words.next().as_deref() {
                    Some("native") => Some(Target::Native),
                    Some("wasm") => Some(Target::Wasm),
                    _ => return Err("--target takes native or wasm".to_owned()),
                };
            }
            _ => return Err(format!("{word} is not an option; --help lists them")),
        }
    }
    Ok(Task::Measure(arguments))
}

fn model(word: Option<String>) -> Result<Model, String> {
    word.as_deref().and_then(Model::named).ok_or_else(|| {
        let names = Model::ALL.map(Model::name).join(", ");
        format!("a model is one of {names}")
    })
}

fn child(words: &[String]) -> Result<Case, String> {
    let usage = || "--child takes MODEL reference|engine on|off CUSTOMERS".to_owned();
    let [name, runner, tracing, customers] = words else {
        return Err(usage());
    };
    let runner = match (runner.as_str(), tracing.as_str()) {
        ("reference", "on" | "off") => Runner::Reference,
        ("engine", "on") => Runner::Traced,
        ("engine", "off") => Runner::Untraced,
        _ => return Err(usage()),
    };
    let customers = customers.parse().map_err(|_| usage())?;
    Ok(Case {
        model: model(Some(name.clone()))?,
        runner,
        customers,
    })
}

#[cfg(test)]
mod tests {
    use super::{Effort, Task, parse};
    use bench::{Case, Model, Runner};

    fn check(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let Ok(Task::Measure(read)) = check("--quick --format json --check") else {
            panic!("not a measurement");
        };
        assert!(read.json && read.check);
        assert_eq!(read.effort, Effort::QUICK);
    }

    #[test]
    fn a_child_is_one_case() {
        let case = Case {
            model: Model::FanOut,
            runner: Runner::Traced,
            customers: 50,
        };
        assert_eq!(check("--child fan-out engine on 50"), Ok(Task::Child(case)));
        assert!(check("--child fan-out engine on").is_err());
        assert!(check("--child mm9 engine on 50").is_err());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(check("--fast").is_err_and(|problem| problem.contains("--fast")));
    }
}
