//! The table of actions: everything that a person can do without pointing at a place, with its
//! words and keys. Keys, help sheet, menus, toolbar and command palette are made from it.

mod chord;
mod keymap;
mod table;

pub use chord::{Chord, Press};
pub use keymap::Keymap;
pub use table::TABLE;

/// Something that a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Play, or pause.
    PlayPause,
    /// One trace entry on.
    Step,
    /// One speed slower.
    Slower,
    /// One speed faster.
    Faster,
    /// Back to the start.
    ToStart,
    /// From the start again, with the same seed.
    Restart,
    /// From the start again, with another seed.
    RestartNewSeed,
    /// From the start again, without what was done by hand.
    RestartClean,
    /// What is drawn now becomes the start.
    MakeStart,
    /// Changes hold from now on, or from the start on.
    SwitchReach,
    /// The last step is taken back.
    Undo,
    /// The last step that was taken back is done again.
    Redo,
    /// What is selected goes to the clipboard.
    Cut,
    /// A copy of what is selected goes to the clipboard.
    Copy,
    /// What is on the clipboard is added.
    Paste,
    /// A copy of what is selected is added beside it.
    Duplicate,
    /// What is selected is removed.
    Delete,
    /// Everything is selected.
    SelectAll,
    /// Nothing selected, nothing open, nothing begun.
    Clear,
    /// The name of what is selected is changed.
    Rename,
    /// The menu of what is selected, or has the focus.
    OpenMenu,
    /// The settings of what has the focus.
    Inspect,
    /// A link is begun at the selected node.
    Connect,
    /// An end of the selected link is taken to another node.
    Reconnect(End),
    /// The kind with this number in the palette is added.
    Add(u8),
    /// The search field of the palette gets the focus.
    SearchKinds,
    /// A note is added.
    AddNote,
    /// A frame is put around what is selected.
    Frame(FrameKind),
    /// The frame around what is selected is taken away.
    Unframe,
    /// The selected frame becomes one card, or shows its members again.
    Fold,
    /// What is selected is aligned.
    Align(Align),
    /// What is selected gets equal gaps.
    Distribute(Distribute),
    /// Everything, or what is selected, is laid out.
    Layout,
    /// What is selected moves a step of the grid; if nothing is, the canvas moves.
    Nudge(Way),
    /// The same, further.
    NudgeFar(Way),
    /// The selected node crashes.
    Crash,
    /// The selected node works again.
    Revive,
    /// Nothing gets through the selected link.
    CutLink,
    /// The selected link lets everything through again.
    MendLink,
    /// The broker with this number stops, or runs again, wherever what is selected runs on it.
    Broker(u8),
    /// The selected node takes a message by hand.
    Take,
    /// The message in the hand is answered.
    Answer(Verdict),
    /// More time is asked for, for the message in the hand.
    WaitLonger,
    /// Dead letters go back to where they died.
    Redrive,
    /// What waits is thrown away.
    Purge,
    /// The next item on the canvas is selected.
    Next,
    /// The item before is selected.
    Previous,
    /// The node at the other end of a link is selected.
    Along(Way),
    /// The node at the other end of a link is selected as well.
    Extend(Way),
    /// Everything on the screen.
    Fit,
    /// What is selected on the screen.
    FitSelection,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// One pixel of the world on one pixel of the screen.
    ZoomReset,
    /// Things snap while they are moved, or do not.
    SwitchSnap,
    /// The small picture of everything is shown, or not.
    SwitchMinimap,
    /// A press on the canvas selects.
    SelectTool,
    /// A press on the canvas moves it.
    HandTool,
    /// A view of what is selected is made.
    NewView,
    /// Everything is shown.
    ShowAll,
    /// A node is searched for.
    Find,
    /// An action is searched for.
    Command,
    /// The list of problems.
    Problems,
    /// Nodes and links as a table.
    TextView,
    /// The scenario as a text beside the canvas.
    Sketch,
    /// A walk is told step by step.
    Tell,
    /// An empty document is begun.
    NewDocument,
    /// The list of documents.
    Documents,
    /// A file is opened.
    OpenFile,
    /// The document is saved as a file, or its picture.
    Export,
    /// The scenarios that come with the program.
    Gallery,
    /// The run stands still for captions, or does not.
    SwitchCaptions,
    /// The link to the document is copied.
    Share,
    /// The help sheet.
    Help,
    /// The keys are changed.
    Keys,
    /// Light or dark.
    Theme,
}

