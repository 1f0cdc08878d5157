//! The producer's side: records wait in batches, batches travel in requests, and what fails is sent
//! again.
//!
//! It follows Kafka's producer: RecordAccumulator, Sender, and the sequence numbers of the
//! idempotent producer. If nothing lingers and requests take no time none of this runs, and
//! records go the straight way. Each link that brings records is a client of its own, with a
//! connection to every broker. Left out: how much memory a client has, the most bytes of a request,
//! and that a client prefers quick brokers.

mod batches;
mod requests;
mod sequences;

use batches::{Batch, Client};
use requests::{Fate, Part, Request, Stage};
pub(super) use sequences::REMEMBERED;
use sequences::{Place, Verdict};

use super::behaviour::{CLIENT, CLIENT_GIVES_UP, PartitionedLog};
use super::confirms::Ask;
use super::settings::{Acks, Keyless, Settings};
use crate::engine::{Arrival, Context, Key, LinkIndex, Message, MessageId, Reason, What};
use crate::units::{Purpose, SimDuration, SimTime};

/// The clients of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients {
    list: Vec<Client>,
}

impl Clients {
    /// The client at the end of a link; it is made if there is none.
    fn of(&mut self, link: Option<LinkIndex>) -> usize {
        let known = self.list.iter().position(|client| client.link == link);
        known.unwrap_or_else(|| {
            self.list.push(Client::new(link));
            self.list.len() - 1
        })
    }

    fn batches(&self) -> impl Iterator<Item = &Batch> {
        self.list.iter().flat_map(Client::batches)
    }

    /// The records that clients hold back, or that are on their way.
    pub(super) fn held(&self) -> impl Iterator<Item = &Message> {
        self.batches().flat_map(Batch::held)
    }

    /// How many there are of them.
    pub(super) fn count(&self) -> u64 {
        self.batches().map(|batch| batch.held().len() as u64).sum()
    }

    /// How many records wait in batches to be sent, and how many requests are on their way.
    pub(super) fn waiting(&self) -> (u64, u64) {
        let lanes = self.list.iter().flat_map(|client| &client.lanes);
        let queued = lanes.flat_map(|lane| &lane.queue);
        let requests = self.list.iter().map(|client| client.requests.len() as u64);
        let records = queued.map(|batch| batch.records.len() as u64);
        (records.sum(), requests.sum())
    }

    /// Whether no client has anything to do.
    fn are_idle(&self) -> bool {
        self.list.iter().all(Client::is_idle)
    }

    /// Bytes of it, roughly.
    pub(super) fn bytes(&self) -> usize {
        let of = |batch: &Batch| size_of::<Batch>() + batch.records.len() * size_of::<Message>();
        self.batches().map(of).sum()
    }

    /// The batch of a client that waits for an answer, or sends again, what lies at an offset of a
    /// partition.
    fn waiting_for(&mut self, partition: u32, offset: u64) -> Option<&mut Batch> {
        let mut batches = self.list.iter_mut().flat_map(|it| it.batches_of(partition));
        batches.find(|batch| batch.is_at(offset))
    }

    /// Whether a client sends a record again by itself.
    pub(super) fn sends_again(&mut self, partition: u32, offset: u64) -> bool {
        self.waiting_for(partition, offset).is_some()
    }

    /// Another broker leads a partition and does not have this record. Whether a client has not
    /// heard of it yet: then it has it back.
    pub(super) fn take_back(&mut self, partition: u32, offset: u64, message: &Message) -> bool {
        let batch = self.waiting_for(partition, offset);
        batch.map(|batch| batch.cut_off.push(*message)).is_some()
    }

    /// Another broker leads a partition, and has only what lies before `end`.
    pub(super) fn cut_off(&mut self, partition: u32, end: u64) {
        for client in &mut self.list {
            if let Some(lane) = client.lanes.get_mut(partition as usize) {
                lane.sequences.cut_off(end);
            }
            let batches = client.batches_of(partition);
            for batch in batches.filter(|batch| !batch.cut_off.is_empty()) {
                batch.records = std::mem::take(&mut batch.cut_off);
                batch.place = None;
            }
        }
    }
}

