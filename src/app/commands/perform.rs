//! From the table of actions to the commands.

use leptos::prelude::*;

use crate::app::player::Player;
use crate::app::session::{Dialog, Session, Tool};
use crate::editor::{Action, Camera, Item, Reach, Selection};
use crate::nodes::Kind;
use crate::simulation::Intervention;
use crate::units::SimTime;

/// How many steps of the grid "far" is.
const FAR: i32 = 5;

impl Session {
    /// Does what an action says. Says whether the browser should leave the key alone.
    pub fn perform(&self, action: Action) -> bool {
        if !action.applies(&self.facts.get_untracked()) {
            return false;
        }
        self.menu.set(None);
        match action {
            Action::PlayPause => self.play_pause(),
            Action::Step => self.step(),
            Action::Slower => self.set_speed(self.speed.get_untracked().slower()),
            Action::Faster => self.set_speed(self.speed.get_untracked().faster()),
            Action::ToStart => self.seek(SimTime::ZERO),
            Action::Restart => self.restart(),
            Action::RestartNewSeed => self.restart_new_seed(),
            Action::RestartClean => self.restart_clean(),
            Action::MakeStart => {
                self.edit("make this the start", None, |desk| {
                    desk.make_start();
                    Ok(())
                });
            }
            Action::SwitchReach => self.switch_reach(),
            Action::Undo => self.undo(false),
            Action::Redo => self.undo(true),
            Action::Cut => self.copy(true),
            Action::Copy => self.copy(false),
            Action::Paste => self.paste_clipboard(),
            Action::Duplicate => self.duplicate(),
            Action::Delete => self.delete(),
            Action::SelectAll => self.select_all(),
            Action::Clear => self.clear(),
            Action::Rename => self
                .renaming
                .set(self.selection.with_untracked(Selection::only)),
            Action::OpenMenu => self.open_menu_by_key(),
            Action::Inspect => return self.inspect(),
            Action::Connect => {
                if let Some(Item::Node(node)) = self.selection.with_untracked(Selection::only) {
                    self.begin_link(node);
                }
            }
            Action::Reconnect(end) => self.begin_reconnect(end),
            Action::Add(number) => {
                if let Some(kind) = Kind::ALL.get(usize::from(number)) {
                    self.add_somewhere((*kind).into());
                }
            }
            Action::SearchKinds => crate::app::palette::search(*self),
            Action::AddNote => self.add_note(),
            Action::Frame(kind) => self.frame(kind),
            Action::Unframe => self.unframe(),
            Action::Fold => self.fold(),
            Action::Align(how) => self.align(how),
            Action::Distribute(how) => self.distribute(how),
            Action::Layout => self.lay_out(),
            Action::Nudge(way) => self.nudge(way, 1),
            Action::NudgeFar(way) => self.nudge(way, FAR),
            Action::Crash | Action::Revive => self.crash(action == Action::Crash),
            Action::Broker(number) => self.switch_broker(number),
            Action::Take
            | Action::Answer(_)
            | Action::WaitLonger
            | Action::Redrive
            | Action::Purge => self.do_by_hand(action),
            Action::CutLink | Action::MendLink => self.cut(action == Action::CutLink),
            Action::Next => return self.walk(true),
            Action::Previous => return self.walk(false),
            Action::Along(way) => self.walk_along(way, false),
            Action::Extend(way) => self.walk_along(way, true),
            Action::Fit => self.fit(),
            Action::FitSelection => self.fit_selection(),
            Action::ZoomIn => self.zoom(Camera::ZOOM_STEP),
            Action::ZoomOut => self.zoom(1.0 / Camera::ZOOM_STEP),
            Action::ZoomReset => self.zoom(1.0 / self.camera.get_untracked().zoom),
            Action::SwitchSnap => {
                self.snaps.update(|snaps| *snaps = !*snaps);
                let on = self.snaps.get_untracked();
                self.speak(if on {
                    "Things snap"
                } else {
                    "Things do not snap"
                });
            }
            Action::SwitchMinimap => self.minimap.update(|shown| *shown = !*shown),
            Action::SelectTool => self.tool.set(Tool::Select),
            Action::HandTool => self.tool.set(Tool::Hand),
            Action::NewView => self.new_view(),
            Action::ShowAll => self.show_view(None),
            Action::Find => self.dialog.set(Some(Dialog::Find)),
            Action::Command => self.dialog.set(Some(Dialog::Command)),
            Action::Problems => self.problems_shown.update(|shown| *shown = !*shown),
            Action::Sketch => self.sketch_shown.update(|shown| *shown = !*shown),
            Action::Tell => self.tell(),
            Action::TextView => self.dialog.set(Some(Dialog::TextView)),
            Action::Keys => self.dialog.set(Some(Dialog::Keys)),
            Action::Help => self.dialog.set(Some(Dialog::Help)),
            Action::NewDocument => crate::app::open::fresh(*self),
            Action::Documents => self.dialog.set(Some(Dialog::Documents)),
            Action::OpenFile => self.file_wanted.set(true),
            Action::Export => self.dialog.set(Some(Dialog::Export)),
            Action::Gallery => self.dialog.set(Some(Dialog::Gallery)),
            Action::SwitchCaptions => self.switch_captions(),
            Action::Share => self.dialog.set(Some(Dialog::Share)),
            Action::Theme => self.switch_theme(),
        }
        true
    }

    fn switch_reach(&self) {
        let reach = match self.reach.get_untracked() {
            Some(Reach::FromNow) => Reach::FromStart,
            _ => Reach::FromNow,
        };
        self.set_reach(reach);
        self.speak(match reach {
            Reach::FromNow => "Changes hold from now on",
            Reach::FromStart => "Changes hold from the start on",
        });
    }

    /// Gives up what was begun, then closes what is open, then selects nothing.
    fn clear(&self) {
        self.notice.set(None);
        let begun =
            self.connecting.get_untracked().is_some() || self.quick_add.get_untracked().is_some();
        self.quick_add.set(None);
        self.stop_linking();
        self.act(|player| player.give_up_drag());
        if self.told.with_untracked(Option::is_some) {
            self.act(Player::stop_telling);
            self.speak("The caption is closed");
        } else if begun {
            self.speak("Given up");
        } else if !self.leave_inspector() {
            self.select(Selection::default());
        }
    }

    fn crash(&self, crash: bool) {
        let nodes: Vec<_> = self
            .selection
            .with_untracked(|items| items.nodes().collect());
        for node in nodes {
            self.intervene(if crash {
                Intervention::Crash { node }
            } else {
                Intervention::Restart { node }
            });
        }
    }

    /// A cut is a fault of the moment, whatever holds for other changes.
    fn cut(&self, cut: bool) {
        if let Some(Item::Link(link)) = self.selection.with_untracked(Selection::only) {
            self.set_links(vec![link], "cut", serde_json::json!(cut));
        }
    }
}
