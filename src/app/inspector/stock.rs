//! What a node has, message by message: what a person holds and answers, or what waits, which can
//! be sent on.

use leptos::prelude::*;

use super::answers::Answers;
use super::data::DataOf;
use super::redrive::RedriveForm;
use crate::app::icons::Icon;
use crate::app::keyed::keyed;
use crate::app::legend::EventShape;
use crate::app::live::{flag, live};
use crate::app::session::{Session, use_session};
use crate::editor::stock::StockRow;
use crate::editor::tempo::count;
use crate::engine::MessageId;
use crate::units::NodeId;

/// A row of the list: which message, and which delivery of it.
type RowKey = (MessageId, u16);

/// What is chosen in the list.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The messages that are ticked.
    pub ticked: RwSignal<Vec<MessageId>>,
    /// The reason of those that are shown, if not all are.
    pub reason: RwSignal<Option<String>>,
}

impl Choice {
    /// Whether a row is shown.
    fn shows(&self, row: &StockRow) -> bool {
        self.reason.with(|reason| {
            let own = row.death.as_ref().map(|death| &death.reason);
            reason.is_none() || own == reason.as_ref()
        })
    }

    /// The rows that are ticked, of those that are shown.
    pub fn rows(&self, session: Session) -> Vec<StockRow> {
        let ticked =
            |row: &&StockRow| self.shows(row) && self.ticked.with(|all| all.contains(&row.message));
        let rows = session.with_stock(|stock| stock.rows.iter().filter(ticked).cloned().collect());
        rows.unwrap_or_default()
    }
}

/// What the node has that a person can do something with.
#[component]
pub fn StockPanel(node: NodeId) -> impl IntoView {
    let session = use_session();
    let kind = Memo::new(move |_| session.with_stock(|stock| stock.in_hand));
    // Where somebody has to do something, it is open from the first.
    let matters = |stock: &crate::editor::stock::StockSheet| {
        stock.in_hand || stock.rows.iter().any(|row| row.death.is_some())
    };
    move || {
        let in_hand = kind.get()?;
        let open = untrack(|| session.with_stock(matters)).unwrap_or(false);
        Some(list(session, node, in_hand, open))
    }
}

fn list(session: Session, node: NodeId, in_hand: bool, open: bool) -> AnyView {
    let choice = Choice {
        ticked: RwSignal::default(),
        reason: RwSignal::new(None),
    };
    let total = Memo::new(move |_| session.with_stock(|stock| stock.total).unwrap_or(0));
    let title = if in_hand { "In hand" } else { "Waiting" };
    let keys = Memo::new(move |_| {
        let keys = session.with_stock(|stock| {
            let shown = stock.rows.iter().filter(|row| choice.shows(row));
            let keys: Vec<RowKey> = shown.map(|row| (row.message, row.attempt)).collect();
            keys
        });
        keys.unwrap_or_default()
    });
    let listed = move || keys.with(Vec::len) as u64;
    let all = move || choice.reason.with(Option::is_none);
    let rest = move || match total.get().saturating_sub(listed()) {
        rest if rest > 0 && all() => format!("and {} more behind them", count(rest)),
        _ => String::new(),
    };
    let nothing = match in_hand {
        true => "Nothing is in the hand.",
        false => "Nothing waits here.",
    };
    view! {
        <details class="stock" open=open data-testid="stock">
            <summary data-testid="stock-summary">
                <h3>
                    {title}" "
                    <b data-testid="stock-total">{live(move || count(total.get()))}</b>
                </h3>
            </summary>
            {in_hand.then(|| take(session, node))}
            {(!in_hand).then(|| filters(session, choice))}
            <ul class="stock-list" aria-label=format!("Messages: {}", title.to_lowercase())>
                {keyed(
                    move || keys.get(),
                    |(message, attempt)| format!("{} {attempt}", message.0),
                    move |key| row(session, node, in_hand, choice, key),
                )}
            </ul>
            <p class="panel-quiet" hidden=flag(move || listed() > 0)>{nothing}</p>
            <p class="panel-quiet" hidden=flag(move || rest().is_empty())>{live(rest)}</p>
            {(!in_hand).then(|| view! { <RedriveForm node choice total /> })}
        </details>
    }
    .into_any()
}

/// Taking one message, or several.
fn take(session: Session, node: NodeId) -> AnyView {
    let most = RwSignal::new("1".to_owned());
    let number = move || most.with(|most| most.trim().parse::<u32>().unwrap_or(1).max(1));
    let offered = move || {
        let offered = session.with_stock(|stock| stock.offered).unwrap_or(0);
        match offered {
            1 => "of 1 that waits".to_owned(),
            several => format!("of {} that wait", count(several)),
        }
    };
    view! {
        <form
            class="stock-take"
            on:submit=move |event| {
                event.prevent_default();
                session.take(node, untrack(number));
            }
        >
            <button type="submit" class="button primary" data-testid="stock-take">
                <Icon name="hand" />
                "Take"
            </button>
            <input
                class="input"
                type="number"
                min="1"
                max="1000"
                aria-label="How many messages are taken"
                data-testid="stock-most"
                bind:value=most
            />
            <span>{live(offered)}</span>
        </form>
    }
    .into_any()
}

