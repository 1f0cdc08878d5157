//! Several documents in one browser: none is ever lost, and none is made that nobody wanted.

use thirtyfour::{By, Key};

use crate::Fallible;
use crate::page::{Page, check};
use crate::visit::Visit;

pub async fn reload_brings_place_back(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.run_past(2_000).await?;
    let run = page.seek(1_500).await?;
    let zoom = "document.querySelector(`[aria-label='Zoom in']`).click();";
    page.script(zoom, vec![]).await?;
    // To a thousandth of a pixel.
    let camera = "return document.querySelector(`[data-testid='canvas']`).getAttribute('style')\
                  .replace(/-?[0-9.]+/g, (it) => Number(it).toFixed(3));";
    let seen = page.script(camera, vec![]).await?;
    page.reload().await?;
    page.until("it stands where it stood", async || {
        let now = page.run().await?;
        Ok((now.time_ns == run.time_ns && now.digest == run.digest && !now.playing).then_some(()))
    })
    .await?;
    let after = page.script(camera, vec![]).await?;
    check(after == seen, format!("the camera was {seen}, now {after}"))
}

pub async fn hasty_reload_keeps_the_change(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change(page).await?;
    page.click("restart-new-seed").await?;
    let run = page.run().await?;
    page.reload().await?;
    let seed = page.run().await?.seed;
    check(
        seed == run.seed,
        format!("the seed was {}, after the reload it is {seed}", run.seed),
    )?;
    check(
        names(page).await?.len() == 1,
        "the reload made another document",
    )
}

pub async fn example_is_no_document(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.open_exhibit("bank-account").await?;
    shows(page, "Bank account").await?;
    page.reload().await?;
    shows(page, "Bank account").await?;
    let kept = names(page).await?;
    check(
        kept.is_empty(),
        format!("nobody changed anything, but there is {kept:?}"),
    )?;
    change(page).await?;
    let kept = names(page).await?;
    check(kept == ["Bank account"], format!("there is {kept:?}"))
}

pub async fn link_is_a_new_document(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change(page).await?;
    let sent = address(page).await?;
    change(page).await?;
    let own = page.run().await?.seed;
    page.script("location.hash = arguments[0];", vec![sent.into()])
        .await?;
    page.until("it is asked", async || {
        Ok(page.click("offered-copy").await.is_ok().then_some(()))
    })
    .await?;
    shows(page, "Online shop 2").await?;
    check(page.run().await?.seed != own, "the link was not opened")?;
    open_from_list(page, "Online shop").await?;
    shows(page, "Online shop").await?;
    check(page.run().await?.seed == own, "one's own was changed")
}

pub async fn list_does_it_all(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change(page).await?;
    open_list(page).await?;
    page.click("document-rename").await?;
    let field = page.find("document-name").await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys("Mine").await?;
    field.send_keys(Key::Enter + "").await?;
    rows_become(page, &["Mine"]).await?;
    page.click("document-duplicate").await?;
    rows_become(page, &["Mine", "Mine 2"]).await?;
    for left in [1, 0] {
        page.click("document-delete").await?;
        rows_are(page, left).await?;
    }
    for back in [1, 2] {
        page.click("undo-delete").await?;
        rows_are(page, back).await?;
    }
    page.click("document-new").await?;
    shows(page, "Untitled").await?;
    page.reload().await?;
    shows(page, "Untitled").await
}

pub async fn second_tab_shows_a_copy(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change(page).await?;
    let first = page.web.window().await?;
    let second = page.web.new_tab().await?;
    page.web.switch_to_window(second).await?;
    page.open("").await?;
    shows(page, "Online shop 2").await?;
    check(
        page.text("notice").await?.contains("another tab"),
        "nothing says that it is a copy",
    )?;
    change(page).await?;
    let theirs = page.run().await?.seed;
    page.web.close_window().await?;
    page.web.switch_to_window(first).await?;
    shows(page, "Online shop").await?;
    check(
        page.run().await?.seed != theirs,
        "the second tab changed the first",
    )?;
    let kept = names(page).await?;
    check(kept.len() == 2, format!("there is {kept:?}"))
}

