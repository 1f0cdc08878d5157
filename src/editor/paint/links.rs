//! Links: lines with an arrow, flows as bands, and their labels.

use super::bands::is_tagged;
use super::{Align, Brush, Face, Painting, Words};
use crate::editor::scene::{LABEL_ZOOM_MIN, LinkLine, View};
use crate::editor::{Curve, Point};
use crate::nodes::Role;

/// However far away they are, lines can be seen: the least width on the screen.
const SCREEN_WIDTH_MIN: f64 = 0.8;

impl Painting<'_> {
    pub(super) fn paint_links(&mut self, lines: &[&LinkLine], view: &View) {
        self.paint_flows(lines);
        self.paint_lines(lines, view.camera.zoom);
        if view.camera.zoom >= LABEL_ZOOM_MIN {
            self.paint_labels(lines);
            self.paint_badges(lines);
        }
    }

    /// Bands under the lines: the width is how much, the tint is trouble.
    fn paint_flows(&mut self, lines: &[&LinkLine]) {
        let brush = &mut *self.brush;
        brush.set_round_ends(false);
        for line in lines {
            let Some(flow) = line.flow else { continue };
            for (colour, alpha) in [
                (&self.palette.flow, 0.3 * (1.0 - flow.trouble)),
                (&self.palette.trouble, 0.5 * flow.trouble),
            ] {
                if alpha > 0.01 {
                    brush.set_opacity(alpha);
                    brush.begin();
                    add_curve(brush, &line.curve);
                    brush.stroke(colour, flow.width);
                }
            }
        }
        brush.set_opacity(1.0);
    }

    fn paint_lines(&mut self, lines: &[&LinkLine], zoom: f64) {
        let palette = self.palette;
        let wide = |width: f64| width.max(SCREEN_WIDTH_MIN / zoom);
        for (style, dashes) in STYLES {
            let of_style =
                |line: &LinkLine| !line.cut && !is_tagged(line) && style_of(line.role) == style;
            let plain = |line: &LinkLine| of_style(line) && !is_chosen(line);
            let chosen = |line: &LinkLine| of_style(line) && is_chosen(line);
            let is_double = style == Style::Double;
            let (thin, thick) = if is_double { (4.4, 5.6) } else { (1.6, 2.4) };
            self.stroke_lines(lines, plain, dashes, &palette.link, wide(thin));
            self.stroke_lines(lines, chosen, dashes, &palette.accent, wide(thick));
            if is_double {
                self.stroke_lines(lines, of_style, &[], &palette.ground, 1.8);
            }
        }
        let cut = |line: &LinkLine| line.cut;
        self.stroke_lines(lines, cut, &[7.0, 6.0], &palette.trouble, wide(2.2));
        self.paint_tagged(lines, wide);
        let lent = |line: &LinkLine| line.role == Some(Role::Delivers);
        for (state, colour) in [
            (State::Plain, &palette.link),
            (State::Chosen, &palette.accent),
            (State::Cut, &palette.trouble),
        ] {
            for open in [false, true] {
                let mut any = false;
                self.brush.begin();
                for line in lines {
                    if state_of(line) == state && lent(line) == open && !is_tagged(line) {
                        add_arrow(self.brush, &line.curve, open);
                        any = true;
                    }
                }
                match (any, open) {
                    (false, _) => {}
                    (true, true) => self.brush.stroke(colour, 2.0),
                    (true, false) => self.brush.fill(colour),
                }
            }
        }
    }

    fn stroke_lines(
        &mut self,
        lines: &[&LinkLine],
        which: impl Fn(&LinkLine) -> bool,
        dashes: &[f64],
        colour: &str,
        width: f64,
    ) {
        let brush = &mut *self.brush;
        let mut any = false;
        brush.begin();
        for line in lines.iter().filter(|line| which(line)) {
            add_curve(brush, &line.curve);
            any = true;
        }
        if any && dashes.is_empty() {
            brush.stroke(colour, width);
        } else if any {
            brush.set_dashes(dashes);
            brush.stroke(colour, width);
            brush.set_dashes(&[]);
        }
    }

    fn paint_labels(&mut self, lines: &[&LinkLine]) {
        let palette = self.palette;
        let brush = &mut *self.brush;
        let labelled = || lines.iter().filter(|line| !line.label.is_empty());
        brush.begin();
        for line in labelled() {
            brush.rounded(line.label_box(), 6.0);
        }
        brush.set_opacity(0.88);
        brush.fill(&palette.ground);
        brush.set_opacity(1.0);
        for line in labelled() {
            let colour = match line {
                line if line.cut => &palette.trouble,
                line if line.selected || line.hovered => &palette.accent,
                _ => &palette.link_label,
            };
            brush.write(Words {
                text: &line.label,
                at: line.label_at + Point::new(0.0, 4.0),
                face: Face::Small,
                align: Align::Middle,
                colour,
                room: None,
            });
        }
    }
}

pub(super) fn add_curve(brush: &mut dyn Brush, curve: &Curve) {
    let [start, lead, follow, end] = curve.points;
    brush.move_to(start);
    brush.curve_to(lead, follow, end);
}

/// The point of a link; open where messages are only lent.
pub(super) fn add_arrow(brush: &mut dyn Brush, curve: &Curve, open: bool) {
    let tip = curve.points[3];
    let (sin, cos) = libm::sincos(curve.angle(1.0));
    let back = |along: f64, aside: f64| {
        Point::new(
            tip.x - cos * along - sin * aside,
            tip.y - sin * along + cos * aside,
        )
    };
    if open {
        brush.move_to(back(9.0, 5.2));
        brush.line_to(tip);
    } else {
        brush.move_to(tip);
        brush.line_to(back(8.5, 4.6));
    }
    brush.line_to(back(
        if open { 9.0 } else { 8.5 },
        if open { -5.2 } else { -4.6 },
    ));
}

/// How the line of a link is drawn, by what the link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Double,
    Dotted,
    Dashed,
}

/// The styles, with their dashes.
const STYLES: [(Style, &[f64]); 4] = [
    (Style::Plain, &[]),
    (Style::Double, &[]),
    (Style::Dotted, &[2.0, 4.0]),
    (Style::Dashed, &[11.0, 4.0, 2.5, 4.0]),
];

fn style_of(role: Option<Role>) -> Style {
    match role {
        Some(Role::Appends | Role::Calls) => Style::Double,
        Some(Role::DeadLetters) => Style::Dotted,
        Some(Role::Feeds) => Style::Dashed,
        Some(Role::Sends | Role::Delivers | Role::Binds) | None => Style::Plain,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    Chosen,
    Cut,
}

fn state_of(line: &LinkLine) -> State {
    match line {
        line if line.cut => State::Cut,
        line if is_chosen(line) => State::Chosen,
        _ => State::Plain,
    }
}

fn is_chosen(line: &LinkLine) -> bool {
    line.selected || line.hovered
}
