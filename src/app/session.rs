//! What the components share: the player, and the few signals that show it.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::chips::Chips;
use super::player::{Player, Told};
use crate::editor::actions::{Access, Facts, Keymap, Subject};
use crate::editor::boxes::BoxChip;
use crate::editor::panel::{LinkChip, MarkChip, NodeChip, Readout, Sheet};
use crate::editor::tempo::Speed;
use crate::editor::{Camera, End, Glide, Item, Point, Reach, Selection};
use crate::engine::MessageId;
use crate::topology::{Finding, Problem};
use crate::units::{LinkId, NodeId, ViewId, WalkId};

/// After so long without another step it is said where something ended.
const REST_MILLIS: u32 = 700;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What a press on the canvas does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// It selects, and moves what it selects.
    #[default]
    Select,
    /// It moves the canvas.
    Hand,
}

/// A dialog of the page; at most one is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The help sheet.
    Help,
    /// The keys, to change them.
    Keys,
    /// A node is searched for.
    Find,
    /// An action is searched for.
    Command,
    /// Nodes and links as a table.
    TextView,
    /// From when on a change holds.
    Reach,
    /// The list of documents.
    Documents,
    /// Files and pictures of the document.
    Export,
    /// A link to the scenario, and what goes into it.
    Share,
    /// What to do with the scenario that a link carries.
    Offered,
    /// A file from somewhere else is to be loaded.
    Fetch,
    /// Scenarios that come with the program.
    Gallery,
    /// What was not understood of what was opened.
    Remarks,
}

impl Dialog {
    /// Its name for scripts that look at the page from outside.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Keys => "keys",
            Self::Find => "find",
            Self::Command => "command",
            Self::TextView => "text-view",
            Self::Reach => "reach",
            Self::Documents => "documents",
            Self::Export => "export",
            Self::Share => "share",
            Self::Offered => "offered",
            Self::Fetch => "fetch",
            Self::Gallery => "gallery",
            Self::Remarks => "remarks",
        }
    }
}

/// A menu at a point of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Menu {
    /// Where it opens, on the canvas.
    pub at: Point,
    /// What it is the menu of.
    pub subject: Subject,
    /// The message at that place.
    pub message: Option<MessageId>,
}

/// A scenario that a link carries, for which the user is asked what to do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The link.
    pub fragment: String,
    /// The scenario's name.
    pub name: String,
    /// What is in it, in words.
    pub content: String,
}

/// A list of kinds at a place of the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuickAdd {
    /// Where it opens, on the canvas.
    pub at_in_screen: Point,
    /// The node from which a link was drawn to that place.
    pub from: Option<NodeId>,
}

/// A command that waits for an answer.
pub type Postponed = Box<dyn FnOnce(Session)>;

/// Something that is said to the user once.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What is said.
    pub text: String,
    /// Whether something went wrong.
    pub trouble: bool,
    /// What can be done about it with one press.
    pub offer: Option<Offer>,
}

/// What a note offers to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Put back the document that was deleted.
    UndoDelete,
    /// Save the document as a file.
    Download,
}

