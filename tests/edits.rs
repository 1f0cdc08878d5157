//! Whatever a person does to a document: it can be taken back to the byte, the document stays one
//! that loads, and the run that followed the edits is the run of the edited document.

use eventyard::editor::{Clip, Desk, End, History, Item, Reach};
use eventyard::engine::Advance;
use eventyard::nodes::Kind;
use eventyard::scenario::{self, Scenario};
use eventyard::simulation::{Intervention, Run};
use eventyard::topology::{FrameKind, ViewCamera};
use eventyard::units::{LinkId, NodeId, SimTime};
use proptest::prelude::*;
use serde_json::json;

/// Something that a person does. Numbers choose among what is there.
#[derive(Clone, Copy, Debug)]
enum Deed {
    AddNode(usize, i32),
    AddLink(usize, usize),
    Remove(usize),
    RemoveLink(usize),
    Reconnect(usize, usize, bool),
    Set(usize, usize),
    SetLink(usize, u8),
    Rename(usize),
    Place(usize, i32),
    Note(i32),
    Frame(usize, usize),
    View(usize),
    Copy(usize, usize),
    Crash(usize),
    RemoveMark(usize),
    MakeStart,
    ClearScript,
    Seed(u64),
    Undo,
    Redo,
    Go(u64),
    Back(u64),
}

