//! The page's policy. That the page itself keeps to it is checked in each journey: the site watches
//! for what is forbidden, and says it on the console.

use serde_json::json;

use crate::Fallible;
use crate::page::check;
use crate::visit::Visit;

/// What somebody might get into the page, each with the directive that forbids it.
const ATTEMPTS: [(&str, &str); 5] = [
    (
        "document.body.setAttribute('style', 'color:red')",
        "style-src",
    ),
    (
        "const it = document.createElement('script'); it.textContent = 'window.ran = 1'; \
         document.body.append(it)",
        "script-src",
    ),
    (
        "const it = document.createElement('img'); it.src = 'http://example.invalid/a.png'; \
         document.body.append(it)",
        "img-src",
    ),
    (
        "const it = document.createElement('iframe'); it.src = 'https://example.invalid/'; \
         document.body.append(it)",
        "frame-src",
    ),
    (
        "fetch('http://example.invalid/').catch(() => {})",
        "connect-src",
    ),
];

pub async fn what_is_not_needed_is_forbidden(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.script("window.forbidden = [];", vec![]).await?;
    for (attempt, directive) in ATTEMPTS {
        page.script(attempt, vec![]).await?;
        page.until(&format!("{directive} forbids {attempt}"), async || {
            let found = "return window.forbidden.some((it) => it.startsWith(arguments[0]));";
            let found = page.script(found, vec![json!(directive)]).await?;
            Ok((found == true).then_some(()))
        })
        .await?;
    }
    let ran = page.script("return window.ran ?? 0;", vec![]).await?;
    check(ran == 0, "a script ran that stands in the page")?;
    // The browser says of each that it refused it.
    visit.forget_console().await
}
