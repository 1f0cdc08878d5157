//! What part of the world is on the screen.

use super::{Point, Rect};

/// Where the screen's top-left corner is in the world, and how large the world is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The world's point in the top-left corner of the screen.
    pub corner_in_world: Point,
    /// Screen pixels for one pixel of the world.
    pub zoom: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            corner_in_world: Point::default(),
            zoom: 1.0,
        }
    }
}

impl Camera {
    /// The smallest zoom.
    pub const ZOOM_MIN: f64 = 0.15;
    /// The largest zoom.
    pub const ZOOM_MAX: f64 = 4.0;
    /// What one press of a zoom button multiplies with.
    pub const ZOOM_STEP: f64 = 1.25;
    /// Fitting never shows a card larger than this.
    const FIT_ZOOM_MAX: f64 = 1.25;

    /// Where a point of the world is on the screen.
    pub fn screen_from_world(&self, point_in_world: Point) -> Point {
        (point_in_world - self.corner_in_world) * self.zoom
    }

    /// Which point of the world is at a point of the screen.
    pub fn world_from_screen(&self, point_in_screen: Point) -> Point {
        point_in_screen * (1.0 / self.zoom) + self.corner_in_world
    }

    /// What of the world can be seen on a screen of this size.
    pub fn visible(&self, screen_w: f64, screen_h: f64) -> Rect {
        let Point { x, y } = self.corner_in_world;
        Rect::new(x, y, screen_w / self.zoom, screen_h / self.zoom)
    }

    /// Moves what is on the screen by a way on the screen.
    pub fn pan(&mut self, way_in_screen: Point) {
        self.corner_in_world = self.corner_in_world - way_in_screen * (1.0 / self.zoom);
    }

    /// Zooms so that what is at a point of the screen stays there.
    pub fn zoom_at(&mut self, point_in_screen: Point, factor: f64) {
        let fixed_in_world = self.world_from_screen(point_in_screen);
        self.zoom = (self.zoom * factor).clamp(Self::ZOOM_MIN, Self::ZOOM_MAX);
        self.corner_in_world = fixed_in_world - point_in_screen * (1.0 / self.zoom);
    }

    /// The camera that shows all of `world` in the part `room` of the screen.
    pub fn fit(world: Rect, room_in_screen: Rect) -> Self {
        let zoom = (room_in_screen.w / world.w.max(1.0))
            .min(room_in_screen.h / world.h.max(1.0))
            .clamp(Self::ZOOM_MIN, Self::FIT_ZOOM_MAX);
        Self {
            corner_in_world: world.center() - room_in_screen.center() * (1.0 / zoom),
            zoom,
        }
    }

    /// Moves so that `rect` of the world can be seen in the part `room` of the screen.
    pub fn reveal(&mut self, rect_in_world: Rect, room_in_screen: Rect) {
        let top_left = self.screen_from_world(Point::new(rect_in_world.x, rect_in_world.y));
        let end = self.screen_from_world(Point::new(rect_in_world.right(), rect_in_world.bottom()));
        let axis = |low: f64, high: f64, room_low: f64, room_high: f64| {
            if low < room_low || high - low > room_high - room_low {
                room_low - low
            } else {
                (room_high - high).min(0.0)
            }
        };
        self.pan(Point::new(
            axis(top_left.x, end.x, room_in_screen.x, room_in_screen.right()),
            axis(top_left.y, end.y, room_in_screen.y, room_in_screen.bottom()),
        ));
    }
}

/// A camera on its way to another place.
#[derive(Clone, Copy, Debug)]
pub struct Glide {
    from: Camera,
    to: Camera,
    started_millis: f64,
}

impl Glide {
    const MILLIS: f64 = 180.0;

    /// A glide that starts now.
    pub fn new(from: Camera, to: Camera, now_millis: f64) -> Self {
        Self {
            from,
            to,
            started_millis: now_millis,
        }
    }

    /// Where the camera is, and whether it has arrived.
    pub fn at(&self, now_millis: f64) -> (Camera, bool) {
        let part = ((now_millis - self.started_millis) / Self::MILLIS).clamp(0.0, 1.0);
        let eased = 1.0 - (1.0 - part) * (1.0 - part) * (1.0 - part);
        let (from, to) = (self.from, self.to);
        let camera = Camera {
            corner_in_world: from.corner_in_world.towards(to.corner_in_world, eased),
            zoom: from.zoom + (to.zoom - from.zoom) * eased,
        };
        if part >= 1.0 {
            (to, true)
        } else {
            (camera, false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glide_ends_exactly_where_it_goes() {
        let to = Camera::fit(
            Rect::new(3.0, 4.0, 900.0, 70.0),
            Rect::new(0.0, 0.0, 800.0, 600.0),
        );
        let glide = Glide::new(Camera::default(), to, 1_000.0);
        assert_eq!(glide.at(1_000.0), (Camera::default(), false));
        assert_eq!(glide.at(5_000.0), (to, true));
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_zooming() {
        let mut camera = Camera {
            corner_in_world: Point::new(40.0, -12.0),
            zoom: 0.8,
        };
        let pointer = Point::new(310.0, 95.0);
        let before = camera.world_from_screen(pointer);
        camera.zoom_at(pointer, 1.7);
        assert!(before.distance(camera.world_from_screen(pointer)) < 1e-9);
        camera.zoom_at(pointer, 1e9);
        assert_eq!(camera.zoom, Camera::ZOOM_MAX);
    }

    #[test]
    fn fitting_shows_everything_in_the_middle_of_the_room() {
        let world = Rect::new(-300.0, 100.0, 2400.0, 500.0);
        let room = Rect::new(20.0, 60.0, 900.0, 500.0);
        let camera = Camera::fit(world, room);
        let middle = camera.screen_from_world(world.center());
        assert!(middle.distance(room.center()) < 1e-9);
        let left = camera.screen_from_world(Point::new(world.x, world.y));
        assert!(room.grown(1e-6).contains(left));
    }

    #[test]
    fn revealing_moves_no_more_than_needed() {
        let mut camera = Camera::default();
        let room = Rect::new(0.0, 0.0, 100.0, 100.0);
        camera.reveal(Rect::new(10.0, 10.0, 20.0, 20.0), room);
        assert_eq!(camera, Camera::default());
        camera.reveal(Rect::new(190.0, 10.0, 20.0, 20.0), room);
        assert_eq!(camera.corner_in_world, Point::new(110.0, 0.0));
    }
}
