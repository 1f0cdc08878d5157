//! One setting: label, input with its unit, slider where that helps, and what it means.

use leptos::prelude::*;
use serde_json::Value;

use super::entry::Entry;
use super::from_file::FromFile;
use super::preset::Word;
use super::rows::rows;
use super::scrub::Scrub;
use crate::app::icons::Icon;
use crate::app::live::{flag, live};
use crate::app::problems::FindingLine;
use crate::editor::form::{
    SPREADS, slider_of, spread_details, spread_shape, text_of, text_of_slider, with_spread_shape,
};
use crate::nodes::{Control, Field as Setting};

/// A slider's steps.
const STEPS: f64 = 200.0;
/// What stands for values that differ.
const SEVERAL: &str = "several";

/// One setting.
#[component]
pub fn Field(entry: Entry) -> impl IntoView {
    let setting = entry.setting;
    let control = &setting.control;
    let name = setting.name;
    let problem = entry.problem;
    let scrub = Scrub::new(entry);
    let input = match control {
        Control::Toggle => view! { <Toggle entry /> }.into_any(),
        Control::Choice(choices) => view! { <Choice entry choices /> }.into_any(),
        Control::Rows { fields, fresh } => rows(entry, fields, fresh),
        Control::Json => view! { <Area entry /> }.into_any(),
        Control::Page(most) => view! {
            <Area entry />
            <FromFile entry most=*most />
        }
        .into_any(),
        _ => view! { <Line entry scrub /> }.into_any(),
    };
    let is_spread = matches!(control, Control::Spread);
    let finding = Memo::new(move |_| entry.finding());
    let idle = Memo::new(move |_| entry.idle_reason());
    view! {
        <div
            class="field"
            class:is-inline=matches!(control, Control::Toggle)
            class:is-set=flag(move || entry.is_unusual())
            class:is-idle=flag(move || idle.with(Option::is_some))
            hidden=flag(move || !entry.is_shown())
        >
            <Head entry scrub />
            {input}
            {is_spread.then(|| view! { <Shape entry /> })}
            <p class="field-help" id=format!("field-idle-{name}")
                hidden=flag(move || idle.with(Option::is_none))>
                {live(move || idle.get().unwrap_or_default())}
            </p>
            <p
                class="field-problem"
                role="alert"
                id=format!("field-error-{name}")
                data-testid=format!("field-error-{name}")
                hidden=flag(move || problem.with(Option::is_none))
            >
                {live(move || problem.get().unwrap_or_default())}
            </p>
            <div id=format!("field-finding-{name}")>
                {move || finding.get().map(|finding| view! { <FindingLine finding /> })}
            </div>
        </div>
    }
}

/// The label, which drags the number, and buttons for the usual value and for the help.
#[component]
fn Head(entry: Entry, scrub: Scrub) -> impl IntoView {
    let setting = entry.setting;
    let name = setting.name;
    let explains = RwSignal::new(false);
    let help_id = format!("field-help-{name}");
    let resets = move || entry.usual().is_some() && entry.is_unusual();
    let reset_words = move || {
        let usual = entry.usual().map(|value| match &value {
            Value::Bool(on) => (if *on { "on" } else { "off" }).to_owned(),
            value => text_of(entry.control(), value),
        });
        let usual = usual.unwrap_or_default();
        match usual.chars().count() {
            0 => format!("{}: back to none", setting.label),
            1..=24 => format!("{}: back to {usual}", setting.label),
            _ => format!("{}: back to what is usual", setting.label),
        }
    };
    view! {
        <div class="field-head">
            <label
                class="field-label"
                class:is-scrub=flag(move || scrub.is_possible())
                for=entry.id()
                title=setting.help
                data-testid=format!("scrub-{name}")
                on:pointerdown=move |event| scrub.press(&event)
                on:pointermove=move |event| scrub.turn(&event)
                on:pointerup=move |_| scrub.release()
                on:pointercancel=move |_| scrub.cancel()
                on:click=move |event| {
                    if scrub.was_dragged() {
                        event.prevent_default();
                    }
                }
            >
                {setting.label}
            </label>
            <button
                type="button"
                class="field-button"
                data-testid=format!("reset-{name}")
                hidden=flag(move || !resets())
                aria-label=live(reset_words)
                title=live(reset_words)
                on:click=move |_| {
                    if let Some(usual) = untrack(|| entry.usual()) {
                        entry.change(usual);
                    }
                }
            >
                <Icon name="restart" />
            </button>
            <button
                type="button"
                class="field-button"
                data-testid=format!("help-{name}")
                aria-label=format!("What {} means", setting.label)
                aria-expanded=live(move || explains.get().to_string())
                aria-controls=help_id.clone()
                on:click=move |_| explains.update(|explains| *explains = !*explains)
            >
                <Icon name="help" />
            </button>
        </div>
        <Word name />
        <p class="field-help" id=help_id hidden=flag(move || !explains.get())>{setting.help}</p>
    }
}

/// The unit that stands behind an input.
fn unit_of(setting: &Setting) -> &'static str {
    match setting.control {
        Control::Chance => "%",
        Control::Spread => "mean",
        _ => setting.unit,
    }
}

