//! Lists to search in: everything that can be done, and the nodes.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent};

use super::keyboard::caps_of;
use super::modal::Modal;
use super::session::{Dialog, Session, use_session};
use crate::app::live::live;
use crate::editor::actions::{Heading, TABLE, add_words};
use crate::editor::palette::{blueprints, words_for};
use crate::editor::tempo::count;
use crate::editor::{Action, Item, ranked};
use crate::nodes::Blueprint;
use crate::units::{NodeId, ViewId, sort_by_key};

/// More are not shown; a few letters more find the others.
const SHOWN_MOST: usize = 120;

/// The lists to search in.
#[component]
pub fn Finder() -> impl IntoView {
    let session = use_session();
    view! {
        <Modal dialog=Dialog::Command title="Do anything by its name" class="finder">
            {search(session, true)}
        </Modal>
        <Modal dialog=Dialog::Find title="Find a node" class="finder">
            {search(session, false)}
        </Modal>
    }
}

/// Something that can be found.
struct Entry {
    /// What is searched: the words first, then other words for it.
    text: String,
    /// How much of the text are the words that are shown.
    words: String,
    heading: &'static str,
    /// What is said besides.
    more: String,
    caps: Vec<String>,
    id: String,
    goal: Goal,
}

impl Entry {
    /// Whether it is what a product has: it is there for those who ask for it.
    fn is_product(&self) -> bool {
        matches!(self.goal, Goal::Add(what) if what.preset.is_some())
    }
}

/// What is done with what was found.
#[derive(Clone, Copy)]
enum Goal {
    Do(Action),
    Add(Blueprint),
    Show(ViewId),
    Go(NodeId),
}

/// Everything that can be done now.
fn commands(session: Session) -> Vec<Entry> {
    let facts = session.facts.get_untracked();
    let keymap = session.keymap.get_untracked();
    let fits = |action: Action| {
        let listed = !matches!(action, Action::Add(_) | Action::Command | Action::Clear);
        listed && action.applies(&facts)
    };
    let rows = TABLE.iter().filter(|row| fits(row.action));
    let rows = rows.map(|row| {
        let words = row.action.words(&facts);
        Entry {
            text: words.clone(),
            words,
            heading: row.heading.label(),
            more: String::new(),
            caps: caps_of(&keymap, row.action),
            id: row.id.to_owned(),
            goal: Goal::Do(row.action),
        }
    });
    let kinds = (0u8..).zip(blueprints()).map(|(number, what)| {
        let words = match what.preset {
            Some(preset) => format!("Add {}", preset.label),
            None => add_words(what.kind),
        };
        let caps = match number < 9 && what.preset.is_none() {
            true => caps_of(&keymap, Action::Add(number)),
            false => Vec::new(),
        };
        Entry {
            text: format!("{words} {}", words_for(&what)),
            words,
            heading: "Adding",
            more: String::new(),
            caps,
            id: format!("add-{}", what.name()),
            goal: Goal::Add(what),
        }
    });
    let views = session.player.with_value(|player| {
        let views = player.document().drawing.views.iter();
        views
            .map(|view| (view.id, view.name.clone()))
            .collect::<Vec<_>>()
    });
    let views = views.into_iter().map(|(id, name)| Entry {
        text: format!("Show view {name}"),
        words: format!("Show view {name}"),
        heading: "Views",
        more: String::new(),
        caps: Vec::new(),
        id: format!("view-{}", id.0),
        goal: Goal::Show(id),
    });
    let mut all: Vec<Entry> = kinds.chain(rows).chain(views).collect();
    // Headings stay together, in the order of the help sheet; adding comes before drawing.
    let place = |entry: &Entry| {
        let mut headings = Heading::ALL.iter();
        let place = headings.position(|it| it.label() == entry.heading);
        match entry.heading {
            "Adding" => 5,
            "Views" => 9,
            _ => place.map_or(99, |place| place * 2 + 2),
        }
    };
    sort_by_key(&mut all, place);
    all.extend(nodes(session, "Go to "));
    all
}

/// All nodes.
fn nodes(session: Session, verb: &str) -> Vec<Entry> {
    let chips = session.nodes.all_untracked();
    let entries = chips.into_iter().map(|chip| {
        chip.known.with_untracked(|chip| {
            let state = match (chip.down, chip.depth) {
                (true, _) => " · crashed".to_owned(),
                (_, 0) => String::new(),
                (_, depth) => format!(" · {} waiting", count(depth)),
            };
            let words = format!("{verb}{}", chip.name);
            Entry {
                text: format!("{words} {}", chip.kind),
                words,
                heading: "Nodes",
                more: format!("{}{state}", chip.kind),
                caps: Vec::new(),
                id: format!("node-{}", chip.id.0),
                goal: Goal::Go(chip.id),
            }
        })
    });
    entries.collect()
}

/// The field and the list below it.
#[derive(Clone, Copy)]
struct Search {
    session: Session,
    entries: StoredValue<Vec<Entry>>,
    /// The places of what was found among the entries, with the letters that fit.
    found: Memo<Vec<(usize, Vec<usize>)>>,
    /// Which of them Enter chooses.
    active: RwSignal<usize>,
    list: NodeRef<html::Ul>,
}

