//! Who takes messages out of a queue, and whose turn it is.
//!
//! It follows RabbitMQ 4.0: consumers take turns, those of a higher priority first. One without
//! credit loses its turn when it comes to it (classic) or at once (quorum), and gets a new one
//! behind the others when it has credit again.

use crate::engine::LinkIndex;

/// One who takes messages.
#[derive(Clone, Copy)]
pub(super) struct Consumer {
    pub(super) link: LinkIndex,
    /// Most unsettled deliveries; none for one that only asks by itself.
    pub(super) prefetch: u32,
    pub(super) session: u32,
    pub(super) lent: u32,
    /// Whether its link is up.
    pub(super) up: bool,
    pub(super) auto_ack: bool,
    pub(super) priority: u32,
    /// Its place in turn, unless it lost it.
    pub(super) turn: u64,
    pub(super) lost_turn: bool,
}

impl Consumer {
    pub(super) fn new(link: LinkIndex, session: u32) -> Self {
        Self {
            link,
            prefetch: 0,
            session,
            lent: 0,
            up: true,
            auto_ack: false,
            priority: 0,
            turn: 0,
            lost_turn: false,
        }
    }

    /// Whether it can take a message now.
    #[inline]
    pub(super) fn is_free(&self) -> bool {
        self.up && (self.lent < self.prefetch || (self.auto_ack && self.prefetch > 0))
    }

    /// Whether messages are pushed to it.
    pub(super) fn is_subscribed(&self) -> bool {
        self.prefetch > 0
    }
}

/// All who take messages out of a queue.
#[derive(Clone, Default)]
pub(super) struct Consumers {
    all: Vec<Consumer>,
    /// The last turn that was given away.
    turns: u64,
    /// Whether only one of them gets messages.
    pub(super) single: bool,
    /// Whether who has no credit loses its turn at once, and a more important newcomer takes over.
    pub(super) eager: bool,
    /// The only one that gets messages.
    active: Option<LinkIndex>,
    /// The active one gets no more, because a more important one waits for it to be done.
    fading: bool,
}

impl Consumers {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Consumer> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Consumer> {
        self.all.iter_mut()
    }

    pub(super) fn get(&self, index: usize) -> &Consumer {
        &self.all[index]
    }

    pub(super) fn position(&self, link: LinkIndex) -> Option<usize> {
        self.all.iter().position(|consumer| consumer.link == link)
    }

    /// How many messages are pushed to.
    pub(super) fn subscribed(&self) -> usize {
        let all = self.all.iter();
        all.filter(|consumer| consumer.is_subscribed()).count()
    }

    /// How many unsettled deliveries those may have who get messages.
    pub(super) fn credit(&self) -> u64 {
        let only = self.active.filter(|_| self.single);
        let all = self.all.iter().filter(|it| it.up && !it.auto_ack);
        let all = all.filter(|it| only.is_none_or(|only| only == it.link));
        all.map(|it| u64::from(it.prefetch)).sum()
    }

    /// The only one that gets messages, if there is such a rule.
    pub(super) fn only_one(&self) -> Option<LinkIndex> {
        self.active.filter(|_| self.single)
    }

    /// Adds or changes one.
    pub(super) fn put(&mut self, consumer: Consumer) {
        self.turns += 1;
        let turn = self.turns;
        match self.position(consumer.link) {
            Some(index) => {
                let known = &mut self.all[index];
                let (lent, was_subscribed) = (known.lent, known.is_subscribed());
                let turn = if was_subscribed { known.turn } else { turn };
                *known = Consumer {
                    lent,
                    turn,
                    ..consumer
                };
            }
            None => self.all.push(Consumer { turn, ..consumer }),
        }
        self.elect();
    }

    pub(super) fn remove(&mut self, link: LinkIndex) {
        self.all.retain(|consumer| consumer.link != link);
        self.elect();
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.active = None;
    }

