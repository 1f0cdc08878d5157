//! Gives a scenario the views and walks of a text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::build::{Build, also};
use super::draft::{Draft, add_kept, fitting};
use super::flow::Arrow;
use super::tree::{self, Reason, What};
use super::walks::{Told, ours_of, shown_in};
use crate::topology::{Paper, Step, TextLimit, View, Walk};
use crate::units::{NodeId, ViewId, WalkId};

impl Build {
    pub(super) fn views(&mut self, draft: &mut Draft<'_, '_>, arrows: &[Arrow]) {
        let list = draft.ours.remove("_views");
        let near: Vec<(usize, usize)> = arrows.iter().map(|it| (it.from, it.to)).collect();
        let mut known: Vec<(String, BTreeSet<usize>)> = Vec::new();
        for (at, view) in std::mem::take(&mut draft.views) {
            let shown = shown_in(draft, &view, &known, &near);
            let ours = ours_of(list.as_ref(), &view.word);
            let mut nodes: Vec<NodeId> = shown
                .iter()
                .filter_map(|part| self.node_of.get(part).copied())
                .collect();
            nodes.extend(also(ours.as_ref()));
            nodes.sort_unstable();
            nodes.dedup();
            let mut paper = Paper {
                word: fitting(&view.word, TextLimit::Name),
                ..Paper::default()
            };
            for statement in &view.body {
                match &statement.what {
                    What::Property(_, text) => {
                        paper.description = fitting(text, TextLimit::Note);
                    }
                    What::Kept(text, reason) => {
                        if *reason == Reason::Unknown {
                            let what = "this is not understood in a view";
                            draft.remark(statement.at, what, "it is kept as it is written");
                        }
                        add_kept(&mut paper, text.clone());
                    }
                    _ => {}
                }
            }
            let title = if view.title.is_empty() && ours.is_none() {
                &view.word
            } else {
                &view.title
            };
            let mut made = View {
                id: ViewId(self.id(ours.as_ref())),
                name: fitting(title, TextLimit::Name),
                nodes,
                camera: None,
                paper,
            };
            if let Some(ours) = ours {
                let place = draft.source.place(at);
                let mut json = ours;
                json["id"] = json!(made.id);
                if let Some(fields) = json.as_object_mut() {
                    fields.shift_remove("also");
                }
                if let Some(read) = View::from_json(&json, &place, &mut self.problems) {
                    let description = std::mem::take(&mut made.paper.description);
                    (made.camera, made.paper) = (read.camera, read.paper);
                    made.paper.description = description;
                }
            }
            self.scenario.drawing.views.push(made);
            known.push((view.word.clone(), shown));
            self.take_places(draft, &view);
        }
    }

    /// Where a view says where everything is, it is there.
    fn take_places(&mut self, draft: &Draft<'_, '_>, view: &tree::View) {
        let places: BTreeMap<NodeId, (i32, i32)> = (view.places.iter())
            .filter_map(|(path, x, y)| {
                let part = draft.find(None, path).ok()?;
                Some((*self.node_of.get(&part)?, (*x, *y)))
            })
            .collect();
        let is_whole = self.unplaced.iter().all(|id| places.contains_key(id));
        if places.is_empty() || !is_whole {
            return;
        }
        for node in &mut self.scenario.topology.nodes {
            if let Some((x, y)) = places
                .get(&node.id)
                .filter(|_| self.unplaced.contains(&node.id))
            {
                (node.x, node.y) = (*x, *y);
            }
        }
        self.unplaced.clear();
    }

    pub(super) fn walks(&mut self, draft: &mut Draft<'_, '_>, told: Vec<Told>) {
        let list = draft.ours.remove("_walks");
        for told in told {
            let ours = ours_of(list.as_ref(), &told.word);
            let steps = told.steps.iter().filter_map(|(from, to, text)| {
                let (from, to) = (*self.node_of.get(from)?, *self.node_of.get(to)?);
                let text = text.clone();
                Some(Step { from, to, text })
            });
            let mut walk = Walk {
                id: WalkId::default(),
                name: if told.name.is_empty() && ours.is_none() {
                    told.word
                } else {
                    told.name
                },
                steps: steps.take(Walk::STEPS_MAX).collect(),
                paper: told.paper,
            };
            walk.id = WalkId(self.id(ours.as_ref()));
            if let Some(mut json) = ours {
                json["id"] = json!(walk.id);
                let place = draft.source.place(told.at);
                if let Some(read) = Walk::from_json(&json, &place, &mut self.problems) {
                    let description = std::mem::take(&mut walk.paper.description);
                    walk.paper = read.paper;
                    walk.paper.description = description;
                    if json.get("steps").is_some() {
                        walk.steps = read.steps;
                    }
                }
            }
            self.scenario.drawing.walks.push(walk);
        }
    }
}
