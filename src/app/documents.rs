//! The list of documents: open, rename, duplicate, delete, and a new one.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use js_sys::futures::spawn_local;
use leptos::html;
use leptos::prelude::*;

use super::gallery::GalleryButton;
use super::icons::Icon;
use super::keyed::keyed;
use super::modal::Modal;
use super::session::{Dialog, Offer, Session, use_session};
use super::{document, notice, open, shelf};
use crate::app::live::{flag, live};
use crate::editor::shelf::{Kept, Record, Row, age_words, free_id, free_name, rows, typed_name};
use crate::scenario::{self, Scenario, link};

/// How long a deletion can be undone.
const UNDO_MILLIS: u32 = 12_000;
/// How often a document is claimed that this page may have had a moment ago.
const CLAIMS_MOST: usize = 4;
const CLAIM_AGAIN_MILLIS: u32 = 120;

thread_local! {
    /// What was deleted just now, and whether it was on the page.
    static DELETED: RefCell<Vec<(Kept, bool)>> = const { RefCell::new(Vec::new()) };
}

/// What the list shows.
#[derive(Clone, Copy)]
struct List {
    session: Session,
    rows: RwSignal<Vec<Row>>,
    /// When it was read.
    now: RwSignal<u64>,
    /// Whose name is being changed.
    renamed: RwSignal<Option<String>>,
}

impl List {
    /// Reads the list anew.
    fn refresh(self) {
        spawn_local(async move {
            let (all, _) = shelf::list().await;
            document::know_names(shelf::names_of(&all));
            self.now.set(shelf::now());
            self.rows.set(rows(&all));
        });
    }

    fn row(self, id: &str) -> Option<Row> {
        self.rows
            .with(|rows| rows.iter().find(|row| row.id == id).cloned())
    }

    fn rename(self, id: String, typed: &str) {
        let Some(name) = typed_name(typed) else {
            return;
        };
        if id == document::current_id() {
            document::rename_document(self.session, &name);
            return;
        }
        self.perform(async move { rename(&id, name).await });
    }

    /// Does something with the documents, says what keeps it from being done, and shows the list.
    fn perform(self, work: impl Future<Output = Result<(), String>> + 'static) {
        document::flush(self.session);
        spawn_local(async move {
            if let Err(why) = work.await {
                self.session.say(why, true);
            }
            self.refresh();
        });
    }
}

/// The list of documents.
#[component]
pub fn Documents() -> impl IntoView {
    let session = use_session();
    let list = List {
        session,
        rows: RwSignal::default(),
        now: RwSignal::default(),
        renamed: RwSignal::new(None),
    };
    let first = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        let all_kept = session.all_kept.get();
        if !session.is_open(Dialog::Documents) {
            list.renamed.set(None);
        } else if all_kept {
            // It was opened, or a change of the document on the page has come into the list.
            list.refresh();
        } else {
            document::flush(session);
            list.refresh();
        }
    });
    let none = move || list.rows.with(Vec::is_empty);
    view! {
        <Modal dialog=Dialog::Documents title="Your documents" class="documents">
                <p>
                    "They are kept in this browser, on this device only. Each change is kept at \
                    once."
                </p>
                <ul class="document-list">
                    {keyed(
                        move || list.rows.with(|rows| {
                            rows.iter().map(|row| row.id.clone()).collect()
                        }),
                        String::clone,
                        move |id| view! { <DocumentRow list id first /> },
                    )}
                </ul>
                <Show when=none>
                    <p class="document-none">
                        "Nothing yet. An example becomes a document when you change it."
                    </p>
                </Show>
                <footer class="document-new">
                    <button
                        type="button"
                        class="button primary"
                        node_ref=first
                        data-testid="document-new"
                        on:click=move |_| {
                            session.close_dialog();
                            open::fresh(session);
                        }
                    >
                        <Icon name="plus" />
                        "New"
                    </button>
                    <span>"or start from"</span>
                    {examples(session)}
                    <GalleryButton testid="document-gallery" />
                </footer>
                <div class="document-notice" aria-live="assertive">
                    {move || session.is_open(Dialog::Documents).then(|| notice::note(session))}
                </div>
        </Modal>
    }
}

fn examples(session: Session) -> impl IntoView {
    let button = |example: &'static scenario::Example| {
        view! {
            <button
                type="button"
                class="button"
                data-testid=format!("document-example-{}", example.slug)
                on:click=move |_| {
                    session.close_dialog();
                    open::example(session, example.slug);
                }
            >
                {example.scenario().name}
            </button>
        }
    };
    scenario::examples().iter().map(button).collect_view()
}

