//! An edit: what it changes in a document, as a value that knows its inverse.
//!
//! It is found by comparing the document before with the document after, so that whatever changes
//! a document can be taken back, byte for byte.

use super::Scenario;
use crate::simulation::{Caption, Check, ScriptEntry};
use crate::topology::{Frame, Link, Node, Note, Paper, View, Walk};
use crate::units::{Date, SimDuration};

/// What an edit changes. Applied to the document from which it was found, it makes the other one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    nodes: Splice<Node>,
    links: Splice<Link>,
    script: Splice<ScriptEntry>,
    checks: Splice<Check>,
    captions: Splice<Caption>,
    notes: Splice<Note>,
    frames: Splice<Frame>,
    views: Splice<View>,
    walks: Splice<Walk>,
    head: Option<Box<(Head, Head)>>,
}

/// A stretch of a list, and what comes in its place.
#[derive(Clone, Debug, PartialEq)]
struct Splice<T> {
    at: usize,
    old: Vec<T>,
    new: Vec<T>,
}

/// What a document has once.
#[derive(Clone, Debug, PartialEq)]
struct Head {
    name: String,
    about: String,
    hint: String,
    starts: Option<Date>,
    duration: SimDuration,
    seed: u64,
    next_id: u32,
    paper: Paper,
}

impl Edit {
    /// What makes `after` of `before`.
    pub fn between(before: &Scenario, after: &Scenario) -> Self {
        let (old, new) = (Head::of(before), Head::of(after));
        Self {
            nodes: Splice::between(&before.topology.nodes, &after.topology.nodes),
            links: Splice::between(&before.topology.links, &after.topology.links),
            script: Splice::between(&before.script, &after.script),
            checks: Splice::between(&before.checks, &after.checks),
            captions: Splice::between(&before.captions, &after.captions),
            notes: Splice::between(&before.drawing.notes, &after.drawing.notes),
            frames: Splice::between(&before.drawing.frames, &after.drawing.frames),
            views: Splice::between(&before.drawing.views, &after.drawing.views),
            walks: Splice::between(&before.drawing.walks, &after.drawing.walks),
            head: (old != new).then(|| Box::new((old, new))),
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The edit that takes this one back.
    pub fn inverse(self) -> Self {
        Self {
            nodes: self.nodes.inverse(),
            links: self.links.inverse(),
            script: self.script.inverse(),
            checks: self.checks.inverse(),
            captions: self.captions.inverse(),
            notes: self.notes.inverse(),
            frames: self.frames.inverse(),
            views: self.views.inverse(),
            walks: self.walks.inverse(),
            head: self.head.map(|head| Box::new((head.1, head.0))),
        }
    }

    /// Changes the document from which it was found, or one like it.
    pub fn apply(&self, document: &mut Scenario) {
        self.nodes.apply(&mut document.topology.nodes);
        self.links.apply(&mut document.topology.links);
        self.script.apply(&mut document.script);
        self.checks.apply(&mut document.checks);
        self.captions.apply(&mut document.captions);
        self.notes.apply(&mut document.drawing.notes);
        self.frames.apply(&mut document.drawing.frames);
        self.views.apply(&mut document.drawing.views);
        self.walks.apply(&mut document.drawing.walks);
        if let Some(head) = &self.head {
            head.1.write(&head.0, document);
        }
    }
}

impl<T> Default for Splice<T> {
    fn default() -> Self {
        Self {
            at: 0,
            old: Vec::new(),
            new: Vec::new(),
        }
    }
}

impl<T: Clone + PartialEq> Splice<T> {
    fn between(before: &[T], after: &[T]) -> Self {
        let same = |(a, b): &(&T, &T)| a == b;
        let head = before.iter().zip(after).take_while(same).count();
        let (old, new) = (&before[head..], &after[head..]);
        if old.is_empty() && new.is_empty() {
            return Self::default();
        }
        let ends = old.iter().rev().zip(new.iter().rev());
        let tail = ends.take_while(same).count();
        Self {
            at: head,
            old: old[..old.len() - tail].to_vec(),
            new: new[..new.len() - tail].to_vec(),
        }
    }

    fn inverse(self) -> Self {
        Self {
            at: self.at,
            old: self.new,
            new: self.old,
        }
    }

    fn apply(&self, list: &mut Vec<T>) {
        let start = self.at.min(list.len());
        let end = (start + self.old.len()).min(list.len());
        list.splice(start..end, self.new.iter().cloned());
    }
}

impl Head {
    fn of(document: &Scenario) -> Self {
        Self {
            name: document.name.clone(),
            about: document.about.clone(),
            hint: document.hint.clone(),
            starts: document.starts,
            duration: document.duration,
            seed: document.seed,
            next_id: document.next_id,
            paper: document.drawing.paper.clone(),
        }
    }

    /// Writes what differs from `old`. What an edit left alone may have changed since.
    fn write(&self, old: &Self, document: &mut Scenario) {
        fn take<T: Clone + PartialEq>(place: &mut T, old: &T, new: &T) {
            if old != new {
                place.clone_from(new);
            }
        }
        take(&mut document.name, &old.name, &self.name);
        take(&mut document.about, &old.about, &self.about);
        take(&mut document.hint, &old.hint, &self.hint);
        take(&mut document.starts, &old.starts, &self.starts);
        take(&mut document.duration, &old.duration, &self.duration);
        take(&mut document.seed, &old.seed, &self.seed);
        take(&mut document.next_id, &old.next_id, &self.next_id);
        take(&mut document.drawing.paper, &old.paper, &self.paper);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splice_holds_only_what_differs() {
        let splice = Splice::between(&[1, 2, 3, 4], &[1, 9, 4]);
        assert_eq!((splice.at, splice.old.len(), splice.new.len()), (1, 2, 1));
        let mut list = vec![1, 2, 3, 4];
        splice.apply(&mut list);
        assert_eq!(list, [1, 9, 4]);
        splice.inverse().apply(&mut list);
        assert_eq!(list, [1, 2, 3, 4]);
    }

    #[test]
    fn repeated_items_are_told_apart_by_their_place() {
        for (before, after) in [
            (vec![1, 1, 1], vec![1, 1]),
            (vec![1, 1], vec![1, 1, 1]),
            (vec![], vec![7]),
            (vec![7], vec![]),
        ] {
            let splice = Splice::between(&before, &after);
            let mut list = before.clone();
            splice.apply(&mut list);
            assert_eq!(list, after);
        }
    }

    #[test]
    fn what_changes_nothing_is_empty() {
        let document = Scenario::new("A");
        let mut other = document.clone();
        assert!(Edit::between(&document, &other).is_empty());
        other.seed = 7;
        let edit = Edit::between(&document, &other);
        assert!(!edit.is_empty());
        edit.inverse().apply(&mut other);
        assert_eq!(other, document);
    }
}
