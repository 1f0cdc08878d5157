//! From the run to the screen: the frame is painted, and signals are set ten times a second.

use leptos::prelude::*;

use super::Player;
use crate::app::session::{Session, set_changed};
use crate::editor::boxes::{BoxChip, box_chips};
use crate::editor::panel::{LinkNews, NodeNews, Readout, link_news, mark_chips, node_news};
use crate::topology::{Subject, Topology};

/// Least real time between two times that signals are set while it plays.
const SAY_MILLIS: f64 = 100.0;
/// Least real time between two looks at why queues grow.
const EXPLAIN_MILLIS: f64 = 400.0;

impl Player {
    /// Draws the frame, if anything has changed.
    pub fn paint(&mut self, now_millis: f64) {
        if !self.stale {
            return;
        }
        self.painted_at_millis = now_millis;
        let at_rest = !self.playing && self.unsaid;
        if now_millis - self.explained_at_millis >= EXPLAIN_MILLIS || at_rest {
            self.explained_at_millis = now_millis;
            let run = &self.run;
            let nodes = run.topology().nodes.iter();
            let whys = nodes.filter_map(|node| Some((node.id, run.explain(node.id)?)));
            self.builder.set_whys(whys);
            // A mark of the script may have changed the drawing.
            self.judge();
        }
        self.repaint();
        self.stale = false;
    }

    /// Makes the scene and draws it, whether anything has changed or not.
    pub fn repaint(&mut self) {
        self.build_scene();
        if let Some(painter) = &mut self.painter {
            painter.paint(&self.scene, &self.view);
        }
    }

    /// Makes the scene without painting it.
    pub fn build_scene(&mut self) {
        let (run, scene) = (&self.run, &mut self.scene);
        let drawing = &self.document.drawing;
        self.builder
            .build(run.topology(), drawing, run.world(), &self.view, scene);
    }

    /// Whether signals are to be set now.
    pub fn has_news(&mut self, now_millis: f64) -> bool {
        let moves = self.playing || self.view.draft.moving;
        let due = moves && now_millis - self.said_at_millis >= SAY_MILLIS;
        let news = due || self.unsaid;
        if news {
            self.said_at_millis = now_millis;
            self.unsaid = false;
        }
        news
    }
}

fn subject_name(topology: &Topology, subject: Subject) -> String {
    let name = |id| topology.node(id).map_or("", |node| node.name.as_str());
    match subject {
        Subject::Node(id) => name(id).to_owned(),
        Subject::Link(id) => topology.link(id).map_or_else(String::new, |link| {
            format!("{} → {}", name(link.from), name(link.to))
        }),
    }
}

/// Copies what panels show into the signals. The player must not be borrowed when it is called.
pub fn publish(session: Session) {
    session.player.with_value(|player| {
        let run = player.run();
        set_changed(session.readout, Readout::of(run, player.aim()));
        set_changed(session.playing, player.is_playing());
        set_changed(session.told, player.told());
        let nodes = node_news(player.scene(), run);
        let links = link_news(player.scene(), run);
        session
            .nodes
            .show(&nodes, NodeNews::id, NodeNews::is_said_by, NodeNews::chip);
        session
            .links
            .show(&links, LinkNews::id, LinkNews::is_said_by, LinkNews::chip);
        let boxes = box_chips(player.scene());
        session
            .boxes
            .show(&boxes, BoxChip::id, BoxChip::eq, BoxChip::clone);
        set_changed(session.marks, mark_chips(run));
        set_changed(session.sampled, player.scene().sampled);
        let names = run.world().names().types().map(str::to_owned).collect();
        set_changed(session.legend, names);
        set_changed(session.selection, player.view().selection.clone());
        set_changed(session.facts, player.facts());
        if session
            .findings
            .with_untracked(|old| old != player.findings())
        {
            session.findings.set(player.findings().to_vec());
        }
        let subjects = player.findings().iter();
        let names = subjects.map(|finding| subject_name(run.topology(), finding.subject));
        set_changed(session.finding_names, names.collect());
        set_changed(session.view, player.shown_view());
        let views = player.document().drawing.views.iter();
        let views = views.map(|view| (view.id, view.name.clone())).collect();
        set_changed(session.views, views);
        set_changed(session.title, player.document().name.clone());
        let sheet = session
            .sheet
            .with_untracked(|old| player.sheet(old.as_ref()));
        set_changed(session.sheet, sheet);
    });
}
