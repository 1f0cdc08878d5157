//! Which messages a service begins with, and when: order, batches, its rate limit.

use super::behaviour::{BEGIN, Service, Work, answer, is_call};
use super::job::{Paused, Phase};
use super::{NewerVersion, WhenFull};
use crate::engine::{Answer, Context, Message, Reason, What};
use crate::nodes::shared::consumer::Task;
use crate::units::{SimDuration, SimTime};

impl Service {
    /// How important a message is: the less, the more.
    fn rank(&self, message: &Message) -> usize {
        let ranks = &self.more.ranks;
        let known = ranks.iter().position(|it| *it == message.event_type);
        known.unwrap_or(ranks.len())
    }

    /// Puts what came behind all that is as important.
    pub(super) fn put_in_order(&mut self, task: Task) {
        if self.more.ranks.is_empty() {
            return self.inbox.push_back(task);
        }
        let rank = self.rank(&task.message);
        let at = (self.inbox).partition_point(|other| self.rank(&other.message) <= rank);
        self.inbox.insert(at, task);
    }

    /// Whether there is room for a message that it was simply sent, or is made. If not, the message
    /// is refused.
    pub(super) fn make_room(&mut self, context: &mut Context<'_>, task: &Task) -> bool {
        let free = self.workers.len().saturating_sub(self.busy);
        let most = self.settings.max_waiting.unwrap_or(u32::MAX) as usize;
        let waiting = self.inbox.iter().filter(|task| task.is_owned()).count();
        if waiting < most.saturating_add(free) {
            return true;
        }
        let since = |n: &usize| self.inbox[*n].message.since;
        let owned = (0..self.inbox.len()).filter(|n| self.inbox[*n].is_owned());
        let oldest = owned.min_by_key(since);
        let oldest = oldest.filter(|_| self.settings.when_full == WhenFull::DropOldest);
        match oldest.and_then(|oldest| self.inbox.remove(oldest)) {
            Some(oldest) => turn_away(context, &oldest, true),
            None => turn_away(context, task, false),
        }
        oldest.is_some()
    }

    /// Gives waiting work to free workers, as far as it may be begun with.
    #[inline(never)]
    pub(super) fn fill_carefully(&mut self, context: &mut Context<'_>) {
        while let Some(task) = self.inbox.front() {
            if self.busy >= self.settings.workers as usize {
                let rank = self.rank(&task.message);
                if !self.settings.preempts || !self.pause_for(context, rank) {
                    break;
                }
                continue;
            }
            if let Some(later) = self.begins_at(context.now()) {
                self.begin_later(context, later);
                break;
            }
            let count = self.inbox.len().min(self.settings.batch.max(1) as usize);
            let count = self.batch_of_one_link(count);
            let mut tasks: Vec<Task> = self.inbox.drain(..count).collect();
            self.leave_out_repeated(&mut tasks);
            self.begin_job(context, tasks);
        }
        context.set_depth(self.inbox.len());
        context.set_busy(self.busy);
    }

    /// When it may begin with what is at the front of its inbox, if that is not now.
    fn begins_at(&self, now: SimTime) -> Option<SimTime> {
        let mut at = SimTime::ZERO;
        if self.inbox.len() < self.settings.batch as usize {
            let oldest = self.inbox.iter().map(|task| task.message.since).min();
            at = oldest?.after(self.settings.batch_wait);
        }
        if let Some(interval) = self.settings.rate_limit.interval() {
            // As the bucket of tokens is full after a pause, the burst may run ahead of the rate.
            let ahead = interval
                .nanos()
                .saturating_mul(u64::from(self.settings.burst.saturating_sub(1)));
            let allowed = self.more.next_at.nanos().saturating_sub(ahead);
            at = at.max(SimTime::from_nanos(allowed));
        }
        (at > now).then_some(at)
    }

    fn begin_later(&mut self, context: &mut Context<'_>, at: SimTime) {
        if self.more.begins_at.is_none_or(|planned| at < planned) {
            self.more.begins_at = Some(at);
            context.wake_at(at, BEGIN, u64::from(self.life.number));
        }
    }

