//! How a log is laid out on its card: lanes with the places of the groups in them, and how each
//! group is.
//!
//! A lane ends on the right with the next offset. Near the end a record has a place of its own, so
//! that the distance of a cursor from the end is its lag; what is further away is shown on a scale
//! that grows slower, and the number says how far.

use super::card::{LANE_PITCH, LINE_HEIGHT, Page};
use super::survey::{Owners, State, owner};
use super::{Fill, Piece};
use crate::editor::tempo::count;
use crate::editor::{Point, Rect};
use crate::nodes::survey::{Group, Partition, Phase, Survey};
use crate::nodes::{Lane, Tone};

/// Most partitions with a lane each; and how many have one where there are more of them, or many
/// groups. The others are bars beside each other.
const LANES_MOST: usize = 6;
const LANES_FEW: usize = 4;
/// Most groups whose places are shown, and of which is said how they are.
const GROUPS_MOST: usize = 3;
const LINES_MOST: usize = 5;
const TRACK: f64 = 16.0;
const ROW: f64 = 12.0;
const LANE_GAP: f64 = 5.0;
/// Room for the name of a partition, and for who leads it; and for offsets at the right.
const NAME: f64 = 28.0;
const NAME_TIGHT: f64 = 20.0;
const LEADER: f64 = 18.0;
const OFFSET: f64 = 30.0;
/// How wide a small digit is.
const DIGIT: f64 = 5.7;
/// The mark of a consumer.
pub(super) const CHIP: (f64, f64) = (22.0, 11.0);
/// Bars of partitions that have no lane.
const BARS_MOST: usize = 60;
const BAR_HEIGHT: f64 = 20.0;
/// From so many records behind the card warns.
const FAR_BEHIND: u64 = 100;

/// A log that is shown.
pub(super) struct Told<'a> {
    pub(super) survey: &'a Survey,
    pub(super) owners: &'a Owners,
    /// How many groups there will be, as far as is drawn.
    pub(super) groups: usize,
    /// Whether brokers are shown on the card.
    pub(super) brokers: bool,
    /// Whether there is little room below, so that each lane is one line.
    pub(super) tight: bool,
}

impl Page {
    /// A whole log. `lanes` has the latest records of its first partitions.
    pub(super) fn log(&mut self, lanes: &[Lane], told: &Told<'_>) {
        let survey = told.survey;
        let groups = told.groups.max(survey.groups.len());
        let rows = groups.min(GROUPS_MOST);
        let partitions = survey.partitions.len();
        let all_fit = partitions <= LANES_MOST && rows < GROUPS_MOST;
        let most = if all_fit { LANES_MOST } else { LANES_FEW };
        if told.brokers {
            self.brokers(survey);
        }
        for (n, lane) in survey.partitions.iter().take(most).enumerate() {
            self.partition(lane, lanes.get(n), (told, rows));
        }
        if partitions > most {
            for n in 0..rows {
                self.bars(survey, n);
            }
        }
        for group in survey.groups.iter().take(LINES_MOST) {
            let (words, tone) = words_of(group);
            self.line(&group.shown, &words, tone);
            self.y += LINE_HEIGHT;
        }
        let to_come = groups.min(LINES_MOST).saturating_sub(survey.groups.len());
        self.y += to_come as f64 * LINE_HEIGHT;
        if let Some(behind) = survey.readers.iter().map(|reader| reader.behind).max() {
            self.line("read model", &lag_words(behind), Tone::Calm);
            self.y += LINE_HEIGHT;
        }
    }

