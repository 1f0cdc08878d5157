//! How a message came to its place in a node, and who has read it: step by step, with what each
//! step means.

use leptos::prelude::*;

use crate::app::icons::Icon;
use crate::app::keyed::keyed;
use crate::app::live::{flag, live};
use crate::app::session::Session;
use crate::editor::Item;
use crate::editor::panel::Sheet;
use crate::editor::whereabouts::{Way, WayStep};
use crate::nodes::Tone;
use crate::units::NodeId;

/// The ways of the message that is followed, each below the name of its node.
pub fn ways(session: Session) -> AnyView {
    let ways = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            Some(Sheet::Message(sheet)) => sheet.ways.clone(),
            _ => Vec::new(),
        })
    });
    let nodes = move || {
        let of = |way: &Way| (way.node, way.name.clone());
        ways.with(|ways| ways.iter().map(of).collect::<Vec<_>>())
    };
    let way = move |(node, name): (NodeId, String)| {
        let steps = move || {
            let labels = ways.with(|ways| {
                let steps = way_of(ways, node).map(|way| way.steps.iter());
                let labels = steps.into_iter().flatten().map(|it| it.label.clone());
                labels.collect::<Vec<_>>()
            });
            labels.into_iter().enumerate().collect()
        };
        view! {
            <section class="panel is-joined" data-testid=format!("way-{}", node.0)>
                <h3>"Its way through "{name}</h3>
                <ol class="way">
                    {keyed(
                        steps,
                        |(n, label)| format!("{n} {label}"),
                        move |(n, label)| step(session, ways, (node, n), label),
                    )}
                </ol>
            </section>
        }
        .into_any()
    };
    keyed(nodes, |(node, name)| format!("{} {name}", node.0), way)
}

fn way_of(ways: &[Way], node: NodeId) -> Option<&Way> {
    ways.iter().find(|way| way.node == node)
}

fn step(
    session: Session,
    ways: Memo<Vec<Way>>,
    (node, n): (NodeId, usize),
    label: String,
) -> AnyView {
    let step = Memo::new(move |before: Option<&Option<WayStep>>| {
        let found = ways.with(|ways| way_of(ways, node)?.steps.get(n).cloned());
        found.or_else(|| before.cloned().flatten())
    });
    let tell = move |tell: fn(&WayStep) -> String| {
        live(move || step.with(|step| step.as_ref().map_or_else(String::new, tell)))
    };
    let is = move |is: fn(&WayStep) -> bool| {
        flag(move || step.with(|step| step.as_ref().is_some_and(is)))
    };
    let go = move |_| {
        if let Some((node, part)) = step.with_untracked(|step| step.as_ref()?.goal) {
            session.go_to_part(Item::Node(node), part);
        }
    };
    view! {
        <li
            class:is-warning=is(|step| step.tone == Tone::Warning)
            class:is-trouble=is(|step| step.tone == Tone::Trouble)
            data-testid=format!("way-{}-{n}", node.0)
        >
            <span class="way-label">{label}</span>
            <b class="way-text">{tell(|step| step.text.clone())}</b>
            <button
                type="button"
                class="field-button"
                data-testid=format!("way-go-{}-{n}", node.0)
                aria-label=tell(|step| format!("Go to {}", step.leads))
                title=tell(|step| format!("Go to {}", step.leads))
                hidden=is(|step| step.goal.is_none())
                on:click=go
            >
                <Icon name="out" />
            </button>
            <small>{tell(|step| step.means.clone())}</small>
        </li>
    }
    .into_any()
}
