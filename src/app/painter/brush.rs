//! The brush of a 2D canvas.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, Path2d};

use crate::editor::paint::{Align, Brush, Face, GLYPH_SIZE, Words, glyph_path};
use crate::editor::{Point, Rect};
use crate::nodes::Glyph;

/// A 2D canvas, and what it was told last: each text that goes there is dear.
pub struct CanvasBrush {
    canvas: CanvasRenderingContext2d,
    fonts: [String; Face::ALL.len()],
    glyphs: Vec<(Glyph, Path2d)>,
    face: Option<Face>,
    align: Option<Align>,
    ground: String,
    ink: String,
}

impl CanvasBrush {
    /// The brush of a canvas, with these families of letters.
    pub fn new(canvas: CanvasRenderingContext2d, family: &str) -> Self {
        let mut brush = Self {
            canvas,
            fonts: Default::default(),
            glyphs: Vec::new(),
            face: None,
            align: None,
            ground: String::new(),
            ink: String::new(),
        };
        brush.set_fonts(family);
        brush
    }

    /// The canvas, to place what is drawn.
    pub fn canvas(&self) -> &CanvasRenderingContext2d {
        &self.canvas
    }

    /// Takes other families of letters.
    pub fn set_fonts(&mut self, family: &str) {
        self.fonts = Face::ALL.map(|face| format!("{} {}px {family}", face.weight(), face.size()));
        self.forget();
    }

    /// The canvas was given another size, and knows nothing any more.
    pub fn forget(&mut self) {
        (self.face, self.align) = (None, None);
        self.ground.clear();
        self.ink.clear();
    }

    /// How wide a text is.
    pub fn width(&mut self, text: &str, face: Face) -> Option<f64> {
        self.set_face(face);
        Some(self.canvas.measure_text(text).ok()?.width())
    }

    fn set_face(&mut self, face: Face) {
        if self.face != Some(face) {
            self.canvas.set_font(&self.fonts[face as usize]);
            self.face = Some(face);
        }
    }

    fn set_ground(&mut self, colour: &str) {
        if self.ground != colour {
            self.canvas.set_fill_style_str(colour);
            colour.clone_into(&mut self.ground);
        }
    }

    fn set_ink(&mut self, colour: &str) {
        if self.ink != colour {
            self.canvas.set_stroke_style_str(colour);
            colour.clone_into(&mut self.ink);
        }
    }

    fn set_align(&mut self, align: Align) {
        if self.align != Some(align) {
            self.canvas.set_text_align(match align {
                Align::Left => "left",
                Align::Middle => "center",
                Align::Right => "right",
            });
            self.align = Some(align);
        }
    }

    fn glyph_of(&mut self, glyph: Glyph) -> Option<&Path2d> {
        if !self.glyphs.iter().any(|(known, _)| *known == glyph) {
            let path = Path2d::new_with_path_string(glyph_path(glyph)).ok()?;
            self.glyphs.push((glyph, path));
        }
        let found = self.glyphs.iter().find(|(known, _)| *known == glyph);
        found.map(|(_, path)| path)
    }
}

impl Brush for CanvasBrush {
    fn begin(&mut self) {
        self.canvas.begin_path();
    }

    fn move_to(&mut self, to: Point) {
        self.canvas.move_to(to.x, to.y);
    }

    fn line_to(&mut self, to: Point) {
        self.canvas.line_to(to.x, to.y);
    }

    fn curve_to(&mut self, lead: Point, follow: Point, end: Point) {
        self.canvas
            .bezier_curve_to(lead.x, lead.y, follow.x, follow.y, end.x, end.y);
    }

    fn arc(&mut self, middle: Point, radius: f64, from: f64, to: f64) {
        let _ = self.canvas.arc(middle.x, middle.y, radius, from, to);
    }

    fn rounded(&mut self, rect: Rect, radius: f64) {
        let _ = self
            .canvas
            .round_rect_with_f64(rect.x, rect.y, rect.w, rect.h, radius);
    }

    fn fill(&mut self, colour: &str) {
        self.set_ground(colour);
        self.canvas.fill();
    }

    fn stroke(&mut self, colour: &str, width: f64) {
        self.set_ink(colour);
        self.canvas.set_line_width(width);
        self.canvas.stroke();
    }

    fn set_opacity(&mut self, opacity: f64) {
        self.canvas.set_global_alpha(opacity);
    }

    fn set_dashes(&mut self, lengths: &[f64]) {
        let dashes: Array = lengths.iter().copied().map(JsValue::from_f64).collect();
        let _ = self.canvas.set_line_dash(&dashes);
    }

    fn set_round_ends(&mut self, round: bool) {
        self.canvas
            .set_line_cap(if round { "round" } else { "butt" });
    }

    fn glyph(&mut self, glyph: Glyph, corner: Point, size: f64, colour: &str) {
        let canvas = self.canvas.clone();
        let Some(path) = self.glyph_of(glyph) else {
            return;
        };
        canvas.save();
        let _ = canvas.translate(corner.x, corner.y);
        let _ = canvas.scale(size / GLYPH_SIZE, size / GLYPH_SIZE);
        canvas.set_stroke_style_str(colour);
        canvas.set_line_width(1.5);
        canvas.set_line_cap("round");
        canvas.set_line_join("round");
        canvas.stroke_with_path(path);
        canvas.restore();
    }

    fn write_scaled(&mut self, words: Words<'_>, times: f64) {
        self.set_face(words.face);
        self.set_align(words.align);
        self.set_ground(words.colour);
        let (mut at, canvas) = (words.at, &self.canvas);
        // Another size of letters would have to be parsed; a larger canvas is only a number.
        let scaled = times != 1.0;
        if scaled {
            canvas.save();
            let _ = canvas.translate(at.x, at.y);
            let _ = canvas.scale(times, times);
            at = Point::default();
        }
        let room = words.room.map(|room| room / times);
        let _ = match room {
            Some(room) => canvas.fill_text_with_max_width(words.text, at.x, at.y, room),
            None => canvas.fill_text(words.text, at.x, at.y),
        };
        if scaled {
            canvas.restore();
        }
    }
}