    fn partition(
        &mut self,
        lane: &Partition,
        latest: Option<&Lane>,
        (told, rows): (&Told<'_>, usize),
    ) {
        let is_cluster = told.survey.brokers.len() > 1;
        let names = if told.tight { NAME_TIGHT } else { NAME };
        let names = names + if is_cluster { LEADER } else { 0.0 };
        let chips = if told.tight { rows.min(2) } else { 0 };
        let aside = names + chips as f64 * (CHIP.0 + 2.0);
        let well = Rect::new(
            self.left + aside,
            self.y,
            self.width - aside - OFFSET,
            TRACK,
        );
        let base = self.y + 12.0;
        self.pieces.push(Piece::Well(well));
        let name = format!("p{}", lane.number);
        self.text(Point::new(self.left, base), name, true, NAME);
        if is_cluster {
            let (leader, tone) = match lane.leader.filter(|_| lane.served) {
                Some(broker) => (format!("b{broker}"), Tone::Calm),
                None => ("none".to_owned(), Tone::Trouble),
            };
            let at = Point::new(self.left + names - 4.0, base);
            self.tiny(at, leader, (false, true), tone);
        }
        let right = Point::new(self.left + self.width, base);
        self.tiny(right, count(lane.end), (false, true), Tone::Calm);
        let span = lane.end.saturating_sub(lane.start);
        let start = count(lane.start);
        let first = well.x + 7.0 + DIGIT * start.chars().count() as f64;
        let scale = Scale::new(first, well.right() - 3.0, span);
        let latest = latest.map_or(&[][..], |lane| &lane.capsules);
        let shown = latest.len().min(scale.fit as usize);
        for (back, capsule) in latest.iter().rev().take(shown).enumerate() {
            let x = scale.right - (back as f64 + 0.5) * LANE_PITCH;
            self.record(Point::new(x, well.center().y), *capsule);
        }
        match lane.served {
            true => {
                let at = Point::new(well.x + 4.0, base);
                self.tiny(at, start, (true, false), Tone::Calm);
            }
            false => self.band(well, 0, Fill::Hatched),
        }
        if lane.high < lane.end {
            self.unsafe_part(well, scale.x(lane.end - lane.high));
        }
        for reader in &told.survey.readers {
            let next = reader.next.get(lane.number as usize).copied();
            let x = scale.x(lane.end.saturating_sub(next.unwrap_or(0)));
            self.band(Rect::new(x - 1.0, well.y, 2.0, well.h), 0, Fill::Solid);
        }
        // The places of the marks and bars of a group, and how far the next are from them.
        let (chip, step, down) = match told.tight {
            true => (names, Point::new(CHIP.0 + 2.0, 0.0), 2.5),
            false => (0.0, Point::new(0.0, ROW), TRACK + 1.0),
        };
        let chip = Point::new(self.left + chip, self.y + down);
        for n in 0..rows {
            if let Some(group) = told.survey.groups.get(n) {
                let bar = match told.tight {
                    true => well.bottom() - 3.0 * (rows - n) as f64,
                    false => chip.y + step.y * n as f64 + 3.0,
                };
                let at = chip + step * n as f64;
                let seat = Seat {
                    chip: Rect::new(at.x, at.y, CHIP.0, CHIP.1),
                    bar: (bar, if told.tight { 2.5 } else { 5.0 }),
                    well,
                };
                self.cursor((group, n), lane, &scale, (told, &seat));
            }
        }
        self.y += match told.tight {
            true => TRACK + LANE_GAP - 2.0,
            false => TRACK + 1.0 + rows as f64 * ROW + LANE_GAP,
        };
    }

    /// What not all copies in sync have: consumers do not see it yet.
    fn unsafe_part(&mut self, well: Rect, from: f64) {
        let rest = Rect::new(from, well.y, well.right() - from, well.h);
        self.band(rest, 0, Fill::Hatched);
        self.band(Rect::new(from - 0.75, well.y, 1.5, well.h), 0, Fill::Solid);
    }

    /// Where a group is in a partition: who owns it, what is not committed as a bar that ends where
    /// the lane does, and how much that is.
    fn cursor(
        &mut self,
        (group, n): (&Group, usize),
        lane: &Partition,
        scale: &Scale,
        (told, seat): (&Told<'_>, &Seat),
    ) {
        let (rest, well) = (seat.chip, seat.well);
        let partition = lane.number as usize;
        let (number, state) = owner(group, partition);
        let glide = told.owners.glide(n, partition);
        let way = well.right() - rest.right();
        let mut place = |number, state, part: f64| {
            if group.shares_records {
                return;
            }
            let rect = Rect::new(rest.x + way * part, rest.y, rest.w, rest.h);
            self.pieces.push(Piece::Chip {
                rect,
                number,
                state,
            });
        };
        match glide {
            // It is given up: its band leaves towards the consumers.
            Some((before, part)) if number == 0 => {
                place(0, State::Idle, 0.0);
                if before > 0 {
                    place(before, State::Paused, part);
                }
            }
            Some((_, part)) => place(number, state, 1.0 - part),
            None => place(number, state, 0.0),
        }
        let Some(place) = group.places.get(partition).filter(|place| place.begun) else {
            return;
        };
        let fill = match state {
            _ if !lane.served => Fill::Hatched,
            State::Works => Fill::Solid,
            State::Silent => Fill::Dashed,
            State::Paused | State::Idle => Fill::Hatched,
        };
        let is_there = glide.is_none_or(|(_, part)| part > 0.5);
        let number = if is_there { number } else { 0 };
        let committed = scale.x(place.lag);
        let (top, height) = seat.bar;
        let bar = |from: f64, to: f64| Rect::new(from, top, (to - from).max(2.5), height);
        let read = scale.x(lane.end.saturating_sub(place.position));
        let (done, left) = (bar(committed, read), bar(read, scale.right));
        if place.position > place.committed && fill == Fill::Solid {
            self.band(done, number, Fill::Faint);
            self.band(left, number, fill);
        } else {
            self.band(bar(committed, scale.right), number, fill);
        }
        let tick = Rect::new(
            committed - 1.0,
            well.y + 1.0,
            2.0,
            top + height - well.y - 1.0,
        );
        self.band(tick, number, Fill::Solid);
        if told.tight {
            return;
        }
        let tone = match place.lag >= FAR_BEHIND {
            true => Tone::Warning,
            false => Tone::Calm,
        };
        let at = Point::new(self.left + self.width, rest.y + 9.0);
        let faint = place.lag == 0;
        self.tiny(at, lag_figure(place.lag), (faint, true), tone);
    }

    /// All partitions as bars: whose they are, and how far behind, on a scale that grows slower.
    fn bars(&mut self, survey: &Survey, n: usize) {
        let all = survey.partitions.len();
        let base = self.y + 10.0;
        let Some(group) = survey.groups.get(n) else {
            self.y += 14.0 + BAR_HEIGHT + LANE_GAP;
            return;
        };
        let lag = |partition: usize| group.places.get(partition).map_or(0, |place| place.lag);
        let worst = (0..all)
            .max_by_key(|it| (lag(*it), usize::MAX - it))
            .unwrap_or(0);
        let left = format!("all {all}, {}", group.shown);
        self.tiny(Point::new(self.left, base), left, (true, false), Tone::Calm);
        let words = format!("p{worst} {}", lag_figure(lag(worst)));
        let tone = match lag(worst) >= FAR_BEHIND {
            true => Tone::Warning,
            false => Tone::Calm,
        };
        let right = Point::new(self.left + self.width, base);
        self.tiny(right, words, (lag(worst) == 0, true), tone);
        let bottom = self.y + 14.0 + BAR_HEIGHT;
        let columns = all.min(BARS_MOST);
        let pitch = self.width / columns as f64;
        let most = logarithm(lag(worst).max(63));
        for column in 0..columns {
            let of_it = (column * all / columns)..((column + 1) * all / columns);
            let worst = of_it.max_by_key(|it| lag(*it)).unwrap_or(0);
            let (number, state) = owner(group, worst);
            let fill = match state {
                State::Works => Fill::Solid,
                _ => Fill::Hatched,
            };
            let height = 4.0 + (BAR_HEIGHT - 4.0) * logarithm(lag(worst)) / most;
            let x = self.left + column as f64 * pitch;
            let gap = if pitch > 6.0 { 2.0 } else { 0.6 };
            let rect = Rect::new(x, bottom - height, pitch - gap, height);
            self.band(rect, number, fill);
        }
        self.y = bottom + LANE_GAP;
    }

    pub(super) fn band(&mut self, rect: Rect, number: u16, fill: Fill) {
        self.pieces.push(Piece::Band { rect, number, fill });
    }
}

/// Where things of a group are in a lane: its mark, its bar by top and height, and the lane.
struct Seat {
    chip: Rect,
    bar: (f64, f64),
    well: Rect,
}

fn logarithm(lag: u64) -> f64 {
    libm::log2(1.0 + lag as f64)
}

/// Where offsets are in a lane, by how far they are from its end.
struct Scale {
    left: f64,
    right: f64,
    /// How many records have a place of their own.
    fit: u64,
    /// How many offsets there are.
    span: u64,
}

impl Scale {
    /// Room at the left for what is further away, if there is more than fits.
    const FAR: f64 = 20.0;

    fn new(left: f64, right: f64, span: u64) -> Self {
        let fit = ((right - left) / LANE_PITCH).max(1.0) as u64;
        let fit = match span > fit {
            true => ((right - left - Self::FAR) / LANE_PITCH).max(1.0) as u64,
            false => fit,
        };
        Self {
            left,
            right,
            fit,
            span,
        }
    }

    fn x(&self, behind: u64) -> f64 {
        let near = self.right - behind.min(self.fit) as f64 * LANE_PITCH;
        if behind <= self.fit {
            return near;
        }
        let most = logarithm(self.span.saturating_sub(self.fit).max(behind - self.fit));
        near - (near - self.left) * logarithm(behind - self.fit) / most
    }
}

/// How far back something is.
fn lag_figure(lag: u64) -> String {
    match lag {
        0 => "0".to_owned(),
        lag => format!("−{}", count(lag)),
    }
}

fn lag_words(lag: u64) -> String {
    format!("lag {}", count(lag))
}

/// How a group is.
fn words_of(group: &Group) -> (String, Tone) {
    let lag = lag_words(group.lag);
    let is_member = |it: &&crate::nodes::survey::Member| !it.id.is_empty();
    let members = group.members.iter().filter(is_member).count();
    match group.phase {
        Phase::Empty => (format!("nobody, {lag}"), Tone::Warning),
        Phase::Joining => {
            let joined = crate::nodes::survey::Stance::Joined;
            let there = group
                .members
                .iter()
                .filter(|it| it.stance == joined)
                .count();
            (format!("rebalance {there}/{members}"), Tone::Warning)
        }
        Phase::Stable if group.shares_records => {
            let lent: u64 = group.members.iter().map(|it| it.in_hand).sum();
            let tone = match group.lag >= FAR_BEHIND {
                true => Tone::Warning,
                false => Tone::Calm,
            };
            (format!("{lent} lent, {lag}"), tone)
        }
        Phase::Stable => {
            let idle = group.members.iter().filter(|it| it.idle).count();
            let tone = match group.lag >= FAR_BEHIND || idle > 0 {
                true => Tone::Warning,
                false => Tone::Calm,
            };
            match idle {
                0 => (lag, tone),
                idle => (format!("{idle} idle, {lag}"), tone),
            }
        }
    }
}
