//! How a node's picture is laid out on its card.

use super::lanes::{CHIP, Told};
use super::survey::Tag;
use super::{Look, Piece};
use crate::editor::tempo::count;
use crate::editor::{Point, Rect};
use crate::engine::MessageId;
use crate::nodes::{Capsule, Lane, Part, Picture, Slot, Tone};

/// The width of every card.
pub const CARD_WIDTH: f64 = 204.0;
/// The height of a card's head: glyph, name and kind.
const HEAD: f64 = 50.0;
const MARGIN: f64 = 12.0;
const ROW_HEIGHT: f64 = 24.0;
const PITCH: f64 = 13.0;
const SLOT_PITCH: f64 = 25.0;
const SLOTS_PER_LINE: usize = 7;
const LANE_HEIGHT: f64 = 21.0;
pub(super) const LANE_PITCH: f64 = 15.0;
const LANES_MOST: usize = 6;
/// Most logs of which a consumer says what it reads.
const READS_MOST: usize = 3;
pub(super) const LINE_HEIGHT: f64 = 19.0;
const TRAY_HEIGHT: f64 = 19.0;
const GAUGE_HEIGHT: f64 = 29.0;
pub(super) const GAP: f64 = 7.0;

/// What a card shows besides its picture.
#[derive(Default)]
pub(super) struct Beside<'a> {
    /// A log's partitions, brokers and groups, in place of the lanes of its picture.
    pub(super) told: Option<Told<'a>>,
    /// The names of the logs that it reads, and how it is as a consumer.
    pub(super) reads: Vec<(String, Tag)>,
}

/// The pieces of a picture on a card whose top-left corner is `corner`, and the card's height.
pub(super) fn lay_out(
    picture: &Picture,
    corner: Point,
    followed: Option<MessageId>,
    beside: &Beside<'_>,
) -> (Vec<Piece>, f64) {
    let mut page = Page::new(corner, CARD_WIDTH - 2.0 * MARGIN);
    page.followed = followed;
    let mut last_was_text = false;
    for part in &picture.parts {
        let is_text = matches!(part, Part::Text { .. });
        if page.y > corner.y + HEAD && !(last_was_text && is_text) {
            page.y += GAP;
        }
        last_was_text = is_text;
        match (part, &beside.told) {
            (Part::Lanes(lanes), Some(told)) => page.log(lanes, told),
            _ => page.part(part),
        }
    }
    page.reads(&beside.reads);
    (page.pieces, page.y + MARGIN - 1.0 - corner.y)
}

impl From<Capsule> for Look {
    fn from(capsule: Capsule) -> Self {
        Self {
            event_type: capsule.event_type.0,
            redelivered: capsule.redelivered,
            duplicate: capsule.duplicate,
            dead: capsule.dead,
        }
    }
}

/// The part of a card that is laid out so far.
pub(super) struct Page {
    followed: Option<MessageId>,
    pub(super) left: f64,
    pub(super) width: f64,
    pub(super) y: f64,
    pub(super) pieces: Vec<Piece>,
}

impl Page {
    fn new(corner: Point, width: f64) -> Self {
        Self {
            followed: None,
            left: corner.x + MARGIN,
            width,
            y: corner.y + HEAD,
            pieces: Vec::with_capacity(16),
        }
    }

    /// A page without a head.
    pub(super) fn blank(rect: Rect) -> Self {
        let mut page = Self::new(Point::default(), rect.w);
        (page.left, page.y) = (rect.x, rect.y);
        page
    }

    /// What a consumer owns of each log that it reads.
    fn reads(&mut self, reads: &[(String, Tag)]) {
        if !reads.is_empty() {
            self.y += GAP;
        }
        for (log, tag) in reads.iter().take(READS_MOST) {
            let rect = Rect::new(self.left, self.y + 3.5, CHIP.0, CHIP.1);
            let (number, state) = (tag.number, tag.state);
            self.pieces.push(Piece::Chip {
                rect,
                number,
                state,
            });
            let words = tag.words.clone();
            let at = Point::new(self.left + CHIP.0 + 6.0, self.y + 13.0);
            let room = self.width - CHIP.0 - 6.0;
            let log = if reads.len() > 1 { log.as_str() } else { "" };
            self.text(at, words, log.is_empty() && number == 0, room);
            if !log.is_empty() {
                let right = Point::new(self.left + self.width, self.y + 13.0);
                self.tiny(
                    right,
                    shortened(log.to_owned(), 10),
                    (true, true),
                    Tone::Calm,
                );
            }
            self.y += LINE_HEIGHT;
        }
    }

