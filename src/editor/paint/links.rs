//! Links: lines with an arrow, flows as bands, and their labels.

use super::{Align, Brush, Face, Painting, Words};
use crate::editor::scene::{LABEL_ZOOM_MIN, LinkLine, View};
use crate::editor::{Curve, Point};

/// However far away they are, lines can be seen: the least width on the screen.
const SCREEN_WIDTH_MIN: f64 = 0.8;

impl Painting<'_> {
    pub(super) fn paint_links(&mut self, lines: &[&LinkLine], view: &View) {
        self.paint_flows(lines);
        self.paint_lines(lines, view.camera.zoom);
        if view.camera.zoom >= LABEL_ZOOM_MIN {
            self.paint_labels(lines);
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
        let lines = || lines.iter().copied();
        let chosen = |line: &&LinkLine| line.selected || line.hovered;
        let plain = |line: &&LinkLine| !line.cut && !line.selected && !line.hovered;
        self.stroke_lines(
            lines().filter(plain).filter(|l| !l.dead_letters),
            &palette.link,
            wide(1.6),
        );
        self.brush.set_dashes(&[2.0, 4.0]);
        self.stroke_lines(
            lines().filter(plain).filter(|l| l.dead_letters),
            &palette.ink_3,
            wide(1.6),
        );
        self.brush.set_dashes(&[7.0, 6.0]);
        self.stroke_lines(lines().filter(|line| line.cut), &palette.trouble, wide(2.2));
        self.brush.set_dashes(&[]);
        self.stroke_lines(
            lines().filter(chosen).filter(|l| !l.cut),
            &palette.accent,
            wide(2.4),
        );
        for (lines, colour) in [
            (lines().filter(plain).collect::<Vec<_>>(), &palette.link),
            (lines().filter(chosen).collect(), &palette.accent),
            (lines().filter(|line| line.cut).collect(), &palette.trouble),
        ] {
            self.brush.begin();
            for line in lines {
                add_arrow(self.brush, &line.curve);
            }
            self.brush.fill(colour);
        }
    }

    fn stroke_lines<'a>(
        &mut self,
        lines: impl Iterator<Item = &'a LinkLine>,
        colour: &str,
        width: f64,
    ) {
        let brush = &mut *self.brush;
        brush.begin();
        for line in lines {
            add_curve(brush, &line.curve);
        }
        brush.stroke(colour, width);
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

fn add_curve(brush: &mut dyn Brush, curve: &Curve) {
    let [start, lead, follow, end] = curve.points;
    brush.move_to(start);
    brush.curve_to(lead, follow, end);
}

fn add_arrow(brush: &mut dyn Brush, curve: &Curve) {
    let tip = curve.points[3];
    let (sin, cos) = libm::sincos(curve.angle(1.0));
    let back = |along: f64, aside: f64| {
        Point::new(
            tip.x - cos * along - sin * aside,
            tip.y - sin * along + cos * aside,
        )
    };
    brush.move_to(tip);
    brush.line_to(back(8.5, 4.6));
    brush.line_to(back(8.5, -4.6));
}
