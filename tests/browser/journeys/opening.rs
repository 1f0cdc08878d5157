//! The first minute: the page comes up, it is alive, and it can be looked at.

use crate::Fallible;
use crate::page::check;
use crate::pictures::is_dark;
use crate::visit::Visit;

pub async fn shop_runs_by_itself(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let first = page.run().await?;
    check(
        first.playing,
        "nobody pressed pause, but the run does not play",
    )?;
    page.until("time passes and things happen", async || {
        let run = page.run().await?;
        Ok((run.time_ns > first.time_ns && run.entries > first.entries).then_some(()))
    })
    .await?;
    check(
        page.ids("node-").await?.len() >= 5,
        "the shop has fewer than five nodes",
    )?;
    page.until("the loading bar is gone", async || {
        let script = "const it = document.querySelector(`[data-testid='loading']`); \
                      return !it || it.getClientRects().length === 0;";
        Ok((page.script(script, vec![]).await? == true).then_some(()))
    })
    .await
}

/// The program is split in two: see `loader.js`.
pub async fn rest_comes_later(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.web.goto(&page.home).await?;
    page.run_has("ready").await?;
    let fetched = async || {
        let script = "return performance.getEntriesByType('resource')\
                      .filter((it) => it.name.endsWith('_rest.wasm')).length;";
        page.script(script, vec![]).await
    };
    let first = page.run().await?;
    page.until("it has run for a while", async || {
        let run = page.run().await?;
        Ok((run.time_ns > first.time_ns + 200_000_000).then_some(()))
    })
    .await?;
    check(
        fetched().await? == 0,
        "the rest of the program was fetched, and nobody had touched the page",
    )?;
    page.ready().await?;
    page.until("the rest was fetched, once", async || {
        Ok((fetched().await? == 1).then_some(()))
    })
    .await
}

pub async fn every_scenario_runs(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.open_gallery().await?;
    let cards = page.ids("exhibit-").await?;
    check(cards.len() >= 30, format!("the gallery has only {cards:?}"))?;
    page.keys("Esc").await?;
    // All of them run natively in a test; here some of each heading do.
    for card in cards.iter().step_by(3) {
        let name = card.trim_start_matches("exhibit-");
        page.open_exhibit(name).await?;
        page.until(&format!("{name} runs"), async || {
            let run = page.run().await?;
            Ok((run.scenario == name && run.entries > 0 && run.time_ns > 0).then_some(()))
        })
        .await?;
    }
    Ok(())
}

pub async fn theme_is_kept(visit: &mut Visit) -> Fallible {
    visit.page.open("").await?;
    let before = is_dark(visit).await?;
    visit.page.click("theme").await?;
    visit
        .page
        .until("the colours have changed", async || {
            Ok((is_dark(visit).await? != before).then_some(()))
        })
        .await?;
    visit.page.reload().await?;
    check(
        is_dark(visit).await? != before,
        "the theme was forgotten over the reload",
    )
}
