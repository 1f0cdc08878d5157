//! The gallery: scenarios to look at, with pictures, to search and to open. What is opened is a
//! copy, and nobody's document until it is changed.

mod source;

use std::cell::RefCell;

use js_sys::futures::spawn_local;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::icons::Icon;
use super::keyed::keyed;
use super::live::{flag, live};
use super::modal::Modal;
use super::session::{Dialog, Session, Theme, use_session};
use super::{document, open, shelf, theme};
use crate::editor::showcase::{Exhibit, Wanted};
use crate::scenario::Scenario;
use crate::scenario::gallery::Level;

/// What addresses of the gallery begin with.
const ADDRESS: &str = "#/gallery";

/// The scenario of the gallery that an address asks for; an empty name for the gallery itself.
pub fn asked_for(hash: &str) -> Option<String> {
    let rest = hash.strip_prefix(ADDRESS)?;
    match rest.strip_prefix('/') {
        Some(slug) => Some(slug.to_owned()),
        None if rest.is_empty() => Some(String::new()),
        None => None,
    }
}

thread_local! {
    /// What the address asked for when the page was opened.
    static ASKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What comes onto the page for an address of the gallery.
pub async fn found(slug: &str) -> shelf::Found {
    ASKED.set(Some(slug.to_owned()));
    let why = match slug {
        "" => None,
        _ => match scenario_called(slug).await {
            Ok(scenario) => return shelf::copy_of(scenario).await,
            Err(why) => Some((why, true)),
        },
    };
    let mut found = shelf::at_start(None).await;
    found.notice = why.or(found.notice);
    found
}

async fn scenario_called(slug: &str) -> Result<Scenario, String> {
    source::scenario(slug).await?.ok_or_else(|| unknown(slug))
}

fn unknown(slug: &str) -> String {
    format!("There is nothing called “{slug}” in the gallery. Press G to look at what there is.")
}

/// What the address asked for when the page was opened, to open the gallery itself once it can be.
pub fn open_if_asked(session: Session) {
    match ASKED.take() {
        Some(slug) if slug.is_empty() => follow(session, slug),
        Some(slug) => session.scenario.set(slug),
        None => {}
    }
}

/// Opens what an address of the gallery asks for, while the page is there.
pub fn follow(session: Session, slug: String) {
    if slug.is_empty() {
        session.dialog.set(Some(Dialog::Gallery));
    } else {
        enter(session, slug);
    }
}

/// Opens a scenario of the gallery from its start.
pub fn enter(session: Session, slug: String) {
    document::keep_what_is_here(session);
    spawn_local(async move {
        match scenario_called(&slug).await {
            Ok(scenario) => {
                open::found(session, shelf::copy_of(scenario).await);
                session.scenario.set(slug);
            }
            Err(why) => session.say(why, true),
        }
    });
}

/// Pictures so far beyond the edge of the list are made before somebody comes to them.
const AHEAD: f64 = 300.0;

/// What is shown, and what somebody looks for.
#[derive(Clone, Copy)]
struct Hall {
    session: Session,
    exhibits: RwSignal<Vec<Exhibit>>,
    wanted: RwSignal<Wanted>,
    /// The pictures, in the order of all; empty until somebody looks at them.
    pictures: StoredValue<Vec<RwSignal<String>>>,
    /// The theme of the pictures.
    theme: StoredValue<Option<Theme>>,
    is_painting: StoredValue<bool>,
    list: NodeRef<html::Div>,
}

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    let hall = Hall {
        session: use_session(),
        exhibits: RwSignal::default(),
        wanted: RwSignal::default(),
        pictures: StoredValue::default(),
        theme: StoredValue::default(),
        is_painting: StoredValue::default(),
        list: NodeRef::new(),
    };
    view! {
        <Modal dialog=Dialog::Gallery title="Gallery" class="gallery">
            {hall.view().into_any()}
        </Modal>
    }
}

impl Hall {
    /// Shows everything. What was read and painted for an earlier look is still there.
    fn fill(self) {
        spawn_local(async move {
            if self.exhibits.with_untracked(Vec::is_empty) {
                let exhibits = match source::exhibits().await {
                    Ok(exhibits) => exhibits,
                    Err(why) => {
                        self.session.close_dialog();
                        return self.session.say(why, true);
                    }
                };
                let pictures = exhibits.iter().map(|_| RwSignal::default()).collect();
                self.pictures.set_value(pictures);
                let _ = self.exhibits.try_set(exhibits);
            }
            let theme = self.session.theme.get_untracked();
            if self.theme.get_value() != Some(theme) {
                self.theme.set_value(Some(theme));
                self.pictures
                    .with_value(|all| all.iter().for_each(|it| it.set(String::new())));
            }
            self.paint();
        });
    }