impl PartitionedLog {
    /// Finds out whether records go through batches.
    pub(super) fn fit_clients(&mut self) {
        self.by_batches = self.settings.has_batches() || !self.clients.are_idle();
    }

    /// Clients see what brokers there are now.
    pub(super) fn tend_clients(&mut self, context: &mut Context<'_>) {
        self.look_at_requests(context);
        for c in 0..self.clients.list.len() {
            self.tend_client(context, c);
        }
    }

    /// Puts a record into a batch of the client that it comes from.
    #[inline(never)]
    pub(super) fn produce(
        &mut self,
        context: &mut Context<'_>,
        arrival: &Arrival<'_>,
        ask: Option<Ask>,
    ) {
        let (message, now) = (arrival.message, context.now());
        let count = self.topic.partitions.len();
        let c = self.clients.of(arrival.link);
        let client = &mut self.clients.list[c];
        client.lanes.resize_with(count, Default::default);
        client.sends_requests |= !self.settings.request_time.is_zero();
        let sticks = message.key == Key::default() && self.settings.keyless == Keyless::Sticky;
        let partition = match sticks {
            true => client.stick(&self.settings, || {
                let luck = context.luck().purpose(Purpose::Partition);
                luck.at(message.root).below(0, count as u32)
            }),
            false => self.topic.choose(context, &self.settings, message),
        };
        context.record(What::Queued, message);
        let opens = client.add(now, &self.settings, (message, partition, ask.is_some()));
        if let Some(mut ask) = ask {
            ask.partition = partition;
            self.asks.add(ask);
        }
        self.send_ready(context, c, partition as usize..partition as usize + 1);
        let client = &mut self.clients.list[c];
        if opens {
            let lane = &client.lanes[partition as usize];
            if let Some(at) = lane.ready_at(&self.settings).filter(|at| *at > now) {
                plan(context, client, c, at);
            }
            if !std::mem::replace(&mut client.gives_up, true) {
                let stays = self.settings.delivery_timeout;
                context.wake_after(stays, CLIENT_GIVES_UP, c as u64);
            }
        }
    }

    /// A moment came for which a client had planned something.
    pub(super) fn wake_client(&mut self, context: &mut Context<'_>, c: usize) {
        if let Some(client) = self.clients.list.get_mut(c) {
            client.planned = None;
            self.tend_client(context, c);
        }
    }

    /// Gets on with what is due, and sends what can be sent.
    fn tend_client(&mut self, context: &mut Context<'_>, c: usize) {
        let now = context.now();
        let is_due = |request: &Request| request.due <= now;
        while let Some(n) = self.clients.list[c].requests.iter().position(is_due) {
            let request = self.clients.list[c].requests.remove(n);
            if let Some(request) = self.go_on(context, c, request) {
                self.clients.list[c].requests.insert(n, request);
            }
        }
        let lanes = self.clients.list[c].lanes.len();
        self.send_ready(context, c, 0..lanes);
        let client = &mut self.clients.list[c];
        if client.is_idle() {
            client.sends_requests = false;
            return self.fit_clients();
        }
        let due = client.requests.iter().map(|request| request.due);
        let ready = client.lanes.iter();
        let ready = ready.filter_map(|lane| lane.ready_at(&self.settings));
        // What is ready and was not sent waits for something else to happen.
        let next = due.chain(ready.filter(|at| *at > now)).min();
        if let Some(next) = next.filter(|next| *next < SimTime::MAX) {
            plan(context, client, c, next);
        }
    }

