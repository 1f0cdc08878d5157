//! The layers of what links join: which way each link goes, which column each item is in, and the
//! cells that long links take on their way.

use super::crossings::reduce_crossings;
use super::places::columns_and_rows;
use crate::units::{sort, sort_by_key};

use super::{Item, Wire};

/// A place in a column: an item, or a long link that passes.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub item: Option<usize>,
    pub layer: usize,
    pub w: i32,
    pub h: i32,
    /// How far down it was drawn.
    pub drawn: f64,
    /// Its neighbours to the left: which cell, how far below the tops of that and of this the
    /// wire between them ends, and how much it wants to be straight.
    pub left: Vec<Joint>,
    /// Its neighbours to the right.
    pub right: Vec<Joint>,
}

/// A piece of a wire, seen from one of its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint {
    pub cell: usize,
    /// How much lower the other cell's top is if the wire is level.
    pub offset: f64,
    pub weight: f64,
}

/// The corners of items that wires join, beginning at zero.
pub(super) fn layered(items: &[Item], wires: Vec<Wire>) -> Vec<(i32, i32)> {
    let (order, wires) = forward(items, wires);
    let layers = layers(&order, &wires);
    let cells = cells(items, &wires, &layers);
    let rows = reduce_crossings(&cells);
    let places = columns_and_rows(&cells, &rows);
    let mut corners = vec![(0, 0); items.len()];
    for (cell, place) in cells.iter().zip(places) {
        if let Some(item) = cell.item {
            corners[item] = place;
        }
    }
    corners
}

/// An order of the items in which few wires go backwards, and the wires, turned around where they
/// do. What is not entered comes first. A cycle is opened where one who follows the wires comes
/// back; where several can be followed, as it was drawn.
fn forward(items: &[Item], mut wires: Vec<Wire>) -> (Vec<usize>, Vec<Wire>) {
    let drawn = |item: &usize| (items[*item].x, items[*item].y);
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut entered = vec![false; items.len()];
    for wire in &wires {
        leaving[wire.from].push(wire.to);
        entered[wire.to] = true;
    }
    for next in &mut leaving {
        sort_by_key(next, drawn);
    }
    let mut starts: Vec<usize> = (0..items.len()).collect();
    sort_by_key(&mut starts, |item| (entered[*item], drawn(item)));
    let mut seen = vec![false; items.len()];
    let mut order = Vec::with_capacity(items.len());
    for start in starts {
        // The way back to the start, each with how many of its wires were followed.
        let mut way = Vec::new();
        if !std::mem::replace(&mut seen[start], true) {
            way.push((start, 0));
        }
        while let Some((item, followed)) = way.last_mut() {
            match leaving[*item].get(*followed) {
                Some(next) => {
                    *followed += 1;
                    if !std::mem::replace(&mut seen[*next], true) {
                        way.push((*next, 0));
                    }
                }
                None => {
                    order.push(*item);
                    way.pop();
                }
            }
        }
    }
    order.reverse();
    let mut place = vec![0; items.len()];
    for (number, item) in order.iter().enumerate() {
        place[*item] = number;
    }
    for wire in wires
        .iter_mut()
        .filter(|wire| place[wire.from] > place[wire.to])
    {
        *wire = Wire {
            from: wire.to,
            to: wire.from,
            from_drop: wire.to_drop,
            to_drop: wire.from_drop,
        };
    }
    (order, wires)
}

/// The layer of each item: the longest way to it, then as near to where its wires go as they allow.
fn layers(order: &[usize], wires: &[Wire]) -> Vec<usize> {
    let count = order.len();
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut entering = vec![0; count];
    for wire in wires {
        leaving[wire.from].push(wire.to);
        entering[wire.to] += 1;
    }
    let mut layer = vec![0; count];
    for item in order {
        for to in &leaving[*item] {
            layer[*to] = layer[*to].max(layer[*item] + 1);
        }
    }
    for item in order.iter().rev() {
        let nearest = leaving[*item].iter().map(|to| layer[*to]).min();
        if let Some(nearest) = nearest.filter(|_| leaving[*item].len() > entering[*item]) {
            layer[*item] = nearest - 1;
        }
    }
    // Layers that nothing is in any more are left out.
    let mut used = layer.clone();
    sort(&mut used);
    used.dedup();
    layer
        .iter()
        .map(|layer| used.partition_point(|other| other < layer))
        .collect()
}

/// Items as cells, and a cell for each layer that a wire passes.
fn cells(items: &[Item], wires: &[Wire], layers: &[usize]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = items
        .iter()
        .enumerate()
        .map(|(number, item)| Cell {
            item: Some(number),
            layer: layers[number],
            w: item.w,
            h: item.h,
            drawn: f64::from(item.y),
            left: Vec::new(),
            right: Vec::new(),
        })
        .collect();
    for wire in wires {
        let (first, last) = (layers[wire.from], layers[wire.to]);
        let start = f64::from(items[wire.from].y + wire.from_drop);
        let end = f64::from(items[wire.to].y + wire.to_drop);
        let (mut from, mut drop) = (wire.from, wire.from_drop);
        for layer in first + 1..last {
            let part = (layer - first) as f64 / (last - first) as f64;
            cells.push(Cell {
                item: None,
                layer,
                w: 0,
                h: 0,
                drawn: start + (end - start) * part,
                left: Vec::new(),
                right: Vec::new(),
            });
            let to = cells.len() - 1;
            join(&mut cells, (from, drop), (to, 0));
            (from, drop) = (to, 0);
        }
        join(&mut cells, (from, drop), (wire.to, wire.to_drop));
    }
    cells
}

fn join(cells: &mut [Cell], from: (usize, i32), to: (usize, i32)) {
    let passing = |cell: usize| cells[cell].item.is_none();
    let weight = match (passing(from.0), passing(to.0)) {
        (true, true) => 8.0,
        (false, false) => 1.0,
        _ => 2.0,
    };
    let offset = f64::from(to.1 - from.1);
    cells[from.0].right.push(Joint {
        cell: to.0,
        offset: -offset,
        weight,
    });
    cells[to.0].left.push(Joint {
        cell: from.0,
        offset,
        weight,
    });
}
