//! Nodes and links outside of the canvas, each behind a signal of its own: of hundreds, only those
//! that have changed do anything.

use leptos::prelude::*;

/// A list of chips.
pub struct Chips<T: 'static>(RwSignal<Vec<Chip<T>>>);

/// One of the list.
pub struct Chip<T: 'static> {
    /// What it shows, by its id.
    pub id: u32,
    /// What is known about it.
    pub known: ArcRwSignal<T>,
}

impl<T> Clone for Chip<T> {
    fn clone(&self) -> Self {
        let known = self.known.clone();
        Self { id: self.id, known }
    }
}

impl<T> Clone for Chips<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Chips<T> {}

impl<T: Send + Sync + 'static> Chips<T> {
    /// No chips.
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// All of them. Whoever asks is told when some come or go, not when they change.
    pub fn all(self) -> Vec<Chip<T>> {
        self.0.get()
    }

    /// All of them as they are at this moment.
    pub fn all_untracked(self) -> Vec<Chip<T>> {
        self.0.get_untracked()
    }

    /// Shows what there is now. `id` tells what a piece of news is about, `is_said` whether a chip
    /// says it already, and `say` makes the chip that does.
    pub fn show<S>(
        self,
        news: &[S],
        id: impl Fn(&S) -> u32,
        is_said: impl Fn(&S, &T) -> bool,
        say: impl Fn(&S) -> T,
    ) {
        let same = self.0.with_untracked(|chips| {
            let ids = chips.iter().map(|chip| chip.id);
            ids.eq(news.iter().map(&id))
        });
        if !same {
            let old = self.0.get_untracked();
            let kept = |number| old.iter().find(|chip| chip.id == number).cloned();
            let fresh = news.iter().map(|it| {
                kept(id(it)).unwrap_or_else(|| Chip {
                    id: id(it),
                    known: ArcRwSignal::new(say(it)),
                })
            });
            self.0.set(fresh.collect());
        }
        self.0.with_untracked(|chips| {
            for (chip, it) in chips.iter().zip(news) {
                if !chip.known.with_untracked(|known| is_said(it, known)) {
                    chip.known.set(say(it));
                }
            }
        });
    }
}
