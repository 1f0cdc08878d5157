//! Transactions: which there are, who decides them, and what that means for the records.
//!
//! It follows Apache Kafka 4.0 (KIP-98, KIP-447). The log that lends to a service coordinates its
//! transactions: it hears from every log that is written to, and decides once, when it also commits
//! what the service read. That the decision is known everywhere at the same instant takes markers:
//! each partition gets one, and until it has it nothing behind the first open record counts as
//! stable. Whatever the log's settings say, records of transactions are taken as with `acks=all`
//! and from an idempotent producer. Left out: transactions of producers that read no log, and a
//! coordinator that fails by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::PartitionedLog;
use super::settings::Sharing;
use crate::engine::{
    Arrival, Context, LinkIndex, MessageId, NodeIndex, Outcome, Reason, Signal, Ticket, What,
};
use crate::nodes::Role;
use crate::nodes::shared::transaction::{Coordinates, Transaction, Transacts, is_after};

/// A transaction may have taken too long; the word is its link and number.
pub(super) const EXPIRE: u32 = 40;

/// Transactions of which a log knows.
#[derive(Clone, Default)]
pub(super) struct Transactions {
    /// Those that it coordinates: the latest of each service to which it lends.
    producers: Vec<Producer>,
    /// Those whose records it has: the latest of each service, and whether it was decided.
    written: Vec<(Transaction, bool)>,
    /// Records that transactions added which were aborted.
    pub(super) aborted: u64,
}

/// A service that works in transactions.
#[derive(Clone)]
struct Producer {
    link: LinkIndex,
    session: u32,
    number: u32,
    decided: Option<Outcome>,
    /// What was read in it.
    messages: BTreeSet<MessageId>,
    /// The logs with records of it.
    logs: Vec<NodeIndex>,
    expires: Option<Ticket>,
}

impl Transactions {
    /// How many transactions are open that this log coordinates.
    #[cfg(test)]
    pub(super) fn open(&self) -> usize {
        let open = |it: &&Producer| it.decided.is_none();
        self.producers.iter().filter(open).count()
    }

    /// How many transactions with records here are open, and how many records were aborted;
    /// nothing while no transaction ever had records here.
    pub(super) fn told(&self) -> Option<(usize, u64)> {
        let open = self.written.iter().filter(|(_, decided)| !decided).count();
        (!self.written.is_empty()).then_some((open, self.aborted))
    }

    /// Bytes of it, roughly.
    pub(super) fn bytes(&self) -> usize {
        let of = |it: &Producer| size_of::<Producer>() + it.messages.len() * 16;
        self.producers.iter().map(of).sum::<usize>() + self.written.len() * 16
    }

    fn producer(&mut self, link: LinkIndex) -> Option<&mut Producer> {
        self.producers.iter_mut().find(|it| it.link == link)
    }
}

/// What a log does with records of transactions.
impl PartitionedLog {
    /// Tells those who write to it and read from it that it takes part in transactions.
    pub(super) fn post_transactions(&self, context: &mut Context<'_>) {
        let by_records = |sharing: Sharing| sharing == Sharing::Records;
        let shares_records = by_records(self.settings.sharing);
        let is_otherwise =
            |name: &str| by_records(self.settings.rules(name).sharing) != shares_records;
        let names = self.settings.groups.iter().map(|group| &group.name);
        context.post(Arc::new(Coordinates {
            timeout: self.settings.transaction_timeout,
            shares_records,
            except: names.filter(|name| is_otherwise(name)).cloned().collect(),
        }));
    }

    /// The transaction to which something belongs that came from the service itself.
    pub(super) fn transaction_of(
        &self,
        context: &Context<'_>,
        arrival: &Arrival<'_>,
    ) -> Option<Transaction> {
        let transaction = Transaction::of(arrival.word)?;
        let service = context.target(transaction.link);
        (context.source(arrival.link?) == service).then_some(transaction)
    }

    /// Whether a record of a transaction comes too late: its coordinator is gone, or it was
    /// decided, or a later one began.
    pub(super) fn is_too_late(&self, context: &Context<'_>, transaction: Transaction) -> bool {
        let mut written = self.transactions.written.iter();
        let known = written.find(|(known, _)| known.link == transaction.link);
        let is_over = known.is_some_and(|(known, decided)| match *known == transaction {
            true => *decided,
            false => is_after(known.number, transaction.number),
        });
        is_over || context.is_gone(transaction.link)
    }

    /// The coordinator hears that this log takes part in a transaction, before any record is there.
    pub(super) fn enlist(&mut self, context: &mut Context<'_>, transaction: Transaction) {
        let written = &mut self.transactions.written;
        let found = written.iter().position(|it| it.0.link == transaction.link);
        match found {
            Some(n) if written[n].0 == transaction => return,
            Some(n) => written[n] = (transaction, false),
            None => written.push((transaction, false)),
        }
        let coordinator = context.source(transaction.link);
        let wire = context.wire(coordinator, Role::Sends.number());
        let transaction = transaction.word();
        context.signal(wire, Signal::Enlisted { transaction });
    }

