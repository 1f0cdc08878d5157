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
    "several things are selected" on DESK => several_selected,
    "a note is selected" on DESK => note_selected,
    "the list of problems is open" on DESK => problems_open,
    "a message is followed" on DESK => message_followed,
    "the legend is open" on DESK => legend_open,
    "the help is open" on DESK => help_open,
    "a menu is open" on DESK => menu_open,
    "the list of commands is open" on DESK => commands_open,
    "a node is searched for" on DESK => find_open,
    "the keys are open" on DESK => keys_open,
    "the minimap is shown" on DESK => minimap_shown,
    "a name is being written" on DESK => name_written,
    "a note and a frame are there" on DESK => note_and_frame,
    "a group of settings is open" on DESK => group_open,
    "a setting is searched for" on DESK => setting_searched,
    "the text view is open" on DESK => text_view_open,
    "a link is shared" on DESK => share_open,
    "the scenario is a text" on DESK => sketch_open,
    "the text has a mistake" on DESK => sketch_wrong,
    "something went wrong" on DESK => notice_shown,
    "a kind is searched for in the palette" on DESK => palette_searched,
    "a list of kinds is open on the canvas" on DESK => quick_add_open,
    "the gallery is open" on DESK => gallery_open,
    "nothing in the gallery fits" on DESK => gallery_empty,
    "a caption is there" on DESK => caption_there,
    "a node is down, with a mark" on DESK => node_down,
    "another product is considered" on DESK => product_considered,
    "a product is followed" on DESK => product_followed,
    "the palette is a rail" on DESK => palette_folded,
    "messages are in the hand" on DESK => super::by_hand::two_in_hand,
    "dead letters are chosen" on DESK => super::by_hand::one_dead_chosen,
    "a broker of a log is down" on DESK => super::logs::broker_down,
    "a record of a log is followed" on DESK => super::logs::record_followed,
    "a link asks" on DESK => link_asks,
    "the document is empty" on DESK => document_empty,
    "an import is explained" on DESK => import_explained,
    "a walk is told" on DESK => walk_told,
    "the first screen of a phone" on PHONE => first_screen,
    "a node is selected on a phone" on PHONE => node_selected,
    "several things are selected on a phone" on PHONE => several_selected,
    "a group of settings is open on a phone" on PHONE => group_open,
    "the text view is open on a phone" on PHONE => text_view_open,
    "the scenario is a text on a phone" on PHONE => sketch_open,
    "the text has a mistake on a phone" on PHONE => sketch_wrong,
    "the help is open on a phone" on PHONE => help_open,
    "the palette of a phone is open" on PHONE => phone_palette_open,
    "a link is drawn on a phone" on PHONE => phone_linking,
    "a menu is open on a phone" on PHONE => menu_open,
    "the list of commands is open on a phone" on PHONE => commands_open,
    "the gallery is open on a phone" on PHONE => gallery_open,
    "a caption is there on a phone" on PHONE => caption_there,
    "another product is considered on a phone" on PHONE => product_considered,
    "a link is shared on a phone" on PHONE => share_open,
    "messages are in the hand on a phone" on PHONE => super::by_hand::two_in_hand,
    "dead letters are chosen on a phone" on PHONE => super::by_hand::one_dead_chosen,
    "a broker of a log is down on a phone" on PHONE => super::logs::broker_down,
    "a link asks on a phone" on PHONE => link_asks,
    "a walk is told on a phone" on PHONE => walk_told,
}

/// Walks through all states, and says all that is wrong with any of them.
pub async fn every_state_when_light(visit: &mut Visit) -> Fallible {
    judge(visit, DESK, false).await
}

pub async fn every_state_when_dark(visit: &mut Visit) -> Fallible {
    judge(visit, DESK, true).await
}

pub async fn every_state_of_a_phone(visit: &mut Visit) -> Fallible {
    judge(visit, PHONE, false).await
}

