//! Where folk belief about RabbitMQ is wrong.

use eventyard::nodes::exchange::{Binding, ExchangeType};
use eventyard::nodes::{Kind, TopicPattern};
use serde_json::{Map, Value, json};

use crate::{seen, told, told_of_links};

#[test]
fn trap_1_a_hash_is_any_number_of_words_and_a_star_exactly_one() {
    let takes = |pattern: &str, key: &str| TopicPattern::new(pattern).takes(key);
    assert!(takes("a.#", "a") && takes("a.*", "a.") && takes("#", "") && takes("", ""));
    assert!(!takes("*", "") && !takes("a*", "ab") && takes("a#", "a#"));
    seen("topic-routing", "topic-edge-matrix-a");
    told_of_links("binding", "a.# takes a as well … ordinary letters");
}

#[test]
fn trap_2_a_queue_gets_one_copy_however_many_bindings_lead_to_it() {
    seen("rabbitmq-behaviour", "bind-twice-one-copy");
    seen("own-rabbitmq", "exchanges-in-a-circle");
    told(Kind::Exchange, "type", "one copy, however many bindings");
}

#[test]
fn trap_3_headers_without_conditions_are_all_and_never_any() {
    let takes = |arguments: Value, headers: Value| {
        let arguments: &Map<String, Value> = arguments.as_object().unwrap();
        let binding = Binding::new(ExchangeType::Headers, "", arguments);
        binding.takes("", || headers.as_object().unwrap())
    };
    assert!(takes(json!({}), json!({})));
    assert!(!takes(json!({ "x-match": "any" }), json!({ "a": 1 })));
    assert!(!takes(json!({ "a": 1 }), json!({ "a": "1" })));
    assert!(takes(json!({ "x-a": 1 }), json!({})));
    seen("topic-routing", "headers-matrix-a");
    told_of_links(
        "arguments",
        "all takes everything and any nothing … 1 is not \"1\"",
    );
}

#[test]
fn trap_4_a_prefetch_does_not_share_out_a_backlog_that_is_there_first() {
    seen(
        "own-rabbitmq",
        "classic-preloaded-no-prefetch quorum-preloaded-no-prefetch",
    );
    seen("own-rabbitmq", "classic-auto-ack-knows-no-prefetch");
    seen("rabbitmq-behaviour", "prefetch-per-consumer-same-channel");
    seen("rabbitmq-behaviour", "prefetch-set-after-consume");
    told(
        Kind::Service,
        "prefetch",
        "the first to come takes a backlog whole",
    );
    told_of_links("auto_ack", "whatever the prefetch is");
}

#[test]
fn trap_5_what_is_requeued_does_not_go_to_the_tail() {
    seen(
        "own-rabbitmq",
        "classic-return-in-another-order quorum-return-in-another-order",
    );
    seen(
        "own-rabbitmq",
        "classic-poison-blocks-the-line quorum-poison-blocks-the-line",
    );
    seen("rabbitmq-behaviour", "quorum-reject-requeue");
    told(
        Kind::Queue,
        "requeue",
        "To its original place … blocks the line",
    );
    told(Kind::Service, "on_failure", "blocks the line");
}

#[test]
fn trap_6_redelivered_says_only_that_it_was_handed_out_before() {
    seen(
        "own-rabbitmq",
        "classic-auto-ack-is-lost quorum-auto-ack-is-lost",
    );
    seen(
        "rabbitmq-behaviour",
        "classic-dlx-retry-loop-count quorum-dlx-retry-loop-count",
    );
    told(
        Kind::Queue,
        "requeue",
        "Redelivered says only that it was handed out before",
    );
    told(
        Kind::Queue,
        "rules",
        "counts deliveries anew … goes on counting",
    );
    told_of_links("auto_ack", "loses silently");
}

#[test]
fn trap_7_who_cancels_keeps_what_it_has() {
    seen(
        "own-rabbitmq",
        "classic-cancel-keeps-unacked quorum-cancel-keeps-unacked",
    );
    seen(
        "own-rabbitmq",
        "classic-single-active-cancel quorum-single-active-cancel",
    );
    seen("rabbitmq-behaviour", "classic-sac-failover-close");
    told(
        Kind::Queue,
        "single_active",
        "keeps what it has … the order can break",
    );
}

#[test]
fn trap_8_a_time_to_live_of_its_own_ends_only_at_the_head() {
    seen(
        "rabbitmq-behaviour",
        "classic-ttl-head-only quorum-ttl-head-only",
    );
    seen("rabbitmq-behaviour", "ttl-priority-independent");
    seen("own-rabbitmq", "classic-dead-letters-by-ttl-chain");
    told(
        Kind::Queue,
        "time_to_live",
        "expires only when it is the next one",
    );
}

