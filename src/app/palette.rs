//! The palette: what can be added, to click, to drag onto the canvas, or to find by its name. On a
//! phone it is a sheet behind a button. It does not know what the kinds are.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::focus::{focus, focus_soon};
use super::icons::{Icon, path_of};
use super::keyboard::is_mac;
use super::live::{flag, live};
use super::session::{Session, use_session};
use super::{storage, theme};
use crate::editor::paint::glyph_path;
use crate::editor::palette::{Addable, addable_products, groups, number};
use crate::editor::scene::CARD_WIDTH;
use crate::editor::{Action, Point};
use crate::nodes::{Blueprint, Kind, Preset};

/// A pointer that moves less has clicked.
const DRAG_PIXELS: f64 = 5.0;
const RAIL_KEY: &str = "eventyard.palette";

/// Something that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Kind(Kind),
    Product(Kind, &'static Preset),
    Note,
}

impl Piece {
    const fn name(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.name(),
            Self::Product(_, preset) => preset.slug,
            Self::Note => "note",
        }
    }

    fn action(self) -> Option<Action> {
        match self {
            Self::Kind(kind) => Some(Action::Add(number(kind))),
            Self::Product(..) => None,
            Self::Note => Some(Action::AddNote),
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.descriptor().label,
            Self::Product(_, preset) => preset.label,
            Self::Note => "Note",
        }
    }

    const fn brief(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.descriptor().brief,
            Self::Product(kind, _) => kind.descriptor().label,
            Self::Note => "Your own words",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Kind(kind) | Self::Product(kind, _) => glyph_path(kind.descriptor().glyph),
            Self::Note => path_of("note"),
        }
    }

    /// The node that it is, unless it is a note.
    fn blueprint(self) -> Option<Blueprint> {
        match self {
            Self::Kind(kind) => Some(kind.into()),
            Self::Product(kind, preset) => Some(Blueprint {
                kind,
                preset: Some(preset),
            }),
            Self::Note => None,
        }
    }

    fn add(self, session: Session) {
        match self.blueprint() {
            Some(what) => session.add_somewhere(what),
            None => session.add_note(),
        }
    }

    fn add_under(self, session: Session, at_in_screen: Point) {
        match self.blueprint() {
            Some(what) => session.add_under(what, at_in_screen, None),
            None => session.add_note_under(at_in_screen),
        }
    }
}

/// A piece under a pointer that is pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    piece: Piece,
    pointer: i32,
    from: Point,
    at: Point,
    /// Whether it has left its place.
    lifted: bool,
}

/// What the parts of the palette share.
#[derive(Clone, Copy)]
struct Shelf {
    session: Session,
    query: RwSignal<String>,
    /// What the query finds, the best first.
    found: Memo<Vec<Addable>>,
    /// The entry to which Tab comes.
    stop: RwSignal<&'static str>,
    held: RwSignal<Option<Held>>,
    /// Whether the press that ends was a drag, and is no click.
    dragged: StoredValue<bool>,
}

/// The palette.
#[component]
pub fn Palette() -> impl IntoView {
    let session = use_session();
    let remembered = storage::read(RAIL_KEY);
    let rail = remembered.map_or_else(theme::is_narrow, |text| text == "rail");
    session.rail.set(rail && !theme::is_phone());
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| query.with(|query| addable_products(query, None)));
    let shelf = Shelf {
        session,
        query,
        found,
        stop: RwSignal::new(Kind::ALL[0].name()),
        held: RwSignal::new(None),
        dragged: StoredValue::new(false),
    };
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && shelf.held.get_untracked().is_some() {
            shelf.held.set(None);
        }
    });
    on_cleanup(move || escape.remove());
    let sections = groups().into_iter().map(|(group, kinds)| {
        let pieces: Vec<Piece> = kinds.into_iter().map(Piece::Kind).collect();
        section(shelf, group.label(), pieces)
    });
    let sections: Vec<AnyView> = sections.collect();
    let asks = Memo::new(move |_| query.with(|query| !query.trim().is_empty()));
    let products = move || asks.get().then(|| section(shelf, "Products", products()));
    view! {
        <button
            type="button"
            class="add-button"
            data-testid="add-button"
            aria-label="Add something"
            aria-expanded=live(move || session.adding.get().to_string())
            on:click=move |_| open_sheet(session)
        >
            <Icon name="plus" />
        </button>
        <div class="palette-veil" class:is-open=session.adding
            on:click=move |_| session.adding.set(false)></div>
        <nav
            class="palette"
            class:is-rail=session.rail
            class:is-open=session.adding
            aria-label="Palette"
            data-testid="palette"
            on:keydown=move |event| walk(shelf, &event)
        >
            <Head shelf />
            <div class="palette-list">
                {sections}
                {products}
                {section(shelf, "Drawing", vec![Piece::Note])}
                <p class="palette-none" role="status">
                    {live(move || if is_shown(shelf, Piece::Note) || found.with(|it| !it.is_empty())
                        { String::new() } else { "Nothing is called so.".to_owned() })}
                </p>
            </div>
            <p class="palette-hint">"Click to add it, or drag it onto the canvas."</p>
        </nav>
        <Ghost held=shelf.held />
    }
}

