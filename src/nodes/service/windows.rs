//! Tumbling windows: what happened in the same stretch of time is counted for each key, whenever it
//! comes.
//!
//! It follows stream processors such as Apache Flink: a window goes by the time at which events
//! happened, and closes when an event shows that time is past its end and the lateness allowed.
//! Nothing but an event moves that clock: the last window stays open until one comes.

use std::collections::BTreeMap;

use serde_json::json;

use super::behaviour::Service;
use crate::engine::{Context, Key, Message};
use crate::nodes::Role;
use crate::units::SimTime;

/// The open windows of a service.
#[derive(Clone, Default)]
pub(super) struct Windows {
    /// By emission, number of the window and key: how many, and the latest one.
    open: BTreeMap<(usize, u64, Key), (u32, Message)>,
    /// The latest time at which something happened, by emission.
    seen: BTreeMap<usize, SimTime>,
    /// How many came too late.
    pub(super) late: u64,
}

impl Windows {
    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Forgets the windows of emissions that are not there any more.
    pub(super) fn keep_below(&mut self, emissions: usize) {
        self.open.retain(|(nth, ..), _| *nth < emissions);
        self.seen.retain(|nth, _| *nth < emissions);
    }

    /// Bytes of it, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.open.len() * (size_of::<Message>() + 48)
    }
}

impl Service {
    /// Counts a message in the window of the nth emission in which it happened, and closes those
    /// whose time is over. Whether its own is closed already.
    pub(super) fn put_in_window(
        &mut self,
        context: &mut Context<'_>,
        cause: &Message,
        nth: usize,
    ) -> bool {
        let emission = &self.settings.emits[nth];
        let length = emission.window.nanos().max(1);
        let stays = emission.lateness;
        let ends = |number: u64| {
            let end = SimTime::from_nanos(number.saturating_add(1).saturating_mul(length));
            end.after(stays)
        };
        let windows = &mut self.more.windows;
        let seen = windows.seen.entry(nth).or_default();
        *seen = cause.born.max(*seen);
        let (seen, number) = (*seen, cause.born.nanos() / length);
        let is_late = ends(number) <= seen;
        if is_late {
            windows.late += 1;
        } else {
            let place = (nth, number, cause.key);
            let (count, latest) = windows.open.entry(place).or_insert((0, *cause));
            *count = count.saturating_add(1);
            *latest = *cause;
        }
        let from = (nth, 0, Key::default());
        while let Some((place, (count, latest))) = self.more.windows.open.range(from..).next()
            && place.0 == nth
            && ends(place.1) <= seen
        {
            let (place, count, latest) = (*place, *count, *latest);
            self.more.windows.open.remove(&place);
            self.emit_window(context, (nth, place.1 * length, length), count, &latest);
        }
        is_late
    }

    /// Emits what a window of a key has come to: the times of its ends in seconds, and a count.
    fn emit_window(
        &self,
        context: &mut Context<'_>,
        (nth, from, length): (usize, u64, u64),
        count: u32,
        latest: &Message,
    ) {
        let Some(emission) = self.emits.get(nth) else {
            return;
        };
        let (event_type, body) = (emission.event_type, emission.body);
        let secs = |nanos: u64| SimTime::from_nanos(nanos).as_secs();
        let body = body.unwrap_or_else(|| {
            let (from, to) = (secs(from), secs(from.saturating_add(length)));
            context.keep_body(json!({ "from": from, "to": to, "count": count }))
        });
        let event = context.create_from(latest, nth as u64, event_type, latest.key, body);
        context.send_to_role(Role::Sends.number(), &event);
    }
}
