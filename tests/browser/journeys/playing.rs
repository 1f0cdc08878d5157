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

pub async fn hidden_tab_rests(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let script = "document.addEventListener('visibilitychange', () => { \
        if (document.hidden) window.frames_when_hidden = 0; }); \
        const count = () => { window.frames_when_hidden += document.hidden; \
            requestAnimationFrame(count); }; \
        count();";
    page.script(script, vec![]).await?;
    let own = page.web.window().await?;
    let before = page.run().await?;
    let other = page.web.new_tab().await?;
    page.web.switch_to_window(other).await?;
    tokio::time::sleep(Duration::from_millis(2_000)).await;
    page.web.close_window().await?;
    page.web.switch_to_window(own).await?;
    let passed_ns = page.run().await?.time_ns - before.time_ns;
    let frames = page
        .script("return window.frames_when_hidden ?? null;", vec![])
        .await?;
    // Some browsers let a hidden page draw once a second.
    check(
        frames.as_u64().is_some_and(|frames| frames <= 5),
        format!("{frames} frames were drawn while nobody could see them"),
    )?;
    check(
        passed_ns < 1_000_000_000,
        format!("{passed_ns} ns have passed while nobody could see it"),
    )
}
