//! What comes onto the page: a document of the list, a draft of one, an example, or what a link
//! carries; and whether this tab may write to it.

use super::{Claim, Lock, claim, list, now, place_in_tab, tab};
use crate::app::session::Offered;
use crate::editor::shelf::{
    self, Kept, Place, Record, Start, choose, first_example, free_id, free_name,
};
use crate::scenario::link::Standpoint;
use crate::scenario::{self, Example, Scenario, link};

/// How often a document is claimed that this very tab had before it was loaded again.
const CLAIMS_MOST: usize = 4;
const CLAIM_AGAIN_MILLIS: u32 = 120;

/// What comes onto the page.
#[derive(Debug)]
pub struct Found {
    /// The document.
    pub scenario: Scenario,
    /// Its id, in the list or for it.
    pub id: String,
    /// Whether the list has it. A draft comes into the list with its first change.
    pub stored: bool,
    /// When it was changed, as the list has it.
    pub changed: Option<u64>,
    /// Whether it goes to the list at once.
    pub to_store: bool,
    /// The link that it came with.
    pub came_as: String,
    /// The right to write to it.
    pub lock: Option<Lock>,
    /// Where somebody was in it.
    pub place: Option<Place>,
    /// Where the sender of a link was in it.
    pub standpoint: Option<Standpoint>,
    /// A link for which the user is to be asked, because there are documents of one's own.
    pub offered: Option<Offered>,
    /// Something to say, and whether it is trouble.
    pub notice: Option<(String, bool)>,
    /// Whether the address stays as it is until something is changed.
    pub keeps_address: bool,
    /// Why documents cannot be kept, if they cannot.
    pub trouble: Option<String>,
    /// The names that are taken, if they were looked up.
    pub names: Option<Vec<String>>,
}

impl Found {
    fn draft(scenario: Scenario, id: String) -> Self {
        Self {
            scenario,
            id,
            stored: false,
            changed: None,
            to_store: false,
            came_as: String::new(),
            lock: None,
            place: None,
            standpoint: None,
            offered: None,
            notice: None,
            keeps_address: false,
            trouble: None,
            names: None,
        }
    }
}

/// What the page begins with.
pub async fn at_start(fragment: Option<String>) -> Found {
    let (all, trouble) = list().await;
    let start = choose(fragment.as_deref(), tab().as_ref(), &all);
    let mut found = match offered(&start, fragment.as_deref(), &all) {
        None => from(start, fragment.as_deref(), &all, true).await,
        // Behind the question is what would be there without the link.
        offered => {
            let start = choose(None, tab().as_ref(), &all);
            let mut found = from(start, None, &all, true).await;
            found.offered = offered;
            found.keeps_address = true;
            found
        }
    };
    found.trouble = trouble;
    found
}

/// What comes of an address that was put into the page's.
#[derive(Debug)]
pub enum Arrival {
    /// It is there already. A place in it may be another one.
    Here(Option<Standpoint>),
    /// The user is asked first.
    Asks(Offered),
    /// It comes onto the page.
    Comes(Box<Found>),
}

/// What comes of an address that was put into the page's.
pub async fn by_address(fragment: &str, current: &str) -> Arrival {
    let (all, _) = list().await;
    let start = choose(Some(fragment), None, &all);
    if let Start::Kept(record) = start
        && record.id == current
    {
        return Arrival::Here(link::open(fragment).ok().map(|sent| sent.standpoint));
    }
    match offered(&start, Some(fragment), &all) {
        Some(offered) => Arrival::Asks(offered),
        None => Arrival::Comes(Box::new(from(start, Some(fragment), &all, false).await)),
    }
}

/// The scenario of a link as a new document.
pub async fn sent(fragment: &str) -> Option<Found> {
    let (all, _) = list().await;
    let scenario = Box::new(link::decode(fragment).ok()?);
    let mut found = from(Start::Link(scenario), Some(fragment), &all, false).await;
    // Whoever was asked knows.
    found.notice = None;
    tell_of_semantics(&mut found, fragment);
    Some(found)
}