pub async fn full_storage_is_said(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    change(page).await?;
    let full = "const put = window.put = IDBObjectStore.prototype.put; \
                IDBObjectStore.prototype.put = function (...all) { \
                if (this.name === 'documents') throw new DOMException('', 'QuotaExceededError'); \
                return put.apply(this, all); };";
    page.script(full, vec![]).await?;
    page.click("restart-new-seed").await?;
    page.until("the notice offers the document as a file", async || {
        Ok(page.find("download").await.ok().map(|_| ()))
    })
    .await?;
    page.script("IDBObjectStore.prototype.put = window.put;", vec![])
        .await?;
    change(page).await?;
    check(
        page.find("notice").await.is_err(),
        "it works again, but the notice is still there",
    )
}

/// Changes the document, and waits until that is kept.
async fn change(page: &Page) -> Fallible {
    let before = page.run().await?.seed;
    page.click("restart-new-seed").await?;
    page.until("the change is kept", async || {
        let kept = page.data("run").await?.get("kept").cloned();
        Ok((kept.as_deref() == Some("true") && page.run().await?.seed != before).then_some(()))
    })
    .await
}

async fn shows(page: &Page, name: &str) -> Fallible {
    page.until(&format!("{name} is on the page"), async || {
        Ok((page.text("title").await? == name).then_some(()))
    })
    .await
}

async fn open_list(page: &Page) -> Fallible {
    page.click("documents-open").await?;
    page.until("the list is open", async || {
        Ok(page
            .find("dialog-documents")
            .await?
            .attr("open")
            .await?
            .map(|_| ()))
    })
    .await
}

/// The names in the list that is open.
async fn rows(page: &Page) -> Fallible<Vec<String>> {
    let script = "return [...document.querySelectorAll(`[data-testid='document-row'] b`)]\
                  .map((it) => it.textContent);";
    Ok(serde_json::from_value(page.script(script, vec![]).await?)?)
}

async fn rows_become(page: &Page, names: &[&str]) -> Fallible {
    page.until(&format!("the list is {names:?}"), async || {
        let mut rows = rows(page).await?;
        rows.sort();
        Ok((rows == names).then_some(()))
    })
    .await
}

async fn rows_are(page: &Page, count: usize) -> Fallible {
    page.until(&format!("the list has {count} rows"), async || {
        Ok((rows(page).await?.len() == count).then_some(()))
    })
    .await
}

async fn open_from_list(page: &Page, name: &str) -> Fallible {
    open_list(page).await?;
    page.until("it is in the list", async || {
        let place = rows(page).await?.iter().position(|row| row == name);
        let Some(place) = place else { return Ok(None) };
        let buttons = By::Css("[data-testid='document-open']");
        page.web.find_all(buttons).await?[place].click().await?;
        Ok(Some(()))
    })
    .await
}

/// The names of all documents that the browser keeps.
async fn names(page: &Page) -> Fallible<Vec<String>> {
    let script = "const asked = indexedDB.open('eventyard'); \
                  const done = (it) => \
                  new Promise((yes) => { it.onsuccess = () => yes(it.result); }); \
                  const database = await done(asked); \
                  const all = await done(database.transaction('documents')\
                  .objectStore('documents').getAll()); \
                  database.close(); \
                  return all.map((it) => JSON.parse(it).name).sort();";
    let script = format!("return (async () => {{ {script} }})();");
    Ok(serde_json::from_value(page.script(&script, vec![]).await?)?)
}

async fn address(page: &Page) -> Fallible<String> {
    let hash = page.script("return location.hash;", vec![]).await?;
    Ok(hash.as_str().unwrap_or_default().to_owned())
}
