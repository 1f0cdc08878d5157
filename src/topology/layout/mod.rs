//! Automatic layout: layers from left to right, for all nodes or for some of them.
//!
//! The same picture gives the same layout. What the person drew decides where nothing else does.
//! It knows only boxes and links, and moves nothing itself.

mod crossings;
mod layers;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use crate::units::{NodeId, map_of, set_of, sort, sort_by_key};

/// A node as the layout sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutBox {
    /// Which.
    pub id: NodeId,
    /// Its width.
    pub w: i32,
    /// Its height.
    pub h: i32,
    /// Its left edge now.
    pub x: i32,
    /// Its upper edge now.
    pub y: i32,
    /// The frame that it is in. The members of a frame stay together.
    pub group: Option<u32>,
}

/// All places are multiples of this.
const GRID: i32 = 8;
/// The gap between columns, so that the labels of links fit.
const COLUMN_GAP: i32 = 120;
/// The gap between the boxes of a column.
const ROW_GAP: i32 = 40;
/// The gap between parts of the picture that no link joins.
const PART_GAP: i32 = 64;
/// The room of a frame around its members, and besides for its title.
const FRAME_ROOM: i32 = 24;
const FRAME_TITLE: i32 = 32;
/// How far below the upper edge of a box its links end, if it is high enough.
const PORT_DROP: i32 = 26;

/// A box of one level: a node, or a frame with all that is in it.
#[derive(Clone, Copy, Debug, Default)]
struct Item {
    w: i32,
    h: i32,
    /// Where it is now.
    x: i32,
    y: i32,
}

/// A link between two items, and how far below their upper edges it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wire {
    from: usize,
    to: usize,
    from_drop: i32,
    to_drop: i32,
}

/// The upper left corners that boxes have after the layout, in the order of the boxes. The picture
/// keeps its upper left corner. Links to other nodes are left out.
pub fn layout(boxes: &[LayoutBox], links: &[(NodeId, NodeId)]) -> Vec<(NodeId, i32, i32)> {
    let place_of: BTreeMap<NodeId, usize> = map_of((0..boxes.len()).map(|n| (boxes[n].id, n)));
    let known = |id: &NodeId| place_of.get(id).copied();
    let links = links
        .iter()
        .filter_map(|(from, to)| Some((known(from)?, known(to)?)));
    let links: BTreeSet<(usize, usize)> = set_of(links.filter(|(from, to)| from != to));
    let parts = parts(boxes, &links);
    // For each box the part that it is in, and where in the part.
    let mut inside = vec![(0, 0, 0); boxes.len()];
    for (number, part) in parts.iter().enumerate() {
        for (member, x, y) in &part.members {
            inside[*member] = (number, *x, *y);
        }
    }
    let wires = links.iter().map(|(from, to)| Wire {
        from: inside[*from].0,
        to: inside[*to].0,
        from_drop: inside[*from].2 + drop_of(boxes[*from].h),
        to_drop: inside[*to].2 + drop_of(boxes[*to].h),
    });
    let wires = wires.filter(|wire| wire.from != wire.to).collect();
    let items: Vec<Item> = parts.iter().map(|part| part.item).collect();
    let corners = arranged(&items, wires);
    let snapped = |least: Option<i32>| least.unwrap_or(0).div_euclid(GRID) * GRID;
    let left = snapped(boxes.iter().map(|one| one.x).min());
    let top = snapped(boxes.iter().map(|one| one.y).min());
    let places: Vec<(i32, i32)> = inside
        .iter()
        .map(|(part, x, y)| (corners[*part].0 + x, corners[*part].1 + y))
        .collect();
    // Frames have room around their members, which is not part of the picture's own corner.
    let (x, y) = corner_of(&places);
    let ids = boxes.iter().map(|one| one.id);
    ids.zip(places)
        .map(|(id, place)| (id, place.0 - x + left, place.1 - y + top))
        .collect()
}

/// A node on its own, or the members of a frame.
struct Part {
    item: Item,
    /// The boxes in it and where they are in it.
    members: Vec<(usize, i32, i32)>,
}