/// A document of the list.
#[component]
fn DocumentRow(list: List, id: String, first: NodeRef<html::Button>) -> impl IntoView {
    let session = list.session;
    let id = StoredValue::new(id);
    let row = Memo::new(move |_| id.with_value(|id| list.row(id)));
    let name = move || {
        row.with(|row| {
            row.as_ref()
                .map_or_else(String::new, |row| row.name.clone())
        })
    };
    let is_here = move || {
        row.track();
        session.title.track();
        id.get_value() == document::current_id()
    };
    let readable =
        Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.nodes.is_ok())));
    let facts = move || {
        row.with(|row| {
            row.as_ref()
                .map_or_else(String::new, |row| facts(row, list.now.get()))
        })
    };
    let renames = move || list.renamed.get() == Some(id.get_value());
    let label = move |does: &'static str| live(move || format!("{does} {}", name()));
    let button = NodeRef::<html::Button>::new();
    let done = Callback::new(move |typed: Option<String>| {
        list.renamed.set(None);
        if let Some(typed) = typed {
            list.rename(id.get_value(), &typed);
        }
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    });
    let delete_it = move |_| {
        if let Some(first) = first.get_untracked() {
            // The button that has the focus goes away.
            let _ = first.focus();
        }
        let id = id.get_value();
        list.perform(async move { delete(session, &id).await });
    };
    view! {
        <li class="document-row" data-testid="document-row" data-id=id.get_value()
            class:is-here=flag(is_here)>
            <Show
                when=renames
                fallback=move || view! {
                    <button
                        type="button"
                        class="document-pick"
                        data-testid="document-open"
                        disabled=move || !readable.get()
                        aria-current=move || is_here().then_some("true")
                        on:click=move |_| {
                            session.close_dialog();
                            open::kept(session, id.get_value());
                        }
                    >
                        <b>{live(name)}</b>
                        <span>{live(facts)}</span>
                    </button>
                }
            >
                <NameField name=name() done />
            </Show>
            <Show
                when=move || readable.get()
                fallback=move || view! {
                    <RowButton icon="download" testid="document-download" label=label("Download")
                        press=Callback::new(move |()| download(session, id.get_value())) />
                }
            >
                <button
                    type="button"
                    class="button quiet icon"
                    node_ref=button
                    data-testid="document-rename"
                    aria-label=label("Rename")
                    title="Rename"
                    on:click=move |_| list.renamed.set(Some(id.get_value()))
                >
                    <Icon name="pencil" />
                </button>
                <RowButton icon="copy" testid="document-duplicate" label=label("Duplicate")
                    press=Callback::new(move |()| {
                        let id = id.get_value();
                        list.perform(async move { duplicate(&id).await });
                    }) />
            </Show>
            <RowButton icon="bin" testid="document-delete" label=label("Delete")
                press=Callback::new(delete_it) />
        </li>
    }
}

#[component]
fn RowButton(
    icon: &'static str,
    testid: &'static str,
    label: crate::app::live::LiveText,
    press: Callback<()>,
) -> impl IntoView {
    let label = StoredValue::new(label);
    let words = move || label.with_value(|label| label());
    view! {
        <button
            type="button"
            class="button quiet icon"
            data-testid=testid
            aria-label=live(words)
            title=live(words)
            on:click=move |_| press.run(())
        >
            <Icon name=icon />
        </button>
    }
}

fn facts(row: &Row, now: u64) -> String {
    match &row.nodes {
        Ok(1) => format!("1 node, changed {}", age_words(now, row.changed)),
        Ok(nodes) => format!("{nodes} nodes, changed {}", age_words(now, row.changed)),
        Err(why) => format!("It cannot be read: {why}"),
    }
}

/// A name that is being changed: Enter takes it, Escape does not.
#[component]
pub fn NameField(name: String, done: Callback<Option<String>>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    // Taking the field away moves the focus, which is no second answer.
    let finished = StoredValue::new(false);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let finish = move |take: bool| {
        if finished.try_update_value(|done| std::mem::replace(done, true)) != Some(false) {
            return;
        }
        let typed = field.get_untracked().map(|field| field.value());
        done.run(typed.filter(|_| take));
    };
    view! {
        <input
            class="input document-field"
            node_ref=field
            data-testid="document-name"
            aria-label="Name of the document"
            maxlength=crate::editor::shelf::NAME_MOST.to_string()
            value=name
            on:blur=move |_| finish(true)
            on:keydown=move |event| {
                match event.key().as_str() {
                    "Enter" => finish(true),
                    "Escape" => finish(false),
                    _ => return,
                }
                // Escape would close the list as well.
                event.prevent_default();
                event.stop_propagation();
            }
        />
    }
}

async fn look_up(id: &str) -> Result<(Kept, Vec<Kept>), String> {
    let (all, trouble) = shelf::list().await;
    match all.iter().find(|kept| kept.id == id) {
        Some(kept) => Ok((kept.clone(), all)),
        None => Err(trouble.unwrap_or_else(|| "This document is gone already.".to_owned())),
    }
}

fn scenario_of(kept: &Kept) -> Result<Scenario, String> {
    scenario::read(kept.text()).map_err(|problems| {
        let why = problems.first().map(ToString::to_string);
        format!("It cannot be read: {}", why.unwrap_or_default())
    })
}