/// The search field, and the button that makes the palette small.
#[component]
fn Head(shelf: Shelf) -> impl IntoView {
    let (session, query) = (shelf.session, shelf.query);
    let words = move || {
        let words = match session.rail.get() {
            true => "Show the palette",
            false => "Fold the palette",
        };
        words.to_owned()
    };
    let fold = move |_| {
        if session.adding.get_untracked() {
            session.adding.set(false);
            focus("[data-testid=add-button]");
        } else {
            set_rail(session, !session.rail.get_untracked());
        }
    };
    let close = Signal::derive(move || {
        if session.adding.get() {
            "close"
        } else {
            "rail"
        }
    });
    view! {
        <div class="palette-head">
            <label class="palette-search">
                <Icon name="search" />
                <input
                    type="search"
                    class="input"
                    data-testid="palette-search"
                    aria-label="Search the palette"
                    placeholder="Search"
                    autocomplete="off"
                    prop:value=live(move || query.get())
                    on:input=move |event| {
                        query.set(event_target_value(&event));
                        shelf.stop.set(best(shelf).name());
                    }
                />
            </label>
            <button
                type="button"
                class="button quiet icon"
                data-testid="palette-toggle"
                aria-label=live(move || match session.adding.get() {
                    true => "Close the palette".to_owned(),
                    false => words(),
                })
                title=live(words)
                aria-expanded=live(move || (!session.rail.get()).to_string())
                on:click=fold
            >
                <Icon name=close />
            </button>
        </div>
    }
}

/// Some of the entries, below a heading.
fn section(shelf: Shelf, heading: &'static str, pieces: Vec<Piece>) -> AnyView {
    let shown = pieces.clone();
    let is_empty = move || !shown.iter().any(|piece| is_shown(shelf, *piece));
    let entries: Vec<AnyView> = (pieces.into_iter())
        .map(|piece| entry(shelf, piece))
        .collect();
    view! {
        <div role="group" class="palette-group" aria-label=heading hidden=flag(is_empty)>
            <p class="palette-heading" aria-hidden="true">{heading}</p>
            {entries}
        </div>
    }
    .into_any()
}

