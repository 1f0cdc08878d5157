//! What a client has of each partition: batches that fill, wait, and are sent again, and the
//! partition to which it sticks.

use std::collections::VecDeque;

use super::super::settings::{Acks, Settings};
use super::requests::Request;
use super::sequences::{Place, Sequences};
use crate::engine::{LinkIndex, Message, MessageId, Reason, Ticket};
use crate::units::{SimDuration, SimTime};

/// Longest time until something is sent again, unless the first is longer
/// (`retry.backoff.max.ms`).
const BACKOFF_MOST: SimDuration = SimDuration::from_secs(1);

/// Records that go to a partition together.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) records: Vec<Message>,
    /// Those of them, as they came, whose senders want to hear what becomes of them.
    pub(super) asks: Vec<MessageId>,
    /// When its first record came.
    pub(super) since: SimTime,
    /// The number of its first record, once it was sent by an idempotent client, and how many
    /// numbers it has.
    pub(super) sequence: Option<u64>,
    pub(super) count: u64,
    /// How often it failed, why the last time, and when it is sent again.
    pub(super) failures: u16,
    pub(super) why: Reason,
    pub(super) not_before: SimTime,
    /// Where it lies in the log: then its records are only what could be sent again.
    pub(super) place: Option<Place>,
    /// Its records that lay there and that another leader does not have.
    pub(super) cut_off: Vec<Message>,
}

impl Batch {
    fn new(since: SimTime) -> Self {
        Self {
            records: Vec::new(),
            asks: Vec::new(),
            since,
            sequence: None,
            count: 0,
            failures: 0,
            why: Reason::Age,
            not_before: since,
            place: None,
            cut_off: Vec::new(),
        }
    }

    /// Whether it gets no more records.
    fn is_closed(&self, most: u64) -> bool {
        self.failures > 0 || self.records.len() as u64 >= most
    }

    /// The records that the client answers for.
    pub(super) fn held(&self) -> &[Message] {
        match self.place {
            None => &self.records,
            Some(_) => &[],
        }
    }

    /// Whether it has a record at this offset of the log.
    pub(super) fn is_at(&self, offset: u64) -> bool {
        self.place
            .is_some_and(|(from, to)| (from..to).contains(&offset))
    }

    /// It failed, and is to be sent again after a while that doubles each time.
    pub(super) fn fail(&mut self, now: SimTime, why: Reason, settings: &Settings) {
        let first = settings.retry_backoff.nanos();
        let doubled = first.saturating_mul(1 << self.failures.min(32));
        let most = BACKOFF_MOST.nanos().max(first);
        self.failures = self.failures.saturating_add(1);
        self.why = why;
        self.not_before = now.after(SimDuration::from_nanos(doubled.min(most)));
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, now: SimTime, settings: &Settings) -> bool {
        self.since.after(settings.delivery_timeout) <= now
    }
}

/// What a client has for a partition.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    pub(super) queue: VecDeque<Batch>,
    /// The first numbers of the batches in flight.
    flying: Vec<u64>,
    /// The next number.
    next: u64,
    /// Whether a batch was given up of which nobody knows whether it is in the log.
    pub(super) is_unresolved: bool,
    /// What brokers remember.
    pub(super) sequences: Sequences,
}

impl Lane {
    /// When its first batch can be sent as far as time goes; never if it has none.
    pub(super) fn ready_at(&self, settings: &Settings) -> Option<SimTime> {
        let first = self.queue.front()?;
        let waits = self.queue.len() == 1 && !first.is_closed(settings.batch_most());
        Some(match waits {
            true => first.since.after(settings.linger),
            false => first.not_before,
        })
    }

    /// Whether its first batch can be sent now, as far as the partition goes.
    pub(super) fn is_ready(&self, now: SimTime, settings: &Settings) -> bool {
        if self.ready_at(settings).is_none_or(|at| at > now) {
            return false;
        }
        let sequence = self.queue.front().and_then(|first| first.sequence);
        let must_wait = settings.max_in_flight == 1 || self.is_unresolved;
        // What is sent again waits for those before it.
        let is_behind = sequence.is_some_and(|own| self.flying.iter().any(|other| *other < own));
        !is_behind && (self.flying.is_empty() || !must_wait)
    }

    /// Takes the first batch out to send it.
    pub(super) fn fly(&mut self, settings: &Settings) -> Option<Batch> {
        if self.is_unresolved {
            self.is_unresolved = false;
            self.sequences.forget();
        }
        let mut batch = self.queue.pop_front()?;
        if batch.sequence.is_none() && settings.is_idempotent() {
            batch.count = batch.records.len() as u64;
            batch.sequence = Some(self.next);
            self.next += batch.count;
        }
        if settings.acks != Acks::None {
            self.flying.push(batch.sequence.unwrap_or(0));
        }
        Some(batch)
    }

