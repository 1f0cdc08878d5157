//! Which function goes where.

use std::collections::{BTreeMap, BTreeSet};

use crate::module::Module;
use crate::rules::Rules;

/// Who goes where, and how the parts reach each other.
pub struct Plan {
    /// Whether each function goes to the rest.
    pub later: Vec<bool>,
    /// Functions of the rest that the first part reaches, with their slots in the table.
    pub doors: BTreeMap<u32, u32>,
    /// Functions of the first part that the rest calls.
    pub backs: BTreeSet<u32>,
    /// The import that fetches the rest.
    pub loader: u32,
}

impl Plan {
    pub fn new(module: &Module, rules: &Rules) -> Result<Self, String> {
        let loader = module
            .loader
            .ok_or("the page has no import to fetch the rest")?;
        let slots = module
            .tables
            .first()
            .ok_or("the program has no table")?
            .initial;
        let later = later(module, rules);
        if !later.contains(&true) {
            return Err("no function stands in the rules: have the names been left out?".into());
        }
        let is_later = |function: &u32| later[*function as usize];
        let (mut reached, mut backs) = (BTreeSet::new(), BTreeSet::new());
        for caller in module.all() {
            let needs = module.needs[caller as usize].iter().copied();
            if is_later(&caller) {
                backs.extend(needs.filter(|function| !is_later(function)));
            } else {
                reached.extend(needs.filter(is_later));
            }
        }
        reached.extend(module.in_table.iter().copied().filter(is_later));
        let slots = u32::try_from(slots).map_err(|_| "the table is too large")?;
        Ok(Self {
            doors: reached.into_iter().zip(slots..).collect(),
            later,
            backs,
            loader,
        })
    }
}

/// What the rules name, and what nobody else needs.
fn later(module: &Module, rules: &Rules) -> Vec<bool> {
    let may_move = |function: u32| module.may_move(function);
    let mut later: Vec<bool> = module
        .all()
        .map(|function| may_move(function) && rules.is_later(&module.names[function as usize]))
        .collect();
    // How many of the first part call each.
    let mut callers = vec![0u32; later.len()];
    let mut called = vec![false; later.len()];
    for caller in module.all() {
        for function in &module.needs[caller as usize] {
            called[*function as usize] = true;
            callers[*function as usize] += u32::from(!later[caller as usize]);
        }
    }
    let only_later = |function: u32, later: &[bool], callers: &[u32]| {
        let at = function as usize;
        may_move(function)
            && !later[at]
            && called[at]
            && callers[at] == 0
            && !module.in_table.contains(&function)
    };
    let mut next: Vec<u32> = module
        .all()
        .filter(|function| only_later(*function, &later, &callers))
        .collect();
    while let Some(function) = next.pop() {
        if !only_later(function, &later, &callers) {
            continue;
        }
        later[function as usize] = true;
        for needed in &module.needs[function as usize] {
            callers[*needed as usize] -= 1;
            next.push(*needed);
        }
    }
    later
}
