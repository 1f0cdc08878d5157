//! Texts that messages refer to by number: event types and keys.

use std::sync::Arc;

use indexmap::IndexSet;

/// The number of an event type in the run's [`Names`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(pub u16);

/// The number of a message key in the run's [`Names`]. Zero is "no key".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u32);

/// All event types and keys of a run, in order of first use. Clones share their texts.
#[derive(Clone, Debug)]
pub struct Names {
    types: Arc<IndexSet<Box<str>>>,
    keys: Arc<IndexSet<Box<str>>>,
}

impl Default for Names {
    fn default() -> Self {
        let no_key = IndexSet::from([Box::from("")]);
        Self {
            types: Arc::default(),
            keys: Arc::new(no_key),
        }
    }
}

impl Names {
    /// Most event types in one run.
    pub const TYPES_MAX: usize = u16::MAX as usize;

    /// The number of the event type `name`, which is new or known. Past the most types, the last.
    pub fn event_type(&mut self, name: &str) -> EventType {
        if let Some(index) = self.types.get_index_of(name) {
            return EventType(index as u16);
        }
        if self.types.len() >= Self::TYPES_MAX {
            return EventType(self.types.len() as u16 - 1);
        }
        EventType(Arc::make_mut(&mut self.types).insert_full(name.into()).0 as u16)
    }

    /// The number of the key `text`, which is new or known.
    pub fn key(&mut self, text: &str) -> Key {
        if let Some(index) = self.keys.get_index_of(text) {
            return Key(index as u32);
        }
        Key(Arc::make_mut(&mut self.keys).insert_full(text.into()).0 as u32)
    }

    /// The name of an event type.
    pub fn type_name(&self, event_type: EventType) -> &str {
        self.types
            .get_index(usize::from(event_type.0))
            .map_or("", |name| name)
    }

    /// The text of a key.
    pub fn key_text(&self, key: Key) -> &str {
        self.keys.get_index(key.0 as usize).map_or("", |text| text)
    }

    /// All event types, in order of first use.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(|name| &**name)
    }
}
