//! Makes a scenario of the statements of a sketch: ids, places, and what is wrong said where it
//! stands in the text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::lexer::Lines;
use super::parse::{Parser, Target};
use super::statements::{Item, Statements};
use super::{FLAWS_MAX, Flaw, Sketch, Spot, words};
use crate::interchange::places;
use crate::scenario::{self, Scenario, TEXT_MAX};
use crate::simulation::Intervention::{AddLink, AddNode};
use crate::topology::{Link, Node, Problem, shown};
use crate::units::{NodeId, SimTime, map_of, set_of, sort_by_key};

/// Reads a sketch. What has the same word, ends or name as in the scenario before keeps its id, and
/// its place unless the text says another.
pub fn parse(text: &str, before: Option<&Scenario>) -> Sketch {
    let lines = Lines::new(text);
    if text.len() > TEXT_MAX {
        let what = format!("the text has {} bytes", text.len());
        let hint = format!("at most {TEXT_MAX} are read; divide it");
        return Sketch {
            scenario: None,
            flaws: vec![lines.flaw(0, what, hint)],
            spots: Vec::new(),
        };
    }
    let mut parser = Parser::new(text);
    let mut statements = parser.statements();
    let mut settling = Settling {
        flaws: parser.flaws,
        before: before.map(Before::new),
        scenario_before: before,
        ids: Vec::new(),
    };
    settling.give_ids(&mut statements.items);
    settling.refer(&mut statements.items, &statements.broken);
    let scenario = if settling.flaws.is_empty() {
        settling.scenario(&statements)
    } else {
        None
    };
    let spots = statements.items.iter().zip(&settling.ids);
    let spots = spots.filter_map(|(item, id)| {
        Some(Spot {
            id: u32::try_from((*id)?).ok()?,
            first: lines.line(item.start),
            last: lines.line(item.end.max(item.start)),
        })
    });
    let spots = spots.collect();
    let mut flaws = settling.flaws;
    sort_by_key(&mut flaws, |(at, _, _)| *at);
    flaws.truncate(FLAWS_MAX);
    let flaws = flaws.into_iter();
    let flaws: Vec<Flaw> = flaws
        .map(|(at, what, hint)| lines.flaw(at, what, hint))
        .collect();
    Sketch {
        scenario: scenario.filter(|_| flaws.is_empty()),
        flaws,
        spots,
    }
}

/// What of the scenario before may keep its ids: by what it is recognised, with its ids in order.
struct Before {
    ids: BTreeMap<String, VecDeque<u64>>,
    kinds: BTreeMap<u64, &'static str>,
    next_id: u64,
}

impl Before {
    fn new(scenario: &Scenario) -> Self {
        let mut before = Self {
            ids: BTreeMap::new(),
            kinds: BTreeMap::new(),
            next_id: scenario.next_id.into(),
        };
        for (id, word) in words::of_scenario(scenario) {
            before.keep(node_key(&word), id.0);
        }
        let added = scenario.script.iter();
        let (mut nodes, mut links): (Vec<&Node>, Vec<&Link>) = (Vec::new(), Vec::new());
        nodes.extend(&scenario.topology.nodes);
        links.extend(&scenario.topology.links);
        for entry in added {
            match &entry.what {
                AddNode(node) => nodes.push(node),
                AddLink(link) => links.push(link),
                _ => {}
            }
        }
        before.kinds = map_of(nodes.iter().map(|node| {
            let kind = node.settings.kind().name();
            (node.id.0.into(), kind)
        }));
        for link in links {
            before.keep(link_key(link.from.0.into(), link.to.0.into()), link.id.0);
        }
        let drawing = &scenario.drawing;
        for note in &drawing.notes {
            before.keep(format!("notes {}", note.text), note.id.0);
        }
        for frame in &drawing.frames {
            before.keep(format!("frames {}", frame.name), frame.id.0);
        }
        for view in &drawing.views {
            before.keep(format!("views {}", view.name), view.id.0);
        }
        for walk in &drawing.walks {
            before.keep(format!("walks {}", walk.name), walk.id.0);
        }
        before
    }

