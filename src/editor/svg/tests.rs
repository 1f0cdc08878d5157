//! Pictures of the examples, read by a parser of XML.

use std::collections::BTreeSet;

use roxmltree::Document;

use super::*;
use crate::editor::Item;
use crate::editor::scene::{Rope, SceneBuilder};
use crate::scenario::{Scenario, examples};
use crate::simulation::Run;
use crate::topology::{Frame, FrameKind, Note, Paper, findings};
use crate::units::{FrameId, LinkId, NodeId, NoteId, SimTime};

/// Colours that can be told apart, one of them transparent.
fn palette() -> Palette {
    Palette {
        ground: "#f5f5f2".to_owned(),
        ink: "#191b22".to_owned(),
        link: "#a9acb8".to_owned(),
        card_shadow: "rgb(25 28 45 / 13%)".to_owned(),
        frame_line: "#a4a9b8".to_owned(),
        warn: "#a35a00".to_owned(),
        font: "\"Segoe UI\", sans-serif".to_owned(),
        ..Palette::default()
    }
}

/// A picture of a scenario after so many seconds.
fn picture_of(scenario: &Scenario, secs: u64, zoom: f64) -> String {
    let mut run = Run::new(scenario.plan()).expect("the scenario can be played");
    run.advance(SimTime::from_nanos(secs * 1_000_000_000), u64::MAX);
    let mut view = View {
        width: 4_000.0,
        height: 3_000.0,
        ..View::default()
    };
    view.camera.zoom = zoom;
    let mut scene = Scene::default();
    SceneBuilder::default().build(
        run.topology(),
        &Default::default(),
        run.world(),
        &view,
        &mut scene,
    );
    let mut measure = |text: &str, face: Face| Some(0.56 * face.size() * text.len() as f64);
    picture(
        &scenario.name,
        (&scene, &view),
        &palette(),
        2.0,
        &mut measure,
    )
}

#[test]
fn a_picture_is_well_formed_and_has_every_name() {
    for example in examples() {
        let scenario = example.scenario();
        for zoom in [0.3, 1.0] {
            let text = picture_of(&scenario, 12, zoom);
            let document = Document::parse(&text).expect("it is well-formed");
            let texts: BTreeSet<&str> = document
                .descendants()
                .filter(|element| element.has_tag_name("text"))
                .filter_map(|element| element.text())
                .collect();
            for node in &scenario.topology.nodes {
                let name = node.name.as_str();
                let is_there = texts.iter().any(|text| {
                    *text == name
                        || text
                            .strip_suffix('…')
                            .is_some_and(|cut| name.starts_with(cut))
                });
                assert!(is_there, "{name} is missing in {texts:?}");
            }
            assert_eq!(document.root_element().attribute("width"), Some("8000"));
        }
    }
}

/// A picture of the first example with what was changed in its drawing and in the view.
fn picture_with(zoom: f64, change: impl FnOnce(&mut Scenario, &mut View)) -> String {
    let mut scenario = examples()[0].scenario();
    let mut view = View {
        width: 4_000.0,
        height: 3_000.0,
        ..View::default()
    };
    view.camera.zoom = zoom;
    change(&mut scenario, &mut view);
    let run = Run::new(scenario.plan()).expect("the scenario can be played");
    let mut scene = Scene::default();
    let mut builder = SceneBuilder::default();
    builder.set_findings(&findings(run.topology()));
    let drawing = &scenario.drawing;
    builder.build(run.topology(), drawing, run.world(), &view, &mut scene);
    let mut measure = |_: &str, _: Face| None;
    let text = picture("", (&scene, &view), &palette(), 1.0, &mut measure);
    Document::parse(&text).expect("it is well-formed");
    text
}

fn frame_of_two(kind: FrameKind, collapsed: bool) -> Frame {
    Frame {
        id: FrameId(900),
        name: "Front".to_owned(),
        kind,
        members: vec![NodeId(1), NodeId(2)],
        collapsed,
        front: None,
        paper: Paper::default(),
    }
}

#[test]
fn each_kind_of_frame_has_its_name_and_a_border_of_its_own() {
    let mut borders = BTreeSet::new();
    for kind in FrameKind::ALL {
        let text = picture_with(1.0, |scenario, _| {
            scenario.drawing.frames = vec![frame_of_two(kind, false)];
        });
        assert!(text.contains(">Front<") && text.contains(&format!(">{}<", kind.label())));
        let border = text
            .lines()
            .find(|line| line.contains("stroke=\"#a4a9b8\""));
        let border = border.expect("it has a border");
        let dashes = border.split("stroke-dasharray").nth(1);
        borders.insert((dashes.map(str::to_owned), border.matches('M').count()));
    }
    assert_eq!(borders.len(), FrameKind::ALL.len(), "{borders:?}");
}

#[test]
fn the_name_of_a_frame_is_as_large_on_the_screen_from_far_away() {
    let text = picture_with(0.2, |scenario, _| {
        scenario.drawing.frames = vec![frame_of_two(FrameKind::Group, false)];
    });
    let name = text.lines().find(|line| line.contains(">Front<"));
    assert!(name.is_some_and(|line| line.contains("font-size=\"65\"")));
}

