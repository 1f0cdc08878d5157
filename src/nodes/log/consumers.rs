//! What consumers say along their links, and what the log makes of it.

use super::behaviour::{COMMIT, PartitionedLog};
use super::group::{Group, InHand, Member, Phase};
use super::settings::{Commit, Sharing};
use crate::engine::{Context, Handed, LinkIndex, MessageId, Outcome, Signal, What};
use crate::units::{SimDuration, SimTime};

/// What the names of groups begin with that nobody named.
pub(super) const OWN_GROUP: &str = "\u{0}";

/// The consumer at the end of a link.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    pub(super) is_taken: bool,
    /// Whether it works in transactions.
    is_transactional: bool,
    group: u32,
    session: u32,
    /// How much it asked for, which counts if it shares records.
    prefetch: u32,
    /// How many records it still works on that are no longer its own.
    strayed: u32,
    /// Whether it was told that none of the partitions is its own; nothing while it is not known
    /// what it believes.
    knows_idle: Option<bool>,
    /// Where in its group it was found last.
    place: u32,
}

/// The name of the group that a link is for.
pub(super) fn own_group(context: &Context<'_>, link: LinkIndex) -> String {
    match context.link_settings(link).group.as_str() {
        "" => format!("{OWN_GROUP}{}", link.0),
        name => name.to_owned(),
    }
}

impl Seat {
    /// A link at which nobody ever was.
    const EMPTY: Self = Self {
        is_taken: false,
        is_transactional: false,
        group: u32::MAX,
        session: 0,
        prefetch: 0,
        strayed: 0,
        knows_idle: Some(false),
        place: 0,
    };

    /// What it works on that is not its own any more is not waited for.
    pub(super) fn stray_no_more(&mut self) {
        self.strayed = 0;
    }
}

impl PartitionedLog {
    /// A consumer says that it is there. How much it takes is what the log says of all, unless it
    /// shares records.
    pub(super) fn subscribe(
        &mut self,
        context: &mut Context<'_>,
        (link, prefetch, session): (LinkIndex, u32, u32),
    ) {
        // Its link may be taken away in the instant in which it says so.
        if !context.is_up(link) {
            return;
        }
        let place = link.0 as usize;
        let name = own_group(context, link);
        let rules = self.settings.rules(&name);
        if rules.sharing == Sharing::Records {
            self.leave_group(context, link);
            let says = (link, prefetch, session);
            return self.subscribe_sharer(context, says, (&name, rules));
        }
        self.leave_share(context, link);
        if self.seats.len() <= place {
            self.seats.resize(place + 1, Seat::EMPTY);
        }
        let now = context.now();
        let number = self.group_called(name, now);
        let seat = self.seats[place];
        if seat.session != session {
            // Whatever the service had open before, it begins anew.
            self.conclude(context, link, Outcome::Fenced);
        }
        let is_transactional = Self::is_transactional(context, link);
        let known = self.member(link);
        let was_silent = known.is_some_and(|(group, n)| {
            let member = &self.groups[group].members[n];
            member.silent.is_some()
        });
        if let Some((group, n)) = known
            && group != number
        {
            self.groups[group].leave(n, now, &self.settings);
            self.tend(context, group);
        }
        self.seats[place] = Seat {
            is_taken: true,
            is_transactional,
            group: number as u32,
            session,
            prefetch,
            // One that starts anew believes nothing; one whose link was cut may have missed it.
            knows_idle: match seat.session == session {
                true => seat.knows_idle.filter(|_| !was_silent),
                false => Some(false),
            },
            place: 0,
            strayed: if seat.session == session {
                seat.strayed
            } else {
                0
            },
        };
        let group = &mut self.groups[number];
        match known.filter(|known| known.0 == number) {
            Some((_, n)) if group.members[n].session == session => {
                // The link is mended before anybody missed it.
                if group.members[n].silent.is_some() {
                    group.resume(&self.topic, n, session, now);
                }
            }
            Some((_, n)) if group.rules.static_members => {
                group.resume(&self.topic, n, session, now);
            }
            found => {
                // The old one is not missed before its session is over.
                if let Some((_, n)) = found {
                    group.fall_silent(n, now, &self.settings);
                    group.members[n].link = None;
                    group.members[n].in_hand.clear();
                }
                if self.seats[place].strayed == 0 {
                    group.join(now, &self.settings, (link, session));
                }
            }
        }
        self.note_transactional(link);
        self.tend(context, number);
        if self.seats[place].knows_idle.is_none() {
            self.tell_idle(context, number);
        }
        self.serve_all(context, number);
    }

    /// A member that works in transactions commits in no other way.
    fn note_transactional(&mut self, link: LinkIndex) {
        if let Some((group, n)) = self.member(link) {
            let is_transactional = self.seats[link.0 as usize].is_transactional;
            self.groups[group].members[n].is_transactional = is_transactional;
        }
    }

    /// Which connection the consumer at the end of a link has.
    pub(super) fn session(&self, link: LinkIndex) -> Option<u32> {
        let seat = self.seats.get(link.0 as usize)?;
        seat.is_taken.then_some(seat.session)
    }

