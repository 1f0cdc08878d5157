//! Frames: calm boxes under the links, and cards for those that are folded.

use super::{Align, Face, Painting, Words};
use crate::editor::scene::{FRAME_HEAD, Folded, FrameBox};
use crate::editor::tempo::count;
use crate::editor::{Point, Rect};
use crate::topology::FrameKind;

const RADIUS: f64 = 14.0;
/// How high names of frames are on the screen, at least.
const SCREEN_NAME_MIN: f64 = 13.0;
/// How wide a letter of such a name is, compared with its height.
const LETTER_WIDTH: f64 = 0.58;
/// Below this zoom a name does not fit into its frame's head, and stands on the frame.
const HEAD_ZOOM_MIN: f64 = 0.62;
/// Room for the name of a kind.
const KIND_ROOM: f64 = 96.0;
/// How far the cards of a stack lie apart.
const STACK_STEP: f64 = 5.0;

impl Painting<'_> {
    /// The boxes of frames that are not folded, larger ones below.
    pub(super) fn paint_frames(&mut self, frames: &[&FrameBox], zoom: f64) {
        let palette = self.palette;
        for frame in open(frames) {
            let radius = radius_of(frame.kind);
            let brush = &mut *self.brush;
            brush.begin();
            brush.rounded(frame.rect, radius);
            brush.set_opacity(0.5);
            brush.fill(&palette.frame);
            brush.set_opacity(1.0);
            self.paint_border(frame, zoom);
            if zoom >= HEAD_ZOOM_MIN {
                self.paint_head_of_frame(frame);
            }
        }
    }

    /// Each kind has a border of its own: a group a thin line, a broker two, a bounded context
    /// dashes, and a region a row of dots with square corners.
    fn paint_border(&mut self, frame: &FrameBox, zoom: f64) {
        let palette = self.palette;
        let colour = match frame {
            frame if frame.selected || frame.hovered => &palette.accent,
            _ => &palette.frame_line,
        };
        let thick = if frame.selected { 1.0 } else { 0.0 };
        let wide = |width: f64| (width + thick).max((1.0 + thick) / zoom);
        let radius = radius_of(frame.kind);
        let brush = &mut *self.brush;
        brush.begin();
        brush.rounded(frame.rect, radius);
        match frame.kind {
            FrameKind::Group => brush.stroke(colour, wide(1.2)),
            FrameKind::Broker => {
                brush.rounded(frame.rect.grown(-4.0), radius - 4.0);
                brush.stroke(colour, wide(1.2));
            }
            FrameKind::Context => {
                brush.set_dashes(&[10.0, 6.0]);
                brush.stroke(colour, wide(1.8));
                brush.set_dashes(&[]);
            }
            FrameKind::Region => {
                brush.set_dashes(&[2.4, 5.0]);
                brush.stroke(colour, wide(2.4));
                brush.set_dashes(&[]);
            }
        }
    }

    fn paint_head_of_frame(&mut self, frame: &FrameBox) {
        let Rect { x, y, w, .. } = frame.rect;
        let palette = self.palette;
        let base = y + FRAME_HEAD / 2.0 + 5.0;
        self.brush.write(Words {
            text: &frame.name,
            at: Point::new(x + 15.0, base),
            face: Face::Name,
            align: Align::Left,
            colour: if frame.selected {
                &palette.accent
            } else {
                &palette.ink_2
            },
            room: Some((w - 38.0 - KIND_ROOM).max(60.0)),
        });
        self.brush.write(Words {
            text: frame.kind.label(),
            at: Point::new(frame.rect.right() - 15.0, base),
            face: Face::Small,
            align: Align::Right,
            colour: &palette.ink_3,
            room: Some(KIND_ROOM),
        });
    }

    /// The names of frames, as large on the screen as when they were near, over everything.
    pub(super) fn paint_far_names(&mut self, frames: &[&FrameBox], zoom: f64) {
        if zoom >= HEAD_ZOOM_MIN {
            return;
        }
        let palette = self.palette;
        let times = SCREEN_NAME_MIN / Face::Name.size() / zoom;
        let size = SCREEN_NAME_MIN / zoom;
        for frame in open(frames) {
            let Rect { x, y, w, .. } = frame.rect;
            let letters = frame.name.chars().count() as f64;
            let width = (letters * size * LETTER_WIDTH).min(w.max(140.0 / zoom));
            let base = y - 4.0 / zoom;
            let brush = &mut *self.brush;
            brush.begin();
            brush.rounded(
                Rect::new(x, base - size, width + size * 0.6, size * 1.35),
                size * 0.3,
            );
            brush.set_opacity(0.82);
            brush.fill(&palette.ground);
            brush.set_opacity(1.0);
            let words = Words {
                text: &frame.name,
                at: Point::new(x + size * 0.3, base),
                face: Face::Name,
                align: Align::Left,
                colour: if frame.selected {
                    &palette.accent
                } else {
                    &palette.ink_2
                },
                room: Some(width),
            };
            brush.write_scaled(words, times);
        }
    }

    /// Frames that are folded: cards on a stack.
    pub(super) fn paint_folded(&mut self, frames: &[&FrameBox], zoom: f64) {
        for frame in frames {
            if let Some(folded) = frame.folded {
                self.paint_stack(frame, folded, zoom);
                if zoom < super::cards::FAR_ZOOM {
                    self.paint_far_folded(frame, folded);
                } else {
                    self.paint_near_folded(frame, folded);
                }
            }
        }
    }

    fn paint_stack(&mut self, frame: &FrameBox, folded: Folded, zoom: f64) {
        let palette = self.palette;
        let is_down = folded.down > 0;
        for step in [2.0, 1.0, 0.0] {
            let Rect { x, y, w, h } = frame.rect;
            let aside = step * STACK_STEP;
            let rect = Rect::new(x + aside, y + aside, w, h);
            let (colour, width): (_, f64) = match step {
                0.0 if frame.selected => (&palette.accent, 2.5),
                0.0 if is_down => (&palette.trouble, 2.0),
                0.0 if frame.hovered => (&palette.accent, 1.5),
                _ => (&palette.frame_line, 1.2),
            };
            let brush = &mut *self.brush;
            brush.begin();
            brush.rounded(rect, 12.0);
            brush.fill(if is_down && step == 0.0 && zoom < super::cards::MAP_ZOOM {
                &palette.trouble_soft
            } else {
                &palette.card
            });
            brush.stroke(colour, width.max(1.0 / zoom));
        }
    }

    fn paint_near_folded(&mut self, frame: &FrameBox, folded: Folded) {
        let Rect { x, y, w, .. } = frame.rect;
        let palette = self.palette;
        let summary = summary_of(folded);
        let crashed = crashed_words(folded);
        let mut line = |text: &str, down: f64, face: Face, colour: &str| {
            self.brush.write(Words {
                text,
                at: Point::new(x + 14.0, y + down),
                face,
                align: Align::Left,
                colour,
                room: Some(w - 28.0),
            });
        };
        line(&frame.name, 24.0, Face::Name, &palette.ink);
        line(frame.kind.label(), 39.0, Face::Small, &palette.ink_3);
        line(&summary, 59.0, Face::Small, &palette.ink_2);
        if folded.down > 0 {
            line(&crashed, 78.0, Face::Name, &palette.trouble);
        }
    }

    fn paint_far_folded(&mut self, frame: &FrameBox, folded: Folded) {
        let Rect { x, y, w, h } = frame.rect;
        let palette = self.palette;
        let colour = if folded.down > 0 {
            &palette.trouble
        } else {
            &palette.ink
        };
        let text = if folded.down > 0 {
            crashed_words(folded)
        } else {
            count(folded.waiting)
        };
        for (text, at, face) in [
            (&frame.name, Point::new(x + 12.0, y + 34.0), Face::FarName),
            (&text, Point::new(x + 12.0, y + h - 14.0), Face::FarFigure),
        ] {
            self.brush.write(Words {
                text,
                at,
                face,
                align: Align::Left,
                colour,
                room: Some(w - 24.0),
            });
        }
    }
}

fn open<'a>(frames: &'a [&'a FrameBox]) -> impl Iterator<Item = &'a FrameBox> {
    let frames = frames.iter().copied();
    frames.filter(|frame| frame.folded.is_none())
}

fn radius_of(kind: FrameKind) -> f64 {
    match kind {
        FrameKind::Region => 2.0,
        _ => RADIUS,
    }
}

fn summary_of(folded: Folded) -> String {
    let noun = if folded.nodes == 1 { "node" } else { "nodes" };
    format!(
        "{} {noun} · {} waiting",
        folded.nodes,
        count(folded.waiting)
    )
}

fn crashed_words(folded: Folded) -> String {
    format!("{} crashed", folded.down)
}