    /// Sends batches of some partitions that are ready, as far as there can be more in flight: a
    /// request for each broker, and another one as long as there is something.
    fn send_ready(&mut self, context: &mut Context<'_>, c: usize, lanes: std::ops::Range<usize>) {
        let now = context.now();
        loop {
            let mut requests: Vec<Request> = Vec::new();
            let mut has_sent = false;
            for partition in lanes.clone() {
                let client = &mut self.clients.list[c];
                if !client.lanes[partition].is_ready(now, &self.settings) {
                    continue;
                }
                if !client.sends_requests {
                    self.append_batch(context, c, partition);
                    has_sent = true;
                    continue;
                }
                // Without a leader there is nobody to send to.
                let lane = &self.topic.partitions[partition];
                let Some(broker) = lane.leader_broker().filter(|_| lane.is_served()) else {
                    continue;
                };
                let most = self.settings.max_in_flight as usize;
                if client.in_flight(broker) >= most && self.settings.acks != Acks::None {
                    continue;
                }
                let Some(mut batch) = client.lanes[partition].fly(&self.settings) else {
                    continue;
                };
                repeat(context, &mut batch);
                let part = Part {
                    partition: partition as u32,
                    batch,
                    refused: None,
                };
                match requests.iter_mut().find(|it| it.broker == broker) {
                    Some(request) => request.parts.push(part),
                    None => requests.push(self.request(context, c, broker, part)),
                }
            }
            has_sent |= !requests.is_empty();
            let client = &mut self.clients.list[c];
            for request in requests {
                plan(context, client, c, request.due);
                client.requests.push(request);
            }
            if !has_sent {
                return;
            }
        }
    }

    /// A request, with what becomes of it.
    fn request(&self, context: &Context<'_>, c: usize, broker: u32, first: Part) -> Request {
        let settings = &self.settings;
        let (now, batch) = (context.now(), &first.batch);
        let client = self.clients.list[c]
            .link
            .map_or(0, |link| 1 + u64::from(link.0));
        let luck = context.luck().purpose(Purpose::Request).at(client);
        let root = batch.records.first().map_or(0, |message| message.root);
        let luck = luck.attempt(root, batch.failures);
        let fate = match settings.request_time.is_zero() {
            false if settings.request_loss.happens(luck.draw(0)) => Fate::Lost,
            false if settings.answer_loss.happens(luck.draw(1)) => Fate::Unanswered,
            _ => Fate::Arrives,
        };
        let wants_answer = settings.acks != Acks::None;
        // A client hears of a request that got lost when the answer should have come.
        let time = match fate == Fate::Lost && wants_answer {
            true => settings.request_time,
            false => half(settings.request_time),
        };
        // A connection keeps its order.
        let earlier = self.clients.list[c].requests.iter();
        let earlier = earlier.filter(|it| it.broker == broker && it.stage == Stage::Goes);
        let last = earlier.map(|it| it.due).max().unwrap_or(now);
        Request {
            broker,
            stage: Stage::Goes,
            due: match fate {
                Fate::Lost => now.after(time),
                _ => now.after(time).max(last),
            },
            fate,
            wants_answer,
            parts: vec![first],
        }
    }

    /// The first batch of a partition is in the log at once, or held back until a broker takes it.
    fn append_batch(&mut self, context: &mut Context<'_>, c: usize, partition: usize) {
        let Some(batch) = self.clients.list[c].lanes[partition].queue.pop_front() else {
            return;
        };
        let n = partition as u32;
        if self.is_open(n) {
            let mut asks = batch.asks.iter().peekable();
            for message in &batch.records {
                self.write(context, message, n, true);
                let end = self.topic.partitions[partition].store.end();
                if asks.next_if_eq(&&message.id).is_some() {
                    self.asks.appended(message.id, end.saturating_sub(1));
                }
            }
            self.written(context, n);
            return self.answer_asks(context);
        }
        for message in &batch.records {
            match self.settings.acks {
                Acks::None => context.record_waiting(What::Dropped, message, Reason::NoLeader),
                _ => self.hold(context, message, n),
            }
        }
    }

