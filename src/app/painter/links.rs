//! Links: lines with an arrow, flows as bands, and their labels.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::Painter;
use crate::editor::scene::{LABEL_ZOOM_MIN, LinkLine, Scene, View};
use crate::editor::{Curve, Point};

impl Painter {
    pub(super) fn paint_links(&self, scene: &Scene, view: &View) {
        self.paint_flows(&scene.links);
        self.paint_lines(&scene.links);
        if view.camera.zoom >= LABEL_ZOOM_MIN {
            self.paint_labels(&scene.links);
        }
    }

    /// Bands under the lines: the width is how much, the tint is trouble.
    fn paint_flows(&self, lines: &[LinkLine]) {
        let canvas = &self.canvas;
        canvas.set_line_cap("butt");
        for line in lines {
            let Some(flow) = line.flow else { continue };
            canvas.set_line_width(flow.width);
            for (colour, alpha) in [
                (&self.palette.flow, 0.3 * (1.0 - flow.trouble)),
                (&self.palette.trouble, 0.5 * flow.trouble),
            ] {
                if alpha > 0.01 {
                    canvas.set_stroke_style_str(colour);
                    canvas.set_global_alpha(alpha);
                    canvas.begin_path();
                    self.add_curve(&line.curve);
                    canvas.stroke();
                }
            }
        }
        canvas.set_global_alpha(1.0);
    }

    fn paint_lines(&self, lines: &[LinkLine]) {
        let canvas = &self.canvas;
        let palette = &self.palette;
        let chosen = |line: &&LinkLine| line.selected || line.hovered;
        let plain = |line: &&LinkLine| !line.cut && !line.selected && !line.hovered;
        self.stroke_lines(
            lines.iter().filter(plain).filter(|l| !l.dead_letters),
            &palette.link,
            1.6,
        );
        self.set_dash(&[2.0, 4.0]);
        self.stroke_lines(
            lines.iter().filter(plain).filter(|l| l.dead_letters),
            &palette.ink_3,
            1.6,
        );
        self.set_dash(&[7.0, 6.0]);
        self.stroke_lines(lines.iter().filter(|line| line.cut), &palette.trouble, 2.2);
        self.set_dash(&[]);
        self.stroke_lines(
            lines.iter().filter(chosen).filter(|l| !l.cut),
            &palette.accent,
            2.4,
        );
        for (lines, colour) in [
            (
                lines.iter().filter(plain).collect::<Vec<_>>(),
                &palette.link,
            ),
            (lines.iter().filter(chosen).collect(), &palette.accent),
            (
                lines.iter().filter(|line| line.cut).collect(),
                &palette.trouble,
            ),
        ] {
            canvas.begin_path();
            for line in lines {
                self.add_arrow(&line.curve);
            }
            canvas.set_fill_style_str(colour);
            canvas.fill();
        }
    }

    fn stroke_lines<'a>(
        &self,
        lines: impl Iterator<Item = &'a LinkLine>,
        colour: &str,
        width: f64,
    ) {
        let canvas = &self.canvas;
        canvas.begin_path();
        for line in lines {
            self.add_curve(&line.curve);
        }
        canvas.set_stroke_style_str(colour);
        canvas.set_line_width(width);
        canvas.stroke();
    }

    fn set_dash(&self, lengths: &[f64]) {
        let dash: Array = lengths.iter().copied().map(JsValue::from_f64).collect();
        let _ = self.canvas.set_line_dash(&dash);
    }

    fn add_curve(&self, curve: &Curve) {
        let [start, lead, follow, end] = curve.points;
        self.canvas.move_to(start.x, start.y);
        self.canvas
            .bezier_curve_to(lead.x, lead.y, follow.x, follow.y, end.x, end.y);
    }

    fn add_arrow(&self, curve: &Curve) {
        let tip = curve.points[3];
        let (sin, cos) = libm::sincos(curve.angle(1.0));
        let back = |along: f64, aside: f64| {
            Point::new(
                tip.x - cos * along - sin * aside,
                tip.y - sin * along + cos * aside,
            )
        };
        let (left, right) = (back(8.5, 4.6), back(8.5, -4.6));
        self.canvas.move_to(tip.x, tip.y);
        self.canvas.line_to(left.x, left.y);
        self.canvas.line_to(right.x, right.y);
    }

    fn paint_labels(&self, lines: &[LinkLine]) {
        let canvas = &self.canvas;
        let palette = &self.palette;
        canvas.set_font(&self.fonts.small);
        canvas.set_text_align("center");
        canvas.set_text_baseline("alphabetic");
        let labelled = || lines.iter().filter(|line| !line.label.is_empty());
        canvas.begin_path();
        for line in labelled() {
            self.add_rounded(line.label_box(), 6.0);
        }
        canvas.set_fill_style_str(&palette.ground);
        canvas.set_global_alpha(0.88);
        canvas.fill();
        canvas.set_global_alpha(1.0);
        for line in labelled() {
            let colour = match line {
                line if line.cut => &palette.trouble,
                line if line.selected || line.hovered => &palette.accent,
                _ => &palette.link_label,
            };
            canvas.set_fill_style_str(colour);
            let at = line.label_at;
            let _ = canvas.fill_text(&line.label, at.x, at.y + 4.0);
        }
    }
}