use super::arrange::{Align, Distribute};
use super::brokers::BrokerDeed;
use super::desk::End;
use crate::engine::Verdict;
use crate::nodes::Kind;
use crate::topology::FrameKind;
use crate::units::sort_by_key;

/// One of four ways on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Way {
    /// One step of it.
    pub const fn step(self) -> (i32, i32) {
        match self {
            Self::Left => (-1, 0),
            Self::Right => (1, 0),
            Self::Up => (0, -1),
            Self::Down => (0, 1),
        }
    }
}

/// A heading of the help sheet and the command palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// How time goes.
    Time,
    /// What goes wrong.
    Faults,
    /// What a person does with messages.
    ByHand,
    /// What changes the drawing.
    Drawing,
    /// Where things lie.
    Arranging,
    /// What is seen.
    Looking,
    /// The page itself.
    Page,
}

impl Heading {
    /// All headings, in the order of the help sheet.
    pub const ALL: [Self; 7] = [
        Self::Time,
        Self::Faults,
        Self::ByHand,
        Self::Drawing,
        Self::Arranging,
        Self::Looking,
        Self::Page,
    ];

    /// Its text.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Faults => "Faults",
            Self::ByHand => "By hand",
            Self::Drawing => "Drawing",
            Self::Arranging => "Arranging",
            Self::Looking => "Looking",
            Self::Page => "Page",
        }
    }
}

/// What a menu is the menu of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The empty canvas.
    Canvas,
    /// One node.
    Node,
    /// Several items.
    Several,
    /// A link.
    Link,
    /// A note.
    Note,
    /// A frame.
    Frame,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is done.
    pub action: Action,
    /// Its name, for ever: changed keys are kept under it.
    pub id: &'static str,
    /// What it does, in words.
    pub words: &'static str,
    /// The heading under which it stands.
    pub heading: Heading,
    /// Its keys, as in "Mod+Shift+Z"; the first is the one that is shown.
    pub keys: &'static [&'static str],
    /// The menus in which it stands.
    pub menus: &'static [Subject],
}

/// What a page lets a person do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    #[default]
    Full,
    /// Everything but what is about documents: none is kept, as inside of another page.
    Sketch,
    /// To watch: what is drawn, and what happens to it, stays as it is.
    Watch,
}

/// What of the moment decides whether an action makes sense.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What the page lets a person do.
    pub access: Access,
    /// How many nodes are selected.
    pub nodes: usize,
    /// How many links are selected.
    pub links: usize,
    /// How many notes are selected.
    pub notes: usize,
    /// How many frames are selected.
    pub frames: usize,
    /// Whether a selected node can crash, and works.
    pub can_crash: bool,
    /// Whether a selected node has crashed.
    pub is_down: bool,
    /// Whether the selected link is cut.
    pub is_cut: bool,
    /// Whether a selected node is inside of a frame.
    pub is_framed: bool,
    /// The step that would be undone.
    pub undo: Option<String>,
    /// The step that would be redone.
    pub redo: Option<String>,
    /// Whether something has happened yet.
    pub has_begun: bool,
    /// Whether something was done by hand.
    pub has_marks: bool,
    /// Whether only a view is shown.
    pub has_view: bool,
    /// Whether the selected node takes messages by hand.
    pub takes: bool,
    /// The message that an answer would be about.
    pub holds: Option<String>,
    /// Whether something waits at the selected node.
    pub waits: bool,
    /// Whether that is a dead letter.
    pub has_dead: bool,
    /// Whether there is a walk to tell.
    pub has_walks: bool,
    /// Whether the brokers run on which what is selected runs, the first one first.
    pub brokers: Vec<bool>,
    /// What these brokers are called together.
    pub brokers_of: String,
}

