//! How members come to a consumer group and leave it, and what each rebalance costs.
//!
//! It follows the classic protocol of Apache Kafka 4.0. A rebalance begins when somebody joins or
//! is missed. The others hear of it with their next heartbeat, end what they have in hand, and join
//! again; once all have, the assignor shares out the partitions. In an eager rebalance a member
//! gives up all it has before it joins. In a cooperative one it goes on with what it keeps, and
//! what moves belongs to nobody until a second round. Left out: the consumer protocol of KIP-848.

use super::assign::{Joining, Place, Topic as Subscribed, assign};
use super::behaviour::TEND;
use super::group::{Cursor, Group, Member, NOBODY, Phase, Stance};
use super::settings::{Commit, Settings};
use super::topic::Topic;
use crate::engine::{Context, LinkIndex, What};
use crate::units::{SimDuration, SimTime};

impl Group {
    /// Somebody wants to take part. The place of the new member.
    pub(super) fn join(
        &mut self,
        now: SimTime,
        settings: &Settings,
        (link, session): (LinkIndex, u32),
    ) -> usize {
        self.joined += 1;
        let instance = || format!("instance-{:05}", link.0);
        self.members.push(Member {
            id: format!("consumer-{:05}", self.joined),
            instance: self.rules.static_members.then(instance),
            link: Some(link),
            session,
            is_transactional: false,
            stance: Stance::Joined,
            since: now,
            silent: None,
            owned: Vec::new(),
            owned_since: None,
            leaving: Vec::new(),
            ready: std::collections::VecDeque::new(),
            run: 0,
            in_hand: std::collections::VecDeque::new(),
        });
        self.call_all(now, settings);
        self.members.len() - 1
    }

    /// Begins a rebalance, if none is under way.
    pub(super) fn call_all(&mut self, now: SimTime, settings: &Settings) {
        self.is_restless = true;
        let delay = match self.phase {
            Phase::Joining { .. } => return,
            Phase::Empty => settings.initial_delay,
            Phase::Stable => SimDuration::ZERO,
        };
        self.phase = Phase::Joining {
            since: now,
            not_before: now.after(delay),
        };
        for member in &mut self.members {
            if member.stance == Stance::Works {
                member.stance = Stance::Hears(next_heartbeat(member.since, now, settings));
            }
        }
    }

    /// A static member is back before it was missed: it goes on where its partitions are committed.
    pub(super) fn resume(&mut self, topic: &Topic, n: usize, session: u32, now: SimTime) {
        let member = &mut self.members[n];
        member.session = session;
        member.silent = None;
        member.since = now;
        member.in_hand.clear();
        if matches!(self.phase, Phase::Joining { .. }) {
            member.stance = Stance::Joined;
            if !self.rules.assignor.is_cooperative() {
                for cursor in &mut self.cursors {
                    if cursor.owner as usize == n {
                        cursor.owner = NOBODY;
                        cursor.is_ready = false;
                    }
                }
                self.members[n].ready.clear();
            }
        }
        self.read_again(topic, n);
    }

    /// A member reads its partitions anew from what is committed.
    pub(super) fn read_again(&mut self, topic: &Topic, n: usize) {
        self.members[n].in_hand.clear();
        for partition in self.partitions_of(n) {
            self.begin(topic, partition);
            self.offer(n, partition);
        }
    }

    /// A partition is looked at by its owner when it is its turn.
    pub(super) fn offer(&mut self, n: usize, partition: u32) {
        let cursor = &mut self.cursors[partition as usize];
        if !std::mem::replace(&mut cursor.is_ready, true) {
            self.members[n].ready.push_back(partition);
        }
    }

    /// The partitions that a member owns.
    pub(super) fn partitions_of(&self, n: usize) -> Vec<u32> {
        let owner = |partition: &u32| self.cursors[*partition as usize].owner;
        let all = 0..self.cursors.len() as u32;
        all.filter(|partition| owner(partition) == n as u32)
            .collect()
    }

    /// A member stops sending heartbeats, and nobody knows yet.
    pub(super) fn fall_silent(&mut self, n: usize, now: SimTime, settings: &Settings) {
        let member = &mut self.members[n];
        if member.silent.is_none() {
            member.silent = Some(last_heartbeat(member.since, now, settings));
            self.is_restless = true;
        }
    }

