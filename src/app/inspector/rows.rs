//! A setting that is a list: its rows with their fields, and the whole as JSON.

use leptos::prelude::*;

use super::entry::Entry;
use super::field::{Area, Select};
use crate::app::focus::focus_soon;
use crate::app::icons::Icon;
use crate::app::live::{flag, live};
use crate::editor::form::{cell_text, is_cell_set, with_cell, with_new_row, without_row};
use crate::nodes::{Control, Field as Setting};

/// A cell: of which row, and which field of it.
#[derive(Clone, Copy)]
struct Cell {
    entry: Entry,
    n: usize,
    field: &'static Setting,
    fresh: &'static str,
}

/// The rows of a list, and the whole as JSON.
pub fn rows(entry: Entry, fields: &'static [Setting], fresh: &'static str) -> AnyView {
    let name = entry.setting.name;
    let count = Memo::new(move |_| {
        let value = entry.value();
        value.map_or(0, |rows| rows.as_array().map_or(0, Vec::len))
    });
    let cell = move |n, field| Cell {
        entry,
        n,
        field,
        fresh,
    };
    let row = move |n: usize| {
        row(
            entry,
            n,
            fields.iter().map(|field| cell(n, field)).collect(),
        )
    };
    let add = move |_| {
        let rows = entry.value_now();
        let n = count.get_untracked();
        entry.change(with_new_row(&rows, fresh));
        let first = fields.first().map_or("", |field| field.name);
        focus_soon(format!("#cell-{name}-{n}-{first}"));
    };
    view! {
        <div class="rows" role="group" aria-label=entry.setting.label>
            {move || (0..count.get()).map(row).collect_view()}
            <button
                type="button"
                class="button quiet"
                data-testid=format!("add-{name}")
                hidden=flag(move || entry.differs())
                on:click=add
            >
                <Icon name="plus" />
                "Add"
                <span class="visually-hidden">" to "{entry.setting.label}</span>
            </button>
            <details class="rows-text">
                <summary data-testid=format!("json-{name}")>"As JSON"</summary>
                <Area entry />
            </details>
        </div>
    }
    .into_any()
}

/// A row: its first fields, the others when they are wanted, and a way to be rid of it.
fn row(entry: Entry, n: usize, cells: Vec<Cell>) -> AnyView {
    let setting = entry.setting;
    let (first, more): (Vec<Cell>, Vec<Cell>) =
        (cells.into_iter()).partition(|cell| cell.field.heading.is_empty());
    let all = |cells: Vec<Cell>| cells.into_iter().map(view_cell).collect::<Vec<AnyView>>();
    let set = {
        let more = StoredValue::new(more.clone());
        let count = move || more.with_value(|more| more.iter().filter(|it| it.is_set()).count());
        live(move || match count() {
            0 => "More".to_owned(),
            set => format!("More · {set} set"),
        })
    };
    let has_more = !more.is_empty();
    let remove = move |_| entry.change(without_row(&entry.value_now(), n));
    view! {
        <div class="row" role="group" aria-label=format!("{} {}", setting.label, n + 1)>
            <div class="row-cells">{all(first)}</div>
            <button
                type="button"
                class="field-button"
                data-testid=format!("remove-{}-{n}", setting.name)
                aria-label=format!("Remove {} {}", setting.label, n + 1)
                title="Remove"
                on:click=remove
            >
                <Icon name="bin" />
            </button>
            {has_more.then(|| view! {
                <details class="row-more">
                    <summary data-testid=format!("more-{}-{n}", setting.name)>{set}</summary>
                    <div class="row-cells">{all(more)}</div>
                </details>
            })}
        </div>
    }
    .into_any()
}

impl Cell {
    fn text(&self) -> String {
        let rows = self.entry.value().unwrap_or_default();
        cell_text(&rows, self.n, self.field)
    }

    /// Whether it says something that a new one does not.
    fn is_set(&self) -> bool {
        let rows = self.entry.value().unwrap_or_default();
        is_cell_set(&rows, self.n, self.field)
    }

    fn accept(&self, text: &str) {
        let rows = self.entry.value_now();
        match with_cell(&rows, self.n, (self.field, self.fresh), text) {
            Ok(rows) => self.entry.change(rows),
            Err(why) => self.entry.problem.set(Some(why)),
        }
    }
}

fn view_cell(cell: Cell) -> AnyView {
    let field = cell.field;
    let id = format!("cell-{}-{}-{}", cell.entry.setting.name, cell.n, field.name);
    let text = Memo::new(move |_| cell.text());
    let input = match &field.control {
        Control::Toggle => view! {
            <input
                class="switch"
                type="checkbox"
                role="switch"
                id=id.clone()
                data-testid=id.clone()
                prop:checked=flag(move || text.get() == "true")
                on:change=move |event| cell.accept(&event_target_checked(&event).to_string())
            />
        }
        .into_any(),
        Control::Choice(choices) => {
            let first = choices.first().map_or("", |(name, _)| *name);
            let chosen = move || match text.get() {
                none if none.is_empty() => first.to_owned(),
                name => name,
            };
            view! {
                <Select
                    id=id.clone()
                    label=""
                    described_by=String::new()
                    choices
                    chosen=Signal::derive(chosen)
                    changed=Callback::new(move |name: String| cell.accept(&name))
                />
            }
            .into_any()
        }
        Control::Json => view! {
            <textarea
                class="input"
                rows="2"
                spellcheck="false"
                id=id.clone()
                data-testid=id.clone()
                prop:value=live(move || text.get())
                on:change=move |event| cell.accept(&event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        _ => view! {
            <input
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                id=id.clone()
                data-testid=id.clone()
                prop:value=live(move || text.get())
                on:change=move |event| cell.accept(&event_target_value(&event))
            />
        }
        .into_any(),
    };
    let unit = match &field.control {
        Control::Chance => "%",
        _ => field.unit,
    };
    view! {
        <div class="cell" class:is-wide=matches!(field.control, Control::Json)>
            <label for=id title=field.help>
                {field.label}
                {(!unit.is_empty()).then(|| format!(", {unit}"))}
            </label>
            {input}
        </div>
    }
    .into_any()
}
