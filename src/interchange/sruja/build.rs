//! Makes a scenario of a draft: nodes, frames, links, views and walks, with ids and places.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::draft::{Draft, add_more, fitting};
use super::export::title_of;
use super::flow::{self, Arrow, Cast};
use super::kinds;
use super::walks::{self, Told};
use crate::interchange::{Read, places};
use crate::nodes::Kind;
use crate::scenario::Scenario;
use crate::simulation::{Caption, Check, ScriptEntry};
use crate::topology::{
    Drawing, Frame, FrameKind, Link, Node, Note, Paper, Problem, TextLimit, Topology,
};
use crate::units::{FrameId, LinkId, NodeId};

/// Makes the scenario.
pub(super) fn scenario(mut draft: Draft<'_, '_>, name: &str) -> Result<Read, Vec<Problem>> {
    let head = draft.ours.remove("").unwrap_or(Value::Null);
    if draft.parts.is_empty() && head.is_null() {
        let what = "there is no person, system, container or queue in this text";
        return Err(vec![Problem::new(
            name,
            what,
            "a text of Sruja has lines like Shop = system \"Shop\"",
        )]);
    }
    kinds_of(&mut draft);
    set_aside_events(&mut draft);
    let told = walks::told(&mut draft);
    let mut arrows = flow::arrows(&mut draft);
    if arrows.is_empty() && head.is_null() {
        arrows = arrows_of(&mut draft, &told);
    }
    let (is_node, is_frame) = boxes(&draft, &told, &arrows);
    let (casts, arrows) = flow::cast(&mut draft, &is_node, arrows);
    let arrows = flow::fitting_arrows(&mut draft, &casts, arrows);
    let mut build = Build::new(&draft, &arrows);
    build.head(&mut draft, &head, name);
    build.nodes(&mut draft, &casts, &arrows);
    build.frames(&mut draft, &is_frame);
    build.links(&mut draft, &arrows);
    build.views(&mut draft, &arrows);
    build.walks(&mut draft, told);
    build.rest(&mut draft, &head);
    build.finish(draft)
}

/// Declared kinds that nothing else says are kept as they are.
fn kinds_of(draft: &mut Draft<'_, '_>) {
    let used = |word: &str| draft.parts.iter().any(|part| part.paper.sort == word);
    let kinds = draft.kinds.iter();
    let kinds = kinds.filter(|(word, title, _)| !(used(word) && *title == title_of(word)));
    let mut kept: Vec<String> = kinds.map(|(_, _, text)| text.clone()).collect();
    kept.append(&mut draft.paper.kept);
    kept.truncate(Paper::KEPT_MAX);
    draft.paper.kept = kept;
}

/// Elements that are messages and no places for them.
fn set_aside_events(draft: &mut Draft<'_, '_>) {
    const MESSAGES: &[&str] = &["event", "entity", "valueObject", "command"];
    let ends: BTreeSet<String> = (draft.relations.iter())
        .flat_map(|(_, _, relation)| [relation.from.last(), relation.to.last()])
        .flatten()
        .cloned()
        .collect();
    for n in 0..draft.parts.len() {
        let part = &draft.parts[n];
        let is_message = MESSAGES.contains(&part.paper.sort.as_str()) && part.ours.is_none();
        if is_message && !ends.contains(&part.paper.word) {
            let what = format!("{} is no place for messages", part.name);
            let at = part.at;
            draft.remark(at, what, "a service stands for it, to which nothing comes");
        }
    }
}

/// Where no relation says how messages go, the steps do.
fn arrows_of(draft: &mut Draft<'_, '_>, told: &[Told]) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    for walk in told {
        for (from, to, text) in &walk.steps {
            let is_there = arrows.iter().any(|arrow| {
                let ends = (arrow.from, arrow.to);
                ends == (*from, *to) || ends == (*to, *from)
            });
            let is_inside = draft.is_inside(*from, *to) || draft.is_inside(*to, *from);
            // Who asked hears the answer, but nothing is done there.
            let is_person =
                ["person", "actor", "user"].contains(&draft.parts[*to].paper.sort.as_str());
            if from == to || is_there || is_inside || is_person {
                continue;
            }
            arrows.push(Arrow {
                from: *from,
                to: *to,
                at: walk.at,
                label: fitting(text, TextLimit::Name),
                paper: Paper::default(),
                ours: None,
            });
        }
    }
    if let Some(first) = arrows.first() {
        let what = "there are no relations, so the links are made of the steps";
        draft.remark(first.at, what, "draw others, or write relations");
    }
    arrows
}

