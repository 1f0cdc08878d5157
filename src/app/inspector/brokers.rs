//! The brokers of a node, or of the nodes in a frame: what each does, and buttons that let it fail
//! and come back.

use leptos::prelude::*;

use crate::app::icons::Icon;
use crate::app::keyed::keyed;
use crate::app::live::{flag, live};
use crate::app::session::Session;
use crate::editor::brokers::{BrokerDeed, BrokerRow};
use crate::editor::panel::Sheet;
use crate::units::NodeId;

impl Session {
    /// The brokers in the sheet that is open, with the nodes that run on them and what these are
    /// called together.
    fn with_brokers<T>(
        &self,
        read: impl FnOnce(&[BrokerRow], &str, &dyn Fn() -> Vec<NodeId>) -> T,
    ) -> Option<T> {
        self.sheet.with(|sheet| match sheet {
            Some(Sheet::Node(it)) => Some(read(&it.brokers, &it.name, &|| vec![it.id])),
            Some(Sheet::Frame(it)) => Some(read(&it.brokers, &it.name, &|| {
                it.members.iter().map(|(id, _)| *id).collect()
            })),
            _ => None,
        })
    }
}

/// The list of brokers, if there are any.
pub fn brokers(session: Session, of_frame: bool) -> AnyView {
    let numbers = Memo::new(move |_| {
        let numbers = session
            .with_brokers(|rows, _, _| rows.iter().map(|row| row.number).collect::<Vec<u32>>());
        numbers.unwrap_or_default()
    });
    let is_empty = move || numbers.with(Vec::is_empty);
    let help = match of_frame {
        true => "Each button is for all nodes inside at once.",
        false => "What is done here happens at this moment, and leaves a mark.",
    };
    view! {
        <section class="brokers" data-testid="brokers" hidden=flag(is_empty)>
            <h3>"Brokers"</h3>
            <ul class="broker-list" aria-label="Brokers">
                {keyed(
                    move || numbers.get(),
                    |number| number.to_string(),
                    move |number| row(session, number),
                )}
            </ul>
            <p class="field-help">{help}</p>
        </section>
    }
    .into_any()
}

fn row(session: Session, number: u32) -> AnyView {
    let row = Memo::new(move |before: Option<&BrokerRow>| {
        let found = session.with_brokers(|rows, _, _| {
            let mut rows = rows.iter();
            rows.find(|row| row.number == number).cloned()
        });
        let otherwise = || BrokerRow::new(number);
        found
            .flatten()
            .unwrap_or_else(|| before.cloned().unwrap_or_else(otherwise))
    });
    let (runs, joined) = (
        move || row.with(|row| row.runs),
        move || row.with(|row| row.joined),
    );
    let button = move |of_run: bool| {
        let deed = move || match (of_run, runs(), joined()) {
            (true, true, _) => BrokerDeed::Stop,
            (true, false, _) => BrokerDeed::Start,
            (false, _, true) => BrokerDeed::CutOff,
            (false, _, false) => BrokerDeed::Join,
        };
        let name = if of_run { "run" } else { "reach" };
        let act = move |_| {
            let deed = untrack(deed);
            let of = untrack(|| session.with_brokers(|_, name, nodes| (name.to_owned(), nodes())));
            if let Some((name, nodes)) = of {
                session.do_with_broker(&nodes, number, deed, &name);
            }
        };
        view! {
            <button
                type="button"
                class="button"
                class:danger=flag(move || deed() == BrokerDeed::Stop)
                data-testid=format!("broker-{number}-{name}")
                aria-label=live(move || deed().label(number))
                on:click=act
            >
                {live(move || deed().short().to_owned())}
            </button>
        }
        .into_any()
    };
    let does = move || row.with(|row| row.does.clone());
    view! {
        <li
            class="broker"
            class:is-out=flag(move || !runs() || !joined())
            data-testid=format!("broker-{number}")
        >
            <span class="broker-mark"><Icon name="server" /></span>
            <div>
                <b>"Broker "{number}</b>
                <span class="broker-state">
                    {live(move || row.with(BrokerRow::state).to_owned())}
                </span>
                <small>{live(does)}</small>
            </div>
            {button(true)}
            {button(false)}
        </li>
    }
    .into_any()
}