    /// Finds the only one that gets messages.
    pub(super) fn elect(&mut self) {
        if !self.single {
            self.active = None;
            return;
        }
        let eager = self.eager;
        let candidates = self.all.iter().filter(|it| it.is_subscribed());
        let key = |it: &&Consumer| match eager {
            true => (u32::MAX - it.priority, it.turn),
            false => (0, it.turn),
        };
        let Some(best) = candidates.min_by_key(key) else {
            self.active = None;
            return;
        };
        let active = self.all.iter().find(|it| Some(it.link) == self.active);
        let stays = active.filter(|it| it.is_subscribed());
        let takes_over = stays.is_some_and(|it| eager && best.priority > it.priority);
        self.fading = takes_over && stays.is_some_and(|it| it.lent > 0);
        if stays.is_none() || (takes_over && !self.fading) {
            self.active = Some(best.link);
        }
    }

    /// Whether there is one that can take a message now.
    pub(super) fn has_free(&self) -> bool {
        let mut all = self.all.iter();
        match self.active.filter(|_| self.single) {
            Some(link) => all.any(|it| it.link == link && it.is_free() && !self.fading),
            None => all.any(Consumer::is_free),
        }
    }

    /// Whose turn it is, of those who can take a message now.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<usize> {
        if let [only] = &self.all[..]
            && !only.auto_ack
        {
            return (only.lent < only.prefetch && only.up).then_some(0);
        }
        self.next_of_many()
    }

    #[inline(never)]
    fn next_of_many(&mut self) -> Option<usize> {
        if self.single {
            let index = self.position(self.active?)?;
            return (self.all[index].is_free() && !self.fading).then_some(index);
        }
        let key = |it: &Consumer| (u32::MAX - it.priority, it.turn);
        let in_turn = |it: &Consumer| it.is_subscribed() && !it.lost_turn;
        let free = (0..self.all.len()).filter(|n| in_turn(&self.all[*n]) && self.all[*n].is_free());
        let chosen = free.min_by_key(|n| key(&self.all[*n]));
        let until = chosen.map(|n| key(&self.all[n]));
        for consumer in &mut self.all {
            if in_turn(consumer) && until.is_none_or(|until| key(consumer) < until) {
                consumer.lost_turn = true;
            }
        }
        if let Some(chosen) = chosen {
            self.turns += 1;
            self.all[chosen].turn = self.turns;
        }
        chosen
    }

    /// Whether what is handed to one of them counts as processed at once.
    pub(super) fn any_auto_ack(&self) -> bool {
        self.all.iter().any(|consumer| consumer.auto_ack)
    }

    /// One is handed a message for which it has to answer, where nobody is eager.
    #[inline(always)]
    pub(super) fn lend(&mut self, index: usize) -> &Consumer {
        let consumer = &mut self.all[index];
        consumer.lent += 1;
        consumer
    }

    /// One was handed a message for which it has to answer.
    pub(super) fn note_lent(&mut self, index: usize) {
        let eager = self.eager;
        let consumer = &mut self.all[index];
        consumer.lent += 1;
        consumer.lost_turn |= eager && consumer.lent >= consumer.prefetch;
    }

    /// A delivery is settled.
    #[inline(always)]
    pub(super) fn release(&mut self, link: LinkIndex) {
        if let Some(consumer) = self.all.iter_mut().find(|it| it.link == link) {
            consumer.lent -= 1;
            if consumer.lost_turn || self.single {
                self.give_turn(link);
            }
        }
    }

    /// One has credit again.
    #[inline(never)]
    fn give_turn(&mut self, link: LinkIndex) {
        let found = self.all.iter_mut().find(|it| it.link == link);
        if let Some(consumer) = found.filter(|it| it.lost_turn) {
            self.turns += 1;
            consumer.turn = self.turns;
            consumer.lost_turn = false;
        }
        if self.fading {
            self.elect();
        }
    }
}