/// Which elements are nodes, and which are frames. What is in a frame and yet an end is both.
fn boxes(draft: &Draft<'_, '_>, told: &[Told], arrows: &[Arrow]) -> (Vec<bool>, Vec<bool>) {
    let mut is_end = vec![false; draft.parts.len()];
    let steps = told.iter().flat_map(|walk| &walk.steps);
    let ends = arrows.iter().map(|arrow| (arrow.from, arrow.to));
    for (from, to) in steps.map(|(from, to, _)| (*from, *to)).chain(ends) {
        (is_end[from], is_end[to]) = (true, true);
    }
    let parts = draft.parts.iter().zip(is_end);
    parts
        .map(|(part, is_end)| {
            let written = |name: &str| {
                part.ours
                    .as_ref()
                    .is_some_and(|ours| ours[name].is_object())
            };
            let is_frame = part.children > 0 || written("frame");
            (!is_frame || is_end || written("node"), is_frame)
        })
        .unzip()
}

pub(super) struct Build {
    pub(super) scenario: Scenario,
    taken: BTreeSet<u32>,
    next: u32,
    pub(super) node_of: BTreeMap<usize, NodeId>,
    /// Nodes that have no place yet.
    pub(super) unplaced: BTreeSet<NodeId>,
    pub(super) problems: Vec<Problem>,
}

