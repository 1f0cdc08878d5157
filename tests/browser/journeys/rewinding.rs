//! The same run, again: back and forth, at any speed, and without a browser.

use crate::Fallible;
use crate::native;
use crate::page::check;
use crate::visit::Visit;

pub async fn same_digest_again(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(6_000).await?;
    let first = page.seek(5_000).await?;
    let earlier = page.seek(1_234).await?;
    check(
        earlier.digest != first.digest,
        "two moments have the same digest",
    )?;
    check(
        earlier.entries < first.entries,
        "an earlier moment has not fewer entries",
    )?;
    page.run_past(5_500).await?;
    let again = page.seek(5_000).await?;
    check(
        again.digest == first.digest && again.entries == first.entries,
        format!("at 5 s it was {first:?}, and after dragging back and playing it is {again:?}"),
    )
}

pub async fn same_digest_at_any_speed(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    // As the visitor meets it, at the speed it starts with, in as many frames as that takes.
    page.until("a second of the shop has passed", async || {
        Ok((page.run().await?.time_ns > 1_000_000_000).then_some(()))
    })
    .await?;
    page.pause().await?;
    let slowly = page.seek(1_000).await?;
    page.open("").await?;
    page.run_past(8_000).await?;
    let fast = page.seek(1_000).await?;
    check(
        slowly.digest == fast.digest,
        format!("slowly {slowly:?}, at full speed {fast:?}"),
    )
}

pub async fn same_digest_natively(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(20_000).await?;
    for seconds in [20, 3] {
        let run = page.seek(seconds * 1_000).await?;
        let native = native::digest(&run.scenario, run.seed, seconds)?;
        check(
            run.digest == native,
            format!(
                "at {seconds} s the page has {}, the command line {native}",
                run.digest
            ),
        )?;
    }
    Ok(())
}
