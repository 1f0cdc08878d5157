//! The stage: the canvas, what floats over it, and an overlay for keyboards and screen readers.

use super::captions::Captions;
use super::keyed::keyed;
use crate::app::live::live;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusEvent, ResizeObserver};

use super::chips::Chip;
use super::empty::EmptyState;
use super::icons::Icon;
use super::legend::Legend;
use super::painter::Painter;
use super::player::Player;
use super::pointer::PointerHandlers;
use super::problems::ProblemsButton;
use super::rest::{RestOfOverlay, RestOfStage};
use super::session::{Session, use_session};
use super::theme;
use super::toolbar::{Toolbar, tool};
use super::views::ViewsBar;
use crate::editor::boxes::BoxChip;
use crate::editor::panel::{LinkChip, NodeChip};
use crate::editor::{Action, Camera, Hit, Item, Rect};
use crate::units::{LinkId, NodeId};

/// The stage.
#[component]
pub fn Stage() -> impl IntoView {
    let session = use_session();
    let surface = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(surface), Some(canvas)) = (surface.get(), canvas.get()) else {
            return;
        };
        match Painter::new(canvas) {
            Some(painter) => session.player.update_value(|player| player.attach(painter)),
            None => session.say("This browser gives no canvas to draw on.", true),
        }
        watch_size(session, surface);
    });
    let handlers = PointerHandlers::new(session);
    view! {
        <main class="stage" id="stage" tabindex="-1" aria-label="Canvas">
            <div
                class="surface"
                node_ref=surface
                data-testid="canvas"
                prop:style=live(move || ground_style(session.camera.get()))
                on:pointerdown=move |event| handlers.press(&event)
                on:pointermove=move |event| handlers.turn(&event)
                on:pointerup=move |event| handlers.release(&event)
                on:pointercancel=move |_| handlers.cancel()
                on:contextmenu=move |event| handlers.menu(&event)
                on:dblclick=move |event| handlers.double(&event)
                on:pointerleave=move |_| handlers.leave()
                on:wheel=move |event| handlers.wheel(&event)
                // A tap is over: what opens under the finger must not get its click.
                on:touchend=move |event| {
                    if event.cancelable() {
                        event.prevent_default();
                    }
                }
            >
                <canvas class="canvas" node_ref=canvas aria-hidden="true"></canvas>
                <Overlay />
            </div>
            <ViewsBar />
            <Hint />
            <Legend />
            <Toolbar />
            <ZoomButtons />
            <EmptyState />
            <RestOfStage />
            <Captions />
        </main>
    }
}

/// The dots of the ground move with the camera; the browser draws them.
fn ground_style(camera: Camera) -> String {
    let mut pitch = 24.0 * camera.zoom;
    while pitch < 14.0 {
        pitch *= 2.0;
    }
    let x = -camera.corner_in_world.x * camera.zoom;
    let y = -camera.corner_in_world.y * camera.zoom;
    format!("background-size:{pitch}px {pitch}px;background-position:{x}px {y}px")
}

/// Follows the size of the surface. The first size fits everything into it.
fn watch_size(session: Session, surface: web_sys::HtmlDivElement) {
    let measured = surface.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        let (width, height) = (measured.client_width(), measured.client_height());
        session.player.update_value(|player| {
            player.resize(width.into(), height.into(), theme::is_phone());
            player.build_scene();
        });
        if session.fitted.get_value() {
            session.fit_legibly();
        }
        session.show_sent_camera();
        session.act(|_| ());
        session.ready.set(true);
    });
    let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(&surface);
    let kept = StoredValue::new_local(Some((observer, on_resize)));
    on_cleanup(move || {
        kept.update_value(|kept| {
            if let Some((observer, _)) = kept.take() {
                observer.disconnect();
            }
        });
    });
}

/// Everything on the canvas as buttons without a look of their own, and the field for names.
#[component]
fn Overlay() -> impl IntoView {
    let session = use_session();
    let shift = move || {
        let camera = session.camera.get();
        let at = camera.screen_from_world(Default::default());
        format!("translate({}px, {}px) scale({})", at.x, at.y, camera.zoom)
    };
    // Of all nodes and links, Tab comes to one.
    let stop = Memo::new(move |_| {
        session.selection.track();
        session.focused.track();
        session.connecting.track();
        session.nodes.all();
        session.links.all();
        session.boxes.all();
        session.tab_stop()
    });
    let node_button = move |chip| node_button(chip, stop);
    let link_button = move |chip| link_button(chip, stop);
    let box_button = move |chip| box_button(chip, stop);
    view! {
        <div
            class="overlay"
            on:keyup=|event| {
                // Where the key went down it has played or paused; it must not press as well.
                if event.key() == " " {
                    event.prevent_default();
                }
            }
            style:transform=live(shift)
            style=("--zoom", live(move || session.camera.get().zoom.to_string()))
        >
            {keyed(move || session.boxes.all(), |chip| chip.id.to_string(), box_button)}
            {keyed(move || session.nodes.all(), |chip| chip.id.to_string(), node_button)}
            {keyed(move || session.links.all(), |chip| chip.id.to_string(), link_button)}
            <RestOfOverlay />
        </div>
    }
}

