//! Which of many rectangles are at a place, without looking at all of them.

use crate::editor::{Point, Rect};

/// Least width of a cell, and most cells in a row.
const PITCH: f64 = 160.0;
const CELLS_MOST: f64 = 64.0;
const NONE: u32 = u32::MAX;

/// Rectangles, filed by the cells of a grid that they touch.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rects: Vec<Rect>,
    corner: Point,
    pitch: f64,
    columns: usize,
    rows: usize,
    /// For each cell its last entry; each entry names a rectangle and the entry before it.
    heads: Vec<u32>,
    entries: Vec<(u32, u32)>,
}

impl Grid {
    pub(super) fn new(rects: Vec<Rect>) -> Self {
        let all = rects
            .iter()
            .copied()
            .reduce(Rect::around)
            .unwrap_or_default();
        let pitch = PITCH.max(all.w.max(all.h) / CELLS_MOST);
        let cells = |length: f64| (length / pitch) as usize + 1;
        let (columns, rows) = (cells(all.w), cells(all.h));
        let mut grid = Self {
            corner: Point::new(all.x, all.y),
            pitch,
            columns,
            rows,
            heads: vec![NONE; columns * rows],
            entries: Vec::with_capacity(rects.len() * 3),
            rects: Vec::new(),
        };
        for (number, rect) in rects.iter().enumerate() {
            for cell in grid.cells(*rect) {
                grid.entries.push((number as u32, grid.heads[cell]));
                grid.heads[cell] = grid.entries.len() as u32 - 1;
            }
        }
        grid.rects = rects;
        grid
    }

    /// The rectangles that contain a point, with their numbers.
    pub(super) fn at(&self, point: Point) -> impl Iterator<Item = (usize, Rect)> {
        let cell = self.cell(point);
        self.in_cell(cell)
            .filter(move |(_, rect)| rect.contains(point))
    }

    /// The rectangles that touch an area, with their numbers.
    pub(super) fn touching(&self, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
        self.cells(area).flat_map(move |cell| {
            let inside = self
                .in_cell(cell)
                .filter(move |(_, rect)| rect.touches(area));
            // One that lies in several cells counts in the first that it shares with the area.
            inside.filter(move |(_, rect)| {
                let first = Point::new(rect.x.max(area.x), rect.y.max(area.y));
                self.cell(first) == cell
            })
        })
    }

    fn in_cell(&self, cell: usize) -> impl Iterator<Item = (usize, Rect)> {
        let mut next = self.heads.get(cell).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let (number, before) = *self.entries.get(next as usize)?;
            next = before;
            Some((number as usize, self.rects[number as usize]))
        })
    }

    fn place(&self, point: Point) -> (usize, usize) {
        let cell =
            |length: f64, most: usize| ((length / self.pitch).max(0.0) as usize).min(most - 1);
        let way = point - self.corner;
        (cell(way.x, self.columns), cell(way.y, self.rows))
    }

    fn cell(&self, point: Point) -> usize {
        let (column, row) = self.place(point);
        row * self.columns + column
    }

    fn cells(&self, area: Rect) -> impl Iterator<Item = usize> + use<> {
        let (left, top) = self.place(Point::new(area.x, area.y));
        let (right, bottom) = self.place(Point::new(area.right(), area.bottom()));
        let columns = self.columns;
        (top..=bottom).flat_map(move |row| (left..=right).map(move |column| row * columns + column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (-900..900i32, -900..900i32, 0..700i32, 0..300i32);
        let rect = rect.prop_map(|(x, y, w, h)| Rect::new(x.into(), y.into(), w.into(), h.into()));
        prop::collection::vec(rect, 1..40)
    }

    proptest! {
        #[test]
        fn it_finds_each_that_touches_once(rects in rects(), areas in rects()) {
            let grid = Grid::new(rects.clone());
            for area in areas {
                let mut found: Vec<usize> = grid.touching(area).map(|(number, _)| number).collect();
                found.sort_unstable();
                let all: Vec<usize> =
                    (0..rects.len()).filter(|number| rects[*number].touches(area)).collect();
                prop_assert_eq!(found, all);
                let point = area.center();
                let inside = rects.iter().filter(|rect| rect.contains(point)).count();
                prop_assert_eq!(grid.at(point).count(), inside);
            }
        }
    }
}
