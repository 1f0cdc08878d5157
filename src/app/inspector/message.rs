//! A message in the inspector: its envelope, its data, and where it has been.

use leptos::prelude::*;

use super::answers::Answers;
use super::data::DataOf;
use super::whereabouts::ways;
use crate::app::legend::EventShape;
use crate::app::live::live;
use crate::app::session::use_session;
use crate::editor::panel::{MessageSheet, Sheet, StoryLine};
use crate::editor::stock::StockRow;

/// The message that is followed.
#[component]
pub fn MessagePanel() -> impl IntoView {
    let session = use_session();
    let sheet = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            // What goes by there would make the whole panel anew all the time.
            Some(Sheet::Message(sheet)) => Some(MessageSheet {
                hand: None,
                ways: Vec::new(),
                ..(**sheet).clone()
            }),
            _ => None,
        })
    });
    let hand = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            Some(Sheet::Message(sheet)) => sheet.hand.clone(),
            _ => None,
        })
    });
    let in_hand = Memo::new(move |_| hand.with(Option::is_some));
    let answers = move || {
        in_hand.get().then(|| {
            let left = move || {
                let left = |(_, row): &(_, StockRow)| match &row.fate {
                    Some(fate) => format!("In hand · {fate}"),
                    None => format!("In hand · {}", row.left),
                };
                hand.with(|hand| hand.as_ref().map_or_else(String::new, left))
            };
            view! {
                <section class="panel is-hand stock-row">
                    <p>{live(left)}</p>
                    <Answers holds=hand id="followed".to_owned() />
                </section>
            }
        })
    };
    view! {
        {move || sheet.get().map(head)}
        {ways(session)}
        {move || sheet.get().map(|sheet| view! { <Panel sheet /> })}
        {answers}
    }
}

fn head(sheet: MessageSheet) -> AnyView {
    let remarks = match sheet.remarks.as_slice() {
        [] => "Message".to_owned(),
        remarks => format!("Message · {}", remarks.join(" · ")),
    };
    view! {
        <section class="panel is-joined">
            <header class="panel-head">
                <span class="panel-glyph is-plain">
                    <EventShape event_type=sheet.event_type />
                </span>
                <div>
                    <h2>{sheet.envelope.event_type}</h2>
                    <p>{remarks}</p>
                </div>
            </header>
        </section>
    }
    .into_any()
}

#[component]
fn Panel(sheet: MessageSheet) -> impl IntoView {
    let MessageSheet {
        envelope,
        story,
        data,
        ..
    } = sheet;
    let rows = [
        ("id", envelope.id),
        ("source", envelope.source),
        ("time", envelope.time),
        ("subject", envelope.subject),
        ("schema version", envelope.schema_version.to_string()),
        ("correlation id", envelope.correlation_id),
        ("causation id", envelope.causation_id),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd><code>{value}</code></dd></div> })
        .collect_view();
    let told = !story.is_empty();
    view! {
        <section class="panel">
            <h3>"Data"</h3>
            <DataOf data />
            <h3>"Envelope"</h3>
            <dl class="live is-envelope">{rows}</dl>
            <h3>"Where it has been"</h3>
            {if told {
                view! {
                    <ol class="story">
                        {story.into_iter().map(|line| view! { <Line line /> }).collect_view()}
                    </ol>
                }.into_any()
            } else {
                view! { <p class="panel-quiet">"Nothing is recorded yet."</p> }.into_any()
            }}
        </section>
    }
}

/// One thing that happened; a press goes to its moment.
#[component]
fn Line(line: StoryLine) -> impl IntoView {
    let session = use_session();
    let at = line.at;
    view! {
        <li class:is-trouble=line.trouble>
            <button
                type="button"
                title="Go to this moment"
                on:click=move |_| session.seek(at)
            >
                <time>{line.time}</time>
                <span>{line.words}</span>
            </button>
        </li>
    }
}