impl Action {
    /// The row of the table.
    pub fn row(self) -> &'static Row {
        let mut rows = TABLE.iter();
        let row = rows.find(|row| row.action == self);
        // A test goes through all of them.
        row.unwrap_or(&TABLE[0])
    }

    /// The words for a button or menu at this moment: "Undo: move 3 nodes".
    pub fn words(self, facts: &Facts) -> String {
        let words = self.row().words;
        let step = match self {
            Self::Undo => facts.undo.as_deref(),
            Self::Redo => facts.redo.as_deref(),
            Self::Answer(_) | Self::WaitLonger => facts.holds.as_deref(),
            Self::Add(number) => {
                let kind = Kind::ALL.get(usize::from(number));
                return kind.map_or_else(|| words.to_owned(), |kind| add_words(*kind));
            }
            Self::Frame(kind) if facts.is_one_frame() => {
                return format!("Make it a {}", kind.label().to_lowercase());
            }
            Self::Broker(number) => match facts.runs_on(number) {
                Some(runs) => {
                    let deed = if runs {
                        BrokerDeed::Stop
                    } else {
                        BrokerDeed::Start
                    };
                    let words = deed.name(u32::from(number), &facts.brokers_of);
                    return words[..1].to_uppercase() + &words[1..];
                }
                None => None,
            },
            Self::Rename if facts.notes == 1 => return "Edit the text".to_owned(),
            _ => None,
        };
        step.map_or_else(|| words.to_owned(), |step| format!("{words}: {step}"))
    }

    /// Whether a page with such an access has it.
    pub fn is_in(self, access: Access) -> bool {
        match access {
            Access::Full => true,
            Access::Sketch => !self.is_of_whole_page(),
            Access::Watch => self.only_watches(),
        }
    }

    /// Whether it is about documents, or needs room that only the whole page has.
    fn is_of_whole_page(self) -> bool {
        let about_documents = matches!(
            self,
            Self::NewDocument | Self::Documents | Self::OpenFile | Self::Export | Self::Share
        );
        about_documents
            || matches!(
                self,
                Self::Help | Self::Keys | Self::Problems | Self::TextView
            )
    }

    fn only_watches(self) -> bool {
        match self {
            Self::PlayPause | Self::Step | Self::Slower | Self::Faster => true,
            Self::ToStart | Self::Restart | Self::Inspect | Self::SelectAll | Self::Clear => true,
            Self::Next | Self::Previous | Self::Along(_) | Self::Extend(_) => true,
            Self::Theme => true,
            Self::NewView | Self::Problems | Self::TextView => false,
            other => other.row().heading == Heading::Looking,
        }
    }

    /// Whether it makes sense now.
    pub fn applies(self, facts: &Facts) -> bool {
        if !self.is_in(facts.access) {
            return false;
        }
        let items = facts.nodes + facts.notes + facts.frames;
        match self {
            Self::Undo => facts.undo.is_some(),
            Self::Redo => facts.redo.is_some(),
            Self::Cut | Self::Copy | Self::Duplicate => facts.nodes + facts.notes > 0,
            Self::Delete => items + facts.links > 0,
            Self::Rename => items == 1,
            Self::Add(number) => usize::from(number) < Kind::ALL.len(),
            Self::Connect => facts.nodes == 1,
            Self::Reconnect(_) => facts.links == 1,
            Self::Frame(_) => facts.nodes > 0 || facts.is_one_frame(),
            Self::Unframe => facts.frames > 0 || facts.is_framed,
            Self::Fold => facts.frames == 1,
            Self::Align(_) => facts.nodes > 1,
            Self::Distribute(_) => facts.nodes > 2,
            Self::Crash => facts.can_crash,
            Self::Revive => facts.is_down,
            Self::CutLink => facts.links == 1 && !facts.is_cut,
            Self::MendLink => facts.links == 1 && facts.is_cut,
            Self::Broker(number) => facts.runs_on(number).is_some(),
            Self::Take => facts.takes,
            Self::Answer(_) | Self::WaitLonger => facts.holds.is_some(),
            Self::Redrive => facts.has_dead,
            Self::Purge => facts.waits,
            Self::FitSelection | Self::Inspect => items + facts.links > 0,
            Self::MakeStart => facts.has_begun && facts.has_marks,
            Self::RestartClean => facts.has_marks,
            Self::ShowAll => facts.has_view,
            Self::Tell => facts.has_walks,
            _ => true,
        }
    }
}

impl Facts {
    /// Whether a broker runs on which what is selected runs; nothing if there is no such broker.
    pub fn runs_on(&self, number: u8) -> Option<bool> {
        let place = usize::from(number).checked_sub(1)?;
        self.brokers.get(place).copied()
    }

