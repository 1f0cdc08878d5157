//! The order of the cells in each layer, in which few links cross.

use crate::units::sort_by;

use super::layers::Cell;

/// How often all layers are put in order.
const SWEEPS: usize = 14;

/// The cells of each layer from top to bottom. What was drawn stays in its order unless another
/// order has fewer crossings.
pub(super) fn reduce_crossings(cells: &[Cell]) -> Vec<Vec<usize>> {
    let count = cells.iter().map(|cell| cell.layer + 1).max().unwrap_or(0);
    let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
    for start in [as_drawn(cells, count), as_linked(cells, count)] {
        let mut rows = start;
        for sweep in 0..=SWEEPS {
            let crossings = crossings(cells, &rows);
            if best.as_ref().is_none_or(|(least, _)| crossings < *least) {
                best = Some((crossings, rows.clone()));
            }
            if crossings == 0 {
                break;
            }
            let mut place = places(cells.len(), &rows);
            for step in 1..count {
                let to_the_right = sweep % 2 == 0;
                let layer = if to_the_right { step } else { count - 1 - step };
                sort_layer(cells, &mut rows[layer], &place, to_the_right);
                exchange(cells, &mut rows[layer], &place);
                for (number, cell) in rows[layer].iter().enumerate() {
                    place[*cell] = number;
                }
            }
        }
    }
    best.map(|(_, rows)| rows).unwrap_or_default()
}

fn as_drawn(cells: &[Cell], count: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); count];
    for (number, cell) in cells.iter().enumerate() {
        rows[cell.layer].push(number);
    }
    for row in &mut rows {
        sort_by(row, |a, b| cells[*a].drawn.total_cmp(&cells[*b].drawn));
    }
    rows
}

/// Each cell after the one from which it is reached.
fn as_linked(cells: &[Cell], count: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); count];
    let mut seen = vec![false; cells.len()];
    let mut waiting: Vec<usize> = as_drawn(cells, count).into_iter().flatten().rev().collect();
    while let Some(number) = waiting.pop() {
        if std::mem::replace(&mut seen[number], true) {
            continue;
        }
        let cell = &cells[number];
        rows[cell.layer].push(number);
        let next = cell.left.iter().chain(&cell.right).rev();
        waiting.extend(next.map(|joint| joint.cell).filter(|cell| !seen[*cell]));
    }
    rows
}

fn places(count: usize, rows: &[Vec<usize>]) -> Vec<usize> {
    let mut place = vec![0; count];
    for row in rows {
        for (number, cell) in row.iter().enumerate() {
            place[*cell] = number;
        }
    }
    place
}

/// Sorts a layer by the mean place of its neighbours to the left or right. A cell without any stays
/// where it is.
fn sort_layer(cells: &[Cell], row: &mut [usize], place: &[usize], by_left: bool) {
    let key = |cell: usize| {
        let joints = if by_left {
            &cells[cell].left
        } else {
            &cells[cell].right
        };
        let sum: usize = joints.iter().map(|joint| place[joint.cell]).sum();
        match joints.len() {
            0 => place[cell] as f64,
            count => sum as f64 / count as f64,
        }
    };
    let mut keyed: Vec<(f64, usize)> = row.iter().map(|cell| (key(*cell), *cell)).collect();
    sort_by(&mut keyed, |a, b| a.0.total_cmp(&b.0));
    for (slot, (_, cell)) in row.iter_mut().zip(keyed) {
        *slot = cell;
    }
}

/// Exchanges neighbours in a layer where that takes crossings away.
fn exchange(cells: &[Cell], row: &mut [usize], place: &[usize]) {
    let between = |upper: usize, lower: usize| {
        let count = |upper: &[super::layers::Joint], lower: &[super::layers::Joint]| {
            let pairs = upper
                .iter()
                .flat_map(|a| lower.iter().map(move |b| (a.cell, b.cell)));
            pairs.filter(|(a, b)| place[*a] > place[*b]).count()
        };
        let (upper, lower) = (&cells[upper], &cells[lower]);
        count(&upper.left, &lower.left) + count(&upper.right, &lower.right)
    };
    for _ in 0..4 {
        let mut settled = true;
        for at in 1..row.len() {
            let (upper, lower) = (row[at - 1], row[at]);
            if between(lower, upper) < between(upper, lower) {
                row.swap(at - 1, at);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
}

fn crossings(cells: &[Cell], rows: &[Vec<usize>]) -> usize {
    let place = places(cells.len(), rows);
    let mut total = 0;
    for row in rows {
        let width = row
            .iter()
            .flat_map(|cell| &cells[*cell].right)
            .map(|joint| place[joint.cell] + 1)
            .max()
            .unwrap_or(0);
        // Ends so far, as sums over ranges: a Fenwick tree.
        let mut ends = vec![0_usize; width + 1];
        let mut seen = 0;
        for cell in row {
            let joints = || cells[*cell].right.iter().map(|joint| place[joint.cell]);
            for end in joints() {
                let (mut above, mut at) = (0, end + 1);
                while at > 0 {
                    above += ends[at];
                    at &= at - 1;
                }
                total += seen - above;
            }
            for end in joints() {
                let mut at = end + 1;
                while at <= width {
                    ends[at] += 1;
                    at += at & at.wrapping_neg();
                }
                seen += 1;
            }
        }
    }
    total
}
