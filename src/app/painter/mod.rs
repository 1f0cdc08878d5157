//! The one place that draws: a scene onto a 2D canvas.
//!
//! What has one colour is one path. It decides nothing about what there is to see.

mod cards;
mod links;
mod palette;
mod shapes;
mod tokens;

pub use palette::Palette;
pub use shapes::glyph_path;

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use crate::editor::scene::{Scene, View};
use crate::editor::{Point, Rect};
use crate::nodes::Glyph;
use shapes::add_event_shape;

/// A canvas and what is needed to draw on it.
pub struct Painter {
    element: HtmlCanvasElement,
    canvas: CanvasRenderingContext2d,
    palette: Palette,
    fonts: Fonts,
    glyphs: Vec<(Glyph, Path2d)>,
    /// Device pixels for one CSS pixel.
    density: f64,
}

struct Fonts {
    name: String,
    small: String,
    figure: String,
    far_name: String,
    far_figure: String,
}

impl Fonts {
    fn of(family: &str) -> Self {
        Self {
            name: format!("600 13.5px {family}"),
            small: format!("400 11.5px {family}"),
            figure: format!("650 16px {family}"),
            far_name: format!("600 23px {family}"),
            far_figure: format!("650 34px {family}"),
        }
    }
}

impl Painter {
    /// A painter for a canvas; `None` if the browser gives no 2D context.
    pub fn new(element: HtmlCanvasElement) -> Option<Self> {
        let canvas = element
            .get_context("2d")
            .ok()??
            .dyn_into::<CanvasRenderingContext2d>()
            .ok()?;
        let mut painter = Self {
            element,
            canvas,
            palette: Palette::default(),
            fonts: Fonts::of("sans-serif"),
            glyphs: Vec::new(),
            density: 1.0,
        };
        painter.read_theme();
        Some(painter)
    }

    /// Reads the colours of the theme that the page has now.
    pub fn read_theme(&mut self) {
        let root = self
            .element
            .owner_document()
            .and_then(|document| document.document_element());
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        if let Some(style) = style {
            self.palette = Palette::read(&style);
            self.fonts = Fonts::of(&self.palette.font);
        }
    }

    /// Gives the canvas a size in CSS pixels.
    pub fn resize(&mut self, width: f64, height: f64) {
        self.density = window().device_pixel_ratio().clamp(1.0, 3.0);
        let device = |length: f64| (length * self.density).round().max(1.0) as u32;
        if self.element.width() != device(width) || self.element.height() != device(height) {
            self.element.set_width(device(width));
            self.element.set_height(device(height));
        }
    }

    /// Draws a scene.
    pub fn paint(&mut self, scene: &Scene, view: &View) {
        let (width, height) = (self.element.width().into(), self.element.height().into());
        let canvas = &self.canvas;
        let _ = canvas.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, width, height);
        let scale = self.density * view.camera.zoom;
        let corner = view.camera.corner_in_world;
        let _ = canvas.set_transform(scale, 0.0, 0.0, scale, -corner.x * scale, -corner.y * scale);
        self.paint_links(scene, view);
        self.paint_tokens(scene, view.camera.zoom);
        self.paint_cards(scene, view.camera.zoom);
    }

    /// Draws the shape of an event type into the middle of the canvas, as the legend shows it.
    pub fn paint_sample(&self, event_type: u16, angle: f64) {
        let size = f64::from(self.element.width()) / self.density;
        let canvas = &self.canvas;
        let _ = canvas.set_transform(self.density, 0.0, 0.0, self.density, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, size, size);
        canvas.begin_path();
        add_event_shape(
            canvas,
            event_type,
            Point::new(size / 2.0, size / 2.0),
            angle,
            size * 0.36,
        );
        canvas.set_fill_style_str(self.palette.event(event_type));
        canvas.fill();
    }

    fn add_rounded(&self, rect: Rect, radius: f64) {
        let _ = self
            .canvas
            .round_rect_with_f64(rect.x, rect.y, rect.w, rect.h, radius);
    }

    fn glyph(&mut self, glyph: Glyph) -> Option<&Path2d> {
        if !self.glyphs.iter().any(|(known, _)| *known == glyph) {
            let path = Path2d::new_with_path_string(glyph_path(glyph)).ok()?;
            self.glyphs.push((glyph, path));
        }
        let found = self.glyphs.iter().find(|(known, _)| *known == glyph);
        found.map(|(_, path)| path)
    }
}