fn deed() -> impl Strategy<Value = (Deed, bool)> {
    let n = || 0..64_usize;
    let deed = prop_oneof![
        (n(), -2000..2000).prop_map(|(a, b)| Deed::AddNode(a, b)),
        (n(), n()).prop_map(|(a, b)| Deed::AddLink(a, b)),
        (n(), n()).prop_map(|(a, b)| Deed::AddLink(a, b)),
        n().prop_map(Deed::Remove),
        n().prop_map(Deed::RemoveLink),
        (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Deed::Reconnect(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Deed::Set(a, b)),
        (n(), 0..100_u8).prop_map(|(a, b)| Deed::SetLink(a, b)),
        n().prop_map(Deed::Rename),
        (n(), -2000..2000).prop_map(|(a, b)| Deed::Place(a, b)),
        (-2000..2000).prop_map(Deed::Note),
        (n(), n()).prop_map(|(a, b)| Deed::Frame(a, b)),
        n().prop_map(Deed::View),
        (n(), n()).prop_map(|(a, b)| Deed::Copy(a, b)),
        n().prop_map(Deed::Crash),
        n().prop_map(Deed::RemoveMark),
        Just(Deed::MakeStart),
        Just(Deed::ClearScript),
        (0..9_u64).prop_map(Deed::Seed),
        Just(Deed::Undo),
        Just(Deed::Redo),
        (1..4_000_u64).prop_map(Deed::Go),
        (1..9_000_u64).prop_map(Deed::Go),
        (0..20_000_u64).prop_map(Deed::Back),
    ];
    (deed, any::<bool>())
}

/// A document with its run and history, as the page has them.
struct Work {
    document: Scenario,
    run: Run,
    history: History,
    times: f64,
}

impl Work {
    fn new(document: Scenario) -> Self {
        let run = Run::new(document.plan()).expect("the document can be run");
        Self {
            document,
            run,
            history: History::default(),
            times: 0.0,
        }
    }

    fn go_to(&mut self, to: SimTime) {
        while self.run.seek(to, 10_000) == Advance::Paused {}
    }

    /// The run follows, and stands where it stood.
    fn follow(&mut self) {
        let now = self.run.now();
        self.run
            .follow(self.document.plan())
            .expect("an edited document can be run");
        self.go_to(now);
    }

    fn edit(&mut self, reach: Reach, change: impl FnOnce(&mut Desk<'_>)) {
        let before = self.document.clone();
        let topology = self.run.topology().clone();
        let mut desk = Desk::new(&mut self.document, topology, self.run.stamp(), reach);
        change(&mut desk);
        desk.finish();
        self.times += 10_000.0;
        let pair = (&before, &self.document);
        self.history
            .commit("edit".to_owned(), None, pair, self.times);
        self.follow();
    }

    fn node(&self, n: usize) -> Option<NodeId> {
        let nodes = &self.run.topology().nodes;
        nodes.get(n % nodes.len().max(1)).map(|node| node.id)
    }

    fn link(&self, n: usize) -> Option<LinkId> {
        let links = &self.run.topology().links;
        links.get(n % links.len().max(1)).map(|link| link.id)
    }

    fn perform(&mut self, deed: Deed, from_start: bool) {
        let reach = if from_start {
            Reach::FromStart
        } else {
            Reach::FromNow
        };
        let (node, link) = (|n| self.node(n), |n| self.link(n));
        match deed {
            Deed::AddNode(kind, x) => self.edit(reach, |desk| {
                let kind = Kind::ALL[kind % Kind::ALL.len()];
                let _ = desk.add_node(kind, x, -x);
            }),
            Deed::AddLink(a, b) => {
                if let (Some(a), Some(b)) = (node(a), node(b)) {
                    self.edit(reach, |desk| {
                        let _ = desk.add_link(a, b);
                    });
                }
            }
            Deed::Remove(n) => {
                if let Some(id) = node(n) {
                    self.edit(reach, |desk| desk.remove(&[Item::Node(id)]).unwrap());
                }
            }
            Deed::RemoveLink(n) => {
                if let Some(id) = link(n) {
                    self.edit(reach, |desk| desk.remove(&[Item::Link(id)]).unwrap());
                }
            }
            Deed::Reconnect(l, n, from) => {
                if let (Some(link), Some(node)) = (link(l), node(n)) {
                    let end = if from { End::From } else { End::To };
                    self.edit(reach, |desk| {
                        let _ = desk.reconnect(link, end, node);
                    });
                }
            }
            Deed::Set(n, f) => {
                if let Some(id) = node(n) {
                    let settings = &self.run.topology().node(id).unwrap().settings;
                    let fields = settings.kind().descriptor().fields;
                    let name = fields[f % fields.len()].name;
                    let values = [json!(1), json!(3), json!(0.5), json!("40ms"), json!(true)];
                    self.edit(reach, |desk| {
                        let _ = desk.set(&[id], name, &values[f % values.len()]);
                    });
                }
            }
            Deed::SetLink(n, percent) => {
                if let Some(id) = link(n) {
                    let value = json!(f64::from(percent) / 100.0);
                    self.edit(reach, |desk| desk.set_link(&[id], "loss", &value).unwrap());
                }
            }
            Deed::Rename(n) => {
                if let Some(id) = node(n) {
                    self.edit(reach, |desk| desk.rename(id, &format!("Name {n}")));
                }
            }
            Deed::Place(n, x) => {
                if let Some(id) = node(n) {
                    self.edit(reach, |desk| desk.place(&[(id, x, 7)]));
                }
            }
            Deed::Note(x) => self.edit(reach, |desk| {
                desk.add_note(x, 3, "a note\nof two lines").unwrap();
            }),
            Deed::Frame(a, b) => {
                let members: Vec<NodeId> = [node(a), node(b)].into_iter().flatten().collect();
                self.edit(reach, |desk| {
                    let _ = desk.add_frame(FrameKind::ALL[a % 4], &members);
                });
            }
            Deed::View(a) => {
                let nodes: Vec<NodeId> = node(a).into_iter().collect();
                let camera = ViewCamera {
                    x: 1,
                    y: 2,
                    percent: 80,
                };
                self.edit(reach, |desk| {
                    desk.add_view("Part", &nodes, Some(camera)).unwrap();
                });
            }
            Deed::Copy(a, b) => {
                let items = [node(a), node(b)].into_iter().flatten().map(Item::Node);
                let items: Vec<Item> = items.collect();
                let clip = Clip::of(&items, self.run.topology(), &self.document.drawing);
                let read = Clip::from_text(&clip.to_text()).expect("what was copied is read");
                assert_eq!(read, clip);
                self.edit(reach, |desk| {
                    desk.paste(&read, (40, 40)).unwrap();
                });
            }
            Deed::Crash(n) => {
                if let Some(node) = node(n) {
                    self.edit(reach, |desk| {
                        let _ = desk.intervene(Intervention::Crash { node });
                    });
                }
            }
            Deed::RemoveMark(n) => {
                let count = self.document.script.len();
                if count > 0 {
                    self.edit(reach, |desk| desk.remove_mark(n % count));
                }
            }
            Deed::MakeStart => self.edit(reach, |desk| desk.make_start()),
            Deed::ClearScript => self.edit(reach, |desk| desk.clear_script()),
            Deed::Seed(seed) => self.edit(reach, |desk| desk.set_seed(seed)),
            Deed::Undo => {
                self.history.undo(&mut self.document);
                self.follow();
            }
            Deed::Redo => {
                self.history.redo(&mut self.document);
                self.follow();
            }
            Deed::Go(millis) => {
                let to = SimTime::from_nanos(self.run.now().nanos() + millis * 1_000_000);
                self.go_to(to);
            }
            Deed::Back(millis) => {
                let to = SimTime::from_nanos(millis * 1_000_000);
                self.go_to(to.min(self.run.now()));
            }
        }
    }
}

/// The shop, with captions about what may go.
fn shop() -> Scenario {
    let mut json = scenario::examples()[0].scenario().to_json();
    json["captions"] = json!([
        { "at": "2s", "points": 4, "text": "a queue" },
        { "happens": "finished", "where": 9, "count": 3, "points": "message", "text": "work" },
        { "depth": 3, "where": 6, "points": 16, "text": "three wait" },
        { "broken": 2, "text": "a check" },
        { "happens": "dropped", "text": "anywhere" },
    ]);
    scenario::from_json(&json).expect("the document is sound")
}

/// So much happens, and so little is kept, that states are saved on the way.
fn busy() -> Scenario {
    let document = json!({
        "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "rate": 1_000 } },
            { "id": 2, "kind": "queue" },
            { "id": 3, "kind": "service", "settings": {
                "service_time": { "shape": "exponential", "mean": "500us" } } },
        ],
        "links": [{ "id": 4, "from": 1, "to": 2 }, { "id": 5, "from": 2, "to": 3 }],
    });
    scenario::from_json(&document).expect("the document is sound")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn edits_are_taken_back_to_the_byte_and_leave_what_loads(
        deeds in prop::collection::vec(deed(), 1..24),
    ) {
        let start = scenario::write(&shop());
        let mut work = Work::new(shop());
        for (deed, from_start) in deeds {
            work.perform(deed, from_start);
            let text = scenario::write(&work.document);
            let read = scenario::read(&text);
            prop_assert_eq!(read.as_ref(), Ok(&work.document), "{:?}", deed);
        }
        let end = scenario::write(&work.document);
        let mut steps = 0;
        while work.history.undo(&mut work.document).is_some() {
            steps += 1;
        }
        prop_assert_eq!(scenario::write(&work.document), start);
        for _ in 0..steps {
            work.history.redo(&mut work.document);
        }
        while work.history.redo(&mut work.document).is_some() {}
        prop_assert!(!end.is_empty());
    }

    #[test]
    fn the_run_that_followed_is_the_run_of_the_edited_document(
        deeds in prop::collection::vec(deed(), 1..16),
    ) {
        let mut work = Work::new(busy());
        for (deed, from_start) in deeds {
            work.perform(deed, from_start);
        }
        let until = SimTime::from_nanos(work.run.now().nanos() + 500_000_000);
        work.go_to(until);
        let mut fresh = Run::new(work.document.plan()).expect("the document can be run");
        while fresh.advance(until, 10_000) == Advance::Paused {}
        prop_assert_eq!(work.run.digest(), fresh.digest());
        prop_assert_eq!(work.run.entries(), fresh.entries());
    }
}

/// A text as it was copied, with some bytes changed, gone or doubled.
fn changed_clip() -> impl Strategy<Value = String> {
    let shop = shop();
    let items: Vec<Item> = shop
        .topology
        .nodes
        .iter()
        .map(|node| Item::Node(node.id))
        .collect();
    let text = Clip::of(&items, &shop.topology, &shop.drawing).to_text();
    let change = (
        0..text.len(),
        prop_oneof![Just(None), any::<u8>().prop_map(Some)],
        0..3_usize,
    );
    prop::collection::vec(change, 0..6).prop_map(move |changes| {
        let mut bytes = text.clone().into_bytes();
        for (place, byte, how) in changes {
            let place = place % bytes.len();
            match (byte, how) {
                (Some(byte), 0) => bytes[place] = byte,
                (Some(byte), _) => bytes.insert(place, byte),
                (None, _) => drop(bytes.drain(place..(place + 9).min(bytes.len()))),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_on_the_clipboard_leaves_a_document_that_loads(text in changed_clip()) {
        let mut work = Work::new(shop());
        if let Ok(clip) = Clip::from_text(&text) {
            work.edit(Reach::FromNow, |desk| {
                let _ = desk.paste(&clip, (2_000_000_000, -40));
            });
        }
        let text = scenario::write(&work.document);
        let read = scenario::read(&text);
        prop_assert_eq!(read.as_ref(), Ok(&work.document));
    }
}

#[test]
fn redo_makes_the_same_document_again() {
    let mut work = Work::new(shop());
    for (deed, from_start) in [
        (Deed::AddNode(2, 40), false),
        (Deed::Go(3_000), false),
        (Deed::AddNode(3, 400), false),
        (Deed::Remove(1), false),
        (Deed::Frame(0, 2), false),
        (Deed::Set(0, 0), true),
    ] {
        work.perform(deed, from_start);
    }
    let end = scenario::write(&work.document);
    while work.history.undo(&mut work.document).is_some() {}
    assert_eq!(scenario::write(&work.document), scenario::write(&shop()));
    while work.history.redo(&mut work.document).is_some() {}
    assert_eq!(scenario::write(&work.document), end);
}

#[test]
fn saved_states_of_a_changed_future_are_not_gone_back_to() {
    let secs = |secs: u64| SimTime::from_nanos(secs * 1_000_000_000);
    let mut work = Work::new(busy());
    work.go_to(secs(40));
    work.go_to(secs(20));
    work.perform(Deed::Crash(2), false);
    work.go_to(secs(40));
    work.go_to(secs(30));
    let mut fresh = Run::new(work.document.plan()).expect("the document can be run");
    while fresh.advance(secs(30), 10_000) == Advance::Paused {}
    assert_eq!(work.run.digest(), fresh.digest());
}
