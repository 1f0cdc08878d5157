//! The gallery as it is shown: a card for each scenario with a small picture, and which cards fit
//! what somebody looks for.

use super::paint::{Palette, extent};
use super::scene::{Scene, SceneBuilder, View};
use super::{Camera, svg};
use crate::scenario::Scenario;
use crate::scenario::gallery::{Entry, Level, gallery};
use crate::simulation::Run;
use crate::units::{SimDuration, SimTime};

/// A scenario of the gallery, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its title.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// What to try.
    pub hint: String,
    /// How much one should have seen before.
    pub level: Level,
    /// The heading under which it stands.
    pub topic: &'static str,
    /// Words by which it is found.
    pub tags: &'static [&'static str],
    /// The kinds in it, in the order of the palette.
    pub kinds: Vec<&'static str>,
    /// How many captions tell what happens.
    pub captions: usize,
    /// All of that in small letters, to search in.
    words: String,
}

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words, all of which must be there.
    pub query: String,
    /// A level; any without.
    pub level: Option<Level>,
    /// A heading; any without.
    pub topic: Option<String>,
}

/// All scenarios of the gallery that are there, in their order.
pub fn exhibits(scenario_of: impl Fn(&str) -> Option<Scenario>) -> Vec<Exhibit> {
    let all = gallery().into_iter();
    let there = all.filter_map(|entry| Some(exhibit(&entry, scenario_of(entry.slug)?)));
    there.collect()
}

fn exhibit(entry: &Entry, scenario: Scenario) -> Exhibit {
    let kinds = scenario.kinds();
    let mut words = [&scenario.name, &scenario.about, &scenario.hint]
        .map(String::as_str)
        .join(" ");
    let nodes = scenario
        .topology
        .nodes
        .iter()
        .map(|node| node.name.as_str());
    let tags = entry.tags.iter().copied();
    let more = [entry.topic.label(), entry.level.label(), entry.slug];
    for word in nodes.chain(tags).chain(more).chain(kinds.iter().copied()) {
        words.push(' ');
        words.push_str(word);
    }
    Exhibit {
        slug: entry.slug,
        level: entry.level,
        topic: entry.topic.label(),
        tags: entry.tags,
        kinds,
        captions: scenario.captions.len(),
        words: words.to_lowercase(),
        name: scenario.name,
        about: scenario.about,
        hint: scenario.hint,
    }
}

impl Wanted {
    /// Whether it is what somebody looks for.
    pub fn fits(&self, exhibit: &Exhibit) -> bool {
        let query = self.query.to_lowercase();
        let mut words = query.split_whitespace();
        words.all(|word| exhibit.words.contains(word))
            && self.level.is_none_or(|level| level == exhibit.level)
            && (self.topic.as_ref()).is_none_or(|topic| topic == exhibit.topic)
    }
}

/// The moment of a picture: by then something has happened everywhere.
const MOMENT: SimDuration = SimDuration::from_secs(7);
/// A picture need not wait for more than so many dispatches.
const DISPATCHES_MOST: u64 = 3_000;
/// Room around everything that is drawn.
const MARGIN: f64 = 14.0;
/// A screen in which everything can be seen, at the zoom of a picture: names can be read on it.
const EVERYWHERE: f64 = 4e6;
const ZOOM: f64 = 0.27;
/// Pictures are at least so wide and high, so that few nodes do not become huge.
const WIDTH_MIN: f64 = 250.0;
/// Height of a picture as a part of its width.
const RATIO: f64 = 0.5;

/// A small picture of a scenario in the middle of its run, as SVG.
pub fn miniature(scenario: &Scenario, palette: &Palette) -> Option<String> {
    let mut run = Run::new(scenario.plan()).ok()?;
    run.advance(SimTime::ZERO.after(MOMENT), DISPATCHES_MOST);
    let mut view = View {
        width: EVERYWHERE,
        height: EVERYWHERE,
        ..View::default()
    };
    view.camera.zoom = ZOOM;
    let middle = view.camera.visible(EVERYWHERE, EVERYWHERE).center();
    view.camera.pan(middle * ZOOM);
    let mut scene = Scene::default();
    let drawing = &scenario.drawing;
    let topology = run.topology();
    SceneBuilder::default().build(topology, drawing, run.world(), &view, &mut scene);
    let rect = extent(&scene)?.grown(MARGIN / ZOOM);
    let middle = rect.center();
    let width = rect.w.max(rect.h / RATIO).max(WIDTH_MIN / ZOOM);
    (view.width, view.height) = ((width * ZOOM).ceil(), (width * RATIO * ZOOM).ceil());
    view.camera = Camera {
        zoom: ZOOM,
        ..Camera::default()
    };
    view.camera.corner_in_world.x = middle.x - width / 2.0;
    view.camera.corner_in_world.y = middle.y - width * RATIO / 2.0;
    let seen = (&scene, &view);
    let picture = svg::picture(&scenario.name, seen, palette, 1.0, &mut |text, face| {
        // By a rule of thumb: letters are a little more than half as wide as high.
        Some(0.58 * face.size() * text.chars().count() as f64)
    });
    Some(picture)
}
