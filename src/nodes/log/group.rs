//! A consumer group: who is in it, what each member owns, how far it has read and committed.
//!
//! How members come and go, and what that costs, stands in `rebalance`.

use std::collections::VecDeque;

use super::settings::{Commit, Reset, Rules, Settings};
use super::topic::Topic;
use crate::engine::{Context, Handed, LinkIndex, Message, MessageId, What};
use crate::units::SimTime;

/// Nobody owns the partition.
pub(super) const NOBODY: u32 = u32::MAX;

/// A running group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) number: u32,
    pub(super) rules: Rules,
    pub(super) members: Vec<Member>,
    /// One for each partition.
    pub(super) cursors: Vec<Cursor>,
    pub(super) phase: Phase,
    pub(super) generation: i64,
    /// Members that ever joined.
    pub(super) joined: u32,
    /// How often it rebalanced.
    pub(super) rebalances: u32,
    /// Records that are there and not committed.
    pub(super) lag: u64,
    /// Whether an answer can have consequences besides a commit.
    pub(super) is_restless: bool,
    /// Whether somebody looks for members that do not poll, and when the next commit is.
    pub(super) watches_polls: bool,
    pub(super) plans_commit: bool,
    /// When it is tended next.
    pub(super) tended: Option<SimTime>,
    /// Since when it is, for commits at an interval.
    pub(super) since: SimTime,
}

/// What a group is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has no members.
    Empty,
    /// It waits for its members to join again, at least until a moment.
    Joining { since: SimTime, not_before: SimTime },
    /// Everybody knows what is theirs.
    Stable,
}

/// A consumer.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its id, which sorts as members joined.
    pub(super) id: String,
    /// What it keeps its place by, if it is a static member.
    pub(super) instance: Option<String>,
    /// Its link; `None` for one that is gone and not missed yet.
    pub(super) link: Option<LinkIndex>,
    pub(super) session: u32,
    /// Whether it works in transactions, and commits with them alone.
    pub(super) is_transactional: bool,
    pub(super) stance: Stance,
    /// Since when it is there: it sends heartbeats from then on.
    pub(super) since: SimTime,
    /// Since when it sends none.
    pub(super) silent: Option<SimTime>,
    /// The partitions that are its own, or were before it gave all up to join again.
    pub(super) owned: Vec<u32>,
    pub(super) owned_since: Option<i64>,
    /// What it is to give up, once the work on it is done.
    pub(super) leaving: Vec<u32>,
    /// Its partitions in which something can be read.
    pub(super) ready: VecDeque<u32>,
    /// Records taken in a row from the first of them.
    pub(super) run: u32,
    pub(super) in_hand: VecDeque<InHand>,
}

/// How a member stands in a rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// It knows of none.
    Works,
    /// It hears of one with its next heartbeat.
    Hears(SimTime),
    /// It ends what it has in hand.
    Ends,
    /// It has joined.
    Joined,
}

/// A record that a member works on.
#[derive(Clone, Copy, Debug)]
pub(super) struct InHand {
    pub(super) message: MessageId,
    pub(super) root: u64,
    pub(super) partition: u32,
    pub(super) offset: u64,
    pub(super) since: SimTime,
    pub(super) attempt: u16,
}

/// Where a group is in a partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    /// The member that owns it, as its place in the list.
    pub(super) owner: u32,
    /// The next offset to be read.
    pub(super) position: u64,
    /// The offset at which the group goes on; until something was committed, where it began.
    pub(super) committed: u64,
    pub(super) has_committed: bool,
    pub(super) has_begun: bool,
    /// Whether it stands in its owner's list of what can be read.
    pub(super) is_ready: bool,
    /// All before this offset was handed out at least once, some of it again so many times.
    pub(super) reached: u64,
    /// Where the group began.
    pub(super) first: u64,
    pub(super) rewinds: u16,
}

impl Cursor {
    pub(super) const NEW: Self = Self {
        owner: NOBODY,
        position: 0,
        committed: 0,
        has_committed: false,
        has_begun: false,
        is_ready: false,
        reached: 0,
        first: 0,
        rewinds: 0,
    };
}

