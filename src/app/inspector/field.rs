//! One setting: label, input with its unit, slider where that helps, and what it means.

use crate::app::live::{flag, live};
use leptos::prelude::*;
use serde_json::Value;

use crate::editor::form::{
    SPREADS, slider_of, spread_details, spread_shape, text_of, text_of_slider, value_of,
    with_spread_shape,
};
use crate::nodes::{Control, Field as Setting};

/// A slider's steps.
const STEPS: f64 = 200.0;

/// One setting. `change` is called with each value that is allowed.
#[component]
pub fn Field(
    setting: &'static Setting,
    #[prop(into)] value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let control = &setting.control;
    let problem = RwSignal::new(None::<String>);
    let accept =
        Callback::new(
            move |text: String| match value_of(control, &text, &value.get_untracked()) {
                Ok(new) => {
                    problem.set(None);
                    if new != value.get_untracked() {
                        change.run(new);
                    }
                }
                Err(why) => problem.set(Some(why)),
            },
        );
    let id = format!("field-{}", setting.name);
    let help_id = format!("{id}-help");
    let input = match control {
        Control::Toggle => view! { <Toggle setting value change /> }.into_any(),
        Control::Choice(choices) => view! { <Choice setting choices value accept /> }.into_any(),
        Control::Json => view! { <Area setting value accept problem /> }.into_any(),
        _ => view! { <Line setting value accept problem /> }.into_any(),
    };
    let is_spread = matches!(control, Control::Spread);
    view! {
        <div class="field" class:is-inline=matches!(control, Control::Toggle)>
            <label class="field-label" for=id.clone() title=setting.help>{setting.label}</label>
            {input}
            {is_spread.then(|| view! { <Shape setting value change /> })}
            <Show when=move || problem.with(Option::is_some)>
                <p class="field-problem" role="alert">{move || problem.get()}</p>
            </Show>
            <p class="field-help" id=help_id>{setting.help}</p>
        </div>
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
fn Line(
    setting: &'static Setting,
    value: Signal<Value>,
    accept: Callback<String>,
    problem: RwSignal<Option<String>>,
) -> impl IntoView {
    let control = &setting.control;
    let shown = Memo::new(move |_| value.with(|value| text_of(control, value)));
    let preview = RwSignal::new(None::<String>);
    let text = move || preview.get().unwrap_or_else(|| shown.get());
    let id = format!("field-{}", setting.name);
    let empty_words = match control {
        Control::OptionalCount { .. } | Control::OptionalDuration => "none",
        _ => "",
    };
    let mode = match control {
        Control::Count { .. } | Control::OptionalCount { .. } => "numeric",
        Control::Rate | Control::Chance => "decimal",
        _ => "text",
    };
    let has_slider = value
        .with_untracked(|value| slider_of(control, value))
        .is_some();
    let part = move || {
        let part = value.with(|value| slider_of(control, value)).unwrap_or(0.0);
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
                    id=id.clone()
                    data-testid=id.clone()
                    aria-describedby=format!("{id}-help")
                    aria-invalid=live(move || problem.with(Option::is_some).to_string())
                    placeholder=empty_words
                    prop:value=live(text)
                    on:change=move |event| accept.run(event_target_value(&event))
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
                        accept.run(slid(event));
                    }
                />
            })}
        </div>
    }
}

/// How a length of time varies.
#[component]
fn Shape(
    setting: &'static Setting,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let shape = move || value.with(|value| spread_shape(value).unwrap_or_default().to_owned());
    let details = move || value.with(spread_details);
    let options = SPREADS
        .iter()
        .map(|(name, label)| {
            view! {
                <option value=*name selected=flag(move || shape() == *name)>{*label}</option>
            }
        })
        .collect_view();
    view! {
        <div class="field-shape">
            <select
                class="input"
                aria-label=format!("{}, how it varies", setting.label)
                prop:value=live(shape)
                on:change=move |event| {
                    let shape = event_target_value(&event);
                    change.run(value.with_untracked(|value| with_spread_shape(value, &shape)));
                }
            >
                {options}
            </select>
            <span class="field-details">{live(details)}</span>
        </div>
    }
}

#[component]
fn Toggle(
    setting: &'static Setting,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let id = format!("field-{}", setting.name);
    view! {
        <input
            class="switch"
            type="checkbox"
            role="switch"
            id=id.clone()
            data-testid=id.clone()
            aria-describedby=format!("{id}-help")
            prop:checked=flag(move || value.with(|value| value == &Value::Bool(true)))
            on:change=move |event| change.run(Value::Bool(event_target_checked(&event)))
        />
    }
}

#[component]
fn Choice(
    setting: &'static Setting,
    choices: &'static [(&'static str, &'static str)],
    value: Signal<Value>,
    accept: Callback<String>,
) -> impl IntoView {
    let id = format!("field-{}", setting.name);
    let chosen = move || value.with(|value| value.as_str().unwrap_or_default().to_owned());
    let options = choices
        .iter()
        .map(|(name, label)| {
            view! {
                <option value=*name selected=flag(move || chosen() == *name)>{*label}</option>
            }
        })
        .collect_view();
    view! {
        <select
            class="input"
            id=id.clone()
            data-testid=id.clone()
            aria-describedby=format!("{id}-help")
            prop:value=live(chosen)
            on:change=move |event| accept.run(event_target_value(&event))
        >
            {options}
        </select>
    }
}

#[component]
fn Area(
    setting: &'static Setting,
    value: Signal<Value>,
    accept: Callback<String>,
    problem: RwSignal<Option<String>>,
) -> impl IntoView {
    let shown = Memo::new(move |_| value.with(|value| text_of(&setting.control, value)));
    let rows = move || {
        shown
            .with(|text| text.lines().count().clamp(1, 10))
            .to_string()
    };
    let id = format!("field-{}", setting.name);
    view! {
        <textarea
            class="input"
            spellcheck="false"
            rows=live(rows)
            id=id.clone()
            data-testid=id.clone()
            aria-describedby=format!("{id}-help")
            aria-invalid=live(move || problem.with(Option::is_some).to_string())
            prop:value=live(move || shown.get())
            on:change=move |event| accept.run(event_target_value(&event))
        ></textarea>
    }
}