    /// The group of this name; it is made if there is none.
    pub(super) fn group_called(&mut self, name: String, now: SimTime) -> usize {
        let known = self.groups.iter().position(|group| group.name == name);
        known.unwrap_or_else(|| {
            let rules = self.settings.rules(&name);
            let number = self.groups.len();
            let mut group = Group::new(name, number as u32, rules, now);
            group.fit(self.topic.partitions.len());
            self.groups.push(group);
            number
        })
    }

    /// The consumer at a link is no member of a group any more, if it was one.
    fn leave_group(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        if let Some((group, n)) = self.member(link) {
            self.groups[group].leave(n, context.now(), &self.settings);
            self.tend(context, group);
        }
        if let Some(seat) = self.seats.get_mut(link.0 as usize) {
            *seat = Seat::EMPTY;
        }
    }

    /// All seats of a group become free. Who is there, with what they said of themselves.
    pub(super) fn stand_up(&mut self, number: usize) -> Vec<(LinkIndex, u32, u32)> {
        let mut there = Vec::new();
        for place in 0..self.seats.len() {
            let link = LinkIndex(place as u32);
            let seat = self.seats[place];
            if !seat.is_taken || seat.group as usize != number {
                continue;
            }
            let is_heard = |(group, n): (usize, usize)| {
                let member: &Member = &self.groups[group].members[n];
                member.silent.is_none()
            };
            if seat.strayed > 0 || self.member(link).is_some_and(is_heard) {
                there.push((link, seat.prefetch, seat.session));
            }
            self.seats[place] = Seat::EMPTY;
        }
        there
    }

    /// The links that were ever for a group and for no other since, by their numbers.
    pub(super) fn seats_of(&self, group: u32) -> Vec<LinkIndex> {
        let seats = (0..).map(LinkIndex).zip(&self.seats);
        let of = seats.filter(|(_, seat)| seat.group == group);
        of.map(|(link, _)| link).collect()
    }

    /// How many records the consumer at a link works on that are no longer its own.
    pub(super) fn strayed(&self, link: LinkIndex) -> u32 {
        let seat = self.seats.get(link.0 as usize);
        seat.map_or(0, |seat| seat.strayed)
    }

    /// The group and the place in it of the consumer at the end of a link.
    #[inline]
    pub(super) fn member(&self, link: LinkIndex) -> Option<(usize, usize)> {
        let seat = self.seats.get(link.0 as usize)?;
        let members = &self.groups.get(seat.group as usize)?.members;
        let is_it = |it: &Member| it.link == Some(link);
        let place = seat.place as usize;
        let found = match members.get(place) {
            Some(member) if is_it(member) => place,
            _ => members.iter().position(is_it)?,
        };
        seat.is_taken.then_some((seat.group as usize, found))
    }

    pub(super) fn tend(&mut self, context: &mut Context<'_>, group: usize) {
        let before = self.groups[group].generation;
        self.groups[group].tend(context, &self.topic, &self.settings);
        if self.groups[group].generation != before {
            self.tell_idle(context, group);
        }
        self.gauge(context);
    }

    /// Tells members of a group that none of the partitions is theirs, and those who believe that
    /// when it is so no more.
    #[inline(never)]
    fn tell_idle(&mut self, context: &mut Context<'_>, group: usize) {
        let group = &self.groups[group];
        // What moves is nobody's between the two rounds of a cooperative rebalance.
        let moves = group
            .members
            .iter()
            .any(|member| !member.leaving.is_empty());
        if group.phase != Phase::Stable || moves {
            return;
        }
        let of = self.topic.partitions.len() as u32;
        for member in &group.members {
            let Some(link) = member.link.filter(|_| member.silent.is_none()) else {
                continue;
            };
            let seat = &mut self.seats[link.0 as usize];
            let is_idle = Some(member.owned.is_empty());
            if seat.knows_idle != is_idle {
                seat.knows_idle = is_idle;
                let partitions = member.owned.len() as u32;
                context.signal(link, Signal::Owns { partitions, of });
            }
        }
    }

    pub(super) fn serve_all(&mut self, context: &mut Context<'_>, group: usize) {
        let group = &mut self.groups[group];
        for n in 0..group.members.len() {
            group.serve(context, &self.topic, &self.settings, n);
        }
        self.gauge(context);
    }

    /// A consumer is done with a record.
    #[inline]
    pub(super) fn settled(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: MessageId,
    ) {
        if let Some((number, n)) = self.member(link) {
            self.seats[link.0 as usize].place = n as u32;
            let group = &mut self.groups[number];
            if group.settle(context, &self.topic, n, message) {
                if group.rules.commit == Commit::Interval && !group.plans_commit {
                    self.plan_commit(context, number);
                }
                if self.groups[number].is_restless {
                    self.tend(context, number);
                }
                let group = &mut self.groups[number];
                if group.members.get(n).is_some_and(Member::has_more) {
                    group.serve(context, &self.topic, &self.settings, n);
                }
                return self.gauge(context);
            }
        }
        if !self.settled_in_share(context, (link, message), false) {
            context.record_node(What::Ignored);
            self.polls_again(context, link);
        }
    }