/// The question about a link, if there are documents of one's own.
fn offered(start: &Start<'_>, fragment: Option<&str>, all: &[Kept]) -> Option<Offered> {
    let Start::Link(scenario) = start else {
        return None;
    };
    if all.is_empty() {
        return None;
    }
    let fragment = fragment?.to_owned();
    let moment = link::open(&fragment).ok()?.standpoint.moment;
    let several = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let (nodes, links) = (scenario.topology.nodes.len(), scenario.topology.links.len());
    let mut content = format!("{} and {}", several(nodes, "node"), several(links, "link"));
    if let Some(moment) = moment {
        content += &format!(", at {}", crate::editor::tempo::exact(moment));
    }
    Some(Offered {
        fragment,
        name: scenario.name.clone(),
        content,
    })
}

/// A document of the list.
pub async fn by_id(id: &str) -> Result<Found, String> {
    let (all, trouble) = list().await;
    let kept = all.iter().find(|kept| kept.id == id);
    match kept.map(|kept| &kept.record) {
        Some(Ok(record)) => {
            scenario::read(&record.text).map_err(|problems| first_of(&problems))?;
            Ok(from(Start::Kept(record), None, &all, false).await)
        }
        Some(Err(_)) => Err("it is no document".to_owned()),
        None => Err(trouble.unwrap_or_else(|| "it is gone".to_owned())),
    }
}

/// An example, which is nobody's document until it is changed.
pub async fn example(example: &Example) -> Found {
    own_draft(example.scenario(), &[]).await
}

/// A scenario that comes with the program, as nobody's document until it is changed.
pub async fn copy_of(scenario: Scenario) -> Found {
    let (all, trouble) = list().await;
    let mut found = own_draft(scenario, &all).await;
    found.names = Some(names_of(&all));
    found.trouble = trouble;
    found
}

/// A document that was brought in as a file: a new one of the list, under a free name.
pub async fn brought(mut scenario: Scenario) -> Found {
    let (all, _) = list().await;
    scenario.name = free_name(&scenario.name, all.iter().map(Kept::name));
    let mut found = own_draft(scenario, &all).await;
    found.names = Some(names_of(&all));
    found.to_store = true;
    found
}

/// A new document, empty.
pub async fn fresh() -> Found {
    let (all, _) = list().await;
    let name = free_name("Untitled", all.iter().map(Kept::name));
    let mut found = own_draft(Scenario::new(&name), &all).await;
    found.names = Some(names_of(&all));
    found.to_store = true;
    found
}

async fn from(start: Start<'_>, fragment: Option<&str>, all: &[Kept], first: bool) -> Found {
    let before = if first { tab() } else { None };
    let mut found = match start {
        Start::Kept(record) => of_list(record, all, before.as_ref()).await,
        Start::Example(example) => own_draft(example.scenario(), all).await,
        Start::Draft(scenario) => {
            let mut found = own_draft(*scenario, all).await;
            found.place = place_in_tab();
            found
        }
        Start::Link(scenario) => of_link(*scenario, fragment.unwrap_or_default(), all).await,
        Start::Broken(why) => broken(&why, all).await,
    };
    if let Some(fragment) = fragment {
        let sent = link::open(fragment).ok();
        let standpoint = sent.map(|sent| sent.standpoint);
        found.standpoint = standpoint.filter(|standpoint| !standpoint.is_empty());
        tell_of_semantics(&mut found, fragment);
    }
    found.names = Some(names_of(all));
    found
}

/// Says of a link that was made with another engine that its run may differ.
fn tell_of_semantics(found: &mut Found, fragment: &str) {
    let remark = link::open(fragment).ok().and_then(|sent| sent.remark());
    if let Some(remark) = remark {
        found.notice = Some((remark, false));
    }
}

/// The names that are taken.
pub fn names_of(all: &[Kept]) -> Vec<String> {
    all.iter().map(|kept| kept.name().to_owned()).collect()
}

async fn own_draft(scenario: Scenario, all: &[Kept]) -> Found {
    let mut after = now();
    loop {
        let id = free_id(after, all.iter().map(|kept| &*kept.id));
        if let Claim::Ours(lock) = claim(&id).await {
            let mut found = Found::draft(scenario, id);
            found.lock = lock;
            return found;
        }
        after += 1;
    }
}