    /// Whether a frame is selected and nothing else.
    pub const fn is_one_frame(&self) -> bool {
        self.frames == 1 && self.nodes + self.links + self.notes == 0
    }
}

/// What adding a kind is called: "Add event store".
pub fn add_words(kind: Kind) -> String {
    format!("Add {}", kind.descriptor().label.to_lowercase())
}

/// The rows of a menu, faults first once something has happened.
pub fn menu(subject: Subject, facts: &Facts) -> Vec<&'static Row> {
    let fits = |row: &&Row| row.menus.contains(&subject) && row.action.applies(facts);
    let mut rows: Vec<&Row> = TABLE.iter().filter(fits).collect();
    if facts.has_begun {
        sort_by_key(&mut rows, |row| row.heading != Heading::Faults);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_given_once() {
        for (n, row) in TABLE.iter().enumerate() {
            assert_eq!(row.action.row().id, row.id, "{} stands twice", row.id);
            for other in &TABLE[..n] {
                assert_ne!(row.id, other.id);
                for key in row.keys {
                    assert!(
                        !other.keys.contains(key),
                        "{key}: {} and {}",
                        row.id,
                        other.id
                    );
                }
            }
        }
    }

    #[test]
    fn a_menu_has_what_makes_sense_and_faults_come_first_while_it_runs() {
        let mut facts = Facts {
            nodes: 1,
            can_crash: true,
            ..Facts::default()
        };
        let drawn = menu(Subject::Node, &facts);
        assert!(drawn.iter().any(|row| row.action == Action::Duplicate));
        assert!(drawn.iter().all(|row| row.action != Action::Revive));
        facts.has_begun = true;
        assert_eq!(menu(Subject::Node, &facts)[0].action, Action::Crash);
    }

    #[test]
    fn who_only_watches_changes_nothing() {
        let watch = |action: Action| action.is_in(Access::Watch);
        for action in [
            Action::PlayPause,
            Action::Fit,
            Action::Inspect,
            Action::Next,
        ] {
            assert!(watch(action), "{action:?}");
        }
        for action in [
            Action::Delete,
            Action::Undo,
            Action::Crash,
            Action::RestartNewSeed,
            Action::RestartClean,
            Action::MakeStart,
            Action::NewView,
            Action::Nudge(Way::Left),
            Action::Documents,
            Action::OpenFile,
        ] {
            assert!(!watch(action), "{action:?}");
        }
        assert!(Action::Delete.is_in(Access::Sketch));
        assert!(!Action::Documents.is_in(Access::Sketch));
        assert!(TABLE.iter().all(|row| row.action.is_in(Access::Full)));
    }

    #[test]
    fn words_name_what_they_are_about() {
        let facts = Facts {
            frames: 1,
            ..Facts::default()
        };
        for (number, kind) in (0..).zip(Kind::ALL) {
            let words = Action::Add(number).words(&facts);
            assert!(
                words
                    .to_lowercase()
                    .ends_with(&kind.descriptor().label.to_lowercase())
            );
        }
        assert!(!Action::Add(200).applies(&facts));
        let frames = menu(Subject::Frame, &facts);
        let words: Vec<_> = frames.iter().map(|row| row.action.words(&facts)).collect();
        assert!(
            words.contains(&"Make it a bounded context".to_owned()),
            "{words:?}"
        );
        assert!(words.contains(&"Rename".to_owned()));
    }

    #[test]
    fn brokers_are_named_with_what_runs_on_them() {
        let facts = Facts {
            nodes: 1,
            brokers: vec![true, false],
            brokers_of: "Orders".to_owned(),
            ..Facts::default()
        };
        let rows = menu(Subject::Node, &facts);
        let words: Vec<_> = rows.iter().map(|row| row.action.words(&facts)).collect();
        assert_eq!(
            words[..2],
            ["Stop broker 1 of Orders", "Start broker 2 of Orders"]
        );
        assert!(!Action::Broker(3).applies(&facts));
    }

    #[test]
    fn undo_says_what_it_undoes() {
        let facts = Facts {
            undo: Some("move 3 nodes".to_owned()),
            ..Facts::default()
        };
        assert_eq!(Action::Undo.words(&facts), "Undo: move 3 nodes");
        assert!(Action::Undo.applies(&facts) && !Action::Redo.applies(&facts));
    }
}
