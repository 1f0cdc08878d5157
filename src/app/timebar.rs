//! The time bar: play, step, speed, where the run is, and what was done by hand.

use leptos::prelude::*;

use super::icons::Icon;
use super::keyed::keyed;
use super::session::use_session;
use crate::app::live::{flag, live};
use crate::editor::panel::MarkChip;
use crate::editor::tempo::{Speed, count, exact, horizon, moment};
use crate::editor::{Action, Reach};
use crate::units::{SimDuration, SimTime};

/// The time bar.
#[component]
pub fn TimeBar() -> impl IntoView {
    view! {
        <footer class="timebar" aria-label="Time">
            <Track />
            <div class="timebar-row">
                <Transport />
                <Clock />
                <SpeedSlider />
                <span class="timebar-space"></span>
                <ReachSwitch />
                <Restarts />
            </div>
        </footer>
    }
}

/// Where the run is, from its start to the horizon, with marks.
#[component]
fn Track() -> impl IntoView {
    let session = use_session();
    let length = Memo::new(move |_| session.readout.with(|readout| horizon(readout.furthest)));
    let part = move |time: SimTime| time.as_secs() / length.get().as_secs() * 100.0;
    let now = move || session.readout.with(|readout| readout.now);
    let aim = move || session.readout.with(|readout| readout.aim);
    let furthest = move || session.readout.with(|readout| readout.furthest);
    let seek = move |event| {
        if let Ok(millis) = event_target_value(&event).parse::<f64>() {
            let nanos = SimDuration::from_nanos_f64(millis * 1e6).nanos();
            session.seek(SimTime::from_nanos(nanos));
        }
    };
    view! {
        <div class="track">
            <div class="track-line" aria-hidden="true">
                <div class="track-known"
                    style:width=live(move || format!("{}%", part(furthest())))></div>
                <div class="track-done" style:width=live(move || format!("{}%", part(aim())))></div>
            </div>
            <Ticks length />
            <input
                class="track-input"
                type="range"
                data-testid="time"
                aria-label="Simulated time"
                aria-valuetext=live(move || moment(now()))
                min="0"
                step="1"
                max=live(move || (length.get().nanos() / 1_000_000).to_string())
                prop:value=live(move || (aim().nanos() / 1_000_000).to_string())
                on:input=seek
            />
            {keyed(
                move || session.marks.get(),
                |mark| format!("{} {} {}", mark.index, mark.at.nanos(), mark.label),
                move |mark| view! { <Mark mark length /> },
            )}
        </div>
    }
}

/// The words along the track.
#[component]
fn Ticks(length: Memo<SimTime>) -> impl IntoView {
    let ticks = move || {
        (0..=4)
            .map(|quarter| {
                let time = SimTime::from_nanos(length.get().nanos() / 4 * quarter);
                let secs = time.nanos() / 1_000_000_000;
                if secs < 60 {
                    format!("{secs} s")
                } else {
                    format!("{}:{:02}", secs / 60, secs % 60)
                }
            })
            .map(|words| view! { <span>{words}</span> })
            .collect_view()
    };
    view! {
        <div class="track-ticks" aria-hidden="true">
            {ticks}
        </div>
    }
}

/// Something that was done by hand: a press takes it back.
#[component]
fn Mark(mark: MarkChip, length: Memo<SimTime>) -> impl IntoView {
    let session = use_session();
    let index = mark.index;
    let words = format!("{} at {}", mark.label, moment(mark.at));
    let label = format!("Take back: {words}");
    let left = move || format!("{}%", mark.at.as_secs() / length.get().as_secs() * 100.0);
    view! {
        <button
            type="button"
            class="mark"
            data-testid=format!("mark-{index}")
            aria-label=label
            style:left=live(left)
            on:click=move |_| session.remove_mark(index)
        >
            <i></i>
            <span class="mark-words">{words}<em>"Click to take back"</em></span>
        </button>
    }
}

#[component]
fn Transport() -> impl IntoView {
    let session = use_session();
    let icon = Signal::derive(move || {
        if session.playing.get() {
            "pause"
        } else {
            "play"
        }
    });
    let words = move || {
        if session.playing.get() {
            "Pause"
        } else {
            "Play"
        }
    };
    view! {
        <div class="transport">
            <button
                type="button"
                class="play"
                data-testid="play"
                aria-pressed=live(move || session.playing.get().to_string())
                aria-label="Play"
                title=live(move || format!("{} (Space)", words()))
                on:click=move |_| session.play_pause()
            >
                <Icon name=icon />
            </button>
            <button
                type="button"
                class="button icon"
                data-testid="step"
                aria-label="Step one trace entry"
                title="Step one trace entry (.)"
                on:click=move |_| session.step()
            >
                <Icon name="step" />
            </button>
        </div>
    }
}

