//! Pictures of the drawing: PNG by the canvas, SVG by its writer, with the scenario inside.

use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::{UpdateValue, document};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlCanvasElement};

use crate::app::painter::{self, palette_of};
use crate::app::session::{Session, Theme};
use crate::editor::scene::{Scene, View};
use crate::editor::svg;
use crate::interchange;
use crate::scenario::Scenario;

/// The longest side of a PNG picture, in pixels: canvases of some browsers end there.
const SIDE_MAX: f64 = 8_192.0;

/// What a picture is to be like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wishes {
    /// Light or dark.
    pub theme: Theme,
    /// Pixels for one pixel of the screen.
    pub scale: f64,
    /// Everything, or what is on the screen.
    pub whole: bool,
    /// Whether the scenario is inside.
    pub inside: bool,
}

/// What a picture is made of, taken at one moment.
pub struct Portrait {
    wishes: Wishes,
    scene: Scene,
    view: View,
    scenario: Scenario,
}

impl Portrait {
    /// Takes what is needed now: the run goes on while the picture is made.
    pub fn take(session: Session, wishes: Wishes) -> Option<Self> {
        session.player.try_update_value(|player| {
            let (scene, view) = player.portrait(wishes.whole);
            Self {
                wishes,
                scene,
                view,
                scenario: player.document().clone(),
            }
        })
    }

    /// A name for its file.
    pub fn file_name(&self, ending: &str) -> String {
        interchange::file_name(&self.scenario.name, ending)
    }

    /// Width and height, in pixels.
    pub fn size(&self) -> (f64, f64) {
        let scale = self.wishes.scale;
        (
            (self.view.width * scale).round(),
            (self.view.height * scale).round(),
        )
    }

    /// The picture as SVG.
    ///
    /// # Errors
    /// Why there is none.
    pub fn svg(&self) -> Result<Blob, String> {
        let palette = palette_of(self.wishes.theme).ok_or(NO_COLOURS)?;
        let mut measure = painter::measure(&palette);
        let seen = (&self.scene, &self.view);
        let scale = self.wishes.scale;
        let mut text = svg::picture(&self.scenario.name, seen, &palette, scale, &mut measure);
        if self.wishes.inside {
            text = interchange::svg::with_scenario(&text, &self.scenario).ok_or(NOT_INSIDE)?;
        }
        blob(text.as_bytes(), "image/svg+xml")
    }

    /// The picture as PNG.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn png(self) -> Result<Blob, String> {
        let (width, height) = self.size();
        if width.max(height) > SIDE_MAX {
            return Err(format!(
                "This picture would have {width} × {height} pixels, and PNG pictures have at most \
                 {SIDE_MAX} on a side. Take size 1×, or what is on the screen, or SVG, which has \
                 no limit."
            ));
        }
        let element = document().create_element("canvas").ok();
        let element = element.and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
        let element = element.ok_or(NO_CANVAS)?;
        let Wishes { theme, scale, .. } = self.wishes;
        painter::paint_apart(&element, &self.scene, &self.view, scale, theme).ok_or(NO_CANVAS)?;
        let picture = encoded(&element).await?;
        if !self.wishes.inside {
            return Ok(picture);
        }
        let bytes = picture.array_buffer().await.map_err(|_| NO_CANVAS)?;
        let bytes = Uint8Array::new(&bytes).to_vec();
        let bytes = interchange::png::with_scenario(&bytes, &self.scenario).ok_or(NOT_INSIDE)?;
        blob(&bytes, "image/png")
    }
}

const NO_COLOURS: &str = "This browser does not say which colours the page has.";
const NO_CANVAS: &str = "This browser cannot make the picture, perhaps because it is too large \
                         for it. Take size 1×, or SVG.";
const NOT_INSIDE: &str = "The scenario could not be put into the picture. Save the picture without \
                          it, and the scenario's own file.";

/// What is on a canvas, as PNG.
async fn encoded(element: &HtmlCanvasElement) -> Result<Blob, String> {
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = element.to_blob(&resolve) {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    let blob = promise.await.map_err(|_| NO_CANVAS)?;
    blob.dyn_into().map_err(|_| NO_CANVAS.to_owned())
}

/// Bytes that the browser can save.
pub fn blob(bytes: &[u8], kind: &str) -> Result<Blob, String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .map_err(|_| "This browser has no room for the file.".to_owned())
}