impl Member {
    /// Whether it takes more.
    #[inline]
    fn is_free(&self, is_cooperative: bool, most: u32) -> bool {
        !self.is_paused(is_cooperative) && (self.in_hand.len() as u64) < u64::from(most)
    }

    /// Whether it takes nothing new, whatever it has in hand.
    #[inline]
    pub(super) fn is_paused(&self, is_cooperative: bool) -> bool {
        let takes = match self.stance {
            Stance::Works | Stance::Hears(_) => true,
            Stance::Ends => false,
            Stance::Joined => is_cooperative,
        };
        !takes || self.silent.is_some()
    }

    /// Whether something can be read in what it owns.
    #[inline]
    pub(super) fn has_more(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether it owns nothing although it takes part.
    pub(super) fn is_idle(&self) -> bool {
        self.stance == Stance::Works && self.owned.is_empty()
    }
}

impl Group {
    pub(super) fn new(name: String, number: u32, rules: Rules, now: SimTime) -> Self {
        Self {
            name,
            number,
            rules,
            members: Vec::new(),
            cursors: Vec::new(),
            phase: Phase::Empty,
            generation: 0,
            joined: 0,
            rebalances: 0,
            lag: 0,
            is_restless: false,
            watches_polls: false,
            plans_commit: false,
            tended: None,
            since: now,
        }
    }

    /// Forgets where it is, for it shares no partitions any more. Where it was.
    pub(super) fn forget(&mut self) -> Vec<Cursor> {
        self.commit_all();
        self.members.clear();
        self.phase = Phase::Empty;
        self.joined = 0;
        self.lag = 0;
        let nowhere = vec![Cursor::NEW; self.cursors.len()];
        std::mem::replace(&mut self.cursors, nowhere)
    }

    /// Something more can be read in a partition; `new`, if it is known to be the last there.
    #[inline]
    pub(super) fn can_read(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        settings: &Settings,
        (partition, new): (u32, Option<&Message>),
    ) {
        let cursor = &mut self.cursors[partition as usize];
        if cursor.owner == NOBODY || cursor.is_ready {
            return;
        }
        let owner = cursor.owner as usize;
        let member = &mut self.members[owner];
        if !member.leaving.is_empty() && member.leaving.contains(&partition) {
            return;
        }
        // Mostly it is one record for somebody who has nothing else to read: it need not wait for
        // its turn.
        let (position, lane) = (cursor.position, &topic.partitions[partition as usize]);
        if let Some(message) = new
            && position + 1 == lane.store.end()
            && lane.readable() == lane.store.end()
            && lane.unstable.is_empty()
            && position >= cursor.reached
            && member.ready.is_empty()
            && self.is_free(owner, settings)
        {
            self.members[owner].run = 0;
            if self.give(context, (owner, partition), position, message) {
                return self.watch_polls(context, settings);
            }
        }
        self.offer(owner, partition);
        self.serve(context, topic, settings, owner);
    }

    #[inline]
    fn is_free(&self, n: usize, settings: &Settings) -> bool {
        let is_cooperative = self.rules.assignor.is_cooperative();
        self.members[n].is_free(is_cooperative, settings.max_poll_records)
    }

    /// Gives a member what it takes.
    #[inline]
    pub(super) fn serve(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        settings: &Settings,
        n: usize,
    ) {
        while let Some(partition) = self.members[n].ready.front().copied()
            && self.is_free(n, settings)
        {
            let has_handed = self.hand_next(context, topic, n, partition);
            let member = &mut self.members[n];
            if !has_handed {
                member.ready.pop_front();
                member.run = 0;
                self.cursors[partition as usize].is_ready = false;
                continue;
            }
            member.run += 1;
            if member.run >= settings.max_poll_records && member.ready.len() > 1 {
                member.run = 0;
                member.ready.rotate_left(1);
            }
        }
        if !self.members[n].in_hand.is_empty() {
            self.watch_polls(context, settings);
        }
    }

    /// Has somebody look in time for members that do not poll.
    #[inline]
    fn watch_polls(&mut self, context: &mut Context<'_>, settings: &Settings) {
        if !std::mem::replace(&mut self.watches_polls, true) {
            let word = u64::from(self.number);
            context.wake_after(settings.max_poll_interval, super::behaviour::POLLS, word);
        }
    }

