//! Messages on links: each a token, or a flow with samples where there are many.

use super::{Flow, LinkLine, Look, Token};
use crate::engine::{Cargo, LinkIndex, Message, MessageId, Transit};
use crate::units::SimTime;

/// Up to this many on one link, each is drawn.
pub(super) const EACH_MOST: u32 = 30;
/// Most dots on one link that shows a sample, and how far they are from each other if they are
/// spread evenly.
const SAMPLE_MOST: f64 = 36.0;
const SAMPLE_PITCH: f64 = 21.0;
/// Most dots in one frame.
const DOTS_MOST: usize = 1_500;

/// What is on the links of a frame, counted in a first pass over all that travels.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    loads: Vec<Load>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Load {
    /// The place of the link's line in the scene, from 1; zero if it is not drawn.
    line: u32,
    messages: u32,
    answers: u32,
    troubled: u32,
    travel_nanos: u64,
    /// Every how many messages one is drawn.
    stride: u64,
}

impl Load {
    /// Every how many messages one is drawn on a link of this length: a power of two, so that few
    /// change when it does.
    fn stride(&self, length: f64) -> u64 {
        if self.messages <= EACH_MOST {
            1
        } else {
            let most = (length / SAMPLE_PITCH).clamp(4.0, SAMPLE_MOST) as u32;
            u64::from(self.messages.div_ceil(most)).next_power_of_two()
        }
    }
}

impl Traffic {
    /// Forgets the last frame.
    pub(super) fn clear(&mut self) {
        self.loads.clear();
    }

    /// Says that line number `line` of the scene shows a link.
    pub(super) fn draw_link(&mut self, link: LinkIndex, line: usize) {
        let place = link.0 as usize;
        if self.loads.len() <= place {
            self.loads.resize(place + 1, Load::default());
        }
        self.loads[place].line = line as u32 + 1;
    }

    /// Counts what travels. Gives how many messages there are.
    pub(super) fn count<'a>(&mut self, transits: impl Iterator<Item = &'a Transit>) -> u64 {
        let mut messages = 0;
        for transit in transits {
            let is_message = matches!(transit.cargo, Cargo::Message(..));
            messages += u64::from(is_message);
            let Some(load) = self.loads.get_mut(transit.link.0 as usize) else {
                continue;
            };
            if let Cargo::Message(message, ..) = transit.cargo {
                load.messages += 1;
                load.troubled += u32::from(has_past(&message));
                load.travel_nanos += transit.arrives.since(transit.departed).nanos();
            } else {
                load.answers += 1;
            }
        }
        messages
    }

    /// Turns crowded links into flows, or in a `still` picture all that carry something. Says
    /// whether there are any.
    pub(super) fn make_flows(&mut self, lines: &mut [LinkLine], still: bool) -> bool {
        let most = if still { 0 } else { EACH_MOST };
        let mut any = false;
        for load in &mut self.loads {
            let line = lines.get((load.line as usize).wrapping_sub(1));
            load.stride = load.stride(line.map_or(0.0, |line| line.curve.length()));
        }
        for load in self.loads.iter().filter(|load| load.messages > most) {
            let Some(line) = (load.line as usize).checked_sub(1) else {
                continue;
            };
            let messages = f64::from(load.messages);
            let mean_secs = load.travel_nanos as f64 / messages / 1e9;
            lines[line].flow = Some(Flow {
                width: 3.0 + 2.2 * libm::log2(messages / f64::from(most.max(1))).max(0.0),
                trouble: f64::from(load.troubled) / messages,
                in_flight: u64::from(load.messages),
                per_second: if mean_secs > 0.0 {
                    messages / mean_secs
                } else {
                    0.0
                },
            });
            any = true;
        }
        any
    }

    /// The tokens of the frame at `now`. A followed message is always among them.
    pub(super) fn tokens<'a>(
        &self,
        transits: impl Iterator<Item = &'a Transit>,
        lines: &[LinkLine],
        now: SimTime,
        followed: Option<u64>,
        into: &mut Vec<Token>,
    ) {
        for transit in transits {
            let Some(load) = self.loads.get(transit.link.0 as usize) else {
                continue;
            };
            let Some(line) = (load.line as usize).checked_sub(1) else {
                continue;
            };
            let message = match &transit.cargo {
                Cargo::Message(message, ..) => Some(message),
                Cargo::Signal(_) => None,
            };
            let is_followed = message.is_some_and(|message| followed == Some(message.root));
            let is_drawn = match message {
                Some(message) => mixed(message.id) & (load.stride - 1) == 0,
                None => load.messages + load.answers <= EACH_MOST,
            };
            if is_followed || (is_drawn && into.len() < DOTS_MOST) {
                into.push(token(transit, message, &lines[line], now, is_followed));
            }
        }
    }
}

fn token(
    transit: &Transit,
    message: Option<&Message>,
    line: &LinkLine,
    now: SimTime,
    followed: bool,
) -> Token {
    let whole = transit.arrives.since(transit.departed).nanos().max(1) as f64;
    let gone = now.since(transit.departed).nanos() as f64 / whole;
    let part = if transit.backward { 1.0 - gone } else { gone };
    Token {
        at: line.curve.at(part),
        angle: line.curve.angle(part),
        look: message.map(look),
        message: message.map_or(MessageId(0), |message| message.id),
        followed,
    }
}

fn look(message: &Message) -> Look {
    Look {
        event_type: message.event_type.0,
        redelivered: message.attempt > 1,
        duplicate: message.duplicate,
        dead: message.dead,
    }
}

fn has_past(message: &Message) -> bool {
    message.attempt > 1 || message.duplicate || message.dead
}

/// The id with its bits mixed, so that samples do not follow the order in which copies were made.
fn mixed(id: MessageId) -> u64 {
    id.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}