/// What the components share. Signals follow the player at most ten times a second; the world
/// itself is in none of them.
#[derive(Clone, Copy)]
pub struct Session {
    /// What the person may do.
    pub access: Access,
    /// Owns the run.
    pub player: StoredValue<Player, LocalStorage>,
    /// Time, digest and the like.
    pub readout: RwSignal<Readout>,
    /// The caption on the screen.
    pub told: RwSignal<Option<Told>>,
    /// Whether the run stands still for captions.
    pub tells: RwSignal<bool>,
    /// Whether the run goes on.
    pub playing: RwSignal<bool>,
    /// Simulated time per real second.
    pub speed: RwSignal<Speed>,
    /// What is selected.
    pub selection: RwSignal<Selection>,
    /// What of the moment decides which actions make sense.
    pub facts: RwSignal<Facts>,
    /// Which keys do what.
    pub keymap: RwSignal<Keymap>,
    /// What a press on the canvas does.
    pub tool: RwSignal<Tool>,
    /// From when on changes hold that are made while it runs, once the person has said so.
    pub reach: RwSignal<Option<Reach>>,
    /// What is to be done once the person has said from when on.
    pub postponed: StoredValue<Option<Postponed>, LocalStorage>,
    /// The dialog that is open.
    pub dialog: RwSignal<Option<Dialog>>,
    /// The menu that is open.
    pub menu: RwSignal<Option<Menu>>,
    /// The list of kinds that is open at a place of the canvas.
    pub quick_add: RwSignal<Option<QuickAdd>>,
    /// Whether the palette is a rail of glyphs.
    pub rail: RwSignal<bool>,
    /// Whether the palette lies open over the canvas of a phone.
    pub adding: RwSignal<bool>,
    /// Whether the inspector of a phone is put away.
    pub sheet_away: RwSignal<bool>,
    /// The node from which a link is drawn by two clicks, or by keys.
    pub connecting: RwSignal<Option<NodeId>>,
    /// The end of a link that the link being drawn takes somewhere else; a new link without.
    pub reconnecting: StoredValue<Option<(LinkId, End)>>,
    /// What is being renamed on the canvas.
    pub renaming: RwSignal<Option<Item>>,
    /// Whether things snap while they are moved.
    pub snaps: RwSignal<bool>,
    /// Whether the minimap is shown.
    pub minimap: RwSignal<bool>,
    /// The view that is shown, if not everything is.
    pub view: RwSignal<Option<ViewId>>,
    /// What is likely wrong with the drawing.
    pub findings: RwSignal<Vec<Finding>>,
    /// The names of what the findings are about.
    pub finding_names: RwSignal<Vec<String>>,
    /// Whether the scenario stands as a text beside the canvas.
    pub sketch_shown: RwSignal<bool>,
    /// The walk that is told, and how many of its steps were.
    pub walk_step: RwSignal<Option<(WalkId, usize)>>,
    /// What was not understood of what was opened.
    pub remarks: RwSignal<Vec<Problem>>,
    /// Whether the list of problems is shown.
    pub problems_shown: RwSignal<bool>,
    /// All views of the document, with their names.
    pub views: RwSignal<Vec<(ViewId, String)>>,
    /// The node or link that had the focus last.
    pub focused: RwSignal<Option<Item>>,
    /// The dialog that comes back when the question in front of it is answered.
    pub dialog_below: StoredValue<Option<Dialog>>,
    /// What is said when nothing more happens for a moment.
    pub soon: StoredValue<Option<Timeout>, LocalStorage>,
    /// What the inspector shows.
    pub sheet: RwSignal<Option<Sheet>>,
    /// The headings below which settings are shown.
    pub groups_open: RwSignal<Vec<&'static str>>,
    /// The nodes, for those who do not see the canvas.
    pub nodes: Chips<NodeChip>,
    /// The links, likewise.
    pub links: Chips<LinkChip>,
    /// Frames and notes, likewise.
    pub boxes: Chips<BoxChip>,
    /// What was done by hand.
    pub marks: RwSignal<Vec<MarkChip>>,
    /// Names of the event types that occurred, by their number.
    pub legend: RwSignal<Vec<String>>,
    /// Whether some links show a sample of their messages only.
    pub sampled: RwSignal<bool>,
    /// What part of the world is on the screen.
    pub camera: RwSignal<Camera>,
    /// Which scenario it is: the slug of an example, or empty.
    pub scenario: RwSignal<String>,
    /// Name of the scenario.
    pub title: RwSignal<String>,
    /// What to try in the scenario.
    pub hint: RwSignal<String>,
    /// What the scenario is about.
    pub about: RwSignal<String>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    /// Something to say.
    pub notice: RwSignal<Option<Notice>>,
    /// What a screen reader says when it changes.
    pub spoken: RwSignal<String>,
    /// The link for which the user is asked.
    pub offered: RwSignal<Option<Offered>>,
    /// Whether each change of the document is kept.
    pub all_kept: RwSignal<bool>,
    /// Whether the user wants to choose a file.
    pub file_wanted: RwSignal<bool>,
    /// Whether the page is ready for use.
    pub ready: RwSignal<bool>,
    /// The fragment with which the page was opened.
    pub opened_with: StoredValue<String>,
    /// Whether the rest of the program is there.
    pub whole: RwSignal<bool>,
    /// Whether the camera shows everything, until the user moves it.
    pub fitted: StoredValue<bool>,
    /// A camera on its way.
    pub glide: StoredValue<Option<Glide>>,
}