    /// A text in small letters: whether it is less important, and whether it ends at `at`.
    pub(super) fn tiny(
        &mut self,
        at: Point,
        text: String,
        (faint, right): (bool, bool),
        tone: Tone,
    ) {
        self.pieces.push(Piece::Text {
            at,
            text,
            faint,
            right,
            tiny: true,
            tone,
            width: self.width,
        });
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Row {
                capsules,
                total,
                room,
            } => self.row(capsules, *total, *room),
            Part::Slots(slots) => self.slots(slots),
            Part::Lanes(lanes) => self.lanes(lanes),
            Part::Tray {
                label,
                capsules,
                text,
                tone,
            } => self.tray(label, capsules, text, *tone),
            Part::Gauge {
                label,
                text,
                share,
                tone,
            } => self.gauge(label, text, f64::from(*share) / 1e3, *tone),
            // Its name stands here before anything is laid out.
            Part::Peer { .. } => {}
            Part::Text { label, text, tone } => {
                self.line(label, text, *tone);
                self.y += LINE_HEIGHT;
            }
        }
    }

    /// Waiting messages: the next one on the right, where it will leave.
    fn row(&mut self, capsules: &[Capsule], total: u64, room: Option<u64>) {
        let rect = Rect::new(self.left, self.y, self.width, ROW_HEIGHT);
        self.pieces.push(Piece::Well(rect));
        let fit = ((self.width - 10.0) / PITCH) as usize;
        let all_fit = total <= fit as u64;
        let fit = if all_fit { fit } else { fit - 3 };
        self.capsules(
            capsules,
            fit,
            Point::new(rect.right() - 11.0, rect.center().y),
        );
        if !all_fit {
            let more = total - fit.min(capsules.len()) as u64;
            self.text(
                Point::new(rect.x + 7.0, rect.center().y + 4.0),
                format!("+{}", count(more)),
                true,
                40.0,
            );
        }
        self.y += ROW_HEIGHT;
        if let Some(room) = room.filter(|room| *room > 0) {
            let part = (total as f64 / room as f64).min(1.0);
            let tone = match part {
                full if full >= 1.0 => Tone::Trouble,
                most if most >= 0.8 => Tone::Warning,
                _ => Tone::Calm,
            };
            let rect = Rect::new(self.left, self.y + 4.0, self.width, 3.0);
            self.pieces.push(Piece::Bar { rect, part, tone });
            self.y += 7.0;
        }
    }

    fn capsules(&mut self, capsules: &[Capsule], most: usize, rightmost: Point) {
        for (place, capsule) in capsules.iter().take(most).enumerate() {
            let at = Point::new(rightmost.x - place as f64 * PITCH, rightmost.y);
            self.capsule(at, *capsule);
        }
    }

    fn capsule(&mut self, at: Point, capsule: Capsule) {
        self.pieces.push(Piece::Capsule {
            at,
            look: Look::from(capsule),
            message: capsule.message,
            followed: self.followed == Some(capsule.message),
            tight: false,
        });
    }

    /// A record in a lane, where its place tells its offset.
    pub(super) fn record(&mut self, at: Point, capsule: Capsule) {
        self.capsule(at, capsule);
        if let Some(Piece::Capsule { tight, .. }) = self.pieces.last_mut() {
            *tight = true;
        }
    }

    fn slots(&mut self, slots: &[Slot]) {
        for (place, slot) in slots.iter().enumerate() {
            let (line, column) = (place / SLOTS_PER_LINE, place % SLOTS_PER_LINE);
            let at = Point::new(
                self.left + 12.0 + column as f64 * SLOT_PITCH,
                self.y + 12.0 + line as f64 * SLOT_PITCH,
            );
            let done = slot
                .work
                .map(|(_, thousandths)| f64::from(thousandths) / 1e3);
            let radius = 11.0;
            let tone = slot.tone;
            self.pieces.push(Piece::Slot {
                at,
                radius,
                done,
                tone,
            });
            if let Some((capsule, _)) = slot.work {
                self.capsule(at, capsule);
            }
        }
        let lines = slots.len().div_ceil(SLOTS_PER_LINE).max(1);
        self.y += lines as f64 * SLOT_PITCH - 1.0;
    }

    fn lanes(&mut self, lanes: &[Lane]) {
        for lane in lanes.iter().take(LANES_MOST) {
            let rect = Rect::new(self.left, self.y, self.width, LANE_HEIGHT - 3.0);
            self.pieces.push(Piece::Well(rect));
            let base = rect.center().y + 4.0;
            self.text(
                Point::new(rect.x + 6.0, base),
                lane.label.clone(),
                true,
                62.0,
            );
            let text_room = 8.0 + 6.2 * lane.text.chars().count() as f64;
            let end = rect.right() - if lane.text.is_empty() { 4.0 } else { text_room };
            let fit = ((end - rect.x - 70.0) / LANE_PITCH).max(0.0) as usize;
            let latest = &lane.capsules[lane.capsules.len().saturating_sub(fit)..];
            let first = Point::new(rect.x + 78.0, rect.center().y);
            for (place, capsule) in latest.iter().enumerate() {
                let at = Point::new(first.x + place as f64 * LANE_PITCH, first.y);
                self.capsule(at, *capsule);
            }
            self.end_text(Point::new(rect.right() - 6.0, base), &lane.text, Tone::Calm);
            self.y += LANE_HEIGHT;
        }
        if lanes.len() > LANES_MOST {
            let more = format!("and {} more", lanes.len() - LANES_MOST);
            self.text(
                Point::new(self.left + 6.0, self.y + 11.0),
                more,
                true,
                150.0,
            );
            self.y += LINE_HEIGHT - 3.0;
        }
    }

    /// What is in other hands, between the name of it and how much it is.
    fn tray(&mut self, label: &str, capsules: &[Capsule], text: &str, tone: Tone) {
        let rect = Rect::new(self.left, self.y - 3.0, self.width, TRAY_HEIGHT);
        let base = rect.center().y + 4.0;
        let label_room = 5.6 * label.chars().count() as f64 + 8.0;
        self.text(Point::new(rect.x, base), label.to_owned(), true, label_room);
        self.end_text(Point::new(rect.right(), base), text, tone);
        let text_room = 6.4 * text.chars().count() as f64 + 12.0;
        let room = (rect.w - label_room - text_room - PITCH / 2.0).max(0.0);
        let rightmost = Point::new(rect.right() - text_room, rect.center().y);
        self.capsules(capsules, (room / PITCH) as usize, rightmost);
        self.y += TRAY_HEIGHT - 3.0;
    }

    fn gauge(&mut self, label: &str, text: &str, part: f64, tone: Tone) {
        self.line(label, text, tone);
        let rect = Rect::new(self.left, self.y + 20.0, self.width, 4.0);
        let part = part.clamp(0.0, 1.0);
        self.pieces.push(Piece::Bar { rect, part, tone });
        self.y += GAUGE_HEIGHT - 3.0;
    }

    pub(super) fn line(&mut self, label: &str, text: &str, tone: Tone) {
        let base = self.y + 13.0;
        let text_width = 6.4 * text.chars().count() as f64;
        let room = (self.width - text_width - 6.0).max(24.0);
        self.text(Point::new(self.left, base), label.to_owned(), true, room);
        self.end_text(Point::new(self.left + self.width, base), text, tone);
    }

    pub(super) fn text(&mut self, at: Point, text: String, faint: bool, width: f64) {
        let text = shortened(text, (width / 5.6) as usize);
        self.pieces.push(Piece::Text {
            at,
            text,
            faint,
            right: false,
            tiny: false,
            tone: Tone::Calm,
            width,
        });
    }

    fn end_text(&mut self, at: Point, text: &str, tone: Tone) {
        let width = self.width;
        self.pieces.push(Piece::Text {
            at,
            text: shortened(text.to_owned(), (width / 5.6) as usize),
            faint: false,
            right: true,
            tiny: false,
            tone,
            width,
        });
    }
}

