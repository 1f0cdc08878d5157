//! Changes of notes, frames and views. A run never notices them.

use super::Desk;
use super::nodes::fitting_name;
use crate::topology::{
    Drawing, Frame, FrameKind, Note, Paper, Problem, TextLimit, View, ViewCamera,
};
use crate::units::{FrameId, NodeId, NoteId, ViewId, sort};

impl Desk<'_> {
    /// Adds a note.
    ///
    /// # Errors
    /// If there are too many.
    pub fn add_note(&mut self, x: i32, y: i32, text: &str) -> Result<NoteId, Problem> {
        room(
            "notes",
            self.document.drawing.notes.len(),
            Drawing::NOTES_MAX,
        )?;
        let id = NoteId(self.fresh_id());
        let text = fitting_text(text);
        self.document.drawing.notes.push(Note { id, x, y, text });
        Ok(id)
    }

    /// Changes the text of a note.
    pub fn set_note(&mut self, id: NoteId, text: &str) {
        let mut notes = self.document.drawing.notes.iter_mut();
        if let Some(note) = notes.find(|note| note.id == id) {
            note.text = fitting_text(text);
        }
    }

    /// Puts notes somewhere else.
    pub fn place_notes(&mut self, places: &[(NoteId, i32, i32)]) {
        for (id, x, y) in places {
            let mut notes = self.document.drawing.notes.iter_mut();
            if let Some(note) = notes.find(|note| note.id == *id) {
                (note.x, note.y) = (*x, *y);
            }
        }
    }

    /// Puts a frame around nodes.
    ///
    /// # Errors
    /// If there are too many, or no nodes.
    pub fn add_frame(&mut self, kind: FrameKind, members: &[NodeId]) -> Result<FrameId, Problem> {
        room(
            "frames",
            self.document.drawing.frames.len(),
            Drawing::FRAMES_MAX,
        )?;
        let members = in_order(members);
        if members.is_empty() {
            let hint = "select nodes first";
            return Err(Problem::new("frame", "a frame goes around nodes", hint));
        }
        let id = FrameId(self.fresh_id());
        self.document.drawing.frames.push(Frame {
            id,
            name: kind.label().to_owned(),
            kind,
            members,
            collapsed: false,
            front: None,
            paper: Paper::default(),
        });
        Ok(id)
    }

    /// Changes a frame: its name, what it stands for, whether it is collapsed, its members. One
    /// that is left without members goes.
    pub fn change_frame(&mut self, id: FrameId, change: impl FnOnce(&mut Frame)) {
        let frames = &mut self.document.drawing.frames;
        if let Some(frame) = frames.iter_mut().find(|frame| frame.id == id) {
            change(frame);
            frame.name = fitting_name(&frame.name, frame.kind.label());
            frame.members = in_order(&frame.members);
        }
    }

    /// Takes nodes out of all frames.
    pub fn unframe(&mut self, nodes: &[NodeId]) {
        for frame in &mut self.document.drawing.frames {
            frame.members.retain(|id| !nodes.contains(id));
        }
    }

    /// Adds a view of nodes.
    ///
    /// # Errors
    /// If there are too many.
    pub fn add_view(
        &mut self,
        name: &str,
        nodes: &[NodeId],
        camera: Option<ViewCamera>,
    ) -> Result<ViewId, Problem> {
        room(
            "views",
            self.document.drawing.views.len(),
            Drawing::VIEWS_MAX,
        )?;
        let id = ViewId(self.fresh_id());
        self.document.drawing.views.push(View {
            id,
            name: fitting_name(name, "View"),
            nodes: in_order(nodes),
            camera,
            paper: Paper::default(),
        });
        Ok(id)
    }

    /// Changes a view: its name, its nodes, its camera.
    pub fn change_view(&mut self, id: ViewId, change: impl FnOnce(&mut View)) {
        let mut views = self.document.drawing.views.iter_mut();
        if let Some(view) = views.find(|view| view.id == id) {
            change(view);
            view.name = fitting_name(&view.name, "View");
            view.nodes = in_order(&view.nodes);
        }
    }

    /// Removes a view; what it showed stays.
    pub fn remove_view(&mut self, id: ViewId) {
        self.document.drawing.views.retain(|view| view.id != id);
    }
}

fn room(what: &str, count: usize, most: usize) -> Result<(), Problem> {
    if count < most {
        return Ok(());
    }
    let text = format!("there are {most} already");
    Err(Problem::new(what, text, "remove one first"))
}

fn in_order(nodes: &[NodeId]) -> Vec<NodeId> {
    let mut nodes = nodes.to_vec();
    sort(&mut nodes);
    nodes.dedup();
    nodes
}

fn fitting_text(text: &str) -> String {
    text.chars().take(TextLimit::Note.most()).collect()
}