impl Build {
    fn new(draft: &Draft<'_, '_>, arrows: &[Arrow]) -> Self {
        let mut ids = Vec::new();
        let parts = draft.parts.iter().filter_map(|part| part.ours.as_ref());
        let written = parts.chain(arrows.iter().filter_map(|arrow| arrow.ours.as_ref()));
        for value in written.chain(draft.ours.values()) {
            ids_in(value, 0, &mut ids);
        }
        let most = ids.iter().copied().max().unwrap_or(0);
        Self {
            scenario: Scenario::new("Imported"),
            taken: BTreeSet::new(),
            next: most + 1,
            node_of: BTreeMap::new(),
            unplaced: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// The id that was written, or one that was never used.
    pub(super) fn id(&mut self, written: Option<&Value>) -> u32 {
        let written = written.and_then(|it| it["id"].as_u64());
        let written = written.filter(|id| (1..=1_000_000_000).contains(id));
        if let Some(id) = written.map(|id| id as u32)
            && self.taken.insert(id)
        {
            return id;
        }
        while !self.taken.insert(self.next) {
            self.next += 1;
        }
        self.next
    }

    fn head(&mut self, draft: &mut Draft<'_, '_>, head: &Value, file: &str) {
        let scenario = &mut self.scenario;
        let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = stem.strip_suffix(".sruja").unwrap_or(stem);
        let stem = if stem.is_empty() || stem == "-" {
            "Imported"
        } else {
            stem
        };
        let name = draft.name.clone().unwrap_or_else(|| stem.to_owned());
        scenario.name = fitting(&name, TextLimit::Name);
        scenario.about = std::mem::take(&mut draft.about);
        // As documents have it, without what is drawn.
        if head.is_object() {
            let mut json = head.clone();
            json["version"] = json!(1);
            match crate::scenario::from_json(&json) {
                Ok(read) => *scenario = read,
                Err(problems) => self.problems.extend(problems),
            }
        }
        let comments = std::mem::take(&mut draft.comments);
        let mut kept = std::mem::take(&mut draft.paper.kept);
        if head.is_object() {
            self.scenario.drawing.paper.kept.append(&mut kept);
        } else {
            let mut paper = std::mem::take(&mut draft.paper);
            paper.kept = kept;
            self.scenario.drawing.paper = paper;
        }
        for text in comments {
            add_more(&mut self.scenario.drawing.paper, "comments", &text);
        }
    }

    fn nodes(&mut self, draft: &mut Draft<'_, '_>, casts: &[Option<Cast>], arrows: &[Arrow]) {
        let events = flow::events(casts, arrows);
        for (n, cast) in casts.iter().enumerate() {
            let Some(cast) = cast else {
                continue;
            };
            let part = &draft.parts[n];
            let ours = part.ours.as_ref().map(|ours| &ours["node"]);
            let ours = ours.filter(|json| json.is_object());
            let id = NodeId(self.id(ours));
            self.node_of.insert(n, id);
            // Its frame has the paper.
            let is_front =
                part.children > 0 || part.ours.as_ref().is_some_and(|it| it["frame"].is_object());
            let paper = if is_front {
                Paper::default()
            } else {
                whole(part.paper.clone(), part.ours.as_ref())
            };
            if let Some(json) = ours {
                let mut json = json.clone();
                json["id"] = json!(id);
                if json.get("name").is_none() {
                    json["name"] = json!(part.name);
                }
                let place = draft.source.place(part.at);
                if let Some(mut node) = Node::from_json(&json, &place, &mut self.problems) {
                    if !is_front {
                        node.paper = paper;
                    }
                    self.scenario.topology.nodes.push(node);
                    continue;
                }
            }
            let Some(kind) = Kind::from_name(cast.kind) else {
                continue;
            };
            let none = Vec::new();
            let emits = events.emits.get(&n).unwrap_or(&none);
            let listens = arrows.iter().any(|arrow| arrow.from == n);
            let mut said = part.paper.clone();
            // The consumers of a queue have its prefetch.
            for arrow in arrows.iter().filter(|arrow| arrow.to == n) {
                let prefetch = draft.parts[arrow.from].paper.more("prefetch");
                if let Some(prefetch) = prefetch.filter(|_| said.more("prefetch").is_none()) {
                    said.more.push(("prefetch".to_owned(), prefetch.to_owned()));
                }
            }
            self.unplaced.insert(id);
            self.scenario.topology.nodes.push(Node {
                id,
                name: part.name.clone(),
                x: 0,
                y: 0,
                luck: None,
                preset: None,
                settings: kinds::settings(kind, flow::base(cast, emits, listens), &said),
                paper,
            });
        }
    }

    fn frames(&mut self, draft: &mut Draft<'_, '_>, is_frame: &[bool]) {
        for n in (0..draft.parts.len()).filter(|n| is_frame[*n]) {
            let part = &draft.parts[n];
            let ours = part.ours.as_ref().map(|ours| &ours["frame"]);
            let mut members: Vec<NodeId> = (self.node_of.iter())
                .filter(|(other, _)| **other == n || draft.is_inside(**other, n))
                .map(|(_, id)| *id)
                .collect();
            members.extend(also(ours));
            members.sort_unstable();
            members.dedup();
            if members.is_empty() {
                continue;
            }
            let context = ["domain", "context"].contains(&part.paper.sort.as_str());
            let guess = if context {
                FrameKind::Context
            } else {
                FrameKind::Group
            };
            let kind = ours.and_then(|it| FrameKind::from_name(it["kind"].as_str()?));
            let is_new = ours.is_none_or(|it| !it.is_object());
            let id = FrameId(self.id(ours));
            self.scenario.drawing.frames.push(Frame {
                id,
                name: part.name.clone(),
                kind: kind.unwrap_or(if is_new { guess } else { FrameKind::Group }),
                members,
                collapsed: ours.is_some_and(|it| it["collapsed"] == json!(true)),
                front: self.node_of.get(&n).copied(),
                paper: whole(part.paper.clone(), part.ours.as_ref()),
            });
        }
    }

    fn links(&mut self, draft: &mut Draft<'_, '_>, arrows: &[Arrow]) {
        let ends: Vec<(usize, usize)> = arrows.iter().map(|it| (it.from, it.to)).collect();
        let casts: Vec<Option<Cast>> = (0..draft.parts.len())
            .map(|n| {
                let node = self.scenario.topology.node(*self.node_of.get(&n)?)?;
                let kind = node.settings.kind().name();
                Some(Cast { kind, keeps: false })
            })
            .collect();
        let events = flow::events(&casts, arrows);
        for (n, arrow) in arrows.iter().enumerate() {
            let (Some(from), Some(to)) =
                (self.node_of.get(&arrow.from), self.node_of.get(&arrow.to))
            else {
                continue;
            };
            let (from, to) = (*from, *to);
            let id = LinkId(self.id(arrow.ours.as_ref()));
            let mut link = Link::new(id, from, to);
            if let Some(ours) = &arrow.ours {
                let mut json = ours.clone();
                json["id"] = json!(id);
                (json["from"], json["to"]) = (json!(from), json!(to));
                let place = draft.source.place(arrow.at);
                if let Some(read) = Link::from_json(&json, &place, &mut self.problems) {
                    let more = read.paper;
                    link = Link {
                        paper: arrow.paper.clone(),
                        ..read
                    };
                    (link.paper.more, link.paper.kept) = (more.more, more.kept);
                    (link.paper.word, link.paper.sort) = (more.word, more.sort);
                    link.label.clone_from(&arrow.label);
                }
            } else {
                link.paper = arrow.paper.clone();
                link.label.clone_from(&arrow.label);
                link.settings.latency = crate::units::Distribution::constant(
                    crate::units::SimDuration::from_millis(200),
                );
                let several = ends.iter().zip(&events.of_arrow);
                let mut leaving = several.filter(|((it, _), _)| *it == arrow.from);
                let own = &events.of_arrow[n];
                let emits = events.emits.contains_key(&arrow.from);
                if emits && leaving.any(|(_, event)| event != own) {
                    link.settings.types = vec![own.clone()];
                }
            }
            self.scenario.topology.links.push(link);
        }
    }

    fn rest(&mut self, draft: &mut Draft<'_, '_>, head: &Value) {
        let items = |value: Option<Value>| match value {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let problems = &mut self.problems;
        for json in items(draft.ours.remove("_notes")) {
            self.scenario
                .drawing
                .notes
                .extend(Note::from_json(&json, "notes", problems));
        }
        for json in items(draft.ours.remove("_script")) {
            self.scenario
                .script
                .extend(ScriptEntry::from_json(&json, "script", problems));
        }
        self.scenario
            .script
            .sort_by_key(|entry| (entry.at, entry.after));
        for json in items(draft.ours.remove("_checks")) {
            match serde_json::from_value::<Check>(json) {
                Ok(check) => self.scenario.checks.push(check),
                Err(error) => {
                    problems.push(Problem::new(
                        "checks",
                        error.to_string(),
                        "correct the check",
                    ));
                }
            }
        }
        for json in items(draft.ours.remove("_captions")) {
            self.scenario
                .captions
                .extend(Caption::from_json(&json, "captions", problems));
        }
        let order = items(draft.ours.remove("_order"));
        let order: BTreeMap<u64, usize> = (order.iter().enumerate())
            .filter_map(|(n, id)| Some((id.as_u64()?, n)))
            .collect();
        let by_id = head.is_object() && order.is_empty();
        let place = |id: u32| match order.get(&u64::from(id)) {
            Some(place) => (0, *place),
            None if by_id => (0, id as usize),
            None => (1, 0),
        };
        if head.is_object() {
            self.scenario
                .topology
                .nodes
                .sort_by_key(|node| place(node.id.0));
            self.scenario
                .topology
                .links
                .sort_by_key(|link| place(link.id.0));
            self.scenario
                .drawing
                .frames
                .sort_by_key(|frame| place(frame.id.0));
        }
        places::place(&mut self.scenario, &self.unplaced);
    }

    fn finish(mut self, draft: Draft<'_, '_>) -> Result<Read, Vec<Problem>> {
        let drawing = &self.scenario.drawing;
        let lists = [
            (
                "nodes",
                self.scenario.topology.nodes.len(),
                Topology::NODES_MAX,
            ),
            (
                "links",
                self.scenario.topology.links.len(),
                Topology::LINKS_MAX,
            ),
            ("frames", drawing.frames.len(), Drawing::FRAMES_MAX),
            ("views", drawing.views.len(), Drawing::VIEWS_MAX),
            ("walks", drawing.walks.len(), Drawing::WALKS_MAX),
        ];
        for (list, count, most) in lists {
            if count > most {
                let what = format!("there are {count}, at most {most} fit");
                return Err(vec![Problem::new(list, what, "divide the text")]);
            }
        }
        let used = self.taken.iter().next_back().copied().unwrap_or(0);
        self.scenario.next_id = self.scenario.next_id.max(used + 1);
        self.scenario.mend();
        let problems = self.scenario.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        // What was made is a document like any other.
        let scenario = crate::scenario::from_json(&self.scenario.to_json())?;
        let mut remarks = draft.remarks;
        remarks.sort_by_key(|(at, _)| *at);
        let mut remarks: Vec<Problem> = remarks.into_iter().map(|(_, remark)| remark).collect();
        remarks.extend(self.problems);
        Ok(Read { scenario, remarks })
    }
}

/// The paper of an element, with what this program wrote about it.
fn whole(mut paper: Paper, ours: Option<&Value>) -> Paper {
    let Some(ours) = ours else {
        return paper;
    };
    let text = |name: &str| {
        let text = ours["paper"][name].as_str().unwrap_or_default();
        fitting(text, TextLimit::Name)
    };
    (paper.word, paper.sort) = (text("word"), text("sort"));
    if let Some(hidden) = Paper::from_json(&ours["paper"], "", &mut Vec::new()) {
        if !hidden.kept.is_empty() {
            paper.kept = hidden.kept;
        }
        if !hidden.more.is_empty() {
            paper.more = hidden.more;
        }
    }
    paper
}

/// Nodes that are not in the text, because the script adds them.
pub(super) fn also(ours: Option<&Value>) -> Vec<NodeId> {
    let list = ours.and_then(|ours| ours["also"].as_array());
    let ids = list.into_iter().flatten().filter_map(Value::as_u64);
    ids.filter_map(|id| u32::try_from(id).ok())
        .map(NodeId)
        .collect()
}

fn ids_in(value: &Value, depth: usize, ids: &mut Vec<u32>) {
    const DEEP: usize = 8;
    match value {
        _ if depth > DEEP => {}
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, depth + 1, ids)),
        Value::Object(fields) => {
            let id = fields.get("id").and_then(Value::as_u64);
            let id = id.filter(|id| *id < 999_990_000);
            ids.extend(id.and_then(|id| u32::try_from(id).ok()));
            fields
                .values()
                .for_each(|field| ids_in(field, depth + 1, ids));
        }
        _ => {}
    }
}