/// Which of the listed messages are shown: those of one reason, or all.
fn filters(session: Session, choice: Choice) -> AnyView {
    let reasons = Memo::new(move |_| session.with_stock(|stock| stock.reasons()));
    let chip = move |(reason, count): (Option<String>, usize)| {
        let words = match &reason {
            Some(reason) => format!("{reason} {count}"),
            None => "All".to_owned(),
        };
        let own = reason.clone();
        let pressed = move || choice.reason.with(|now| *now == own).to_string();
        view! {
            <button
                type="button"
                class="chip"
                data-testid=format!("stock-reason-{}", reason.as_deref().unwrap_or("all"))
                aria-pressed=live(pressed)
                on:click=move |_| choice.reason.set(reason.clone())
            >
                {words}
            </button>
        }
    };
    let chips = move || {
        let reasons = reasons.get().unwrap_or_default();
        if reasons.len() < 2 {
            return Vec::new();
        }
        let each = reasons.into_iter().map(|(it, count)| (Some(it), count));
        std::iter::once((None, 0)).chain(each).collect()
    };
    let shown = move || {
        let shown = session.with_stock(|stock| {
            let shown = stock.rows.iter().filter(|row| choice.shows(row));
            shown.map(|row| row.message).collect::<Vec<_>>()
        });
        shown.unwrap_or_default()
    };
    let ticked = move || choice.rows(session).len();
    let all = move || ticked() > 0 && ticked() == shown().len();
    view! {
        <div class="stock-chips" role="group" aria-label="Why they are dead">
            {keyed(chips, |(reason, count)| format!("{reason:?} {count}"), chip)}
        </div>
        <label class="stock-all" hidden=flag(move || shown().len() < 2)>
            <input
                type="checkbox"
                data-testid="stock-tick-all"
                prop:checked=flag(all)
                prop:indeterminate=flag(move || ticked() > 0 && !all())
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    choice.ticked.set(if on { untrack(shown) } else { Vec::new() });
                }
            />
            {live(move || match ticked() {
                0 => "Tick all that are shown".to_owned(),
                some => format!("{some} ticked"),
            })}
        </label>
    }
    .into_any()
}

fn row(
    session: Session,
    node: NodeId,
    in_hand: bool,
    choice: Choice,
    (message, attempt): RowKey,
) -> AnyView {
    let id = format!("{}-{attempt}", message.0);
    let end = id.clone();
    let row = Memo::new(move |before: Option<&Option<StockRow>>| {
        let found = session.with_stock(|stock| {
            let mut rows = stock.rows.iter();
            rows.find(|row| (row.message, row.attempt) == (message, attempt))
                .cloned()
        });
        found.flatten().or_else(|| before.cloned().flatten())
    });
    let Some(first) = row.get_untracked() else {
        return ().into_any();
    };
    let words = first.words();
    let opened = Memo::new(move |_| {
        let open = session.with_stock(|stock| {
            let open = stock.open.as_ref();
            open.filter(|open| open.message == message).cloned()
        });
        open.flatten()
    });
    let is_open = move || opened.with(Option::is_some);
    let tell = move |tell: fn(&StockRow) -> String| {
        live(move || row.with(|row| row.as_ref().map_or_else(String::new, tell)))
    };
    let is =
        move |is: fn(&StockRow) -> bool| flag(move || row.with(|row| row.as_ref().is_some_and(is)));
    let tick = (!in_hand).then(|| {
        view! {
            <input
                type="checkbox"
                data-testid=format!("row-tick-{id}")
                aria-label=format!("Tick {words}")
                prop:checked=flag(move || choice.ticked.with(|all| all.contains(&message)))
                on:change=move |_| choice.ticked.update(|all| match all.contains(&message) {
                    true => all.retain(|other| *other != message),
                    false => all.push(message),
                })
            />
        }
    });
    view! {
        <li
            class="stock-row"
            class:is-late=is(|row| row.fate.is_some())
            class:is-soon=is(|row| row.soon)
            data-testid=format!("row-{id}")
        >
            <div class="stock-head">
                {tick}
                <button
                    type="button"
                    class="stock-open"
                    data-testid=format!("row-open-{id}")
                    data-deed="open"
                    aria-expanded=live(move || is_open().to_string())
                    title="Show its data"
                    on:click=move |_| session.open_row((!untrack(is_open)).then_some(message))
                >
                    <EventShape event_type=first.event_type />
                    <span class="stock-name"><b>{first.name}</b>" "{first.what}</span>
                    <span class="stock-age">{tell(|row| row.age.clone())}</span>
                    <Icon name="chevron" />
                </button>
            </div>
            <p class="stock-more">
                <span>{tell(remarks)}</span>
                <span class="stock-left">{tell(|row| row.left.clone())}</span>
            </p>
            {in_hand.then(|| view! {
                <Answers holds=Memo::new(move |_| row.get().map(|row| (node, row))) id=end />
            })}
            {move || opened.get().map(|data| view! { <DataOf data /> })}
        </li>
    }
    .into_any()
}

/// What is special about a message in a list.
fn remarks(row: &StockRow) -> String {
    if let Some(death) = &row.death {
        let times = match death.count {
            0 | 1 => String::new(),
            count => format!(" {count} times"),
        };
        return format!("{}{times}, first in {}", death.reason, death.first);
    }
    match (&row.fate, row.attempt) {
        (Some(fate), _) => format!("{fate}."),
        (None, 0) => String::new(),
        (None, 1) => "first delivery".to_owned(),
        (None, again) => format!("delivery {again}"),
    }
}
