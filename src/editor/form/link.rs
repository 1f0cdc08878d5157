//! The settings of links, as fields of a form: kinds describe their own, links are nobody's.

use crate::nodes::{Control, Field, Needs};

/// The settings of every link, in the order in which they are shown.
pub const LINK_FIELDS: &[Field] = &[
    Field {
        name: "latency",
        label: "Latency",
        help: "Time from one end to the other, for messages and for answers. What is sent later \
               never overtakes, unless reordering lets it.",
        control: Control::Spread,
        aliases: &["delay", "lag"],
        ..Field::PLAIN
    },
    Field {
        name: "loss",
        label: "Loss",
        help: "Chance that what the link carries is lost, answers included.",
        control: Control::Chance,
        aliases: &["lost", "drop"],
        ..Field::PLAIN
    },
    Field {
        name: "types",
        label: "Only these types",
        help: "The event types that take this link, with commas between them; all without.",
        control: Control::Words,
        aliases: &["event types", "filter"],
        ..Field::PLAIN
    },
    Field {
        name: "filter",
        label: "Filter policy",
        help: "Which messages this subscription wants, in the language of Amazon SNS; null for \
               all. Anything-but does not take a message without the attribute, takes a list with \
               one element outside, and a number in a text is no number.",
        control: Control::Json,
        aliases: &["subscription", "SNS"],
        ..Field::PLAIN
    },
    Field {
        name: "binding",
        label: "Binding key",
        help: "Which routing keys take this link. For a topic exchange * is exactly one word and \
               # any number, none included: a.# takes a as well. For NATS > is one or more at the \
               end: a.> does not take a. Inside of a word they are ordinary letters.",
        control: Control::Text(255),
        aliases: &["routing key", "pattern", "subject", "wildcard"],
        ..Field::PLAIN
    },
    Field {
        name: "group",
        label: "Group",
        help: "Of a partitioned log: the consumer group, whose members share the partitions; \
               without one the consumer has a group of its own. For NATS subjects: of the \
               subscriptions of a group one gets the message, by chance and not in turn.",
        control: Control::Text(200),
        aliases: &["queue group", "consumer group"],
        ..Field::PLAIN
    },
    Field {
        name: "calls",
        label: "Waits for the answer",
        help: "The sender makes a request for each message it works on, and its worker waits \
               until the answer is there: what is slow or down behind it is so for it, too. \
               Without, it emits events and waits for nobody.",
        control: Control::Toggle,
        aliases: &["request", "response", "RPC", "synchronous"],
        ..Field::PLAIN
    },
    Field {
        name: "bandwidth",
        label: "Bandwidth",
        unit: "bytes/s",
        help: "Bytes a second in each direction; 0 for no limit. Messages leave one after the \
               other, each with its body and 250 bytes of envelope: those that carry much state \
               hold up those behind them.",
        control: Control::Rate,
        aliases: &["throughput"],
        heading: "Network faults",
        ..Field::PLAIN
    },
    Field {
        name: "duplication",
        label: "Duplication",
        help: "Chance that a message arrives a second time.",
        control: Control::Chance,
        aliases: &["duplicates"],
        heading: "Network faults",
        ..Field::PLAIN
    },
    Field {
        name: "reordering",
        label: "Reordering",
        help: "Chance that a message is held back for a second latency, so that later ones \
               overtake it.",
        control: Control::Chance,
        aliases: &["order"],
        heading: "Network faults",
        ..Field::PLAIN
    },
    Field {
        name: "cut",
        label: "Cut",
        help: "Nothing gets through, in neither direction.",
        control: Control::Toggle,
        aliases: &["partition", "disconnect"],
        heading: "Network faults",
        ..Field::PLAIN
    },
    Field {
        name: "filter_scope",
        label: "The filter looks at",
        help: "Attributes are the event's headers, its type, and its key as subject. In bodies \
               all that is wanted of one object has to be in the same element of a list.",
        control: Control::Choice(&[("attributes", "Attributes"), ("body", "Body")]),
        heading: "What it takes",
        needs: Some(Needs::set("filter")),
        ..Field::PLAIN
    },
    Field {
        name: "arguments",
        label: "Binding arguments",
        help: "For a headers exchange: the headers wanted, and x-match (all, any, all-with-x, \
               any-with-x). With no header, all takes everything and any nothing; 1 is not \"1\"; \
               names that begin with x- count only with -with-x.",
        control: Control::Json,
        aliases: &["headers", "x-match"],
        heading: "What it takes",
        ..Field::PLAIN
    },
    Field {
        name: "alternate",
        label: "Alternate exchange",
        help: "Takes only what no binding of the exchange takes. A binding that leads nowhere \
               counts as taken, and so does one to a full queue.",
        control: Control::Toggle,
        aliases: &["unroutable"],
        heading: "What it takes",
        ..Field::PLAIN
    },
    Field {
        name: "auto_ack",
        label: "Acknowledge at once",
        help: "What is delivered counts as processed at once, whatever the prefetch is: a crash \
               loses silently all that the consumer has.",
        control: Control::Toggle,
        aliases: &["autoAck", "at most once"],
        heading: "Consumer",
        ..Field::PLAIN
    },
    Field {
        name: "consumer_priority",
        label: "Consumer's priority",
        help: "Consumers of a queue with a higher number are served first, as long as they have \
               credit; those with the same take turns.",
        control: Control::Count {
            min: 0,
            max: u32::MAX as u64,
        },
        heading: "Consumer",
        ..Field::PLAIN
    },
];