pub async fn every_state_of_a_phone_when_dark(visit: &mut Visit) -> Fallible {
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

async fn gallery_open(page: &Page) -> Fallible {
    page.open_gallery().await
}

async fn gallery_empty(page: &Page) -> Fallible {
    page.open_gallery().await?;
    page.set("gallery-search", "no such thing xyzzy").await?;
    page.until("nothing is left", async || {
        Ok(page.ids("exhibit-").await?.is_empty().then_some(()))
    })
    .await
}

async fn caption_there(page: &Page) -> Fallible {
    page.open_exhibit("user-signed-up").await?;
    page.until("a caption is there", async || {
        Ok(page.find("caption").await.ok().map(|_| ()))
    })
    .await
}

async fn node_selected(page: &Page) -> Fallible {
    select(page, "node-8").await
}

async fn link_selected(page: &Page) -> Fallible {
    let links = page.ids("link-").await?;
    let link = links.first().ok_or("the shop has no link")?;
    select(page, link).await
}

async fn several_selected(page: &Page) -> Fallible {
    select(page, "node-8").await?;
    page.keys("Ctrl+A").await?;
    page.find("several").await?;
    Ok(())
}

async fn note_selected(page: &Page) -> Fallible {
    page.focus("node-8").await?;
    page.keys("n").await?;
    page.find("field-text").await?;
    Ok(())
}

async fn share_open(page: &Page) -> Fallible {
    page.click("share-open").await?;
    page.until("the code is there", async || {
        Ok(page.find("share-code").await.is_ok().then_some(()))
    })
    .await
}

async fn link_asks(page: &Page) -> Fallible {
    super::sharing::ask(page).await
}

async fn problems_open(page: &Page) -> Fallible {
    page.focus("node-8").await?;
    page.keys("Shift+P").await?;
    page.find("problems").await?;
    Ok(())
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

async fn name_written(page: &Page) -> Fallible {
    select(page, "node-8").await?;
    page.keys("F2").await?;
    is_written(page).await
}

async fn note_and_frame(page: &Page) -> Fallible {
    select(page, "node-8").await?;
    page.keys("Ctrl+G").await?;
    is_written(page).await?;
    page.keys("Enter").await?;
    page.keys("N").await?;
    is_written(page).await?;
    page.type_text("Every order is one fact").await?;
    page.keys("Ctrl+Enter").await?;
    page.until("the note is there", async || {
        Ok((!page.ids("note-").await?.is_empty()).then_some(()))
    })
    .await
}

async fn is_written(page: &Page) -> Fallible {
    page.until("a name can be written", async || {
        Ok((page.focused().await? == "rename-input").then_some(()))
    })
    .await
}

async fn help_open(page: &Page) -> Fallible {
    page.keys("?").await?;
    page.until("the help is open", async || {
        let script = "return !!document.querySelector('dialog[open]');";
        Ok((page.script(script, vec![]).await? == true).then_some(()))
    })
    .await
}

async fn palette_searched(page: &Page) -> Fallible {
    page.keys("/").await?;
    page.until("the palette has the focus", async || {
        Ok((page.focused().await? == "palette-search").then_some(()))
    })
    .await?;
    page.type_text("sns").await
}

async fn quick_add_open(page: &Page) -> Fallible {
    let empty = page.empty_spot().await?;
    page.press_twice_at(empty).await?;
    page.find("quick-add-search").await?;
    Ok(())
}

async fn palette_folded(page: &Page) -> Fallible {
    page.click("palette-toggle").await
}

async fn document_empty(page: &Page) -> Fallible {
    page.click("documents-open").await?;
    page.click("document-new").await?;
    page.until("the document is empty", async || {
        Ok((!page.ids("empty-state").await?.is_empty()).then_some(()))
    })
    .await
}

async fn phone_palette_open(page: &Page) -> Fallible {
    page.click("add-button").await?;
    page.find("palette-note").await?;
    Ok(())
}

async fn phone_linking(page: &Page) -> Fallible {
    node_selected(page).await?;
    page.click("touch-link").await?;
    page.find("touch-cancel").await?;
    Ok(())
}

async fn menu_open(page: &Page) -> Fallible {
    page.focus("node-8").await?;
    page.keys("Shift+F10").await?;
    page.find("menu").await?;
    Ok(())
}

async fn commands_open(page: &Page) -> Fallible {
    page.click("toolbar-command").await?;
    page.find("command-option-fit").await?;
    Ok(())
}

async fn find_open(page: &Page) -> Fallible {
    page.keys("Ctrl+F").await?;
    page.find("find-option-node-8").await?;
    Ok(())
}

async fn keys_open(page: &Page) -> Fallible {
    commands_open(page).await?;
    page.click("command-option-keys").await?;
    page.click("keys-row-step").await?;
    Ok(())
}

async fn minimap_shown(page: &Page) -> Fallible {
    page.keys("M").await?;
    page.find("minimap").await?;
    Ok(())
}

async fn group_open(page: &Page) -> Fallible {
    select(page, "node-1").await?;
    page.click("more-events-0").await?;
    page.click("json-events").await?;
    page.click("group-confirms").await
}

async fn setting_searched(page: &Page) -> Fallible {
    select(page, "node-10").await?;
    page.set("find-setting", "circuit breaker").await
}

async fn text_view_open(page: &Page) -> Fallible {
    page.keys("Shift+T").await?;
    page.find("text-view").await?;
    // With the settings of a node and of no other.
    page.click("text-settings-10").await?;
    page.find("field-workers").await?;
    Ok(())
}

async fn sketch_open(page: &Page) -> Fallible {
    select(page, SHIPPING_QUEUE).await?;
    page.keys("e").await?;
    super::sketch::comes(page, "sketch-text").await
}

async fn sketch_wrong(page: &Page) -> Fallible {
    sketch_open(page).await?;
    page.focus("sketch-text").await?;
    page.type_text("here").await?;
    super::sketch::comes(page, "sketch-flaw-0").await
}

async fn import_explained(page: &Page) -> Fallible {
    super::sketch::choose_text(page, super::sketch::FOREIGN, "theirs.sruja").await?;
    super::sketch::comes(page, "remarks").await
}

async fn walk_told(page: &Page) -> Fallible {
    super::sketch::choose_text(page, super::sketch::WALKED, "own.sketch").await?;
    super::sketch::comes(page, "tell-open").await?;
    page.click("tell-open").await?;
    super::sketch::comes(page, "telling-next").await
}

async fn notice_shown(page: &Page) -> Fallible {
    page.open("#j1.AAAA").await?;
    page.pause().await?;
    page.find("notice").await?;
    Ok(())
}

async fn product_considered(page: &Page) -> Fallible {
    page.seek(0).await?;
    select(page, SHIPPING_QUEUE).await?;
    page.set("field-max_length", "100").await?;
    page.set("field-preset", "sqs-fifo").await?;
    page.find("preset-own").await?;
    Ok(())
}

async fn product_followed(page: &Page) -> Fallible {
    product_considered(page).await?;
    page.click("preset-do").await?;
    page.find("preset-source").await?;
    page.click("preset-rest").await
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
            stops.len() < 18,
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
    // From when on it holds is asked once; the first answer has the focus.
    page.find("reach-now").await?;
    page.keys("Enter").await?;
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
