//! Which captions have come, followed from nothing but what happens.

use std::sync::Arc;

use super::caption::{Came, Caption, Cue};
use crate::engine::{Entry, Message, MessageId, Place, What};
use crate::units::{NodeId, SimTime};

/// The captions of a run, and which of them have come. It is a part of every keyframe.
#[derive(Clone)]
pub(super) struct Prompts {
    captions: Arc<[Caption]>,
    standings: Vec<Standing>,
    /// How many of those that wait for something have not come.
    waiting: usize,
}

#[derive(Clone, Copy, Default)]
struct Standing {
    count: u64,
    came: Option<Came>,
}

impl Prompts {
    pub(super) fn new(captions: &[Caption]) -> Self {
        let waits = |caption: &&Caption| !matches!(caption.cue, Cue::At(_));
        Self {
            waiting: captions.iter().filter(waits).count(),
            standings: vec![Standing::default(); captions.len()],
            captions: captions.into(),
        }
    }

    /// Whether one waits for something to happen.
    pub(super) fn are_waiting(&self) -> bool {
        self.waiting > 0
    }

    /// The captions that have come, by number.
    pub(super) fn came(&self) -> impl Iterator<Item = (usize, Came)> {
        let numbered = self.standings.iter().enumerate();
        numbered.filter_map(|(n, standing)| Some((n, standing.came?)))
    }

    /// The next moment for which one is written.
    pub(super) fn next_at(&self) -> Option<SimTime> {
        let pairs = self.captions.iter().zip(&self.standings);
        let ahead = pairs.filter_map(|(caption, standing)| match caption.cue {
            Cue::At(at) if standing.came.is_none() => Some(at),
            _ => None,
        });
        ahead.min()
    }

    /// Everything before this time has happened; at this time as well, if it is `over`.
    pub(super) fn reach(&mut self, now: SimTime, over: bool) {
        for (caption, standing) in self.captions.iter().zip(&mut self.standings) {
            if let Cue::At(at) = caption.cue
                && (at < now || over && at == now)
            {
                standing.come(at, MessageId(0));
            }
        }
    }

    /// Follows what happened. `broken` says when a check broke.
    pub(super) fn follow(
        &mut self,
        observed: &[(Entry, Message)],
        broken: impl Fn(usize) -> Option<SimTime>,
    ) {
        if self.waiting == 0 {
            return;
        }
        for (caption, standing) in self.captions.iter().zip(&mut self.standings) {
            if standing.came.is_some() {
                continue;
            }
            match caption.cue {
                Cue::At(_) => continue,
                Cue::Broken { check } => {
                    if let Some(at) = broken(check) {
                        standing.come(at, MessageId(0));
                    }
                }
                Cue::Happens { what, place, count } => {
                    let fits = |entry: &Entry| entry.what == what && is_at(entry, place);
                    standing.count_on(observed, count, |entry| (u64::from(fits(entry)), 0));
                }
                Cue::Depth { node, value } => {
                    standing.count_on(observed, value, |entry| depth_of(entry, node));
                }
            }
            self.waiting -= usize::from(standing.came.is_some());
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.standings.len() * size_of::<Standing>()
    }
}

impl Standing {
    fn come(&mut self, at: SimTime, message: MessageId) {
        self.came.get_or_insert(Came { at, message });
    }

    /// Counts what an entry adds and takes away, until there are enough.
    fn count_on(
        &mut self,
        observed: &[(Entry, Message)],
        enough: u64,
        changes: impl Fn(&Entry) -> (u64, u64),
    ) {
        for (entry, _) in observed {
            let (more, fewer) = changes(entry);
            self.count = (self.count + more).saturating_sub(fewer);
            if more > 0 && self.count >= enough {
                self.come(entry.time, entry.message);
                return;
            }
        }
    }
}

fn is_at(entry: &Entry, place: Option<u32>) -> bool {
    place.is_none_or(|id| match entry.place() {
        Place::Node(node) => node.0 == id,
        Place::Link(link) => link.0 == id,
    })
}

/// What an entry does to the number of messages that wait at a node.
fn depth_of(entry: &Entry, node: NodeId) -> (u64, u64) {
    if entry.place() != Place::Node(node) {
        return (0, 0);
    }
    let comes = matches!(entry.what, What::Queued | What::Requeued);
    (u64::from(comes), u64::from(entry.was_waiting()))
}
