//! Nodes that nothing reaches or that nobody hears, and links that carry nothing.
//!
//! Only the place is told from which on nothing comes, not all that is dry behind it.

use super::flow::Flow;
use super::graph::Idle;
use super::words::{self, often};
use super::{Finding, Severity};
use crate::nodes::{Kind, Role, Split};

/// What is likely wrong with what comes to a node and leaves it.
pub fn of_node(flow: &Flow, point: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let drawn = &graph.points[point];
    let conduct = &drawn.conduct;
    let missing = (conduct.needs.iter()).find(|role| !graph.has(point, **role));
    if let Some(role) = missing {
        return found.push(without(flow, point, *role));
    }
    if let Some(field) = conduct.silenced_by {
        let told = (
            "it emits nothing: its settings say so",
            "raise the number, or let it emit by hand",
        );
        found.push(graph.at_node(point, Some(field), Severity::Doubtful, told));
    }
    unread(flow, point, found);
    if !flow.unheard[point].is_empty() {
        found.push(unheard(flow, point));
    } else if drawn.out.is_empty() && drawn.into.is_empty() {
        let told = (
            "no link leads here or leaves",
            "drag from its handle to another node",
        );
        found.push(graph.at_node(point, None, Severity::Note, told));
    } else if drawn.into.is_empty() && !flow.is_wet(point) && conduct.silenced_by.is_none() {
        let told = match drawn.node.settings.kind().descriptor().by_hand {
            true => (
                "nothing reaches it but what is sent by hand",
                "link it from a node that sends, or send by hand",
            ),
            false => ("nothing reaches it", "link it from a node that sends"),
        };
        found.push(graph.at_node(point, None, Severity::Note, told));
    }
}

/// A node that can do nothing without a link of this role.
fn without(flow: &Flow, point: usize, role: Role) -> Finding {
    let graph = flow.graph;
    let kind = graph.points[point].node.settings.kind();
    let reads = kind.descriptor().takes.contains(&role);
    let fits = |other: &&Kind| {
        let between = match reads {
            true => Role::between(**other, kind),
            false => Role::between(kind, **other),
        };
        between == Some(role)
    };
    let others: Vec<String> = (Kind::ALL.iter().filter(fits))
        .map(|kind| kind.descriptor().label.to_lowercase())
        .collect();
    let others = others.join(" or ");
    let told = match reads {
        true => (
            "it has nothing to read".to_owned(),
            format!("link it from an {others}"),
        ),
        false => (
            format!("it has no {others}: what reaches it waits for ever"),
            format!("link it to an {others}"),
        ),
    };
    let severity = match flow.arrive[point].is_empty() {
        true => Severity::Doubtful,
        false => Severity::Wrong,
    };
    graph.at_node(point, None, severity, told)
}

/// What waits in a node and is never taken.
fn unread(flow: &Flow, point: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let Some(lending) = graph.points[point].conduct.lending else {
        return;
    };
    let into = graph.points[point].into.iter();
    // Dead letters may lie until a person looks at them.
    let mut alive = into.filter(|line| graph.lines[**line].role != Role::DeadLetters);
    let is_fed = alive.any(|line| !flow.carried[*line].is_empty());
    // What waits only for a while and then goes on is a delay.
    let is_delay = lending.waits.0.is_some() && graph.has(point, Role::DeadLetters);
    if is_fed && !graph.has(point, Role::Delivers) && !is_delay {
        let told = (
            "nobody reads it: what comes stays here",
            "link it to a consumer",
        );
        found.push(graph.at_node(point, None, Severity::Doubtful, told));
    }
}

/// What a node emits and no link takes.
fn unheard(flow: &Flow, point: usize) -> Finding {
    let graph = flow.graph;
    let conduct = &graph.points[point].conduct;
    let unheard = &flow.unheard[point];
    let names = words::types(graph, unheard);
    let of_these =
        |name: Option<&str>| name.is_none_or(|name| unheard.contains(&graph.type_number(name)));
    let offers = conduct.offers.iter().filter(|it| of_these(it.event));
    let rate: f64 = offers.clone().map(|offer| offer.per_second).sum();
    let lost = match rate > 0.0 {
        true => format!("{} are lost", often(rate)),
        false => "it is lost".to_owned(),
    };
    let is_alone = graph.points[point].out.is_empty();
    let told = match is_alone {
        true => (
            format!("nobody gets its events ({names}): {lost}"),
            "drag from its handle to whoever should get them".to_owned(),
        ),
        false => (
            format!("no link takes {names}: {lost}"),
            "add it to the types of a link, or add a link".to_owned(),
        ),
    };
    let field = offers.map(|offer| offer.field).next();
    graph.at_node(point, field.filter(|_| !is_alone), Severity::Doubtful, told)
}

