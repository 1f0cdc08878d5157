//! Which links the relations of a text become, and which events go along them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::draft::{Draft, add_kept, add_more, fitting};
use super::export::relation_text;
use super::kinds::{Guess, guess, hands_on};
use super::names::event_of;
use super::tree::{Relation, What};
use super::verbs::{Way, way};
use crate::nodes::{Kind, Role};
use crate::topology::{Paper, TextLimit, shown};

/// A relation whose ends are known.
#[derive(Clone)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) at: usize,
    pub(super) label: String,
    pub(super) paper: Paper,
    /// What this program wrote about it.
    pub(super) ours: Option<Value>,
}

/// What stands for an element that is a node.
pub(super) struct Cast {
    pub(super) kind: &'static str,
    pub(super) keeps: bool,
}

/// The ends of all relations. What has none is kept as it is.
pub(super) fn arrows(draft: &mut Draft<'_, '_>) -> Vec<Arrow> {
    let mut known: BTreeMap<String, std::collections::VecDeque<Value>> = BTreeMap::new();
    if let Some(Value::Object(links)) = draft.ours.remove("_links") {
        for (ends, list) in links {
            let list = list.as_array().cloned().unwrap_or_default();
            known.insert(ends, list.into());
        }
    }
    let mut arrows = Vec::new();
    for (scope, at, relation) in std::mem::take(&mut draft.relations) {
        let (label, paper, both) = said(&relation);
        let (from, to) = (
            draft.find(scope, &relation.from),
            draft.find(scope, &relation.to),
        );
        let (from, to) = match (from, to) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(what), _) | (_, Err(what)) => {
                draft.remark(
                    at,
                    what,
                    "name an element; the relation is kept as it is written",
                );
                let ends = (relation.from.join("."), relation.to.join("."));
                keep(draft, at, &ends, &label, &paper);
                continue;
            }
        };
        let ends = (draft.parts[from].path.clone(), draft.parts[to].path.clone());
        let name = format!("{} -> {}", ends.0, ends.1);
        let ours = known.get_mut(&name).and_then(|list| list.pop_front());
        // A person may have drawn a link to what stands for the whole.
        let is_in = draft.is_inside(from, to) || draft.is_inside(to, from);
        if from == to || (is_in && ours.is_none()) {
            let what = format!(
                "no message goes from {} to {}",
                shown(&ends.0),
                shown(&ends.1)
            );
            draft.remark(
                at,
                what,
                "one is the other, or in it; the relation is kept as it is",
            );
            keep(draft, at, &ends, &label, &paper);
            continue;
        }
        let arrow = Arrow {
            from,
            to,
            at,
            label,
            paper,
            ours,
        };
        if both {
            let (from, to) = (to, from);
            arrows.push(arrow.clone());
            arrows.push(Arrow {
                from,
                to,
                ours: None,
                ..arrow
            });
        } else {
            arrows.push(arrow);
        }
    }
    arrows
}

/// The label of a relation, what else is said, and whether it goes both ways.
fn said(relation: &Relation) -> (String, Paper, bool) {
    let mut paper = Paper {
        description: fitting(&relation.description, TextLimit::Note),
        technology: fitting(&relation.technology, TextLimit::Name),
        ..Paper::default()
    };
    let tags = relation.tags.iter().take(Paper::TAGS_MAX);
    paper
        .tags
        .extend(tags.map(|tag| fitting(tag, TextLimit::Name)));
    let mut both = false;
    let mut label = relation.label.clone();
    for statement in &relation.body {
        match &statement.what {
            What::Property(name, _) if name == "both" => both = true,
            What::Property(name, text) => match name.as_str() {
                "technology" | "tech" => paper.technology = fitting(text, TextLimit::Name),
                "description" | "desc" => paper.description = fitting(text, TextLimit::Note),
                "title" if label.is_empty() => label.clone_from(text),
                _ => drop(add_more(&mut paper, name, text)),
            },
            What::Metadata(texts) => {
                for (name, text) in texts {
                    add_more(&mut paper, name, text);
                }
            }
            What::Kept(text, _) => drop(add_kept(&mut paper, text.clone())),
            _ => {}
        }
    }
    if let Some(order) = relation.order {
        add_more(&mut paper, "order", &order.to_string());
    }
    let label = format!("{} {label}", relation.verb);
    let label = label.trim();
    if label.chars().count() > TextLimit::Name.most() && paper.description.is_empty() {
        paper.description = fitting(label, TextLimit::Note);
    }
    (fitting(label, TextLimit::Name), paper, both)
}