fn entry(shelf: Shelf, piece: Piece) -> AnyView {
    let session = shelf.session;
    let name = piece.name();
    let key = move || {
        let keymap = session.keymap.get();
        let chord = piece
            .action()
            .and_then(|it| keymap.keys(it).into_iter().next());
        chord.map_or_else(String::new, |chord| chord.caps(is_mac()).join(" "))
    };
    let best = move || {
        let asked = shelf.query.with(|query| !query.is_empty());
        asked && shelf.stop.get() == name
    };
    let summary = match piece {
        Piece::Kind(kind) | Piece::Product(kind, _) => kind.descriptor().summary,
        Piece::Note => "Words that stand on the canvas and change nothing",
    };
    let click = move |event: leptos::ev::MouseEvent| {
        if event.detail() > 0 {
            // Space plays and pauses again, and adds no second one.
            focus("#stage");
        }
        if !shelf.dragged.get_value() {
            choose(shelf, piece);
        }
    };
    view! {
        <button
            type="button"
            class="piece"
            class:is-best=flag(best)
            class:is-held=flag(move || {
                shelf.held.get().is_some_and(|held| held.lifted && held.piece == piece)
            })
            data-testid=format!("palette-{name}")
            title=format!("{}: {summary}", piece.label())
            aria-keyshortcuts=live(key)
            tabindex=live(move || if shelf.stop.get() == name { "0" } else { "-1" }.to_owned())
            hidden=flag(move || !is_shown(shelf, piece))
            on:focus=move |_| shelf.stop.set(name)
            on:click=click
            on:pointerdown=move |event| press(shelf, piece, &event)
            on:pointermove=move |event| turn(shelf, &event)
            on:pointerup=move |event| release(shelf, &event)
            on:pointercancel=move |_| shelf.held.set(None)
        >
            {face(piece.path(), piece.label(), piece.brief().to_owned())}
            <kbd aria-hidden="true">{live(key)}</kbd>
        </button>
    }
    .into_any()
}

/// What an entry of a list of kinds shows: glyph, name and one line.
pub fn face(path: &'static str, label: &'static str, words: String) -> AnyView {
    view! {
        <span class="piece-glyph">
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=path></path></svg>
        </span>
        <span class="piece-text">
            <span class="piece-label">{label}</span>
            " "
            <span class="piece-brief">{words}</span>
        </span>
    }
    .into_any()
}

fn is_shown(shelf: Shelf, piece: Piece) -> bool {
    match piece {
        Piece::Kind(_) | Piece::Product(..) => shelf.found.with(|found| {
            let mut found = found.iter();
            found.any(|it| Some(it.blueprint()) == piece.blueprint())
        }),
        Piece::Note => shelf.query.with(|query| {
            let query = query.trim().to_lowercase();
            "note text label"
                .split(' ')
                .any(|word| word.starts_with(&query))
        }),
    }
}

/// What products have.
fn products() -> Vec<Piece> {
    let all = Preset::all();
    all.map(|(kind, preset)| Piece::Product(kind, preset))
        .collect()
}

/// What the query finds first; the note if there is nothing else.
fn best(shelf: Shelf) -> Piece {
    let best = shelf
        .found
        .with_untracked(|it| it.first().map(Addable::blueprint));
    best.map_or(Piece::Note, |what| match what.preset {
        Some(preset) => Piece::Product(what.kind, preset),
        None => Piece::Kind(what.kind),
    })
}

fn choose(shelf: Shelf, piece: Piece) {
    let session = shelf.session;
    leave(session);
    piece.add(session);
}

/// Puts the palette of a phone away. What is added there should be seen, not its settings.
fn leave(session: Session) {
    if session.adding.get_untracked() {
        session.adding.set(false);
        session.sheet_away.set(true);
    }
}

fn open_sheet(session: Session) {
    session.adding.set(true);
    focus_soon(".palette .piece[tabindex='0']".to_owned());
}

/// Shows the palette with the focus in its search field.
pub fn search(session: Session) {
    const FIELD: &str = "[data-testid=palette-search]";
    let is_hidden = session.rail.get_untracked() || theme::is_phone();
    session.rail.set(false);
    session.adding.set(theme::is_phone());
    if is_hidden {
        focus_soon(FIELD.to_owned());
    } else {
        // The next letter may come before the next frame.
        focus(FIELD);
    }
}

fn set_rail(session: Session, rail: bool) {
    session.rail.set(rail);
    storage::write(RAIL_KEY, if rail { "rail" } else { "wide" });
}

