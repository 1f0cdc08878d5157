//! The question from when on a change holds that is made while the system runs; asked once.

use leptos::prelude::*;

use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use crate::editor::Reach;

/// The question.
#[component]
pub fn ReachQuestion() -> impl IntoView {
    let session = use_session();
    // Closed without an answer, what waited for it is not done.
    Effect::new(move |_| {
        if session.dialog.get() != Some(Dialog::Reach) {
            session.postponed.set_value(None);
            // What was open before is open again.
            if let Some(below) = session.dialog_below.get_value() {
                session.dialog_below.set_value(None);
                session.dialog.set(Some(below));
            }
        }
    });
    view! {
        <Modal dialog=Dialog::Reach title="From when on?" class="reach">
            <p>
                "The system is running. A change to it can begin now, or it can have been so from \
                the start."
            </p>
            <div class="reach-answers">
                <button
                    type="button"
                    class="button primary"
                    autofocus=true
                    data-testid="reach-now"
                    on:click=move |_| answer(session, Reach::FromNow)
                >
                    <b>"From now on"</b>
                    <span>
                        "What has happened stays. The change is a mark on the time bar that can \
                        be taken back."
                    </span>
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid="reach-start"
                    on:click=move |_| answer(session, Reach::FromStart)
                >
                    <b>"From the start"</b>
                    <span>"The run is made again with the change, up to this moment."</span>
                </button>
            </div>
            <p class="panel-quiet">"This is asked once. You can switch it at the time bar."</p>
        </Modal>
    }
}

fn answer(session: Session, reach: Reach) {
    // The command is taken before the dialog closes, which would drop it.
    session.set_reach(reach);
    session.dialog.set(None);
}