fn node_button(chip: Chip<NodeChip>, stop: Memo<Option<Item>>) -> impl IntoView {
    let session = use_session();
    let id = NodeId(chip.id);
    let chip = RwSignal::from(chip.known);
    let rect = Memo::new(move |_| chip.with(|chip| chip.rect));
    let status = move || chip.with(|chip| if chip.down { "down" } else { "up" });
    let selected = move || session.selection.with(|items| items.has(Item::Node(id)));
    view! {
        <button
            type="button"
            class="node-button"
            data-testid=format!("node-{id}", id = id.0)
            data-depth=live(move || chip.with(|chip| chip.depth).to_string())
            data-status=status
            aria-label=live(move || chip.with(NodeChip::words))
            aria-pressed=live(move || selected().to_string())
            style:left=live(move || format!("{}px", rect.get().x))
            style:top=live(move || format!("{}px", rect.get().y))
            style:width=live(move || format!("{}px", rect.get().w))
            style:height=live(move || format!("{}px", rect.get().h))
            tabindex=live(tab_index(stop, Item::Node(id)))
            on:click=move |event| {
                if event.detail() == 0 {
                    session.choose(Item::Node(id));
                }
            }
            on:focus=move |event| reveal(session, &event, Item::Node(id))
        ></button>
    }
}

/// A frame or a note.
fn box_button(chip: Chip<BoxChip>, stop: Memo<Option<Item>>) -> impl IntoView {
    let session = use_session();
    let chip = RwSignal::from(chip.known);
    let item = chip.with_untracked(|chip| chip.item);
    let rect = Memo::new(move |_| chip.with(|chip| chip.rect));
    let selected = move || session.selection.with(|items| items.has(item));
    view! {
        <button
            type="button"
            class="box-button"
            data-testid=Session::element_of(item)
            tabindex=live(tab_index(stop, item))
            aria-label=live(move || chip.with(|chip| chip.label.clone()))
            aria-pressed=live(move || selected().to_string())
            prop:style=live(move || {
                let Rect { x, y, w, h } = rect.get();
                // However small it is, it grows away from what is inside.
                format!("left:{x}px;bottom:{}px;width:{w}px;height:{h}px", -y - h)
            })
            on:click=move |event| {
                if event.detail() == 0 {
                    session.pick(Some(Hit::Item(item)), false);
                }
            }
            on:focus=move |event| reveal(session, &event, item)
        ></button>
    }
}

fn link_button(chip: Chip<LinkChip>, stop: Memo<Option<Item>>) -> impl IntoView {
    let session = use_session();
    let id = LinkId(chip.id);
    let chip = RwSignal::from(chip.known);
    let at = Memo::new(move |_| chip.with(|chip| chip.at));
    view! {
        <button
            type="button"
            class="link-button"
            data-testid=format!("link-{id}", id = id.0)
            aria-label=live(move || chip.with(LinkChip::words))
            aria-pressed=live(move || {
                session.selection.with(|items| items.has(Item::Link(id))).to_string()
            })
            style:left=live(move || format!("{}px", at.get().x))
            style:top=live(move || format!("{}px", at.get().y))
            tabindex=live(tab_index(stop, Item::Link(id)))
            on:click=move |event| {
                if event.detail() == 0 {
                    session.choose(Item::Link(id));
                }
            }
            on:focus=move |event| reveal(session, &event, Item::Link(id))
        ></button>
    }
}

fn tab_index(stop: Memo<Option<Item>>, item: Item) -> impl Fn() -> String {
    move || if stop.get() == Some(item) { "0" } else { "-1" }.to_owned()
}

/// Brings what the keyboard went to onto the screen. Under a pointer it is there already.
fn reveal(session: Session, event: &FocusEvent, item: Item) {
    session.focused.set(Some(item));
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    if element.is_some_and(|element| element.matches(":focus-visible").unwrap_or(false)) {
        session.reveal(item);
    }
}

/// What to try.
#[component]
fn Hint() -> impl IntoView {
    let session = use_session();
    let closed = RwSignal::new(false);
    Effect::new(move |_| {
        session.hint.track();
        closed.set(false);
    });
    let shown = move || !closed.get() && session.hint.with(|hint| !hint.is_empty());
    view! {
        <Show when=shown>
            <aside class="hint" aria-label="What to try">
                <span class="hint-mark"><Icon name="spark" /></span>
                <p><b>"Try: "</b>{live(move || session.hint.get())}</p>
                <button
                    type="button"
                    class="button quiet icon"
                    aria-label="Close the hint"
                    on:click=move |_| closed.set(true)
                >
                    <Icon name="close" />
                </button>
            </aside>
        </Show>
    }
}

#[component]
fn ZoomButtons() -> impl IntoView {
    let session = use_session();
    let percent = move || format!("{:.0}%", session.camera.get().zoom * 100.0);
    view! {
        <div class="zoom" role="group" aria-label="Problems, map and zoom">
            <ProblemsButton />
            {tool(session, Action::SwitchMinimap, "map")}
            <button type="button" aria-label="Zoom out" title="Zoom out (Ctrl −)"
                on:click=move |_| session.zoom(1.0 / Camera::ZOOM_STEP)>
                <Icon name="minus" />
            </button>
            <button type="button" class="zoom-percent" title="Zoom to 100 % (Ctrl 0)"
                on:click=move |_| session.zoom(1.0 / session.camera.get_untracked().zoom)>
                {live(percent)}
            </button>
            <button type="button" aria-label="Zoom in" title="Zoom in (Ctrl +)"
                on:click=move |_| session.zoom(Camera::ZOOM_STEP)>
                <Icon name="plus" />
            </button>
            <button type="button" data-testid="zoom-fit" aria-label="Fit everything"
                title="Fit everything (Shift 1)"
                on:click=move |_| {
                    session.player.update_value(Player::build_scene);
                    session.fit();
                }>
                <Icon name="fit" />
            </button>
        </div>
    }
}