    /// A member leaves in good order.
    pub(super) fn leave(&mut self, n: usize, now: SimTime, settings: &Settings) {
        self.members[n].in_hand.clear();
        self.commit_member(n, Commit::Interval);
        self.remove(n, now, settings);
    }

    /// A member is a member no more: its partitions are nobody's until the rebalance is over.
    fn remove(&mut self, n: usize, now: SimTime, settings: &Settings) {
        self.members.remove(n);
        for cursor in &mut self.cursors {
            match cursor.owner {
                NOBODY => {}
                owner if owner as usize == n => {
                    cursor.owner = NOBODY;
                    cursor.is_ready = false;
                }
                owner if owner as usize > n => cursor.owner = owner - 1,
                _ => {}
            }
        }
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            self.is_restless = false;
        } else {
            self.call_all(now, settings);
        }
    }

    /// Does what is due: misses the silent, lets members join again, and shares out the partitions.
    pub(super) fn tend(&mut self, context: &mut Context<'_>, topic: &Topic, settings: &Settings) {
        let now = context.now();
        self.miss_silent(now, settings);
        loop {
            self.let_go(now, settings);
            let Phase::Joining { not_before, .. } = self.phase else {
                break;
            };
            self.let_join(now);
            let all = |member: &Member| member.stance == Stance::Joined && member.silent.is_none();
            if now < not_before || !self.members.iter().all(all) {
                break;
            }
            self.share_out(context, topic, settings);
        }
        let silent = self.members.iter().any(|member| member.silent.is_some());
        let leaving = self.members.iter().any(|member| !member.leaving.is_empty());
        self.is_restless = self.phase != Phase::Stable || silent || leaving;
        self.plan(context, settings);
    }

    fn miss_silent(&mut self, now: SimTime, settings: &Settings) {
        let is_missed = |member: &Member| {
            let silent = member.silent;
            silent.is_some_and(|since| since.after(settings.session_timeout) <= now)
        };
        while let Some(n) = self.members.iter().position(is_missed) {
            self.remove(n, now, settings);
        }
    }

    /// Members give up what they are to give up once the work on it is done, and join again.
    fn let_go(&mut self, now: SimTime, settings: &Settings) {
        for n in 0..self.members.len() {
            let member = &self.members[n];
            let works_on = |partition: u32| {
                let mut in_hand = member.in_hand.iter();
                in_hand.any(|it| it.partition == partition)
            };
            if member.leaving.is_empty() || member.leaving.iter().any(|it| works_on(*it)) {
                continue;
            }
            for partition in std::mem::take(&mut self.members[n].leaving) {
                self.give_up(n, partition);
            }
            self.call_all(now, settings);
            self.members[n].stance = Stance::Joined;
        }
    }

    /// A partition is no longer a member's.
    fn give_up(&mut self, n: usize, partition: u32) {
        if matches!(self.commits(n), Commit::Interval | Commit::After) {
            let done = self.done(partition, n);
            self.commit(partition, done);
        }
        let cursor = &mut self.cursors[partition as usize];
        cursor.owner = NOBODY;
        cursor.is_ready = false;
        self.members[n].ready.retain(|ready| *ready != partition);
    }

    /// Members hear of the rebalance, end what they have in hand, and join.
    fn let_join(&mut self, now: SimTime) {
        for n in 0..self.members.len() {
            let member = &mut self.members[n];
            if member.silent.is_some() {
                continue;
            }
            if matches!(member.stance, Stance::Hears(at) if at <= now) {
                member.stance = Stance::Ends;
            }
            if member.stance == Stance::Ends && member.in_hand.is_empty() {
                member.stance = Stance::Joined;
                if !self.rules.assignor.is_cooperative() {
                    for partition in self.partitions_of(n) {
                        self.give_up(n, partition);
                    }
                }
            }
        }
    }

    /// All have joined: the assignor says who gets what.
    fn share_out(&mut self, context: &mut Context<'_>, topic: &Topic, settings: &Settings) {
        let topics = [Subscribed {
            name: "log",
            partitions: topic.partitions.len() as u32,
        }];
        let place = |partition: &u32| Place {
            topic: 0,
            partition: *partition,
        };
        let joining: Vec<Joining<'_>> = self
            .members
            .iter()
            .map(|member| Joining {
                id: &member.id,
                instance: member.instance.as_deref(),
                topics: vec![0],
                unknown_topics: 0,
                owned: member.owned.iter().map(place).collect(),
                generation: member.owned_since,
            })
            .collect();
        let shares = assign(self.rules.assignor, &topics, &joining);
        self.generation += 1;
        self.rebalances += 1;
        self.phase = Phase::Stable;
        context.record_node(What::Rebalanced);
        for (n, share) in shares.into_iter().enumerate() {
            let share: Vec<u32> = share.into_iter().map(|place| place.partition).collect();
            self.take_over(topic, n, share);
        }
        for n in 0..self.members.len() {
            self.serve(context, topic, settings, n);
        }
    }

    /// A member learns what is its own from now on.
    fn take_over(&mut self, topic: &Topic, n: usize, share: Vec<u32>) {
        let leaving = self.partitions_of(n);
        let leaving = leaving.into_iter().filter(|it| !share.contains(it));
        self.members[n].leaving = leaving.collect();
        for partition in &share {
            if self.cursors[*partition as usize].owner == n as u32 {
                continue;
            }
            self.cursors[*partition as usize].owner = n as u32;
            self.begin(topic, *partition);
            self.offer(n, *partition);
        }
        let member = &mut self.members[n];
        member.ready.retain(|ready| share.contains(ready));
        for partition in &member.leaving {
            self.cursors[*partition as usize].is_ready = false;
        }
        member.stance = Stance::Works;
        member.owned = share;
        member.owned_since = Some(self.generation);
    }

    /// Members that do not poll are missed. Their links, to join again when they do.
    pub(super) fn miss_stuck(
        &mut self,
        context: &mut Context<'_>,
        settings: &Settings,
    ) -> Vec<(LinkIndex, usize)> {
        let now = context.now();
        let oldest = |member: &Member| member.in_hand.iter().map(|it| it.since).min();
        let is_stuck = |member: &Member| {
            oldest(member).is_some_and(|since| since.after(settings.max_poll_interval) <= now)
        };
        let mut missed = Vec::new();
        while let Some(n) = self.members.iter().position(is_stuck) {
            let member = &self.members[n];
            missed.extend(member.link.map(|link| (link, member.in_hand.len())));
            self.remove(n, now, settings);
        }
        let oldest = self.members.iter().filter_map(oldest).min();
        self.watches_polls = oldest.is_some();
        if let Some(oldest) = oldest {
            let at = oldest.after(settings.max_poll_interval);
            context.wake_at(at, super::behaviour::POLLS, u64::from(self.number));
        }
        missed
    }

    /// Asks to be tended when something is due.
    pub(super) fn plan(&mut self, context: &mut Context<'_>, settings: &Settings) {
        let now = context.now();
        let of = |member: &Member| match (member.silent, member.stance) {
            (Some(since), _) => Some(since.after(settings.session_timeout)),
            (None, Stance::Hears(at)) => Some(at),
            _ => None,
        };
        let not_before = match self.phase {
            Phase::Joining { not_before, .. } if not_before > now => Some(not_before),
            _ => None,
        };
        let due = self.members.iter().filter_map(of).chain(not_before).min();
        let Some(due) = due else { return };
        let planned = self.tended.filter(|at| *at > now);
        if planned.is_none_or(|at| due < at) {
            self.tended = Some(due);
            context.wake_at(due, TEND, u64::from(self.number));
        }
    }

    /// There are more partitions, or fewer settings are as before.
    pub(super) fn fit(&mut self, partitions: usize) -> bool {
        let grown = partitions > self.cursors.len();
        self.cursors.resize(partitions, Cursor::NEW);
        grown
    }
}

/// The first heartbeat of a member after a moment.
fn next_heartbeat(since: SimTime, now: SimTime, settings: &Settings) -> SimTime {
    last_heartbeat(since, now, settings).after(settings.heartbeat)
}

/// The last heartbeat of a member until a moment.
fn last_heartbeat(since: SimTime, now: SimTime, settings: &Settings) -> SimTime {
    let every = settings.heartbeat.nanos().max(1);
    let beats = now.since(since).nanos() / every;
    since.after(SimDuration::from_nanos(beats.saturating_mul(every)))
}
