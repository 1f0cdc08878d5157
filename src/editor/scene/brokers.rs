//! How brokers are laid out: on the card of their log, or on the frame around several logs.

use super::card::{GAP, Page};
use super::{Piece, Pip, Standing};
use crate::editor::{Point, Rect};
use crate::nodes::Tone;
use crate::nodes::survey::{Broker, Partition, Survey};

/// Most brokers that are shown, and most in a row.
const BROKERS_MOST: usize = 8;
const IN_A_ROW: usize = 4;
/// Most partitions that are shown one by one.
const PIPS_MOST: usize = 12;
const PIP: f64 = 6.6;
const PIP_PITCH: f64 = 8.2;
const BETWEEN: f64 = 5.0;
/// A broker on a frame: at least as large as a finger needs.
const STRIP_BOX: (f64, f64) = (112.0, 44.0);
/// The height of the part of a frame that has its brokers.
pub(super) const STRIP: f64 = STRIP_BOX.1 + 6.0;

impl Page {
    /// A box for each broker, with what it leads and follows.
    pub(super) fn brokers(&mut self, survey: &Survey) {
        let shown = survey.brokers.len().min(BROKERS_MOST);
        let rows = shown.div_ceil(IN_A_ROW).max(1);
        let in_a_row = shown.div_ceil(rows).max(1);
        let width = (self.width + BETWEEN) / in_a_row as f64 - BETWEEN;
        let columns = ((width - 6.0) / PIP_PITCH).max(1.0) as usize;
        let partitions = survey.partitions.len();
        let lines = match partitions > PIPS_MOST {
            true => 1,
            false => partitions.div_ceil(columns),
        };
        let height = 17.0 + lines as f64 * PIP_PITCH + 1.0;
        for (place, broker) in survey.brokers.iter().take(shown).enumerate() {
            let (row, column) = (place / in_a_row, place % in_a_row);
            let x = self.left + column as f64 * (width + BETWEEN);
            let y = self.y + row as f64 * (height + BETWEEN);
            let rect = Rect::new(x, y, width, height);
            self.broker(broker, rect);
            if let [lane] = survey.partitions.as_slice() {
                let (words, tone) = words_of(pip_of(lane, broker));
                let at = Point::new(x + 5.0, y + 24.5);
                self.tiny(at, words.to_owned(), (tone == Tone::Calm, false), tone);
                continue;
            }
            if partitions > PIPS_MOST {
                let words = format!("{}, {}", broker.leads, broker.follows);
                let at = Point::new(x + 6.0, y + 25.0);
                self.tiny(at, words, (true, false), Tone::Calm);
                continue;
            }
            for (n, lane) in survey.partitions.iter().enumerate() {
                let Some(pip) = pip_of(lane, broker) else {
                    continue;
                };
                let (line, column) = (n / columns, n % columns);
                let x = x + 4.5 + column as f64 * PIP_PITCH;
                let y = y + 16.0 + line as f64 * PIP_PITCH;
                let rect = Rect::new(x, y, PIP, PIP);
                self.pieces.push(Piece::Pip { rect, pip });
            }
        }
        self.y += rows as f64 * (height + BETWEEN) - BETWEEN + GAP;
    }

    /// The box of a broker with its number, and what is wrong with it.
    fn broker(&mut self, broker: &Broker, rect: Rect) {
        let standing = standing_of(broker);
        self.pieces.push(Piece::Broker { rect, standing });
        let base = rect.y + 11.5;
        let is_narrow = rect.w < 66.0;
        let name = format!("b{}", broker.number);
        self.tiny(
            Point::new(rect.x + 5.0, base),
            name,
            (false, false),
            Tone::Calm,
        );
        let (words, tone) = match standing {
            Standing::Up => return,
            Standing::CutOff if is_narrow => ("cut", Tone::Warning),
            Standing::CutOff => ("cut off", Tone::Warning),
            _ if is_narrow => ("off", Tone::Trouble),
            _ => ("stopped", Tone::Trouble),
        };
        let at = Point::new(rect.right() - 5.0, base);
        self.tiny(at, words.to_owned(), (false, true), tone);
    }

    /// Brokers side by side with how much they lead and follow, on the frame around their logs.
    pub(super) fn strip(&mut self, brokers: &[Broker]) {
        let shown = brokers.len().min(BROKERS_MOST) as f64;
        let width = ((self.width + BETWEEN) / shown - BETWEEN).min(STRIP_BOX.0);
        for (place, broker) in (0..BROKERS_MOST).zip(brokers) {
            let x = self.left + place as f64 * (width + BETWEEN);
            let rect = Rect::new(x, self.y, width, STRIP_BOX.1);
            self.broker(broker, rect);
            let leads = match broker.led {
                0 => (format!("leads {}", broker.leads), Tone::Calm),
                led => (format!("led {led}"), Tone::Trouble),
            };
            let follows = (format!("follows {}", broker.follows), Tone::Calm);
            for ((words, tone), down) in [(leads, 25.0), (follows, 37.5)] {
                let at = Point::new(x + 5.0, self.y + down);
                self.tiny(at, words, (tone == Tone::Calm, false), tone);
            }
        }
    }
}

/// What a broker has of the only partition, in a word.
fn words_of(pip: Option<Pip>) -> (&'static str, Tone) {
    match pip {
        Some(Pip::Leads) => ("leads", Tone::Calm),
        Some(Pip::Follows) => ("in sync", Tone::Calm),
        Some(Pip::Behind) => ("behind", Tone::Warning),
        Some(Pip::Lost) => ("led", Tone::Trouble),
        None => ("", Tone::Calm),
    }
}

/// The brokers of several logs: those with one number are one.
pub(super) fn merged<'a>(surveys: impl Iterator<Item = &'a Survey>) -> Vec<Broker> {
    let mut all: Vec<Broker> = Vec::new();
    for broker in surveys.flat_map(|survey| &survey.brokers) {
        match all.iter_mut().find(|known| known.number == broker.number) {
            None => all.push(*broker),
            Some(known) => {
                known.stopped |= broker.stopped;
                known.cut_off |= broker.cut_off;
                known.missed |= broker.missed;
                known.leads += broker.leads;
                known.led += broker.led;
                known.follows += broker.follows;
            }
        }
    }
    all
}

fn standing_of(broker: &Broker) -> Standing {
    match broker {
        it if it.stopped && it.missed => Standing::Missed,
        it if it.stopped => Standing::Stopped,
        it if it.cut_off => Standing::CutOff,
        _ => Standing::Up,
    }
}

/// What a broker has of a partition.
fn pip_of(lane: &Partition, broker: &Broker) -> Option<Pip> {
    let mut replicas = lane.replicas.iter();
    let replica = replicas.find(|replica| replica.broker == broker.number)?;
    Some(match lane.leader == Some(broker.number) {
        true if lane.served => Pip::Leads,
        true => Pip::Lost,
        false if replica.in_sync => Pip::Follows,
        false => Pip::Behind,
    })
}
