//! Whether everybody can use the page, in each state that it can be in: by axe's rules, with the
//! keyboard alone, and without motion.

use std::pin::Pin;
use std::time::Duration;

use crate::Fallible;
use crate::driver::{DESK, PHONE, Viewport};
use crate::page::{Page, check};
use crate::pictures::is_dark;
use crate::visit::Visit;

// Nodes of the shop; ids are for ever.
const SHIPPING_QUEUE: &str = "node-6";

/// A state of the page, and how one gets there from the first screen.
struct State {
    name: &'static str,
    viewport: Viewport,
    reach: Reach,
}

type Reach = for<'a> fn(&'a Page) -> Pin<Box<dyn Future<Output = Fallible> + 'a>>;

macro_rules! states {
    ($($name:literal on $device:ident => $reach:path,)*) => {
        const STATES: &[State] = &[$(State {
            name: $name,
            viewport: $device,
            reach: |page| Box::pin($reach(page)),
        },)*];
    };
}

// Each is judged light and dark. What changes the document stands last.
states! {
    "the first screen" on DESK => first_screen,
    "a node is selected" on DESK => node_selected,
    "a link is selected" on DESK => link_selected,
    "a message is followed" on DESK => message_followed,
    "the legend is open" on DESK => legend_open,
    "the help is open" on DESK => help_open,
    "the text view is open" on DESK => text_view_open,
    "something went wrong" on DESK => notice_shown,
    "a node is down, with a mark" on DESK => node_down,
    "the first screen of a phone" on PHONE => first_screen,
    "a node is selected on a phone" on PHONE => node_selected,
    "the text view is open on a phone" on PHONE => text_view_open,
    "the help is open on a phone" on PHONE => help_open,
}

/// Walks through all states, and says all that is wrong with any of them.
pub async fn every_state_when_light(visit: &mut Visit) -> Fallible {
    judge(visit, DESK, false).await
}

pub async fn every_state_when_dark(visit: &mut Visit) -> Fallible {
    judge(visit, DESK, true).await
}

pub async fn every_state_of_a_phone(visit: &mut Visit) -> Fallible {
    judge(visit, PHONE, false).await?;
    judge(visit, PHONE, true).await
}

async fn judge(visit: &Visit, viewport: Viewport, dark: bool) -> Fallible {
    let page = &visit.page;
    let look = if dark { "dark" } else { "light" };
    let mut wrong = Vec::new();
    for state in STATES.iter().filter(|it| it.viewport == viewport) {
        page.open("").await?;
        page.pause().await?;
        if is_dark(visit).await? != dark {
            page.click("theme").await?;
        }
        (state.reach)(page)
            .await
            .map_err(|error| format!("{}, {look}: {error}", state.name))?;
        // Colours fade from one theme to the other, and axe would judge those between.
        tokio::time::sleep(Duration::from_millis(350)).await;
        for fault in page.faults().await? {
            wrong.push(format!("        {}, {look}: {fault}", state.name));
        }
    }
    check(wrong.is_empty(), wrong.join("\n"))
}

async fn first_screen(_: &Page) -> Fallible {
    Ok(())
}

async fn node_selected(page: &Page) -> Fallible {
    select(page, "node-8").await
}

async fn link_selected(page: &Page) -> Fallible {
    let links = page.ids("link-").await?;
    let link = links.first().ok_or("the shop has no link")?;
    select(page, link).await
}