    /// A worker begins with these messages. What was done before is only settled again.
    fn begin_job(&mut self, context: &mut Context<'_>, mut tasks: Vec<Task>) {
        let now = context.now();
        if let Some(window) = self.settings.own_window() {
            let memory = &mut self.more.memory;
            let (repeated, others) = tasks
                .into_iter()
                .partition(|task| memory.knows(task.message.root, now, window));
            tasks = others;
            self.settle_at_once(context, repeated, (What::Repeated, Reason::None));
        }
        if self.settings.newer_version == NewerVersion::Skip {
            let is_new = |task: &Task| self.is_too_new(context, &task.message);
            let (skipped, others) = tasks.into_iter().partition(is_new);
            tasks = others;
            self.settle_at_once(context, skipped, (What::Refused, Reason::Unknown));
        }
        let Some(worker) = self.workers.iter().position(Option::is_none) else {
            return;
        };
        if tasks.is_empty() {
            return;
        }
        for task in &mut tasks {
            context.metrics().wait.record(now.since(task.message.since));
            if task.is_owned() {
                context.record_waiting(What::Started, &task.message, Reason::None);
            } else {
                context.record(What::Started, &task.message);
            }
            task.message.since = now;
        }
        if let Some(interval) = self.settings.rate_limit.interval() {
            self.more.next_at = self.more.next_at.max(now).after(interval);
        }
        let task = tasks.remove(0);
        self.workers[worker] = Some(Work {
            task,
            since: now,
            until: now,
        });
        self.busy += 1;
        let paused = &mut self.more.paused;
        let place = (paused.iter()).position(|paused| paused.message == task.message.id);
        if let Some(Paused { left, job, .. }) = place.map(|place| paused.remove(place)) {
            self.more.jobs[worker] = job;
            return self.occupy(context, worker, left);
        }
        self.more.jobs[worker].rest = tasks;
        self.ask_store(context, worker);
    }

    /// Settles messages without working on them.
    fn settle_at_once(
        &mut self,
        context: &mut Context<'_>,
        tasks: Vec<Task>,
        (what, reason): (What, Reason),
    ) {
        for task in tasks {
            if task.is_owned() {
                context.record_waiting(what, &task.message, reason);
            } else {
                context.record_because(what, &task.message, reason);
            }
            self.settle(context, &task);
        }
    }

    /// Whether a message follows a schema that came after the service was written.
    pub(super) fn is_too_new(&self, context: &Context<'_>, message: &Message) -> bool {
        let known = self.settings.highest_version;
        known.is_some_and(|known| context.schema_version_of(message) > known)
    }

    /// Interrupts the least important work, if it is less important than something of this rank.
    /// What is left of it is done later.
    fn pause_for(&mut self, context: &mut Context<'_>, rank: usize) -> bool {
        let works = self.workers.iter().enumerate();
        let working = works.filter_map(|(worker, work)| {
            let job = &self.more.jobs[worker];
            let can_pause = job.phase == Phase::Working && job.timer.is_some();
            let work = work.as_ref().filter(|_| can_pause)?;
            Some((self.rank(&work.task.message), worker))
        });
        let Some((least, worker)) = working.max().filter(|(least, _)| *least > rank) else {
            return false;
        };
        let Some(work) = self.workers[worker].take() else {
            return false;
        };
        self.busy -= 1;
        let mut job = std::mem::take(&mut self.more.jobs[worker]);
        if let Some(ticket) = job.timer.take() {
            context.cancel(ticket);
        }
        let now = context.now();
        let mut task = work.task;
        task.message.since = now;
        if task.is_owned() {
            context.record_because(What::Queued, &task.message, Reason::Outranked);
        }
        self.more.paused.push(Paused {
            message: task.message.id,
            left: SimDuration::from_nanos(work.until.since(now).nanos()),
            job,
        });
        let at = (self.inbox).partition_point(|other| self.rank(&other.message) < least);
        self.inbox.insert(at, task);
        true
    }
}

/// There is no room for a message: whoever called with it hears of that.
fn turn_away(context: &mut Context<'_>, task: &Task, was_waiting: bool) {
    let called = task.link.filter(|link| is_call(context, *link));
    let what = if called.is_some() {
        What::Done
    } else {
        What::Dropped
    };
    match was_waiting {
        true => context.record_waiting(what, &task.message, Reason::Full),
        false => context.record_because(what, &task.message, Reason::Full),
    }
    if let Some(link) = called {
        answer(context, link, &task.message, Answer::Refused);
    }
}
