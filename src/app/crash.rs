//! When the program dies: the panel that says so, with a report that can be copied.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// Shows the panel if the program panics. Its buttons work without the program.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(&info.to_string());
    }));
}

fn show(what: &str) {
    let address = window().location().href().unwrap_or_default();
    let browser = window().navigator().user_agent().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let report = format!("Eventyard {version}\n{what}\n\n{browser}\n\nScenario: {address}");
    let by_id = |id: &str| document().get_element_by_id(id);
    let area = by_id("crashed-report").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    if let Some(area) = area {
        area.set_value(&report);
    }
    if let Some(panel) = by_id("crashed") {
        let _ = panel.remove_attribute("hidden");
    }
    if let Some(button) = by_id("crashed-reload").and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