async fn of_list(record: &Record, all: &[Kept], before: Option<&shelf::Tab>) -> Found {
    let scenario = match scenario::read(&record.text) {
        Ok(scenario) => scenario,
        Err(problems) => return unreadable(record, &first_of(&problems), all).await,
    };
    let was_here = before.is_some_and(|tab| tab.id == record.id);
    let kept = all.iter().find(|kept| kept.id == record.id);
    let place = kept.and_then(|kept| kept.place);
    // The tab's own memory is written at once, so it is never the older one.
    let place = place_in_tab().filter(|_| was_here).or(place);
    match claim_again(&record.id, was_here).await {
        Claim::Ours(lock) => {
            let mut found = Found::draft(scenario, record.id.clone());
            found.stored = true;
            found.changed = Some(record.changed);
            found.came_as = record.came_as.clone();
            found.lock = lock;
            found.place = place;
            found
        }
        Claim::Elsewhere => {
            let mut copy = scenario;
            copy.name = free_name(&copy.name, all.iter().map(Kept::name));
            let words = format!(
                "This document is open in another tab. You are looking at a copy, “{}”; it is \
                 kept as soon as you change it.",
                copy.name
            );
            let mut found = own_draft(copy, all).await;
            found.place = place;
            found.notice = Some((words, false));
            found
        }
    }
}

/// A page that is loaded again may be there before the browser took the document from the old one.
async fn claim_again(id: &str, patiently: bool) -> Claim {
    let times = if patiently { CLAIMS_MOST } else { 1 };
    for _ in 1..times {
        if let Claim::Ours(lock) = claim(id).await {
            return Claim::Ours(lock);
        }
        pause(CLAIM_AGAIN_MILLIS).await;
    }
    claim(id).await
}

/// Lets so many milliseconds go by.
pub async fn pause(millis: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let timeout = gloo_timers::callback::Timeout::new(millis, move || {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        });
        timeout.forget();
    });
    let _ = js_sys::futures::JsFuture::from(promise).await;
}

async fn of_link(mut scenario: Scenario, fragment: &str, all: &[Kept]) -> Found {
    let sent = scenario.name.clone();
    scenario.name = free_name(&sent, all.iter().map(Kept::name));
    let words = format!(
        "What the link carries is now in your documents as “{}”. Your own are there as before.",
        scenario.name
    );
    let mut found = own_draft(scenario, all).await;
    found.to_store = true;
    found.came_as = fragment.trim_start_matches('#').to_owned();
    found.notice = (!all.is_empty()).then_some((words, false));
    found
}

async fn broken(why: &str, all: &[Kept]) -> Found {
    let words = format!("{why}.");
    if all.is_empty() {
        let words = format!("{words} The link is left as it is; here is an example instead.");
        return instead(words, all).await;
    }
    // What would be there without the link.
    let own = choose(None, tab().as_ref(), all);
    let mut found = match own {
        Start::Kept(record) => of_list(record, all, tab().as_ref()).await,
        _ => instead(String::new(), all).await,
    };
    let words = format!("{words} The link is left as it is, and so are your documents.");
    found.notice = Some((words, true));
    found.keeps_address = true;
    found
}

async fn unreadable(record: &Record, why: &str, all: &[Kept]) -> Found {
    let words = format!(
        "“{}” cannot be read ({why}). It is left as it is: your documents offer it as a file. Here \
         is an example instead.",
        record.name
    );
    instead(words, all).await
}

async fn instead(words: String, all: &[Kept]) -> Found {
    let scenario = match first_example() {
        Start::Example(example) => example.scenario(),
        _ => Scenario::new("Untitled"),
    };
    let mut found = own_draft(scenario, all).await;
    found.notice = Some((words, true));
    found.keeps_address = true;
    found
}

/// The fragment of the page's address, if it is meant for us.
pub fn taken_from(hash: &str) -> Option<String> {
    let fragment = hash.trim_start_matches('#');
    link::is_scenario(fragment).then(|| fragment.to_owned())
}

fn first_of(problems: &[crate::topology::Problem]) -> String {
    problems
        .first()
        .map_or_else(String::new, ToString::to_string)
}
