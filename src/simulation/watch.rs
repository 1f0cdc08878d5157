//! Watching whether checks hold, from nothing but what happens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::{CheckResult, Comparison, counted};
use super::prompts::Prompts;
use super::{Caption, Check};
use crate::engine::{Entry, Message, MessageId, Place, What};
use crate::nodes::Role;
use crate::topology::Topology;
use crate::units::{NodeId, SimDuration, SimTime};

/// All checks of a run and how they stand, and which captions have come.
#[derive(Clone)]
pub(super) struct Watch {
    checks: Arc<[Check]>,
    standings: Vec<Standing>,
    prompts: Prompts,
    observed: Vec<(Entry, Message)>,
}

/// How one check stands.
#[derive(Clone, Default)]
struct Standing {
    failed: Option<(SimTime, String)>,
    count: u64,
    over: u64,
    /// For order: the last sequence number of each source and key.
    last: BTreeMap<(u16, u32), u32>,
    /// For effects: the events that were finished. For lags: the messages that were applied.
    seen: BTreeSet<u64>,
    /// For ages: since when what waits.
    waiting: BTreeMap<MessageId, SimTime>,
    /// For lags: the store that feeds the projection.
    store: Option<NodeId>,
}

/// Latencies are judged from this many on, so that the first few do not decide.
const LATENCIES_MIN: u64 = 100;

impl Watch {
    pub(super) fn new(checks: &[Check], captions: &[Caption], topology: &Topology) -> Self {
        let standing = |check: &Check| Standing {
            store: match check {
                Check::LagBelow { node, .. } => store_of(topology, *node),
                _ => None,
            },
            ..Standing::default()
        };
        let standings = checks.iter().map(standing).collect();
        Self {
            checks: checks.into(),
            standings,
            prompts: Prompts::new(captions),
            observed: Vec::new(),
        }
    }

    /// Whether there is anything to watch.
    pub(super) fn is_idle(&self) -> bool {
        self.checks.is_empty() && !self.prompts.are_waiting()
    }

    /// The captions, to look at.
    pub(super) fn prompts(&self) -> &Prompts {
        &self.prompts
    }

    /// Everything before this time has happened; at this time as well, if it is `over`.
    pub(super) fn reach(&mut self, now: SimTime, over: bool) {
        self.prompts.reach(now, over);
    }

    /// A place into which what happened is put before [`Self::follow`].
    pub(super) fn buffer(&mut self) -> &mut Vec<(Entry, Message)> {
        &mut self.observed
    }

    /// Follows what happened.
    pub(super) fn follow(&mut self, lags: &[(SimTime, usize, u64)]) {
        self.follow_groups(lags);
        for (check, standing) in self.checks.iter().zip(&mut self.standings) {
            for (entry, message) in &self.observed {
                standing.follow(check, entry, message);
            }
        }
        let standings = &self.standings;
        let broken = |check: usize| {
            let failed = standings.get(check)?.failed.as_ref();
            failed.map(|(at, _)| *at)
        };
        self.prompts.follow(&self.observed, broken);
        self.observed.clear();
    }

    /// How far behind which group was and when, of those that are watched.
    fn follow_groups(&mut self, lags: &[(SimTime, usize, u64)]) {
        for (at, n, lag) in lags {
            let of = |pair: &(&Check, &mut Standing)| watched(pair.0).is_some();
            let mut pairs = self.checks.iter().zip(&mut self.standings).filter(of);
            if let Some((Check::LagBelow { value, .. }, standing)) = pairs.nth(*n)
                && lag >= value
            {
                standing.fail(*at, || format!("{lag} records behind"));
            }
        }
    }

    /// Whose lag is to be told, by node and name of the group.
    pub(super) fn lagging(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.checks.iter().filter_map(watched)
    }

    pub(super) fn bytes(&self) -> usize {
        let of = |standing: &Standing| {
            standing.last.len() * 24 + standing.seen.len() * 16 + standing.waiting.len() * 24
        };
        self.standings.iter().map(of).sum::<usize>() + self.prompts.bytes()
    }

    /// How all checks stand at `now`.
    pub(super) fn results(&self, topology: &Topology, now: SimTime) -> Vec<CheckResult> {
        let pairs = self.checks.iter().zip(&self.standings);
        pairs
            .map(|(check, standing)| standing.result(check, topology, now))
            .collect()
    }
}

/// The group that a check is about. Whatever is no log never tells of any.
fn watched(check: &Check) -> Option<(NodeId, &str)> {
    match check {
        Check::LagBelow { node, group, .. } => Some((*node, group.as_deref().unwrap_or(""))),
        _ => None,
    }
}

fn store_of(topology: &Topology, projection: NodeId) -> Option<NodeId> {
    let feeds = |link: &&crate::topology::Link| {
        link.to == projection && topology.role(link) == Some(Role::Feeds)
    };
    topology.links.iter().find(feeds).map(|link| link.from)
}

impl Standing {
    fn fail(&mut self, at: SimTime, detail: impl FnOnce() -> String) {
        if self.failed.is_none() {
            self.failed = Some((at, detail()));
        }
    }