fn keep(
    draft: &mut Draft<'_, '_>,
    at: usize,
    (from, to): &(String, String),
    label: &str,
    paper: &Paper,
) {
    let text = relation_text(from, to, label, paper);
    if !add_kept(&mut draft.paper, text) {
        draft.remark(at, "there is too much to keep", "this is left out");
    }
}

/// What stands for each element that is a node, and the arrows as messages go.
pub(super) fn cast(
    draft: &mut Draft<'_, '_>,
    is_node: &[bool],
    arrows: Vec<Arrow>,
) -> (Vec<Option<Cast>>, Vec<Arrow>) {
    let sends: BTreeSet<usize> = arrows.iter().map(|arrow| arrow.from).collect();
    let receives: BTreeSet<usize> = arrows.iter().map(|arrow| arrow.to).collect();
    let mut casts: Vec<Option<Cast>> = Vec::new();
    for (part, is_node) in is_node.iter().enumerate() {
        if !is_node {
            casts.push(None);
            continue;
        }
        let one = &draft.parts[part];
        let written = one
            .ours
            .as_ref()
            .and_then(|ours| ours["node"]["kind"].as_str());
        if let Some(kind) = written.and_then(Kind::from_name) {
            let kind = kind.name();
            casts.push(Some(Cast { kind, keeps: false }));
            continue;
        }
        let (sends, receives) = (sends.contains(&part), receives.contains(&part));
        let Guess {
            kind,
            remark,
            keeps,
        } = guess(&one.name, &one.paper, sends, receives);
        if let Some(remark) = remark {
            let (at, name) = (one.at, shown(&one.name));
            draft.remark(
                at,
                format!("{name}: {remark}"),
                "give it other settings if it matters",
            );
        }
        casts.push(Some(Cast { kind, keeps }));
    }
    let kind = |casts: &[Option<Cast>], part: usize| casts[part].as_ref().map_or("", |it| it.kind);
    let arrows = turned(draft, |part| kind(&casts, part), arrows);
    for (part, cast) in casts.iter().enumerate() {
        let takers = arrows.iter().filter(|arrow| arrow.from == part).count();
        let is_new = draft.parts[part].ours.is_none();
        if takers > 1 && is_new && cast.as_ref().is_some_and(|it| it.kind == "queue") {
            let (at, name) = (draft.parts[part].at, shown(&draft.parts[part].name));
            let what = format!("{name}: its {takers} consumers share the messages");
            draft.remark(at, what, "make it a topic if each should get a copy");
        }
    }
    for part in 0..draft.parts.len() {
        let is_ours = draft.parts[part].ours.is_some();
        let comes: Vec<&Arrow> = arrows.iter().filter(|arrow| arrow.to == part).collect();
        let leaves = arrows.iter().any(|arrow| arrow.from == part);
        let at = draft.parts[part].at;
        let name = shown(&draft.parts[part].name);
        if is_ours || kind(&casts, part) != "service" {
            continue;
        }
        let feeds = |arrow: &&Arrow| kind(&casts, arrow.from) == "event_store";
        let better = if comes.is_empty() && leaves {
            draft.remark(
                at,
                format!("{name}: nothing comes to it, so it emits events at a pace of its own"),
                "set its rate",
            );
            "producer"
        } else if !comes.is_empty() && !leaves && comes.iter().all(feeds) {
            "projection"
        } else {
            continue;
        };
        casts[part] = Some(Cast {
            kind: better,
            keeps: false,
        });
    }
    (casts, arrows)
}

