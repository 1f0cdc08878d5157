//! Sending on what waits: which, where to, how fast; and throwing it away.

use leptos::prelude::*;

use super::stock::Choice;
use crate::app::commands::ALL;
use crate::app::icons::Icon;
use crate::app::live::{flag, live};
use crate::app::session::use_session;
use crate::editor::tempo::count;
use crate::engine::Goal;
use crate::units::{NodeId, SimDuration};

/// How fast: the time between two messages in milliseconds, with words.
const PACES: [(u64, &str); 5] = [
    (0, "all at once"),
    (20, "50 a second"),
    (100, "10 a second"),
    (1_000, "1 a second"),
    (10_000, "6 a minute"),
];

/// What can be done with what waits.
#[component]
pub fn RedriveForm(node: NodeId, choice: Choice, total: Memo<u64>) -> impl IntoView {
    let session = use_session();
    let most = RwSignal::new(String::new());
    let (goal, pace) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let goals = Memo::new(move |_| {
        let goals = session.with_stock(|stock| stock.goals.clone());
        goals.unwrap_or_default()
    });
    let ticked = move || choice.rows(session).len() as u64;
    let first = move || {
        let most = most.with(|most| most.trim().parse::<u64>().ok());
        most.filter(|most| *most > 0 && *most < total.get())
    };
    let words = move || match (ticked(), first()) {
        (0, None) => format!("Redrive all {}", count(total.get())),
        (0, Some(first)) => format!("Redrive the first {}", count(first)),
        (ticked, _) => format!("Redrive {} ticked", count(ticked)),
    };
    let send = move || {
        let rows = choice.rows(session);
        let chosen = (!rows.is_empty()).then(|| rows.iter().map(|row| row.chosen()).collect());
        let most = first().map_or(ALL, |first| first as u32);
        let to = goals.with(|goals| goals.get(goal.get()).map_or(Goal::Source, |it| it.0));
        let every = SimDuration::from_millis(PACES[pace.get().min(PACES.len() - 1)].0);
        choice.ticked.set(Vec::new());
        session.redrive(node, chosen, most, (every, to));
    };
    let options = |words: Vec<String>, chosen: RwSignal<usize>| {
        let words = words.into_iter().enumerate();
        let option = move |(place, words): (usize, String)| {
            let is_it = flag(move || chosen.get() == place);
            view! { <option value=place.to_string() selected=is_it>{words}</option> }
        };
        words.map(option).collect_view().into_any()
    };
    let goal_words = move || goals.with(|goals| goals.iter().map(|it| it.1.clone()).collect());
    let choose = |chosen: RwSignal<usize>| {
        move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))
    };
    view! {
        <form
            class="redrive"
            hidden=flag(move || total.get() == 0)
            on:submit=move |event| {
                event.prevent_default();
                untrack(send);
            }
        >
            <label hidden=flag(move || ticked() > 0)>
                "The first"
                <input class="input" type="number" min="1" placeholder="all"
                    data-testid="redrive-most" bind:value=most />
            </label>
            <label>
                "To"
                <select class="input" data-testid="redrive-to" on:change=choose(goal)>
                    {move || options(goal_words(), goal)}
                </select>
            </label>
            <label>
                "How fast"
                <select class="input" data-testid="redrive-pace" on:change=choose(pace)>
                    {options(PACES.map(|(_, words)| words.to_owned()).to_vec(), pace)}
                </select>
            </label>
            <div class="panel-actions">
                <button type="submit" class="button primary" data-testid="redrive">
                    <Icon name="turn" />
                    {live(words)}
                </button>
                <button
                    type="button"
                    class="button danger"
                    data-testid="purge"
                    title="Throw away all that waits"
                    on:click=move |_| session.purge(node)
                >
                    <Icon name="bin" />
                    "Purge"
                </button>
            </div>
            <p class="field-help">
                "Each is sent first, and removed here when it has arrived. What goes wrong in \
                between doubles it rather than loses it."
            </p>
        </form>
    }
}
