//! The page inside of a page of somebody else, and files of somebody else inside of this one.

use eventyard::editor::embed::{Embed, Panel};
use eventyard::scenario::{self, examples, link};
use eventyard::units::SimTime;
use serde_json::{Value, json};

use crate::Fallible;
use crate::page::{Page, check};
use crate::site::{self, Foreign};
use crate::visit::Visit;

/// A page that embeds ours, and writes down what it is told.
const HOST: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Host</title>\
    <link rel=icon href='data:,'><h1>Host</h1>\
    <iframe title=Eventyard width=600 height=400></iframe>\
    <script>window.told = []; addEventListener('message', (event) => \
    told.push({ origin: event.origin, ...event.data }));</script>";

async fn host(visit: &Visit, fragment: &str) -> Fallible {
    let page = &visit.page;
    let host = site::beside(vec![Foreign {
        path: "/host.html",
        shared: false,
        body: HOST.to_owned(),
    }])?;
    page.web.goto(format!("{host}host.html")).await?;
    let show = "document.querySelector('iframe').src = arguments[0];";
    page.script(show, vec![format!("{}#{fragment}", page.home).into()])
        .await?;
    let ready = told(page, "the embedded page is ready", |it| {
        it["eventyard"] == "ready"
    })
    .await?;
    let origin = ready["origin"].as_str().unwrap_or_default();
    check(
        page.home.starts_with(origin),
        format!("{origin} is ready, and the page is {}", page.home),
    )
}

/// Waits until the host was told something.
async fn told(page: &Page, what: &str, is_it: impl Fn(&Value) -> bool) -> Fallible<Value> {
    page.until(what, async || {
        let all = page.script("return window.told;", vec![]).await?;
        Ok(all
            .as_array()
            .into_iter()
            .flatten()
            .find(|it| is_it(it))
            .cloned())
    })
    .await
}

/// Sends a message, forgets what was told before, and waits for the answer.
async fn ask(page: &Page, mut message: Value) -> Fallible<Value> {
    message["id"] = json!("asked");
    let send = "window.told = []; \
                document.querySelector('iframe').contentWindow.postMessage(arguments[0], '*');";
    page.script(send, vec![message.clone()]).await?;
    told(page, &format!("{message} is answered"), |it| {
        it["id"] == "asked"
    })
    .await
}

/// What a script in the embedded page says.
async fn inside(page: &Page, script: &str) -> Fallible<Value> {
    page.web.enter_frame(0).await?;
    let said = page.script(script, vec![]).await;
    page.web.enter_parent_frame().await?;
    said
}

pub async fn host_has_it_play(visit: &mut Visit) -> Fallible {
    let embed = Embed {
        readonly: true,
        at: SimTime::from_nanos(2_000_000_000),
        ..Embed::default()
    };
    let [first, second] = [0, 1].map(|n| examples()[n].scenario());
    host(visit, &embed.write(&link::encode(&first))).await?;
    let page = &visit.page;
    let standing = "return document.querySelector(`[data-testid='run']`).dataset.timeNs;";
    let at = inside(page, standing).await?;
    check(at == "2000000000", format!("it stands at {at}, not at 2 s"))?;

    let done = ask(page, json!({ "eventyard": "seek", "at": 1_500 })).await?;
    check(done["eventyard"] == "done", format!("seek: {done}"))?;
    told(page, "it stands at 1.5 s", |it| {
        it["eventyard"] == "time" && it["at"] == 1_500.0 && it["playing"] == false
    })
    .await?;
    ask(page, json!({ "eventyard": "play" })).await?;
    told(page, "it plays", |it| {
        it["playing"] == true && it["at"].as_f64().is_some_and(|at| at > 1_500.0)
    })
    .await?;
    ask(page, json!({ "eventyard": "pause" })).await?;

    let load = json!({ "eventyard": "load", "scenario": second.to_json() });
    let done = ask(page, load).await?;
    check(done["eventyard"] == "done", format!("load: {done}"))?;
    let title = inside(page, "return document.querySelector('h1').textContent;").await?;
    check(
        title == second.name,
        format!("{title} is shown, not {}", second.name),
    )?;
    let load = json!({ "eventyard": "load", "link": link::encode(&first) });
    check(
        ask(page, load).await?["eventyard"] == "done",
        "the link was not loaded",
    )
}

pub async fn host_is_refused_in_words(visit: &mut Visit) -> Fallible {
    let scenario = examples()[0].scenario();
    host(visit, &Embed::default().write(&link::encode(&scenario))).await?;
    let page = &visit.page;
    for (message, word) in [
        (
            json!({ "eventyard": "eval", "code": "1" }),
            "play, pause, seek or load",
        ),
        (json!({ "eventyard": "seek", "at": "soon" }), "milliseconds"),
        (
            json!({ "eventyard": "load", "scenario": { "nodes": 3 } }),
            "",
        ),
        (json!({ "eventyard": "load", "link": "#j1.AAAA" }), "link"),
    ] {
        let answer = ask(page, message.clone()).await?;
        let why = answer["problems"][0].as_str().unwrap_or_default();
        check(
            answer["eventyard"] == "error" && !why.is_empty() && why.contains(word),
            format!("{message} is answered with {answer}"),
        )?;
    }
    // Only the window around it is listened to: not itself, and not what is no message of ours.
    ask(page, json!({ "eventyard": "seek", "at": 1_000 })).await?;
    let by_itself = "window.postMessage({ eventyard: 'seek', at: 9000 }, '*');";
    inside(page, by_itself).await?;
    let other = "document.querySelector('iframe').contentWindow.postMessage('hello', '*');";
    page.script(other, vec![]).await?;
    let done = ask(page, json!({ "eventyard": "pause" })).await?;
    check(done["command"] == "pause", format!("{done}"))?;
    let standing = "return document.querySelector(`[data-testid='run']`).dataset.timeNs;";
    let at = inside(page, standing).await?;
    check(
        at == "1000000000",
        format!("it went to {at} for somebody else"),
    )
}

