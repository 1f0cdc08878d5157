//! The text of a scenario beside its canvas: which line shows what, and where a cursor is. Pages
//! count letters as UTF-16 does.

use super::{Item, Selection};
use crate::interchange::sketch::Spot;
use crate::scenario::Scenario;
use crate::units::{FrameId, LinkId, NodeId, NoteId};

/// The line in which a cursor is, from 1 on.
pub fn line_at(text: &str, cursor: u32) -> u32 {
    let units = text.encode_utf16().take(cursor as usize);
    units.filter(|unit| *unit == u16::from(b'\n')).count() as u32 + 1
}

/// Where the cursor is before a letter of a line, both from 1 on.
pub fn cursor_at(text: &str, line: u32, column: u32) -> u32 {
    let (mut now, mut letters, mut cursor) = (1, 1, 0);
    for letter in text.chars() {
        if now > line || (now == line && (letters >= column || letter == '\n')) {
            break;
        }
        cursor += letter.len_utf16() as u32;
        letters += 1;
        if letter == '\n' {
            (now, letters) = (now + 1, 1);
        }
    }
    cursor
}

/// How many lines a text has, and how many letters the longest.
pub fn extent(text: &str) -> (usize, usize) {
    let lines = text.split('\n');
    let longest = lines.clone().map(|line| line.chars().count()).max();
    (lines.count(), longest.unwrap_or(0))
}

/// What is on the canvas of all that a line says.
pub fn items_on(spots: &[Spot], line: u32, scenario: &Scenario) -> Vec<Item> {
    let here = spots.iter();
    let here = here.filter(|spot| (spot.first..=spot.last).contains(&line));
    let topology = &scenario.topology;
    let items = here.filter_map(|spot| {
        let id = spot.id;
        if topology.node(NodeId(id)).is_some() {
            Some(Item::Node(NodeId(id)))
        } else if topology.link(LinkId(id)).is_some() {
            Some(Item::Link(LinkId(id)))
        } else if scenario.drawing.note(NoteId(id)).is_some() {
            Some(Item::Note(NoteId(id)))
        } else {
            let frame = scenario.drawing.frame(FrameId(id))?;
            Some(Item::Frame(frame.id))
        }
    });
    items.collect()
}

/// The lines that say what is selected: the first and how many, each.
pub fn lines_of(spots: &[Spot], selection: &Selection) -> Vec<(u32, u32)> {
    let ids: Vec<u32> = (selection.items().iter())
        .map(|item| match item {
            Item::Node(id) => id.0,
            Item::Link(id) => id.0,
            Item::Note(id) => id.0,
            Item::Frame(id) => id.0,
        })
        .collect();
    let spots = spots.iter().filter(|spot| ids.contains(&spot.id));
    spots
        .map(|spot| (spot.first, spot.last.saturating_sub(spot.first) + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::sketch::parse;

    #[test]
    fn a_cursor_is_in_a_line_and_a_line_has_its_items() {
        let text = "a: queue \"𝒜\"\nb: service\n\na -> b\nnote \"N\"";
        let sketch = parse(text, None);
        let scenario = sketch.scenario.expect("it is right");
        let at = |needle: &str| {
            let at = text.find(needle).expect("it is there");
            text[..at].encode_utf16().count() as u32
        };
        assert_eq!((line_at(text, 0), line_at(text, at("b:"))), (1, 2));
        assert_eq!(line_at(text, at("-> b")), 4);
        assert_eq!(cursor_at(text, 4, 3), at("-> b"));
        assert_eq!(cursor_at(text, 2, 99), at("\n\na"));
        assert_eq!(extent(text), (5, 12));
        let on = |line| items_on(&sketch.spots, line, &scenario);
        assert_eq!(on(2), [Item::Node(NodeId(2))]);
        assert_eq!(on(4), [Item::Link(LinkId(3))]);
        assert_eq!((on(3), on(5)), (vec![], vec![Item::Note(NoteId(4))]));
        let selection = Selection::of([Item::Node(NodeId(1)), Item::Link(LinkId(3))]);
        assert_eq!(lines_of(&sketch.spots, &selection), [(1, 1), (4, 1)]);
    }
}