/// The arrows as messages go: those of consumers are turned round.
fn turned(
    draft: &mut Draft<'_, '_>,
    kind: impl Fn(usize) -> &'static str,
    arrows: Vec<Arrow>,
) -> Vec<Arrow> {
    let mut turned = Vec::new();
    for arrow in arrows {
        let asks = hands_on(kind(arrow.to)) && !hands_on(kind(arrow.from));
        if !asks || arrow.ours.is_some() {
            turned.push(arrow);
            continue;
        }
        let (from, to) = (arrow.to, arrow.from);
        let back = Arrow {
            from,
            to,
            ..arrow.clone()
        };
        match way(&arrow.label) {
            Way::Gives => turned.push(arrow),
            Way::Takes => turned.push(back),
            Way::Both => turned.extend([arrow, back]),
            Way::Unsaid => {
                let what = format!(
                    "{:?} does not say which way messages go",
                    shown(&arrow.label)
                );
                draft.remark(
                    arrow.at,
                    what,
                    "they go as the arrow; say publishes or consumes",
                );
                turned.push(arrow);
            }
        }
    }
    turned
}

/// Keeps of the arrows those that can be links; the others stay in the text.
pub(super) fn fitting_arrows(
    draft: &mut Draft<'_, '_>,
    casts: &[Option<Cast>],
    arrows: Vec<Arrow>,
) -> Vec<Arrow> {
    let kind = |part: usize| {
        casts[part]
            .as_ref()
            .and_then(|cast| Kind::from_name(cast.kind))
    };
    let mut fit = Vec::new();
    for arrow in arrows {
        let kinds = kind(arrow.from).zip(kind(arrow.to));
        let role = kinds.and_then(|(from, to)| Role::between(from, to));
        let label = arrow.label.to_lowercase();
        let is_dead = ["dead", "dlq", "dlx", "fail"]
            .iter()
            .any(|it| label.contains(it));
        let fits = match role {
            Some(Role::DeadLetters) => is_dead || arrow.ours.is_some(),
            other => other.is_some(),
        };
        if fits {
            fit.push(arrow);
            continue;
        }
        let words = kinds.map_or_else(String::new, |(from, to)| {
            let (from, to) = (from.descriptor().label, to.descriptor().label);
            format!(
                "nothing can go from a {} to a {}",
                from.to_lowercase(),
                to.to_lowercase()
            )
        });
        draft.remark(arrow.at, words, "the relation is kept as it is written");
        let path = |part: usize| draft.parts[part].path.clone();
        let ends = (path(arrow.from), path(arrow.to));
        keep(draft, arrow.at, &ends, &arrow.label, &arrow.paper);
    }
    fit
}

/// The events that leave each element, and those that take each link.
pub(super) struct Events {
    pub(super) of_arrow: Vec<String>,
    /// What a node emits: upon which event, and which.
    pub(super) emits: BTreeMap<usize, Vec<(Option<String>, String)>>,
}

/// Most emissions of a service.
const EMITS_MAX: usize = 50;