impl Session {
    /// A session around a player that stands at its start.
    pub fn new(mut player: Player, theme: Theme, access: Access) -> Self {
        player.set_access(access);
        Self {
            access,
            player: StoredValue::new_local(player),
            readout: RwSignal::default(),
            told: RwSignal::new(None),
            tells: RwSignal::new(true),
            playing: RwSignal::new(false),
            speed: RwSignal::default(),
            selection: RwSignal::default(),
            facts: RwSignal::default(),
            keymap: RwSignal::default(),
            tool: RwSignal::default(),
            reach: RwSignal::new(None),
            postponed: StoredValue::new_local(None),
            dialog: RwSignal::new(None),
            menu: RwSignal::new(None),
            quick_add: RwSignal::new(None),
            rail: RwSignal::new(false),
            adding: RwSignal::new(false),
            sheet_away: RwSignal::new(false),
            connecting: RwSignal::new(None),
            reconnecting: StoredValue::new(None),
            renaming: RwSignal::new(None),
            snaps: RwSignal::new(true),
            minimap: RwSignal::new(false),
            view: RwSignal::new(None),
            findings: RwSignal::default(),
            finding_names: RwSignal::default(),
            sketch_shown: RwSignal::new(false),
            walk_step: RwSignal::new(None),
            remarks: RwSignal::default(),
            problems_shown: RwSignal::new(false),
            views: RwSignal::default(),
            focused: RwSignal::new(None),
            dialog_below: StoredValue::new(None),
            soon: StoredValue::new_local(None),
            sheet: RwSignal::new(None),
            groups_open: RwSignal::default(),
            nodes: Chips::new(),
            links: Chips::new(),
            boxes: Chips::new(),
            marks: RwSignal::default(),
            legend: RwSignal::default(),
            sampled: RwSignal::new(false),
            camera: RwSignal::default(),
            scenario: RwSignal::default(),
            title: RwSignal::default(),
            hint: RwSignal::default(),
            about: RwSignal::default(),
            theme: RwSignal::new(theme),
            notice: RwSignal::new(None),
            spoken: RwSignal::default(),
            offered: RwSignal::new(None),
            all_kept: RwSignal::new(true),
            file_wanted: RwSignal::new(false),
            ready: RwSignal::new(false),
            opened_with: StoredValue::default(),
            whole: RwSignal::new(false),
            fitted: StoredValue::new(true),
            glide: StoredValue::new(None),
        }
    }

    /// Whether a dialog is open.
    pub fn is_open(&self, dialog: Dialog) -> bool {
        self.dialog.get() == Some(dialog)
    }

    /// Closes the dialog that is open.
    pub fn close_dialog(&self) {
        if self.dialog.get_untracked().is_some() {
            self.dialog.set(None);
        }
    }

    /// Says something to everybody.
    pub fn say(&self, text: impl Into<String>, trouble: bool) {
        self.notice.set(Some(Notice {
            text: text.into(),
            trouble,
            offer: None,
        }));
    }

    /// Says something to everybody, with a button that does something about it.
    pub fn offer(&self, text: impl Into<String>, trouble: bool, offer: Offer) {
        self.notice.set(Some(Notice {
            text: text.into(),
            trouble,
            offer: Some(offer),
        }));
    }

    /// Says something to those who do not see the screen.
    pub fn speak(&self, text: impl Into<String>) {
        self.soon.set_value(None);
        self.spoken.set(text.into());
    }

    /// Says it when nothing more happens for a moment.
    pub fn speak_soon(&self, text: String) {
        let spoken = self.spoken;
        let soon = Timeout::new(REST_MILLIS, move || spoken.set(text));
        self.soon.set_value(Some(soon));
    }
}

/// The session of the page.
pub fn use_session() -> Session {
    expect_context::<Session>()
}

/// Sets a signal if that changes it.
pub fn set_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
