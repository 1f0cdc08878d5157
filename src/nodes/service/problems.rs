//! What is wrong with the settings of a service that each field alone does not show.

use super::emission::SPLIT_MOST;
use super::{Emission, Settings};
use crate::nodes::shared::events::{EventSpec, NAME_MOST};
use crate::nodes::shared::period::Period;
use crate::nodes::{Filter, SettingsProblem};

/// Most event types that a service emits, asks or tells apart.
const LIST_MOST: usize = 50;

impl Settings {
    pub(in crate::nodes) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        let mut wrong = |field: String, what: String| {
            problems.push(SettingsProblem::new(field, what));
        };
        for (field, length) in [
            ("emits", self.emits.len()),
            ("calls", self.calls.len()),
            ("priorities", self.priorities.len()),
        ] {
            if length > LIST_MOST {
                wrong(field.to_owned(), expected_most(LIST_MOST, length));
            }
        }
        if let Some(what) = self.trouble_of_poison() {
            wrong("poison".to_owned(), what);
        }
        if self.preempts && self.batch > 1 {
            let what = "expected a batch of 1 where work can be interrupted";
            wrong("preempts".to_owned(), what.to_owned());
        }
        if self.has_store() && self.batch > 1 {
            let what = "expected a batch of 1 where another knows what was done";
            problems.push(SettingsProblem::new("store", what));
        }
        problems.extend(self.trouble_of_transactions());
        problems.extend(Period::problems(&self.periods, "periods"));
        for (n, name) in self.priorities.iter().enumerate() {
            problems.extend(named(name, &format!("priorities[{n}]")));
        }
        for (n, call) in self.calls.iter().enumerate() {
            problems.extend(named(&call.event, &format!("calls[{n}]")));
        }
        for (n, emission) in self.emits.iter().enumerate() {
            let field = format!("emits[{n}]");
            problems.extend(named(&emission.event, &field));
            problems.extend(of_emission(emission, &field));
        }
        problems
    }

    fn trouble_of_poison(&self) -> Option<String> {
        Filter::problem(self.poison.as_ref()?, self.poison_scope)
    }
}

fn named(name: &str, field: &str) -> Vec<SettingsProblem> {
    EventSpec::named(name).problems(field)
}

fn of_emission(emission: &Emission, field: &str) -> Option<SettingsProblem> {
    let long = |list: &String| list.chars().count() > NAME_MOST;
    if emission.count > SPLIT_MOST {
        let what = expected_most(SPLIT_MOST as usize, emission.count as usize);
        return Some(SettingsProblem::new(format!("{field}.count"), what));
    }
    if emission.gather == 0 {
        let what = "expected at least 1, found 0";
        return Some(SettingsProblem::new(format!("{field}.gather"), what));
    }
    let is_one = emission.gather == 1 && emission.count == 1 && emission.each.is_none();
    let is_plain = is_one && emission.after.is_zero();
    if !emission.window.is_zero() && !is_plain {
        let what = "expected no gather, count, each or after where there is a window";
        return Some(SettingsProblem::new(format!("{field}.window"), what));
    }
    emission.each.as_ref().filter(|list| long(list)).map(|_| {
        let what = format!("expected a name of at most {NAME_MOST} characters");
        SettingsProblem::new(format!("{field}.each"), what)
    })
}

fn expected_most(most: usize, found: usize) -> String {
    format!("expected at most {most}, found {found}")
}