/// The parts of the picture, from top to bottom as they were drawn, with the insides of frames laid
/// out.
fn parts(boxes: &[LayoutBox], links: &BTreeSet<(usize, usize)>) -> Vec<Part> {
    let mut frames: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut parts = Vec::new();
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    sort_by_key(&mut order, |place| {
        (boxes[*place].y, boxes[*place].x, boxes[*place].id)
    });
    for place in order {
        match boxes[place].group {
            Some(frame) => frames.entry(frame).or_default().push(place),
            None => parts.push(Part {
                item: item_of(&boxes[place]),
                members: vec![(place, 0, 0)],
            }),
        }
    }
    parts.extend(
        frames
            .into_values()
            .map(|members| framed(boxes, links, &members)),
    );
    sort_by_key(&mut parts, |part| {
        (part.item.y, part.item.x, part.members[0].0)
    });
    parts
}

fn framed(boxes: &[LayoutBox], links: &BTreeSet<(usize, usize)>, members: &[usize]) -> Part {
    let items: Vec<Item> = members
        .iter()
        .map(|place| item_of(&boxes[*place]))
        .collect();
    let place = |member: &usize| members.iter().position(|other| other == member);
    let wires = links
        .iter()
        .filter_map(|(from, to)| {
            Some(Wire {
                from: place(from)?,
                to: place(to)?,
                from_drop: drop_of(boxes[*from].h),
                to_drop: drop_of(boxes[*to].h),
            })
        })
        .collect();
    let corners = arranged(&items, wires);
    let title = FRAME_ROOM + FRAME_TITLE;
    let inner = corners.iter().zip(&items);
    let (w, h) = inner.fold((0, 0), |(w, h), ((x, y), item)| {
        (w.max(x + item.w), h.max(y + item.h))
    });
    Part {
        item: Item {
            w: w + 2 * FRAME_ROOM,
            h: h + FRAME_ROOM + title,
            x: items.iter().map(|item| item.x).min().unwrap_or(0),
            y: items.iter().map(|item| item.y).min().unwrap_or(0),
        },
        members: members
            .iter()
            .zip(corners)
            .map(|(member, (x, y))| (*member, x + FRAME_ROOM, y + title))
            .collect(),
    }
}

fn item_of(one: &LayoutBox) -> Item {
    Item {
        w: one.w.max(0),
        h: one.h.max(0),
        x: one.x,
        y: one.y,
    }
}

fn drop_of(height: i32) -> i32 {
    PORT_DROP.min(height.max(0) / 2)
}

fn corner_of(places: &[(i32, i32)]) -> (i32, i32) {
    let x = places.iter().map(|place| place.0).min();
    let y = places.iter().map(|place| place.1).min();
    (x.unwrap_or(0), y.unwrap_or(0))
}

/// The next multiple of the grid.
fn on_grid(length: i32) -> i32 {
    length.div_euclid(GRID) * GRID + if length.rem_euclid(GRID) > 0 { GRID } else { 0 }
}

/// Lays out items: what links join in layers, one such piece below the other, and what is alone in
/// rows under them. The corners begin at zero.
fn arranged(items: &[Item], mut wires: Vec<Wire>) -> Vec<(i32, i32)> {
    // In the order of the picture, whatever the order of ids.
    sort(&mut wires);
    let mut corners = vec![(0, 0); items.len()];
    let (mut bottom, mut widest) = (0, 0);
    let pieces = pieces(items.len(), &wires);
    for members in pieces.iter().filter(|members| members.len() > 1) {
        let own: Vec<Item> = members.iter().map(|member| items[*member]).collect();
        let place = |item: usize| members.binary_search(&item).ok();
        let inner = wires.iter().filter_map(|wire| {
            let (from, to) = (place(wire.from)?, place(wire.to)?);
            Some(Wire { from, to, ..*wire })
        });
        let places = layers::layered(&own, inner.collect());
        let mut end = bottom;
        for (member, (x, y)) in members.iter().zip(places) {
            corners[*member] = (x, bottom + y);
            end = end.max(bottom + y + items[*member].h);
            widest = widest.max(x + items[*member].w);
        }
        bottom = on_grid(end + PART_GAP);
    }
    let alone: Vec<usize> = pieces
        .iter()
        .filter(|one| one.len() == 1)
        .map(|one| one[0])
        .collect();
    // Without anything above them they make about a square.
    let area: f64 = alone
        .iter()
        .map(|item| f64::from(items[*item].w + ROW_GAP) * f64::from(items[*item].h + ROW_GAP))
        .sum();
    let width = widest.max((area * 1.6).sqrt() as i32);
    let (mut x, mut height) = (0, 0);
    for item in alone {
        let (w, h) = (items[item].w, items[item].h);
        if x > 0 && x + w > width {
            bottom = on_grid(bottom + height + ROW_GAP);
            (x, height) = (0, 0);
        }
        corners[item] = (x, bottom);
        x = on_grid(x + w + ROW_GAP);
        height = height.max(h);
    }
    corners
}

