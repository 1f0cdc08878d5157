//! What a message says: its body, its headers, and how it died.

use leptos::prelude::*;

use crate::editor::stock::{Death, MessageData};

/// The data of a message.
#[component]
pub fn DataOf(data: MessageData) -> impl IntoView {
    let MessageData {
        body,
        headers,
        deaths,
        ..
    } = data;
    view! {
        <div class="message-data">
            <pre class="data" data-testid="message-body">{body}</pre>
            {rows("Headers", headers)}
            {history(deaths)}
        </div>
    }
}

fn rows(title: &'static str, rows: Vec<(String, String)>) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd><code>{value}</code></dd></div> })
        .collect();
    let view = view! {
        <h4>{title}</h4>
        <dl class="live is-envelope">{rows}</dl>
    };
    Some(view.into_any())
}

/// How it died, the latest first.
fn history(deaths: Vec<Death>) -> Option<AnyView> {
    if deaths.is_empty() {
        return None;
    }
    let line = |death: Death| {
        let times = match death.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let time = match death.time.as_str() {
            "" => String::new(),
            time => format!(", first {time}"),
        };
        let more = format!("{times} in {}{time}", death.place);
        view! { <li>{death.reason}<small>{more}</small></li> }
    };
    let lines: Vec<_> = deaths.into_iter().map(line).collect();
    let view = view! {
        <h4>"How it died, the latest first"</h4>
        <ol class="deaths" data-testid="message-deaths">{lines}</ol>
    };
    Some(view.into_any())
}
