//! What the walks and views of a text become.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::{Draft, add_kept, add_more, fitting};
use super::tree::{self, Shown, What};
use crate::topology::{Paper, TextLimit};

/// A walk whose ends are known.
pub(super) struct Told {
    pub(super) at: usize,
    pub(super) word: String,
    pub(super) name: String,
    pub(super) paper: Paper,
    /// From which element to which, and what happens.
    pub(super) steps: Vec<(usize, usize, String)>,
}

/// The walks with their ends.
pub(super) fn told(draft: &mut Draft<'_, '_>) -> Vec<Told> {
    let mut all = Vec::new();
    for (scope, at, walk) in std::mem::take(&mut draft.walks) {
        let mut told = Told {
            at,
            word: fitting(&walk.word, TextLimit::Name),
            name: fitting(&walk.title, TextLimit::Name),
            paper: Paper {
                word: fitting(&walk.word, TextLimit::Name),
                sort: walk.sort,
                description: fitting(&walk.description, TextLimit::Note),
                ..Paper::default()
            },
            steps: Vec::new(),
        };
        let mut orders = Vec::new();
        for statement in walk.body {
            let at = statement.at;
            match statement.what {
                What::Relation(step) => {
                    let ends = (draft.find(scope, &step.from), draft.find(scope, &step.to));
                    match ends {
                        (Ok(from), Ok(to)) => {
                            orders.push(step.order);
                            told.steps.push((from, to, text_of(&step)));
                        }
                        (Err(what), _) | (_, Err(what)) => {
                            let (from, to) = (step.from.join("."), step.to.join("."));
                            let text = format!("{from} -> {to} {}", text_of(&step));
                            draft.remark(at, what, "name an element; the step is kept as it is");
                            add_kept(&mut told.paper, text);
                        }
                    }
                }
                What::Property(name, text) => match name.as_str() {
                    "title" => told.name = fitting(&text, TextLimit::Name),
                    "description" | "desc" => {
                        told.paper.description = fitting(&text, TextLimit::Note);
                    }
                    _ => drop(add_more(&mut told.paper, &name, &text)),
                },
                What::Metadata(texts) => {
                    for (name, text) in texts {
                        add_more(&mut told.paper, &name, &text);
                    }
                }
                What::Tags(tags) => told.paper.tags.extend(tags),
                What::Kept(text, _) => {
                    let first = crate::topology::shown(text.lines().next().unwrap_or_default());
                    let what = format!("this is no step: {first}");
                    draft.remark(at, what, "it is kept as it is written");
                    add_kept(&mut told.paper, text);
                }
                _ => draft.remark(at, "this cannot be in a scenario", "it is left out"),
            }
        }
        if orders.iter().all(Option::is_some) {
            let mut numbered: Vec<_> = orders.iter().zip(told.steps).collect();
            numbered.sort_by_key(|(order, _)| **order);
            told.steps = numbered.into_iter().map(|(_, step)| step).collect();
        }
        all.push(told);
    }
    all
}

fn text_of(step: &tree::Relation) -> String {
    let mut text = format!("{} {}", step.verb, step.label).trim().to_owned();
    for more in [&step.description, &step.technology] {
        if !more.is_empty() {
            text = format!("{text} ({more})");
        }
    }
    if !step.tags.is_empty() {
        text = format!("{text} [{}]", step.tags.join(", "));
    }
    fitting(text.trim(), TextLimit::Note)
}

/// The elements that a view shows; `None` for the number of a view that it continues.
pub(super) fn shown_in(
    draft: &mut Draft<'_, '_>,
    view: &tree::View,
    before: &[(String, BTreeSet<usize>)],
    near: &[(usize, usize)],
) -> BTreeSet<usize> {
    let all: BTreeSet<usize> = (0..draft.parts.len()).collect();
    let base = view.of.as_ref().map(|of| draft.find(None, of));
    let scope = match base {
        Some(Ok(part)) => Some(part),
        Some(Err(what)) => {
            let at = view.rules.first().map_or(0, |rule| rule.at);
            draft.remark(at, what, "the view is of everything");
            None
        }
        None => None,
    };
    let inside = |draft: &Draft<'_, '_>, part: usize| -> BTreeSet<usize> {
        let parts = all.iter().copied();
        parts
            .filter(|other| draft.is_inside(*other, part))
            .collect()
    };
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    if let Some(extends) = &view.extends
        && let Some((_, parts)) = before.iter().find(|(word, _)| word == extends)
    {
        shown.extend(parts);
    }
    if !view.rules.iter().any(|rule| rule.shows) && shown.is_empty() {
        shown.extend(scope.map_or_else(|| all.clone(), |part| inside(draft, part)));
    }
    for shows in [true, false] {
        for rule in view.rules.iter().filter(|rule| rule.shows == shows) {
            let path = match &rule.what {
                Shown::All => None,
                Shown::One(path) | Shown::Inside(path) | Shown::Around(path, ..) => Some(path),
            };
            let part = match path.map(|path| draft.find(scope, path)) {
                None => None,
                Some(Ok(part)) => Some(part),
                Some(Err(what)) => {
                    draft.remark(rule.at, what, "name an element; the view goes without it");
                    continue;
                }
            };
            let mut meant = match (&rule.what, part) {
                (Shown::All, _) | (_, None) => {
                    scope.map_or_else(|| all.clone(), |part| inside(draft, part))
                }
                (_, Some(part)) => inside(draft, part),
            };
            match (&rule.what, part) {
                (Shown::One(_), Some(part)) => drop(meant.insert(part)),
                (Shown::Around(_, before, behind), Some(part)) => {
                    meant.insert(part);
                    let core = meant.clone();
                    for (from, to) in near {
                        if *before && core.contains(to) {
                            meant.insert(*from);
                        }
                        if *behind && core.contains(from) {
                            meant.insert(*to);
                        }
                    }
                }
                _ => {}
            }
            if shows {
                shown.extend(meant);
            } else {
                shown.retain(|part| !meant.contains(part));
            }
        }
    }
    shown
}

/// What this program wrote about a thing with this name.
pub(super) fn ours_of(list: Option<&Value>, word: &str) -> Option<Value> {
    list.and_then(|list| list.get(word)).cloned()
}
