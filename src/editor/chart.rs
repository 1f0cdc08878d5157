//! The small picture of everything: how the world lies in it.
//!
//! It says where things are, and not how they look.

use super::scene::Scene;
use super::{Camera, Point, Rect};

/// How the world lies in a small picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chart {
    corner_in_world: Point,
    scale: f64,
    margin: Point,
}

/// The border of the picture.
const MARGIN: f64 = 6.0;
/// The world is never shown larger than this.
const SCALE_MAX: f64 = 0.16;

impl Chart {
    /// A picture of this size in which all of the scene and all that the screen shows has room.
    pub fn of(scene: &Scene, sight_in_world: Rect, width: f64, height: f64) -> Self {
        let cards = scene.cards.iter().map(|card| card.rect);
        let frames = scene.frames.iter().map(|frame| frame.rect);
        let notes = scene.notes.iter().map(|note| note.rect);
        let whole = cards.chain(frames).chain(notes);
        let whole = whole.fold(sight_in_world, Rect::around);
        let (room_w, room_h) = (width - 2.0 * MARGIN, height - 2.0 * MARGIN);
        let scale = (room_w / whole.w.max(1.0)).min(room_h / whole.h.max(1.0));
        let scale = scale.min(SCALE_MAX);
        Self {
            corner_in_world: Point::new(whole.x, whole.y),
            scale,
            margin: Point::new(
                (width - whole.w * scale) / 2.0,
                (height - whole.h * scale) / 2.0,
            ),
        }
    }

    /// Where a part of the world is in the picture.
    pub fn place(&self, rect_in_world: Rect) -> Rect {
        let Rect { x, y, w, h } = rect_in_world;
        let at = (Point::new(x, y) - self.corner_in_world) * self.scale + self.margin;
        Rect::new(at.x, at.y, w * self.scale, h * self.scale)
    }

    /// Which point of the world is at a point of the picture.
    pub fn world_from_chart(&self, at: Point) -> Point {
        (at - self.margin) * (1.0 / self.scale) + self.corner_in_world
    }

    /// A camera that has a point of the picture in the middle of a screen of this size.
    pub fn camera_at(&self, at: Point, camera: Camera, screen_w: f64, screen_h: f64) -> Camera {
        let half = Point::new(screen_w / 2.0, screen_h / 2.0) * (1.0 / camera.zoom);
        Camera {
            corner_in_world: self.world_from_chart(at) - half,
            ..camera
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_screen_shows_has_room_and_is_found_again() {
        let scene = Scene::default();
        for sight in [
            Rect::new(-4000.0, 20.0, 9000.0, 700.0),
            Rect::new(0.0, 0.0, 300.0, 200.0),
            Rect::new(50.0, -900.0, 40.0, 7000.0),
        ] {
            let chart = Chart::of(&scene, sight, 200.0, 130.0);
            let shown = chart.place(sight);
            let room = Rect::new(0.0, 0.0, 200.0, 130.0);
            assert!(room.contains(Point::new(shown.x, shown.y)), "{shown:?}");
            assert!(room.contains(Point::new(shown.right(), shown.bottom())));
            let middle = chart.world_from_chart(shown.center());
            assert!(middle.distance(sight.center()) < 1e-6);
        }
    }

    #[test]
    fn the_camera_goes_where_the_picture_is_pressed() {
        let camera = Camera {
            corner_in_world: Point::new(10.0, 20.0),
            zoom: 0.5,
        };
        let sight = camera.visible(1000.0, 600.0);
        let chart = Chart::of(&Scene::default(), sight, 200.0, 130.0);
        let middle = chart.place(sight).center();
        let moved = chart.camera_at(middle, camera, 1000.0, 600.0);
        assert!(moved.corner_in_world.distance(camera.corner_in_world) < 1e-6);
        let moved = chart.camera_at(middle + Point::new(5.0, 0.0), camera, 1000.0, 600.0);
        assert!(moved.corner_in_world.x > camera.corner_in_world.x && moved.zoom == 0.5);
    }
}
