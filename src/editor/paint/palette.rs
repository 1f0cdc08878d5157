//! The colours of a drawing. The page reads them from its style, once per theme.

use crate::nodes::Tone;

/// How many event types look different by colour.
pub const EVENT_COLOURS: usize = 8;

/// The colours of the canvas.
#[derive(Debug, Default)]
pub struct Palette {
    /// What everything lies on.
    pub ground: String,
    /// Texts.
    pub ink: String,
    /// Texts that matter less.
    pub ink_2: String,
    /// Texts that matter least.
    pub ink_3: String,
    /// What is chosen or under way.
    pub accent: String,
    /// The ground of glyphs.
    pub accent_soft: String,
    /// What is as it should be.
    pub good: String,
    /// What needs a look.
    pub warn: String,
    /// What went wrong.
    pub trouble: String,
    /// Texts on what went wrong.
    pub trouble_ink: String,
    /// The ground of glyphs of what went wrong.
    pub trouble_soft: String,
    /// Cards.
    pub card: String,
    /// Their edge.
    pub card_line: String,
    /// What is sunk into them.
    pub card_inset: String,
    /// Their shadow.
    pub card_shadow: String,
    /// The inside of frames.
    pub frame: String,
    /// Their border.
    pub frame_line: String,
    /// The paper of notes.
    pub note: String,
    /// Its edge.
    pub note_line: String,
    /// Links.
    pub link: String,
    /// Their labels.
    pub link_label: String,
    /// What flows over them.
    pub flow: String,
    /// The families of letters, as in CSS.
    pub font: String,
    /// Event types.
    pub events: [String; EVENT_COLOURS],
}

impl Palette {
    /// The colour of an event type.
    pub fn event(&self, event_type: u16) -> &str {
        &self.events[usize::from(event_type) % EVENT_COLOURS]
    }

    /// The colour of a consumer, from 1, or of nobody. The first of them have other colours than
    /// the first event types, and none has the grey that stands for nobody.
    pub fn consumer(&self, number: u16) -> &str {
        const COLOURS: [usize; 7] = [2, 3, 5, 4, 6, 1, 0];
        match usize::from(number).checked_sub(1) {
            Some(place) => &self.events[COLOURS[place % COLOURS.len()]],
            None => &self.ink_3,
        }
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