/// The text, cut with an ellipsis if it has more than `most` characters.
pub(super) fn shortened(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// A sentence in lines of at most `most` characters, broken between words.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EventType;

    fn capsule(id: u64) -> Capsule {
        Capsule {
            message: MessageId(id),
            event_type: EventType(0),
            redelivered: false,
            duplicate: false,
            dead: false,
        }
    }

    fn row(total: u64) -> Picture {
        let capsules = (0..total.min(24)).map(capsule).collect();
        Picture {
            parts: vec![Part::Row {
                capsules,
                total,
                room: None,
            }],
            ..Picture::default()
        }
    }

    #[test]
    fn a_card_is_as_high_whether_its_queue_is_empty_or_full() {
        let heights: Vec<f64> = [0, 3, 500]
            .map(|total| lay_out(&row(total), Point::default(), None, &Beside::default()).1)
            .into();
        assert!(heights.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn what_does_not_fit_is_a_number() {
        let (pieces, _) = lay_out(&row(500), Point::default(), None, &Beside::default());
        let shown = pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::Capsule { .. }))
            .count();
        let number = format!("+{}", 500 - shown);
        assert!(
            pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Text { text, .. } if *text == number))
        );
    }

    #[test]
    fn sentences_are_broken_between_words() {
        assert_eq!(
            wrapped("12 a second arrive, 8 can be done", 16),
            ["12 a second", "arrive, 8 can be", "done"]
        );
        assert_eq!(shortened("Customer orders".to_owned(), 9), "Customer…");
    }
}
