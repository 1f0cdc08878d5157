//! How long to wait before the next try: backoff and jitter, as Marc Brooker's "Exponential
//! Backoff And Jitter" for AWS calls them. And how often a message comes round through a queue for
//! retries: that of RabbitMQ, where dead letters wait for their time to live and go back.

use serde_json::Value;

use super::behaviour::Service;
use super::{Backoff, Jitter, OnFailure, Settings};
use crate::engine::{Context, Handed, Message};
use crate::nodes::shared::consumer::Task;
use crate::units::{Luck, SimDuration};

impl Settings {
    /// The wait before retry number `retry`, from 1.
    pub(super) fn retry_wait(&self, retry: u16, luck: Luck) -> SimDuration {
        let first = self.retry_delay.nanos();
        let whole = match self.backoff {
            Backoff::Immediate => return SimDuration::ZERO,
            Backoff::Fixed => first,
            Backoff::Exponential => {
                let doublings = u32::from(retry.saturating_sub(1)).min(63);
                first.saturating_mul(1 << doublings)
            }
        };
        let whole = whole.min(self.retry_delay_most.nanos());
        let part = |nanos: u64| {
            let draw = u128::from(luck.draw(u64::from(retry)));
            ((draw * u128::from(nanos)) >> 64) as u64
        };
        SimDuration::from_nanos(match self.jitter {
            Jitter::None => whole,
            Jitter::Full => part(whole),
            Jitter::Equal => whole - whole / 2 + part(whole / 2),
        })
    }
}

impl Service {
    /// The work on a message failed for good. Where it comes back from those that wait to be tried
    /// again, that was for this time only.
    pub(super) fn give_up_one(&mut self, context: &mut Context<'_>, task: &Task) {
        let rejects = self.settings.on_failure == OnFailure::Reject && task.handed == Handed::Lent;
        let most = self.settings.rounds.filter(|_| rejects);
        let comes_back = most.is_some_and(|most| rejections(context, &task.message) < most.into());
        if comes_back {
            return self.settle_failed(context, task);
        }
        self.emit_all(context, &task.message, true);
        match most {
            // What has to happen with it now was emitted: it is not to come round once more.
            Some(_) => self.settle(context, task),
            None => self.settle_failed(context, task),
        }
    }
}

/// How often a message was rejected and came back, as its history says.
fn rejections(context: &Context<'_>, message: &Message) -> u64 {
    let deaths = context.header(message, "x-death").filter(|_| message.dead);
    let deaths = deaths
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let rejected = deaths.filter(|death| death["reason"] == "rejected");
    rejected.filter_map(|death| death["count"].as_u64()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(backoff: Backoff, jitter: Jitter) -> Vec<u64> {
        let settings = Settings {
            backoff,
            jitter,
            retry_delay: SimDuration::from_millis(100),
            retry_delay_most: SimDuration::from_millis(500),
            ..Settings::default()
        };
        let luck = Luck::of(1, "retry");
        let wait = |retry| settings.retry_wait(retry, luck).nanos() / 1_000_000;
        (1..=5).map(wait).collect()
    }

    #[test]
    fn waits_grow_as_they_should_up_to_the_longest() {
        assert_eq!(waits(Backoff::Immediate, Jitter::Full), [0; 5]);
        assert_eq!(waits(Backoff::Fixed, Jitter::None), [100; 5]);
        let exponential = [100, 200, 400, 500, 500];
        assert_eq!(waits(Backoff::Exponential, Jitter::None), exponential);
        let longest = Settings::default().retry_wait(u16::MAX, Luck::of(1, "x"));
        assert!(longest <= Settings::default().retry_delay_most);
    }

    #[test]
    fn jitter_leaves_all_or_half_to_chance() {
        let settings = |jitter| Settings {
            backoff: Backoff::Fixed,
            jitter,
            ..Settings::default()
        };
        for (jitter, least, mean) in [(Jitter::Full, 0, 50), (Jitter::Equal, 50, 75)] {
            let settings = settings(jitter);
            let draws = (0..10_000).map(|n| {
                let wait = settings.retry_wait(1, Luck::of(n, "retry"));
                wait.nanos() / 1_000_000
            });
            let waits: Vec<u64> = draws.collect();
            assert!(waits.iter().all(|wait| (least..=100).contains(wait)));
            let found = waits.iter().sum::<u64>() / waits.len() as u64;
            assert!(found.abs_diff(mean) <= 1, "{jitter:?}: {found} ms");
        }
    }
}