fn search(session: Session, does: bool) -> impl IntoView {
    let (name, label) = if does {
        ("command", "What to do")
    } else {
        ("find", "Name or kind")
    };
    let entries = StoredValue::new(if does {
        commands(session)
    } else {
        nodes(session, "")
    });
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        entries.with_value(|all| {
            let mut found = query.with(|query| ranked(query, all, |entry| &entry.text));
            if query.with(|query| query.trim().is_empty()) {
                found.retain(|(place, _)| !all[*place].is_product());
            }
            found.truncate(SHOWN_MOST);
            found
        })
    });
    let search = Search {
        session,
        entries,
        found,
        active: RwSignal::new(0),
        list: NodeRef::new(),
    };
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let options = move || {
        found.with(|found| {
            let mut heading = "";
            let rows = found.iter().enumerate().map(|(n, (place, marked))| {
                entries.with_value(|all| {
                    let entry = &all[*place];
                    let first = entry.heading != heading;
                    heading = entry.heading;
                    search.option(name, n, entry, first, marked)
                })
            });
            rows.collect::<Vec<_>>()
        })
    };
    let active = move || format!("{name}-{}", search.active.get());
    view! {
        <input
            class="input finder-input"
            type="text"
            role="combobox"
            autofocus
            autocomplete="off"
            spellcheck="false"
            data-testid=format!("{name}-input")
            aria-label=label
            placeholder=label
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls=format!("{name}-list")
            aria-activedescendant=live(active)
            node_ref=input
            on:input=move |event| {
                query.set(event_target_value(&event));
                search.go(0, name);
            }
            on:keydown=move |event| search.on_key(&event, name)
        />
        <ul
            class="finder-list"
            role="listbox"
            id=format!("{name}-list")
            aria-label=label
            node_ref=search.list
        >
            {options}
        </ul>
        <p class="finder-none" role="status">
            {live(move || {
                let none = found.with(Vec::is_empty);
                if none { "Nothing is called that".to_owned() } else { String::new() }
            })}
        </p>
    }
}

impl Search {
    fn option(
        self,
        name: &'static str,
        n: usize,
        entry: &Entry,
        first: bool,
        marked: &[usize],
    ) -> AnyView {
        let letters = entry.words.chars().enumerate();
        let mut runs: Vec<(bool, String)> = Vec::new();
        for (at, letter) in letters {
            let marks = marked.contains(&at);
            match runs.last_mut() {
                Some((same, run)) if *same == marks => run.push(letter),
                _ => runs.push((marks, letter.to_string())),
            }
        }
        let words = runs
            .into_iter()
            .map(|(marks, run)| view! { <span class:is-found=marks>{run}</span> })
            .collect_view();
        let caps = entry.caps.iter().cloned();
        let caps = caps.map(|cap| view! { <kbd>{cap}</kbd> }).collect_view();
        let goal = entry.goal;
        view! {
            <li
                class="finder-row"
                class:is-first=first
                role="option"
                id=format!("{name}-{n}")
                data-testid=format!("{name}-option-{}", entry.id)
                aria-selected=live(move || (self.active.get() == n).to_string())
                on:click=move |_| self.choose(goal)
            >
                <span class="finder-heading">{entry.heading}</span>
                <span class="finder-words">{words}</span>
                <span class="finder-more">{entry.more.clone()}</span>
                <span class="finder-keys">{caps}</span>
            </li>
        }
        .into_any()
    }

    fn on_key(self, event: &KeyboardEvent, name: &str) {
        let count = self.found.with_untracked(Vec::len);
        let now = self.active.get_untracked();
        match &*event.key() {
            "ArrowDown" => self.go((now + 1) % count.max(1), name),
            "ArrowUp" => self.go((now + count.max(1) - 1) % count.max(1), name),
            "PageDown" => self.go((now + 8).min(count.saturating_sub(1)), name),
            "PageUp" => self.go(now.saturating_sub(8), name),
            "Enter" => {
                let place = self
                    .found
                    .with_untracked(|found| found.get(now).map(|(place, _)| *place));
                let goal = place.map(|place| self.entries.with_value(|all| all[place].goal));
                if let Some(goal) = goal {
                    self.choose(goal);
                }
            }
            // The key that opened the list closes it, instead of going to the browser.
            "k" | "f" if event.ctrl_key() || event.meta_key() => self.session.close_dialog(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Another row is the one that Enter chooses, and can be seen.
    fn go(self, to: usize, name: &str) {
        self.active.set(to);
        let row = document().get_element_by_id(&format!("{name}-{to}"));
        let row = row.and_then(|row| row.dyn_into::<HtmlElement>().ok());
        if let (Some(row), Some(list)) = (row, self.list.get_untracked()) {
            let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
            let (from, height) = (list.scroll_top(), list.client_height());
            let to = if to == 0 {
                0
            } else {
                from.min(top).max(bottom - height)
            };
            list.set_scroll_top(to);
        }
    }

    fn choose(self, goal: Goal) {
        let session = self.session;
        close_now(session);
        match goal {
            Goal::Do(action) => {
                session.perform(action);
            }
            Goal::Add(what) => session.add_somewhere(what),
            Goal::Show(view) => session.show_view(Some(view)),
            Goal::Go(node) => {
                let item = Item::Node(node);
                let hidden = session
                    .player
                    .with_value(|player| player.rect_of(item).is_none());
                if hidden {
                    session.show_view(None);
                }
                session.go_to_item(item);
            }
        }
    }
}

/// Closes the dialog at once: what is done next may take the focus elsewhere.
fn close_now(session: Session) {
    let open = document().query_selector("dialog[open]").ok().flatten();
    if let Some(dialog) = open.and_then(|it| it.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
    session.close_dialog();
}
