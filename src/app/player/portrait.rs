//! The scene for a picture that is saved: all of it, or what is on the screen.

use super::Player;
use crate::editor::Camera;
use crate::editor::paint::extent;
use crate::editor::scene::{Scene, View};

/// Room around everything that is drawn.
const MARGIN: f64 = 40.0;
/// A screen in which everything can be seen.
const EVERYWHERE: f64 = 4e6;

impl Player {
    /// The scene of a picture, and the view from which it is drawn. Nothing is selected in it.
    pub fn portrait(&mut self, whole: bool) -> (Scene, View) {
        let mut view = View {
            camera: self.view.camera,
            width: self.view.width,
            height: self.view.height,
            upright: self.view.upright,
            only: self.view.only.clone(),
            ..View::default()
        };
        if whole {
            (view.width, view.height) = (EVERYWHERE, EVERYWHERE);
            view.camera = Camera::default();
            view.camera
                .pan(view.camera.visible(EVERYWHERE, EVERYWHERE).center());
        }
        let mut scene = Scene::default();
        let drawing = &self.document.drawing;
        self.builder.build(
            self.run.topology(),
            drawing,
            self.run.world(),
            &view,
            &mut scene,
        );
        if let Some(rect) = extent(&scene).filter(|_| whole) {
            let rect = rect.grown(MARGIN);
            view.camera.corner_in_world.x = rect.x.floor();
            view.camera.corner_in_world.y = rect.y.floor();
            (view.width, view.height) = (rect.w.ceil(), rect.h.ceil());
        } else if whole {
            (view.width, view.height) = (self.view.width, self.view.height);
        }
        (scene, view)
    }
}