    /// Makes the pictures of what is on the screen, one after the other: none is waited for.
    fn paint(self) {
        if self.is_painting.get_value() {
            return;
        }
        self.is_painting.set_value(true);
        spawn_local(async move {
            loop {
                shelf::pause(0).await;
                let Some(number) = self.next_picture() else {
                    break;
                };
                let slug = self.exhibits.with_untracked(|all| all[number].slug);
                let theme = self.theme.get_value().unwrap_or(Theme::Light);
                // What cannot be painted is not tried again.
                let address = source::picture(slug, theme).await;
                let picture = self.pictures.with_value(|all| all[number]);
                picture.set(address.unwrap_or_else(|| "data:,".to_owned()));
            }
            self.is_painting.set_value(false);
        });
    }

    /// The first scenario on the screen, or nearly so, that has no picture.
    fn next_picture(self) -> Option<usize> {
        if self.session.dialog.get_untracked() != Some(Dialog::Gallery) {
            return None;
        }
        let list = self.list.get_untracked()?.get_bounding_client_rect();
        let (top, bottom) = (list.top() - AHEAD, list.bottom() + AHEAD);
        let unpainted = |number: usize| {
            let picture = self.pictures.with_value(|all| all[number]);
            picture.with_untracked(String::is_empty)
        };
        let cards = self.cards().into_iter();
        let mut cards = cards.filter(|(number, card)| {
            let rect = card.get_bounding_client_rect();
            unpainted(*number) && rect.bottom() > top && rect.top() < bottom
        });
        cards.next().map(|(number, _)| number)
    }

    fn view(self) -> impl IntoView {
        let field = NodeRef::<html::Input>::new();
        self.fill();
        Effect::new(move |_| {
            if let Some(field) = field.get().filter(|_| !theme::has_fingers()) {
                let _ = field.focus();
            }
        });
        Effect::new(move |_| {
            self.wanted.track();
            self.exhibits.track();
            self.paint();
        });
        let count = move || {
            let found = self.found();
            match found.len() {
                0 if self.exhibits.with(Vec::is_empty) => "One moment …".to_owned(),
                0 => "Nothing fits. Take a word away.".to_owned(),
                1 => "1 scenario".to_owned(),
                several => format!("{several} scenarios"),
            }
        };
        let levels = std::iter::once(None).chain(Level::ALL.map(Some));
        let levels: Vec<AnyView> = levels.map(|level| self.level(level).into_any()).collect();
        view! {
            <div class="gallery-search">
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="gallery-search"
                    aria-label="Search the gallery"
                    placeholder="Search: orders, crash, replay …"
                    prop:value=self.wanted.with_untracked(|wanted| wanted.query.clone())
                    node_ref=field
                    on:input=move |event| {
                        let query = event_target_value(&event);
                        self.wanted.update(|wanted| wanted.query = query);
                    }
                    on:keydown=move |event| self.on_key_in_search(&event)
                />
                <div class="gallery-levels" role="group" aria-label="Level">{levels}</div>
                {self.topics()}
                {self.switch()}
            </div>
            <p class="gallery-count" role="status">{live(count)}</p>
            <div
                class="gallery-list"
                node_ref=self.list
                on:keydown=move |event| self.on_key(&event)
                on:scroll=move |_| self.paint()
            >
                {keyed(
                    move || self.headings(),
                    |heading| (*heading).to_owned(),
                    move |heading| self.part(heading),
                )}
            </div>
        }
    }

    /// A button that shows one level, or all.
    fn level(self, level: Option<Level>) -> impl IntoView {
        let is_on = move || self.wanted.with(|wanted| wanted.level == level);
        view! {
            <button
                type="button"
                class="button"
                class:is-on=flag(is_on)
                aria-pressed=live(move || is_on().to_string())
                on:click=move |_| self.wanted.update(|wanted| wanted.level = level)
            >
                {level.map_or("All levels", Level::label)}
            </button>
        }
    }

    /// The headings to choose from.
    fn topics(self) -> impl IntoView {
        let options = move || {
            let mut topics: Vec<&'static str> = self
                .exhibits
                .with(|all| all.iter().map(|exhibit| exhibit.topic).collect());
            topics.dedup();
            let options = topics.into_iter();
            let options = options.map(|topic| view! { <option>{topic}</option> }.into_any());
            options.collect::<Vec<AnyView>>()
        };
        let choose = move |event| {
            let chosen = Some(event_target_value(&event)).filter(|chosen| !chosen.is_empty());
            self.wanted.update(|wanted| wanted.topic = chosen);
        };
        view! {
            <select class="input" data-testid="gallery-topic" aria-label="Topic" on:change=choose>
                <option value="">"All topics"</option>
                {options}
            </select>
        }
    }

    /// Whether captions are shown.
    fn switch(self) -> impl IntoView {
        let session = self.session;
        view! {
            <label class="gallery-captions">
                <input
                    type="checkbox"
                    class="switch"
                    data-testid="gallery-captions"
                    prop:checked=move || session.tells.get()
                    on:change=move |_| session.switch_captions()
                />
                "Captions"
            </label>
        }
    }

