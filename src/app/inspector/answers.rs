//! The answers that a person can give for a message in the hand.

use leptos::prelude::*;

use crate::app::live::flag;
use crate::app::session::use_session;
use crate::editor::stock::StockRow;
use crate::engine::Verdict;
use crate::units::NodeId;

/// The answers: the name of the deed, its words, and what it is; nothing asks for more time.
const DEEDS: [(&str, &str, Option<Verdict>); 4] = [
    ("ack", "Acknowledge", Some(Verdict::Ack)),
    ("requeue", "Requeue", Some(Verdict::Requeue)),
    ("reject", "Reject", Some(Verdict::Reject)),
    ("longer", "Longer", None),
];

/// Buttons for what can be answered, as long as somebody holds the message.
#[component]
pub fn Answers(
    /// Who holds which message.
    holds: Memo<Option<(NodeId, StockRow)>>,
    /// The end of the names of the buttons.
    id: String,
) -> impl IntoView {
    let session = use_session();
    let Some((_, first)) = holds.get_untracked() else {
        return ().into_any();
    };
    let words = first.words();
    let has_limit = move || {
        let longer = |held: &(NodeId, StockRow)| held.1.longer.is_some();
        holds.with(|held| held.as_ref().is_some_and(longer))
    };
    let buttons = DEEDS.map(|(deed, label, verdict)| {
        let act = move |_| {
            if let Some((node, row)) = holds.get_untracked() {
                match verdict {
                    Some(verdict) => session.answer(node, &row, verdict),
                    None => session.wait_longer(node, &row),
                }
            }
        };
        view! {
            <button
                type="button"
                class="button"
                data-testid=format!("row-{deed}-{id}")
                data-deed=deed
                aria-label=format!("{label}: {words}")
                title=verdict.is_none().then_some("The queue waits its whole time from now on")
                hidden=flag(move || verdict.is_none() && !has_limit())
                on:click=act
            >
                {label}
            </button>
        }
        .into_any()
    });
    view! { <div class="answers">{Vec::from(buttons)}</div> }.into_any()
}