pub async fn embedded_page_keeps_nothing(visit: &mut Visit) -> Fallible {
    let scenario = examples()[0].scenario();
    let embed = Embed {
        panels: vec![Panel::Time],
        ..Embed::default()
    };
    host(visit, &embed.write(&link::encode(&scenario))).await?;
    let page = &visit.page;
    page.web.enter_frame(0).await?;
    let nodes = page.ids("node-").await?.len();
    let select = "document.querySelector(`[data-testid^='node-']`).click();";
    page.script(select, vec![]).await?;
    page.script(
        "dispatchEvent(new KeyboardEvent('keydown', { key: 'Delete' }));",
        vec![],
    )
    .await?;
    page.until("the node is gone", async || {
        Ok((page.ids("node-").await?.len() < nodes).then_some(()))
    })
    .await?;
    let kept = "return (async () => [localStorage.length, sessionStorage.length, \
                (await indexedDB.databases()).length, (await caches.keys()).length])();";
    let kept = page.script(kept, vec![]).await?;
    check(
        kept == json!([0, 0, 0, 0]),
        format!("it kept something: {kept}"),
    )?;
    // The way out has what was changed.
    let out = page.find("embed-open").await?;
    out.focus().await?;
    let href = out.attr("href").await?.unwrap_or_default();
    let fragment = href.split_once('#').map_or("", |(_, fragment)| fragment);
    let opened = link::decode(fragment).map_err(|why| format!("{why:?}"))?;
    page.web.enter_parent_frame().await?;
    check(
        opened.topology.nodes.len() == scenario.topology.nodes.len() - 1,
        "the way to the whole page has another scenario",
    )
}

pub async fn watched_page_stays_as_it_is(visit: &mut Visit) -> Fallible {
    let scenario = examples()[0].scenario();
    let embed = Embed {
        readonly: true,
        ..Embed::default()
    };
    host(visit, &embed.write(&link::encode(&scenario))).await?;
    let page = &visit.page;
    page.web.enter_frame(0).await?;
    let nodes = page.ids("node-").await?.len();
    let select = "document.querySelector(`[data-testid^='node-']`).click();";
    page.script(select, vec![]).await?;
    page.until(
        "the inspector is open, with nothing to change",
        async || {
            let script = "const all = [...document.querySelectorAll(\
                      '.inspector :is(button, input, select, textarea)')]; \
                      const free = all.filter((it) => it.matches(':enabled')); \
                      return free.length === 1 && all.length > 1;";
            Ok((page.script(script, vec![]).await? == true).then_some(()))
        },
    )
    .await?;
    for key in ["Delete", "k", "2"] {
        let press = "dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0] }));";
        page.script(press, vec![json!(key)]).await?;
    }
    let faults = page.faults().await?;
    check(faults.is_empty(), faults.join("\n"))?;
    let after = page.ids("node-").await?.len();
    let marks = page.ids("mark-").await?;
    page.web.enter_parent_frame().await?;
    check(
        after == nodes && marks.is_empty(),
        format!("{nodes} nodes are {after}, and there are the marks {marks:?}"),
    )
}

pub async fn file_of_the_web_is_asked_for(visit: &mut Visit) -> Fallible {
    let theirs = examples()[1].scenario();
    let file = |path, shared| Foreign {
        path,
        shared,
        body: scenario::write(&theirs),
    };
    let web = site::beside(vec![
        file("/a/bank.json", true),
        file("/closed.json", false),
    ])?;
    let page = &visit.page;
    page.open(&format!("#u={web}a/bank.json")).await?;
    let host = page.text("fetch-host").await?;
    check(
        web.contains(&host) && !host.is_empty(),
        format!("it asks for {host}"),
    )?;
    let own = page.text("title").await?;
    page.click("fetch-cancel").await?;
    check(
        page.text("title").await? == own,
        "it opened something without a yes",
    )?;
    page.open(&format!("#u={web}a/bank.json")).await?;
    page.click("fetch-load").await?;
    page.until("the file is a document", async || {
        Ok((page.text("title").await? == theirs.name).then_some(()))
    })
    .await?;
    page.open(&format!("#u={web}closed.json")).await?;
    page.click("fetch-load").await?;
    page.until("the notice explains why it cannot be read", async || {
        let notice = page.text("notice").await.unwrap_or_default();
        Ok(notice.contains("CORS").then_some(()))
    })
    .await?;
    page.open("#u=ftp://example.org/a.json").await?;
    let notice = page.text("notice").await?;
    check(
        notice.contains("https"),
        format!("the notice says {notice:?}"),
    )?;
    // The browser has its own words for a server that lets nobody read.
    visit.forget_console().await
}
