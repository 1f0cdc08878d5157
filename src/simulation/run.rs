//! A run: it goes on, stands still, steps, goes back, and takes interventions.

use super::keyframes::Keyframes;
use super::state::State;
use super::{Came, CheckResult, Plan, ScriptEntry};
use crate::engine::{Advance, Entry, Message, NodeMetrics, TraceMark, World};
use crate::nodes::Node as Behaving;
use crate::topology::{Problem, Topology};
use crate::units::{NodeId, SimTime};

/// One execution of a plan. Where it stands is a pure function of the plan and the time.
#[derive(Clone)]
pub struct Run {
    pub(super) plan: Plan,
    pub(super) state: State,
    pub(super) keyframes: Keyframes,
    pub(super) furthest: SimTime,
    /// Entries of the last dispatch that a person who steps has not seen yet.
    pub(super) unseen: Option<Unseen>,
}

/// A dispatch can leave several entries; stepping shows them one at a time.
#[derive(Clone)]
pub(super) struct Unseen {
    before: TraceMark,
    seen: usize,
    entries: Vec<Entry>,
}

/// Memory for keyframes.
const KEYFRAME_BYTES: usize = 64 << 20;
/// Entries of the trace that are kept while a person watches.
const KEPT_ENTRIES: usize = 50_000;
/// Most dispatches that one step looks through for an entry.
const DISPATCHES_OF_STEP: u32 = 100_000;
/// Dispatches between two looks at the checks.
const WATCH_EVERY: u64 = 4_096;

