//! Play, pause, step, speed.

use std::time::Duration;

use crate::Fallible;
use crate::page::check;
use crate::visit::Visit;

pub async fn pausing_stops(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let pressed = page.find("play").await?.attr("aria-pressed").await?;
    check(
        pressed.as_deref() == Some("true"),
        "play is not pressed while the run plays",
    )?;
    let paused = page.pause().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let later = page.run().await?;
    check(
        later == paused,
        format!("paused at {paused:?}, but later it was {later:?}"),
    )?;
    let pressed = page.find("play").await?.attr("aria-pressed").await?;
    check(
        pressed.as_deref() == Some("false"),
        "play is still pressed while the run is paused",
    )?;
    page.play().await?;
    page.until("time goes on", async || {
        Ok((page.run().await?.time_ns > paused.time_ns).then_some(()))
    })
    .await
}

pub async fn step_moves_one_entry(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let mut before = page.pause().await?;
    for _ in 0..5 {
        page.click("step").await?;
        let after = page
            .until("the step has happened", async || {
                let run = page.run().await?;
                Ok((run.entries != before.entries).then_some(run))
            })
            .await?;
        check(
            after.entries == before.entries + 1,
            format!(
                "a step went from entry {} to {}",
                before.entries, after.entries
            ),
        )?;
        check(after.time_ns >= before.time_ns, "a step went back in time")?;
        check(
            after.digest != before.digest,
            "a step did not change the digest",
        )?;
        check(!after.playing, "a step made the run play")?;
        before = after;
    }
    Ok(())
}

pub async fn speed_in_words(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let speed = page.find("speed").await?;
    let slowest = speed.attr("min").await?.unwrap_or_default();
    page.set("speed", &slowest).await?;
    page.until(
        "a real second is said to be a simulated millisecond",
        async || Ok((page.text("speed-words").await?.contains("1 s = 1 ms")).then_some(())),
    )
    .await?;
    let before = page.run().await?;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let passed_ns = page.run().await?.time_ns - before.time_ns;
    // Generous: what is said is a thousandth of this, and the machine may be busy.
    check(
        passed_ns < 20_000_000,
        format!("in a real second {passed_ns} ns have passed"),
    )
}