    /// A request gets to the broker, or its answer to the client. What is left of it.
    fn go_on(
        &mut self,
        context: &mut Context<'_>,
        c: usize,
        mut request: Request,
    ) -> Option<Request> {
        match request.stage {
            Stage::Goes if request.fate != Fate::Lost => {
                for part in &mut request.parts {
                    part.refused = self.offer(context, c, request.broker, part).err();
                }
                if request.wants_answer {
                    request.stage = Stage::Waits;
                    request.due = SimTime::MAX;
                    self.look_at_request(context.now(), &mut request);
                    return Some(request);
                }
            }
            Stage::Goes | Stage::Returns => {}
            Stage::Waits => return Some(request),
        }
        let lost = match request.fate {
            Fate::Arrives => None,
            Fate::Lost => Some(Reason::RequestLost),
            Fate::Unanswered => Some(Reason::AnswerLost).filter(|_| request.wants_answer),
        };
        for part in request.parts {
            if request.wants_answer {
                self.clients.list[c].lanes[part.partition as usize].land(&part.batch);
            }
            match lost.or(part.refused) {
                None => self.tell(context, &part.batch.asks, true),
                Some(why) if request.wants_answer => self.fail(context, c, why, part),
                Some(why) => self.abandon(context, c, part.partition, part.batch, why),
            }
        }
        None
    }

    /// A broker gets a batch.
    fn offer(
        &mut self,
        context: &mut Context<'_>,
        c: usize,
        broker: u32,
        part: &mut Part,
    ) -> Result<(), Reason> {
        let n = part.partition as usize;
        let leader = self.topic.partitions[n].leader_broker();
        if leader != Some(broker) || !self.is_open(part.partition) {
            return Err(Reason::NoLeader);
        }
        let batch = &mut part.batch;
        let known = &self.clients.list[c].lanes[n].sequences;
        let verdict = batch
            .sequence
            .map_or(Verdict::Next, |first| known.judge(first));
        batch.place = Some(match verdict {
            Verdict::Gap => return Err(Reason::OutOfOrder),
            Verdict::Known(place) => {
                for message in &batch.records {
                    context.record_waiting(What::Done, message, Reason::Duplicate);
                }
                place
            }
            Verdict::Next => self.take_in(context, part.partition, batch),
        });
        if let (Verdict::Next, Some(first), Some(place)) = (verdict, batch.sequence, batch.place) {
            let sequences = &mut self.clients.list[c].lanes[n].sequences;
            sequences.take(first, batch.count, place);
        }
        Ok(())
    }

    /// Appends a batch as one. Where it lies then.
    fn take_in(&mut self, context: &mut Context<'_>, partition: u32, batch: &mut Batch) -> Place {
        let from = self.topic.partitions[partition as usize].store.end();
        batch
            .records
            .retain(|message| self.write(context, message, partition, true));
        self.written(context, partition);
        (from, self.topic.partitions[partition as usize].store.end())
    }

    /// What waits at brokers may be safe now, or never will be.
    pub(super) fn look_at_requests(&mut self, context: &mut Context<'_>) {
        for c in 0..self.clients.list.len() {
            let mut requests = std::mem::take(&mut self.clients.list[c].requests);
            for request in &mut requests {
                if self.look_at_request(context.now(), request) {
                    plan(context, &mut self.clients.list[c], c, request.due);
                }
            }
            self.clients.list[c].requests = requests;
        }
    }

    /// If a broker has the answer to a request, that goes back.
    fn look_at_request(&self, now: SimTime, request: &mut Request) -> bool {
        if request.stage != Stage::Waits {
            return false;
        }
        let (broker, mut waits) = (request.broker, false);
        for part in request.parts.iter_mut().filter(|it| it.refused.is_none()) {
            let lane = &self.topic.partitions[part.partition as usize];
            if !lane.is_served() || lane.leader_broker() != Some(broker) {
                part.refused = Some(Reason::NoLeader);
            } else if part.batch.is_over(now, &self.settings) {
                part.refused = Some(Reason::Age);
            } else if self.settings.acks == Acks::All {
                waits |= part.batch.place.is_some_and(|place| place.1 > lane.high());
            }
        }
        if !waits {
            request.stage = Stage::Returns;
            request.due = now.after(rest(self.settings.request_time));
        }
        !waits
    }

    /// A batch is to be sent again, if there is still time.
    fn fail(&mut self, context: &mut Context<'_>, c: usize, why: Reason, part: Part) {
        let (now, mut batch) = (context.now(), part.batch);
        if batch.is_over(now, &self.settings) {
            return self.abandon(context, c, part.partition, batch, why);
        }
        batch.fail(now, why, &self.settings);
        self.clients.list[c].lanes[part.partition as usize].put_back(batch);
    }

