//! The colours of the canvas, read once per theme from the page's style.

use web_sys::CssStyleDeclaration;

use crate::nodes::Tone;

/// How many event types look different by colour.
pub const EVENT_COLOURS: usize = 8;

/// The colours of the canvas.
#[derive(Debug, Default)]
pub struct Palette {
    pub ground: String,
    pub ink: String,
    pub ink_2: String,
    pub ink_3: String,
    pub accent: String,
    pub accent_soft: String,
    pub warn: String,
    pub trouble: String,
    pub trouble_ink: String,
    pub trouble_soft: String,
    pub card: String,
    pub card_line: String,
    pub card_inset: String,
    pub card_shadow: String,
    pub link: String,
    pub link_label: String,
    pub flow: String,
    pub font: String,
    pub events: [String; EVENT_COLOURS],
}

impl Palette {
    /// Reads the colours of the theme that the page has now.
    pub fn read(style: &CssStyleDeclaration) -> Self {
        let value = |name: &str| {
            let text = style.get_property_value(name).unwrap_or_default();
            text.trim().to_owned()
        };
        Self {
            ground: value("--ground"),
            ink: value("--ink"),
            ink_2: value("--ink-2"),
            ink_3: value("--ink-3"),
            accent: value("--accent"),
            accent_soft: value("--accent-soft"),
            warn: value("--warn"),
            trouble: value("--trouble"),
            trouble_ink: value("--trouble-ink"),
            trouble_soft: value("--trouble-soft"),
            card: value("--card"),
            card_line: value("--card-line"),
            card_inset: value("--card-inset"),
            card_shadow: value("--card-shadow"),
            link: value("--link"),
            link_label: value("--link-label"),
            flow: value("--flow"),
            font: value("--font"),
            events: std::array::from_fn(|n| value(&format!("--event-{}", n + 1))),
        }
    }

    /// The colour of an event type.
    pub fn event(&self, event_type: u16) -> &str {
        &self.events[usize::from(event_type) % EVENT_COLOURS]
    }

    /// The colour of a text or bar.
    pub fn tone(&self, tone: Tone) -> &str {
        match tone {
            Tone::Calm => &self.ink,
            Tone::Warning => &self.warn,
            Tone::Trouble => &self.trouble,
        }
    }
}