    /// A consumer refuses a record: it is read all the same, and given up where records are shared.
    pub(super) fn rejected(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: MessageId,
    ) {
        if !self.settled_in_share(context, (link, message), true) {
            self.settled(context, link, message);
        }
    }

    /// A consumer that was missed has ended what it had: it joins again.
    fn polls_again(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        let Some(seat) = self.seats.get_mut(link.0 as usize) else {
            return;
        };
        if seat.strayed == 0 {
            return;
        }
        seat.strayed -= 1;
        let Seat {
            strayed,
            group,
            session,
            ..
        } = *seat;
        if strayed == 0 {
            let group = group as usize;
            let joins = (link, session);
            self.groups[group].join(context.now(), &self.settings, joins);
            self.note_transactional(link);
            self.tend(context, group);
        }
    }

    /// The work on a record failed, and is tried again at once: the consumer does not get on.
    pub(super) fn again(&mut self, context: &mut Context<'_>, link: LinkIndex, message: MessageId) {
        if self.returned_to_share(context, (link, message)) {
            return;
        }
        let Some((group, n)) = self.member(link) else {
            context.record_node(What::Ignored);
            return self.polls_again(context, link);
        };
        let member = &mut self.groups[group].members[n];
        let session = u64::from(member.session);
        let of = |hand: &&mut InHand| hand.message == message;
        let Some(hand) = member.in_hand.iter_mut().find(of) else {
            return context.record_node(What::Ignored);
        };
        let lane = &self.topic.partitions[hand.partition as usize];
        let found = lane.store.from(hand.offset);
        if let Some((_, record)) = found.filter(|(_, record)| record.id() == message) {
            hand.attempt = hand.attempt.saturating_add(1);
            let mut message = self.topic.labels.message(record);
            message.attempt = hand.attempt;
            context.record(What::Delivered, &message);
            context.hand(link, &message, Handed::Lent, session);
        } else {
            // It went meanwhile, and nobody can try it again.
            self.settled(context, link, message);
        }
    }

    /// Consumers that took too long are members no more, and come back once they are done.
    pub(super) fn miss_stuck(&mut self, context: &mut Context<'_>, group: usize) {
        let missed = self.groups[group].miss_stuck(context, &self.settings);
        for (link, strayed) in missed {
            let seat = &mut self.seats[link.0 as usize];
            seat.strayed = strayed as u32;
            // Where answers get lost nobody waits for them.
            if context.may_lose(link) {
                seat.strayed = 1;
                self.polls_again(context, link);
            }
        }
        self.tend(context, group);
    }

    fn plan_commit(&mut self, context: &mut Context<'_>, group: usize) {
        let every = self.settings.commit_interval.nanos().max(1);
        let group = &mut self.groups[group];
        group.plans_commit = true;
        let gone = context.now().since(group.since).nanos() / every;
        let next = SimDuration::from_nanos((gone + 1).saturating_mul(every));
        context.wake_at(group.since.after(next), COMMIT, u64::from(group.number));
    }

    pub(super) fn commit(&mut self, context: &mut Context<'_>, group: usize) {
        let group = &mut self.groups[group];
        group.plans_commit = false;
        if group.commit_all() {
            context.record_node(What::Committed);
        }
        self.gauge(context);
    }

    /// What is heard of a crash at once is only noticed when heartbeats are missing.
    pub(super) fn closed(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        if self.sharer_closed(link) {
            return;
        }
        if let Some((group, n)) = self.member(link) {
            let group_of_it = &mut self.groups[group];
            group_of_it.fall_silent(n, context.now(), &self.settings);
            group_of_it.members[n].in_hand.clear();
            self.tend(context, group);
        }
        if let Some(seat) = self.seats.get_mut(link.0 as usize) {
            seat.strayed = 0;
        }
    }

    /// A group starts, or something about all of them changed.
    pub(super) fn fit_groups(&mut self, context: &mut Context<'_>) {
        for number in 0..self.groups.len() {
            let group = &mut self.groups[number];
            let rules = self.settings.rules(&group.name);
            let before = std::mem::replace(&mut group.rules, rules);
            if rules.sharing == Sharing::Records {
                if before.sharing == Sharing::Partitions {
                    self.share_records(context, number);
                }
                continue;
            }
            let has_more = group.fit(self.topic.partitions.len());
            if (has_more || rules.assignor != before.assignor) && !group.members.is_empty() {
                group.call_all(context.now(), &self.settings);
            }
            if rules.isolation != before.isolation {
                for partition in 0..self.topic.partitions.len() as u32 {
                    let group = &mut self.groups[number];
                    group.can_read(context, &self.topic, &self.settings, (partition, None));
                }
            }
            if let Some(seek) = rules.seek.filter(|_| rules.seek != before.seek) {
                self.seek(number, seek.into());
            }
            self.tend(context, number);
            self.serve_all(context, number);
        }
        self.fit_shares(context);
    }
}