/// Claims a document that is not on this page for as long as something is done to it.
async fn claim(id: &str) -> Result<Option<shelf::Lock>, String> {
    let mut claimed = shelf::claim(id).await;
    // This page itself may have had it a moment ago.
    for _ in 0..CLAIMS_MOST {
        if matches!(claimed, shelf::Claim::Ours(_)) {
            break;
        }
        shelf::pause(CLAIM_AGAIN_MILLIS).await;
        claimed = shelf::claim(id).await;
    }
    match claimed {
        shelf::Claim::Ours(lock) => Ok(lock),
        shelf::Claim::Elsewhere => {
            Err("This document is open in another tab: do it there, or close that tab.".to_owned())
        }
    }
}

fn record_of(id: String, scenario: &Scenario) -> Record {
    Record {
        id,
        name: scenario.name.clone(),
        text: scenario::write(scenario),
        changed: shelf::now(),
        fragment: link::encode_short(scenario).unwrap_or_default(),
        came_as: String::new(),
    }
}

async fn rename(id: &str, name: String) -> Result<(), String> {
    let _lock = claim(id).await?;
    let (kept, _) = look_up(id).await?;
    let mut scenario = scenario_of(&kept)?;
    scenario.name = name;
    let was = kept.record.map_or(0, |record| record.changed);
    let renamed = record_of(kept.id, &scenario);
    match shelf::store(&renamed, |there| there.changed == was).await? {
        true => Ok(()),
        false => Err("This document has just been changed in another tab.".to_owned()),
    }
}

async fn duplicate(id: &str) -> Result<(), String> {
    let (kept, all) = look_up(id).await?;
    let mut scenario = scenario_of(&kept)?;
    scenario.name = free_name(&scenario.name, all.iter().map(Kept::name));
    let copy = free_id(shelf::now(), all.iter().map(|kept| &*kept.id));
    shelf::store(&record_of(copy, &scenario), |_| false).await?;
    Ok(())
}

/// Deletes a document that was just left for another one.
pub async fn delete_former(session: Session, id: &str) {
    if let Err(why) = delete(session, id).await {
        session.say(why, true);
    }
}

async fn delete(session: Session, id: &str) -> Result<(), String> {
    let was_here = id == document::current_id();
    let _lock = match was_here {
        true => None,
        false => claim(id).await?,
    };
    let (all, trouble) = shelf::list().await;
    let Some(kept) = all.iter().find(|kept| kept.id == id).cloned() else {
        // A second press on the same button.
        return trouble.map_or(Ok(()), Err);
    };
    shelf::remove(id).await?;
    let name = kept.name().to_owned();
    DELETED.with_borrow_mut(|deleted| deleted.push((kept, was_here)));
    if was_here {
        document::forget();
        let others = rows(&all).into_iter();
        let mut others = others.filter(|row| row.id != id && row.nodes.is_ok());
        match others.next() {
            Some(row) => open::kept(session, row.id),
            None => open::example(session, scenario::examples()[0].slug),
        }
    }
    offer_undo(session, &name);
    Ok(())
}

/// Offers for some seconds to put back what was deleted last.
fn offer_undo(session: Session, name: &str) {
    let words = format!("Deleted “{name}”.");
    session.offer(words.clone(), false, Offer::UndoDelete);
    let over = Timeout::new(UNDO_MILLIS, move || {
        let is_it = |notice: &super::session::Notice| notice.text == words;
        if session
            .notice
            .with_untracked(|it| it.as_ref().is_some_and(is_it))
        {
            session.notice.set(None);
            DELETED.set(Vec::new());
        }
    });
    over.forget();
}

/// Puts back what was deleted last, and offers the same for what was deleted before that.
pub fn undo_delete(session: Session) {
    let Some((kept, was_here)) = DELETED.with_borrow_mut(Vec::pop) else {
        return;
    };
    session.notice.set(None);
    spawn_local(async move {
        let outcome = shelf::put_back(&kept).await;
        // The list, if it is open, looks again.
        session.all_kept.notify();
        let name = kept.name().to_owned();
        match outcome {
            Ok(()) => {
                session.speak(format!("{name} is back"));
                if was_here {
                    open::kept(session, kept.id);
                }
            }
            Err(why) => {
                let words = format!("{name} could not be put back: {why}");
                session.offer(words, true, Offer::UndoDelete);
                DELETED.with_borrow_mut(|deleted| deleted.push((kept, was_here)));
                return;
            }
        }
        let before =
            DELETED.with_borrow(|deleted| deleted.last().map(|(kept, _)| kept.name().to_owned()));
        if let Some(name) = before {
            offer_undo(session, &name);
        }
    });
}

fn download(session: Session, id: String) {
    spawn_local(async move {
        match look_up(&id).await {
            Ok((kept, _)) if shelf::download(kept.name(), kept.text()) => {}
            Ok(_) => session.say("This browser does not save files.", true),
            Err(why) => session.say(why, true),
        }
    });
}
