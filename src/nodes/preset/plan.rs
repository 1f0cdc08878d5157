//! What changes when a node that is drawn follows another preset, and what the user keeps.

use serde_json::Value;

use super::Preset;
use crate::nodes::{Field, Kind, Settings};

/// What another preset means for a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What it changes.
    pub changes: Vec<Change>,
    /// What the user has set himself, and keeps.
    pub own: Vec<Own>,
}

/// A setting that gets another value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The setting.
    pub field: &'static Field,
    /// What it is.
    pub from: Value,
    /// What it will be.
    pub to: Value,
}

/// A setting that stays as the user has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// What it would be if the preset decided.
    pub change: Change,
    /// Why the product cannot have it so, if it cannot.
    pub breach: Option<&'static str>,
}

/// What changes when a node with these settings, which followed `old`, follows `new`.
///
/// What the user set himself is what differs from the old preset, or from a new node of the kind.
/// It stays. Without a new preset all stays.
pub fn plan(settings: &Settings, old: Option<&Preset>, new: Option<&Preset>) -> Plan {
    let Some(new) = new else {
        return Plan::default();
    };
    let kind = settings.kind();
    let now = settings.to_json();
    let base = old.map_or_else(|| kind.defaults(), |old| old.settings(kind));
    let (base, goal) = (base.to_json(), new.settings(kind).to_json());
    let mut plan = Plan::default();
    for field in kind.descriptor().fields {
        let value = |json: &Value| json.get(field.name).cloned().unwrap_or_default();
        let change = Change {
            field,
            from: value(&now),
            to: value(&goal),
        };
        if change.from == change.to {
            continue;
        }
        if change.from == value(&base) {
            plan.changes.push(change);
        } else {
            plan.own.push(Own {
                change,
                breach: None,
            });
        }
    }
    plan.give_up_what_cannot_stay(kind, &now);
    let kept = applied(&now, &plan.changes);
    if let Ok(kept) = Settings::from_json(kind, &kept) {
        for (field, why) in new.breaches(&kept) {
            let mut own = plan.own.iter_mut();
            if let Some(own) = own.find(|own| own.change.field == field) {
                own.breach = Some(why);
            }
        }
    }
    plan
}

impl Plan {
    /// What the user set himself and cannot have together with what changes, changes too.
    fn give_up_what_cannot_stay(&mut self, kind: Kind, now: &Value) {
        while let Err(problems) = Settings::from_json(kind, &applied(now, &self.changes)) {
            let is_named = |own: &Own| problems.iter().any(|it| it.field == own.change.field.name);
            match self.own.iter().position(is_named) {
                Some(place) => self.changes.push(self.own.remove(place).change),
                None => return,
            }
        }
    }

    /// All that changes if the user gives up what he set himself in these settings, in an order
    /// in which each step is allowed.
    pub fn steps(mut self, settings: &Settings, given_up: &[&str]) -> Vec<Change> {
        let given_up = |own: &Own| given_up.contains(&own.change.field.name);
        let given_up: Vec<Own> = self.own.into_iter().filter(given_up).collect();
        (self.changes).extend(given_up.into_iter().map(|own| own.change));
        let kind = settings.kind();
        let mut now = settings.to_json();
        let mut steps = Vec::with_capacity(self.changes.len());
        let mut left = self.changes;
        while !left.is_empty() {
            let fits = |change: &Change| {
                let then = applied(&now, std::slice::from_ref(change));
                Settings::from_json(kind, &then).is_ok()
            };
            let place = left.iter().position(fits).unwrap_or(0);
            let step = left.remove(place);
            now = applied(&now, std::slice::from_ref(&step));
            steps.push(step);
        }
        steps
    }
}

/// Settings after changes.
fn applied(settings: &Value, changes: &[Change]) -> Value {
    let mut settings = settings.clone();
    for change in changes {
        settings[change.field.name] = change.to.clone();
    }
    settings
}