    /// A batch is not in flight any more.
    pub(super) fn land(&mut self, batch: &Batch) {
        let number = batch.sequence.unwrap_or(0);
        if let Some(at) = self.flying.iter().position(|it| *it == number) {
            self.flying.swap_remove(at);
        }
    }

    /// A batch is to be sent again. With a number it goes to its place, else before all others,
    /// also before one that failed earlier.
    pub(super) fn put_back(&mut self, batch: Batch) {
        let later = |other: &Batch| match (batch.sequence, other.sequence) {
            (Some(own), Some(other)) => other > own,
            _ => true,
        };
        let at = self.queue.iter().position(later);
        self.queue.insert(at.unwrap_or(self.queue.len()), batch);
    }
}

/// The producer at the end of a link, as the log knows it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Along which its records come; none if they are put there by hand.
    pub(super) link: Option<LinkIndex>,
    pub(super) lanes: Vec<Lane>,
    /// In the order in which they were sent.
    pub(super) requests: Vec<Request>,
    /// Whether what it sends takes time, or some of it is still on its way that did.
    pub(super) sends_requests: bool,
    /// When something is to be done.
    pub(super) planned: Option<(SimTime, Ticket)>,
    /// Whether somebody looks for what is to be given up.
    pub(super) gives_up: bool,
    /// To which partition it sticks without a key, and how many records it has put there.
    sticky: Option<(u32, u64)>,
}

impl Client {
    pub(super) fn new(link: Option<LinkIndex>) -> Self {
        Self {
            link,
            lanes: Vec::new(),
            requests: Vec::new(),
            sends_requests: false,
            planned: None,
            gives_up: false,
            sticky: None,
        }
    }

    /// The partition for a record without a key: the same until a batch full of records was put
    /// there and none of it still waits to be filled (KIP-794, KAFKA-14156), then any.
    pub(super) fn stick(&mut self, settings: &Settings, any: impl FnOnce() -> u32) -> u32 {
        let most = settings.batch_most();
        let lanes = &self.lanes;
        let stays = |(partition, put): &(u32, u64)| {
            let last = lanes[*partition as usize].queue.back();
            let fills = last.is_some_and(|last| !last.is_closed(most));
            *put < most || fills && *put < 2 * most
        };
        let (partition, put) = self.sticky.filter(stays).unwrap_or_else(|| (any(), 0));
        self.sticky = Some((partition, put + 1));
        partition
    }

    /// Puts a record into the last batch of its partition, or a new one. Whether it is a new one.
    pub(super) fn add(
        &mut self,
        now: SimTime,
        settings: &Settings,
        (message, partition, asks): (&Message, u32, bool),
    ) -> bool {
        let queue = &mut self.lanes[partition as usize].queue;
        let most = settings.batch_most();
        let opens = queue.back().is_none_or(|last| last.is_closed(most));
        if opens {
            queue.push_back(Batch::new(now));
        }
        if let Some(last) = queue.back_mut() {
            last.records.push(*message);
            if asks {
                last.asks.push(message.id);
            }
        }
        opens
    }

    /// How many requests to a broker wait for their answers.
    pub(super) fn in_flight(&self, broker: u32) -> usize {
        let to = |request: &&Request| request.broker == broker && request.wants_answer;
        self.requests.iter().filter(to).count()
    }

    /// All batches: first what is in flight.
    pub(super) fn batches(&self) -> impl Iterator<Item = &Batch> {
        let parts = self.requests.iter().flat_map(|request| &request.parts);
        let queued = self.lanes.iter().flat_map(|lane| &lane.queue);
        parts.map(|part| &part.batch).chain(queued)
    }

    /// All batches for a partition.
    pub(super) fn batches_of(&mut self, partition: u32) -> impl Iterator<Item = &mut Batch> {
        let parts = self.requests.iter_mut().flat_map(|it| &mut it.parts);
        let parts = parts.filter(move |part| part.partition == partition);
        let lane = self.lanes.get_mut(partition as usize);
        let queued = lane.into_iter().flat_map(|lane| &mut lane.queue);
        parts.map(|part| &mut part.batch).chain(queued)
    }

    /// Whether it has nothing to do.
    pub(super) fn is_idle(&self) -> bool {
        self.batches().next().is_none()
    }
}