    /// The coordinator has decided.
    pub(super) fn decided(&mut self, context: &mut Context<'_>, word: u64, committed: bool) {
        let Some(transaction) = Transaction::of(word) else {
            return;
        };
        for (known, decided) in &mut self.transactions.written {
            *decided |= *known == transaction;
        }
        let is_of_it = |word: u64| Transaction::of(word) == Some(transaction);
        let held = std::mem::take(&mut self.pending);
        let (over, pending): (Vec<_>, Vec<_>) = held.into_iter().partition(|it| is_of_it(it.word));
        self.pending = pending.into();
        for held in over {
            context.record_waiting(What::Dropped, &held.message, Reason::Fenced);
            self.asks.settle(context, held.message.id, false);
        }
        for lane in &mut self.topic.partitions {
            let count = lane.unstable.decide(transaction, committed);
            if !committed {
                self.transactions.aborted += count;
            }
        }
        self.write_markers(context);
    }

    /// Writes control markers where brokers take them.
    pub(super) fn write_markers(&mut self, context: &mut Context<'_>) {
        for n in 0..self.topic.partitions.len() as u32 {
            let is_wanted = self.topic.partitions[n as usize].unstable.lacks_marker();
            if !is_wanted || !self.is_open(n, true) {
                continue;
            }
            let lane = &mut self.topic.partitions[n as usize];
            while lane.unstable.lacks_marker() {
                let offset = lane.store.mark(context.now(), self.settings.segment());
                lane.unstable.mark(offset);
                for group in &mut self.groups {
                    group.grow(n);
                }
                for share in &mut self.shares {
                    share.grow(n);
                }
            }
            let is_alone = lane.is_alone();
            if lane.advance() {
                self.show(context, n, None);
            }
            if !is_alone {
                self.fetch(context, n);
            }
        }
    }
}

/// What a log does as the coordinator.
impl PartitionedLog {
    /// Whether the service at the end of a link works in transactions.
    pub(super) fn is_transactional(context: &Context<'_>, link: LinkIndex) -> bool {
        let notice = context.posted::<Transacts>(context.target(link));
        notice.is_some_and(|notice| notice.now)
    }

    /// A log has records of a transaction.
    pub(super) fn enlisted(&mut self, context: &mut Context<'_>, wire: LinkIndex, word: u64) {
        let Some(transaction) = Transaction::of(word) else {
            return;
        };
        let log = context.source(wire);
        let link = transaction.link;
        let is_current = self
            .session(link)
            .is_some_and(|session| transaction.is_of_session(session));
        if !is_current || context.is_gone(link) {
            return tell(context, log, transaction, false);
        }
        self.begin_transaction(context, link, transaction.number);
        let Some(producer) = self.transactions.producer(link) else {
            return;
        };
        match producer
            .decided
            .filter(|_| producer.number == transaction.number)
        {
            None if producer.number == transaction.number => {
                if !producer.logs.contains(&log) {
                    producer.logs.push(log);
                }
            }
            outcome => tell(
                context,
                log,
                transaction,
                outcome == Some(Outcome::Committed),
            ),
        }
    }

    /// Takes note of a transaction, if it is newer than those known. A service has one at a time,
    /// so that an older one is over.
    fn begin_transaction(&mut self, context: &mut Context<'_>, link: LinkIndex, number: u32) {
        let known = self.transactions.producer(link).map(|it| it.number);
        if known.is_some_and(|known| !is_after(number, known)) {
            return;
        }
        self.conclude(context, link, Outcome::Aborted);
        let word = u64::from(link.0) << 32 | u64::from(number);
        let timeout = self.settings.transaction_timeout;
        let producer = Producer {
            link,
            session: self.session(link).unwrap_or_default(),
            number,
            decided: None,
            messages: BTreeSet::new(),
            logs: Vec::new(),
            expires: Some(context.wake_after(timeout, EXPIRE, word)),
        };
        let producers = &mut self.transactions.producers;
        match producers.iter().position(|it| it.link == link) {
            Some(n) => producers[n] = producer,
            None => producers.push(producer),
        }
    }

    /// A service says that it worked on a message in a transaction.
    pub(super) fn transacted(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        (number, message): (u32, MessageId),
    ) {
        self.begin_transaction(context, link, number);
        if let Some(producer) = self.transactions.producer(link)
            && producer.number == number
            && producer.decided.is_none()
        {
            producer.messages.insert(message);
        }
    }