#[test]
fn a_folded_frame_says_what_is_inside() {
    let text = picture_with(1.0, |scenario, _| {
        scenario.drawing.frames = vec![frame_of_two(FrameKind::Broker, true)];
    });
    assert!(text.contains(">Front<") && text.contains(">2 nodes · 0 waiting<"));
    assert!(!text.contains(" crashed<"));
}

#[test]
fn a_note_has_its_lines() {
    let text = picture_with(1.0, |scenario, _| {
        let (id, text) = (NoteId(900), "First line\n\nand last".to_owned());
        let (x, y) = (0, 0);
        scenario.drawing.notes = vec![Note { id, x, y, text }];
    });
    assert!(text.contains(">First line<") && text.contains(">and last<"));
}

#[test]
fn what_is_drawn_says_what_it_would_be_and_nothing_can_be_begun_meanwhile() {
    let node = Item::Node(NodeId(1));
    let handles = |text: &str| text.matches("stroke-width=\"1.8\"").count();
    let still = picture_with(1.0, |_, view| view.hovered = Some(node));
    assert_eq!(handles(&still), 1);
    let drawn = picture_with(1.0, |_, view| {
        view.hovered = Some(node);
        view.draft.rope = Some(Rope {
            from: Point::new(0.0, 0.0),
            to: Point::new(300.0, 40.0),
            fitting: vec![NodeId(3)],
            source: NodeId(1),
            words: "They are linked already".to_owned(),
            fits: false,
        });
    });
    assert!(drawn.contains(">They are linked already<"));
    assert_eq!(handles(&drawn), 0);
}

#[test]
fn what_is_doubtful_has_a_mark_and_says_why_under_the_pointer() {
    let marks = |text: &str| text.matches("fill=\"#a35a00\"").count();
    let forget = |scenario: &mut Scenario| {
        let mut lost = scenario.topology.nodes[3].clone();
        lost.id = NodeId(900);
        scenario.topology.nodes.push(lost);
        let mut links = scenario.topology.links.iter();
        let mut link = links.find(|link| link.to == NodeId(4)).cloned();
        if let Some(link) = &mut link {
            (link.id, link.to) = (LinkId(901), NodeId(900));
        }
        scenario.topology.links.extend(link);
    };
    let before = marks(&picture_with(1.0, |_, _| {}));
    let text = picture_with(1.0, |scenario, _| forget(scenario));
    assert_eq!(marks(&text), before + 1);
    let read = picture_with(1.0, |scenario, view| {
        forget(scenario);
        view.hovered = Some(Item::Node(NodeId(900)));
    });
    assert_eq!(marks(&read), before + 2, "the ground of the words");
}

#[test]
fn what_a_person_wrote_is_text_and_nothing_else() {
    let mut scenario = examples()[0].scenario();
    let nasty = "</text>\"<script>&\u{1}";
    scenario.name = nasty.to_owned();
    scenario.topology.nodes[0].name = nasty.to_owned();
    let text = picture_of(&scenario, 1, 1.0);
    let document = Document::parse(&text).expect("it is well-formed");
    let shown = |tag: &str| {
        let mut elements = document.descendants();
        elements.any(|it| it.has_tag_name(tag) && it.text() == Some("</text>\"<script>&"))
    };
    assert!(shown("title") && shown("text"));
    let is_script = |it: &roxmltree::Node| it.tag_name().name() == "script";
    assert!(!document.descendants().any(|it| is_script(&it)));
}

#[test]
fn texts_without_room_are_squeezed() {
    let mut scenario = examples()[0].scenario();
    scenario.topology.nodes[0].name = "WWWWWWWWWWWWWWWWWWWWW".to_owned();
    let text = picture_of(&scenario, 1, 1.0);
    let squeezed = "lengthAdjust=\"spacingAndGlyphs\" fill=\"#191b22\">WWWWWWWWWWWWWWWWWWWWW<";
    assert!(text.contains(squeezed));
}

#[test]
fn colours_are_such_as_every_program_knows() {
    let ground = |text: &str| plain_colour(text);
    assert_eq!(ground("#aabbcc"), ("#aabbcc".to_owned(), 1.0));
    let shadow = ("rgb(25,28,45)".to_owned(), 0.13);
    assert_eq!(ground("rgb(25 28 45 / 13%)"), shadow);
    assert_eq!(ground("rgba(25, 28, 45, 0.13)"), shadow);
}

#[test]
fn numbers_are_short() {
    let shown = [0.0, -0.004, 1.5, -2.25, 3.999, 1e300, f64::NAN].map(|it| Short(it).to_string());
    assert_eq!(shown, ["0", "0", "1.5", "-2.25", "4", "10000000000", "0"]);
}

#[test]
fn circles_are_closed_and_parts_of_them_are_not() {
    let mut measure = |_: &str, _: Face| None;
    let mut path = |to: f64| {
        let mut brush = SvgBrush {
            text: String::new(),
            path: String::new(),
            at: Point::default(),
            opacity: 1.0,
            dashes: String::new(),
            round_ends: false,
            measure: &mut measure,
        };
        brush.arc(Point::new(5.0, 5.0), 2.0, 0.0, to);
        brush.path
    };
    assert_eq!(path(TAU), "M7 5A2 2 0 0 1 3 5A2 2 0 0 1 7 5");
    assert_eq!(path(PI / 2.0), "M7 5A2 2 0 0 1 5 7");
    assert_eq!(path(0.0), "M7 5");
}
