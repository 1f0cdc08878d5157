//! Pictures that keep their shape: what a picture showed once keeps its place while it is empty, so
//! that nothing on a card jumps.

use crate::nodes::{Part, Picture, Tone};

/// A picture whose labels change all the time would otherwise grow without end.
const PLACES_MOST: usize = 14;

/// The parts that the pictures of one node have had so far, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    places: Vec<Place>,
}

/// A part without what it shows.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Row,
    Slots,
    Lanes,
    Tray(String),
    Gauge(String),
    Text(String),
}

impl Place {
    fn of(part: &Part) -> Self {
        match part {
            Part::Row { .. } => Self::Row,
            Part::Slots(_) => Self::Slots,
            Part::Lanes(_) => Self::Lanes,
            Part::Tray { label, .. } => Self::Tray(label.clone()),
            Part::Gauge { label, .. } => Self::Gauge(label.clone()),
            Part::Text { label, .. } | Part::Peer { label, .. } => Self::Text(label.clone()),
        }
    }

    /// The part with nothing in it.
    fn empty(&self) -> Part {
        match self {
            Self::Row => Part::Row {
                capsules: Vec::new(),
                total: 0,
                room: None,
            },
            Self::Slots => Part::Slots(Vec::new()),
            Self::Lanes => Part::Lanes(Vec::new()),
            Self::Tray(label) => Part::Tray {
                label: label.clone(),
                capsules: Vec::new(),
                text: "–".to_owned(),
                tone: Tone::Calm,
            },
            Self::Gauge(label) => Part::measure(label, "–".to_owned(), (0, 1), Tone::Calm),
            Self::Text(label) => Part::text(label, "–", Tone::Calm),
        }
    }
}

impl Shape {
    /// Fills the places for which the picture has nothing now.
    pub(super) fn fill(&mut self, picture: &mut Picture) {
        if self.places.len() > PLACES_MOST {
            self.places.clear();
        }
        let mut after = 0;
        for part in &picture.parts {
            let place = Place::of(part);
            match self.places[after..]
                .iter()
                .position(|known| *known == place)
            {
                Some(found) => after += found + 1,
                None => {
                    self.places.insert(after, place);
                    after += 1;
                }
            }
        }
        if picture.parts.len() == self.places.len() {
            return;
        }
        let mut parts = std::mem::take(&mut picture.parts).into_iter().peekable();
        for place in &self.places {
            let part = parts.next_if(|part| Place::of(part) == *place);
            picture.parts.push(part.unwrap_or_else(|| place.empty()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(label: &str, text: &str) -> Part {
        Part::Text {
            label: label.to_owned(),
            text: text.to_owned(),
            tone: Tone::Calm,
        }
    }

    #[test]
    fn what_was_there_once_keeps_its_place() {
        let mut shape = Shape::default();
        let mut show = |parts: &[Part]| {
            let mut picture = Picture {
                parts: parts.to_vec(),
                ..Picture::default()
            };
            shape.fill(&mut picture);
            picture.parts
        };
        assert_eq!(show(&[text("done", "1")]).len(), 1);
        let both = [text("oldest", "2 s"), text("done", "1")];
        assert_eq!(show(&both), both);
        assert_eq!(
            show(&[text("done", "3")]),
            [text("oldest", "–"), text("done", "3")]
        );
    }
}