    fn follow(&mut self, check: &Check, entry: &Entry, message: &Message) {
        let here = |node: &NodeId| entry.place() == Place::Node(*node);
        match check {
            Check::NothingLost { node } => {
                let lost = matches!(entry.what, What::Lost | What::Dropped | What::Expired);
                if lost && node.is_none_or(|node| here(&node)) {
                    self.fail(entry.time, || describe(entry));
                }
            }
            Check::HappensOnce { node }
                if here(node)
                    && matches!(entry.what, What::Finished | What::Applied)
                    && !self.seen.insert(entry.root) =>
            {
                self.fail(entry.time, || format!("event {:016x} again", entry.root));
            }
            Check::OrderByKey { node }
                if here(node) && matches!(entry.what, What::Finished | What::Applied) =>
            {
                self.follow_order(entry, message);
            }
            Check::DepthBelow { node, value } if here(node) => self.follow_depth(entry, *value),
            Check::LagBelow { node, value, .. } => self.follow_lag(entry, *node, *value),
            Check::AgeBelow { node, value } if here(node) => self.follow_age(entry, *value),
            Check::LatencyBelow {
                node,
                percentile,
                value,
            } if here(node) && matches!(entry.what, What::Finished | What::Applied) => {
                self.count += 1;
                self.over += u64::from(entry.time.since(message.born) >= *value);
                if self.count >= LATENCIES_MIN && self.too_many_over(*percentile) {
                    self.fail(entry.time, || "too many were slower".to_owned());
                }
            }
            Check::Counter {
                node,
                counter,
                is,
                value,
            } if Some(entry.what) == counted(counter) && node.is_none_or(|node| here(&node)) => {
                self.count += 1;
                if *is != Comparison::AtLeast && self.count > *value {
                    self.fail(entry.time, || format!("{counter} reached {}", value + 1));
                }
            }
            _ => {}
        }
    }

    fn follow_order(&mut self, entry: &Entry, message: &Message) {
        let last = self
            .last
            .entry((message.source.0, message.key.0))
            .or_insert(0);
        let before = *last;
        *last = before.max(message.sequence);
        if message.sequence < before {
            self.fail(entry.time, || {
                format!(
                    "number {} of its source after number {before}",
                    message.sequence
                )
            });
        }
    }

    fn follow_depth(&mut self, entry: &Entry, value: u64) {
        self.count -= u64::from(entry.was_waiting());
        if matches!(entry.what, What::Queued | What::Requeued) {
            self.count += 1;
            if self.count >= value {
                let count = self.count;
                self.fail(entry.time, || format!("{count} wait"));
            }
        }
    }

    fn follow_lag(&mut self, entry: &Entry, projection: NodeId, value: u64) {
        let stored = entry.what == What::Stored;
        if stored
            && self
                .store
                .is_some_and(|store| entry.place() == Place::Node(store))
        {
            self.count += 1;
        }
        if entry.what == What::Applied && entry.place() == Place::Node(projection) {
            // What is applied again is so because all is applied anew.
            if !self.seen.insert(entry.message.0) {
                self.seen = BTreeSet::from([entry.message.0]);
            }
            self.over = self.seen.len() as u64;
        }
        let lag = self.count.saturating_sub(self.over);
        if lag >= value {
            self.fail(entry.time, || format!("{lag} events behind"));
        }
    }

    fn follow_age(&mut self, entry: &Entry, value: SimDuration) {
        if entry.was_waiting()
            && let Some(since) = self.waiting.remove(&entry.message)
            && entry.time.since(since) >= value
        {
            self.fail(since.after(value), || too_old(entry.message, since));
        }
        if matches!(entry.what, What::Queued | What::Requeued) {
            self.waiting.insert(entry.message, entry.time);
        }
    }

    fn too_many_over(&self, percentile: f64) -> bool {
        self.over as f64 > self.count as f64 * (1.0 - percentile / 100.0)
    }

    /// How the check stands; what can only be judged at the end is judged now.
    fn result(&self, check: &Check, topology: &Topology, now: SimTime) -> CheckResult {
        let failed = self.failed.clone().or_else(|| self.failed_by(check, now));
        let detail = match (&failed, check) {
            (Some((_, detail)), _) => detail.clone(),
            (None, Check::Counter { .. }) => format!("found {}", self.count),
            (None, Check::LatencyBelow { .. }) => {
                format!("{} of {} were slower", self.over, self.count)
            }
            _ => String::new(),
        };
        CheckResult {
            name: check.words(topology),
            node: check.node(),
            passed: failed.is_none(),
            failed_at: failed.map(|(at, _)| at),
            detail,
        }
    }

    fn failed_by(&self, check: &Check, now: SimTime) -> Option<(SimTime, String)> {
        match check {
            Check::AgeBelow { value, .. } => {
                let oldest = self.waiting.iter().min_by_key(|(_, since)| **since)?;
                let (message, since) = oldest;
                (now.since(*since) >= *value)
                    .then(|| (since.after(*value), too_old(*message, *since)))
            }
            Check::LatencyBelow { percentile, .. } if self.too_many_over(*percentile) => {
                Some((now, format!("{} of {} were slower", self.over, self.count)))
            }
            Check::Counter { is, value, .. } if !is.holds(self.count, *value) => {
                Some((now, format!("found {}", self.count)))
            }
            _ => None,
        }
    }
}

fn too_old(message: MessageId, since: SimTime) -> String {
    format!("message {} waits since {since}", message.0)
}

fn describe(entry: &Entry) -> String {
    let place = match entry.place() {
        Place::Node(id) => id.to_string(),
        Place::Link(id) => id.to_string(),
    };
    let reason = entry.reason().words();
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    };
    format!(
        "message {} {} at {place}{because}",
        entry.message.0,
        entry.what.name()
    )
}
