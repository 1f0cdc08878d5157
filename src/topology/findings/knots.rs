//! Knots of a graph: sets of places from each of which one gets to each other (Tarjan).
//!
//! It knows only numbers, so that it serves nodes as well as events at nodes.

use crate::units::sort;

/// All knots, those without a way out first; a place that is in no circle is a knot of its own.
pub fn knots(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    let mut walk = Walk {
        order: vec![UNSEEN; count],
        low: vec![UNSEEN; count],
        is_open: vec![false; count],
        open: Vec::new(),
        seen: 0,
        knots: Vec::new(),
    };
    for start in 0..count {
        if walk.order[start] == UNSEEN {
            walk.from(start, &next);
        }
    }
    walk.knots
}

const UNSEEN: usize = usize::MAX;

struct Walk {
    /// When each place was seen first.
    order: Vec<usize>,
    /// The earliest place that it gets to.
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    seen: usize,
    knots: Vec<Vec<usize>>,
}

impl Walk {
    /// With a stack of its own: a chain of a thousand nodes is no deep recursion.
    fn from(&mut self, start: usize, next: &impl Fn(usize) -> Vec<usize>) {
        let mut stack = vec![(start, self.enter(start, next))];
        while let Some((place, ahead)) = stack.last_mut() {
            let place = *place;
            match ahead.pop() {
                Some(to) if self.order[to] == UNSEEN => {
                    let ahead = self.enter(to, next);
                    stack.push((to, ahead));
                }
                Some(to) => {
                    if self.is_open[to] {
                        self.low[place] = self.low[place].min(self.order[to]);
                    }
                }
                None => {
                    stack.pop();
                    if let Some((before, _)) = stack.last() {
                        self.low[*before] = self.low[*before].min(self.low[place]);
                    }
                    if self.low[place] == self.order[place] {
                        self.close(place);
                    }
                }
            }
        }
    }

    fn enter(&mut self, place: usize, next: &impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
        self.order[place] = self.seen;
        self.low[place] = self.seen;
        self.seen += 1;
        self.is_open[place] = true;
        self.open.push(place);
        next(place)
    }

    fn close(&mut self, root: usize) {
        let mut knot = Vec::new();
        while let Some(place) = self.open.pop() {
            self.is_open[place] = false;
            knot.push(place);
            if place == root {
                break;
            }
        }
        sort(&mut knot);
        self.knots.push(knot);
    }
}

/// A shortest way from a place back to itself that stays within a knot: its places in order.
pub fn circle(from: usize, knot: &[usize], next: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut before: Vec<Option<usize>> = vec![None; knot.len()];
    let index = |place: usize| knot.binary_search(&place).ok();
    let mut todo = std::collections::VecDeque::from([from]);
    while let Some(place) = todo.pop_front() {
        for to in next(place) {
            if to == from {
                let mut way = vec![place];
                let mut at = place;
                while at != from
                    && let Some(earlier) = index(at).and_then(|at| before[at])
                {
                    way.push(earlier);
                    at = earlier;
                }
                way.reverse();
                return way;
            }
            if let Some(at) = index(to)
                && before[at].is_none()
            {
                before[at] = Some(place);
                todo.push_back(to);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_knots_and_the_end_comes_first() {
        let ways: [&[usize]; 5] = [&[1], &[2], &[1, 3], &[], &[0]];
        let next = |place: usize| ways[place].to_vec();
        assert_eq!(knots(5, next), [vec![3], vec![1, 2], vec![0], vec![4]]);
        assert_eq!(circle(1, &[1, 2], next), [1, 2]);
        assert_eq!(circle(3, &[3], next), [] as [usize; 0]);
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let count = 200_000;
        let next = |place: usize| vec![(place + 1) % count];
        assert_eq!(knots(count, next).len(), 1);
    }
}
