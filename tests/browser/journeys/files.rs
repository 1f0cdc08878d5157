//! Files that are saved, and opened again: the scenario's own, and pictures with it inside.

use serde_json::json;

use crate::Fallible;
use crate::page::check;
use crate::visit::Visit;

/// The page's downloads stay in the page: what a browser does with them is its own affair.
const KEEP_DOWNLOADS: &str = "
    const address = URL.createObjectURL.bind(URL);
    URL.createObjectURL = file => { window.saved = file; return address(file); };
    HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };";

/// Hands the latest download to the chooser, under a name that says nothing.
const CHOOSE_DOWNLOAD: &str = "
    const files = new DataTransfer();
    files.items.add(new File([window.saved], 'file'));
    const input = document.querySelector('[data-testid=file-input]');
    input.files = files.files;
    window.savedAs = null;
    input.dispatchEvent(new Event('change', { bubbles: true }));";

pub async fn saved_is_opened_again(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.script(KEEP_DOWNLOADS, vec![]).await?;
    for (button, ending) in [
        ("export-json", ".eventyard.json"),
        ("export-png", ".png"),
        ("export-svg", ".svg"),
    ] {
        let saved = page.run().await?;
        page.click("export-open").await?;
        page.click(button).await?;
        let name = page
            .until(&format!("{button} saves a file"), async || {
                let name = page
                    .script("return window.savedAs ?? null;", vec![])
                    .await?;
                Ok(name.as_str().map(str::to_owned))
            })
            .await?;
        check(
            name.ends_with(ending),
            format!("{button} saved a file with the name {name}"),
        )?;
        page.click("restart-new-seed").await?;
        page.until("the run has another seed", async || {
            Ok((page.run().await?.seed != saved.seed).then_some(()))
        })
        .await?;
        page.script(CHOOSE_DOWNLOAD, vec![]).await?;
        page.until(
            &format!("the file of {button} brings the seed back"),
            async || Ok((page.run().await?.seed == saved.seed).then_some(())),
        )
        .await?;
    }
    Ok(())
}

pub async fn other_files_are_refused(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let before = page.run().await?;
    let keep = "window.saved = new Blob([arguments[0]]);";
    page.script(keep, vec![json!("Dear all, nothing here.")])
        .await?;
    page.script(CHOOSE_DOWNLOAD, vec![]).await?;
    page.until("a notice says that there is no scenario", async || {
        let notice = page.text("notice").await.unwrap_or_default();
        Ok(notice.contains("no scenario").then_some(()))
    })
    .await?;
    let after = page.run().await?;
    check(
        after.scenario == before.scenario && after.entries >= before.entries,
        format!("it was {before:?}, and is {after:?}"),
    )
}
