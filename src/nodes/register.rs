//! The register: the closed set of kinds, and the enums that follow from it.

use serde_json::Value;

use super::survey::Untold as _;
use super::whereabouts::TellsNoWay as _;
use super::{Conduct, Descriptor, Picture, SettingsProblem, Survey, settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, LinkIndex, Loan, Message, MessageId, Operation,
    Signal, Stock,
};
use crate::units::SimTime;

macro_rules! register {
    ($($kind:ident in $folder:ident as $name:literal,)+) => {
        /// A kind of node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $name] $kind,)+ }

        impl Kind {
            /// All kinds, in the order of the palette.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)+];

            /// The name in documents.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)+ }
            }

            /// What the kind is.
            pub const fn descriptor(self) -> &'static Descriptor {
                match self { $(Kind::$kind => &super::$folder::DESCRIPTOR,)+ }
            }

            /// The smallest scenario that shows the kind, as a document.
            pub const fn example(self) -> &'static str {
                match self { $(Kind::$kind => include_str!(concat!(
                    stringify!($folder), "/example.json")),)+ }
            }

            /// The settings of a new node.
            pub fn defaults(self) -> Settings {
                match self { $(Kind::$kind => Settings::$kind(Default::default()),)+ }
            }
        }

        /// The settings of a node of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Settings { $(#[doc = $name] $kind(super::$folder::Settings),)+ }

        impl Settings {
            /// The kind that these are settings of.
            pub const fn kind(&self) -> Kind {
                match self { $(Settings::$kind(_) => Kind::$kind,)+ }
            }

            /// The settings as a JSON object.
            pub fn to_json(&self) -> Value {
                match self { $(Settings::$kind(settings) => settings::to_json(settings),)+ }
            }

            /// What a node with these settings does with messages, as far as they say.
            pub fn conduct(&self) -> Conduct<'_> {
                match self { $(Settings::$kind(settings) => settings.conduct(),)+ }
            }

            /// Reads settings from a JSON object; what is left out is as in a new node.
            ///
            /// # Errors
            /// Everything that is wrong, each with its field.
            pub fn from_json(kind: Kind, json: &Value) -> Result<Self, Vec<SettingsProblem>> {
                match kind { $(Kind::$kind => {
                    let read = settings::from_json::<super::$folder::Settings>(
                        json, kind.descriptor().fields)?;
                    let problems = read.problems();
                    if problems.is_empty() { Ok(Settings::$kind(read)) } else { Err(problems) }
                })+ }
            }
        }

        /// A running node of any kind. Its kind stands in a byte of its own, so that telling
        /// kinds apart is one look.
        #[derive(Clone)]
        #[repr(u8)]
        pub enum Node { $(#[doc = $name] $kind(super::$folder::$kind),)+ }

        impl Node {
            /// A node that has not started yet.
            pub fn new(settings: Settings) -> Self {
                match settings {
                    $(Settings::$kind(settings) => {
                        Node::$kind(super::$folder::$kind::new(settings))
                    })+
                }
            }

            /// The message with this id, if the node has it.
            pub fn message(&self, id: MessageId) -> Option<Message> {
                match self { $(Node::$kind(node) => node.message(id).map(owned),)+ }
            }

            /// Where a message is in the node, and how it came there.
            pub fn whereabouts(
                &self, message: &Message, names: &crate::engine::Names,
            ) -> Vec<super::Step> {
                match self { $(Node::$kind(node) => node.whereabouts(message, names),)+ }
            }

            /// What the card shows at `now`.
            pub fn picture(&self, now: SimTime, names: &crate::engine::Names) -> Picture {
                match self { $(Node::$kind(node) => node.picture(now, names),)+ }
            }

            /// Its partitions, brokers and groups; none if it has no partitions.
            pub fn survey(&self) -> Option<Survey> {
                match self { $(Node::$kind(node) => node.survey(),)+ }
            }
        }

        impl Behaviour for Node {
            type Settings = Settings;

            #[inline]
            fn start(&mut self, context: &mut Context<'_>) {
                match self { $(Node::$kind(node) => node.start(context),)+ }
            }

            #[inline(always)]
            fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
                match self { $(Node::$kind(node) => node.receive(context, arrival),)+ }
            }

            fn receive_asked(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
                match self { $(Node::$kind(node) => node.receive_asked(context, arrival),)+ }
            }

            #[inline(always)]
            fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
                match self { $(Node::$kind(node) => node.signal(context, link, signal),)+ }
            }

            #[inline(always)]
            fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
                match self { $(Node::$kind(node) => node.wake(context, tag, word),)+ }
            }

            fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
                match (self, settings) {
                    $((Node::$kind(node), Settings::$kind(settings)) => {
                        node.configure(context, settings);
                    })+
                    _ => unreachable!("settings are read for the node's own kind"),
                }
            }

            fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
                match self { $(Node::$kind(node) => node.suffer(context, fault),)+ }
            }

            fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
                match self { $(Node::$kind(node) => node.operate(context, operation),)+ }
            }

            fn stock(&self, most: usize) -> Option<Stock> {
                match self { $(Node::$kind(node) => node.stock(most),)+ }
            }

            fn loan(&self, message: MessageId) -> Option<Loan> {
                match self { $(Node::$kind(node) => node.loan(message),)+ }
            }

            fn relink(&mut self, context: &mut Context<'_>) {
                match self { $(Node::$kind(node) => node.relink(context),)+ }
            }

            fn holdings(&self) -> Holdings {
                match self { $(Node::$kind(node) => node.holdings(),)+ }
            }

            fn bytes(&self) -> usize {
                match self { $(Node::$kind(node) => node.bytes(),)+ }
            }
        }
    };
}

register! {
    Producer in producer as "producer",
    Topic in topic as "topic",
    Exchange in exchange as "exchange",
    Queue in queue as "queue",
    PartitionedLog in log as "log",
    Service in service as "service",
    Database in database as "database",
    Aggregate in aggregate as "aggregate",
    EventStore in event_store as "event_store",
    Projection in projection as "projection",
}

/// Some kinds have a message as it is, others make it anew of what they keep.
fn owned(message: impl std::borrow::Borrow<Message>) -> Message {
    *message.borrow()
}

impl Kind {
    /// The kind with this name in documents.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_describe_exactly_the_settings() {
        for kind in Kind::ALL {
            let json = kind.defaults().to_json();
            let mut settings: Vec<&str> = json
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
                .collect();
            let mut fields: Vec<&str> = kind
                .descriptor()
                .fields
                .iter()
                .map(|field| field.name)
                .collect();
            settings.sort_unstable();
            fields.sort_unstable();
            assert_eq!(settings, fields, "{}", kind.name());
            assert!(
                kind.descriptor()
                    .fields
                    .iter()
                    .all(|field| !field.help.is_empty())
            );
        }
    }

    #[test]
    fn defaults_are_allowed_and_survive_the_round_trip() {
        for kind in Kind::ALL {
            let settings = kind.defaults();
            let read = Settings::from_json(*kind, &settings.to_json());
            assert_eq!(read, Ok(settings), "{}", kind.name());
        }
    }

    #[test]
    fn an_unknown_setting_is_named() {
        for kind in Kind::ALL {
            let json = serde_json::json!({ "colour": "red" });
            let problems = Settings::from_json(*kind, &json).unwrap_err();
            assert!(problems[0].what.contains("colour"), "{problems:?}");
        }
    }
}
