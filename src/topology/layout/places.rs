//! Columns and rows in pixels: links as straight as the order of the cells and the gaps between
//! them allow.

use super::layers::{Cell, Joint};
use super::{COLUMN_GAP, GRID, ROW_GAP, on_grid};

const ROUNDS: usize = 24;
/// The gap beside a link that passes.
const PASSING_GAP: i32 = 24;

/// The upper left corner of each cell; the first column and the first row begin at zero.
pub(super) fn columns_and_rows(cells: &[Cell], rows: &[Vec<usize>]) -> Vec<(i32, i32)> {
    let tops = tops(cells, rows);
    let least = (0..cells.len())
        .filter(|cell| cells[*cell].item.is_some())
        .map(|cell| tops[cell])
        .min()
        .unwrap_or(0);
    let mut places = vec![(0, 0); cells.len()];
    let mut x = 0;
    for row in rows {
        let width = row.iter().map(|cell| cells[*cell].w).max().unwrap_or(0);
        for cell in row {
            let aside = (width - cells[*cell].w) / 2 / GRID * GRID;
            places[*cell] = (x + aside, tops[*cell] - least);
        }
        x = on_grid(x + width + COLUMN_GAP);
    }
    places
}

fn gap(upper: &Cell, lower: &Cell) -> i32 {
    match (upper.item, lower.item) {
        (Some(_), Some(_)) => ROW_GAP,
        _ => PASSING_GAP,
    }
}

fn tops(cells: &[Cell], rows: &[Vec<usize>]) -> Vec<i32> {
    let mut tops = vec![0.0; cells.len()];
    for row in rows {
        let mut next = 0.0;
        for pair in row.windows(2) {
            let (upper, lower) = (&cells[pair[0]], &cells[pair[1]]);
            next += f64::from(upper.h + gap(upper, lower));
            tops[pair[1]] = next;
        }
    }
    for round in 0..ROUNDS {
        let last = round + 6 >= ROUNDS;
        for step in 0..rows.len() {
            let rightwards = round % 2 == 0;
            let layer = if rightwards {
                step
            } else {
                rows.len() - 1 - step
            };
            settle(cells, &rows[layer], &mut tops, |cell| {
                let left = cell.left.iter().filter(move |_| rightwards || last);
                left.chain(cell.right.iter().filter(move |_| !rightwards || last))
            });
        }
    }
    on_the_grid(cells, rows, &tops)
}

/// Moves the cells of a layer to where their neighbours want them, as nearly as their order and
/// gaps allow: cells that get in each other's way form blocks, which go to the mean of what their
/// members want.
fn settle<'a, I>(cells: &'a [Cell], row: &[usize], tops: &mut [f64], joints: impl Fn(&'a Cell) -> I)
where
    I: Iterator<Item = &'a Joint>,
{
    // Where each cell would be if all cells above it had no height.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut depth = Vec::with_capacity(row.len());
    for (number, cell) in row.iter().enumerate() {
        let above = number.checked_sub(1).map_or(0.0, |before| {
            let upper = &cells[row[before]];
            depth[before] + f64::from(upper.h + gap(upper, &cells[*cell]))
        });
        depth.push(above);
        let (mut wanted, mut weight) = (0.0, 0.0);
        for joint in joints(&cells[*cell]) {
            wanted += joint.weight * (tops[joint.cell] - joint.offset);
            weight += joint.weight;
        }
        if weight == 0.0 {
            (wanted, weight) = (tops[*cell] * 0.01, 0.01);
        }
        let mut block = (wanted - weight * above, weight, 1);
        while let Some(before) = blocks.pop_if(|before| before.0 / before.1 > block.0 / block.1) {
            block = (before.0 + block.0, before.1 + block.1, before.2 + block.2);
        }
        blocks.push(block);
    }
    let mut number = 0;
    for (wanted, weight, count) in blocks {
        for _ in 0..count {
            tops[row[number]] = wanted / weight + depth[number];
            number += 1;
        }
    }
}

/// Rounds to the grid without losing gaps, and takes out the small steps that rounding makes.
fn on_the_grid(cells: &[Cell], rows: &[Vec<usize>], tops: &[f64]) -> Vec<i32> {
    let mut rounded = vec![0; cells.len()];
    for row in rows {
        let mut free = i32::MIN;
        for (number, cell) in row.iter().enumerate() {
            let wanted = (tops[*cell] / f64::from(GRID)).round() as i32 * GRID;
            rounded[*cell] = wanted.max(free);
            if let Some(next) = row.get(number + 1) {
                let (upper, lower) = (&cells[*cell], &cells[*next]);
                free = on_grid(rounded[*cell] + upper.h + gap(upper, lower));
            }
        }
    }
    for row in rows.iter().skip(1) {
        for (number, cell) in row.iter().enumerate() {
            let level = cells[*cell].left.iter().map(|joint| {
                let top = f64::from(rounded[joint.cell]) - joint.offset;
                (top / f64::from(GRID)).round() as i32 * GRID
            });
            let Some(level) = level.min_by_key(|top| (top - rounded[*cell]).abs()) else {
                continue;
            };
            let after = |upper: usize, top: i32, lower: usize| {
                top + cells[upper].h + gap(&cells[upper], &cells[lower])
            };
            let above = number.checked_sub(1).map(|before| row[before]);
            let below = row.get(number + 1);
            let fits = above.is_none_or(|above| after(above, rounded[above], *cell) <= level)
                && below.is_none_or(|below| after(*cell, level, *below) <= rounded[*below]);
            if fits && (level - rounded[*cell]).abs() <= GRID {
                rounded[*cell] = level;
            }
        }
    }
    rounded
}