async fn message_followed(page: &Page) -> Fallible {
    page.seek(50_000).await?;
    // Messages can be picked on a card that is selected, and its row begins on the right.
    select(page, SHIPPING_QUEUE).await?;
    page.until("a message of the queue is followed", async || {
        for across in 0..12 {
            let middle = page.spot(SHIPPING_QUEUE).await?;
            page.press_at(&[], middle.by(f64::from(across) * 6.0, 0.0))
                .await?;
            if page.text("inspector").await?.contains("Envelope") {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
    .await
}

async fn node_down(page: &Page) -> Fallible {
    page.seek(20_000).await?;
    select(page, "node-8").await?;
    page.click("crash").await?;
    page.until("there is a mark", async || {
        Ok((!page.ids("mark-").await?.is_empty()).then_some(()))
    })
    .await
}

async fn legend_open(page: &Page) -> Fallible {
    page.seek(5_000).await?;
    page.script("document.querySelector('.legend').open = true;", vec![])
        .await?;
    Ok(())
}

async fn help_open(page: &Page) -> Fallible {
    page.keys("?").await?;
    page.until("the help is open", async || {
        let script = "return !!document.querySelector('dialog[open]');";
        Ok((page.script(script, vec![]).await? == true).then_some(()))
    })
    .await
}

async fn text_view_open(page: &Page) -> Fallible {
    page.keys("Shift+T").await?;
    page.find("text-view").await?;
    // With the settings of a node and of no other.
    page.click("text-settings-10").await?;
    page.find("field-workers").await?;
    Ok(())
}

async fn notice_shown(page: &Page) -> Fallible {
    page.open("#j1.AAAA").await?;
    page.pause().await?;
    page.find("notice").await?;
    Ok(())
}

async fn select(page: &Page, id: &str) -> Fallible {
    page.focus(id).await?;
    page.keys("Enter").await?;
    super::drawing::is_pressed(page, id).await?;
    page.until("the inspector shows it", async || {
        Ok((!page.text("inspector").await?.is_empty()).then_some(()))
    })
    .await
}

pub async fn keyboard_alone(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    page.until("a moment has passed", async || {
        Ok((page.run().await?.time_ns > 0).then_some(()))
    })
    .await?;
    let mut stops = Vec::new();
    while !page.focused().await?.starts_with("node-") {
        page.keys("Tab").await?;
        stops.push(page.focused().await?);
        check(
            stops.len() < 12,
            format!("Tab does not come to a node, but to {stops:?}"),
        )?;
    }
    let node = page.focused().await?;
    page.keys("Enter").await?;
    super::drawing::is_pressed(page, &node).await?;
    page.keys("Esc").await?;
    check(
        page.text("inspector").await?.is_empty(),
        "Esc has not closed the inspector",
    )?;

    select(page, "node-10").await?;
    page.focus("field-workers").await?;
    page.keys("Ctrl+A").await?;
    page.type_text("3").await?;
    page.keys("Tab").await?;
    page.until("the edit has left a mark", async || {
        Ok((page.ids("mark-").await?.len() == 1).then_some(()))
    })
    .await
}

pub async fn nothing_moves(visit: &mut Visit) -> Fallible {
    let page = &visit.page;
    page.open("").await?;
    let first = page.run().await?;
    check(!first.playing, "the run plays by itself")?;
    still(page, "the page has opened").await?;
    let before = page.spot("node-8").await?;
    let empty = page.empty_spot().await?;
    page.wheel(&[], empty, 300, 200).await?;
    still(page, "the picture was moved").await?;
    page.keys("Shift+1").await?;
    still(page, "everything was fitted").await?;
    let after = page.spot("node-8").await?;
    check(
        (after.x - before.x).hypot(after.y - before.y) < 2.0,
        format!("fitting has not brought {before:?} back, it is at {after:?}"),
    )?;
    page.click("theme").await?;
    still(page, "the theme was switched").await?;
    select(page, "node-8").await?;
    still(page, "a node was selected").await?;
    page.keys("?").await?;
    still(page, "the help was opened").await?;
    check(
        page.run().await? == first,
        "the run has gone on, and nobody pressed play",
    )
}

/// Fails if something is on its way by itself: what the browser animates, or the picture.
async fn still(page: &Page, when: &str) -> Fallible {
    let script = "const done = arguments[0]; \
        const place = () => JSON.stringify([...document.querySelectorAll('.node-button')] \
            .map((it) => it.getBoundingClientRect().x)); \
        const animated = () => document.getAnimations() \
            .filter((it) => it.playState === 'running').length; \
        requestAnimationFrame(() => requestAnimationFrame(() => { \
            const [start, moving] = [place(), animated()]; \
            setTimeout(() => done([moving, start === place()]), 120); }));";
    let found = page.web.execute_async(script, vec![]).await?;
    let (moving, same): (u32, bool) = serde_json::from_value(found.json().clone())?;
    check(
        moving == 0 && same,
        format!("after {when}, {moving} things move; the picture stands still: {same}"),
    )
}
