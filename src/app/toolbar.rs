//! The tools over the canvas: buttons for what is done most, made from the table of actions.

use leptos::prelude::*;

use super::icons::Icon;
use super::keyboard::caps_of;
use super::session::{Session, Tool, use_session};
use crate::app::live::live;
use crate::editor::Action;

/// The tools.
#[component]
pub fn Toolbar() -> impl IntoView {
    let session = use_session();
    let tools = [
        (Action::SelectTool, "select"),
        (Action::HandTool, "hand"),
        (Action::Undo, "undo"),
        (Action::Redo, "redo"),
        (Action::Layout, "layout"),
        (Action::Sketch, "text"),
        (Action::Command, "search"),
    ];
    let tools = tools
        .into_iter()
        .map(|(action, icon)| tool(session, action, icon))
        .collect_view();
    view! { <div class="tools" role="toolbar" aria-label="Tools">{tools}</div> }
}

/// A button for an action. It says what it does, with its key; what makes no sense now is dim.
pub fn tool(session: Session, action: Action, icon: &'static str) -> AnyView {
    let words = move || session.facts.with(|facts| action.words(facts));
    let title = move || {
        let caps = session.keymap.with(|keymap| caps_of(keymap, action));
        match caps.is_empty() {
            true => words(),
            false => format!("{} ({})", words(), caps.join(" ")),
        }
    };
    let pressed = move || {
        let pressed = match action {
            Action::SelectTool => session.tool.get() == Tool::Select,
            Action::HandTool => session.tool.get() == Tool::Hand,
            Action::SwitchMinimap => session.minimap.get(),
            Action::Sketch => session.sketch_shown.get(),
            _ => return None,
        };
        Some(pressed.to_string())
    };
    let dim = move || !session.facts.with(|facts| action.applies(facts));
    view! {
        <button
            type="button"
            class="tool"
            data-testid=format!("toolbar-{}", action.row().id)
            aria-label=live(words)
            title=live(title)
            aria-pressed=pressed
            aria-disabled=live(move || dim().to_string())
            on:click=move |_| {
                session.perform(action);
            }
        >
            <Icon name=icon />
        </button>
    }
    .into_any()
}