    /// A service wants to commit a transaction, of so many messages, or to abort it.
    pub(super) fn end_transaction(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        (number, count, commit): (u32, u32, bool),
    ) {
        // While no broker runs there is no coordinator either. The service asks again.
        if self.down {
            return;
        }
        self.begin_transaction(context, link, number);
        let Some(producer) = self.transactions.producer(link) else {
            return;
        };
        if producer.number != number {
            return;
        }
        if let Some(outcome) = producer.decided {
            return context.signal(link, Signal::Concluded { number, outcome });
        }
        if commit && producer.messages.len() != count as usize {
            // Something of it got lost: the service says it again.
            return;
        }
        let outcome = match commit {
            true => self.find_outcome(link),
            false => Outcome::Aborted,
        };
        if outcome == Outcome::Committed {
            self.commit_read(context, link);
        }
        self.conclude(context, link, outcome);
        if commit {
            context.signal(link, Signal::Concluded { number, outcome });
        }
        if let Some((group, n)) = self.member(link) {
            if self.groups[group].is_restless {
                self.tend(context, group);
            }
            let group = &mut self.groups[group];
            if n < group.members.len() {
                group.serve(context, &self.topic, &self.settings, n);
            }
            self.gauge(context);
        }
    }

    /// Whether what was read in a transaction can be committed: all of it is in the hands of its
    /// consumer still, and nothing that came before it in its partition.
    fn find_outcome(&mut self, link: LinkIndex) -> Outcome {
        let Some((group, n)) = self.member(link) else {
            return Outcome::Fenced;
        };
        let Some(producer) = self
            .transactions
            .producers
            .iter()
            .find(|it| it.link == link)
        else {
            return Outcome::Fenced;
        };
        let is_of_it = |message: &MessageId| producer.messages.contains(message);
        let in_hand = &self.groups[group].members[n].in_hand;
        let there = in_hand.iter().filter(|it| is_of_it(&it.message));
        if there.clone().count() != producer.messages.len() {
            return Outcome::Fenced;
        }
        let comes_first = |hand: &super::group::InHand| {
            let mut of_it = there.clone();
            of_it.any(|it| it.partition == hand.partition && it.offset > hand.offset)
        };
        let mut others = in_hand.iter().filter(|it| !is_of_it(&it.message));
        match others.any(comes_first) {
            true => Outcome::Aborted,
            false => Outcome::Committed,
        }
    }

    /// Commits what was read in a transaction.
    fn commit_read(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        let Some((group, n)) = self.member(link) else {
            return;
        };
        let producer = self
            .transactions
            .producers
            .iter()
            .find(|it| it.link == link);
        let Some(messages) = producer.map(|it| &it.messages) else {
            return;
        };
        let group = &mut self.groups[group];
        let in_hand = group.members[n].in_hand.iter().map(|it| it.message);
        let of_it: Vec<MessageId> = in_hand.filter(|it| messages.contains(it)).collect();
        for message in of_it {
            group.settle(context, &self.topic, n, message);
        }
    }

    /// Decides about the transaction of a service, if it is open, and tells all logs with records
    /// of it.
    pub(super) fn conclude(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        outcome: Outcome,
    ) {
        let producer = self.transactions.producer(link);
        let Some(producer) = producer.filter(|it| it.decided.is_none()) else {
            return;
        };
        producer.decided = Some(outcome);
        producer.messages.clear();
        let (session, number) = (producer.session, producer.number);
        let logs = std::mem::take(&mut producer.logs);
        if let Some(ticket) = producer.expires.take() {
            context.cancel(ticket);
        }
        let committed = outcome == Outcome::Committed;
        context.record_node(match committed {
            true => What::TransactionCommitted,
            false => What::TransactionAborted,
        });
        if let Some(transaction) = Transaction::new(link, session, number) {
            for log in logs {
                tell(context, log, transaction, committed);
            }
        }
    }

    /// Aborts the transactions of services whose links are gone.
    pub(super) fn abort_those_without(&mut self, context: &mut Context<'_>, there: &[LinkIndex]) {
        let links: Vec<LinkIndex> = self
            .transactions
            .producers
            .iter()
            .map(|it| it.link)
            .collect();
        for link in links.into_iter().filter(|link| !there.contains(link)) {
            self.conclude(context, link, Outcome::Fenced);
        }
    }

    /// A transaction may have taken too long.
    pub(super) fn expire(&mut self, context: &mut Context<'_>, word: u64) {
        let link = LinkIndex((word >> 32) as u32);
        let timeout = self.settings.transaction_timeout;
        let is_down = self.down;
        let Some(producer) = self.transactions.producer(link) else {
            return;
        };
        if producer.number != word as u32 || producer.decided.is_some() {
            return;
        }
        producer.expires = None;
        match is_down {
            true => producer.expires = Some(context.wake_after(timeout, EXPIRE, word)),
            false => self.conclude(context, link, Outcome::Aborted),
        }
    }
}

/// Tells a log what became of a transaction.
fn tell(context: &mut Context<'_>, log: NodeIndex, transaction: Transaction, committed: bool) {
    let wire = context.wire(log, Role::Sends.number());
    let transaction = transaction.word();
    context.signal(
        wire,
        Signal::Decided {
            transaction,
            committed,
        },
    );
}