/// What is likely wrong with what a link carries.
pub fn of_link(flow: &Flow, number: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let line = &graph.lines[number];
    let told = match line.idle {
        Some(Idle::Cut) => Some((
            Some("cut"),
            Severity::Note,
            ("it is cut: nothing gets through".to_owned(), "mend it"),
        )),
        Some(Idle::Lossy) => Some((
            Some("loss"),
            Severity::Doubtful,
            ("everything on it is lost".to_owned(), "lower the loss"),
        )),
        Some(Idle::NotFirst(node)) => {
            let only = if graph.points[line.from].node.id == node {
                line.from
            } else {
                line.to
            };
            let what = format!(
                "it carries nothing: {} uses only the first of its links that are like this",
                graph.name(only)
            );
            Some((None, Severity::Wrong, (what, "remove one of them")))
        }
        None => None,
    };
    if let Some((field, severity, told)) = told {
        return found.push(graph.at_link(number, field, severity, told));
    }
    let settings = &line.link.settings;
    let way = graph.way(line);
    let unread = |field: &str| way.is_some_and(|way| !way.picks.fields().contains(&field));
    if settings.filter.is_some() && unread("filter") {
        let told = (
            "its filter does nothing: only what a topic gives is filtered",
            "empty the filter, or put a topic before the link",
        );
        found.push(graph.at_link(number, Some("filter"), Severity::Doubtful, told));
    }
    let has_groups = way.is_some_and(|way| way.split == Split::Groups);
    let is_bound = !settings.binding.is_empty()
        || (!settings.group.is_empty() && !has_groups)
        || settings.arguments.is_some();
    if (is_bound || settings.alternate) && unread("binding") {
        let field = if settings.alternate {
            "alternate"
        } else {
            "binding"
        };
        let told = (
            "its binding does nothing: only links that leave an exchange are bindings",
            "empty it, or put an exchange before the link",
        );
        found.push(graph.at_link(number, Some(field), Severity::Doubtful, told));
    }
    if !settings.types.is_empty() && unread("types") {
        let told = (
            "its list of types does nothing: all that is given to it goes along",
            "empty the list, or set it on a link before",
        );
        found.push(graph.at_link(number, Some("types"), Severity::Doubtful, told));
    }
    // Dead letters are looked at where deliveries are settled.
    if line.role != Role::DeadLetters && flow.is_wet(line.from) {
        of_types(flow, number, found);
    }
}

/// What a link lets through of what its source gives.
fn of_types(flow: &Flow, number: usize, found: &mut Vec<Finding>) {
    let graph = flow.graph;
    let line = &graph.lines[number];
    let given = flow.given(line.from, line.role);
    let conduct = &graph.points[line.from].conduct;
    if given.is_empty() {
        // A node that knows none of what arrives is told of that itself.
        if conduct.only_expected.is_none() {
            let what = format!(
                "it carries nothing: {} emits nothing",
                graph.name(line.from)
            );
            let hint = "say in its settings what it emits, or remove the link";
            let field = conduct.passings.is_empty();
            let severity = if field {
                Severity::Doubtful
            } else {
                Severity::Note
            };
            found.push(graph.at_link(number, None, severity, (what, hint)));
        }
        return;
    }
    if given.contains(&super::graph::ANYTHING) || !graph.is_typed(line) {
        return;
    }
    let types = &line.link.settings.types;
    let absent: Vec<&String> = types
        .iter()
        .filter(|name| !given.contains(&graph.type_number(name)))
        .collect();
    let Some(first) = absent.first() else { return };
    let there = given.iter().map(|number| graph.type_name(*number));
    let hint = match words::meant(first, there) {
        Some(meant) => format!("did you mean {}?", super::super::shown(meant)),
        None => format!("what comes is {}", words::types(graph, &given)),
    };
    let names: Vec<String> = (absent.iter().map(|it| super::super::shown(it))).collect();
    let names = words::list(&names);
    let (severity, what) = match absent.len() == types.len() {
        true => (
            Severity::Wrong,
            format!("it carries nothing: it takes only {names}, and none comes"),
        ),
        false => (Severity::Note, format!("it takes {names}, but none comes")),
    };
    found.push(graph.at_link(number, Some("types"), severity, (what, hint)));
}
