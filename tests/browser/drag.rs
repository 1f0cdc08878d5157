//! The cost of a drag: the script that the page runs for each frame while the mouse moves a node
//! among 200 others. It is measured from outside, around the page's own listeners and frames, with
//! a real drag: whatever the page does for one counts.

use serde_json::{Map, Value, json};

use crate::Fallible;
use crate::dense;
use crate::pointer::Spot;
use crate::visit::Visit;

/// Most that a frame of a drag may cost, in the middle of all of them.
pub const GATE_MILLIS: f64 = 8.0;

/// Moves of the drag, and so about as many frames.
const MOVES: u32 = 150;

/// Listens first and last to each move, and stands before and behind each frame that the page asks
/// for. What the page leaves for later within a frame is done before the next of them is called.
const PROBE: &str = "
    const ask = window.requestAnimationFrame.bind(window);
    const probe = window.probe = { frames: [], moves: 0, spent: 0, since: 0 };
    const begin = () => { probe.since = performance.now(); };
    const end = () => { probe.spent += performance.now() - probe.since; };
    window.requestAnimationFrame = (frame) => {
        ask(begin);
        const number = ask(frame);
        ask(end);
        return number;
    };
    window.addEventListener('pointermove', () => { begin(); }, true);
    window.addEventListener('pointermove', () => { end(); probe.moves += 1; });
    const turn = () => {
        if (probe.moves > 0) probe.frames.push(probe.spent);
        probe.moves = 0;
        probe.spent = 0;
        ask(turn);
    };
    ask(turn);";

/// The page with a dense drawing, all of it in sight or its first nodes large enough to be read,
/// and the run standing or playing.
pub async fn measure(visit: &Visit, whole: bool, playing: bool) -> Fallible<Map<String, Value>> {
    let page = &visit.page;
    page.open(&dense::fragment()?).await?;
    page.until("messages travel between all nodes", async || {
        Ok((page.run().await?.time_ns > 3_000_000_000).then_some(()))
    })
    .await?;
    if !playing {
        page.pause().await?;
    }
    if !whole {
        zoom_in(visit).await?;
    }
    page.script(PROBE, vec![]).await?;
    let (from, to) = way_of_a_node(visit).await?;
    page.drag_in(MOVES, &[], from, to).await?;
    let mut frames: Vec<f64> =
        serde_json::from_value(page.script("return window.probe.frames;", vec![]).await?)?;
    if frames.len() < 30 {
        return Err(format!("the drag took only {} frames", frames.len()).into());
    }
    frames.sort_by(f64::total_cmp);
    let at = |share: f64| frames[((frames.len() - 1) as f64 * share) as usize];
    let outcome = json!({
        "script_ms_median": at(0.5),
        "script_ms_p95": at(0.95),
        "frames": frames.len(),
    });
    Ok(outcome.as_object().cloned().unwrap_or_default())
}

/// Turns the wheel until words on the cards can be read.
async fn zoom_in(visit: &Visit) -> Fallible {
    let page = &visit.page;
    let at = page.spot("canvas").await?;
    page.wheel(&[thirtyfour::Key::Control], at, 0, -360).await?;
    page.until("the picture is larger", async || {
        let script = "return document.querySelector('.node-button')\
                      .getBoundingClientRect().width > 80;";
        if page.script(script, vec![]).await? == true {
            return Ok(Some(()));
        }
        page.wheel(&[thirtyfour::Key::Control], at, 0, -120).await?;
        Ok(None)
    })
    .await
}

/// Where a node near the middle of the screen is, and a place around it that it is dragged to.
async fn way_of_a_node(visit: &Visit) -> Fallible<(Spot, Spot)> {
    let middle = visit.page.spot("canvas").await?;
    let script = "const [x, y] = arguments; \
        const spots = [...document.querySelectorAll('.node-button')].map((it) => { \
            const { left, top, width, height } = it.getBoundingClientRect(); \
            return [left + width / 2, top + height / 2]; }); \
        const far = (it) => Math.hypot(it[0] - x, it[1] - y); \
        return spots.sort((a, b) => far(a) - far(b))[0];";
    let found = visit
        .page
        .script(script, vec![json!(middle.x), json!(middle.y)])
        .await?;
    let (x, y) = serde_json::from_value(found)?;
    let from = Spot { x, y };
    Ok((from, from.by(180.0, 130.0)))
}
