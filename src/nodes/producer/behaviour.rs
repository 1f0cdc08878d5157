//! What a producer does: it emits, and gives the event to every link that takes its type.

use serde_json::Value;

use super::{Pace, Settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, Key, LinkIndex, Message, MessageId, Names,
    Signal, Ticket, What,
};
use crate::nodes::shared::events::{self, KnownEvent};
use crate::nodes::{Part, Picture, Role, Status, Tone};
use crate::units::{Luck, Purpose, SimDuration, SimTime, exponential};

/// The next event at the producer's pace.
const TICK: u32 = 0;
/// A scheduled event; the word is the schedule's generation and the event's place in it.
const SCHEDULED: u32 = 1;

/// A running producer.
#[derive(Clone)]
pub struct Producer {
    settings: Settings,
    events: Vec<KnownEvent>,
    keys: Vec<Key>,
    luck: Option<Lucks>,
    /// The mean time between two events in nanoseconds; infinite if there are none.
    mean: f64,
    /// Events emitted at the pace so far.
    ticks: u64,
    started: SimTime,
    /// How often the schedule was planned: what an older one planned is no longer wanted.
    generation: u32,
    next: Option<Ticket>,
    down: bool,
    /// How many came back, because nothing led on.
    returned: u64,
}

#[derive(Clone, Copy)]
struct Lucks {
    time: Luck,
    event: Luck,
    key: Luck,
}

impl Producer {
    /// A producer that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            events: Vec::new(),
            keys: Vec::new(),
            luck: None,
            mean: f64::INFINITY,
            ticks: 0,
            started: SimTime::ZERO,
            generation: 0,
            next: None,
            down: false,
            returned: 0,
        }
    }

    /// It keeps no message.
    pub(crate) fn message(&self, _: MessageId) -> Option<&Message> {
        None
    }

    /// What the card shows.
    pub fn picture(&self, _now: SimTime, _names: &Names) -> Picture {
        let pace = match self.settings.pace {
            Pace::ByHand => "by hand".to_owned(),
            _ => self.settings.rate.to_string(),
        };
        let text = |label: &str, text: String| Part::Text {
            label: label.to_owned(),
            text,
            tone: Tone::Calm,
        };
        let mut parts = vec![text("pace", pace), text("emitted", self.ticks.to_string())];
        if self.returned > 0 {
            parts.push(Part::Text {
                label: "returned".to_owned(),
                text: self.returned.to_string(),
                tone: Tone::Warning,
            });
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    /// Looks up the numbers of event types, bodies and keys.
    fn learn(&mut self, context: &mut Context<'_>) {
        self.events = self
            .settings
            .events
            .iter()
            .map(|event| event.known(context))
            .collect();
        let label = &self.settings.key_label;
        self.keys = (1..=self.settings.keys)
            .map(|n| context.key(&format!("{label}-{n}")))
            .collect();
        self.mean = self.settings.rate.interval_nanos();
        let luck = context.luck();
        self.luck = Some(Lucks {
            time: luck.purpose(Purpose::Interarrival),
            event: luck.purpose(Purpose::EventChoice),
            key: luck.purpose(Purpose::KeyChoice),
        });
    }

    /// The time until the next event, if there is one.
    #[inline(always)]
    fn interval(&self) -> Option<SimDuration> {
        let spent = |limit| self.ticks >= u64::from(limit);
        if self.settings.limit.is_some_and(spent) || self.mean == f64::INFINITY {
            return None;
        }
        match self.settings.pace {
            Pace::ByHand => None,
            Pace::Constant => Some(SimDuration::from_nanos_f64(self.mean)),
            Pace::Poisson => {
                let variate = exponential(self.luck?.time, self.ticks);
                Some(SimDuration::from_nanos_f64(self.mean * variate))
            }
        }
    }

    #[inline(always)]
    fn plan_next(&mut self, context: &mut Context<'_>, extra: SimDuration) {
        self.next = self
            .interval()
            .map(|interval| context.wake_after(interval.plus(extra), TICK, 0));
    }

    #[inline(always)]
    fn tick(&mut self, context: &mut Context<'_>) {
        let Some(luck) = self.luck else { return };
        let n = self.ticks;
        self.ticks += 1;
        let chosen = events::choose(&self.events, |total| luck.event.below(n, total));
        if let Some(event) = chosen {
            let key = match self.keys.len() {
                0 => Key::default(),
                count => self.keys[luck.key.below(n, count as u32) as usize],
            };
            let message = context.create(event.event_type, key, event.body);
            context.send_to_role(Role::Sends.number(), &message);
        }
        self.plan_next(context, SimDuration::ZERO);
    }

    #[inline(never)]
    fn emit_scheduled(&self, context: &mut Context<'_>, n: usize) {
        let Some(planned) = self.settings.schedule.get(n) else {
            return;
        };
        let event_type = context.event_type(&planned.event);
        let key = context.key(&planned.key);
        let headers = Value::Object(planned.headers.clone());
        let body = context.template_with(headers, planned.body.clone(), 1);
        let message = context.create(event_type, key, body);
        context.send_to_role(Role::Sends.number(), &message);
    }

    /// Plans what of the schedule is still to come.
    fn plan_schedule(&mut self, context: &mut Context<'_>) {
        let changed = self.generation > 0;
        self.generation += 1;
        for (n, planned) in self.settings.schedule.iter().enumerate() {
            let at = self.started.after(planned.at);
            if at > context.now() || (at == context.now() && !changed) {
                let word = u64::from(self.generation) << 32 | n as u64;
                context.wake_at(at, SCHEDULED, word);
            }
        }
    }
}

impl Behaviour for Producer {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.learn(context);
        self.started = context.now();
        self.plan_next(context, self.settings.start_after);
        self.plan_schedule(context);
    }

    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        context.send_to_role(Role::Sends.number(), arrival.message);
    }

    fn signal(&mut self, _: &mut Context<'_>, _: LinkIndex, signal: Signal) {
        self.returned += u64::from(matches!(signal, Signal::Returned(_)));
    }

    #[inline]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            _ if self.down => {}
            TICK => self.tick(context),
            _ if word >> 32 == u64::from(self.generation) => {
                self.emit_scheduled(context, word as u32 as usize);
            }
            _ => {}
        }
    }

    /// The time until the next event starts anew; of a schedule counts what is still to come.
    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        self.plan_schedule(context);
        self.learn(context);
        if let Some(ticket) = self.next.take() {
            context.cancel(ticket);
        }
        if !self.down {
            self.plan_next(context, SimDuration::ZERO);
        }
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash | Fault::Remove if !self.down => {
                self.down = true;
                if let Some(ticket) = self.next.take() {
                    context.cancel(ticket);
                }
                context.record_node(What::Crashed);
            }
            Fault::Restart if self.down => {
                self.down = false;
                context.record_node(What::Restarted);
                self.plan_next(context, SimDuration::ZERO);
            }
            _ => {}
        }
    }

    fn relink(&mut self, _: &mut Context<'_>) {}

    fn holdings(&self) -> Holdings {
        Holdings::default()
    }

    fn bytes(&self) -> usize {
        self.events.len() * 12 + self.keys.len() * 4 + self.settings.schedule.len() * 96
    }
}