    /// Gives a member the next record of a partition; `false` if there is none.
    fn hand_next(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        n: usize,
        partition: u32,
    ) -> bool {
        let cursor = &self.cursors[partition as usize];
        let lane = &topic.partitions[partition as usize];
        if cursor.position >= lane.readable() {
            return false;
        }
        let found = lane.store.from(cursor.position);
        let end = lane.readable_to(self.rules.isolation);
        let Some((offset, record)) = found.filter(|(offset, _)| *offset < end) else {
            if end > cursor.position && found.is_none() {
                self.pass_over(partition, end);
            }
            return false;
        };
        if lane.hides(self.rules.isolation, offset) {
            self.pass_over(partition, offset + 1);
            return true;
        }
        let mut message = topic.labels.message(record);
        message.attempt = match offset < cursor.reached {
            true => cursor.rewinds.saturating_add(1),
            false => 1,
        };
        self.give(context, (n, partition), offset, &message)
    }

    /// Gives a member the record at an offset, which is where its group is; `false` if nothing
    /// leads to it.
    #[inline(never)]
    fn give(
        &mut self,
        context: &mut Context<'_>,
        (n, partition): (usize, u32),
        offset: u64,
        message: &Message,
    ) -> bool {
        let member = &mut self.members[n];
        let Some(link) = member.link else {
            return false;
        };
        let cursor = &mut self.cursors[partition as usize];
        cursor.position = offset + 1;
        cursor.reached = cursor.reached.max(offset + 1);
        if !context.takes(link, message.event_type) {
            // The consumer steps over it: it has read it all the same.
            self.commit_if(partition, n, Commit::After);
            return true;
        }
        let session = u64::from(member.session);
        member.in_hand.push_back(InHand {
            message: message.id,
            root: message.root,
            partition,
            offset,
            since: context.now(),
            attempt: message.attempt,
        });
        context.record(What::Delivered, message);
        context.hand(link, message, Handed::Lent, session);
        if self.commits(n) == Commit::Before {
            self.commit(partition, offset + 1);
            context.record(What::Committed, &message);
        }
        true
    }

    /// What is nothing to a group is passed over: markers, and what was aborted. If all before it
    /// is committed it counts as committed, too.
    #[inline(never)]
    fn pass_over(&mut self, partition: u32, to: u64) {
        let cursor = &mut self.cursors[partition as usize];
        let was_all = cursor.committed == cursor.position;
        cursor.position = to;
        cursor.reached = cursor.reached.max(to);
        let commits = !matches!(self.rules.commit, Commit::Never | Commit::ByHand);
        if was_all && commits {
            self.commit(partition, to);
        }
    }

    /// When a member commits.
    #[inline]
    pub(super) fn commits(&self, n: usize) -> Commit {
        match self.members[n].is_transactional {
            true => Commit::After,
            false => self.rules.commit,
        }
    }

    fn commit_if(&mut self, partition: u32, n: usize, when: Commit) {
        if self.commits(n) == when {
            self.commit(partition, self.done(partition, n));
        }
    }

    /// All before this offset is done with, as far as a member knows.
    #[inline]
    pub(super) fn done(&self, partition: u32, n: usize) -> u64 {
        let mut in_hand = self.members[n].in_hand.iter();
        let first = in_hand.find(|it| it.partition == partition);
        first.map_or(self.cursors[partition as usize].position, |it| it.offset)
    }

    /// Commits an offset.
    #[inline]
    pub(super) fn commit(&mut self, partition: u32, offset: u64) {
        let cursor = &mut self.cursors[partition as usize];
        // A group can go back, by a seek or because the log was cut off.
        self.lag = (self.lag + cursor.committed).saturating_sub(offset);
        cursor.committed = offset;
        cursor.has_committed = true;
    }

    /// A member is done with a record: settled, or given up, it is read. `false` if it was not his.
    #[inline]
    pub(super) fn settle(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        n: usize,
        message: MessageId,
    ) -> bool {
        let in_hand = &mut self.members[n].in_hand;
        // Mostly it is the one that came first.
        let hand = match in_hand.front() {
            Some(first) if first.message == message => in_hand.pop_front(),
            _ => take_out(in_hand, message),
        };
        let Some(hand) = hand else {
            return false;
        };
        if self.commits(n) == Commit::After {
            let done = self.done(hand.partition, n);
            let before = self.cursors[hand.partition as usize].committed;
            self.commit(hand.partition, done);
            if done > before {
                let identity = (message, hand.root, hand.attempt);
                context.record_briefly(What::Committed, identity, || topic.message(&hand));
            }
        }
        true
    }

