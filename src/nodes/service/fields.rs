//! What a service is, and its settings: for the palette, the inspector and the documentation.

use super::lists::{CALL_FIELDS, EMISSION_FIELDS};
use crate::nodes::shared::period::PERIODS;
use crate::nodes::{Control, Descriptor, Field, Glyph, Group, Needs, Role};

/// Most workers of one service.
const WORKERS_MOST: u64 = 1_000;

/// What a service is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Service",
    summary: "Takes messages, works on each for a while, and may emit events",
    brief: "Works on messages",
    aliases: &[
        "consumer",
        "worker",
        "handler",
        "subscriber",
        "microservice",
        "function",
        "Lambda",
        "processor",
    ],
    source: "AMQP 0-9-1 consumer with prefetch and acknowledgement after the work",
    group: Group::Workers,
    glyph: Glyph::Gear,
    takes: &[Role::Delivers, Role::Sends, Role::Binds, Role::Calls],
    gives: &[Role::Sends, Role::Calls],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "workers",
            label: "Workers",
            unit: "workers",
            help: "How many messages are worked on at once. Capacity is workers divided by the \
                   mean service time; more than one worker gives up the order of messages. The \
                   wait doubles from 80 to 90 % of the capacity, and again to 95 %; many workers \
                   behind one queue wait less than as many queues with one each.",
            control: Control::Count {
                min: 1,
                max: WORKERS_MOST,
            },
            aliases: &["threads", "concurrency", "parallel", "servers"],
            ..Field::PLAIN
        },
        Field {
            name: "service_time",
            label: "Service time",
            help: "How long the work on a message takes. The more it varies, the longer others \
                   wait, at the same mean: constant times wait half as long as exponential \
                   ones.",
            control: Control::Spread,
            aliases: &["duration", "processing time"],
            ..Field::PLAIN
        },
        Field {
            name: "failure_rate",
            label: "Failure rate",
            help: "Chance that the work fails at its end. The time is spent all the same, and \
                   what is tried again takes capacity from what is new.",
            control: Control::Chance,
            ..Field::PLAIN
        },
        Field {
            name: "on_failure",
            label: "When it fails",
            help: "Requeue puts the message back to its original place, the head: one that \
                   always fails blocks the line. Reject sends it to the dead letters.",
            control: Control::Choice(&[("requeue", "Requeue"), ("reject", "Reject")]),
            aliases: &["nack", "ack", "dead letter"],
            ..Field::PLAIN
        },
        Field {
            name: "emits",
            label: "Emits",
            help: "Events that it emits when the work is done: event, on (the type that causes \
                   it), chance, body; with a body of its own version, headers, class and payload; \
                   failed (when the work failed for good, instead), after (how much later), \
                   count or each (one for each item of that list in the body), gather (one for \
                   so many messages of a key), window (one for each key and stretch of time in \
                   which events happened, with their count), lateness (how long it stays open), \
                   late (for what comes after that). Only a later event closes a window.",
            control: Control::Rows {
                fields: EMISSION_FIELDS,
                fresh: r#"{ "event": "SomethingHappened" }"#,
            },
            aliases: &["publishes", "split", "aggregate", "outputs"],
            ..Field::PLAIN
        },
        Field {
            name: "retries",
            label: "Retries",
            unit: "retries",
            help: "How often work or a call that failed is tried again at once by the same \
                   worker, which is busy meanwhile. Everybody who retries makes an overload \
                   worse: give the waits jitter.",
            control: Control::Count { min: 0, max: 1000 },
            heading: "Retries",
            ..Field::PLAIN
        },
        Field {
            name: "backoff",
            label: "Wait before a retry",
            help: "Immediate, always the same, or twice as long each time.",
            control: Control::Choice(&[
                ("immediate", "Immediate"),
                ("fixed", "Fixed"),
                ("exponential", "Exponential"),
            ]),
            aliases: &["exponential backoff"],
            heading: "Retries",
            needs: Some(Needs::set("retries")),
            ..Field::PLAIN
        },
        Field {
            name: "retry_delay",
            label: "First wait",
            help: "The wait before the first retry.",
            control: Control::Duration,
            aliases: &["backoff"],
            heading: "Retries",
            needs: Some(Needs::one_of("backoff", &["fixed", "exponential"])),
            ..Field::PLAIN
        },
        Field {
            name: "retry_delay_most",
            label: "Longest wait",
            help: "The wait grows no further than this.",
            control: Control::Duration,
            aliases: &["backoff", "cap"],
            heading: "Retries",
            needs: Some(Needs::one_of("backoff", &["exponential"])),
            ..Field::PLAIN
        },
        Field {
            name: "jitter",
            label: "Jitter",
            help: "Without, all who failed together try again together. Full draws from nothing \
                   to the whole wait and spreads them best; equal keeps half of it.",
            control: Control::Choice(&[("none", "None"), ("full", "Full"), ("equal", "Equal")]),
            heading: "Retries",
            needs: Some(Needs::one_of("backoff", &["fixed", "exponential"])),
            ..Field::PLAIN
        },
        Field {
            name: "rounds",
            label: "Rounds through dead letters",
            unit: "rounds",
            help: "With reject, and a queue for dead letters whose time to live gives them back: \
                   how often a message may come round (what its x-death counts) before the \
                   service acknowledges it and emits what it emits for a failure. Without such \
                   an event it is gone then; empty for no end.",
            control: Control::OptionalCount {
                min: 0,
                max: 1_000_000,
            },
            aliases: &["x-death", "retry queue", "parking lot"],
            heading: "Retries",
            needs: Some(Needs::one_of("on_failure", &["reject"])),
        },
        Field {
            name: "prefetch",
            label: "Prefetch",
            unit: "messages",
            help: "Most deliveries that it holds unsettled; empty for as many as workers can \
                   have. A large prefetch takes from the queue what other consumers could have \
                   done, and the first to come takes a backlog whole.",
            control: Control::OptionalCount { min: 1, max: 65535 },
            aliases: &["QoS", "credit", "basic.qos", "max in flight"],
            heading: "Taking messages",
            ..Field::PLAIN
        },
        Field {
            name: "rate_limit",
            label: "Rate limit",
            unit: "messages/s",
            help: "Most messages a second that it begins with; the others wait. 0 for no limit.",
            control: Control::Rate,
            aliases: &["throttle", "token bucket"],
            heading: "Taking messages",
            ..Field::PLAIN
        },
        Field {
            name: "burst",
            label: "Burst",
            unit: "messages",
            help: "A bucket of so many tokens: how many it may begin with at once after a \
                   pause.",
            control: Control::Count {
                min: 1,
                max: 1000000,
            },
            aliases: &["token bucket"],
            heading: "Taking messages",
            needs: Some(Needs::set("rate_limit")),
        },
        Field {
            name: "batch",
            label: "Batch",
            unit: "messages",
            help: "Most messages that are worked on as one, in the time of one. They succeed or \
                   fail together.",
            control: Control::Count { min: 1, max: 10000 },
            aliases: &["bulk"],
            heading: "Taking messages",
            ..Field::PLAIN
        },
        Field {
            name: "batch_wait",
            label: "Batch waits",
            help: "How long an incomplete batch waits for more, counted from its oldest \
                   message.",
            control: Control::Duration,
            aliases: &["linger", "window"],
            heading: "Taking messages",
            needs: Some(Needs::set("batch")),
            ..Field::PLAIN
        },
        Field {
            name: "by_hand",
            label: "Operated by hand",
            help: "A person does the work: takes messages, acknowledges, rejects or requeues them, \
                   or lets the time run out. With a prefetch messages come by themselves, so \
                   many at a time. It emits nothing.",
            control: Control::Toggle,
            aliases: &["manual", "operate", "person"],
            heading: "Taking messages",
            ..Field::PLAIN
        },
        Field {
            name: "max_waiting",
            label: "Waiting at most",
            unit: "messages",
            help: "Most messages that it was simply sent, by a topic or a caller, and that wait \
                   for a worker; empty for no limit. What a queue delivers does not count: its \
                   prefetch is the limit.",
            control: Control::OptionalCount {
                min: 0,
                max: u32::MAX as u64,
            },
            aliases: &["inbox", "buffer", "limit"],
            heading: "Taking messages",
            ..Field::PLAIN
        },
        Field {
            name: "when_full",
            label: "When it is full",
            help: "Refuse gives up the new message, and a caller hears at once that there is no \
                   room. Drop oldest gives up the one that waited longest, as brokers do with slow \
                   subscribers: what is left is fresh.",
            control: Control::Choice(&[("refuse", "Refuse"), ("drop_oldest", "Drop oldest")]),
            aliases: &["overflow"],
            heading: "Taking messages",
            needs: Some(Needs::set("max_waiting")),
            ..Field::PLAIN
        },
        Field {
            name: "calls",
            label: "Calls",
            help: "What it asks for each message after its own work, one after the other, along \
                   links that wait for the answer: event, on, writes, details (for \
                   notifications alone), chance, body. Empty to ask everybody there with the \
                   message itself.",
            control: Control::Rows {
                fields: CALL_FIELDS,
                fresh: r#"{ "event": "Request" }"#,
            },
            aliases: &["request", "response", "RPC", "synchronous", "HTTP"],
            heading: "Calls and circuit",
            ..Field::PLAIN
        },
        Field {
            name: "call_timeout",
            label: "Answer within",
            help: "A call without an answer by then has failed, though the callee may still do \
                   it; empty to wait for ever, with the worker. A callee that is down gives no \
                   answer.",
            control: Control::OptionalDuration,
            aliases: &["deadline", "time limit"],
            heading: "Calls and circuit",
            ..Field::PLAIN
        },
        Field {
            name: "circuit_opens_after",
            label: "Circuit opens after",
            unit: "failures",
            help: "Calls to one callee that fail in a row before no more are made; empty for \
                   never. An open circuit fails at once and lets the callee recover.",
            control: Control::OptionalCount {
                min: 1,
                max: 1000000,
            },
            aliases: &["circuit breaker"],
            heading: "Calls and circuit",
            ..Field::PLAIN
        },
        Field {
            name: "circuit_open_for",
            label: "Circuit stays open",
            help: "After this time one call is let through: if it succeeds the circuit closes, \
                   else it stays open as long again.",
            control: Control::Duration,
            aliases: &["circuit breaker"],
            heading: "Calls and circuit",
            needs: Some(Needs::set("circuit_opens_after")),
            ..Field::PLAIN
        },
        Field {
            name: "bulkhead",
            label: "Calls at once",
            unit: "calls",
            help: "Most calls to one callee under way at once; further ones fail. So a slow \
                   callee cannot take all workers. Empty for no limit.",
            control: Control::OptionalCount {
                min: 1,
                max: 1000000,
            },
            aliases: &["concurrency limit"],
            heading: "Calls and circuit",
            ..Field::PLAIN
        },
        Field {
            name: "remembers",
            label: "Knows what it did for",
            help: "Idempotence: an event whose id it finished within this time is settled \
                   without working on it again; empty for not at all. It knows 200,000 ids at \
                   most. After the window, or with another id, it is done twice: a producer \
                   that sends anew makes another id.",
            control: Control::OptionalDuration,
            aliases: &["idempotence", "idempotent", "deduplication", "inbox"],
            heading: "Repeats",
            ..Field::PLAIN
        },
        Field {
            name: "memory",
            label: "Known ids in a crash",
            help: "Kept as in a database, or lost as in memory: then what is redelivered after \
                   the crash is done twice.",
            control: Control::Choice(&[("kept", "Kept"), ("lost", "Lost")]),
            aliases: &["idempotence"],
            heading: "Repeats",
            needs: Some(Needs::set("remembers")),
            ..Field::PLAIN
        },
        Field {
            name: "store",
            label: "Shared store of ids",
            help: "The name of a request by which it asks a database what was done, along the \
                   first calling link that takes it: before the work, and to say so after it. \
                   Services that use the same name share what they know, so two that do \
                   different things with an event need different names. Two at work on the same \
                   event at once both do it, but only the first emits. Empty to know by itself.",
            control: Control::Text(120),
            aliases: &["inbox", "deduplication", "shared"],
            heading: "Repeats",
            needs: Some(Needs::set("remembers")),
            ..Field::PLAIN
        },
        Field {
            name: "transactional",
            label: "In transactions",
            help: "What it emits to partitioned logs, and that it read what such a log lent, count \
                   together or not at all, for each message or batch. That ends where the logs \
                   do: a queue, a database or whoever it calls has all at once, and has it again \
                   when the work is done again. Readers see what is aborted unless they read \
                   committed. It takes one worker.",
            control: Control::Toggle,
            aliases: &[
                "exactly once",
                "exactly_once_v2",
                "transactional.id",
                "Kafka",
                "EOS",
            ],
            heading: "Transactions",
            ..Field::PLAIN
        },
        Field {
            name: "priorities",
            label: "Most important first",
            help: "Event types in order of importance, with commas between them; those not named \
                   come last. It orders only what waits here, so a queue before it needs a \
                   larger prefetch. The last wait long when others keep it busy.",
            control: Control::Words,
            aliases: &["priority"],
            heading: "Order",
            ..Field::PLAIN
        },
        Field {
            name: "preempts",
            label: "Interrupts work",
            help: "A more important message interrupts the work on another, which goes on later \
                   where it was. Calls are not interrupted.",
            control: Control::Toggle,
            aliases: &["priority", "preemptive"],
            heading: "Order",
            needs: Some(Needs::set("priorities")),
            ..Field::PLAIN
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            help: "Time from a crash until it restarts by itself; empty for never. What it had \
                   of a queue comes back, what it was simply sent is lost.",
            control: Control::OptionalDuration,
            aliases: &["crash"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "timeout",
            label: "Give up work after",
            help: "Work that takes longer fails at that time; empty for never. It may have had \
                   its effect all the same.",
            control: Control::OptionalDuration,
            aliases: &["deadline", "time limit"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "poison",
            label: "Poison",
            help: "Which messages always fail, as a filter policy in the language of Amazon \
                   SNS; empty for none. One of them fails its whole batch. Requeued without a \
                   delivery limit it comes back for ever.",
            control: Control::Json,
            aliases: &["always fails", "bug"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "poison_scope",
            label: "Poison is seen in",
            help: "Attributes are the event's headers, its type, and its key as subject.",
            control: Control::Choice(&[("attributes", "Attributes"), ("body", "Body")]),
            heading: "Faults",
            needs: Some(Needs::set("poison")),
            ..Field::PLAIN
        },
        Field {
            name: "periods",
            label: "Bad periods",
            help: "Times in which it fails or is slow: from, to, fails (a chance), slow (how \
                   many times as long work takes).",
            control: PERIODS,
            aliases: &["slow", "outage", "maintenance"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "highest_version",
            label: "Knows schemas up to",
            help: "The highest version of an event's schema that it was written for; empty if it \
                   reads all, as one does that takes from an event only what it needs.",
            control: Control::OptionalCount {
                min: 1,
                max: 1_000_000,
            },
            aliases: &["schema", "version", "compatibility"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "newer_version",
            label: "What is newer",
            help: "Fail, and a message comes back or becomes a dead letter that can be sent again \
                   once the service has learnt its version. Skip acknowledges it and does \
                   nothing: nobody notices, and the event is lost for this service.",
            control: Control::Choice(&[("fail", "Fails"), ("skip", "Is skipped")]),
            aliases: &["schema", "version"],
            heading: "Faults",
            needs: Some(Needs::set("highest_version")),
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
