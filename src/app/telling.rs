//! Walks told step by step over the canvas: what happens, and the two ends at which it happens.

use leptos::html;
use leptos::prelude::*;

use super::icons::Icon;
use super::live::{flag, live};
use super::session::{Session, use_session};
use crate::editor::Item;
use crate::units::{NodeId, WalkId};

/// A step of a walk, as it is told.
#[derive(Clone, Debug, Default, PartialEq)]
struct Told {
    ends: Option<(NodeId, NodeId)>,
    names: String,
    text: String,
    number: usize,
    count: usize,
}

impl Told {
    fn of(session: Session, walk: WalkId, step: usize) -> Option<Self> {
        session.player.with_value(|player| {
            let walks = &player.document().drawing.walks;
            let walk = walks.iter().find(|it| it.id == walk)?;
            let told = walk.steps.get(step);
            let ends = told.map(|step| (step.from, step.to));
            let names = match ends {
                None => "There is no step in it.".to_owned(),
                Some((from, to)) if from == to => player.name_of(from),
                Some((from, to)) => format!("{} → {}", player.name_of(from), player.name_of(to)),
            };
            Some(Self {
                ends,
                names,
                text: told.map(|step| step.text.clone()).unwrap_or_default(),
                number: step + 1,
                count: walk.steps.len(),
            })
        })
    }
}

impl Session {
    /// Begins to tell the first walk, or stops telling.
    pub fn tell(&self) {
        let first = self.player.with_value(|player| {
            let walks = &player.document().drawing.walks;
            walks.first().map(|walk| (walk.id, 0))
        });
        let is_told = self.walk_step.get_untracked().is_some();
        self.walk_step.set(first.filter(|_| !is_told));
    }
}

/// The panel; it is there while a walk is told.
#[component]
pub fn Telling() -> impl IntoView {
    let session = use_session();
    let told = Memo::new(move |_| {
        // Each change of the document is kept.
        session.all_kept.track();
        let (walk, step) = session.walk_step.get()?;
        Told::of(session, walk, step)
    });
    Effect::new(move |_| {
        let ends = told.with(|told| told.as_ref().and_then(|told| told.ends));
        session.act(|player| player.view_mut().told = ends);
        for end in ends.into_iter().flat_map(|(from, to)| [from, to]) {
            session.reveal(Item::Node(end));
        }
        let text = told.with(|told| told.as_ref().map(|it| format!("{}: {}", it.names, it.text)));
        if let Some(text) = text {
            session.speak(text);
        }
    });
    let is_told = Memo::new(move |_| told.with(Option::is_some));
    view! {
        <TellButton />
        <Show when=move || is_told.get()>
            <Panel told />
        </Show>
    }
}

#[component]
fn Panel(told: Memo<Option<Told>>) -> impl IntoView {
    let session = use_session();
    let next = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(next) = next.get() {
            let _ = next.focus();
        }
    });
    let of = move |part: fn(Told) -> String| live(move || told.get().map(part).unwrap_or_default());
    let at = move |end: fn(&Told) -> bool| {
        move || told.with(|told| told.as_ref().is_none_or(end)).to_string()
    };
    let go = move |on: bool| {
        let count = told.with_untracked(|told| told.as_ref().map_or(0, |told| told.count));
        session.walk_step.update(|told| {
            if let Some((_, step)) = told {
                let wanted = if on {
                    *step + 1
                } else {
                    step.saturating_sub(1)
                };
                *step = wanted.min(count.saturating_sub(1));
            }
        });
    };
    let walks = session.player.with_value(|player| {
        let walks = player.document().drawing.walks.iter();
        walks
            .map(|walk| (walk.id, walk.name.clone()))
            .collect::<Vec<_>>()
    });
    let options: Vec<AnyView> = (walks.iter())
        .map(|(id, name)| {
            let id = id.0.to_string();
            view! { <option value=id>{name.clone()}</option> }.into_any()
        })
        .collect();
    let chosen = move || {
        session
            .walk_step
            .get()
            .map_or_else(String::new, |(id, _)| id.0.to_string())
    };
    view! {
        <section class="telling" aria-label="Walk-through" data-testid="telling">
            <header>
                <select
                    class="input"
                    aria-label="Walk-through"
                    data-testid="telling-walk"
                    prop:value=live(chosen)
                    on:change=move |event| {
                        if let Ok(id) = event_target_value(&event).parse() {
                            session.walk_step.set(Some((WalkId(id), 0)));
                        }
                    }
                >
                    {options}
                </select>
                <button
                    type="button"
                    class="button quiet icon"
                    data-testid="telling-close"
                    aria-label="End the walk-through"
                    title="End the walk-through"
                    on:click=move |_| session.walk_step.set(None)
                >
                    <Icon name="close" />
                </button>
            </header>
            <p class="telling-ends">{of(|told| told.names)}</p>
            <p class="telling-text" data-testid="telling-text">{of(|told| told.text)}</p>
            <footer>
                <span data-testid="telling-step">
                    {of(|told| format!("Step {} of {}", told.number, told.count))}
                </span>
                <button
                    type="button"
                    class="button"
                    data-testid="telling-back"
                    aria-disabled=live(at(|told| told.number <= 1))
                    on:click=move |_| go(false)
                >
                    "Back"
                </button>
                <button
                    type="button"
                    class="button primary"
                    data-testid="telling-next"
                    node_ref=next
                    aria-disabled=live(at(|told| told.number >= told.count))
                    on:click=move |_| go(true)
                >
                    "Next"
                </button>
            </footer>
        </section>
    }
}

/// The button over the canvas of a document with walks.
#[component]
fn TellButton() -> impl IntoView {
    let session = use_session();
    let has_none = move || !session.facts.with(|facts| facts.has_walks);
    view! {
        <button
            type="button"
            class="button tell-open"
            data-testid="tell-open"
            hidden=flag(move || has_none() || session.walk_step.get().is_some())
            on:click=move |_| session.tell()
        >
            <Icon name="play" />"Walk-through"
        </button>
    }
}