/// Keys within the palette: up and down, Enter in the search field, Escape.
fn walk(shelf: Shelf, event: &KeyboardEvent) {
    let in_search =
        (event.target()).is_some_and(|it| it.dyn_into::<web_sys::HtmlInputElement>().is_ok());
    let shown: Vec<&'static str> = (Kind::ALL.iter().map(|kind| Piece::Kind(*kind)))
        .chain(products())
        .chain([Piece::Note])
        .filter(|piece| untrack(|| is_shown(shelf, *piece)))
        .map(Piece::name)
        .collect();
    let stop = shelf.stop.get_untracked();
    let place = shown.iter().position(|name| *name == stop).unwrap_or(0);
    let last = shown.len().saturating_sub(1);
    let next = match &*event.key() {
        "ArrowDown" if in_search => Some(place),
        "ArrowDown" => Some((place + 1).min(last)),
        "ArrowUp" if !in_search && place == 0 => {
            focus("[data-testid=palette-search]");
            None
        }
        "ArrowUp" if !in_search => Some(place - 1),
        "Home" if !in_search => Some(0),
        "End" if !in_search => Some(last),
        "Enter" if in_search => {
            if !shown.is_empty() {
                let piece = best(shelf);
                shelf.query.set(String::new());
                choose(shelf, piece);
            }
            None
        }
        "Escape" if shelf.session.adding.get_untracked() => {
            shelf.session.adding.set(false);
            focus("[data-testid=add-button]");
            None
        }
        "Escape" if in_search => {
            shelf.query.set(String::new());
            focus("#stage");
            None
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(name) = next.and_then(|next| shown.get(next)) {
        focus(&format!("[data-testid=palette-{name}]"));
    }
}

fn press(shelf: Shelf, piece: Piece, event: &PointerEvent) {
    shelf.dragged.set_value(false);
    if event.button() == 0 {
        let at = point_of(event);
        shelf.held.set(Some(Held {
            piece,
            pointer: event.pointer_id(),
            from: at,
            at,
            lifted: false,
        }));
    }
}

fn turn(shelf: Shelf, event: &PointerEvent) {
    let Some(mut held) = shelf.held.get_untracked() else {
        return;
    };
    if held.pointer != event.pointer_id() {
        return;
    }
    held.at = point_of(event);
    if !held.lifted && held.at.distance(held.from) > DRAG_PIXELS {
        held.lifted = true;
        shelf.dragged.set_value(true);
        let element = event.current_target();
        if let Some(element) = element.and_then(|it| it.dyn_into::<Element>().ok()) {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
    }
    shelf.held.set(Some(held));
}

fn release(shelf: Shelf, event: &PointerEvent) {
    let held = shelf.held.get_untracked();
    shelf.held.set(None);
    let Some(held) = held.filter(|held| held.lifted) else {
        return;
    };
    if let Some(at) = on_canvas(point_of(event)) {
        leave(shelf.session);
        held.piece.add_under(shelf.session, at);
    }
}

fn point_of(event: &PointerEvent) -> Point {
    Point::new(event.client_x().into(), event.client_y().into())
}

/// Where a point of the page is on the canvas; `None` beside it.
fn on_canvas(at: Point) -> Option<Point> {
    let surface = document().query_selector(".surface").ok().flatten()?;
    let bounds = surface.get_bounding_client_rect();
    let inside = at.x >= bounds.left()
        && at.x < bounds.right()
        && at.y >= bounds.top()
        && at.y < bounds.bottom();
    inside.then(|| Point::new(at.x - bounds.left(), at.y - bounds.top()))
}

/// What is dragged: a card under the pointer, as large as it will be.
#[component]
fn Ghost(held: RwSignal<Option<Held>>) -> impl IntoView {
    let session = use_session();
    let piece = Memo::new(move |_| held.get().filter(|held| held.lifted).map(|held| held.piece));
    let style = move || {
        let at = held.get().map_or(Point::default(), |held| held.at);
        let over = on_canvas(at).is_some();
        let zoom = if over { session.camera.get().zoom } else { 0.5 };
        let opacity = if over { "1" } else { "0.6" };
        format!(
            "left:{}px;top:{}px;width:{CARD_WIDTH}px;opacity:{opacity};\
             transform:translate(-50%,-50%) scale({zoom})",
            at.x, at.y
        )
    };
    view! {
        {move || piece.get().map(|piece| view! {
            <div class="ghost" prop:style=live(style) aria-hidden="true">
                {face(piece.path(), piece.label(), piece.brief().to_owned())}
            </div>
        })}
    }
}
