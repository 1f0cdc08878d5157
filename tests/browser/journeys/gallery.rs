//! The gallery: looked through, searched, opened; and the captions of what is in it.

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

pub async fn searched_and_told(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.open_gallery().await?;
    let all = page.ids("exhibit-").await?.len();
    page.set("gallery-search", "order123").await?;
    page.until("the search leaves one", async || {
        Ok((page.ids("exhibit-").await? == ["exhibit-payment-queue"]).then_some(()))
    })
    .await?;
    page.until("it has a picture", async || {
        let script = "return document.querySelector('.exhibit img').naturalWidth > 100;";
        Ok((page.script(script, vec![]).await? == true).then_some(()))
    })
    .await?;
    page.set("gallery-search", "").await?;
    page.until("everything is there again", async || {
        Ok((page.ids("exhibit-").await?.len() == all).then_some(()))
    })
    .await?;
    page.click("exhibit-payment-queue").await?;
    for nth in 1..=3 {
        caption_comes(page, &format!("Caption {nth} of 3")).await?;
        let stopped = page.run().await?;
        check(!stopped.playing, "a caption is there, but the run goes on")?;
        page.click("caption-go-on").await?;
        page.until("the run goes on", async || {
            let run = page.run().await?;
            Ok((run.time_ns > stopped.time_ns).then_some(()))
        })
        .await?;
    }
    Ok(())
}

pub async fn address_opens_a_copy(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("#/gallery/user-signed-up").await?;
    title_is(page, "User signed up").await?;
    caption_comes(page, "Caption 1 of 3").await?;
    page.keys("Enter").await?;
    page.until("the caption is gone", async || {
        Ok(page.find("caption").await.is_err().then_some(()))
    })
    .await?;
    // The address of a page that is there is followed as well, and says what is not there.
    page.script("location.hash = '#/gallery/replay';", vec![])
        .await?;
    title_is(page, "Read it all again").await?;
    page.script("location.hash = '#/gallery/no-such-thing';", vec![])
        .await?;
    page.until("it is said that there is no such thing", async || {
        let notice = page.text("notice").await.unwrap_or_default();
        Ok(notice.contains("no-such-thing").then_some(()))
    })
    .await?;
    title_is(page, "Read it all again").await
}

pub async fn jumping_is_not_stopped(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("#/gallery/user-signed-up").await?;
    caption_comes(page, "Caption 1 of 3").await?;
    page.seek(8_000).await?;
    check(
        page.find("caption").await.is_err(),
        "somebody jumped over a caption, and it is there",
    )?;
    page.seek(0).await?;
    page.play().await?;
    caption_comes(page, "Caption 1 of 3").await?;
    page.click("captions-off").await?;
    page.run_past(9_000).await?;
    page.reload().await?;
    page.seek(0).await?;
    page.run_past(9_000).await?;
    Ok(())
}

pub async fn keyboard_alone(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.focus("node-8").await?;
    page.keys("g").await?;
    page.until("the gallery is open, to type", async || {
        let is_there = !page.ids("exhibit-").await?.is_empty();
        Ok((is_there && page.focused().await? == "gallery-search").then_some(()))
    })
    .await?;
    page.keys("Down").await?;
    page.keys("Right").await?;
    focus_is(page, "exhibit-payment-queue").await?;
    page.keys("Enter").await?;
    title_is(page, "Order123 is paid").await?;
    caption_comes(page, "Caption 1 of 3").await?;
    focus_is(page, "caption-go-on").await?;
    page.keys("Enter").await?;
    caption_comes(page, "Caption 2 of 3").await
}

async fn caption_comes(page: &Page, label: &str) -> Fallible {
    page.until(&format!("{label} is there"), async || {
        let Ok(caption) = page.find("caption").await else {
            return Ok(None);
        };
        let found = caption.attr("aria-label").await.unwrap_or_default();
        Ok((found.as_deref() == Some(label)).then_some(()))
    })
    .await
}

async fn title_is(page: &Page, name: &str) -> Fallible {
    page.until(&format!("{name} is on the page"), async || {
        Ok((page.text("title").await? == name).then_some(()))
    })
    .await
}

async fn focus_is(page: &Page, id: &str) -> Fallible {
    page.until(&format!("{id} has the focus"), async || {
        Ok((page.focused().await? == id).then_some(()))
    })
    .await
}
