//! The page as a person's hands and eyes know it. It finds things by `data-testid` alone, so that
//! words and looks can change without a journey noticing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use eventyard::scenario::{Scenario, link};
use serde_json::{Value, json};
use thirtyfour::{By, WebDriver, WebElement};

use crate::Fallible;

/// How long anything may take that a person would call immediate; CI machines are slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// The page in one window.
pub struct Page {
    pub web: WebDriver,
    /// The address without a fragment.
    pub home: String,
}

/// What the page says about its run, all at the same instant.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    pub time_ns: u64,
    /// The furthest moment that this run has been at.
    pub furthest_ns: u64,
    /// Trace entries until this moment.
    pub entries: u64,
    /// The digest of the trace until this moment, 16 hexadecimal digits.
    pub digest: String,
    pub playing: bool,
    pub seed: u64,
    pub scenario: String,
}

impl Page {
    pub fn new(web: WebDriver, home: &str) -> Self {
        Self {
            web,
            home: home.to_owned(),
        }
    }

    /// Loads the page, with a fragment such as `#…` or none, and waits until its run is there.
    pub async fn open(&self, fragment: &str) -> Fallible {
        // A change of the fragment alone would load nothing.
        self.web.goto("about:blank").await?;
        self.web.goto(format!("{}{fragment}", self.home)).await?;
        self.ready().await
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Fallible {
        self.web.refresh().await?;
        self.ready().await
    }

    /// Waits until the run is live, and the page has what a person needs.
    pub async fn ready(&self) -> Fallible {
        self.run_has("ready").await?;
        // The first sign of a person brings the rest of the program.
        let sign = "window.dispatchEvent(new Event('pointermove'));";
        self.script(sign, vec![]).await?;
        self.run_has("whole").await
    }

    /// Waits until a fact of the run is true.
    pub async fn run_has(&self, fact: &str) -> Fallible {
        self.until(&format!("the run is {fact}"), async || {
            let facts = self.data("run").await?;
            Ok((facts.get(fact).is_some_and(|fact| fact == "true")).then_some(()))
        })
        .await
    }

    pub async fn run(&self) -> Fallible<RunState> {
        let data = self.data("run").await?;
        let text = |name: &str| {
            data.get(name)
                .cloned()
                .ok_or_else(|| format!("the run has no data-{name}: {data:?}"))
        };
        Ok(RunState {
            time_ns: text("timeNs")?.parse()?,
            furthest_ns: text("furthestNs")?.parse()?,
            entries: text("entries")?.parse()?,
            digest: text("digest")?,
            playing: text("playing")? == "true",
            seed: text("seed")?.parse()?,
            scenario: text("scenario")?,
        })
    }

    /// The document as the address carries it; a change is there a moment later.
    pub async fn document(&self) -> Fallible<Scenario> {
        let address = self.web.current_url().await?;
        let fragment = address.fragment().unwrap_or_default();
        link::decode(fragment).map_err(|problems| {
            format!("the address carries no document: {problems:?}: {fragment:?}").into()
        })
    }

    /// Waits until something holds of the document in the address.
    pub async fn document_has(
        &self,
        what: &str,
        holds: impl Fn(&Scenario) -> bool,
    ) -> Fallible<Scenario> {
        self.until(&format!("the document has {what}"), async || {
            let document = self.document().await?;
            Ok(holds(&document).then_some(document))
        })
        .await
    }

    pub async fn find(&self, id: &str) -> Fallible<WebElement> {
        let selector = format!("[data-testid='{id}']");
        let found = self.web.find(By::Css(selector)).await;
        found.map_err(|_| format!("nothing on the page has data-testid=\"{id}\"").into())
    }

    pub async fn click(&self, id: &str) -> Fallible {
        let element = self.find(id).await?;
        let clicked = element.click().await;
        clicked.map_err(|error| format!("{id} cannot be clicked: {error}").into())
    }

    /// Opens the gallery by a click, and waits for what is in it.
    pub async fn open_gallery(&self) -> Fallible {
        self.click("gallery-open").await?;
        self.until("the gallery is open", async || {
            Ok((!self.ids("exhibit-").await?.is_empty()).then_some(()))
        })
        .await
    }

    /// Opens a scenario of the gallery by a click on its card.
    pub async fn open_exhibit(&self, name: &str) -> Fallible {
        self.open_gallery().await?;
        self.click(&format!("exhibit-{name}")).await?;
        self.until(&format!("{name} is on the page"), async || {
            Ok((self.run().await?.scenario == name).then_some(()))
        })
        .await
    }

    pub async fn text(&self, id: &str) -> Fallible<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// The data attributes of an element, empty if it is not there.
    pub async fn data(&self, id: &str) -> Fallible<BTreeMap<String, String>> {
        let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                      return it ? { ...it.dataset } : {};";
        Ok(serde_json::from_value(
            self.script(script, vec![json!(id)]).await?,
        )?)
    }

    /// The ids of all elements whose id starts so, in the order of the page.
    pub async fn ids(&self, prefix: &str) -> Fallible<Vec<String>> {
        let script = "return [...document.querySelectorAll(`[data-testid^='${arguments[0]}']`)]\
                      .map((it) => it.dataset.testid);";
        Ok(serde_json::from_value(
            self.script(script, vec![json!(prefix)]).await?,
        )?)
    }

    /// Sets an input as if it had been dragged or typed to this value.
    pub async fn set(&self, id: &str, value: &str) -> Fallible {
        self.find(id).await?;
        let script = "const it = document.querySelector(`[data-testid='${arguments[0]}']`); \
                      it.focus(); it.value = arguments[1]; \
                      it.dispatchEvent(new Event('input', { bubbles: true })); \
                      it.dispatchEvent(new Event('change', { bubbles: true }));";
        self.script(script, vec![json!(id), json!(value)]).await?;
        Ok(())
    }

    /// Drags the time bar to a moment; the run then stands there.
    pub async fn seek(&self, milliseconds: u64) -> Fallible<RunState> {
        self.set("time", &milliseconds.to_string()).await?;
        self.until(
            &format!("the run stands at {milliseconds} ms"),
            async || {
                let run = self.run().await?;
                Ok((run.time_ns == milliseconds * 1_000_000 && !run.playing).then_some(run))
            },
        )
        .await
    }

    pub async fn play(&self) -> Fallible {
        if !self.run().await?.playing {
            self.click("play").await?;
        }
        self.until("the run plays", async || {
            Ok(self.run().await?.playing.then_some(()))
        })
        .await
    }

    pub async fn pause(&self) -> Fallible<RunState> {
        if self.run().await?.playing {
            self.click("play").await?;
        }
        self.until("the run is paused", async || {
            let run = self.run().await?;
            Ok((!run.playing).then_some(run))
        })
        .await
    }

    /// Plays at full speed until the run has been at this moment, and pauses.
    pub async fn run_past(&self, milliseconds: u64) -> Fallible<RunState> {
        let fastest = self
            .find("speed")
            .await?
            .attr("max")
            .await?
            .unwrap_or_default();
        self.set("speed", &fastest).await?;
        self.play().await?;
        self.until(&format!("the run passes {milliseconds} ms"), async || {
            Ok((self.run().await?.time_ns > milliseconds * 1_000_000).then_some(()))
        })
        .await?;
        self.pause().await
    }

    /// Asks again and again until there is an answer.
    pub async fn until<T>(
        &self,
        what: &str,
        mut ask: impl AsyncFnMut() -> Fallible<Option<T>>,
    ) -> Fallible<T> {
        let started = Instant::now();
        loop {
            if let Some(answer) = ask().await? {
                return Ok(answer);
            }
            if started.elapsed() > PATIENCE {
                let seconds = PATIENCE.as_secs();
                let notice = self.text("notice").await.unwrap_or_default();
                let state = self.data("run").await?;
                return Err(format!(
                    "after {seconds} s it is still not true that {what}; the run is {state:?}; \
                     the page says \"{notice}\""
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    pub async fn script(&self, script: &str, args: Vec<Value>) -> Fallible<Value> {
        Ok(self.web.execute(script, args).await?.json().clone())
    }
}

/// Fails with a sentence unless something holds.
pub fn check(holds: bool, sentence: impl Into<String>) -> Fallible {
    match holds {
        true => Ok(()),
        false => Err(sentence.into().into()),
    }
}
