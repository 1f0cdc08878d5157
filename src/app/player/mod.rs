//! The player: owns the run, lets it go on frame by frame, and is the only one to change it.

mod drag;
mod edit;
mod glide;
mod hand;
mod look;
mod portrait;
mod publish;
mod share;
mod tell;
mod time;

pub use publish::publish;
pub use tell::Told;
pub use time::real_millis;

use crate::editor::actions::Access;
use crate::editor::scene::{Scene, SceneBuilder, View};
use crate::editor::tempo::{FrameClock, Speed};
use crate::editor::{History, Reach};
use crate::engine::{Message, MessageId};
use crate::scenario::Scenario;
use crate::scenario::link::SentCamera;
use crate::simulation::Run;
use crate::topology::{Finding, Problem, Topology, findings};
use crate::units::{SimTime, ViewId};

use super::painter::Painter;
use drag::Drag;
use glide::CardGlide;

/// Owns the run.
pub struct Player {
    run: Run,
    /// The document. The run follows it.
    document: Scenario,
    history: History,
    /// What the person may do.
    access: Access,
    /// How high what floats over the canvas is, above and below, unless it is as usual.
    floats: Option<(f64, f64)>,
    /// From when on changes hold that are made while it runs.
    reach: Reach,
    drag: Option<Drag>,
    card_glide: Option<CardGlide>,
    playing: bool,
    speed: Speed,
    clock: FrameClock,
    /// Where a seek goes that is not there yet.
    goal: Option<SimTime>,
    /// How many entries the trace has where the seek ends, if that is in the middle of an instant.
    goal_entries: Option<u64>,
    /// A camera that came with a link and waits for a screen.
    sent_camera: Option<SentCamera>,
    /// The message that the user follows, as it was when it was picked.
    followed: Option<Message>,
    /// The message in a list whose data is shown.
    opened: Option<MessageId>,
    view: View,
    builder: SceneBuilder,
    /// What is likely wrong with the drawing, and the drawing of which that holds.
    findings: Vec<Finding>,
    judged: Topology,
    /// Whether the rest of the program is there.
    whole: bool,
    scene: Scene,
    painter: Option<Painter>,
    /// Whether the picture is older than what it shows.
    stale: bool,
    /// Whether the page is as narrow as a phone: what is selected is then shown over the canvas.
    on_phone: bool,
    /// Whether the signals are older than what they show, however short ago they were set.
    unsaid: bool,
    said_at_millis: f64,
    explained_at_millis: f64,
    painted_at_millis: f64,
    /// The view that is shown, if not everything is.
    shown: Option<ViewId>,
    /// Whether the run stands still for captions.
    tells: bool,
    /// The captions that wait to be read, by number.
    telling: Vec<usize>,
}

impl Player {
    /// A player of a scenario, standing at its start.
    ///
    /// # Errors
    /// Everything that is wrong with the scenario.
    pub fn new(document: Scenario) -> Result<Self, Vec<Problem>> {
        let mut run = Run::new(document.plan())?;
        run.keep_trace(false);
        let mut player = Self {
            run,
            document,
            history: History::default(),
            access: Access::default(),
            floats: None,
            reach: Reach::default(),
            drag: None,
            card_glide: None,
            playing: false,
            speed: Speed::default(),
            clock: FrameClock::default(),
            goal: None,
            goal_entries: None,
            sent_camera: None,
            followed: None,
            opened: None,
            view: View::default(),
            builder: SceneBuilder::default(),
            findings: Vec::new(),
            judged: Topology::default(),
            whole: false,
            scene: Scene::default(),
            painter: None,
            stale: true,
            on_phone: false,
            unsaid: true,
            said_at_millis: 0.0,
            explained_at_millis: f64::NEG_INFINITY,
            painted_at_millis: f64::NEG_INFINITY,
            shown: None,
            tells: true,
            telling: Vec::new(),
        };
        player.judge();
        Ok(player)
    }

    /// The run, to look at.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// What is likely wrong with the drawing as it is now, the worst first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The rest of the program is there: what looks at drawings is in it.
    pub fn set_whole(&mut self) {
        self.whole = true;
        self.judge();
    }

    /// Looks for what is likely wrong, if the drawing is another one than at the last look.
    fn judge(&mut self) {
        let topology = self.run.topology();
        let names = topology.nodes.iter().map(|node| &node.name);
        let judged = self.judged.nodes.iter().map(|node| &node.name);
        // The words have names in them.
        if self.whole && (!topology.is_like(&self.judged) || names.ne(judged)) {
            self.findings = findings(topology);
            self.judged.clone_from(topology);
            self.builder.set_findings(&self.findings);
        }
    }

    /// The latest scene.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Whether it goes on.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// What the person may do from now on.
    pub fn set_access(&mut self, access: Access) {
        self.access = access;
        self.view.fixed = access == Access::Watch;
    }

    /// How high what floats over the canvas is, above and below.
    pub fn set_floats(&mut self, above: f64, below: f64) {
        self.floats = Some((above, below));
    }

    /// Whether nothing is left to happen.
    pub fn is_over(&mut self) -> bool {
        self.goal.is_none() && self.run.is_over()
    }

    /// The document as it is now.
    pub fn document(&self) -> &Scenario {
        &self.document
    }

    /// Takes the painter of the page's canvas.
    pub fn attach(&mut self, painter: Painter) {
        self.painter = Some(painter);
        self.stale = true;
    }

    /// The theme has changed.
    pub fn repaint_in_new_theme(&mut self) {
        if let Some(painter) = &mut self.painter {
            painter.read_theme();
        }
        self.stale = true;
    }

    /// The canvas has another size, in CSS pixels, on a page that is as narrow as a phone or not.
    pub fn resize(&mut self, width: f64, height: f64, on_phone: bool) {
        (self.view.width, self.view.height) = (width, height);
        self.on_phone = on_phone;
        self.view.upright = on_phone && height > width;
        if let Some(painter) = &mut self.painter {
            painter.resize(width, height);
        }
        self.stale = true;
    }

    /// What the user looks at.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What the user looks at, to change it. The picture is drawn anew.
    pub fn view_mut(&mut self) -> &mut View {
        self.stale = true;
        &mut self.view
    }
}
