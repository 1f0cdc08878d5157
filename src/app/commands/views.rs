//! Commands around views: which is shown, what is in it, from where it is seen.

use leptos::prelude::*;

use crate::app::session::Session;
use crate::editor::{Camera, Item, Point};
use crate::topology::{View, ViewCamera};
use crate::units::{NodeId, ViewId};

impl Session {
    /// What a view would show: what is selected, or else what is on the screen; and its name.
    fn wanted_in_view(&self) -> (Vec<NodeId>, Option<String>) {
        self.player.with_value(|player| {
            let selection = &player.view().selection;
            let drawing = &player.document().drawing;
            let mut nodes: Vec<NodeId> = selection.nodes().collect();
            let mut name = None;
            for item in selection.items() {
                if let Item::Frame(id) = item
                    && let Some(frame) = drawing.frame(*id)
                {
                    nodes.extend(&frame.members);
                    name = Some(frame.name.clone());
                }
            }
            if nodes.is_empty() {
                nodes = player.nodes_on_screen();
            }
            (nodes, name)
        })
    }

    /// Makes a view of what is selected, or else of what is on the screen, and shows it.
    pub fn new_view(&self) {
        let (nodes, name) = self.wanted_in_view();
        if nodes.is_empty() {
            return self.say("There is no node to make a view of.", true);
        }
        let number = self.views.with_untracked(Vec::len) + 1;
        let name = name.unwrap_or_else(|| format!("View {number}"));
        let view = self.edit("make a view", None, |desk| {
            desk.add_view(&name, &nodes, None)
        });
        if view.is_some() {
            self.show_view(view);
        }
    }

    /// Shows a view, or everything.
    pub fn show_view(&self, view: Option<ViewId>) {
        let changes = self.view.get_untracked() != view;
        self.act(|player| player.show_view(view));
        if !changes {
            return;
        }
        let found = self.player.with_value(|player| {
            let found = view.and_then(|id| player.document().drawing.view(id));
            // On upright screens everything lies elsewhere.
            let turned = player.view().upright;
            found.map(|view| (view.name.clone(), view.camera.filter(|_| !turned)))
        });
        self.player.update_value(|player| player.build_scene());
        let (name, camera) = found.unwrap_or_else(|| ("everything".to_owned(), None));
        match camera {
            Some(camera) => self.show_saved(camera),
            None => self.fit(),
        }
        self.speak(format!("Showing {name}"));
    }

    fn show_saved(&self, camera: ViewCamera) {
        let corner_in_world = Point::new(camera.x.into(), camera.y.into());
        let zoom = f64::from(camera.percent) / 100.0;
        self.set_camera(Camera {
            corner_in_world,
            zoom,
        });
    }

    /// Changes the view that is shown, as one step.
    fn change_shown_view(&self, step: &str, change: impl FnOnce(&mut View)) {
        if let Some(id) = self.view.get_untracked() {
            self.edit(step, None, |desk| {
                desk.change_view(id, change);
                Ok(())
            });
        }
    }

    /// Gives the view that is shown another name.
    pub fn rename_view(&self, name: String) {
        self.change_shown_view("rename a view", |view| view.name = name);
    }

    /// Shows only what is selected in this view from now on.
    pub fn set_view_to_selection(&self) {
        let (nodes, _) = self.wanted_in_view();
        if !nodes.is_empty() {
            self.change_shown_view("change what a view shows", |view| view.nodes = nodes);
        }
    }

    /// Lets the view that is shown be seen from here whenever it is shown.
    pub fn save_view_camera(&self) {
        if self.player.with_value(|player| player.view().upright) {
            let why = "On an upright screen a view is always fitted: there it lies otherwise.";
            return self.say(why, false);
        }
        let camera = self.camera.get_untracked();
        let whole = |length: f64| length.round().clamp(-1e6, 1e6) as i32;
        let saved = ViewCamera {
            x: whole(camera.corner_in_world.x),
            y: whole(camera.corner_in_world.y),
            percent: (camera.zoom * 100.0).round().clamp(1.0, 1_000.0) as u32,
        };
        self.change_shown_view("save the camera of a view", |view| {
            view.camera = Some(saved)
        });
    }

    /// Removes the view that is shown; what it showed stays, and everything is shown.
    pub fn delete_view(&self) {
        if let Some(id) = self.view.get_untracked() {
            let step = "delete a view";
            let gone = self.edit(step, None, |desk| {
                desk.remove_view(id);
                Ok(())
            });
            if gone.is_some() {
                self.player.update_value(|player| player.build_scene());
                self.fit();
            }
        }
    }
}