    /// Commits all that members are done with, as far as they commit at an interval.
    pub(super) fn commit_all(&mut self) -> bool {
        let before = self.lag;
        for n in 0..self.members.len() {
            let is_there = self.members[n].silent.is_none();
            if is_there {
                self.commit_member(n, Commit::Interval);
            }
        }
        self.lag != before
    }

    /// Commits all that members are done with, however they commit. Whether that was anything.
    pub(super) fn commit_now(&mut self) -> bool {
        let before = self.lag;
        for partition in 0..self.cursors.len() as u32 {
            let Cursor {
                owner, committed, ..
            } = self.cursors[partition as usize];
            let member = self.members.get(owner as usize);
            if member.is_some_and(|member| member.silent.is_none()) {
                let done = self.done(partition, owner as usize);
                self.commit(partition, done.max(committed));
            }
        }
        self.lag != before
    }

    /// Members work no more for the group on what they have in hand of a partition.
    pub(super) fn drop_in_hand(&mut self, partition: u32) {
        for member in &mut self.members {
            member.in_hand.retain(|hand| hand.partition != partition);
        }
    }

    /// Commits what a member is done with, if that is how the group commits.
    pub(super) fn commit_member(&mut self, n: usize, when: Commit) {
        for partition in 0..self.cursors.len() as u32 {
            if self.cursors[partition as usize].owner as usize == n {
                self.commit_if(partition, n, when);
            }
        }
    }

    /// Where the group goes on in a partition: at what it committed, or as it resets.
    pub(super) fn begin(&mut self, topic: &Topic, partition: u32) {
        let lane = &topic.partitions[partition as usize];
        let (start, end) = (lane.store.start(), lane.store.end());
        let cursor = &mut self.cursors[partition as usize];
        let is_known = cursor.has_committed && (start..=end).contains(&cursor.committed);
        let position = match self.rules.reset {
            _ if is_known => cursor.committed,
            Reset::Earliest => start,
            Reset::Latest => lane.end_for(self.rules.isolation),
        };
        if !std::mem::replace(&mut cursor.has_begun, true) {
            cursor.first = position;
        }
        self.go_to(topic, partition, position);
    }

    /// Reads on from an offset, which counts as where the group is.
    pub(super) fn go_to(&mut self, topic: &Topic, partition: u32, position: u64) {
        let cursor = &mut self.cursors[partition as usize];
        cursor.position = position;
        cursor.committed = position;
        if position < cursor.reached {
            cursor.rewinds = cursor.rewinds.saturating_add(1);
        }
        self.count_lag(topic);
    }

    /// Counts anew what is not committed.
    pub(super) fn count_lag(&mut self, topic: &Topic) {
        let pairs = self.cursors.iter().zip(&topic.partitions);
        self.lag = pairs
            .map(|(cursor, lane)| lag_of(cursor, lane.store.end()))
            .sum();
    }

    /// How far the group is behind in a partition.
    #[cfg(test)]
    pub(super) fn lag_in(&self, topic: &Topic, partition: usize) -> u64 {
        let lane = &topic.partitions[partition];
        lag_of(&self.cursors[partition], lane.store.end())
    }

    /// A record was added to a partition.
    #[inline]
    pub(super) fn grow(&mut self, partition: u32) {
        self.lag += u64::from(self.cursors[partition as usize].has_begun);
    }
}

#[inline(never)]
fn take_out(in_hand: &mut VecDeque<InHand>, message: MessageId) -> Option<InHand> {
    let at = in_hand.iter().position(|it| it.message == message)?;
    in_hand.remove(at)
}

/// What is there and not committed. Before the group has begun, it is behind nothing.
pub(super) fn lag_of(cursor: &Cursor, end: u64) -> u64 {
    match cursor.has_begun {
        true => end.saturating_sub(cursor.committed),
        false => 0,
    }
}
