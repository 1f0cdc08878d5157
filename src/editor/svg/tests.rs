//! Pictures of the examples, read by a parser of XML.

use std::collections::BTreeSet;

use roxmltree::Document;

use super::*;
use crate::editor::scene::SceneBuilder;
use crate::scenario::{Scenario, examples};
use crate::simulation::Run;
use crate::units::SimTime;

/// Colours that can be told apart, one of them transparent.
fn palette() -> Palette {
    Palette {
        ground: "#f5f5f2".to_owned(),
        ink: "#191b22".to_owned(),
        link: "#a9acb8".to_owned(),
        card_shadow: "rgb(25 28 45 / 13%)".to_owned(),
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
