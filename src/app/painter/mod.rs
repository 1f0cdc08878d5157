//! Drawing on a canvas of the page: its brush, and the colours that the page's style has.
//!
//! What is drawn, and how that looks, is said by `editor::paint`.

mod brush;
mod style;

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::session::Theme;
use crate::editor::paint::{self, Brush, Palette};
use crate::editor::scene::{Scene, View};
use crate::editor::{Point, Rect};
use brush::CanvasBrush;

pub use style::palette_of;

/// A canvas and what is needed to draw on it.
pub struct Painter {
    element: HtmlCanvasElement,
    brush: CanvasBrush,
    palette: Palette,
    /// Device pixels for one CSS pixel.
    density: f64,
}

impl Painter {
    /// A painter for a canvas; `None` if the browser gives no 2D context.
    pub fn new(element: HtmlCanvasElement) -> Option<Self> {
        let canvas = context_of(&element)?;
        let palette = style::palette();
        Some(Self {
            element,
            brush: CanvasBrush::new(canvas, &palette.font),
            palette,
            density: 1.0,
        })
    }

    /// Reads the colours of the theme that the page has now.
    pub fn read_theme(&mut self) {
        self.palette = style::palette();
        self.brush.set_fonts(&self.palette.font);
    }

    /// Gives the canvas a size in CSS pixels.
    pub fn resize(&mut self, width: f64, height: f64) {
        self.density = window().device_pixel_ratio().clamp(1.0, 3.0);
        let device = |length: f64| (length * self.density).round().max(1.0) as u32;
        if self.element.width() != device(width) || self.element.height() != device(height) {
            self.element.set_width(device(width));
            self.element.set_height(device(height));
            self.brush.forget();
        }
    }

    /// Draws a scene.
    pub fn paint(&mut self, scene: &Scene, view: &View) {
        let (width, height) = (self.element.width().into(), self.element.height().into());
        let canvas = self.brush.canvas();
        let _ = canvas.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, width, height);
        look_from(canvas, view, self.density);
        paint::paint(&mut self.brush, &self.palette, scene, view);
    }

    /// Draws the shape of an event type into the middle of the canvas, as the legend shows it.
    pub fn paint_sample(&mut self, event_type: u16, angle: f64) {
        let size = f64::from(self.element.width()) / self.density;
        let canvas = self.brush.canvas();
        let _ = canvas.set_transform(self.density, 0.0, 0.0, self.density, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, size, size);
        let brush = &mut self.brush;
        brush.begin();
        let middle = Point::new(size / 2.0, size / 2.0);
        paint::add_event_shape(brush, event_type, middle, angle, size * 0.36);
        brush.fill(self.palette.event(event_type));
    }
}

/// Draws a scene and the ground below it onto a canvas that is not on the page, and makes the
/// canvas as large as that. `None` if the browser gives no context.
pub fn paint_apart(
    element: &HtmlCanvasElement,
    scene: &Scene,
    view: &View,
    scale: f64,
    theme: Theme,
) -> Option<()> {
    let device = |length: f64| (length * scale).round().max(1.0) as u32;
    element.set_width(device(view.width));
    element.set_height(device(view.height));
    let canvas = context_of(element)?;
    let palette = palette_of(theme)?;
    let mut brush = CanvasBrush::new(canvas, &palette.font);
    brush.begin();
    let whole = Rect::new(0.0, 0.0, view.width * scale, view.height * scale);
    brush.rounded(whole.grown(1.0), 0.0);
    brush.fill(&palette.ground);
    look_from(brush.canvas(), view, scale);
    paint::paint(&mut brush, &palette, scene, view);
    Some(())
}

/// How wide a text is in small letters of the page.
pub fn measure(palette: &Palette) -> impl FnMut(&str, paint::Face) -> Option<f64> + use<> {
    let element = leptos::prelude::document().create_element("canvas").ok();
    let element = element.and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
    let canvas = element.as_ref().and_then(context_of);
    let mut brush = canvas.map(|canvas| CanvasBrush::new(canvas, &palette.font));
    move |text, face| brush.as_mut()?.width(text, face)
}

fn context_of(element: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    element.get_context("2d").ok()??.dyn_into().ok()
}

/// Puts the world where the camera sees it.
fn look_from(canvas: &CanvasRenderingContext2d, view: &View, density: f64) {
    let scale = density * view.camera.zoom;
    let corner = view.camera.corner_in_world;
    let _ = canvas.set_transform(scale, 0.0, 0.0, scale, -corner.x * scale, -corner.y * scale);
}