/// Which items are joined by wires, each piece in ascending order and the pieces by their first.
fn pieces(count: usize, wires: &[Wire]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..count).collect();
    let find = |root: &[usize], mut item: usize| {
        while root[item] != item {
            item = root[item];
        }
        item
    };
    for wire in wires {
        let (a, b) = (find(&root, wire.from), find(&root, wire.to));
        root[a.max(b)] = a.min(b);
    }
    let mut pieces: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for item in 0..count {
        pieces.entry(find(&root, item)).or_default().push(item);
    }
    pieces.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(id: u32, x: i32, y: i32) -> LayoutBox {
        LayoutBox {
            id: NodeId(id),
            w: 204,
            h: 96,
            x,
            y,
            group: None,
        }
    }

    fn node_links(links: &[(u32, u32)]) -> Vec<(NodeId, NodeId)> {
        links
            .iter()
            .map(|(a, b)| (NodeId(*a), NodeId(*b)))
            .collect()
    }

    fn place(places: &[(NodeId, i32, i32)], id: u32) -> (i32, i32) {
        let found = places.iter().find(|place| place.0.0 == id).unwrap();
        (found.1, found.2)
    }

    fn overlap(a: (i32, i32, i32, i32), b: (i32, i32, i32, i32)) -> bool {
        a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let boxes = [one(3, 0, 0), one(1, 0, 0), one(2, 0, 0)];
        let places = layout(&boxes, &node_links(&[(1, 2), (2, 3)]));
        let at = |id| place(&places, id);
        assert_eq!((at(1), at(2), at(3)), ((0, 0), (328, 0), (656, 0)));
    }

    #[test]
    fn a_fan_is_centred_and_keeps_the_order_that_was_drawn() {
        let boxes = [
            one(1, 40, 80),
            one(2, 400, 700),
            one(3, 400, 300),
            one(4, 400, 90),
        ];
        let places = layout(&boxes, &node_links(&[(1, 2), (1, 3), (1, 4)]));
        let y = |id| place(&places, id).1;
        assert!(y(4) < y(3) && y(3) < y(2));
        assert_eq!(y(1), y(3));
        assert_eq!(place(&places, 1).0, 40);
        assert_eq!(y(4), 80);
    }

    #[test]
    fn a_source_stands_next_to_what_it_feeds() {
        let boxes: Vec<_> = (1..6).map(|id| one(id, 0, 100 * id as i32)).collect();
        let places = layout(&boxes, &node_links(&[(1, 2), (2, 3), (3, 4), (5, 4)]));
        assert_eq!(place(&places, 5).0, place(&places, 3).0);
    }

    #[test]
    fn links_that_could_stay_apart_do_not_cross() {
        // Drawn so that all of them cross.
        let boxes: Vec<_> = (0..8)
            .map(|n| {
                one(
                    n,
                    400 * (n as i32 / 4),
                    150 * if n < 4 { n as i32 } else { 8 - n as i32 },
                )
            })
            .collect();
        let links = node_links(&[(0, 4), (1, 5), (2, 6), (3, 7), (0, 5), (1, 6), (2, 7)]);
        let places = layout(&boxes, &links);
        let y = |id: NodeId| place(&places, id.0).1;
        for a in &links {
            for b in &links {
                assert!((y(a.0) - y(b.0)).signum() * (y(a.1) - y(b.1)).signum() >= 0);
            }
        }
    }

    #[test]
    fn a_cycle_is_opened_as_it_was_drawn() {
        let boxes = [one(1, 600, 0), one(2, 0, 0), one(3, 300, 0)];
        let places = layout(&boxes, &node_links(&[(1, 2), (2, 3), (3, 1)]));
        let x = |id| place(&places, id).0;
        assert!(x(2) < x(3) && x(3) < x(1));
    }

    #[test]
    fn nothing_makes_it_stumble() {
        assert!(layout(&[], &[]).is_empty());
        let stray = node_links(&[(1, 1), (1, 9), (8, 9)]);
        assert_eq!(layout(&[one(1, -13, 5)], &stray), [(NodeId(1), -16, 0)]);
    }

    /// Boxes with sizes, places and frames, and links between them.
    fn pictures() -> impl Strategy<Value = (Vec<LayoutBox>, Vec<(NodeId, NodeId)>)> {
        (1..40_u32).prop_flat_map(|count| {
            let sizes = (60..320, 40..240, -900..900, -900..900, 0..9_u32);
            let boxes = prop::collection::vec(sizes, count as usize);
            let links = prop::collection::vec((0..count, 0..count), 0..count as usize * 2);
            (boxes, links).prop_map(|(boxes, links)| {
                let number = (0..).zip(boxes);
                let boxes = number.map(|(id, (w, h, x, y, group))| LayoutBox {
                    id: NodeId(id),
                    w,
                    h,
                    x,
                    y,
                    group: (group < 3).then_some(group),
                });
                (boxes.collect(), node_links(&links))
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn nothing_overlaps_and_frames_hold_only_their_members((boxes, links) in pictures()) {
            let places = layout(&boxes, &links);
            prop_assert_eq!(&places, &layout(&boxes, &links));
            let area = |n: usize| (places[n].1, places[n].2, boxes[n].w, boxes[n].h);
            for (a, (_, x, y)) in places.iter().enumerate() {
                prop_assert_eq!((x % GRID, y % GRID), (0, 0));
                for b in 0..a {
                    prop_assert!(!overlap(area(a), area(b)));
                }
            }
            for frame in 0..3 {
                let is_in = |n: &usize| boxes[*n].group == Some(frame);
                let members: Vec<_> = (0..boxes.len()).filter(is_in).map(area).collect();
                let Some(left) = members.iter().map(|one| one.0).min() else { continue };
                let top = members.iter().map(|one| one.1).min().unwrap();
                let right = members.iter().map(|one| one.0 + one.2).max().unwrap();
                let bottom = members.iter().map(|one| one.1 + one.3).max().unwrap();
                let whole = (left, top, right - left, bottom - top);
                for other in (0..boxes.len()).filter(|n| !is_in(n)) {
                    prop_assert!(!overlap(whole, area(other)));
                }
            }
        }

        #[test]
        fn without_cycles_links_go_to_the_right((boxes, links) in pictures()) {
            let boxes: Vec<_> =
                boxes.into_iter().map(|one| LayoutBox { group: None, ..one }).collect();
            let links: Vec<_> = links.into_iter().filter(|(a, b)| a < b).collect();
            let places = layout(&boxes, &links);
            for (from, to) in links {
                let (a, b) = (from.0 as usize, to.0 as usize);
                prop_assert!(places[a].1 + boxes[a].w < places[b].1);
            }
        }

        #[test]
        fn ids_and_the_order_of_the_boxes_do_not_matter((boxes, links) in pictures()) {
            // Where two were drawn at the same place, something has to decide.
            let drawn: BTreeSet<_> = boxes.iter().map(|one| (one.x, one.y)).collect();
            prop_assume!(drawn.len() == boxes.len());
            let other = |id: NodeId| NodeId(1_000 - id.0);
            let turned: Vec<_> = boxes
                .iter()
                .rev()
                .map(|one| LayoutBox { id: other(one.id), ..*one })
                .collect();
            let swapped: Vec<_> = links.iter().map(|(a, b)| (other(*a), other(*b))).collect();
            let mut places = layout(&turned, &swapped);
            places.reverse();
            let places: Vec<_> = places.into_iter().map(|(id, x, y)| (other(id), x, y)).collect();
            prop_assert_eq!(places, layout(&boxes, &links));
        }
    }
}
