//! The shapes of event types and the glyphs of kinds, as paths.
//!
//! Shapes end with a line to their start: in Chromium, closing a path takes time in proportion to
//! all that is on it (measured: 45 % of a frame with 1,250 tokens).

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::Brush;
use crate::editor::Point;
use crate::nodes::Glyph;

/// The shapes by which event types differ without colour.
const SHAPES: u16 = 8;

/// Adds the shape of an event type to the current path: `r` is about half its size.
pub fn add_event_shape(brush: &mut dyn Brush, event_type: u16, at: Point, angle: f64, r: f64) {
    // Types that share a colour (each eighth) do not share a shape.
    let shape = (event_type + event_type / SHAPES * 3) % SHAPES;
    match shape {
        0 => add_pill(brush, at, angle, r),
        1 => add_corners(brush, at, angle, r * 1.18, 4),
        2 => add_circle(brush, at, r * 0.92),
        3 => add_corners(brush, at, angle + PI / 4.0, r * 1.16, 4),
        4 => add_corners(brush, at, angle, r * 1.22, 3),
        5 => add_corners(brush, at, angle + PI / 6.0, r * 1.08, 6),
        6 => add_chevron(brush, at, angle, r),
        _ => add_star(brush, at, angle, r * 1.3),
    }
}

/// Adds a circle.
pub fn add_circle(brush: &mut dyn Brush, at: Point, r: f64) {
    brush.move_to(Point::new(at.x + r, at.y));
    brush.arc(at, r, 0.0, TAU);
}

fn add_pill(brush: &mut dyn Brush, at: Point, angle: f64, r: f64) {
    let (sin, cos) = libm::sincos(angle);
    let (half, cap) = (r * 0.72, r * 0.68);
    let (dx, dy) = (cos * half, sin * half);
    let start = Point::new(at.x - dx - sin * cap, at.y - dy + cos * cap);
    brush.move_to(start);
    brush.arc(
        Point::new(at.x - dx, at.y - dy),
        cap,
        angle + FRAC_PI_2,
        angle + 3.0 * FRAC_PI_2,
    );
    brush.arc(
        Point::new(at.x + dx, at.y + dy),
        cap,
        angle - FRAC_PI_2,
        angle + FRAC_PI_2,
    );
    brush.line_to(start);
}

fn add_corners(brush: &mut dyn Brush, at: Point, angle: f64, r: f64, corners: u32) {
    add_polygon(
        brush,
        at,
        (0..corners).map(|n| (angle + TAU * f64::from(n) / f64::from(corners), r)),
    );
}

fn add_star(brush: &mut dyn Brush, at: Point, angle: f64, r: f64) {
    add_polygon(
        brush,
        at,
        (0..8).map(|n| {
            let reach = if n % 2 == 0 { r } else { r * 0.48 };
            (angle + TAU * f64::from(n) / 8.0, reach)
        }),
    );
}

fn add_chevron(brush: &mut dyn Brush, at: Point, angle: f64, r: f64) {
    let corners = [(0.0, 1.15), (2.3, 1.25), (PI, 0.35), (-2.3, 1.25)];
    let corners = corners.map(|(turn, reach)| (angle + turn, reach * r));
    add_polygon(brush, at, corners.into_iter());
}

fn add_polygon(brush: &mut dyn Brush, at: Point, corners: impl Iterator<Item = (f64, f64)>) {
    let mut start = None;
    for (angle, reach) in corners {
        let (sin, cos) = libm::sincos(angle);
        let corner = Point::new(at.x + cos * reach, at.y + sin * reach);
        match start {
            None => {
                brush.move_to(corner);
                start = Some(corner);
            }
            Some(_) => brush.line_to(corner),
        }
    }
    if let Some(start) = start {
        brush.line_to(start);
    }
}

/// The glyph of a family of kinds as an SVG path in a square of 16.
pub const fn glyph_path(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::Antenna => {
            "M8 8.2v5.3M5.5 13.5h5M8 6.6a1 1 0 1 0 0 .01M5.2 9.2a4 4 0 0 1 0-5.6M10.8 3.6\
            a4 4 0 0 1 \
             0 5.6M3.2 11a6.6 6.6 0 0 1 0-9.2M12.8 1.8a6.6 6.6 0 0 1 0 9.2"
        }
        Glyph::Pipe => "M2 4.5h12M2 11.5h12M5 6.8v2.4M8 6.8v2.4M11 6.8v2.4",
        Glyph::Fan => {
            "M2.5 8h4M6.5 8l6-4.5M6.5 8h6.5M6.5 8l6 4.5M11 2.6l2 .6-.5 2M11 13.4l2-.6-.5-2"
        }
        Glyph::Gear => {
            "M8 5.6a2.4 2.4 0 1 0 0 4.8a2.4 2.4 0 1 0 0-4.8M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2\
             M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4"
        }
        Glyph::Cylinder => {
            "M3 4c0-1.2 2.2-2 5-2s5 .8 5 2s-2.2 2-5 2s-5-.8-5-2M3 4v8c0 1.2 2.2 2 5 2s5-.8 5-2V4\
             M3 8c0 1.2 2.2 2 5 2s5-.8 5-2"
        }
        Glyph::Scales => "M8 2v11.5M5 13.5h6M3 4.5h10M3 4.5L1.2 9h3.6zM13 4.5L11.2 9h3.6z",
        Glyph::Table => "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.4 6.3V13",
    }
}
