//! Random queues, exchanges and logs, with those who take from them.

use serde_json::{Value, json};

use super::Hand;

impl Hand<'_> {
    pub(super) fn queue_with_consumers(&mut self) -> u32 {
        let mut settings = json!({ "ack_timeout": null });
        if self.wild {
            match self.below(5) {
                0 | 1 => self.make_classic(&mut settings),
                2 => self.make_quorum(&mut settings),
                3 => self.make_sqs(&mut settings),
                _ => self.make_fifo(&mut settings),
            }
        } else if self.below(4) == 1 {
            settings["groups"] = json!(true);
        }
        let is_grouped = settings["groups"] == true;
        let is_once = settings["deduplication"] == "id";
        let queue = self.node("queue", settings);
        let answers = self.consumers(queue);
        if is_grouped && answers {
            self.grouped.push(queue);
        }
        if is_once {
            self.once.push(queue);
        }
        if self.wild && self.below(3) == 1 {
            let letters = match self.below(3) {
                0 => self.node("queue", json!({})),
                1 => self.node(
                    "queue",
                    json!({ "time_to_live": "2s", "letters_keep_age": true }),
                ),
                // Round and round, as long as somebody rejects.
                _ => self.node("queue", json!({ "time_to_live": "1s", "rules": "quorum" })),
            };
            self.link(queue, letters, false);
            if self.below(2) == 1 {
                self.link(letters, queue, false);
            }
        }
        queue
    }

    /// Those who take from a queue, and whether all of them answer.
    fn consumers(&mut self, queue: u32) -> bool {
        let mut all_answer = true;
        let count = 1 + self.below(2);
        let mut is_limited = true;
        let mut in_all = 0;
        for _ in 0..count {
            if self.wild && self.below(5) == 1 {
                let prefetch = self.pick(&[json!(null), json!(1), json!(3)]);
                let settings = json!({ "by_hand": true, "prefetch": prefetch });
                let service = self.node("service", settings);
                self.by_hand.push(service);
                self.link(queue, service, false);
                is_limited = false;
                continue;
            }
            let (service, prefetch) = self.service();
            let mut terms = json!({});
            if self.wild {
                let fields: [(&str, &[Value]); 2] = [
                    ("consumer_priority", &[json!(1), json!(5)]),
                    ("auto_ack", &[json!(true), json!(false)]),
                ];
                self.some(&mut terms, &fields);
            }
            all_answer &= terms["auto_ack"] != true;
            self.link_with(queue, service, terms);
            in_all += prefetch;
            if !self.wild && count == 1 {
                let check = json!({ "check": "order_by_key", "node": service });
                self.checks.push(check);
            }
        }
        if is_limited && all_answer {
            self.prefetch.insert(queue, in_all);
        }
        all_answer
    }

    fn make_classic(&mut self, settings: &mut Value) {
        self.some(
            settings,
            &[
                ("max_length", &[json!(3), json!(0), json!(50)]),
                (
                    "overflow",
                    &[
                        json!("reject"),
                        json!("block"),
                        json!("reject_dead_letter"),
                        json!("drop_head"),
                    ],
                ),
                ("time_to_live", &[json!("500ms"), json!("5s"), json!("0s")]),
                ("ack_timeout", &[json!("100ms"), json!("3s")]),
                ("delivery_limit", &[json!(2), json!(0)]),
                ("max_priority", &[json!(3), json!(10)]),
                ("single_active", &[json!(true)]),
                ("requeue", &[json!("tail"), json!("front")]),
                ("durable", &[json!(false)]),
                ("max_bytes", &[json!(60), json!(0)]),
                ("publish_rate", &[json!(4.0)]),
                ("too_fast", &[json!("refuse")]),
                ("delay", &[json!("200ms")]),
                ("expires_after", &[json!("4s")]),
                ("auto_delete", &[json!(true)]),
                ("dead_letter_key", &[json!("A")]),
            ],
        );
    }

    fn make_quorum(&mut self, settings: &mut Value) {
        settings["rules"] = json!("quorum");
        settings["requeue"] = json!("front");
        self.some(
            settings,
            &[
                ("delivery_limit", &[json!(20), json!(1), json!(0)]),
                ("max_length", &[json!(2), json!(10)]),
                (
                    "overflow",
                    &[json!("reject"), json!("reject_dead_letter"), json!("block")],
                ),
                ("time_to_live", &[json!("500ms"), json!("3s")]),
                ("ack_timeout", &[json!("300ms")]),
                ("single_active", &[json!(true)]),
                ("max_bytes", &[json!(60)]),
            ],
        );
    }

    fn make_sqs(&mut self, settings: &mut Value) {
        settings["late_ack"] = json!(true);
        settings["letters_keep_age"] = json!(true);
        self.some(
            settings,
            &[
                ("ack_timeout", &[json!("200ms"), json!("2s")]),
                ("max_receives", &[json!(1), json!(3)]),
                ("time_to_live", &[json!("4s")]),
                ("delay", &[json!("500ms")]),
            ],
        );
    }

    fn make_fifo(&mut self, settings: &mut Value) {
        settings["groups"] = json!(true);
        self.some(
            settings,
            &[
                ("deduplication", &[json!("id"), json!("content")]),
                ("dedup_window", &[json!("1h")]),
                ("dedup_by_group", &[json!(true)]),
                ("ack_timeout", &[json!("200ms"), json!("2s")]),
                ("max_receives", &[json!(1), json!(3)]),
                ("time_to_live", &[json!("4s")]),
                ("delay", &[json!("300ms")]),
                ("max_length", &[json!(4)]),
                ("overflow", &[json!("reject"), json!("drop_head")]),
            ],
        );
    }

    /// Two exchanges, perhaps in a circle, with bindings of any sort and an alternate.
    pub(super) fn exchanges(&mut self, producer: u32) {
        let kinds = [
            "topic", "direct", "headers", "fanout", "subjects", "default",
        ];
        let kinds: Vec<Value> = kinds.iter().map(|kind| json!(kind)).collect();
        let exchange = |hand: &mut Self| {
            let kind = hand.pick(&kinds);
            let mut settings = json!({ "type": kind });
            let fields: [(&str, &[Value]); 2] = [
                ("routing_key", &[json!("key")]),
                ("unroutable", &[json!("return")]),
            ];
            hand.some(&mut settings, &fields);
            hand.node("exchange", settings)
        };
        let (first, second) = (exchange(self), exchange(self));
        self.link(producer, first, false);
        self.binding(first, second);
        if self.below(3) == 1 {
            self.binding(second, first);
        }
        for from in [first, second] {
            for _ in 0..=self.below(2) {
                let queue = self.queue_with_consumers();
                self.binding(from, queue);
                if self.below(4) == 1 {
                    self.binding(from, queue);
                }
            }
        }
    }

    fn binding(&mut self, from: u32, to: u32) {
        let terms = match self.below(6) {
            0 => json!({ "binding": "#" }),
            1 => json!({ "binding": "A" }),
            2 => json!({ "binding": "*.D" }),
            3 => json!({ "binding": ">", "group": "g" }),
            4 => json!({ "binding": "B", "arguments": { "x-match": "any", "a": 1 } }),
            _ => json!({ "alternate": true }),
        };
        self.link_with(from, to, terms);
    }

    /// A partitioned log with up to two groups.
    pub(super) fn log(&mut self, producer: u32) {
        let mut settings = json!({ "partitions": 1 + self.below(4) });
        self.some(
            &mut settings,
            &[
                ("keyless", &[json!("round_robin"), json!("random")]),
                (
                    "assignor",
                    &[
                        json!("sticky"),
                        json!("cooperative_sticky"),
                        json!("round_robin"),
                    ],
                ),
                ("commit", &[json!("after"), json!("before")]),
            ],
        );
        if self.wild {
            self.some(
                &mut settings,
                &[
                    ("retention", &[json!("2s")]),
                    ("segment_time", &[json!("1s")]),
                    ("check_every", &[json!("1s")]),
                    ("brokers", &[json!(3)]),
                    ("replication", &[json!(3)]),
                    ("session_timeout", &[json!("4s")]),
                    ("heartbeat", &[json!("500ms")]),
                    ("max_poll_interval", &[json!("1s")]),
                    ("static_members", &[json!(true)]),
                    ("acks", &[json!("0"), json!("1")]),
                    ("min_in_sync", &[json!(2)]),
                    ("unclean_election", &[json!(true)]),
                    ("broker_timeout", &[json!("300ms")]),
                    ("delivery_timeout", &[json!("1s")]),
                    ("cleanup", &[json!("compact"), json!("compact_delete")]),
                    ("segment_bytes", &[json!(3000)]),
                    ("initial_delay", &[json!("0s"), json!("200ms")]),
                    ("reset", &[json!("earliest")]),
                    ("max_poll_records", &[json!(1), json!(4)]),
                    ("idempotent", &[json!(false)]),
                ],
            );
        }
        if settings["brokers"].is_null() {
            let fields = settings.as_object_mut().expect("an object");
            fields.remove("replication");
            fields.remove("min_in_sync");
        }
        let log = self.node("log", settings);
        self.link(producer, log, false);
        for _ in 0..=self.below(3) {
            let (service, _) = self.service();
            if !self.wild {
                let check = json!({ "check": "order_by_key", "node": service });
                self.checks.push(check);
            }
            let group = self.pick(&[json!("g"), json!("h")]);
            self.link_with(log, service, json!({ "group": group }));
        }
    }
}