#[component]
fn Clock() -> impl IntoView {
    let session = use_session();
    let now = move || session.readout.with(|readout| readout.now);
    let figure = move || {
        if session.playing.get() {
            moment(now())
        } else {
            exact(now())
        }
    };
    let entries = move || session.readout.with(|readout| count(readout.entries));
    let seed = move || session.readout.with(|readout| readout.seed.to_string());
    let digest = move || {
        session
            .readout
            .with(|readout| format!("{:016x}", readout.digest))
    };
    view! {
        <div class="clock">
            <output class="clock-time" data-testid="sim-time" aria-label="Simulated time">
                {live(figure)}
            </output>
            <span
                class="clock-more"
                title=live(move || format!("The seed fixes all chances. The last number is a \
                    digest of all {} trace entries so far: same scenario, seed and time, same \
                    digest, in every browser.", entries()))
            >
                <span>
                    "seed " <b data-testid="seed">{live(seed)}</b> " · " {live(entries)} " entries"
                </span>
                <code>" · " {live(digest)}</code>
            </span>
        </div>
    }
}

#[component]
fn SpeedSlider() -> impl IntoView {
    let session = use_session();
    let words = move || session.speed.get().words();
    let change = move |event| {
        if let Ok(step) = event_target_value(&event).parse() {
            session.set_speed(Speed::from_step(step));
        }
    };
    view! {
        <label class="speed" title="Simulated time per real second ([ slower, ] faster)">
            <span class="speed-label">"Speed"</span>
            <input
                type="range"
                data-testid="speed"
                aria-label="Speed"
                aria-valuetext=live(words)
                min="0"
                max=Speed::HIGHEST.to_string()
                step="1"
                prop:value=live(move || session.speed.get().step().to_string())
                on:input=change
            />
            <span class="speed-words" data-testid="speed-words">{live(words)}</span>
        </label>
    }
}

#[component]
fn Restarts() -> impl IntoView {
    let session = use_session();
    let no_marks = move || session.marks.with(Vec::is_empty);
    let can_be_start = flag(move || session.facts.with(|facts| Action::MakeStart.applies(facts)));
    view! {
        <div class="restarts">
            <Show when=can_be_start>
                <button
                    type="button"
                    class="button quiet make-start"
                    data-testid="make-start"
                    aria-label="Make this the start"
                    title="Make this the start: what was done by hand becomes the system as drawn"
                    on:click=move |_| {
                        session.perform(Action::MakeStart);
                    }
                >
                    <Icon name="flag" />
                    <span class="widest-only">"Make this the start"</span>
                </button>
            </Show>
            <button
                type="button"
                class="button quiet"
                data-testid="restart-new-seed"
                aria-label="Restart with a new seed"
                title="Restart with a new seed (Shift+R)"
                on:click=move |_| session.restart_new_seed()
            >
                <Icon name="dice" />
                <span class="wide-only">"New seed"</span>
            </button>
            <button
                type="button"
                class="button quiet"
                data-testid="restart"
                aria-label="Restart with the same seed"
                title="Restart with the same seed; marks stay (R)"
                on:click=move |_| session.restart()
            >
                <Icon name="restart" />
                <span class="wide-only">"Restart"</span>
            </button>
            <button
                type="button"
                class="button quiet"
                data-testid="restart-clean"
                aria-label="Restart without marks"
                title="Restart without what was done by hand"
                aria-disabled=live(move || no_marks().to_string())
                on:click=move |_| session.restart_clean()
            >
                <Icon name="broom" />
                <span class="wide-only">"Restart clean"</span>
            </button>
        </div>
    }
}

/// From when on changes hold; a press switches that.
#[component]
fn ReachSwitch() -> impl IntoView {
    let session = use_session();
    let words = move || match session.reach.get() {
        Some(Reach::FromNow) => "from now on",
        Some(Reach::FromStart) => "from the start",
        None => "ask",
    };
    let title = move || {
        let what = match session.reach.get() {
            Some(Reach::FromNow) => {
                "Changes while it runs hold from that moment on, and leave a mark."
            }
            Some(Reach::FromStart) => {
                "Changes while it runs hold from the start on: the run is made again."
            }
            None => "The first change while it runs asks from when on it holds.",
        };
        format!("{what} Press to switch.")
    };
    view! {
        <button
            type="button"
            class="button quiet reach-switch"
            data-testid="reach-switch"
            aria-label=live(move || format!("Changes: {}", words()))
            title=live(title)
            on:click=move |_| {
                session.perform(Action::SwitchReach);
            }
        >
            <Icon name="clock" />
            <span class="widest-only">"Changes: " {live(move || words().to_owned())}</span>
        </button>
    }
}
