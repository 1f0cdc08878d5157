//! The colours of a drawing, as the page's style has them.

use leptos::prelude::{document, window};
use web_sys::{CssStyleDeclaration, Element};

use crate::app::session::Theme;
use crate::app::theme;
use crate::editor::paint::Palette;

/// The colours of the theme that the page has now.
pub fn palette() -> Palette {
    let root = document().document_element();
    let style = root.as_ref().and_then(style_of);
    style.map_or_else(Palette::default, |style| read(&style))
}

/// The colours of a theme, whichever the page has.
pub fn palette_of(theme: Theme) -> Option<Palette> {
    let probe = document().create_element("div").ok()?;
    probe.set_attribute("data-theme", theme::name(theme)).ok()?;
    probe.set_attribute("hidden", "").ok()?;
    document().body()?.append_child(&probe).ok()?;
    let palette = style_of(&probe).map(|style| read(&style));
    probe.remove();
    palette
}

fn style_of(element: &Element) -> Option<CssStyleDeclaration> {
    window().get_computed_style(element).ok().flatten()
}

fn read(style: &CssStyleDeclaration) -> Palette {
    let value = |name: &str| {
        let text = style.get_property_value(name).unwrap_or_default();
        text.trim().to_owned()
    };
    Palette {
        ground: value("--ground"),
        ink: value("--ink"),
        ink_2: value("--ink-2"),
        ink_3: value("--ink-3"),
        accent: value("--accent"),
        accent_soft: value("--accent-soft"),
        good: value("--good"),
        warn: value("--warn"),
        trouble: value("--trouble"),
        trouble_ink: value("--trouble-ink"),
        trouble_soft: value("--trouble-soft"),
        card: value("--card"),
        card_line: value("--card-line"),
        card_inset: value("--card-inset"),
        card_shadow: value("--card-shadow"),
        frame: value("--frame"),
        frame_line: value("--frame-line"),
        note: value("--note"),
        note_line: value("--note-line"),
        link: value("--link"),
        link_label: value("--link-label"),
        flow: value("--flow"),
        font: value("--font"),
        events: std::array::from_fn(|n| value(&format!("--event-{}", n + 1))),
    }
}