    /// What fits what somebody looks for, by number.
    fn found(self) -> Vec<usize> {
        let wanted = self.wanted.get();
        self.exhibits.with(|all| {
            let numbered = all.iter().enumerate();
            let fitting = numbered.filter(|(_, exhibit)| wanted.fits(exhibit));
            fitting.map(|(number, _)| number).collect()
        })
    }

    fn headings(self) -> Vec<&'static str> {
        let found = self.found();
        let mut headings: Vec<&'static str> = self
            .exhibits
            .with(|all| found.iter().map(|number| all[*number].topic).collect());
        headings.dedup();
        headings
    }

    fn part(self, heading: &'static str) -> impl IntoView {
        let numbers = move || {
            let all = self.exhibits;
            let mut found = self.found();
            found.retain(|number| all.with(|all| all[*number].topic == heading));
            found
        };
        view! {
            <section class="gallery-part" aria-label=heading>
                <h3>{heading}</h3>
                <ul>{keyed(numbers, usize::to_string, move |number| self.card(number))}</ul>
            </section>
        }
    }

    fn card(self, number: usize) -> AnyView {
        let exhibit = self.exhibits.with_untracked(|all| all[number].clone());
        let picture = self.pictures.with_value(|all| all[number]);
        let Exhibit {
            slug,
            name,
            about,
            level,
            kinds,
            captions,
            ..
        } = exhibit;
        let facts = match captions {
            0 => kinds.join(" · "),
            _ => format!("{} · {captions} captions", kinds.join(" · ")),
        };
        view! {
            <li>
                <button
                    type="button"
                    class="exhibit"
                    data-testid=format!("exhibit-{slug}")
                    on:click=move |_| self.choose(slug)
                >
                    <img alt="" src=live(move || picture.get()) />
                    <span class="exhibit-head">
                        <b>{name}</b>
                        <span class="exhibit-level">{level.label()}</span>
                    </span>
                    <span class="exhibit-about">{about}</span>
                    <span class="exhibit-facts">{facts}</span>
                </button>
            </li>
        }
        .into_any()
    }

    fn choose(self, slug: &str) {
        self.session.close_dialog();
        enter(self.session, slug.to_owned());
    }

    /// The cards that are shown, in their order, with the numbers of their scenarios.
    fn cards(self) -> Vec<(usize, HtmlElement)> {
        let Some(list) = self.list.get_untracked() else {
            return Vec::new();
        };
        let element = |number: usize| {
            let slug = self.exhibits.with_untracked(|all| all[number].slug);
            let card = format!("[data-testid='exhibit-{slug}']");
            let card = list.query_selector(&card).ok().flatten()?;
            Some((number, card.dyn_into().ok()?))
        };
        untrack(|| self.found())
            .into_iter()
            .filter_map(element)
            .collect()
    }

    fn on_key_in_search(self, event: &KeyboardEvent) {
        let cards = self.cards();
        let Some((_, first)) = cards.first() else {
            return;
        };
        match &*event.key() {
            "ArrowDown" => {
                let _ = first.focus();
            }
            "Enter" => first.click(),
            _ => return,
        }
        event.prevent_default();
    }

    /// Arrows go from card to card, up and down to the nearest one of another row.
    fn on_key(self, event: &KeyboardEvent) {
        let cards: Vec<HtmlElement> = self.cards().into_iter().map(|(_, card)| card).collect();
        let active = leptos::prelude::document().active_element();
        let here = cards
            .iter()
            .position(|card| active.as_deref() == Some(card));
        let Some(here) = here else { return };
        let row = |n: usize| {
            let rect = cards[n].get_bounding_client_rect();
            (rect.top(), rect.left())
        };
        let (top, left) = row(here);
        let nearest = |mut rows: Box<dyn Iterator<Item = usize>>| {
            let line = rows
                .find(|n| (row(*n).0 - top).abs() > 4.0)
                .map(|n| row(n).0)?;
            let of_line = (0..cards.len()).filter(|n| (row(*n).0 - line).abs() <= 4.0);
            of_line.min_by(|a, b| {
                (row(*a).1 - left)
                    .abs()
                    .total_cmp(&(row(*b).1 - left).abs())
            })
        };
        let to = match &*event.key() {
            "ArrowRight" => Some(here + 1),
            "ArrowLeft" => here.checked_sub(1),
            "ArrowDown" => nearest(Box::new(here..cards.len())),
            "ArrowUp" => nearest(Box::new((0..here).rev())),
            "Home" => Some(0),
            "End" => cards.len().checked_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(card) = to.and_then(|to| cards.get(to)) {
            let _ = card.focus();
        }
    }
}

/// The button that opens the gallery.
#[component]
pub fn GalleryButton(testid: &'static str) -> impl IntoView {
    let session = use_session();
    view! {
        <button
            type="button"
            class="button gallery-open"
            data-testid=testid
            aria-haspopup="dialog"
            title="Gallery of scenarios (G)"
            on:click=move |_| session.dialog.set(Some(Dialog::Gallery))
        >
            <Icon name="gallery" />
            "Gallery"
        </button>
    }
}
