//! Links: what happens to a message between two nodes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Cargo, EventType, LinkIndex, NodeIndex};
use crate::units::{Chance, Distribution, LinkId, Luck, Purpose, Rate, SimDuration, SimTime};

/// How a link treats what it carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSettings {
    /// Time from one end to the other, in both directions. What is sent later never overtakes,
    /// unless `reordering` lets it.
    pub latency: Distribution,
    /// Bytes a second that get through in one direction, one message after the other; 0 for no
    /// limit.
    pub bandwidth: Rate,
    /// Chance that a message, a hand-over or an answer is lost. What begins or ends a connection
    /// is not: the transport repeats it.
    pub loss: Chance,
    /// Chance that a message arrives a second time.
    pub duplication: Chance,
    /// Chance that a message is held back for a second latency, so that later ones overtake it.
    pub reordering: Chance,
    /// Whether the link is cut: nothing gets through, in neither direction.
    pub cut: bool,
    /// The event types that take this link; all if there are none.
    pub types: Vec<String>,
    /// The filter policy of the subscription that the link is; all messages without.
    pub filter: Option<Box<Value>>,
    /// What the filter looks at.
    pub filter_scope: FilterScope,
    /// The key of the binding that the link is.
    pub binding: String,
    /// The arguments of the binding that the link is.
    pub arguments: Option<Box<Value>>,
    /// The queue group of the subscription that the link is; none if it is empty.
    pub group: String,
    /// Whether the link is no binding, but leads to the alternate exchange.
    pub alternate: bool,
    /// Whether the sender asks along it and waits for the answer, where both ends can.
    pub calls: bool,
    /// Whether what is delivered along the link counts as processed at once.
    pub auto_ack: bool,
    /// Of several consumers of a queue those with the highest number are served first.
    pub consumer_priority: u32,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterScope {
    /// The attributes of a message.
    #[default]
    Attributes,
    /// Its body, a JSON object.
    Body,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            latency: Distribution::constant(SimDuration::ZERO),
            bandwidth: Rate::ZERO,
            loss: Chance::NEVER,
            duplication: Chance::NEVER,
            reordering: Chance::NEVER,
            cut: false,
            types: Vec::new(),
            filter: None,
            filter_scope: FilterScope::Attributes,
            binding: String::new(),
            arguments: None,
            group: String::new(),
            alternate: false,
            calls: false,
            auto_ack: false,
            consumer_priority: 0,
        }
    }
}

impl LinkSettings {
    /// Whether the link adds nothing: no time, no fault.
    fn is_direct(&self) -> bool {
        self.latency.is_zero()
            && self.bandwidth == Rate::ZERO
            && self.loss == Chance::NEVER
            && self.duplication == Chance::NEVER
            && self.reordering == Chance::NEVER
            && !self.cut
    }
}

/// One thing on its way along a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transit {
    /// Which link.
    pub link: LinkIndex,
    /// Against the direction of the link, as answers go.
    pub backward: bool,
    /// What it is.
    pub cargo: Cargo,
    /// When it left.
    pub departed: SimTime,
    /// When it will be there.
    pub arrives: SimTime,
}

/// A link of a running world.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) from: NodeIndex,
    pub(super) to: NodeIndex,
    /// What the link is for, as the kinds at its ends agree; the engine does not read it.
    pub(super) role: u8,
    pub(super) settings: LinkSettings,
    /// Event types that take this link; empty for all.
    pub(super) types: Vec<EventType>,
    pub(super) gone: bool,
    /// From when on what is sent arrives at once: never if the link takes time or has faults.
    pub(super) direct_from: SimTime,
    /// When the last that was sent will have left, forward and backward.
    free_at: [SimTime; 2],
    /// The latest arrival planned, forward and backward.
    pub(super) last_arrival: [SimTime; 2],
    pub(super) latency_luck: Luck,
    pub(super) loss_luck: Luck,
    pub(super) duplication_luck: Luck,
}

impl Link {
    pub(super) fn new(id: LinkId, from: NodeIndex, to: NodeIndex, role: u8, luck: Luck) -> Self {
        Self {
            id,
            from,
            to,
            role,
            settings: LinkSettings::default(),
            types: Vec::new(),
            gone: false,
            direct_from: SimTime::ZERO,
            free_at: [SimTime::ZERO; 2],
            last_arrival: [SimTime::ZERO; 2],
            latency_luck: luck.purpose(Purpose::Latency),
            loss_luck: luck.purpose(Purpose::Loss),
            duplication_luck: luck.purpose(Purpose::Duplication),
        }
    }

    pub(super) fn configure(&mut self, settings: LinkSettings, types: Vec<EventType>) {
        self.settings = settings;
        self.find_direct();
        self.types = types;
    }

    /// Takes the link off.
    pub(super) fn remove(&mut self) {
        self.gone = true;
        self.find_direct();
    }

    /// What is sent never overtakes what is still on its way from slower times.
    fn find_direct(&mut self) {
        let direct = !self.gone && self.settings.is_direct();
        let [forward, backward] = self.last_arrival;
        self.direct_from = if direct {
            forward.max(backward)
        } else {
            SimTime::MAX
        };
    }

    pub(super) fn is_up(&self) -> bool {
        !self.gone && !self.settings.cut
    }

    pub(super) fn takes(&self, event_type: EventType) -> bool {
        self.types.is_empty() || self.types.contains(&event_type)
    }

    /// When a message of so many bytes has left that is sent now, after all before it.
    pub(super) fn departure(&mut self, now: SimTime, backward: bool, bytes: usize) -> SimTime {
        let free_at = &mut self.free_at[usize::from(backward)];
        let time = bytes as f64 * self.settings.bandwidth.interval_nanos();
        *free_at = now.max(*free_at).after(SimDuration::from_nanos_f64(time));
        *free_at
    }

    /// When something that leaves at `now` arrives.
    pub(super) fn arrival(&mut self, now: SimTime, backward: bool, luck: Luck) -> SimTime {
        let mut at = now.after(self.settings.latency.sample(luck));
        let held = self.settings.reordering.happens(luck.at(0).draw(0));
        if held && !backward {
            at = at.after(self.settings.latency.sample(luck.at(1)));
            return at;
        }
        let last = &mut self.last_arrival[usize::from(backward)];
        at = at.max(*last);
        *last = at;
        at
    }
}