    fn keep(&mut self, key: String, id: u32) {
        self.ids.entry(key).or_default().push_back(id.into());
    }

    /// The id of what was recognised, which nothing else may have then.
    fn take(&mut self, key: &str, taken: &BTreeSet<u64>) -> Option<u64> {
        let ids = self.ids.get_mut(key)?;
        while let Some(id) = ids.pop_front() {
            if !taken.contains(&id) {
                return Some(id);
            }
        }
        None
    }
}

fn node_key(word: &str) -> String {
    format!("node {word}")
}

fn link_key(from: u64, to: u64) -> String {
    format!("link {from} {to}")
}

struct Settling<'a> {
    flaws: Vec<(usize, String, String)>,
    before: Option<Before>,
    scenario_before: Option<&'a Scenario>,
    /// The id of each item, if it has one.
    ids: Vec<Option<u64>>,
}

impl Settling<'_> {
    fn wrong(&mut self, at: usize, what: impl Into<String>, hint: impl Into<String>) {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push((at, what.into(), hint.into()));
        }
    }

    /// Gives an id to everything that has one: the one that is written, the one from before, or one
    /// that is free.
    fn give_ids(&mut self, items: &mut [Item]) {
        let mut taken: BTreeSet<u64> = set_of(items.iter().filter_map(|item| item.id));
        self.ids = items.iter().map(|item| item.id).collect();
        if self.before.is_some() {
            self.recognise(items, &mut taken);
        }
        let most = taken.iter().next_back().copied().unwrap_or(0);
        let mut fresh = self
            .before
            .as_ref()
            .map_or(most + 1, |before| before.next_id.max(most + 1));
        let mut last = 0;
        for (item, id) in items.iter().zip(&mut self.ids) {
            if !has_id(item) {
                continue;
            }
            if id.is_none() {
                let next = if self.before.is_some() {
                    fresh
                } else {
                    last + 1
                };
                let next = if taken.insert(next) { next } else { fresh };
                taken.insert(next);
                fresh = fresh.max(next + 1);
                *id = Some(next);
            }
            last = id.unwrap_or(last);
        }
        for (item, id) in items.iter_mut().zip(&self.ids) {
            let json = match item.holder {
                Some(holder) => &mut item.json[holder],
                None => &mut item.json,
            };
            if let Some(id) = id {
                json["id"] = json!(id);
            }
        }
    }

    /// Finds out what is what it was before.
    fn recognise(&mut self, items: &[Item], taken: &mut BTreeSet<u64>) {
        let Some(before) = &mut self.before else {
            return;
        };
        let mut open = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let Some(word) = item.word.as_ref().filter(|_| self.ids[n].is_none()) else {
                continue;
            };
            match before.take(&node_key(word), taken) {
                Some(id) => {
                    taken.insert(id);
                    self.ids[n] = Some(id);
                }
                None => open.push(n),
            }
        }
        // The only one that is new and the only one that is gone: it has another name.
        let gone: Vec<u64> = before
            .kinds
            .keys()
            .copied()
            .filter(|id| !taken.contains(id))
            .collect();
        if let ([n], [id]) = (open.as_slice(), gone.as_slice()) {
            let node = items[*n]
                .holder
                .map_or(&items[*n].json, |it| &items[*n].json[it]);
            if node["kind"].as_str() == before.kinds.get(id).copied() {
                taken.insert(*id);
                self.ids[*n] = Some(*id);
            }
        }
        let nodes = words_of(items, &self.ids);
        for (n, item) in items.iter().enumerate() {
            if self.ids[n].is_some() || item.word.is_some() || !has_id(item) {
                continue;
            }
            let end = |name: &str| {
                let mut refs = item.refs.iter();
                let it = refs.find(|it| it.pointer.ends_with(name))?;
                id_of(&it.target, &nodes)
            };
            let name = |field: &str| item.json[field].as_str().unwrap_or_default().to_owned();
            let key = match item.list {
                "notes" => Some(format!("notes {}", name("text"))),
                "links" | "script" => end("/from")
                    .zip(end("/to"))
                    .map(|(from, to)| link_key(from, to)),
                list => Some(format!("{list} {}", name("name"))),
            };
            if let Some(id) = key.and_then(|key| before.take(&key, taken)) {
                taken.insert(id);
                self.ids[n] = Some(id);
            }
        }
    }

    /// Puts ids where something is referred to.
    fn refer(&mut self, items: &mut [Item], broken: &BTreeSet<String>) {
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        let mut twice = Vec::new();
        for (item, id) in items.iter().zip(&self.ids) {
            if let (Some(word), Some(id)) = (&item.word, id)
                && seen.insert(word, *id).is_some_and(|other| other != *id)
            {
                twice.push((item.start, word.clone()));
            }
        }
        for (at, word) in twice {
            let what = format!("{} is there already", shown(&word));
            self.wrong(at, what, "give every node a word of its own");
        }
        let nodes = words_of(items, &self.ids);
        let mut links: BTreeMap<(u64, u64), u64> = BTreeMap::new();
        for (item, id) in items.iter().zip(&self.ids) {
            let is_link = item.list == "links" || item.holder == Some("link");
            let end = |n: usize| id_of(&item.refs.get(n)?.target, &nodes);
            if let (true, Some(id), Some(from), Some(to)) = (is_link, id, end(0), end(1)) {
                links.entry((from, to)).or_insert(*id);
            }
        }
        for item in items {
            for it in std::mem::take(&mut item.refs) {
                let id = match &it.target {
                    Target::Link(from, to) => {
                        let ends = id_of(from, &nodes).zip(id_of(to, &nodes));
                        ends.and_then(|ends| links.get(&ends).copied())
                    }
                    node => id_of(node, &nodes),
                };
                match (id, item.json.pointer_mut(&it.pointer)) {
                    (Some(id), Some(place)) => *place = json!(id),
                    _ if is_broken(&it.target, broken) => {}
                    _ => self.nothing(&it.target, it.at),
                }
            }
        }
    }

    fn nothing(&mut self, target: &Target, at: usize) {
        match target {
            Target::Node(word) => {
                let what = format!("there is no {}", shown(word));
                let hint = format!("write a line such as {}: queue", shown(word));
                self.wrong(at, what, hint);
            }
            _ => self.wrong(at, "there is no such link", "write a line a -> b for it"),
        }
    }

    fn scenario(&mut self, found: &Statements) -> Option<Scenario> {
        let mut lists: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in &found.items {
            lists.entry(item.list).or_default().push(item);
        }
        if let Some(entries) = lists.get_mut("script") {
            // As documents have it, so that places are told by the same numbers.
            sort_by_key(entries, |item| {
                let time = item.json["at"].as_str().unwrap_or_default();
                let time = serde_json::from_value::<SimTime>(time.into());
                (time.unwrap_or_default(), item.json["after"].as_u64())
            });
        }
        let mut json = Map::new();
        json.insert("version".to_owned(), json!(1));
        json.extend(found.head.clone());
        let next_id = json.get("next_id").cloned();
        if let Some(before) = &self.before
            && next_id.as_ref().is_none_or(Value::is_u64)
        {
            let next_id = next_id.and_then(|it| it.as_u64()).unwrap_or(1);
            json.insert("next_id".to_owned(), json!(before.next_id.max(next_id)));
        }
        let mut spots: BTreeMap<String, usize> = map_of(found.head_keys.iter().cloned());
        for (list, items) in &lists {
            for (n, item) in items.iter().enumerate() {
                let place = format!("{list}[{n}]");
                for (name, at) in &item.keys {
                    spots.insert(format!("{place}.{name}"), *at);
                }
                if let Some(name) = item.json["name"].as_str() {
                    let name = shown(name);
                    spots.insert(format!("{list} {name:?}"), item.start);
                    let one = list.trim_end_matches('s');
                    spots.insert(format!("{one} {name:?}"), item.start);
                }
                spots.insert(place, item.start);
            }
            let items = items.iter().map(|item| item.json.clone());
            json.insert((*list).to_owned(), items.collect());
        }
        match scenario::from_json(&Value::Object(json)) {
            Ok(mut scenario) => {
                self.place(&mut scenario, &found.items);
                Some(scenario)
            }
            Err(problems) => {
                for problem in problems {
                    self.say(problem, &spots);
                }
                None
            }
        }
    }

    /// Says a problem of the document where it stands in the text.
    fn say(&mut self, problem: Problem, spots: &BTreeMap<String, usize>) {
        let mut place = problem.place.as_str();
        let at = loop {
            if let Some(at) = spots.get(place) {
                break *at;
            }
            match place.rfind(['.', '[', ' ']) {
                Some(cut) => place = &place[..cut],
                None => break 0,
            }
        };
        self.wrong(at, problem.what, problem.hint);
    }

    /// Gives places to what has none in the text.
    fn place(&self, scenario: &mut Scenario, items: &[Item]) {
        let mut unplaced: BTreeSet<u64> = BTreeSet::new();
        let placed = items.iter().zip(&self.ids);
        for (item, id) in placed.filter(|(item, _)| !item.is_placed) {
            let has_place = item.word.is_some() || item.list == "notes";
            unplaced.extend(id.filter(|_| has_place));
        }
        if unplaced.is_empty() {
            return;
        }
        let known = self.scenario_before;
        let mut open: BTreeSet<NodeId> = BTreeSet::new();
        let wanted = |id: u32| unplaced.contains(&u64::from(id));
        for node in &mut scenario.topology.nodes {
            if !wanted(node.id.0) {
                continue;
            }
            match known.and_then(|it| it.topology.node(node.id)) {
                Some(old) => (node.x, node.y) = (old.x, old.y),
                None => drop(open.insert(node.id)),
            }
        }
        places::place(scenario, &open);
        let ys = scenario.topology.nodes.iter().map(|node| node.y);
        let (top, bottom) = (ys.clone().min().unwrap_or(0), ys.max().unwrap_or(0));
        for (row, note) in (0..).zip(&mut scenario.drawing.notes) {
            if wanted(note.id.0) {
                let old = known.and_then(|it| it.drawing.note(note.id));
                let free = (0, top.saturating_sub(120 + 100 * row).max(-900_000));
                (note.x, note.y) = old.map_or(free, |old| (old.x, old.y));
            }
        }
        for (row, entry) in (1..).zip(&mut scenario.script) {
            if let AddNode(node) = &mut entry.what
                && wanted(node.id.0)
            {
                (node.x, node.y) = (0, bottom.saturating_add(200 * row).min(900_000));
            }
        }
    }
}

/// Whether documents give it an id.
fn has_id(item: &Item) -> bool {
    !matches!(item.list, "checks" | "captions") && (item.list != "script" || item.holder.is_some())
}

fn words_of(items: &[Item], ids: &[Option<u64>]) -> BTreeMap<String, u64> {
    let nodes = items.iter().zip(ids);
    map_of(nodes.filter_map(|(item, id)| Some((item.word.clone()?, (*id)?))))
}

/// Whether it is known already that something is wrong with what is referred to.
fn is_broken(target: &Target, broken: &BTreeSet<String>) -> bool {
    match target {
        Target::Node(word) => broken.contains(word),
        Target::Link(..) => !broken.is_empty(),
        Target::Id(_) => false,
    }
}

fn id_of(target: &Target, nodes: &BTreeMap<String, u64>) -> Option<u64> {
    match target {
        Target::Node(word) => nodes.get(word).copied(),
        Target::Id(id) => Some(*id),
        Target::Link(..) => None,
    }
}