impl Run {
    /// A run that stands at its start.
    ///
    /// # Errors
    /// Everything that is wrong with the plan.
    pub fn new(plan: Plan) -> Result<Self, Vec<Problem>> {
        let problems = plan.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self::at_start(plan, KEYFRAME_BYTES))
    }

    fn at_start(plan: Plan, keyframe_bytes: usize) -> Self {
        Self {
            state: State::at_start(&plan),
            plan,
            keyframes: Keyframes::new(keyframe_bytes),
            furthest: SimTime::ZERO,
            unseen: None,
        }
    }

    /// What decides the run, with all that was done by hand.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The time.
    pub fn now(&self) -> SimTime {
        self.state.now()
    }

    /// The latest time that the run has reached.
    pub fn furthest(&self) -> SimTime {
        self.furthest.max(self.now())
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.plan.seed
    }

    /// What happened by hand or by the script, in order of time.
    pub fn script(&self) -> &[ScriptEntry] {
        &self.plan.script
    }

    /// What is drawn at this moment.
    pub fn topology(&self) -> &Topology {
        &self.state.topology
    }

    /// The world, to look at.
    pub fn world(&self) -> &World<Behaving> {
        &self.state.world
    }

    /// What was measured at a node.
    pub fn metrics(&self, node: NodeId) -> Option<&NodeMetrics> {
        self.world()
            .node_index(node)
            .map(|index| self.world().metrics(index))
    }

    /// How many entries the trace has so far.
    pub fn entries(&self) -> u64 {
        let count = self.world().trace().count();
        count
            - self
                .unseen
                .as_ref()
                .map_or(0, |unseen| unseen.hidden() as u64)
    }

    /// One hash over the trace so far.
    pub fn digest(&self) -> u64 {
        match &self.unseen {
            Some(unseen) => unseen.before.digest_with(&unseen.entries[..unseen.seen]),
            None => self.world().trace().digest(),
        }
    }

    /// The entries that are kept of what a person has seen, oldest first.
    pub fn kept_entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        let hidden = self.unseen.as_ref().map_or(0, Unseen::hidden);
        self.world().trace().kept().all_but_latest(hidden)
    }

    /// Whether the latest entries are kept. This never changes a digest.
    pub fn keep_trace(&mut self, keep: bool) {
        self.state
            .world
            .trace_mut()
            .keep(if keep { KEPT_ENTRIES } else { 0 });
    }

    /// Takes the kept entries out, for somebody who writes all of them down in time.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        self.state.world.trace_mut().take().into_vec()
    }

    /// What happened to which message since the last call; from the first call on. In a run with
    /// checks these look first, and nothing is left.
    pub fn take_observed(&mut self) -> Vec<(Entry, Message)> {
        let mut observed = Vec::new();
        let trace = self.state.world.trace_mut();
        trace.observe();
        trace.take_observed(&mut observed);
        observed
    }

    /// How the checks stand now.
    pub fn results(&self) -> Vec<CheckResult> {
        self.state.watch.results(&self.state.topology, self.now())
    }

    /// Lets everything happen that is due until `until`, which included, in at most about `most`
    /// dispatches. How often and in which portions this is called never changes the trace.
    pub fn advance(&mut self, until: SimTime, most: u64) -> Advance {
        self.unseen = None;
        let last = self.world().steps().saturating_add(most);
        loop {
            let left = last.saturating_sub(self.world().steps());
            let outcome = self.portion(until, left);
            self.watch_on();
            match outcome {
                Some(outcome) => {
                    self.furthest = self.furthest.max(self.now());
                    let over = outcome == Advance::Reached;
                    self.state.watch.reach(self.state.now(), over);
                    return outcome;
                }
                None if left == 0 => {
                    self.state.watch.reach(self.state.now(), false);
                    return Advance::Paused;
                }
                None => {}
            }
        }
    }

    /// Goes on as [`Self::advance`] does, but stands still when a caption comes.
    pub fn advance_to_caption(&mut self, until: SimTime, most: u64) -> Advance {
        let last = self.world().steps().saturating_add(most);
        let before = self.captions().count();
        loop {
            let prompts = self.state.watch.prompts();
            let until = prompts.next_at().map_or(until, |at| at.min(until));
            let left = last.saturating_sub(self.world().steps());
            // What a caption waits for is found where it happens.
            let most = if prompts.are_waiting() {
                left.min(1)
            } else {
                left
            };
            let outcome = self.advance(until, most);
            let left = last.saturating_sub(self.world().steps());
            if outcome != Advance::Paused {
                return outcome;
            }
            if self.captions().count() != before {
                return Advance::Reached;
            }
            if left == 0 {
                return outcome;
            }
        }
    }

    /// The captions that have come, by their number in the plan.
    pub fn captions(&self) -> impl Iterator<Item = (usize, Came)> {
        self.state.watch.prompts().came()
    }

    /// Goes on for one portion; `None` if there is more to do.
    fn portion(&mut self, until: SimTime, left: u64) -> Option<Advance> {
        let state = &mut self.state;
        if let Some(entry) = self.plan.script.get(state.played)
            && entry.at <= until
        {
            return self.towards_entry(left);
        }
        let mut most = left;
        if !state.watch.is_idle() {
            most = most.min(WATCH_EVERY);
        }
        let to_keyframe = self
            .keyframes
            .next_due()
            .saturating_sub(state.steps())
            .max(1);
        match state.world.advance(until, most.min(to_keyframe)) {
            Advance::Paused => {
                self.save_keyframe();
                (left == 0).then_some(Advance::Paused)
            }
            other => Some(other),
        }
    }

    /// Goes on towards the next entry of the script, and plays it if its moment has come.
    fn towards_entry(&mut self, left: u64) -> Option<Advance> {
        let state = &mut self.state;
        let entry = &self.plan.script[state.played];
        if state.now() < entry.at {
            let before = SimTime::from_nanos(entry.at.nanos() - 1);
            let most = left.min(WATCH_EVERY);
            match state.world.advance(before, most) {
                Advance::Reached => state.world.stand_at(entry.at),
                Advance::Paused if left == 0 => return Some(Advance::Paused),
                Advance::Paused => {
                    self.save_keyframe();
                    return None;
                }
                stopped => return Some(stopped),
            }
        }
        let state = &mut self.state;
        let wanted = u64::from(entry.after.saturating_sub(state.world.steps_now()));
        match state.world.advance(entry.at, wanted.min(left)) {
            Advance::Stopped(reason) => return Some(Advance::Stopped(reason)),
            Advance::Paused if wanted > left => return Some(Advance::Paused),
            _ => {}
        }
        let what = entry.what.clone();
        state.played += 1;
        state.apply(&what);
        None
    }

    pub(super) fn watch_on(&mut self) {
        let State { world, watch, .. } = &mut self.state;
        if !watch.is_idle() {
            world.trace_mut().take_observed(watch.buffer());
            let lags = world.trace_mut().take_lags();
            watch.follow(&lags);
        }
    }

    fn save_keyframe(&mut self) {
        if self.state.steps() >= self.keyframes.next_due() {
            self.watch_on();
            let kept = self.state.world.trace_mut().take();
            self.keyframes.save(&self.state);
            self.state.world.trace_mut().restore(kept);
        }
    }

    /// Goes on by exactly one entry of the trace; `None` if nothing is left to happen.
    pub fn step(&mut self) -> Option<Entry> {
        if let Some(unseen) = &mut self.unseen
            && unseen.hidden() > 0
        {
            unseen.seen += 1;
            return unseen.entries.get(unseen.seen - 1).copied();
        }
        self.unseen = None;
        // Nodes may wake without leaving an entry, but not for ever.
        for _ in 0..DISPATCHES_OF_STEP {
            let before = self.world().trace().mark();
            let due = self.next_due()?;
            let wanted = self.state.world.trace_mut().keep_at_least(KEPT_ENTRIES);
            let outcome = self.advance(due, 1);
            let produced = (self.world().trace().count() - before.count()) as usize;
            let kept = self.world().trace().kept();
            let entries: Vec<Entry> = kept
                .iter()
                .skip(kept.len().saturating_sub(produced))
                .copied()
                .collect();
            self.state.world.trace_mut().keep(wanted);
            if let Some(first) = entries.first().copied() {
                self.unseen = Some(Unseen {
                    before,
                    seen: 1,
                    entries,
                });
                return Some(first);
            }
            if matches!(outcome, Advance::Stopped(_)) {
                return None;
            }
        }
        None
    }

    /// Whether nothing is left to happen, or a limit stopped it for good.
    pub fn is_over(&mut self) -> bool {
        let hidden = self
            .unseen
            .as_ref()
            .is_some_and(|unseen| unseen.hidden() > 0);
        self.world().stopped().is_some() || (!hidden && self.next_due().is_none())
    }

    /// When something happens next, by the agenda or the script.
    fn next_due(&mut self) -> Option<SimTime> {
        let scripted = self
            .plan
            .script
            .get(self.state.played)
            .map(|entry| entry.at);
        let planned = self.state.world.next_at();
        scripted.into_iter().chain(planned).min()
    }

    /// Goes to a moment, forward or back, in at most about `most` dispatches. To be called with
    /// the same moment until it answers [`Advance::Reached`].
    pub fn seek(&mut self, to: SimTime, most: u64) -> Advance {
        if to < self.now() {
            self.furthest = self.furthest();
            self.go_back(to);
        }
        self.advance(to, most)
    }

    /// Stands at the latest moment that is known and not after `to`.
    pub(super) fn go_back(&mut self, to: SimTime) {
        let kept = self.world().trace().keeps();
        self.state = match self.keyframes.before(to) {
            Some(state) => state.clone(),
            None => State::at_start(&self.plan),
        };
        self.state.world.trace_mut().keep(kept);
        self.unseen = None;
    }

    /// Starts over: what was reached is forgotten.
    pub fn restart(&mut self) {
        self.start_over();
    }

    pub(super) fn start_over(&mut self) {
        let kept = self.world().trace().keeps();
        self.state = State::at_start(&self.plan);
        self.state.world.trace_mut().keep(kept);
        self.keyframes.clear();
        self.furthest = SimTime::ZERO;
        self.unseen = None;
    }

    /// All that happened to one event and its copies so far, from the start on: the run is made
    /// again. At most `most` dispatches are looked through.
    pub fn history(&self, root: u64, most: u64) -> Vec<Entry> {
        let mut again = Self::at_start(self.plan.clone(), 0);
        again.keep_trace(true);
        let (mut found, mut looked) = (Vec::new(), 0);
        while looked < most && found.len() < 500 {
            let outcome = again.advance(self.now(), 5_000);
            looked += 5_000;
            found.extend(
                again
                    .take_entries()
                    .into_iter()
                    .filter(|entry| entry.root == root),
            );
            if outcome != Advance::Paused {
                break;
            }
        }
        found
    }
}

impl Unseen {
    fn hidden(&self) -> usize {
        self.entries.len() - self.seen
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_without_a_source_is_over_and_one_with_a_source_goes_on() {
        let mut problems = Vec::new();
        let mut run_of = |kind: &str| {
            let json = json!({ "id": 1, "kind": kind });
            let node = crate::topology::Node::from_json(&json, "node", &mut problems);
            let mut plan = Plan::default();
            plan.topology.nodes.extend(node);
            Run::new(plan).expect("a right plan")
        };
        for (kind, over) in [("queue", true), ("producer", false)] {
            let mut run = run_of(kind);
            let until = SimTime::from_nanos(5_000_000_000);
            assert_eq!(run.advance(until, u64::MAX), Advance::Reached);
            assert_eq!(run.is_over(), over, "{kind}");
        }
    }
}
