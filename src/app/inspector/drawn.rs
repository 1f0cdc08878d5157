//! Notes and frames in the inspector: what is drawn for people, and no message passes.

use leptos::prelude::*;

use super::brokers::brokers;
use super::field::Select;
use super::head::{Deed, Name, told};
use crate::app::icons::Icon;
use crate::app::live::live;
use crate::app::session::use_session;
use crate::editor::panel::Sheet;
use crate::editor::{Action, Item};
use crate::topology::FrameKind;
use crate::units::{FrameId, NodeId, NoteId};

/// A note.
#[component]
pub fn NotePanel(id: u32) -> impl IntoView {
    let session = use_session();
    let note = Item::Note(NoteId(id));
    let text = told(session, |sheet| match sheet {
        Sheet::Note(sheet) => sheet.text.clone(),
        _ => String::new(),
    });
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph"><Icon name="pencil" /></span>
                <div>
                    <h2>"Note"</h2>
                    <p>"A text for people"</p>
                </div>
            </header>
            <div class="field">
                <label class="field-label" for="field-text">"Text"</label>
                <textarea
                    class="input is-prose"
                    id="field-text"
                    data-testid="field-text"
                    rows="8"
                    prop:value=live(move || text.get())
                    on:change=move |event| session.rename(note, &event_target_value(&event))
                ></textarea>
            </div>
            <div class="panel-actions">
                <Deed action=Action::Duplicate icon="copy" words="Duplicate" />
                <Deed action=Action::Delete icon="bin" words="Delete" />
            </div>
        </section>
    }
}

const FRAME_KINDS: &[(&str, &str)] = &[
    (FrameKind::Group.name(), FrameKind::Group.label()),
    (FrameKind::Broker.name(), FrameKind::Broker.label()),
    (FrameKind::Context.name(), FrameKind::Context.label()),
    (FrameKind::Region.name(), FrameKind::Region.label()),
];

/// A frame.
#[component]
pub fn FramePanel(id: u32) -> impl IntoView {
    let session = use_session();
    let frame = FrameId(id);
    let name = told(session, |sheet| match sheet {
        Sheet::Frame(sheet) => sheet.name.clone(),
        _ => String::new(),
    });
    let kind = told(session, |sheet| match sheet {
        Sheet::Frame(sheet) => sheet.kind.name().to_owned(),
        _ => String::new(),
    });
    let fold_words = move || {
        let folded = session
            .sheet
            .with(|sheet| matches!(sheet, Some(Sheet::Frame(sheet)) if sheet.folded));
        (if folded { "Unfold" } else { "Fold" }).to_owned()
    };
    let changed = move |name: String| {
        if let Some(kind) = FrameKind::from_name(&name) {
            session.change_frame("kind of a frame", frame, move |frame| frame.kind = kind);
        }
    };
    view! {
        <section class="panel">
            <header class="panel-head">
                <span class="panel-glyph"><Icon name="frame" /></span>
                <div>
                    <Name item=Item::Frame(frame) name />
                    <p>"Frame"</p>
                </div>
            </header>
            <div class="panel-actions">
                <button
                    type="button"
                    class="button"
                    data-testid="fold"
                    on:click=move |_| {
                        session.perform(Action::Fold);
                    }
                >
                    <Icon name="chevron" />
                    {live(fold_words)}
                </button>
                <Deed action=Action::Unframe icon="unframe" words="Take it away" />
            </div>
            <div class="field">
                <label class="field-label" for="field-kind">"What it stands for"</label>
                <Select
                    id="field-kind".to_owned()
                    label=""
                    described_by=String::new()
                    choices=FRAME_KINDS
                    chosen=kind.into()
                    changed=Callback::new(changed)
                />
            </div>
            {brokers(session, true)}
            <h3>"Nodes inside"</h3>
            <Members frame />
        </section>
    }
}

/// The nodes in a frame: each can be gone to, and taken out.
#[component]
fn Members(frame: FrameId) -> impl IntoView {
    let session = use_session();
    let members = Memo::new(move |_| {
        session.sheet.with(|sheet| match sheet {
            Some(Sheet::Frame(sheet)) => sheet.members.clone(),
            _ => Vec::new(),
        })
    });
    let take_out = move |id: NodeId| {
        session.change_frame("take a node out of its frame", frame, move |frame| {
            frame.members.retain(|member| *member != id);
        });
    };
    let rows = move || {
        let rows = members.get().into_iter().map(|(id, name)| {
            view! {
                <li>
                    <button
                        type="button"
                        class="button quiet"
                        title="Go to it"
                        on:click=move |_| session.go_to_item(Item::Node(id))
                    >
                        {name.clone()}
                    </button>
                    <button
                        type="button"
                        class="button quiet icon"
                        aria-label=format!("Take {name} out of the frame")
                        title="Take it out of the frame"
                        data-testid=format!("take-out-{}", id.0)
                        on:click=move |_| take_out(id)
                    >
                        <Icon name="close" />
                    </button>
                </li>
            }
        });
        rows.collect_view()
    };
    view! { <ul class="members">{rows}</ul> }
}
