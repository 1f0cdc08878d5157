//! The minimap: all cards as small rectangles, and what of them the screen shows.

use gloo_timers::callback::Interval;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, PointerEvent};

use super::painter::palette_of;
use super::session::{Session, Theme, use_session};
use crate::editor::paint::Palette;
use crate::editor::{Chart, Point, Rect};
use crate::nodes::{Glyph, Tone};

/// Its size on the page.
const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 130.0;
/// It is painted no more often than this.
const PAINT_MILLIS: u32 = 100;

/// The minimap, if it is shown.
#[component]
pub fn Minimap() -> impl IntoView {
    let session = use_session();
    view! {
        <Show when=move || session.minimap.get()>
            <Chartroom />
        </Show>
    }
}

/// How a rectangle of the picture looks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ink {
    Frame,
    Note,
    Worker,
    Channel,
    Warning,
    Trouble,
    Selected,
    Sight,
}

/// What was painted, to see whether that has changed.
type Painted = (Theme, Vec<(Rect, Ink)>);

#[component]
fn Chartroom() -> impl IntoView {
    let session = use_session();
    let canvas = NodeRef::<html::Canvas>::new();
    // While it is dragged the world does not shift under the pointer.
    let held = StoredValue::new(None::<(Chart, Point)>);
    let painted = StoredValue::new(None::<Painted>);
    let palette = StoredValue::new(None::<(Theme, Palette)>);
    let paint = move || {
        let Some(element) = canvas.get_untracked() else {
            return;
        };
        let theme = session.theme.get_untracked();
        let now = (theme, picture(session, held.get_value().map(|held| held.0)));
        if painted.with_value(|before| before.as_ref() == Some(&now)) {
            return;
        }
        palette.update_value(|kept| {
            if kept.as_ref().is_none_or(|(of, _)| *of != theme) {
                *kept = palette_of(theme).map(|palette| (theme, palette));
            }
            if let Some((_, palette)) = kept {
                draw(&element, palette, &now.1);
            }
        });
        painted.set_value(Some(now));
    };
    let clock = StoredValue::new_local(Some(Interval::new(PAINT_MILLIS, paint)));
    on_cleanup(move || clock.set_value(None));
    let go = move |event: &PointerEvent| {
        let at = Point::new(event.offset_x().into(), event.offset_y().into());
        if let Some((chart, offset)) = held.get_value() {
            let camera = session.player.with_value(|player| {
                let view = player.view();
                chart.camera_at(at + offset, view.camera, view.width, view.height)
            });
            session.set_camera(camera);
            session.act(|_| ());
        }
    };
    view! {
        <canvas
            class="minimap"
            data-testid="minimap"
            aria-hidden="true"
            node_ref=canvas
            on:pointerdown=move |event| {
                let at = Point::new(event.offset_x().into(), event.offset_y().into());
                held.set_value(Some(hold(session, at)));
                if let Some(element) = canvas.get_untracked() {
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
                go(&event);
            }
            on:pointermove=move |event| go(&event)
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
        ></canvas>
    }
}

/// How the world lies while it is dragged, and how far the middle of what the screen shows is from
/// the pointer that has taken hold of it.
fn hold(session: Session, at: Point) -> (Chart, Point) {
    session.player.with_value(|player| {
        let view = player.view();
        let sight = view.camera.visible(view.width, view.height);
        let chart = Chart::of(player.scene(), sight, WIDTH, HEIGHT);
        let shown = chart.place(sight);
        let offset = match shown.contains(at) {
            true => shown.center() - at,
            false => Point::default(),
        };
        (chart, offset)
    })
}

/// The rectangles of the picture, those below first.
fn picture(session: Session, chart: Option<Chart>) -> Vec<(Rect, Ink)> {
    session.player.with_value(|player| {
        let (view, scene) = (player.view(), player.scene());
        let sight = view.camera.visible(view.width, view.height);
        let chart = chart.unwrap_or_else(|| Chart::of(scene, sight, WIDTH, HEIGHT));
        let frames = scene.frames.iter().map(|frame| (frame.rect, Ink::Frame));
        let notes = scene.notes.iter().map(|note| (note.rect, Ink::Note));
        let cards = scene.cards.iter().map(|card| {
            let ink = match (card.glyph, card.figure_tone) {
                _ if card.selected => Ink::Selected,
                _ if card.down => Ink::Trouble,
                (_, Tone::Trouble) => Ink::Trouble,
                (_, Tone::Warning) => Ink::Warning,
                (Glyph::Pipe | Glyph::Fan, _) => Ink::Channel,
                _ => Ink::Worker,
            };
            (card.rect, ink)
        });
        let all = frames.chain(notes).chain(cards);
        let all = all.chain([(sight, Ink::Sight)]);
        all.map(|(rect, ink)| (chart.place(rect), ink)).collect()
    })
}

fn draw(element: &HtmlCanvasElement, palette: &Palette, rects: &[(Rect, Ink)]) {
    let context = element.get_context("2d").ok().flatten();
    let context = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    let Some(canvas) = context else { return };
    let density = window().device_pixel_ratio().clamp(1.0, 3.0);
    // A new size wipes it as well.
    element.set_width((WIDTH * density) as u32);
    element.set_height((HEIGHT * density) as u32);
    let _ = canvas.scale(density, density);
    for (rect, ink) in rects {
        let Rect { x, y, w, h } = *rect;
        let colour = match ink {
            Ink::Frame | Ink::Channel => &palette.link,
            Ink::Note => &palette.card_line,
            Ink::Worker => &palette.ink_2,
            Ink::Warning => &palette.warn,
            Ink::Trouble => &palette.trouble,
            Ink::Selected | Ink::Sight => &palette.accent,
        };
        if matches!(ink, Ink::Frame | Ink::Sight) {
            canvas.set_stroke_style_str(colour);
            canvas.set_line_width(if *ink == Ink::Sight { 1.5 } else { 1.0 });
            canvas.stroke_rect(x, y, w, h);
        } else {
            canvas.set_fill_style_str(colour);
            canvas.fill_rect(x, y, w.max(2.0), h.max(2.0));
        }
    }
}