    /// A client gives up a batch.
    fn abandon(
        &mut self,
        context: &mut Context<'_>,
        c: usize,
        partition: u32,
        batch: Batch,
        why: Reason,
    ) {
        for message in batch.held() {
            context.record_waiting(What::Dropped, message, why);
        }
        let lane = &mut self.clients.list[c].lanes[partition as usize];
        lane.is_unresolved |= batch.sequence.is_some();
        self.tell(context, &batch.asks, false);
    }

    fn tell(&mut self, context: &mut Context<'_>, asks: &[MessageId], taken: bool) {
        for message in asks {
            self.asks.settle(context, *message, taken);
        }
    }

    /// A client gives up what it has tried for too long.
    pub(super) fn give_up_batches(&mut self, context: &mut Context<'_>, c: usize) {
        let now = context.now();
        let Some(client) = self.clients.list.get_mut(c) else {
            return;
        };
        client.gives_up = false;
        for partition in 0..client.lanes.len() {
            let is_served = self.topic.partitions[partition].is_served();
            while let Some(batch) = self.clients.list[c].lanes[partition]
                .queue
                .pop_front_if(|batch| batch.is_over(now, &self.settings))
            {
                let why = match is_served {
                    true => batch.why,
                    false => Reason::NoLeader,
                };
                self.abandon(context, c, partition as u32, batch, why);
            }
        }
        self.look_at_requests(context);
        self.tend_client(context, c);
        let client = &mut self.clients.list[c];
        // What is over and still on its way is given up when it is back.
        let batches = client.batches();
        let open = batches.filter(|batch| !batch.is_over(now, &self.settings));
        if let Some(oldest) = open.map(|batch| batch.since).min() {
            client.gives_up = true;
            let at = oldest.after(self.settings.delivery_timeout);
            context.wake_at(at, CLIENT_GIVES_UP, c as u64);
        }
    }

    /// Clients lose all that they have.
    pub(super) fn clear_clients(&mut self, context: &mut Context<'_>) {
        for message in std::mem::take(&mut self.clients).held() {
            context.record_waiting(What::Dropped, message, Reason::Removal);
        }
    }
}

/// What is sent again is told so. What lies in the log already is from now on there twice, unless
/// it is recognised.
fn repeat(context: &mut Context<'_>, batch: &mut Batch) {
    if batch.failures == 0 {
        return;
    }
    let is_there = batch.place.take().is_some();
    for message in &mut batch.records {
        if is_there {
            *message = context.copy(message);
            message.duplicate = true;
            context.record(What::Queued, message);
        }
        context.record_because(What::Retried, message, batch.why);
    }
}

/// Has a client woken at a moment, unless it is before.
fn plan(context: &mut Context<'_>, client: &mut Client, c: usize, at: SimTime) {
    if let Some((planned, ticket)) = client.planned {
        if planned <= at {
            return;
        }
        context.cancel(ticket);
    }
    client.planned = Some((at, context.wake_at(at, CLIENT, c as u64)));
}

/// The way there.
fn half(time: SimDuration) -> SimDuration {
    SimDuration::from_nanos(time.nanos() / 2)
}

/// The way back.
fn rest(time: SimDuration) -> SimDuration {
    SimDuration::from_nanos(time.nanos() - time.nanos() / 2)
}

impl Settings {
    /// Whether records go through batches.
    pub(super) fn has_batches(&self) -> bool {
        !self.linger.is_zero() || !self.request_time.is_zero()
    }

    /// Most records of a batch.
    pub(super) fn batch_most(&self) -> u64 {
        u64::from(self.batch_bytes / self.record_bytes).max(1)
    }

    /// Whether what clients send again is recognised. They switch that off by themselves if fewer
    /// than all must have a record.
    #[inline]
    pub(super) fn is_idempotent(&self) -> bool {
        self.idempotent && self.acks == Acks::All
    }
}
