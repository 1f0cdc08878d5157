//! What a producer does: it emits, and gives the event to every link that takes its type.

use serde_json::Value;

use super::pace::{Bursts, Keys};
use super::publish::{LINGER, OVERDUE, Publisher};
use super::recording::{self, Recorded};
use super::{KeyChoice, Pace, Settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, Key, LinkIndex, Message, MessageId, Names,
    Reason, Signal, Ticket, What,
};
use crate::nodes::shared::events::{self, KnownEvent};
use crate::nodes::{Part, Picture, Role, Status, Tone};
use crate::units::{Luck, Purpose, SimDuration, SimTime, exponential};

/// The next event at the producer's pace.
const TICK: u32 = 0;
/// A scheduled event; the word is the schedule's generation and the event's place in it.
const SCHEDULED: u32 = 1;

/// The next event of the recorded trace; the word is as that of a scheduled one.
const RECORDED: u32 = 4;

/// A running producer.
#[derive(Clone)]
pub struct Producer {
    pub(super) settings: Settings,
    events: Vec<KnownEvent>,
    keys: Vec<Key>,
    luck: Option<Lucks>,
    /// The mean time between two events in nanoseconds; infinite if there are none.
    mean: f64,
    /// Events emitted at the pace so far.
    ticks: u64,
    /// Events emitted besides: at fixed times, of a recording, by hand.
    others: u64,
    started: SimTime,
    /// How often the schedule was planned: what an older one planned is no longer wanted.
    generation: u32,
    next: Option<Ticket>,
    pub(super) down: bool,
    /// Raised by each crash: what an earlier life planned is no longer wanted.
    pub(super) life: u32,
    /// Whether events are sent as they are made, and nothing else.
    pub(super) straight: bool,
    pub(super) publisher: Box<Publisher>,
    bursts: Bursts,
    chooser: Keys,
    recorded: Vec<Recorded>,
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
            others: 0,
            started: SimTime::ZERO,
            generation: 0,
            next: None,
            down: false,
            life: 0,
            straight: true,
            publisher: Box::default(),
            bursts: Bursts::default(),
            chooser: Keys::default(),
            recorded: Vec::new(),
            returned: 0,
        }
    }

    /// The message with this id, if it was not sent yet.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        (self.publisher.held.iter()).find(|message| message.id == id)
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
        let emitted = self.ticks + self.others;
        let mut parts = vec![text("pace", pace), text("emitted", emitted.to_string())];
        self.show_publishing(&mut parts);
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
        self.mean = self.settings.mean_interval();
        self.chooser = Keys::new(self.settings.key_choice, self.settings.keys);
        self.recorded = recording::read(&self.settings.trace).unwrap_or_default();
        self.straight = self.settings.is_straight() && !self.publisher.is_blocked();
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
            Pace::Poisson | Pace::Bursty => {
                let variate = exponential(self.luck?.time, self.ticks);
                Some(SimDuration::from_nanos_f64(self.mean * variate))
            }
        }
    }

    #[inline(always)]
    fn plan_next(&mut self, context: &mut Context<'_>, extra: SimDuration) {
        let Some(interval) = self.interval() else {
            self.next = None;
            return;
        };
        let ticket = match self.settings.pace {
            Pace::Bursty => self.plan_in_burst(context, interval, extra),
            _ => context.wake_after(interval.plus(extra), TICK, 0),
        };
        self.next = Some(ticket);
    }

    #[inline(never)]
    fn plan_in_burst(
        &mut self,
        context: &mut Context<'_>,
        interval: SimDuration,
        extra: SimDuration,
    ) -> Ticket {
        let (now, settings) = (context.now().after(extra), &self.settings);
        let luck = context.luck().purpose(Purpose::Interarrival).at(1);
        let at = self.bursts.next(now, interval, settings, luck);
        context.wake_at(at, TICK, 0)
    }

    #[inline(always)]
    fn tick(&mut self, context: &mut Context<'_>) {
        let Some(luck) = self.luck else { return };
        if !self.straight && self.holds_back() {
            return self.plan_next(context, SimDuration::ZERO);
        }
        let n = self.ticks;
        self.ticks += 1;
        let chosen = events::choose(&self.events, |total| luck.event.below(n, total));
        if let Some(event) = chosen {
            let key = match self.keys.len() {
                0 => Key::default(),
                count => match self.settings.key_choice {
                    KeyChoice::Uniform => self.keys[luck.key.below(n, count as u32) as usize],
                    choice => self.keys[self.chooser.choose(choice, luck.key, n, count as u32)],
                },
            };
            let message = context.create(event.event_type, key, event.body);
            if self.straight {
                context.send_to_role(Role::Sends.number(), &message);
            } else {
                self.publish(context, &message);
            }
        }
        self.plan_next(context, SimDuration::ZERO);
    }

    #[inline(never)]
    fn emit_scheduled(&mut self, context: &mut Context<'_>, n: usize) {
        let Some(planned) = self.settings.schedule.get(n) else {
            return;
        };
        let event_type = context.event_type(&planned.event);
        let key = context.key(&planned.key);
        let headers = Value::Object(planned.headers.clone());
        let body = context.template_with(headers, planned.body.clone(), 1);
        let message = context.create(event_type, key, body);
        self.give(context, &message);
    }

    /// Sends an event that did not come at the pace.
    fn give(&mut self, context: &mut Context<'_>, message: &Message) {
        self.others += 1;
        if self.straight {
            context.send_to_role(Role::Sends.number(), message);
        } else {
            self.publish(context, message);
        }
    }

    #[inline(never)]
    fn emit_recorded(&mut self, context: &mut Context<'_>, n: usize) {
        let Some(recorded) = self.recorded.get(n) else {
            return;
        };
        let event_type = context.event_type(&recorded.event);
        let key = context.key(&recorded.key);
        let body = context.template(recorded.body.clone(), 1);
        let message = context.create(event_type, key, body);
        self.give(context, &message);
        self.plan_recorded(context, n + 1);
    }

    /// Plans an event of the recorded trace.
    fn plan_recorded(&self, context: &mut Context<'_>, n: usize) {
        if let Some(recorded) = self.recorded.get(n) {
            let word = u64::from(self.generation) << 32 | n as u64;
            context.wake_at(self.started.after(recorded.at), RECORDED, word);
        }
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
        let now = context.now();
        let mut recorded = self.recorded.iter();
        let is_past = |it: &Recorded| {
            let at = self.started.after(it.at);
            at < now || (at == now && changed)
        };
        let first = recorded.position(|it| !is_past(it));
        self.plan_recorded(context, first.unwrap_or(self.recorded.len()));
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
        self.give(context, arrival.message);
    }

    #[inline(never)]
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        self.returned += u64::from(matches!(signal, Signal::Returned(_)));
        if !self.down {
            self.heard(context, link, signal);
        }
    }

    #[inline]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            _ if self.down => {}
            TICK => self.tick(context),
            LINGER if word == u64::from(self.life) => self.linger_over(context),
            OVERDUE if word == u64::from(self.life) => self.check_overdue(context),
            LINGER | OVERDUE => {}
            RECORDED if word >> 32 == u64::from(self.generation) => {
                self.emit_recorded(context, word as u32 as usize);
            }
            RECORDED => {}
            _ if word >> 32 == u64::from(self.generation) => {
                self.emit_scheduled(context, word as u32 as usize);
            }
            _ => {}
        }
    }

    /// The time until the next event starts anew; of a schedule counts what is still to come.
    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        self.learn(context);
        self.plan_schedule(context);
        if !self.down {
            self.flush(context);
        }
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
                let reason = match fault {
                    Fault::Remove => Reason::Removal,
                    _ => Reason::Crash,
                };
                self.lose_memory(context, reason);
            }
            Fault::Restart if self.down => {
                self.down = false;
                context.record_node(What::Restarted);
                self.plan_next(context, SimDuration::ZERO);
            }
            _ => {}
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        self.forget_links(context);
    }

    fn holdings(&self) -> Holdings {
        Holdings {
            in_flight: self.publisher.held.len() as u64,
            ..Holdings::default()
        }
    }

    fn bytes(&self) -> usize {
        let planned = self.settings.schedule.len() + self.recorded.len();
        self.events.len() * 12 + self.keys.len() * 4 + planned * 96 + self.publisher.bytes()
    }
}
