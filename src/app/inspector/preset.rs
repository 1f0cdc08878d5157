//! The product that a node behaves like: the choice, what another one would change, what it
//! follows, and the product's words beside the settings.

use leptos::prelude::*;

use crate::app::focus::focus_soon;
use crate::app::live::{flag, live};
use crate::app::session::{Session, use_session};
use crate::editor::form::said;
use crate::editor::panel::Sheet;
use crate::nodes::{Change, Kind, Plan, Preset, plan};
use crate::units::NodeId;

const CHOICE: &str = "[data-testid=field-preset]";

/// The product whose words stand beside the settings of what is open.
#[derive(Clone, Copy)]
pub struct Followed(Memo<(Option<&'static Preset>, bool)>);

impl Followed {
    /// That of the sheet that is open.
    pub fn of(session: Session) -> Self {
        Self(Memo::new(move |_| {
            session.sheet.with(|sheet| match sheet {
                Some(Sheet::Node(sheet)) => (sheet.preset, false),
                Some(Sheet::Link(sheet)) => (sheet.preset, true),
                _ => (None, false),
            })
        }))
    }

    /// The product's word for a setting, or why it has nothing like it (`true`).
    fn word(self, field: &str) -> Option<(String, bool)> {
        match self.0.get() {
            (None, _) => None,
            (Some(preset), true) => Some((preset.link_word(field)?.to_owned(), false)),
            (Some(preset), false) => match (preset.word(field), preset.lacks(field)) {
                (Some(word), _) => Some((word.to_owned(), false)),
                (None, Some("")) => Some((format!("Not in {}", preset.label), true)),
                (None, Some(why)) => Some((format!("Not in {}: {why}", preset.label), true)),
                (None, None) => None,
            },
        }
    }
}

/// The product's word for a setting, below ours.
#[component]
pub fn Word(name: &'static str) -> impl IntoView {
    let followed = use_context::<Followed>();
    let word = Memo::new(move |_| followed.and_then(|followed| followed.word(name)));
    let lacks = move || word.with(|word| word.as_ref().is_some_and(|(_, lacks)| *lacks));
    view! {
        <p
            class="field-word"
            class:is-lacking=flag(lacks)
            id=format!("field-word-{name}")
            data-testid=format!("field-word-{name}")
            hidden=flag(move || word.with(Option::is_none))
        >
            {live(move || word.get().map_or_else(String::new, |(word, _)| word))}
        </p>
    }
}

/// A choice that is considered: another product, or none.
type Considered = RwSignal<Option<Option<&'static Preset>>>;

/// What the parts of the box share.
#[derive(Clone, Copy)]
struct Case {
    session: Session,
    node: NodeId,
    /// What the node follows.
    now: Memo<Option<&'static Preset>>,
    considered: Considered,
    /// The settings in which the user gives up what he set himself.
    given_up: RwSignal<Vec<&'static str>>,
}

/// The product that a node behaves like.
#[component]
pub fn PresetBox(node: NodeId, kind: Kind) -> impl IntoView {
    let session = use_session();
    let presets = kind.descriptor().presets;
    let now = Memo::new(move |before: Option<&Option<&'static Preset>>| {
        session.sheet.with(|sheet| match sheet {
            Some(Sheet::Node(sheet)) => sheet.preset,
            _ => before.copied().flatten(),
        })
    });
    let case = Case {
        session,
        node,
        now,
        considered: RwSignal::new(None),
        given_up: RwSignal::new(Vec::new()),
    };
    (!presets.is_empty()).then(|| view! { <section class="preset">{case.view(presets)}</section> })
}

impl Case {
    fn view(self, presets: &'static [Preset]) -> AnyView {
        let shown = move || self.considered.get().unwrap_or_else(|| self.now.get());
        let slug = move || shown().map_or("", |preset| preset.slug).to_owned();
        let options: Vec<AnyView> = (presets.iter())
            .map(|preset| option(preset.slug, preset.label, shown))
            .collect();
        let plan = self.plan();
        let below = move || match plan.get() {
            Some(plan) => self.question(shown(), plan),
            None => shown().map_or_else(|| ().into_any(), about),
        };
        view! {
            <div class="field">
                <label class="field-label" for="field-preset">"Behaves like"</label>
                <select
                    class="input"
                    id="field-preset"
                    data-testid="field-preset"
                    prop:value=live(slug)
                    on:change=move |event| {
                        let slug = event_target_value(&event);
                        self.consider(presets.iter().find(|preset| preset.slug == slug));
                    }
                >
                    {option("", "No product in particular", shown)}
                    {options}
                </select>
            </div>
            {below}
        }
        .into_any()
    }

    fn consider(self, preset: Option<&'static Preset>) {
        self.given_up.set(Vec::new());
        if preset == self.now.get_untracked() {
            return self.considered.set(None);
        }
        // To follow nothing changes nothing.
        match preset {
            Some(_) => self.considered.set(Some(preset)),
            None => {
                self.considered.set(None);
                self.session.follow_preset(self.node, None, Vec::new());
            }
        }
    }

    /// What the choice that is considered would change now.
    fn plan(self) -> Memo<Option<Plan>> {
        Memo::new(move |_| {
            let preset = self.considered.get()?;
            // It follows what is changed meanwhile.
            self.session.sheet.track();
            let node = self.node;
            self.session.player.with_value(|player| {
                let node = player.run().topology().node(node)?;
                Some(plan(&node.settings, node.preset, preset))
            })
        })
    }

    /// What would change and what stays, to be done or not.
    fn question(self, preset: Option<&'static Preset>, plan: Plan) -> AnyView {
        let (label, note) = preset.map_or(("", ""), |preset| (preset.label, preset.note));
        let changes: Vec<AnyView> = (plan.changes.iter())
            .map(|change| view! { <li>{words_of(change)}</li> }.into_any())
            .collect();
        let nothing = changes.is_empty();
        let own: Vec<AnyView> = (plan.own.into_iter())
            .map(|own| self.own(&own.change, own.breach))
            .collect();
        let keeps = !own.is_empty();
        let decide = move |_| {
            let given_up = self.given_up.get_untracked();
            self.considered.set(None);
            self.session.follow_preset(self.node, preset, given_up);
            focus_soon(CHOICE.to_owned());
        };
        let leave = move |_| {
            self.considered.set(None);
            focus_soon(CHOICE.to_owned());
        };
        view! {
            <div class="preset-question" role="group" aria-label="What would change"
                data-testid="preset-question">
                <p class="preset-title">{format!("To behave like {label}")}</p>
                <p hidden=!nothing>"No setting changes."</p>
                <p hidden=note.is_empty()>{note}</p>
                <ul data-testid="preset-changes" hidden=nothing>{changes}</ul>
                <p class="preset-title" hidden=!keeps>"You have set these, and they stay"</p>
                <ul class="preset-own" data-testid="preset-own" hidden=!keeps>{own}</ul>
                <div class="panel-actions">
                    <button type="button" class="button primary" data-testid="preset-do"
                        on:click=decide>"Change it"</button>
                    <button type="button" class="button" data-testid="preset-leave"
                        on:click=leave>"Leave it"</button>
                </div>
            </div>
        }
        .into_any()
    }

    /// A setting that the user has set himself, which he may give up.
    fn own(self, change: &Change, breach: Option<&'static str>) -> AnyView {
        let name = change.field.name;
        let value = said(&change.field.control, &change.from);
        let other = said(&change.field.control, &change.to);
        let turn = move |event| {
            let gives_up = event_target_checked(&event);
            self.given_up.update(|given_up| {
                given_up.retain(|field| *field != name);
                if gives_up {
                    given_up.push(name);
                }
            });
        };
        view! {
            <li>
                <span>{format!("{}: {value}", change.field.label)}</span>
                <span class="preset-breach" hidden=breach.is_none()>
                    {breach.map(|why| format!("It cannot be so there: {why}."))}
                </span>
                <label>
                    <input type="checkbox" data-testid=format!("preset-take-{name}")
                        on:change=turn />
                    {format!("Take {other}, too")}
                </label>
            </li>
        }
        .into_any()
    }
}

fn option(
    slug: &'static str,
    label: &'static str,
    shown: impl Fn() -> Option<&'static Preset> + Copy + Send + Sync + 'static,
) -> AnyView {
    let is_shown = move || shown().map_or("", |preset| preset.slug) == slug;
    view! { <option value=slug selected=flag(is_shown)>{label}</option> }.into_any()
}

/// "Time to live: none → 4 days".
fn words_of(change: &Change) -> String {
    let control = &change.field.control;
    let (from, to) = (said(control, &change.from), said(control, &change.to));
    format!("{}: {from} → {to}", change.field.label)
}

/// What a preset follows, and what it leaves out.
fn about(preset: &'static Preset) -> AnyView {
    let sentences: Vec<AnyView> = (preset.leaves_out.iter())
        .map(|sentence| view! { <li>{*sentence}</li> }.into_any())
        .collect();
    view! {
        <p class="preset-source">
            {format!("Follows {} {}, ", preset.product, preset.version)}
            <a href=preset.source target="_blank" rel="noopener" data-testid="preset-source">
                "as its maker describes it"
            </a>
            "."
        </p>
        <p class="preset-source" hidden=preset.note.is_empty()>{preset.note}</p>
        <details class="preset-rest">
            <summary data-testid="preset-rest">"What it leaves out"</summary>
            <ul>{sentences}</ul>
        </details>
    }
    .into_any()
}
