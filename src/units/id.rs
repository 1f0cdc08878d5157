//! Ids of what is drawn. They come from a counter in the document and are never used again.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident in words $word:literal,)+) => {$(
        $(#[$about])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
            Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($word, " {}"), self.0)
            }
        }
    )+};
}

ids! {
    /// The id of a node, for the whole life of its document.
    NodeId in words "node",
    /// The id of a link, from the same counter as the ids of nodes.
    LinkId in words "link",
    /// The id of a note, from the same counter.
    NoteId in words "note",
    /// The id of a frame, from the same counter.
    FrameId in words "frame",
    /// The id of a view, from the same counter.
    ViewId in words "view",
    /// The id of a walk, from the same counter.
    WalkId in words "walk",
}
