//! The dialog with what was not understood of a text of another tool, or stands for something else.

use leptos::prelude::*;

use super::modal::Modal;
use super::session::{Dialog, use_session};

/// The dialog.
#[component]
pub fn Remarks() -> impl IntoView {
    let session = use_session();
    let rows = move || {
        let remarks = session.remarks.get().into_iter();
        let rows = remarks.map(|remark| {
            view! {
                <li>
                    <b>{remark.place}": "</b>{remark.what}
                    <small>{remark.hint}</small>
                </li>
            }
            .into_any()
        });
        rows.collect::<Vec<AnyView>>()
    };
    view! {
        <Modal dialog=Dialog::Remarks title="What to know about this import" class="remarks">
            <p>
                "The text was made for another tool. Nothing of it is lost: what means nothing \
                here is kept, and written again when you export it."
            </p>
            <ul tabindex="0" aria-label="Remarks" data-testid="remarks">{rows}</ul>
        </Modal>
    }
}
