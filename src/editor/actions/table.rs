//! The rows of the table of actions, in the order of menus and of the help sheet.

use super::Action::*;
use super::Subject::{Canvas, Link, Node, Note, Several};
use super::{Heading, Row, Subject, Way};
use crate::editor::End;
use crate::editor::arrange::{Align, Distribute};
use crate::engine::Verdict;
use crate::topology::FrameKind;

macro_rules! table {
    ($($action:expr_2021 => $id:literal $words:literal $heading:ident
        [$($key:literal)*] [$($menu:expr_2021),*];)+) => {
        /// Everything that can be done.
        pub const TABLE: &[Row] = &[$(Row {
            action: $action,
            id: $id,
            words: $words,
            heading: Heading::$heading,
            keys: &[$($key),*],
            menus: &[$($menu),*],
        },)+];
    };
}

// Each row: what is done, its name, its words, its heading, its keys, the menus it stands in.
table! {
    Crash => "crash" "Crash" Faults ["K"] [Node];
    Revive => "revive" "Restart it" Faults ["Shift+K"] [Node];
    CutLink => "cut-link" "Cut it: nothing gets through" Faults [] [Link];
    MendLink => "mend-link" "Mend it: let everything through" Faults [] [Link];
    Broker(1) => "broker-1" "Stop or start broker 1" Faults [] [Node, Subject::Frame];
    Broker(2) => "broker-2" "Stop or start broker 2" Faults [] [Node, Subject::Frame];
    Broker(3) => "broker-3" "Stop or start broker 3" Faults [] [Node, Subject::Frame];
    Broker(4) => "broker-4" "Stop or start broker 4" Faults [] [Node, Subject::Frame];
    Broker(5) => "broker-5" "Stop or start broker 5" Faults [] [Node, Subject::Frame];
    Take => "take" "Take a message by hand" ByHand ["U"] [Node];
    Answer(Verdict::Ack) => "acknowledge" "Acknowledge" ByHand ["A"] [Node];
    Answer(Verdict::Requeue) => "requeue" "Requeue" ByHand ["B"] [Node];
    Answer(Verdict::Reject) => "reject" "Reject" ByHand ["X"] [Node];
    WaitLonger => "wait-longer" "Wait longer" ByHand ["L"] [Node];
    Redrive => "redrive" "Send all dead letters back to where they died" ByHand [] [Node];
    Purge => "purge" "Purge: throw away all that waits" ByHand [] [Node];
    PlayPause => "play-pause" "Play or pause" Time ["Space"] [Canvas];
    Step => "step" "Step one trace entry" Time ["."] [];
    Slower => "slower" "Slower" Time ["["] [];
    Faster => "faster" "Faster" Time ["]"] [];
    ToStart => "to-start" "Back to the start" Time ["Home"] [];
    Restart => "restart" "Restart with the same seed" Time ["R"] [];
    RestartNewSeed => "restart-new-seed" "Restart with a new seed" Time ["Shift+R"] [];
    RestartClean => "restart-clean" "Restart without what was done by hand" Time [] [];
    MakeStart => "make-start" "Make this the start" Time [] [Canvas];
    SwitchReach => "switch-reach" "Let changes hold from now on, or from the start on" Time [] [];
    SwitchCaptions => "switch-captions" "Stop for captions, or do not" Time ["Shift+C"] [];
    Undo => "undo" "Undo" Drawing ["Mod+Z"] [Canvas];
    Redo => "redo" "Redo" Drawing ["Mod+Shift+Z" "Mod+Y"] [Canvas];
    OpenMenu => "open-menu" "Menu of what is selected"
        Drawing ["Shift+F10" "ContextMenu"] [];
    Inspect => "inspect" "Settings" Drawing ["Enter"] [Node, Several, Link];
    Rename => "rename" "Rename" Drawing ["F2"] [Node, Subject::Frame, Note];
    Connect => "connect" "Draw a link from here" Drawing ["C"] [Node];
    Reconnect(End::From) => "reconnect-from" "Let it come from another node" Drawing [] [Link];
    Reconnect(End::To) => "reconnect-to" "Let it go to another node" Drawing [] [Link];
    Duplicate => "duplicate" "Duplicate" Drawing ["Mod+D"] [Node, Several, Note];
    Cut => "cut" "Cut" Drawing ["Mod+X"] [Node, Several, Note];
    Copy => "copy" "Copy" Drawing ["Mod+C"] [Node, Several, Note];
    Paste => "paste" "Paste" Drawing ["Mod+V"] [Canvas];
    Delete => "delete" "Delete"
        Drawing ["Delete" "Backspace"] [Node, Several, Link, Note, Subject::Frame];
    SelectAll => "select-all" "Select everything" Drawing ["Mod+A"] [Canvas];
    Clear => "clear" "Give up what was begun, select nothing" Drawing ["Escape"] [];
    Add(0) => "add-1" "Add the first kind of the palette" Drawing ["1"] [];
    Add(1) => "add-2" "Add the second kind of the palette" Drawing ["2"] [];
    Add(2) => "add-3" "Add the third kind of the palette" Drawing ["3"] [];
    Add(3) => "add-4" "Add the fourth kind of the palette" Drawing ["4"] [];
    Add(4) => "add-5" "Add the fifth kind of the palette" Drawing ["5"] [];
    Add(5) => "add-6" "Add the sixth kind of the palette" Drawing ["6"] [];
    Add(6) => "add-7" "Add the seventh kind of the palette" Drawing ["7"] [];
    Add(7) => "add-8" "Add the eighth kind of the palette" Drawing ["8"] [];
    Add(8) => "add-9" "Add the ninth kind of the palette" Drawing ["9"] [];
    Add(9) => "add-10" "Add the tenth kind of the palette" Drawing ["0"] [];
    SearchKinds => "search-kinds" "Search the palette" Drawing ["/"] [];
    AddNote => "add-note" "Add a note" Drawing ["N"] [Canvas];
    Frame(FrameKind::Group) => "frame" "Put a frame around it"
        Drawing ["Mod+G"] [Node, Several, Subject::Frame];
    Frame(FrameKind::Broker) => "frame-broker" "Frame it as a broker"
        Drawing [] [Several, Subject::Frame];
    Frame(FrameKind::Context) => "frame-context" "Frame it as a bounded context"
        Drawing [] [Several, Subject::Frame];
    Frame(FrameKind::Region) => "frame-region" "Frame it as a region"
        Drawing [] [Several, Subject::Frame];
    Unframe => "unframe" "Take the frame away"
        Drawing ["Mod+Shift+G"] [Node, Several, Subject::Frame];
    Fold => "fold" "Fold the frame, or unfold it" Drawing ["Shift+F"] [Subject::Frame];
    Layout => "layout" "Lay out everything, or what is selected"
        Arranging ["Shift+A"] [Canvas, Several];
    Align(Align::Left) => "align-left" "Align left" Arranging ["Alt+A"] [Several];
    Align(Align::Centre) => "align-centre" "Align centres" Arranging ["Alt+H"] [Several];
    Align(Align::Right) => "align-right" "Align right" Arranging ["Alt+D"] [Several];
    Align(Align::Top) => "align-top" "Align top" Arranging ["Alt+W"] [Several];
    Align(Align::Middle) => "align-middle" "Align middles" Arranging ["Alt+V"] [Several];
    Align(Align::Bottom) => "align-bottom" "Align bottom" Arranging ["Alt+S"] [Several];
    Distribute(Distribute::Horizontally) => "distribute-across" "Distribute across"
        Arranging ["Alt+Shift+H"] [Several];
    Distribute(Distribute::Vertically) => "distribute-down" "Distribute down"
        Arranging ["Alt+Shift+V"] [Several];
    Nudge(Way::Left) => "nudge-left" "Move to the left" Arranging ["ArrowLeft"] [];
    Nudge(Way::Right) => "nudge-right" "Move to the right" Arranging ["ArrowRight"] [];
    Nudge(Way::Up) => "nudge-up" "Move up" Arranging ["ArrowUp"] [];
    Nudge(Way::Down) => "nudge-down" "Move down" Arranging ["ArrowDown"] [];
    NudgeFar(Way::Left) => "nudge-far-left" "Move far to the left" Arranging ["Shift+ArrowLeft"] [];
    NudgeFar(Way::Right) => "nudge-far-right" "Move far to the right"
        Arranging ["Shift+ArrowRight"] [];
    NudgeFar(Way::Up) => "nudge-far-up" "Move far up" Arranging ["Shift+ArrowUp"] [];
    NudgeFar(Way::Down) => "nudge-far-down" "Move far down" Arranging ["Shift+ArrowDown"] [];
    SwitchSnap => "switch-snap" "Snap to the grid and to other cards, or not"
        Arranging ["Mod+'"] [Canvas];
    Next => "next" "Next node or link" Looking ["Tab"] [];
    Previous => "previous" "Node or link before" Looking ["Shift+Tab"] [];
    Along(Way::Left) => "along-left" "Along a link to the left" Looking ["Alt+ArrowLeft"] [];
    Along(Way::Right) => "along-right" "Along a link to the right" Looking ["Alt+ArrowRight"] [];
    Along(Way::Up) => "along-up" "Along a link upwards" Looking ["Alt+ArrowUp"] [];
    Along(Way::Down) => "along-down" "Along a link downwards" Looking ["Alt+ArrowDown"] [];
    Extend(Way::Left) => "extend-left" "Also select along a link to the left"
        Looking ["Alt+Shift+ArrowLeft"] [];
    Extend(Way::Right) => "extend-right" "Also select along a link to the right"
        Looking ["Alt+Shift+ArrowRight"] [];
    Extend(Way::Up) => "extend-up" "Also select along a link upwards"
        Looking ["Alt+Shift+ArrowUp"] [];
    Extend(Way::Down) => "extend-down" "Also select along a link downwards"
        Looking ["Alt+Shift+ArrowDown"] [];
    Fit => "fit" "Fit everything" Looking ["Shift+1"] [Canvas];
    FitSelection => "fit-selection" "Fit what is selected"
        Looking ["Shift+2"] [Node, Several, Subject::Frame];
    ZoomIn => "zoom-in" "Zoom in" Looking ["Mod+=" "Mod++"] [];
    ZoomOut => "zoom-out" "Zoom out" Looking ["Mod+-" "Mod+_"] [];
    ZoomReset => "zoom-reset" "Zoom to 100 %" Looking ["Mod+0"] [];
    SelectTool => "select-tool" "Tool: select" Looking ["V"] [];
    HandTool => "hand-tool" "Tool: move the canvas" Looking ["H"] [];
    SwitchMinimap => "switch-minimap" "Show or hide the minimap" Looking ["M"] [Canvas];
    NewView => "new-view" "Make a view of what is selected, or of what is on the screen"
        Looking [] [Canvas, Several, Subject::Frame];
    ShowAll => "show-all" "Show everything, not just a view" Looking ["Shift+0"] [Canvas];
    Find => "find" "Find a node" Looking ["Mod+F"] [Canvas];
    Problems => "problems" "Problems" Looking ["Shift+P"] [Canvas];
    Sketch => "sketch" "Scenario as text, beside the canvas" Looking ["E"] [Canvas];
    Tell => "tell" "Tell a walk-through step by step" Looking ["W"] [Canvas];
    TextView => "text-view" "Nodes and links as a table" Looking ["Shift+T"] [];
    Command => "command" "Do anything by its name" Page ["Mod+K" "Mod+/"] [];
    NewDocument => "new-document" "New document" Page [] [];
    Gallery => "gallery" "Gallery of scenarios" Page ["G"] [Canvas];
    Documents => "documents" "Documents" Page ["Mod+Shift+O"] [];
    OpenFile => "open-file" "Open a file" Page ["Mod+O"] [];
    Export => "export" "Save or export" Page ["Mod+E" "Mod+Shift+S"] [];
    Share => "share" "Share a link" Page ["Mod+S"] [Canvas];
    Help => "help" "Help and keys" Page ["?"] [];
    Keys => "keys" "Change the keys" Page [] [];
    Theme => "theme" "Light or dark" Page ["T" "Alt+Shift+D"] [];
}