/// Names the events. In a circle, nothing is emitted upon what came round.
pub(super) fn events(casts: &[Option<Cast>], arrows: &[Arrow]) -> Events {
    let count = casts.len();
    let is_back = backward(count, arrows);
    let mut of_arrow: Vec<String> = arrows.iter().map(|arrow| event_of(&arrow.label)).collect();
    let forward: BTreeSet<String> = (0..arrows.len())
        .filter(|n| !is_back[*n])
        .map(|n| of_arrow[n].clone())
        .collect();
    for n in (0..arrows.len()).filter(|n| is_back[*n]) {
        while forward.contains(&of_arrow[n]) {
            of_arrow[n].push_str("Again");
        }
    }
    let hands = |part: usize| casts[part].as_ref().is_some_and(|cast| hands_on(cast.kind));
    let mut comes: Vec<BTreeSet<String>> = vec![BTreeSet::new(); count];
    for part in in_order(count, arrows, &is_back) {
        let passed = comes[part].clone();
        for (n, arrow) in arrows.iter().enumerate() {
            if arrow.from != part || is_back[n] {
                continue;
            }
            if hands(part) {
                comes[arrow.to].extend(passed.iter().cloned());
            } else {
                comes[arrow.to].insert(of_arrow[n].clone());
            }
        }
    }
    let is_round = is_back.contains(&true);
    let mut emits: BTreeMap<usize, Vec<(Option<String>, String)>> = BTreeMap::new();
    for (n, arrow) in arrows
        .iter()
        .enumerate()
        .filter(|(_, arrow)| !hands(arrow.from))
    {
        let list = emits.entry(arrow.from).or_default();
        let causes: Vec<Option<String>> = if is_round && !comes[arrow.from].is_empty() {
            comes[arrow.from].iter().cloned().map(Some).collect()
        } else {
            vec![None]
        };
        for cause in causes {
            let one = (cause, of_arrow[n].clone());
            if !list.contains(&one) && list.len() < EMITS_MAX {
                list.push(one);
            }
        }
    }
    Events { of_arrow, emits }
}

/// Which arrows close a circle.
fn backward(count: usize, arrows: &[Arrow]) -> Vec<bool> {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut comes = vec![false; count];
    for (n, arrow) in arrows.iter().enumerate() {
        leaving[arrow.from].push(n);
        comes[arrow.to] = true;
    }
    let mut is_back = vec![false; arrows.len()];
    // Not seen, on the way, done.
    let mut state = vec![0_u8; count];
    let sources = (0..count).filter(|part| !comes[*part]);
    for start in sources.chain(0..count).collect::<Vec<_>>() {
        if state[start] != 0 {
            continue;
        }
        let mut way = vec![(start, 0)];
        state[start] = 1;
        while let Some((part, next)) = way.last_mut() {
            let Some(n) = leaving[*part].get(*next).copied() else {
                state[*part] = 2;
                way.pop();
                continue;
            };
            *next += 1;
            let to = arrows[n].to;
            match state[to] {
                0 => {
                    state[to] = 1;
                    way.push((to, 0));
                }
                1 => is_back[n] = true,
                _ => {}
            }
        }
    }
    is_back
}

/// All elements, none before what comes to it.
fn in_order(count: usize, arrows: &[Arrow], is_back: &[bool]) -> Vec<usize> {
    let mut waits = vec![0_u32; count];
    let forward = || arrows.iter().zip(is_back).filter(|(_, back)| !**back);
    for (arrow, _) in forward() {
        waits[arrow.to] += 1;
    }
    let mut order: Vec<usize> = (0..count).filter(|part| waits[*part] == 0).collect();
    let mut done = 0;
    while let Some(part) = order.get(done).copied() {
        done += 1;
        for (arrow, _) in forward().filter(|(arrow, _)| arrow.from == part) {
            waits[arrow.to] -= 1;
            if waits[arrow.to] == 0 {
                order.push(arrow.to);
            }
        }
    }
    order
}

/// The settings with which a node of this kind begins.
pub(super) fn base(cast: &Cast, emits: &[(Option<String>, String)], listens: bool) -> Value {
    let events: BTreeSet<&String> = emits.iter().map(|(_, event)| event).collect();
    match cast.kind {
        "producer" => {
            let events: Vec<Value> = events
                .iter()
                .map(|event| json!({ "event": event }))
                .collect();
            match events.is_empty() {
                true => json!({}),
                false => json!({ "events": events }),
            }
        }
        "service" => {
            let mean = if cast.keeps { "5ms" } else { "50ms" };
            let emits: Vec<Value> = emits
                .iter()
                .map(|(on, event)| match on {
                    Some(on) => json!({ "on": on, "event": event }),
                    None => json!({ "event": event }),
                })
                .collect();
            json!({
                "service_time": { "shape": "exponential", "mean": mean },
                "workers": 4,
                "emits": emits,
            })
        }
        "topic" if !listens => json!({ "unrouted": "ignore" }),
        _ => json!({}),
    }
}