#[component]
fn Line(entry: Entry, scrub: Scrub) -> impl IntoView {
    let setting = entry.setting;
    let control = entry.control();
    let shown = Memo::new(move |_| entry.text());
    let preview = scrub.preview;
    let text = move || preview.get().unwrap_or_else(|| shown.get());
    let empty_words = move || match control {
        _ if entry.differs() => SEVERAL,
        Control::OptionalCount { .. } | Control::OptionalDuration => "none",
        _ => "",
    };
    let mode = match control {
        Control::Count { .. } | Control::OptionalCount { .. } => "numeric",
        Control::Rate | Control::Chance => "decimal",
        _ => "text",
    };
    let has_slider = slider_of(control, &entry.value_now()).is_some();
    let part = move || {
        let value = entry.value().unwrap_or_default();
        let part = slider_of(control, &value).unwrap_or(0.0);
        (part * STEPS).round().to_string()
    };
    let slid = move |event| {
        let part: f64 = event_target_value(&event).parse().unwrap_or(0.0);
        text_of_slider(control, part / STEPS)
    };
    view! {
        <div class="field-line">
            <span class="field-input">
                <input
                    class="input"
                    type="text"
                    inputmode=mode
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=scrub.input
                    id=entry.id()
                    data-testid=entry.id()
                    aria-describedby=entry.described_by()
                    aria-invalid=live(move || entry.problem.with(Option::is_some).to_string())
                    placeholder=live(move || empty_words().to_owned())
                    prop:value=live(text)
                    on:keydown=move |event| scrub.key(&event)
                    on:input=move |event| entry.look_again(&event_target_value(&event))
                    on:change=move |event| {
                        entry.accept(&event_target_value(&event));
                        scrub.settle();
                    }
                />
                <span class="field-unit">{unit_of(setting)}</span>
            </span>
            {has_slider.then(|| view! {
                <input
                    class="field-slider"
                    type="range"
                    min="0"
                    max=STEPS.to_string()
                    aria-label=format!("{}, slider", setting.label)
                    prop:value=live(part)
                    on:input=move |event| preview.set(Some(slid(event)))
                    on:change=move |event| {
                        preview.set(None);
                        entry.accept(&slid(event));
                    }
                />
            })}
        </div>
    }
}

/// How a length of time varies.
#[component]
fn Shape(entry: Entry) -> impl IntoView {
    let shape = move || {
        let value = entry.value().unwrap_or_default();
        spread_shape(&value).unwrap_or_default().to_owned()
    };
    let details = move || {
        entry
            .value()
            .as_ref()
            .map_or_else(String::new, spread_details)
    };
    let changed = move |shape: String| {
        let value = with_spread_shape(&entry.value_now(), &shape);
        if entry.control().problem(&value).is_none() {
            entry.change(value);
        }
    };
    view! {
        <div class="field-shape">
            <Select
                id=String::new()
                label=format!("{}, how it varies", entry.setting.label)
                described_by=String::new()
                choices=SPREADS
                chosen=Signal::derive(shape)
                changed=Callback::new(changed)
            />
            <span class="field-details">{live(details)}</span>
        </div>
    }
}

#[component]
fn Toggle(entry: Entry) -> impl IntoView {
    view! {
        <input
            class="switch"
            type="checkbox"
            role="switch"
            id=entry.id()
            data-testid=entry.id()
            aria-describedby=entry.described_by()
            prop:indeterminate=flag(move || entry.differs())
            prop:checked=flag(move || entry.value() == Some(Value::Bool(true)))
            on:change=move |event| entry.change(Value::Bool(event_target_checked(&event)))
        />
    }
}

#[component]
fn Choice(entry: Entry, choices: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let chosen = move || {
        let value = entry.value().unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    };
    let changed = move |name: String| entry.accept(&name);
    view! {
        <Select
            id=entry.id()
            label=""
            described_by=entry.described_by()
            choices
            chosen=Signal::derive(chosen)
            changed=Callback::new(changed)
        />
    }
}

/// One of several words. Without an id it has a label of its own.
#[component]
pub fn Select(
    id: String,
    #[prop(into)] label: String,
    described_by: String,
    choices: &'static [(&'static str, &'static str)],
    chosen: Signal<String>,
    changed: Callback<String>,
) -> impl IntoView {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let options = choices
        .iter()
        .map(|(name, label)| {
            view! {
                <option value=*name selected=flag(move || chosen.get() == *name)>{*label}</option>
            }
        })
        .collect_view();
    let differs = move || chosen.with(String::is_empty);
    // Where nothing is a choice of its own, no other stands for it.
    let is_several = !choices.iter().any(|(name, _)| name.is_empty());
    let several = is_several.then(|| {
        view! {
            <option value="" disabled=true hidden=true selected=flag(differs)>{SEVERAL}</option>
        }
    });
    view! {
        <select
            class="input"
            id=some(id.clone())
            data-testid=some(id)
            aria-label=some(label)
            aria-describedby=some(described_by)
            prop:value=live(move || chosen.get())
            on:change=move |event| changed.run(event_target_value(&event))
        >
            {several}
            {options}
        </select>
    }
}

/// A text of several lines.
#[component]
pub fn Area(entry: Entry) -> impl IntoView {
    let shown = Memo::new(move |_| entry.text());
    let rows = move || {
        shown
            .with(|text| text.lines().count().clamp(1, 10))
            .to_string()
    };
    let empty_words = move || (if entry.differs() { SEVERAL } else { "" }).to_owned();
    view! {
        <textarea
            class="input"
            spellcheck="false"
            rows=live(rows)
            id=entry.id()
            data-testid=entry.id()
            aria-describedby=entry.described_by()
            aria-invalid=live(move || entry.problem.with(Option::is_some).to_string())
            placeholder=live(empty_words)
            prop:value=live(move || shown.get())
            on:input=move |event| entry.look_again(&event_target_value(&event))
            on:change=move |event| entry.accept(&event_target_value(&event))
        ></textarea>
    }
}