#[test]
fn trap_9_time_goes_on_while_a_message_is_out() {
    seen(
        "own-rabbitmq",
        "classic-ttl-runs-while-unacked quorum-ttl-runs-while-unacked",
    );
    seen(
        "own-rabbitmq",
        "classic-ttl-0-without-consumer classic-ttl-unacked-can-be-acked",
    );
    seen(
        "rabbitmq-behaviour",
        "classic-ttl-0-consumer quorum-ttl-0-consumer",
    );
    told(
        Kind::Queue,
        "time_to_live",
        "clock does not stop … delivered now or dropped",
    );
}

#[test]
fn trap_10_a_length_limit_counts_what_waits_and_drops_the_oldest() {
    seen("rabbitmq-behaviour", "classic-maxlen-counts-ready-only");
    seen(
        "own-rabbitmq",
        "classic-requeued-may-be-dropped priority-drops-the-important",
    );
    told(Kind::Queue, "max_length", "Delivered ones do not count");
    told(
        Kind::Queue,
        "overflow",
        "by priority the most important one",
    );
}

#[test]
fn trap_11_a_refused_message_is_no_dead_letter() {
    seen(
        "rabbitmq-behaviour",
        "classic-maxlen-reject-publish quorum-maxlen-reject-publish",
    );
    seen("rabbitmq-behaviour", "maxlen-reject-publish-fanout-partial");
    seen(
        "own-rabbitmq",
        "classic-reject-publish-with-dlx quorum-reject-publish-dlx",
    );
    told(
        Kind::Queue,
        "overflow",
        "never becomes a dead letter … one message too late",
    );
    told(Kind::Producer, "confirms", "even if another queue has it");
}

#[test]
fn trap_12_what_leads_nowhere_is_confirmed() {
    seen(
        "rabbitmq-behaviour",
        "nonmandatory-unroutable ae-basic ae-mandatory",
    );
    seen(
        "own-rabbitmq",
        "mandatory-unroutable alternate-not-for-what-a-queue-drops",
    );
    told(
        Kind::Exchange,
        "unroutable",
        "publisher confirm says that all is well",
    );
    told(
        Kind::Producer,
        "confirms",
        "What leads to no queue is confirmed",
    );
    told_of_links("alternate", "so does one to a full queue");
}

#[test]
fn trap_13_dead_letters_can_be_lost_silently() {
    seen(
        "own-rabbitmq",
        "classic-dlx-that-is-not-there quorum-dlx-that-is-not-there",
    );
    seen(
        "own-rabbitmq",
        "classic-dlx-without-a-binding classic-purge-is-no-death",
    );
    seen("rabbitmq-behaviour", "dlx-queue-expires-not-deadlettered");
    told(Kind::Queue, "dead_letter_key", "lost silently");
    told(
        Kind::Queue,
        "expires_after",
        "none of it becomes a dead letter",
    );
}

#[test]
fn trap_14_the_deaths_of_a_message_are_counted_and_no_log() {
    seen(
        "rabbitmq-behaviour",
        "classic-dlx-retry-loop-count classic-dlx-fake-xdeath",
    );
    seen("rabbitmq-behaviour", "quorum-dlx-fake-xdeath");
    told(Kind::Queue, "dead_letter_key", "x-death is no log");
}

#[test]
fn trap_15_a_circle_of_expiries_ends_and_one_with_a_reject_does_not() {
    seen(
        "rabbitmq-behaviour",
        "classic-dlx-cycle-dropped quorum-dlx-self-cycle",
    );
    told(
        Kind::Queue,
        "dead_letter_key",
        "a reject on the way lets it go round for ever",
    );
}

#[test]
fn trap_16_a_limit_of_returns_allows_one_delivery_more() {
    seen(
        "rabbitmq-behaviour",
        "quorum-delivery-limit-3 classic-no-delivery-limit",
    );
    seen("rabbitmq-behaviour", "quorum-delivery-limit-channel-close");
    seen(
        "own-rabbitmq",
        "quorum-default-limit classic-delivery-limit quorum-limit-0",
    );
    told(
        Kind::Queue,
        "delivery_limit",
        "a limit of 3 means 4 deliveries … from 4.3 on",
    );
}

#[test]
fn trap_17_priorities_of_quorum_queues_are_two_levels() {
    seen("own-rabbitmq", "quorum-two-levels quorum-max-priority");
    seen(
        "rabbitmq-behaviour",
        "priority-capped priority-prefetch-defeats",
    );
    told(
        Kind::Queue,
        "rules",
        "two messages of priority 5 or more, then one",
    );
    told(Kind::Queue, "max_priority", "capped … is not overtaken");
}

#[test]
fn trap_18_who_is_the_single_active_one_is_no_matter_of_priority_in_classic_queues() {
    seen("rabbitmq-behaviour", "classic-sac-priority-ignored");
    seen("own-rabbitmq", "quorum-single-active-priority");
    told(
        Kind::Queue,
        "single_active",
        "ignore the consumers' priority … takes over",
    );
}

#[test]
fn trap_19_a_clients_mistake_gives_back_all_that_it_had() {
    seen("rabbitmq-behaviour", "ack-unknown-tag consume-missing");
    told(
        Kind::Queue,
        "requeue",
        "a client's mistake closes its channel",
    );
}
