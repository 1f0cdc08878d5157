//! A list of kinds at a place of the canvas: where a link was dropped, or where somebody clicked
//! twice. Which kinds it offers is decided elsewhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, KeyboardEvent};

use super::focus::{focus, focus_soon};
use super::live::{flag, live};
use super::palette::face;
use super::session::{QuickAdd, Session, use_session};
use super::theme;
use crate::editor::paint::glyph_path;
use crate::editor::palette::{Addable, addable_products};
use crate::editor::{Item, Selection};
use crate::nodes::Blueprint;

/// How high an entry is, and all around the entries, as the style sheet has them.
const ROW_PIXELS: usize = 46;
const AROUND_PIXELS: usize = 88;

/// The list, while it is open.
#[component]
pub fn QuickAddList() -> impl IntoView {
    let session = use_session();
    let open = Memo::new(move |_| session.quick_add.get());
    Effect::new(move |before: Option<Option<QuickAdd>>| {
        let now = open.get();
        // The link stays in sight until it is decided.
        if before.flatten().is_some_and(|before| before.from.is_some()) && now.is_none() {
            session.stop_linking();
            session.act(|_| ());
        }
        now
    });
    move || open.get().map(|open| panel(session, open))
}

/// What the list is asked and offers.
#[derive(Clone, Copy)]
struct List {
    session: Session,
    open: QuickAdd,
    offered: Memo<Vec<Addable>>,
    /// The entry that Enter takes.
    place: RwSignal<usize>,
}

fn panel(session: Session, open: QuickAdd) -> AnyView {
    let source = open.from.and_then(|node| {
        let kind = (session.player).with_value(|player| player.run().topology().kind(node))?;
        Some((kind, session.name_of(node)))
    });
    let title = match &source {
        Some((_, name)) => format!("Link {name} to a new"),
        None => "Add here".to_owned(),
    };
    let query = RwSignal::new(String::new());
    let offered = Memo::new(move |_| {
        let from = source.as_ref().map(|(kind, name)| (*kind, name.as_str()));
        query.with(|query| addable_products(query, from))
    });
    let count = offered.with_untracked(Vec::len);
    let place = RwSignal::new(0);
    let list = List {
        session,
        open,
        offered,
        place,
    };
    let fingers = theme::has_fingers();
    let first = if fingers {
        ".quick-add"
    } else {
        ".quick-add input"
    };
    focus_soon(first.to_owned());
    let entries = move || {
        let offered = offered.get();
        let entries = offered.into_iter().enumerate();
        entries.map(|(at, it)| entry(list, at, it)).collect_view()
    };
    view! {
        <div
            class="quick-add"
            role="dialog"
            aria-label=title.clone()
            tabindex="-1"
            data-testid="quick-add"
            prop:style=place_style(open, count)
            on:keydown=move |event| on_key(list, &event)
            on:focusout=move |event| leave(session, &event)
        >
            <p class="quick-add-title">{title.clone()}</p>
            <input
                type="text"
                class="input"
                role="combobox"
                aria-label="Search the kinds"
                aria-expanded="true"
                aria-controls="quick-add-list"
                aria-activedescendant=live(move || format!("quick-add-{}", place.get()))
                autocomplete="off"
                placeholder="Search"
                data-testid="quick-add-search"
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    place.set(0);
                }
            />
            <div id="quick-add-list" role="listbox" aria-label="Kinds" class="quick-add-list">
                {entries}
            </div>
            <p class="quick-add-none" role="status" hidden=flag(move || {
                offered.with(|it| !it.is_empty())
            })>
                "Nothing that fits is called so."
            </p>
        </div>
    }
    .into_any()
}

fn entry(list: List, at: usize, it: Addable) -> AnyView {
    let what = it.blueprint();
    let glyph = glyph_path(it.kind.descriptor().glyph);
    let chosen = move || list.place.get() == at;
    view! {
        <div
            role="option"
            id=format!("quick-add-{at}")
            class="piece"
            class:is-best=flag(chosen)
            aria-selected=live(move || chosen().to_string())
            data-testid=format!("quick-add-{}", what.name())
            // The focus stays in the search field.
            on:pointerdown=move |event| event.prevent_default()
            on:pointermove=move |_| list.place.set(at)
            on:click=move |_| choose(list, what)
        >
            {face(glyph, what.label(), it.words)}
        </div>
    }
    .into_any()
}

/// Beside the place, and within the canvas.
fn place_style(open: QuickAdd, count: usize) -> String {
    let at = open.at_in_screen;
    let aside = if open.from.is_some() { 10.0 } else { 0.0 };
    let height = ROW_PIXELS * count + AROUND_PIXELS;
    format!(
        "left:clamp(8px,{}px,calc(100% - 272px));top:clamp(8px,{}px,max(8px,100% - {}px))",
        at.x + aside,
        at.y - 30.0,
        height + 8
    )
}

fn on_key(list: List, event: &KeyboardEvent) {
    let count = list.offered.with_untracked(Vec::len);
    let place = list.place.get_untracked();
    let next = match &*event.key() {
        "ArrowDown" => (place + 1) % count.max(1),
        "ArrowUp" => (place + count.max(1) - 1) % count.max(1),
        "Enter" => {
            let what = list
                .offered
                .with_untracked(|it| it.get(place).map(Addable::blueprint));
            if let Some(what) = what {
                choose(list, what);
            }
            place
        }
        "Escape" | "Tab" => {
            list.session.quick_add.set(None);
            focus("#stage");
            place
        }
        _ => {
            // Letters and digits are for the search, not for the page.
            return event.stop_propagation();
        }
    };
    event.prevent_default();
    event.stop_propagation();
    list.place.set(next);
    if let Ok(Some(element)) = document().query_selector(&format!("#quick-add-{next}")) {
        element.scroll_into_view_with_bool(false);
    }
}

fn choose(list: List, what: Blueprint) {
    let session = list.session;
    session.quick_add.set(None);
    focus("#stage");
    session.add_under(what, list.open.at_in_screen, list.open.from);
    if let Some(Item::Node(node)) = session.selection.with_untracked(Selection::only) {
        focus_soon(format!("[data-testid=node-{}]", node.0));
    }
}

/// The focus went to something else on the page.
fn leave(session: Session, event: &FocusEvent) {
    let next = event.related_target();
    let next = next.and_then(|it| it.dyn_into::<Element>().ok());
    let Some(next) = next else { return };
    if next.closest(".quick-add").ok().flatten().is_none() {
        session.quick_add.set(None);
    }
}
